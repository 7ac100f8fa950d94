"""Joint tables of many pairs of columns.

Columns of few symbols are packed, several to a group, so that one increment of a table of two
groups counts a sample for all pairs of their columns at once; the pairs' own tables are its sums.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TILE = 16
"""So many 32-bit codes fill a cache line."""

ROWS = 2**17 - 2
"""Two tables of 16-bit counts hold so many samples."""


@njit(cache=True, nogil=True)
def column_spans(data, least, most):
    """The least and the greatest value of each column."""
    least[:] = data[0]
    most[:] = data[0]
    for s in range(1, data.shape[0]):
        row = data[s]
        for c in range(row.size):
            least[c] = min(least[c], row[c])
            most[c] = max(most[c], row[c])


@njit(cache=True, nogil=True)
def code_columns(data, least, order, out):
    """out[k, s] = data[s, c] - least[c] for the k-th column c of `order`, tile by tile."""
    for start in range(0, data.shape[0], TILE):
        tile = data[start : start + TILE]
        for k in range(out.shape[0]):
            c = order[k]
            row = out[k, start : start + TILE]
            for s in range(row.size):
                row[s] = np.int64(tile[s, c]) - least[c]


@njit(cache=True, nogil=True)
def column_counts(codes, out):
    """out[c, k]: how many samples of column c have code k."""
    out[:] = 0
    for c in range(codes.shape[0]):
        column, table = codes[c], out[c]
        for s in range(column.size):
            table[np.uint64(column[s])] += 1


@njit(cache=True, nogil=True)
def pack_columns(codes, widths, first, out):
    """out[g, s]: the codes of sample s in the columns first[g] .. first[g + 1] - 1, as digits of
    one number, the last column the fastest.
    """
    for g in range(out.shape[0]):
        packed = out[g]
        packed[:] = codes[first[g]]
        for c in range(first[g] + 1, first[g + 1]):
            column, width = codes[c], np.uint32(widths[c])
            for s in range(packed.size):
                packed[s] = packed[s] * width + column[s]


@njit(cache=True, nogil=True)
def joint_counts(packed, widths, first, pairs, whole, which, out):
    """Rows of `out`: the joint counts of each column of the first group and each of the second,
    for one pair of groups after the other; a row holds the table flat, then zeros. The columns
    are named in `which`, shape (rows, 2). The table of two groups is made in `whole`, whose type
    holds the number of samples: the narrower, the faster.
    """
    sizes = np.array([np.prod(widths[first[g] : first[g + 1]]) for g in range(first.size - 1)])
    a, b = np.zeros(whole.size, dtype=np.uint16), np.zeros(whole.size, dtype=np.uint16)
    row = 0
    for t in range(pairs.shape[0]):
        u, v = pairs[t]
        cells = sizes[u] * sizes[v]
        _tally(packed[u], packed[v], sizes[v], a[:cells], b[:cells], whole[:cells])
        table = whole[:cells].reshape(sizes[u], sizes[v])
        x_inner = sizes[u]
        for x in range(first[u], first[u + 1]):
            x_inner //= widths[x]
            by_x = _sum_rows(table, widths[x], x_inner)
            y_inner = sizes[v]
            for y in range(first[v], first[v + 1]):
                y_inner //= widths[y]
                which[row, 0], which[row, 1] = x, y
                _sum_columns(by_x, widths[y], y_inner, out[row])
                row += 1


@njit(cache=True, nogil=True)
def _tally(u, v, columns, a, b, out):
    """Joint counts of two groups, by way of two tables a and b that are 0 before and after.

    Samples go to them in turn, so that a frequent cell does not have to wait for its own last
    increment.
    """
    columns = np.uint64(columns)
    for start in range(0, u.size, ROWS):
        left, right = u[start : start + ROWS], v[start : start + ROWS]
        for s in range(left.size // 2):
            a[np.uint64(left[2 * s]) * columns + np.uint64(right[2 * s])] += np.uint16(1)
            b[np.uint64(left[2 * s + 1]) * columns + np.uint64(right[2 * s + 1])] += np.uint16(1)
        if left.size % 2:
            a[np.uint64(left[-1]) * columns + np.uint64(right[-1])] += np.uint16(1)
        if start == 0:
            for i in range(out.size):
                out[i] = a[i] + b[i]
        else:
            for i in range(out.size):
                out[i] += a[i] + b[i]
        a[:] = 0
        b[:] = 0


@njit(cache=True, nogil=True)
def _sum_rows(table, width, below):
    """Sum of the rows with the same digit; the digit's place value is `below`."""
    if table.shape[0] == width:
        return table
    sums = np.zeros((width, table.shape[1]), dtype=table.dtype)
    for above in range(0, table.shape[0], width * below):
        for k in range(width):
            target = sums[k]
            for r in range(above + k * below, above + (k + 1) * below):
                source = table[r]
                for c in range(source.size):
                    target[c] += source[c]
    return sums


@njit(cache=True, nogil=True)
def _sum_columns(table, width, below, out):
    """Sum of the columns with the same digit, into out, flat; the rest of out becomes 0."""
    out[:] = 0
    for r in range(table.shape[0]):
        source, target = table[r], out[r * width : (r + 1) * width]
        for above in range(0, source.size, width * below):
            if below == 1:
                for k in range(width):
                    target[k] += source[above + k]
                continue
            for k in range(width):
                total = np.uint32(0)
                for c in range(below):
                    total += source[above + k * below + c]
                target[k] += total
