"""Studies: the noun's judgement, and a runner that loses nothing and invents nothing."""

import json
import math
import signal
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest
from study_files import FAILING, WALK, stored, write

from mitheory.study import Results, Study, Verdict, collect, load, main, read, run, run_all, store
from mitheory.study.sources import sources


def a_study(**changes) -> Study:
    described = {
        "name": "s",
        "claim": "c",
        "over": {"x": [1, 2]},
        "measured": lambda x, rng: x,
        "predicted": lambda x: x,
    }
    return Study(**described | changes)


def judged(study: Study) -> Verdict:
    return study.verdict([study.compute(cell) for cell in study.cells("full")])


# --- the noun


@pytest.mark.parametrize(
    ("relation", "measured", "holds"),
    [
        ("equal", 1.25, True),
        ("equal", 0.75, True),
        ("equal", np.nextafter(1.25, 2), False),
        ("equal", 0.7, False),
        ("at most", -9.0, True),
        ("at most", 1.25, True),
        ("at most", 1.3, False),
        ("at least", 9.0, True),
        ("at least", 0.75, True),
        ("at least", 0.7, False),
    ],
)
def test_each_relation_holds_up_to_its_tolerance_and_no_further(relation, measured, holds):
    study = a_study(
        over={},
        relation=relation,
        measured=lambda rng: measured,
        predicted=lambda: 1.0,
        tolerance=0.25,
    )
    assert study.compute({})["holds"] is holds
    assert judged(study).status == ("holds" if holds else "does not hold")


@pytest.mark.parametrize("relation", ["equal", "at most", "at least"])
def test_the_figure_names_the_worst_cell(relation):
    sign = -1 if relation == "at least" else 1
    study = a_study(
        over={"x": [1, 2, 3, 4]},
        relation=relation,
        measured=lambda x, rng: sign * {1: 0.1, 2: 0.9, 3: 0.5, 4: 99.0}[x],
        predicted=lambda x: 0.0,
        tolerance=lambda x: 1.0,
        regime=lambda x: x < 4,
        unit="nats",
    )
    figure = judged(study).figure
    assert "3 of 3 cells" in figure
    assert f"measured {sign * 0.9:g}" in figure
    assert "nats at x=2; 1 more not judged" in figure


def test_one_failing_cell_decides():
    study = a_study(measured=lambda x, rng: x + (x == 2))
    assert judged(study) == Verdict(
        "does not hold", "fails in 1 of 2 cells; worst: measured 3, predicted 2 ± 0 at x=2"
    )


def test_an_equality_without_tolerance_orders_by_failure():
    study = a_study(measured=lambda x, rng: x + 1e-300 * (x == 1), over={"x": [0, 1]})
    assert judged(study).status == "holds"  # 1 + 1e-300 is 1
    assert (
        "x=0"
        in judged(a_study(over={"x": [0, 1]}, measured=lambda x, rng: 5 * (x == 0) + x)).figure
    )


def test_outside_the_regime_nothing_is_judged():
    study = a_study(measured=lambda x, rng: -x, regime=lambda x: False)
    assert study.compute({"x": 1})["holds"] is None
    assert study.compute({"x": 1})["value"] == -1
    assert judged(study).status == "not tested"


def test_a_cell_without_prediction_is_not_judged():
    study = a_study(predicted=lambda x: None if x == 2 else x, measured=lambda x, rng: 1)
    assert judged(study).status == "holds"


