"""The minimax estimators against slow oracles, published values and their own optimality."""

import math
import re
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import minimax as oracle
from scipy.optimize import linprog

import mitheory as mt
from mitheory.entropies import RegimeWarning
from mitheory.entropies.minimax import approximation, polynomial, programme, upper_bound

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

NAMES = ["bub", "jvhw", "unseen", "wu_yang"]
SIZED = ["bub", "wu_yang"]
SAMPLES = [
    [1],
    [7],
    [10**9],
    [1, 1],
    [1] * 30,
    [3, 2, 1],
    [50, 50],
    [10**9 - 1, 1],
    [15, 16, 17],
    list(range(1, 60)),
    [1] * 50 + [2] * 20 + [3, 5, 8, 13, 40, 41, 1000],
    [1] * 150 + [2] * 70 + [3] * 8,
    [2**51, 2**50, 7],
    [2**52, 1, 1],
]
ids = {"ids": lambda c: f"{len(c)}symbols_n{sum(c)}"}


def size(name, counts):
    return 2 * len(counts) + 1 if name in SIZED else None


@pytest.mark.parametrize("degree", [1, 2, 3, 7, 14, 22])
def test_best_polynomial_against_remez_in_the_monomial_basis(degree):
    a, level = oracle.best_polynomial(degree)
    found = approximation.best_polynomial(degree)
    with mp.workdps(60):
        worst = max(abs(x - y) for x, y in zip(found, a, strict=True))
        assert worst < mp.mpf(10) ** -25 * max(map(abs, a))
        assert abs(found[0] + level) < mp.mpf(10) ** -25 * abs(level)  # 0 is an extremum


@pytest.mark.parametrize("degree", [1, 5, 22, 44, 88])
def test_best_polynomial_equioscillates(degree):
    """De la Vallée-Poussin: the least of alternating errors is a lower bound on the best."""
    a = approximation.best_polynomial(degree)
    theta = approximation._extrema(degree)
    between = np.linspace(0, np.pi, 20 * degree + 1)
    with mp.workdps(60 + 2 * degree):
        errors = [
            [oracle.target(x) - mp.polyval(a[::-1], x) for x in map(mp.mpf, np.sin(t / 2) ** 2)]
            for t in (theta, between)
        ]
        signed = [e * (-1) ** i for i, e in enumerate(errors[0])]
        assert len(signed) == degree + 2
        assert max(signed) < 0
        assert max(signed) / min(signed) > 1 - mp.mpf(10) ** -14  # the last node is sin(pi/2)^2
        assert max(map(abs, errors[1])) <= -min(signed) * (1 + mp.mpf(10) ** -14)


def test_best_polynomial_against_a_linear_programme():
    degree = 6
    theta = np.linspace(0, np.pi, 2000)
    x = np.sin(theta / 2) ** 2
    basis = np.cos(np.outer(theta, np.arange(degree + 1)))
    f = -x * np.log(np.where(x > 0, x, 1))
    one = np.ones((x.size, 1))
    result = linprog(
        np.r_[np.zeros(degree + 1), 1],
        np.block([[basis, -one], [-basis, -one]]),
        np.r_[f, -f],
        bounds=(None, None),
    )
    # the grid misses the extrema by up to 1e-3 in theta, where the error is flat
    assert float(approximation.best_polynomial(degree)[0]) == pytest.approx(result.fun, rel=1e-4)


@pytest.mark.parametrize(
    ("n", "singletons"),
    [(7, 1), (30, 30), (199, 1), (200, 150), (2000, 1700), (2000, 3), (10**5, 10**5), (10**9, 2)],
)
def test_jvhw_weights(n, singletons):
    ratio, small = polynomial._jvhw_small(n, singletons)
    assert len(small)
    assert np.all((ratio >= 0) & (ratio < 1))
    some = sorted({0, 1, 2, 3, 5, 9, len(small) // 2, len(small) - 1} & set(range(len(small))))[1:]
    exact = [float(oracle.jvhw_weight(j, n, singletons)) for j in some]
    corrected = [float(oracle.plugin_corrected(j, n)) for j in some]
    r = ratio[some]
    found = np.maximum(r * corrected + (1 - r) * small[some], 0)
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-13 * max(exact))


@pytest.mark.parametrize("alphabet", [1, 2, 5, 100, 10**4, 10**6, 10**12])
def test_wu_yang_weights(alphabet):
    last = max(1, math.floor(1.6 * math.log(alphabet)))
    j = np.array(sorted({0, 1, 2, last - 1, last, last + 1, 3 * last}))
    for n in (1, 17, 10**4, 2**53):
        exact = np.array([float(oracle.wu_yang_weight(i, n, alphabet)) for i in j.tolist()])
        found = mt.ENTROPIES["wu_yang"].weight(j, n, alphabet)
        np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-14 * np.abs(exact).max())


