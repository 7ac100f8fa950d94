"""The information between all pairs of columns, and its p-values."""

import itertools
import math
from collections import Counter

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaincc

import mitheory as mt
from mitheory.columns import Columns
from mitheory.entropies import RegimeWarning

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

FAST = [name for name, method in mt.ENTROPIES.items() if method.linear]
FREE = [name for name in FAST if not mt.ENTROPIES[name].needs_alphabet]


def one_by_one(columns, **options):
    """Every entry from the pair by itself."""
    d = len(columns)
    matrix = np.empty((d, d))
    for i, j in itertools.product(range(d), repeat=2):
        if i == j:
            size = options.get("alphabet")
            matrix[i, i] = mt.entropy(
                mt.count(columns[i]), options["method"], alphabet=size and size[i]
            )
        else:
            sizes = options.get("alphabet")
            pair = {**options, "alphabet": sizes and (sizes[i], sizes[j])}
            matrix[i, j] = mt.mutual_information(columns[i], columns[j], **pair)
    return matrix


def mixed_columns(n, rng):
    """Dependent columns of 1 to 300 symbols: with gaps, negative, far apart, floats, text."""
    base = rng.integers(0, 12, n)
    return [
        base,
        base // 4,
        np.zeros(n, dtype=int),
        rng.integers(0, 2, n).astype(bool),
        base * 10**15 - 7,
        rng.integers(0, 300, n),
        [f"s{b % 3}" for b in base],
        (base + rng.integers(0, 3, n)).astype(np.uint8),
        rng.normal(size=n).round(),
        np.where(base < 6, 2**64 - 1, 2**63).astype(np.uint64),
    ]


@pytest.mark.parametrize("n", [1, 2, 7, 400, 3000])
def test_plugin_is_the_definition(n):
    columns = [np.asarray(c).tolist() for c in mixed_columns(n, np.random.default_rng(n))]
    got = mt.pairwise_information(columns)
    for (i, x), (j, y) in itertools.product(enumerate(columns), repeat=2):
        both, left, right = Counter(zip(x, y, strict=True)), Counter(x), Counter(y)
        expected = sum(c / n * math.log(c * n / left[a] / right[b]) for (a, b), c in both.items())
        assert got[i, j] == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("method", [*FREE, "chao_shen", "chao_wang_jost"])
def test_every_pair_is_its_own_mutual_information(method):
    columns = mixed_columns(500, np.random.default_rng(1))
    got = mt.pairwise_information(columns, method)
    np.testing.assert_allclose(got, one_by_one(columns, method=method), rtol=1e-12, atol=1e-12)
    assert np.array_equal(got, got.T)


@pytest.mark.parametrize("method", ["dirichlet_jeffreys", "dirichlet_minimax", "james_stein"])
def test_the_alphabet_of_a_pair_is_the_product(method):
    rng = np.random.default_rng(2)
    columns = [rng.integers(0, k, 200) for k in (2, 3, 5, 5, 9)]
    sizes = [2, 4, 5, 6, 9]
    got = mt.pairwise_information(columns, method, alphabet=sizes)
    expected = one_by_one(columns, method=method, alphabet=sizes)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
    assert np.array_equal(
        mt.pairwise_information(columns, method, alphabet=9),
        mt.pairwise_information(columns, method, alphabet=[9] * 5),
    )


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    widths=st.lists(st.integers(1, 40), min_size=1, max_size=9),
    n=st.integers(1, 700),
    seed=st.integers(0, 99),
)
def test_packing_counts_every_pair(widths, n, seed):
    rng = np.random.default_rng(seed)
    matrix = np.stack([rng.integers(0, k, n) for k in widths], axis=1)
    data = Columns.of(matrix)
    met = set()
    for x, y, counts in data.joints(1):
        for i, j, row in zip(x.tolist(), y.tolist(), counts, strict=True):
            a, b = matrix[:, data.place[i]], matrix[:, data.place[j]]
            assert sorted(row[row > 0]) == sorted(mt.count(a, b).counts)
            met.add((i, j))
    assert met == set(itertools.combinations(range(len(widths)), 2))


def test_more_rows_than_a_small_counter_holds():
    rng = np.random.default_rng(3)
    x = (rng.random((300_001, 3)) < 0.001).astype(np.int64)
    np.testing.assert_allclose(
        mt.pairwise_information(x), one_by_one(list(x.T), method="plugin"), atol=1e-14
    )


def test_tables_larger_than_the_samples_are_sorted():
    rng = np.random.default_rng(4)
    wide = rng.integers(0, 700, (3000, 3))
    columns = [*wide.T, wide[:, 0] % 2, wide[:, 0] % 3]
    got = mt.pairwise_information(columns)
    np.testing.assert_allclose(got, one_by_one(columns, method="plugin"), atol=1e-13)


