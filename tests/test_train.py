"""Data, models, scores and the training loop."""

import dataclasses
import gzip
import json
import math
import struct
import subprocess
import sys
from functools import partial
from itertools import chain

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from mitheory import train
from mitheory.laws import BinaryGaussian, Finite
from mitheory.train.data import stratified
from mitheory.train.scores import score


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Networks this small gain nothing from a second thread, and lose by sharing the machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small(seed=0, n=60, classes=3, shape=(4,)):
    """Three parts of n samples whose first feature leans towards the label."""
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(3):
        y = rng.integers(0, classes, n)
        x = rng.normal(size=(n, *shape))
        x.reshape(n, -1)[:, 0] += y
        parts += [x, y]
    return train.Dataset(*parts, classes=classes, name="small")


def python(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )


# importing


def test_importing_the_package_loads_no_torch_and_every_public_name_resolves():
    done = python(
        "import sys, mitheory.train as t; assert 'torch' not in sys.modules;"
        "[getattr(t, name) for name in t.__all__]; assert 'torch' in sys.modules"
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = train.nothing
    assert set(train.__all__) <= set(dir(train))


def test_without_torch_the_import_says_what_to_install():
    done = python("import sys; sys.modules['torch'] = None; import mitheory.train")
    assert "ImportError" in done.stderr
    assert "pip install mitheory[train]" in done.stderr


def test_without_scikit_learn_the_digits_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"scikit-learn.*pip install mitheory\[train\]"):
        train.digits(np.random.default_rng(0))


# data