@pytest.mark.parametrize(
    ("n", "alphabet"), [(1, 1), (1, 9), (9, 5), (19, 300), (25, 9), (2000, 10**4), (10**5, 10**6)]
)
def test_bub_weights_and_bound(n, alphabet):
    weights, bound = oracle.bub_weights(n, alphabet)
    _, found = upper_bound.best_upper_bound(n, alphabet)
    assert found == pytest.approx(float(bound), rel=1e-11)
    j = np.arange(len(weights))
    exact = np.array([float(a) for a in weights])
    np.testing.assert_allclose(
        mt.ENTROPIES["bub"].weight(j, n, alphabet), exact, rtol=0, atol=1e-11 * exact.max()
    )


@pytest.mark.parametrize(("n", "alphabet"), [(2000, 10**4), (10**5, 10**4), (10**9, 10**6)])
def test_bub_weights_minimise_their_objective(n, alphabet):
    """A change of any free weight, of either sign, makes the sum of squares larger."""
    a, _ = upper_bound.best_upper_bound(n, alphabet)
    p, pmf = upper_bound._bernstein(n)
    k = len(a)
    tail = mt.ENTROPIES["miller_madow"].weight(np.arange(k, len(pmf)), n)

    def objective(free):
        every = np.r_[free, tail]
        bias = alphabet * (every @ pmf + p * np.log(p))
        return bias @ bias + n * np.sum(np.diff(every[: k + 1]) ** 2)

    least = objective(a)
    for i in range(k):
        for change in (-1e-4, 1e-4):
            moved = a.copy()
            moved[i] += change * math.log(n) / n
            assert objective(moved) > least


@pytest.mark.parametrize("counts", SAMPLES, **ids)
@pytest.mark.parametrize("name", ["jvhw", "wu_yang"])
def test_estimates_against_the_definition_at_40_digits(name, counts):
    alphabet = size(name, counts)
    exact = getattr(oracle, name)(*[counts, alphabet][: 1 + (alphabet is not None)])
    value = mt.entropy(counts, name, alphabet=alphabet)
    assert value == pytest.approx(float(exact), rel=1e-12, abs=1e-30)


@pytest.mark.parametrize("counts", [[1], [7], [3, 2, 1], [1] * 19, [15, 16, 17], [2] * 12], **ids)
def test_bub_against_the_definition_at_40_digits(counts):
    for alphabet in (len(counts), 3 * len(counts)):
        exact = float(oracle.bub(counts, alphabet))
        assert mt.entropy(counts, "bub", alphabet=alphabet) == pytest.approx(exact, rel=1e-11)


def profile_of_uniform(n, alphabet):
    mean = n / alphabet
    j = np.arange(1, 40)
    expected = alphabet * np.exp(j * np.log(mean) - mean - [math.lgamma(i + 1) for i in j])
    return np.repeat(j, np.round(expected).astype(int))


