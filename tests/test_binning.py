"""Binning: edges against exhaustive search, codes against plain loops and two SQL engines."""

import math
import pickle
import sqlite3
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mitheory as mt
from mitheory import binning
from mitheory.binning import Arrays, Bins, Cells, Query, Rule, Split, fit, parse_bins, plan

HARD = [
    0.0, -0.0, 5e-324, -5e-324, 2.2e-308, 0.1, 0.2, 0.1 + 0.2, 0.3, 1 / 3, 1e15 + 0.3, 2.0**53,
    1.7976931348623157e308, -1.7976931348623157e308, 4.35, 9007199254740993.0, 1e22, 1e23,
    math.inf, -math.inf,
]  # fmt: skip
NAME = 'a "b" ?; DROP TABLE t; --%s'
floats = st.floats(allow_nan=False)
tied = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=30)


def sqlite(rows):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x0 DOUBLE PRECISION, x1 DOUBLE PRECISION)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return lambda text, parameters: connection.execute(text, parameters).fetchall()


def duck(rows):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (x0 DOUBLE, x1 DOUBLE)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return lambda text, parameters: connection.execute(text, parameters).fetchall()


ENGINES = {"sqlite": sqlite, "duckdb": duck}


def codes_in_sql(run, binned, columns, literal=None):
    parameters = []

    def note(number):
        parameters.append(number)
        return "?"

    text = f"SELECT {binned.sql(columns, literal or note)} FROM t"
    return [code for (code,) in run(text, parameters)]


def code_by_hand(edges, value):
    """[a, b), the last closed; -1 below, and the number of bins above."""
    bins = len(edges) - 1
    if value < edges[0]:
        return -1
    for k in range(bins - 1):
        if value < edges[k + 1]:
            return k
    return bins - 1 if value <= edges[-1] else bins


def cell_by_hand(node, row, first=0):
    """The cell of a row, and how many cells there are."""
    if node is None:
        return first, first + 1
    below, middle = cell_by_hand(node.below, row, first)
    above, end = cell_by_hand(node.above, row, middle)
    return (below if row[node.column] < node.at else above), end


# --- edges ---------------------------------------------------------------------------------------


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.integers(1, 12))
def test_equal_widths_are_the_doubles_nearest_to_the_exact_edges(values, number):
    found = fit(("x",), Rule("width", number), Arrays([np.array(values)]))
    least, most = min(values), max(values)
    exact = [
        float(Fraction(least) + (Fraction(most) - Fraction(least)) * k / number)
        for k in range(number + 1)
    ]
    inner = sorted({edge for edge in exact if least < edge < most})
    assert found.edges == (least, *inner, most)
    assert (found.asked is None) == (len(inner) == number - 1)
    assert sorted(set(found.codes(np.array(values)))) == sorted(
        {code_by_hand(found.edges, value) for value in values}
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(tied | st.lists(floats, min_size=1, max_size=30), st.integers(1, 8))
def test_equal_frequency_cuts_where_the_counts_come_nearest(values, number):
    n, found = len(values), fit(("x",), Rule("frequency", number), Arrays([np.array(values)]))
    distinct = sorted(set(values))
    cuts = {
        min(distinct[1:], key=lambda cut: (abs(sum(v < cut for v in values) * number - k * n), cut))
        for k in range(1, number)
        if distinct[1:]
    }
    assert found.edges[1:-1] == tuple(sorted(cuts))
    assert (found.edges[0], found.edges[-1]) == (distinct[0], distinct[-1])
    counts = np.bincount(found.codes(np.array(values)))
    assert counts.size == len(found.edges) - 1
    assert (counts > 0).all()
    if len(distinct) == n and number <= n:
        assert counts.size == number
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([0, 0, 0, 0, 1, 2, 3], (0, 1, 3)),  # repeated at the low end: above them
        ([1, 2, 3, 9, 9, 9, 9], (1, 9, 9)),  # at the high end: below them
        ([1, 2, 2, 3], (1, 2, 3)),  # as near on both sides: below
        ([5, 5, 5], (5, 5)),
        ([math.inf, -math.inf, 0, 1], (-math.inf, 1, math.inf)),
    ],
)
def test_halves_of_repeated_values(values, edges):
    assert fit(("x",), Rule("frequency", 2), Arrays([np.array(values, float)])).edges == edges


