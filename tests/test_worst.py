"""Certified worst cases against 40-digit sums, laws of every kind, brute force and exact tails."""

import math
from dataclasses import dataclass
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles import risk as oracle

import mitheory as mt
from mitheory import risk
from mitheory.entropies import ENTROPIES
from mitheory.kernels import bernstein
from mitheory.laws import Finite
from mitheory.risk import optimal, programme
from mitheory.risk.symbol import SymbolBias

LINEAR = [name for name, estimator in ENTROPIES.items() if estimator.linear]


@dataclass(frozen=True, eq=False)
class Weights:
    """A linear estimator with the given weights."""

    table: np.ndarray
    name: str = "weights"
    linear: bool = True
    needs_alphabet: bool = False

    def weight(self, j, n):
        return self.table[j]


def weights_of(name, n, S):
    estimator = ENTROPIES[name]
    size = (S,) if estimator.needs_alphabet else ()
    return np.asarray(estimator.weight(np.arange(n + 1), n, *size), float)


def table(kind, n, rng):
    """Smooth, rough, alternating and lonely coefficients."""
    k = np.arange(n + 1)
    return {
        "smooth": np.sqrt((k + 1) / n),
        "rough": rng.standard_normal(n + 1),
        "alternating": (-1.0) ** k,
        "lonely": 1.0 * (k == n // 3),
    }[kind]


def binomial_mean(d, p):
    with mp.workdps(oracle.DIGITS):
        n, p = len(d) - 1, mpf(float(p))
        return mp.fsum(
            mpf(float(v)) * comb(n, k) * p**k * (1 - p) ** (n - k) for k, v in enumerate(d)
        )


def symbol_bias(w, p):
    """b(p) at 40 digits; w numbers or mpf."""
    with mp.workdps(oracle.DIGITS):
        n, p = len(w) - 1, mpf(float(p))
        total = mp.fsum(
            (v if isinstance(v, mpf) else mpf(float(v))) * comb(n, k) * p**k * (1 - p) ** (n - k)
            for k, v in enumerate(w)
        )
        return total + (p * mp.log(p) if p > 0 else 0)


@pytest.mark.parametrize("kind", ["smooth", "rough", "alternating", "lonely"])
@pytest.mark.parametrize("n", [1, 2, 7, 9, 40, 150])
def test_the_taylor_polynomial_holds_all_around_its_centre(kind, n):
    rng = np.random.default_rng(n)
    d = table(kind, n, rng)
    for centre in (1e-7, 0.3 / (n + 1), 0.2, 0.5, 0.97):
        for reach in (0.0, 0.02, 0.5, 1.5):
            half = min(reach * math.sqrt(centre * (1 - centre) / n), centre, 1 - centre)
            row = bernstein.expansions(
                n, np.array([centre]), np.array([1 - centre]), np.array([half]), d
            )[0]
            *t, remainder, rounding = row
            assert rounding < 1e-9
            for s in (-1.0, -0.4, 0.0, 0.7, 1.0):
                truth = binomial_mean(d, centre + s * half)
                told = sum(value * s**m for m, value in enumerate(t))
                assert abs(told - truth) <= remainder + rounding


def test_the_remainder_is_small_where_the_polynomial_is_good():
    n = 400
    d = np.sqrt((np.arange(n + 1) + 1) / n)
    p, half = np.array([0.3]), np.array([0.3 * math.sqrt(0.21 / n)])
    assert bernstein.expansions(n, p, 1 - p, half, d)[0, -2] < 1e-12
    d = (-1.0) ** np.arange(n + 1)  # a polynomial cannot see it, but its mean is nearly 0
    assert bernstein.expansions(n, p, 1 - p, half, d)[0, -2] < 1e-6


def test_harmonic_tails():
    for n in (1, 2, 30):
        truth = [0.0, *(math.fsum(1 / v for v in range(k, n)) for k in range(1, n + 1))]
        assert bernstein.harmonic_tails(n) == pytest.approx(truth, rel=4e-16)
    with mp.workdps(40):
        truth = mp.harmonic(10**6 - 1)
    assert bernstein.harmonic_tails(10**6)[1] == pytest.approx(float(truth), rel=3e-16)


def test_hats_share_the_mass_between_knots():
    n, knots = 30, np.array([0, 1, 2, 5, 11, 29, 30])
    p = np.array([1e-5, 0.1, 0.5, 0.999])
    means = bernstein.hat_means(n, p, 1 - p, knots)
    for values in np.random.default_rng(0).standard_normal((3, knots.size)):
        line = np.interp(np.arange(n + 1), knots, values)
        assert means @ values == pytest.approx(
            [float(binomial_mean(line, x)) for x in p], rel=1e-13
        )


@pytest.mark.parametrize("n", [1, 2, 3, 19, 20, 21, 80])
def test_the_part_in_closed_form(n):
    bias = SymbolBias.of(np.zeros(n + 1))
    p = np.r_[np.geomspace(1e-12, 0.999, 60), 0.3934, 0.3935, 1 - 1e-9]
    value, off = bias._rest(p)
    left = p[:-4]
    right = left * 1.1
    least, most = bias._curvature(left, np.minimum(right, 1.0))
    with mp.workdps(60):
        for x, told, error in zip(p, value, off, strict=True):
            x = mpf(float(x))
            if n * -mp.log(1 - x) > 80:  # the sum below has no digits left
                assert told < 1e-30
                continue
            truth = x * (-mp.log(x) - mp.fsum((1 - x) ** v / mpf(v) for v in range(1, n)))
            assert abs(told - truth) <= float(error) / 5
        for i, x in enumerate(left):
            for share in (0.0, 0.5, 1.0):
                y = mpf(float(x + share * (min(right[i], 1.0) - x)))
                if y < 1:
                    assert least[i] <= (1 - y) ** (n - 2) * (n - 1 / y) <= most[i]


@pytest.mark.parametrize("name", ["plugin", "miller_madow", "grassberger"])
@pytest.mark.parametrize("n", [1, 5, 60])
def test_what_one_symbol_adds(name, n):
    exact = getattr(oracle, name)(n)
    bias = SymbolBias.of(weights_of(name, n, 2))
    p = np.r_[0.0, 1e-14, 1e-6, 0.3 / n, 1.7 / (n + 1), 0.1, 0.5, 0.9, 1 - 1e-9, 1.0]
    value, off = bias.at(p)
    for x, told, error in zip(p, value, off, strict=True):
        assert abs(told - symbol_bias(exact, x)) <= error + bias.rounding


@pytest.mark.parametrize("kind", ["smooth", "rough", "alternating", "lonely"])
@pytest.mark.parametrize("n", [1, 6, 50])
def test_cells_hold_the_function(kind, n):
    rng = np.random.default_rng(n)
    w = table(kind, n, rng)
    bias = SymbolBias.of(w)
    left = np.r_[0.0, 1e-9, 0.01 / n, 0.5 / n, 0.9 / n, 0.2, 0.6, 0.99]
    right = np.r_[1e-9, 1e-8, 0.02 / n, 0.9 / n, 1.0 / n, 0.21, 0.7, 1.0]
    cells = bias.cells(left, right)
    for i in range(left.size):
        for share in (0.0, 0.1, 0.5, 0.8, 1.0):
            x = left[i] + share * (right[i] - left[i])
            chord = cells.at_left[i] + share * (cells.at_right[i] - cells.at_left[i])
            truth = symbol_bias(w, x)
            assert chord - cells.below[i] - 1e-13 <= truth <= chord + cells.above[i] + 1e-13
            if share in (0.0, 1.0):
                assert abs(truth - chord) <= cells.end[i] + 1e-13


@pytest.mark.parametrize("n", [3, 4, 6, 8, 100])
def test_cells_bound_curves_that_their_remainder_does_not_cover(n):
    # up to degree 8 there is no remainder; with weights of zhang there is the closed form alone
    rng = np.random.default_rng(n)
    tables = [weights_of("zhang", n, 2)]
    if n <= 8:
        tables += [rng.standard_normal(n + 1) for _ in range(30)]
    if n == 4:  # (p - 1/2)^2 c - (p - 1/2)^4 and its negative, where R is nothing beside them
        c = 1.5 * 0.48**2  # in the second cell the curve is on both sides of its chord
        powers = (c / 4 - 1 / 16, 1 / 2 - c, c - 3 / 2, 2, -1)
        quartic = [sum(comb(k, i) / comb(4, i) * powers[i] for i in range(5)) for k in range(5)]
        tables += [1e4 * np.array(quartic), -1e4 * np.array(quartic)]
    left = np.r_[0.0, 0.02, 0.1, 0.3, 0.3 / n, 0.9 / n, 1.0 / n, 1.0 / n]
    right = np.r_[0.01, 0.98, 0.7, 0.9, 0.9 / n, 1.2 / n, 2.0 / n, 3.0 / n]
    for w in tables:
        bias = SymbolBias.of(w)
        cells = bias.cells(left, right)
        assert n > 8 or np.all(cells.end < 1e-8)
        for share in np.linspace(0, 1, 21):
            value, off = bias.at(left + share * (right - left))
            value -= (1 - share) * cells.at_left + share * cells.at_right
            assert np.all(-cells.below - off <= value)
            assert np.all(value <= cells.above + off)


@pytest.mark.parametrize(
    ("name", "lower", "upper"),
    [  # from the concave hull of b at a grid of 20 000 probabilities, sums in double precision
        ("plugin", -0.5730106, 0.0),
        ("miller_madow", -0.306806, 0.0),
        ("grassberger", -0.140568, 0.000500084),
    ],
)
def test_a_thousand_samples_of_a_thousand_symbols(name, lower, upper):
    worst = risk.worst_bias(name, 1000, 1000)
    assert worst.lower == pytest.approx(lower, abs=1e-6)
    assert worst.upper == pytest.approx(upper, abs=1e-8)


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize(
    ("n", "S", "gap"), [(1, 2, 1e-6), (3, 10**6, 1e-3), (100, 100, 0.03), (1000, 1000, 0.004)]
)
def test_the_bracket_is_narrow_for_many_symbols(name, n, S, gap):
    worst = risk.worst_bias(name, n, S)
    reach = gap * (worst.upper - worst.lower)
    assert worst.lower <= worst.lowest <= worst.lower + reach
    assert worst.upper - reach <= worst.highest <= worst.upper


@pytest.mark.parametrize("name", ["plugin", "grassberger", "dirichlet_laplace", "bub"])
@pytest.mark.parametrize(("n", "S"), [(7, 3), (50, 20), (300, 40)])
def test_the_laws_found_have_the_bias_told(name, n, S):
    worst = risk.worst_bias(name, n, S)
    for told, levels in ((worst.lowest, worst.lowest_at), (worst.highest, worst.highest_at)):
        p = np.concatenate([np.full(m, p) for p, m in levels])
        assert p.size == S
        assert p.sum() == pytest.approx(1, abs=1e-12)
        assert risk.bias(name, Finite(p), n) == pytest.approx(told, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("name", ["plugin", "miller_madow", "jackknife", "wu_yang"])
@pytest.mark.parametrize("n", [2, 9])
def test_against_all_laws_of_a_grid_and_all_outcomes(name, n):
    for S, steps in ((2, 40), (3, 12)):
        w = [mpf(float(x)) for x in weights_of(name, n, S)]
        worst = risk.worst_bias(name, n, S)
        most, least = -math.inf, math.inf
        for point in np.ndindex(*(steps + 1,) * (S - 1)):
            if sum(point) > steps:
                continue
            p = oracle.probabilities([*(i / steps for i in point), 1 - sum(point) / steps])
            unseen = (S - len(p)) * w[0]
            bias = float(oracle.enumerate_moments(w, p)[0] - oracle.entropy(p) + unseen)
            most, least = max(most, bias), min(least, bias)
        assert worst.lower <= least + 1e-13
        assert most <= worst.upper + 1e-13
        # the search beats a coarse grid
        assert worst.lowest <= least + 1e-9
        assert worst.highest >= most - 1e-9


laws = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).filter(lambda p: sum(p) > 0.01)


@given(laws, st.integers(1, 200), st.sampled_from(LINEAR))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_every_law_is_inside(p, n, name):
    p = np.array(p) / sum(p)
    worst = risk.worst_bias(name, n, p.size)
    assert worst.lower - 1e-14 <= risk.bias(name, Finite(p), n) <= worst.upper + 1e-14


@given(
    st.integers(1, 10**9), st.integers(1, 12), st.integers(1, 60), st.sampled_from([0.0, 1.0, 3.0])
)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_every_law_is_inside_for_any_weights(seed, S, n, power):
    rng = np.random.default_rng(seed)
    estimator = Weights(rng.standard_normal(n + 1) / n)
    worst = risk.worst_bias(estimator, n, S)
    for _ in range(4):
        p = rng.dirichlet(np.ones(S)) ** power
        bias = risk.bias(estimator, Finite(p / p.sum()), n)
        assert worst.lower - 1e-13 <= bias <= worst.upper + 1e-13


def test_one_symbol_is_exact_and_large_sizes_are_safe():
    worst = risk.worst_bias("miller_madow", 30, 1)
    assert (
        worst.lower == worst.upper == worst.lowest == float(weights_of("miller_madow", 30, 1)[30])
    )
    # one sample says nothing: the plug-in is ln S too low
    worst = risk.worst_bias("plugin", 1, 2**53)
    assert -worst.lower == pytest.approx(53 * math.log(2), rel=1e-6)
    assert -worst.lower >= 53 * math.log(2)
    worst = risk.worst_bias("plugin", 10**6, 10**9)
    assert -math.log1p((10**9 - 1) / 10**6) <= worst.lower <= worst.lowest
    assert worst.lowest - worst.lower < 1e-5


@given(st.integers(1, 400), st.integers(1, 10**12))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_the_plugin_keeps_to_its_known_bound(n, S):
    # -ln(1 + (S-1)/n) <= bias <= 0 (Paninski 2003)
    worst = risk.worst_bias("plugin", n, S)
    assert worst.lowest >= -math.log1p((S - 1) / n) * (1 + 1e-12)
    assert worst.highest <= 1e-12
    assert worst.upper <= 1e-6


@pytest.mark.parametrize("S", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 2, 3, 12])
def test_the_largest_change_against_every_move(n, S):
    w = np.random.default_rng(n).standard_normal(n + 1)
    moves = [
        abs(w[j + 1] - w[j] + w[k - 1] - w[k])
        for j in range(n)
        for k in range(1, n + 1 - j)
        if S > 2 or (S == 2 and j + k == n)
    ]
    assert optimal._largest_change(w, S) == pytest.approx(max(moves, default=0.0), rel=1e-14)


