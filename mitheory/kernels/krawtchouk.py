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
def _raise_degree(k, n, p, low, before, last, out):
    """K_k(x) for x = low, low + 1 ... in `out`, from degrees k - 2 and k - 1; any weights on x."""
    q = 1.0 - p
    up = np.sqrt(k * p * q * (n - k + 1.0))
    down = np.sqrt((k - 1.0) * p * q * (n - k + 2.0)) if k > 1 else 0.0
    centre = n * p + (k - 1.0) * (q - p)
    for j in range(out.size):
        out[j] = ((low + j - centre) * last[j] - down * before[j]) / up


@njit(cache=True)
def _upwards(n, p, low, root, g, last, reach, enough):
    """Coefficients of degree 2 .. last, by degree, as many as matter, and whether all that do.

    `root` has the roots of the weights, `g` is f without its linear part times `root`, and
    enough[0] of its squares may be left if the last two of them are below enough[1]; where degrees
    end, enough[2].
    """
    out = np.empty(64)
    before, now, after = np.zeros(root.size), root.copy(), np.zeros(root.size)
    left, previous = (g * g).sum(), np.inf
    power = np.sqrt(reach)
    size = 0
    for k in range(1, last + 1):
        _raise_degree(k, n, p, low, before, now, after)
        before, now, after = now, after, before
        if k == 1:
            continue
        a = (g * now).sum()
        left -= a * a
        power *= np.sqrt(reach)
        if size == out.size:
            out = np.append(out, np.empty(size))
        out[size] = a
        size += 1
        largest, previous = max(a * a, previous), a * a
        if power * left <= enough[0] and power * largest <= enough[1]:
            return out[:size], True
    return out[:size], last == n or power * left <= enough[2]


@njit(cache=True)
def _by_symmetry(n, p, low, g, last):
    """Coefficients of degree 2 .. last, where the recurrence in `_upwards` would lose all digits.

    That is at counts well below the degree. With r the root of the weights K_k(x) r(x) is
    (-1)^(k - x) K_x(k) r(k), and the recurrence in the degree x at the point k > x is stable.
    """
    high = low + g.size - 1
    top = max(high, last)
    out = np.zeros(last + 1)
    before, now = np.zeros(top + 1), np.sqrt(binomial(n, p, 1.0 - p, 0, top))
    after = np.zeros(top + 1)
    for d in range(top + 1):
        if d > 0:
            _raise_degree(d, n, p, d, before[d:], now[d:], after[d:])
            before, now, after = now, after, before
        if d <= last:
            for x in range(max(d, low), high + 1):
                out[d] += g[x - low] * now[x]
        if low <= d <= high:
            sign = 1.0
            for k in range(d + 1, last + 1):
                sign = -sign
                out[k] += sign * g[d - low] * now[k]
    return out[2:]


@njit(cache=True)
def coefficients(n, p, windows, signs, tables, summary, enough):
    """Coefficients of degree 2 and up of one function f for each event.

    Row i of `windows` is (low, high, first, turn, last): counts low .. high matter, the tables hold
    them from `first` on, the recurrence is stable up to degree `turn`, and nothing is beyond
    `last`, or `last` is 0 and the degrees between are out of reach. `summary` has the columns of
    `linear_parts` and a bound on rho^2 of the event and any other; `enough` is as in `_upwards`.

    Returns
    -------
    flat, starts : the coefficients of event i are flat[starts[i] : starts[i + 1]]
    complete : shape (events,)
        Whether all coefficients that matter are there.
    """
    starts = np.zeros(p.size + 1, np.int64)
    flat = np.empty(64 * p.size)
    complete = np.ones(p.size, np.bool_)
    for i in range(p.size):
        low, high, _, turn, last = windows[i]
        root = np.sqrt(binomial(n, p[i], 1.0 - p[i], low, high))
        mean, slope, _, reach = summary[i]
        g = _function(n, p[i], windows[i], signs[i], tables) - mean
        g = (g - slope * (np.arange(low, high + 1) - n * p[i])) * root
        if turn > 0:
            found, complete[i] = _upwards(n, p[i], low, root, g, turn, reach, enough[i])
        if turn == 0 or (last > 0 and not complete[i]):
            found, complete[i] = _by_symmetry(n, p[i], low, g, last), True
        while starts[i] + found.size > flat.size:
            flat = np.append(flat, np.empty(flat.size))
        flat[starts[i] : starts[i] + found.size] = found
        starts[i + 1] = starts[i] + found.size
    return flat[: starts[-1]], starts, complete


@njit(cache=True)
def linear_parts(n, p, windows, signs, tables):
    """E f(N), Cov(f(N), N) / (n p q) and the variance of f less its linear part; (events, 3)."""
    out = np.empty((p.size, 3))
    for i in range(p.size):
        low, high = windows[i, 0], windows[i, 1]
        mass = binomial(n, p[i], 1.0 - p[i], low, high)
        g = _function(n, p[i], windows[i], signs[i], tables)
        x = np.arange(low, high + 1) - n * p[i]
        mean = (mass * g).sum()
        g -= mean
        slope = (mass * g * x).sum() / (n * p[i] * (1.0 - p[i]))
        g -= slope * x
        out[i] = (mean, slope, (mass * g * g).sum())
    return out


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
