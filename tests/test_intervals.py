"""Intervals: each kind against its definition, and what it promises where that can be computed."""

import dataclasses
import math
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import certificates as enumeration
from oracles import intervals as oracle

import mitheory as mt
from mitheory.entropies import RegimeWarning
from mitheory.intervals import PROMISES
from mitheory.intervals.posterior import posterior_quantiles
from mitheory.intervals.resampling import jackknife, resample
from mitheory.intervals.sample import Sample, parts_of

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

LINEAR = sorted(name for name, method in mt.ENTROPIES.items() if method.linear)
POSTERIOR = sorted(name for name, method in mt.ENTROPIES.items() if method.deviation)
QUICK = ["plugin", "miller_madow", "grassberger", "chao_shen", "chao_wang_jost", "nsb"]
ALPHABET = 12
TABLES = ("information", "conditional_entropy")
RANDOM_KINDS = ("bootstrap", "bca")
OF_COUNTS = [kind for kind in PROMISES if kind != "subsampling"]  # that one takes samples

samples = st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(lambda c: sum(c) > 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def of_counts(name):
    return lambda counts: float(mt.entropy(counts, name, alphabet=ALPHABET))


def numbers(estimate):
    return estimate.value, estimate.lower, estimate.upper, estimate.standard_error


def entropy_sample(counts):
    return Sample.of(mt.Profile.from_counts(counts), "entropy", None)


def quiet(name):
    return dataclasses.replace(mt.ENTROPIES[name], doubt=None)


# jackknife


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("counts", [[3, 2, 1], [7, 7, 1, 1, 1, 2], [1, 1], [5, 0, 1], [1] * 6])
def test_jackknife_leaves_each_sample_out(name, counts):
    estimate = mt.interval(counts, name, kind="jackknife", alphabet=ALPHABET)
    plain = oracle.jackknife_error(oracle.left_out(counts, of_counts(name)))
    assert estimate.standard_error == pytest.approx(plain, rel=1e-9, abs=1e-12)
    assert estimate.value == of_counts(name)(counts)
    assert (estimate.lower + estimate.upper) / 2 == pytest.approx(estimate.value, abs=1e-12)


@pytest.mark.parametrize("name", LINEAR)
@settings(deadline=None, derandomize=True, max_examples=25)
@given(counts=samples)
def test_weights_give_what_the_profiles_give(name, counts):
    """A linear estimator is jackknifed by its weights; any function of a profile, by profiles."""
    linear = quiet(name)
    plain = dataclasses.replace(
        linear,
        linear=False,
        function=lambda profile, *size: linear.of_profile(profile, *size),
    )
    part = mt.Profile.from_counts(counts)
    error, slow = (
        jackknife(one, Sample.of(part, "entropy", (ALPHABET,)), 0.0, 0.95)[2]
        for one in (linear, plain)
    )
    assert error == pytest.approx(slow, rel=1e-8, abs=1e-12)


def test_jackknife_is_a_student_interval():
    """Quantile of Student's law with 9 degrees of freedom from Student's tables: 2.262157."""
    estimate = mt.interval([4, 3, 2, 1], kind="jackknife")
    assert estimate.upper - estimate.value == pytest.approx(2.262157 * estimate.standard_error)


@pytest.mark.parametrize("n", [10**3, 10**6, 10**8, 10**10])
@pytest.mark.parametrize("shares", [(5, 3, 2), (98, 1, 1)])
def test_jackknife_of_huge_counts(n, shares):
    counts = [share * n // sum(shares) for share in shares]
    estimate = mt.interval(counts, kind="jackknife")
    expected = float(oracle.plugin_jackknife_error(counts))
    assert estimate.standard_error == pytest.approx(expected, rel=max(1e-12, n * 1e-15))


@pytest.mark.parametrize("quantity", TABLES)
@pytest.mark.parametrize("name", ["plugin", "grassberger", "chao_shen"])
def test_jackknife_of_a_table(quantity, name):
    table = [[3, 1, 0], [2, 2, 4]]
    verb = {"information": mt.mutual_information, "conditional_entropy": mt.conditional_entropy}
    estimate = mt.interval(table, name, kind="jackknife", quantity=quantity)
    left = oracle.left_out(table, lambda rest: verb[quantity](rest, method=name))
    assert estimate.value == verb[quantity](table, method=name)
    assert estimate.standard_error == pytest.approx(oracle.jackknife_error(left), rel=1e-9)
    assert estimate.n == 12


def test_jackknife_against_the_delta_method():
    """The plug-in's standard error tends to sqrt(Var(-ln P) / n) (Basharin 1959)."""
    counts = np.array([5000, 3000, 2000])
    p = counts / counts.sum()
    spread = math.sqrt((p @ np.log(p) ** 2 - (p @ np.log(p)) ** 2) / counts.sum())
    estimate = mt.interval(counts, kind="jackknife")
    assert estimate.standard_error == pytest.approx(spread, rel=1e-3)


# bootstrap


@pytest.mark.parametrize("name", ["plugin", "miller_madow", "chao_shen"])
def test_bootstrap_draws_the_exact_law(name):
    """Kolmogorov's distance to the enumerated law, against its quantile at 1e-4."""
    counts, draws = [4, 2, 1], 20_000
    values, p = oracle.resampled_law(counts, of_counts(name))
    drawn = resample(quiet(name), entropy_sample(counts), draws, rng(3))
    assert set(np.round(drawn, 12)) <= set(values)
    below = np.searchsorted(np.sort(np.round(drawn, 12)), values, side="right") / draws
    assert np.abs(below - np.cumsum(p)).max() < 2.23 / math.sqrt(draws)


def test_bootstrap_ends_are_the_exact_quantiles():
    counts = [6, 4, 2, 1]
    values, p = oracle.resampled_law(counts, of_counts("plugin"))
    estimate = mt.interval(counts, kind="bootstrap", rng=rng(1), replicates=50_000)
    mean = p @ values
    assert estimate.standard_error == pytest.approx(math.sqrt(p @ (values - mean) ** 2), rel=0.02)
    for end, q in ((estimate.lower, 0.025), (estimate.upper, 0.975)):
        inside = np.interp(q, [0, *np.cumsum(p)], [values[0], *values])
        assert end == pytest.approx(inside, abs=0.02)


@pytest.mark.parametrize("quantity", TABLES)
def test_bootstrap_of_a_table_draws_whole_cells(quantity):
    table, draws = np.array([[2, 1], [0, 2]]), 20_000
    verb = {"information": mt.mutual_information, "conditional_entropy": mt.conditional_entropy}
    cells = table[table > 0]

    def of_cells(counts):
        full = np.zeros_like(table)
        full[table > 0] = counts
        return verb[quantity](full)

    values, p = oracle.resampled_law(cells, of_cells)
    sample = Sample.of(parts_of(table, quantity)[0], quantity, None)
    drawn = np.round(resample(quiet("plugin"), sample, draws, rng(5)), 12) + 0.0
    below = np.searchsorted(np.sort(drawn), values + 1e-11, side="right") / draws
    assert np.abs(below - np.cumsum(p)).max() < 2.23 / math.sqrt(draws)


@pytest.mark.parametrize("method", ["percentile", "BCa"])
@pytest.mark.parametrize("name", ["miller_madow", "grassberger", "chao_shen"])
def test_ends_against_scipy_on_the_same_resamples(method, name):
    from scipy import stats

    counts = [40, 30, 15, 8, 4, 2, 1]
    data = np.repeat(np.arange(len(counts)), counts)
    sample = entropy_sample(counts)
    drawn = resample(quiet(name), sample, 999, rng(11))

    def statistic(x, axis=-1):
        tallies = [np.bincount(row, minlength=7) for row in x.reshape(-1, x.shape[axis])]
        return mt.entropy(np.array(tallies), name).reshape(x.shape[:-1])

    theirs = stats.bootstrap(
        (data,),
        statistic,
        n_resamples=0,
        method=method,
        bootstrap_result=SimpleNamespace(bootstrap_distribution=drawn),
    )
    kind = {"percentile": "bootstrap", "BCa": "bca"}[method]
    ours = mt.interval(counts, name, kind=kind, rng=rng(11), replicates=999)
    assert ours.lower == pytest.approx(theirs.confidence_interval.low, rel=1e-12)
    assert ours.upper == pytest.approx(theirs.confidence_interval.high, rel=1e-12)
    assert ours.standard_error == pytest.approx(theirs.standard_error, rel=1e-12)


@pytest.mark.parametrize("counts", [[4, 3, 2, 1], [9, 1, 1, 1], [20, 30, 50]])
@pytest.mark.parametrize("level", [0.8, 0.99])
def test_bca_with_ties(counts, level):
    """Of a few samples many resamples are alike; ties count half."""
    estimate = mt.interval(counts, "zhang", kind="bca", level=level, rng=rng(2), replicates=999)
    sample = entropy_sample(counts)
    drawn = resample(quiet("zhang"), sample, 999, rng(2))
    left = oracle.left_out(counts, of_counts("zhang"))
    levels = oracle.bca_levels(drawn, estimate.value, left, level)
    assert (estimate.lower, estimate.upper) == pytest.approx(np.quantile(drawn, levels), rel=1e-9)


def test_bca_of_a_table_takes_its_acceleration_from_the_cells():
    table = [[30, 10, 3], [5, 55, 9]]
    options = {"kind": "bca", "quantity": "information", "replicates": 999}
    estimate = mt.interval(table, "miller_madow", rng=rng(2), **options)
    sample = Sample.of(parts_of(table, "information")[0], "information", None)
    drawn = resample(quiet("miller_madow"), sample, 999, rng(2))
    left = oracle.left_out(table, lambda t: mt.mutual_information(t, method="miller_madow"))
    levels = oracle.bca_levels(drawn, estimate.value, left, 0.95)
    assert (estimate.lower, estimate.upper) == pytest.approx(np.quantile(drawn, levels), rel=1e-8)


@pytest.mark.parametrize("counts", [[1] * 5, [1, 1], [50, 50], [2, 1, 1, 1]])
@pytest.mark.parametrize("seed", range(5))
def test_bca_is_refused_where_no_resample_can_be_above(counts, seed):
    """The plug-in is at the greatest value that a resample can have; ties with it are no spread."""
    with pytest.raises(ValueError, match="none of 2000 resampled estimates is above the estimate"):
        mt.interval(counts, kind="bca", rng=rng(seed))


@pytest.mark.parametrize("kind", RANDOM_KINDS)
def test_resamples_come_from_the_generator_alone(kind):
    first, again, other = (
        mt.interval([9, 5, 3], "miller_madow", kind=kind, rng=rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


# posterior


@pytest.mark.parametrize("counts", [[3, 2, 1], [10, 0, 0], [5, 1, 1, 0, 0, 0], [33, 33, 34]])
def test_the_beta_law_has_nearly_the_quantiles_of_the_posterior(counts):
    """Against 50 000 draws of the Dirichlet posterior; a normal law is off by up to 0.05 there."""
    p = rng(4).dirichlet(np.array(counts) + 0.5, 50_000)
    drawn = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
    estimate = mt.interval(counts, "dirichlet_jeffreys", kind="posterior", alphabet=len(counts))
    assert np.mean(drawn < estimate.lower) == pytest.approx(0.025, abs=0.012)
    assert np.mean(drawn > estimate.upper) == pytest.approx(0.025, abs=0.015)
    assert estimate.standard_error == pytest.approx(drawn.std(), rel=0.02)
    assert 0 <= estimate.lower <= estimate.value <= estimate.upper <= math.log(len(counts))


@pytest.mark.parametrize(
    ("mean", "deviation", "alphabet"),
    [(1.0, 0.1, 20), (2.9, 0.01, 20), (0.3, 0.2, 3), (1e-6, 1e-6, 20), (20.0, 0.05, 10**12)],
)
def test_quantiles_of_the_fitted_beta_law(mean, deviation, alphabet):
    ends = posterior_quantiles(mean, deviation, 0.9, alphabet)
    for end, q in zip(ends, (0.05, 0.95), strict=True):
        assert float(
            oracle.fitted_beta_cdf(end, mean, deviation, math.log(alphabet))
        ) == pytest.approx(q, rel=1e-6)


@pytest.mark.parametrize(("mean", "deviation"), [(2.0, 1.0), (9.0, 0.01), (0.1, 0.3)])
def test_quantiles_of_the_fitted_gamma_law(mean, deviation):
    ends = posterior_quantiles(mean, deviation, 0.9, None)
    for end, q in zip(ends, (0.05, 0.95), strict=True):
        assert float(oracle.fitted_gamma_cdf(end, mean, deviation)) == pytest.approx(q, rel=1e-9)


@pytest.mark.parametrize("alphabet", [None, 20])
@pytest.mark.parametrize("deviation", [9e-6, 1.1e-5, 1e-9, 1e-16])
def test_narrow_posteriors_are_normal(deviation, alphabet):
    """On both sides of the shape from which the normal law is taken, and far beyond."""
    ends = posterior_quantiles(1.0, deviation, 0.95, alphabet)
    z = [(end - 1.0) / deviation for end in ends]
    assert z == pytest.approx([-1.959964, 1.959964], abs=1e-4 if deviation > 1e-10 else 2)


@pytest.mark.parametrize("name", POSTERIOR)
def test_posterior_interval_of_each_method_that_has_one(name):
    counts = [4, 2, 3, 1, 4, 1]
    estimate = mt.interval(counts, name, kind="posterior", alphabet=ALPHABET)
    size = ALPHABET if mt.ENTROPIES[name].needs_alphabet else None
    deviation = mt.ENTROPIES[name].deviation_of_profile(mt.Profile.from_counts(counts), size)
    assert estimate.standard_error == pytest.approx(float(deviation))
    assert 0 < estimate.lower < estimate.value < estimate.upper
    if size is None:  # an unbounded alphabet stays so
        assert estimate == mt.interval(counts, name, kind="posterior")


# certified


@pytest.mark.parametrize(("n", "p"), [
    (8, (0.5, 0.5)), (8, (0.95, 0.05)), (9, (1 / 3, 1 / 3, 1 / 3)), (9, (0.8, 0.15, 0.05)),
    (20, (0.5, 0.25, 0.25)), (12, (0.97, 0.01, 0.01, 0.01)),
])  # fmt: skip
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_certified_intervals_hold_with_the_level(n, p, level):
    """Exact coverage, over every vector of counts."""
    law = mt.laws.Finite(p)
    counts = enumeration.count_vectors(n, len(p))
    log_p = enumeration.multinomial_log_coefficients(counts) + counts @ np.log(law.p)
    estimate = mt.interval(counts, kind="certified", alphabet=len(p), level=level)
    inside = (estimate.lower <= law.entropy() + 1e-12) & (law.entropy() - 1e-12 <= estimate.upper)
    assert math.fsum(np.exp(log_p)) == pytest.approx(1)
    assert math.fsum(np.exp(log_p)[inside]) >= level


def test_certified_intervals_are_those_of_certify():
    table = [[30, 10, 2], [5, 55, 9]]
    certificate = mt.certify(table, level=0.9, classes=5)
    for quantity in TABLES:
        estimate = mt.interval(table, kind="certified", level=0.9, alphabet=5, quantity=quantity)
        certified = getattr(certificate, quantity)
        assert (estimate.lower, estimate.upper) == (certified.lower, certified.upper)
        assert estimate.value == pytest.approx(certified.value, abs=1e-14)
        assert estimate.standard_error is None


def test_certified_intervals_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        estimate = mt.interval([1, 1, 1, 1], kind="certified", alphabet=10)
    assert estimate.lower <= math.log(4) <= estimate.upper == math.log(10)


# all kinds


@pytest.mark.parametrize("kind", ["jackknife", "posterior"])
@settings(deadline=None, derandomize=True, max_examples=25)
@given(counts=samples, seed=st.integers(0, 99))
def test_order_and_unseen_symbols_do_not_matter(kind, counts, seed):
    one = mt.interval(counts, "dirichlet_laplace", kind=kind, alphabet=ALPHABET)
    shuffled = [*rng(seed).permutation(counts), 0, 0]
    other = mt.interval(shuffled, "dirichlet_laplace", kind=kind, alphabet=ALPHABET)
    assert numbers(one) == pytest.approx(numbers(other), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("kind", OF_COUNTS)
def test_every_form_of_the_data(kind):
    counts = [5, 3, 3, 1]
    options = {"kind": kind, "alphabet": ALPHABET}
    name = "plugin" if kind == "certified" else "nsb"
    forms = [
        counts,
        np.array(counts, dtype=np.uint8),
        mt.Profile.from_counts(counts),
        mt.count(np.repeat(list("abcd"), counts)),
    ]
    results = []
    for form in forms:
        given_rng = {"rng": rng(), "replicates": 50} if kind in RANDOM_KINDS else {}
        estimate = mt.interval(form, name, **options, **given_rng)
        assert (estimate.n, estimate.kind, estimate.level) == (12, kind, 0.95)
        results.append([x for x in numbers(estimate) if x is not None])
    assert results == [pytest.approx(results[0], rel=1e-9)] * 4 or kind in RANDOM_KINDS
    # resampling draws symbol by symbol, so that the order of the symbols decides the draw
    assert results[0] == results[1]
    assert results[2] == results[3] or kind not in RANDOM_KINDS


@pytest.mark.parametrize("kind", OF_COUNTS)
def test_batches_are_the_samples_one_by_one(kind):
    batch = rng(7).integers(1, 9, size=(2, 3, 4))
    name = "plugin" if kind == "certified" else "dirichlet_jeffreys"
    options = {"kind": kind, "alphabet": 6, "replicates": 60}
    shared = rng(1)
    together = mt.interval(batch, name, rng=rng(1), **options)
    for index in np.ndindex(2, 3):
        one = mt.interval(batch[index], name, rng=shared, **options)
        assert one.n == together.n[index]
        for field in ("value", "lower", "upper", "standard_error"):
            if getattr(one, field) is not None:
                assert getattr(together, field)[index] == pytest.approx(
                    getattr(one, field), rel=1e-12
                )
    profiles = mt.interval(mt.Profile.from_counts(batch), name, rng=rng(1), **options)
    assert profiles.value.shape == profiles.lower.shape == profiles.n.shape == (2, 3)


@pytest.mark.parametrize("kind", ["jackknife", "bca", "certified"])
@pytest.mark.parametrize("quantity", TABLES)
def test_tables_and_counted_columns_agree(kind, quantity):
    features = np.array([0, 0, 1, 1, 2, 2, 2, 0, 1, 1, 2, 0] * 5)
    more = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1] * 5)
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1] * 5)
    counts = mt.count(features, more, labels)
    options = {"kind": kind, "quantity": quantity, "alphabet": 2 if kind == "certified" else None}
    one = mt.interval(counts, **options, rng=rng())
    other = mt.interval(counts.table(), **options, rng=rng())
    batch = mt.interval(np.stack([counts.table()] * 2), **options, rng=rng())
    assert one == other
    assert batch.value.tolist() == [one.value] * 2
    assert batch.lower[0] == one.lower


def test_a_batch_warns_once_for_the_data():
    with pytest.warns(RegimeWarning, match="in 2 of 3 samples") as caught:
        mt.interval([[1, 1, 1], [9, 9, 9], [2, 1, 1]], kind="jackknife")
    assert len(caught) == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize("kind", ["jackknife", "bootstrap"])
def test_parts_of_the_sample_do_not_warn(kind):
    """Without one of its three, half of this sample are singletons; so are some resamples."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mt.interval([3, 1, 1], "chao_shen", kind=kind, rng=rng())
        mt.interval([2, 2, 2, 2], "chao_shen", kind=kind, rng=rng())


@pytest.mark.parametrize("name", sorted(mt.ENTROPIES))
@pytest.mark.parametrize("counts", [[1], [7], [1] * 5, [2, 1], [2**40, 1], [2**52, 2**51, 2**51]])
def test_corners_are_finite_or_refused(name, counts):
    refusals = ("two samples", "seen twice", "at most 10000000000", "not exist", "with a posterior")
    for kind in ("jackknife", "bca", "posterior"):
        if name in ("pym", "unseen", "bub", "nsb") and max(counts) > 10**6 and kind == "bca":
            continue  # each resample would take them long
        try:
            estimate = mt.interval(
                counts, name, kind=kind, alphabet=ALPHABET, rng=rng(), replicates=40
            )
            refusal = ""
        except ValueError as error:
            refusal = str(error)
        if refusal:
            assert any(word in refusal for word in refusals)
            continue
        assert np.isfinite(numbers(estimate)).all()
        assert estimate.lower <= estimate.upper
        assert estimate.standard_error >= 0


@pytest.mark.parametrize("counts", [[7], [3, 3], [1, 1, 1]])
def test_even_samples_show_no_spread(counts):
    estimate = mt.interval(counts, kind="jackknife")
    assert estimate.lower == estimate.value == estimate.upper
    assert estimate.standard_error == 0.0


@pytest.mark.parametrize("kind", RANDOM_KINDS)
def test_a_single_symbol_is_resampled_as_it_is(kind):
    estimate = mt.interval([9], kind=kind, rng=rng())
    assert numbers(estimate) == (0.0, 0.0, 0.0, 0.0)


def test_huge_alphabets_and_counts():
    estimate = mt.interval([2**52, 2**51], "nsb", kind="posterior", alphabet=10**12)
    assert 0 < estimate.standard_error < 1e-7
    assert estimate.lower < estimate.value < estimate.upper
    wide = mt.interval([2, 1, 1], "nsb", kind="posterior", alphabet=10**12)
    assert 0 < wide.lower < wide.value < wide.upper < math.log(10**12)
    many = mt.interval(mt.Profile(np.array([1, 2]), np.array([10**9, 10**9])), kind="jackknife")
    assert 0 < many.standard_error < 1e-4
    resampled = mt.interval([2**52, 2**51], kind="bootstrap", rng=rng())
    assert resampled.lower < resampled.value < resampled.upper
    certified = mt.interval([2**52, 2**51], kind="certified", alphabet=3)
    assert certified.lower < certified.value < certified.upper


# Estimate


def test_bits():
    estimate = mt.interval([5, 3, 2], kind="jackknife")
    assert [x * math.log(2) for x in numbers(estimate.bits)] == pytest.approx(numbers(estimate))
    assert estimate.bits.unit == "bit"
    assert estimate.bits.bits is not estimate
    assert estimate.bits.bits == estimate.bits
    assert mt.interval([5, 3], kind="certified", alphabet=2).bits.standard_error is None


def test_it_reads_as_a_sentence():
    estimate = mt.Estimate(1.0, 0.5, 1.75, 0.25, 0.9, "jackknife", 7)
    assert str(estimate) == (
        "1.000000 ± 0.250000 nat, 90 % interval [0.500000, 1.750000] (jackknife, n = 7)"
    )
    certified = mt.interval([[5, 3], [2, 2]], kind="certified", alphabet=2)
    assert [line.split(" nat")[0] for line in str(certified).splitlines()] == [
        "0.661563", "0.693147",
    ]  # fmt: skip
    assert "±" not in str(certified)
    assert str(estimate.bits).startswith("1.442695 ± 0.360674 bit")
    assert estimate.promise.startswith("asymptotic")


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        mt.interval([2, 1], kind="jackknife").value = 0.0


def test_certified_entropy_of_huge_counts():
    """Costs nothing in proportion to n."""
    estimate = mt.interval([2**52, 2**52], kind="certified", alphabet=2)
    assert estimate.lower <= math.log(2) <= estimate.upper < math.log(2) + 1e-11
    assert estimate.upper - estimate.lower < 1e-11


@pytest.mark.parametrize("alphabet", [None, (4, 5)])
@pytest.mark.parametrize("method", ["nsb", "dirichlet_laplace", "bub", "james_stein"])
@pytest.mark.parametrize(("quantity", "verb"), [
    ("information", mt.mutual_information),
    ("conditional_entropy", mt.conditional_entropy),
])  # fmt: skip
def test_jackknife_of_a_table_with_known_alphabets(quantity, verb, method, alphabet):
    """Against leaving out every sample in turn; by default the sizes are the table's."""
    table = np.array([[6, 2, 0], [1, 4, 3], [0, 0, 0]])
    n = table.sum()
    left = []
    estimate = mt.interval(
        table, mt.ENTROPIES[method], kind="jackknife", quantity=quantity, alphabet=alphabet
    )
    for cell in np.argwhere(table):
        rest = table.copy()
        rest[tuple(cell)] -= 1
        left += [verb(rest, method=method, alphabet=alphabet)] * table[tuple(cell)]
    assert estimate.value == verb(table, method=method, alphabet=alphabet)
    error = math.sqrt((n - 1) * np.var(left))
    assert estimate.standard_error == pytest.approx(error, rel=1e-12)


# refusals


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ({"kind": "jacknife"}, ValueError, "did you mean jackknife"),
    ({"kind": "jackknife", "method": "plugn"}, ValueError, "did you mean plugin"),
    ({"kind": "jackknife", "quantity": "entrpy"}, ValueError, "did you mean entropy"),
    ({"kind": "jackknife", "level": 95}, ValueError, "level must be .* below 1"),
    ({"kind": "jackknife", "data": [1]}, ValueError, "two samples or more"),
    ({"kind": "jackknife", "data": [-1, 2]}, ValueError, "non-negative"),
    ({"kind": "jackknife", "data": 5}, ValueError, "at least 1 dimension"),
    ({"kind": "jackknife", "data": [2**40, 1]}, ValueError, "at most 10000000000 samples"),
    ({"kind": "jackknife", "method": "nsb"}, ValueError, "needs the alphabet size"),
    ({"kind": "jackknife", "alphabet": 2}, ValueError, "at least the number of symbols observed"),
    ({"kind": "jackknife", "method": "pym", "data": [2, 1, 1]}, ValueError,
     "without one of its samples: pym needs a symbol seen twice"),
    ({"kind": "jackknife", "quantity": "information"}, ValueError, "at least 2 dimension"),
    ({"kind": "jackknife", "quantity": "information", "data": mt.count([1, 1, 2])}, ValueError,
     "two columns or more"),
    ({"kind": "jackknife", "quantity": "information", "data": mt.Profile.from_counts([1, 2])},
     TypeError, "a Profile holds no pairs"),
    ({"kind": "jackknife", "quantity": "information", "data": [[1, 2], [2, 1]], "alphabet": 2},
     ValueError, r"alphabet must be the sizes \(Sx, Sy\)"),
    ({"kind": "jackknife", "quantity": "information", "method": "nsb",
      "data": mt.Counts.from_table([[1, 2], [2, 1]])}, ValueError,
     r"nsb needs the alphabet sizes: pass alphabet=\(Sx, Sy\)"),
    ({"kind": "bootstrap"}, TypeError, "pass rng="),
    ({"kind": "bca"}, TypeError, "pass rng="),
    ({"kind": "bootstrap", "rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
    ({"kind": "bootstrap", "rng": rng(), "replicates": 30}, ValueError, "at least .* = 40"),
    ({"kind": "bootstrap", "rng": rng(), "replicates": 2.5}, ValueError, "must be an integer"),
    ({"kind": "bca", "rng": rng(), "data": [1] * 30}, ValueError,
     "BCa interval does not exist: none of 2000 .* is above the estimate of plugin"),
    ({"kind": "posterior"}, ValueError, "those that have one: .*dirichlet_jeffreys.*nsb, pym"),
    ({"kind": "posterior", "method": "nsb", "quantity": "information"}, ValueError,
     "no joint posterior"),
    ({"kind": "certified"}, ValueError, "number of possible symbols, seen or not: pass alphabet="),
    ({"kind": "certified", "quantity": "information", "data": [[1, 2], [2, 1]]}, ValueError,
     "number of possible labels"),
    ({"kind": "certified", "method": "nsb", "alphabet": 9}, ValueError, "plug-in alone"),
    ({"kind": "certified", "alphabet": 2}, ValueError, "at least the number of symbols observed"),
    ({"kind": "certified", "alphabet": 2.5}, ValueError, "alphabet must be an integer"),
])  # fmt: skip
def test_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        mt.interval(**{"data": [3, 2, 1], **arguments})
