"""Tables: every engine counts what counting the columns in memory counts."""

import datetime
import sqlite3
from decimal import Decimal

import dask.dataframe
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
import sqlalchemy

import mitheory as mt

HOSTILE = "x\"; DROP TABLE t; --\n'%s :p ? [*] {0}"


def columns_of(n=400, seed=1):
    """Columns of the types that count as symbols, the text with a few odd characters."""
    rng = np.random.default_rng(seed)
    words = np.array(
        ["a", "B", "b", "", " pad ", "é", "\U0001f600", "nan", "10", "9"], dtype=object
    )
    days = np.array([datetime.date(2020, 2, 29), datetime.date(1969, 1, 1)], dtype=object)
    return {
        "small": pa.array(rng.integers(-2, 3, n), pa.int8()),
        "large": pa.array(rng.choice([-(2**63), 0, 2**53 + 1, 2**63 - 1], n), pa.int64()),
        "unsigned": pa.array(rng.choice(np.array([0, 2**64 - 1], dtype=np.uint64), n)),
        "flag": pa.array(rng.integers(0, 2, n).astype(bool)),
        "word": pa.array(rng.choice(words, n), pa.string()),
        "day": pa.array(rng.choice(days, n), pa.date32()),
        HOSTILE: pa.array(rng.integers(0, 3, n)),
    }


COLUMNS = columns_of()
TABLE = pa.table(COLUMNS)
DIRECT = mt.count(TABLE)


def same(counts, direct):
    """Equal symbol for symbol, up to the width of the type in which an engine holds them."""
    assert counts.names == direct.names
    assert [s.tolist() for s in counts.symbols] == [s.tolist() for s in direct.symbols]
    for found, held in zip(counts.symbols, direct.symbols, strict=True):
        assert [type(x) for x in found.tolist()] == [type(x) for x in held.tolist()]
    assert counts.codes.tolist() == direct.codes.tolist()
    assert counts.counts.tolist() == direct.counts.tolist()
    assert counts.binnings == direct.binnings


SOURCES = {
    "Table": lambda: TABLE,
    "Dataset": lambda: pa.dataset.dataset(TABLE),
    "RecordBatchReader": lambda: TABLE.to_reader(max_chunksize=64),
    "Scanner": lambda: pa.dataset.dataset(TABLE).scanner(),
    "DataFrame": lambda: pl.from_arrow(TABLE),
    "LazyFrame": lambda: pl.from_arrow(TABLE).lazy(),
    "DuckDBPyRelation": lambda: duckdb.connect().from_arrow(TABLE),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_arrow_and_polars_equal_memory(kind):
    same(mt.count_table(SOURCES[kind]()), DIRECT)


def test_a_record_batch_counts():
    batch = TABLE.combine_chunks().to_batches()[0]
    assert mt.count_table(batch) == DIRECT


def test_arrow_keeps_even_the_types():
    assert mt.count_table(TABLE) == DIRECT


def test_parquet_equals_memory(tmp_path):
    pq.write_table(TABLE, tmp_path / "t.parquet", row_group_size=50)
    assert mt.count_table(tmp_path / "t.parquet") == DIRECT
    chosen = mt.count_table(str(tmp_path / "t.parquet"), ["word", "small"], label="flag")
    assert chosen == mt.count(TABLE.select(["word", "small", "flag"]))


def test_pandas_equals_memory():
    frame = TABLE.to_pandas()
    assert mt.count_table(frame) == mt.count(frame)
    frame.columns = [*frame.columns[:-1], 7]
    assert mt.count_table(frame, ["7"]).names == ("7",)


@pytest.mark.parametrize("parts", [1, 5])
def test_dask_equals_memory(parts):
    frame = TABLE.to_pandas()
    frame["day"] = pd.to_datetime(frame["day"])  # Dask makes text of dates that are objects
    lazy = dask.dataframe.from_pandas(frame, npartitions=parts)
    with dask.config.set(scheduler="synchronous"):
        same(mt.count_table(lazy), mt.count(frame))
        same(mt.count_table(lazy, ["word"]), mt.count(frame[["word"]]))


def test_an_open_connection_to_duckdb_keeps_its_settings():
    connection = duckdb.connect()
    connection.register("rows", TABLE)
    connection.execute("SET enable_progress_bar = false; SET threads = 1")
    direct = mt.count(TABLE.select(["word", "flag"]))
    assert mt.count_table(connection, ["word", "flag"], query="rows") == direct
    assert mt.count_table(connection, query="SELECT word, flag FROM rows -- all;") == direct
    assert mt.count_table(connection, query="SELECT word, flag FROM rows;", progress=True) == direct
    assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (
        False,
    )
    assert connection.execute("SELECT current_setting('threads')").fetchone() == (1,)


def sqlite_of(table, columns=("small", "large", "word", HOSTILE)):
    connection = sqlite3.connect(":memory:")
    names = ", ".join('"' + c.replace('"', '""') + '"' for c in columns)
    connection.execute(f"CREATE TABLE t ({names})")
    rows = zip(*(table[c].to_pylist() for c in columns), strict=True)
    connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", rows)
    connection.commit()
    return connection


def test_sqlite_equals_memory():
    connection = sqlite_of(TABLE)
    direct = mt.count(TABLE.select(["small", "large", "word", HOSTILE]))
    same(mt.count_table(connection, query="t"), direct)
    same(mt.count_table(connection, query="SELECT * FROM t WHERE 1 = 1;"), direct)
    same(mt.count_table(connection, query="main.t"), direct)
    same(
        mt.count_table(
            connection,
            [HOSTILE],
            label="small",
            query="WITH u AS (TABLE_) SELECT * FROM u".replace("TABLE_", "SELECT * FROM t"),
        ),
        mt.count(TABLE.select([HOSTILE, "small"])),
    )


def test_sqlalchemy_engine_and_connection(tmp_path):
    engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.pool.StaticPool)
    with engine.connect() as connection:
        sqlite_of(TABLE).backup(connection.connection.dbapi_connection)
        direct = mt.count(TABLE.select(["small", "large", "word", HOSTILE]))
        same(mt.count_table(connection, query="t"), direct)
        same(mt.count_table(engine, query="SELECT * FROM t"), direct)
    with pytest.raises(ValueError, match="open connection: This Connection is closed"):
        mt.count_table(connection, query="t")
    engine.dispose()


