"""Contract of every Estimator in ENTROPIES, against 40-digit oracles and laws of nature."""

import math
import re
import tracemalloc
import warnings
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import entropies as oracle
from scipy.special import digamma, gammaln

import mitheory as mt
from mitheory.entropies import RegimeWarning
from mitheory.kernels.condense import condense
from mitheory.profile import profiles

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

# the minimax estimators have oracles and tests of their own
NAMES = sorted(
    name
    for name, estimator in mt.ENTROPIES.items()
    if "minimax" not in estimator.function.__module__
)
LINEAR = [name for name in NAMES if mt.ENTROPIES[name].linear]
SIZED = [name for name in NAMES if mt.ENTROPIES[name].needs_alphabet]
INTEGRATED = ["nsb", "pym"]
BAYESIAN = [name for name in NAMES if mt.ENTROPIES[name].deviation]
SAMPLES = [
    [1],
    [2],
    [7],
    [10**9],
    [1, 1],
    [1, 1, 1, 1, 1],
    [3, 2, 1],
    [50, 50],
    [4, 2, 3, 1, 4, 1],
    [1000, 1],
    [10**9 - 1, 1],
    [10**9, 10**9 - 1, 3],
    [19, 20, 21, 38, 39, 40, 41, 42],
    [15, 16, 17],
    list(range(1, 60)),
    [1] * 50 + [2] * 20 + [3, 5, 8, 13, 40, 41, 1000, 10**6],
    [2**51, 2**50, 7],
]
counts_lists = st.lists(st.integers(0, 60), min_size=1, max_size=20).filter(any)


def sizes(name, counts):
    """Alphabets to try an estimator on: all seen, most of them not, nearly none."""
    if not accepts(name, counts):
        return []
    if name == "pym":  # the oracle takes seconds; more in the golden values below
        return [None] if len(counts) in (3, 78) and 40 < sum(counts) < 10**7 else []
    if name not in SIZED:
        return [None]
    if name == "nsb":  # the oracle takes a second
        return [len(counts) + 2, 10**12] if len(set(counts)) < 20 else [10**12]
    return [len(counts), 10 * len(counts) + 3, 10**12]


def accepts(name, counts):
    """Whether the estimator exists for the counts: some need a symbol seen twice."""
    return name not in ("ansb", "pym") or max(counts) > 1