def test_a_dataset_holds_single_precision_features_and_int64_labels():
    data = small()
    assert data.x_train.dtype == np.float32
    assert data.y_train.dtype == np.int64
    assert data.inputs == (4,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"


@pytest.mark.parametrize(
    ("field", "value", "error", "message"),
    [
        ("x_val", np.full((60, 4), np.nan), ValueError, r"x_val must be finite.*nan at index"),
        ("x_test", np.full((60, 4), 1e39), ValueError, r"x_test must be finite in single.*1e\+39"),
        ("x_train", np.zeros((59, 4)), ValueError, "a row for each of the 60 labels"),
        ("x_train", np.zeros((60,)), ValueError, "at least one feature"),
        ("x_train", np.zeros((60, 0)), ValueError, "at least one feature"),
        ("x_train", np.full((60, 4), "a"), TypeError, "x_train must be real numbers; got dtype"),
        ("x_train", [[1.0], [1.0, 2.0]], ValueError, "x_train must be a rectangular array"),
        ("x_val", np.zeros((60, 5)), ValueError, r"samples of shape \(4,\) like x_train; got \(5"),
        ("y_train", np.full(60, 3), ValueError, "y_train must be integers from 0 to 2.*3 at ind"),
        ("y_val", np.full(60, -1), ValueError, "y_val must be integers.*got -1 at index 0"),
        ("y_test", np.zeros(60), TypeError, "y_test must be integers.*got dtype float64"),
        ("y_test", np.zeros((60, 1), int), ValueError, "y_test must be a non-empty 1-D array"),
        ("y_train", np.zeros(0, int), ValueError, "y_train must be a non-empty 1-D array"),
        ("classes", 1, ValueError, "classes must be an integer of at least 2; got 1"),
    ],
)
def test_bad_datasets_are_refused(field, value, error, message):
    with pytest.raises(error, match=message):
        dataclasses.replace(small(), **{field: value})


def test_gaussian_samples_follow_the_law():
    law = BinaryGaussian(mean=[1.0, 0.0], cov=np.eye(2), prior=0.25)
    data = train.gaussian(law, 4000, 10, 20, np.random.default_rng(0))
    assert data.x_train.shape == (4000, 2)
    assert (len(data.y_val), len(data.y_test)) == (10, 20)
    assert (data.classes, data.name) == (2, str(law))
    # five standard errors
    assert data.y_train.mean() == pytest.approx(0.25, abs=5 * math.sqrt(0.25 * 0.75 / 4000))
    assert data.x_train[data.y_train == 1].mean(axis=0) == pytest.approx([1, 0], abs=5 / 30)
    for sizes in [(0, 1, 1), (1, 0, 1), (1, 1, 0)]:
        with pytest.raises(ValueError, match="must be an integer of at least 1; got 0"):
            train.gaussian(law, *sizes, np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.gaussian(law, 1, 1, 1, 0)
    with pytest.raises(TypeError, match=r"law must be a .*\.BinaryGaussian; got Finite"):
        train.gaussian(Finite([0.5, 0.5]), 1, 1, 1, np.random.default_rng(0))


def test_a_model_by_name_is_refused():
    with pytest.raises(TypeError, match=r"model must be a function .* got 'mlp'"):
        train.fit(small(), model="mlp")


def test_digits_are_split_class_by_class_and_by_the_generator_alone():
    data = train.digits(np.random.default_rng(0))
    sizes = [len(y) for y in (data.y_train, data.y_val, data.y_test)]
    assert sizes == [1000, 297, 500]
    assert data.inputs == (1, 8, 8)
    assert data.x_train.min() == 0.0
    assert data.x_train.max() == 1.0
    everything = np.concatenate([data.x_train, data.x_val, data.x_test]).reshape(1797, -1)
    assert len(np.unique(everything, axis=0)) == 1797  # nothing twice
    labels = np.concatenate([data.y_train, data.y_val, data.y_test])
    share = np.bincount(labels) / 1797
    for y in (data.y_train, data.y_val, data.y_test):
        assert np.abs(np.bincount(y) - share * y.size).max() <= 2.0
    again = train.digits(np.random.default_rng(0))
    assert np.array_equal(data.x_test, again.x_test)
    other = train.digits(np.random.default_rng(1))
    assert not np.array_equal(data.x_test, other.x_test)
    with pytest.raises(ValueError, match="got 1797 of 1797 samples"):
        train.digits(np.random.default_rng(0), n_test=1500)
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.digits(0)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    labels=st.lists(st.integers(0, 4), min_size=3, max_size=60),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 99),
    rest=st.booleans(),
)
def test_stratified_parts_are_disjoint_and_keep_the_proportions(labels, cut, seed, rest):
    labels = np.array(labels)
    n = labels.size
    first = 1 + int(cut[0] * (n - 3))
    second = 1 + int(cut[1] * (n - first - 2))
    third = None if rest else n - first - second
    parts = stratified(labels, (first, second, third), np.random.default_rng(seed))
    assert [len(p) for p in parts] == [first, second, n - first - second]
    assert sorted(np.concatenate(parts)) == list(range(n))
    share = np.bincount(labels, minlength=5) / n
    for part in parts:
        counts = np.bincount(labels[part], minlength=5)
        # systematic sampling: the end points of a part lie within one sample of each class, for
        # each of the classes, of where they should be
        assert (np.abs(counts - share * part.size) <= 2 + 5 * share).all()


def test_label_noise_spares_the_test_set_and_is_uniform_over_the_other_labels():
    data = small(n=30_000, classes=3, shape=(1,))
    noisy = train.with_label_noise(data, 0.4, np.random.default_rng(0))
    assert noisy.name == "small, label noise 0.4"
    assert np.array_equal(noisy.y_test, data.y_test)
    assert np.array_equal(noisy.x_train, data.x_train)
    for clean, dirty in [(data.y_train, noisy.y_train), (data.y_val, noisy.y_val)]:
        step = (dirty - clean) % 3
        shares = np.bincount(step, minlength=3) / step.size
        assert shares == pytest.approx([0.6, 0.2, 0.2], abs=5 * 0.5 / math.sqrt(30_000))
    assert np.array_equal(
        train.with_label_noise(data, 0.0, np.random.default_rng(0)).y_train, data.y_train
    )
    assert (train.with_label_noise(data, 1, np.random.default_rng(0)).y_val != data.y_val).all()
    with pytest.raises(ValueError, match="rate must be a finite number at least 0 and at most 1"):
        train.with_label_noise(data, 1.1, np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.with_label_noise(data, 0.1, 0)


# image files


def idx_bytes(array, magic=None):
    head = magic if magic is not None else bytes([0, 0, 8, array.ndim])
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()


@pytest.fixture
def image_folder(tmp_path):
    """40 training and 10 test images of 2 x 3; every pixel is 5 times the label."""
    for part, n in [("train", 40), ("t10k", 10)]:
        labels = np.arange(n) % 10
        images = np.broadcast_to(5 * labels[:, None, None], (n, 2, 3))
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(idx_bytes(images))
        (tmp_path / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_bytes(labels)))
    return tmp_path


