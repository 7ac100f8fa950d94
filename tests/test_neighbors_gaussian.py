"""Information from covariances, and from the covariances of normal scores."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma, ndtri

import mitheory as mt
from mitheory.neighbors.gaussian import gaussian, gaussian_copula
from mitheory.neighbors.variables import Variable, as_variable


def variable(values, name="x"):
    values = np.asarray(values, dtype=float)
    return Variable(values.reshape(len(values), -1), "continuous", name)


def estimate(x, y, function=gaussian):
    return function(variable(x), variable(y, "y"))


def by_determinants(x, y):
    """The definition: a ratio of determinants, and its expected excess under the Wishart law."""
    n, dx, dy = len(x), x.shape[1], y.shape[1]

    def logdet(z):
        return np.linalg.slogdet(np.atleast_2d(np.cov(z.T)))[1]

    def excess(d):
        return sum(digamma((n - i) / 2) for i in range(1, d + 1))

    found = logdet(x) + logdet(y) - logdet(np.column_stack([x, y]))
    return (found - excess(dx) - excess(dy) + excess(dx + dy)) / 2


@pytest.mark.parametrize(("n", "dx", "dy"), [(4, 1, 1), (7, 2, 4), (40, 3, 1), (1000, 5, 5)])
def test_it_is_the_ratio_of_determinants_less_its_excess(n, dx, dy):
    rng = np.random.default_rng(n)
    z = rng.standard_normal((n, dx + dy)) @ rng.standard_normal((dx + dy, dx + dy)) + 5
    assert estimate(z[:, :dx], z[:, dx:]) == pytest.approx(
        by_determinants(z[:, :dx], z[:, dx:]), rel=1e-9
    )


@pytest.mark.parametrize("n", [4, 5, 20])
@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
def test_it_has_no_bias_for_two_normal_scalars(n, rho):
    """By the exact law of the sample correlation (Hotelling 1953), and its quadrature."""

    def density(r):
        return (
            (n - 2)
            * mpmath.gamma(n - 1)
            * (1 - rho**2) ** mpmath.mpf((n - 1) / 2)
            * (1 - r**2) ** mpmath.mpf((n - 4) / 2)
            / (mpmath.sqrt(2 * mpmath.pi) * mpmath.gamma(n - 0.5))
            / (1 - rho * r) ** mpmath.mpf(n - 1.5)
            * mpmath.hyp2f1(0.5, 0.5, n - 0.5, (rho * r + 1) / 2)
        )

    # with r = tanh t the ends are smooth
    def integral(f):
        return mpmath.quad(
            lambda t: f(mpmath.tanh(t)) / mpmath.cosh(t) ** 2, [-25, -2, 0, 1, 2, 4, 25]
        )

    assert float(integral(density)) == pytest.approx(1, abs=1e-9)
    mean = float(integral(lambda r: -mpmath.log(1 - r**2) / 2 * density(r)))
    # the estimate from the correlation r is -ln(1 - r^2) / 2 less a number that only n changes
    x = np.random.default_rng(0).standard_normal((n, 2))
    r = np.corrcoef(x.T)[0, 1]
    excess = -0.5 * math.log(1 - r**2) - estimate(x[:, 0], x[:, 1])
    truth = mt.laws.MultivariateNormal.bivariate(rho).information() if rho else 0.0
    assert mean - excess == pytest.approx(truth, abs=1e-8)


def test_it_has_no_bias_for_normal_vectors():
    rng = np.random.default_rng(4)
    root = rng.standard_normal((5, 5))
    truth = mt.laws.MultivariateNormal(root @ root.T, split=3).information()
    found = []
    for _ in range(2000):
        z = rng.standard_normal((9, 5)) @ root.T
        found.append(estimate(z[:, :3], z[:, 3:]))
    error = np.std(found) / math.sqrt(len(found))
    assert np.mean(found) == pytest.approx(truth, abs=4 * error)
    assert error < 0.02


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 3))
def test_linear_maps_do_not_matter_and_x_and_y_may_be_swapped(seed, dx, dy):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((30, dx + dy))
    z[:, 0] += z[:, -1]
    x, y = z[:, :dx], z[:, dx:]
    value = estimate(x, y)
    assert estimate(y, x) == pytest.approx(value, abs=1e-12)
    mapped = x @ (rng.standard_normal((dx, dx)) + 4 * np.eye(dx)) + rng.standard_normal(dx)
    assert estimate(mapped, y) == pytest.approx(value, abs=1e-10)
    assert estimate(x * 1e150, y * 1e-150) == pytest.approx(value, abs=1e-10)
    order = rng.permutation(30)
    assert estimate(x[order], y[order]) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("noise", [1e-3, 1e-6, 1e-9, 1e-12])
def test_strong_dependence_keeps_its_digits(noise):
    # orthogonal by construction: the unexplained share is known
    t = np.arange(64) / 64 * 2 * math.pi
    x, rest = np.cos(t), np.sin(t)
    excess = (digamma(63 / 2) - digamma(62 / 2)) / 2
    expected = 0.5 * math.log1p(noise**-2) - excess
    assert estimate(x, x + noise * rest) == pytest.approx(expected, abs=1e-15 / noise + 1e-12)


def test_weak_dependence_and_negative_estimates():
    t = np.arange(64) / 64 * 2 * math.pi
    excess = (digamma(63 / 2) - digamma(62 / 2)) / 2
    assert estimate(np.cos(t), np.sin(t)) == pytest.approx(-excess, abs=1e-15)


def test_huge_and_tiny_numbers():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 100))
    value = estimate(x, x + y)
    assert estimate(x * 1e307, (x + y) * 1e307) == pytest.approx(value, abs=1e-12)
    assert estimate(x * 1e-307, x + y) == pytest.approx(value, abs=1e-12)


def test_copula_takes_normal_scores():
    x, y = np.array([3.0, 1.0, 2.0, 9.0, 5.0]), np.array([1.0, 1.0, 4.0, 3.0, 8.0])
    scores = ndtri(np.array([3, 1, 2, 5, 4]) / 6), ndtri(np.array([1.5, 1.5, 4, 3, 5]) / 6)
    assert estimate(x, y, gaussian_copula) == pytest.approx(estimate(*scores), abs=1e-12)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.integers(0, 2**32))
def test_monotone_maps_do_not_matter_to_the_copula(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((50, 2))
    y = x[:, :1] + rng.standard_normal((50, 1))
    value = estimate(x, y, gaussian_copula)
    assert estimate(np.exp(x), y**3, gaussian_copula) == pytest.approx(value, abs=1e-12)


def test_copula_finds_the_information_of_a_normal_copula():
    rng = np.random.default_rng(6)
    truth = mt.laws.MultivariateNormal.bivariate(0.7).information()
    found = []
    for _ in range(40):
        z = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], size=800)
        found.append(estimate(np.exp(z[:, 0]), np.arctan(z[:, 1]), gaussian_copula))
    margin = 4 * np.std(found) / math.sqrt(40) + 0.005
    assert np.mean(found) == pytest.approx(truth, abs=margin)


def test_what_is_refused():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 20))
    with pytest.raises(ValueError, match="y is discrete"):
        gaussian(variable(x), as_variable(np.arange(20), name="y"))
    with pytest.raises(ValueError, match="y is discrete"):
        gaussian_copula(variable(x), as_variable(np.arange(20), name="y"))
    with pytest.raises(ValueError, match="x must vary; column 1 is the same in every sample"):
        estimate(np.column_stack([x, np.full(20, 0.1)]), y)
    with pytest.raises(ValueError, match="x must vary; column 0 is the same"):
        estimate(np.zeros(20), y)
    with pytest.raises(ValueError, match=r"covariance of x is singular: .* column 2"):
        estimate(np.column_stack([x, y, x - 3 * y]), rng.standard_normal(20))
    for other in (x, 2 * x + 1, -x):
        with pytest.raises(ValueError, match="x and y determine each other linearly"):
            estimate(x, other)
    with pytest.raises(ValueError, match="2 columns needs more samples than columns; got 2"):
        estimate(x[:2], y[:2])
