"""Exact moments against enumeration at 40 digits, closed forms, bounds and simulation."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import risk as oracle

from mitheory import risk
from mitheory.entropies import ENTROPIES
from mitheory.laws import BinaryGaussian, Finite, geometric, two_level, uniform, zipf
from mitheory.risk import moments

NAMES = ["plugin", "miller_madow", "grassberger"]


def close(truth, rel=2e-15):
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


@pytest.mark.parametrize(
    ("p", "n", "bias", "variance"),
    [  # plug-in, all outcomes at 40 digits with mpmath
        ((0.5, 0.3, 0.2), 5, -0.2427246145969872265, 0.066333963345376323088),
        ((0.5, 0.3, 0.2), 10, -0.1123157682307961752, 0.026403378395317957067),
        ((0.9, 0.1), 10, -0.058504482453461952014, 0.045636793145415242216),
    ],
)
def test_golden_values(p, n, bias, variance):
    law = Finite(p)
    assert risk.bias("plugin", law, n) == close(bias, 1e-14)
    assert risk.variance("plugin", law, n) == close(variance, 1e-14)
    assert risk.mean("plugin", law, n) == close(law.entropy() + bias, 1e-14)
    assert risk.mse("plugin", law, n) == close(bias**2 + variance, 1e-14)


def compare(estimator, weights, law, n, truth, bias_rel=1e-11):
    p = oracle.probabilities(law.p)
    mean, variance = truth(weights, p)
    # what is exactly zero (the plug-in from one sample) is met up to rounding
    assert risk.mean(estimator, law, n) == (close(mean, 1e-11) if abs(mean) > 1e-30 else 0.0)
    bias = float(mean - oracle.entropy(p))
    assert risk.bias(estimator, law, n) == close(bias, bias_rel)
    rounding = pytest.approx(0.0, abs=1e-16)
    assert risk.variance(estimator, law, n) == (
        close(variance, 1e-12) if variance > 1e-30 else rounding
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("law", "n"),
    [
        (Finite([0.5, 0.3, 0.2]), 1),
        (Finite([0.5, 0.3, 0.2]), 2),
        (Finite([0.6, 0.2, 0.1, 0.1]), 9),
        (Finite([0.97, 0.02, 0.01]), 20),
        (uniform(4), 7),
        (geometric(5, 0.4), 6),
    ],
    ids=str,
)
def test_against_all_outcomes(name, law, n):
    compare(name, getattr(oracle, name)(n), law, n, oracle.enumerate_moments)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("law", "n"),
    [
        (uniform(2), 50),
        (two_level(2, 0.999), 60),
        (Finite([1 - 1e-9, 1e-9]), 20),
        (Finite([1.0, 1e-20]), 20),
        (Finite([1e-8, 1e-8, 1 - 2e-8]), 30),
        (Finite([0.6, 0.4 - 1e-6, 1e-6]), 60),
        (Finite([0.5, 0.49, 0.01]), 90),
        (uniform(10), 30),
        (zipf(6, 1.0), 50),
    ],
    ids=str,
)
def test_against_binomial_and_trinomial_sums(name, law, n):
    compare(name, getattr(oracle, name)(n), law, n, oracle.moments)


@pytest.mark.parametrize("name", [e.name for e in ENTROPIES.values() if e.linear])
def test_every_linear_estimator_against_all_outcomes_of_its_own_weights(name):
    estimator, law, n = ENTROPIES[name], Finite([0.4, 0.3, 0.2, 0.1]), 8
    size = (4,) if estimator.needs_alphabet else ()
    weights = [oracle.mpf(float(w)) for w in estimator.weight(np.arange(n + 1), n, *size)]
    mean, variance = oracle.enumerate_moments(weights, oracle.probabilities(law.p))
    assert risk.mean(name, law, n) == close(mean, 1e-14)
    assert risk.variance(name, law, n) == close(variance, 1e-13)


def test_many_samples_against_trinomial_sums():
    # n = 300 leaves nodes of the contour out
    law, n = Finite([0.3, 0.25, 0.25, 0.2]), 300
    compare("plugin", oracle.plugin(n), law, n, oracle.moments)


def test_any_weights_at_all():
    # weights that jump from count to count, and a symbol that cannot occur
    n = 12
    table = tuple(np.random.default_rng(0).standard_normal(n + 1))
    law = Finite([0.4, 0.35, 0.25])
    p = oracle.probabilities(law.p)
    mean, variance = oracle.enumerate_moments([oracle.mpf(x) for x in table], p)
    estimator = Weights(table)
    assert risk.mean(estimator, law, n) == close(float(mean), 1e-13)
    assert risk.variance(estimator, law, n) == close(float(variance), 1e-13)
    padded = Finite([0.4, 0.0, 0.35, 0.25, 0.0])
    assert risk.mean(estimator, padded, n) == close(float(mean) + 2 * table[0], 1e-13)
    assert risk.variance(estimator, padded, n) == close(float(variance), 1e-13)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("law", "n"), [(uniform(2), 1000), (two_level(2, 0.99), 30_000), (Finite([0.7, 0.3]), 30_000)]
)
def test_the_contour_agrees_with_the_direct_sum_for_two_symbols(name, law, n):
    cells = moments._cells(name, law, n)
    contour = moments._diagonal(cells) + moments._pairs(cells)
    assert contour == close(risk.variance(name, law, n), 1e-12)


def test_large_samples_follow_the_expansions():
    # plug-in on a uniform law: bias -(S-1)/2n - (S^2-1)/12n^2, variance (S-1)/2n^2 (Harris 1975)
    S, n = 10, 10**9
    bias = -(S - 1) / (2 * n) - (S**2 - 1) / (12 * n**2)
    assert risk.bias("plugin", uniform(S), n) == close(bias, 1e-13)
    assert risk.variance("plugin", uniform(S), n) == close((S - 1) / (2 * n**2), 1e-8)
    law = zipf(7, 1.0)
    varentropy = law.p @ np.log(law.p) ** 2 - law.entropy() ** 2
    assert risk.variance("plugin", law, n) == close(varentropy / n, 1e-8)


def test_large_alphabets_against_simulation():
    law, n, replicates = zipf(300, 1.0), 500, 4000
    counts = law.sample_counts(n, np.random.default_rng(11), replicates)
    for name in NAMES:
        values = ENTROPIES[name].weight(counts, n).sum(axis=1)
        mean, variance = risk.mean(name, law, n), risk.variance(name, law, n)
        assert abs(values.mean() - mean) < 5 * math.sqrt(variance / replicates)
        kurtosis = ((values - values.mean()) ** 4).mean() / values.var() ** 2
        error = math.sqrt((kurtosis - 1) / replicates)
        assert abs(values.var() / variance - 1) < 5 * error


def test_the_alphabet_counts_symbols_that_cannot_occur():
    # what is asked of the estimator is its alphabet times n, all symbols together
    law, n = Finite([0.4, 0.0, 0.35, 0.25, 0.0]), 12
    table = tuple(np.random.default_rng(1).standard_normal(n + 1))
    plain, sized = Weights(table), Weights(table, needs_alphabet=True)
    assert risk.mean(sized, law, n) == close(risk.mean(plain, law, n) + 5 * n, 1e-13)
    assert risk.bias(sized, law, n) == close(risk.bias(plain, law, n) + 5 * n, 1e-13)
    assert risk.variance(sized, law, n) == close(risk.variance(plain, law, n), 1e-10)


def test_equal_probabilities_are_grouped_without_a_change():
    # the same law up to the last bits, its probabilities all distinct
    p = np.full(40, 1 / 40) * (1 + 1e-13 * np.arange(-20, 20))
    for function in (risk.bias, risk.variance):
        grouped = function("miller_madow", uniform(40), 200)
        assert function("miller_madow", Finite(p / p.sum()), 200) == close(grouped, 1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_one_symbol_is_known(name):
    for law in (Finite([1.0]), Finite([0.0, 1.0])):
        assert risk.variance(name, law, 30) == 0.0
        assert risk.bias(name, law, 30) == pytest.approx(
            float(ENTROPIES[name].weight(30, 30)), abs=1e-18
        )
    assert risk.bias("plugin", Finite([1.0]), 30) == 0.0


def test_one_sample_says_nothing():
    assert risk.mean("plugin", zipf(9, 1.0), 1) == 0.0
    assert risk.bias("plugin", zipf(9, 1.0), 1) == pytest.approx(-zipf(9, 1.0).entropy())
    assert risk.variance("plugin", zipf(9, 1.0), 1) == pytest.approx(0.0, abs=1e-16)


probabilities = st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=8)


@given(probabilities, st.integers(1, 3000))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_plugin_bias_is_between_its_bounds(weights, n):
    # -ln(1 + (S-1)/n) <= bias <= 0 (Paninski 2003)
    law = Finite(np.array(weights) / sum(weights))
    bias = risk.bias("plugin", law, n)
    assert -math.log1p((law.p.size - 1) / n) * (1 + 1e-13) <= bias <= 0


@given(probabilities, st.integers(1, 1000), st.sampled_from([*NAMES, "jackknife"]), st.randoms())
@settings(deadline=None, derandomize=True, max_examples=100)
def test_order_and_empty_symbols_do_not_matter(weights, n, name, random):
    p = list(np.array(weights) / sum(weights))
    shuffled = [*p, 0.0]
    random.shuffle(shuffled)
    a, b = Finite(p), Finite(shuffled)
    assert risk.mean(name, b, n) == pytest.approx(risk.mean(name, a, n), rel=1e-12, abs=1e-15)
    assert risk.variance(name, b, n) == pytest.approx(
        risk.variance(name, a, n), rel=1e-9, abs=1e-15
    )
    assert risk.variance(name, a, n) >= 0
    gap = risk.mean(name, a, n) - a.entropy()
    assert risk.bias(name, a, n) == pytest.approx(gap, abs=1e-13)


def test_jackknife_of_the_plugin_has_the_jackknifed_bias():
    # E J_n = n E H_n - (n - 1) E H_{n-1}, by definition
    law, n = zipf(12, 1.0), 40
    expected = n * risk.mean("plugin", law, n) - (n - 1) * risk.mean("plugin", law, n - 1)
    assert risk.mean("jackknife", law, n) == close(expected, 1e-13)


def test_estimators_may_be_values_or_names():
    law = zipf(5, 1.0)
    for name, estimator in ENTROPIES.items():
        if estimator.linear:
            assert risk.mse(estimator, law, 20) == risk.mse(name, law, 20)


@pytest.mark.parametrize("function", [risk.mean, risk.bias, risk.variance, risk.mse])
def test_bad_input_is_refused(function):
    law = uniform(3)
    with pytest.raises(TypeError, match="chao_shen is not; simulate"):
        function("chao_shen", law, 10)
    with pytest.raises(TypeError, match="estimator must be an Estimator or its name; got float"):
        function(1.0, law, 10)
    with pytest.raises(ValueError, match="unknown estimator 'plugn'; did you mean plugin"):
        function("plugn", law, 10)
    with pytest.raises(TypeError, match="law must be a Finite law or a Channel; got ndarray"):
        function("plugin", np.full(3, 1 / 3), 10)
    with pytest.raises(TypeError, match="got BinaryGaussian"):
        function("plugin", BinaryGaussian(1.0, 1.0), 10)
    with pytest.raises(ValueError, match="n must be an integer of at least 1; got 0"):
        function("plugin", law, 0)
    with pytest.raises(ValueError, match="at most 1e\\+12"):
        function("plugin", law, 10**13)
    with pytest.raises(ValueError, match="symbol seen 2 times out of 3 is not finite"):
        function(Weights((0.0, 0.1, math.nan, 0.0)), law, 3)
