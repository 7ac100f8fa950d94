"""Conditional entropy and information of Gaussian mixtures on a line and on lattices.

Both are integrals over x of the mixture density p times a function of the posterior of the label,
written below with integrands that are nowhere negative. They are analytic but where p(x) = 0: with
M the mean of the unknown class and s(x)^2 its posterior variance in units of the noise, p(x + iy)
is a factor without zeros times the characteristic function of M given x at y, which has no zero
for |y| < pi / (2 s(x)). A large s(x) needs x to be about s(x) from every likely mean, so that the
singularities at height pi / (2 s) carry a weight of about exp(-s^2 / 2). The trapezoidal rule of
step h, on a lattice in any dimension, errs by about exp(-pi^2 / (s h)) there (trefethen2014). At
the worst s the product is exp(-3/2 (pi^2 / h)^(2/3)), whatever the number of classes and their
means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mitheory.check import FloatArray
from mitheory.laws.finite import Finite, divergence_term
from mitheory.laws.regions import ties

_BLOCK = 2**21  # nodes times classes held at once
_FAR = -1e4  # log-ratios of densities below are as good as -infinity
_REACH = 40.0  # standard deviations; beyond, densities are below exp(-800)
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
# step and radius in 2 and 3 dimensions; the steps are exact in binary, and so are lattice points
_LATTICE = {2: (3 / 32, 8.6), 3: (3 / 16, 7.2)}

# log densities of the classes relative to one of them at each node (nodes, classes), and that
# one's density times the quadrature weight (nodes,)
Blocks = Iterator[tuple[FloatArray, FloatArray]]


def on_line(means: FloatArray, scales: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """H(Y|X) and I(X;Y) of classes N(means, scales^2), all arrays of shape (K,).

    Gauss-Legendre panels of half a standard deviation of each class, and smaller ones towards
    the points where two classes tie, since the singularities close in on those.
    """
    edges = _edges(means, scales, weights)
    half = np.diff(edges)[:, None] / 2
    nodes = (edges[:-1, None] + half + half * _NODES).ravel()
    node_weights = (half * _NODE_WEIGHTS).ravel() / np.sqrt(2 * np.pi)
    log_scales = np.log(scales)
    rows = max(1, _BLOCK // means.size)

    def blocks() -> Blocks:
        for start in range(0, nodes.size, rows):
            x, node_weight = nodes[start : start + rows], node_weights[start : start + rows]
            with np.errstate(over="ignore"):  # infinitely far is far
                z = (x[:, None] - means) / scales
                nearest = np.argmin(z**2 / 2 + log_scales, axis=1)
                z_ref = np.take_along_axis(z, nearest[:, None], axis=1)
                mean, scale = means[nearest, None], scales[nearest, None]
                # z_ref - z and the log-ratio are as exact for equal classes as for distant ones
                gap = ((means - mean) + z_ref * (scales - scale)) / scales
                ratio = gap * (2 * z_ref - gap) / 2 - log_ratio(scales, scale)
            density = np.exp(-(z_ref[:, 0] ** 2) / 2) / scale[:, 0]
            yield np.maximum(ratio, _FAR), density * node_weight

    return _integrals(blocks, weights)


def on_lattice(means: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """H(Y|X) and I(X;Y) of classes N(means, identity), means of shape (K, 2) or (K, 3).

    The trapezoidal rule on one lattice; each of its points is reached from the nearest mean.
    """
    dimensions = means.shape[1]
    step, radius = _LATTICE[dimensions]
    reach = np.arange(-np.ceil(radius / step) - 1, np.ceil(radius / step) + 2)
    box = step * np.stack(np.meshgrid(*[reach] * dimensions), axis=-1).reshape(-1, dimensions)
    box = box[(box**2).sum(axis=1) <= (radius + step * dimensions) ** 2]
    cell = step**dimensions / (2 * np.pi) ** (dimensions / 2)
    rows = max(1, _BLOCK // len(means))

    def blocks() -> Blocks:
        for k, mean in enumerate(means):
            between = means - mean
            distance = (between**2).sum(axis=1)
            origin = step * np.rint(mean / step)
            for start in range(0, len(box), rows):
                z = _cell(origin + box[start : start + rows], means, k) - mean
                square = (z**2).sum(axis=1)
                inside = square <= radius**2
                ratio = z[inside] @ between.T - distance / 2
                yield np.maximum(ratio, _FAR), cell * np.exp(-square[inside] / 2)

    return _integrals(blocks, weights)


def _cell(x: FloatArray, means: FloatArray, k: int) -> FloatArray:
    """The points whose nearest mean, the first of equally near ones, is that of class k.

    The distances are rounded alike whichever class is asked, so that each point has one cell.
    """
    own = ((x - means[k]) ** 2).sum(axis=1)
    for j in np.argsort(((means - means[k]) ** 2).sum(axis=1)):  # near ones cut away most
        other = ((x - means[j]) ** 2).sum(axis=1)
        closer = own < other if j < k else own <= other
        x, own = x[closer], own[closer]
    return x


def _edges(means: FloatArray, scales: FloatArray, weights: FloatArray) -> FloatArray:
    """Ends of the panels on the line."""
    # powers of two, so that classes of like scale share their panels
    widths = np.exp2(np.floor(np.log2(scales))) / 2
    steps = np.arange(-2 * _REACH * 2, 2 * _REACH * 2 + 1)
    regular = widths[:, None] * (np.rint(means / widths)[:, None] + steps)
    points, best = ties(means, scales, weights)
    left, right = best[:-1], best[1:]
    slope = np.abs(
        (points - means[left]) / scales[left] ** 2 - (points - means[right]) / scales[right] ** 2
    )
    height = np.pi / np.maximum(slope, 1e-3 / scales[left])
    towards = height[:, None] * np.exp2(np.arange(-1, 12))
    graded = points[:, None] + np.concatenate([-towards, towards], axis=1)
    return np.unique(np.concatenate([regular.ravel(), graded.ravel()]))


def _integrals(blocks: Callable[[], Blocks], weights: FloatArray) -> tuple[float, float]:
    """H(Y|X) and I(X;Y); the second by its own integral where the difference would lose digits."""
    label = Finite(weights).entropy()
    entropy = information = 0.0
    for ratio, density in blocks():
        surprise, likelihood, _ = posterior_entropy(ratio, weights)
        entropy += float(density @ (likelihood * surprise))
    if entropy <= 0.9 * label:
        return entropy, label - entropy
    for ratio, density in blocks():
        divergence, likelihood = posterior_divergence(ratio, weights)
        information += float(density @ (likelihood * divergence))
    return entropy, information


def posterior_entropy(
    ratio: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of log densities up to a common term: the posterior's entropy, the mixture, the least error.

    `ratio` has shape (nodes, classes), the results (nodes,). The error is 1 less the largest
    posterior probability.
    """
    joint = ratio + np.log(weights)
    top = np.argmax(joint, axis=1)[:, None]
    largest = np.take_along_axis(joint, top, axis=1)
    below = np.maximum(joint - largest, 2 * _FAR)
    others = np.exp(below)
    np.put_along_axis(others, top, 0.0, axis=1)
    rest = others.sum(axis=1)
    surprise = np.log1p(rest)  # of the largest
    entropy = surprise - (others * below).sum(axis=1) / (1 + rest)
    return entropy, np.exp(largest[:, 0] + surprise), rest / (1 + rest)


