"""A lower confidence limit for a bounded mean, by betting."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_LARGEST_BET = 0.75


@njit(cache=True)
def _bets(x, log_risk):
    """How much is bet before each value, from those before it alone."""
    bets = np.empty(x.size)
    total, squares = 0.5, 0.25
    for t in range(x.size):
        variance = squares / (t + 1.0)
        bets[t] = min(_LARGEST_BET, math.sqrt(2.0 * log_risk / (variance * x.size)))
        total += x[t]
        mean = total / (t + 2.0)
        squares += (x[t] - mean) ** 2
    return bets


@njit(cache=True)
def lower_limit(x, delta):
    """The largest m known by bisection at which the wealth reaches 1/delta; 0 if there is none.

    Against the claim that the mean of the values, in [0, 1], is m, the wealth is the product of
    1 + bet (x - m). It falls in m, and is at least 1/delta with probability at most delta if the
    claim is true.
    """
    log_risk = -math.log(delta)
    bets = _bets(x, log_risk)
    low, high = 0.0, 1.0
    for _ in range(50):
        m = 0.5 * (low + high)
        wealth = 0.0
        for t in range(x.size):
            wealth += math.log1p(bets[t] * (x[t] - m))
        if wealth >= log_risk * (1.0 + 1e-12) + 1e-12 * x.size:
            low = m
        else:
            high = m
    return low
