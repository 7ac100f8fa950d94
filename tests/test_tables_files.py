"""Tables in files: which files a source means, and that both readers of text agree."""

import gzip
import os
import subprocess
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mitheory as mt
from mitheory import terminal
from mitheory.tables import duck, text

NAMES = [
    "a*b.parquet",
    "a?.parquet",
    "[ab].parquet",
    "[!x].parquet",
    "[].parquet",
    'it\'s; DROP TABLE "t"; --\n.parquet',
    "100%s {0} $1 ?.parquet",
    "back\\slash.parquet",
    "é.parquet",
    "**.parquet",
    "year=2024.parquet",
    "http:x.parquet",
]


def write_parquet(path, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def test_hostile_names_of_files_mean_themselves(tmp_path):
    for number, name in enumerate(NAMES):
        write_parquet(tmp_path / name, v=[number] * (number + 1))
    for number, name in enumerate(NAMES):
        counts = mt.count_table(tmp_path / name)
        assert counts.names == ("v",)
        assert counts.symbols[0].tolist() == [number]
        assert counts.n == number + 1
    hostile = tmp_path / "x'y\"; *.csv"
    hostile.write_text("a,b\n1,2\n")
    assert mt.count_table(hostile).n == 1


def test_folders_and_patterns(tmp_path):
    write_parquet(tmp_path / "one.parquet", v=[1])
    write_parquet(tmp_path / "deep" / "er" / "two.pq", v=[2, 2])
    write_parquet(tmp_path / "_temporary" / "half.parquet", v=[9])
    write_parquet(tmp_path / ".hidden.parquet", v=[9])
    (tmp_path / "README.md").write_text("about")
    assert mt.count_table(tmp_path).counts.tolist() == [1, 2]
    assert mt.count_table(str(tmp_path / "*.parquet")).counts.tolist() == [1]
    assert mt.count_table(str(tmp_path / "d*" / "**" / "*.p*")).counts.tolist() == [2]
    (tmp_path / "t.csv").write_text("v\n1\n")
    with pytest.raises(ValueError, match=r"must be of one kind; .* has text and Parquet files"):
        mt.count_table(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no file matches the pattern '.*/none\*'"):
        mt.count_table(str(tmp_path / "none*"))
    with pytest.raises(ValueError, match=r"must be a .* file; got 'README\.md'"):
        mt.count_table(str(tmp_path / "R*"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=r"the folder '.*empty' holds no \.csv"):
        mt.count_table(tmp_path / "empty")


def test_names_that_differ_in_case_alone_or_are_empty(tmp_path):
    """DuckDB takes them for one another, and has names of its own for them."""
    rows = pa.table({"A": [1, 1], "a": [2, 3], "": [4, 4]})
    pq.write_table(rows, tmp_path / "one.parquet")
    pq.write_table(rows.select([1, 2, 0]), tmp_path / "two.parquet")
    for source in (rows, rows.to_reader(), tmp_path / "one.parquet", tmp_path):
        files = 2 if source == tmp_path else 1
        counts = mt.count_table(source, ["", "a", "A"])
        assert counts.names == ("", "a", "A")
        assert [s.tolist() for s in counts.symbols] == [[4], [2, 3], [1]]
        assert counts.counts.tolist() == [files, files]
    bins = mt.count_table(tmp_path, ["A", "a"], bins={"a": [2, 2.5, 3]})
    assert bins.counts.tolist() == [2, 2]
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(ValueError, match="the Arrow data must name each column once; 'a' is"):
        mt.count_table(twice)


def test_parquet_files_counted_together_have_the_same_columns(tmp_path):
    def folder(name, *tables):
        for number, columns in enumerate(tables):
            write_parquet(tmp_path / name / f"{number}.parquet", **columns)
        return tmp_path / name

    # DuckDB would round the floats of the second file to the integers of the first
    mixed = folder("mixed", {"v": [1, 2]}, {"v": [1.5]})
    with pytest.raises(ValueError, match=r"one type; 'v' is int64 in 0\.parquet and double in 1"):
        mt.count_table(mixed)
    with pytest.raises(ValueError, match=r"same columns; 1\.parquet has 'w' and 0\.parquet has n"):
        mt.count_table(folder("more", {"v": [1]}, {"v": [1], "w": [1]}))
    with pytest.raises(ValueError, match=r"same columns; 0\.parquet has 'w' and 1\.parquet has n"):
        mt.count_table(folder("less", {"v": [1], "w": [1]}, {"v": [1]}))
    narrow, wide = pa.array([1], pa.int8()), pa.array([2**63 + 1], pa.uint64())
    counts = mt.count_table(folder("wider", {"v": narrow}, {"v": wide}, {"v": pa.array([-1])}))
    assert counts.symbols[0].tolist() == [-1, 1, 2**63 + 1]
    words = pa.array(["a", "b"])
    counts = mt.count_table(folder("words", {"v": words}, {"v": words.dictionary_encode()}))
    assert counts.counts.tolist() == [2, 2]
    absent = folder("absent", {"v": pa.nulls(2)}, {"v": [5]})
    counts = mt.count_table(absent, missing="symbol")
    assert counts.symbols[0].tolist() == [5, None]


def test_folders_that_are_partitions_make_columns(tmp_path):
    for year, values in [("2023", [1, 2]), ("2024", [2])]:
        write_parquet(tmp_path / "in=x" / f"year={year}" / "part.parquet", v=values)
    counts = mt.count_table(tmp_path / "in=x")
    assert counts.names == ("v", "year")
    assert counts.symbols[1].tolist() == [2023, 2024]
    assert mt.count_table(str(tmp_path / "in=x" / "year=*" / "*")).names == ("v", "year")
    assert mt.count_table(tmp_path / "in=x" / "year=2023" / "part.parquet").names == ("v",)


def test_text_files_of_one_header(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("x,y\n1,u\n2,v\n")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"x,y\n2,v\n"))
    counts = mt.count_table(tmp_path)
    assert counts.counts.tolist() == [1, 2]
    (tmp_path / "b.tsv").write_text("x\ty\n3\tv,w\n")
    monkeypatch.setattr(text, "_LARGE", 0)
    assert mt.count_table(tmp_path).counts.tolist() == [1, 2, 1]
    (tmp_path / "b.tsv").unlink()
    assert mt.count_table(tmp_path) == counts
    (tmp_path / "c.csv").write_text("x,z\n1,u\n")
    with pytest.raises(ValueError, match=r"one header; c\.csv has another than a\.csv"):
        mt.count_table(tmp_path)


def test_damaged_files(tmp_path):
    damaged = tmp_path / "t.parquet"
    damaged.write_bytes(b"PAR1 no parquet PAR1")
    with pytest.raises((ValueError, OSError), match=r"t\.parquet cannot be read: "):
        mt.count_table(damaged)
    write_parquet(damaged, v=list(range(5000)))
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises((ValueError, OSError), match=r"t\.parquet cannot be read: "):
        mt.count_table(damaged)
    damaged.write_bytes(whole[:2000] + bytes(3000) + whole[5000:])
    with pytest.raises((ValueError, OSError), match=r"t\.parquet cannot be read: "):
        mt.count_table(damaged)
    zipped = tmp_path / "t.csv.gz"
    zipped.write_bytes(gzip.compress(b"a,b\n" + os.urandom(2000).hex().encode())[:-900])
    with pytest.raises(ValueError, match=r"t\.csv\.gz is not well-formed"):
        mt.count_table(zipped)
    zipped.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"t\.csv\.gz is not well-formed"):
        mt.count_table(zipped)


def test_empty_tables_and_unknown_columns(tmp_path):
    write_parquet(tmp_path / "t.parquet", v=pa.array([], pa.int64()), x=pa.array([], pa.float64()))
    with pytest.raises(ValueError, match=r"t\.parquet must hold at least one row; it has none"):
        mt.count_table(tmp_path / "t.parquet", ["v"])
    with pytest.raises(ValueError, match=r"bins need values to be placed by; those of 'x' are all"):
        mt.count_table(tmp_path / "t.parquet", bins={"x": 2})
    with pytest.raises(ValueError, match=r"unknown column of t\.parquet 'V'; did you mean v|known"):
        mt.count_table(tmp_path / "t.parquet", ["V"])
    with pytest.raises(ValueError, match="unknown column 'y'"):
        mt.count_table(tmp_path / "t.parquet", ["v"], bins={"y": 2})
    with pytest.raises(ValueError, match="columns must name at least one column"):
        mt.count_table(tmp_path / "t.parquet", [])
    with pytest.raises(TypeError, match=r"columns must be a list of names; got 'v'"):
        mt.count_table(tmp_path / "t.parquet", "v")
    for source in (7, [1, 2], None, {"a": [1]}):
        with pytest.raises(TypeError, match="source must be a path, a data frame, Arrow data or"):
            mt.count_table(source)
    for limit in ("much", "-1GB", "2 bananas", 7):
        with pytest.raises(ValueError, match="memory_limit must be an amount, as '2GB'"):
            mt.count_table(tmp_path / "t.parquet", memory_limit=limit)
    with pytest.raises(TypeError, match="progress must be True or False"):
        mt.count_table(tmp_path / "t.parquet", progress="yes")


def test_too_little_memory_is_said(tmp_path):
    write_parquet(tmp_path / "t.parquet", v=np.arange(200_000), w=np.arange(200_000)[::-1])
    with pytest.raises(MemoryError, match=r"grouping t\.parquet takes more .* raise memory_limit"):
        mt.count_table(tmp_path / "t.parquet", memory_limit="1MB")


def test_temporary_files_go_where_they_should_and_vanish(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with duck.engine("1GB") as connection:
        (folder,) = connection.execute("SELECT current_setting('temp_directory')").fetchone()
        assert os.path.dirname(folder) == str(tmp_path)
        limit = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        assert limit == ("953.6 MiB",)
    assert list(tmp_path.iterdir()) == []


FIELD = st.text(st.sampled_from(list("ab1 .\t'#\\é")), max_size=3) | st.sampled_from(["nan", "1.5"])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from([",", "\t"]),
)
def test_both_readers_of_text_agree(tmp_path_factory, rows, end, quotes, delimiter):
    folder = tmp_path_factory.mktemp("text")
    path = folder / ("t.csv" if delimiter == "," else "t.tsv")
    mark = '"' if quotes else ""
    if not quotes:
        rows = [[field.replace("\t", "") for field in row] for row in rows]
    lines = [
        delimiter.join(mark + field + mark for field in row) for row in [["p", "q", "r"], *rows]
    ]
    path.write_bytes(end.join(lines).encode())
    bins = dict.fromkeys("pqr", "values")
    small = mt.count_table(path, missing="symbol", bins=bins)
    header = text._header(path)
    _, counts = duck.group_text([path], delimiter, range(len(header)), len(header), "1GB", print_no)
    assert counts.sum() == len(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_LARGE", 0)
        assert mt.count_table(path, missing="symbol", bins=bins) == small


def print_no(share):
    """A report of progress that nobody reads."""


@pytest.mark.parametrize(
    "content",
    [
        'a,b\n1, "2"\n',
        'a,b\n1, "2,3\n',
        'a,b\n"x"y,2\n',
        'a,b\n"x" ,2\n',
        'a,b\n"x\ny",2\n',
        '"a\nc",b\n1,2\n',
        '"a\n""c",b\n1,2\n',
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        'a,b\n1,"2\n',
        "a,b\n\n1,2\n\n",
        "a,b\r\n1,2\n3,4\r\n",
        "a,b\n1,2\r3,4\n",
        "a,b\n  \n1,2\n",
        'a,b\n1,\n,""\n',
        'a\n1\n\n""\n2\n',
        "\ufeffa,b\n1,2\n",
        "a,b\n#1,2\n",
        "a,b\n1,2\0\n",
        'a,b\n1,\u00a0"2"\n',
        'a,b\n1,x"y"\n',
        'a,b\n1,"x""y"\n',
        "a,b\n",
        "a,b\n" + "1,2\n" * 3000 + "1," + "x" * 3_000_000 + "\n",
    ],
)
def test_a_large_file_counts_or_is_refused_as_a_small_one(content, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text(content, newline="")
    results = []
    for large in (2**26, 0):
        monkeypatch.setattr(text, "_LARGE", large)
        try:
            results.append(mt.count_table(path, missing="symbol"))
        except ValueError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_large_text_is_counted_by_duckdb_and_progress_is_told(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x,1.5\ny,2.5\n" * 20_000)
    direct = mt.count_table(path, bins={"b": 2})
    told = []
    monkeypatch.setattr(text, "_group", None)
    with pytest.raises(TypeError):
        mt.count_table(path, bins={"b": 2})
    monkeypatch.undo()
    monkeypatch.setattr(text, "_LARGE", 0)
    monkeypatch.setattr(text, "_rows", None)
    assert mt.count_table(path, bins={"b": 2}) == direct
    assert direct.n == 40_000
    monkeypatch.undo()

    class Bar:
        def __init__(self, task, steps):
            told.append(task)
            assert steps == 100

        def __enter__(self):
            return told.append

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(terminal, "progress_bar", Bar)
    mt.count_table(path, ["a"], progress=True)
    assert told[0] == "counting t.csv"
    assert all(0 <= share <= 100 for share in told[1:])
    assert max(told[1:]) > 90


INTERRUPTS = [duckdb.InterruptException("Interrupted!"), RuntimeError("Query interrupted")]


@pytest.mark.parametrize("error", INTERRUPTS, ids=str)
def test_an_interrupted_query_is_an_interrupt(error):
    with pytest.raises(KeyboardInterrupt), duck._explained("t"):
        raise error
    with pytest.raises(RuntimeError, match="other"), duck._explained("t"):
        raise RuntimeError("other")


def test_a_bar_follows_duckdb(tmp_path, monkeypatch):
    write_parquet(tmp_path / "t.parquet", v=np.arange(100) % 3)
    monkeypatch.setattr(duck, "_POLL", 1e-4)
    assert mt.count_table(tmp_path / "t.parquet", progress=True).n == 100


def test_without_the_engines_text_counts_and_others_say_what_to_install(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    write_parquet(tmp_path / "t.parquet", v=[1])
    program = """
import sys
for name in ("duckdb", "pyarrow", "pandas", "polars", "dask", "sqlalchemy", "psycopg"):
    sys.modules[name] = None
import mitheory as mt, sqlite3
from mitheory.tables import text
text._LARGE = 0
assert mt.count_table("t.csv").n == 1
connection = sqlite3.connect(":memory:")
assert mt.count_table(connection, query="SELECT 1 AS a").n == 1
try:
    mt.count_table("t.parquet")
except ImportError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert "this kind of table needs duckdb, which is not installed" in done.stdout, done.stderr
    assert "pip install 'mitheory[tables]'" in done.stdout


def test_a_closed_connection_to_duckdb():
    connection = duckdb.connect()
    connection.close()
    with pytest.raises(ValueError, match=r"cannot be read: .*closed"):
        mt.count_table(connection, query="t")
    connection = duckdb.connect()
    for query in ("DROP TABLE t", "SELECT 1 AS a; DROP TABLE t", "t; --"):
        with pytest.raises(ValueError, match=r"cannot be read|one SELECT"):
            mt.count_table(connection, query=query)
