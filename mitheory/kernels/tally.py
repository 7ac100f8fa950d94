"""Counting kernels: one pass over the samples, no sort.

Samples are turned into cells block by block, which the compiler vectorises and which checks their
range, and then tallied while the block is in the first-level cache. The rows of `out` are tables
of their own, to be added up: consecutive samples go to different rows, so that a frequent symbol
does not have to wait for its own last increment.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 1024


@njit(cache=True, nogil=True)
def tally(values, offset, out, aside):
    """Add 1 to out[r, v - offset], in any row r, for each v of values, shape (n,).

    A v outside offset .. offset + out.shape[1] - 1 is put into `aside`. Returns the greatest
    v - offset of the others, and how many went aside: if these are more than there is room for,
    the tally is left off, and the number is one more than that.
    """
    size, greatest, put = np.uint64(out.shape[1]), np.uint64(0), 0
    cells = np.empty(BLOCK, dtype=np.uint64)
    for start in range(0, values.size, BLOCK):
        block = values[start : start + BLOCK]
        most, kept = np.uint64(0), block.size
        for i in range(block.size):
            cells[i] = np.uint64(np.int64(block[i]) - offset)
            most = max(most, cells[i])
        if most >= size:
            most, kept = np.uint64(0), 0
            for i in range(block.size):
                cell = cells[i]
                if cell < size:
                    cells[kept] = cell
                    kept += 1
                    most = max(most, cell)
                elif put < aside.size:
                    aside[put] = block[i]
                    put += 1
                else:
                    return np.int64(greatest), put + 1
        greatest = max(greatest, most)
        _add(cells[:kept], out)
    return np.int64(greatest), put


@njit(cache=True, nogil=True)
def tally_pairs(x, x_offset, y, y_offset, out):
    """Add 1 to out[r, x - x_offset, y - y_offset], in any row r, for each pair.

    Returns the greatest x - x_offset and y - y_offset; or (-1, -1), the tally then left off, if
    some pair lies outside the table.
    """
    rows, columns = np.uint64(out.shape[1]), np.uint64(out.shape[2])
    flat = out.reshape(out.shape[0], -1)
    x_most, y_most = np.uint64(0), np.uint64(0)
    cells = np.empty(BLOCK, dtype=np.uint64)
    for start in range(0, x.size, BLOCK):
        x_block, y_block = x[start : start + BLOCK], y[start : start + BLOCK]
        for i in range(x_block.size):
            row = np.uint64(np.int64(x_block[i]) - x_offset)
            column = np.uint64(np.int64(y_block[i]) - y_offset)
            x_most, y_most = max(x_most, row), max(y_most, column)
            cells[i] = row * columns + column
        if x_most >= rows or y_most >= columns:
            return np.int64(-1), np.int64(-1)
        _add(cells[: x_block.size], flat)
    return np.int64(x_most), np.int64(y_most)


@njit(cache=True, nogil=True)
def _add(cells, out):
    ways = out.shape[0]
    a, b, c, d = out[0], out[1 % ways], out[2 % ways], out[3 % ways]
    fours = cells.size // 4
    for i in range(fours):
        a[cells[4 * i]] += 1
        b[cells[4 * i + 1]] += 1
        c[cells[4 * i + 2]] += 1
        d[cells[4 * i + 3]] += 1
    for i in range(4 * fours, cells.size):
        a[cells[i]] += 1


@njit(cache=True, nogil=True)
def tally_rows(rows, rank, out):
    """Set out[r, k] to the number of entries c of rows[r] with rank[c] = k; ranks that lie beyond
    the width of `out`, by one, are not counted.
    """
    width, half = out.shape[1], rows.shape[1] // 2
    tables = np.empty((2, width + 1), dtype=np.int64)
    a, b = tables[0], tables[1]
    for r in range(rows.shape[0]):
        left, right, table = rows[r, :half], rows[r, half:], out[r]
        tables[:] = 0
        for i in range(half):
            a[rank[np.uint64(left[i])]] += 1
            b[rank[np.uint64(right[i])]] += 1
        for i in range(half, right.size):
            b[rank[np.uint64(right[i])]] += 1
        for k in range(width):
            table[k] = a[k] + b[k]


@njit(cache=True, nogil=True)
def runs(values, counts):
    """Put the distinct ones of sorted values first, and into counts how often each occurs; returns
    their number.
    """
    last, first = 0, 0
    for i in range(1, values.size):
        if values[i] != values[last]:
            counts[last] = i - first
            last, first = last + 1, i
            values[last] = values[i]
    counts[last] = values.size - first
    return last + 1
