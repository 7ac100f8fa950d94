"""Gaussian mixtures against golden values, products of exact laws, quadrature and simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import mixture as oracle

from mitheory.laws import BinaryGaussian, GaussianMixture, clusters, cubature, separation, simplex


def close(truth, rel=2e-15, abs=0.0):
    return pytest.approx(float(truth), rel=rel, abs=abs)


def values(law):
    return law.information(), law.conditional_entropy(), law.bayes_error()


def entropy(p):
    p = np.asarray(p)
    return float(-(p * np.log(p)).sum())


THREE = GaussianMixture([[0, 0], [2, 0], [0.5, 1.5]], 1.0, weights=[0.5, 0.3, 0.2])


# --- golden values and closed forms -----------------------------------------------------------


def test_three_classes_in_the_plane():
    assert THREE.exact
    assert THREE.information() == close(0.4190313512, abs=1e-10)
    assert THREE.conditional_entropy() == close(0.6106216629, abs=1e-10)
    assert THREE.bayes_error() == close(0.2573872540902, abs=1e-12)


@pytest.mark.parametrize(
    ("M", "separation", "error"),
    [(2, 2, 0.0786496035251425653), (4, 2, 0.17720704400677031), (10, 3, 0.0975115622495679404)],
)
def test_orthogonal_signals(M, separation, error):
    law = GaussianMixture.orthogonal(M, separation)
    assert law.exact
    assert law.means.shape == (M, M)
    assert law.bayes_error() == close(error, 1e-14)


@pytest.mark.parametrize("gamma", [1e-10, 0.3, 4.0, 100.0, 1000.0])
def test_two_classes_are_the_binary_model(gamma):
    mean, cov = np.array([0.6, 0.8]), np.array([[1.0, 0.3], [0.3, 2.0]])
    mean = mean * math.sqrt(gamma / (mean @ np.linalg.solve(cov, mean)))
    law = GaussianMixture([-mean, mean], cov, weights=[0.8, 0.2])
    assert values(law) == close_each(values(BinaryGaussian(mean, cov, 0.2)), 2e-14 * (1 + gamma))
    # the integral over the line, which has no need of it, agrees
    found = cubature.on_line(np.array([-1, 1]) * gamma**0.5, np.ones(2), np.array([0.8, 0.2]))
    assert found == close_each(values(law)[1::-1], 1e-13 * (1 + gamma))


def close_each(truths, rel=0.0, abs=0.0):
    return tuple(close(truth, rel, abs) for truth in truths)


@pytest.mark.parametrize("d", [1e-5, 0.3, 0.9999, 1.0, 3.0, 12.0, 50.0])
def test_two_equidistant_classes_are_the_binary_model(d):
    conditional, information = simplex.entropy_and_information(2, d)
    law = BinaryGaussian.from_snr(d**2 / 2)
    assert law.information() == close(information, 1e-15 / min(d, 1))
    assert law.conditional_entropy() == close(conditional, 5e-15 * (1 + d**2 / 4))
    assert law.bayes_error() == close(simplex.error(2, d), 1e-15 * (1 + d**2 / 4))


@pytest.mark.parametrize(("M", "tolerance"), [(3, 2e-13), (4, 1e-10)])
@pytest.mark.parametrize("d", [1e-4, 0.9, 1.1, 3.0])
def test_equidistant_classes_by_two_routes(M, tolerance, d):
    law = GaussianMixture.orthogonal(M, d)
    # another weight in the last digits hides that the classes are equally likely
    weights = np.full(M, 1 / M)
    weights[0] += 1e-11
    other = GaussianMixture(law.means, 1.0, weights / weights.sum())
    assert other._clusters[0]._equidistant() is None
    assert values(other) == close_each(values(law), 1e-10, tolerance)


def line_values(means, scales, weights):
    return values(GaussianMixture(means, np.square(scales), weights))


def test_products_of_laws_on_lines():
    """A label of independent parts, each seen in its own coordinate: informations add up."""
    axes = [
        ([0.0, 1.0, 3.5], [0.2, 0.5, 0.3]),
        ([-1.0, 1.2], [0.35, 0.65]),
        ([0.0, 2.5], [0.5, 0.5]),
    ]
    change = np.array([[1.0, 0.4, 0.0], [-0.2, 2.0, 0.5], [0.3, 0.0, 0.7]])
    for dimensions, tolerance in ((2, 1e-13), (3, 1e-10)):
        chosen = axes[:dimensions]
        means = np.array(list(itertools.product(*[m for m, _ in chosen])))
        weights = [math.prod(w) for w in itertools.product(*[w for _, w in chosen])]
        parts = [line_values(m, np.ones(len(m)), w) for m, w in chosen]
        information = sum(part[0] for part in parts)
        conditional = sum(part[1] for part in parts)
        error = 1 - math.prod(1 - part[2] for part in parts)
        A = change[:dimensions, :dimensions]
        for law in (
            GaussianMixture(means, 1.0, weights),
            GaussianMixture(means @ A.T + 7.0, A @ A.T, weights),
        ):
            assert values(law) == close_each((information, conditional, error), 0.0, tolerance)


# --- quadrature -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("means", "scales", "weights"),
    [
        ([0.0, 1.0, 3.0], [1.0, 1.0, 1.0], [0.2, 0.3, 0.5]),
        ([0.0, 0.5], [1.0, 3.0], [0.6, 0.4]),
        ([0.0, 0.0, 0.0], [0.1, 1.0, 8.0], [0.3, 0.3, 0.4]),
        ([0.0, 1e-3, 0.0], [1.0, 1.0, 1.001], [0.5, 0.25, 0.25]),
        ([-3.0, 0.0, 4.0], [0.5, 2.0, 0.25], [1e-9, 1 - 2e-9, 1e-9]),
        ([0.0, 15.0], [1.0, 1.5], [0.5, 0.5]),
    ],
)
def test_a_line_against_quadrature(means, scales, weights):
    information, conditional, error = oracle.line(means, scales, weights)
    law = GaussianMixture(means, np.square(scales), weights)
    # the squares and the weights are rounded to double precision
    assert law.information() == close(information, 1e-12)
    assert law.conditional_entropy() == close(conditional, 2e-13)
    assert law.bayes_error() == close(error, 2e-13)


@pytest.mark.parametrize(
    ("means", "weights"),
    [
        ([[0, 0], [2, 0], [0.5, 1.5]], [0.5, 0.3, 0.2]),
        ([[0, 0], [2, 0], [0, 2], [2, 2]], [0.25] * 4),  # four regions meet in one point
        ([[0, 0], [3, 0], [1.5, 0.3]], [0.49, 0.49, 0.02]),  # the third is never guessed
        ([[0, 0], [1, 0], [0, 1.5], [-2, -2], [3, 1]], [0.05, 0.4, 0.25, 0.2, 0.1]),
        ([[0, 0], [4, 0], [8, 0], [4, 1e-4]], [0.25] * 4),
    ],
)
def test_a_plane_against_quadrature(means, weights):
    conditional, error = oracle.plane(means, weights)
    law = GaussianMixture(means, 1.0, weights)
    assert law.conditional_entropy() == close(conditional, abs=1e-11)
    assert law.bayes_error() == close(error, abs=1e-11)


def test_a_finer_lattice_changes_nothing(monkeypatch):
    rng = np.random.default_rng(5)
    for dimensions, tolerance in ((2, 2e-13), (3, 5e-9)):
        law = GaussianMixture(rng.normal(size=(5, dimensions)) * 2, 1.0, rng.dirichlet(np.ones(5)))
        cluster = law._clusters[0]
        coarse = cluster.entropies()
        step, radius = cubature._LATTICE[dimensions]
        finer = (0.75 * step, radius) if dimensions == 2 else (1.25 * step, radius)
        monkeypatch.setitem(cubature._LATTICE, dimensions, finer)
        assert cluster.entropies() == close_each(coarse, 0.0, tolerance)


def test_nearby_classes_keep_their_digits():
    # I = (trace of the covariance of the whitened means) / 2 to first order
    shape = np.array([[0.0, 0.0], [1.0, 0.0], [0.3, 1.0], [-1.0, 0.4]])
    spread = ((shape - shape.mean(axis=0)) ** 2).sum() / 4
    for size in (1e-3, 1e-6):
        law = GaussianMixture(size * shape + 3.0, 1.0)
        assert law.information() == close(size**2 * spread / 2, 3 * size**2 + 1e-15 / size)
    assert GaussianMixture.orthogonal(50, 1e-5).information() == close(49e-10 / 100, 1e-9)
    # a mean and a standard deviation shifted by 1e-6: half the Fisher informations 1 and 2
    law = GaussianMixture([0, 1e-6], [1.0, (1 + 1e-6) ** 2])
    assert law.information() == close(3e-12 / 8, 1e-5)


def test_rare_classes_keep_their_digits():
    # each rare class informs by its weight times its divergence from the common one
    law = GaussianMixture(THREE.means, 1.0, [1 - 3e-12, 1e-12, 2e-12])
    assert law.information() == close(2e-12 + 2e-12 * 1.25, 1e-6)
    assert law.bayes_error() == close(3e-12, 1e-6)
    law = GaussianMixture([0, 2, 0.5], 1.0, [1, 1e-300, 1e-12])
    assert law.information() == close(1.25e-13, 1e-6)
    assert law.bayes_error() == close(1e-12, 1e-6)


# --- corners ----------------------------------------------------------------------------------


def test_classes_that_cannot_be_told_apart():
    for K in (1, 2, 5):
        law = GaussianMixture([[1.0, -2.0]] * K, [[2.0, 1.0], [1.0, 3.0]])
        assert law.information() == 0.0
        assert law.conditional_entropy() == law.label_entropy() == close(math.log(K))
        assert law.bayes_error() == close(1 - 1 / K, abs=1e-16)
    twice = GaussianMixture([[0, 0], [0, 0], [2, 0], [0.5, 1.5]], 1.0, [0.2, 0.3, 0.3, 0.2])
    assert twice.information() == close(THREE.information(), 1e-12)
    # the lighter of two equal classes is never guessed
    merged = GaussianMixture(twice.means[1:], 1.0, [0.375, 0.375, 0.25])
    assert twice.bayes_error() == close(0.2 + 0.8 * merged.bayes_error(), 1e-13)
    # classes equal in a plane but not in space
    stacked = GaussianMixture([[0, 0, 0], [0, 0, 3], [2, 0, 1], [0, 2, 1]], 1.0)
    check_by_simulation(stacked, 40_000, np.random.default_rng(4))


def test_classes_that_nobody_confuses():
    law = GaussianMixture(np.diag([1e3, 1e9, 1e100, 3.0, 5e5]), 1.0)
    assert law.exact
    assert values(law) == (close(math.log(5)), 0.0, 0.0)
    # a cluster is worth what it is worth alone, wherever it lies
    K = np.array([[0.0, 0.0], [2.0, 0.0], [0.5, 1.5], [1e4, 0.0], [1e15, 1e15]])
    law = GaussianMixture(K, 1.0, [0.25, 0.15, 0.1, 0.3, 0.2])
    assert law.conditional_entropy() == close(THREE.conditional_entropy() / 2, 1e-13)
    assert law.bayes_error() == close(THREE.bayes_error() / 2, 1e-13)
    shares = entropy([0.5, 0.3, 0.2])
    assert law.information() == close(shares + THREE.information() / 2, 1e-13)
    # clusters that are exact in ways of their own: six dimensions in all
    pairs = np.zeros((8, 6))
    pairs[:, 0] = np.repeat([0, 500], 4)
    pairs[:4, 1:4] = np.vstack([np.zeros(3), 2 * np.eye(3)])
    pairs[4:, 3:] = np.vstack([np.zeros(3), 2 * np.eye(3)])
    law = GaussianMixture(pairs, 1.0)
    one = GaussianMixture(pairs[:4, 1:4], 1.0)
    assert law.exact
    assert law.conditional_entropy() == close(one.conditional_entropy(), 1e-12)


def test_well_separated_classes_on_a_line_keep_relative_accuracy():
    # at equal gaps each of two gaps is a binary model; the third class is exp(-450) away
    law = GaussianMixture([0.0, 30.0, 60.0], 1.0)
    pair = BinaryGaussian.from_snr(225.0)
    assert law.conditional_entropy() == close(4 / 3 * pair.conditional_entropy(), 1e-12)
    assert law.bayes_error() == close(4 / 3 * pair.bayes_error(), 1e-12)
    plane = GaussianMixture([[0.0, 0.0], [30.0, 0.0], [0.0, 60.0]], 1.0)
    assert plane.bayes_error() == close(2 / 3 * pair.bayes_error(), 1e-12)


def test_many_classes():
    law = GaussianMixture(4.0 * np.arange(20), 1.0)
    # all but the two classes at the ends have a neighbour on either side
    assert law.bayes_error() == close(38 / 20 * BinaryGaussian.from_snr(4.0).bayes_error(), 1e-13)
    rng = np.random.default_rng(0)
    law = GaussianMixture(rng.normal(size=(20, 3)) * 2, 1.0, rng.dirichlet(np.ones(20)))
    check_by_simulation(law, 40_000, rng)


def check_by_simulation(law, n, rng, truths=None):
    result = law.estimate(n, rng)
    assert result.n == n
    found = (result.information, result.conditional_entropy, result.bayes_error)
    for estimate, truth in zip(found, truths or values(law), strict=True):
        assert 0 < estimate.standard_error < 2 / math.sqrt(n)
        assert abs(estimate.value - truth) < 4.5 * estimate.standard_error


@pytest.mark.parametrize(
    "law",
    [
        THREE,
        GaussianMixture([0.0, 1.0, -1.0], [1.0, 4.0, 0.1], [0.3, 0.3, 0.4]),
        GaussianMixture.orthogonal(10, 2.0),
        GaussianMixture.orthogonal(100, 4.0),
    ],
    ids=str,
)
def test_simulation_agrees_where_the_values_are_exact(law):
    check_by_simulation(law, 60_000, np.random.default_rng(3))


def test_simulation_of_what_is_not_exact():
    """Noise in further dimensions, mixed in by a rotation, tells nothing."""
    rng = np.random.default_rng(11)
    line = GaussianMixture([0.0, 1.0, -1.0], [1.0, 4.0, 0.1], [0.3, 0.3, 0.4])
    change = rng.normal(size=(3, 3))
    means = np.hstack([line.means, np.zeros((3, 2))]) @ change.T
    covs = [change @ np.diag([v, 1.0, 1.0]) @ change.T for v in line.covs[:, 0, 0]]
    law = GaussianMixture(means, (np.array(covs) + np.swapaxes(covs, 1, 2)) / 2, line.weights)
    assert not law.exact
    check_by_simulation(law, 60_000, rng, values(line))
    for ask in (law.information, law.conditional_entropy, law.bayes_error):
        with pytest.raises(ValueError, match=r"covariances differ; estimate\(n, rng\) simulates"):
            ask()
    law = GaussianMixture(rng.normal(size=(6, 5)), 1.0)
    assert not law.exact
    with pytest.raises(ValueError, match="6 classes in 5 dimensions where the means span 5"):
        law.information()


def test_classes_of_very_different_widths():
    law = GaussianMixture([5.0, 5.0, 6.0], [1e-20, 1.0, 1e20])
    # nested classes: the wider one is nearly never where the narrower one is
    assert law.information() == close(math.log(3), abs=1e-7)
    truth = oracle.line([0.0, 0.0], [1e-6, 1.0], [0.5, 0.5])
    law = GaussianMixture([5.0, 5.0], [1e-12, 1.0])
    assert values(law) == close_each(truth, 1e-11)
    narrow = GaussianMixture([0.0, 1.0, 2.0], [1.0, 1e-20, 1e-20])
    assert not narrow.exact
    with pytest.raises(ValueError, match="in 1 dimensions where a class is too narrow"):
        narrow.information()
    assert narrow.estimate(1000, np.random.default_rng(0)).bayes_error.value < 1e-9


def test_simulation_in_blocks(monkeypatch):
    from mitheory.laws import mixture

    whole = THREE.estimate(2000, np.random.default_rng(0))
    monkeypatch.setattr(mixture, "_BLOCK", 300)
    parts = THREE.estimate(2000, np.random.default_rng(0))
    assert whole != parts
    assert parts.information.standard_error == close(whole.information.standard_error, 0.1)
    assert str(parts.information).startswith("0.4")
    # blocks of drawn values merge to the mean and the standard error of them all
    drawn = []
    original = cubature.posterior_entropy

    def record(ratio, weights):
        result = original(ratio, weights)
        drawn.extend(result[0])
        return result

    monkeypatch.setattr(cubature, "posterior_entropy", record)
    found = THREE.estimate(2050, np.random.default_rng(1)).conditional_entropy
    assert found.value == close(np.mean(drawn), 1e-13)
    assert found.standard_error == close(np.std(drawn, ddof=1) / math.sqrt(2050), 1e-12)


def test_samples():
    n, rng = 100_000, np.random.default_rng(8)
    covs = np.array([[[2.0, 0.6], [0.6, 1.0]], [[1.0, -0.5], [-0.5, 0.5]]])
    means = np.array([[1.0, 0.0], [-2.0, 3.0]])
    for given_covs in (covs, covs[0]):
        X, y = GaussianMixture(means, given_covs, [0.3, 0.7]).sample(n, rng)
        assert X.shape == (n, 2)
        assert y.dtype == np.int64
        assert abs((y == 0).mean() - 0.3) < 5 * math.sqrt(0.21 / n)
        for k in (0, 1):
            part = X[y == k]
            cov = given_covs[k] if given_covs.ndim == 3 else given_covs
            assert (
                np.abs(part.mean(axis=0) - means[k]) < 5 * np.sqrt(np.diag(cov) / len(part))
            ).all()
            np.testing.assert_allclose(np.cov(part.T), cov, atol=0.04)


# --- laws of nature ---------------------------------------------------------------------------


@st.composite
def mixtures(draw):
    K = draw(st.integers(1, 6))
    d = draw(st.integers(1, 2))
    size = 10 ** draw(st.floats(-3, 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    covs = rng.gamma(2.0, size=K) if d == 1 and draw(st.booleans()) else 1.0
    return GaussianMixture(size * rng.normal(size=(K, d)), covs, rng.dirichlet(np.ones(K)))


@given(mixtures())
@settings(deadline=None, derandomize=True, max_examples=60)
def test_laws_of_the_model(law):
    information, conditional, error = values(law)
    assert information + conditional == close(law.label_entropy(), 1e-12, 1e-13)
    assert 0 <= information <= law.label_entropy() + 1e-13
    assert 0 <= error <= 1 - law.weights.max() + 1e-13
    assert 2 * math.log(2) * error <= conditional + 1e-13  # Hellman and Raviv
    bounds = law.information_bounds()
    for form in bounds.forms:
        if form.side == "lower":
            assert form.value <= information * (1 + 1e-9) + 1e-15
        else:
            assert form.value >= information * (1 - 1e-9) - 1e-15
    # order and a common shift are nothing
    order = np.argsort(law.weights)
    covs = law.covs if law.covs.ndim == 2 else law.covs[order]
    other = GaussianMixture(law.means[order] + 1.0, covs, law.weights[order])
    assert values(other) == close_each((information, conditional, error), 1e-9, 1e-13)


# --- bounds -----------------------------------------------------------------------------------


def test_bounds_of_three_classes():
    bounds = THREE.information_bounds()
    forms = {form.name: form.value for form in bounds.forms}
    assert bounds.lower == forms["chernoff"] == close(0.2550149325, abs=2e-10)
    assert bounds.upper == forms["capacity"] == close(0.4356466830, abs=1e-10)
    assert (bounds.lower_by, bounds.upper_by) == ("chernoff", "capacity")
    assert forms["divergence"] == close(0.7368462149, abs=1e-10)
    label = THREE.label_entropy()
    assert forms["renyi"] == close(label - 0.7937462665, abs=1e-10)
    assert forms["bhattacharyya"] == close(label - 0.8398631611, abs=1e-10)
    assert {f.name: f.dominated_by for f in bounds.forms if f.dominated_by} == {
        "label_entropy": "divergence"
    }
    # the same through different covariances
    again = GaussianMixture(
        THREE.means, [np.eye(2), np.eye(2), 1.000000001 * np.eye(2)], [0.5, 0.3, 0.2]
    )
    assert again.covs.shape == (3, 2, 2)
    for a, b in zip(bounds.forms, again.information_bounds().forms, strict=True):
        assert a.value == close(b.value, 1e-8)
    nothing = GaussianMixture([0.0, 0.0], 1.0).information_bounds()
    assert (nothing.lower, nothing.upper, nothing.lower_by) == (0.0, 0.0, "nothing")


@pytest.mark.parametrize("order", [0.5, 0.2, 0.9])
def test_divergences_against_quadrature(order):
    rng = np.random.default_rng(1)
    means = rng.normal(size=(2, 3))
    variances = rng.gamma(2.0, size=(2, 3))
    sums = np.sum(
        [
            oracle.divergences(means[0, i], variances[0, i], means[1, i], variances[1, i], order)
            for i in range(3)
        ],
        axis=0,
    )
    change = rng.normal(size=(3, 3))
    covs = np.stack([change @ np.diag(v) @ change.T for v in variances])
    gap = change @ (means[0] - means[1])
    factors = np.linalg.cholesky(covs)
    assert separation.kl_divergence(gap, *factors) == close(sums[0], 1e-9)
    assert separation.chernoff_divergence(gap, *covs, order) == close(sums[1], 1e-9)
    if order == 0.5:
        divergence, bhattacharyya = separation.pairwise(means @ change.T, covs)
        assert divergence[0, 1] == close(sums[0], 1e-9)
        assert bhattacharyya[0, 1] == bhattacharyya[1, 0] == close(sums[1], 1e-9)
        assert divergence[0, 0] == close(0.0, abs=1e-15)


# --- form and bad input -----------------------------------------------------------------------


def test_forms_of_the_arguments():
    assert GaussianMixture([0.0, 1.0, 5.0], 2.0).means.shape == (3, 1)
    assert GaussianMixture([0.0, 1.0], [2.0, 3.0]).covs.shape == (2, 1, 1)
    common = GaussianMixture(np.eye(3), [np.eye(3)] * 3)
    assert common.covs.shape == (3, 3)
    np.testing.assert_array_equal(common.weights, np.full(3, 1 / 3))
    assert str(THREE) == "gaussian_mixture(K=3, d=2, capacity=0.435647)"
    with pytest.raises(ValueError, match="read-only"):
        THREE.means[0] = 1.0


def test_clusters_ignore_what_rounding_adds():
    # on a line in ten dimensions, up to the last digits
    rng = np.random.default_rng(2)
    direction = rng.normal(size=10)
    for offset, size in ((0.0, 1.0), (1e3, 1.0), (1.0, 1e-6)):
        means = offset + size * np.outer([0.0, 1.0, 2.5, -1.0], direction)
        found = clusters.split(means, np.eye(10), np.full(4, 0.25))
        assert [cluster.means.shape for cluster in found] == [(4, 1)]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: GaussianMixture(1.0, 1.0), ValueError, r"means must have shape \(K, d\)"),
        (lambda: GaussianMixture(np.empty((0, 2)), 1.0), ValueError, "means must have shape"),
        (lambda: GaussianMixture([[[1.0]]], 1.0), ValueError, "means must have shape"),
        (lambda: GaussianMixture([["a"]], 1.0), TypeError, "means must be finite numbers"),
        (lambda: GaussianMixture([0, np.nan], 1.0), ValueError, "means .* got nan at index 1"),
        (
            lambda: GaussianMixture(np.eye(2), np.eye(3)),
            ValueError,
            r"have shape \(2, 2\) or \(2, 2, 2\) to match means; got shape \(3, 3\)",
        ),
        (lambda: GaussianMixture([0, 1], [1.0, 1, 1]), ValueError, r"or \(2,\) to match means"),
        (lambda: GaussianMixture(np.eye(2), [1.0, 2.0]), ValueError, "covs must be a number or"),
        (lambda: GaussianMixture(np.eye(2), -1.0), ValueError, "covs must be positive definite"),
        (
            lambda: GaussianMixture(np.eye(2), [np.eye(2), np.ones((2, 2))]),
            ValueError,
            r"covs\[1\] must be positive definite",
        ),
        (
            lambda: GaussianMixture(np.eye(2), [[1.0, 0.5], [0.4, 1.0]]),
            ValueError,
            "covs must be symmetric",
        ),
        (lambda: GaussianMixture([0, 1], 1.0, [1.0, 0.0]), ValueError, "weights .* above 0"),
        (lambda: GaussianMixture([0, 1], 1.0, [0.5, 0.6]), ValueError, "weights must sum to 1"),
        (lambda: GaussianMixture([0, 1], 1.0, [1.0]), ValueError, "weights must have one entry"),
        (lambda: GaussianMixture([0, 1e200], 1.0), ValueError, "finite distances"),
        (lambda: GaussianMixture([0, 1e200], [1.0, 2.0]), ValueError, "finite distances"),
        (lambda: GaussianMixture.orthogonal(0, 1.0), ValueError, "M must be an integer of at le"),
        (lambda: GaussianMixture.orthogonal(3, -1.0), ValueError, "separation must be a finite"),
        (lambda: THREE.sample(3, 1), TypeError, "rng must be"),
        (lambda: THREE.estimate(1, np.random.default_rng(0)), ValueError, "n must be .* least 2"),
        (lambda: THREE.estimate(10, None), TypeError, "rng must be"),
    ],
)
def test_bad_input_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
