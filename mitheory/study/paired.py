"""Paired comparisons: what a change does, measured again and again with all else the same.

>>> change = difference([0.31, 0.28, 0.35, 0.30], [0.30, 0.30, 0.30, 0.29])
>>> round(change.mean, 3), round(change.half_width, 3), change.lower < 0 < change.upper
(0.013, 0.046, True)
>>> holm([0.01, 0.04, 0.03])
[0.03, 0.06, 0.06]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from mitheory import check


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences, its t-interval, and the p-value of no difference.

    Attributes
    ----------
    mean, half_width : float
        The interval is mean -+ half_width.
    p : float
        Two-sided, of the paired t-test (student1908).
    n : int
        The number of pairs.
    """

    mean: float
    half_width: float
    p: float
    n: int

    @property
    def lower(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    @property
    def upper(self) -> float:
        """The upper end of the interval."""
        return self.mean + self.half_width


def difference(a: npt.ArrayLike, b: npt.ArrayLike = 0.0, *, level: float = 0.95) -> Difference:
    """Compare `a` with `b`, pair by pair.

    Exact for differences that are independent and normal; otherwise as good as the normal law is
    for their mean.

    Parameters
    ----------
    a, b : array-like of shape (n,), n at least 2
        `b` may be one number.
    level : float
        Of the interval.

    Returns
    -------
    Difference of a less b. Where all pairs differ by the same, half_width is 0, and p is 0 or,
    for no difference at all, 1.

    Raises
    ------
    ValueError
        For fewer than two pairs, lengths that differ, numbers that are not finite, or a level
        outside (0, 1).

    Notes
    -----
    Source: student1908.
    """
    level = check.real(level, "level", above=0.0, below=1.0)
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.ndim != 1 or a.size < 2 or b.shape not in ((), a.shape):
        raise ValueError(f"need pairs, at least two; got shapes {a.shape} and {b.shape}")
    values = a - b
    if not np.isfinite(values).all():
        raise ValueError("the differences must be finite; got NaN or infinity")
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(values.size)
    freedom = values.size - 1
    half_width = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    if error == 0.0:
        p = float(mean == 0.0)
    else:
        p = 2.0 * float(special.stdtr(freedom, -abs(mean) / error))
    return Difference(mean, half_width, p, values.size)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for their number: all those below a level are significant at it together.

    The probability of one false rejection or more is at most the level, whatever the dependence.

    Parameters
    ----------
    p_values : sequence of float in [0, 1]

    Returns
    -------
    list of float, in the same order.

    Raises
    ------
    ValueError
        For a number outside [0, 1].

    Notes
    -----
    Source: holm1979.
    """
    p = np.array([check.real(value, "p", least=0.0, most=1.0) for value in p_values])
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in adjusted]
