"""What one symbol adds to the bias of a linear estimator, as a function of its probability.

With weights w and z those of Zhang's estimator, whose mean is sum_{v=1}^{n-1} p (1-p)^v / v,

    b(p) = E w(N) + p ln p = E d(N) - R(p),    d = w - z,    R(p) = p sum_{v >= n} (1-p)^v / v.

Nothing cancels here: d is of the size of the bias, E d(N) is a polynomial in Bernstein's basis, and
R is known in closed form, R''(p) = (1-p)^(n-2) (n - 1/p).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import exp1

from mitheory.check import BoolArray, FloatArray
from mitheory.kernels.bernstein import UNIT, expansions, harmonic_tails

_MACLAURIN = (
    1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000,
    1 / 74724249600, -3617 / 10670622842880000,
)  # fmt: skip
"""B_2k / (2k)!, of Euler and Maclaurin's formula."""

_REST_ERROR = 1e-14
"""Relative error of R(p) in units of 1 - n ln(1-p); what is measured is below a tenth of it."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Intervals [left, right] and where b lies there.

    It is at most `below` under and `above` over the line from `at_left` to `at_right`, which are
    its end values to within `end`. Of all these `error` is rounding, which splitting cannot reduce.
    """

    left: FloatArray
    right: FloatArray
    at_left: FloatArray
    at_right: FloatArray
    below: FloatArray
    above: FloatArray
    end: FloatArray
    error: FloatArray

    def where(self, chosen: BoolArray) -> Cells:
        """Some of the intervals."""
        return Cells(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def beside(self, others: Cells) -> Cells:
        """These and other intervals."""
        pairs = ((getattr(self, field.name), getattr(others, field.name)) for field in fields(self))
        return Cells(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, eq=False)
class SymbolBias:
    """b(p) at one n: the coefficients d_0 .. d_n, and the most that their rounding adds to the bias
    under any law.
    """

    n: int
    d: FloatArray
    rounding: float

    @classmethod
    def of(cls, weights: FloatArray) -> SymbolBias:
        """From the weights of the counts 0 .. n."""
        n = len(weights) - 1
        k = np.arange(n + 1)
        d = weights - k / n * harmonic_tails(n)
        # z_k is right to five units and d_k to one more; over all symbols the counts sum to n
        per_law = n * float(np.max(np.abs(d[1:]) / k[1:])) + 5 * (1 + math.log(n))
        return cls(n, d, 1.1 * UNIT * per_law)

    def at(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """b(p), and how far it may be off."""
        inside = (p > 0) & (p < 1)
        safe = np.where(inside, p, 0.5)
        terms = expansions(self.n, safe, 1 - safe, np.zeros(p.shape), self.d)
        rest, off = self._rest(safe)
        ends = np.where(p > 0, self.d[-1], self.d[0])
        return np.where(inside, terms[:, 0] - rest, ends), np.where(inside, terms[:, -1] + off, 0.0)

    def cells(self, left: FloatArray, right: FloatArray) -> Cells:
        """Rigorous bounds on b in intervals, 0 <= left < right <= 1.

        With p = centre + s half, E d(N) is sum_m t_m s^m to within a remainder. Less its chord,
        b is (1 - s^2) times half^2 R''/2 - t_2 - t_4 (1 + s^2) - ..., R'' at a point between, and
        of the odd terms t_m (s^m - s), each at most |t_m|.
        """
        centre = (left + right) / 2
        half = np.maximum(centre - left, right - centre) * (1 + 4 * UNIT)
        terms = expansions(self.n, centre, 1 - centre, half, self.d)
        t, remainder, error = terms[:, :-2], terms[:, -2], terms[:, -1]
        rest_left, off_left = self._rest(left)
        rest_right, off_right = self._rest(right)
        error = error + np.maximum(off_left, off_right) + 16 * UNIT * np.abs(t).sum(axis=1)
        least, most = self._curvature(left, right)
        # (1 - s^m) / (1 - s^2) lies between 1 and m/2 for even m
        even, times = t[:, 2::2], np.arange(1, t.shape[1] // 2 + 1)
        bend_least = np.minimum(even, times * even).sum(axis=1)
        bend_most = np.maximum(even, times * even).sum(axis=1)
        margin = np.abs(t[:, 3::2]).sum(axis=1) + remainder + error
        above = np.maximum(half**2 * most / 2 - bend_least, 0.0)
        below = np.maximum(bend_most - half**2 * least / 2, 0.0)
        # from 0 to c, R + p ln p is convex and -p ln p at most c/e above its chord
        below = np.where(left > 0, below, np.maximum(bend_most, 0.0) + right / math.e)
        return Cells(
            left=left,
            right=right,
            at_left=t[:, ::2].sum(axis=1) - t[:, 1::2].sum(axis=1) - rest_left,
            at_right=t.sum(axis=1) - rest_right,
            below=below + margin,
            above=above + margin,
            end=remainder + error,
            error=error,
        )

    def _rest(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """R(p), and how far it may be off.

        exp(-v y) / v, y = -ln(1-p), is completely monotone in v: Euler and Maclaurin's formula for
        its sum from v = 20 on alternates about the sum. For y above 1/2 the sum is geometric.
        """
        n, start = self.n, max(self.n, 20)
        with np.errstate(divide="ignore"):
            y = -np.log1p(-p)
        small = np.clip(y, 1e-300, 0.5)
        first = np.exp(-start * small) / start
        total = exp1(start * small) + first / 2
        derivative = power = first  # of order k, up to its sign: f y^k + (k / v) times the last
        for k in range(1, 2 * len(_MACLAURIN)):
            power = power * small
            derivative = power + k / start * derivative
            if k % 2:
                total = total + _MACLAURIN[k // 2] * derivative
        for v in range(n, start):
            total = total + np.exp(-v * small) / v
        q, series = np.minimum(1 - p, 0.61), np.zeros(p.shape)
        for j in range(80, -1, -1):
            series = n / (n + j) + q * series
        value = p * np.where(y < 0.5, total, np.exp(-n * y) / n * series)
        decay = np.where(value > 0, n * y, 0.0)
        return value, _REST_ERROR * (1 + decay) * value

    def _curvature(self, left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bounds on R'' in intervals; the lower one is not meant for left = 0.

        n - 1/p rises through 0 at p = 1/n, and (1-p)^(n-2) falls.
        """
        n = self.n
        low, high = n - 1 / np.where(left > 0, left, 1.0), n - 1 / right
        if n == 1:  # R'' = -1/p
            return (low - 1) * (1 + 1e-12), (high - 1) * (1 - 1e-12)
        with np.errstate(divide="ignore", invalid="ignore"):
            large = np.exp((n - 2) * np.log1p(-left))
            small = np.exp((n - 2) * np.log1p(-right)) if n > 2 else large
        least = low * np.where(low >= 0, small, large)
        most = high * np.where(high >= 0, large, small)
        margin = 1e-12 * (2 * n - low) * large
        return least - margin, most + margin
