"""Nearest-neighbour estimators from the table of all distances, as their definitions read.

A variable is an array of numbers of shape (n, d), or of integers of shape (n,): symbols.
"""

import math
from functools import cache

import mpmath
import numpy as np


def distances(variables, norm="max"):
    """Between all samples, shape (n, n): the greatest of the distances in each variable."""
    return np.max([apart(variable, norm) for variable in variables], axis=0)


def apart(variable, norm):
    """In one variable: of symbols 0 if they are the same, else beyond all numbers."""
    if variable.ndim == 1:
        return np.where(variable[:, None] == variable, 0.0, np.inf)
    gaps = [abs(column[:, None] - column) for column in variable.T]
    if norm == "max":
        return np.max(gaps, axis=0)
    if norm == "manhattan":
        return sum(gaps)
    return np.sqrt(sum(gap * gap for gap in gaps))


def kth_distance(variables, k, norm="max"):
    table = distances(variables, norm)
    return [sorted(np.delete(row, i).tolist())[k - 1] for i, row in enumerate(table)]


def count_within(variables, radii, norm="max", strict=True):
    """How many others are nearer than each radius; not strict, or as near."""
    table = distances(variables, norm)
    counts = []
    for i, radius in enumerate(radii):
        gaps = np.delete(table[i], i)
        counts.append(int(sum(gaps < radius if strict else gaps <= radius)))
    return counts


def neighborhoods(variables, k, norm="max"):
    """Of all at most as far as the k-th neighbour: extents in each variable, and number."""
    table, each = distances(variables, norm), [apart(v, norm) for v in variables]
    extents, counts = [], []
    for i, radius in enumerate(kth_distance(variables, k, norm)):
        inside = [j for j in range(len(table)) if j != i and table[i, j] <= radius]
        extents.append([max(float(gaps[i, j]) for j in inside) for gaps in each])
        counts.append(len(inside))
    return extents, counts


@cache
def psi(count):
    return mpmath.mp.psi(0, mpmath.mpf(int(count)))


def mean(terms):
    return float(mpmath.fsum(terms) / len(terms))


def ksg(x, y, k, norm="max"):
    n = len(x)
    radii = kth_distance((x, y), k, norm)
    nx, ny = count_within((x,), radii, norm), count_within((y,), radii, norm)
    return mean([psi(k) + psi(n) - psi(a + 1) - psi(b + 1) for a, b in zip(nx, ny, strict=True)])


def ksg2(x, y, k, norm="max"):
    n = len(x)
    extents, counts = neighborhoods((x, y), k, norm)
    nx = count_within((x,), [e[0] for e in extents], norm, strict=False)
    ny = count_within((y,), [e[1] for e in extents], norm, strict=False)
    return mean(
        [
            psi(c) - mpmath.mpf(1) / c + psi(n) - psi(a) - psi(b)
            for c, a, b in zip(counts, nx, ny, strict=True)
        ]
    )


def lnc(x, y, k, threshold):
    """`ksg2`, more by -ln of the ratio of two boxes about k neighbours, if it is below."""
    points, split, gains = np.hstack([x, y]), x.shape[1], []
    for centre in points:
        order = np.argsort(abs(points - centre).max(axis=1), kind="stable")
        gaps = points[order[1 : k + 1]] - centre
        gaps = gaps / abs(gaps).max(axis=0)
        # along the axes of each variable, then of both; sides of the first boxes are units
        parts = [along_axes(part) for part in (gaps[:, :split], gaps[:, split:])]
        turned = along_axes(np.hstack([part / abs(part).max(axis=0) for part in parts]))
        ratio = np.prod(abs(turned).max(axis=0))
        gains.append(-math.log(ratio) if ratio < math.exp(threshold) else 0.0)
    return ksg2(x, y, k) + math.fsum(gains) / len(gains)


def along_axes(gaps):
    """In coordinates along the right singular vectors."""
    return gaps @ np.linalg.svd(gaps)[2].T if gaps.shape[1] > 1 else gaps


def mixed(x, y, k, norm="max"):
    n = len(x)
    terms = []
    tables = [distances(variables, norm) for variables in ((x, y), (x,), (y,))]
    for i, radius in enumerate(kth_distance((x, y), k, norm)):
        # the samples of the ball, itself included: the open one, or of radius 0 its centre
        both, of_x, of_y = (sum(t[i] == 0 if radius == 0 else t[i] < radius) for t in tables)
        terms.append(psi(n) + psi(both) - psi(of_x) - psi(of_y))
    return mean(terms)


def entropy(x, k, norm="max"):
    """Of Kozachenko and Leonenko; the volume of the unit ball by its recursion in d."""
    n, d = x.shape
    volume = mpmath.mpf(1)
    if norm == "euclidean":
        volume = mpmath.mpf(2) if d % 2 else mpmath.pi
        for m in range(3 if d % 2 else 4, d + 1, 2):
            volume *= 2 * mpmath.pi / m
    else:
        for m in range(1, d + 1):
            volume *= mpmath.mpf(2) / (m if norm == "manhattan" else 1)
    radii = kth_distance((x,), k, norm)
    return float(psi(n) - psi(k) + mpmath.log(volume) + d * mpmath.fsum(map(mpmath.log, radii)) / n)
