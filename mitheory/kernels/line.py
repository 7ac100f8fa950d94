"""Neighbours on a line, of values in ascending order."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def nearest_on_line(values, k, start, stop, out):
    """out[i]: the distance from values[i] to the k-th nearest other one, start <= i < stop."""
    for i in range(start, stop):
        value, left, right, gap = values[i], i, i, 0.0
        for _ in range(k):
            below = value - values[left - 1] if left > 0 else np.inf
            above = values[right + 1] - value if right + 1 < values.size else np.inf
            if below < above:
                left, gap = left - 1, below
            else:
                right, gap = right + 1, above
        out[i] = gap


@njit(cache=True, nogil=True)
def within_on_line(values, order, radii, strict, start, stop, out):
    """out[order[i]]: how many other values are nearer to values[i] than radii[order[i]]; not
    strict, or as near. For start <= i < stop.

    Both ends are searched for at once, by halving steps, without a branch, since none could be
    foretold.
    """
    n, widest = values.size, 1
    for i in range(start, stop):
        # a distance counts if it is below the limit
        limit = radii[order[i]] if strict else np.nextafter(radii[order[i]], np.inf)
        if limit == 0.0:
            out[order[i]] = 0
            continue
        value, left, right = values[i], i, i
        while (2 * widest <= i and value - values[i - 2 * widest] < limit) or (
            i + 2 * widest < n and values[i + 2 * widest] - value < limit
        ):
            widest *= 2
        step = widest
        while step:
            at = np.uint64(max(left - step, 0))
            left -= step if (left >= step) & (value - values[at] < limit) else 0
            at = np.uint64(min(right + step, n - 1))
            right += step if (right + step < n) & (values[at] - value < limit) else 0
            step >>= 1
        out[order[i]] = right - left
