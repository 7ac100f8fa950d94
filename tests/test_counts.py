"""Counting, merging, marginals and profiles."""

import datetime
import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mitheory as mt

SAMPLES = {
    "dense": [3, 1, 4, 1, 5, 9, 2, 6],
    "negative": [-3, 1, -3, 0],
    "far": [10**15, 10**15 + 3, 10**15],
    "far apart": [-(2**62), 2**62, 0, 0],
    "unsigned": np.array([2**64 - 1, 2**63, 2**64 - 1], dtype=np.uint64),
    "small": np.array([200, 7, 7], dtype=np.uint8),
    "strided": np.arange(20)[::3] % 4,
    "large gaps": np.array([0, 70_000, 70_000, 5]),
    "bool": [True, False, True],
    "float": [0.5, 0.25, 0.5, -0.0, 0.0],
    "text": ["b", "a", "b"],
    "bytes": [b"x", b"y", b"x"],
    "mixed": ["a", 1, 2.5, "a", b"a"],
    "text and numbers": ["1", 1, "1"],
    "dates": np.array(["2020-01-02", "2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
    "objects": [datetime.date(2020, 1, 1), datetime.date(2019, 1, 1), datetime.date(2020, 1, 1)],
    "one": [7],
    "pandas": pd.Series(["u", "v", "u"], name="letter"),
    "pandas category": pd.Series(["u", "v", "u"], dtype="category"),
    "pandas nullable": pd.Series([1, 2, 1], dtype="Int64"),
    "arrow": pa.array([5, 6, 5]),
    "arrow chunks": pa.chunked_array([["p"], ["q", "p"]]),
    "arrow dictionary": pa.array(["p", "q", "p"]).dictionary_encode(),
}


def plain(column):
    """The samples as Python objects."""
    if hasattr(column, "to_pylist"):
        return column.to_pylist()
    return column.tolist() if hasattr(column, "tolist") else list(column)


def cells(counts):
    """The counts as a plain Counter of tuples of symbols."""
    rows = [
        tuple(
            symbols[code].item() if hasattr(symbols[code], "item") else symbols[code]
            for symbols, code in zip(counts.symbols, row, strict=True)
        )
        for row in counts.codes
    ]
    return Counter(dict(zip(rows, counts.counts.tolist(), strict=True)))


@pytest.mark.parametrize("kind", SAMPLES)
def test_one_column_of_any_type(kind):
    counts = mt.count(SAMPLES[kind])
    samples = plain(SAMPLES[kind])
    if kind == "dates":
        samples = [np.datetime64(s, "D").item() for s in samples]
    assert cells(counts) == Counter((s,) for s in samples)
    assert counts.n == len(samples)
    assert np.array_equal(counts.codes[:, 0], np.arange(len(counts.counts)))


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations_with_replacement(SAMPLES, 2)))
def test_two_columns_of_any_types(a, b):
    size = min(len(SAMPLES[a]), len(SAMPLES[b]))
    x, y = SAMPLES[a][:size], SAMPLES[b][:size]
    counts = mt.count(x, y)
    assert cells(counts).total() == size
    assert sorted(counts.counts.tolist()) == sorted(
        Counter(zip(plain(x), plain(y), strict=True)).values()
    )
    order = np.lexsort(counts.codes.T[::-1])
    assert np.array_equal(order, np.arange(len(order)))
    for k in range(2):
        assert set(counts.codes[:, k]) == set(range(len(counts.symbols[k])))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    rows=st.lists(
        st.tuples(st.integers(-3, 3), st.sampled_from("abc"), st.integers(0, 10**6)), min_size=2
    ),
    cut=st.integers(1, 100),
)
def test_merged_parts_equal_the_whole(rows, cut):
    cut = min(cut, len(rows) - 1)

    def counted(part):
        return mt.count(*(list(column) for column in zip(*part, strict=True)))

    whole = counted(rows)
    assert counted(rows[:cut]).merge(counted(rows[cut:])) == whole
    assert cells(whole) == Counter(rows)
    assert cells(whole.marginal(1)) == Counter((r[1],) for r in rows)
    assert cells(whole.marginal(-1, 0)) == Counter((r[2], r[0]) for r in rows)


