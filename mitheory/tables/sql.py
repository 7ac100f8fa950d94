"""SQL databases: the grouping is done by the server, and only the distinct rows travel.

Of the user's strings, names are quoted as identifiers; only a query given as such is SQL.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np

from mitheory.binning import Query
from mitheory.binning.ordered import Ordered
from mitheory.counts import Counts
from mitheory.tables.grouped import Codes, Column, Table, coded_values, counts_of, each_once

_BATCH = 10_000
_QUERY = re.compile(r"(\s|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH)\s+\S", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_FLOATS = {700: "real", 701: "double precision", 1700: "numeric"}
"""Types of PostgreSQL that are continuous, by their number in its catalogue."""


def quote(name: str, marks: str = '""') -> str:
    """The name as an identifier of SQL, between marks of which the closing one is doubled in it."""
    if "\0" in name:
        raise ValueError(f"names in SQL must not contain the null character; got {name!r}")
    return marks[0] + name.replace(marks[1], 2 * marks[1]) + marks[1]


def relation(query: str, marks: str = '""') -> str:
    """What to put behind FROM for a query or the name of a table.

    A text that begins with SELECT or WITH is a query, any other is a name, whose dots part the
    schema from the table.
    """
    if not isinstance(query, str):
        raise TypeError(f"query must be a text, a SELECT or a table's name; got {query!r}")
    if not _QUERY.match(query):
        if not query.strip():
            raise ValueError("query must be a SELECT or the name of a table; it is empty")
        return ".".join(quote(part, marks) for part in query.split("."))
    bare = query.rstrip().rstrip(";")
    outside = _QUOTED.sub(" ", bare)
    depths = np.cumsum([(c == "(") - (c == ")") for c in outside])
    if ";" in outside or depths.min() < 0 or depths[-1] != 0:
        raise ValueError(
            f"query must be one SELECT, without a semicolon inside or unbalanced parentheses; "
            f"got {query!r}"
        )
    return f"({bare}\n) source"


def grouping(
    source: str,
    columns: Sequence[Column],
    expression: Callable[[str], str],
    place: Callable[[int], str],
) -> tuple[str, list[float]]:
    """The SELECT that groups a source by columns, and its parameters; the count comes last.

    Parameters
    ----------
    source : str
        What stands behind FROM.
    columns : sequence of Column
    expression : callable
        From the name of a column to its SQL.
    place : callable
        The placeholder of the parameter at a position.
    """
    parameters: list[float] = []

    def literal(number: float) -> str:
        parameters.append(number)
        return place(len(parameters) - 1)

    inner = []
    for k, (parts, binning) in enumerate(columns):
        given = [expression(part) for part in parts]
        inner.append(f"{given[0] if binning is None else binning.sql(given, literal)} AS c{k}")
    outer = ", ".join(f"c{k}" for k in range(len(columns)))
    rows = f"(SELECT {', '.join(inner)} FROM {source}) cells"
    return f"SELECT {outer}, count(*) FROM {rows} GROUP BY {outer}", parameters


@contextmanager
def opened(source: Any, query: str) -> Iterator[Table]:
    """The result of a query, or a table, of a DB-API or SQLAlchemy connection or engine."""
    with _connected(source, query) as (connection, marks):
        origin = relation(query, marks)
        name = "the query" if origin.startswith("(") else query
        style = _style(connection)
        with _explained(connection, query), closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT * FROM {origin} WHERE 1 = 0")
            fields = [(str(field[0]), field[1]) for field in cursor.description]
        each_once([name for name, _ in fields], "the query")
        postgres = style.module.startswith(("psycopg", "pg8000"))
        kinds = {name: _FLOATS.get(kind, "") if postgres else "" for name, kind in fields}

        def ordered(columns: Sequence[str]) -> Ordered:
            def run(text: str, parameters: list[float]) -> list[Any]:
                with _explained(connection, query):
                    return list(chain.from_iterable(_batches(connection, text, parameters)))

            named = [style.escape(quote(column, marks)) for column in columns]
            return Query(run, style.escape(origin), named, style.place)

        def count(columns: Sequence[Column]) -> Counts:
            takes_parameters = any(binning is not None for _, binning in columns)
            escape = style.escape if takes_parameters else str
            text, parameters = grouping(
                escape(origin), columns, lambda column: escape(quote(column, marks)), style.place
            )
            with _explained(connection, query):
                return _counted(columns, _batches(connection, text, parameters), name)

        yield Table(
            name=name,
            kinds=kinds,
            continuous=frozenset(name for name, kind in kinds.items() if kind),
            ordered=ordered,
            count=count,
        )


@contextmanager
def _connected(source: Any, query: str) -> Iterator[tuple[Any, str]]:
    """The DB-API connection and the marks that quote its identifiers."""
    dialect = getattr(source, "dialect", None)
    if dialect is None:
        yield source, '""'
        return
    from sqlalchemy.exc import SQLAlchemyError

    preparer = dialect.identifier_preparer
    marks = f"{preparer.initial_quote}{preparer.final_quote}"
    try:
        own = hasattr(source, "raw_connection")  # an engine's, else a connection's
        pooled = source.raw_connection() if own else source.connection
    except SQLAlchemyError as error:
        raise _refused(query, error) from error
    try:
        yield pooled.dbapi_connection, marks
    finally:
        if own:
            pooled.close()


class _Style(NamedTuple):
    """How the driver of a connection takes parameters."""

    module: str
    paramstyle: str

    def place(self, position: int) -> str:
        """The placeholder of the parameter at a position."""
        places = {"qmark": "?", "numeric": f":{position + 1}"}
        return places.get(self.paramstyle, "%s")

    def escape(self, text: str) -> str:
        """SQL in which nothing is taken for a placeholder."""
        return text if self.paramstyle in ("qmark", "numeric") else text.replace("%", "%%")


def _style(connection: Any) -> _Style:
    module = type(connection).__module__.split(".")[0]
    return _Style(module, getattr(sys.modules.get(module), "paramstyle", "qmark"))


@contextmanager
def _explained(connection: Any, query: str) -> Iterator[None]:
    """Errors of the driver as a ValueError that says what was asked."""
    try:
        yield
    except getattr(connection, "Error", Exception) as error:
        raise _refused(query, error) from error


def _refused(query: str, error: Exception) -> ValueError:
    return ValueError(
        f"the database refused query={query!r}, which must be a SELECT or the name of a table, on "
        f"an open connection: {error}"
    )


def _batches(connection: Any, text: str, parameters: list[float]) -> Iterator[list[Any]]:
    """The rows of a result, some at a time; never all of them, if the driver can do that."""
    given = (text, parameters) if parameters else (text,)
    with closing(connection.cursor()) as cursor:
        if hasattr(cursor, "stream"):
            rows = cursor.stream(*given)
        else:
            cursor.execute(*given)
            rows = chain.from_iterable(iter(lambda: cursor.fetchmany(_BATCH), []))
        while batch := list(islice(rows, _BATCH)):
            named = isinstance(batch[0], Mapping)  # a driver can be set to give such rows
            yield [tuple(row.values()) for row in batch] if named else batch


def _counted(columns: Sequence[Column], batches: Iterable[list[Any]], name: str) -> Counts:
    """Counts of the rows of a grouping, coded batch by batch."""
    positions: list[dict[Any, int]] = [{} for _ in columns]
    codes: list[list[Codes]] = [[] for _ in columns]
    counts = [np.empty(0, dtype=np.int64)]
    for rows in batches:
        *values, often = zip(*rows, strict=True)
        counts.append(np.array(often, dtype=np.int64))
        for k, column in enumerate(values):
            known = positions[k]
            try:
                batch = [known.setdefault(value, len(known)) for value in column]
            except TypeError as error:
                raise TypeError(
                    f"column {columns[k][0][0]!r} must hold single values to be counted: {error}"
                ) from None
            codes[k].append(np.array(batch, dtype=np.intp))
    coded = (
        coded_values(list(known), np.concatenate(found), ", ".join(parts))
        for known, found, (parts, _) in zip(positions, codes, columns, strict=True)
    )
    return counts_of(columns, coded, np.concatenate(counts), name)
