"""Certificates: worst cases never underestimated, ends that hold, messages that help."""

import csv
import itertools
import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import certificates as oracle
from scipy import special
from scipy.special import gammaln

import mitheory as mt
from mitheory.certificates import radii, twosided
from mitheory.certificates.binomial import (
    averaged_upper_limit,
    binary_entropy,
    binary_entropy_interval,
    lower_limit,
    upper_limit,
)
from mitheory.certificates.cells import Cells
from mitheory.certificates.codes import code_length
from mitheory.kernels import varentropy
from mitheory.kernels.online import _two_labels_at_most, tie_errors

TITANIC = Path(__file__).resolve().parents[1] / "validation" / "data" / "titanic.csv"
QUANTITIES = (
    "label_entropy",
    "conditional_entropy",
    "information",
    "bayes_error",
    "error_from_entropies",
)


def log_size(S):
    return math.log(S - 1)


# --- the worst case over laws -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("S", "lam", "golden"),
    # golden values computed with mpmath at 40 digits
    [
        (2, 0.1, 0.0023524009189937),
        (2, 0.5, 0.081688582234953),
        (10, 0.1, 0.01101321184617),
    ],
)
def test_psi_golden(S, lam, golden):
    for psi in (varentropy.psi, varentropy.psi_conditional):
        assert golden * (1 - 1e-12) <= psi(lam, log_size(S)) <= golden * (1 + 1e-9)


@pytest.mark.parametrize(
    ("S", "golden"),
    # largest varentropy over laws on S symbols, mpmath at 40 digits
    [
        (2, 0.439228839890645151),
        (3, 0.761802237689800188),
        (10, 2.05838663559731666),
        (100, 6.22687209438934521),
        (1000, 12.9003655353478228),
    ],
)
@pytest.mark.parametrize("lam", [1e-9, -1e-9, 1e-8])
def test_psi_starts_as_the_largest_varentropy(S, golden, lam):
    assert varentropy.psi(lam, log_size(S)) * 2 / lam**2 == pytest.approx(golden, rel=2e-7)


@pytest.mark.parametrize("S", [2, 3, 5])
@pytest.mark.parametrize("lam", [0.1, 0.5, 0.85, -0.2, -1.0, -6.0])
def test_psi_is_the_supremum_over_the_whole_simplex(S, lam):
    best = oracle.largest_log_moment(S, lam)
    assert best * (1 - 1e-9) <= varentropy.psi(lam, log_size(S)) <= best * (1 + 1e-6)


@pytest.mark.parametrize("S", [2, 7, 1000, 10**9, 2**53])
@pytest.mark.parametrize("lam", [1e-9, 1e-3, 0.3, 0.9, -1e-9, -0.05, -1.0, -8.0])
def test_psi_is_above_every_two_level_law(S, lam):
    bound = varentropy.psi(lam, log_size(S))
    grid = np.linspace(-log_size(S), 40, 20001)[1:]
    values = np.array([varentropy.log_moment(t, log_size(S), lam) for t in grid])
    assert bound >= values.max()
    t = grid[values.argmax()]
    with mp.workdps(60):
        p = 1 / (1 + mp.exp(-mp.mpf(float(t))))
        exact = oracle.two_level_moment(S, p, lam, digits=60)
    assert bound >= exact
    assert bound <= float(exact) * (1 + 1e-4)


@pytest.mark.parametrize("S", [2, 10, 10**6])
@pytest.mark.parametrize("lam", [1e-7, 0.02, 0.6, -1e-7, -0.4, -7.0])
@pytest.mark.parametrize("t", [-0.5, 0.01, 1.0, 2.7, 11.0])
def test_log_moment_at_40_digits(S, lam, t):
    with mp.workdps(60):
        p = 1 / (1 + mp.exp(-mp.mpf(t)))
        exact = oracle.two_level_moment(S, p, lam, digits=60)
    assert varentropy.log_moment(t, log_size(S), lam) == pytest.approx(float(exact), rel=2e-13)


@pytest.mark.parametrize("S", [2, 10, 10**6])
@pytest.mark.parametrize("lam", [0.05, 0.5, 0.9, -0.3, -3.0])
def test_log_moment_is_the_integral_that_makes_it_log_concave(S, lam):
    for t in (0.4, 2.0, 6.0):
        x = lam * (t + log_size(S))
        exact = mp.quad(
            lambda y, t=t, x=x: (abs(x) - y) / (2 + 2 * mp.cosh(t - y if x > 0 else t + y)),
            [0, abs(x)],
        )
        assert varentropy.log_moment(t, log_size(S), lam) == pytest.approx(float(exact), rel=1e-12)
    grid = np.linspace(-log_size(S), 30, 800)[1:]
    logs = np.log([varentropy.log_moment(t, log_size(S), lam) for t in grid])
    assert (np.diff(logs, 2) < 1e-10).all()


@pytest.mark.parametrize("S", [2, 3])
@pytest.mark.parametrize("lam", [0.3, 0.85, -0.5, -3.0, -8.0])
def test_conditional_psi_is_the_supremum_over_mixtures(S, lam):
    best = oracle.largest_mixture_moment(S, lam)
    bound = varentropy.psi_conditional(lam, log_size(S))
    assert best * (1 - 1e-9) <= bound <= best * (1 + 1e-4)


