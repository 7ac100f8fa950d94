"""Differences of log-gamma functions, to the accuracy of the difference and not of its parts."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True)
def stretch(z):
    """(1 + z) ln(1 + z) - z for z > -1/3, which is about z^2 / 2."""
    if z > 0.5:
        return (1 + z) * math.log1p(z) - z
    s = z / (2 + z)
    # ln(1 + z) = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...), and 2 s - z = -z s
    s2 = s * s
    series = 0.0
    for k in range(25, 1, -2):
        series = s2 * (1 / k + series)
    return -z * s + 2 * s * series + z * 2 * s * (1 + series)


@njit(cache=True)
def stirling_rest(x):
    """ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), for x >= 12."""
    u = 1 / (x * x)
    return (
        1 / 12 - u * (1 / 360 - u * (1 / 1260 - u * (1 / 1680 - u * (1 / 1188 - u * 691 / 360360))))
    ) / x


@njit(cache=True)
def loggamma_up(x, d):
    """ln Gamma(x + d) - ln Gamma(x) for x > 0, d >= 0."""
    product = 0.0  # of the (x + k + d) / (x + k), less 1
    while x < 12:
        factor = d / x
        product += factor + product * factor
        x += 1
    z = d / x
    rest = stirling_rest(x + d) - stirling_rest(x) - math.log1p(product)
    return d * math.log(x) + x * stretch(z) - 0.5 * math.log1p(z) + rest


@njit(cache=True)
def loggamma_gap(x, y, d):
    """ln Gamma(y) - ln Gamma(x) for x, y > 0, given y - x = d to its own accuracy."""
    return loggamma_up(x, d) if d >= 0 else -loggamma_up(y, -d)


@njit(cache=True)
def log_rising(x, j):
    """The sum of ln(1 + m / x) over m < j: ln Gamma(x + j) - ln Gamma(x) - j ln x."""
    if j <= 16 and x > 1e-9:  # below, the product might overflow
        product = 0.0
        for m in range(1, j):
            factor = m / x
            product += factor + product * factor
        return math.log1p(product)
    if x < 12:
        return loggamma_up(x, float(j)) - j * math.log(x)
    z = j / x
    return x * stretch(z) - 0.5 * math.log1p(z) + stirling_rest(x + j) - stirling_rest(x)
