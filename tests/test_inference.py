"""Exact inference in the Gaussian model: the noncentral F law, its inversion, and coverage."""

import math

import numpy as np
import pytest
from mpmath import mpf
from oracles import laws as oracle

from mitheory.laws import BinaryGaussian, binary_gaussian_inference, gaussian
from mitheory.laws.noncentral import noncentrality, tail

RNG = np.random.default_rng
QUANTITIES = ("snr", "information", "conditional_entropy", "bayes_error")


def close(truth, rel=2e-15):
    """Relative agreement alone: pytest.approx otherwise also accepts errors of 1e-12."""
    return pytest.approx(float(truth), rel=rel, abs=0.0)


def samples(snr, n0, n1, p, rng):
    """Classes of these sizes with means that are not opposite and a covariance that is not 1."""
    y = np.repeat([0, 1], [n0, n1])
    X = rng.standard_normal((n0 + n1, p))
    X[:, 0] += 2 * math.sqrt(snr) * y
    mix = np.eye(p) + 0.5 * np.tri(p, k=-1)
    return X @ mix.T + 3.0, y


# --- the noncentral F law ---------------------------------------------------------------------

CASES = [  # (f, p, q, lam): both sides of each switch, and both tails
    (2.0, 1, 1, 0.3),
    (4.0, 1, 10, 0.0),
    (20.0, 5, 74, 80.0),
    (3.0, 5, 74, 80.0),
    (60.0, 5, 74, 80.0),
    (50.0, 2, 30, 127.9),
    (50.0, 2, 30, 128.1),
    (60.0, 3, 50, 400.0),
    (300.0, 3, 50, 400.0),
    (1e4, 1, 1, 1e4),
    (1e3, 20, 3, 2e4),
    (4e4, 1, 5000, 4e4),
]


@pytest.mark.parametrize(("f", "p", "q", "lam"), CASES)
def test_tails_against_the_full_sum(f, p, q, lam):
    below, above = oracle.noncentral_f(f, p, q, lam)
    # measured: at most 1.1e-14, in the tails
    assert abs(mpf(tail(f, p, q, lam, upper=False)) / below - 1) < 3e-14
    assert abs(mpf(tail(f, p, q, lam, upper=True)) / above - 1) < 3e-14


@pytest.mark.parametrize("f", [0.5, 4.0, 70.0])
@pytest.mark.parametrize(("p", "q"), [(1, 1), (3, 20), (40, 300)])
def test_tails_are_monotone_and_complementary(f, p, q):
    lam = np.concatenate([np.linspace(0, 300, 121), np.geomspace(301, 1e12, 60)])
    below = np.array([tail(f, p, q, x, upper=False) for x in lam])
    above = np.array([tail(f, p, q, x, upper=True) for x in lam])
    np.testing.assert_allclose(below + above, 1, rtol=0, atol=2e-13)
    visible = below > 1e-14
    assert (np.diff(below[visible]) < 1e-14).all()
    assert (np.diff(above) > -1e-13).all()


@pytest.mark.parametrize("lam", [1e-3, 5.0, 129.0, 1e5, 1e10, 1e200])
def test_noncentrality_inverts_the_tails(lam):
    p, q = 4, 60
    f = (p + lam) / p
    for upper in (True, False):
        share = tail(f, p, q, lam, upper=upper)
        assert noncentrality(f, p, q, share, upper=upper) == pytest.approx(
            lam, rel=1e-11, abs=1e-11
        )


def test_noncentrality_is_zero_where_no_tail_is_small_enough():
    assert noncentrality(0.8, 3, 20, 0.025, upper=True) == 0.0
    assert noncentrality(0.0, 3, 20, 0.025, upper=True) == 0.0
    assert noncentrality(0.0, 3, 20, 0.025, upper=False) == 0.0
    assert noncentrality(0.01, 3, 20, 0.025, upper=False) == 0.0


# --- the interval -----------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.95, 1 - 1e-9])
@pytest.mark.parametrize(
    ("n0", "n1", "p", "snr"), [(9, 14, 3, 1.0), (40, 40, 5, 4.0), (1, 4, 1, 30)]
)
def test_ends_leave_their_share_of_the_law_of_f(n0, n1, p, snr, level):
    X, y = samples(snr, n0, n1, p, RNG(4))
    found = binary_gaussian_inference(X, y, level=level)
    n, q = n0 + n1, n0 + n1 - p - 1
    means = [X[y == label].mean(axis=0) for label in (0, 1)]
    scatter = sum((X[y == k] - means[k]).T @ (X[y == k] - means[k]) for k in (0, 1))
    gap = means[1] - means[0]
    squared = gap @ np.linalg.inv(scatter / (n - 2)) @ gap  # the Mahalanobis distance's
    assert found.plugin_snr == close(squared / 4, 1e-11)
    f = n0 * n1 / n * squared * q / ((n - 2) * p)
    scale = 4 * n0 * n1 / n
    _, above = oracle.noncentral_f(f, p, q, scale * found.snr.value)
    assert above == close(0.5, 1e-9)
    below, _ = oracle.noncentral_f(f, p, q, scale * found.snr.upper)
    assert below == close((1 - level) / 2, 1e-9)
    _, above = oracle.noncentral_f(f, p, q, scale * found.snr.lower)
    if found.snr.lower > 0:
        assert above == close((1 - level) / 2, 1e-9)
    else:
        assert above > (1 - level) / 2