@pytest.mark.parametrize("S", [2, 10, 100, 1000, 10**6])
@pytest.mark.parametrize("lam", [0.01, 0.1, 0.5, -0.01, -0.3, -2.0])
def test_conditional_psi_covers_mixtures_with_the_uniform_law(S, lam):
    best = oracle.uniform_and_two_level_moment(S, lam)
    bound = varentropy.psi_conditional(lam, log_size(S))
    assert best <= bound <= best * (1 + 2e-3)


def test_a_mixture_can_beat_every_single_law():
    """From about 30 labels on, the unconditional supremum is too small for H(Y|X)."""
    for S in (100, 1000):
        single = varentropy.psi(0.01, log_size(S))
        assert oracle.uniform_and_two_level_moment(S, 0.01) > single * 1.001
    for S in (2, 3, 10):
        for lam in (0.01, 0.3, 0.8, -0.1):
            assert varentropy.psi_conditional(lam, log_size(S)) == pytest.approx(
                varentropy.psi(lam, log_size(S)), rel=1e-9
            )


@pytest.mark.parametrize("S", [2, 3, 50, 10**6, 2**53])
@pytest.mark.parametrize("lam", [1e-6, 0.2, 0.9, -1e-6, -0.7, -8.0])
def test_the_moment_changes_curvature_once(S, lam):
    grid = np.linspace(-log_size(S), 40, 5000)[1:]
    signs = [varentropy._concavity(t, log_size(S), lam) > 0 for t in grid]
    assert signs == sorted(signs)


# --- radii ---------------------------------------------------------------------------------------


def test_chernoff_radius_golden():
    # minimised over lambda with mpmath at 40 digits
    value = radii.chernoff_radius(1000, 2, 0.05, tail="above")
    assert 0.0532886497687 <= value <= 0.0532886497687 * (1 + 1e-8)


@pytest.mark.parametrize("S", [2, 10, 10**9])
@pytest.mark.parametrize("n", [1, 7, 10**3, 10**9, 2**53])
@pytest.mark.parametrize("tail", ["above", "below"])
def test_chernoff_radius_is_attained_at_some_lambda(S, n, tail):
    """The radius is (rate + psi)/lambda for some lambda, so it cannot be below the infimum."""
    rate = -math.log(0.05) / n
    radius = radii.chernoff_radius(n, S, 0.05, tail=tail)
    sign, most = (1, 0.9) if tail == "above" else (-1, 8.0)
    lams = np.exp(np.linspace(math.log(1e-9), math.log(most), 4001))
    values = [(rate + varentropy.psi(sign * lam, log_size(S))) / lam for lam in lams]
    assert min(values) * (1 - 1e-5) <= radius <= min(values) * (1 + 1e-4)


def test_chernoff_radius_of_the_plugin_is_exactly_valid():
    """Binomial tails of the plug-in entropy, worst over 400 laws, for two labels."""
    n, delta = 200, 0.05
    k = np.arange(n + 1)
    plugin = binary_entropy(k / n)
    radius = radii.chernoff_radius(n, 2, delta, tail="above")
    log_choose = -np.log(n + 1) - special.betaln(n - k + 1, k + 1)
    worst = 0.0
    for p in np.linspace(0.002, 0.5, 400):
        pmf = np.exp(log_choose + k * np.log(p) + (n - k) * np.log1p(-p))
        worst = max(worst, pmf[plugin - radius > binary_entropy(p)].sum())
    assert 0.0005 < worst <= delta


@pytest.mark.parametrize(
    ("n", "freedom", "delta", "golden"),
    # computed with mpmath at 40 digits
    [
        (100, 1, 0.05, 0.0574386451839058),
        (1000, 9, 0.05, 0.018462277391694),
        (1000, 9, 1e-6, 0.0350519776931382),
    ],
)
def test_divergence_radius_golden(n, freedom, delta, golden):
    value = radii.divergence_radius(n, freedom, delta)
    assert value == pytest.approx(golden, rel=1e-11)
    assert value >= golden * (1 - 1e-14)


@pytest.mark.parametrize("freedom", [1, 30, 10**6, 10**12])
@pytest.mark.parametrize("delta", [0.9, 0.01, 1e-12])
def test_divergence_radius_solves_the_tail_bound(freedom, delta):
    with mp.workdps(40):
        y = mp.mpf(radii.divergence_radius(10**6, freedom, delta)) * 10**6 / freedom
        bound = mp.exp(-freedom * (y - 1 - mp.log(y)))
    assert bound <= delta
    assert bound >= delta * (1 - 1e-4)


@pytest.mark.parametrize(("S", "n"), [(3, 12), (4, 7)])
def test_divergence_radius_by_enumeration(S, n):
    counts = oracle.count_vectors(n, S)
    log_coefficients = oracle.multinomial_log_coefficients(counts)
    rng = np.random.default_rng(1)
    for p in rng.dirichlet(np.ones(S), size=40):
        pmf = np.exp(log_coefficients + counts @ np.log(p))
        divergence = -oracle.entropy(counts) - (counts / n) @ np.log(p)
        for delta in (0.3, 0.05):
            assert pmf[divergence >= radii.divergence_radius(n, S - 1, delta)].sum() <= delta


def test_largest_change_golden():
    # computed with mpmath at 40 digits
    golden = {10: 0.325082973391448, 100: 0.0560015343548474, 10**6: 1.48155100579697e-5}
    for n, value in golden.items():
        assert radii.largest_change(n) == pytest.approx(value, rel=1e-13)
        assert radii.largest_change(n) < radii.antos_kontoyiannis_change(n)


