"""Slow and plain counterparts of the intervals: samples left out one by one, the exact law of a
resampled estimate by enumeration, quantiles at 40 digits.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import mpmath as mp
import numpy as np

from oracles.certificates import count_vectors, multinomial_log_coefficients


def left_out(counts, estimate):
    """The estimate without each of the samples in turn, one entry a sample; counts of any shape."""
    counts = np.asarray(counts)
    values = []
    for cell in np.ndindex(counts.shape):
        for _ in range(counts[cell]):
            rest = counts.copy()
            rest[cell] -= 1
            values.append(estimate(rest))
    return np.array(values)


def jackknife_error(values):
    """Tukey's standard error: that of the mean of the pseudo-values."""
    n = len(values)
    pseudo = [-(n - 1) * value for value in values]  # up to a shift
    mean = math.fsum(pseudo) / n
    return math.sqrt(math.fsum((x - mean) ** 2 for x in pseudo) / (n - 1) / n)


def plugin_jackknife_error(counts, digits=60):
    """The same for the plug-in of huge counts, one deletion for each symbol."""
    with mp.workdps(digits):

        def entropy(c):
            return mp.log(sum(c)) - mp.fsum(x * mp.log(x) for x in c if x) / sum(c)

        n = sum(counts)
        values = [entropy([x - (k == i) for k, x in enumerate(counts)]) for i in range(len(counts))]
        mean = mp.fsum(c * t for c, t in zip(counts, values, strict=True)) / n
        square = mp.fsum(c * (t - mean) ** 2 for c, t in zip(counts, values, strict=True))
        return mp.sqrt(square * (n - 1) / n)


def resampled_law(counts, estimate):
    """Every value of the resampled estimate, ascending, and its probability."""
    counts = np.asarray(counts)
    n = int(counts.sum())
    vectors = count_vectors(n, counts.size)
    log_p = multinomial_log_coefficients(vectors) + vectors @ np.log(counts / n)
    values = np.round([estimate(vector) for vector in vectors], 12)
    distinct, which = np.unique(values, return_inverse=True)
    return distinct, np.bincount(which, np.exp(log_p))


def bca_levels(resampled, value, left, level):
    """The two levels at which the BCa interval takes the quantiles of the resampled estimates."""
    normal = NormalDist()
    below = (
        sum(r < value - 1e-9 for r in resampled)
        + sum(abs(r - value) <= 1e-9 for r in resampled) / 2
    )
    z0 = normal.inv_cdf(below / len(resampled))
    gap = [math.fsum(left) / len(left) - t for t in left]
    a = math.fsum(d**3 for d in gap) / (6 * math.fsum(d**2 for d in gap) ** 1.5)
    z = [z0 + normal.inv_cdf(q) for q in ((1 - level) / 2, (1 + level) / 2)]
    return [normal.cdf(z0 + x / (1 - a * x)) for x in z]


def fitted_beta_cdf(x, mean, deviation, most, digits=40):
    """P(law <= x) for the Beta law on [0, most] with this mean and deviation."""
    with mp.workdps(digits):
        x, mean, deviation = mp.mpf(x) / most, mp.mpf(mean) / most, mp.mpf(deviation) / most
        size = mean * (1 - mean) / deviation**2 - 1
        a, b = mean * size, (1 - mean) * size
        log_b = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)

        def density(t):
            return mp.exp((a - 1) * mp.log(t) + (b - 1) * mp.log1p(-t) - log_b)

        edges = [mean + k * deviation for k in range(-20, 100, 2)]
        return mp.quad(density, [0, *(edge for edge in edges if 0 < edge < x), x])


def fitted_gamma_cdf(x, mean, deviation, digits=40):
    """P(law <= x) for the Gamma law with this mean and deviation."""
    with mp.workdps(digits):
        shape = (mp.mpf(mean) / deviation) ** 2
        return mp.gammainc(shape, 0, mp.mpf(x) * shape / mean, regularized=True)
