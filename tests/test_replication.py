"""The replication: its protocol, its verdicts, and its figures from results made by hand."""

import importlib
import struct
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

from mitheory import laws, reproduction
from mitheory.study import Results, Verdict, collect, load

pytest.importorskip("torch")

from mitheory import train
from mitheory.train import Dataset, Epoch, Scores


@pytest.fixture(scope="module", autouse=True)
def _beside():
    sys.path.append(str(ROOT / "validation"))
    yield
    sys.path.remove(str(ROOT / "validation"))


@pytest.fixture(name="milc")
def _milc():
    return importlib.import_module("milc")


def tiny(rng, shape=(1, 6, 6), classes=3, n=30):
    def part():
        return rng.random((n, *shape), dtype=np.float32), rng.integers(0, classes, n)

    return Dataset(*part(), *part(), *part(), classes=classes)


def test_every_loss_has_the_same_budget_and_may_decline_to_differ(milc):
    assert set(milc.WEIGHTS) == set(train.LOSSES) - {milc.PLAIN}
    for loss in (milc.PLAIN, *milc.WEIGHTS):
        assert len(milc.candidates(loss)) == 6
        assert milc.candidates(loss)[0][0] == 0.0
    assert milc.candidates(milc.LOW)[0][1] == milc.LOW_RATE
    assert {milc.FIXED_RATE, milc.LOW_RATE, *milc.RATES} <= set(milc.PLAIN_RATES)
    assert min(milc.PLAIN_RATES) < milc.LOW_RATE < milc.FIXED_RATE


def scores(error, cross_entropy):
    return Scores(error, cross_entropy, 0.0, 0.0, 0.0)


def history(*validation):
    """A training whose test error is the number of the epoch."""
    return SimpleNamespace(
        history=[
            Epoch(i, scores(0, 0), scores(*both), scores(float(i), 0.0))
            for i, both in enumerate(validation, 1)
        ]
    )


def test_validation_chooses_by_each_rule_and_ties_go_to_cross_entropy_itself(milc, monkeypatch):
    monkeypatch.setitem(milc.WEIGHTS, milc.INFORMED, (1.0, 10.0))
    poor = history((0.9, 9.0), (0.9, 9.0), (0.9, 9.0))
    table = {
        (0.0, milc.FIXED_RATE): history((0.5, 0.3), (0.2, 2.0), (0.4, 4.0)),
        (1.0, milc.FIXED_RATE): history((0.5, 0.6), (0.2, 2.0), (0.4, 4.0)),
        (10.0, 3e-3): history((0.5, 0.7), (0.3, 0.5), (0.3, 3.0)),
    }

    def training(loss, weight, rate):
        return table.get((weight, rate), poor)

    chosen = {rule: milc.choice(milc.INFORMED, rule, training) for rule in milc.RULES}
    found = {rule: (row["weight"], row["rate"], row["epoch"]) for rule, row in chosen.items()}
    assert found == {
        "fixed": (0.0, 1e-3, 3),
        "last": (10.0, 3e-3, 3),
        "early": (0.0, 1e-3, 2),
        "likelihood": (0.0, 1e-3, 1),
    }
    assert chosen["early"]["error"] == 2.0
    assert milc.choice(milc.LOW, "fixed", training)["rate"] == milc.LOW_RATE


def test_a_comparison_trains_each_candidate_once_and_on_the_same_data(milc):
    seen = []
    sample = tiny(np.random.default_rng(1))
    options = {"epochs": 2, "batch_size": 10, "device": "cpu"}
    record = milc.compared(sample, 3, options, on_training=seen.append)
    assert len(seen) == 6 + 4 * len(milc.WEIGHTS)
    assert len({(r.loss, r.weight, r.learning_rate) for r in seen}) == len(seen)
    assert {(r.seed, r.dataset) for r in seen} == {(3, "data")}
    assert all((r.weight == 0) == (r.loss == milc.PLAIN) for r in seen)
    assert record["losses"] == (milc.PLAIN, milc.LOW, *milc.WEIGHTS)
    error = dict(zip(record["losses"], record["early"]["error"], strict=True))
    assert record["value"] == pytest.approx(100 * (error[milc.INFORMED] - error[milc.PLAIN]))
    for rule in milc.RULES:
        assert all(len(column) == len(record["losses"]) for column in record[rule].values())
    assert set(record["last"]["epoch"]) == {2}


