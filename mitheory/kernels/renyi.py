"""Fano's function of any order a, its inverse on both branches, to full precision.

F_a(p) = ln((1-p)^a + (M-1)^(1-a) p^a) / (1-a), at a = 1 the limit h(p) + p ln(M-1), rises from 0 at
p = 0 to ln M at p = 1 - 1/M and falls to ln(M-1) at p = 1. Its deficit D = ln M - F_a(p) is the
Renyi divergence of (p, 1-p) from (1 - 1/M, 1/M). A root is sought in the smaller of F and D, in
-ln p or, near the top and beyond it, in y = +-(M (1-p) - 1).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.fano import log_two_doubles

STEPS = 200
TERMS = 40
IN_ENTROPY, IN_DEFICIT, RISING, FALLING = 0, 1, 2, 3  # what a root is sought in


@njit(cache=True)
def _exprel(x):
    """(exp(x) - 1)/x, 1 at 0."""
    return 1.0 if x == 0.0 else math.expm1(x) / x


@njit(cache=True)
def _logrel(x):
    """ln(1 + x)/x, 1 at 0."""
    return 1.0 if x == 0.0 else math.log1p(x) / x


@njit(cache=True)
def _log_sum(a, b):
    """ln(exp(a) + exp(b))."""
    high, low = max(a, b), min(a, b)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


@njit(cache=True)
def _part(log_weight, log_value, log_term, u):
    """w (x^u - 1)/u for a weight and a value x >= 1, by the logarithms of w, x and w x^u."""
    if log_weight == -math.inf:
        return 0.0
    weight = math.exp(log_weight)
    if abs(u * log_value) <= 1.0:
        return weight * log_value * _exprel(u * log_value)
    return (math.exp(log_term) - weight) / u


@njit(cache=True)
def _entropy(log_p, log_q, log_rest, a):
    """F_a from ln p, ln(1-p) and ln(M-1)."""
    u = 1.0 - a
    first, second = a * log_q, a * log_p + u * log_rest
    # the terms of the sum less their weights 1-p and p: of one sign, so that nothing cancels
    y = _part(log_q, -log_q, first, u) + _part(log_p, log_rest - log_p, second, u)
    return y * _logrel(u * y) if u * y > -0.5 else _log_sum(first, second) / u


@njit(cache=True)
def _gap(t, log_t, a):
    """((1+t)^a - 1 - a t)/(a-1), by t and ln(1+t); at a = 1 the limit (1+t) ln(1+t) - t.

    Taylor's series a t^2/2 (1 + (a-2) t/3 (1 + (a-3) t/4 (...))) where the difference cancels.
    """
    if abs(t) < 0.05 and abs(a * t) < 0.5:
        term, total = 0.5 * a * t * t, 0.0
        for i in range(3, TERMS):
            total += term
            term *= (a - i + 1.0) * t / i
            if abs(term) <= 1e-17 * abs(total):
                break
        return total + term
    if log_t == -math.inf:
        return 1.0
    if a < 0.5:
        return (math.expm1(a * log_t) - a * t) / (a - 1.0)
    return math.exp(log_t) * log_t * _exprel((a - 1.0) * log_t) - t


@njit(cache=True)
def _deficit(y, log_v, M, a):
    """D at 1 - p = (1+y)/M, with log_v = ln(p M/(M-1))."""
    b = a - 1.0
    log_y = math.log1p(y) if y > -1.0 else -math.inf
    # two terms of the mean, in which large powers neither overflow nor cancel
    first, second = a * log_y - math.log(M), a * log_v + math.log1p(-1.0 / M)
    if first < 600.0 and second < 600.0:
        w = (_gap(y, log_y, a) + (M - 1.0) * _gap(-y / (M - 1.0), log_v, a)) / M
        if abs(b * w) <= 0.5 or b == 0.0:
            return w * _logrel(b * w)
    return _log_sum(first, second) / b


@njit(cache=True)
def _excess(mode, z, M, a, target):
    """What is 0 at the root, nearly straight in z."""
    if mode <= IN_DEFICIT:  # z = -ln p >= ln 2
        log_q = math.log1p(-math.exp(-z))
        if mode == IN_ENTROPY:
            return _entropy(-z, log_q, math.log(M - 1.0), a) / target - 1.0
        return _deficit(-M * math.expm1(-z) - 1.0, -z - math.log1p(-1.0 / M), M, a) / target - 1.0
    y = z if mode == RISING else -z
    found = max(_deficit(y, math.log1p(-y / (M - 1.0)), M, a), 0.0)
    return math.sqrt(found / target) - 1.0


@njit(cache=True)
def _root(mode, low, high, M, a, target):
    """The z in [low, high] where the excess changes sign: secants, held by bisection.

    Of every three steps that leave the bracket more than half as wide, one is its middle.
    """
    f_low = _excess(mode, low, M, a, target)
    f_high = _excess(mode, high, M, a, target)
    if f_low == 0.0 or f_low * f_high > 0.0:
        return low if abs(f_low) <= abs(f_high) else high
    slow, side = 0, 0
    weight_low, weight_high = f_low, f_high
    for _ in range(STEPS):
        width = high - low
        if slow >= 3:
            z, slow = low + 0.5 * width, 0
        else:
            z = low + width * weight_low / (weight_low - weight_high)
        if not low < z < high:
            z = low + 0.5 * width
            if not low < z < high:
                break
        f = _excess(mode, z, M, a, target)
        if f == 0.0:
            return z
        if f * f_low > 0.0:  # the end that stays counts less each time (Anderson and Bjorck)
            if side == -1:
                share = 1.0 - f / weight_low
                weight_high *= share if share > 0.0 else 0.5
            low, f_low, weight_low, side = z, f, f, -1
        else:
            if side == 1:
                share = 1.0 - f / weight_high
                weight_low *= share if share > 0.0 else 0.5
            high, f_high, weight_high, side = z, f, f, 1
        if high - low <= 4e-16 * abs(high):
            break
        slow = slow + 1 if high - low > 0.5 * width else 0
    return low if abs(f_low) <= abs(f_high) else high


@njit(cache=True)
def _least(H, M, a, D):
    """The root on the rising branch, 0 < H < ln M."""
    half = 0.5 * (1.0 - 1.0 / M)
    z = -math.log(half)
    in_half = _entropy(-z, math.log1p(-half), math.log(M - 1.0), a)
    if in_half <= H:
        y = _root(RISING, 0.0, 0.5 * (M - 1.0), M, a, D)
        return (M - 1.0 - y) / M
    mode, target = (IN_ENTROPY, H) if H <= D else (IN_DEFICIT, D)
    low, high = z, 2.0 * z
    sign = _excess(mode, low, M, a, target)
    while _excess(mode, high, M, a, target) * sign > 0.0 and high < 1e9:
        low, high = high, 2.0 * high
    return math.exp(-_root(mode, low, high, M, a, target))


@njit(cache=True)
def entropy(p, M, a):
    """F_a(p), elementwise on one-dimensional arrays."""
    out = np.empty(p.size)
    for i in range(p.size):
        if p[i] <= 0.0:
            out[i] = 0.0
        else:
            log_q = math.log1p(-p[i]) if p[i] < 1.0 else -math.inf
            out[i] = _entropy(math.log(p[i]), log_q, math.log(M[i] - 1.0), a[i])
    return out


@njit(cache=True)
def lower(H, M, a):
    """The p in [0, 1 - 1/M] with F_a(p) = H; 1 - 1/M from H = ln M upwards."""
    out = np.empty(H.size)
    for i in range(H.size):
        high, low = log_two_doubles(M[i])
        D = (high - H[i]) + low
        if D <= 0.0:
            out[i] = 1.0 - 1.0 / M[i]
        else:
            out[i] = 0.0 if H[i] <= 0.0 else _least(H[i], M[i], a[i], D)
    return out


@njit(cache=True)
def upper(H, M, a):
    """The p in [1 - 1/M, 1] with F_a(p) = H; 1 up to H = ln(M - 1)."""
    out = np.empty(H.size)
    for i in range(H.size):
        high, low = log_two_doubles(M[i])
        D = (high - H[i]) + low
        if -math.log1p(-1.0 / M[i]) <= D:
            out[i] = 1.0
        elif D <= 0.0:
            out[i] = 1.0 - 1.0 / M[i]
        else:
            out[i] = (M[i] - 1.0 + _root(FALLING, 0.0, 1.0, M[i], a[i], D)) / M[i]
    return out
