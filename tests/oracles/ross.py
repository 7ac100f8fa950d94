"""The estimator of Ross for a label and numbers, from all distances, as its definition reads."""

import mpmath
import numpy as np


def distances(points, norm="max"):
    """Between all samples, shape (n, n)."""
    gaps = np.abs(points[:, None, :] - points[None, :, :])
    if norm == "max":
        return gaps.max(axis=2)
    if norm == "manhattan":
        return gaps.sum(axis=2)
    return np.sqrt((gaps**2).sum(axis=2))


def counts(points, labels, k, norm="max"):
    """(n_y, K, M) of each sample."""
    distance = distances(points, norm)
    n = len(labels)
    triples = []
    for i in range(n):
        alike = [j for j in range(n) if labels[j] == labels[i]]
        others = sorted(distance[i, j] for j in alike if j != i)
        if not others:
            triples.append((1, 1, n))
            continue
        radius = others[min(k, len(others)) - 1]

        def inside(j, i=i, radius=radius):
            return distance[i, j] < radius or (radius == 0 and distance[i, j] == 0)

        same = sum(inside(j) or j == i for j in alike)
        every = sum(inside(j) or j == i for j in range(n))
        triples.append((len(alike), same, every))
    return triples


def ross(points, labels, k, norm="max"):
    """I(X;Y) in nats, in 30 digits until the end."""
    points = np.asarray(points, dtype=float).reshape(len(labels), -1)
    n = len(labels)
    with mpmath.workdps(30):
        psi = mpmath.digamma
        terms = [
            psi(n) - psi(n_y) + psi(same) - psi(every)
            for n_y, same, every in counts(points, labels, k, norm)
        ]
        return float(mpmath.fsum(terms) / n)