def test_frames_matrices_and_lists_agree_for_any_workers():
    x = np.random.default_rng(5).integers(-3, 4, (200, 30)).astype(np.int16)
    expected = mt.pairwise_information(x, workers=1)
    assert np.array_equal(mt.pairwise_information(x, workers=3), expected)
    assert np.array_equal(mt.pairwise_information(list(x.T)), expected)
    assert np.array_equal(mt.pairwise_information(pd.DataFrame(x)), expected)
    assert np.array_equal(mt.pairwise_information(np.asfortranarray(x)), expected)
    assert np.array_equal(mt.pairwise_information(x + 0.5), expected)
    assert np.array_equal(mt.pairwise_information(x > 0), mt.pairwise_information((x > 0) * 1))


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_inside_joblib_workers(backend):
    x = np.random.default_rng(6).integers(0, 4, (300, 12))
    expected = mt.pairwise_information(x)
    calls = [joblib.delayed(mt.pairwise_information)(x, workers=2) for _ in range(4)]
    for got in joblib.Parallel(n_jobs=2, backend=backend)(calls):
        assert np.array_equal(got, expected)


def test_one_warning_says_how_many_pairs():
    x = np.random.default_rng(7).integers(0, 30, (60, 4))
    with pytest.warns(RegimeWarning, match="in 6 of 10 samples") as caught:
        mt.pairwise_information(x)
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_chi_square_values():
    """The G-test by its formula; the tail of an even number of degrees is a Poisson sum."""
    rng = np.random.default_rng(8)
    x = rng.integers(0, 3, 90)
    y = np.where(rng.random(90) < 0.3, x, rng.integers(0, 3, 90))
    constant = np.zeros(90, dtype=int)
    information, p = mt.pairwise_information([x, y, constant], "zhang", pvalues="chi2")
    assert np.array_equal(information, mt.pairwise_information([x, y, constant], "zhang"))
    half = 90 * mt.mutual_information(x, y)
    assert p[0, 1] == p[1, 0] == pytest.approx(math.exp(-half) * (1 + half), rel=1e-10)
    assert p[0, 1] == pytest.approx(gammaincc(2, half), rel=1e-10)
    assert p[0, 2] == p[2, 1] == 1
    assert p.diagonal().tolist() == [1, 1, 1]


def test_permutation_values_are_those_of_every_permutation():
    """Against all 7! orders; the Monte Carlo error of 4000 draws is below 5 standard errors."""
    x, y = [0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 0]
    observed = mt.mutual_information(x, y)
    orders = list(itertools.permutations(y))
    exact = np.mean([mt.mutual_information(x, o) >= observed - 1e-12 for o in orders])
    rng = np.random.default_rng(9)
    _, p = mt.pairwise_information([x, y], pvalues="permutation", rng=rng, permutations=4000)
    assert abs(p[0, 1] - exact) < 5 * math.sqrt(exact * (1 - exact) / 4000)
    assert p.diagonal().tolist() == [1, 1]


def test_ties_count_and_the_least_value_is_reached():
    rng = np.random.default_rng(10)
    x = np.arange(40) % 4
    _, p = mt.pairwise_information(
        [x, x, np.zeros(40, dtype=int)], "grassberger", pvalues="permutation", rng=rng,
        permutations=19,
    )  # fmt: skip
    assert p[0, 1] == 1 / 20
    assert p[0, 2] == 1
    again = mt.pairwise_information(
        [x, x % 3], pvalues="permutation", rng=np.random.default_rng(0), permutations=9
    )
    same = mt.pairwise_information(
        [x, x % 3], pvalues="permutation", rng=np.random.default_rng(0), permutations=9, workers=1
    )
    assert np.array_equal(again, same)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ([[[0, 1], [0]]], {}, ValueError, "same length"),
        ([[]], {}, ValueError, "at least one column"),
        ([np.zeros((0, 2), int)], {}, ValueError, "at least one sample"),
        ([[[0, None], [0, 1]]], {}, ValueError, "missing values"),
        ([np.array([[0.0, np.nan]])], {}, ValueError, "missing values"),
        ([3], {}, TypeError, "sequence of samples"),
        ([[[0, 1]], "plug"], {}, ValueError, "unknown method 'plug'"),
        ([[[0, 1]], "nsb"], {}, ValueError, "needs the alphabet size"),
        ([[[0, 1], [0, 1]]], {"alphabet": [2]}, ValueError, "one for each of 2 columns; got 1"),
        ([[[0, 1], [0, 2]]], {"alphabet": 1}, ValueError, "at least the number of symbols"),
        ([[[0, 1]]], {"pvalues": "chi"}, ValueError, "unknown pvalues 'chi'"),
        ([[[0, 1]]], {"pvalues": "permutation"}, TypeError, "rng must be a numpy"),
        ([[[0, 1]]], {"permutations": 0}, ValueError, "permutations must be"),
        ([[[0, 1]]], {"workers": 0}, ValueError, "workers must be"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments, options, error, message):
    with pytest.raises(error, match=message):
        mt.pairwise_information(*arguments, **options)