def test_equal_frequency_does_not_see_the_scale():
    x = np.random.default_rng(3).normal(size=500)
    codes = [mt.count(z, x > 0, bins={0: "frequency:7"}).counts for z in (x, np.exp(x), 3 * x - 1)]
    assert np.array_equal(codes[0], codes[1])
    assert np.array_equal(codes[0], codes[2])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5)), min_size=1, max_size=40),
    st.integers(1, 9),
)
def test_cells_part_the_rows_and_share_them_out(rows, number):
    x, y = np.array(rows, dtype=float).T
    found = fit(("x", "y"), Rule("cells", number), Arrays([x, y]))
    codes = found.codes(x, y)
    assert codes.tolist() == [cell_by_hand(found.root, row)[0] for row in rows]
    assert set(codes) == set(range(len(found.labels)))  # none is empty
    assert len(found.labels) <= number
    assert (found.asked is None) == (len(found.labels) == number)


@pytest.mark.parametrize("number", [1, 2, 3, 7, 8, 100])
def test_cells_of_distinct_values_hold_equally_many(number):
    values = list(np.random.default_rng(number).normal(size=(3, 1000)))
    found = fit(("x", "y", "z"), Rule("cells", number), Arrays(values))
    counts = np.bincount(found.codes(*values))
    assert counts.size == number
    assert counts.max() - counts.min() <= math.log2(max(number, 2)) + 1


def test_cells_in_words():
    x, y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8]), np.array([1.0, 1, 2, 2, 1, 1, 2, 2])
    found = fit(("x", "y"), Rule("cells", 4), Arrays([x, y]))
    assert found.root == Split(0, 5.0, Split(1, 2.0, None, None), Split(1, 2.0, None, None))
    assert found.labels == (
        "x in [-inf, 5) and y in [-inf, 2)",
        "x in [-inf, 5) and y in [2, inf]",
        "x in [5, inf] and y in [-inf, 2)",
        "x in [5, inf] and y in [2, inf]",
    )
    assert str(found) == "x, y: 4 cells of equal frequency, split x at 5; y at 2"
    assert found.codes(x, y).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    constant = fit(("x", "y"), Rule("cells", 4), Arrays([np.ones(3), np.ones(3)]))
    assert str(constant) == "x, y: 1 cell of equal frequency (4 asked, but values repeat)"
    assert constant.labels == ("all",)


def test_cells_go_where_repeated_values_leave_the_rows():
    x, y = np.array([0.0] * 6 + [1, 2, 3, 4]), np.arange(10.0)
    found = fit(("x", "y"), Rule("cells", 5), Arrays([x, y]))
    assert np.bincount(found.codes(x, y)).tolist() == [2, 2, 2, 2, 2]
    assert str(fit(("x", "y"), Rule("cells", 2), Arrays([np.array([-1, -0.0]), y[:2]]))) == (
        "x, y: 2 cells of equal frequency, split x at 0"
    )


def test_a_column_that_does_not_vary_is_not_split():
    found = fit(("x", "y"), Rule("cells", 4), Arrays([np.zeros(4), np.arange(4.0)]))
    assert np.bincount(found.codes(np.zeros(4), np.arange(4.0))).tolist() == [1, 1, 1, 1]
    assert str(found) == "x, y: 4 cells of equal frequency, split y at 1, 2, 3"


@pytest.mark.parametrize(
    ("binned", "words"),
    [
        (Bins("age", (0, 18, 65)), "age: 2 bins with given edges 0, 18, 65"),
        (Bins("age", (0, 1), "width", 5), "age: 1 bin of equal width (5 asked, but values repeat), "
         "edges 0, 1"),
        (Bins("x", (0.1, 0.1000000001, 2)), "x: 2 bins with given edges 0.1, 0.1000000001, 2.0"),
        (Bins("x", tuple(range(101)), "width"), "x: 100 bins of equal width, edges "
         "0, 1, 2, 3, 4, 5, ..., 98, 99, 100"),
        (Cells(("a", "b"), Split(1, 0.5, None, None)), "a, b: 2 cells as given, split b at 0.5"),
    ],
)  # fmt: skip
def test_a_binning_says_what_it_is_in_a_line(binned, words):
    assert str(binned) == words


