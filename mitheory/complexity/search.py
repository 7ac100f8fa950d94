"""The least sample size at which a falling radius is within a goal."""

from __future__ import annotations

import math
from collections.abc import Callable


def least_n(
    radius: Callable[[int], float], goal: float, most: int, slack: float = 0.0, start: int = 1
) -> int | None:
    """Least n with radius(n) <= goal for a falling radius, to a share `slack`; None beyond `most`.

    From `start` the steps are those of a radius that falls as a power of n, 1 / sqrt(n) to begin
    with, until the goal lies between two sizes; then they are interpolated, or halved where that
    comes to nothing. With a slack an interpolated size keeps from both ends of the range, by more
    and more, so that a few steps close it.
    """
    least_step = 1.0 + (slack or 0.05)
    low, at_low, power = 0, math.inf, 0.5
    high = min(start, most)
    at_high = radius(high)
    while at_high > goal:
        if high == most:
            return None
        step = _step(at_high / goal, power, least_step)
        low, at_low, high = high, at_high, min(math.ceil(high * step), most)
        at_high = radius(high)
        power, least_step = _power(low, at_low, high, at_high), 2.0 * least_step - 1.0
    while low == 0 and high > 1:
        step = _step(goal / at_high if at_high else math.inf, power, least_step)
        fewer = int(high / step)
        if fewer == 0:
            break
        value = radius(fewer)
        power, least_step = _power(fewer, value, high, at_high), 2.0 * least_step - 1.0
        if value <= goal:
            high, at_high = fewer, value
        else:
            low, at_low = fewer, value
    halving, gap = False, max(1, int(0.5 * slack * high))
    while high - low > max(1, slack * high):
        middle = (low + high) // 2
        if not halving and math.isfinite(at_low) and at_high > 0.0 and high - low > 2 * gap:
            share = math.log(at_low / goal) / math.log(at_low / at_high)
            middle = round(math.exp((1 - share) * math.log(low) + share * math.log(high)))
            middle = min(max(middle, low + gap), high - gap)
        before = high - low
        value = radius(middle)
        if value <= goal:
            high, at_high = middle, value
        else:
            low, at_low = middle, value
        if slack:
            gap *= 2
        else:
            halving = not halving and high - low > 0.5 * before
    return high


def _step(ratio: float, power: float, least: float) -> float:
    """The factor of n that changes a radius by `ratio`, from `least` to 1000."""
    return float(min(max(min(ratio, 1000.0) ** (1.0 / power), least), 1000.0))


def _power(low: int, at_low: float, high: int, at_high: float) -> float:
    """The power of 1 / n that joins two radii, kept between 1/4 and 1."""
    if not 0.0 < at_high < at_low:
        return 0.25
    return min(max(math.log(at_low / at_high) / math.log(high / low), 0.25), 1.0)