def posterior_divergence(ratio: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Likewise: the divergence of the posterior from the weights, and the mixture.

    The sum of w (r ln r - r + 1), r the class density over that of the mixture: the terms are
    non-negative, and r - 1 is exact also where all the densities are nearly equal.
    """
    log_mixture = log_mean(ratio, weights)
    log_r = np.maximum(ratio - log_mixture[:, None], 2 * _FAR)
    terms = divergence_term(np.exp(log_r), 1.0, np.expm1(log_r))
    return terms @ weights, np.exp(log_mixture)


def log_ratio(x: FloatArray, y: FloatArray) -> FloatArray:
    """Ln(x / y) of positive numbers, with all digits also where they are nearly equal."""
    excess = (x - y) / y
    near = np.abs(excess) < 0.5
    return np.where(near, np.log1p(np.where(near, excess, 0.0)), np.log(x) - np.log(y))


def log_mean(exponents: FloatArray, weights: FloatArray) -> FloatArray:
    """Ln(sum_k w_k exp(x_k)) of each row x, with all digits also where every x_k is near 0."""
    greatest = exponents.max(axis=1)
    below = np.maximum(exponents - greatest[:, None], 2 * _FAR)
    excess = np.maximum(np.expm1(below) @ weights, -0.5)
    mean = np.exp(below) @ weights
    return greatest + np.where(excess > -0.5, np.log1p(excess), np.log(mean))