@pytest.mark.parametrize(("rows", "columns", "n"), [(2, 2, 7), (2, 3, 5), (3, 3, 3)])
def test_no_replaced_sample_changes_more(rows, columns, n):
    cells = rows * columns
    tables = {tuple(c): c.reshape(rows, columns) for c in oracle.count_vectors(n, cells)}
    given = {key: float(oracle.conditional_entropy(table)) for key, table in tables.items()}
    label = {key: float(oracle.entropy(table.sum(0))) for key, table in tables.items()}
    largest = {"given": 0.0, "label": 0.0, "information": 0.0}
    for key in tables:
        for i, j in itertools.permutations(range(cells), 2):
            if key[i] == 0:
                continue
            other = tuple(c - (k == i) + (k == j) for k, c in enumerate(key))
            changes = (given[other] - given[key], label[other] - label[key])
            largest["given"] = max(largest["given"], abs(changes[0]))
            largest["label"] = max(largest["label"], abs(changes[1]))
            largest["information"] = max(largest["information"], abs(changes[1] - changes[0]))
    assert largest["label"] == pytest.approx(radii.largest_change(n), rel=1e-12)
    assert largest["given"] <= radii.largest_change(n) * (1 + 1e-12)
    assert largest["information"] <= radii.largest_information_change(n) * (1 + 1e-12)


def test_plugin_bias_golden():
    # computed with mpmath at 40 digits
    golden = {(2, 10): 0.0953101798043249, (10, 100): 0.0861776962410523}
    for (S, n), value in golden.items():
        assert radii.plugin_bias(n, S) == pytest.approx(value, rel=1e-13)


def test_continuity_golden_and_sharp():
    # computed with mpmath at 40 digits
    golden = {
        (0.1, 2): 0.325082973391448,
        (0.1, 10): 0.54480543112507,
        (0.01, 1000): 0.125069082141333,
        (0.25, 4): 0.836988216785836,
    }
    for (T, S), value in golden.items():
        assert radii.continuity(T, S) == pytest.approx(value, rel=1e-13)
    assert radii.continuity(0.8, 5) == math.log(5)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_continuity_holds(S, seed):
    p, q = np.random.default_rng(seed).dirichlet(np.full(S, 0.4), size=2)
    distance = 0.5 * abs(p - q).sum()
    assert abs(oracle.entropy(p) - oracle.entropy(q)) <= radii.continuity(distance, S) + 1e-12


@given(
    st.integers(10, 10**7),
    st.sampled_from([2, 3, 10, 1000]),
    st.floats(0.001, 0.5),
    st.integers(1, 50),
)
@settings(deadline=None, derandomize=True, max_examples=25)
def test_radii_fall_with_n_and_grow_with_confidence(n, classes, alpha, rows):
    for make in (
        lambda n, a: twosided.entropy_radii(n, classes, a),
        lambda n, a: twosided.conditional_radii(n, classes, a, rows),
    ):
        here, later, surer = make(n, alpha), make(2 * n, alpha), make(n, alpha / 2)
        assert 0 < later.larger <= here.larger * (1 + 1e-9)
        assert surer.larger >= here.larger * (1 - 1e-9)


def test_the_lower_radius_of_h_y_given_x_does_not_depend_on_x():
    few, many = (twosided.conditional_radii(500, 3, 0.05, rows) for rows in (2, 400))
    assert few.below == many.below
    assert few.above < many.above
    assert sum(twosided.CONDITIONAL_SHARES.values()) == pytest.approx(1.0, abs=1e-15)


def test_a_bound_that_cannot_be_evaluated_is_an_error(monkeypatch):
    monkeypatch.setattr(varentropy, "psi_table", lambda lams, L, conditional: lams * np.nan)
    radii._psis.cache_clear()
    with pytest.raises(ArithmeticError, match="no certificate is given"):
        radii.chernoff_radius(100, 4, 0.05, tail="above")
    radii._psis.cache_clear()


def test_psi_refuses_what_it_cannot_see():
    """Far beyond the tilts in use the drop around the maximum is lost in rounding."""
    assert math.isnan(varentropy.psi(0.5, math.nan))
    assert math.isnan(varentropy.psi_conditional(0.5, math.nan))


# --- binomial limits -----------------------------------------------------------------------------


def test_clopper_pearson_published_values():
    # 461 errors in 2201, one-sided 0.95 and 0.975; 1331 in 4526, one-sided 0.95
    assert float(lower_limit(461, 2201, 0.05)) == pytest.approx(0.19525, abs=5e-6)
    assert float(lower_limit(461, 2201, 0.025)) == pytest.approx(0.19262, abs=5e-6)
    assert float(lower_limit(1331, 4526, 0.05)) == pytest.approx(0.28293, abs=5e-6)


@pytest.mark.parametrize(
    ("n", "k"),
    [(1, 1), (10, 3), (50, 49), (2201, 461), (10**6, 10), (10**8, 1000), (10**8, 2 * 10**7)],
)
@pytest.mark.parametrize("delta", [0.4, 0.0125, 1e-6])
def test_binomial_limits_at_40_digits(n, k, delta):
    low = float(lower_limit(k, n, delta))
    tail = oracle.binomial_upper_tail(n, k, low)
    assert tail <= delta
    assert tail >= delta * (1 - 1e-3)
    high = 1 - mp.mpf(float(upper_limit(n - k, n, delta)))
    assert oracle.binomial_upper_tail(n, k, high) <= delta


