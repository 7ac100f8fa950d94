"""Tables in SQL databases: grouped by the server, nothing of the user's read as SQL."""

import contextlib
import datetime
import glob
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy

import mitheory as mt
from mitheory.tables import sql

HOSTILE = "x\"; DROP TABLE people; --\n'100%s :p ? [`]"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def socket():
    """The folder of the socket of a PostgreSQL that lives as long as these tests."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb")]
    if found[-1] is None:
        pytest.skip("no PostgreSQL server on this machine (initdb was not found)")
    programs = Path(found[-1]).resolve().parent
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        names = [entry.pw_name for entry in pwd.getpwall()]
        user = next((name for name in ("postgres", "nobody") if name in names), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no user to run it")
    folder = Path(tempfile.mkdtemp(prefix="mt-"))  # short, as the path of a socket must be
    server, stack = None, contextlib.ExitStack()
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        log = stack.enter_context((folder / "log").open("wb"))
        options = {"user": user, "cwd": folder, "stdout": log, "stderr": log}
        as_owner = [
            "--username=owner",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", *as_owner],
            check=True, timeout=300, **options,
        )  # fmt: skip
        settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=1MB"]
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings], **options
        )
        deadline = time.monotonic() + 120
        while True:
            try:
                connect(folder).close()
                break
            except psycopg().OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail((folder / "log").read_text()[-2000:])
                time.sleep(0.1)
        yield folder
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        stack.close()
        shutil.rmtree(folder, ignore_errors=True)


def psycopg():
    return pytest.importorskip("psycopg")


def connect(folder, **options):
    return psycopg().connect(f"host={folder} user=owner dbname=postgres", **options)


COLUMNS = {
    "age": ("double precision", [30.5, 41.0, float("nan"), 8.25, None, 1e300] * 50),
    "Group": ("text", ["a", "b", None, "B", " c", "é"] * 50),
    "born": ("date", None),
    "sick": ("boolean", [True, False, False] * 100),
    "visits": ("bigint", [0, -(2**63), 2**63 - 1] * 100),
    HOSTILE: ("smallint", list(range(10)) * 30),
}


@pytest.fixture(scope="module")
def people(socket):
    """A table of every type in the database, and its columns."""
    values = {name: column for name, (_, column) in COLUMNS.items()}
    values["born"] = [datetime.date(1950 + k % 3, 1, 1) for k in range(300)]
    fields = ", ".join(f"{quoted(name)} {kind}" for name, (kind, _) in COLUMNS.items())
    with connect(socket) as connection:
        connection.execute(f"CREATE TABLE people ({fields})")
        connection.execute("CREATE SCHEMA more; CREATE VIEW more.some AS SELECT sick FROM people")
        with connection.cursor().copy("COPY people FROM STDIN") as copy:
            for row in zip(*values.values(), strict=True):
                copy.write_row(row)
    return values


def tallied(columns):
    """The plain oracle: a Counter of tuples."""
    return Counter(zip(*columns, strict=True))


def cells(counts):
    symbols = [s.tolist() for s in counts.symbols]
    return Counter(
        {
            tuple(s[c] for s, c in zip(symbols, row, strict=True)): int(n)
            for row, n in zip(counts.codes, counts.counts, strict=True)
        }
    )


@pytest.mark.parametrize("autocommit", [False, True])
@pytest.mark.parametrize("query", ["people", "public.people", "SELECT * FROM people -- all\n;"])
def test_postgresql_equals_memory(socket, people, query, autocommit):
    wanted = ["Group", "born", "sick", "visits", HOSTILE]
    with connect(socket, autocommit=autocommit) as connection:
        counts = mt.count_table(connection, wanted, query=query, missing="symbol")
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (300,)
    assert counts.names == tuple(wanted)
    assert counts.symbols[3].dtype == np.int64
    assert cells(counts) == tallied([people[name] for name in wanted])


def test_postgresql_through_sqlalchemy(socket, people):
    url = sqlalchemy.URL.create(
        "postgresql+psycopg", username="owner", database="postgres", query={"host": str(socket)}
    )
    engine = sqlalchemy.create_engine(url)
    expected = tallied([people[HOSTILE], people["sick"]])
    assert cells(mt.count_table(engine, [HOSTILE], label="sick", query="people")) == expected
    with engine.connect() as connection:
        assert cells(mt.count_table(connection, [HOSTILE, "sick"], query="people")) == expected
    assert mt.count_table(engine, query="more.some").n == 300
    engine.dispose()


def test_postgresql_rows_of_another_shape(socket, people):
    from psycopg.rows import dict_row

    with connect(socket, row_factory=dict_row) as connection:
        counts = mt.count_table(
            connection,
            [HOSTILE, "age"],
            query="people",
            bins={"age": [0, 20, 1e301]},
            missing="symbol",
        )
    assert counts.n == 300


@pytest.mark.parametrize(
    "bins",
    [{"age": 4}, {"age": "frequency:3"}, {("age", HOSTILE): "cells:5"}, {"age": "values"}],
    ids=str,
)
def test_postgresql_bins_equal_memory(socket, people, bins):
    import pandas as pd

    frame = pd.DataFrame({"age": people["age"], HOSTILE: people[HOSTILE], "sick": people["sick"]})
    with connect(socket) as connection:
        counts = mt.count_table(
            connection, ["age", HOSTILE], label="sick", query="people", bins=bins, missing="symbol"
        )
    direct = mt.count(frame, bins=bins, missing="symbol")
    assert counts.binnings == direct.binnings
    assert cells(counts) == cells(direct)


def test_postgresql_refusals(socket, people):
    with connect(socket) as connection:
        with pytest.raises(ValueError, match=r"column 'age' is continuous \(double precision"):
            mt.count_table(connection, query="people")
        with pytest.raises(
            ValueError, match=r"column 'n' is continuous \(numeric, for example 1.5"
        ):
            mt.count_table(connection, query="SELECT 1.5 AS n")
        with pytest.raises(ValueError, match="name each column once; 'a' is named twice"):
            mt.count_table(connection, query="SELECT 1 AS a, 2 AS a")
        with pytest.raises(TypeError, match="column 'a' must hold single values"):
            mt.count_table(connection, query="SELECT ARRAY[1] AS a")
    for query in [
        "DROP TABLE people",
        "DELETE FROM people",
        "SELECT 1; DROP TABLE people",
        "SELECT 1) x; DROP TABLE people; SELECT * FROM (SELECT 1",
        "WITH gone AS (DELETE FROM people RETURNING *) SELECT * FROM gone",
        "people; DROP TABLE people; --",
        'people"; DROP TABLE people; --',
    ]:
        with connect(socket) as connection:
            with pytest.raises(ValueError, match="query"):
                mt.count_table(connection, query=query)
            connection.rollback()
            assert connection.execute("SELECT count(*) FROM people").fetchone() == (300,)
    with pytest.raises(ValueError, match="on an open connection: the connection is closed"):
        mt.count_table(connection, query="people")


@pytest.fixture
def small():
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE {quoted(HOSTILE)} ({quoted(HOSTILE)}, b)")
    connection.execute(f"INSERT INTO {quoted(HOSTILE)} VALUES (1, 'u'), (1, 'u'), (2, 'v')")
    connection.commit()
    yield connection
    connection.close()


def test_names_are_names_and_never_sql(small):
    counts = mt.count_table(small, query=HOSTILE.replace(".", ""))
    assert counts.names == (HOSTILE, "b")
    assert counts.counts.tolist() == [2, 1]
    binned = mt.count_table(small, query=HOSTILE, bins={HOSTILE: 2}, label="b")
    assert binned.symbols[0].tolist() == [0, 1]
    small.row_factory = sqlite3.Row
    assert mt.count_table(small, query=HOSTILE) == counts


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("nothing", "refused query='nothing'.*no such table: nothing"),
        ("SELECT", "no such table: SELECT"),
        ("DROP TABLE t", "no such table: DROP TABLE t"),
        ("SELECT * FROM absent", "no such table: absent"),
        ("SELECT 1 AS a WHERE 0", "the query must hold at least one row; it has none"),
        ("SELECT 1; SELECT 2", "one SELECT, without a semicolon"),
        ("SELECT 1) x, (SELECT 2", "unbalanced parentheses"),
        ("SELECT (1", "unbalanced parentheses"),
        ("  ", "it is empty"),
        ("a\0b", "null character"),
    ],
)
def test_bad_queries(small, query, message):
    with pytest.raises(ValueError, match=message):
        mt.count_table(small, query=query)


def test_other_refusals(small):
    with pytest.raises(TypeError, match=r"query must be a text.*got 7"):
        mt.count_table(small, query=7)
    with pytest.raises(ValueError, match="a connection needs query="):
        mt.count_table(small)
    with pytest.raises(ValueError, match="only a connection takes a query; source is str"):
        mt.count_table("t.csv", query="t")
    small.close()
    with pytest.raises(ValueError, match="on an open connection: Cannot operate on a closed"):
        mt.count_table(small, query="t")


@pytest.mark.parametrize(
    "query",
    [
        "select ';' as a",
        "SELECT 1 AS [a] -- (;\n",
        "/* x; */ SELECT ')' AS a",
        'SELECT 1 AS ";("',
        "WITH t AS (SELECT 1 AS a) SELECT a FROM t ;",
    ],
)
def test_semicolons_in_quotes_and_comments_are_text(small, query):
    assert mt.count_table(small, query=query).n == 1


def test_rows_travel_in_batches(small, monkeypatch):
    monkeypatch.setattr(sql, "_BATCH", 2)
    query = " UNION ALL ".join(f"SELECT {k % 7} AS a, {k % 3} AS b" for k in range(50))
    columns = [[k % 7 for k in range(50)], [k % 3 for k in range(50)]]
    assert cells(mt.count_table(small, query=query)) == tallied(columns)
