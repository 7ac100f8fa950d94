"""Tables of any size to Counts: files, SQL databases, data frames, in memory or on a cluster.

An engine groups equal rows where the data are; what comes here is each distinct row once, with
its count. After that it is the same code for all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from mitheory import check
from mitheory.binning import Binning, Rule, continuous, fit, plan
from mitheory.counts import Counts
from mitheory.symbols import Missing
from mitheory.tables import duck, frames, sql, text
from mitheory.tables.files import files_of
from mitheory.tables.grouped import Table, each_once

__all__ = ["count_table"]

_AMOUNT = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B", re.IGNORECASE)


def count_table(
    source: Any,
    columns: Sequence[str] | None = None,
    *,
    label: str | None = None,
    query: str | None = None,
    missing: Missing = "raise",
    bins: Any = None,
    memory_limit: str = "2GB",
    progress: bool = False,
) -> Counts:
    """Count the rows of a table, by the values of some of its columns.

    The result is that of `count` on the same columns in memory, whatever the engine.

    Parameters
    ----------
    source : path, data frame, Arrow data, or connection
        A CSV, TSV (also .gz) or Parquet file, a folder of such files or a pattern for their names
        with ``*``, ``?`` and ``**``; a data frame of pandas, polars (also lazy) or Dask; an Arrow
        table, dataset or stream, or anything else that offers itself as one; a connection to
        DuckDB, any other DB-API connection, a connection or an engine of SQLAlchemy.
        The fields of text files are symbols: they are compared as text and not interpreted, but
        for white space around them, which is dropped; empty fields and "nan", in any case, are
        missing.
    columns : sequence of str, optional
        The columns to count together; all of them unless given.
    label : str, optional
        The column to count last, as the label. It need not be among `columns`.
    query : str, optional
        For a connection, and needed there: a SELECT, or the name of a table (``schema.table``).
        The grouping is done by the server.
    missing : {"raise", "symbol"}
        What to do with missing values (NULL, NaN): refuse them by name, or count them as one
        symbol (None).
    bins : mapping, optional
        How to bin columns of numbers, as for `count`. Columns of floats or decimals, and of text
        that is numbers of which one at least is not whole, are continuous: they must be binned, or
        have "values" for their bins, which makes each value a symbol.
    memory_limit : str
        What DuckDB may use, for files and Arrow data, before it goes to temporary files (in the
        folder that TMPDIR names). The distinct rows come on top: at the peak, about 100 bytes each
        for three columns of numbers.
    progress : bool
        Whether to show a bar on standard error, if that is a terminal.

    Returns
    -------
    Counts
        One column of symbols a column counted, or binned; `binnings` says how.

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ImportError
        If the library for this kind of table is not installed.
    ValueError, TypeError
        For an empty, ragged or damaged table, an unknown column or file type, a missing value, a
        continuous column, bins that cannot be, a column whose entries are lists, a query that is no
        SELECT, a closed connection.
    MemoryError
        If memory and temporary files do not suffice.

    Examples
    --------
    >>> import mitheory as mt, pandas as pd
    >>> frame = pd.DataFrame({"age": [31.5, 8.0, 47.0, 60.5], "well": ["no", "yes", "yes", "no"]})
    >>> mt.count_table(frame, label="well", bins={"age": "frequency:2"}).binnings[0].labels
    ('[8, 47)', '[47, 60.5]')
    """
    check.one_of(missing, ("raise", "symbol"), "missing")
    check.flag(progress, "progress")
    if not (isinstance(memory_limit, str) and _AMOUNT.fullmatch(memory_limit)):
        raise ValueError(f"memory_limit must be an amount, as '2GB'; got {memory_limit!r}")

    def wanted(header: Sequence[str], name: str) -> list[str]:
        return _wanted(header, columns, label, name)

    binned = bins is not None
    with _opened(source, query, wanted, binned, memory_limit, progress) as table:
        chosen = wanted(list(table.kinds), table.name)
        planned = plan(bins if binned else {}, chosen)
        for (first, *_), rule in planned:
            if rule is None and first in table.continuous:
                present, example, _ = table.ordered([first]).extent()
                if present:
                    raise continuous(first, table.kinds[first], example)
        cells = [(parts, _fitted(parts, rule, table)) for parts, rule in planned]
        counts = table.count(cells)
        for (parts, rule), symbols in zip(planned, counts.symbols, strict=True):
            found = table.seems(symbols) if rule is None else None
            if found is not None:
                raise continuous(parts[0], *found)
        if missing == "raise":
            _refuse_missing(table, counts, [parts for parts, _ in planned])
        return counts


def _opened(
    source: Any,
    query: str | None,
    wanted: Callable[[Sequence[str], str], list[str]],
    binned: bool,
    memory_limit: str,
    progress: bool,
) -> AbstractContextManager[Table]:
    """The table that a source is, opened by the engine for it."""
    library = type(source).__module__.partition(".")[0]
    if hasattr(source, "cursor") or hasattr(source, "dialect"):
        if query is None:
            raise ValueError(
                "a connection needs query=, a SELECT or the name of a table, to say what to count"
            )
        if library in ("duckdb", "_duckdb"):
            return duck.opened_connection(source, query, progress)
        return sql.opened(source, query)
    if query is not None:
        raise ValueError(f"only a connection takes a query; source is {type(source).__name__}")
    if isinstance(source, str | os.PathLike):
        paths, kind, base = files_of(source)
        name = paths[0].name if len(paths) == 1 else os.fspath(source)
        if kind == "text":
            return text.opened(paths, name, memory_limit, progress)
        return duck.opened_parquet(paths, name, base, memory_limit, progress)
    if library.startswith("dask") and hasattr(source, "map_partitions"):
        return nullcontext(frames.of_dask(source))
    if library == "polars" and hasattr(source, "sink_parquet"):
        return frames.opened_lazy(source, wanted, memory_limit, progress)
    if library in ("pandas", "polars") and check.is_frame(source):
        return nullcontext(frames.of_memory(source))
    if library == "pyarrow" or hasattr(source, "__arrow_c_stream__"):
        return duck.opened_arrow(source, binned, memory_limit, progress)
    raise TypeError(
        "source must be a path, a data frame, Arrow data or a connection; got "
        f"{type(source).__name__} (columns in memory are counted by mitheory.count)"
    )


def _fitted(parts: tuple[str, ...], rule: Rule | Binning | None, table: Table) -> Binning | None:
    """The bins of some columns; None for a column whose values are its symbols."""
    if rule is None or (isinstance(rule, Rule) and rule.kind == "values"):
        return None
    return fit(parts, rule, table.ordered(parts))


def _refuse_missing(table: Table, counts: Counts, columns: Sequence[tuple[str, ...]]) -> None:
    for k, parts in enumerate(columns):
        symbols = counts.symbols[k]
        if symbols.dtype != object or symbols[-1] is not None:
            continue
        if table.absent is not None:
            where = table.absent(parts)
        else:
            absent = int(counts.counts[counts.codes[:, k] == symbols.size - 1].sum())
            names = " and ".join(map(repr, parts))
            where = (
                f"column {names} must not have missing values; {absent} of the {counts.n} rows of "
                f"{table.name} have"
            )
        raise ValueError(
            f"{where} (drop such rows, or count them as a symbol: missing='symbol', "
            "--missing symbol)"
        )


def _wanted(
    header: Sequence[str], columns: Sequence[str] | None, label: str | None, name: str
) -> list[str]:
    """The columns to count, the label last."""
    if isinstance(columns, str):
        raise TypeError(f"columns must be a list of names; got {columns!r} (take [{columns!r}])")
    asked = list(header) if columns is None else list(columns)
    if not asked:
        raise ValueError("columns must name at least one column; got none")
    each_once(asked, "columns")
    for column in [*asked, *([label] if label is not None else [])]:
        check.one_of(column, header, f"column of {name}")
    features = [column for column in dict.fromkeys(asked) if column != label]
    wanted = features if label is None else [*features, label]
    if label is not None and not features:
        raise ValueError(f"a label needs at least one other column; {name} has only {label!r}")
    return wanted