def exact(name, counts, alphabet):
    return getattr(oracle, name)(counts, *([] if alphabet is None else [alphabet]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("counts", SAMPLES, ids=lambda c: f"{len(c)}symbols_n{sum(c)}")
def test_against_the_definition_at_40_digits(name, counts):
    for alphabet in sizes(name, counts):
        value = mt.entropy(counts, name, alphabet=alphabet)
        rel = 1e-10 if name == "pym" else 1e-12
        # abs: the oracle's own rounding
        assert value == pytest.approx(float(exact(name, counts, alphabet)), rel=rel, abs=1e-30)


@pytest.mark.parametrize(
    ("counts", "alphabet", "value"),
    [
        ([3, 2, 1], 100, 1.6439),
        ([4, 2, 3, 1, 4, 1], 6, 1.69081817),
        ([2] * 10, 10, 2.2602),
        ([100] * 50, 50, 3.9118),
    ],
)
def test_nsb_published_values(counts, alphabet, value):
    """The second is in the documentation of the package ndd; all by quadrature at 60 digits."""
    digits = len(str(value).split(".")[1])
    assert round(mt.entropy(counts, "nsb", alphabet=alphabet), digits) == value


def test_nsb_of_one_sample_is_the_prior_mean():
    """One sample says nothing of a symmetric law: the mean of a uniform law on (0, ln S)."""
    assert mt.entropy([1], "nsb", alphabet=1000) == pytest.approx(math.log(1000) / 2, rel=1e-12)
    deviation = mt.ENTROPIES["nsb"].deviation_of_profile(mt.Profile.from_counts([1]), 10**15)
    assert deviation > math.log(10**15) / math.sqrt(12)


@pytest.mark.parametrize(
    ("counts", "alphabet"),
    [
        ([1] * 1000, 10**12),
        ([2] * 300, 3003),
        ([5 * 10**8] * 2, 2),
        ([10**6] * 1000, 1000),
        ([1] * 20_000 + [2] * 5, 10**12),
        ([10**9] + [1] * 1000, 10**6),
        ([5 * 10**14] * 2, 2),
        ([10**12 - 10**6, 10**12 + 1, 10**12 + 3 * 10**5], 3),
        (list(range(200, 300)), 1000),
        ([10**14 + 10**7 * k - k * k for k in range(-9, 10)], 19),
    ],
    ids=lambda v: f"{len(v)}symbols_n{sum(v)}" if isinstance(v, list) else str(v),
)
def test_nsb_where_the_posterior_is_narrow_or_the_alphabet_huge(counts, alphabet):
    profile = mt.Profile.from_counts(counts)
    nsb = mt.ENTROPIES["nsb"]
    assert nsb.of_profile(profile, alphabet) == pytest.approx(
        float(oracle.nsb(counts, alphabet)), rel=1e-12
    )
    assert nsb.deviation_of_profile(profile, alphabet) == pytest.approx(
        float(oracle.DEVIATIONS["nsb"](counts, alphabet)), rel=1e-8
    )


@pytest.mark.parametrize(
    "counts",
    [
        np.arange(1, 6000),
        np.arange(60, 480),
        np.unique(np.geomspace(30, 1e13, 3000).astype(np.int64)),
        10**12 + 10**6 * np.arange(-50, 51),
    ],
    ids=["all_small", "one_block", "many_octaves", "nearly_equal"],
)
def test_few_counts_stand_for_many(counts):
    j = counts.astype(np.float64)
    times = np.random.default_rng(5).integers(0, 9, (2, j.size))
    points, weights = condense(j, times)
    assert points.size < 0.2 * j.size
    assert np.all(np.diff(points) > 0)
    assert np.all(points == np.floor(points))
    functions = [
        lambda x: np.log1p((x - j[0]) / j[0]) ** 2,
        *[lambda x, b=b: digamma(x + b) for b in (1e-6, 1.0, 300.0, 1e7)],
        *[lambda x, b=b: (x + b) * digamma(x + b) for b in (1e-6, 1.0, 300.0, 1e7)],
        *[lambda x, b=b: gammaln(x + b) - gammaln(b) for b in (1e-6, 1.0, 300.0)],
    ]
    for function in functions:
        np.testing.assert_allclose(
            (weights * function(points)).sum(axis=1), (times * function(j)).sum(axis=1), rtol=1e-12
        )


def test_nsb_batches_share_nodes_only_where_they_may():
    """Rows of one n, some alike and some not: all as by themselves."""
    rng = np.random.default_rng(3)
    rows = rng.multinomial(300, rng.dirichlet(np.full(40, 0.2), size=150))
    rows[::10] = 0
    rows[::10, :2] = [[299 - k, 1 + k] for k in range(15)]
    looped = [mt.entropy(row, "nsb", alphabet=40) for row in rows]
    np.testing.assert_allclose(mt.entropy(rows, "nsb", alphabet=40), looped, rtol=1e-11)


@pytest.mark.parametrize("name", ["ansb", "pym"])
def test_some_need_a_coincidence(name):
    with pytest.raises(ValueError, match=f"^{name} needs a symbol seen twice; got n = 3 [^0]*$"):
        mt.entropy([1, 1, 1], name)
    with pytest.raises(ValueError, match="got n = 2 different symbols in sample 1"):
        mt.entropy([[2, 1], [1, 1]], name)


@pytest.mark.parametrize(
    ("counts", "mean", "deviation"),
    [
        ([2], 1.071412021378292, 1.17379323355),
        ([10**9], 9.991171800317175e-10, 4.62330445862e-9),
        ([5, 3, 2, 1], 1.643705386526091, 0.396349645402),
        ([1000, 1], 0.009638278756214971, 0.00770381959199),
        ([10**9 - 1, 1], 2.331854971026668e-8, 2.13501913645e-8),
        ([4, 2, 3, 1, 4, 1], 2.099260091372509, 0.359213617202),
        ([1] * 1000 + [2], 14.93494487822248, 1.56071804302),
        ([10**6] * 1000, 6.907755705814553, 1.17972747878e-7),
        ([2**51, 2**50, 7], 0.6365141682948842, 5.62223099682e-9),
    ],
    ids=lambda v: f"{len(v)}symbols_n{sum(v)}" if isinstance(v, list) else "",
)
def test_pym_golden_values(counts, mean, deviation):
    """Computed at 75 digits by the oracle."""
    assert mt.entropy(counts, "pym") == pytest.approx(mean, rel=1e-10)
    value = mt.ENTROPIES["pym"].deviation_of_profile(mt.Profile.from_counts(counts))
    assert value == pytest.approx(deviation, rel=1e-8)


def test_ansb_is_the_limit_of_nsb():
    counts = [1] * 20_000 + [2] * 40
    limit = mt.entropy(counts, "nsb", alphabet=10**15)
    assert mt.entropy(counts, "ansb") == pytest.approx(limit, abs=0.01)


@pytest.mark.parametrize("name", BAYESIAN)
@pytest.mark.parametrize("counts", SAMPLES, ids=lambda c: f"{len(c)}symbols_n{sum(c)}")
def test_posterior_deviation_against_the_definition(name, counts):
    profile = mt.Profile.from_counts(counts)
    rel = 1e-9 if name in INTEGRATED else 1e-11
    for alphabet in sizes(name, counts):
        value = mt.ENTROPIES[name].deviation_of_profile(profile, alphabet)
        exactly = oracle.DEVIATIONS[name](counts, alphabet)
        assert value == pytest.approx(float(exactly), rel=rel, abs=1e-30)


@pytest.mark.parametrize("counts", [[3, 1], [0, 2], [7, 7]])
def test_dirichlet_posterior_by_integration(counts):
    """Two symbols: the moments of h(p) under a Beta law, by quadrature."""
    a, b = (mp.mpf(c) + mp.mpf(1) / 2 for c in counts)

    def moment(power):
        def integrand(p):
            h = -p * mp.log(p) - (1 - p) * mp.log1p(-p)
            return h**power * p ** (a - 1) * (1 - p) ** (b - 1)

        return mp.quad(integrand, [0, 0.5, 1])

    mean = moment(1) / moment(0)
    deviation = mp.sqrt(moment(2) / moment(0) - mean**2)
    jeffreys = mt.ENTROPIES["dirichlet_jeffreys"]
    profile = mt.Profile.from_counts(counts)
    assert jeffreys.of_profile(profile, 2) == pytest.approx(float(mean), rel=1e-12)
    assert jeffreys.deviation_of_profile(profile, 2) == pytest.approx(float(deviation), rel=1e-11)


def test_published_values():
    """By hand: ln 3 for three equal counts; Grassberger's G(1) = -gamma - ln 2, G(2) = 2 + G(1).

    Of [1, 2, 3, 2, 1]: R's entropy 1.3 (Miller-Madow, Chao-Shen, shrinkage) and R's
    EntropyEstimation and iNEXT (Zhang, Chao-Wang-Jost), as quoted in DiscreteEntropy.jl's tests.
    """
    counts = [1, 2, 3, 2, 1]
    for name, value in [
        ("plugin", 1.522955),
        ("miller_madow", 1.745177),
        ("chao_shen", 1.876548),
        ("zhang", 1.773413),
        ("chao_wang_jost", 1.84787),
    ]:
        assert mt.entropy(counts, name) == pytest.approx(value, abs=6e-7)
    assert mt.entropy(counts, "james_stein", alphabet=5) == pytest.approx(1.609438, abs=6e-7)
    assert mt.entropy([5, 5, 5]) == pytest.approx(math.log(3), rel=1e-15)
    gamma = 0.57721566490153286061
    assert mt.entropy([1], "grassberger") == pytest.approx(gamma + math.log(2), rel=1e-14)
    assert mt.entropy([2], "grassberger") == pytest.approx(
        math.log(2) - (2 - gamma - math.log(2)), rel=1e-13
    )


@pytest.mark.parametrize("name", NAMES)
def test_is_described(name):
    estimator = mt.ENTROPIES[name]
    bibliography = Path(mt.__file__).with_name("references.bib").read_text()
    assert estimator.name == name
    assert estimator.summary.endswith(".")
    assert estimator.formula
    assert estimator.regime
    assert re.search(rf"@\w+{{{estimator.cite},", bibliography)
    assert hasattr(oracle, name)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True, max_examples=40)
@given(counts=counts_lists, data=st.data())
def test_order_and_unseen_symbols_do_not_matter(name, counts, data):
    assume(accepts(name, counts))
    alphabet = data.draw(st.integers(len(counts), 10**6)) if name in SIZED else None
    value = mt.entropy(counts, name, alphabet=alphabet)
    assert math.isfinite(value)
    assert mt.entropy(data.draw(st.permutations(counts)), name, alphabet=alphabet) == value
    assert mt.entropy([*counts, 0, 0], name, alphabet=alphabet) == value
    if name not in INTEGRATED:
        assert value == pytest.approx(float(exact(name, counts, alphabet)), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True, max_examples=30)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(st.integers(0, 9), st.integers(0, 10**12)), min_size=4, max_size=4
        ).filter(any),
        min_size=1,
        max_size=6,
    )
)
def test_a_batch_equals_its_rows(name, rows):
    assume(all(accepts(name, row) for row in rows))
    estimator, size = mt.ENTROPIES[name], 1000 if name in SIZED else None
    rtol = 1e-11 if name in INTEGRATED else 1e-14
    looped = [mt.entropy(row, name, alphabet=size) for row in rows]
    np.testing.assert_allclose(
        mt.entropy(rows, name, alphabet=size), looped, rtol=rtol, atol=1e-300
    )
    stacked = mt.entropy([rows, rows], name, alphabet=size)
    assert stacked.shape == (2, len(rows))
    np.testing.assert_allclose(stacked[1], looped, rtol=rtol, atol=1e-300)
    if estimator.deviation:
        profiles_ = [mt.Profile.from_counts(row) for row in (rows, *rows)]
        batch, *single = (estimator.deviation_of_profile(p, size) for p in profiles_)
        np.testing.assert_allclose(batch, single, rtol=max(rtol, 1e-12), atol=1e-300)