@pytest.mark.parametrize("prior", [0.5, 0.03])
def test_all_quantities_are_images_of_the_snr(prior):
    X, y = samples(1.0, 30, 20, 2, RNG(5))
    found = binary_gaussian_inference(X, y, prior=prior, level=0.9)
    for name in QUANTITIES[1:]:
        item, image = getattr(found, name), getattr(gaussian, name)
        ends = [float(image(end, prior)) for end in (found.snr.lower, found.snr.upper)]
        assert item.lower == close(min(ends), 1e-14)
        assert item.upper == close(max(ends), 1e-14)
        assert item.value == close(image(found.snr.value, prior), 1e-14)
        assert item.lower < item.value < item.upper
    assert (found.n, found.dimension, found.prior, found.level) == ((30, 20), 2, prior, 0.9)


@pytest.mark.parametrize("prior", [1e-6, 0.2, 0.5, 0.97])
def test_information_rises_and_the_error_falls_with_the_snr(prior):
    snr = np.concatenate([[0.0], np.geomspace(1e-6, 60, 400)])
    assert (np.diff(gaussian.information(snr, prior)) > 0).all()
    assert (np.diff(gaussian.conditional_entropy(snr, prior)) < 0).all()
    # while the commoner label is always guessed the error stays as it is
    rounding = 4e-16 * min(prior, 1 - prior)
    assert (np.diff(gaussian.bayes_error(snr, prior)) <= rounding).all()


def test_intervals_hold_their_level_and_the_values_are_median_unbiased():
    n0, n1, p, snr, runs = 6, 9, 3, 0.8, 1_500
    rng = RNG(6)
    truth = BinaryGaussian.from_snr(snr)
    exact = (snr, truth.information(), truth.conditional_entropy(), truth.bayes_error())
    found = [binary_gaussian_inference(*samples(snr, n0, n1, p, rng)) for _ in range(runs)]
    margin = 4 / math.sqrt(runs)
    for name, value in zip(QUANTITIES, exact, strict=True):
        items = [getattr(item, name) for item in found]
        covered = np.mean([item.lower <= value <= item.upper for item in items])
        assert abs(covered - 0.95) < margin * math.sqrt(0.95 * 0.05)
        for share in (
            np.mean([item.upper < value for item in items]),
            np.mean([item.lower > value for item in items]),
        ):
            assert abs(share - 0.025) < margin * math.sqrt(0.025 * 0.975)
        over = np.mean([item.value > value for item in items])
        assert abs(over - 0.5) < margin * 0.5
    # the plug-in is biased upwards by as much as the mean of F says
    n = n0 + n1
    plugin = np.array([item.plugin_snr for item in found])
    mean = (n - 2) / (n - p - 3) * (snr + p * n / (4 * n0 * n1))
    assert abs(plugin.mean() - mean) < 5 * plugin.std() / math.sqrt(runs)
    assert mean > 1.5 * snr


def test_at_no_signal_only_the_lower_end_can_miss():
    rng, runs = RNG(7), 500
    found = [binary_gaussian_inference(*samples(0.0, 8, 8, 2, rng), level=0.8) for _ in range(runs)]
    missed = np.mean([item.snr.lower > 0 for item in found])
    assert abs(missed - 0.1) < 4 * math.sqrt(0.09 / runs)
    nothing = np.mean([item.snr.upper == 0 for item in found])
    assert abs(nothing - 0.1) < 4 * math.sqrt(0.09 / runs)
    half = np.mean([item.information.value == 0 for item in found])
    assert abs(half - 0.5) < 4 * math.sqrt(0.25 / runs)


def test_affine_changes_order_and_label_names_change_nothing():
    X, y = samples(1.5, 15, 25, 3, RNG(8))
    found = binary_gaussian_inference(X, y, prior=0.3)
    change = np.array([[1.0, 2.0, 0.0], [0.0, 1e-3, -1.0], [5.0, 0.0, 3.0]])
    order = RNG(9).permutation(40)
    for other in (
        binary_gaussian_inference(X @ change + [1e3, 0, -5], y, prior=0.3),
        binary_gaussian_inference(X[order], y[order], prior=0.3),
        binary_gaussian_inference(X, 1 - y, prior=0.7),
    ):
        for name in QUANTITIES:
            mine, its = getattr(found, name), getattr(other, name)
            for end in ("value", "lower", "upper"):
                assert getattr(its, end) == close(getattr(mine, end), 1e-8)


