"""Data frames: of pandas and polars, in memory or lazy, and of Dask, on a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from mitheory.binning import Arrays, as_numbers
from mitheory.binning.ordered import Ordered, Place, Within
from mitheory.counts import Counts
from mitheory.symbols import Symbols, as_columns, encode
from mitheory.tables.duck import opened_parquet
from mitheory.tables.grouped import Codes, Column, Table, counts_of, each_once, masked_codes


def of_memory(frame: Any) -> Table:
    """A data frame of pandas or polars: rows that occur once each, until equal ones are added."""
    names, kinds, continuous = _fields(frame)
    name = "the data frame"

    def arrays(columns: Sequence[str]) -> list[np.ndarray[Any, Any]]:
        where = [names.index(column) for column in columns]
        chosen = frame.iloc[:, where] if hasattr(frame, "iloc") else frame.select(list(columns))
        return as_columns([chosen])[0]

    def ordered(columns: Sequence[str]) -> Ordered:
        found = zip(arrays(columns), columns, strict=True)
        return Arrays([as_numbers(array, column) for array, column in found])

    def count(columns: Sequence[Column]) -> Counts:
        coded = (_coded(column, arrays(column[0])) for column in columns)
        return counts_of(columns, coded, np.ones(len(frame), dtype=np.int64), name)

    return Table(name=name, kinds=kinds, continuous=continuous, ordered=ordered, count=count)


@contextmanager
def opened_lazy(
    frame: Any,
    wanted: Callable[[Sequence[str], str], list[str]],
    memory_limit: str,
    progress: bool,
) -> Iterator[Table]:
    """A lazy frame of polars: the wanted columns, streamed to a temporary Parquet file."""
    name = "the lazy frame"
    columns = wanted(frame.collect_schema().names(), name)
    with tempfile.TemporaryDirectory(prefix="mitheory-") as folder:
        path = Path(folder, "rows.parquet")
        frame.select(columns).sink_parquet(path)
        with opened_parquet([path], name, None, memory_limit, progress) as table:
            yield table


def of_dask(frame: Any) -> Table:
    """A data frame of Dask: grouped where its parts are."""
    _, kinds, continuous = _fields(frame)
    name = "the Dask data frame"

    def count(columns: Sequence[Column]) -> Counts:
        cells = frame.map_partitions(_cells, columns, meta=_cells(frame._meta, columns))
        sizes = cells.groupby(list(cells.columns), dropna=False, observed=True, sort=False).size()
        rows = sizes.compute().reset_index()
        counts = rows.iloc[:, -1].to_numpy()
        coded = (
            encode(as_columns([rows.iloc[:, k]])[0][0], ", ".join(parts))
            for k, (parts, _) in enumerate(columns)
        )
        return counts_of(columns, coded, counts, name)

    return Table(
        name=name,
        kinds=kinds,
        continuous=continuous,
        ordered=lambda columns: _Gathered(frame, tuple(columns)),
        count=count,
    )


def _fields(frame: Any) -> tuple[list[str], dict[str, str], frozenset[str]]:
    """The names of the columns, their types, and which are continuous."""
    names = [str(column) for column in frame.columns]
    each_once(names, "the data frame")
    types = dict(zip(names, frame.dtypes, strict=True))
    continuous = {name for name, kind in types.items() if _is_continuous(kind)}
    return names, {name: str(kind) for name, kind in types.items()}, frozenset(continuous)


def _is_continuous(kind: Any) -> bool:
    """Whether a type of pandas or polars is one of floats or decimals."""
    if hasattr(kind, "is_float"):
        return bool(kind.is_float() or kind.is_decimal())
    return getattr(kind, "kind", "O") in "fc"


def _coded(column: Column, arrays: Sequence[np.ndarray[Any, Any]]) -> tuple[Symbols, Codes]:
    parts, binning = column
    if binning is None:
        return encode(arrays[0], parts[0])
    numbers = [as_numbers(array, part) for array, part in zip(arrays, parts, strict=True)]
    return encode(masked_codes(binning, numbers), binning.name)


def _cells(part: Any, columns: Sequence[Column]) -> Any:
    """The columns to be counted of one part of a frame; bins as integers that may be missing."""
    import pandas as pd

    cells = {}
    for k, (names, binning) in enumerate(columns):
        series = [part.iloc[:, list(map(str, part.columns)).index(name)] for name in names]
        if binning is None:
            cells[f"c{k}"] = series[0]
            continue
        arrays = as_columns(series)[0] if len(part) else [np.empty(0) for _ in names]
        bins = masked_codes(binning, [as_numbers(a, n) for a, n in zip(arrays, names, strict=True)])
        cells[f"c{k}"] = pd.Series(
            pd.arrays.IntegerArray(bins.filled(0), np.ma.getmaskarray(bins)), index=part.index
        )
    return pd.DataFrame(cells)


@dataclass
class _Gathered:
    """Columns of a frame of Dask. Where bins take more than the extent of a column, the columns
    are gathered here, with eight bytes a number.
    """

    frame: Any
    columns: tuple[str, ...]

    @cached_property
    def _arrays(self) -> Arrays:
        names = list(map(str, self.frame.columns))
        chosen = self.frame.iloc[:, [names.index(column) for column in self.columns]].compute()
        if len(chosen) == 0:
            return Arrays([np.empty(0) for _ in self.columns])
        found = zip(as_columns([chosen])[0], self.columns, strict=True)
        return Arrays([as_numbers(array, column) for array, column in found])

    def extent(self) -> tuple[int, float, float]:
        """As of `Ordered`."""
        if len(self.columns) > 1:
            return self._arrays.extent()
        import dask

        names = list(map(str, self.frame.columns))
        column = self.frame.iloc[:, names.index(self.columns[0])]
        n, least, most = dask.compute(column.count(), column.min(), column.max())
        return int(n), float(least), float(most)

    def at(self, column: int, ranks: Sequence[int], within: Within = ()) -> list[Place]:
        """As of `Ordered`."""
        return self._arrays.at(column, ranks, within)