@pytest.mark.parametrize("name", LINEAR)
def test_linear_estimate_is_its_weights_summed(name):
    estimator = mt.ENTROPIES[name]
    counts = np.array([9, 4, 4, 1, 0])
    size = 5 if name in SIZED else None
    direct = sum(float(estimator.weight(c, 18, size)) for c in counts)
    value = estimator.of_profile(mt.Profile.from_counts(counts), size)
    assert value == pytest.approx(direct, rel=1e-14)
    assert (float(estimator.weight(0, 18, size)) > 0) == (name in SIZED)
    assert estimator.weight(np.arange(5)[:, None], np.array([7, 9]), size).shape == (5, 2)


@pytest.mark.parametrize("name", SIZED)
def test_the_alphabet_is_asked_for(name):
    estimator = mt.ENTROPIES[name]
    with pytest.raises(ValueError, match=f"{name} needs the alphabet size: pass alphabet="):
        mt.entropy([2, 1], name)
    if estimator.linear:
        with pytest.raises(ValueError, match="needs the alphabet size"):
            estimator.weight(1, 3)
    if estimator.deviation:
        with pytest.raises(ValueError, match="needs the alphabet size"):
            estimator.deviation_of_profile(mt.Profile.from_counts([2, 1]))
        with pytest.raises(ValueError, match="at least the number of symbols observed, 2; got 1"):
            estimator.deviation_of_profile(mt.Profile.from_counts([2, 1]), 1)


