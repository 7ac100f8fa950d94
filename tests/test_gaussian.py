"""The binary Gaussian model against golden values, quadrature at 50 digits and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles import laws as oracle

from mitheory.laws import BinaryGaussian, gaussian

LN2 = math.log(2)


def close(truth, rel=2e-15):
    """Relative agreement alone: pytest.approx otherwise also accepts errors of 1e-12."""
    return pytest.approx(float(truth), rel=rel, abs=0.0)


# gamma, prior, I, H(Y|X), Bayes error: computed at 40 digits with mpmath
GOLDEN = [
    (1e-12, 0.5, 4.999999999997500000000002e-13, 0.6931471805594453, 0.49999960105771959863),
    (0.001, 0.5, 0.0004997501664587654102280641, 0.6926474303934865, 0.48738643968498019427),
    (0.1, 0.5, 0.04764923389671628382058913, 0.645497946663229025597, 0.37591481702292464124),
    (1, 0.5, 0.3368308203468316120048048, 0.3563163602131136974124, 0.15865525393145705141),
    (9, 0.5, 0.6892979330290777667229706, 0.003849247530867542694261556, 0.0013498980316300945267),
    (100, 0.5, LN2, 2.365713967298674742633986e-23, 7.619853024160526066e-24),
    (400, 0.5, LN2, 8.62441714225740165694e-89, 2.7536241186062336951e-89),
    (1, 0.3, 0.29185751791279813363, 0.3190067841420953294, 0.13874852997086576779),
    (1, 0.1, 0.14202040636656036135, 0.18306256702488787815, 0.070060685858539063633),
    (0.25, 0.2, 0.073700654208027867472, 0.42670176933016001206, 0.18615622680831538186),
    (9, 0.01, 0.055378336763961875693, 0.00062319759088546475902, 0.00020952782070248074901),
]


@pytest.mark.parametrize(("gamma", "prior", "information", "conditional", "error"), GOLDEN)
def test_golden_values(gamma, prior, information, conditional, error):
    law = BinaryGaussian.from_snr(gamma, prior)
    assert law.snr == gamma
    assert law.information() == close(information, 2e-15)
    assert law.conditional_entropy() == close(conditional, 2e-15)
    assert law.bayes_error() == close(error, 2e-15)
    assert law.log_conditional_entropy() == close(math.log(conditional), 2e-15)
    assert law.log_bayes_error() == close(math.log(error), 2e-15)


@pytest.mark.parametrize("prior", [1e-6, 0.02, 0.5, 1 - 1e-6])
@pytest.mark.parametrize("gamma", [1e-12, 1e-5, 0.135, 1.5, 7.0, 9.0, 9.0001, 40.0])
def test_against_quadrature(gamma, prior):
    check_against_quadrature(gamma, prior)


@pytest.mark.parametrize(("gamma", "prior"), [(333.3, 0.01), (1399.7, 1e-6), (1400.0, 0.5)])
def test_against_quadrature_for_large_gamma(gamma, prior):
    check_against_quadrature(gamma, prior)


def check_against_quadrature(gamma, prior):
    information, conditional, error = oracle.gaussian(gamma, prior)
    for value, truth in (
        (gaussian.information(gamma, prior), information),
        (gaussian.conditional_entropy(gamma, prior), conditional),
        (gaussian.bayes_error(gamma, prior), error),
        (gaussian.log_conditional_entropy(gamma, prior), mp.log(conditional)),
        (gaussian.log_bayes_error(gamma, prior), mp.log(error)),
    ):
        # measured over a grid of 516 pairs: at most 1.3e-15
        assert abs(mpf(float(value)) / truth - 1) < 5e-15


def test_large_gamma_follows_its_expansion():
    # H = exp(-g/2) sqrt(pi/2g) (1 - (pi^2 + 8)/8g + ...), and Q ~ exp(-g/2) / sqrt(2 pi g)
    for gamma in (1e4, 1e6, 1e8):
        log_h = -gamma / 2 + math.log(math.pi / (2 * gamma)) / 2
        x = 1 / gamma
        log_h += math.log1p(x * (-(math.pi**2 + 8) / 8 + x * (10.50614426892423 - 71.6208 * x)))
        assert gaussian.log_conditional_entropy(gamma) == close(log_h, 1e-14)
        log_q = (
            -gamma / 2 - math.log(2 * math.pi * gamma) / 2 + math.log1p(-x + 3 * x**2 - 15 * x**3)
        )
        assert gaussian.log_bayes_error(gamma) == close(log_q, 1e-14)
        assert gaussian.conditional_entropy(gamma) == 0.0
        assert gaussian.bayes_error(gamma) == 0.0
        assert gaussian.information(gamma) == close(LN2, 1e-15)


def test_small_gamma_follows_its_expansion():
    # I = g/2 - g^2/4 + g^3/6 - 5 g^4/24 + ...
    for gamma in (1e-4, 1e-8, 1e-100):
        series = gamma / 2 - gamma**2 / 4 + gamma**3 / 6 - 5 * gamma**4 / 24
        assert gaussian.information(gamma) == close(series, 2e-15)
    # and I = 2 prior (1 - prior) gamma to first order whatever the prior
    assert gaussian.information(1e-14, 1e-3) == close(2e-3 * 0.999e-14, 1e-12)


@pytest.mark.parametrize(
    ("gamma", "mmse"),
    [(0.1, 0.908659398795122), (1.0, 0.449599509206673), (4.0, 0.0685974087907388)],
)
def test_information_grows_by_half_the_mean_square_error(gamma, mmse):
    # dI/dgamma = mmse/2 (Guo, Shamai and Verdu 2005); mmse at 40 digits; five-point difference
    step = 2e-3 * gamma
    values = gaussian.information(gamma + step * np.array([-2, -1, 1, 2]))
    slope = values @ [1, -8, 8, -1] / (12 * step)
    assert slope == close(mmse / 2, 1e-10)


@pytest.mark.parametrize("prior", [1e-6, 0.3, 0.5, 0.999])
def test_no_signal(prior):
    law = BinaryGaussian([0.0, 0.0], np.eye(2), prior)
    label = float(oracle.binary_entropy(prior))
    assert law.snr == 0.0
    assert law.information() == 0.0
    assert law.conditional_entropy() == law.label_entropy() == close(label, 1e-15)
    assert law.bayes_error() == min(prior, 1 - prior)
    assert law.log_conditional_entropy() == close(math.log(label), 1e-15)
    assert law.log_bayes_error() == close(math.log(min(prior, 1 - prior)), 1e-15)


def test_functions_broadcast():
    gamma = np.array([[0.0], [1.0], [30.0], [2000.0]])
    prior = np.array([0.1, 0.5, 0.9])
    for function in (
        gaussian.information,
        gaussian.conditional_entropy,
        gaussian.bayes_error,
        gaussian.log_conditional_entropy,
        gaussian.log_bayes_error,
    ):
        batch = function(gamma, prior)
        assert batch.shape == (4, 3)
        single = [[float(function(g, p)) for p in prior] for g in gamma[:, 0]]
        np.testing.assert_allclose(batch, single, rtol=2e-15)
    many = np.geomspace(1e-9, 1e3, 2500)  # more than one block of rows
    values = gaussian.information(many, 0.3)
    assert values[1700] == close(float(gaussian.information(many[1700], 0.3)), 2e-15)
    assert gaussian.label_entropy([0.1, 0.9]).shape == (2,)
    assert gaussian.information([]).shape == (0,)


@given(st.floats(-12, 3), st.floats(1e-6, 1 - 1e-6))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_laws_of_the_model(exponent, prior):
    gamma = 10**exponent
    law = BinaryGaussian.from_snr(gamma, prior)
    information, conditional = law.information(), law.conditional_entropy()
    error = law.bayes_error()
    label = law.label_entropy()
    assert information + conditional == close(label, 1e-14)
    assert 0 < information <= label * (1 + 1e-15)
    assert 0 < error <= min(prior, 1 - prior) * (1 + 1e-15)
    assert 2 * LN2 * error <= conditional * (1 + 1e-14)  # Hellman and Raviv
    capacity = math.log1p(4 * prior * (1 - prior) * gamma) / 2  # of the Gaussian channel
    assert information <= capacity * (1 + 1e-14)
    # swapping the labels changes nothing (1 - prior is rounded, so take it first)
    other = 1 - prior
    assert gaussian.information(gamma, 1 - other) == gaussian.information(gamma, other)
    assert gaussian.conditional_entropy(gamma * 1.01, prior) < conditional
    assert gaussian.bayes_error(gamma * 1.01, prior) <= error


@given(st.floats(-12, 3))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_conditional_entropy_is_within_a_constant_of_the_error(exponent):
    # equal priors: the ratio rises from 2 ln 2 to pi
    gamma = 10**exponent
    ratio = gaussian.conditional_entropy(gamma) / gaussian.bayes_error(gamma)
    assert 2 * LN2 * (1 - 1e-14) <= ratio <= math.pi * (1 + 1e-14)


def test_only_the_mahalanobis_distance_matters():
    mean = np.array([1.0, -0.5, 0.25])
    cov = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.3], [0.1, -0.3, 0.5]])
    law = BinaryGaussian(mean, cov, 0.3)
    truth = mean @ np.linalg.inv(cov) @ mean
    assert law.snr == close(truth, 1e-13)
    assert law.information() == close(gaussian.information(truth, 0.3), 1e-12)
    change = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0], [0.5, 0.0, 3.0]])
    moved = BinaryGaussian(change @ mean, change @ cov @ change.T, 0.3)
    assert moved.snr == close(truth, 1e-12)
    assert BinaryGaussian(3.0, 4.0).snr == close(9 / 4, 1e-15)
    assert BinaryGaussian([3.0, 4.0], 5.0).snr == close(5.0, 1e-15)
    assert str(law) == f"gaussian(snr={truth:.6g}, prior=0.3)"


def test_samples_have_the_exact_information_and_error():
    mean = np.array([0.4, -0.5, 0.25])
    cov = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.3], [0.1, -0.3, 0.5]])
    law, n = BinaryGaussian(mean, cov, 0.3), 400_000
    X, y = law.sample(n, np.random.default_rng(7))
    assert X.shape == (n, 3)
    assert X.dtype == np.float64
    assert y.shape == (n,)
    assert y.dtype == np.int64
    assert set(np.unique(y)) == {0, 1}
    assert abs(y.mean() - 0.3) < 5 * math.sqrt(0.3 * 0.7 / n)
    for label, centre in ((1, mean), (0, -mean)):
        part = X[y == label]
        error = np.sqrt(np.diag(cov) / len(part))
        assert (np.abs(part.mean(axis=0) - centre) < 5 * error).all()
        np.testing.assert_allclose(np.cov(part.T), cov, atol=0.03)
    # the posterior from the densities themselves
    precision = np.linalg.inv(cov)

    def log_joint(centre, prior):
        Z = X - centre
        return math.log(prior) - np.einsum("ij,jk,ik->i", Z, precision, Z) / 2

    odds = log_joint(mean, 0.3) - log_joint(-mean, 0.7)
    surprise = np.logaddexp(0, np.where(y == 1, -odds, odds))
    wrong = (odds > 0) != (y == 1)
    for values, truth in ((surprise, law.conditional_entropy()), (wrong, law.bayes_error())):
        assert abs(values.mean() - truth) < 5 * values.std() / math.sqrt(n)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: BinaryGaussian([1, 2], np.eye(3)), ValueError, r"shape \(2, 2\) to match mean"),
        (lambda: BinaryGaussian([[1.0]], 1.0), ValueError, "mean must be a number or a vector"),
        (lambda: BinaryGaussian([], 1.0), ValueError, "mean must be a number or a vector"),
        (lambda: BinaryGaussian(["a"], 1.0), TypeError, "mean must be finite numbers; got dtype"),
        (lambda: BinaryGaussian([1, np.inf], 1.0), ValueError, "mean .* got inf at index 1"),
        (
            lambda: BinaryGaussian([1, 1], [[1.0, 0.5], [0.4, 1.0]]),
            ValueError,
            r"cov must be symmetric; got 0\.5 at \(0, 1\) and 0\.4 at \(1, 0\)",
        ),
        (
            lambda: BinaryGaussian([1, 1], [[1.0, 2.0], [2.0, 1.0]]),
            ValueError,
            "positive definite; its least eigenvalue is -1",
        ),
        (
            lambda: BinaryGaussian([1, 1, 1], np.array([[1, 0, 1], [0, 1e9, 1], [1, 1, 1 + 1e-9]])),
            ValueError,
            "determine each other",
        ),
        (lambda: BinaryGaussian(1.0, 0.0), ValueError, "positive definite"),
        (lambda: BinaryGaussian(1.0, -1.0), ValueError, "positive definite"),
        (lambda: BinaryGaussian(1.0, np.nan), ValueError, "cov must be finite numbers; got nan"),
        (lambda: BinaryGaussian(1.0, 1.0, 0.0), ValueError, "prior .* above 0 and below 1"),
        (lambda: BinaryGaussian(1.0, 1.0, 1.0), ValueError, "prior .* above 0 and below 1"),
        (lambda: BinaryGaussian([1e200, 0], np.eye(2)), ValueError, "mean and cov must give a fin"),
        (lambda: BinaryGaussian.from_snr(-1.0), ValueError, "snr gamma .* at least 0; got -1.0"),
        (lambda: BinaryGaussian(1.0, 1.0).sample(3, 1), TypeError, "rng must be"),
        (
            lambda: BinaryGaussian(1.0, 1.0).sample(-3, np.random.default_rng(0)),
            ValueError,
            "n must be",
        ),
        (lambda: gaussian.information([1.0, -2.0]), ValueError, r"gamma .* got -2\.0 at index 1"),
        (lambda: gaussian.information(np.nan), ValueError, "gamma must be finite numbers"),
        (lambda: gaussian.bayes_error(1.0, [0.5, 1.0]), ValueError, r"prior .* got 1\.0 at index"),
        (lambda: gaussian.label_entropy(0.0), ValueError, "prior must be finite numbers above 0"),
        (lambda: gaussian.bayes_error([1, 2], [0.1, 0.2, 0.3]), ValueError, "must broadcast"),
    ],
)
def test_bad_input_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