def test_a_classifier_better_than_the_truth_allows_is_an_error(milc):
    law = laws.BinaryGaussian.from_snr(2.0)
    truth = {
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "fano": 0.5 * law.bayes_error(),
    }

    def result(error, cross_entropy):
        test = scores(error, cross_entropy)
        epochs = [Epoch(1, test, test, scores(0.4, 1.0)), Epoch(2, test, test, test)]
        return SimpleNamespace(loss="some loss", history=epochs)

    possible = law.conditional_entropy()
    milc.between(result(law.bayes_error(), possible), law, truth)
    for error, cross_entropy in (
        (0.4 * law.bayes_error(), possible),
        (law.bayes_error(), 0.5 * possible),
    ):
        with pytest.raises(ArithmeticError, match="some loss is better than the truth allows"):
            milc.between(result(error, cross_entropy), law, truth)


def cells_of(milc, means, seeds=6, **more):
    """A cell a seed for each setting, in which mutual information gains so much."""
    noise = np.random.default_rng(5)
    names = (milc.PLAIN, milc.LOW, *milc.WEIGHTS)
    made = []
    for data, mean in means.items():
        for seed in range(seeds):
            columns = {
                "weight": [0.0] * len(names),
                "rate": [1e-3] * len(names),
                "epoch": [4] * len(names),
            }
            for score, base in (("error", 0.2), ("cross_entropy", 0.5), ("calibration_error", 0.1)):
                values = base + 0.002 * noise.standard_normal(len(names))
                values[names.index(milc.INFORMED)] = values[0] + mean / 100 + 1e-4 * (-1) ** seed
                columns[score] = list(values)
            rules = dict.fromkeys(milc.RULES, columns)
            made.append({"data": data, "seed": seed, "losses": names, "value": 1.0} | rules | more)
    return made


def test_the_verdict_says_for_each_setting_which_way_it_falls(milc):
    words = {-1.0: "(lower)", 0.004: "(no difference shown)", 2.0: "(higher)"}
    cells = cells_of(milc, {f"setting {mean}": mean for mean in words})
    verdict = milc.judge(cells)
    assert verdict.status == "does not hold"
    for mean, outcome in words.items():
        assert f"setting {mean}: {mean:+.2f} ± 0.01 {outcome}" in verdict.figure
    assert milc.judge([cell for cell in cells if "-1.0" in cell["data"]]).status == "holds"


def steps_of(differences, seeds=5):
    """Cells of the batch study: weight -> gain at the last step, half of that at the chosen one."""
    return [
        {
            "data": data,
            "batch_size": size,
            "weight": weight,
            "seed": seed,
            "value": 20.0 + gain + seed + 0.01 * weight * (-1) ** seed,
            "early": 10.0 + gain / 2 + seed + 0.01 * weight * (-1) ** seed,
            "steps": [100, 200],
            "error": [30.0, 20.0],
        }
        for (data, size, weight), gain in differences.items()
        for seed in range(seeds)
    ]


def test_the_batch_study_compares_with_weight_zero_at_each_batch_size():
    study = load(ROOT / "validation" / "milc_batch.py")
    noisy, clean = "40 % of labels wrong", "clean"
    plain = {(data, size, 0.0): 0.0 for data in (noisy, clean) for size in (10, 50)}
    gains = {(noisy, 10, 10.0): -3.0, (noisy, 50, 10.0): -1.0}
    gains |= {(clean, 10, 10.0): 0.0, (clean, 50, 10.0): 5.0}
    cells = steps_of(plain | gains)
    verdict = study.verdict(cells)
    assert verdict.status == "holds"
    assert f"{noisy}, batches of 10: -2.98 ± 0.14 at the last step, -1.48 ± 0.14" in verdict.figure
    weak = steps_of(plain | gains | {(noisy, 50, 10.0): 0.0})
    assert study.verdict(weak).status == "does not hold"


def test_the_batch_sizes_fit_the_steps_exactly():
    study = load(ROOT / "validation" / "milc_batch.py")
    module = importlib.import_module("milc_batch")
    for size in study.over["batch_size"]:
        assert module.N_TRAIN % size == 0
        assert module.STEPS % (module.N_TRAIN // size) == 0


@pytest.fixture(name="data_folder")
def _data_folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(2)
    folder = tmp_path / "fashion-mnist"
    folder.mkdir()
    for part, n in (("train", 60), ("t10k", 40)):
        images = rng.integers(0, 256, (n, 6, 6), dtype=np.uint8)
        labels = np.arange(n, dtype=np.uint8) % 10
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())
    monkeypatch.setenv("MITHEORY_DATA", str(tmp_path))
    return tmp_path