def test_only_bayesian_estimators_have_a_posterior_deviation():
    with pytest.raises(TypeError, match="plugin is not Bayesian"):
        mt.ENTROPIES["plugin"].deviation_of_profile(mt.Profile.from_counts([2, 1]))


def few_and_many(name):
    """Counts inside and outside the regime, with the alphabet and the reason given outside."""
    size = 50 if name in SIZED else None
    inside = [1] * 50 + [2] if name == "ansb" else [40] * 10
    outside, reason = {
        "pym": ([1] * 30 + [2], "with fewer than 3 coincidences"),
        "ansb": ([40] * 10, "more than a tenth of the samples repeat a symbol"),
        "bonachela": ([2] * 20, "sum to more than 1.25"),
        "dirichlet_jeffreys": ([5, 4, 3], "prior counts for more samples than there are"),
        "dirichlet_laplace": ([5, 4, 3], "prior counts for more samples than there are"),
    }.get(name, ([1] * 30, r"of the probability is on symbols not seen|no symbol was seen twice"))
    return size, inside, outside, reason


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("error")
def test_outside_its_regime_an_estimator_says_so(name):
    estimator = mt.ENTROPIES[name]
    size, inside, outside, reason = few_and_many(name)
    mt.entropy(inside, name, alphabet=size)
    words = f"^{name} is outside its regime: .*({reason}).*n = {sum(outside)}.*meant for"
    with pytest.warns(RegimeWarning, match=words):
        mt.entropy(outside, name, alphabet=size)
    with pytest.warns(RegimeWarning, match=words) as caught:
        estimator.of_profile(mt.Profile.from_counts(outside), size)
    assert [Path(warning.filename) for warning in caught] == [Path(__file__)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)
        mt.entropy(outside, name, alphabet=size)


