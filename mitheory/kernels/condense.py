"""Few counts that stand for many in every sum of a smooth function over the symbols.

A function of a count such as ln Gamma(j + b) or psi(j + b), which is analytic but for negative
arguments, is analytic in ln j in the strip of half-width pi about the real line. On a block of
counts a factor of at most RATIO apart its interpolant at Chebyshev's points in ln j therefore
converges geometrically (trefethen2014). Summed over the block's symbols the interpolant is a sum
over the points: the weight of a point is the sum of its Lagrange polynomial over the symbols.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

RATIO = 8.0
"""Largest over smallest count of a block, so that no term is lost beside one much larger."""

FIRST = 48
"""The counts below are left as they are."""

PRECISION = 37.0
"""The interpolant's relative error is of the order of exp(-PRECISION)."""


@njit(cache=True)
def points_needed(least, most):
    """So many that the interpolant between two counts is right to double precision."""
    if most == least:
        return 1
    # half an axis of the ellipse about the block that fits into the strip
    axis = 2 * math.pi / math.log1p((most - least) / least)
    ellipse = axis + math.sqrt(1 + axis * axis)
    return 3 + math.ceil(PRECISION / math.log(ellipse))


@njit(cache=True)
def condense(j, phi):
    """Counts and their weights for (j, phi); j in floats, ascending, phi of shape (rows, counts).

    Blocks with no more counts than points, or so narrow that whole points would lie too far from
    Chebyshev's, are left as they are.
    """
    counts, weights = np.empty(j.size), np.empty((phi.shape[0], j.size))
    size, start = 0, 0
    while start < j.size:
        end = start + 1
        if j[start] >= FIRST:
            end = np.searchsorted(j, RATIO * j[start], side="right")
        points = points_needed(j[start], j[end - 1])
        if end - start <= points or 2 * (j[end - 1] - j[start]) < points * points:
            points = end - start
            counts[size : size + points] = j[start:end]
            weights[:, size : size + points] = phi[:, start:end]
        else:
            chosen = counts[size : size + points]
            place(j[start], j[end - 1], chosen)
            interpolate(j[start:end], phi[:, start:end], chosen, weights[:, size : size + points])
        size += points
        start = end
    return counts[:size], weights[:, :size]


@njit(cache=True)
def place(least, most, points):
    """Chebyshev's points between two logarithms of counts, rounded to whole counts, ascending:
    functions of an integer keep what accuracy they have for integers.
    """
    half = 0.5 * math.log1p((most - least) / least)
    for k in range(points.size):
        angle = (k + 0.5) * math.pi / points.size
        points[k] = least + round(least * math.expm1(half * (1 - math.cos(angle))))


@njit(cache=True)
def interpolate(j, phi, points, weights):
    """For each row of phi, the sums of the points' Lagrange polynomials in ln j."""
    least = j[0]
    where = np.log1p((points - least) / least)
    where, far = where / where[-1], where[-1]  # so that no product under- or overflows
    scale, share = np.ones(points.size), np.empty(points.size)
    for k in range(points.size):
        for i in range(points.size):
            if i != k:
                scale[k] /= 4 * (where[k] - where[i])
    weights[:] = 0.0
    for i in range(j.size):
        z, total = math.log1p((j[i] - least) / least) / far, 0.0
        for k in range(points.size):
            if z == where[k]:
                share[:] = 0.0
                share[k], total = 1.0, 1.0
                break
            share[k] = scale[k] / (z - where[k])
            total += share[k]
        for r in range(phi.shape[0]):
            part = phi[r, i] / total
            for k in range(points.size):
                weights[r, k] += part * share[k]
