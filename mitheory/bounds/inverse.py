"""Where an inequality in one unknown holds: for bounds without an inverse of their own."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mitheory.check import FloatArray

NOWHERE = "the known values contradict the bound: no value of the unknown satisfies it"


def _grid(least: float, most: float) -> FloatArray:
    """Points of [least, most], ever closer to both ends; far out where `most` is infinite."""
    if math.isinf(most):
        return np.concatenate([[least], least + 2.0 ** np.arange(-60, 1000, 2)])
    near = (most - least) * 2.0 ** -np.arange(2.0, 60.0)
    return np.unique(np.concatenate([np.linspace(least, most, 129), least + near, most - near]))


def interval(
    slack: Callable[[FloatArray], FloatArray], least: float, most: float, integer: bool = False
) -> tuple[float, float]:
    """The ends of the set of u in [least, most] with slack(u) >= 0, an interval.

    The slack must be quasi-concave in u, so that the set is one interval: the highest point of a
    grid is inside, and a sign change on either side is an end. That is trusted here; the contract
    of the bounds tries it, for every unknown of every bound, on a grid over its whole range.

    Raises
    ------
    ValueError
        When the inequality holds nowhere.
    """
    from scipy import optimize

    def f(u: float) -> float:
        value = float(slack(np.asarray(u)))
        return -1e300 if math.isnan(value) else max(value, -1e300)  # outside the domain

    with np.errstate(all="ignore"):
        grid = _grid(least, most)
        if integer:
            grid = np.unique(np.round(grid))
        values = np.nan_to_num(slack(grid), nan=-np.inf)
        peak = int(np.argmax(values))
        if values[peak] < 0 and not integer:
            around = float(grid[max(peak - 1, 0)]), float(grid[min(peak + 1, grid.size - 1)])
            best = optimize.minimize_scalar(lambda u: -f(u), bounds=around, method="bounded")
            grid, values = np.insert(grid, peak, best.x), np.insert(values, peak, -best.fun)
            order = np.argsort(grid)
            grid, values = grid[order], values[order]
            peak = int(np.argmax(values))
        if values[peak] < 0:
            raise ValueError(NOWHERE)

        def end(outside: int, inside: int) -> float:
            a, b = sorted((float(grid[outside]), float(grid[inside])))
            return float(optimize.brentq(f, a, b, xtol=1e-300, rtol=1e-15, maxiter=2_000))

        below = np.flatnonzero(values[:peak] < 0)
        above = np.flatnonzero(values[peak:] < 0) + peak
        low = end(below[-1], below[-1] + 1) if below.size else least
        high = end(above[0], above[0] - 1) if above.size else most
        if integer:
            low = math.floor(low) if f(math.floor(low)) >= 0 else math.ceil(low)
            high = math.ceil(high) if high < most and f(math.ceil(high)) >= 0 else high
            high = math.floor(high) if high < most else high
    return float(low), float(high)
