"""The main job: what it needs, and the figures of this repository from results made by hand."""

import importlib
import importlib.util
import io
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from conftest import ROOT

from mitheory import reproduction
from mitheory.files import write_whole
from mitheory.study import Results, Verdict, load

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


def test_the_conclusion_of_a_caption_counts_the_judged_cells(style):
    cells = [{"holds": True}, {"holds": None}, {"holds": False}]
    assert style.conclusion(results("s", cells=cells[:2], claim="x is y")) == (
        "The claim that x is y holds in all 1 cases tested."
    )
    assert style.conclusion(results("s", cells=cells)).endswith("fails in 1 of 2 cases tested.")


def test_the_laws_that_attain_a_bound_have_no_slack_and_would_fail_a_tighter_bound():
    study = module_of("validation", "bounds_hold")
    for classes in (2, 3, 10):
        fano, envelope = study.attaining_laws(classes)
        for laws, end in ((fano, 0), (envelope, 1)):
            slack = study.slack(*study.entropy_and_error(laws), classes)
            assert min(s.min() for s in slack) >= -1e-15
            assert slack[end].max() < 1e-11


def test_each_end_is_held_to_its_share_of_the_risk():
    study = module_of("validation", "certificate_coverage")
    pairs = study.promises("bayes_error", lower=0.01, upper=0.04)
    assert [p[0] for p in pairs] == [0.05, 0.01, 0.04]
    assert [p[1] for p in pairs] == pytest.approx([0.05, 0.025, 0.025])
    assert len(study.promises("label_entropy", lower=0.01, upper=0.04)) == 1
    for name in study.LOWER_SHARE:
        assert sum(risk for _, risk in study.promises(name, 0, 0)[1:]) == pytest.approx(0.05)


def test_the_excess_of_cross_entropy_can_be_told_from_none():
    study = load(ROOT / "validation" / "cross_entropy_gap.py")
    for cell in study.cells("full"):
        if study.regime(**cell):
            assert study.tolerance(**cell) < study.predicted(**cell)


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


def test_training_verdicts_say_for_each_setting_which_way_it_falls():
    study = module_of("validation", "milc")
    means = dict(zip(study.SETTINGS, (-1.0, 0.0, 2.0), strict=True))
    cells = [
        {"data": data, "seed": seed, "value": mean + 0.1 * (seed - 1)}
        for data, mean in means.items()
        for seed in range(3)
    ]
    verdict = study.judge(cells)
    assert verdict.status == "does not hold"
    for data, words in zip(study.SETTINGS, ("lower", "no difference shown", "higher"), strict=True):
        assert f"{data}: {means[data]:+.2f} ± 0.25 ({words})" in verdict.figure


def training(best, level):
    return {"best_epoch": best, "error": [level] * 8, "test_cross_entropy": [2 * level] * 8}


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
    curve = {"entropy": [0.0, 0.3, 0.69], "lower": [0.0, 0.1, 0.5], "upper": [0.0, 0.2, 0.5]}
    bounds = [
        {"classes": 2, "entropy": [0.4], "error": [0.2], "curve": curve, "holds": True},
        {"classes": 10, "entropy": [0.9], "error": [0.3], "curve": curve, "holds": True},
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
            "missed": {q: {"lower": 0.01, "upper": 0.02} for q in quantities},
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
    milc = [
        {
            "data": "digits",
            "seed": seed,
            "value": 1.0 * seed,
            "cross_entropy": training(3, 0.1),
            "mutual_information": training(5, 0.2 + 0.01 * seed),
        }
        for seed in range(3)
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
    return [
        results("gaussian_inference", cells=unknown),
        results("gaussian_information", cells=gaussian),
        results("bounds_hold", cells=bounds),
        results("trained_classifiers", cells=trained),
        results("certificate_coverage", cells=coverage),
        results("plugin_bias", cells=bias),
        results("milc", "does not hold", cells=milc),
    ]


def test_the_figures_of_the_repository_draw_what_their_studies_give(tmp_path):
    drawn = reproduction.draw(ROOT / "figures", crafted(), tmp_path)
    assert [figure.path.stem for figure in drawn] == [
        "certificates",
        "estimator_bias",
        "gaussian_inference",
        "gaussian_model",
        "information_error_plane",
        "learning_curves",
    ]
    captions = {figure.path.stem: figure.caption for figure in drawn}
    assert "the best pair (shaded) is 0.020 nat apart" in captions["gaussian_model"]
    assert "40 % at snr 0.5, dimension 20 and n = 40" in captions["gaussian_inference"]
    assert "mmse up to snr 1, chernoff from below" in captions["gaussian_model"]
    assert "n rising from 30 to 300" in captions["certificates"]
    assert "not different on digits (+1.00 ± 2.48)" in captions["learning_curves"]
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
    loaded = subprocess.check_output(
        [sys.executable, "-c", "import pickle, sys; print(len(pickle.load(sys.stdin.buffer)))"],
        input=pickled,
        cwd=tmp_path,
    )
    assert int(loaded) == len(files)
