"""Fano's function h(p) + p ln(M - 1) and its inverse on both branches, to full precision.

The function rises from 0 at p = 0 to ln M at p = 1 - 1/M and falls to ln(M - 1) at p = 1. Near the
top the inverse is a square root of the deficit D = ln M - H, so ln M is carried as two doubles and
the root is sought in D; elsewhere it is sought in H itself.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

# ln 2 in two parts: the first has 42 bits, so that its multiple by n < 2**11 is exact
LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")
LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
SPLIT = 134217729.0  # 2**27 + 1, Dekker's constant
STEPS = 60  # Newton needs 3 to 6; more only within rounding of p = 1


@njit(cache=True)
def _product(a, b):
    """A product as the sum of two doubles, exactly (Dekker)."""
    high = a * b
    t = SPLIT * a
    a1 = t - (t - a)
    t = SPLIT * b
    b1 = t - (t - b)
    a2, b2 = a - a1, b - b1
    return high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2


@njit(cache=True)
def _sum(a, b):
    """A sum as the sum of two doubles, exactly (Knuth)."""
    high = a + b
    t = high - a
    return high, (a - (high - t)) + (b - t)


@njit(cache=True)
def log_two_doubles(M):
    """ln M as high + low with an absolute error of about 1e-20.

    M = m 2**n with m near 1 and ln m = 2 (z + z**3/3 + ...), z = (m - 1)/(m + 1): the first two
    terms are carried in two doubles, the rest is small enough for one.
    """
    m, n = math.frexp(M)
    if m < 0.7071067811865476:
        m, n = 2.0 * m, n - 1
    above, above_low = _sum(m, 1.0)
    z = (m - 1.0) / above
    product, product_low = _product(z, above)
    z_low = (((m - 1.0) - product) - product_low - z * above_low) / above
    square, square_low = _product(z, z)
    cube, cube_low = _product(square, z)
    cube_low += square_low * z + 3.0 * square * z_low
    third = cube / 3.0
    back, back_low = _product(third, 3.0)
    third_low = ((cube - back) - back_low + cube_low) / 3.0
    tail = 0.0
    for i in range(14, 1, -1):
        tail = tail * square + 1.0 / (2 * i + 1)
    tail *= cube * square
    high, low = _sum(n * LN2_HIGH, 2.0 * z)
    high, more = _sum(high, 2.0 * third)
    low += more + n * LN2_LOW + 2.0 * (z_low + third_low + tail)
    return _sum(high, low)


@njit(cache=True)
def _convex(t):
    """(1 + t) ln(1 + t) - t for t >= -1, without cancellation near 0."""
    if abs(t) < 0.01:
        tail = 1 / 20 - t * (1 / 30 - t * (1 / 42 - t / 56))
        return t * t * (0.5 - t * (1 / 6 - t * (1 / 12 - t * tail)))
    if t <= -1.0:
        return 1.0
    return (1.0 + t) * math.log1p(t) - t


@njit(cache=True)
def _value(p, M):
    if p <= 0.0:
        return 0.0
    rest = 0.0 if p >= 1.0 else -(1.0 - p) * math.log1p(-p)
    return rest + p * (math.log(M - 1.0) - math.log(p))


@njit(cache=True)
def _root_in_entropy(H, log_rest):
    """The rising branch away from the top, by Newton from p (1 + ln(M - 1) - ln p) = H.

    That start is the branch W_{-1} of Lambert's function, unrolled twice. `log_rest` is ln(M - 1).
    """
    t = 1.0 + log_rest - math.log(H)
    p = H / (t + math.log(t + math.log(t)))
    for _ in range(STEPS):
        if p <= 0.0:
            return 0.0
        log_p, log_q = math.log(p), math.log1p(-p)
        excess = p * (log_rest - log_p) - (1.0 - p) * log_q - H
        step = excess / (log_rest - log_p + log_q)
        p -= step
        if abs(step) <= 1e-9 * p:
            break
    return p


@njit(cache=True)
def _root_in_deficit(D, M, sign, limit):
    """The y in [0, limit] with ln M - F(p) = D at 1 - p = (1 + sign y)/M.

    M D = c(sign y) + (M - 1) c(-sign y/(M - 1)) with c(t) = (1 + t) ln(1 + t) - t: convex in y, so
    that Newton approaches the root from above; where it would leave [0, limit] it goes half way.
    """
    target = M * D
    y = math.sqrt(2.0 * target * (1.0 - 1.0 / M))
    if y > 4.0:
        y = target / math.log(target)
    if y > limit:
        y = limit
    for _ in range(STEPS):
        t, v = sign * y, -sign * y / (M - 1.0)
        if t <= -1.0:
            t = -1.0 + 1e-16
        slope = sign * (math.log1p(t) - math.log1p(v))
        if slope <= 0.0:
            break
        step = (_convex(t) + (M - 1.0) * _convex(v) - target) / slope
        if y - step > limit:
            step = (y - limit) / 2.0
        y -= step
        if abs(step) <= max(1e-9 * min(y, 1.0 + sign * y), 1e-17):
            break
    return y


@njit(cache=True)
def entropy(p, M):
    """h(p) + p ln(M - 1), elementwise on one-dimensional arrays."""
    out = np.empty(p.size)
    for i in range(p.size):
        out[i] = _value(p[i], M[i])
    return out


@njit(cache=True)
def lower(H, M):
    """The p in [0, 1 - 1/M] with h(p) + p ln(M - 1) = H; 1 - 1/M from H = ln M upwards."""
    out = np.empty(H.size)
    classes, high, low, middle = 0.0, 0.0, 0.0, 0.0
    for i in range(H.size):
        if M[i] != classes:
            classes = M[i]
            high, low = log_two_doubles(classes)
            middle = _value(0.5 * (1.0 - 1.0 / classes), classes)
        if H[i] <= 0.0:
            out[i] = 0.0
        elif H[i] <= middle:
            out[i] = _root_in_entropy(H[i], math.log(classes - 1.0))
        else:
            D = max((high - H[i]) + low, 0.0)
            y = _root_in_deficit(D, classes, 1.0, 0.5 * (classes - 1.0))
            out[i] = (classes - 1.0 - y) / classes
    return out


@njit(cache=True)
def upper(H, M):
    """The p in [1 - 1/M, 1] with h(p) + p ln(M - 1) = H; 1 up to H = ln(M - 1)."""
    out = np.empty(H.size)
    classes, high, low = 0.0, 0.0, 0.0
    for i in range(H.size):
        if M[i] != classes:
            classes = M[i]
            high, low = log_two_doubles(classes)
        D = max((high - H[i]) + low, 0.0)
        if -math.log1p(-1.0 / classes) <= D:
            out[i] = 1.0
        else:
            y = _root_in_deficit(D, classes, -1.0, 1.0)
            out[i] = (classes - 1.0 + y) / classes
    return out
