"""How far the plug-in of a binomial law can be from the truth: its exact tail, at the worst law."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import special

from mitheory.certificates.binomial import binary_entropy
from mitheory.check import FloatArray

MOST_SAMPLES = 10**6
"""Largest n for which the tail is searched; the time grows as its square root."""

_MARGIN = 1e-9
"""Relative margin for the incomplete beta function."""

_ROUNDING = 1e-12
"""Relative margin for the rounding of plug-ins, which decides whether a count just misses."""

Plugin = Callable[[FloatArray], FloatArray]


def entropy_deviation(n: int, alpha: float) -> float:
    """r with P(|Hhat - H| > r) <= alpha for every law of a binary label; nats.

    The least such r to within 1e-4 of itself (1e-3 beyond n = 10**4), never below it; n up to
    MOST_SAMPLES.
    """
    return _deviation(n, alpha, binary_entropy, 0.66 / math.sqrt(n), math.log(2.0), symmetric=True)


def proportion_deviation(n: int, alpha: float) -> float:
    """r with P(|K/n - p| > r) <= alpha for every p, K the successes in n trials; as above."""

    def identity(p: FloatArray) -> FloatArray:
        return p

    return _deviation(n, alpha, identity, 0.5 / math.sqrt(n), 1.0, symmetric=False)


def _deviation(
    n: int, alpha: float, plugin: Plugin, spread: float, most: float, symmetric: bool
) -> float:
    normal = -float(special.ndtri(alpha / 2.0)) * spread
    low, high = 0.0, min(most, max(1.02 * normal, 0.1 * spread))
    while not _holds(n, high, alpha, plugin, symmetric):
        if high >= most:
            return most
        low, high = high, min(most, 1.1 * high)
    tolerance = 1e-4 if n <= 10**4 else 1e-3
    while high - low > tolerance * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _holds(n, middle, alpha, plugin, symmetric) else (middle, high)
    return min(most, high * (1.0 + _ROUNDING))


def _holds(n: int, radius: float, alpha: float, plugin: Plugin, symmetric: bool) -> bool:
    """Whether P(|plugin(K/n) - plugin(p)| > radius) <= alpha is proved for all p up to 1/2.

    Branch and bound. On [low, high] fewer counts than those that miss from some p there are taken
    to miss, at the end of the interval where that is likeliest.
    """
    steps = np.linspace(0.0, math.pi / 4.0, 8 + int(2.0 * math.sqrt(n)))
    low, high = np.sin(steps[:-1]) ** 2, np.sin(steps[1:]) ** 2
    high[-1] = 0.5
    for _ in range(14):
        middle = 0.5 * (low + high)
        if (_missed(n, radius, plugin, symmetric, middle, middle) > alpha).any():
            return False
        open_ = _missed(n, radius, plugin, symmetric, low, high) > alpha
        if not open_.any():
            return True
        low, middle, high = low[open_], middle[open_], high[open_]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return False


def _missed(
    n: int, radius: float, plugin: Plugin, symmetric: bool, low: FloatArray, high: FloatArray
) -> FloatArray:
    """At least the probability of a miss from any p of [low, high], p <= 1/2."""
    middle = n // 2 if symmetric else n
    least, most = plugin(high) - radius, plugin(low) + radius
    below = _last(n, middle, plugin, least)  # counts 0..below fall short
    above = _last(n, middle, plugin, most, strict=False) + 1  # counts above..middle exceed
    total = _at_most(n, below, low) + _at_least(n, np.where(above > middle, n + 1, above), high)
    if symmetric:  # the plug-in falls again beyond the middle
        total += _at_least(n, np.where(below < 0, n + 1, n - below), high)
    return np.asarray(total * (1.0 + _MARGIN))


def _last(
    n: int, middle: int, plugin: Plugin, value: FloatArray, strict: bool = True
) -> FloatArray:
    """The last count up to `middle` whose plug-in is below (or at) a value; -1 for none."""
    low, high = np.full(value.shape, -1.0), np.full(value.shape, middle + 1.0)
    while (high - low > 1.0).any():
        k = np.floor(0.5 * (low + high))
        at = plugin(np.clip(k, 0, middle) / n)
        inside = (k >= 0) & ((at < value) if strict else (at <= value)) & (k <= middle)
        low, high = np.where(inside, k, low), np.where(inside, high, k)
    return low


def _at_most(n: int, k: FloatArray, p: FloatArray) -> FloatArray:
    """P(K <= k)."""
    inner = np.clip(k, 0, n - 1)
    value = special.betainc(n - inner, inner + 1.0, 1.0 - p)
    return np.where(k < 0, 0.0, np.where(k >= n, 1.0, value))


def _at_least(n: int, k: FloatArray, p: FloatArray) -> FloatArray:
    """P(K >= k)."""
    inner = np.clip(k, 1, n)
    value = special.betainc(inner, n - inner + 1.0, p)
    return np.where(k > n, 0.0, np.where(k <= 0, 1.0, value))