def test_a_judge_sees_all_cells():
    def judge(cells):
        gap = sum(c["value"] for c in cells if c["loss"] == "a") - sum(
            c["value"] for c in cells if c["loss"] == "b"
        )
        return Verdict("does not hold" if gap > 0 else "holds", f"difference {gap}")

    study = a_study(
        over={"loss": ["a", "b"], "seed": range(3)},
        measured=lambda loss, seed, rng: seed + (loss == "a"),
        predicted=None,
        judge=judge,
    )
    assert judged(study) == Verdict("does not hold", "difference 3.0")
    with pytest.raises(TypeError, match="judge must give a Verdict; got 'holds'"):
        judged(a_study(judge=lambda cells: "holds"))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"name": "No Good"}, ValueError, "lower-case letters.*'No Good'"),
        ({"name": "../x"}, ValueError, "lower-case"),
        ({"claim": " "}, ValueError, "claim must be a sentence"),
        ({"measured": 3}, TypeError, "measured must be callable"),
        ({"predicted": None}, ValueError, "predicted or judge"),
        ({"relation": "equals"}, ValueError, "unknown relation 'equals'; did you mean equal"),
        ({"tolerance": -1.0}, ValueError, "tolerance must be a finite number at least 0"),
        ({"tolerance": math.nan}, ValueError, "tolerance"),
        ({"needs": "torch"}, TypeError, "needs must be a sequence of names"),
        ({"reads": "data.csv"}, TypeError, "reads must be a sequence of names"),
        ({"reads": ["$D/mnist"]}, ValueError, r"reads \$D/mnist, so it needs '\$D' too"),
        ({"quick": {"y": [1]}}, ValueError, "unknown parameter in quick"),
        ({"over": {"rng": [1]}}, ValueError, "other than rng"),
        ({"over": {"a b": [1]}}, ValueError, "identifier"),
        ({"over": {"x": "abc"}}, TypeError, "string 'abc'"),
        ({"over": {"x": []}}, ValueError, "at least one"),
        ({"over": {"x": [1, "1"]}}, ValueError, "distinct"),
        ({"over": {"x": [object()]}}, ValueError, "does not identify"),
        ({"over": {"x": [np.arange(3)]}}, ValueError, "ndarray.*does not identify"),
    ],
)
def test_a_study_that_could_not_be_run_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        a_study(**changes)


@pytest.mark.parametrize(
    ("measured", "error", "message"),
    [
        (math.nan, ValueError, "measured value must be a finite number; got nan"),
        (math.inf, ValueError, "measured value"),
        ("1", TypeError, "measured value"),
        (None, TypeError, "measured value"),
        ({"mean": 1.0}, ValueError, r"under 'value'; got \['mean'\]"),
        ({"value": 1.0, "x": 2}, ValueError, r"names of parameters; got \['x'\]"),
        ({"value": 1.0, "holds": 2}, ValueError, "'holds'"),
        ({"value": 1.0, "seen": {1, 2}}, TypeError, r"details\['seen'\].*got set"),
        ({"value": 1.0, "a": [1, {"b": 1j}]}, TypeError, r"details\['a'\]\[1\]\['b'\].*complex"),
        ({"value": 1.0, "a": {1: 2}}, TypeError, "string keys"),
        ({"value": 1.0, "a": np.array([1.0, np.nan])}, ValueError, r"details\['a'\]\[1\]"),
    ],
)
def test_what_is_measured_must_be_a_number_with_plain_details(measured, error, message):
    with pytest.raises(error, match=message):
        a_study(measured=lambda x, rng: measured).compute({"x": 1})


def test_predictions_and_tolerances_must_be_numbers():
    with pytest.raises(ValueError, match="predicted value must be a finite number; got nan"):
        a_study(predicted=lambda x: math.nan).compute({"x": 1})
    with pytest.raises(ValueError, match="tolerance must be a finite number at least 0; got -1"):
        a_study(tolerance=lambda x: -1.0).compute({"x": 1})


def test_seeds_come_from_the_name_and_the_parameters_alone():
    small, large = a_study(over={"x": [2]}), a_study(over={"x": [1, 2, 3]})
    assert small.seed({"x": 2}) == large.seed({"x": 2})
    # sha256 of ["s", {"x": "2"}], its first 32 hexadecimal digits
    assert small.seed({"x": 2}) == "0x29d2420e0fee4e4c14f5ca964154bb65"
    seeds = {large.seed(cell) for cell in large.cells("full")}
    assert len(seeds) == 3
    assert a_study(name="t").seed({"x": 2}) not in seeds


