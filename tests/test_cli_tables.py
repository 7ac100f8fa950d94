"""The command line on tables: Parquet, folders, patterns, bins, and what is said of them."""

import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import mitheory as mt
from mitheory.cli import app


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    for part in range(2):
        age = rng.uniform(0, 80, 200)
        table = {
            "age": age,
            "sex": rng.choice(["f", "m"], 200),
            "ill": age + rng.normal(size=200) > 40,
        }
        (tmp_path / "data").mkdir(exist_ok=True)
        pq.write_table(pa.table(table), tmp_path / "data" / f"part-{part}.parquet")
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "mitheory", *arguments], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("source", ["data", "data/*.parquet"])
def test_folders_and_patterns_of_parquet(folder, source):
    found = json.loads(run("estimate", source, "--columns", "sex", "--label", "ill", "--json"))
    table = mt.count_table(source, ["sex"], label="ill")
    assert found["n"] == table.n == 400
    assert found["information"] == mt.mutual_information(table)
    assert "bins" not in found


def test_bins_are_made_and_said(folder):
    for verb, how in [("estimate", "frequency:4"), ("certify", "edges:0,20,50,80")]:
        arguments = [verb, "data", "--label", "ill", "--bins", f"age={how}"]
        (binning,) = mt.count_table("data", label="ill", bins={"age": how}).binnings
        shown = run(*arguments)
        assert str(binning) in shown
        assert "What is said of a binned column is about its bins" in shown
        assert json.loads(run(*arguments, "--json"))["bins"] == [str(binning)]


def test_several_bins_and_cells(folder):
    table = {"x": np.arange(50) / 2, "y": np.arange(50) ** 0.5, "k": np.arange(50) % 2}
    pq.write_table(pa.table(table), folder / "t.parquet")
    bins = ["--bins", "x=3", "--bins", "y=edges:0,2,9"]
    found = json.loads(run("estimate", "t.parquet", *bins, "--columns", "x,y", "--json"))
    assert [text.partition(":")[0] for text in found["bins"]] == ["x", "y"]
    bins = ["--bins", "x,y=cells:4"]
    found = json.loads(run("estimate", "t.parquet", "--label", "k", *bins, "--json"))
    assert found["bins"][0].startswith("x, y: 4 cells")
    bins = ["--bins", "x=values", "--bins", "y=values", "--method", "jackknife"]
    with pytest.warns(mt.RegimeWarning):
        found = json.loads(run("estimate", "t.parquet", *bins, "--json"))
    assert "bins" not in found


def test_missing_values_of_parquet(folder):
    pq.write_table(pa.table({"a": ["x", None], "b": [1, 2]}), folder / "t.parquet")
    message = refused("estimate", "t.parquet")
    assert "column 'a' must not have missing values; 1 of the 2 rows of t.parquet have" in message
    assert "--missing symbol" in message
    pq.write_table(pa.table({"a": ["x", None] * 50}), folder / "t.parquet")
    found = json.loads(run("estimate", "t.parquet", "--missing", "symbol", "--json"))
    assert found["entropy"] == pytest.approx(np.log(2))


def test_refusals_are_one_line(folder):
    message = refused("estimate", "data")
    assert "column 'age' is continuous (DOUBLE, for example" in message
    assert "--bins age=10" in message
    assert "COLUMN=HOW" in refused("estimate", "data", "--bins", "age")
    assert "no file matches the pattern 'no*'" in refused("estimate", "no*")
    assert "memory_limit must be an amount" in refused("estimate", "data", "--memory-limit", "much")
    rows = pa.table({"a": np.arange(300_000), "b": np.arange(300_000)[::-1]})
    pq.write_table(rows, folder / "t.parquet")
    message = refused("estimate", "t.parquet", "--memory-limit", "1MB")
    assert "takes more memory or temporary disk than there is: raise memory_limit" in message