def test_labels_are_intervals():
    assert Bins("x", (-math.inf, 0, 2.5, 2.5)).labels == ("[-inf, 0)", "[0, 2.5)", "[2.5, 2.5]")


# --- codes, in memory and in SQL -----------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_hard_values_get_one_bin_everywhere(engine):
    run = ENGINES[engine]([(value, 0.0) for value in HARD] + [(None, 0.0), (math.nan, 0.0)])
    finite = sorted(set(filter(math.isfinite, HARD)))
    for edges in [finite, [-math.inf, *finite, math.inf], finite[3:-3], [0.1, 0.3, 0.3], [-0.0, 1]]:
        binned = Bins("x", tuple(edges))
        expected = [code_by_hand(edges, value) for value in HARD]
        assert codes_in_sql(run, binned, ["x0"]) == [*expected, None, None]
        within = [value for value in HARD if edges[0] <= value <= edges[-1]]
        assert binned.codes(np.array(within)).tolist() == [code_by_hand(edges, v) for v in within]
        if engine == "duckdb":
            text = codes_in_sql(run, binned, ["x0"], lambda v: f"CAST('{v!r}' AS DOUBLE PRECISION)")
            assert text == [*expected, None, None]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(floats, min_size=2, max_size=9, unique=True),
    st.lists(floats | st.none(), min_size=1, max_size=9),
)
def test_sql_and_numpy_bin_alike(edges, values):
    binned = Bins("x", tuple(sorted(edges)))
    values = [*values, *edges]
    expected = [None if v is None else code_by_hand(binned.edges, v) for v in values]
    for engine in ENGINES.values():
        assert codes_in_sql(engine([(v, None) for v in values]), binned, ["x0"]) == expected


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(-3, 3).map(float) | floats, st.none() | floats),
        min_size=1,
        max_size=25,
    ),
    st.integers(1, 6),
)
def test_an_engine_places_the_same_edges(rows, number):
    x, y = np.array([[math.nan if v is None else v for v in row] for row in rows]).T
    for engine in ENGINES.values():
        run = engine(rows)
        for columns, kind in [(("x",), "frequency"), (("x",), "width"), (("x", "y"), "cells")]:
            here = Arrays([x, y][: len(columns)])
            there = Query(run, "t", ["x0", "x1"][: len(columns)])
            if here.missing.all():
                assert there.extent()[0] == 0
                continue
            assert there.extent() == here.extent()
            if kind == "width" and not np.isfinite(here.present[0]).all():
                continue
            found = fit(columns, Rule(kind, number), here)
            again = fit(columns, Rule(kind, number), there)
            assert again == found
            assert str(again) == str(found)
            expected = np.full(len(rows), -9)
            expected[~here.missing] = found.codes(*here.present)
            codes = codes_in_sql(run, found, ["x0", "x1"])
            assert [-9 if code is None else code for code in codes] == expected.tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_hostile_names_and_placeholders_of_other_kinds(engine):
    run = ENGINES[engine]([(float(k), None) for k in range(10)])
    quoted = '"' + NAME.replace('"', '""') + '"'
    source = f"(SELECT x0 AS {quoted} FROM t) AS s"
    numbered = Query(run, source, [quoted], lambda k: f"?{k + 1}")
    found = fit((NAME,), Rule("frequency", 2), numbered)
    assert found.edges == (0, 5, 9)
    assert found == fit((NAME,), Rule("frequency", 2), Query(run, source, [quoted]))
    parameters = []
    text = found.sql([quoted], lambda v: parameters.append(v) or "?")
    grouped = run(f"SELECT c, count(*) FROM (SELECT {text} AS c FROM {source}) AS g "
                  "GROUP BY c ORDER BY c", parameters)  # fmt: skip
    assert [tuple(row) for row in grouped] == [(0, 5), (1, 5)]
    assert run("SELECT count(*) FROM t", []) == [(10,)]


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.tuples(floats, st.integers(0, 2)), min_size=1), st.lists(floats, max_size=6))
def test_fewer_bins_never_tell_more(rows, cuts):
    x, y = np.array([v for v, _ in rows]), np.array([label for _, label in rows])
    cuts = sorted(set(cuts) - {math.inf, -math.inf})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        coarse, fine = (
            mt.mutual_information(mt.count(x, y, bins={0: [-math.inf, *inner, math.inf]}))
            for inner in (cuts[::2], cuts)
        )
    assert coarse <= fine + 1e-12


