"""Counting kernels: one pass over the samples, no sort."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def tally(values, start, offset, out):  # type: ignore[no-untyped-def]
    """Add 1 to out[v - offset] for each v of values[start:].

    Stops at the first v outside [offset, offset + len(out)) and returns its position; returns
    len(values) when all were counted.
    """
    size = np.uint64(out.size)
    for i in range(start, values.size):
        cell = np.uint64(np.int64(values[i]) - offset)
        if cell >= size:
            return i
        out[cell] += 1
    return values.size


@njit(cache=True)
def tally_pairs(x, x_offset, y, y_offset, out):  # type: ignore[no-untyped-def]
    """Add 1 to out[x - x_offset, y - y_offset] for each pair; all pairs lie inside."""
    columns = np.uint64(out.shape[1])
    flat = out.ravel()
    for i in range(x.size):
        row = np.uint64(np.int64(x[i]) - x_offset)
        column = np.uint64(np.int64(y[i]) - y_offset)
        flat[row * columns + column] += 1


@njit(cache=True)
def tally_rows(rows, out):  # type: ignore[no-untyped-def]
    """For each row r and each c of rows[r], add 1 to out[r, c]; all c lie inside."""
    for r in range(rows.shape[0]):
        for i in range(rows.shape[1]):
            out[r, np.uint64(rows[r, i])] += 1
