"""Paired comparisons: the t-interval and Holm's correction."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitheory.study.paired import difference, holm


@pytest.mark.parametrize("n", [2, 3, 20])
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_a_difference_is_that_of_the_paired_t_test(n, level):
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(2, n))
    found = difference(a, b, level=level)
    known = stats.ttest_rel(a, b)
    interval = known.confidence_interval(level)
    assert found.p == pytest.approx(known.pvalue, rel=1e-10)
    assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high), rel=1e-10)
    assert (found.mean, found.n) == (pytest.approx((a - b).mean()), n)


def test_a_difference_from_one_number_and_one_without_noise():
    assert difference([1.0, 2.0, 4.0], 2.0).mean == pytest.approx(1 / 3)
    alike = difference([1.0, 1.0], [1.0, 1.0])
    assert (alike.mean, alike.half_width, alike.p) == (0.0, 0.0, 1.0)
    shifted = difference([1.5, 2.5], [1.0, 2.0])
    assert (shifted.mean, shifted.half_width, shifted.p) == (0.5, 0.0, 0.0)


@pytest.mark.parametrize(
    ("a", "b", "options", "words"),
    [
        ([1.0], [1.0], {}, r"at least two; got shapes \(1,\) and \(1,\)"),
        ([1.0, 2.0], [1.0, 2.0, 3.0], {}, r"got shapes \(2,\) and \(3,\)"),
        ([[1.0, 2.0]], 0.0, {}, "need pairs"),
        ([1.0, np.nan], 0.0, {}, "must be finite"),
        ([1.0, 2.0], 0.0, {"level": 1.0}, "level must be .* got 1.0"),
    ],
)
def test_what_cannot_be_compared_is_refused(a, b, options, words):
    with pytest.raises(ValueError, match=words):
        difference(a, b, **options)


def closed_test(p):
    """Holm's adjusted p-values as a closed test: the largest Bonferroni p-value of all sets."""
    sets = [s for k in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), k)]
    bonferroni = {s: min(1.0, len(s) * min(p[i] for i in s)) for s in sets}
    return [max(value for s, value in bonferroni.items() if i in s) for i in range(len(p))]


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holms_correction_is_the_closed_bonferroni_test(p):
    assert holm(p) == pytest.approx(closed_test(p), rel=1e-12, abs=1e-300)


def test_holms_correction_at_its_corners():
    assert holm([]) == []
    assert holm([0.2]) == [0.2]
    assert holm([0.5, 0.01, 0.5]) == [1.0, 0.03, 1.0]
    with pytest.raises(ValueError, match=r"p must be .* got 1.5"):
        holm([1.5])