def test_merging_keeps_missing_symbols_and_wider_text():
    a = mt.count(["aa", None], missing="symbol")
    b = mt.count(["bbbb", "aa"])
    assert a.merge(b) == mt.count(["aa", None, "bbbb", "aa"], missing="symbol")
    assert b.merge(a).symbols[0].tolist() == ["aa", "bbbb", None]
    wide = mt.count(np.array(["a"])).merge(mt.count(np.array(["abc"])))
    assert wide == mt.count(np.array(["a", "abc"]))


def test_many_columns_outgrow_one_integer_index():
    """Eight columns of 2**16 symbols: 2**128 combinations."""
    rng = np.random.default_rng(5)
    x = rng.integers(0, 2**16, size=(300, 8))
    x[150:] = x[:150]
    counts = mt.count(x)
    assert cells(counts) == Counter(map(tuple, x.tolist()))
    assert set(counts.counts) == {2}


def test_large_joint_alphabet_is_sorted_not_tallied():
    rng = np.random.default_rng(6)
    x, y = rng.integers(0, 50_000, 20_000), rng.integers(0, 50_000, 20_000)
    assert cells(mt.count(x, y)) == Counter(zip(x.tolist(), y.tolist(), strict=True))


def test_data_frames_and_matrices_are_their_columns():
    frame = pd.DataFrame({"a": [1, 1, 2], "b": ["u", "v", "u"]})
    counts = mt.count(frame, pd.Series([0, 1, 1], name="label"))
    assert counts.names == ("a", "b", "label")
    assert cells(counts) == Counter([(1, "u", 0), (1, "v", 1), (2, "u", 1)])
    assert mt.count(np.zeros((3, 2), int)).names == ("column 0", "column 1")
    assert mt.count(pd.Series([1], name="x"), pd.Series([1], name="x")).names == ("x [0]", "x [1]")


@pytest.mark.parametrize(
    "column",
    [
        [1.0, np.nan, np.nan],
        ["a", None, None],
        np.array(["2020-01-01", "NaT", "NaT"], dtype="datetime64[D]"),
        pd.Series([1, pd.NA, pd.NA], dtype="Int64"),
        pd.Series(["x", None, np.nan]),
        pa.array([1, None, None]),
        np.ma.array([1, 2, 3], mask=[False, True, True]),
        [1, float("nan"), None],
    ],
    ids=["float", "list", "datetime", "pandas nullable", "pandas text", "arrow", "masked", "mixed"],
)
def test_missing_values_are_refused_by_name_or_are_a_symbol(column):
    with pytest.raises(
        ValueError, match=r"column 0 must not have missing values; got 2, the first .* at index 1"
    ):
        mt.count(column)
    counts = mt.count(column, missing="symbol")
    assert counts.counts.tolist() == [1, 2]
    assert counts.symbols[0][-1] is None
    both = mt.count(column, [0, 0, 1], missing="symbol")
    assert both.counts.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ((), ValueError, "at least one column"),
        (([],), ValueError, "column 0 must hold at least one sample; it is empty"),
        (([1, 2], [1]), ValueError, "same length; got column 0: 2, column 1: 1"),
        (([[1, 2], [3]],), ValueError, "rectangular"),
        ((5,), TypeError, "must be a sequence of samples; got int"),
        (("text",), TypeError, "must be a sequence of samples; got str"),
        ((np.array(5),), ValueError, "shape"),
        ((np.zeros((2, 2, 2)),), ValueError, r"shape \(n,\) or \(n, d\)"),
        (([{1}, {2}],), TypeError, "hashable"),
    ],
)
def test_bad_columns_are_refused(columns, error, message):
    with pytest.raises(error, match=message):
        mt.count(*columns)


