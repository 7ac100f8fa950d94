"""Errors of a majority rule that predicts every sample before it is fitted on it."""

from __future__ import annotations

import numpy as np
from numba import njit

_LEVELS = 16
"""Levels at which the top label's lead is worked out; beyond, it is not used."""

_MOST_WORK = 50_000_000
"""Pairs of labels times levels in one row; a larger row gets a cruder bound."""

_MOST_LEVELS = 10_000
"""Levels up to which the ties of two labels are summed; beyond, their sum is bounded."""


@njit(cache=True)
def _overtakes(top, other, level):
    """Probability that `other` reaches `level` before `top` exceeds it, in random order.

    Of the first 2 level samples of the two labels at most `level` are of the top one.
    """
    first = min(2 * level, top + other)
    term, total = 1.0, 0.0
    least = max(0, first - other)
    for i in range(least):  # C(top, least) / C(top + other, first), the term of i = least
        term *= (top - i) / (top + other - i)
    for i in range(first - least):
        term *= (other - i) / (top + other - least - i)
    for i in range(least):
        term *= (first - i) / (least - i)
    for i in range(least, min(level, top) + 1):
        total += term
        if first - i == 0:
            break
        term *= (top - i) * (first - i) / ((i + 1.0) * (other - first + i + 1))
    return min(total, 1.0)


@njit(cache=True)
def tie_errors(counts, starts):
    """Bound the expected errors made in ties, for each row, in a random order of its samples.

    `counts` holds the rows one after the other, each beginning at an entry of `starts`. The rule
    predicts the label seen most often before in the row, one of the tied at random. Ties of labels
    not seen yet do not count. Exact for rows of two labels, the rarer with at most 10 000 samples;
    beyond, a few hundredths or one error too large.
    """
    bound = np.zeros(starts.size)
    for x in range(starts.size):
        end = starts[x + 1] if x + 1 < starts.size else counts.size
        c = -np.sort(-counts[starts[x] : end])
        if c.size < 2:
            continue
        levels = c[1] if c[1] < c[0] else c[0] - 1
        if c.size == 2:
            bound[x] = _two_labels(c[0], c[1], levels)
        elif c.size * c.size * levels > _MOST_WORK:
            bound[x] = levels * (1.0 - 1.0 / c.size)
            if c.size * c.size < _MOST_WORK:
                bound[x] = min(bound[x], _all_pairs(c))
        else:
            bound[x] = _many_labels(c, levels)
    return bound


@njit(cache=True)
def _two_labels(a, b, levels):
    """Half the expected number of ties (l, l), l >= 1, that a further sample follows."""
    if levels > _MOST_LEVELS:
        return _two_labels_at_most(a, b)
    term, total = 1.0, 0.0
    for level in range(1, levels + 1):
        term = _next_tie(term, a, b, level)
        total += term
        if term < 1e-18 * total:
            break
    return 0.5 * total * (1.0 + 1e-12)


@njit(cache=True)
def _two_labels_at_most(a, b):
    """A bound on `_two_labels` for a >= b, at a cost that does not depend on them.

    With n = a + b, sum_l C(a, l) C(b, l) / C(n, 2 l) over l = 0 .. b, the expected number of ties,
    is sum_j C(n + 1, j) / C(n, b) over j = 0 .. b: times C(n, b) both are the coefficient of x^b in
    g(x)^(a - b) / (1 - 4 x), g(x) = (1 - (1 - 4 x)^(1/2)) / 2 x. From j = b downwards the second
    sum is (n + 1) / (a + 1) times sum_k prod_{i < k} (b - i) / (a + 2 + i). As
    (1 - x) / (1 + x) <= exp(-2 x), the product is at most exp(-k (k + d) / m), d = a - b + 1 and
    m = (n + 2) / 2. That falls in k, so its sum over k >= 0 is at most 1 and the integral, which
    is at most 2 m / (d + (d^2 + 16 m / pi)^(1/2)) (Abramowitz and Stegun, 7.1.13).
    """
    n = float(a) + float(b)
    d, m = float(a) - float(b) + 1.0, 0.5 * n + 1.0
    ties = 1.0 + 2.0 * m / (d + np.sqrt(d * d + 16.0 * m / np.pi))
    ties *= (n + 1.0) / (a + 1.0)
    kept = 1.0 if a > b else 2.0  # no tie at level 0, and none that no sample follows
    return 0.5 * (ties * (1.0 + 1e-12) - kept)


@njit(cache=True)
def _all_pairs(c):
    """Half the expected ties of all pairs of labels, which the errors in ties do not exceed."""
    total = 0.0
    for y in range(c.size):
        for z in range(y + 1, c.size):
            total += _two_labels_at_most(c[y], c[z])
    return total * (1.0 + 1e-9)


@njit(cache=True)
def _next_tie(term, a, b, level):
    """P(tie at level) from P(tie at level - 1): C(a, l) C(b, l) / C(a + b, 2 l)."""
    k = level - 1.0
    ways = (2.0 * k + 1.0) * (2.0 * k + 2.0) / ((k + 1.0) * (k + 1.0))
    rest = a + b - 2.0 * k
    return term * ways * (a - k) * (b - k) / (rest * (rest - 1.0))


@njit(cache=True)
def _many_labels(c, levels):
    """Sum over levels of the smaller of two bounds on the error of a tie at that level.

    With r labels tied the error is 1 - 1/r <= (r - 1) / 2: half the tied pairs with the label that
    comes next. A pair without the top label counts only while the top label is not past it.
    """
    ties = np.ones((c.size, c.size))
    total = 0.0
    for level in range(1, levels + 1):
        here = 0
        while here < c.size and c[here] >= level:
            here += 1
        overtakes = np.ones(here)
        if level <= _LEVELS:
            for y in range(1, here):
                overtakes[y] = _overtakes(c[0], c[y], level)
        pairs = 0.0
        for y in range(here):
            for z in range(y + 1, here):
                ties[y, z] = _next_tie(ties[y, z], c[y], c[z], level)
                if c[y] > level or c[z] > level:
                    pairs += min(ties[y, z], overtakes[z], overtakes[y] if y > 0 else 1.0)
        total += min(0.5 * pairs, 1.0 - 1.0 / here)
    return total * (1.0 + 1e-12)
