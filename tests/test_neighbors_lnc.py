"""The correction for neighbours in a box that is thin, but along no axis."""

import warnings

import numpy as np
import pytest
from oracles import neighbors as oracle

import mitheory as mt
from mitheory import laws
from mitheory.neighbors import METHODS, information
from mitheory.neighbors.lnc import RARE, _log_ratios, _threshold
from mitheory.neighbors.variables import as_variable


def rng(seed=0):
    return np.random.default_rng(seed)


def clouds(n=80):
    """Pairs of variables of strong and of weak dependence, by name."""
    z = rng(3).normal(size=(n, 6))
    return {
        "independent": (z[:, :1], z[:, 1:2]),
        "nearly a line": (z[:, :1], 3.0 * z[:, :1] + 1e-6 * z[:, 1:2]),
        "nearly a curve": (z[:, :1], np.sin(2 * z[:, :1]) + 1e-3 * z[:, 1:2]),
        "nearly a plane": (z[:, :2], z[:, :1] - z[:, 1:2] + 1e-5 * z[:, 2:3]),
        "columns that repeat others": (np.c_[z[:, 0], z[:, 0] + 1e-6 * z[:, 1]], z[:, 2:3]),
        "two and two": (z[:, :2], z[:, :2] + 1e-4 * z[:, 2:4]),
    }


def estimate(x, y, k, **settings):
    pair = (as_variable(v, "continuous", scale="none") for v in (x, y))
    return METHODS["lnc"](*pair, k=k, **settings)


@pytest.mark.parametrize("k", [5, 12])
@pytest.mark.parametrize("name", clouds())
def test_agrees_with_the_definition(name, k):
    x, y = clouds()[name]
    threshold = _threshold(k, x.shape[1], y.shape[1])
    # the least side of a box of ratio 1e-6 has about 1e-10 of relative rounding
    assert estimate(x, y, k) == pytest.approx(oracle.lnc(x, y, k, threshold), abs=1e-8)
    assert estimate(x, y, k, workers=2) == estimate(x, y, k)


@pytest.mark.parametrize(("k", "dx", "dy"), [(3, 1, 1), (5, 1, 1), (10, 2, 1), (20, 3, 3)])
def test_even_neighbours_are_seldom_taken_for_a_thin_box(k, dx, dy):
    n = 40_000
    gaps = rng(7).uniform(-1, 1, (n, k, dx + dy))
    gaps[np.arange(n), 0, rng(8).integers(0, dx + dy, n)] = -1.0
    logs, flat = _log_ratios(gaps, dx, np.zeros(n))
    assert not flat.any()
    # 100 of 20 000 draws set the threshold: it is known to a tenth, the share to a fifteenth
    assert np.mean(logs < _threshold(k, dx, dy)) == pytest.approx(RARE, rel=0.5)


@pytest.mark.parametrize(("rho", "k"), [(1 - 1e-8, 5), (1 - 1e-12, 5), (0.9999, 3)])
def test_strong_dependence(rho, k):
    law = laws.MultivariateNormal.bivariate(rho)
    missed = {"ksg": [], "lnc": []}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)  # of ksg, at its ceiling
        for seed in range(8):
            x, y = law.sample(400, rng(seed))
            for method, found in missed.items():
                found.append(law.information() - information(x, y, method=method, k=k).value)
    assert abs(np.mean(missed["lnc"])) < 0.2
    assert np.mean(missed["ksg"]) > 1.5 * abs(np.mean(missed["lnc"]))


@pytest.mark.parametrize("d", [1, 2])
def test_weak_dependence_is_left_nearly_as_it_is(d):
    law = laws.MultivariateNormal(np.kron([[1.0, 0.3], [0.3, 1.0]], np.eye(d)), d)
    x, y = law.sample(2000, rng())
    plain, corrected = (information(x, y, method=m, k=10).value for m in ("ksg2", "lnc"))
    assert plain <= corrected < plain + 0.03


def test_columns_of_one_variable_that_repeat_each_other_tell_nothing_more():
    law = laws.MultivariateNormal.bivariate(0.8)
    x, y = law.sample(1000, rng())
    twice = np.c_[x, x + 1e-7 * rng(1).normal(size=x.shape)]
    assert information(twice, y, method="lnc", k=10).value == pytest.approx(
        law.information(), abs=0.1
    )
    exactly = np.c_[x, x]
    assert information(exactly, y, method="lnc", k=10).value == pytest.approx(
        information(x, y, method="ksg2", k=10).value, abs=0.02
    )


def test_what_must_not_matter():
    x, y = clouds(200)["nearly a curve"]
    value = estimate(x, y, 6)
    order = rng().permutation(200)
    assert estimate(x[order], y[order], 6) == pytest.approx(value, abs=1e-12)
    assert estimate(y, x, 6) == pytest.approx(value, abs=1e-12)
    for power in (-900, 800):
        scaled = estimate(np.ldexp(x, power), np.ldexp(y, power), 6)
        assert scaled == pytest.approx(value, abs=1e-12)


def test_numbers_that_determine_each_other_are_said():
    x = rng().normal(size=(100, 1))
    ceiling = METHODS["ksg2"](*(as_variable(v) for v in (x, 3 * x)), k=5)
    with pytest.warns(mt.RegimeWarning, match="lnc: the neighbours of 100 of 100 samples lie on"):
        assert information(x, 3 * x + 1, method="lnc", k=5).value == pytest.approx(ceiling)
    with pytest.warns(mt.RegimeWarning, match="ksg2: 100 of 100 samples coincide"):
        constant = information(np.ones(100), x, method="lnc", k=5).value
    assert constant < 0


def test_an_estimate_at_its_ceiling_names_the_method():
    x = rng().normal(size=100)
    y = x + 1e-9 * rng(1).normal(size=100)
    with pytest.warns(mt.RegimeWarning, match="method='lnc'"):
        information(x, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert information(x, y, method="lnc", k=5).value > 15.0


def test_refusals():
    x, y = rng().normal(size=(2, 50))
    with pytest.raises(ValueError, match=r"more neighbours than columns.*k = 2 and 2 columns"):
        information(x, y, method="lnc", k=2)
    with pytest.raises(ValueError, match="takes norm='max' only; got 'euclidean'"):
        information(x, y, method="lnc", norm="euclidean")
    with pytest.raises(ValueError, match="lnc needs numbers with a density; y is discrete"):
        information(x, y > 0, method="lnc")
    with pytest.raises(ValueError, match="k must be less than the number of samples"):
        mt.feature_information(x[:, None], y, method="lnc", k=50)