def test_bad_use_is_refused():
    counts = mt.count([1, 2], ["a", "b"])
    with pytest.raises(ValueError, match="missing"):
        mt.count([1], missing="drop")
    with pytest.raises(ValueError, match="unknown column 'colum 1'; did you mean column 1"):
        counts.marginal("colum 1")
    with pytest.raises(ValueError, match=r"-2\.\.1; got 2"):
        counts.marginal(2)
    with pytest.raises(ValueError, match="at least one column"):
        counts.marginal()
    with pytest.raises(TypeError, match="got list"):
        counts.merge([1])
    with pytest.raises(ValueError, match="columns must be the same"):
        counts.merge(mt.count([1]))
    with pytest.raises(ValueError, match="two dimensions"):
        mt.Counts.from_table([1, 2])
    with pytest.raises(ValueError, match="at least one sample"):
        mt.Counts.from_table([[0, 0]])
    half = mt.Counts.from_table([[2**52]])
    with pytest.raises(ValueError, match=r"at most 2\*\*53"):
        half.merge(half).merge(half)


def test_counts_are_immutable():
    counts = mt.count([1, 2])
    with pytest.raises(ValueError, match="read-only"):
        counts.counts[0] = 5
    with pytest.raises(AttributeError):
        counts.names = ()
    with pytest.raises(TypeError):
        hash(counts)
    assert counts != "counts"


def test_table_and_from_table_are_inverse():
    table = np.array([[3, 0, 2], [0, 0, 0], [1, 0, 4]])
    counts = mt.Counts.from_table(table)
    assert counts.table().tolist() == [[3, 2], [1, 4]]
    assert counts.symbols[1].tolist() == [0, 2]
    three = mt.count([0, 0, 1, 1], ["u", "v", "u", "u"], [0, 1, 1, 1])
    assert three.table().tolist() == [[1, 0], [0, 1], [0, 2]]


def test_titanic_counts():
    """The marginal counts printed by Dawson (1995): 2201 aboard, 711 survived."""
    import csv

    with open("validation/data/titanic.csv") as file:
        header, *rows = list(csv.reader(file))
    counts = mt.count(*(list(c) for c in zip(*rows, strict=True)))
    assert header == ["class", "sex", "age", "survived"]
    assert counts.n == 2201
    assert counts.marginal(-1).counts.tolist() == [1490, 711]
    assert len(counts.features().counts) == 14
    assert mt.entropy(counts.marginal(-1)) == pytest.approx(0.629136, abs=5e-7)
    assert mt.conditional_entropy(counts) == pytest.approx(0.476487, abs=5e-7)
    assert mt.mutual_information(counts) == pytest.approx(0.152649, abs=5e-7)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    counts=st.lists(st.one_of(st.integers(0, 5), st.integers(0, 10**12)), min_size=1).filter(any)
)
def test_profile_counts_the_counts(counts):
    profile = mt.Profile.from_counts(counts)
    assert dict(zip(profile.j.tolist(), profile.phi.tolist(), strict=True)) == Counter(
        c for c in counts if c
    )
    assert profile.n == sum(counts)
    assert profile.observed == sum(c > 0 for c in counts)
    assert profile.times(3) == counts.count(3)


def test_profile_of_a_batch():
    profile = mt.Profile.from_counts([[[1, 1, 2]], [[0, 0, 3]]])
    assert profile.j.tolist() == [1, 2, 3]
    assert profile.phi.tolist() == [[[2, 1, 0]], [[0, 0, 1]]]
    assert profile.n.tolist() == [[4], [3]]
    assert "batch=(2, 1)" in repr(profile)
    assert "observed=3" in repr(mt.Profile.from_counts([1, 1, 2]))


def test_a_profile_by_hand():
    profile = mt.Profile([1, 4], [1, 2])
    assert profile.n == 9
    assert mt.entropy(profile) == mt.entropy([1, 4, 4])
    j, phi = np.array([1, 2**52]), np.array([[1, 1], [0, 2]])
    assert mt.Profile(j, phi).n.tolist() == [2**52 + 1, 2**53]
    assert phi.flags.writeable


