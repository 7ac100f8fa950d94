"""Exact moments under joint laws: enumeration at 40 digits, another method, simulation, limits."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import risk as oracle
from scipy.special import gammaln

import mitheory as mt
from mitheory import risk
from mitheory.entropies import ENTROPIES
from mitheory.kernels import krawtchouk, moments
from mitheory.laws import Channel, Finite, uniform, zipf
from mitheory.risk import joint

NAMES = ["plugin", "miller_madow", "grassberger"]
LINEAR = [name for name, estimator in ENTROPIES.items() if estimator.linear]
SIGNS = {"information": (1, 1, -1), "conditional_entropy": (-1, 0, 1)}
LAW = Channel([[0.3, 0.1], [0.15, 0.25], [0.05, 0.15]])


def close(truth, rel):
    """Relative agreement alone: pytest.approx otherwise also accepts errors of 1e-12."""
    return pytest.approx(float(truth), rel=rel, abs=0.0)


@dataclass(frozen=True)
class Weights:
    """A linear estimator with the given weights."""

    table: tuple[float, ...]
    name: str = "weights"
    linear: bool = True
    needs_alphabet: bool = False

    def weight(self, j, n, alphabet=0):
        return alphabet * j + np.asarray(self.table)[j]


def random_weights(n, seed, **options):
    return Weights(tuple(np.random.default_rng(seed).standard_normal(n + 1)), **options)


def compare(estimator, weights, law, n, rel=1e-12):
    table = oracle.joint_probabilities(law.p)
    for quantity, signs in SIGNS.items():
        mean, variance = oracle.enumerate_joint_moments([weights] * 3, table, signs)
        bias = float(mean - oracle.joint_truth(table, signs))
        got = risk.variance(estimator, law, n, quantity=quantity)
        assert got == (close(variance, rel) if variance > 1e-30 else pytest.approx(0, abs=1e-16))
        assert risk.bias(estimator, law, n, quantity=quantity) == pytest.approx(
            bias, rel=1e-13, abs=2e-15
        )
        assert risk.mean(estimator, law, n, quantity=quantity) == pytest.approx(
            float(mean), rel=1e-13, abs=2e-15
        )


def test_golden_values():
    # from an implementation by shared Poisson cells and, at n = 8, full enumeration
    assert LAW.information() == close(0.0911207985254678, 1e-14)
    assert risk.mean("plugin", LAW, 8) == close(0.2367756874112978, 1e-14)
    assert risk.variance("plugin", LAW, 8) == close(0.0291330421440655, 1e-13)
    assert risk.variance("plugin", LAW, 60) == close(0.00311944809577, 1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("law", "n"),
    [
        (LAW, 7),
        (Channel([[0.3, 0.1], [0.35, 0.25]]), 1),
        (Channel([[0.3, 0.1], [0.35, 0.25]]), 2),
        (Channel([[0.3, 0.1], [0.35, 0.25]]), 18),
        (Channel.binary_symmetric(0.5), 15),
        (Channel(np.outer([0.2, 0.8], [0.3, 0.7])), 15),
        (Channel([[0.499, 0.001], [0.001, 0.499]]), 15),
        (Channel([[0.97, 0.01], [0.01, 0.01]]), 15),
        (Channel([[0.00045, 0.858], [0.0006, 0.14095]]), 18),
        (Channel([[1 - 1e-6, 0], [3e-7, 7e-7]]), 15),
        (Channel([[0.5, 0.25], [0.0, 0.25]]), 20),
        (Channel([[0.5, 0.0], [0.0, 0.5]]), 15),
        (Channel([[0.2, 0.3], [0.3, 0.0], [0.2, 0.0]]), 10),
        (Channel([[0.0, 0.2, 0.3], [0.5, 0.0, 0.0]]), 10),
        (Channel([[0.4, 0.1, 0.0], [0.0, 0.2, 0.3]]), 8),
        (Channel([[0.0, 0.4], [0.0, 0.0], [0.25, 0.35]]), 10),
        (Channel([[0.6, 0.3, 0.1]]), 9),
        (Channel([[0.6], [0.3], [0.1]]), 9),
        (Channel([[1.0]]), 5),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else str(value.p.tolist()),
)
def test_against_all_outcomes(name, law, n):
    compare(name, getattr(oracle, name)(n), law, n)


@pytest.mark.parametrize("name", LINEAR)
def test_every_linear_estimator_against_all_outcomes_of_its_own_weights(name):
    estimator, n = ENTROPIES[name], 6
    sizes = (3, 2, 6) if estimator.needs_alphabet else (None, None, None)
    weights = [
        [oracle.mpf(float(w)) for w in estimator.weight(np.arange(n + 1), n, *filter(None, [size]))]
        for size in sizes
    ]
    table = oracle.joint_probabilities(LAW.p)
    for quantity, signs in SIGNS.items():
        mean, variance = oracle.enumerate_joint_moments(weights, table, signs)
        assert risk.mean(name, LAW, n, quantity=quantity) == close(mean, 1e-12)
        assert risk.variance(name, LAW, n, quantity=quantity) == close(variance, 1e-12)


@pytest.mark.parametrize(
    "p",
    [
        [[0.3, 0.1], [0.15, 0.25], [0.05, 0.15]],
        [[0.2, 0.3], [0.3, 0.0], [0.2, 0.0]],
        [[0.1, 0.0, 0.3], [0.0, 0.6, 0.0]],
        [[0.05, 0.05], [0.1, 0.8]],
    ],
    ids=str,
)
def test_any_weights_at_all(p):
    n = 8
    estimator = random_weights(n, 0)
    compare(estimator, [oracle.mpf(w) for w in estimator.table], Channel(p), n)


def test_the_alphabet_is_that_of_each_variable_with_what_cannot_occur():
    # alphabet times j adds n alphabet, all symbols together, and no variance
    n = 9
    law = Channel([[0.4, 0.1, 0.0], [0.0, 0.0, 0.0], [0.2, 0.3, 0.0]])
    plain, sized = random_weights(n, 1), random_weights(n, 1, needs_alphabet=True)
    for quantity, more in (("information", 3 + 3 - 9), ("conditional_entropy", 9 - 3)):
        options = {"quantity": quantity}
        expected = risk.bias(plain, law, n, **options) + more * n
        assert risk.bias(sized, law, n, **options) == close(expected, 1e-13)
        variance = risk.variance(plain, law, n, **options)
        assert risk.variance(sized, law, n, **options) == close(variance, 1e-10)


def two_by_two(law, n, name, signs):
    """Variance by the sum over all tables, in double precision."""
    w, log_factorial = ENTROPIES[name].weight(np.arange(n + 1), n), gammaln(np.arange(n + 1) + 1.0)
    logs = np.log(law.p.ravel())
    values, masses = [], []
    for a in range(n + 1):
        b, c = np.meshgrid(np.arange(n - a + 1), np.arange(n - a + 1))
        b, c = b[b + c <= n - a], c[b + c <= n - a]
        d = n - a - b - c
        log_mass = log_factorial[n] - sum(log_factorial[k] for k in (a, b, c, d))
        masses.append(np.exp(log_mass + a * logs[0] + b * logs[1] + c * logs[2] + d * logs[3]))
        sums = (w[a + b] + w[c + d], w[a + c] + w[b + d], w[a] + w[b] + w[c] + w[d])
        values.append(sum(s * part for s, part in zip(signs, sums, strict=True)))
    value, mass = np.concatenate(values), np.concatenate(masses)
    mass /= mass.sum()
    return mass @ (value - mass @ value) ** 2


@pytest.mark.parametrize("name", ["plugin", "grassberger", "jackknife"])
@pytest.mark.parametrize(
    ("p", "n"),
    [
        ([[0.4, 0.1], [0.2, 0.3]], 150),
        ([[0.4975, 0.0025], [0.0005, 0.4995]], 230),  # windows away from 0, nearly equal events
        (np.outer([0.3, 0.7], [0.4, 0.6]), 150),
    ],
    ids=["plain", "nearly deterministic", "independent"],
)
def test_larger_samples_against_all_tables(name, p, n):
    law = Channel(p)
    for quantity, signs in SIGNS.items():
        truth = two_by_two(law, n, name, signs)
        assert risk.variance(name, law, n, quantity=quantity) == close(truth, 1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [3, 100, 10_000])
@pytest.mark.parametrize(
    "p",
    [zipf(300, 1.0).p, uniform(7).p, [0.5, 0.49, 0.01], [0.9, 0.05, 0.05], [0.7, 0.3]],
    ids=len,
)
def test_a_constant_variable_leaves_the_entropy_of_the_other(name, n, p):
    # the contour integral for one law is another method altogether
    row, column, law = Channel([p]), Channel(np.transpose([p])), Finite(p)
    variance = risk.variance(name, law, n)
    assert risk.variance(name, row, n, quantity="conditional_entropy") == close(variance, 1e-11)
    assert risk.variance(name, row, n, quantity="label_entropy") == close(variance, 1e-11)
    bias = risk.bias(name, law, n)
    assert risk.bias(name, row, n, quantity="label_entropy") == close(bias, 1e-11)
    assert risk.variance(name, column, n, quantity="conditional_entropy") == 0.0
    assert risk.bias(name, column, n, quantity="conditional_entropy") == 0.0
    # the information is then the weight of a count that is always n
    certain = float(ENTROPIES[name].weight(np.array([n]), n)[0])
    assert risk.variance(name, row, n) == 0.0
    assert risk.bias(name, row, n) == pytest.approx(certain, abs=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_a_label_that_is_the_observation(name):
    law, n = zipf(40, 1.0), 500
    same = Channel(np.diag(law.p))
    assert risk.variance(name, same, n, quantity="conditional_entropy") == 0.0
    assert risk.variance(name, same, n) == close(risk.variance(name, law, n), 1e-12)
    assert risk.mse(name, same, n) == close(risk.mse(name, law, n), 1e-12)


@pytest.mark.parametrize("n", [10**4, 10**6, 10**8])
def test_independence_keeps_its_digits(n):
    # the plug-in information is then chi-square over 2n: bias and variance to first order
    rows, columns = 4, 3
    law = Channel(np.full((rows, columns), 1 / (rows * columns)))
    freedom = (rows - 1) * (columns - 1)
    assert risk.mean("plugin", law, n) == close(freedom / (2 * n), 30 / n)
    assert risk.variance("plugin", law, n) == close(freedom / (2 * n**2), 60 / n + 1e-12)


def test_large_samples_follow_the_delta_method():
    n = 10**9
    rows, columns = LAW.p.sum(axis=1, keepdims=True), LAW.p.sum(axis=0, keepdims=True)
    for quantity, density in (
        ("information", np.log(LAW.p / rows / columns)),
        ("conditional_entropy", -np.log(LAW.p / rows)),
    ):
        spread = np.sum(LAW.p * density**2) - np.sum(LAW.p * density) ** 2
        assert risk.variance("plugin", LAW, n, quantity=quantity) == close(spread / n, 1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_against_simulation(name):
    law, n, replicates = Channel.dirichlet(20, 5, 1.0, np.random.default_rng(5)), 1000, 4000
    tables = law.sample_counts(n, np.random.default_rng(6), replicates)
    for quantity, estimate in (
        ("information", mt.mutual_information(tables, method=name)),
        ("conditional_entropy", mt.conditional_entropy(tables, name)),
    ):
        mean = risk.mean(name, law, n, quantity=quantity)
        variance = risk.variance(name, law, n, quantity=quantity)
        assert abs(estimate.mean() - mean) < 5 * math.sqrt(variance / replicates)
        kurtosis = ((estimate - estimate.mean()) ** 4).mean() / estimate.var() ** 2
        assert abs(estimate.var() / variance - 1) < 5 * math.sqrt((kurtosis - 1) / replicates)


laws = st.lists(
    st.lists(st.floats(1e-4, 1.0) | st.just(0.0), min_size=3, max_size=3), min_size=1, max_size=4
).filter(lambda rows: sum(map(sum, rows)) > 0)


@given(laws, st.integers(1, 400), st.sampled_from(NAMES), st.randoms())
@settings(deadline=None, derandomize=True, max_examples=100)
def test_order_and_roles_do_not_matter(rows, n, name, random):
    p = np.array(rows) / np.sum(rows)
    shuffled = p[random.sample(range(len(p)), len(p))][:, random.sample(range(3), 3)]
    law, mixed, turned = Channel(p), Channel(shuffled), Channel(p.T)
    information = risk.variance(name, law, n)
    for quantity in SIGNS:
        variance = risk.variance(name, law, n, quantity=quantity)
        again = risk.variance(name, mixed, n, quantity=quantity)
        assert variance >= 0
        assert again == pytest.approx(variance, rel=1e-9, abs=1e-16)
    assert risk.variance(name, turned, n) == pytest.approx(information, rel=1e-9, abs=1e-16)
    assert risk.bias(name, turned, n) == pytest.approx(risk.bias(name, law, n), abs=1e-14)


@given(laws, st.integers(1, 400))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_plugin_bias_is_between_its_bounds(rows, n):
    # -ln(1 + (Ky - 1) Kx / n) <= bias of H(Y|X) <= 0: Paninski 2003 for each x, and Jensen
    law = Channel(np.array(rows) / np.sum(rows))
    kx, ky = law.p.shape
    bias = risk.bias("plugin", law, n, quantity="conditional_entropy")
    assert -math.log1p((ky - 1) * kx / n) - 1e-15 <= bias <= 1e-15


@pytest.mark.parametrize(("n", "p"), [(5, 0.3), (40, 0.02), (40, 0.5), (2000, 0.15)])
def test_coefficients_are_orthonormal_expansions(n, p):
    # a_k = sqrt(binom(n, k) (p q)^k) E D^k f(Bin(n - k, p)), D the difference, at 60 digits
    from mpmath import mp

    size = n + 1
    f = np.cos(np.arange(size) * 0.7)
    window = np.array([[0, n, 0, 0, min(n, 30)]])
    remainders = moments.remainders(np.arange(n + 1), n, p)
    tables = np.vstack([f + remainders, np.zeros((5, size))])
    signs = np.eye(1, 6)
    parts = krawtchouk.linear_parts(n, np.array([p]), window, signs, tables)
    summary, enough = np.column_stack([parts, [1.0]]), np.zeros((1, 3))
    flat, starts, _ = krawtchouk.coefficients(
        n, np.array([p]), window, signs, tables, summary, enough
    )
    assert starts.tolist() == [0, min(n, 30) - 1]
    scale = math.sqrt(parts[0, 2])
    with mp.workdps(60):
        exact = [mp.mpf(float(x)) for x in f]
        chance = mp.mpf(p)
        for k in range(2, min(n, 30) + 1):
            exact_k = exact
            for _ in range(k):
                exact_k = [b - a for a, b in itertools.pairwise(exact_k)]
            rest = n - k
            top = min(rest, 600)
            law = [
                mp.binomial(rest, j) * chance**j * (1 - chance) ** (rest - j)
                for j in range(top + 1)
            ]
            mean = mp.fsum(m * d for m, d in zip(law, exact_k, strict=False))
            root = mp.sqrt(mp.binomial(n, k) * (chance * (1 - chance)) ** k)
            assert flat[k - 2] == pytest.approx(float(root * mean), rel=0, abs=2e-14 * scale)


def test_what_is_estimated_must_be_known():
    for function in (risk.mean, risk.bias, risk.variance, risk.mse):
        with pytest.raises(ValueError, match="must be 'entropy'; got 'information' \\(a joint law"):
            function("plugin", uniform(3), 10, quantity="information")
        with pytest.raises(ValueError, match="unknown quantity 'entropy'; did you mean"):
            function("plugin", LAW, 10, quantity="entropy")
        with pytest.raises(TypeError, match="law must be a Finite law or a Channel; got list"):
            function("plugin", [[0.5, 0.5]], 10)
        with pytest.raises(TypeError, match="chao_shen is not; simulate"):
            function("chao_shen", LAW, 10)
        with pytest.raises(ValueError, match="n must be an integer of at least 1; got 0"):
            function("plugin", LAW, 0)
        with pytest.raises(ValueError, match="at most 1e\\+12"):
            function("plugin", LAW, 10**13)
        with pytest.raises(ValueError, match="symbol seen 2 times out of 3 is not finite"):
            function(Weights((0.0, 0.1, math.nan, 0.0)), LAW, 3)
        assert function("plugin", uniform(3), 10, quantity="entropy") == function(
            "plugin", uniform(3), 10
        )
        assert function("plugin", LAW, 10) == function("plugin", LAW, 10, quantity="information")


def test_weights_that_jump_are_refused_where_they_take_too_long(monkeypatch):
    monkeypatch.setattr(joint, "_WORK", 1e6)
    n = 10**4
    law = Channel([[0.5 - 1e-6, 1e-6], [1e-6, 0.5 - 1e-6]])
    with pytest.raises(ValueError, match="weights vary too much from one count to the next"):
        risk.variance(random_weights(n, 2), law, n)
