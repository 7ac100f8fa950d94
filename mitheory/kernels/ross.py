"""Neighbour counts of scalars around the k-th neighbour of the same label.

The samples are sorted once; each labelling of them then takes one pass. Within a label's own
samples the nearest ones of a sample form a window that only moves to the right.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def ross_means(x, order, labels, first, k, psi, out):
    """out[b] = the mean of psi(n) - psi(n_y) + psi(K) - psi(M) for the labelling labels[b].

    x: the sorted values, of the samples order[0], order[1], ...; labels: shape (B, n), codes;
    first[c] : first[c + 1]: the places of code c once the samples are grouped by code, the same for
    all labellings; psi[i]: digamma(i). Of the n samples n_y have a sample's label. M counts those
    strictly nearer than the k-th neighbour of the same label, K those of them with that label, the
    sample itself included in both; where that neighbour is at distance 0, they count the samples
    at distance 0. A sample alone with its label contributes 0.
    """
    n = x.size
    places = np.empty(n, dtype=np.int64)
    values = np.empty(n)
    free = np.empty(first.size - 1, dtype=np.int64)
    for b in range(out.size):
        free[:] = first[:-1]
        row = labels[b]
        for p in range(n):
            c = row[order[p]]
            places[free[c]] = p
            values[free[c]] = x[p]
            free[c] += 1
        total = 0.0
        for c in range(free.size):
            own = slice(first[c], first[c + 1])
            total += _class_sum(x, places[own], values[own], k, psi)
        out[b] = total / n


@njit(cache=True, nogil=True)
def _class_sum(x, places, values, k, psi):
    """The sum over the samples of one label, which are at some places of the sorted values."""
    size, n = values.size, x.size
    if size < 2:
        return 0.0
    k = min(k, size - 1)
    most = psi[n] - psi[size]
    total = 0.0
    start = 0  # of the window of k + 1 nearest samples, which holds the sample itself
    j = 0
    while j < size:
        v = values[j]
        end = j + 1
        while end < size and values[end] == v:
            end += 1
        while start + k + 1 < size and values[start + k + 1] - v < v - values[start]:
            start += 1
        distance = max(v - values[start], values[start + k] - v)
        low, high = j, end  # the samples of this label in the ball, from low up to high
        if distance > 0:
            while low > start and v - values[low - 1] < distance:
                low -= 1
            while high <= start + k and values[high] - v < distance:
                high += 1
        left = _first_inside(x, places[low - 1] + 1 if low else 0, places[low], v, distance)
        stop = places[high] if high < size else n
        right = _first_outside(x, places[high - 1] + 1, stop, v, distance)
        # samples of one value and label have the same counts; if x is constant, they add exactly 0
        total += (end - j) * (psi[high - low] - psi[right - left] + most)
        j = end
    return total


@njit(cache=True, nogil=True)
def _first_inside(x, low, high, v, distance):
    """The least p from low to high that has x[p] strictly nearer to v, or equal to it; high has."""
    while low < high:
        middle = (low + high) // 2
        if v - x[middle] < distance or x[middle] == v:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True, nogil=True)
def _first_outside(x, low, high, v, distance):
    """The least p from low to high that is neither strictly nearer to v nor equal; high if none."""
    while low < high:
        middle = (low + high) // 2
        if x[middle] - v < distance or x[middle] == v:
            low = middle + 1
        else:
            high = middle
    return low