def test_types_that_engines_would_change(tmp_path):
    connection = duckdb.connect()
    query = """SELECT i::HUGEINT * 10::HUGEINT ** 25 AS huge, i::HUGEINT AS small,
        CASE WHEN i > 1 THEN 'up' END::ENUM ('up', 'down') AS kind, i::BLOB AS bytes,
        TIME '10:00' AS hour, NULL AS nothing FROM (SELECT unnest(['1', '2', '3']) AS i)"""
    query = query.replace("i::HUGEINT * 10::HUGEINT ** 25", "(i || repeat('0', 25))::HUGEINT")
    query = query.replace("i > 1", "i > '1'")
    counts = mt.count_table(connection, query=query, missing="symbol")
    huge, small, kind, raw, hour, nothing = (s.tolist() for s in counts.symbols)
    assert huge == [10**25, 2 * 10**25, 3 * 10**25]
    assert small == [1, 2, 3]
    assert counts.symbols[1].dtype == np.int64
    assert kind == ["up", None]
    assert raw == [b"1", b"2", b"3"]
    assert hour == [datetime.time(10)]
    assert nothing == [None]


def test_durations_keep_their_nanoseconds(tmp_path):
    spans = pa.array([2, 1, 2, 1001], pa.duration("ns"))
    table = pa.table({"span": spans, "y": [1, 0, 1, 0]})
    direct = mt.count(table)
    assert direct.symbols[0].tolist() == [1, 2, 1001]
    pq.write_table(table, tmp_path / "t.parquet")
    rows = pa.dataset.dataset(tmp_path / "t.parquet")
    frame = pl.from_arrow(table)
    for source in (
        table,
        rows,
        rows.scanner(),
        table.to_reader(),
        tmp_path / "t.parquet",
        frame,
        frame.lazy(),
    ):
        assert mt.count_table(source) == direct
    assert mt.count_table(rows, bins={"y": [0, 1, 2]}).marginal("span") == direct.marginal("span")
    some = pa.table({"span": pa.array([2, None, 1001], pa.duration("us"))})
    assert mt.count_table(some, missing="symbol") == mt.count(some, missing="symbol")
    with duckdb.connect() as connection, pytest.raises(TypeError, match="an interval of months"):
        mt.count_table(connection, query="SELECT INTERVAL 1 MONTH AS span")


@pytest.mark.parametrize(
    "build", [pa.table, pd.DataFrame, pl.DataFrame, "parquet", "sqlite", "dask"]
)
def test_missing_values(build, tmp_path):
    data = {"a": ["x", None, "x", "y", None], "b": [1, 1, 2, 2, 1]}
    query, source = None, None
    if build == "parquet":
        source = tmp_path / "t.parquet"
        pq.write_table(pa.table(data), source)
    elif build == "sqlite":
        source, query = sqlite_of(pa.table(data), ("a", "b")), "t"
    elif build == "dask":
        source = dask.dataframe.from_pandas(pd.DataFrame(data), npartitions=2)
    else:
        source = build(data)
    with dask.config.set(scheduler="synchronous"):
        counts = mt.count_table(source, query=query, missing="symbol")
        same(counts, mt.count(pa.table(data), missing="symbol"))
        with pytest.raises(
            ValueError, match=r"column 'a' must not have missing .*; 2 of the 5 rows"
        ):
            mt.count_table(source, query=query)


NUMBERS = {"x": [0.5, 2.0, -1.0, 2.0, 7.25, None], "y": [1, 2, 3, 4, 5, 6], "k": list("ababab")}
BINS = [
    {"x": 3},
    {"x": "frequency:2", "y": [0, 3, 9]},
    {("x", "y"): "cells:3"},
    {"x": "values"},
]


