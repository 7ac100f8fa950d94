"""Data: splits, laws, noise and imbalance, and files as they should and should not be."""

import dataclasses
import gzip
import hashlib
import io
import math
import os
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitheory import laws, train
from mitheory.laws import BinaryGaussian
from mitheory.train.data import stratified

REAL = Path(os.environ.get("MITHEORY_DATA", Path(__file__).resolve().parents[1] / "data"))


def small(n=60, classes=3, shape=(4,)):
    """Three parts of n samples each."""
    rng = np.random.default_rng(0)
    parts = []
    for _ in range(3):
        parts += [rng.normal(size=(n, *shape)), rng.integers(0, classes, n)]
    return train.Dataset(*parts, classes=classes, name="small")


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


def test_every_labelled_law_can_be_sampled():
    rng = np.random.default_rng(0)
    mixture = laws.GaussianMixture([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], np.eye(2))
    three = train.from_law(mixture, 300, 10, 10, rng)
    assert (three.classes, three.inputs, three.name) == (3, (2,), str(mixture))
    nearest = ((three.x_train[:, None] - mixture.means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == three.y_train).all()  # nine standard deviations apart
    assert train.from_law(laws.BinaryLaplace(1.0, 0.5), 20, 1, 1, rng).inputs == (1,)

    # a channel without noise from four symbols to two labels; symbols become unit vectors
    channel = laws.Channel([[0.25, 0.0], [0.0, 0.25], [0.25, 0.0], [0.0, 0.25]])
    data = train.from_law(channel, 200, 1, 1, rng)
    assert (data.classes, data.inputs) == (2, (4,))
    assert set(map(tuple, data.x_train)) == set(map(tuple, np.eye(4)))
    assert (data.x_train.argmax(axis=1) % 2 == data.y_train).all()

    class Own:
        def sample(self, n, rng):
            y = rng.integers(0, 4, n)
            return y[:, None] * 1.0, y

    assert train.from_law(Own(), 40, 1, 1, rng, classes=4).classes == 4
    with pytest.raises(ValueError, match="y_train must be integers from 0 to 1"):
        train.from_law(Own(), 40, 1, 1, rng, classes=2)
    for law in (Own(), laws.Finite([0.5, 0.5]), laws.MultivariateNormal(np.eye(2), 1), "law"):
        with pytest.raises(TypeError, match=r"law must be a law of labels .* given classes; got "):
            train.from_law(law, 1, 1, 1, rng)
    with pytest.raises(TypeError, match="got str"):
        train.from_law("law", 1, 1, 1, rng, classes=2)


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
    sizes = {"first": first, "second": second, "third": third}
    parts = stratified(labels, sizes, np.random.default_rng(seed))
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


def tailed(counts, n_val, shape=(1,)):
    """A dataset with these class counts, in random order; each feature is its own sample."""
    rng = np.random.default_rng(0)
    y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    x = np.arange(y.size, dtype=float)[:, None] / 1e4
    y_val = np.arange(n_val) % len(counts)
    x_val = y_val[:, None] * 1.0
    return train.Dataset(x, y, x_val, y_val, x_val, y_val, classes=len(counts), name="tailed")


def test_imbalance_gives_the_classes_a_long_tail_and_spares_the_test_set():
    data = tailed([1000, 1000, 1000], 300)
    rare = train.with_imbalance(data, 100.0, np.random.default_rng(0))
    assert np.bincount(rare.y_train).tolist() == [1000, 100, 10]
    assert np.bincount(rare.y_val).tolist() == [100, 10, 1]
    assert np.array_equal(rare.y_test, data.y_test)
    assert rare.name == "tailed, imbalance 100"
    # samples keep their labels, and none occurs twice
    where = np.rint(rare.x_train[:, 0] * 1e4).astype(int)
    assert len(set(where)) == len(where)
    assert np.array_equal(data.y_train[where], rare.y_train)
    # which ones stay is the generator's choice alone
    again = train.with_imbalance(data, 100.0, np.random.default_rng(0))
    other = train.with_imbalance(data, 100.0, np.random.default_rng(1))
    assert np.array_equal(again.x_train, rare.x_train)
    assert not np.array_equal(other.x_train, rare.x_train)
    same = train.with_imbalance(data, 1, np.random.default_rng(0))
    assert np.array_equal(same.x_train, data.x_train)
    # a class that is rare already bounds the others: 40 = 400 / 10
    bounded = train.with_imbalance(tailed([1000, 500, 40], 300), 10.0, np.random.default_rng(0))
    assert np.bincount(bounded.y_train).tolist() == [400, 126, 40]  # 400 / sqrt(10) = 126.5
    for ratio in (1e9, 1e308):
        extreme = train.with_imbalance(data, ratio, np.random.default_rng(0))
        assert np.bincount(extreme.y_train).tolist() == [1000, 1, 1]


def test_subsets_keep_the_proportions_and_samples_their_labels():
    data = tailed([600, 300, 100], 30)
    few = train.subset(data, 100, np.random.default_rng(0))
    assert np.abs(np.bincount(few.y_train) - [60, 30, 10]).max() <= 1
    where = np.rint(few.x_train[:, 0] * 1e4).astype(int)
    assert len(set(where)) == 100
    assert np.array_equal(data.y_train[where], few.y_train)
    assert np.array_equal(few.x_val, data.x_val)
    assert np.array_equal(few.x_test, data.x_test)
    assert few.name == "tailed, 100 samples"
    assert np.bincount(train.subset(data, 9, np.random.default_rng(0), n_val=3).y_val).sum() == 3


def test_bad_changes_to_a_dataset_are_refused():
    rng = np.random.default_rng(0)
    data = tailed([5, 5, 5], 3)
    for ratio in (0.5, math.nan, math.inf):
        with pytest.raises(ValueError, match="ratio must be a finite number at least 1"):
            train.with_imbalance(data, ratio, rng)
    with pytest.raises(
        ValueError, match=r"every class must have .* training set has none of cl.* 1"
    ):
        train.with_imbalance(tailed([5, 0, 5], 3), 2.0, rng)
    with pytest.raises(ValueError, match="the validation set has none of class 2"):
        train.with_imbalance(tailed([5, 5, 5], 2), 2.0, rng)
    for n, message in [
        (0, "n_train must be an integer of at least 1; got 0"),
        (16, "n_train must leave a sample for every part; got 16 of 15 samples"),
    ]:
        with pytest.raises(ValueError, match=message):
            train.subset(data, n, rng)
    with pytest.raises(ValueError, match=r"n_val must leave .* got 4 of 3 samples"):
        train.subset(data, 1, rng, n_val=4)
    for change in (train.with_imbalance, train.subset):
        with pytest.raises(TypeError, match="rng must be a numpy"):
            change(data, 2, 0)


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


# checksums


def test_files_are_held_against_the_checksums_beside_them(image_folder):
    names = sorted(path.name for path in image_folder.iterdir())
    lines = [
        f"{hashlib.md5((image_folder / name).read_bytes()).hexdigest()}  {name}" for name in names
    ]
    sums = image_folder / "MD5SUMS"

    def read():
        return train.idx(image_folder, np.random.default_rng(0), n_val=10)

    sums.write_text("\n".join([*lines, "0" * 32 + " *another-file"]) + "\n")
    assert len(read().y_test) == 10
    damaged = image_folder / "t10k-images-idx3-ubyte"
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match=r"t10k-images-idx3-ubyte has the md5 sum .* states .* ag"):
        read()
    sums.write_text(lines[0] + "\nnonsense\n")
    with pytest.raises(ValueError, match=r"MD5SUMS, line 2 must be a sum of 32 .* got 'nonsense'"):
        read()
    sums.unlink()
    assert len(read().y_test) == 10


