"""Kernels for the covariances of functions of dependent counts, by Krawtchouk polynomials.

An event has the count N ~ Bin(n, p), p <= 1/2, and K_k is the polynomial of degree k that is
orthonormal for that law. For the counts N, N' of two events whose indicators have the correlation
rho, E K_j(N) K_k(N') is rho^k if j = k, else 0. So with the coefficients a_k = E f(N) K_k(N), and
b_k those of f', the covariance of f(N) and f'(N') is the sum over k >= 1 of rho^k a_k b_k.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from mitheory.kernels.moments import _remainder, binomial


@njit(cache=True)
def _function(n, p, window, signs, tables):
    """f at the counts of a window: signed corrections less signed remainders.

    The first half of `signs`, and of the rows of `tables`, are of functions of N, the others of
    n - N.
    """
    low, high, first = window[:3]
    half = signs.size // 2
    plus, minus = signs[:half].sum(), signs[half:].sum()
    f = np.zeros(high - low + 1)
    for i in range(signs.size):
        if signs[i] != 0.0:
            for j in range(f.size):
                f[j] += signs[i] * tables[i, first + j]
    for j in range(f.size):
        if plus != 0.0:
            f[j] -= plus * _remainder(low + j, n, p)
        if minus != 0.0:
            f[j] -= minus * _remainder(n - low - j, n, 1.0 - p)
    return f


@njit(cache=True)
def _raise_degree(k, n, p, low, rows, out):
    """K_k times the root of the weights, in `out`, from degrees k - 1 and k - 2 in `rows`."""
    q = 1.0 - p
    up = np.sqrt(k * p * q * (n - k + 1.0))
    down = np.sqrt((k - 1.0) * p * q * (n - k + 2.0)) if k > 1 else 0.0
    centre = n * p + (k - 1.0) * (q - p)
    for j in range(out.size):
        out[j] = ((low + j - centre) * rows[1, j] - down * rows[0, j]) / up


@njit(cache=True)
def _project(k, low, g, rows):
    """E g(N) K_k(N), g times the root of the weights given.

    Where the window begins at 0, row d of `rows` is K_d at the counts from d on. Below count k the
    recurrence would lose all digits, and (-1)^(k - x) K_x(k), equal up to the weights, stands in.
    """
    total = 0.0
    if low > 0:
        for j in range(g.size):
            total += g[j] * rows[k % 3, j]
        return total
    for x in range(g.size):
        if x >= k:
            total += g[x] * rows[k, x]
        else:
            total += (1 - 2 * ((k - x) % 2)) * g[x] * rows[x, k]
    return total


@njit(cache=True)
def coefficients(n, p, windows, signs, tables, reach):
    """Coefficients of degree 2 and up of one function f for each event.

    Row i of `windows` is (low, high, first, last): counts low .. high matter, the tables hold them
    from `first` on, and degree `last` is the highest allowed. `reach` bounds the square of rho
    between this event and any other.

    Returns
    -------
    flat, starts : the coefficients of event i are flat[starts[i] : starts[i + 1]]
    summary : shape (events, 3)
        E f, Cov(f, N) / (n p q), and the variance of f less its linear part.
    open_end : shape (events,)
        Whether the coefficients beyond `last` may matter.
    """
    starts = np.zeros(p.size + 1, np.int64)
    flat = np.empty(64 * p.size)
    summary = np.zeros((p.size, 3))
    open_end = np.zeros(p.size, np.bool_)
    for i in range(p.size):
        low, high, _, last = windows[i]
        top = high if low > 0 else max(high, last)
        root = np.sqrt(binomial(n, p[i], 1.0 - p[i], low, top))
        g = _function(n, p[i], windows[i], signs[i], tables)
        weight = root[: g.size] ** 2
        spread = n * p[i] * (1.0 - p[i])
        mean = (weight * g).sum()
        g -= mean
        x = np.arange(low, high + 1) - n * p[i]
        slope = (weight * g * x).sum() / spread
        g -= slope * x
        variance = left = (weight * g * g).sum()
        g *= root[: g.size]

        depth = 3 if low > 0 else last + 1
        rows = np.zeros((depth, root.size))
        rows[0] = root
        power = np.sqrt(reach[i])
        enough = variance * (1e-15 + 3e-16 * np.sqrt(g.size))  # what rounding leaves anyway
        at = starts[i]
        for k in range(1, last + 1):
            begin = 0 if low > 0 else k
            before = np.stack((rows[(k - 2) % depth, begin:], rows[(k - 1) % depth, begin:]))
            _raise_degree(k, n, p[i], low + begin, before, rows[k % depth, begin:])
            if k == 1:
                continue
            power *= np.sqrt(reach[i])
            if power * left <= enough:
                break
            a = _project(k, low, g, rows)
            left = max(left - a * a, 0.0)
            if at == flat.size:
                flat = np.append(flat, np.empty(flat.size))
            flat[at] = a
            at += 1
        else:
            if last < n:
                open_end[i] = power * left > 1e-10 * variance
        starts[i + 1] = at
        summary[i] = (mean, slope, variance)
    return flat[: starts[-1]], starts, summary, open_end


@njit(cache=True)
def disjoint_covariances(p, multiplicity, flat, starts):
    """Sum over ordered pairs of distinct events of their covariance if they were disjoint.

    Then rho = -r_i r_j with r^2 = p / (1 - p), and no pair need be formed.
    """
    degrees = 0
    for i in range(p.size):
        degrees = max(degrees, starts[i + 1] - starts[i])
    sums, squares = np.zeros(degrees), np.zeros(degrees)
    for i in range(p.size):
        odds = p[i] / (1.0 - p[i])
        factor = odds
        for k in range(starts[i + 1] - starts[i]):
            term = factor * flat[starts[i] + k]
            sums[k] += multiplicity[i] * term
            squares[k] += multiplicity[i] * term * term
            factor *= np.sqrt(odds)
    total = 0.0
    for k in range(degrees):
        total += (1 - 2 * (k % 2)) * (sums[k] * sums[k] - squares[k])
    return total


@njit(cache=True)
def pair_covariances(pairs, rho, instead, flat, starts):
    """Sum over pairs of events of what rho adds to their covariance, less what `instead` does."""
    total = 0.0
    for m in range(rho.size):
        i, j = pairs[m]
        a, b = starts[i], starts[j]
        shared = min(starts[i + 1] - a, starts[j + 1] - b)
        value = other = 0.0
        for k in range(shared - 1, -1, -1):
            product = flat[a + k] * flat[b + k]
            value = product + rho[m] * value
            other = product + instead[m] * other
        total += rho[m] ** 2 * value - instead[m] ** 2 * other
    return total