def test_the_largest_change_of_the_plugin_is_known():
    for n, change in ((10, 0.325082973391448), (100, 0.0560015343548474)):
        assert optimal._largest_change(weights_of("plugin", n, 2), 5) == pytest.approx(change)


SIZES = [(1, 7), (10, 10), (60, 2), (100, 10), (200, 1000), (1000, 1000)]


@pytest.mark.parametrize(("n", "S"), SIZES)
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_optimal_estimator_beats_the_known_ones(n, S, level):
    best = risk.optimal_linear(n, S, level=level)
    assert best.error == pytest.approx(best.bias.largest + best.deviation)
    assert best.bias.lower == pytest.approx(-best.bias.upper, rel=1e-6)
    assert best.deviation == pytest.approx(
        best.change * math.sqrt(n / 2 * math.log(2 / (1 - level))), rel=1e-9, abs=1e-12
    )
    for name in LINEAR:
        assert best.error < risk.worst_error(name, n, S, level=level).error
    # a constant is never wrong by more than half of ln S
    assert best.error <= math.log(S) / 2 * (1 + 1e-5)


def test_no_small_change_of_the_weights_helps():
    n, S, rng = 60, 30, np.random.default_rng(4)
    best = risk.optimal_linear(n, S)
    w = best.estimator.weight(np.arange(n + 1), n)
    for size in (0.1, 0.01, 0.001):
        for _ in range(12):
            moved = Weights(w + size / n * rng.standard_normal(n + 1) * (np.arange(n + 1) > 0))
            assert risk.worst_error(moved, n, S).error > 0.998 * best.error