# --- counting ------------------------------------------------------------------------------------


def test_counting_bins_is_counting_their_codes():
    rng = np.random.default_rng(5)
    x, z, y = rng.normal(size=300), rng.exponential(size=300), rng.integers(3, size=300)
    table = mt.count(x, z, y, bins={0: "frequency:4", "column 1": 3})
    bins_x, bins_z = table.binnings
    plain = mt.count(bins_x.codes(x), bins_z.codes(z), y)
    assert np.array_equal(table.counts, plain.counts)
    assert [s.tolist() for s in table.symbols] == [s.tolist() for s in plain.symbols]
    assert table.symbols[0].dtype == np.int64
    assert table.names == plain.names
    assert table != plain
    assert f"bins=({bins_x}; {bins_z})" in repr(table)
    assert "bins" not in repr(plain)
    assert pickle.loads(pickle.dumps(table)) == table


def test_cells_are_one_column():
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({"u": rng.normal(size=90), "k": rng.integers(2, size=90),
                          "v": rng.normal(size=90), "y": rng.integers(2, size=90)})  # fmt: skip
    table = mt.count(frame, bins={("v", "u"): "cells:6"})
    assert table.names == ("k", "v, u", "y")
    assert table.binnings[0].columns == ("v", "u")
    assert table.marginal("v, u").counts.tolist() == [15] * 6
    assert table.marginal("v, u").binnings == table.binnings
    assert table.marginal("k", "y").binnings == ()
    assert table.features().binnings == table.binnings
    label = mt.count(frame, bins={("u", "y"): "cells:3"})
    assert label.names == ("k", "v", "u, y")


def test_parts_counted_with_the_same_bins_merge():
    x = np.random.default_rng(7).normal(size=200)
    first = mt.count(x[:120], bins={0: "frequency:5"})
    ends = [-math.inf, *first.binnings[0].edges[1:-1], math.inf]
    parts = [mt.count(part, bins={0: ends}) for part in (x[:120], x[120:])]
    assert parts[0].merge(parts[1]) == mt.count(x, bins={0: ends})
    again = mt.count(x[:120], bins=first.binnings)
    assert again == first
    assert (first.binnings[0].placed, again.binnings[0].placed) == ("frequency", "given")
    assert first.merge(again).counts.tolist() == (2 * first.counts).tolist()
    with pytest.raises(ValueError, match=r"bins must be the same to merge; got column 0: 5 bins"):
        first.merge(parts[0])
    with pytest.raises(ValueError, match=r"and none \(count the second sample with the bins of"):
        first.merge(mt.count(first.binnings[0].codes(x[:120])))


def test_missing_values_stay_missing():
    x = [0.5, None, 2.5, math.nan, 1.0]
    y = [0, 1, 0, 1, 1]
    table = mt.count(x, y, missing="symbol", bins={0: 2})
    assert table.binnings[0].edges == (0.5, 1.5, 2.5)
    assert table.symbols[0].tolist() == [0, 1, None]
    assert table.table().tolist() == [[1, 1], [1, 0], [0, 2]]
    masked = np.ma.array([0.5, 9.0, 2.5, 9.0, 1.0], mask=[0, 1, 0, 1, 0])
    assert mt.count(masked, y, missing="symbol", bins={0: 2}) == table
    cells = mt.count(x, [1.0, 2.0, None, 4.0, 5.0], y, missing="symbol", bins={(0, 1): "cells:2"})
    assert cells.symbols[0].tolist() == [0, 1, None]
    assert cells.marginal(0).counts.tolist() == [1, 1, 3]
    with pytest.raises(ValueError, match=r"column 0 must not have .*\(None\) at index 1"):
        mt.count(x, y, bins={0: 2})
    with pytest.raises(ValueError, match=r"column 1 must not have missing values; got 1, the"):
        mt.count([0.5, 1.0], [1.5, None], bins={(0, 1): "cells:2"})
    with pytest.raises(ValueError, match=r"those of 'column 0' are all missing"):
        mt.count([None, None], missing="symbol", bins={0: 2})
    with pytest.raises(ValueError, match=r"those of 'column 0' and 'column 1' are all missing"):
        mt.count([None, 1.0], [1.0, None], missing="symbol", bins={(0, 1): "cells:2"})


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3, 4],
        np.array([1, 2, 3, 4], dtype=np.uint8),
        np.array([1, 2, 3, 4], dtype=np.float16),
        [Decimal(1), Fraction(2), 3, np.float32(4)],
        pd.Series([1, 2, 3, 4], dtype="Int64"),
        pd.Series([1, 2, 3, 4], dtype="float64[pyarrow]"),
    ],
    ids=["list", "uint8", "float16", "mixed", "nullable", "arrow"],
)
def test_numbers_of_any_type(values):
    table = mt.count(values, bins={0: "frequency:2"})
    assert table.binnings[0].edges == (1, 3, 4)
    assert table.counts.tolist() == [2, 2]