# CIFAR-10


def cifar_bytes(labels):
    """Images whose red plane is the label, whose green is a ramp along the rows, blue down them."""
    ramp = np.arange(32)
    pieces = []
    for label in labels:
        red = np.full((32, 32), label)
        planes = np.stack([red, np.tile(ramp, (32, 1)), np.tile(ramp[:, None], (1, 32))])
        pieces.append(bytes([label]) + planes.astype(np.uint8).tobytes())
    return b"".join(pieces)


@pytest.fixture
def cifar_folder(tmp_path):
    for number in range(1, 6):
        (tmp_path / f"data_batch_{number}.bin").write_bytes(cifar_bytes(range(10)))
    (tmp_path / "test_batch.bin").write_bytes(cifar_bytes([3, 1, 4]))
    return tmp_path


def test_the_binary_version_of_cifar10_is_read(cifar_folder):
    data = train.cifar10(cifar_folder, np.random.default_rng(0), n_val=10)
    assert data.x_train.shape == (40, 3, 32, 32)
    assert (data.classes, data.name) == (10, cifar_folder.name)
    assert data.y_test.tolist() == [3, 1, 4]
    assert np.array_equal(np.bincount(data.y_val), np.ones(10))
    ramp = np.arange(32) / 255
    for x, y in [(data.x_train, data.y_train), (data.x_test, data.y_test)]:
        red, green, blue = x.transpose(1, 0, 2, 3)
        assert red == pytest.approx(np.broadcast_to(y[:, None, None] / 255, red.shape), rel=1e-6)
        assert green == pytest.approx(np.broadcast_to(ramp, green.shape), rel=1e-6)
        assert blue == pytest.approx(np.broadcast_to(ramp[:, None], blue.shape), rel=1e-6)
    fewer = train.cifar10(str(cifar_folder), np.random.default_rng(0), n_train=20, n_val=10)
    assert np.array_equal(np.bincount(fewer.y_train), np.full(10, 2))


