"""The worst bias of a linear estimator over all laws on an alphabet, certified.

The bias under a law is the sum of b(p_i), b what one symbol adds. For any slope,

    sum_i b(p_i) = slope + sum_i (b(p_i) - slope p_i) <= slope + S max_p (b(p) - slope p),

and the least right side is S times the concave hull of b at 1/S. The hull of rigorous bounds on b
in the cells of a grid takes its place; cells that keep it from the hull of b are split.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mitheory import check
from mitheory.check import BoolArray, FloatArray
from mitheory.entropies import Estimator
from mitheory.kernels.bernstein import UNIT
from mitheory.risk.moments import _linear, _weights
from mitheory.risk.symbol import Cells, SymbolBias

_MOST_SAMPLES = 10**7  # the weights of all counts are kept
_TOLERANCE = 1e-7  # of the range of the bias: what is left between a bound and the hull of b
_ROUNDS = 30
_PIECES = 4

Levels = tuple[tuple[float, int], ...]
"""A law: pairs of a probability and of how many symbols have it."""


@dataclass(frozen=True)
class WorstBias:
    """Bounds on the bias of a linear estimator under every law on S symbols, in nats.

    Attributes
    ----------
    lower, upper : float
        lower <= bias <= upper, rounding included, for every law on at most `alphabet` symbols.
    lowest, highest : float
        The bias under two laws that were found: the least bias of all is in [lower, lowest], the
        greatest in [highest, upper].
    lowest_at, highest_at : tuple of (float, int)
        These laws: pairs of a probability and of how many symbols have it.
    n, alphabet : int
        Samples, and S.
    """

    lower: float
    upper: float
    lowest: float
    highest: float
    lowest_at: Levels
    highest_at: Levels
    n: int
    alphabet: int

    @property
    def largest(self) -> float:
        """A bound on the size of the bias."""
        return max(-self.lower, self.upper)


def worst_bias(estimator: Estimator | str, n: int, S: int) -> WorstBias:
    """Certified bounds on the bias over all laws on S symbols, in nats.

    Parameters
    ----------
    estimator : Estimator or str
        A linear estimator, or its name in ENTROPIES.
    n : int
        Number of samples, from 1 to 10**7. The time grows in proportion: 0.2 to 2 s at 10**6.
    S : int
        Size of the alphabet, from 1 to 2**53; the time hardly depends on it.

    Returns
    -------
    WorstBias
        The bounds, and the laws found that come near them.

    Raises
    ------
    TypeError
        If the estimator is not linear.
    ValueError
        If the name is unknown, or `n` or `S` out of range.
    ArithmeticError
        If the bias could not be bounded.

    Notes
    -----
    By duality, from bounds on what one symbol adds; derived in docs/theory. They are those of a
    relaxation, in which the numbers of symbols at each level need not be whole: exact up to a
    symbol or two, which is little for large alphabets. How little, the laws found tell.

    Examples
    --------
    >>> import mitheory as mt
    >>> worst = mt.risk.worst_bias("plugin", n=1000, S=1000)
    >>> round(worst.lower, 6), round(worst.lowest, 6)
    (-0.573011, -0.573011)
    >>> mt.risk.worst_bias("miller_madow", n=1000, S=1000).upper < 1e-9
    True
    """
    estimator = _linear(estimator)
    n, S = _sizes(n, S)
    weights = _weights(estimator, np.arange(n + 1), n, S)
    if S == 1:
        only, law = float(weights[n]), ((1.0, 1),)
        return WorstBias(only, only, only, only, law, law, n, S)
    bias = SymbolBias.of(weights)
    cells = bias.cells(*_grid(n, S))
    low, high = _end(cells, S, -1), _end(cells, S, 1)
    for _ in range(_ROUNDS):
        tolerance = _TOLERANCE * (low.bound + high.bound) / S
        split = low.loose(tolerance) | high.loose(tolerance)
        if not split.any():
            break
        cells = cells.where(~split).beside(bias.cells(*_pieces(cells.where(split))))
        low, high = _end(cells, S, -1), _end(cells, S, 1)
    lowest, lowest_at = _law(bias, S, low)
    highest, highest_at = _law(bias, S, high)
    lower, upper = -low.bound - bias.rounding, high.bound + bias.rounding
    return WorstBias(lower, upper, lowest, highest, lowest_at, highest_at, n, S)


def _sizes(n: int, S: int) -> tuple[int, int]:
    n, S = check.whole_number(n, "n", least=1), check.whole_number(S, "S", least=1)
    if n > _MOST_SAMPLES:
        raise ValueError(f"n must be at most {_MOST_SAMPLES:g} for a bound over laws; got {n}")
    if S > check.MAX_COUNT:
        raise ValueError(f"S must be at most 2**53; got {S}")
    return n, S


@dataclass(frozen=True, eq=False)
class _End:
    """An upper bound on sign times the bias.

    `excess` of a cell is how far its bound stands above the tangent of the hull of the values of b
    at the ends of cells, `slack` what splitting can take off it; `contact` holds the points where
    the tangent touches, on either side of 1/S.
    """

    sign: int
    bound: float
    excess: FloatArray
    slack: FloatArray
    contact: tuple[float, float]

    def loose(self, tolerance: float) -> BoolArray:
        """The cells that keep the bound away from the hull of b."""
        return (self.excess > tolerance / 2) & (self.slack > tolerance / 4)


def _end(cells: Cells, S: int, sign: int) -> _End:
    x = np.concatenate([cells.left, cells.right])
    values = sign * np.concatenate([cells.at_left, cells.at_right])
    over = cells.above if sign > 0 else cells.below
    if not (np.isfinite(values).all() and np.isfinite(over).all()):
        raise ArithmeticError("the worst bias could not be bounded: the weights are too large")
    above = values + np.tile(over, 2)
    above += 2 * UNIT * (np.abs(values) + np.abs(above))
    slope, _ = _tangent(x, above, 1 / S)
    height = above - slope * x
    top = float(np.max(height + 2 * UNIT * (np.abs(height) + abs(slope) * x)))
    bound = slope + S * top + 4 * UNIT * (abs(slope) + S * abs(top))

    sure = values - np.tile(cells.end, 2)
    tangent, contact = _tangent(x, sure, 1 / S)
    excess = (above - tangent * x).reshape(2, -1).max(axis=0) - np.max(sure - tangent * x)
    return _End(sign, bound, excess, over - cells.error, contact)


def _tangent(x: FloatArray, y: FloatArray, at: float) -> tuple[float, tuple[float, float]]:
    """Slope of the concave hull of points at `at`, and where the tangent touches on either side.

    The points include x = 0 and x = 1. Any slope gives a valid bound; this one gives the least.
    """
    left = int(np.argmax(np.where(x == 0, y, -np.inf)))
    right = int(np.argmax(np.where(x == 1, y, -np.inf)))
    while True:
        slope = float((y[right] - y[left]) / (x[right] - x[left]))
        height = y - slope * x
        top = int(np.argmax(height))
        if height[top] <= max(height[left], height[right]):
            return slope, (float(x[left]), float(x[right]))
        left, right = (top, right) if x[top] <= at else (left, top)


def _grid(n: int, S: int) -> tuple[FloatArray, FloatArray]:
    """Cells about four standard deviations of N/n wide, halved towards 0 to well below 1/S."""
    angles = np.linspace(0, np.pi / 2, math.ceil(np.pi / 4 * math.sqrt(n)) + 2)
    p = np.sin(angles) ** 2
    p[-1] = 1.0
    halvings = math.ceil(math.log2(max(1e4 * S * p[1], 2)))
    p = np.concatenate([p[:1], p[1] * 2.0 ** np.arange(-halvings, 0), p[1:]])
    return p[:-1], p[1:]


def _pieces(cells: Cells) -> tuple[FloatArray, FloatArray]:
    width = (cells.right - cells.left)[:, None]
    edges = cells.left[:, None] + width * np.linspace(0, 1, _PIECES + 1)
    edges[:, -1] = cells.right
    return edges[:, :-1].ravel(), edges[:, 1:].ravel()


def _law(bias: SymbolBias, S: int, end: _End) -> tuple[float, Levels]:
    """A law whose bias is near the end: of two levels, or of the three that the contact suggests.

    The relaxation has `share` symbols at the upper point of contact and the others at the lower.
    """
    low, high = end.contact
    share = (1 - S * low) / (high - low)
    few = min(max(math.floor(share), 1), S - 1)
    best, law = -math.inf, (np.empty(0), np.empty(0))

    def consider(levels: FloatArray, symbols: FloatArray) -> int:
        nonlocal best, law
        values = end.sign * bias.at(levels.ravel())[0].reshape(levels.shape) @ symbols
        at = int(np.argmax(values))
        if values[at] > best:
            best, law = float(values[at]), (levels[at], symbols)
        return at

    for m in sorted({1, few, min(few + 1, S - 1), S - 1}):
        rare = np.append(np.geomspace(1e-3 / max(bias.n, S), 1 / S, 25), low)
        x = np.concatenate([np.geomspace(1 / S, 1 / m, 25), [high], (1 - (S - m) * rare) / m])
        x = np.unique(np.clip(x, 1 / S, 1 / m))
        for _ in range(4):  # the best, then finer and finer about it
            levels = np.column_stack([x, np.maximum(1 - m * x, 0.0) / (S - m)])
            at = consider(levels, np.array([m, S - m], np.float64))
            x = np.linspace(x[max(at - 1, 0)], x[min(at + 1, x.size - 1)], 13)
    rest = 1 - few * high - (S - few - 1) * low
    if 0 < rest < 1:
        consider(np.array([[high, rest, low]]), np.array([few, 1.0, S - few - 1]))
    pairs = zip(*law, strict=True)
    return end.sign * best, tuple((float(p), int(m)) for p, m in pairs if m > 0)
