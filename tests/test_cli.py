"""The command line as a stranger uses it: what it prints, and one line for each mistake."""

import json
import math
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import mitheory as mt
from mitheory import cli

ROOT = Path(__file__).resolve().parents[1]
TITANIC = str(ROOT / "validation" / "data" / "titanic.csv")


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line in this process: exit code, standard output, standard error."""

    def call(*arguments, columns="120"):
        monkeypatch.setattr(sys, "argv", ["mitheory", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit) as stop:
            cli.main()
        written = capsys.readouterr()
        return stop.value.code, written.out, written.err

    return call


def test_certify_titanic(run):
    code, out, err = run("certify", TITANIC, "--label", "survived")
    assert (code, err) == (0, "")
    assert "n = 2201" in out
    for plugin in ("0.629136", "0.476487", "0.152649", "0.209450"):
        assert plugin in out
    low, high, guess = map(
        float,
        re.search(
            r"below (\d\.\d+) \(certified\); .* at most (\d\.\d+) \(certified\); .* is (\d\.\d+)\.",
            out,
        ).groups(),
    )
    assert 0.18 < low < guess < high < 0.26


def test_certify_json_is_the_api(run):
    code, out, _ = run("certify", TITANIC, "--label", "survived", "--json", "--simultaneous")
    record = json.loads(out)
    table = mt.count_table(TITANIC, label="survived")
    result = mt.certify(table, simultaneous=True)
    assert code == 0
    assert record["bayes_error"]["upper"] == result.bayes_error.upper
    assert record["information"]["lower"] == result.information.lower
    bits = json.loads(run("certify", TITANIC, "--label", "survived", "--json", "--unit", "bit")[1])
    assert bits["label_entropy"]["value"] == pytest.approx(0.629136 / 0.693147, rel=1e-5)
    assert bits["unit"] == "bit"


def test_certify_explains_itself(run):
    _, out, _ = run("certify", TITANIC, "--label", "survived", "--explain", "--columns", "sex")
    assert "X = sex" in out
    assert "risk 0.025 each end" in out


def test_estimate(run):
    code, out, _ = run("estimate", TITANIC, "--label", "survived")
    assert code == 0
    assert "I(class, sex, age ; survived)" in out
    assert "0.152649" in out
    record = json.loads(
        run("estimate", TITANIC, "--columns", "sex", "--method", "grassberger", "--json")[1]
    )
    counts = mt.count_table(TITANIC, ["sex"])
    assert record == {
        "n": 2201,
        "method": "grassberger",
        "unit": "nat",
        "entropy": mt.entropy(counts, "grassberger"),
    }


def test_estimate_takes_alphabets(run):
    record = json.loads(
        run(
            "estimate",
            TITANIC,
            "--label",
            "survived",
            "--method",
            "nsb",
            "--alphabet",
            "16,2",
            "--json",
        )[1]
    )
    table = mt.count_table(TITANIC, label="survived")
    assert record["information"] == mt.mutual_information(table, method="nsb", alphabet=(16, 2))
    assert record["conditional_entropy"] == mt.conditional_entropy(table, "nsb", alphabet=(16, 2))
    assert record["label_entropy"] == mt.entropy(table.marginal(-1), "nsb", alphabet=2)
    record = json.loads(
        run(
            "estimate",
            TITANIC,
            "--columns",
            "sex,age",
            "--method",
            "nsb",
            "--alphabet",
            "1e6",
            "--json",
        )[1]
    )
    pairs = mt.count_table(TITANIC, ["sex", "age"])
    assert record["entropy"] == mt.entropy(pairs, "nsb", alphabet=10**6)


def test_negative_information_is_explained(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + 5 * "a,0\na,1\nb,0\nb,1\n")
    _, out, _ = run("estimate", path, "--label", "y", "--method", "miller_madow")
    assert "The information is negative" in out


def test_a_warning_is_one_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x\na\nb\nc\n")
    command = [sys.executable, "-c", "from mitheory.cli import main; main()"]
    run = subprocess.run([*command, "estimate", str(path)], capture_output=True, text=True)
    assert run.returncode == 0
    assert run.stderr.startswith("mitheory: warning: plugin is outside its regime")
    assert run.stderr.count("\n") == 1
    path.write_text("x,y\na,u\nb,v\nc,w\n")
    run = subprocess.run(
        [*command, "estimate", str(path), "--label", "y"], capture_output=True, text=True
    )
    assert "for H(X): " in run.stderr
    assert "for H(X,Y): " in run.stderr
    assert run.stderr.count("\n") == 1


def test_bound(run):
    _, out, _ = run("bound")
    for name in mt.BOUNDS:
        assert name in out
    _, out, _ = run("bound", "fano", "H=2", "M=10")
    assert f"{mt.BOUNDS['fano'].least('p', H=2, M=10):.12g}" in out
    record = json.loads(run("bound", "fano", "p=0.1", "M=10", "H=0.2", "--json")[1])
    assert record["slack"] == pytest.approx(mt.BOUNDS["fano"].value(p=0.1, M=10, H=0.2))
    record = json.loads(
        run("bound", "--conditional-entropy", "0.5", "--unit", "bit", "--classes", "2", "--json")[1]
    )
    assert record["lower"] == pytest.approx(0.1100278644)  # h2(0.1100278644) = 1/2 bit
    assert record["upper"] == pytest.approx(0.25)
    law = ("--prior", "0.6,0.2,0.1,0.1")
    _, out, _ = run("bound", "--information", "0.1", *law)
    assert "any classifier" in out
    assert "known_prior, envelope" in out or "known_prior, guessing" in out
    record = json.loads(run("bound", "--information", "0", *law, "--list-size", "2", "--json")[1])
    assert record["upper"] == pytest.approx(0.2)
    record = json.loads(run("bound", "known_prior", "p=0.25", "P=0.5,0.3,0.2", "--json")[1])
    assert record["greatest"] == pytest.approx(0.7356219397587946776)
    assert record["P"] == [0.5, 0.3, 0.2]


@pytest.mark.parametrize("name", ["fano", "envelope", "gaussian_sharp_upper"])
def test_a_named_bound_in_bits(run, name):
    known = {"fano": {"M": 10}, "envelope": {}}.get(name, {})
    rest = [f"{k}={v}" for k, v in known.items()]
    ln2 = math.log(2)

    def ends(*arguments):
        return json.loads(run("bound", name, *rest, *arguments, "--unit", "bit", "--json")[1])

    p = mt.BOUNDS[name].greatest("p", H=ln2, **known)
    assert ends("H=1")["greatest"] == pytest.approx(p)
    assert ends("p=0.3")["least"] == pytest.approx(mt.BOUNDS[name].least("H", p=0.3, **known) / ln2)
    slack = mt.BOUNDS[name].value(H=ln2, p=0.3, **known)
    assert ends("p=0.3", "H=1")["slack"] == pytest.approx(slack / ln2)
    assert ends("p=0.3", "H=1")["H"] == 1  # as it was given
    assert "(entropies in bits)" in run("bound", name, *rest, "H=1", "--unit", "bit")[1]


def test_an_end_without_a_limit(run):
    assert json.loads(run("bound", "envelope", "p=0.5", "--json")[1])["greatest"] is None
    assert "greatest H is unbounded" in run("bound", "envelope", "p=0.5")[1]


def test_bounds_from_a_prior_alone(run):
    record = json.loads(run("bound", "--prior", "0.7,0.3", "--json", "--unit", "bit")[1])
    assert record["upper"] == pytest.approx(0.3)
    entropy = -(0.7 * math.log2(0.7) + 0.3 * math.log2(0.3))
    assert record["conditional_entropy"] == [0, pytest.approx(entropy)]


def test_certify_does_not_call_nothing_a_success(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{k / 7:.3f},{k % 2}\n" for k in range(40)))
    arguments = ["certify", path, "--label", "y", "--bins", "x=values"]
    code, out, _ = run(*arguments)
    assert code == 0
    assert "Beware: no value of X repeats" in out
    assert "bin or quantise" in out
    assert "No classifier" not in out
    assert "plug-in guess" not in out
    assert "no value" in json.loads(run(*arguments, "--json")[1])["remark"]


@pytest.mark.parametrize("width", ["40", "20"])
def test_numbers_are_whole_in_narrow_terminals(run, width):
    _, wide, _ = run("certify", TITANIC, "--label", "survived")
    numbers = re.findall(r"\d\.\d{6}", wide)
    _, narrow, _ = run("certify", TITANIC, "--label", "survived", columns=width)
    assert len(numbers) == 15
    assert re.findall(r"\d\.\d{6}", narrow) == numbers
    assert "…" not in narrow
    _, narrow, _ = run("samples", "--error", "0.1", "--classes", "10", columns=width)
    assert f"{mt.samples_needed(error=0.1, classes=10).n:,}" in narrow
    assert "…" not in narrow


def test_version(run):
    assert run("--version") == (0, f"mitheory {mt.__version__}\n", "")


def test_as_a_module():
    command = [sys.executable, "-m", "mitheory"]
    assert subprocess.check_output([*command, "--version"], text=True).startswith("mitheory 0")
    code = (
        "import sys, runpy; sys.modules['typer'] = None\n"
        "runpy.run_module('mitheory', run_name='__main__')"
    )
    bare = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert bare.returncode == 2
    assert bare.stderr == (
        "mitheory: the command line needs typer and rich: pip install 'mitheory[cli]'\n"
    )


def test_the_entry_point_is_the_one_that_needs_nothing():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"mitheory": "mitheory.__main__:main"}


def test_the_traceback_can_be_seen(run, monkeypatch):
    monkeypatch.setenv("MITHEORY_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["mitheory", "bound", "fano", "H=9", "M=10"])
    with pytest.raises(ValueError, match="H must be at most"):
        cli.main()
    monkeypatch.delenv("MITHEORY_DEBUG")
    assert "MITHEORY_DEBUG=1" in run("--help")[1]


def test_samples(run):
    _, out, _ = run("samples", "--error", "0.1", "--classes", "10")
    plan = mt.samples_needed(error=0.1, classes=10)
    assert f"{plan.n:,}" in out
    record = json.loads(run("samples", "--error", "0.1", "--classes", "10", "--json")[1])
    assert record["n"] == plan.n
    shorter = json.loads(
        run("samples", "--error", "0.1", "--classes", "10", "--unit", "bit", "--json")[1]
    )
    assert shorter["n"] > plan.n


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_derive(run, form):
    code, out, _ = run("derive", "fano", "--form", form)
    assert code == 0
    assert out.strip() == getattr(mt.BOUNDS["fano"].derivation(), f"to_{form}")().strip()


def test_samples_the_other_way(run):
    arguments = ("--classes", "2", "--quantity", "conditional_entropy", "--alphabet", "14")
    code, out, _ = run("samples", "--samples", "2201", *arguments)
    plan = mt.error_at("conditional_entropy", n=2201, classes=2, alphabet=14)
    assert code == 0
    assert f"to within {plan.error:.4g} nat" in out
    record = json.loads(run("samples", "--samples", "2201", *arguments, "--json")[1])
    assert record["error"] == pytest.approx(plan.error, rel=1e-12)


def test_samples_shows_shifts_and_what_has_no_number(run):
    arguments = ("--error", "0.1", "--classes", "2", "--quantity", "information", "--alphabet", "3")
    out = run("samples", *arguments)[1]
    assert "(shift" in out
    assert "yi2022milc" in out
    nats, bits = (
        json.loads(run("samples", *arguments, "--json", "--unit", unit)[1])
        for unit in ("nat", "bit")
    )
    assert nats["excluded"]["exact_binomial"]
    for record in (nats, bits):
        record["by_name"] = {route["name"]: route for route in record["routes"]}
    centred = mt.samples_needed(
        "information", error=0.1 * np.log(2), classes=2, alphabet=3, method="centred_chernoff"
    ).routes[0]
    in_bits = bits["by_name"]["centred_chernoff"]
    assert in_bits["n"] == centred.n > nats["by_name"]["centred_chernoff"]["n"]
    assert in_bits["shift"] == pytest.approx(centred.shift / np.log(2), rel=1e-9)


@pytest.fixture
def predictions(tmp_path):
    """A CSV file of 300 predictions of three named classes, and its arrays."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet([0.5, 0.5, 0.5], size=300)
    y = np.array([rng.choice(3, p=row) for row in p])
    names = ("cat", "dog", "eel")
    rows = [f"{names[a]},{','.join(map(repr, map(float, b)))}" for a, b in zip(y, p, strict=True)]
    path = tmp_path / "predictions.csv"
    path.write_text("\n".join(["label,cat,dog,eel", *rows]))
    return path, y, p