def test_idx_files_are_read_plain_and_gzipped(image_folder):
    data = train.idx(image_folder, np.random.default_rng(0), n_val=10)
    assert data.x_train.shape == (30, 1, 2, 3)
    assert data.x_val.shape == (10, 1, 2, 3)
    assert (data.classes, data.name) == (10, image_folder.name)
    for x, y in [
        (data.x_train, data.y_train),
        (data.x_val, data.y_val),
        (data.x_test, data.y_test),
    ]:
        assert x == pytest.approx(np.broadcast_to(y[:, None, None, None] / 51, x.shape), rel=1e-6)
    assert np.array_equal(np.sort(data.y_val), np.arange(10))  # one of each class
    fewer = train.idx(str(image_folder), np.random.default_rng(0), n_train=20, n_val=10)
    assert np.array_equal(np.bincount(fewer.y_train), np.full(10, 2))


def test_bad_idx_files_are_refused(image_folder):
    def read(**options):
        return train.idx(image_folder, np.random.default_rng(0), **{"n_val": 10, **options})

    def spoilt(name, content):
        path = image_folder / name
        path.write_bytes(content)
        return path.name

    images, labels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"
    good_images = (image_folder / images).read_bytes()
    good_labels = (image_folder / labels).read_bytes()

    for content, message in [
        (b"", "must start with the bytes 00 00 08 03.*got an empty file"),
        (b"\x00\x00\x0d\x03" + good_images[4:], "must start with.*got 00 00 0d 03"),
        (b"\x89PNG" + good_images[4:], "must start with.*got 89 50 4e 47"),
        (good_images[:9], "cut short: its header states 12 bytes; got 5"),
        (good_images[:-1], "cut short: its header states 240 bytes; got 239"),
        (good_images + b"\x00", "holds more than the 240 bytes"),
        (b"\x00\x00\x08\x03" + b"\xff" * 12 + b"abc", "cut short.*got 3"),  # 8e28 bytes claimed
        (idx_bytes(np.zeros((39, 2, 3))), "39 train images but 40 labels"),
        (idx_bytes(np.zeros((40, 0, 3))), "at least one feature"),
        (idx_bytes(np.zeros((40, 3, 3))), r"samples of shape \(1, 3, 3\) like x_train"),
    ]:
        spoilt(images, content)
        with pytest.raises(ValueError, match=message):
            read()
    spoilt(images, good_images)

    for content, message in [
        (good_labels[:-12], "not a whole gzip file"),
        (good_labels[:10] + b"\xff" * 9, "not a whole gzip file"),
        (good_labels[:-8] + bytes(8), "not a whole gzip file: CRC check failed"),
        (b"plain text", "not a whole gzip file"),
        (gzip.compress(idx_bytes(np.full(40, 10))), "labels.* integers from 0 to 9.*10 at index 0"),
        (gzip.compress(idx_bytes(np.zeros(0))), "non-empty"),
    ]:
        spoilt(labels, content)
        with pytest.raises(ValueError, match=message):
            read()
    spoilt(labels, good_labels)

    with pytest.raises(ValueError, match="got 40 of 40 samples"):
        read(n_val=40)
    with pytest.raises(ValueError, match="got 41 of 40 samples"):
        read(n_val=1, n_train=40)
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.idx(image_folder, 0)
    (image_folder / images).unlink()
    with pytest.raises(FileNotFoundError, match=r"no train-images-idx3-ubyte or .*\.gz in the fol"):
        read()


