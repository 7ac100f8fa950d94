"""The inverse of h(p) + p ln(outside) + (1 - p) ln(inside) on both branches, to full precision.

The function rises from ln(inside) at p = 0 to ln(inside + outside) at the share of the outside,
p = outside/(inside + outside), and falls to ln(outside) at p = 1. Its deficit from the top is the
Kullback-Leibler divergence of (p, 1 - p) from that point; near the top the root is sought in it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.fano import STEPS, _convex, _root_in_entropy, log_two_doubles


@njit(cache=True)
def _root_in_deficit(target, r, limit):
    """The u in [0, limit] with c(-u) + c(r u)/r = target, c(t) = (1 + t) ln(1 + t) - t.

    Convex in u, so that Newton approaches the root from above; where it would leave [0, limit] it
    goes half way.
    """
    u = math.sqrt(2.0 * target / (1.0 + r))
    if r * u > 4.0:
        u = target / math.log(r * target)
    u = min(u, limit)
    for _ in range(STEPS):
        v = min(u, 1.0 - 1e-16)
        slope = math.log1p(r * u) - math.log1p(-v)
        if slope <= 0.0:
            break
        step = (_convex(-u) + _convex(r * u) / r - target) / slope
        if u - step > limit:
            step = (u - limit) / 2.0
        u -= step
        if abs(step) <= 1e-9 * min(u, 1.0 - u):
            break
    return u


@njit(cache=True)
def lower(H, above, inside, outside):
    """The root on the rising branch, elementwise on one-dimensional arrays; 0 up to ln(inside).

    `above` is H - ln(inside) to its own full precision: the root is proportional to it near 0.
    """
    out = np.empty(H.size)
    for i in range(H.size):
        r, total = outside[i] / inside[i], inside[i] + outside[i]
        top, log_r = outside[i] / total, math.log(outside[i] / inside[i])
        D = above[i]
        p = 0.5 * top
        if D <= 0.0:
            out[i] = 0.0
        elif p * (log_r - math.log(p)) - (1.0 - p) * math.log1p(-p) >= D:
            out[i] = _root_in_entropy(D, log_r)
        else:
            high, low = log_two_doubles(total)
            C = max((high - H[i]) + low, 0.0)
            out[i] = top * (1.0 - _root_in_deficit(C / top, r, 0.5))
    return out


@njit(cache=True)
def upper(H, inside, outside):
    """The root on the falling branch, elementwise on arrays of one axis; 1 up to ln(outside)."""
    out = np.empty(H.size)
    for i in range(H.size):
        r, total = inside[i] / outside[i], inside[i] + outside[i]
        high, low = log_two_doubles(total)
        C = max((high - H[i]) + low, 0.0)
        if math.log1p(r) <= C:
            out[i] = 1.0
        else:
            w = _root_in_deficit(C * total / inside[i], r, 1.0)
            out[i] = (outside[i] + inside[i] * w) / total
    return out