@pytest.mark.parametrize(
    "counts",
    [
        [1],
        [3, 2, 1],
        [1] * 30,
        [7],
        [1, 1, 900],
        list(range(1, 60)),
        [1] * 50 + [2] * 20 + [3, 5, 8, 13, 40, 41, 1000],
        profile_of_uniform(2000, 10_000).tolist(),
        profile_of_uniform(20_000, 10_000).tolist(),
        np.repeat(np.arange(400, 520), 3).tolist(),
    ],
    **ids,
)
def test_unseen_against_the_authors_formulation(counts):
    entropy, misfit, symbols = oracle.unseen(counts)
    profile = mt.Profile.from_counts(counts)
    crowded = programme._crowded(profile.j, profile.phi)
    assert crowded.any() == (misfit is not None)
    if crowded.any():
        j, phi = profile.j[crowded], profile.phi[crowded]
        means, samples, *optima = programme.simplest_histogram(j, phi, int(profile.n))
        assert optima == pytest.approx([misfit, symbols], rel=1e-6, abs=1e-6)
        assert samples.sum() == pytest.approx(j @ phi, rel=1e-9)
        assert np.all(np.diff(np.log(means)) == pytest.approx(math.log(1.05)))
        assert means[-2] < j[-1] <= means[-1] * (1 + 1e-12)
    assert mt.entropy(counts, "unseen") == pytest.approx(entropy, rel=1e-5, abs=1e-12)


def test_unseen_recovers_a_huge_uniform_law():
    """A billion samples of a billion symbols; only the profile is ever held."""
    j = np.arange(1, 12)
    phi = np.round(1e9 * np.exp(-1 - np.array([math.lgamma(i + 1) for i in j]))).astype(np.int64)
    profile = mt.Profile(j, phi)
    for name, error in (("unseen", 0.02), ("jvhw", 0.06)):
        value = mt.ENTROPIES[name].of_profile(profile)
        assert value == pytest.approx(math.log(1e9), abs=error)
    for name in SIZED:
        value = mt.ENTROPIES[name].of_profile(profile, 10**9)
        assert value == pytest.approx(math.log(1e9), abs=0.06)


def test_published_values():
    """Output of the authors' own Matlab programs, as quoted in DiscreteEntropy.jl's tests."""
    rising = [1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5]
    for counts, value in [([1, 2, 3, 2, 1], 1.6017), (rising, 2.2612), ([1], 0.0690)]:
        assert mt.entropy(counts, "unseen") == pytest.approx(value, abs=5e-5)
    falling = [1, 2, 3, 4, 5, 4, 3, 2, 1]
    for counts, value in [([1, 2, 3, 2, 1], 1.7089), (falling, 2.2388), ([1], 0.1812)]:
        found = mt.entropy(counts, "bub", alphabet=len(counts))
        assert found == pytest.approx(value, abs=5e-5)


def test_wu_yang_as_its_authors_print():
    """2910 symbols once and 45 twice, S = 100 000: 15.794990467501666 bits.

    Printed in the README of https://github.com/Albuso0/entropy. Their table of coefficients is
    rounded; degree 18.
    """
    profile = mt.Profile(np.array([1, 2]), np.array([2910, 45]))
    bits = mt.ENTROPIES["wu_yang"].of_profile(profile, 100_000) / math.log(2)
    assert bits == pytest.approx(15.794990467501666, rel=1e-9)


def test_unseen_simulation_as_discrete_entropy_jl():
    """The mean of exp(estimate) over 500 samples of 10 000 from 1000 equal symbols is 990.5618 in
    test/estimator_test.jl of https://github.com/kellino/DiscreteEntropy.jl; here over 40.
    """
    rng = np.random.default_rng(0)
    counts = rng.multinomial(10_000, np.full(1000, 1e-3), size=40)
    found = np.exp(mt.entropy(counts, "unseen"))
    error = found.std(ddof=1) * math.sqrt(1 / 40 + 1 / 500)
    assert found.mean() == pytest.approx(990.5618, abs=4 * error)
    assert 4 * error < 5.5  # which tells it from 1000