WARN_FOR_SPARSE_ZIPF = {
    *("chao_shen", "chao_wang_jost", "james_stein", "jvhw", "unseen", "pym", "bub", "nsb"),
    *("plugin", "miller_madow", "grassberger", "zhang", "wu_yang", "dirichlet_perks"),
}


@pytest.mark.parametrize("name", sorted(WARN_FOR_SPARSE_ZIPF))
@pytest.mark.filterwarnings("error")
def test_a_long_tail_is_outside_although_symbols_repeat(name):
    """A Zipf law of 10^5 symbols: from 1000 samples all are half a nat off or more; from 60 000 of
    500 symbols none."""
    counts = mt.laws.zipf(10**5, 1.0).sample_counts(1000, np.random.default_rng(0))
    with pytest.warns(RegimeWarning, match=f"^{name} is outside its regime: .* meant for"):
        mt.entropy(counts, name, alphabet=10**5)
    counts = mt.laws.zipf(500, 1.0).sample_counts(60_000, np.random.default_rng(0))
    mt.entropy(counts, name, alphabet=500)


@pytest.mark.filterwarnings("error")
def test_the_regime_of_an_alphabet_that_is_given():
    """Half the samples are singletons; enough of 60 symbols, and of 10^5 if few are in use."""
    counts = [1] * 20 + [2] * 10
    for name in ("nsb", "jvhw"):
        mt.entropy(counts, name, alphabet=60)
        mt.entropy([20, 20, 1], name, alphabet=10**5)
        with pytest.warns(RegimeWarning, match="and n is below S / ln S"):
            mt.entropy(counts, name, alphabet=10**5)


@pytest.mark.filterwarnings("error")
def test_one_sample_is_outside_the_regime_of_bonachela():
    mt.entropy([3, 1], "bonachela")
    with pytest.warns(RegimeWarning, match="bonachela is outside its regime: likely more than 40%"):
        mt.entropy([1], "bonachela")
    with pytest.warns(RegimeWarning, match="in 2 of 3 samples; .*: .* sum to more than 1.25"):
        mt.entropy([[40, 0, 0, 0, 0, 2], [2] * 6, [0, 0, 0, 0, 0, 1]], "bonachela")


def test_a_batch_warns_once_with_the_number_of_samples_outside():
    rows = np.full((60_000, 30), 20)
    rows[::3] = 1
    assert len(list(profiles(rows))) > 1
    with pytest.warns(RegimeWarning, match="in 20000 of 60000 samples; in the first") as caught:
        mt.entropy(rows)
    assert len(caught) == 1
    with pytest.warns(RegimeWarning, match=r"coverage 0: 2 singletons in n = 2, .*alphabet 9\)"):
        mt.entropy([[4, 4], [1, 1]], "dirichlet_perks", alphabet=9)


def test_large_batches_are_cut_without_changing_a_value():
    """Few rows with huge distinct counts, many rows with small ones: both cross a cut."""
    rng = np.random.default_rng(1)
    huge = rng.integers(0, 2**40, size=(40, 3000))
    small = rng.multinomial(500, np.full(30, 1 / 30), size=60_000)
    assert len(list(profiles(huge))) > 1
    assert len(list(profiles(small))) > 1
    for rows, some in ((huge, [0, 17, 39]), (small, [0, 30_000, 59_999])):
        batch = mt.entropy(rows, "grassberger")
        for i in some:
            assert batch[i] == pytest.approx(mt.entropy(rows[i], "grassberger"), rel=1e-14)


@pytest.mark.parametrize("n", [10**6, 10**9, 10**12, 2**53])
def test_chao_shen_of_singletons_alone(n):
    """The coverage, 1 / n, once came as 1 - (n - 1) / n, with as many digits as that has left."""
    profile = mt.Profile([1], [n])
    p = mp.mpf(1) / n**2
    exactly = -n * p * mp.log(p) / (1 - (1 - p) ** n)
    assert mt.entropy(profile, "chao_shen") == pytest.approx(float(exactly), rel=1e-13)


