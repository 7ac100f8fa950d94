"""Contract of every Estimator in ENTROPIES, against 40-digit oracles and laws of nature."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import entropies as oracle

import mitheory as mt
from mitheory.profile import profiles

NAMES = sorted(mt.ENTROPIES)
LINEAR = [name for name in NAMES if mt.ENTROPIES[name].linear]
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


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("counts", SAMPLES, ids=lambda c: f"{len(c)}symbols_n{sum(c)}")
def test_against_the_definition_at_40_digits(name, counts):
    exact = getattr(oracle, name)(counts)
    assert mt.entropy(counts, name) == pytest.approx(float(exact), rel=1e-12, abs=1e-300)


def test_published_values():
    """By hand: ln 3 for three equal counts; Grassberger's G(1) = -gamma - ln 2, G(2) = 2 + G(1)."""
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
@settings(deadline=None, derandomize=True, max_examples=60)
@given(counts=counts_lists, data=st.data())
def test_order_and_unseen_symbols_do_not_matter(name, counts, data):
    value = mt.entropy(counts, name)
    assert math.isfinite(value)
    assert mt.entropy(data.draw(st.permutations(counts)), name) == value
    assert mt.entropy([*counts, 0, 0], name) == value
    assert value == pytest.approx(float(getattr(oracle, name)(counts)), rel=1e-12, abs=1e-15)


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
    looped = [mt.entropy(row, name) for row in rows]
    np.testing.assert_allclose(mt.entropy(rows, name), looped, rtol=1e-14, atol=1e-300)
    stacked = mt.entropy([rows, rows], name)
    assert stacked.shape == (2, len(rows))
    np.testing.assert_allclose(stacked[1], looped, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("name", LINEAR)
def test_linear_estimate_is_its_weights_summed(name):
    estimator = mt.ENTROPIES[name]
    counts = np.array([9, 4, 4, 1, 0])
    direct = sum(float(estimator.weight(c, 18)) for c in counts)
    assert estimator.of_profile(mt.Profile.from_counts(counts)) == pytest.approx(direct, rel=1e-14)
    assert float(estimator.weight(0, 18)) == 0.0
    assert estimator.weight(np.arange(5)[:, None], np.array([7, 9])).shape == (5, 2)


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
        ([2**53, 2**53], ValueError, r"sum to at most 2\*\*53"),
        ([2**70], TypeError, "dtype object"),
        ([], ValueError, "must not be empty"),
        ([0, 0], ValueError, "at least one sample; all are 0"),
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
    with pytest.raises(ValueError, match="known: chao_shen, grassberger"):
        mt.entropy([1, 2], "zzzzzz")
