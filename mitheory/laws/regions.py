"""Bayes errors of Gaussian mixtures from the regions in which each class is the best guess."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, owens_t

from mitheory.check import FloatArray, IntArray

_BLOCK = 2**20  # elements of the largest array at once
_INFINITY = 1e150  # finite, so that 0 times it is 0
_REACH = 8.6  # standard deviations; the mass beyond is below exp(-36)
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(8)


def ties(means: FloatArray, scales: FloatArray, weights: FloatArray) -> tuple[FloatArray, IntArray]:
    """Where the best guess changes on a line, and the best guesses from left to right, one more.

    Each class of the K has the log joint density ln(weight / scale) - ((x - mean) / scale)^2 / 2;
    the ends of the pieces of the upper envelope are among the roots of the differences.
    """
    first, second = np.triu_indices(means.size, 1)
    swap = scales[first] < scales[second]
    wide, narrow = np.where(swap, second, first), np.where(swap, first, second)
    s, t = scales[wide], scales[narrow]
    distance = means[narrow] - means[wide]
    log_odds = np.log(weights[wide]) - np.log(weights[narrow]) - np.log1p((s - t) / t)
    # curvature x^2 - 2 distance x + constant = 0 for x from the mean of the wider class
    curvature = (s - t) / s * ((s + t) / s)
    constant = distance**2 + 2 * t**2 * log_odds
    under_root = (distance / s) ** 2 - 2 * curvature * log_odds
    q = distance + np.copysign(t * np.sqrt(np.maximum(under_root, 0)), distance)
    real = (under_root >= 0) & (q != 0)
    curved = real & (curvature > 0)
    roots = np.concatenate(
        [
            means[wide[real]] + constant[real] / q[real],
            means[wide[curved]] + q[curved] / curvature[curved],
        ]
    )
    roots = np.unique(roots)
    if not roots.size:
        return roots, _best(means[:1], means, scales, weights)
    gap = np.max(scales)
    between = np.concatenate([[roots[0] - gap], (roots[1:] + roots[:-1]) / 2, [roots[-1] + gap]])
    best = _best(between, means, scales, weights)
    changes = np.flatnonzero(best[1:] != best[:-1])
    return roots[changes], best[np.append(changes, -1)]


def _best(x: FloatArray, means: FloatArray, scales: FloatArray, weights: FloatArray) -> IntArray:
    """The class of the largest joint density at each x."""
    with np.errstate(over="ignore"):
        joint = np.log(weights) - np.log(scales) - ((x[:, None] - means) / scales) ** 2 / 2
    return np.argmax(joint, axis=1)


def error_on_line(means: FloatArray, scales: FloatArray, weights: FloatArray) -> float:
    """The Bayes error of classes N(means, scales^2), a sum of normal tails; arrays (K,)."""
    points, winner = ties(means, scales, weights)
    ends = np.concatenate([[-np.inf], points, [np.inf]])
    z = (ends[:, None] - means) / scales
    low, high = z[:-1], z[1:]
    inside = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    inside[np.arange(winner.size), winner] = 0.0
    return float((inside @ weights).sum())


def error_in_plane(means: FloatArray, log_weights: FloatArray) -> FloatArray:
    """Bayes errors of classes N(means, identity) in the plane, for rows of log weights.

    The best guesses are on convex polygons. Seen from the mean of a class, the mass beyond an
    edge, between the rays through its ends, is a difference of two values of Owen's T function
    (owen1956), so that the error is their sum. A mean outside the polygon of its own class makes
    the distances of some edges negative; their terms then count with the other sign, and 1 is
    added.

    Parameters
    ----------
    means : ndarray, shape (K, 2)
    log_weights : ndarray, shape (rows, K)
        The weights of a row need not sum to 1.

    Returns
    -------
    ndarray, shape (rows,)
    """
    K = len(means)
    between = means - means[:, None]  # (from, to, 2)
    distance = np.sqrt((between**2).sum(axis=-1))
    same = distance == 0
    normal = between / np.where(same, 1.0, distance)[..., None]
    along = np.stack([-normal[..., 1], normal[..., 0]], axis=-1)
    cosine = normal @ normal.swapaxes(1, 2)  # (from, edge, other edge)
    sine = along @ normal.swapaxes(1, 2)
    order = np.arange(K)
    crossing = (sine != 0) & (order[:, None] != order)
    parallel = (sine == 0) & (order[:, None] != order)
    earlier = (cosine > 0) & (order[:, None] > order)  # of two equal edges, one counts
    first = np.where(order[:, None] <= order, 1.0, -1.0)
    safe_sine = np.where(crossing, sine, 1.0)
    out = np.empty(len(log_weights))
    rows = max(1, _BLOCK // K**3)
    for start in range(0, len(out), rows):
        block = slice(start, start + rows)
        log_weight = log_weights[block]
        # signed distances of the edges from the mean of the class
        odds = log_weight[:, :, None] - log_weight[:, None, :]
        height = distance / 2 + odds / np.where(same, 1.0, distance)
        heavier = np.copysign(_INFINITY, np.where(odds == 0, first, odds))
        height = np.where(same, heavier, height)
        height = np.where(height == 0, 1 / _INFINITY, height)
        # the other edges cut the line of an edge to the interval (low, high)
        slack = height[:, :, None, :] - height[:, :, :, None] * cosine
        cut = slack / safe_sine
        high = np.where(crossing & (sine > 0), cut, np.inf).min(axis=-1)
        low = np.where(crossing & (sine < 0), cut, -np.inf).max(axis=-1)
        hidden = (parallel & ((slack < 0) | (earlier & (slack == 0)))).any(axis=-1)
        edge = (high > low) & ~same & ~hidden
        size = np.abs(height)
        beyond = owens_t(size, np.where(edge, high, 0.0) / size)
        beyond -= owens_t(size, np.where(edge, low, 0.0) / size)
        outside = (height < 0).any(axis=-1)
        missed = outside + (np.sign(height) * beyond).sum(axis=-1)
        out[block] = (np.exp(log_weight) * missed).sum(axis=-1)
    return out


def error_in_space(means: FloatArray, weights: FloatArray) -> float:
    """The Bayes error of classes N(means, identity), means of shape (K, 3).

    The integral of the errors in the planes across one direction, by Gauss-Legendre panels. A face
    in one of the planes would make a jump, so the direction is far from any line through two means.
    """
    direction = _oblique(means)
    across = np.linalg.svd(direction[None, :])[2][1:]
    height, flat = means @ direction, means @ across.T
    width = 1 / 4
    reach = np.arange(-np.ceil(_REACH / width), np.ceil(_REACH / width) + 1)
    left = width * np.unique(np.rint(height / width)[:, None] + reach)
    x = (left[:, None] + width * (1 + _NODES) / 2).ravel()
    node_weights = np.tile(width * _NODE_WEIGHTS / 2, left.size)
    log_weights = np.log(weights) - (x[:, None] - height) ** 2 / 2
    errors = error_in_plane(flat, log_weights)
    return float(errors @ node_weights / np.sqrt(2 * np.pi))


def _oblique(means: FloatArray) -> FloatArray:
    """Of many unit vectors on a spiral, the farthest from the directions between two means."""
    count = 500
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    z = (np.arange(count) + 0.5) / count
    r = np.sqrt(1 - z**2)
    spiral = np.stack([r * np.cos(turn), r * np.sin(turn), z], axis=1)
    i, j = np.triu_indices(len(means), 1)
    between = means[i] - means[j]
    length = np.sqrt((between**2).sum(axis=1))
    unit = between[length > 0] / length[length > 0, None]
    return np.asarray(spiral[np.argmin(np.abs(spiral @ unit.T).max(axis=1))])