def test_values_by_themselves():
    x = [0.5, 0.5, 1.5]
    assert mt.count(x, bins={0: "values"}) == mt.count(x)
    assert mt.count(x, bins={}) == mt.count(x)


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bins", "error", "message"),
    [
        (10, TypeError, r"bins must be a mapping from columns to rules, as \{'age': 10\}.*got 10"),
        (["age"], TypeError, r"bins must be a mapping.*got \['age'\]"),
        ({"agee": 10}, ValueError, r"unknown column 'agee'; did you mean age"),
        ({3: 10}, ValueError, r"a column's position must be below 3; got 3"),
        ({1.5: 10}, ValueError, r"a column's position must be an integer.*got 1\.5"),
        ({"age": 0}, ValueError, r"number of bins of 'age' must be an integer of at least 1"),
        ({"age": 2.5}, ValueError, r"number of bins of 'age' must be an integer.*got 2\.5"),
        ({"age": True}, TypeError, r"number of bins of 'age' must be an integer.*got True"),
        ({"age": None}, TypeError, r"number of bins of 'age' must be an integer.*got None"),
        ({"age": "frequency:0"}, ValueError, r"number of bins of 'age' must be .*got 0"),
        ({"age": "frequency:x"}, ValueError, r"bins of 'age' must be one of 10 or width.*:x'"),
        ({"age": "edges:1,b"}, ValueError, r"bins of 'age' must be one of.*got 'edges:1,b'"),
        ({"age": "quantile:4"}, ValueError, r"bins of 'age' must be one of.*got 'quantile:4'"),
        ({"age": "values:4"}, ValueError, r"bins of 'age' must be one of.*got 'values:4'"),
        ({"age": "edges:5"}, ValueError, r"edges of 'age' must be two numbers or more.*\(1,\)"),
        ({"age": [[1, 2]]}, ValueError, r"edges of 'age' must be two numbers or more; got shape"),
        ({"age": [2, 1]}, ValueError, r"edges of 'age' must increase; got 2\.0 and then 1\.0 at"),
        ({"age": [1, 1, 2]}, ValueError, r"must increase; got 1\.0 and then 1\.0 at index 1"),
        ({"age": "edges:0,nan,1"}, ValueError, r"edges of 'age' must be numbers; got nan at"),
        ({"age": ["a", "b"]}, TypeError, r"edges of 'age' must be numbers; got dtype <U1"),
        ({"age": [20, 60]}, ValueError, r"'age' must lie within its edges, 20 to 60; got 2 outside"
         r", such as 1\.5 \(give edges that span all values: -inf and inf make open ends\)"),
        ({"age": "cells:8"}, ValueError, r"two columns or more are binned.*got cells for "),
        ({("age", "fare"): 8}, ValueError, r"two columns or more.*got width for 'age', 'fare'"),
        ({"age": 2, ("age", "fare"): "cells:2"}, ValueError, r"one way; 'age' is given twice"),
        ({("age", "age"): "cells:2"}, ValueError, r"in one way; 'age' is given twice"),
        ({"age": 2, 0: 2}, ValueError, r"binned in one way; 'age' is given twice"),
        ({"fare": Bins("age", (0, 99))}, ValueError, r"bins of 'age' do not bin 'fare'"),
        ([Bins("ages", (0, 99))], ValueError, r"unknown column 'ages'; did you mean age"),
        ({"fare": 3}, ValueError, r"column 'fare' must be finite to be cut to equal widths; it "
         r"holds inf \(take frequency:3, or edges\)"),
        ({"name": 2}, TypeError, r"column 'name' must hold numbers to be binned; got 'a' at in"),
    ],
)  # fmt: skip
def test_impossible_bins(bins, error, message):
    frame = pd.DataFrame({"age": [1.5, 30, 70], "fare": [1, 2, math.inf],
                          "name": pd.Series(["a", "b", "c"], dtype=object)})  # fmt: skip
    with pytest.raises(error, match=message):
        mt.count(frame, bins=bins)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            np.array(["1", "2"]),
            TypeError,
            r"must hold numbers to be binned; got dtype <U1 \(con",
        ),
        (np.array([True, False]), TypeError, r"got dtype bool"),
        (np.array(["2020-01-01"], dtype="M8[D]"), TypeError, r"got dtype datetime64\[D\]"),
        (np.array([1j]), TypeError, r"got dtype complex128"),
        ([None, True], TypeError, r"got True at index 1"),
        ([1.5, 10**400], ValueError, r"to be binned below 1\.8e308; got one above at index 1"),
    ],
)
def test_columns_that_are_no_numbers(values, error, message):
    with pytest.raises(error, match=message):
        mt.count(values, missing="symbol", bins={0: 2})