@pytest.mark.parametrize(
    ("j", "phi", "error", "message"),
    [
        (
            [2, 1],
            [1, 1],
            ValueError,
            r"j must be counts of 1 or more in ascending order; got \[2 1",
        ),
        ([1, 1], [1, 1], ValueError, "ascending"),
        ([0, 1], [1, 1], ValueError, "1 or more"),
        ([[1, 2]], [1, 1], ValueError, "ascending"),
        ([-1, 2], [1, 1], ValueError, r"j must be non-negative integers; got -1 at index \(0,"),
        ([1.5], [1], ValueError, r"j must be non-negative integers; got 1\.5"),
        ([1, 2], [1, -1], ValueError, "phi must be non-negative integers; got -1 at index 1"),
        ([1, 2], [1, 1, 1], ValueError, r"phi must have 2 columns, one for each j; got \(3,\)"),
        ([1], 1, ValueError, "one for each j"),
        ([1, 2], [[1, 1], [0, 0]], ValueError, "from 1 to .* samples in each row; got from 0 to 3"),
        ([1, 2**53], [[1, 3]], ValueError, r"to 2\*\*53 samples"),
        (["a"], [1], TypeError, "j must be"),
        ([], [], ValueError, "j must not be empty"),
    ],
)
def test_what_is_no_profile_is_refused(j, phi, error, message):
    with pytest.raises(error, match=message):
        mt.Profile(j, phi)


def test_more_columns_than_an_array_may_have_axes():
    assert mt.count(np.tile([[0, 1], [1, 1]], (3, 50))).counts.tolist() == [3, 3]
    assert mt.count(np.full((4, 100), 7)).counts.tolist() == [4]


@pytest.mark.parametrize(
    "samples",
    [[2**64 - 1, 2**64 - 2, -1], [2**53 + 1, 0.5, 2**53], [np.uint64(2**64 - 1), np.int64(-1)]],
)
def test_huge_integers_in_mixed_lists_stay_apart(samples):
    counts = mt.count(samples)
    assert counts.symbols[0].tolist() == sorted(samples)
    assert mt.count([[s, 0] for s in samples]).counts.tolist() == [1] * len(samples)


def test_merging_keeps_huge_integers_apart():
    merged = mt.count(np.array([-1])).merge(mt.count(np.array([2**64 - 1, 2**64 - 2], np.uint64)))
    assert merged.symbols[0].tolist() == [-1, 2**64 - 2, 2**64 - 1]
    merged = mt.count(np.array([2**53 + 1, 2**53])).merge(mt.count(np.array([0.5])))
    assert merged.symbols[0].tolist() == [0.5, 2**53, 2**53 + 1]


def test_pandas_integers_with_missing_ones_stay_integers():
    pd = pytest.importorskip("pandas")
    huge = pd.array([2**53 + 1, 2**53, None], dtype="Int64")
    counts = mt.count(pd.Series(huge), missing="symbol")
    assert counts.symbols[0].tolist() == [2**53, 2**53 + 1, None]
    with pytest.raises(ValueError, match="column 0 must not have missing values"):
        mt.count(pd.Series(huge))
    frame = pd.DataFrame({"a": huge, "b": [0.5, 1.5, 1.5]})
    counts = mt.count(frame, missing="symbol")
    assert counts.names == ("a", "b")
    assert counts.symbols[0].tolist() == [2**53, 2**53 + 1, None]
    assert counts.symbols[1].tolist() == [0.5, 1.5]
    assert mt.count(pd.DataFrame([[1, 2]], columns=["a", "a"])).names == ("a [0]", "a [1]")
    with pytest.raises(ValueError, match="column 0 is a data frame without columns"):
        mt.count(pd.DataFrame())


def test_polars_integers_with_missing_ones_stay_integers():
    pl = pytest.importorskip("polars")
    huge = pl.Series("a", [2**53 + 1, 2**53, None])
    for column in (huge, pl.DataFrame(huge), huge.cast(pl.Int128)):
        counts = mt.count(column, missing="symbol")
        assert counts.symbols[0].tolist() == [2**53, 2**53 + 1, None]
    assert mt.count_table(pl.DataFrame(huge), missing="symbol").n == 3
    pairs = pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2))
    with pytest.raises(TypeError, match="column 0 must hold single values to be counted; its typ"):
        mt.count(pairs)


