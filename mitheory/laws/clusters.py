"""The exact values of Gaussian classes, by the integral that their means allow.

Classes that no observation can confuse are split into clusters. Which cluster X lies in is then
known, so that the conditional entropy and the Bayes error are means over the clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mitheory.check import FloatArray
from mitheory.laws import cubature, gaussian, regions, simplex
from mitheory.laws.finite import Finite
from mitheory.laws.separation import squared_distances

_APART = 80.0  # standard deviations between clusters; the overlap is below exp(-800)
_FLAT = 1e-8  # a span shorter than this times the others holds its square of the information
_EQUAL = 1e-12


@dataclass(frozen=True)
class Cluster:
    """Classes N(means, scales^2 identity); means (k, r) in coordinates that they span."""

    share: float
    weights: FloatArray
    means: FloatArray
    scales: FloatArray

    @property
    def exact(self) -> bool:
        """Whether there is an integral for this cluster."""
        k, span = self.means.shape
        return k <= 2 or span <= 3 or self._equidistant() is not None

    def _equidistant(self) -> float | None:
        """The distance between any two classes, if they are equally likely and equidistant."""
        pairs = np.triu_indices(len(self.means), 1)
        distances = np.sqrt(squared_distances(self.means)[pairs])
        spread = max(np.ptp(distances) / distances.max(), np.ptp(self.weights) / self.weights[0])
        return float(distances.mean()) if spread < _EQUAL else None

    def entropies(self) -> tuple[float, float]:
        """H(Y|X) and I(X;Y) in nats of a cluster that is exact."""
        k, span = self.means.shape
        if span == 0:
            return Finite(self.weights).entropy(), 0.0
        if k == 2 and self.scales[0] == self.scales[1]:
            gamma, prior = self._binary()
            return (
                float(gaussian.conditional_entropy(gamma, prior)),
                float(gaussian.information(gamma, prior)),
            )
        if span == 1:
            return cubature.on_line(self.means[:, 0], self.scales, self.weights)
        distance = self._equidistant()
        if distance is not None:
            return simplex.entropy_and_information(k, distance / np.sqrt(2))
        return cubature.on_lattice(self.means, self.weights)

    def error(self) -> float:
        """The Bayes error of a cluster that is exact."""
        k, span = self.means.shape
        if span == 0:
            return float(np.delete(self.weights, np.argmax(self.weights)).sum())
        if k == 2 and self.scales[0] == self.scales[1]:
            return float(gaussian.bayes_error(*self._binary()))
        if span == 1:
            return regions.error_on_line(self.means[:, 0], self.scales, self.weights)
        distance = self._equidistant()
        if distance is not None:
            return simplex.error(k, distance / np.sqrt(2))
        if span == 2:
            return float(regions.error_in_plane(self.means, np.log(self.weights)[None, :])[0])
        return regions.error_in_space(self.means, self.weights)

    def _binary(self) -> tuple[float, float]:
        """Gamma and the rarer label's probability of two classes."""
        half = (self.means[1] - self.means[0]) / 2
        return float(half @ half), float(self.weights.min())


def split(means: FloatArray, factor: FloatArray, weights: FloatArray) -> list[Cluster]:
    """The clusters of classes N(means, A A'), A lower triangular, each in its own span."""
    from scipy.sparse.csgraph import connected_components

    white = whiten(means, factor)
    near = squared_distances(white) <= _APART**2
    _, labels = connected_components(near, directed=False)
    clusters = []
    for label in range(labels.max() + 1):
        members = labels == label
        share = float(weights[members].sum())
        own = weights[members] / share
        # differences before anything else is rounded
        inner = whiten(means[members] - means[members][0], factor)
        inner -= own @ inner
        _, lengths, directions = np.linalg.svd(inner, full_matrices=False)
        rounding = 8 * np.finfo(float).eps * np.abs(white[members]).max()
        flat = max(_FLAT * min(lengths[0], 1.0), min(rounding, 1e-3 * lengths[0]))
        span = int((lengths > flat).sum())
        coordinates = inner @ directions[:span].T
        clusters.append(Cluster(share, own, coordinates, np.ones(len(own))))
    return clusters


def whiten(means: FloatArray, factor: FloatArray) -> FloatArray:
    """The means (rows) where the covariance A A' is the identity."""
    from scipy.linalg import solve_triangular

    return np.asarray(solve_triangular(factor, means.T, lower=True).T)
