"""Radii that hold in the limit, or up to constants that nobody knows: for comparison only.

Those of H(Y) are in mitheory.certificates.twosided. Nats, or probabilities of error.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import special

from mitheory.certificates.twosided import Radii, largest_varentropy, minimax_order_radii
from mitheory.check import FloatArray


def asymptotic_conditional_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of H(Y|X) as n grows, at the joint law of largest variance of -ln P(Y|X)."""
    variance = largest_varentropy(classes) if rows == 1 else largest_conditional_varentropy(classes)
    return _normal_radii(n, alpha, variance)


def asymptotic_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y) as n grows, at the largest variance found of the information density."""
    return _normal_radii(n, alpha, density_variance(min(classes, rows)))


def asymptotic_error_radii(n: int, alpha: float) -> Radii:
    """Radii of an error probability as n grows, at the error 1/2."""
    return _normal_radii(n, alpha, 0.25)


def _normal_radii(n: int, alpha: float, variance: float) -> Radii:
    radius = -float(special.ndtri(alpha / 2.0)) * math.sqrt(variance / n)
    return Radii(radius, radius, "asymptotic", f"{alpha / 2.0:.3g} each end")


@lru_cache(maxsize=256)
def largest_conditional_varentropy(classes: int) -> float:
    """Largest variance of -ln P(Y|X) over the joint laws with `classes` labels, in nats squared.

    It is the least over c of the largest mean of (c + ln P(Y))^2 over laws of Y, which has one
    frequent label and others alike: the gradient is infinite where a probability is 0, and the
    curvature in one probability changes sign once.
    """
    from scipy.optimize import minimize_scalar

    L = math.log(classes - 1)
    grid = np.linspace(-L, 40.0, 2001)

    def mean_square(t: FloatArray | float, c: float) -> FloatArray:
        frequent, rest = special.log_expit(t), special.log_expit(-np.asarray(t)) - L
        p = special.expit(t)
        return np.asarray(p * (c + frequent) ** 2 + (1.0 - p) * (c + rest) ** 2)

    def largest(c: float) -> float:
        top = int(np.argmax(mean_square(grid, c)))
        ends = float(grid[max(top - 1, 0)]), float(grid[min(top + 1, grid.size - 1)])
        found = minimize_scalar(
            lambda t: -float(mean_square(t, c)), bounds=ends, options={"xatol": 1e-9}
        )
        return max(float(mean_square(grid[top], c)), -float(found.fun))

    outer = minimize_scalar(
        largest, bounds=(0.0, math.log(classes)), method="bounded", options={"xatol": 1e-10}
    )
    return float(outer.fun)


@lru_cache(maxsize=256)
def density_variance(symbols: int) -> float:
    """Largest variance found of ln(P(X,Y) / P(X) P(Y)) with `symbols` values on the smaller side.

    Over the laws on as many values of X as of Y with one frequent pair, the other pairs on the
    diagonal alike, those of the first row and column alike, and all others alike: in nats squared.
    More values on one side raised it in no search.
    """
    from scipy.optimize import minimize

    if symbols == 1:
        return 0.0
    k = symbols - 1
    pairs = np.array([1.0, 2.0 * k, k, k * (k - 1.0)])  # frequent, its row and column, diagonal

    def loss(z: FloatArray) -> float:
        log_mass = np.append(z, 0.0)[: 4 if k > 1 else 3]
        log_mass = log_mass - special.logsumexp(log_mass)
        mass, size = np.exp(log_mass), pairs[: log_mass.size]
        frequent = mass[0] + mass[1] / 2.0
        other = math.log(max((1.0 - frequent) / k, 1e-300))
        first = math.log(frequent)
        marginals = np.array([2.0 * first, first + other, 2.0 * other, 2.0 * other])
        density = log_mass - np.log(size) - marginals[: log_mass.size]
        return -float(mass @ (density - mass @ density) ** 2)

    options = {"xatol": 1e-6, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    starts = ([4.0, 1.0, 3.0], [2.0, 0.0, 1.5])
    found = (minimize(loss, start, method="Nelder-Mead", options=options) for start in starts)
    return max(-float(one.fun) for one in found)


def minimax_joint_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """The order that minimax estimates of H(X,Y), H(X) and H(Y) reach, constants unknown.

    Sources: jiao2015, wu2016.
    """
    return minimax_order_radii(n, classes * rows)


def minimax_proportion_radii(n: int) -> Radii:
    """Least root mean squared error, at the worst probability, of any estimate of it.

    1 / (2 (sqrt(n) + 1)). Source: hodges1950.
    """
    radius = 0.5 / (math.sqrt(n) + 1.0)
    return Radii(radius, radius, "minimax_order", "none")


def minimax_bayes_radii(n: int, rows: int) -> Radii:
    """The order sqrt(rows / (n ln n)) + 1 / sqrt(n) of the Bayes error of two labels.

    That of the total variation distance between two unknown laws of X. Source: jiao2018.
    """
    radius = math.sqrt(rows / (n * math.log(n + 1.0))) + 1.0 / math.sqrt(n)
    return Radii(radius, radius, "minimax_order", "none")
