"""I(X;Y|Z) of numbers and symbols, against brute force and against exact partial correlations."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.conditional import frenzel_pompe as oracle

import mitheory as mt
from mitheory.neighbors import conditional_information, information
from mitheory.neighbors.variables import as_variable

COV = np.array([[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]])  # of X, Y, Z


def normal(n, seed=0, cov=COV):
    return np.random.default_rng(seed).multivariate_normal(np.zeros(len(cov)), cov, n)


def exact(cov):
    """-(1/2) ln(1 - r^2) for the partial correlation r of the first two given the others."""
    precision = np.linalg.inv(cov)
    return -0.5 * math.log1p(-(precision[0, 1] ** 2) / (precision[0, 0] * precision[1, 1]))


def by_oracle(x, y, z, k, scale="standardise", norm="max"):
    return oracle(*(as_variable(v, scale=scale).values for v in (x, y, z)), k, norm)


def columns(kind, n, rng):
    return {
        "numbers": lambda: rng.normal(size=n),
        "plane": lambda: rng.normal(size=(n, 2)),
        "ties": lambda: rng.integers(0, 4, n) / 2,
        "zeros": lambda: np.maximum(rng.normal(size=n), 0.0),
        "constant": lambda: np.full(n, 1.5),
        "symbols": lambda: rng.integers(0, 3, n),
        "names": lambda: rng.choice(["a", "b", "c", "d", "once"], n, p=[0.4, 0.3, 0.2, 0.09, 0.01]),
    }[kind]()


KINDS = ("numbers", "plane", "ties", "zeros", "constant", "symbols", "names")


@pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")  # few samples
@pytest.mark.parametrize("given_z", KINDS)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("numbers", "numbers"),
        ("plane", "ties"),
        ("zeros", "symbols"),
        ("names", "plane"),
        ("symbols", "names"),
        ("constant", "numbers"),
    ],
)
def test_agrees_with_brute_force(first, second, given_z):
    rng = np.random.default_rng(3)
    for k in (1, 4):
        x, y, z = (columns(kind, 40, rng) for kind in (first, second, given_z))
        value = conditional_information(x, y, z, k=k).value
        assert value == pytest.approx(by_oracle(x, y, z, k), abs=1e-12)


@pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")  # few samples
@pytest.mark.parametrize("norm", ["max", "euclidean", "manhattan"])
def test_agrees_with_brute_force_in_any_norm(norm):
    rng = np.random.default_rng(5)
    x, y, z = (rng.normal(size=(60, d)) for d in (2, 1, 3))
    for scale in ("none", "rank"):
        value = conditional_information(x, y, z, norm=norm, scale=scale).value
        assert value == pytest.approx(by_oracle(x, y, z, 3, scale, norm), abs=1e-12)


def test_scales_and_translations_far_away():
    x, y, z = normal(300).T
    reference = conditional_information(x, y, z).value
    moved = conditional_information(2.0**700 * x, -(2.0**-700) * y, z + 1e6)
    assert moved.value == pytest.approx(reference, abs=1e-6)


@pytest.mark.parametrize("method", ["ksg", "gaussian", "gaussian_copula"])
def test_normal_variables(method):
    values = [
        conditional_information(*normal(1000, seed).T, method=method).value for seed in range(12)
    ]
    error = np.std(values, ddof=1) / math.sqrt(len(values))
    bias = {"ksg": 0.01, "gaussian": 0.0, "gaussian_copula": 0.004}[method]
    assert abs(np.mean(values) - exact(COV)) < 4 * error + bias


def test_gaussian_is_unbiased_with_few_samples():
    values = [
        conditional_information(*normal(12, seed).T, method="gaussian").value
        for seed in range(4000)
    ]
    error = np.std(values, ddof=1) / math.sqrt(len(values))
    assert abs(np.mean(values) - exact(COV)) < 4 * error


def test_a_common_cause_is_taken_out():
    z = np.random.default_rng(1).normal(size=4000)
    noise = np.random.default_rng(2).normal(size=(2, 4000))
    x, y = z + 0.5 * noise
    assert information(x, y, method="ksg").value > 0.4
    assert abs(conditional_information(x, y, z).value) < 0.03


def test_a_constant_condition_is_no_condition():
    x, y = np.random.default_rng(4).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 200).T
    constant = np.zeros(200)
    for k in (1, 3):
        assert conditional_information(x, y, constant, k=k).value == pytest.approx(
            information(x, y, method="ksg", k=k).value, abs=1e-12
        )


def test_a_constant_tells_nothing():
    _, y, z = normal(100).T
    assert conditional_information(np.ones(100), y, z).value == pytest.approx(0.0, abs=1e-14)


def test_symbols_alone_come_close_to_the_entropies():
    rng = np.random.default_rng(6)
    x, z = rng.integers(0, 2, (2, 3000))
    y = np.where(rng.random(3000) < 0.8, x ^ z, rng.integers(0, 2, 3000))
    truth = math.log(2) + 0.9 * math.log(0.9) + 0.1 * math.log(0.1)
    value = conditional_information(x, y, z).value
    assert value == pytest.approx(mt.conditional_mutual_information(x, y, z), abs=2e-3)
    assert value == pytest.approx(truth, abs=0.05)


@pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")  # few samples
@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_symmetric_and_free_of_order(seed, k):
    rng = np.random.default_rng(seed)
    x, y, z = rng.normal(size=(3, 30)).round(rng.integers(0, 3))
    value = conditional_information(x, y, z, k=k).value
    assert conditional_information(y, x, z, k=k).value == pytest.approx(value, abs=1e-12)
    order = rng.permutation(30)
    shuffled = conditional_information(x[order], y[order], z[order], k=k).value
    assert shuffled == pytest.approx(value, abs=1e-12)


def test_the_result_tells_how_it_was_made():
    x, y, z = normal(50).T
    found = conditional_information(x, y, z > 0, k=5, norm="euclidean")
    assert (found.method, found.k, found.n, found.norm) == ("ksg", 5, 50, "euclidean")
    assert found.kinds == ("continuous", "continuous", "discrete")
    assert any("z is taken as discrete" in note for note in found.notes)


def test_a_condition_of_too_many_columns_is_said():
    x, y, z = normal(200).T
    many = np.random.default_rng(1).normal(size=(200, 12))
    for condition in (many, np.c_[many[:, :-1], z > 0]):
        with pytest.warns(mt.RegimeWarning, match="ksg: .* in 14 columns n = 200 is few"):
            found = conditional_information(x, y, condition)
        assert any("14 columns" in note for note in found.notes)
    with pytest.warns(mt.RegimeWarning, match="in 13 columns"):  # of the same symbol of Y
        mt.conditional_mutual_information(x, y > 0, many, method="ksg")
    conditional_information(x, y, many, method="gaussian")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"z": np.zeros(9)}, "must have a row for each sample; got 10, 10 and 9 rows"),
        ({"k": 10}, "k must be less than the number of samples; got k = 10 and 10 samples"),
        ({"k": 0}, "k must be an integer of at least 1"),
        ({"method": "ross"}, "unknown method 'ross'"),
        ({"norm": "cosine"}, "unknown norm 'cosine'"),
        ({"x": [np.nan] * 10}, "x must be finite numbers"),
        ({"kinds": ("mixed", None)}, "kinds must be three, of x, y and z; got .'mixed', None"),
        ({"kinds": "mixed"}, "kinds must be three"),
        ({"kinds": None}, "kinds must be three"),
        ({"method": "gaussian", "z": list("ababababab")}, "z is discrete .method='ksg'"),
        ({"method": "gaussian", "x": list("ababababab")}, "x is discrete"),
    ],
)
def test_refusals(change, message):
    x, y, z = normal(10).T
    arguments = {"x": x, "y": y, "z": z, **change}
    with pytest.raises(ValueError, match=message):
        conditional_information(**arguments)


def test_the_verb_takes_the_methods_for_numbers():
    x, y, z = normal(100).T
    for method in ("ksg", "gaussian"):
        value = mt.conditional_mutual_information(x, y, z, method=method, k=4)
        assert value == conditional_information(x, y, z, method=method, k=4).value
    with pytest.raises(TypeError, match="takes samples"):
        mt.conditional_mutual_information(np.ones((2, 2, 2), dtype=int), method="ksg")
    with pytest.raises(TypeError, match="no argument k"):
        mt.conditional_mutual_information(x > 0, y > 0, z > 0, k=4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mt.conditional_mutual_information(x > 0, y > 0, z > 0) > 0