# models


def test_models_have_the_layers_asked_for():
    def sizes(network):
        return [tuple(p.shape) for p in network.parameters()]

    assert sizes(train.linear(3, 2)) == [(2, 3), (2,)]
    assert sizes(train.mlp((1, 2, 3), 4, hidden=(5,))) == [(5, 6), (5,), (4, 5), (4,)]
    assert train.mlp((1, 2, 3), 4)(torch.zeros(7, 1, 2, 3)).shape == (7, 4)
    # logits take both signs: the last layer is not rectified
    assert train.mlp(3, 50)(torch.ones(1, 3)).min() < 0
    for bad in [{"inputs": 0, "classes": 2}, {"inputs": 1, "classes": 1},
                {"inputs": 1, "classes": 2, "hidden": (0,)}]:  # fmt: skip
        with pytest.raises(ValueError, match="must be an integer of at least"):
            train.mlp(**bad)


# scores


def plain_scores(labels, q):
    """The scores from their definitions, in plain Python loops."""
    n, k = q.shape
    wrong = sum(max(range(k), key=lambda c: q[i][c]) != labels[i] for i in range(n))
    ce = -sum(math.log(q[i][labels[i]]) for i in range(n)) / n
    share = [sum(int(y == c) for y in labels) / n for c in range(k)]
    entropy = -sum(p * math.log(p) for p in share if p > 0)
    ece = 0.0
    for b in range(15):
        members = [i for i in range(n) if b / 15 < max(q[i]) <= (b + 1) / 15]
        if members:
            right = sum(q[i][labels[i]] == max(q[i]) for i in members) / len(members)
            sure = sum(max(q[i]) for i in members) / len(members)
            ece += len(members) / n * abs(right - sure)
    mean = [sum(q[i][c] for i in range(n)) / n for c in range(k)]
    kl = sum(p * math.log(p / m) for p, m in zip(share, mean, strict=True) if p > 0)
    return (wrong / n, ce, entropy - ce, ece, kl)


@pytest.mark.parametrize(("n", "classes"), [(1, 2), (2, 5), (500, 3), (500, 10)])
def test_scores_agree_with_their_definitions(n, classes):
    rng = np.random.default_rng(n + classes)
    q = rng.dirichlet(np.ones(classes), size=n)
    labels = rng.integers(0, classes, n)
    got = dataclasses.astuple(score(labels, np.log(q)))
    assert got == pytest.approx(plain_scores(labels, q), rel=1e-12, abs=1e-14)


def test_scores_of_certain_and_of_impossible_predictions():
    sure = score(np.array([0, 1]), np.array([[0.0, -1e4], [-1e4, 0.0]]))
    assert dataclasses.astuple(sure) == (0.0, 0.0, math.log(2), 0.0, 0.0)
    wrong = score(np.array([1, 1]), np.array([[0.0, -1e4], [0.0, -1e4]]))
    assert dataclasses.astuple(wrong) == pytest.approx((1.0, 1e4, -1e4, 1.0, 1e4))


def test_a_certain_prediction_shares_the_last_bin_of_confidence():
    # both confidences lie in (14/15, 1]: |(1 - 0.95) + (0 - 1)| / 2
    q = np.array([[math.log(0.95), math.log(0.05)], [0.0, -1e4]])
    assert score(np.array([0, 1]), q).calibration_error == pytest.approx(0.475, rel=1e-12)


# training


