"""Many columns of samples: the counts of each, and the joint counts of every two."""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory.check import IntArray
from mitheory.symbols import SMALL_TABLE, as_columns, encode, is_sparse, tallied, whole

Codes = npt.NDArray[np.uint32]
Tallied = tuple[IntArray, IntArray, IntArray]
"""First columns, second columns, and a row of joint counts for each pair, shape (pairs, cells);
in which order the cells come, and how many zeros follow, is left open."""

_RANGE = 2**8
"""Integers in a range of this width are their own codes; others are sorted for theirs."""

_GROUP = 2**7
"""Columns are packed together up to this many combinations: the table of two groups then about
fits the first-level cache."""

_PIECE = 2**18
"""Joint counts come in pieces of about this many cells, which fit the second."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of samples as codes, those of few symbols first.

    Attributes
    ----------
    codes : uint32 array, shape (d, n)
    widths : int64 array, shape (d,)
        The codes of column c lie in 0 .. widths[c] - 1.
    place : intp array, shape (d,)
        Where each column stood.
    """

    codes: Codes
    widths: IntArray
    place: npt.NDArray[np.intp]

    @classmethod
    def of(cls, columns: Any) -> Columns:
        """From a two-dimensional array, a data frame, or a list of columns."""
        several = isinstance(columns, (list, tuple))
        arrays, names = as_columns(columns if several else [columns])
        if arrays[0].size >= 2**31:
            raise ValueError(f"columns must have fewer than 2**31 rows; got {arrays[0].size}")
        if isinstance(columns, np.ndarray) and columns.ndim == 2 and not is_sparse(columns):
            return cls(*_coded_matrix(whole(columns)))
        coded = [_coded(array, name) for array, name in zip(arrays, names, strict=True)]
        widths = np.array([width for _, width in coded])
        order = np.argsort(widths, kind="stable")
        return cls(np.stack([coded[c][0] for c in order]), widths[order], order)

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.codes.shape[1])

    def permuted(self, rng: np.random.Generator) -> Columns:
        """Each column's samples in a random order of its own."""
        return dataclasses.replace(self, codes=rng.permuted(self.codes, axis=1))

    def marginals(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Columns, and a row of counts for each."""
        from mitheory.kernels.pairwise import column_counts

        for width in np.unique(self.widths):
            same = np.flatnonzero(self.widths == width)
            for columns in np.array_split(same, -(-same.size * width // _PIECE)):
                counts = np.empty((columns.size, width), dtype=np.int64)
                column_counts(self.codes[columns[0] : columns[-1] + 1], counts)
                yield columns, counts

    def joints(self, threads: int) -> Iterator[Tallied]:
        """Every two columns with their joint counts, in pieces, tallied by so many threads."""
        packed = _Packed.of(self)
        pieces = packed.pieces()
        if threads == 1:
            yield from (tally() for tally in pieces)
            return
        with ThreadPoolExecutor(threads) as pool:
            ahead: deque[Any] = deque()
            for tally in pieces:
                ahead.append(pool.submit(tally))
                if len(ahead) > 2 * threads:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()


@dataclass(frozen=True, eq=False)
class _Packed:
    """Columns packed to groups: group g holds the columns first[g] .. first[g + 1] - 1."""

    columns: Columns
    first: IntArray
    groups: Codes

    @classmethod
    def of(cls, columns: Columns) -> _Packed:
        from mitheory.kernels.pairwise import pack_columns

        # a table of more cells than samples would cost more to add up than to tally
        limit, size, first = min(_GROUP, math.isqrt(columns.n)), 1, [0]
        for c, width in enumerate(columns.widths.tolist()):
            if size * width > limit and c > first[-1]:
                first.append(c)
                size = 1
            size *= width
        bounds = np.array([*first, len(columns.widths)])
        groups = np.empty((len(first), columns.n), dtype=np.uint32)
        pack_columns(columns.codes, columns.widths, bounds, groups)
        return cls(columns, bounds, groups)

    def pieces(self) -> Iterator[Callable[[], Tallied]]:
        """What tallies the pairs, piece by piece; pairs with too large a table are sorted."""
        widths, first, n = self.columns.widths, self.first, self.columns.n
        u, v = np.triu_indices(len(self.groups))
        size = np.multiply.reduceat(widths, first[:-1])
        small = size[u] * size[v] <= max(SMALL_TABLE, 2 * n)
        # the last column of a group is its widest; tables of a piece are of like size, and groups
        # that meet themselves, of which half the tables are left out, are together
        widest, members = widths[first[1:] - 1], np.diff(first)
        cells, rows = widest[u] * widest[v], members[u] * members[v]
        dense = np.flatnonzero(small)
        dense = dense[np.lexsort(((u == v)[dense], cells[dense]))]
        part = np.cumsum(cells[dense] * rows[dense]) // _PIECE
        scale = np.log2(cells[dense]).astype(np.int64)
        cuts = np.flatnonzero((np.diff(part) > 0) | (np.diff(scale) > 0)) + 1
        for units in np.split(dense, cuts) if dense.size else []:
            pairs = np.stack([u[units], v[units]], axis=1)
            shape = (int(rows[units].sum()), int(cells[units].max()))
            yield partial(self._tallied, pairs, shape)
        for unit in np.flatnonzero(~small):
            for x in range(*first[u[unit] : u[unit] + 2]):
                for y in range(max(x + 1, first[v[unit]]), first[v[unit] + 1]):
                    yield partial(self._sorted, x, y)

    def _tallied(self, pairs: IntArray, shape: tuple[int, int]) -> Tallied:
        from mitheory.kernels.pairwise import joint_counts

        widths, first = self.columns.widths, self.first
        size = np.multiply.reduceat(widths, first[:-1])
        table = np.empty(size[pairs].prod(axis=1).max(), np.min_scalar_type(self.columns.n))
        which, counts = np.empty((shape[0], 2), dtype=np.int64), np.empty(shape, dtype=np.int64)
        joint_counts(self.groups, widths, first, pairs, table, which, counts)
        x, y = which.T
        once = x < y  # a group meets itself too, and then each of its pairs twice
        return (x, y, counts) if once.all() else (x[once], y[once], counts[once])

    def _sorted(self, x: int, y: int) -> Tallied:
        codes, widths = self.columns.codes, self.columns.widths
        _, counts = tallied(codes[x].astype(np.int64) * widths[y] + codes[y])
        return np.array([x]), np.array([y]), counts[None]


def _coded_matrix(matrix: npt.NDArray[Any]) -> tuple[Codes, IntArray, npt.NDArray[np.intp]]:
    """The codes of the columns of an array of integers, their widths, and where they stood."""
    from mitheory.kernels.pairwise import code_columns, column_spans

    n, d = matrix.shape
    least, most = np.empty((2, d), dtype=matrix.dtype)
    column_spans(matrix, least, most)
    widths = np.array([int(b) - int(a) + 1 for a, b in zip(least, most, strict=True)], dtype=object)
    wide = {c: _coded(matrix[:, c], f"column {c}") for c in np.flatnonzero(widths > _RANGE)}
    for c, (_, width) in wide.items():
        widths[c] = width
    order = np.argsort(widths, kind="stable")
    codes = np.empty((d, n), dtype=np.uint32)
    code_columns(matrix, least.astype(np.int64), order, codes)
    for c, (column, _) in wide.items():
        codes[np.flatnonzero(order == c)] = column
    return codes, widths[order].astype(np.int64), order


def _coded(column: npt.NDArray[Any], name: str) -> tuple[Codes, int]:
    """Codes and width of one column of any type."""
    if not is_sparse(column):
        least, width = int(column.min()), int(column.max()) - int(column.min()) + 1
        if width <= _RANGE:
            return (whole(column) - least).astype(np.uint32), width
    symbols, codes = encode(column, name, "raise")
    return codes.astype(np.uint32), len(symbols)
