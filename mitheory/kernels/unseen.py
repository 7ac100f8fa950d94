"""The part of the Chao-Wang-Jost estimator that belongs to the symbols not seen."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True)
def unseen_sums(n, c, out):
    """out[i] = sum over r >= n of B^(r - n + 1) / r at B = 1 / (1 + c), for each n[i], c[i] > 0.

    The sum is the integral of exp(-x) / (n c + n (1 - exp(-x / n))) over x > 0, taken by the
    trapezoidal rule in ln x: the integrand is positive, and analytic up to an angle of pi / 2
    from the axis, so that a step h leaves a relative error of about exp(-pi^2 / h).
    """
    h = 0.28
    for i in range(n.size):
        low = math.log(min(1.0, n[i] * c[i])) - 37.0
        total = 0.0
        for k in range(int((math.log(40.0) - low) / h) + 1):
            x = math.exp(low + k * h)
            total += x * math.exp(-x) / (n[i] * (c[i] - math.expm1(-x / n[i])))
        out[i] = h * total