@pytest.mark.parametrize("name", [*LINEAR, "chao_shen", "chao_wang_jost", "james_stein"])
def test_many_different_counts_are_taken_piece_by_piece(name):
    """Memory for the profile, which holds two numbers a count, and little else."""
    counts = np.random.default_rng(4).integers(1, 2**32, 10**6)
    size = counts.size if name in SIZED else None
    mt.entropy(counts[:9], name, alphabet=size)
    tracemalloc.start()
    value = mt.entropy(counts, name, alphabet=size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * counts.nbytes
    if name in LINEAR:
        n = counts.sum()
        weights = mt.ENTROPIES[name].weight(counts, n, size)
        assert value == pytest.approx(math.fsum(weights), rel=1e-13)


@pytest.mark.parametrize("name", ["nsb", "bub", "wu_yang", "dirichlet_perks", "jvhw", "plugin"])
def test_an_alphabet_beyond_all_use_is_refused(name):
    """The polynomial of wu_yang would be sought for hours, and 10^400 is no float."""
    assert math.isfinite(mt.entropy([3, 2, 1], name, alphabet=10**36))
    for alphabet, words in ((10**36 + 1, "119"), (10**400, "1328")):
        with pytest.raises(ValueError, match=rf"at most 10\*\*36; got about 2\*\*{words} \(ansb"):
            mt.entropy([3, 2, 1], name, alphabet=alphabet)


def test_pym_says_where_rounding_hides_its_posterior():
    assert mt.entropy(mt.Profile([2], [2**52]), "pym") == pytest.approx(36.5760271, abs=1e-6)
    with pytest.raises(ValueError, match=r"hides the posterior of pym in n = 9\d* samples of 67"):
        mt.entropy(mt.Profile([1, 2], [2**52, 2**51]), "pym")


def test_nonlinear_has_no_weights():
    with pytest.raises(TypeError, match="chao_shen is not linear"):
        mt.ENTROPIES["chao_shen"].weight(1, 2)


def test_alphabet_smaller_than_seen_is_refused():
    with pytest.raises(ValueError, match="at least the number of symbols observed, 3; got 2"):
        mt.entropy([1, 1, 1], alphabet=2)


@pytest.mark.parametrize(
    ("counts", "error", "message"),
    [
        ([1, -3, 2], ValueError, "non-negative integers; got -3 at index 1"),
        ([1, 2.5], ValueError, r"non-negative integers; got 2\.5 at index 1"),
        ([1, math.nan], ValueError, "got nan at index 1"),
        ([[1, 2], [math.inf, 1]], ValueError, r"got inf at index \(1, 0\)"),
        ([2**60], ValueError, r"at most 2\*\*53; got 1152921504606846976 at index 0"),
        ([2**53, 2**53], ValueError, r"sum to at most 2\*\*53; got 18014398509481984"),
        ([2**53, 1], ValueError, r"sum to at most 2\*\*53; got 9007199254740993"),
        ([2**53] * 2000, ValueError, r"sum to at most 2\*\*53; got 18014398509481984000"),
        (
            np.ma.array([3, 9, 2], mask=[0, 1, 0]),
            ValueError,
            r"counts must not have masked entries; got 1, the first at index 1 .*filled",
        ),
        ([2**70], TypeError, "dtype object"),
        ([], ValueError, "must not be empty"),
        ([0, 0], ValueError, "at least one sample; all are 0$"),
        ([[[1], [1]], [[1], [0]]], ValueError, r"all are 0 in row \(1, 1\)"),
        ([[1, 2], [0, 0]], ValueError, r"at least one sample; all are 0 in row \(1,\)"),
        (["a", "b"], TypeError, "count samples first"),
        ([True, False], TypeError, "dtype bool"),
        ([[1, 2], [3]], ValueError, "rectangular"),
        (3, ValueError, "at least 1 dimension"),
        (None, TypeError, "dtype object"),
    ],
)
def test_bad_counts_are_refused_by_name(counts, error, message):
    with pytest.raises(error, match=message):
        mt.entropy(counts)


def test_unknown_method_names_the_near_ones():
    with pytest.raises(ValueError, match="unknown method 'miler_madow'; did you mean miller_madow"):
        mt.entropy([1, 2], "miler_madow")
    with pytest.raises(ValueError, match=r"known: .*chao_shen, .*grassberger, "):
        mt.entropy([1, 2], "zzzzzz")


def test_no_estimate_fails_on_a_long_power_law():
    """10^6 samples of 10^6 symbols: a root search once met its root exactly and ran away."""
    counts = mt.laws.zipf(10**6, 1.0).sample_counts(10**6, np.random.default_rng(0))
    profile = mt.Profile.from_counts(counts)
    truth = mt.laws.zipf(10**6, 1.0).entropy()
    for name, estimator in mt.ENTROPIES.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mt.RegimeWarning)
            value = float(estimator.of_profile(profile, 10**6))
        assert math.isfinite(value)
        if name in ("nsb", "pym", "grassberger", "chao_shen", "jvhw", "wu_yang"):
            assert value == pytest.approx(truth, abs=0.4)
