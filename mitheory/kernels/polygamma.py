"""Differences of polygamma functions, to full relative accuracy also between near arguments."""

from __future__ import annotations

import math

from numba import njit

DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760)
"""psi(x) = ln x - 1/2x - sum_k DIGAMMA[k] / x^(2k + 2), to double precision from x = 12 on."""

TRIGAMMA = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730)
"""x psi'(x) = 1 + 1/2x + sum_k TRIGAMMA[k] / x^(2k + 2), likewise."""


@njit(cache=True)
def even_gap(x, d, coefficients):
    """sum_k coefficients[k] (1 / x^(2k + 2) - 1 / (x + d)^(2k + 2))."""
    u, v = 1 / x, 1 / (x + d)
    step = d * u * v * (u + v)  # u^2 - v^2
    total, gap, power = 0.0, step, v * v
    for coefficient in coefficients:
        total += coefficient * gap
        gap = u * u * gap + power * step
        power *= v * v
    return total


@njit(cache=True)
def digamma_gap(x, d):
    """psi(x + d) - psi(x) for x > 0, d >= 0."""
    gap = 0.0
    while x < 12:
        gap += d / (x * (x + d))
        x += 1
    return gap + math.log1p(d / x) + d / (2 * x * (x + d)) + even_gap(x, d, DIGAMMA)


@njit(cache=True)
def trigamma_rest(x):
    """x psi'(x) - 1 for x > 0, which is about 1/2x."""
    # its value at x is 1 / x(x + 1) + x / (x + 1) times its value at x + 1: unrolled as a + b value
    a, b = 0.0, 1.0
    while x < 12:
        b /= x + 1
        a += b / x
        b *= x
        x += 1
    u = 1 / (x * x)
    tail = 0.0
    for coefficient in TRIGAMMA[::-1]:
        tail = u * (coefficient + tail)
    return a + b * (0.5 / x + tail)


@njit(cache=True)
def trigamma_gap(x, d):
    """x psi'(x) - (x + d) psi'(x + d) for x > 0, d >= 0."""
    if x < 12 or d > 0.5 * x:
        return trigamma_rest(x) - trigamma_rest(x + d)
    return d / (2 * x * (x + d)) + even_gap(x, d, TRIGAMMA)


@njit(cache=True)
def digamma_gaps(x, d, out):
    """`digamma_gap` of each pair of the flat arrays x and d, into out."""
    for i in range(x.size):
        out[i] = digamma_gap(x[i], d[i])


@njit(cache=True)
def trigamma_gaps(x, d, out):
    """`trigamma_gap` of each pair of the flat arrays x and d, into out."""
    for i in range(x.size):
        out[i] = trigamma_gap(x[i], d[i])
