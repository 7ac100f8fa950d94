"""Least errors from divergences: roots of the binary Kullback-Leibler divergence, elementwise.

Each is found in a variable that vanishes where the divergence does, or, for a small error, in the
error itself or its logarithm, so that the relative error stays at rounding.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.fano import STEPS, _convex, _root_in_entropy, log_two_doubles


@njit(cache=True)
def _below_chance(information, s):
    """The u in [0, 1/2] with d(p || r) = information at p = r (1 - u), r = 1 - s.

    d = r c(-u) + s c(u r/s) with c(t) = (1 + t) ln(1 + t) - t: convex in u, so that Newton
    approaches the root from above.
    """
    r = 1.0 - s
    u = min(math.sqrt(2.0 * information * s / r), 0.5)
    for _ in range(STEPS):
        slope = r * (math.log1p(u * r / s) - math.log1p(-u))
        if slope <= 0.0:
            break
        step = (r * _convex(-u) + s * _convex(u * r / s) - information) / slope
        if u - step > 0.5:
            step = 0.5 * (u - 0.5)
        u -= step
        if abs(step) <= 1e-9 * u:
            break
    return u


@njit(cache=True)
def processed(information, s):
    """The p in [0, 1 - s] with d(1 - p || s) = information; 0 from -ln s upwards."""
    out = np.zeros(s.size)
    for i in range(s.size):
        r = 1.0 - s[i]
        if r <= 0.0:
            continue
        half = r * _convex(-0.5) + s[i] * _convex(0.5 * r / s[i])
        if information[i] < half:
            out[i] = r * (1.0 - _below_chance(information[i], s[i]))
            continue
        high, low = log_two_doubles(s[i])
        rest = -((information[i] + high) + low)  # h(p) + p ln(r/s)
        if rest > 0.0:
            out[i] = _root_in_entropy(rest, math.log(r / s[i]))
    return out


@njit(cache=True)
def _between_hypotheses(D, K):
    """The u in [0, 1/2] with d(q + u || q) = D at q = (1 - u)/(K + 1): convex in u."""
    q = 1.0 / (K + 1.0)
    u = min(math.sqrt(2.0 * D * q * (1.0 - q)), 0.5)
    for _ in range(STEPS):
        q = (1.0 - u) / (K + 1.0)
        odds = math.log1p(u / q) - math.log1p(-u / (1.0 - q))
        slope = K / (K + 1.0) * odds + u / (q * (1.0 - q) * (K + 1.0))
        if slope <= 0.0:
            break
        step = (q * _convex(u / q) + (1.0 - q) * _convex(-u / (1.0 - q)) - D) / slope
        if u - step > 0.5:
            step = 0.5 * (u - 0.5)
        u -= step
        if abs(step) <= 1e-9 * u:
            break
    return u


@njit(cache=True)
def _hypotheses(p, K):
    """d(1 - p || p/K), for small p."""
    return (1.0 - p) * (math.log1p(-p) - math.log(p / K)) + p * (math.log(p) - math.log1p(-p / K))


@njit(cache=True)
def hypotheses(D, K):
    """The p in [0, K/(K + 1)] with d(1 - p || p/K) = D."""
    out = np.empty(D.size)
    for i in range(D.size):
        most = K[i] / (K[i] + 1.0)
        if D[i] < _hypotheses(0.5 * most, K[i]):
            out[i] = most * (1.0 - _between_hypotheses(D[i], K[i]))
            continue
        # nearly ln(K/p): Newton in ln p
        top = math.log(0.5 * most)
        v = min(math.log(K[i]) - D[i], top)
        for _ in range(STEPS):
            p = math.exp(v)
            if p <= 0.0:
                break
            q = p / K[i]
            slope = -1.0 + p * (
                math.log(q) - math.log1p(-p) + math.log(p) - math.log1p(-q) + 1.0 / (1.0 - q)
            )
            step = (_hypotheses(p, K[i]) - D[i]) / slope
            if v - step > top:
                step = 0.5 * (v - top)
            v -= step
            if abs(step) <= 1e-9:
                break
        out[i] = math.exp(v)
    return out