def test_the_programme_is_nearly_met_by_the_certificate():
    n, S = 300, 100
    deviations = optimal._deviations(n, 0.95)
    weights = programme.optimal_weights(n, S, deviations)
    assert weights[0] == 0
    certified = risk.worst_error(Weights(weights), n, S).error
    assert certified == pytest.approx(risk.optimal_linear(n, S).error, rel=0.01)


@pytest.mark.parametrize("level", [0.6, 0.95])
def test_the_error_is_exceeded_as_rarely_as_promised(level):
    n = 40
    best = risk.optimal_linear(n, 2, level=level)
    w = best.estimator.weight(np.arange(n + 1), n)
    k = np.arange(n + 1)
    ways = np.array([comb(n, i) for i in k], float)
    for p in np.linspace(0, 0.5, 201):
        mass = ways * p**k * (1 - p) ** (n - k)
        entropy = -sum(x * math.log(x) for x in (p, 1 - p) if x > 0)
        assert mass[abs(w[k] + w[n - k] - entropy) > best.error].sum() <= 1 - level


def test_the_optimal_estimator_is_an_estimator():
    best = risk.optimal_linear(100, 10)
    counts = [40, 30, 20, 10]
    w = best.estimator.weight(np.array(counts), 100)
    value = mt.entropy(counts, best.estimator)
    assert value == pytest.approx(w.sum())
    assert abs(value - 1.2798542258) <= best.error
    assert mt.entropy([[100, 0], [50, 50], [99, 1]], best.estimator).shape == (3,)
    assert mt.entropy(mt.Profile.from_counts(np.array(counts)), best.estimator) == value
    assert best.estimator.name == "optimal_linear(100, 10)"
    assert "least certified error" in best.estimator.summary
    assert risk.bias(best.estimator, Finite(np.full(10, 0.1)), 100) <= best.bias.upper
    with pytest.raises(ValueError, match=r"for samples of size n = 100; got one of size 30 "):
        mt.entropy([10, 20], best.estimator)


