"""Sample sizes for H(Y|X), I(X;Y) and the Bayes error: every route against enumeration."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

import mitheory as mt
from mitheory.certificates import joint, majority, unpromised
from mitheory.certificates.routes import ROUTES
from mitheory.certificates.twosided import largest_varentropy, optimal_linear
from mitheory.certificates.without import WITHOUT
from mitheory.complexity import error_at
from mitheory.complexity.search import least_n


def tables(n, cells):
    """All counts of n samples in the cells, and the log number of ways to each."""
    cuts = np.array(list(itertools.combinations(range(n + cells - 1), cells - 1)))
    edges = np.column_stack([np.full(len(cuts), -1), cuts, np.full(len(cuts), n + cells - 1)])
    counts = np.diff(edges, axis=1) - 1
    return counts, special.gammaln(n + 1) - special.gammaln(counts + 1).sum(axis=1)


def mean_over(n, law, value):
    counts, log_ways = tables(n, law.size)
    mass = np.exp(log_ways + special.xlogy(counts, law.ravel()).sum(axis=1))
    return mass @ value(counts.reshape(-1, *law.shape))


def plugin(quantity, p):
    """Of joint laws or tables, shape (..., rows, labels)."""
    p = p / p.sum(axis=(-2, -1), keepdims=True)
    both = special.entr(p).sum(axis=(-2, -1))
    of_x, of_y = (special.entr(p.sum(axis=axis)).sum(axis=-1) for axis in (-1, -2))
    if quantity == "bayes_error":
        return 1 - p.max(axis=-1).sum(axis=-1)
    return {"conditional_entropy": both - of_x, "information": of_x + of_y - both}[quantity]


def laws(rows, labels, rng, number):
    even = np.full((rows, labels), 1 / (rows * labels))
    concentrations = 10 ** rng.uniform(-1, 1.5, number)
    random = [
        rng.dirichlet(np.full(rows * labels, c)).reshape(rows, labels) for c in concentrations
    ]
    return [even, *random]


SIZES = [(1, 2, 7), (2, 2, 6), (3, 2, 5), (1, 3, 7), (2, 3, 4), (1, 4, 6)]


@pytest.mark.parametrize(("rows", "labels", "n"), SIZES)
def test_largest_biases_by_enumeration(rows, labels, n):
    rng = np.random.default_rng(rows + 10 * labels)
    for law in laws(rows, labels, rng, 25):
        bias = {
            name: mean_over(n, law, lambda t, name=name: plugin(name, t)) - plugin(name, law)
            for name in ("conditional_entropy", "information", "bayes_error")
        }
        given_x = joint._conditional_bias(n, labels, rows)
        assert -given_x - 1e-12 <= bias["conditional_entropy"] <= 1e-12
        assert -joint._bias(n, labels) - 1e-12 <= bias["information"] <= given_x + 1e-12
        assert -majority.majority_bias(n, labels, rows) - 1e-12 <= bias["bayes_error"] <= 1e-12


@pytest.mark.parametrize("n", [1, 3, 7, 41, 201])
def test_bias_of_the_majority_rule_is_sharp_for_two_labels(n):
    k = np.arange(n + 1)
    mass = special.binom(n, k) / 2.0**n
    exact = 0.5 - (mass * np.minimum(k, n - k)).sum() / n
    assert majority.majority_bias(n, 2, 1) == pytest.approx(exact, rel=1e-9)
    if n > 1:  # even sizes lie below the line that joins the odd ones
        k = k[:-1]
        mass = special.binom(n - 1, k) / 2.0 ** (n - 1)
        exact = 0.5 - (mass * np.minimum(k, n - 1 - k)).sum() / (n - 1)
        assert exact <= majority.majority_bias(n - 1, 2, 1)
    ends = [majority.majority_bias(size, 2, 1000) for size in (10, 2_000, 10**6, 10**15)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] == 0.5
    assert ends[-1] == pytest.approx(math.sqrt(1000 / (2 * math.pi * 10**15)), rel=1e-3)


@pytest.mark.parametrize("n", [3, 5])
@pytest.mark.parametrize(("rows", "labels"), [(2, 2), (2, 3)])
def test_linear_estimates_of_a_table_by_enumeration(rows, labels, n):
    """The bias of the sum of estimates, and its change by a sample, stay within what is added."""
    alpha = 0.05
    best = {size: optimal_linear(n, size, alpha) for size in {rows, labels, rows * labels}}
    weight = {size: w.estimator.weight(np.arange(n + 1), n) for size, w in best.items()}

    def estimate(t):
        both = weight[rows * labels][t].sum(axis=(-2, -1))
        of_x = weight[rows][t.sum(axis=-1)].sum(axis=-1)
        return both - of_x, of_x + weight[labels][t.sum(axis=-2)].sum(axis=-1) - both

    counts = tables(n, rows * labels)[0]
    values = np.stack(estimate(counts.reshape(-1, rows, labels)))
    apart = abs(counts[:, None] - counts[None]).sum(axis=2) == 2  # one sample replaced
    unit = math.sqrt(0.5 * n * math.log(2 / alpha))
    names = ("conditional_entropy", "information")
    functions = (joint.linear_conditional_radii, joint.linear_information_radii)
    for i, (name, function) in enumerate(zip(names, functions, strict=True)):
        radii = function(n, labels, alpha, rows)
        change = (abs(values[i][:, None] - values[i][None]) * apart).max()
        for law in laws(rows, labels, np.random.default_rng(n), 20):
            mean = mean_over(n, law, lambda t, i=i: estimate(t)[i])
            bias = mean - plugin(name, law)
            assert bias + change * unit <= radii.below + 1e-9
            assert -bias + change * unit <= radii.above + 1e-9


HARD = [
    ("conditional_entropy", 2, 20, 0.3),
    ("information", 2, 20, 0.35),
    ("information", 5, 4, 0.35),
    ("bayes_error", 2, 30, 0.1),
    ("bayes_error", 5, 10, 0.1),
]


@pytest.mark.parametrize(("quantity", "classes", "alphabet", "error"), HARD)
def test_simulated_misses_stay_below_the_promise(quantity, classes, alphabet, error):
    """At the least n of each route but the linear ones, under laws that are hard for it."""
    rng, level = np.random.default_rng(2), 0.6
    plan = mt.samples_needed(quantity, error=error, level=level, classes=classes, alphabet=alphabet)
    skew = np.full(classes, 0.1 / (classes - 1))
    skew[0] = 0.9
    for labels in (np.full(classes, 1 / classes), skew):
        law = np.full((alphabet, 1), 1 / alphabet) * labels
        for route in plan.routes:
            if route.promise and route.name != "optimal_linear":
                counts = rng.multinomial(route.n, law.ravel(), size=1000)
                estimates = plugin(quantity, counts.reshape(-1, alphabet, classes)) + route.shift
                misses = (abs(estimates - plugin(quantity, law)) > error).sum()
                assert misses <= 1000 * (1 - level), route.name


def test_a_shift_halves_the_price_of_the_bias():
    """Where no label depends on X and there are many x, the plug-in alone is not good enough."""
    plan = mt.samples_needed("bayes_error", error=0.1, classes=2, alphabet=1000)
    routes = {route.name: route for route in plan.routes}
    centred = routes["centred_majority"]
    assert plan.method == "bounded_differences"
    assert centred.n < 0.5 * plan.n
    largest = majority.majority_bias(centred.n, 2, 1000)
    assert centred.shift == pytest.approx(largest / 2, rel=1e-9)
    law = np.full((1000, 2), 1 / 2000)
    counts = np.random.default_rng(0).multinomial(centred.n, law.ravel(), size=100)
    shares = plugin("bayes_error", counts.reshape(-1, 1000, 2))
    assert (abs(shares - 0.5) > 0.1).all()
    assert (abs(shares + centred.shift - 0.5) <= 0.1).all()
    assert all(route.shift == 0 for route in plan.routes if "centred" not in route.name)
    assert f"(shift {centred.shift:.4g})" in str(plan)
    asked = mt.samples_needed(
        "bayes_error", error=0.1, classes=2, alphabet=1000, method="centred_majority"
    )
    assert (asked.n, asked.method) == (centred.n, "centred_majority")


@pytest.mark.parametrize("quantity", ["conditional_entropy", "information"])
def test_certified_intervals_are_as_narrow_as_the_centred_route_says(quantity):
    plan = mt.samples_needed(quantity, error=0.2, classes=3, alphabet=8, method="centred_chernoff")
    rng = np.random.default_rng(3)
    for law in laws(8, 3, rng, 12):
        item = getattr(mt.certify(rng.multinomial(plan.n, law.ravel()).reshape(8, 3)), quantity)
        assert item.upper - item.lower <= 2 * plan.error + 1e-11


def test_many_symbols_need_the_linear_estimators():
    plan = mt.samples_needed("conditional_entropy", error=0.25, classes=20, alphabet=1000)
    assert plan.method == "optimal_linear"
    others = [r.n for r in plan.routes if r.promise and not r.shift and r.name != plan.method]
    assert plan.n < 0.4 * min(others)
    parts = [mt.risk.optimal_linear(plan.n, size).error for size in (1000, 20_000)]
    assert plan.error == pytest.approx(sum(parts), rel=1e-9)


@pytest.mark.parametrize("symbols", [2, 3, 4, 5])
def test_variance_of_the_information_density(symbols):
    # the largest of thirty free searches over all joint laws with symbols**2 cells
    free = {2: 0.50719049967, 3: 0.87226524081, 4: 1.16534997785, 5: 1.41337132179}[symbols]
    assert unpromised.density_variance(symbols) == pytest.approx(free, rel=1e-8)
    rng = np.random.default_rng(0)
    for law in laws(symbols + 1, symbols, rng, 300):
        with np.errstate(divide="ignore", invalid="ignore"):
            density = np.log(law / (law.sum(1, keepdims=True) * law.sum(0)))
        density = np.where(law > 0, density, 0.0)
        variance = (law * density**2).sum() - (law * density).sum() ** 2
        assert variance <= unpromised.density_variance(symbols) * (1 + 1e-9)


@pytest.mark.parametrize("classes", [2, 10, 100, 10_000])
def test_largest_conditional_varentropy(classes):
    """The variance of -ln P(Y|X) over mixtures of two laws with one frequent label each."""
    L = math.log(classes - 1)
    t = np.linspace(-L, 12, 400)
    p, frequent, rest = special.expit(t), special.log_expit(t), special.log_expit(-t) - L
    mean, square = -(p * frequent + (1 - p) * rest), p * frequent**2 + (1 - p) * rest**2
    share = np.linspace(0, 1, 101)[:, None, None]
    mixed = share * square + (1 - share) * square[:, None]
    variance = (mixed - (share * mean + (1 - share) * mean[:, None]) ** 2).max()
    found = unpromised.largest_conditional_varentropy(classes)
    assert variance <= found <= variance * 1.001
    assert found >= largest_varentropy(classes) * (1 - 1e-12)


def test_sizes_without_a_promise():
    alone = {r.name: r for r in error_at("classifier_error", n=2401, classes=2).routes}
    assert alone["asymptotic"].error == pytest.approx(0.02, rel=1e-4)
    assert alone["minimax_order"].error == pytest.approx(0.5 / 50)
    for quantity in ("conditional_entropy", "information", "bayes_error"):
        plan = error_at(quantity, n=1000, classes=2, alphabet=7)
        by_name = {r.name: r for r in plan.routes}
        assert not by_name["asymptotic"].promise
        assert not by_name["minimax_order"].promise
        assert plan.routes[-1].name in ("asymptotic", "minimax_order")
    single = error_at("information", n=10, classes=4, alphabet=1, method="asymptotic")
    assert single.error == 0.0
    same = error_at("conditional_entropy", n=100, classes=7, alphabet=1, method="asymptotic")
    assert same.error == error_at(n=100, classes=7, method="asymptotic").error


ASKED_FOR = {
    "exact_binomial",
    "chernoff_varentropy",
    "worst_bias",
    "optimal_linear",
    "antos_kontoyiannis",
    "l1_continuity",
    "asymptotic",
    "minimax_order",
}


@pytest.mark.parametrize("quantity", ROUTES)
def test_every_argument_has_a_number_or_a_reason(quantity):
    sizes = {} if quantity in ("entropy", "classifier_error") else {"alphabet": 4}
    plan = error_at(quantity, n=500, classes=3, **sizes)
    numbers = {route.name for route in plan.routes}
    assert numbers.isdisjoint(plan.excluded)
    assert numbers | set(plan.excluded) == set(ROUTES[quantity]) | set(WITHOUT[quantity])
    assert numbers | set(plan.excluded) >= ASKED_FOR
    for name, why in plan.excluded.items():
        assert f"{why}" in str(plan)
        with pytest.raises(ValueError, match=f"method '{name}' has no number for {quantity}"):
            error_at(quantity, n=500, classes=3, method=name, **sizes)


def test_reasons():
    plan = error_at("information", n=2 * 10**6, classes=20, alphabet=10)
    assert plan.excluded["optimal_linear"] == "ends at 1000000 samples"
    assert "announces the sample complexity" in plan.excluded["yi2022milc"]
    with pytest.raises(ValueError, match="by worst_bias needs more than 1000000 samples"):
        mt.samples_needed(error=0.01, classes=30, method="worst_bias")
    plan = mt.samples_needed(error=0.1, classes=30, method="worst_bias", level=0.6)
    assert "ask for it by name" in plan.excluded["optimal_linear"]
    huge = error_at("information", n=100, classes=2**30, alphabet=2**30)
    assert huge.excluded["worst_bias"] == "needs at most 2**53 symbols"
    with pytest.raises(ValueError, match="tried for 10 symbols or more"):
        error_at(n=100, classes=3, method="optimal_linear")
    far = mt.samples_needed(error=0.001, classes=10)
    assert far.excluded["worst_bias"] == "needs more than 1000000 samples, where it ends"


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    power=st.floats(0.3, 1.2),
    scale=st.floats(0.1, 1e4),
    goal=st.floats(0.01, 2.0),
    start=st.integers(1, 10**7),
    slack=st.sampled_from([0.0, 2e-3]),
)
def test_least_size(power, scale, goal, start, slack):
    asked = []

    def radius(n):
        asked.append(n)
        return min(scale / n**power, 5.0)

    most = 10**9
    n = least_n(radius, goal, most, slack, start)
    if scale / most**power > goal:
        assert n is None
        return
    assert radius(n) <= goal
    fewer = n - max(1, math.ceil(slack * n))
    assert fewer <= 0 or radius(fewer) > goal * (1 - 1e-12)
    assert len(asked) < 80
