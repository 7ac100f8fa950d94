"""The linear programme for the weights of the least certified error.

Unknown are the correction c(k) = w(k) + (k/n) ln(k/n) of the plug-in at some counts, linear in
between, the largest bias t, a slope for either end of the bias, and the range of the differences
w(k+1) - w(k), which holds every change of the estimate by one replaced sample. With b(p) what one
symbol adds to the bias, the largest bias is at most t if for all p

    -(t + slope_1) / S + slope_1 p <= b(p) <= (t - slope_2) / S + slope_2 p.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import xlogy

from mitheory.check import FloatArray, IntArray
from mitheory.kernels.bernstein import hat_means
from mitheory.risk.symbol import SymbolBias

_FEW = 40
"""Up to this count every weight is free."""

_SPREAD = 1.2
"""Ratio of the counts beyond, and of the distances from n, at which weights are free."""


def optimal_weights(n: int, S: int, deviations: float) -> FloatArray:
    """Weights of the counts 0 .. n that minimise t + deviations (greatest less least difference).

    The conditions are asked on a grid of p, so that the true worst bias is a little more than t.

    Raises
    ------
    ArithmeticError
        If the programme was not solved.
    """
    from scipy.optimize import linprog

    k = np.arange(n + 1)
    plugin = -xlogy(k / n, k / n)
    knots, p = _knots(n), _grid(n, S)
    means = np.zeros((p.size, knots.size))
    means[:-1] = hat_means(n, p[:-1], 1 - p[:-1], knots)
    means[-1, -1] = 1.0
    fixed, _ = SymbolBias.of(plugin).at(p)

    # columns: n c at knots[1:], slope_1, slope_2, t, greatest and least difference times n
    free = knots.size - 1
    scale = 1 / (1 + S * p)  # makes rows of very different p alike
    part = S / n * means[:, 1:]
    line, zero, one = (1 - S * p)[:, None], np.zeros((p.size, 1)), np.ones((p.size, 1))
    over = np.hstack([part, zero, line, -one, zero, zero]) * scale[:, None]
    under = np.hstack([-part, -line, zero, -one, zero, zero]) * scale[:, None]
    gaps = np.diff(knots)[:, None]
    slopes = (np.eye(free) - np.eye(free, k=-1)) / gaps
    rest, unit = np.zeros((free, 3)), np.ones((free, 1))
    greatest = np.hstack([slopes, rest, -unit, 0 * unit])
    least = np.hstack([-slopes, rest, 0 * unit, unit])
    # the plug-in's own differences fall with the count: on a segment its ends decide
    steps = n * np.diff(plugin)
    limits = [-S * fixed * scale, S * fixed * scale, -steps[knots[:-1]], steps[knots[1:] - 1]]
    cost = np.r_[np.zeros(free + 2), 1.0, deviations / n, -deviations / n]
    solution = linprog(
        cost,
        A_ub=np.vstack([over, under, greatest, least]),
        b_ub=np.concatenate(limits),
        bounds=(None, None),
        method="highs-ds",
    )
    if solution.x is None or solution.status != 0:
        raise ArithmeticError(f"the linear programme was not solved: {solution.message}")
    return np.asarray(plugin + np.interp(k, knots, np.r_[0.0, solution.x[:free] / n]))


def _knots(n: int) -> IntArray:
    """Counts whose weights are free: few, geometric from there, geometric down from n."""
    ratios = _SPREAD ** np.arange(math.ceil(math.log(n) / math.log(_SPREAD)) + 1)
    far = np.r_[np.arange(min(_FEW, n) + 1), _FEW * ratios, n - ratios, n]
    return np.unique(far[(far >= 0) & (far <= n)].astype(np.int64))


def _grid(n: int, S: int) -> FloatArray:
    """Probabilities up to 1, finer than the standard deviation of N/n and than the knots."""

    def ascending(first: float) -> FloatArray:
        points = [first]
        while points[-1] < 0.5:
            p = points[-1]
            points.append(p + min(p / 12, max(0.15 * math.sqrt(p / n), p / 50)))
        return np.array(points[:-1])

    return np.r_[ascending(1e-4 / max(n, S)), 1 - ascending(0.05 / n)[::-1], 1.0]