def test_one_symbol_needs_no_estimate():
    best = risk.optimal_linear(20, 1)
    assert best.error == best.deviation == best.bias.upper == 0.0


@pytest.mark.parametrize("function", [risk.worst_bias, risk.worst_error])
def test_bad_estimators_are_refused(function):
    with pytest.raises(TypeError, match="chao_shen is not"):
        function("chao_shen", 10, 5)
    with pytest.raises(ValueError, match="unknown estimator 'plugn'; did you mean plugin"):
        function("plugn", 10, 5)
    with pytest.raises(ValueError, match="symbol seen 2 times out of 3 is not finite"):
        function(Weights(np.array([0.0, 0.1, math.nan, 0.0])), 3, 2)


def test_weights_beyond_arithmetic_give_no_bound():
    with pytest.raises(ArithmeticError, match="the weights are too large"):
        risk.worst_bias(Weights(np.array([0.0, 1e200, -1e200, 1e200])), 3, 4)


@pytest.mark.parametrize(
    "function",
    [
        lambda n, S: risk.worst_bias("plugin", n, S),
        lambda n, S: risk.worst_error("plugin", n, S),
        risk.optimal_linear,
    ],
)
def test_bad_sizes_are_refused(function):
    with pytest.raises(ValueError, match="n must be an integer of at least 1; got 0"):
        function(0, 5)
    with pytest.raises(ValueError, match="n must be at most 1e\\+07 for a bound over laws"):
        function(10**7 + 1, 5)
    with pytest.raises(ValueError, match="S must be an integer of at least 1; got 0"):
        function(5, 0)
    with pytest.raises(ValueError, match="S must be at most 2\\*\\*53"):
        function(5, 2**53 + 1)
    with pytest.raises(TypeError, match="S must be an integer"):
        function(5, "many")


def test_bad_levels_are_refused():
    for level in (0.0, 1.0):
        with pytest.raises(ValueError, match="level must be a finite number above 0 and below 1"):
            risk.worst_error("plugin", 10, 5, level=level)
        with pytest.raises(ValueError, match="level must be a finite number above 0 and below 1"):
            risk.optimal_linear(10, 5, level=level)


def test_a_programme_that_fails_is_an_error(monkeypatch):
    import scipy.optimize

    class Failed:
        x, status, message = None, 4, "numerical difficulties"

    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: Failed)
    with pytest.raises(ArithmeticError, match="not solved: numerical difficulties"):
        risk.optimal_linear(10, 5)