def test_units_as_different_as_they_come():
    X, y = samples(1.0, 20, 20, 2, RNG(10))
    found = binary_gaussian_inference(X, y)
    scaled = binary_gaussian_inference(X * [1e-160, 1e160], y)
    assert scaled.snr.upper == close(found.snr.upper, 1e-10)
    shifted = binary_gaussian_inference(X + 1e8, y)
    assert shifted.snr.upper == close(found.snr.upper, 1e-6)


def test_one_dimension_and_the_fewest_samples():
    x, y = np.array([0.0, 1.0, 5.0]), np.array([0, 0, 1])
    found = binary_gaussian_inference(x, y)
    again = binary_gaussian_inference(x[:, None], y)
    assert found == again
    assert found.plugin_snr == close(4.5**2 / 0.5 / 4, 1e-14)
    assert found.snr.lower < found.snr.value < found.snr.upper
    assert found.information.lower >= 0
    assert found.information.upper <= math.log(2)


def test_equal_means_and_classes_that_are_far_apart():
    x = np.array([-1.0, 1.0, -2.0, 2.0])
    found = binary_gaussian_inference(x, [0, 0, 1, 1])
    assert (found.snr.lower, found.snr.value, found.snr.upper) == (0.0, 0.0, 0.0)
    assert found.bayes_error.lower == found.bayes_error.upper == 0.5
    assert found.information.upper == 0.0
    found = binary_gaussian_inference(x * 1e-7 + [0, 0, 1, 1], [0, 0, 1, 1])
    assert found.snr.lower > 1e10
    assert found.conditional_entropy.upper == found.bayes_error.upper == 0.0
    assert found.information.lower == close(math.log(2))


def test_words():
    X, y = BinaryGaussian([0.6, 0.8], 1.0).sample(100, RNG(0))
    text = str(binary_gaussian_inference(X, y))
    assert text.splitlines()[0] == (
        "binary Gaussian model, n = 56 + 44, dimension 2, prior 0.5; level 0.95 for all together"
    )
    assert text.splitlines()[-1] == "Bayes error  0.179794 in [0.12421, 0.248375]"


@pytest.mark.parametrize(
    ("X", "y", "options", "error", "words"),
    [
        ([[1.0], [2.0]], [0, 1], {}, ValueError, "at least 3 rows for 1 columns.*; got 2"),
        (np.eye(4), [0, 1, 0, 1], {}, ValueError, "at least 6 rows for 4 columns"),
        ([1.0, 2.0, 3.0], [1, 1, 1], {}, ValueError, "both labels; got 0 times 0 and 3 times 1"),
        ([1.0, 2.0, 3.0], [0, 0, 0], {}, ValueError, "both labels; got 3 times 0 and 0 times 1"),
        ([1.0, 2.0, 3.0], [0, 1, 2], {}, ValueError, "y must be integers from 0 to 1.*got 2"),
        ([1.0, 2.0, 3.0], [0.0, 1.0, 1.0], {}, TypeError, "y must be integers"),
        ([1.0, 2.0, 3.0], [0, 1], {}, ValueError, r"row for each of the 2 labels.*shape \(3, 1\)"),
        (np.zeros((3, 0)), [0, 1, 1], {}, ValueError, "at least one column"),
        (np.zeros((3, 1, 1)), [0, 1, 1], {}, ValueError, "X must have a row"),
        ([1.0, np.nan, 3.0], [0, 1, 1], {}, ValueError, "X must be finite numbers; got nan"),
        (["a", "b", "c"], [0, 1, 1], {}, TypeError, "X must be finite numbers"),
        ([0.1, 0.1, 0.7, 0.7], [0, 0, 1, 1], {}, ValueError, "column 0 is constant within them"),
        ([0.0, 0.0, 0.0], [0, 0, 1], {}, ValueError, "column 0 is constant"),
        ([1.0, 2.0, 4.0], [0, 0, 1], {"level": 1.0}, ValueError, "level must be"),
        ([1.0, 2.0, 4.0], [0, 0, 1], {"prior": 0.0}, ValueError, "prior must be"),
    ],
)
def test_bad_input_is_refused(X, y, options, error, words):
    with pytest.raises(error, match=words):
        binary_gaussian_inference(X, y, **options)


def test_columns_that_determine_each_other_are_refused():
    X, y = samples(1.0, 20, 20, 3, RNG(11))
    X[:, 2] = 0.3 * X[:, 0] - 7.1 * X[:, 1] + 100
    with pytest.raises(ValueError, match="column 2 is constant within them, or the columns before"):
        binary_gaussian_inference(X, y)