# --- the runner


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The walk with one worker, which every other way of running it must equal."""
    folder = tmp_path_factory.mktemp("walk")
    study = load(write(folder, WALK))
    results = run(study, folder=folder / "out", profile="full", workers=1)
    return folder, study, results


def test_a_run_gives_the_cells_and_the_verdict(walked):
    _, _, results = walked
    assert results.verdict.status == "holds"
    assert results.ok
    assert results.parameters == ["n", "law"]
    assert results.column("n") == [10, 10, 100, 100, 1000, 1000]
    assert results.column("law") == ["a", "('b', 2)"] * 3
    assert results.select(law=("b", 2), n=100).cells == [results.cells[3]]
    rng = np.random.default_rng(int(results.cells[3]["rng_seed"], 16))
    rng.random((300, 300))
    assert results.cells[3]["value"] == rng.random(100).mean()
    assert len(results.cells[3]["steps"]) == 3
    assert results.line.startswith("holds          the mean of n")
    with pytest.raises(ValueError, match="unknown column 'values'; did you mean value"):
        results.column("values")
    with pytest.raises(ValueError, match=r"no cell of walk has n=7.*10, 100, 1000"):
        results.select(n=7)


def test_the_same_bytes_for_two_workers_and_piecewise(walked, tmp_path, capsys):
    folder, study, results = walked
    run(study, folder=tmp_path / "two", profile="full", workers=2)
    run(study, folder=tmp_path / "pieces", profile="quick", workers=2)
    assert len(stored(tmp_path / "pieces")) == 5
    run(study, folder=tmp_path / "pieces", profile="full", workers=2)
    assert stored(tmp_path / "two") == stored(folder / "out") == stored(tmp_path / "pieces")
    assert read(tmp_path / "two", "walk") == results
    assert capsys.readouterr().out == ""


def test_finished_cells_are_not_computed_again(walked, tmp_path, capsys):
    folder, study, _ = walked
    before = {f: f.stat().st_mtime_ns for f in (folder / "out" / "walk").iterdir()}
    run(study, folder=folder / "out", profile="full")
    assert {f: f.stat().st_mtime_ns for f in (folder / "out" / "walk").iterdir()} == before
    assert "6 cells, all finished before" in capsys.readouterr().err


@pytest.mark.parametrize(
    "damage",
    [b"", b'{"study": "wal', b"[1]", b"\xff\xfe", b'{"study": "walk", "sources": "", "cell": {}}'],
)
def test_a_damaged_cell_is_computed_again_and_said(walked, tmp_path, capsys, damage):
    folder, study, _ = walked
    whole = stored(folder / "out")
    victim = sorted((folder / "out" / "walk").iterdir())[2]
    victim.write_bytes(damage)
    run(study, folder=folder / "out", profile="full", workers=1)
    assert f"{victim} is damaged" in capsys.readouterr().err
    assert stored(folder / "out") == whole


def test_a_cell_put_in_anothers_place_is_not_believed(walked, capsys):
    folder, study, _ = walked
    whole = stored(folder / "out")
    first, second = sorted((folder / "out" / "walk").iterdir())[:2]
    second.write_bytes(first.read_bytes())
    run(study, folder=folder / "out", profile="full", workers=1)
    assert stored(folder / "out") == whole


def test_a_change_of_the_code_makes_cells_stale_and_a_comment_does_not(tmp_path, capsys):
    study = load(write(tmp_path, WALK))
    digest = sources(study)
    run(study, folder=tmp_path / "out")
    commented = WALK.replace(
        "def measured(n, law, rng):", "def measured(n, law,\n     rng):  # why"
    )
    assert sources(load(write(tmp_path, commented))) == digest
    changed = load(write(tmp_path, WALK.replace("rng.random(n)", "0.9 * rng.random(n)")))
    assert collect(tmp_path / "out", changed).problem == "4 of 4 cells have no result"
    capsys.readouterr()
    results = run(changed, folder=tmp_path / "out")
    said = capsys.readouterr().err
    assert "the code has changed since 4 of 4 cells were computed; computing them again" in said
    assert results.ok
    assert results.cells[0]["value"] < 0.9


def test_an_edit_during_the_run_is_said_and_loses_nothing(tmp_path, capsys):
    path = tmp_path / "walk.py"
    action = f"Path({str(path)!r}).write_text('edited = True')"
    study = load(write(tmp_path, FAILING.replace("ACTION", action)))
    assert len(run(study, folder=tmp_path / "out", workers=1).cells) == 3
    assert "walk: the code was edited during the run; run it again" in capsys.readouterr().err
    run(study, folder=tmp_path / "out", workers=1)
    assert "the code has changed since 3 of 3 cells" in capsys.readouterr().err


def test_the_digest_follows_imports_beside_the_study_and_in_mitheory(tmp_path):
    write(tmp_path, "CONSTANT = 1\n", "deeper.py")
    write(tmp_path, "def f():\n    import deeper\n", "helper.py")
    write(tmp_path, "CONSTANT = 1\n", "unrelated.py")
    text = "import helper\nfrom mitheory.units import nats_to\n" + textwrap.dedent(WALK)
    study = load(write(tmp_path, text))
    digest = sources(study)
    assert digest != sources(load(write(tmp_path, WALK)))
    write(tmp_path, text)
    write(tmp_path, "CONSTANT = 22\n", "unrelated.py")
    assert sources(study) == digest
    write(tmp_path, "CONSTANT = 22\n", "deeper.py")
    assert sources(study) != digest


def test_the_content_of_the_files_that_are_read_counts(tmp_path, capsys, monkeypatch):
    data = tmp_path / "data" / "set"
    (data / "deep").mkdir(parents=True)
    (data / "deep" / "x.csv").write_text("1\n")
    (tmp_path / "table.csv").write_text("1\n")
    (tmp_path / "other.csv").write_text("1\n")
    monkeypatch.setenv("STUDY_DATA", str(tmp_path / "data"))
    reading = 'reads=("$STUDY_DATA/set", "table.csv"), needs=("$STUDY_DATA",), measured=measured'
    study = load(write(tmp_path, WALK.replace("measured=measured", reading)))
    digest = sources(study)
    assert digest != sources(load(write(tmp_path, WALK)))
    study = load(write(tmp_path, WALK.replace("measured=measured", reading)))
    assert sources(study) == digest
    run(study, folder=tmp_path / "out", workers=1)
    (tmp_path / "other.csv").write_text("2\n")
    (data.parent / "beside").touch()
    (tmp_path / "table.csv").touch()
    assert sources(study) == digest
    seen = {digest}
    for change in (
        lambda: (tmp_path / "table.csv").write_text("22\n"),
        lambda: (data / "deep" / "x.csv").write_text("22\n"),
        lambda: (data / "deep" / "x.csv").rename(data / "x.csv"),
        lambda: (data / "y.csv").write_text(""),
        lambda: (tmp_path / "table.csv").unlink(),
    ):
        change()
        seen.add(sources(study))
    assert len(seen) == 6
    capsys.readouterr()
    run(study, folder=tmp_path / "out", workers=1)
    assert "the code or the data has changed since 4 of 4 cells" in capsys.readouterr().err
    # the same data in another place are the same data
    monkeypatch.setenv("STUDY_DATA", str((tmp_path / "data").rename(tmp_path / "moved")))
    assert collect(tmp_path / "out", study).ok


def test_names_taken_from_mitheory_itself_count_as_the_whole_package(tmp_path):
    from mitheory.study.sources import _closure

    def reached(line):
        found, packages = _closure({write(tmp_path, line)})
        return {path.name for path in found}, packages

    names, packages = reached("import mitheory as mt\n")
    assert {"counts.py", "check.py", "units.py"} <= names
    assert "runner.py" not in names  # its code cannot change a number
    assert "numpy" in packages
    assert reached("from mitheory import count\n")[0] == names
    assert reached("import mitheory.units\n")[0] >= names - {"walk.py"}
    write(tmp_path, "no Python", "helper.py")
    assert reached("import helper\n") == ({"walk.py", "helper.py"}, set())
    assert reached("from mitheory import units\n") == ({"walk.py", "units.py"}, set())


def test_functions_typed_into_a_session_have_a_digest():
    def typed(body):
        space = {}
        exec(f"def measured(x, rng):\n    return {body}", space)
        return sources(a_study(measured=space["measured"]))

    assert typed("x + 1") == typed("x + 1")
    assert typed("x + 1") != typed("x + 2")
    assert typed("x + 1") != typed("(lambda: x + 1)()")


def test_a_failing_cell_is_reported_and_the_others_go_on(tmp_path, capsys):
    path = write(tmp_path, FAILING.replace("ACTION", "raise ZeroDivisionError('by n')"))
    study = load(path)
    results = run(study, folder=tmp_path / "out", workers=2)
    said = capsys.readouterr().err
    assert f"cell n=2, law=zipf(3, 1.0) (seed {study.seed(study.cells('full')[1])}) failed" in said
    assert "ZeroDivisionError: by n" in said
    assert f"python {path} --only n=2 --only 'law=zipf(3, 1.0)'" in said
    assert "3 cells finished, 1 failed" in said
    assert [cell["n"] for cell in results.cells] == [1, 3]
    assert results.verdict == Verdict("not tested", "1 of 3 cells have no result")
    assert not results.ok

    command = [sys.executable, str(path), "--folder", str(tmp_path / "other")]
    alone = subprocess.run([*command, "--only", "n=2"], capture_output=True, text=True)
    assert "ZeroDivisionError: by n" in alone.stderr
    assert alone.returncode == 1
    good = subprocess.run([*command, "--only", "n=3"], capture_output=True, text=True)
    assert json.loads(good.stdout)["value"] == 3
    assert not (tmp_path / "other").exists()
    assert subprocess.run(command, capture_output=True).returncode == 1


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("return float('nan')", "measured value must be a finite number; got nan"),
        ("return {'value': 1, 'seen': object()}", "details['seen'] must be made of numbers"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("os._exit(3)", "its worker process died"),
    ],
)
def test_no_way_of_failing_passes_in_silence_or_takes_others_along(tmp_path, capsys, action, said):
    study = load(write(tmp_path, FAILING.replace("ACTION", action)))
    results = run(study, folder=tmp_path / "out", workers=2)
    assert said in capsys.readouterr().err
    assert [cell["n"] for cell in results.cells] == [1, 3]
    assert not results.ok


def test_a_cell_has_one_thread(tmp_path):
    pytest.importorskip("threadpoolctl")
    action = (
        "import threadpoolctl; return len(threadpoolctl.threadpool_info()) and max("
        "pool['num_threads'] for pool in threadpoolctl.threadpool_info())"
    )
    study = load(write(tmp_path, FAILING.replace("ACTION", action)))
    assert run(study, folder=tmp_path, workers=1).select(n=2).cells[0]["value"] == 1


def test_an_interruption_keeps_what_is_finished(tmp_path, capsys):
    go = tmp_path / "go"
    action = f"if not Path({str(go)!r}).exists(): raise KeyboardInterrupt"
    study = load(write(tmp_path, FAILING.replace("ACTION", action)))
    with pytest.raises(KeyboardInterrupt):
        run(study, folder=tmp_path / "out", workers=1)
    assert "interrupted: 1 of 3 cells were finished and are kept" in capsys.readouterr().err
    assert len(stored(tmp_path / "out")) == 1
    go.touch()
    assert run(study, folder=tmp_path / "out", workers=1).ok


def test_an_interruption_while_a_cell_is_kept_counts_it(tmp_path, capsys, monkeypatch):
    keep = store.keep

    def interrupted(*arguments):
        signal.raise_signal(signal.SIGINT)
        keep(*arguments)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(store, "keep", interrupted)
    study = load(write(tmp_path, FAILING.replace("ACTION", "pass")))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(study, folder=tmp_path / "out", workers=1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "interrupted: 1 of 3 cells were finished and are kept" in capsys.readouterr().err
    assert len(stored(tmp_path / "out")) == 1


def test_a_study_that_needs_an_absent_module_is_not_tested(tmp_path, capsys):
    study = a_study(needs=("numpy", "no_such_module", "no_such.inner"))
    results = run(study, folder=tmp_path)
    assert results.verdict == Verdict(
        "not tested", "needs no_such_module, no_such.inner, which this machine lacks"
    )
    assert results.ok
    assert read(tmp_path, "s") == results


def test_a_judgement_that_fails_is_no_verdict(tmp_path):
    text = FAILING.replace("ACTION", "pass").replace(
        "predicted=lambda n, law: n", "judge=lambda cells: cells[9]"
    )
    results = run(load(write(tmp_path, text)), folder=tmp_path, workers=1)
    assert results.verdict.status == "not tested"
    assert "the judgement failed: IndexError" in results.problem
    assert not results.ok


def test_several_studies_share_one_run_and_end_with_a_line_each(tmp_path, capsys):
    text = FAILING.replace("ACTION", "return 5")
    wrong = load(write(tmp_path, text.replace('"walk"', '"wrong"'), "wrong.py"))
    opened = load(
        write(
            tmp_path,
            text.replace('"walk"', '"opened"').replace('claim="c"', 'claim="c", must_hold=False'),
            "opened.py",
        )
    )
    absent = a_study(needs=["no_such_module"])
    results = run_all([wrong, opened, absent], folder=tmp_path / "out", workers=2)
    assert [result.ok for result in results] == [False, True, True]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "does not hold",
        "does not hold",
        "not tested",
    ]
    assert "c (open question) — fails in 1 of 3 cells; worst: measured 5" in lines[1]
    with pytest.raises(ValueError, match="wrong occurs twice"):
        run_all([wrong, wrong], folder=tmp_path)


@pytest.mark.parametrize(("must_hold", "code"), [(True, 1), (False, 0)])
def test_a_file_run_alone_exits_by_its_claim(tmp_path, capsys, must_hold, code):
    text = FAILING.replace("ACTION", "return 5").replace(
        'claim="c"', f'claim="c", must_hold={must_hold}'
    )
    study = load(write(tmp_path, text))
    with pytest.raises(SystemExit) as left:
        main(study, ["--folder", str(tmp_path / "out"), "--workers", "1"])
    assert left.value.code == code
    assert capsys.readouterr().out.startswith("does not hold  c")
    assert (tmp_path / "out" / "walk.json").exists()


def test_wrong_arguments_and_files_are_said(tmp_path, capsys):
    study = load(write(tmp_path, WALK))
    with pytest.raises(SystemExit) as left:
        main(study, ["--only", "n=7"])
    assert left.value.code == 2
    assert "no cell has n=7; cells are like n=10, law=a" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        main(study, ["--workers", "0", "--folder", str(tmp_path)])
    assert left.value.code == 2
    assert "--workers must be an integer of at least 1; got 0" in capsys.readouterr().err
    with pytest.raises(ValueError, match="unknown profile 'fast'"):
        run(study, folder=tmp_path, profile="fast")
    with pytest.raises(FileNotFoundError, match="there is no study at"):
        load(tmp_path / "absent.py")
    with pytest.raises(ValueError, match="must define STUDY"):
        load(write(tmp_path, "STUDY = 3\n", "other.py"))
    with pytest.raises(ValueError, match="not a Python file"):
        load(write(tmp_path, "", "other.txt"))
    with pytest.raises(FileNotFoundError, match="no results of absent in"):
        read(tmp_path, "absent")
    for text in ("{", "{}", "[]", '{"verdict": {"status": "maybe", "figure": ""}}'):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(ValueError, match=r"bad.json does not hold the results"):
            read(tmp_path, "bad")


def test_a_study_that_cannot_travel_is_refused(tmp_path):
    lock = threading.Lock()
    study = a_study(judge=lambda cells: lock)
    with pytest.raises(TypeError, match="study s cannot be sent to worker processes"):
        run(study, folder=tmp_path)


def test_progress_is_shown_on_request(tmp_path, capsys):
    study = load(write(tmp_path, WALK))
    run(study, folder=tmp_path / "out", workers=1, progress=True)
    assert "computing cells" in capsys.readouterr().err


def test_an_empty_selection_is_still_results():
    results = Results(
        name="s", claim="c", profile="full", verdict=Verdict("not tested", "why"), cells=[]
    )
    assert results.parameters == []
    with pytest.raises(ValueError, match="unknown column"):
        results.column("n")


@pytest.mark.parametrize(
    ("part", "function"),
    [
        ("measured", lambda n: 0.0),
        ("measured", lambda m, rng: 0.0),
        ("predicted", lambda: 0.0),
        ("tolerance", lambda n, m: 0.0),
        ("regime", lambda k: True),
    ],
)
def test_functions_must_take_the_parameters_of_the_grid(part, function):
    good = {"measured": lambda n, rng: 0.0, "predicted": lambda n: 0.0}
    Study(name="x", claim="x", over={"n": [1]}, **good)
    with pytest.raises(TypeError, match=f"study x: {part} must take n"):
        Study(name="x", claim="x", over={"n": [1]}, **{**good, part: function})
