"""Information between numbers and a label, from neighbours of the same label."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.ross import ross as oracle
from scipy.special import digamma

import mitheory as mt
from mitheory.neighbors.ross import LabelSizes, ross
from mitheory.neighbors.variables import Variable, as_variable

NORMS = ("max", "euclidean", "manhattan")
law = settings(deadline=None, derandomize=True, max_examples=60)


def estimate(x, y, k=3, norm="max"):
    x = np.asarray(x, dtype=float)
    numbers = Variable(x.reshape(len(x), -1), "mixed", "x")
    return ross(numbers, as_variable(y, "discrete", name="y"), k=k, norm=norm)


@st.composite
def samples(draw, least=1):
    """Numbers, with many ties or none, and labels."""
    n = draw(st.integers(least, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    y = rng.integers(0, draw(st.integers(1, 6)), n)
    kind = draw(st.sampled_from(["no ties", "lattice", "near a large number", "constant"]))
    x = {
        "no ties": rng.standard_normal(n) + y,
        "lattice": rng.integers(0, 8, n) * 0.1,
        "near a large number": 1e3 + np.round(rng.standard_normal(n), 1) * 0.1,
        "constant": np.full(n, 0.1),
    }[kind]
    return x, y, draw(st.integers(1, 6))


@law
@given(samples())
def test_scalars_agree_with_the_definition(data):
    x, y, k = data
    assert estimate(x, y, k) == pytest.approx(oracle(x, y, k), abs=1e-12)


@law
@given(samples(), st.sampled_from(NORMS))
def test_vectors_agree_with_the_definition(data, norm):
    x, y, k = data
    points = np.column_stack([x, np.round(np.cos(np.arange(x.size)), 1)])
    assert estimate(points, y, k, norm) == pytest.approx(oracle(points, y, k, norm), abs=1e-12)


@pytest.mark.parametrize("norm", NORMS)
def test_a_column_as_a_vector_is_the_scalar(norm):
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, 200)
    x = np.round(rng.standard_normal(200) + y, 1)
    twice = np.column_stack([x, np.zeros(200)])
    assert estimate(twice, y, 3, norm) == pytest.approx(estimate(x, y), abs=1e-12)


def test_by_hand():
    # two groups at unit steps: no sample is strictly nearer than the first neighbour
    x, y = [0, 1, 2, 10, 11, 12], [0, 0, 0, 1, 1, 1]
    assert estimate(x, y, 1) == pytest.approx(1 / 3 + 1 / 4 + 1 / 5, abs=1e-15)
    # 3 and 3 samples at 0, of 2 labels and 4 samples: all distances are 0
    x, y = [0, 0, 0, 5, 5, 5], [0, 0, 1, 1, 1, 0]
    terms = 2 / 6 * (2 * (digamma(2) - digamma(3)) + 0 - 0)
    alone = digamma(1) - digamma(3)  # its neighbour is across: only its own group is nearer
    expected = digamma(6) - digamma(3) + terms + 2 / 6 * alone
    assert estimate(x, y, 1) == pytest.approx(expected, abs=1e-15)


def test_without_ties_it_is_the_published_estimator():
    rng = np.random.default_rng(1)
    n, k = 300, 4
    y = rng.integers(0, 3, n)
    x = rng.standard_normal(n) + y
    distance = np.abs(x[:, None] - x)
    total = 0.0
    for i in range(n):
        radius = np.sort(distance[i, y == y[i]])[k]
        m = np.count_nonzero(distance[i] <= radius) - 1
        total += digamma(n) - digamma((y == y[i]).sum()) + digamma(k) - digamma(m)
    assert estimate(x, y, k) == pytest.approx(total / n, abs=1e-12)


@law
@given(samples(), st.integers(0, 2**32))
def test_what_must_not_matter(data, seed):
    x, y, k = data
    value = estimate(x, y, k)
    order = np.random.default_rng(seed).permutation(x.size)
    assert estimate(x[order], y[order], k) == value
    assert estimate(x, 7 - y, k) == pytest.approx(value, abs=1e-12)
    assert estimate(-x, y, k) == pytest.approx(value, abs=1e-12)
    assert estimate(x * 2.0**-300, y, k) == value
    swapped = ross(as_variable(y, "discrete"), Variable(x[:, None], "mixed", "y"), k=k)
    assert swapped == value


@pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")
@law
@given(samples())
def test_it_cannot_exceed_the_entropy_of_the_label(data):
    x, y, k = data
    most = LabelSizes.of(np.unique(y, return_inverse=True)[1]).entropy
    assert estimate(x, y, k) <= most + 1e-12
    counts = np.bincount(y)
    for method in ("plugin", "miller_madow"):
        assert mt.entropy(counts, method) <= most + 1e-12
    assert mt.entropy(counts) + (np.count_nonzero(counts) - 1) / (2 * y.size) <= most + 1e-12


@pytest.mark.parametrize("k", [1, 3, 10])
def test_a_constant_tells_nothing(k):
    y = (np.arange(200_000) % 2500 == 0).astype(int)  # 80 of the rarer label
    assert estimate(np.full(y.size, 0.1), y, k) == 0.0


def test_values_that_say_the_label_give_its_entropy():
    y = np.repeat([0, 1, 2], [50, 30, 20])
    most = LabelSizes.of(y).entropy
    assert estimate(y, y) == pytest.approx(most, abs=1e-13)
    assert estimate(y * 100 + np.linspace(0, 1, 100), y) == pytest.approx(most, abs=1e-13)
    assert most == pytest.approx(
        digamma(100) - (50 * digamma(50) + 30 * digamma(30) + 20 * digamma(20)) / 100
    )


def test_few_values_give_a_difference_of_entropies():
    rng = np.random.default_rng(5)
    table = rng.integers(20, 60, (4, 3))
    x, y = (a.ravel() for a in np.indices(table.shape))
    x, y = np.repeat(x, table.ravel()), np.repeat(y, table.ravel())

    def entropy(counts):
        return digamma(counts.sum()) - (counts * digamma(counts)).sum() / counts.sum()

    value = entropy(table.sum(0)) + entropy(table.sum(1)) - entropy(table)
    assert estimate(x, y) == pytest.approx(value, abs=1e-13)


def test_rare_labels():
    assert estimate([1.0, 5.0, 2.0, 9.0], [0, 1, 2, 3]) == 0.0  # each label once
    assert estimate([1.0], [0]) == 0.0
    # a label seen once stays among the neighbours of the others, and adds 0 itself
    x, y = [0.0, 1.0, 0.4], [0, 0, 1]
    expected = 2 / 3 * (digamma(3) - digamma(2) + digamma(1) - digamma(2))
    assert estimate(x, y) == pytest.approx(expected, abs=1e-15)
    # with fewer of its label than k + 1, a sample takes all of them
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal(40), np.arange(40) // 4
    assert estimate(x, y, 50) == estimate(x, y, 3)


def test_extreme_magnitudes():
    y = np.arange(60) % 2
    x = np.random.default_rng(0).standard_normal(60) + y
    value = estimate(x, y)
    assert estimate(np.ldexp(x, 1020), y) == value  # differences overflow if taken as they are
    assert estimate(np.ldexp(x, -1000), y) == value
    steps = np.arange(60) * 5e-324
    assert estimate(steps, y) == estimate(np.arange(60), y)


def test_a_batch_of_labellings_is_one_after_the_other():
    rng = np.random.default_rng(0)
    x, y = np.sort(np.round(rng.standard_normal(80), 1)), np.arange(80) % 3
    labels = rng.permuted(np.tile(y, (7, 1)), axis=1)
    batch = LabelSizes.of(y).information(x, np.arange(80), labels, 2)
    assert batch.tolist() == [estimate(x, row, 2) for row in labels]


@pytest.mark.parametrize("gamma", [0.25, 1.0, 4.0])
def test_it_finds_the_information_of_a_known_law(gamma):
    known = mt.laws.BinaryGaussian.from_snr(gamma)
    rng = np.random.default_rng(11)
    found = [estimate(*known.sample(2000, rng)) for _ in range(20)]
    # 4 standard errors, and a bias that is small at this n
    margin = 4 * np.std(found) / math.sqrt(20) + 0.005
    assert np.mean(found) == pytest.approx(known.information(), abs=margin)


def test_independence_gives_0_on_average_also_with_ties():
    rng = np.random.default_rng(12)
    for step in (1e-9, 0.5, 2.0):
        found = []
        for _ in range(30):
            x = np.rint(rng.standard_normal(1000) / step)
            found.append(estimate(x, rng.integers(0, 2, 1000)))
        assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / math.sqrt(30) + 0.001)
        assert min(found) < 0  # not clipped


def test_the_kinds_must_fit():
    number, label = as_variable([0.5, 1.5, 2.5]), as_variable([0, 1, 1], name="y")
    with pytest.raises(ValueError, match=r"one discrete variable.*x \(continuous\).*none is"):
        ross(number, number, k=1)
    with pytest.raises(ValueError, match=r"y \(discrete\) and y \(discrete\) both are"):
        ross(label, label, k=1)
