"""Grouped rows to Counts, one column at a time: no row becomes a Python object of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.binning import Arrays, Binning
from mitheory.binning.ordered import Ordered
from mitheory.check import FloatArray
from mitheory.counts import Counts
from mitheory.symbols import Symbols, encode, fits_table, object_array, span


def numbers_in(symbols: Symbols) -> tuple[str, Any] | None:
    """The type of the continuous numbers among the symbols of a column, and one, if there are."""
    if symbols.dtype.kind in "fc":
        return str(symbols.dtype), symbols[0]
    if symbols.dtype.kind != "O":
        return None
    kinds = (float, complex, Decimal, np.inexact)
    return next(((type(s).__name__, s) for s in symbols.tolist() if isinstance(s, kinds)), None)


Codes = npt.NDArray[np.integer[Any]]
"""The positions of the rows' values among the symbols of a column."""

Column = tuple[tuple[str, ...], Binning | None]
"""What is counted as one column: a column of the table, or those that a binning makes one of."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as its engine offers it.

    Attributes
    ----------
    name : str
        What messages call it.
    kinds : mapping of str to str
        The type of each column, in order, in words of the engine; empty if only values have one.
    continuous : set of str
        The columns whose type is that of continuous numbers.
    ordered : callable
        From the names of columns of numbers to what places bins in them.
    count : callable
        From columns to their Counts, missing values as the symbol None.
    seems : callable
        From the symbols of a column to the type of continuous numbers that they show, if any, and
        one of them.
    absent : callable
        From columns that have missing values to where the first one is, in words.
    """

    name: str
    kinds: Mapping[str, str]
    continuous: frozenset[str] = frozenset()
    ordered: Callable[[Sequence[str]], Ordered]
    count: Callable[[Sequence[Column]], Counts]
    seems: Callable[[Symbols], tuple[str, Any] | None] = numbers_in
    absent: Callable[[Sequence[str]], str] | None = None


def each_once(columns: Sequence[str], name: str) -> None:
    """Refuse a table in which two columns have one name."""
    if len(set(columns)) < len(columns):
        twice = next(column for column in columns if columns.count(column) > 1)
        raise ValueError(f"{name} must name each column once; {twice!r} is named twice")


def counts_of(
    columns: Sequence[Column],
    coded: Iterable[tuple[Symbols, Codes]],
    counts: npt.NDArray[Any],
    name: str,
) -> Counts:
    """Counts of the grouped rows of a table, whose columns come coded, one by one."""
    if counts.size == 0:
        raise ValueError(f"{name} must hold at least one row; it has none")
    totals = check.count_array(counts)
    found = [
        (symbols if binning is None else _of_bins(symbols, binning), codes)
        for (_, binning), (symbols, codes) in zip(columns, coded, strict=True)
    ]
    names = tuple(", ".join(parts) for parts, _ in columns)
    binnings = tuple(binning for _, binning in columns if binning is not None)
    return Counts.from_codes(found, totals, names, binnings)


def masked_codes(binning: Binning, columns: Sequence[FloatArray]) -> Any:
    """The bin of each row, masked where a value is missing."""
    values = Arrays(columns)
    codes = np.ma.masked_all(values.missing.size, dtype=np.int64)
    codes[~values.missing] = binning.codes(*values.present)
    return codes


def _of_bins(symbols: Symbols, binning: Binning) -> Symbols:
    """The codes of bins as counting in memory has them, whatever integers an engine gave."""
    codes = np.array([code for code in symbols.tolist() if code is not None], dtype=np.int64)
    binning.inside(codes)
    return codes if codes.size == symbols.size else object_array([*codes.tolist(), None])


def coded_values(values: Any, codes: Codes, name: str) -> tuple[Symbols, Codes]:
    """Symbols and codes of a column, from values in any order and the position of each row
    among them. Values that are equal, or missing alike, become one symbol.
    """
    symbols, order = encode(_as_array(values), name)
    return symbols, order[codes]


