"""The main job: what it needs, and the figures of this repository from results made by hand."""

import importlib
import importlib.util
import io
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from oracles import bounds as oracle
from oracles.bound_cases import binary
from study_files import FAILING, write

import mitheory as mt
from mitheory import reproduction
from mitheory.files import write_whole
from mitheory.study import Results, Verdict, load, read, run

matplotlib = pytest.importorskip("matplotlib")

MODULE = """
from matplotlib.figure import Figure
TITLE = {title!r}
STUDIES = {studies!r}
def draw(*results):
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2])
    return figure, " and ".join(r.verdict.figure for r in results)
"""


def results(name, status="holds", cells=(), figure="the figure", claim="the claim"):
    return Results(
        name=name, claim=claim, profile="quick", verdict=Verdict(status, figure), cells=list(cells)
    )


def a_figure(folder, name, studies, title="A title"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(MODULE.format(title=title, studies=studies))


@pytest.fixture(name="style")
def _style():
    sys.path.append(str(ROOT / "figures"))
    try:
        yield importlib.import_module("style")
    finally:
        sys.path.remove(str(ROOT / "figures"))


def module_of(kind, name):
    spec = importlib.util.spec_from_file_location(f"_{kind}_{name}", ROOT / kind / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_figures_are_drawn_for_tested_studies_alone_and_the_later_result_counts(tmp_path):
    a_figure(tmp_path / "figures", "b", ("one", "two"), "Both")
    a_figure(tmp_path / "figures", "a", ("one",), "One")
    a_figure(tmp_path / "figures", "c", ("untested",))
    a_figure(tmp_path / "figures", "d", ("absent",))
    (tmp_path / "figures" / "helper.py").write_text("x = 1\n")
    found = [
        results("one", figure="old"),
        results("one", figure="new"),
        results("two", "does not hold", figure="second"),
        results("untested", "not tested"),
    ]
    drawn = reproduction.draw(tmp_path / "figures", found, tmp_path / "out")
    assert [(f.title, f.caption) for f in drawn] == [("One", "new"), ("Both", "new and second")]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "a.png",
        "a.svg",
        "b.png",
        "b.svg",
    ]
    width, height = struct.unpack(">II", (tmp_path / "out" / "a.png").read_bytes()[16:24])
    assert (width, height) == (320, 160)
    assert ElementTree.parse(tmp_path / "out" / "a.svg").getroot().tag.endswith("svg")


def test_a_figure_that_cannot_be_rendered_leaves_the_old_file(tmp_path):
    class Broken:
        def savefig(self, stream, **_):
            stream.write(b"half")
            raise RuntimeError("no more ink")

    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="no more ink"):
        reproduction._save(Broken(), path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_a_file_is_written_whole_from_text_or_bytes(tmp_path):
    write_whole(tmp_path / "t", "π\r\n\n")
    write_whole(tmp_path / "b", b"\x00\xff\n")
    assert (tmp_path / "t").read_bytes() == "π\r\n\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff\n"
    with pytest.raises(TypeError):
        write_whole(tmp_path / "b", io.BytesIO())
    assert (tmp_path / "b").read_bytes() == b"\x00\xff\n"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("package", ["matplotlib", "jinja2", "joblib"])
def test_a_missing_package_is_named_before_any_study_runs(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ValueError, match=rf"needs {package}, .*'mitheory\[figures,studies\]'"):
        reproduction.reproduce(tmp_path, tmp_path / "build")
    assert list(tmp_path.iterdir()) == []


def test_results_are_archived_with_the_code_they_come_from_and_drawn_from_there(tmp_path, capsys):
    folder, kept = tmp_path / "build/results/full", tmp_path / "validation/results"
    kept.parent.mkdir()
    plain = FAILING.replace("ACTION", "pass")
    study = load(write(kept.parent, plain))
    write(kept.parent, plain.replace('"walk"', '"other"'), "other.py")
    a_figure(tmp_path / "figures", "drawn", ("walk",))
    a_figure(tmp_path / "figures", "absent", ("walk", "other"))

    results = run(study, folder=folder, profile="full", workers=1)
    capsys.readouterr()
    reproduction.archive(tmp_path, tmp_path / "build")
    assert capsys.readouterr().out == f"walk: 3 cells, 1 kB, by code {results.sources}\n"
    assert read(kept, "walk") == results
    assert (kept / "walk.json").read_bytes() == (folder / "walk.json").read_bytes()

    # other code since: still what was computed, and said
    changed = write(kept.parent, plain.replace("return n", "return n + 0"))
    reproduction.archive(tmp_path, tmp_path / "build")
    said = capsys.readouterr().out
    assert said == f"walk: 3 cells, 1 kB, by code {results.sources}, which is not the present one\n"
    assert read(kept, "walk") == results

    # cells of two codes, and too few cells: what was archived before stays
    one = sorted((folder / "walk").iterdir())[0]
    whole = one.read_text()
    one.write_text(whole.replace(results.sources, "0" * 32))
    reproduction.archive(tmp_path, tmp_path / "build")
    assert capsys.readouterr().out == (
        "walk: left out, the cells come from 2 versions of the code\n"
    )
    one.write_text(whole[:20])
    reproduction.archive(tmp_path, tmp_path / "build")
    assert capsys.readouterr().out == "walk: left out, 1 of 3 cells have no result\n"
    assert read(kept, "walk") == results
    changed.unlink()

    drawn = reproduction.figures(tmp_path, tmp_path / "build")
    assert [figure.path for figure in drawn] == [tmp_path / "build/figures/drawn.png"]
    assert capsys.readouterr().err == (
        "not drawn: absent, for want of validation/results/other.json\n"
    )


def test_the_verb_draws_and_archives_only_on_request(tmp_path, monkeypatch):
    testing = pytest.importorskip("typer.testing")
    from mitheory.cli import app

    calls = []
    monkeypatch.setattr(reproduction, "checkout", lambda: tmp_path)
    monkeypatch.setattr(reproduction, "archive", lambda *given: calls.append(("archive", *given)))
    monkeypatch.setattr(reproduction, "figures", lambda *given: [calls.append(("figures", *given))])
    monkeypatch.setattr(
        reproduction, "reproduce", lambda *given: calls.append(given) or ([], "page")
    )

    def asked(*options):
        calls.clear()
        done = testing.CliRunner().invoke(app, ["reproduce", "--build", "b", *options])
        assert done.exit_code == 0
        return done.output, calls

    b = type(tmp_path)("b")
    assert asked("--figures") == (f"1 figures: {b / 'figures'}\n", [("figures", tmp_path, b)])
    assert asked("--archive", "--figures")[1] == [
        ("archive", tmp_path, b),
        ("figures", tmp_path, b),
    ]
    assert asked("--full", "--scheduler", "tcp://x:1")[1] == [
        (tmp_path, b, "full", None, "tcp://x:1")
    ]


def test_the_conclusion_of_a_caption_counts_the_judged_cells(style):
    cells = [{"holds": True}, {"holds": None}, {"holds": False}]
    assert style.conclusion(results("s", cells=cells[:2], claim="x is y")) == (
        "The claim that x is y holds in all 1 cases tested."
    )
    assert style.conclusion(results("s", cells=cells)).endswith("fails in 1 of 2 cases tested.")


@pytest.fixture(name="holding", scope="module")
def _holding():
    return module_of("validation", "bounds_hold")


def test_every_bound_relates_what_some_law_measures_and_any_other_is_an_error(holding, monkeypatch):
    for bound in mt.BOUNDS.values():
        assert set(bound.symbols) <= holding.setting(bound)
    strange = replace(mt.BOUNDS["fano"], name="strange", formula="chi2 - D")
    with pytest.raises(ValueError, match="strange relates chi2, D, which no law"):
        holding.setting(strange)
    unknown = replace(mt.BOUNDS["fano"], name="strange", tight=lambda zeta: None)
    with pytest.raises(ValueError, match=r"strange is attained for given \{'zeta'\}"):
        holding.arguments(unknown, np.random.default_rng(1))


def sharpened(bound):
    """The bound with a slack that is 1e-9 too small, however it is evaluated."""
    numeric = {}
    for key, solve in bound.numeric.items():
        if key.split()[1] == bound.bounded:
            shift = 1e-9 if key.startswith("least") else -1e-9
            numeric[key] = lambda solve=solve, shift=shift, **known: solve(**known) + shift
    return replace(bound, formula=f"{bound.formula} - 1e-9", numeric=numeric)


SHARPENED = [  # at least one bound of each setting
    "fano",
    "envelope",
    "known_prior",
    "arimoto_fano",
    "bhattacharyya_lower",
    "fano_lists",
    "approximate_recovery",
    "chi_square",
    "birge",
    "gaussian_capacity",
]


@pytest.mark.parametrize("name", SHARPENED)
def test_a_bound_that_is_too_sharp_fails_where_the_true_one_is_attained(holding, monkeypatch, name):
    attained = holding.measured(name, 490, np.random.default_rng(2))
    assert attained["value"] >= -1e-12
    assert attained["attained"] <= 1e-13
    monkeypatch.setattr(mt, "BOUNDS", {name: sharpened(mt.BOUNDS[name])})
    assert holding.measured(name, 490, np.random.default_rng(2))["value"] < -9e-10


def test_a_bound_for_the_bayes_classifier_fails_for_every_classifier(holding, monkeypatch):
    false = replace(mt.BOUNDS["hellman_raviv"], holds_for="every classifier")
    monkeypatch.setattr(mt, "BOUNDS", {"hellman_raviv": false})
    assert holding.measured("hellman_raviv", 490, np.random.default_rng(3))["random"] < -1


def test_what_the_bounds_relate_is_measured_as_the_plain_oracles_do(holding):
    rng = np.random.default_rng(4)
    joint = holding.random_laws(5, 4, rng)
    a, b, s = rng.uniform(2, 3, 5), rng.random(5), rng.random(5)
    for decide in holding.classifiers(joint, "every classifier", rng):
        found = holding.of_labels(joint, decide, a, b)
        for i, (law, answer) in enumerate(zip(joint, decide, strict=True)):
            posterior = law / law.sum(axis=1, keepdims=True)
            mean = (law.sum(axis=1) * (posterior ** a[i]).sum(axis=1) ** (1 / a[i])).sum()
            plain = {n: oracle.measure(n, law, answer.astype(float)) for n in ("p", "H", "I", "M")}
            plain |= {"Ha": a[i] / (1 - a[i]) * np.log(mean), "F": law[posterior <= b[i]].sum()}
            plain |= {"pmax": law.sum(axis=0).max(), "B": binary.overlap(law)["B"]}
            for name, value in plain.items():
                assert found[name][i] == pytest.approx(value, rel=1e-12, abs=1e-14), name
            assert found["P"][i] == pytest.approx(law.sum(axis=0), rel=1e-14)
    pair = holding.random_laws(5, 2, rng)
    decide = next(holding.classifiers(pair, "every classifier", rng))
    found = holding.of_two_labels(pair, decide, s)
    for i, (law, answer) in enumerate(zip(pair, decide, strict=True)):
        for name, value in binary.measure(law, answer.astype(float), s=s[i]).items():
            assert found[name][i] == pytest.approx(value, rel=1e-12, abs=1e-14), name


def test_a_model_is_held_to_the_bounds_that_speak_of_it():
    study = module_of("validation", "models_within_bounds")

    def held(law):
        known = study.quantities(law)
        return {n for n, bound in mt.BOUNDS.items() if study.speaks_of(bound, law, known)}

    laplace = held(mt.laws.BinaryLaplace(1.0, 1.0))
    assert {"fano", "envelope", "known_prior", "data_processing"} <= laplace
    assert not any(name.startswith("gaussian") for name in laplace)
    even, uneven = (held(mt.laws.BinaryGaussian.from_snr(1.0, w)) for w in (0.5, 0.4))
    assert even >= {"gaussian_mmse", "gaussian_capacity", "gaussian_sharp_upper"} | laplace
    assert "gaussian_capacity" in uneven
    assert "gaussian_mmse" not in uneven


def test_laws_of_given_entropy_and_error_have_them():
    study = module_of("validation", "error_region")
    for classes, p in ((2, 0.3), (3, 0.6), (10, 0.85), (10, 0.02)):
        fano, envelope = mt.BOUNDS["fano"].value(p=p, M=classes), mt.BOUNDS["envelope"].value(p=p)
        for share in (0.0, 0.4, 1.0):
            law, answers = study.bayes_law(p, share, classes)
            entropy, error = study.entropy_and_error(law, answers)
            assert (entropy, error) == pytest.approx((envelope + share * (fano - envelope), p))
            assert (answers == law.argmax(axis=-1)).all()
    law, answers = study.any_law(0.95, 0.5, 10)
    fano = mt.BOUNDS["fano"].value(p=0.95, M=10)
    assert study.entropy_and_error(law, answers) == pytest.approx((0.5 * fano, 0.95))


def test_a_bound_that_outdoes_its_better_is_seen(monkeypatch):
    study = module_of("validation", "sharpest_bound")
    entropy = np.linspace(0.1, 1.0, 20)
    assert study.domination(entropy, 3) <= 1e-15
    swapped = replace(mt.BOUNDS["fano"], dominated_by="fano_linear")
    monkeypatch.setattr(mt, "BOUNDS", {**mt.BOUNDS, "fano": swapped})
    assert study.domination(entropy, 3) > 0.01


def test_each_end_is_held_to_its_share_of_the_risk():
    study = module_of("validation", "certificate_coverage")
    pairs = study.promises("bayes_error", lower=0.01, upper=0.04)
    assert [p[0] for p in pairs] == [0.05, 0.01, 0.04]
    assert [p[1] for p in pairs] == pytest.approx([0.05, 0.025, 0.025])
    assert len(study.promises("label_entropy", lower=0.01, upper=0.04)) == 1
    for name in study.LOWER_SHARE:
        assert sum(risk for _, risk in study.promises(name, 0, 0)[1:]) == pytest.approx(0.05)


def test_the_worst_share_of_misses_is_that_of_one_law(monkeypatch):
    study = module_of("validation", "certificate_coverage")
    shares = iter([(0.01, 0.04), (0.03, 0.0)])

    def coverage(law, n, rng, widths):
        lower, upper = next(shares)
        missed = {name: {"lower": lower, "upper": upper} for name in study.QUANTITIES}
        return {"missed": missed, "width": None, "truth": {}}

    monkeypatch.setattr(study, "coverage", coverage)
    worst = study.measured(study.RandomLaws(0, size=2), 30, None)["missed"]["bayes_error"]
    assert worst == {"lower": 0.03, "upper": 0.04, "either": 0.05}


def test_only_tables_that_can_miss_have_their_online_errors_worked_out():
    study = module_of("validation", "certificate_coverage")
    tables = mt.laws.Channel.z(0.2).sample_counts(50, np.random.default_rng(1), 200)
    exact = study.online_errors(tables, np.inf)
    assert np.isfinite(exact).all()
    for below in (-1.0, 3.0, 5.0, 8.0):
        some = study.online_errors(tables, below)
        assert np.array_equal(some < below, exact < below)
        assert np.array_equal(some[some < below], exact[exact < below])


def test_the_excess_of_cross_entropy_can_be_told_from_none():
    study = load(ROOT / "validation" / "cross_entropy_gap.py")
    for cell in study.cells("full"):
        if study.regime(**cell):
            assert study.tolerance(**cell) < study.predicted(**cell)


def test_a_run_ends_when_each_worker_has_done_its_share():
    study = module_of("validation", "scaling")
    simulated, limit = study.simulated, study.limit
    # by hand: cells go to whichever worker is free first
    assert simulated([3.0, 1.0, 1.0, 2.0], [0.0, 0.0], 0.0) == 4.0
    assert simulated([3.0, 1.0, 1.0, 2.0], [0.0, 2.5], 0.0) == 5.5
    # a runner that takes as long as a cell lets one worker compute at a time
    assert simulated([1.0] * 4, [0.0] * 4, 1.0) == 5.0
    assert limit([1.0] * 4, 4, 1.0) == 7.0
    rng = np.random.default_rng(5)
    for workers in (1, 2, 7, 50):
        seconds, serial = rng.exponential(size=40), rng.exponential() / 20
        taken = simulated(seconds, [0.0] * workers, serial)
        assert taken <= limit(seconds, workers, serial) * (1 + 1e-12)
        assert taken >= max(sum(seconds) / workers, 40 * serial, max(seconds)) * (1 - 1e-12)
        # the same, moment by moment: 1e-3 seconds at a time
        clock = by_the_clock(seconds, workers, serial, 1e-3)
        assert taken == pytest.approx(clock, abs=41 * 2e-3)


def by_the_clock(seconds, workers, serial, step):
    """When the last cell ends, with everything that happens rounded up to whole steps."""
    waiting = [int(np.ceil(s / step)) for s in seconds]
    handing = int(np.ceil(serial / step))
    computing, given, now = [], None, 0
    while waiting or computing or given:
        if given and given[0] <= now:
            computing.append(now + given[1])
            given = None
        computing = [end for end in computing if end > now]
        if given is None and waiting and len(computing) < workers:
            given = (now + handing, waiting.pop(0))
        now += 1
    return (now - 1) * step


def test_the_true_log_odds_are_those_of_the_two_densities():
    study = module_of("validation", "cross_entropy_gap")
    stats = pytest.importorskip("scipy.stats")
    law = study.gaussian(1.5)
    x, _ = law.sample(20, np.random.default_rng(1))
    plus = stats.multivariate_normal(law.mean, law.cov).logpdf(x)
    minus = stats.multivariate_normal(-law.mean, law.cov).logpdf(x)
    assert study.true_log_odds(law, x) == pytest.approx(plus - minus, abs=1e-12)


def test_closed_forms_are_exact_where_floating_point_sees_nothing():
    mpmath = pytest.importorskip("mpmath")
    study = module_of("validation", "gaussian_information")
    value, lack = study.closed_form("gaussian_error_floor", 90.0)
    with mpmath.workdps(40):
        exact = mpmath.log(2) * mpmath.erfc(mpmath.sqrt(45))
    assert value == pytest.approx(float(mpmath.log(2)), rel=1e-15)
    assert lack == pytest.approx(float(exact), rel=1e-14)
    assert 0 < lack < 1e-20


GAUSSIAN = [f"gaussian_{name}" for name in ("mmse", "chernoff", "joined", "linear")]


def crafted():
    """Results of each study as its figure reads them, as small as they can be."""
    gaussian = [
        {
            "snr": snr,
            "information": value,
            "conditional_entropy": 0.69 - value,
            "error": 0.1,
            "lower": {"gaussian_mmse": value - 0.01, "gaussian_chernoff": value - 0.02},
            "upper": {"gaussian_joined": value + 0.01, "gaussian_linear": value + 0.02},
            "lower_by": "gaussian_mmse" if value < 0.5 else "gaussian_chernoff",
            "upper_by": "gaussian_joined",
            "information_ratio": dict.fromkeys(GAUSSIAN, 1.1),
            "entropy_ratio": dict.fromkeys(GAUSSIAN, 0.9),
            "fano": 0.08,
            "envelope": 0.2,
            "holds": True,
        }
        for snr, value in ((0.1, 0.1), (1.0, 0.3), (10.0, 0.6))
    ]
    low, high = (
        {"least": [0.5, 0.1, 0.0], "greatest": [0.5, 0.8, 1.0]},
        {"greatest": [0.5, 0.3, 0.0]},
    )
    weak = ("fano_sqrt", "fano_pinsker", "fano_quadratic", "fano_linear", "fano_simple")
    region = [
        {
            "classes": M,
            "log_classes": np.log(M),
            "entropy": [0.4],
            "error": [0.2],
            "share": [1.0, 0.5, 0.0],
            "bounds": dict.fromkeys(("fano", *weak), low)
            | dict.fromkeys(("envelope", "hellman_raviv", "min_entropy"), high),
            "holds": True,
        }
        for M in (2, 10, 1_000)
    ]
    priors = [
        {
            "prior": f"{M} classes{words}",
            "entropy": 1.0,
            "guessing": 0.5,
            "helps_below": 0.5 * (gain > 0),
            "information": [0.0, 0.5, 1.0],
            "errors": {
                "known_prior": [0.5, 0.2 + gain, 0.0],
                "fano": [0.4, 0.2, 0.0],
                "data_processing": [0.5, 0.1, 0.0],
            },
            "holds": True,
        }
        for M in (10, 1_000)
        for words, gain in (
            (" alike", 0.0),
            (", one of 0.8", 0.0),
            (", Zipf", M / 1e4),
            (", two of 0.45", 0.05),
        )
    ]
    slope = [[0.9, 1.1], [1.2, 1.3]]
    sharpest = [
        {
            "classes": M,
            "share": [0.2, 0.8],
            "skew": [0.0, 1.0],
            "closed_forms": {"fano_sqrt": [0.4, 0.97], "fano_pinsker": [0.0, 0.995]},
            "by_skew": dict.fromkeys(("known_prior", "data_processing", "envelope"), slope),
            "holds": True,
        }
        for M in (2, 10, 100, 1_000)
    ]
    trained = [
        {"loss": loss, "learned_information": 0.3, "error": 0.2, "holds": True}
        for loss in ("cross_entropy", "mutual_information")
    ]
    quantities = (
        "label_entropy",
        "conditional_entropy",
        "information",
        "bayes_error",
        "error_from_entropies",
    )
    coverage = [
        {
            "law": law,
            "n": n,
            "risk": 0.05,
            "replicates": 100,
            "missed": {q: {"lower": 0.01, "upper": 0.02, "either": 0.02} for q in quantities},
            "width": dict.fromkeys(quantities, 1 / n),
            "holds": True,
        }
        for law in ("binary_symmetric(0.1, 0.5)", "sparse(20, 3)")
        for n in (30, 300)
    ]
    methods = ("plugin", "miller_madow", "jackknife", "grassberger")
    bias = [
        {
            "law": "uniform(10)",
            "n": n,
            "entropy": 2.3,
            "predicted": -1 / n,
            "bias": {m: (-1) ** i / n for i, m in enumerate(methods)},
            "holds": None if n == 10 else True,
        }
        for n in (10, 100)
    ]
    unknown = [
        {
            "snr": snr,
            "dimension": p,
            "n": n,
            "runs": 100,
            "value": 0.96,
            "predicted": 0.95,
            "tolerance": 0.08,
            "asymptotic": 0.9 - p / n,
            "bias": p / n,
            "information": snr / 4,
            "holds": True,
        }
        for snr in (0.5, 1.0)
        for p in (1, 5, 20)
        for n in (40, 400)
    ]
    estimators = ("plugin", "miller_madow", "grassberger", "wu_yang", "bub", "zhang", "optimal")
    worst = [
        {
            "S": S,
            "n": n,
            "value": 0.75 if S == 10 else 0.9,
            "bias": dict.fromkeys(estimators, S / n),
            "error": dict.fromkeys(estimators, 1 + S / n),
            "constant": 1.0,
            "holds": None,
        }
        for S in (10, 1_000)
        for n in (1_000, 100)
    ]
    scaling = [
        {
            "place": "this machine",
            "runs": [
                {
                    "workers": w,
                    "begun": [0.5] * w,
                    "work": 8.0,
                    "taken": 0.5 + 8.4 / w,
                    "simulated": 0.5 + 8.2 / w,
                }
                for w in (1, 2)
            ],
            "holds": True,
        },
        {
            "place": "a cluster, simulated",
            "cells": 100,
            "work": 7_200.0,
            "longest": 100.0,
            "serial": 0.002,
            "moved": 4e6,
            "workers": [1, 1024],
            "taken": [7_200.0, 120.0],
            "longest_first": [7_200.0, 100.0],
            "holds": True,
        },
    ]
    return [
        results("scaling", cells=scaling),
        results("worst_case", cells=worst),
        results("gaussian_inference", cells=unknown),
        results("gaussian_information", cells=gaussian),
        results("error_region", cells=region),
        results("known_prior", cells=priors),
        results("sharpest_bound", cells=sharpest),
        results("trained_classifiers", cells=trained),
        results("certificate_coverage", cells=coverage),
        results("plugin_bias", cells=bias),
    ]


def test_the_figures_of_the_repository_draw_what_their_studies_give(tmp_path):
    drawn = reproduction.draw(ROOT / "figures", crafted(), tmp_path)
    assert [figure.path.stem for figure in drawn] == [
        "certificates",
        "estimator_bias",
        "gaussian_inference",
        "gaussian_model",
        "information_error_plane",
        "known_prior",
        "scaling",
        "sharpest_bound",
        "trained_classifiers",
        "worst_case",
    ]
    captions = {figure.path.stem: figure.caption for figure in drawn}
    assert "the best pair (shaded) is 0.020 nat apart" in captions["gaussian_model"]
    assert "40 % at snr 0.5, dimension 20 and n = 40" in captions["gaussian_inference"]
    below = "from below “(1 - exp(-snr)) / 2” up to snr 1, then “gaussian_chernoff”"
    assert below in captions["gaussian_model"]
    assert "at most 0.100 (1000 classes, Zipf, at I = 0.50 nat)" in captions["known_prior"]
    assert "n rising from 30 to 300" in captions["certificates"]
    assert "on 2 the work of 8.0 s ends in 4.2 s" in captions["scaling"]
    assert "100 cells of 2 hours together" in captions["scaling"]
    assert (
        "bounds the speed-up at 72; cells of equal length would go up to 36,000"
        in (captions["scaling"])
    )
    assert "0.75 to 0.90 times the least known one" in captions["worst_case"]
    assert all(caption.endswith(".") and ".." not in caption for caption in captions.values())


def test_the_studies_reach_worker_processes(tmp_path):
    # a compiled function imported by name would be looked for in the study's own module there
    code = (
        "import pickle, sys, cloudpickle\n"
        "from mitheory.study import load\n"
        "sys.stdout.buffer.write(cloudpickle.dumps([load(path) for path in sys.argv[1:]]))"
    )
    files = [str(path) for path in sorted((ROOT / "validation").glob("*.py"))]
    pickled = subprocess.check_output([sys.executable, "-c", code, *files], cwd=tmp_path)
    # a worker searches for modules where the runner does, beside the studies too
    code = (
        f"import pickle, sys; sys.path.append({str(ROOT / 'validation')!r})\n"
        "print(len(pickle.load(sys.stdin.buffer)))"
    )
    loaded = subprocess.check_output(
        [sys.executable, "-c", code],
        input=pickled,
        cwd=tmp_path,
    )
    assert int(loaded) == len(files)
