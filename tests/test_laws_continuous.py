"""Laws of continuous observations against golden values, 50 digits and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles import laws as oracle
from scipy import stats

from mitheory.laws import (
    AdditiveUniform,
    BinaryGaussian,
    BinaryLaplace,
    Channel,
    MultivariateNormal,
    MultivariateStudent,
    dirichlet,
)

RNG = np.random.default_rng
COV = np.array(
    [
        [2.0, 0.3, 0.8, -0.2],
        [0.3, 1.0, 0.1, 0.4],
        [0.8, 0.1, 1.5, 0.0],
        [-0.2, 0.4, 0.0, 0.7],
    ]
)


def close(truth, rel=2e-15):
    """Relative agreement alone: pytest.approx otherwise also accepts errors of 1e-12."""
    return pytest.approx(float(truth), rel=rel, abs=0.0)


def agrees(values, truth):
    """The mean of independent values is the truth, at five standard errors."""
    assert abs(values.mean() - truth) < 5 * values.std() / math.sqrt(values.size)


# --- binary Laplace ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "conditional"),
    [  # closed form at 40 digits
        (0.1, 0.68847218087274086268),
        (0.5, 0.6046275403586705187),
        (3, 0.075727614958867136765),
    ],
)
def test_laplace_golden_values(ratio, conditional):
    law = BinaryLaplace(2.0 * ratio, 2.0)
    assert law.conditional_entropy() == close(conditional)
    assert law.bayes_error() == close(math.exp(-ratio) / 2)


@pytest.mark.parametrize("prior", [1e-9, 0.01, 0.3, 0.5, 1 - 1e-6])
@pytest.mark.parametrize("ratio", [1e-8, 1e-3, 0.4, 1.0, 3.99, 4.01, 25.0])
def test_laplace_against_quadrature(ratio, prior):
    information, conditional, error = oracle.laplace(ratio, prior)
    law = BinaryLaplace(ratio, 1.0, prior)
    for value, truth in (
        (law.information(), information),
        (law.conditional_entropy(), conditional),
        (law.bayes_error(), error),
    ):
        # measured over this grid: at most 2.5e-15
        assert abs(mpf(value) / truth - 1) < 1e-14


def test_laplace_far_apart():
    _, conditional, error = oracle.laplace(300.0, 0.3)
    law = BinaryLaplace(300.0, 1.0, 0.3)
    assert law.conditional_entropy() == close(conditional, 1e-13)
    assert law.bayes_error() == close(error, 1e-13)
    law = BinaryLaplace(1e6, 1.0)
    assert law.conditional_entropy() == law.bayes_error() == 0.0
    assert law.information() == close(math.log(2))


def test_laplace_close_together():
    # the Fisher information of the mean is 1 / scale^2
    law = BinaryLaplace(3e-100, 1.5, 0.2)
    assert law.information() == close(0.5 * 0.16 * (4e-100) ** 2, 1e-14)
    assert law.conditional_entropy() == close(law.label_entropy())
    law = BinaryLaplace(0.0, 1.0, 0.2)
    assert law.information() == 0.0
    assert law.bayes_error() == 0.2
    assert law.conditional_entropy() == close(law.label_entropy())
    assert law.differential_entropy() == close(1 + math.log(2))


@given(st.floats(-10, 2), st.floats(1e-6, 1 - 1e-6))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_laws_of_the_laplace_model(exponent, prior):
    mean = 10**exponent
    law = BinaryLaplace(mean, 1.0, prior)
    assert law.information() + law.conditional_entropy() == close(law.label_entropy(), 1e-14)
    assert 0 < law.bayes_error() <= min(prior, 1 - prior)
    # Hellman and Raviv
    assert 2 * math.log(2) * law.bayes_error() <= law.conditional_entropy() * (1 + 1e-14)
    other = BinaryLaplace(-mean, 1.0, 1 - prior)
    assert other.information() == close(law.information(), 1e-9)  # 1 - prior is rounded
    wider = BinaryLaplace(1.01 * mean, 1.0, prior)
    assert wider.information() >= law.information()
    assert wider.bayes_error() <= law.bayes_error()


def test_laplace_samples_have_the_exact_information_and_error():
    law, n = BinaryLaplace(-0.7, 1.3, 0.3), 200_000
    X, y = law.sample(n, RNG(3))
    assert X.shape == (n, 1)
    assert y.shape == (n,)
    assert y.dtype == np.int64
    agrees(y, 0.3)
    agrees(X[y == 1], -0.7)
    agrees(np.abs(X[y == 1] + 0.7), 1.3)
    joint = [p * np.exp(-np.abs(X[:, 0] - m) / 1.3) / 2.6 for p, m in ((0.7, 0.7), (0.3, -0.7))]
    density = joint[0] + joint[1]
    agrees(-np.log(np.where(y == 1, joint[1], joint[0]) / density), law.conditional_entropy())
    agrees(((joint[1] > joint[0]) != (y == 1)).astype(float), law.bayes_error())
    agrees(-np.log(density), law.differential_entropy())


# --- pairs of continuous observations ---------------------------------------------------------


def test_bivariate_normal():
    assert MultivariateNormal.bivariate(0.5).information() == close(0.14384103622589046372)
    for rho in (0.0, 1e-160, -1e-9, 0.3, -0.5, 0.9, 1 - 1e-14):
        with mp.workdps(400):
            truth = -mp.log(1 - mpf(rho) ** 2) / 2
        assert MultivariateNormal.bivariate(rho).information() == close(truth, 1e-15)


@pytest.mark.parametrize("split", [1, 2, 3])
def test_normal_information_against_determinants(split):
    for weak in (1.0, 1e-3, 1e-7):
        cov = COV.copy()
        cov[:split, split:] *= weak
        cov[split:, :split] *= weak
        truth = oracle.normal_information(cov, split)
        assert MultivariateNormal(cov, split).information() == close(truth, 1e-14)


def test_normal_entropies_against_scipy():
    law = MultivariateNormal(COV, 3)
    for part, block in (("x", COV[:3, :3]), ("y", COV[3:, 3:]), ("xy", COV)):
        truth = stats.multivariate_normal(cov=block).entropy()
        assert law.differential_entropy(part) == close(truth, 1e-14)


@pytest.mark.parametrize(
    ("dof", "m", "n", "information"),
    [  # closed form at 40 digits
        (1, 1, 1, 0.2241714275292361024),
        (2, 1, 1, 0.082681391910818588188),
        (5, 3, 2, 0.06704260145917826815),
    ],
)
def test_student_golden_values(dof, m, n, information):
    assert MultivariateStudent(np.eye(m + n), dof, m).information() == close(information)


@pytest.mark.parametrize("dof", [0.1, 0.7, 1.0, 5.5, 30.0, 1e3, 1e6, 1e10, 1e30])
@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 2), (1, 40)])
def test_student_against_its_closed_form(dof, m, n):
    law = MultivariateStudent(np.eye(m + n), dof, m)
    assert law.information() == close(oracle.student(dof, m, n), 5e-15)
    for part, d in (("x", m), ("y", n), ("xy", m + n)):
        assert law.differential_entropy(part) == close(oracle.student(dof, d), 1e-14)


def test_student_against_scipy():
    law = MultivariateStudent(COV, 3.0, 2)
    truth = stats.multivariate_t(shape=COV, df=3.0).entropy()
    assert law.differential_entropy() == close(truth, 1e-12)


def test_bivariate_cauchy():
    law = MultivariateStudent.bivariate_cauchy()
    assert law.information() == close(math.log(8 * math.pi) - 3, 1e-14)
    assert law.differential_entropy("x") == close(math.log(4 * math.pi), 1e-15)
    assert law.dof == 1.0
    dependent = MultivariateStudent.bivariate_cauchy(0.5).information()
    normal = MultivariateNormal.bivariate(0.5).information()
    assert dependent == close(law.information() + normal, 1e-15)


@pytest.mark.parametrize(
    ("eps", "information"),
    [(0.1, 1.70943791243410037), (0.75, 1 / 3), (2, 0.125), (0.5, 0.5), (1e-300, 690.0823807170)],
)
def test_additive_uniform(eps, information):
    law = AdditiveUniform(eps)
    assert law.information() == close(information, 1e-12 if eps == 1e-300 else 2e-15)
    y = law.differential_entropy("y")
    assert law.differential_entropy("x") == 0.0
    assert y - law.differential_entropy() == pytest.approx(law.information(), rel=1e-13)
    if eps > 1e-100:
        with mp.workdps(20):
            e = mpf(eps)

            def loss(v):
                density = (min(1, v + e) - max(0, v - e)) / (2 * e)
                return -density * mp.log(density) if density > 0 else mpf(0)

            knots = sorted({-e, min(e, 1 - e), max(e, 1 - e), 1 + e})
            assert y == pytest.approx(float(mp.quad(loss, knots)), rel=1e-9, abs=1e-9)


PAIRS = [
    MultivariateNormal.bivariate(0.6),
    MultivariateNormal(COV, 3),
    MultivariateStudent.bivariate_cauchy(-0.4),
    MultivariateStudent(COV, 4.0, 2),
    AdditiveUniform(0.2),
    AdditiveUniform(1.7),
]


@pytest.mark.parametrize("law", PAIRS, ids=str)
def test_information_is_what_the_entropies_leave(law):
    parts = [law.differential_entropy(part) for part in ("x", "y", "xy")]
    assert parts[0] + parts[1] - parts[2] == pytest.approx(law.information(), rel=1e-13)
    assert law.differential_entropy() == parts[2]


def log_density(law, part, points):
    if isinstance(law, AdditiveUniform):
        if part == "x":
            return np.zeros(len(points))
        if part == "xy":
            return np.full(len(points), -math.log(2 * law.eps))
        y = points[:, 0]
        overlap = np.minimum(1, y + law.eps) - np.maximum(0, y - law.eps)
        return np.log(overlap / (2 * law.eps))
    span = {"x": slice(law.split), "y": slice(law.split, None), "xy": slice(None)}[part]
    if isinstance(law, MultivariateNormal):
        return stats.multivariate_normal(cov=law.cov[span, span]).logpdf(points)
    return stats.multivariate_t(shape=law.dispersion[span, span], df=law.dof).logpdf(points)


@pytest.mark.parametrize("law", PAIRS, ids=str)
def test_samples_have_the_exact_information_and_entropies(law):
    n = 100_000
    X, Y = law.sample(n, RNG(11))
    assert len(X) == len(Y) == n
    assert X.dtype == Y.dtype == np.float64
    assert X.ndim == Y.ndim == 2
    x, y, xy = (
        log_density(law, part, points)
        for part, points in (("x", X), ("y", Y), ("xy", np.hstack([X, Y])))
    )
    agrees(xy - x - y, law.information())
    for part, values in (("x", x), ("y", y), ("xy", xy)):
        if values.std() > 1e-12:
            agrees(-values, law.differential_entropy(part))


@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 3))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_information_of_pairs_is_invariant_and_falls_when_a_coordinate_is_dropped(seed, m, n):
    rng = RNG(seed)
    factor = rng.standard_normal((m + n + 2, m + n))
    cov = factor.T @ factor + 0.1 * np.eye(m + n)
    change = np.zeros_like(cov)
    change[:m, :m] = rng.standard_normal((m, m)) + 3 * np.eye(m)
    change[m:, m:] = rng.standard_normal((n, n)) + 3 * np.eye(n)
    moved = change @ cov @ change.T
    order = [*range(m, m + n), *range(m)]
    for make in (MultivariateNormal, lambda c, split: MultivariateStudent(c, 2.5, split)):
        information = make(cov, m).information()
        assert information >= 0
        assert make((moved + moved.T) / 2, m).information() == close(information, 1e-8)
        assert make(cov[np.ix_(order, order)], n).information() == close(information, 1e-10)
        if n > 1:
            assert make(cov[:-1, :-1], m).information() <= information * (1 + 1e-12)


def test_extreme_degrees_of_freedom():
    X, Y = MultivariateStudent(np.eye(2), 0.1).sample(2_000, RNG(0))
    assert np.isfinite(X).all()
    assert np.isfinite(Y).all()
    nearly = MultivariateStudent(COV, 1e100, 2)
    assert nearly.information() == close(MultivariateNormal(COV, 2).information(), 1e-15)
    a, b = (law.sample(5, RNG(1))[0] for law in (nearly, MultivariateNormal(COV, 2)))
    np.testing.assert_allclose(a, b, rtol=1e-14)


# --- random finite laws -----------------------------------------------------------------------


def test_dirichlet_draws():
    laws = [dirichlet(4, 0.5, rng) for rng in [RNG(2)] for _ in range(4_000)]
    p = np.array([law.p for law in laws])
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    for symbol in range(4):
        agrees(p[:, symbol], 0.25)
    # Var p = (1/K)(1 - 1/K) / (K c + 1)
    agrees((p[:, 0] - 0.25) ** 2, 0.1875 / 3)
    assert dirichlet(1, 1.0, RNG(0)).p.tolist() == [1.0]
    tiny = np.mean([dirichlet(3, 1e-300, RNG(seed)).p for seed in range(300)], axis=0)
    np.testing.assert_allclose(tiny, 1 / 3, atol=5 * math.sqrt(2 / 9 / 300))
    np.testing.assert_allclose(dirichlet(5, 1e100, RNG(0)).p, 0.2, rtol=1e-12)
    channel = Channel.dirichlet(3, 2, 1.0, RNG(5))
    assert channel.p.shape == (3, 2)
    again = Channel.dirichlet(3, 2, 1.0, RNG(5))
    np.testing.assert_array_equal(channel.p, again.p)


# --- words ------------------------------------------------------------------------------------


def test_names():
    names = [
        (BinaryLaplace(1, 2), "laplace(mean=1, scale=2, prior=0.5)"),
        (MultivariateNormal.bivariate(0.5), "bivariate_normal(0.5)"),
        (MultivariateNormal(COV, 3), "normal(3 + 1 dimensions, 0.188989 nats)"),
        (MultivariateNormal(COV, 3, name="four"), "four"),
        (MultivariateStudent.bivariate_cauchy(), "bivariate_cauchy(0.0)"),
        (MultivariateStudent(np.eye(3), 5), "student(5, 1 + 2 dimensions, 0.0293605 nats)"),
        (AdditiveUniform(0.25), "additive_uniform(0.25)"),
    ]
    for law, name in names:
        assert str(law) == name


def test_laws_cannot_be_changed():
    law = MultivariateNormal(COV)
    with pytest.raises(ValueError, match="read-only"):
        law.cov[0, 0] = 1.0
    with pytest.raises(AttributeError):
        law.split = 2
    with pytest.raises(AttributeError):
        BinaryLaplace(1, 1).mean = 2


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: BinaryLaplace(1, 0), ValueError, "scale must be a finite number above 0; got 0"),
        (lambda: BinaryLaplace(np.nan, 1), ValueError, "mean must be a finite number"),
        (lambda: BinaryLaplace("1", 1), TypeError, "mean must be a finite number"),
        (lambda: BinaryLaplace(1, 1, 1.0), ValueError, "prior .* above 0 and below 1"),
        (lambda: BinaryLaplace(1e300, 1e-300), ValueError, "mean and scale must have a finite"),
        (lambda: BinaryLaplace(1, 1).sample(3, 1), TypeError, "rng must be"),
        (lambda: BinaryLaplace(1, 1).sample(-1, RNG(0)), ValueError, "n must be"),
        (lambda: MultivariateNormal([1.0, 2.0]), ValueError, r"square matrix; got shape \(2,\)"),
        (lambda: MultivariateNormal(np.eye(2)[:1]), ValueError, "cov must be a square matrix"),
        (
            lambda: MultivariateNormal([[1, 0.5], [0.4, 1]]),
            ValueError,
            r"cov must be symmetric; got 0\.5 at \(0, 1\) and 0\.4 at \(1, 0\)",
        ),
        (
            lambda: MultivariateNormal([[1, 2], [2, 1]]),
            ValueError,
            "cov must be positive definite; its least eigenvalue is -1",
        ),
        (lambda: MultivariateNormal([[0, 0], [0, 1]]), ValueError, "cov must be positive definite"),
        (lambda: MultivariateNormal(np.ones((2, 2))), ValueError, "determine each other"),
        (lambda: MultivariateNormal(np.eye(2), 2), ValueError, "split must leave .* got 2"),
        (lambda: MultivariateNormal(np.eye(2), 0), ValueError, "split must be an integer"),
        (lambda: MultivariateNormal.bivariate(1.0), ValueError, "rho .* below 1; got 1.0"),
        (lambda: MultivariateNormal.bivariate(1 - 1e-16), ValueError, "cov must be positive"),
        (
            lambda: MultivariateNormal(COV).differential_entropy("z"),
            ValueError,
            r"unknown part of \(X, Y\) 'z'",
        ),
        (lambda: MultivariateNormal(COV).sample(2, None), TypeError, "rng must be"),
        (lambda: MultivariateNormal(COV).sample(2.5, RNG(0)), ValueError, "n must be"),
        (lambda: MultivariateStudent(np.eye(2), 0.05), ValueError, "dof .* at least 0.1"),
        (lambda: MultivariateStudent([[1, 2], [2, 1]], 1), ValueError, "dispersion must be pos"),
        (lambda: MultivariateStudent(np.eye(2), 1, 3), ValueError, "split must leave"),
        (lambda: MultivariateStudent.bivariate_cauchy(-1), ValueError, "rho .* above -1"),
        (lambda: AdditiveUniform(0), ValueError, "eps must be a finite number .*above 0; got 0"),
        (lambda: AdditiveUniform(0.1).differential_entropy("X"), ValueError, "unknown part"),
        (lambda: AdditiveUniform(0.1).sample(1, 0), TypeError, "rng must be"),
        (lambda: dirichlet(0, 1.0, RNG(0)), ValueError, "K must be an integer of at least 1"),
        (lambda: dirichlet(2, 0.0, RNG(0)), ValueError, "concentration must be"),
        (lambda: dirichlet(2, 1.0, 0), TypeError, "rng must be"),
        (lambda: Channel.dirichlet(0, 2, 1.0, RNG(0)), ValueError, "Kx must be an integer"),
        (lambda: Channel.dirichlet(2, 0, 1.0, RNG(0)), ValueError, "Ky must be an integer"),
    ],
)
def test_bad_input_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_laplace_carries_more_information_than_the_gaussian_of_its_means_and_variance():
    # of all noise of this variance the Gaussian has the least Fisher information, and hence for
    # weak signals lets through the least
    for ratio in (0.01, 0.1, 0.3):
        gaussian = BinaryGaussian.from_snr(ratio**2 / 2)  # variance 2 scale^2
        assert BinaryLaplace(ratio, 1.0).information() > 1.3 * gaussian.information()