def coded_arrow(
    column: Any, name: str, interpret: Callable[[Any], Any] | None = None
) -> tuple[Symbols, Codes]:
    """Symbols and codes of a chunked Arrow column, which is not empty: those that counting it in
    memory gives. `interpret` says what a value stands for, if not for itself.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_interval(kind):
        raise TypeError(
            f"column {name!r} must hold symbols; an interval of months, days and seconds is none "
            "(count its parts, or its length in microseconds as an integer)"
        )
    if pa.types.is_null(kind):
        return object_array([None]), np.zeros(len(column), dtype=np.intp)
    if pa.types.is_integer(kind) and not column.null_count and interpret is None:
        return _coded_integers(integers(column), name)
    distinct, codes = distinct_arrow(column, name)
    if interpret is not None:
        values = [None if v is None else interpret(v) for v in distinct.to_pylist()]
        return coded_values(values, codes, name)
    if distinct.null_count:
        return coded_values(distinct.to_pylist(), codes, name)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _coded_text(distinct, codes)
    return coded_values(np.asarray(distinct), codes, name)


def integers(column: Any) -> npt.NDArray[Any]:
    """A chunked Arrow column of integers, of which none is missing; Arrow itself would load pandas
    to convert it.
    """
    kind = np.dtype(column.type.to_pandas_dtype())
    parts = [np.empty(0, kind)]
    for chunk in column.chunks:
        parts.append(np.frombuffer(chunk.buffers()[1], kind)[chunk.offset :][: len(chunk)])
    return np.concatenate(parts)


def distinct_arrow(column: Any, name: str) -> tuple[Any, Codes]:
    """The distinct values of a chunked Arrow column, which is not empty, and its codes."""
    import pyarrow as pa

    try:
        chunks = column.dictionary_encode().unify_dictionaries().chunks
    except pa.ArrowNotImplementedError:
        raise TypeError(
            f"column {name!r} must hold single values to be counted; its type is {column.type} "
            "(count its parts as columns of their own)"
        ) from None
    distinct = chunks[0].dictionary
    if column.null_count:
        distinct = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)])
    last = len(distinct) - 1
    indices = pa.chunked_array([chunk.indices.fill_null(last) for chunk in chunks])
    return distinct, integers(indices)


def _coded_integers(values: npt.NDArray[Any], name: str) -> tuple[Symbols, Codes]:
    """Symbols and codes of integers; those in a small range are not sorted, nor copied at need."""
    least, width = span(values)
    if not fits_table(least, width, values.size):
        return encode(values, name)
    shifted = values if least == 0 else values.astype(np.int64) - least
    seen = np.zeros(width, dtype=bool)
    seen[shifted] = True
    symbols = (np.flatnonzero(seen) + least).astype(values.dtype)
    if symbols.size == width:
        return symbols, shifted
    small: type[np.integer[Any]] = np.int32 if width <= np.iinfo(np.int32).max else np.intp
    return symbols, np.asarray(np.cumsum(seen) - 1, dtype=small)[shifted]


def _coded_text(distinct: Any, codes: Codes) -> tuple[Symbols, Codes]:
    """Symbols and codes of text, sorted by Arrow: the order of UTF-8 is that of code points."""
    import pyarrow.compute as pc

    order = np.asarray(pc.sort_indices(distinct))
    ranks = np.empty(order.size, dtype=np.intp)
    ranks[order] = np.arange(order.size)
    return distinct.take(order).to_numpy(zero_copy_only=False), ranks[codes]


def _as_array(values: Any) -> npt.NDArray[Any]:
    """An array that keeps the values: integers, booleans or floats if all are, else objects."""
    if isinstance(values, np.ndarray):
        return values
    kinds = set(map(type, values))
    if kinds in ({int}, {bool}, {float}):
        array = np.asarray(values)
        if array.dtype.kind in ("f" if kinds == {float} else "biu"):  # no integer beyond 64 bits
            return array
    return object_array(values)