def test_image_sets_come_from_the_named_folder(data_folder, monkeypatch):
    study = importlib.import_module("milc_images")
    first, again, other = (
        study.images("fashion-mnist", 20, 20, 0.4, seed).x_train for seed in (0, 0, 1)
    )
    assert (first == again).all()
    assert (first != other).any()
    noisy = study.images("fashion-mnist", 20, 20, 1.0, 0)
    assert (noisy.y_train != study.images("fashion-mnist", 20, 20, 0.0, 0).y_train).all()
    assert noisy.y_test.size == 40
    monkeypatch.setattr(study, "N_VAL", 20)
    monkeypatch.setitem(study.SETTINGS, "small", ("fashion-mnist", "cnn", 20, 0.0))
    monkeypatch.setitem(study.EPOCHS, "cnn", 1)
    record = study.measured("small", 0, None)
    assert record["losses"][2:] == study.FEW


def test_the_quick_grid_of_the_image_sets_fits_a_job_of_a_minute(milc, data_folder, monkeypatch):
    study = importlib.import_module("milc_images")
    assert {cell["data"] for cell in study.STUDY.cells("quick")} == set(study.QUICK)
    least = min(n_train for _, _, n_train, _ in study.SETTINGS.values())
    assert all(n_train < least / 3 for _, _, n_train, _ in study.QUICK.values())
    monkeypatch.setattr(study, "N_VAL", 20)
    monkeypatch.setitem(study.QUICK, "tiny", ("fashion-mnist", "small", 20, 0.4))
    monkeypatch.setitem(study.EPOCHS, "small", 1)
    assert study.measured("tiny", 0, None)["losses"][2:] == tuple(milc.WEIGHTS)


@pytest.mark.parametrize("name", ["milc_images", "milc_complete", "milc_resnet"])
def test_without_the_folder_the_image_sets_are_not_tested_and_the_study_says_so(
    name, tmp_path, monkeypatch
):
    monkeypatch.delenv("MITHEORY_DATA", raising=False)
    result = collect(tmp_path, load(ROOT / "validation" / f"{name}.py"))
    assert result.verdict == Verdict("not tested", "needs $MITHEORY_DATA, which this machine lacks")
    assert result.ok
    monkeypatch.setenv("MITHEORY_DATA", str(tmp_path))
    assert "have no result" in collect(tmp_path, load(ROOT / "validation" / f"{name}.py")).problem


def test_an_interrupted_cell_of_the_complete_study_goes_on_from_its_checkpoints(
    data_folder, monkeypatch
):
    study = importlib.import_module("milc_complete")
    monkeypatch.chdir(data_folder)
    small = study.SMALL | {"n_train": 20, "n_val": 20}
    monkeypatch.setattr(study, "SMALL", small)
    cell = {"data": "Fashion-MNIST, MLP", "scale": "small", "seed": 1, "rng": None}
    whole = study.measured(**cell)
    assert not any((data_folder / "build/checkpoints").iterdir())
    resnet = importlib.import_module("milc_resnet")
    assert resnet.measured(**cell) == whole
    epochs, run_now, fit = [], [], train.fit

    def interrupt(epoch):
        epochs.append(epoch)
        if len(epochs) == 5:  # in the middle of the third training
            raise KeyboardInterrupt

    monkeypatch.setattr(
        train, "fit", lambda *args, **options: fit(*args, on_epoch=interrupt, **options)
    )
    with pytest.raises(KeyboardInterrupt):
        study.measured(**cell)
    assert len(list((data_folder / "build/checkpoints").glob("*/*.pt"))) == 3
    monkeypatch.setattr(
        train, "fit", lambda *args, **options: fit(*args, on_epoch=run_now.append, **options)
    )
    assert study.measured(**cell) == whole
    assert len(run_now) == 2 * 26 - 5


def test_the_figures_of_the_replication(milc, tmp_path):
    pytest.importorskip("matplotlib")

    def results(name, cells):
        verdict = Verdict("does not hold", f"what {name} found")
        return Results(name=name, claim="it helps", profile="full", verdict=verdict, cells=cells)

    truth = {"information": 0.2, "bayes_error": 0.15}
    weights = {("clean", 10, w): w / 10 for w in (0.0, 1.0, 10.0, 100.0)}
    drawn = reproduction.draw(
        ROOT / "figures",
        [
            results("milc", cells_of(milc, {"snr 0.5, n = 20": -1.0, "snr 2, n = 60": 0}, **truth)),
            results("milc_digits", cells_of(milc, {"clean": 0.0})),
            results("milc_images", cells_of(milc, {"MNIST, MLP": 1.0})),
            results("milc_batch", steps_of(weights)),
        ],
        tmp_path,
    )
    captions = {figure.path.stem: figure.caption for figure in drawn}
    assert list(captions) == [
        "learned_information",
        "learning_curves",
        "replication",
        "replication_images",
    ]
    assert "What milc_batch found." in captions["learning_curves"]
    assert "what milc found. what milc_digits found." in captions["replication"]
    assert "over 6 seeds" in captions["learned_information"]
