"""Combinations of the symbols of several columns: as one integer each, and grouped.

A column is an array of codes, the positions of its symbols; all columns are of one length, and the
codes of a column lie below its width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory.check import IntArray
from mitheory.symbols import SMALL_TABLE, Codes, fits_table


def renumbered(codes: Codes) -> tuple[Codes, Codes]:
    """The codes that occur, ascending, and the position of each code among them."""
    seen = np.zeros(int(codes.max()) + 1, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def raveled(values: Sequence[npt.NDArray[Any]], ranges: Sequence[tuple[int, int]]) -> Codes:
    """One integer a sample for several columns, in lexicographic order."""
    index = np.zeros(values[0].size, dtype=np.intp)
    for column, (offset, width) in zip(values, ranges, strict=True):
        index *= width
        index += column
        index -= offset
    return index


def ranks_of(columns: Sequence[npt.NDArray[Any]], widths: Sequence[int]) -> Codes:
    """For each row of columns of codes, the rank of its combination among those that occur."""
    ranks = columns[0]
    size = widths[0]
    for column, width in zip(columns[1:], widths[1:], strict=True):
        if size > np.iinfo(np.intp).max // width:
            ranks = np.unique(ranks, return_inverse=True)[1]
            size = int(ranks.max()) + 1
        ranks = ranks * width + column
        size *= width
    if fits_table(0, size, len(ranks)):
        return renumbered(ranks)[1]
    return np.asarray(np.unique(ranks, return_inverse=True)[1])


def grouped(
    columns: Sequence[npt.NDArray[Any]], widths: Sequence[int], counts: IntArray
) -> tuple[IntArray, Codes]:
    """Sum the counts, all positive, of equal rows of columns of codes; rows come out in
    lexicographic order.
    """
    cells = int(np.prod(widths, dtype=object))
    if cells > np.iinfo(np.intp).max:
        ranks = ranks_of(columns, widths)
        totals = np.zeros(int(ranks.max()) + 1, dtype=np.int64)
        np.add.at(totals, ranks, counts)
        first = np.empty((totals.size, len(columns)), dtype=np.intp)
        first[ranks] = np.stack(columns, axis=1)
        return totals, first
    index = raveled(columns, [(0, width) for width in widths])
    if fits_table(0, cells, index.size):
        table = np.zeros(cells, dtype=np.int64)
        table[index] = counts
        seen = np.flatnonzero(table)
        if seen.size < index.size:  # some rows are equal
            table[seen] = 0
            np.add.at(table, index, counts)
        del index  # large arrays go before the next ones come
        totals = table[seen]
        del table
        return totals, unraveled(seen, widths)
    seen, ranks = np.unique(index, return_inverse=True)
    totals = np.zeros(seen.size, dtype=np.int64)
    np.add.at(totals, ranks, counts)
    return totals, unraveled(seen, widths)


def unraveled(index: Codes, widths: Sequence[int]) -> Codes:
    """Rows of codes from one integer a row, in lexicographic order."""
    codes = np.empty((index.size, len(widths)), dtype=np.intp)
    # np.unravel_index takes 64 columns at most, np.divmod and long temporaries thrice the time
    for start in range(0, index.size, SMALL_TABLE):
        rows, rest = codes[start : start + SMALL_TABLE], index[start : start + SMALL_TABLE]
        for k in range(len(widths) - 1, 0, -1):
            above = rest // widths[k]
            rows[:, k] = rest - above * widths[k]
            rest = above
        rows[:, 0] = rest
    return codes