def test_bad_cifar10_files_are_refused(cifar_folder):
    def read(**options):
        return train.cifar10(cifar_folder, np.random.default_rng(0), **{"n_val": 10, **options})

    batch = cifar_folder / "data_batch_3.bin"
    good = batch.read_bytes()
    for content, message in [
        (b"", "records of 3073 bytes.*got 0 bytes"),
        (good[:-1], r"data_batch_3.*records of 3073 bytes.*got 30729 bytes \(cut short"),
        (good + b"\x00", "got 30731 bytes"),
        (cifar_bytes([0, 10]), "labels in .*data_batch_3.* from 0 to 9.*got 10 at index 1"),
        (pickle.dumps({"data": np.zeros(3072)}), "or not the binary version"),
    ]:
        batch.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            read()
    batch.write_bytes(good)
    (cifar_folder / "MD5SUMS").write_text("0" * 32 + "  test_batch.bin\n")
    with pytest.raises(ValueError, match=r"test_batch.bin has the md5 sum"):
        read()
    (cifar_folder / "MD5SUMS").unlink()
    with pytest.raises(ValueError, match="got 50 of 50 samples"):
        read(n_val=50)
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.cifar10(cifar_folder, 0)
    batch.unlink()
    with pytest.raises(FileNotFoundError, match=r"no data_batch_3\.bin .* binary version of CIFAR"):
        read()


# archives


def test_archives_are_read_with_and_without_a_test_set(tmp_path):
    y = np.arange(50) % 5
    x = 10.0 * y[:, None] + np.arange(3)
    np.savez(tmp_path / "own.npz", X=x, y=y.astype(np.uint8))
    data = train.npz(tmp_path / "own.npz", np.random.default_rng(0))
    assert [len(part) for part in (data.y_train, data.y_val, data.y_test)] == [30, 10, 10]
    assert (data.classes, data.name, data.inputs) == (5, "own", (3,))
    assert np.array_equal(np.bincount(data.y_test), np.full(5, 2))
    for features, labels in [(data.x_train, data.y_train), (data.x_test, data.y_test)]:
        assert np.array_equal(features, 10.0 * labels[:, None] + np.arange(3))
    sized = train.npz(tmp_path / "own.npz", np.random.default_rng(0), n_val=5, n_test=20, classes=7)
    assert (len(sized.y_train), len(sized.y_val), len(sized.y_test)) == (25, 5, 20)
    assert sized.classes == 7

    np.savez_compressed(tmp_path / "two.npz", X=x, y=y, X_test=x[:4] + 1, y_test=y[:4], other=y)
    data = train.npz(str(tmp_path / "two.npz"), np.random.default_rng(0))
    assert [len(part) for part in (data.y_train, data.y_val, data.y_test)] == [40, 10, 4]
    assert np.array_equal(data.x_test, x[:4] + 1)
    assert np.array_equal(data.y_test, y[:4])
    with pytest.raises(ValueError, match=r"n_test must be left out: .* a test set of its own"):
        train.npz(tmp_path / "two.npz", np.random.default_rng(0), n_test=3)


