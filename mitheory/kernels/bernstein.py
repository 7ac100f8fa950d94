"""Expectations of a function of a binomial count, as polynomials in the probability.

D(p) = sum_k d_k P(Bin(n, p) = k) has the coefficients d_k in Bernstein's basis. About p it expands
in the Krawtchouk polynomials h_m of the binomial law, orthonormal under it:

    D(p + t) = sum_m a_m sqrt(C(n, m)) (t / sqrt(p q))^m,    a_m = E d(N) h_m(N).

The sum of all a_m^2 is E d(N)^2. What the first few leave of it bounds the rest of the sum, so that
a Taylor polynomial at one point says rigorously where D is all around it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.moments import binomial

ORDER = 8
"""Degree of the Taylor polynomials."""

UNIT = 2.0**-53
"""Largest relative error of one operation."""

_TAIL = 130.0
"""Counts are left out where Bernstein's inequality puts them beyond probability exp(-130)."""


@njit(cache=True)
def harmonic_tails(n):
    """sum of 1/v over k <= v < n for k = 0 .. n, with 0 at k = 0; relative error below 3 UNIT."""
    out = np.zeros(n + 1)
    total, lost = 0.0, 0.0
    for v in range(n - 1, 0, -1):
        term = 1.0 / v
        new = total + term
        back = new - total
        lost += (total - (new - back)) + (term - back)
        total = new
        out[v] = total + lost
    return out


@njit(cache=True)
def _window(n, p, q):
    """First and last of the counts that matter."""
    reach = _TAIL / 3.0 + math.sqrt(_TAIL * _TAIL / 9.0 + 2.0 * _TAIL * n * p * q)
    return max(np.int64(n * p - reach), 0), min(np.int64(n * p + reach) + 1, n)


@njit(cache=True)
def _krawtchouk(n, p, q):
    """Coefficients of h_0 .. h_ORDER in powers of (k - np) / sqrt(npq), and bounds on their sizes.

    The bounds come of the same recurrence with nothing cancelled. Polynomials of degree above n
    are left 0.
    """
    h = np.zeros((ORDER + 1, ORDER + 1))
    size = np.zeros((ORDER + 1, ORDER + 1))
    h[0, 0] = size[0, 0] = 1.0
    skew = (q - p) / math.sqrt(n * p * q)
    for m in range(min(ORDER, n)):
        lead = math.sqrt((m + 1.0) * (n - m) / n)
        back = math.sqrt(m * (n - m + 1.0) / n)
        for j in range(m + 2):
            value = bound = 0.0
            if j > 0:
                value += h[m, j - 1]
                bound += size[m, j - 1]
            value -= m * skew * h[m, j]
            bound += m * abs(skew) * size[m, j]
            if m > 0:
                value -= back * h[m - 1, j]
                bound += back * size[m - 1, j]
            h[m + 1, j] = value / lead
            size[m + 1, j] = bound / lead
    return h, size


@njit(cache=True)
def expansions(n, p, q, half, d):
    """D(p_i + s half_i) = sum_m T[i, m] s^m for |s| <= 1, within T[i, -2] by theory and T[i, -1] by
    rounding; q = 1 - p.

    Errors: each mass is a product of as many factors as it is counts away from the mode, of five
    roundings each, and the sums have as many terms; by Cauchy and Schwarz the counts left out
    change a_m by at most the square root of their probability, 2 exp(-130), times the largest
    |d - base|; p + s half may be off by its own rounding.
    """
    out = np.zeros((p.size, ORDER + 3))
    largest = np.abs(d).max()
    for i in range(p.size):
        _expand(n, (p[i], q[i], half[i]), d, largest, out[i])
    return out


@njit(cache=True)
def _expand(n, cell, d, largest, out):
    """One row of `expansions`, cell = (p, q, half)."""
    p, q, half = cell
    low, high = _window(n, p, q)
    mass = binomial(n, p, q, low, high)
    base = d[min(np.int64((n + 1.0) * p), n)]
    inverse = 1.0 / math.sqrt(n * p * q)
    powers, sizes = np.zeros(ORDER + 1), np.zeros(ORDER + 1)
    square = 0.0
    for i in range(mass.size):
        x = (low + i - n * p) * inverse
        term = mass[i] * (d[low + i] - base)
        square += term * (d[low + i] - base)
        for m in range(ORDER + 1):
            powers[m] += term
            sizes[m] += abs(term)
            term *= x
    rounding = (8.0 * mass.size + 100.0) * UNIT

    missing = 2.0 * largest * math.sqrt(2.0) * math.exp(-0.5 * _TAIL)

    h, h_size = _krawtchouk(n, p, q)
    ratio = half / math.sqrt(p * q)
    scale, error, left = 1.0, 0.0, square * (1.0 + rounding) + missing * missing
    for m in range(ORDER + 1):
        a, off = 0.0, missing
        for j in range(m + 1):
            a += h[m, j] * powers[j]
            off += rounding * h_size[m, j] * sizes[j]
        out[m] = scale * a
        error += scale * off
        left -= a * a - 2.0 * off * abs(a)
        scale *= ratio * math.sqrt(max(n - m, 0) / (m + 1.0))
    # scale^2 is now C(n, ORDER + 1) ratio^(2 ORDER + 2): Lagrange's form of what the rest of
    # (1 + ratio^2)^n can be
    growth = math.exp(0.5 * max(n - ORDER - 1, 0) * math.log1p(ratio * ratio))
    out[ORDER + 1] = scale * growth * math.sqrt(max(left, 0.0)) * (1.0 + 1e-12)
    slope = 0.0
    for m in range(1, ORDER + 1):
        slope += m * abs(out[m])
    if half > 0.0:
        error += 4.0 * UNIT * (p + half) / half * slope
    out[0] += base
    out[ORDER + 2] = error * (1.0 + 1e-12) + 4.0 * UNIT * abs(base)


@njit(cache=True)
def hat_means(n, p, q, knots):
    """E hat_i(N) for each p: hat_i is 1 at knots[i], 0 at the other knots and linear in between.

    The knots ascend from 0 to n.
    """
    out = np.zeros((p.size, knots.size))
    for row in range(p.size):
        low, high = _window(n, p[row], q[row])
        mass = binomial(n, p[row], q[row], low, high)
        i = max(np.searchsorted(knots, low) - 1, 0)
        for k in range(low, high + 1):
            while knots[i + 1] < k:
                i += 1
            share = (k - knots[i]) / (knots[i + 1] - knots[i])
            out[row, i] += (1.0 - share) * mass[k - low]
            out[row, i + 1] += share * mass[k - low]
    return out
