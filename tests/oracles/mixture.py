"""Slow, plain truths about Gaussian mixtures, from the definitions."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from mpmath import mp, mpf
from scipy.integrate import quad

DIGITS = 30


def line(means, scales, weights):
    """(I, H(Y|X), Bayes error) of classes on a line, with mpmath.

    Gauss-Legendre on short panels between the points where the largest joint density changes,
    which a fine grid brackets and bisection finds.
    """
    with mp.workdps(DIGITS):
        total = mp.fsum(mpf(float(w)) for w in weights)
        classes = [
            (mpf(float(w)) / total, mpf(float(m)), mpf(float(s)))
            for w, m, s in zip(weights, means, scales, strict=True)
        ]

        def joint(x):
            return [w * mp.npdf(x, m, s) for w, m, s in classes]

        def best(x):
            values = joint(x)
            return values.index(max(values))

        points = sorted({m + s * k / 2 for _, m, s in classes for k in range(-28, 29)})
        edges = [points[0]]
        for a, b in pairwise(points):
            if best(a) != best(b):
                low, high = a, b
                while high - low > (b - a) * mpf(10) ** -20:
                    middle = (low + high) / 2
                    low, high = (middle, high) if best(middle) == best(a) else (low, middle)
                edges.append(low)
            edges.append(b)

        def entropy(x):
            values = joint(x)
            total = mp.fsum(values)
            return -mp.fsum(v * mp.log(v / total) for v in values if v > 0)

        def lost(x):
            values = joint(x)
            return mp.fsum(values) - max(values)

        conditional, error = (
            mp.fsum(mp.quad(f, [a, b], maxdegree=4) for a, b in pairwise(edges))
            for f in (entropy, lost)
        )
        label = -mp.fsum(w * mp.log(w) for w, _, _ in classes)
        return label - conditional, conditional, error


def plane(means, weights, nodes=400):
    """(H(Y|X), Bayes error) of classes N(means, identity) in the plane, to about 1e-11.

    The entropy by a product Gauss-Legendre rule over a box, the error by the angle seen from the
    mean of each class: the region of a class cuts each ray from there in one interval.
    """
    means, weights = np.asarray(means, float), np.asarray(weights, float)
    low, high = means.min(axis=0) - 8.5, means.max(axis=0) + 8.5
    t, c = np.polynomial.legendre.leggauss(nodes)
    x, y = ((low[i] + high[i]) / 2 + (high[i] - low[i]) / 2 * t for i in (0, 1))
    area = np.outer(c, c) * np.prod((high - low) / 2)
    square = (x[:, None, None] - means[:, 0]) ** 2 + (y[None, :, None] - means[:, 1]) ** 2
    density = weights * np.exp(-square / 2) / (2 * np.pi)
    total = density.sum(axis=-1, keepdims=True)
    posterior = np.maximum(density / total, 1e-300)
    conditional = -(area[..., None] * density * np.log(posterior)).sum()
    error = 0.0
    for k, mean in enumerate(means):
        gap = np.delete(means, k, axis=0) - mean
        limit = (gap**2).sum(axis=1) / 2 + np.log(weights[k] / np.delete(weights, k))

        def inside(angle, gap=gap, limit=limit):
            along = gap @ [np.cos(angle), np.sin(angle)]
            ends = limit / along
            far = max(0.0, min(ends[along > 0], default=np.inf))
            near = max(0.0, max(ends[along < 0], default=0.0))
            return max(np.exp(-(near**2) / 2) - np.exp(-(far**2) / 2), 0.0)

        steps = np.linspace(0, 2 * np.pi, 65)
        mass = sum(quad(inside, a, b, epsabs=1e-13, limit=400)[0] for a, b in pairwise(steps))
        error += weights[k] * (1 - mass / (2 * np.pi))
    return conditional, error


def divergences(mean, cov, other_mean, other_cov, order):
    """(KL(p||q), -ln int p^s q^(1-s)) of two normal laws on a line, by quadrature."""

    def log_density(x, m, v):
        return -((x - m) ** 2) / (2 * v) - np.log(2 * np.pi * v) / 2

    def relative(x):
        log_p = log_density(x, mean, cov)
        return np.exp(log_p) * (log_p - log_density(x, other_mean, other_cov))

    def overlap(x):
        log_p, log_q = log_density(x, mean, cov), log_density(x, other_mean, other_cov)
        return np.exp(order * log_p + (1 - order) * log_q)

    reach = 40 * max(cov, other_cov) ** 0.5
    values = [
        quad(f, mean - reach, mean + reach, points=[mean, other_mean], epsabs=1e-13, limit=500)[0]
        for f in (relative, overlap)
    ]
    return values[0], -np.log(values[1])