class Bomb:
    """What a pickle may do when it is loaded."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def test_bad_archives_are_refused_and_no_pickle_is_loaded(tmp_path):
    x, y = np.zeros((10, 2)), np.arange(10) % 2
    path = tmp_path / "bad.npz"

    def read(**options):
        return train.npz(path, np.random.default_rng(0), **options)

    def saved(**arrays):
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    with pytest.raises(FileNotFoundError, match=r"no file .*bad.npz"):
        read()
    single = io.BytesIO()
    np.save(single, x)
    whole = saved(X=x, y=y)
    pickled = np.empty(10, dtype=object)
    pickled[:] = [Bomb()] * 10
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("X.npy", b"\x93NUMPY\x01\x00 no header at all")
        archive.writestr("y.npy", b"")
    broken = bytearray(whole)
    broken[200] ^= 1  # in the data of X: the archive's own checksum tells
    for content, message in [
        (b"", "not a whole .npz file of plain arrays"),
        (b"plain text", "plain arrays: it is no archive of arrays, as numpy.savez writes it"),
        (pickle.dumps(Bomb()), "plain arrays: it is no archive of arrays, as numpy.savez writes"),
        (whole[:-30], "not a whole .npz file of plain arrays"),
        (bytes(broken), "not a whole .npz file of plain arrays"),
        (inside.getvalue(), "not a whole .npz file of plain arrays"),
        (single.getvalue(), r"it holds a single array \(numpy.savez"),
        (saved(X=pickled, y=y), "plain arrays: Object arrays cannot be loaded"),
        (saved(x=x, y=y), "must hold the arrays X, y; it lacks X and holds x, y"),
        (saved(X=x, y=y, X_test=x), "X, y, X_test, y_test; it lacks y_test"),
        (saved(X=x[:9], y=y), "x must have a row for each of the 10 labels"),
        (saved(X=x + np.nan, y=y), "x must be finite"),
        (saved(X=x, y=y - 1), "y must be integers from 0 to .* got -1 at index 0"),
        (saved(X=x, y=y + 1), r"y must have a sample of every label from 0 to 2 .* none is 0"),
        (saved(X=x, y=3 * y), "every label from 0 to 3 if classes is left out; none is 1"),
        (saved(X=x, y=0 * y), "classes must be an integer of at least 2; got 1"),
        (saved(X=x, y=y, X_test=x, y_test=2 * y), "y_test must be integers from 0 to 1.*got 2"),
        (saved(X=x, y=y, X_test=x[:, :1], y_test=y), r"x_test must hold samples of shape \(2,\)"),
        (saved(X=x, y=y[:, None]), "y must be a non-empty 1-D array"),
    ]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            read()
    for content, message in [
        (saved(X=x, y=y * 1.0), "y must be integers.*got dtype float64"),
        (saved(X=x.astype(str), y=y), "x must be real numbers; got dtype"),
    ]:
        path.write_bytes(content)
        with pytest.raises(TypeError, match=message):
            read()
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="classes must be an integer of at least 2; got 1"):
        read(classes=1)
    with pytest.raises(ValueError, match="got 12 of 10 samples"):
        read(n_val=10)
    with pytest.raises(TypeError, match="rng must be a numpy"):
        train.npz(path, 0)
    (tmp_path / "MD5SUMS").write_text("f" * 32 + "  ./bad.npz\n")
    with pytest.raises(ValueError, match=r"bad.npz has the md5 sum"):
        read()


# the real files


def real(name, sign):
    folder = REAL / name
    if not (folder / sign).is_file():
        pytest.skip(f"no {name}/{sign} in {REAL}; MITHEORY_DATA names the folder that has it")
    return folder


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_the_real_idx_files(name):
    folder = real(name, "train-images-idx3-ubyte.gz")
    data = train.idx(folder, np.random.default_rng(0), n_train=1000, n_val=1000)
    assert data.x_train.shape == (1000, 1, 28, 28)
    assert data.x_test.shape == (10_000, 1, 28, 28)
    assert data.x_train.min() == 0.0
    assert data.x_train.max() == 1.0
    if name == "mnist":
        assert data.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    else:
        assert np.array_equal(np.bincount(data.y_test), np.full(10, 1000))


def test_the_real_cifar10_files():
    folder = real("cifar10", "test_batch.bin")
    data = train.cifar10(folder, np.random.default_rng(0), n_train=1000)
    assert data.x_train.shape == (1000, 3, 32, 32)
    assert np.array_equal(np.bincount(data.y_test), np.full(10, 1000))
    assert data.y_test[:5].tolist() == [3, 8, 8, 0, 6]