def test_training_repeats_itself_and_leaves_the_global_random_state_alone():
    torch.manual_seed(123)
    before = torch.get_rng_state()
    first = train.fit(small(), epochs=3, seed=5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(321)
    second = train.fit(small(), epochs=3, seed=5)
    assert first.history == second.history
    assert np.array_equal(first.probabilities, second.probabilities)
    assert train.fit(small(), epochs=3, seed=6).history != first.history


def test_dropout_repeats_itself_and_is_off_when_scored():
    def dropout(inputs, classes):
        return nn.Sequential(nn.Linear(*inputs, 32), nn.Dropout(0.5), nn.Linear(32, classes))

    first, second = (train.fit(small(), model=dropout, epochs=2, seed=1) for _ in range(2))
    assert first.history == second.history
    assert not first.network.training
    with torch.inference_mode():
        q = first.network(torch.tensor(small().x_test)).double().softmax(dim=1).numpy()
    assert first.probabilities == pytest.approx(q, rel=1e-12)


def test_losses_are_paired_by_the_seed():
    # a weight of 0 is cross entropy, from the same start and on the same batches
    plain = train.fit(small(), epochs=3, seed=2)
    for name in sorted(set(train.LOSSES) - {"cross_entropy"}):
        other = train.fit(small(), loss=name, weight=0.0, epochs=3, seed=2)
        for a, b in zip(plain.history, other.history, strict=True):
            expected = pytest.approx(dataclasses.astuple(a.test), rel=1e-4, abs=1e-5)
            assert dataclasses.astuple(b.test) == expected
    heavy = train.fit(small(), loss="mutual_information", weight=5.0, epochs=3, seed=2)
    assert heavy.history != plain.history


def test_models_see_the_same_batches_whatever_randomness_they_use():
    batches = {}

    def watched(inner, inputs, classes):
        seen = batches.setdefault(inner.__name__, [])

        class Watched(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = inner(inputs, classes)

            def forward(self, x):
                if self.training:
                    seen.append(x[:, 0].tolist())
                return self.inner(x)

        return Watched()

    def dropout(inputs, classes):
        return nn.Sequential(nn.Dropout(0.5), train.mlp(inputs, classes))

    for inner in (train.linear, dropout):
        train.fit(small(), model=partial(watched, inner), epochs=2, batch_size=20, seed=4)
    assert batches["linear"] == batches["dropout"]
    assert [len(b) for b in batches["linear"]] == [20] * 6
    first, second = ([*chain(*batches["linear"][i : i + 3])] for i in (0, 3))
    assert first != second
    assert sorted(first) == sorted(second) == sorted(small().x_train[:, 0].tolist())


def test_of_equal_epochs_the_first_is_best():
    still = train.fit(small(), learning_rate=1e-30, epochs=5, patience=2)
    assert still.best_epoch == 1
    assert len(still.history) == 3


def test_the_result_is_a_complete_record():
    data, seen = small(), []
    result = train.fit(
        data,
        loss="mutual_information",
        weight=0.5,
        model=partial(train.mlp, hidden=(8,)),
        epochs=4,
        batch_size=25,
        on_epoch=seen.append,
    )
    assert tuple(seen) == result.history
    assert [e.epoch for e in result.history] == [1, 2, 3, 4]
    assert result.model == "mlp(hidden=(8,))"
    assert result.parameters == 4 * 8 + 8 + 8 * 3 + 3
    assert result.last is result.history[-1]
    assert (result.n_train, result.n_val, result.n_test, result.classes) == (60, 60, 60, 3)
    p = np.bincount(data.y_test) / 60
    assert result.label_entropy == pytest.approx(-(p * np.log(p)).sum(), rel=1e-14)
    test = result.last.test
    assert test.learned_information == pytest.approx(result.label_entropy - test.cross_entropy)
    assert result.probabilities.shape == (60, 3)
    assert result.probabilities.sum(axis=1) == pytest.approx(np.ones(60), rel=1e-12)
    own_loss = -np.log(result.probabilities[np.arange(60), data.y_test]).mean()
    assert test.cross_entropy == pytest.approx(own_loss, rel=1e-12)
    record = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert record["last"] == dataclasses.asdict(result.last)
    assert record["best"] == dataclasses.asdict(result.best)
    assert record["history"][0]["val"]["error"] == result.history[0].val.error
    assert (record["loss"], record["weight"], record["seed"]) == ("mutual_information", 0.5, 0)
    assert set(record["versions"]) == {"mitheory", "numpy", "python", "torch"}
    assert not {"probabilities", "network"} & set(record)


@pytest.mark.parametrize("select", ["error", "cross_entropy"])
def test_the_best_epoch_is_chosen_on_validation_and_patience_counts_from_it(select):
    data = train.with_label_noise(small(n=40), 0.5, np.random.default_rng(0))
    options = {"batch_size": 10, "learning_rate": 0.02, "select": select}
    long = train.fit(data, epochs=40, **options)

    def key(e):
        return (e.val.error if select == "error" else 0, e.val.cross_entropy)

    assert long.best is min(long.history, key=key)  # the first of equals
    assert len(long.history) == 40
    short = train.fit(data, epochs=40, patience=3, **options)
    assert short.history == long.history[: len(short.history)]
    assert len(short.history) - short.best_epoch == 3
    assert len(short.history) < 40
    if select == "cross_entropy":  # memorising noise, cross entropy turns early
        assert long.best_epoch < 20
        assert long.last.val.learned_information < 0


def test_training_learns():
    result = train.fit(train.digits(np.random.default_rng(0)), epochs=20, seed=0)
    assert result.last.test.error < 0.06
    assert result.last.test.learned_information > 2.0  # of ln 10 = 2.30 nats
    assert result.last.train.cross_entropy < result.history[0].train.cross_entropy


def test_cross_entropy_of_a_linear_model_approaches_the_conditional_entropy():
    law = BinaryGaussian(mean=[1.0] + 4 * [0.0], cov=np.eye(5))
    data = train.gaussian(law, 8000, 100, 40_000, np.random.default_rng(3))
    result = train.fit(data, model=train.linear, epochs=15, learning_rate=0.01, seed=0)
    h = law.conditional_entropy()
    log_loss = -np.log(result.probabilities[np.arange(40_000), data.y_test])
    noise = 5 * log_loss.std() / math.sqrt(40_000)
    # asymptotically the excess is (d + 1) / 2n for the two classes' one vector of 6 numbers;
    # 5 times that leaves room for the last minibatch steps
    excess = result.last.test.cross_entropy - h
    assert -noise < excess < noise + 5 * 6 / (2 * 8000)


def test_bad_arguments_are_refused():
    data = small()
    for options, message in [
        ({"loss": "crossentropy"}, "unknown loss 'crossentropy'; did you mean cross_entropy"),
        ({"loss": "mutual_information", "weight": -1}, "weight must be a finite number at least 0"),
        ({"weight": 1.0}, "the loss cross_entropy has no weight"),
        ({"loss": "label_smoothing", "weight": 2.0}, "at most 1"),
        ({"epochs": 0}, "epochs must be an integer of at least 1"),
        ({"batch_size": 0}, "batch_size must be an integer of at least 1; got 0"),
        ({"learning_rate": 0.0}, "learning_rate must be a finite number above 0"),
        ({"seed": -1}, "seed must be an integer of at least 0"),
        ({"patience": 0}, "patience must be an integer of at least 1"),
        ({"select": "accuracy"}, "unknown select 'accuracy'"),
        ({"model": lambda inputs, classes: nn.Linear(4, 7)}, r"shape \(1, 3\); got \(1, 7\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            train.fit(data, **options)
    with pytest.raises(TypeError, match=r"must be a mitheory\.train\.Dataset; got tuple"):
        train.fit((data.x_train, data.y_train))
    with pytest.raises(FloatingPointError, match=r"diverged.*lower the learning rate"):
        train.fit(data, learning_rate=1e30, epochs=3)


def test_a_loss_of_your_own_and_a_batch_larger_than_the_set():
    law = np.bincount(small().y_train) / 60
    own = dataclasses.replace(
        train.LOSSES["mutual_information"],
        name="dataset_law",
        function=partial(train.losses.mutual_information, label_law=law),
    )
    # on full batches the law of the batch is that of the set
    mine = train.fit(small(), loss=own, weight=2.0, batch_size=1000, epochs=3)
    theirs = train.fit(small(), loss="mutual_information", weight=2.0, batch_size=60, epochs=3)
    assert mine.loss == "dataset_law"
    assert mine.last.test.cross_entropy == pytest.approx(theirs.last.test.cross_entropy, rel=1e-4)