def test_audit(run, predictions, tmp_path):
    path, y, p = predictions
    code, out, err = run("audit", path, "--figure", tmp_path / "audit.png", "--explain")
    assert (code, err) == (0, "")
    found = mt.audit(y, p)
    for item in (found.error, found.conditional_entropy, found.bayes_error):
        assert f"{item.upper:.6f}" in out
    assert "3 classes (cat, dog, eel)" in out
    assert "another classifier, not tried, may do better" in out
    assert "Bayes error: at most this classifier's error" in out
    assert (tmp_path / "audit.png").stat().st_size > 5000


@pytest.mark.parametrize(("errors", "negative"), [(20, False), (100, True)])
def test_an_audit_says_where_an_overconfident_classifier_stands(run, tmp_path, errors, negative):
    y = np.arange(400) % 2
    p = np.full((400, 2), 1e-4)
    p[np.arange(400), np.where(np.arange(400) < errors, 1 - y, y)] = 1 - 1e-4
    np.savez(tmp_path / "p.npz", labels=y, probabilities=p)
    out = run("audit", tmp_path / "p.npz")[1]
    # an error that what was learned would not allow
    assert f"its own is {errors / 400:.4f}, below that: there is more." in out
    assert ("The information learned is negative" in out) == negative


def test_audit_json_is_the_api(run, predictions):
    path, y, p = predictions
    record = json.loads(run("audit", path, "--json", "--unit", "bit", "--level", "0.9")[1])
    found = mt.audit(y, p, level=0.9)
    bits = found.conditional_entropy.upper / math.log(2)
    assert record["conditional_entropy"]["upper"] == pytest.approx(bits, rel=1e-12)
    bits = found.plain_cross_entropy / math.log(2)
    assert record["plain_cross_entropy"] == pytest.approx(bits, rel=1e-12)
    bits = found.calibration.after_offsets / math.log(2)
    assert record["calibration"]["after_offsets"] == pytest.approx(bits, rel=1e-12)
    assert record["calibration"]["temperature"] == found.calibration.temperature
    assert record["bayes_error"]["upper"] == pytest.approx(found.bayes_error.upper, rel=1e-12)