@pytest.mark.parametrize("bins", BINS, ids=str)
@pytest.mark.parametrize(
    "kind",
    ["arrow", "pandas", "polars", "lazy", "parquet", "csv", "sqlite", "duckdb", "dask", "reader"],
)
def test_bins_equal_memory(kind, bins, tmp_path):
    table = pa.table(NUMBERS)
    query = None
    if kind == "parquet":
        source = tmp_path / "t.parquet"
        pq.write_table(table, source)
    elif kind == "csv":
        source = tmp_path / "t.csv"
        table.to_pandas().to_csv(source, index=False)
    elif kind == "sqlite":
        source, query = sqlite_of(table, tuple(NUMBERS)), "t"
    elif kind == "duckdb":
        source, query = duckdb.connect(), "rows"
        source.register("rows", table)
    else:
        source = {
            "arrow": lambda: table,
            "pandas": table.to_pandas,
            "polars": lambda: pl.from_arrow(table),
            "lazy": lambda: pl.from_arrow(table).lazy(),
            "dask": lambda: dask.dataframe.from_pandas(table.to_pandas(), npartitions=2),
            "reader": lambda: table.to_reader(max_chunksize=2),
        }[kind]()
    with dask.config.set(scheduler="synchronous"):
        counts = mt.count_table(source, label="k", query=query, bins=bins, missing="symbol")
    direct = mt.count(table, bins=bins, missing="symbol")
    if kind == "csv":  # fields that are not binned are text
        assert counts.counts.tolist() == direct.counts.tolist()
        assert counts.binnings == direct.binnings
        assert counts.names == direct.names
    else:
        same(counts, direct)


def test_continuous_columns_are_named_and_refused(tmp_path):
    pq.write_table(pa.table(NUMBERS), tmp_path / "t.parquet")
    connection = sqlite_of(pa.table(NUMBERS), tuple(NUMBERS))
    message = r"column 'x' is continuous \({}, for example {}\).*bins={{'x': 10}}.*--bins x=values"
    csv = tmp_path / "t.csv"
    csv.write_text("x,k\n1,a\n,b\n 2.50 ,a\n")
    decimals = pa.table({"x": pa.array([Decimal("1.5"), Decimal("2.5")])})
    for source, query, kind, example in [
        (tmp_path / "t.parquet", None, "DOUBLE", "-1.0"),
        (pa.table(NUMBERS), None, "DOUBLE", "-1.0"),
        (pd.DataFrame(NUMBERS), None, "float64", "-1.0"),
        (pl.DataFrame(NUMBERS), None, "Float64", "-1.0"),
        (dask.dataframe.from_pandas(pd.DataFrame(NUMBERS), npartitions=1), None, "float64", "-1.0"),
        (connection, "t", "float", "-1.0"),
        (decimals, None, r"DECIMAL\(2,1\)", "1.5"),
        (decimals.to_pandas(), None, "Decimal", "1.5"),
        (pl.from_arrow(decimals), None, r"Decimal.*", "1.5"),
        (csv, None, "numbers in text", "2.50"),
    ]:
        refused = pytest.raises(ValueError, match=message.format(kind, example))
        with dask.config.set(scheduler="synchronous"), refused:
            mt.count_table(source, query=query, missing="symbol")


def test_text_of_whole_numbers_or_words_is_symbols(tmp_path):
    csv = tmp_path / "t.csv"
    csv.write_text("x,y,z\n1,1.5,1e3\n2.0,word,-inf\n")
    assert mt.count_table(csv).n == 2
    with pytest.raises(TypeError, match="column 'y' must hold numbers to be binned; got 'word'"):
        mt.count_table(csv, bins={"y": 2})


def test_entries_that_are_no_single_values():
    for source in [pa.table({"a": [[1], [2]]}), pa.table({"a": [{"b": 1}]})]:
        with pytest.raises(TypeError, match="column 'a' must hold single values to be counted"):
            mt.count_table(source)
    frame = pl.DataFrame({"a": [{"b": 1, "c": 2}]})
    with pytest.raises(TypeError, match=r"^a must hold single values to be counted; its type is S"):
        mt.count_table(frame)
    with pytest.raises(TypeError, match="must be a table, with named columns; got Series"):
        mt.count_table(pd.Series([1, 2]))
    half = pa.table({"a": [1], "b": pa.array(np.array([1], np.float16))})
    with pytest.raises(TypeError, match=r"column 'b' of the Arrow data .* halffloat .cast it to"):
        mt.count_table(half, ["a"])


def test_an_engine_says_what_is_wrong_in_one_line():
    huge = pl.LazyFrame({"a": pl.Series([2**100], dtype=pl.Int128)})
    with pytest.raises(ValueError, match="cannot be read: Integers with more than 64 bits"):
        mt.count_table(huge)
    with duckdb.connect() as connection, pytest.raises(ValueError, match="cannot be read") as said:
        mt.count_table(connection, query="SELECT 1 AS a FROM nowhere")
    assert "\n" not in str(said.value)
