"""Code lengths of labels under mixtures of Dirichlet-multinomial laws."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.loggamma import loggamma_up

_TABLE = 256
"""Counts below this are looked up."""


@njit(cache=True)
def rising_tables(n, classes, pseudo_counts):
    """ln of a (a + 1) ... (a + c - 1) for small c: a each pseudo-count, or `classes` times it."""
    tables = np.empty((pseudo_counts.size, 2, min(_TABLE, n + 1)))
    for k, a in enumerate(pseudo_counts):
        for c in range(tables.shape[2]):
            tables[k, 0, c] = loggamma_up(a, float(c))
            tables[k, 1, c] = loggamma_up(classes * a, float(c))
    return tables


@njit(cache=True)
def _rising(count, a, table):
    """ln of a (a + 1) ... (a + count - 1)."""
    return table[count] if count < table.size else loggamma_up(a, float(count))


@njit(cache=True)
def code_length(counts, labels, starts, classes, pseudo_counts, rising):
    """-ln of an even mixture of laws of the labels given X, see mitheory.certificates.codes.

    `counts` and `labels` hold the cells row by row, each row beginning at an entry of `starts`;
    `rising` comes from `rising_tables`.
    """
    rows = starts.size
    totals = np.zeros(rows, dtype=np.int64)
    for x in range(rows):
        for i in range(starts[x], starts[x + 1] if x + 1 < rows else counts.size):
            totals[x] += counts[i]
    n = totals.sum()
    order = np.argsort(totals)
    thresholds = 1
    while 2 ** (thresholds - 1) - 1 < n:
        thresholds += 1
    lengths = np.empty((pseudo_counts.size, thresholds))
    for k, a in enumerate(pseudo_counts):
        tables, whole = rising[k], classes * a
        own = 0.0  # of the rows that occur more often than the threshold
        for x in order[::-1]:
            own += _row(counts, starts, x, totals[x], a, whole, tables)
        pooled = np.zeros(labels.max() + 1, dtype=np.int64)
        done, total = 0, 0
        for t in range(thresholds):
            while done < rows and totals[order[done]] <= 2**t - 1:
                x = order[done]
                own -= _row(counts, starts, x, totals[x], a, whole, tables)
                for i in range(starts[x], starts[x + 1] if x + 1 < rows else counts.size):
                    pooled[labels[i]] += counts[i]
                total += totals[x]
                done += 1
            together = _rising(total, whole, tables[1])
            for c in pooled:
                together -= _rising(c, a, tables[0])
            lengths[k, t] = own + together if done < rows else together
    shortest = lengths.min()
    return shortest - math.log(np.exp(shortest - lengths).mean())


@njit(cache=True)
def _row(counts, starts, x, total, a, whole, tables):
    """Code length of one row by itself."""
    length = _rising(total, whole, tables[1])
    for i in range(starts[x], starts[x + 1] if x + 1 < starts.size else counts.size):
        length -= _rising(counts[i], a, tables[0])
    return length


@njit(cache=True)
def code_lengths(tables, classes, pseudo_counts):
    """`code_length` of every table of a batch of one sample size, shape (tables, rows, labels)."""
    out = np.empty(tables.shape[0])
    rising = rising_tables(tables[0].sum(), classes, pseudo_counts)
    rows, columns = tables.shape[1:]
    counts = np.empty(rows * columns, dtype=np.int64)
    labels = np.empty(rows * columns, dtype=np.int64)
    starts = np.empty(rows, dtype=np.int64)
    for b in range(tables.shape[0]):
        cells = filled = 0
        for x in range(rows):
            first = cells
            for y in range(columns):
                if tables[b, x, y] > 0:
                    counts[cells], labels[cells] = tables[b, x, y], y
                    cells += 1
            if cells > first:
                starts[filled] = first
                filled += 1
        out[b] = code_length(
            counts[:cells], labels[:cells], starts[:filled], classes, pseudo_counts, rising
        )
    return out