def test_codes_of_an_engine_outside_the_edges():
    binned = Bins("age", (0, 18, 65))
    binned.inside(np.array([0, 1]))
    with pytest.raises(ValueError, match=r"'age' must lie within its edges, 0 to 65; got some"):
        binned.inside(np.array([-1, 0]))
    with pytest.raises(ValueError, match=r"got some below and some above \(give edges"):
        binned.inside(np.array([-1, 2]))


def test_the_command_line_grammar():
    texts = ["age=10", "fare=frequency:5", "a,b = cells:8", "x=y=edges:0,1,2", "p,q=values"]
    bins = parse_bins(texts)
    assert bins == {
        "age": "10",
        "fare": "frequency:5",
        ("a", "b"): "cells:8",
        "x=y": "edges:0,1,2",
        "p,q": "values",
    }
    names = ["q", "b", "fare", "age", "x=y", "a", "p,q"]
    assert plan(bins, names) == [
        (("q",), None),
        (("fare",), Rule("frequency", 5)),
        (("age",), Rule("width", 10)),
        (("x=y",), Rule("edges", edges=(0.0, 1.0, 2.0))),
        (("a", "b"), Rule("cells", 8)),
        (("p,q",), Rule("values")),
    ]
    for text in ("age", "age=", "=10", ""):
        with pytest.raises(ValueError, match=r"bins must be given as COLUMN=HOW, HOW being 10 or"):
            parse_bins([text])
    with pytest.raises(
        ValueError, match=r"a column must be binned in one way; 'age' is given twice"
    ):
        parse_bins(["age=3", "age=4"])


def test_the_sentences_beside_a_number():
    given, placed = Bins("age", (0, 18)), Bins("fare", (0, 1), "frequency")
    assert binning.about([]) == []
    lines = binning.about([given, placed])
    assert lines[:2] == [str(given), str(placed)]
    assert len(lines) == 3
    assert "about its bins: the values themselves may tell more" in lines[2]


def test_edges_that_the_same_rows_placed_are_not_certified():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=200), rng.integers(0, 2, 200)
    for how in ("width:4", "frequency:4"):
        with pytest.raises(ValueError, match=r"the edges of 'column 0' must be chosen before the"):
            mt.certify(mt.count(x, y, bins={0: how}))
    placed = mt.count(x[:50], bins={0: [-9.0, 0.0, 9.0]}).binnings
    table = mt.count(x[50:], y[50:], bins=placed)
    assert mt.certify(table).n == 150


def test_the_refusal_of_a_continuous_column():
    error = binning.continuous("age", "DOUBLE", 0.42)
    assert isinstance(error, ValueError)
    assert "column 'age' is continuous (DOUBLE, for example 0.42)" in str(error)
    assert "bins={'age': 10} or --bins age=10" in str(error)
    assert "--bins age=values" in str(error)


def test_every_rule_works_on_a_single_sample():
    for how in (1, 3, "frequency:3", "edges:0,1", "values"):
        assert mt.count([0.5], bins={0: how}).counts.tolist() == [1]
    assert mt.count([0.5], [1.5], bins={(0, 1): "cells:4"}).counts.tolist() == [1]