def test_binomial_limits_at_the_edges():
    assert float(lower_limit(0, 9, 0.05)) == 0.0
    assert float(upper_limit(9, 9, 0.05)) == 1.0
    assert float(upper_limit(0, 9, 0.05)) == pytest.approx(1 - 0.05 ** (1 / 9), rel=1e-9)
    assert (np.diff(lower_limit(np.arange(41), 40, 0.1)) > 0).all()
    assert (np.diff(upper_limit(np.arange(41), 40, 0.1)) >= 0).all()


@pytest.mark.parametrize("k", [0, 3, 10**6, 10**11, 5 * 10**11])
def test_limits_beyond_the_incomplete_beta_function(k):
    """Where they take over, the Chernoff limits are outside of the exact ones, not far."""
    n, delta = 10**12, 0.01
    low, high = float(lower_limit(k, n, delta)), float(upper_limit(k, n, delta))
    divergence = [
        float(
            mp.mpf(k) * mp.log(mp.mpf(k) / n / p) + (n - k) * mp.log((1 - mp.mpf(k) / n) / (1 - p))
        )
        if k
        else float(-n * mp.log1p(-p))
        for p in (mp.mpf(low), mp.mpf(high))
        if p > 0
    ]
    assert low <= k / n <= high
    assert all(d >= math.log(1 / delta) * (1 - 1e-3) for d in divergence)


@pytest.mark.parametrize("n", [1, 2, 5, 9, 30, 101])
@pytest.mark.parametrize("alpha", [0.05, 0.3])
def test_binary_entropy_interval_covers_exactly(n, alpha):
    k = np.arange(n + 1)
    low, high = binary_entropy_interval(k, n, alpha)
    log_choose = -np.log(n + 1) - special.betaln(n - k + 1, k + 1)
    for p in np.concatenate([np.linspace(1e-4, 0.5, 700), [0.499999, 0.500001]]):
        pmf = np.exp(log_choose + k * np.log(p) + (n - k) * np.log1p(-p))
        truth = float(binary_entropy(p))
        assert pmf[(low > truth) | (high < truth)].sum() <= alpha * (1 + 1e-9)


# --- coverage by enumeration and by simulation -----------------------------------------------


@pytest.mark.parametrize(("S", "n"), [(3, 40), (4, 22)])
def test_label_entropy_covers_by_enumeration(S, n):
    alpha = 0.3
    counts = oracle.count_vectors(n, S)
    plugin = oracle.entropy(counts)
    ends = twosided.entropy_radii(n, S, alpha)
    log_coefficients = oracle.multinomial_log_coefficients(counts)
    rng = np.random.default_rng(3)
    laws = np.vstack(
        [rng.dirichlet(np.full(S, a), size=40) for a in (0.3, 1.0, 5.0)]
        + [[[p] + [(1 - p) / (S - 1)] * (S - 1) for p in np.linspace(0.3, 0.99, 40)]]
    )
    worst = 0.0
    for p in laws:
        pmf = np.exp(log_coefficients + counts @ np.log(np.maximum(p, 1e-300)))
        truth = oracle.entropy(p)
        outside = (plugin - ends.below > truth) | (plugin + ends.above < truth)
        worst = max(worst, pmf[outside].sum())
    assert 0 < worst <= alpha


def test_conditional_entropy_and_lower_error_cover_by_enumeration():
    n, alpha = 40, 0.3
    counts = oracle.count_vectors(n, 4)
    tables = counts.reshape(-1, 2, 2)
    plugin = oracle.conditional_entropy(tables)
    rows = (tables.sum(-1) > 0).sum(-1)
    below = twosided.conditional_radii(n, 2, alpha, 1).below
    above = np.array([0.0] + [twosided.conditional_radii(n, 2, alpha, r).above for r in (1, 2)])
    lower_error = lower_limit(n - tables.max(-1).sum(-1), n, alpha / 2)
    log_coefficients = oracle.multinomial_log_coefficients(counts)
    rng = np.random.default_rng(4)
    laws = np.vstack([rng.dirichlet(np.full(4, a), size=60) for a in (0.3, 1.0, 5.0)])
    extreme = [
        [w * p, w * (1 - p), (1 - w) * q, (1 - w) * (1 - q)]
        for w in (0.5, 0.9, 1.0)
        for p in (0.03, 0.08, 0.2, 0.5)
        for q in (0.03, 0.08, 0.5)
    ]
    worst = [0.0, 0.0]
    for p in np.vstack([laws, extreme]):
        pmf = np.exp(log_coefficients + counts @ np.log(np.maximum(p, 1e-300)))
        truth = float(oracle.conditional_entropy(p.reshape(2, 2)))
        outside = (plugin - below > truth) | (plugin + above[rows] < truth)
        bayes = 1 - p.reshape(2, 2).max(-1).sum()
        worst[0] = max(worst[0], pmf[outside].sum())
        worst[1] = max(worst[1], pmf[lower_error > bayes].sum())
    assert 0 < worst[0] <= alpha
    assert 0.05 < worst[1] <= alpha / 2