def test_an_arrow_table_is_its_columns():
    pa = pytest.importorskip("pyarrow")
    counts = mt.count(
        pa.table({"u": [2**53 + 1, 2**53, None], "v": ["a", "b", "b"]}), missing="symbol"
    )
    assert counts.names == ("u", "v")
    assert counts.symbols[0].tolist() == [2**53, 2**53 + 1, None]
    assert counts.symbols[1].tolist() == ["a", "b"]


def test_a_table_of_counts_may_be_a_data_frame():
    pd = pytest.importorskip("pandas")
    crossed = pd.crosstab(np.array([1, 2, 2]), np.array([0, 0, 1]))
    assert mt.Counts.from_table(crossed).table().tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize("samples", [{1, 2}, frozenset({1}), {1: 2}])
def test_what_has_no_order_or_no_repeats_is_no_sample(samples):
    with pytest.raises(TypeError, match=f"must be a sequence .* got {type(samples).__name__}"):
        mt.count(samples)


@pytest.mark.parametrize("scale", [1, 10**5, 10**11])
def test_profiles_of_counts_of_any_size(scale):
    """Small counts are tallied, counts close to each other by their range, others sorted."""
    rng = np.random.default_rng(11)
    rows = rng.integers(0, 9, (4, 3, 50)) + scale * rng.integers(0, 2, (4, 3, 50))
    rows[0, 0, :3] = 0, 1, 7 * scale
    rows[1] += scale  # no zeros
    for counts in (rows, rows[0, 0], rows[1:2]):
        profile = mt.Profile.from_counts(counts)
        assert profile.phi.flags.c_contiguous
        assert np.all(profile.phi.any(axis=tuple(range(counts.ndim - 1))))
        for where in np.ndindex(counts.shape[:-1]):
            expected = Counter(counts[where][counts[where] > 0].tolist())
            got = dict(zip(profile.j.tolist(), profile.phi[where].tolist(), strict=True))
            assert {j: f for j, f in got.items() if f} == expected
            assert profile.n[where] == counts[where].sum()
            assert profile.occupancy.singletons[where] == (counts[where] == 1).sum()


@pytest.mark.parametrize(
    "far", [[10**12, 10**6], [-5, 10**9, -(10**15)], [2**62, -(2**62), 70_000]]
)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.6])
def test_values_far_from_the_others_are_counted_too(far, share):
    """A few are set aside, many are sorted; the order is that of the values in either case."""
    rng = np.random.default_rng(21)
    near = rng.integers(0, 300, 5000)
    x = np.where(rng.random(5000) < share, rng.choice(far, 5000), near)
    counts = mt.count(x)
    expected = sorted(Counter(x.tolist()).items())
    assert counts.symbols[0].tolist() == [value for value, _ in expected]
    assert counts.counts.tolist() == [times for _, times in expected]


@pytest.mark.parametrize("dtype", [">i2", ">i8", ">u4", "<i8"])
@pytest.mark.parametrize("most", [300, 30_000])
def test_integers_in_any_byte_order(dtype, most):
    """As files of measurements hold them, whatever the machine."""
    x = np.random.default_rng(3).integers(0, most, 4000)
    swapped, native = mt.count(x.astype(dtype)), mt.count(x)
    assert swapped.symbols[0].tolist() == native.symbols[0].tolist()
    assert swapped.counts.tolist() == native.counts.tolist()
    assert swapped.symbols[0].dtype == dtype
    y = x % 3
    np.testing.assert_array_equal(mt.count(x.astype(dtype), y).counts, mt.count(x, y).counts)
    few = np.stack([x % 7, y], axis=1)
    np.testing.assert_array_equal(
        mt.pairwise_information(few.astype(dtype)), mt.pairwise_information(few)
    )


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint64])
def test_integers_too_far_apart_for_a_table(dtype):
    rng = np.random.default_rng(8)
    for few in (5, 5000, 10**6):
        x = rng.choice(rng.integers(0, 2**31 - 1, few), 20_000).astype(dtype)
        symbols, times = np.unique(x, return_counts=True)
        counts = mt.count(x)
        np.testing.assert_array_equal(counts.symbols[0], symbols)
        np.testing.assert_array_equal(counts.counts, times)
        assert counts.symbols[0].dtype == dtype
