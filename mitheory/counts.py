"""Counts: how often each symbol, or each combination of symbols of several columns, occurred.

Counting is the one pass over the data. Everything after it costs as much as there are distinct
symbols, and the counts of parts merge into the counts of the whole, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import IntArray
from mitheory.combinations import grouped, ranks_of, raveled, renumbered, unraveled
from mitheory.symbols import (
    FEW,
    WAYS,
    Codes,
    Missing,
    Symbols,
    as_columns,
    concatenate,
    encode,
    fits_table,
    is_sparse,
    object_array,
    span,
    tallied,
    whole,
)

if TYPE_CHECKING:
    from mitheory.binning import Binning
    from mitheory.profile import Profile

_SQUARES = (1, 2**5, 2**5), (WAYS, 2**8, 2**8)
"""Shapes of the tables that two columns, of few samples or more, are tallied in before the range
of their values is known."""


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each cell (combination of one symbol a column) occurred; immutable.

    Attributes
    ----------
    counts : int64 array, shape (cells,)
        Number of samples in each cell that occurred, all positive.
    codes : intp array, shape (cells, columns)
        Cell c holds symbol ``symbols[k][codes[c, k]]`` in column k; rows in lexicographic order.
    symbols : tuple of arrays, one a column
        The distinct values seen in the column, sorted; a missing value counted as a symbol is
        None and comes last.
    names : tuple of str, one a column
    binnings : tuple of Bins and Cells
        Of the columns that were binned, whose symbols are the positions of bins, from 0: printed,
        each says its bins in a line.
    """

    counts: IntArray
    codes: Codes
    symbols: tuple[Symbols, ...]
    names: tuple[str, ...]
    binnings: tuple[Binning, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.counts, self.codes, *self.symbols):
            array.setflags(write=False)

    @classmethod
    def from_table(cls, table: Any, names: tuple[str, str] = ("x", "y")) -> Counts:
        """Counts of two columns from a table of counts, rows X and columns Y, shape (Kx, Ky).

        Rows and columns without a sample are dropped: they were not seen.
        """
        plain = table.to_numpy() if hasattr(table, "to_numpy") else table  # of a pandas crosstab
        array = check.count_array(plain, "table")
        if array.ndim != 2:
            raise ValueError(
                f"table must have two dimensions, rows X and columns Y; got shape {array.shape}"
            )
        if array.sum() == 0:
            raise ValueError("table must hold at least one sample; all its counts are 0")
        x, y = np.flatnonzero(array.any(axis=1)), np.flatnonzero(array.any(axis=0))
        seen = array[np.ix_(x, y)]
        codes = np.argwhere(seen)
        return cls(seen[seen > 0], codes, (x, y), names)

    @classmethod
    def from_cells(cls, columns: Sequence[Any], counts: Any, names: tuple[str, ...]) -> Counts:
        """Counts from grouped rows: row r of the columns occurred counts[r] times.

        Parameters
        ----------
        columns : sequence of sequences, one a column, each of shape (rows,)
            Symbols; None stands for a missing value. Equal rows are added.
        counts : array_like of positive int, shape (rows,)
        names : tuple of str, one a column
        """
        totals = check.count_array(counts)
        if totals.min() == 0:
            raise ValueError(f"counts must be positive; got 0 at index {int(totals.argmin())}")
        coded = [
            encode(object_array(column), name) for column, name in zip(columns, names, strict=True)
        ]
        return cls.from_codes(coded, totals, names)

    @classmethod
    def from_codes(
        cls,
        columns: Sequence[tuple[Symbols, npt.NDArray[np.integer[Any]]]],
        counts: IntArray,
        names: tuple[str, ...],
        binnings: tuple[Binning, ...] = (),
    ) -> Counts:
        """Counts from grouped rows whose columns are coded: in a column (symbols, codes) row r
        holds symbols[codes[r]], and it occurred counts[r] times. Symbols are sorted and all occur;
        equal rows are added.
        """
        symbols = tuple(values for values, _ in columns)
        widths = [len(values) for values in symbols]
        totals, cells = grouped([codes for _, codes in columns], widths, counts)
        return cls(totals, cells, symbols, names, binnings)

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.counts.sum())

    @property
    def columns(self) -> int:
        """Number of columns that were counted together."""
        return len(self.symbols)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        return (
            self.names == other.names
            and self.binnings == other.binnings
            and self.codes.shape == other.codes.shape
            and np.array_equal(self.counts, other.counts)
            and np.array_equal(self.codes, other.codes)
            and all(
                a.dtype == b.dtype and a.tolist() == b.tolist()
                for a, b in zip(self.symbols, other.symbols, strict=True)
            )
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        sizes = ", ".join(
            f"{name}: {len(symbols)}"
            for name, symbols in zip(self.names, self.symbols, strict=True)
        )
        bins = f", bins=({'; '.join(map(str, self.binnings))})" if self.binnings else ""
        return f"Counts(n={self.n}, cells={len(self.counts)}, symbols={{{sizes}}}{bins})"

    def marginal(self, *which: int | str) -> Counts:
        """Counts of some columns, by name or position (negative from the end), in that order."""
        if not which:
            raise ValueError("marginal needs at least one column, by name or position")
        columns = [self.position(column) for column in which]
        symbols = tuple(self.symbols[k] for k in columns)
        widths = [len(values) for values in symbols]
        counts, codes = grouped(list(self.codes[:, columns].T), widths, self.counts)
        names = tuple(self.names[k] for k in columns)
        kept = tuple(binning for binning in self.binnings if binning.name in names)
        return Counts(counts, codes, symbols, names, kept)

    def features(self) -> Counts:
        """Counts of all columns but the last: the observation X that goes with the label Y."""
        if self.columns < 2:
            raise ValueError(
                "two columns or more are needed, the label last; this Counts has one "
                "(count the features and the label together: count(features, labels))"
            )
        return self.marginal(*range(self.columns - 1))

    def merge(self, other: Counts) -> Counts:
        """Counts of both samples together; equal to counting the concatenated sample.

        Raises
        ------
        TypeError, ValueError
            If `other` is no Counts, or has other columns or bins.
        """
        if not isinstance(other, Counts):
            raise TypeError(f"only Counts merge with Counts; got {type(other).__name__}")
        if self.names != other.names:
            raise ValueError(
                f"columns must be the same to merge; got {self.names} and {other.names}"
            )
        if self.binnings != other.binnings:
            both = [" and ".join(map(str, c.binnings)) or "none" for c in (self, other)]
            raise ValueError(
                f"bins must be the same to merge; got {both[0]}, and {both[1]} (count the second "
                "sample with the bins of the first: count(..., bins=first.binnings))"
            )
        if self.n + other.n > check.MAX_COUNT:
            raise ValueError(f"merged counts must sum to at most 2**53; got {self.n + other.n}")
        symbols, recoded = [], []
        for k in range(self.columns):
            union, codes = encode(concatenate(self.symbols[k], other.symbols[k]), self.names[k])
            symbols.append(union)
            first = len(self.symbols[k])
            recoded.append(
                np.concatenate([codes[:first][self.codes[:, k]], codes[first:][other.codes[:, k]]])
            )
        together = np.concatenate([self.counts, other.counts])
        counts, cells = grouped(recoded, [len(values) for values in symbols], together)
        return Counts(counts, cells, tuple(symbols), self.names, self.binnings)

    def profile(self) -> Profile:
        """How many cells occurred exactly j times, for each j."""
        from mitheory.profile import Profile

        return Profile.from_counts(self.counts)

    def table(self) -> IntArray:
        """Dense counts, shape (Kx, Ky): rows the combinations seen of all columns but the last,
        in lexicographic order, columns the symbols of the last column.
        """
        x = self.features()
        rows = ranks_of(list(self.codes[:, :-1].T), [len(s) for s in self.symbols[:-1]])
        table = np.zeros((len(x.counts), len(self.symbols[-1])), dtype=np.int64)
        table[rows, self.codes[:, -1]] = self.counts
        return table

    def position(self, which: int | str) -> int:
        """The position of a column, from its name or position (negative from the end)."""
        if isinstance(which, str):
            return self.names.index(check.one_of(which, self.names, "column"))
        position = range(-self.columns, self.columns)
        if which not in position:
            raise ValueError(
                f"column must be in {position.start}..{position.stop - 1}; got {which}"
            )
        return which % self.columns


def count(*columns: Any, missing: Missing = "raise", bins: Any = None) -> Counts:
    """Count samples: how often each symbol, or combination of symbols, occurs.

    Parameters
    ----------
    *columns : array_like, each of shape (n,) or (n, d)
        Samples of any type: NumPy arrays, lists, pandas or Arrow columns. A two-dimensional array,
        a data frame or an Arrow table stands for its d columns. By convention the last column is
        the label. These are samples, never counts: for a table of counts see `Counts.from_table`.
    missing : {"raise", "symbol"}
        What to do with NaN, None, NaT and masked entries: refuse them by name, or count them as
        one symbol (None) of their own.
    bins : mapping, optional
        How to bin columns of numbers, by name or position: 10 or "width:10" for as many bins of
        equal width, "frequency:10" for bins that hold about equally many samples, a list of edges,
        and of a tuple of columns "cells:8" for boxes that split them together. Also the `binnings`
        of other Counts, to have the same bins. Symbols then are positions of bins, from 0.

    Returns
    -------
    Counts

    Raises
    ------
    ValueError, TypeError
        For no or empty columns, columns of different lengths, missing values, unhashable entries;
        for bins that cannot be, and values outside given edges.

    Notes
    -----
    Integers in a range of at most 2 n cells are tallied in one pass without sorting; anything
    else is sorted once. Floats are symbols like others, equal if all their digits are: a column of
    a continuum, which hardly repeats a value, tells nothing until it is binned.

    Examples
    --------
    >>> import mitheory as mt
    >>> mt.count([3, 1, 3, 3])
    Counts(n=4, cells=2, symbols={column 0: 2})
    >>> mt.count(["a", "b", "a"], [True, False, True]).counts
    array([2, 1])
    >>> mt.count([0.1, 0.25, 0.7, 2.0], [0, 0, 1, 1], bins={0: "frequency:2"}).binnings[0].labels
    ('[0.1, 0.7)', '[0.7, 2]')
    """
    check.one_of(missing, ("raise", "symbol"), "missing")
    arrays, names = as_columns(columns)
    binnings: tuple[Binning, ...] = ()
    if bins is not None:
        from mitheory.binning import binned

        arrays, names, binnings = binned(arrays, names, bins, missing)
    counted = _count(arrays, names, missing)
    return replace(counted, binnings=binnings) if binnings else counted


def _count(arrays: Sequence[npt.NDArray[Any]], names: tuple[str, ...], missing: Missing) -> Counts:
    encoded = [
        encode(array, name, missing) if is_sparse(array) else (None, array)
        for array, name in zip(arrays, names, strict=True)
    ]
    if len(encoded) == 1 and encoded[0][0] is None:
        values, counts = tallied(arrays[0])
        return Counts(counts, np.arange(values.size)[:, None], (values,), names)
    return _count_joint(encoded, names)


def _count_joint(
    encoded: Sequence[tuple[Symbols | None, npt.NDArray[Any]]], names: tuple[str, ...]
) -> Counts:
    """Columns counted together: a tally where the table of all combinations is small, else a sort.

    A column whose symbols are None holds integers.
    """
    from mitheory.kernels.tally import tally_pairs

    n = encoded[0][1].size
    if len(encoded) == 2:  # two columns of small integers, or of few symbols, need no look ahead
        x, y = (whole(values) for _, values in encoded)
        table = np.zeros(_SQUARES[n >= FEW], dtype=np.int64)
        rows, columns = tally_pairs(x, 0, y, 0, table)
        if rows >= 0:
            filled = table[:, : rows + 1, : columns + 1].sum(axis=0)
            return _of_table(filled.ravel(), filled.shape, (0, 0), encoded, names)
    ranges = [span(v) if s is None else (0, len(s)) for s, v in encoded]
    if not all(fits_table(*limits, n) for limits in ranges):
        encoded = [
            encode(v, name) if s is None else (s, v)
            for (s, v), name in zip(encoded, names, strict=True)
        ]
        ranges = [(0, len(s)) for s, _ in encoded if s is not None]
    offsets, widths = zip(*ranges, strict=True)
    cells = int(np.prod(widths, dtype=object))
    if len(encoded) == 1 or not fits_table(0, cells, n):
        shifted = [
            values if symbols is not None else values.astype(np.int64) - offset
            for (symbols, values), offset in zip(encoded, offsets, strict=True)
        ]
        counts, codes = grouped(shifted, widths, np.ones(n, dtype=np.int64))
        return _of_codes(counts, codes, offsets, encoded, names)
    *first, (_, last) = encoded
    if len(first) == 1:
        left, left_offset = whole(first[0][1]), offsets[0]
    else:
        left, left_offset = raveled([v for _, v in first], ranges[:-1]), 0
    table = np.zeros((1, cells // widths[-1], widths[-1]), dtype=np.int64)
    tally_pairs(left, left_offset, whole(last), offsets[-1], table)
    return _of_table(table.ravel(), widths, offsets, encoded, names)


def _of_table(
    table: IntArray,
    widths: Sequence[int],
    offsets: Sequence[int],
    encoded: Sequence[tuple[Symbols | None, npt.NDArray[Any]]],
    names: tuple[str, ...],
) -> Counts:
    """Counts from the table, flat, of all combinations of columns of these widths."""
    seen = np.flatnonzero(table)
    return _of_codes(table[seen], unraveled(seen, widths), offsets, encoded, names)


def _of_codes(
    counts: IntArray,
    codes: Codes,
    offsets: Sequence[int],
    encoded: Sequence[tuple[Symbols | None, npt.NDArray[Any]]],
    names: tuple[str, ...],
) -> Counts:
    """Counts from codes that stand for integers, the first of a column given in `offsets`, in the
    columns whose symbols are None.
    """
    columns: list[Symbols] = []
    for k, ((symbols, values), offset) in enumerate(zip(encoded, offsets, strict=True)):
        if symbols is None:
            seen, codes[:, k] = renumbered(codes[:, k])
            symbols = (seen + offset).astype(values.dtype)
        columns.append(symbols)
    return Counts(counts, codes, tuple(columns), names)