@pytest.mark.parametrize("simultaneous", [False, True])
def test_coverage_over_random_joint_laws(simultaneous):
    """Every interval fails at most at its nominal rate, with a margin of four deviations."""
    level, replicates = 0.8, 150
    rng = np.random.default_rng(20)
    failures = dict.fromkeys([*QUANTITIES, "any"], 0)
    settings_ = [(2, 2, 60), (5, 2, 300), (3, 4, 200), (30, 3, 400), (1, 2, 50), (8, 2, 2000)]
    for rows, classes, n in settings_:
        for concentration in (0.4, 3.0):
            joint = rng.dirichlet(np.full(rows * classes, concentration)).reshape(rows, classes)
            given = float(oracle.conditional_entropy(joint))
            label = float(oracle.entropy(joint.sum(0)))
            bayes = 1 - joint.max(1).sum()
            truth = dict(zip(QUANTITIES, (label, given, label - given, bayes, bayes), strict=True))
            tables = rng.multinomial(n, joint.ravel(), size=replicates)
            local = dict.fromkeys(failures, 0)
            for table in tables:
                result = mt.certify(
                    table.reshape(rows, classes), level=level, simultaneous=simultaneous
                )
                outside = {
                    name: not (
                        getattr(result, name).lower - 1e-12
                        <= value
                        <= getattr(result, name).upper + 1e-12
                    )
                    for name, value in truth.items()
                }
                for name, out in outside.items():
                    local[name] += out
                local["any"] += any(outside.values())
            margin = 4 * math.sqrt(replicates * level * (1 - level))
            for name in QUANTITIES:
                assert local[name] <= replicates * (1 - level) + margin
            if simultaneous:
                assert local["any"] <= replicates * (1 - level) + margin
            for name in failures:
                failures[name] += local[name]
    total = replicates * len(settings_) * 2
    allowed = total * (1 - level) + 4 * math.sqrt(total * level * (1 - level))
    assert failures["bayes_error"] > 0
    for name in QUANTITIES if not simultaneous else [*QUANTITIES, "any"]:
        assert failures[name] <= allowed


@pytest.mark.parametrize("delta", [0.1, 0.025, 0.005])
@pytest.mark.parametrize("n", [1, 2, 9, 40, 61, 67, 120])
def test_upper_error_end_covers_by_enumeration(n, delta):
    """X constant, two labels: every count of every n, over a fine grid of laws.

    The upper end is a function of the counts alone, so this is the exact probability of a miss.
    """
    k = np.arange(n + 1)
    upper = np.array(
        [
            averaged_upper_limit(Cells.of([[c, n - c]]).online_errors(2), n, delta)
            for c in k.tolist()
        ]
    )
    for p in np.concatenate([np.linspace(0.001, 0.5, 300), np.linspace(0.45, 0.5, 101)]):
        law = np.exp(
            gammaln(n + 1)
            - gammaln(k + 1)
            - gammaln(n - k + 1)
            + k * np.log(p)
            + (n - k) * np.log1p(-p)
        )
        assert law[upper < p].sum() <= delta * (1 + 1e-9)


def test_upper_error_end_covers_by_enumeration_of_tables():
    """Two values of X, two labels, n = 9: all tables, over random laws, far below the risk."""
    n, delta = 9, 0.1
    tables = [
        (a, b, c, n - a - b - c)
        for a in range(n + 1)
        for b in range(n + 1 - a)
        for c in range(n + 1 - a - b)
    ]
    upper = np.array(
        [
            averaged_upper_limit(Cells.of(np.reshape(t, (2, 2))).online_errors(2), n, delta)
            for t in tables
        ]
    )
    counts = np.array(tables)
    log_ways = gammaln(n + 1) - gammaln(counts + 1).sum(axis=1)
    rng = np.random.default_rng(4)
    for law in rng.dirichlet(np.full(4, 0.7), size=200):
        weight = np.exp(log_ways + counts @ np.log(law))
        bayes = min(law[0], law[1]) + min(law[2], law[3])
        assert weight[upper < bayes].sum() <= delta


def test_averaged_limit_is_the_exact_one_without_errors_and_never_below():
    for n in (1, 10, 1000, 10**6):
        for delta in (0.05, 1e-3):
            assert averaged_upper_limit(0.0, n, delta) == pytest.approx(
                float(upper_limit(0, n, delta)), rel=1e-8
            )
            for w in (0.3 * n, 0.01 * n):
                limit = averaged_upper_limit(w, n, delta)
                assert limit >= float(upper_limit(math.floor(w), n, delta))
                root = math.sqrt(math.log(1 / delta) / (2 * n))
                assert limit <= min(1.0, w / n + root) + 1e-9
    assert averaged_upper_limit(10.0, 10, 0.1) == 1.0