VERBS = ["estimate", "certify", "audit", "bound", "samples", "derive", "reproduce"]


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example(run, verb):
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert re.search(rf"Examples?:\s+mitheory {verb}", out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["certify", "none.csv", "--label", "y"], "none.csv: No such file or directory"),
        (["certify", TITANIC, "--label", "survive"], "did you mean survived?"),
        (["certify", TITANIC], "Missing option '--label'"),
        (["certify", TITANIC, "--label", "survived", "--level", "1"], "level must be"),
        (["certify", TITANIC, "--label", "survived", "--classes", "1"], "class"),
        (["certify", "constant.csv", "--label", "y"], "at least two values; it has only 'b'"),
        (["certify", "empty.csv", "--label", "y"], "it is empty"),
        (["estimate", TITANIC, "--method", "miller"], "did you mean miller_madow?"),
        (["estimate", TITANIC, "--method", "nsb"], "pass --alphabet S, the number of possible"),
        (
            ["estimate", TITANIC, "--label", "survived", "--method", "nsb"],
            "pass --alphabet SX,SY, the number of possible values, seen or not "
            "(seen in the file: 14,2)",
        ),
        (["estimate", TITANIC, "--alphabet", "14,2"], "must be one number S; got '14,2'"),
        (
            ["estimate", TITANIC, "--label", "survived", "--alphabet", "14"],
            "must be two numbers, of X and of the label, SX,SY; got '14'",
        ),
        (["estimate", TITANIC, "--alphabet", "x"], "--alphabet must be a number; got 'x'"),
        (["estimate", TITANIC, "--alphabet", "0"], "--alphabet must be an integer of at least 1"),
        (["estimate", TITANIC, "--alphabet", "3"], "at least the number of symbols observed, 24"),
        (["estimate", TITANIC, "--unit", "byte"], "'byte' is not one of 'nat', 'bit'"),
        (["bound", "fanno"], "did you mean fano or "),
        (["bound", "fano", "H=2"], "needs all its symbols but one"),
        (["bound", "fano", "H2", "M=10"], "must be SYMBOL=VALUE, such as M=10; got 'H2'"),
        (["bound", "fano", "H=x", "M=10"], "H must be a number; got 'x'"),
        (["bound", "fano", "H=1", "H=2", "M=10"], "one value; H is given twice"),
        (["bound", "fano", "--classes", "10"], "takes SYMBOL=VALUE"),
        (["bound", "fano", "--list-size", "2"], "not --list-size"),
        (["bound", "--prior", "0.5,0.5", "--list-size", "0"], "list_size must be"),
        (["bound", "known_prior", "p=0.1", "H=0.2"], "P must be given"),
        (["bound", "known_prior", "p=0.1", "P=0.5;0.5"], "P must be a number; got '0.5;0.5'"),
        (["bound", "--classes", "10"], "give also --conditional-entropy, --information or --prior"),
        (["bound", "--information", "0.3"], "give also --classes or --prior"),
        (["bound", "--conditional-entropy", "3", "--classes", "2"], "ln"),
        (
            ["bound", "--conditional-entropy", "3.4", "--classes", "10", "--unit", "bit"],
            "conditional_entropy = 3.4 bit = 2.3567 nat",
        ),
        (["bound", "fano", "H=3.4", "M=10", "--unit", "bit"], "H = 3.4 bit = 2.3567 nat"),
        (["bound", "--information", "0.1", "--prior", "0.6,0.6"], "sum to 1"),
        (["samples", "--error", "-1", "--classes", "2"], "error must be"),
        (["samples", "--error", "-1", "--classes", "2", "--unit", "bit"], "error = -1 bit"),
        (["samples", "--error", "0.1", "--classes", "2", "--quantity", "entrop"], "entropy"),
        (["samples", "--classes", "2"], "say either --error"),
        (["samples", "--classes", "2", "--samples", "9", "--error", "1"], "say either --error"),
        (["derive", "bogus"], "unknown bound 'bogus'"),
        (["bogus"], "No such command 'bogus'"),
        (["audit", "none.npz"], "none.npz: No such file or directory"),
        (["audit", TITANIC], "a label must name one of the classes (sex, age, survived)"),
        (["audit", "empty.csv"], "must have a line of names"),
        (["audit", "none.npz", "--figure", "a.gif"], "must be a .png, .svg or .pdf file"),
        (["reproduce", "--workers", "0"], "workers must be an integer of at least 1; got 0"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(run, tmp_path, monkeypatch, arguments, message):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "constant.csv").write_text("x,y\na,b\nc,b\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert err.startswith("mitheory: ")


def test_reproduce_needs_a_checkout(run, tmp_path, monkeypatch):
    monkeypatch.setattr(mt, "__file__", str(tmp_path / "mitheory" / "__init__.py"))
    code, _, err = run("reproduce", "--build", tmp_path / "build")
    assert code == 2
    assert "runs from a checkout of the repository" in err
    assert not (tmp_path / "build").exists()


def test_help_does_not_load_the_package():
    code = (
        "import sys; sys.argv = ['mitheory', '--help']\n"
        "from mitheory.cli import main\n"
        "try: main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    environment = {**os.environ, "COLUMNS": "80"}
    out = subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)
    assert not {"numpy", "numba", "torch", "sympy"} & set(out.split())