@pytest.mark.parametrize("name", NAMES)
def test_is_described(name):
    estimator = mt.ENTROPIES[name]
    bibliography = Path(mt.__file__).with_name("references.bib").read_text()
    assert estimator.name == name
    assert estimator.summary.endswith(".")
    assert estimator.formula
    assert estimator.regime
    assert re.search(rf"@\w+{{{estimator.cite},", bibliography)
    assert estimator.linear == estimator.needs_alphabet == (name in SIZED)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=30).filter(any),
    data=st.data(),
)
def test_order_and_zeros_do_not_matter(name, counts, data):
    alphabet = data.draw(st.integers(len(counts), 10**5)) if name in SIZED else None
    value = mt.entropy(counts, name, alphabet=alphabet)
    assert math.isfinite(value)
    assert mt.entropy(data.draw(st.permutations(counts)), name, alphabet=alphabet) == value
    assert mt.entropy([*counts, 0, 0], name, alphabet=alphabet) == value
    if name == "jvhw":
        assert value == pytest.approx(float(oracle.jvhw(counts)), rel=1e-12)
    if name == "unseen":
        assert value == pytest.approx(oracle.unseen(counts)[0], rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True, max_examples=15)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(st.integers(0, 9), st.integers(0, 10**12)), min_size=4, max_size=4
        ).filter(any),
        min_size=1,
        max_size=5,
    )
)
def test_a_batch_equals_its_rows(name, rows):
    alphabet = 50 if name in SIZED else None
    looped = [mt.entropy(row, name, alphabet=alphabet) for row in rows]
    batch = mt.entropy([rows, rows], name, alphabet=alphabet)
    assert batch.shape == (2, len(rows))
    # the estimate is a sum of terms of up to a few nats
    np.testing.assert_allclose(batch, [looped, looped], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", SIZED)
def test_linear_estimate_is_its_weights_summed(name):
    estimator = mt.ENTROPIES[name]
    counts = np.array([9, 4, 4, 1, 0, 0, 0])
    direct = sum(float(estimator.weight(c, 18, 7)) for c in counts)
    assert estimator.of_counts(counts, 7) == pytest.approx(direct, rel=1e-14)
    assert estimator.weight(np.arange(5)[:, None], np.array([7, 900]), 40).shape == (5, 2)
    with pytest.raises(ValueError, match=f"{name} needs the alphabet size: pass alphabet="):
        mt.entropy(counts, name)
    with pytest.raises(ValueError, match="at least the number of symbols observed, 4; got 3"):
        mt.entropy(counts, name, alphabet=3)


def test_weights_for_several_n_at_once():
    """Each n has its own table of free weights, of its own length."""
    bub = mt.ENTROPIES["bub"]
    sizes = np.array([3, 30, 1000])
    together = bub.weight(np.arange(25)[:, None], sizes, 40)
    for n, column in zip(sizes, together.T, strict=True):
        upto = min(n, 24) + 1
        np.testing.assert_array_equal(column[:upto], bub.weight(np.arange(upto), n, 40))


@pytest.mark.parametrize(
    ("name", "counts", "alphabet", "reason"),
    [
        ("jvhw", [1] * 9, None, "no symbol was seen twice"),
        ("jvhw", [3, 2, 2, *[1] * 6], None, "more than 40% .* on symbols not seen \\("),
        ("jvhw", [3, 2, 2, *[1] * 6], 100, "symbols not seen, and n is below S / ln S"),
        ("unseen", [1] * 9, None, "no symbol was seen twice"),
        ("wu_yang", [3, 4], 10**6, "n is below S / ln S"),
        ("bub", [3, 4], 10**6, r"bound on the worst error is above ln\(S\) / 2"),
        ("bub", [40] * 25, 10**5, "n is below S / ln S"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_outside_its_regime_an_estimator_says_so(name, counts, alphabet, reason):
    with pytest.warns(RegimeWarning, match=f"{name} is outside its regime: .*{reason}"):
        mt.entropy(counts, name, alphabet=alphabet)
    mt.entropy([40, 30, 20, 30, 2, 2], name, alphabet=alphabet and 6)


def test_errors_where_the_plugin_fails():
    """10 000 equally likely symbols, 2000 samples: the plug-in is 1.74 nats too low."""
    alphabet, n = 10_000, 2000
    rng = np.random.default_rng(20)
    counts = rng.multinomial(n, np.full(alphabet, 1 / alphabet), size=20)

    def rmse(name):
        known = alphabet if name in SIZED else None
        estimates = mt.entropy(counts, name, alphabet=known)
        return math.sqrt(np.mean((estimates - math.log(alphabet)) ** 2))

    assert rmse("plugin") == pytest.approx(1.74, abs=0.02)
    for name in NAMES:
        assert rmse(name) < 0.2
    assert rmse("bub") < upper_bound.best_upper_bound(n, alphabet)[1]