def test_averaged_limit_at_its_end_leaves_the_promised_tail():
    """The least (t - B)+ bound, in plain sums at 40 digits, equals delta there."""
    n, w, delta = 200, 41.3, 0.025
    p = mp.mpf(averaged_upper_limit(w, n, delta))
    law = [mp.binomial(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    tails = [mp.fsum((t - k) * law[k] for k in range(t)) / (t - w) for t in range(42, 120)]
    assert float(min(tails)) <= delta * (1 + 1e-9)
    assert float(min(tails)) >= 0.98 * delta


# --- errors ahead of fitting -------------------------------------------------------------------


@pytest.mark.parametrize(
    "row", [(1,), (3, 2), (2, 2), (4, 4), (7, 1), (3, 2, 1), (2, 2, 2), (4, 1, 1), (3, 1, 1, 1)]
)
def test_errors_in_ties_against_all_orders(row):
    exact = oracle.tie_errors(row)
    bound = float(tie_errors(np.array(row), np.array([0]))[0])
    assert bound >= exact - 1e-12
    if len(row) < 3:
        assert bound == pytest.approx(exact, abs=1e-11)
    else:
        assert bound <= exact + 0.75


def test_errors_in_ties_of_large_rows_are_bounded_quickly():
    rng = np.random.default_rng(3)
    for row in ([10**6, 10**6], [5000] * 20, [3] * 1000, [10**5] * 100):
        bound = float(tie_errors(np.array(row), np.array([0]))[0])
        assert 0 < bound <= sum(row)
    row = np.array([60, 50, 5])
    simulated = np.mean([oracle.online_errors([row], rng, first=False) for _ in range(300)])
    bound = float(tie_errors(row, np.array([0]))[0]) + 55
    assert simulated <= bound + 3 * 4 / math.sqrt(300)
    assert bound <= simulated + 3


@pytest.mark.parametrize("a", [1, 2, 3, 10, 39, 300, 12_000])
@pytest.mark.parametrize("less", [0, 1, 2, 5, 40, 1000, 9000])
def test_ties_of_two_large_labels_are_bounded_at_once(a, less):
    b = max(a - less, 1)
    levels = b if b < a else a - 1
    term, ties = 1.0, []
    for k in range(levels):
        term *= (2 * k + 1) * (2 * k + 2) / (k + 1) ** 2 * (a - k) * (b - k)
        term /= (a + b - 2 * k) * (a + b - 2 * k - 1)
        ties.append(term)
    exact = 0.5 * math.fsum(ties)
    bound = _two_labels_at_most(a, b)
    assert exact * (1 - 1e-9) <= bound <= 1.1 * exact + 1.1


def test_certificates_of_huge_counts():
    """At no cost in proportion to them; two labels of m each tie about (pi m)^(1/2) times."""
    row = np.array([2**52, 2**52])
    bound = float(tie_errors(row, np.array([0]))[0])
    assert bound == pytest.approx(0.5 * math.sqrt(math.pi * 2**52), rel=1e-6)
    assert Cells.of(row[None]).online_errors(2) == pytest.approx(2**52 + bound, rel=1e-8)
    third = mt.certify([[2**51, 2**51, 2**51]]).bayes_error
    assert third.upper == pytest.approx(2 / 3)
    most = mt.certify([[2**52, 2**51, 2**51]]).bayes_error
    assert 0.5 <= most.upper < 0.5 + 1e-6


def test_online_errors_against_a_plain_simulation():
    table = [[6, 2], [1, 9], [0, 2], [4, 4]]
    rng = np.random.default_rng(5)
    slow = [oracle.online_errors(table, rng) for _ in range(4000)]
    spread = np.std(slow) / math.sqrt(len(slow))
    assert Cells.of(table).online_errors(2) == pytest.approx(np.mean(slow), abs=4 * spread)


def test_predictions_do_not_use_what_comes_later():
    """An x seen once is predicted by another x's label, not by its own."""
    table = np.vstack([[4000, 0]] + [[0, 1]] * 300)
    assert Cells.of(table).online_errors(2) >= 0.9 * 300
    sure = np.diag([500, 500, 500])
    assert Cells.of(sure).online_errors(3) <= 3.001


def test_a_certificate_does_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(2)
    table = rng.poisson(4, size=(40, 3))
    here = mt.certify(table, level=0.9)
    assert mt.certify(table[rng.permutation(40)], level=0.9).bayes_error == here.bayes_error
    padded = np.vstack([np.zeros((1, 3), dtype=int), table])
    assert mt.certify(padded, level=0.9).to_dict() == here.to_dict()
    assert mt.certify(mt.Counts.from_table(table), level=0.9).to_dict() == here.to_dict()


# --- the code for the labels ----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[4], [1, 3], [1, 1, 2], [1, 1, 1, 1]])
@pytest.mark.parametrize("classes", [2, 3])
def test_the_code_is_a_law_of_the_labels(rows, classes):
    """Over all label sequences at these values of X the probabilities sum to 1."""
    x = np.repeat(np.arange(len(rows)), rows)
    total = 0.0
    for labels in itertools.product(range(classes), repeat=len(x)):
        table = np.zeros((len(rows), classes), dtype=int)
        np.add.at(table, (x, np.array(labels)), 1)
        total += math.exp(-code_length(Cells.of(table), classes))
    assert total == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(
    "table",
    [
        [[1, 0]],
        [[5, 3], [2, 2]],
        [[1, 0, 0], [0, 1, 0], [0, 2, 0], [0, 0, 9]],
        [[40, 1, 0], [3, 3, 3], [0, 0, 1], [0, 1, 0], [7, 0, 0], [8, 0, 1]],
    ],
)
def test_code_length_at_40_digits(table):
    classes = len(table[0])
    exact = float(oracle.code_length(table, classes))
    assert code_length(Cells.of(table), classes) == pytest.approx(exact, rel=1e-13)


def test_a_code_certifies_where_most_x_are_rare():
    """The divergence pays a nat for each x; a code notices that x tells nothing."""
    y = np.random.default_rng(3).random(4000) < 0.05
    result = mt.certify(mt.count(np.arange(4000) // 2, y))
    assert result.conditional_entropy.upper_by == "code_length"
    assert result.conditional_entropy.upper < 0.26  # H(Y) = 0.1985
    assert result.error_from_entropies.upper < 0.2
    assert "a code for the labels" in result.conditional_entropy.how


def test_huge_counts_keep_the_code_in_place():
    table = [[2**52, 2**50], [2**40, 2**51]]
    result = mt.certify(table)
    assert result.conditional_entropy.upper - result.conditional_entropy.lower < 1e-6
    per_sample = code_length(Cells.of(table), 2) / Cells.of(table).n
    assert per_sample == pytest.approx(mt.conditional_entropy(table), abs=1e-12)


def test_many_labels_are_certified_by_the_optimal_linear_estimator():
    """Uniform labels, two samples to each: the plug-in is 0.3 nat low, and so its ends would be."""
    rng = np.random.default_rng(9)
    misses = 0
    for _ in range(20):
        counts = rng.multinomial(4000, np.full(2000, 1 / 2000))
        label = mt.certify(counts[None, :]).label_entropy
        misses += not label.lower <= math.log(2000) <= label.upper
    assert misses <= 3
    assert label.lower_by == "optimal_linear"
    assert label.value - mt.entropy(counts) > 0.1
    radii_ = twosided.chernoff_entropy_radii(4000, 2000, 0.05)
    assert label.upper - label.lower < radii_.above + radii_.below


def test_values_stay_in_the_range_of_the_quantity():
    """The optimal linear estimate of H(Y) of even labels exceeds ln M about every other time."""
    rng = np.random.default_rng(3)
    for counts in rng.multinomial(100, np.full(150, 1 / 150), size=12):
        certificate = mt.certify(counts[None, :], classes=150)
        for part in (certificate.label_entropy, certificate.information):
            assert 0.0 <= part.lower <= part.value <= part.upper <= math.log(150)
        assert certificate.label_entropy.lower_by == "optimal_linear"


# --- the result ----------------------------------------------------------------------------------


def titanic():
    with TITANIC.open() as file:
        rows = list(csv.DictReader(file))
    return mt.count(*[np.array([r[c] for r in rows]) for c in ("class", "sex", "age", "survived")])


def test_titanic():
    result = mt.certify(titanic())
    assert (result.n, result.classes, result.classes_assumed) == (2201, 2, True)
    # plug-in values of the published table
    assert result.label_entropy.value == pytest.approx(0.629136, abs=1e-6)
    assert result.conditional_entropy.value == pytest.approx(0.476487, abs=1e-6)
    assert result.information.value == pytest.approx(0.152649, abs=1e-6)
    assert result.bayes_error.value == pytest.approx(0.20945, abs=1e-6)
    assert result.bayes_error.lower == pytest.approx(0.19262, abs=1e-5)
    assert result.bayes_error.upper < 0.25
    assert result.conditional_entropy.lower > 0.43
    assert result.error_from_entropies.lower == pytest.approx(0.157, abs=5e-3)
    assert "fano" in str(result)
    assert "exact_binomial" in str(result)
    assert "2201" in str(result)


def test_result_is_json_and_readable():
    result = mt.certify([[30, 10], [5, 55]], level=0.9, classes=3)
    back = json.loads(json.dumps(result.to_dict()))
    assert back["bayes_error"]["lower"] == result.bayes_error.lower
    assert back["classes_assumed"] is False
    assert "3 labels" in str(result)
    assert "assumed" not in str(result)
    ends = f"[0.000000, {result.information.upper:.6f}]"
    assert str(result.information) == f"{result.information.value:.6f} in {ends}"
    with pytest.raises(AttributeError):
        result.n = 3


@given(
    st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=1, max_size=6).filter(
        lambda t: sum(map(sum, t)) > 0
    ),
    st.sampled_from([0.5, 0.95, 0.999999]),
)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_ends_are_ordered_and_grow_with_confidence(table, level):
    alone, together = (
        mt.certify(table, level=level),
        mt.certify(table, level=level, simultaneous=True),
    )
    wider = mt.certify(table, level=level, classes=9)
    for name in QUANTITIES:
        item, joint = getattr(alone, name), getattr(together, name)
        most = 1 - 1 / 3 if "error" in name else math.log(3)
        assert 0 <= item.lower <= item.value <= item.upper <= most + 1e-15
        assert item.level == level
        if name != "information":
            assert joint.lower <= item.lower
            assert joint.upper >= item.upper
        assert getattr(wider, name).upper >= item.upper - 1e-12
    assert alone.information.value == pytest.approx(mt.mutual_information(table), abs=1e-12)


def test_information_follows_from_the_entropies_of_the_joint_certificate():
    result = mt.certify([[300, 100], [50, 550]], simultaneous=True)
    label, given_x = result.label_entropy, result.conditional_entropy
    assert result.information.lower == pytest.approx(label.lower - given_x.upper, abs=1e-11)
    assert result.information.upper == pytest.approx(label.upper - given_x.lower, abs=1e-11)
    assert "all intervals together" in str(result)


def test_the_risk_is_split_as_promised():
    """Each interval alone takes the whole risk; information a half, a joint certificate a third."""
    table = [[300, 60, 5], [50, 550, 40]]
    alone = mt.certify(table, level=0.9)
    half, third = mt.certify(table, level=0.95), mt.certify(table, level=1 - 0.1 / 3)
    joint = mt.certify(table, level=0.9, simultaneous=True)
    assert alone.information.lower == pytest.approx(
        half.label_entropy.lower - half.conditional_entropy.upper, abs=1e-11
    )
    assert alone.information.upper == pytest.approx(
        half.label_entropy.upper - half.conditional_entropy.lower, abs=1e-11
    )
    for name in ("label_entropy", "conditional_entropy", "bayes_error", "error_from_entropies"):
        assert getattr(joint, name).lower == pytest.approx(getattr(third, name).lower, rel=1e-9)
        assert getattr(joint, name).upper == pytest.approx(getattr(third, name).upper, rel=1e-9)
    cells = Cells.of(table)
    assert alone.bayes_error.lower == lower_limit(cells.majority_errors(), cells.n, 0.05)
    assert alone.bayes_error.upper == averaged_upper_limit(cells.online_errors(3), cells.n, 0.05)


def test_h_y_given_x_takes_the_supremum_over_mixtures():
    for classes in (3, 1000):
        ends = twosided.conditional_radii(5000, classes, 0.05, 7)
        lower = radii.chernoff_radius(5000, classes, 0.0225, tail="above", conditional=True)
        mean = radii.chernoff_radius(5000, classes, 0.0225, tail="below", conditional=True)
        divergence = radii.divergence_radius(5000, 7 * (classes - 1), 0.0048)
        assert ends.below == pytest.approx(lower, rel=1e-9)
        assert ends.above == pytest.approx(mean + divergence, rel=1e-9)
        assert ends.beyond_code == pytest.approx(mean + math.log(5000) / 5000, rel=1e-9)
    assert lower > 1.003 * radii.chernoff_radius(5000, 1000, 0.0225, tail="above")


def test_continuous_x_gets_an_explanation_not_a_number():
    x = np.random.default_rng(0).normal(size=400)
    y = (x > 0).astype(int)
    result = mt.certify(mt.count(x, y))
    for item in (result.conditional_entropy, result.bayes_error, result.error_from_entropies):
        assert item.lower == 0.0
        assert item.lower_by == "trivial"
        assert "for continuous X no method can certify" in item.how
        assert "quantise" in item.how
    assert result.information.upper == pytest.approx(result.label_entropy.upper, abs=2e-2)
    ids = mt.certify(mt.count(np.arange(400), y))
    assert "no value of X repeats" in ids.bayes_error.how
    assert "no value of X repeats" in ids.remark
    assert str(ids).endswith(f"Beware: {ids.remark}.")
    assert "bin or quantise" in ids.remark
    assert mt.certify([[2, 1], [1, 2]]).remark == ""
    assert "Beware" not in str(mt.certify([[2, 1], [1, 2]]))
    assert "repeats" not in mt.certify([[2, 1], [1, 2]]).bayes_error.how


def test_corners():
    single = mt.certify([[1, 0]])
    assert single.classes == 2
    for name in QUANTITIES:
        item = getattr(single, name)
        assert (item.value, item.lower) == (0.0, 0.0)
        assert item.upper == (0.5 if "error" in name else math.log(2))
    one = mt.certify(mt.count([1, 2, 3], ["a", "a", "a"]))
    assert one.classes == 1
    assert one.classes_assumed
    for name in QUANTITIES:
        item = getattr(one, name)
        assert (item.lower, item.upper, item.lower_by) == (0.0, 0.0, "one_class")
    assert mt.certify(mt.count([1, 2, 3], ["a", "a", "a"]), classes=4).label_entropy.upper > 0
    huge = mt.certify([[2**51, 2**50], [2**49, 2**51]])
    for name in QUANTITIES[:4]:
        item = getattr(huge, name)
        assert item.upper - item.lower < 1e-6
    many = mt.certify([[50, 50]], classes=10**9)
    assert math.log(2) < many.label_entropy.upper <= math.log(10**9)
    assert many.label_entropy.lower == 0.0


@pytest.mark.parametrize(
    ("data", "kwargs", "error", "message"),
    [
        ([[3, 1], [0, 2]], {"level": 1.0}, ValueError, "level .* below 1; got 1.0"),
        ([[3, 1], [0, 2]], {"level": "high"}, TypeError, "level"),
        ([[3, 1], [1, 2]], {"classes": 1}, ValueError, "got 1 classes and 2 labels"),
        ([[3, 1], [1, 2]], {"classes": 2.5}, ValueError, "classes must be an integer"),
        ([[3, 1], [1, 2]], {"classes": 2**60}, ValueError, r"at most 2\*\*53"),
        ([[0, 0], [0, 0]], {}, ValueError, "at least one sample"),
        ([], {}, ValueError, "must not be empty"),
        ([3, 4], {}, ValueError, "two dimensions"),
        ([[3, -1], [0, 2]], {}, ValueError, r"non-negative integers; got -1 at index \(0, 1\)"),
        ([[3, 0.5], [0, 2]], {}, ValueError, "non-negative integers; got 0.5"),
        ([[math.nan, 1]], {}, ValueError, "non-negative integers; got nan"),
        ([[3, 1], [2]], {}, ValueError, "rectangular"),
        ([["a", "b"]], {}, TypeError, "count samples first"),
        ([[2**53, 0], [0, 2**53]], {}, ValueError, r"sum to at most 2\*\*53"),
    ],
)
def test_bad_input(data, kwargs, error, message):
    with pytest.raises(error, match=message):
        mt.certify(data, **kwargs)


def test_one_column_is_refused():
    with pytest.raises(ValueError, match="the label last"):
        mt.certify(mt.count([1, 2, 2]))


def test_an_empty_column_is_a_label_that_may_occur():
    assert mt.certify([[3, 0, 4]]).classes == 3
    assert mt.certify([[3, 0, 4]], classes=2).classes == 2


def test_simultaneous_is_true_or_false():
    with pytest.raises(TypeError, match="simultaneous must be True or False; got 'yes'"):
        mt.certify([[2, 1], [1, 2]], simultaneous="yes")
