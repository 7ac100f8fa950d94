"""The best polynomial approximation of -x ln x on [0, 1], and its unbiased estimator.

Small probabilities are where the plug-in is biased, because -p ln p is not smooth at 0. There a
polynomial can take its place: sum_k a_k p^k has the unbiased estimator sum_k a_k (j)_k / n^k from
a Poisson count j of mean n p, and sum_k a_k (j)_k / (n)_k from a binomial one, where
(j)_k = j (j - 1) ... (j - k + 1).

Both sums cancel: the coefficients a_k grow like (3 + 2 sqrt 2)^degree. They are therefore found to
many digits, and the sums taken in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from mitheory.check import FloatArray

_GRID = 64
"""Points per alternation among which the extrema of the error are first looked for."""


@cache
def best_polynomial(degree: int) -> tuple[Any, ...]:
    """Coefficients a_0 .. a_degree (mpmath numbers) of the best uniform approximation of -x ln x
    on [0, 1] by a polynomial of degree at least 1.

    By Remez's exchange. The derivative of order degree + 1 of -x ln x has one sign, so the error
    of any interpolant alternates exactly as often as it should, with one extremum between any two
    zeros: each exchange is safe. It runs in double precision in theta, x = sin^2(theta / 2), down
    to extrema known to about 1e-12; the polynomial levelled there, solved to many digits, differs
    from the best one by the square of that. Source: remez1934.
    """
    return _levelled(_extrema(degree))


def _extrema(degree: int) -> FloatArray:
    """Angles theta of the degree + 2 extrema of the error, ascending from 0 to pi."""
    order = np.arange(degree + 1.0)
    grid = np.linspace(0, np.pi, _GRID * (degree + 2) + 1)
    basis, target = np.cos(np.outer(grid, order)), _minus_x_log_x(grid)
    theta = np.linspace(0, np.pi, degree + 2)
    signs = (-1.0) ** np.arange(degree + 2)
    for _ in range(50):
        system = np.column_stack([np.cos(np.outer(theta, order)), signs])
        c = np.linalg.solve(system, _minus_x_log_x(theta))[:-1]
        error = target - basis @ c
        starts = np.flatnonzero(np.diff(np.sign(error))) + 1
        pieces = np.split(np.abs(error), starts)
        if len(pieces) != degree + 2:
            raise ArithmeticError(f"Remez's exchange lost an alternation at degree {degree}")
        peaks = grid[np.array([int(piece.argmax()) for piece in pieces]) + np.r_[0, starts]]
        peaks[0], peaks[-1] = 0, np.pi
        peaks[1:-1] = _polished(peaks[1:-1], order, c)
        moved = np.max(np.abs(peaks - theta))
        theta = peaks
        if moved < 1e-11:
            return theta
    raise ArithmeticError(f"Remez's exchange did not settle at degree {degree}")


def _minus_x_log_x(theta: FloatArray) -> FloatArray:
    x = np.sin(theta / 2) ** 2
    return -x * np.log(np.where(x > 0, x, 1.0))


def _polished(theta: FloatArray, order: FloatArray, c: FloatArray) -> FloatArray:
    """Zeros of the error's derivative in theta, by Newton's method from grid points near them."""
    for _ in range(4):
        slope = -2 * np.log(np.sin(theta / 2)) - 1
        waves = np.outer(theta, order)
        first = slope * np.sin(theta) / 2 + np.sin(waves) @ (order * c)
        second = slope * np.cos(theta) / 2 - np.cos(theta / 2) ** 2 + np.cos(waves) @ (order**2 * c)
        theta = theta - first / second
    return theta


def _levelled(theta: FloatArray) -> tuple[Any, ...]:
    """Coefficients of the polynomial whose error has equal size and alternate sign at theta."""
    import mpmath as mp

    degree = len(theta) - 2
    with mp.workdps(50 + 2 * degree):
        inner = [mp.mpf(float(x)) for x in np.sin(theta[1:-1] / 2) ** 2]
        x = [mp.mpf(0), *inner, mp.mpf(1)]
        f = [-v * mp.log(v) if v else v for v in x]
        signs = [mp.mpf((-1) ** i) for i in range(degree + 2)]
        for k in range(1, degree + 2):  # divided differences, in place
            for i in range(degree + 1, k - 1, -1):
                f[i] = (f[i] - f[i - 1]) / (x[i] - x[i - k])
                signs[i] = (signs[i] - signs[i - 1]) / (x[i] - x[i - k])
        level = f[-1] / signs[-1]  # leaves no term of degree + 1
        newton = [a - level * b for a, b in zip(f[:-1], signs[:-1], strict=True)]
        a = [newton[-1]]
        for k in range(degree - 1, -1, -1):  # a <- a * (x - x_k) + newton_k
            a = [newton[k] - x[k] * a[0], *(p - x[k] * q for p, q in pairwise(a))]
            a.append(newton[-1])
        return tuple(a)


def falling_sums(b: Sequence[Any], most: int) -> FloatArray:
    """sum_k b_k (j)_k for j = 0 .. most, each rounded once; the b_k are mpmath numbers."""
    import mpmath as mp

    bits = 80 + len(b) * (most + 1).bit_length()
    fixed = [int(mp.ldexp(value, bits)) for value in reversed(b)]
    sums = np.empty(most + 1)
    for j in range(most + 1):
        total = 0
        for k, value in zip(range(len(b) - 1, -1, -1), fixed, strict=True):
            total = total * (j - k) + value
        sums[j] = total / (1 << bits)
    return sums
