"""Several Gaussian classes: a label and a Gaussian observation of any mean and covariance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.bounds.gaussian import InformationBounds
from mitheory.check import FloatArray, IntArray
from mitheory.laws import cubature, separation
from mitheory.laws.clusters import Cluster, split, whiten
from mitheory.laws.finite import Finite

_NARROW = 1e-6  # a standard deviation this much below the distances is lost in their rounding
_BLOCK = 2**20  # simulated observations times classes at once


@dataclass(frozen=True)
class MonteCarlo:
    """A value found by simulation, and its standard error."""

    value: float
    standard_error: float

    def __str__(self) -> str:
        return f"{self.value:.6g} +- {self.standard_error:.2g}"


@dataclass(frozen=True)
class MixtureEstimate:
    """What `n` simulated observations say of H(Y|X) and I(X;Y), in nats, and the Bayes error."""

    conditional_entropy: MonteCarlo
    information: MonteCarlo
    bayes_error: MonteCarlo
    n: int


@dataclass(frozen=True, eq=False, init=False)
class GaussianMixture:
    """A label Y in 0..K-1, and X given Y = k Gaussian with mean means[k].

    The values are exact where `exact` says so: for a common covariance if the means (whitened)
    span at most three dimensions or are equidistant with equal weights; for different ones if X
    is one-dimensional and no class is narrower than 1e-6 of its distance to the narrowest.
    Otherwise `conditional_entropy`, `information` and `bayes_error` refuse; `estimate` simulates
    them and `information_bounds` encloses the information.

    Parameters
    ----------
    means : array_like, shape (K, d), or (K,) for d = 1
        Means of the classes.
    covs : array_like
        A number v for v times the identity, a common covariance of shape (d, d), or one for each
        class: shape (K, d, d), or (K,) for d = 1.
    weights : array_like, shape (K,), optional
        Probabilities of the classes, positive; equal by default.

    Attributes
    ----------
    covs : ndarray, shape (d, d) or (K, d, d)
        The common covariance, or that of each class.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not match, a covariance is not symmetric positive definite, or `weights`
        is not a probability vector of positive entries.

    Notes
    -----
    Absolute errors are below 1e-12 in one and two dimensions and for equidistant classes, and
    below 1e-9 in three. Two classes are a `BinaryGaussian`, with the accuracy of that. Classes
    more than 80 standard deviations from all others are taken apart.

    Examples
    --------
    >>> law = GaussianMixture([[0, 0], [2, 0], [0.5, 1.5]], 1.0, weights=[0.5, 0.3, 0.2])
    >>> round(law.information(), 10), round(law.bayes_error(), 10)
    (0.4190313512, 0.2573872541)
    """

    means: FloatArray
    covs: FloatArray
    weights: FloatArray

    def __init__(
        self, means: npt.ArrayLike, covs: npt.ArrayLike, weights: npt.ArrayLike | None = None
    ) -> None:
        means = check.real_array(means, "means")
        if means.ndim == 1:
            means = means[:, None]
        if means.ndim != 2 or means.size == 0:
            raise ValueError(
                f"means must have shape (K, d), a row for each class; got shape {means.shape}"
            )
        K = len(means)
        covs = _covariances(covs, *means.shape)
        if weights is None:
            weights = np.full(K, 1.0 / K)
        weights = check.probabilities(weights, "weights")
        if weights.shape != (K,):
            raise ValueError(
                f"weights must have one entry for each of the {K} classes; got {weights.size}"
            )
        check.real_array(weights, "weights", above=0.0)
        for name, array in {"means": means, "covs": covs, "weights": weights}.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if not np.isfinite(self._capacity):
            raise ValueError(
                "means and covs must give finite distances between the classes; they overflow, so "
                "large are the means for their covariances"
            )

    @classmethod
    def orthogonal(cls, M: int, separation: float) -> Self:
        """M equally likely orthogonal signals in unit noise: means separation * e_k in R^M.

        The Bayes error is 1 - int phi(z - separation) Phi(z)^(M - 1) dz.
        """
        M = check.whole_number(M, "M", least=1)
        separation = check.real(separation, "separation", least=0.0)
        return cls(separation * np.eye(M), 1.0)

    def __str__(self) -> str:
        K, d = self.means.shape
        return f"gaussian_mixture(K={K}, d={d}, capacity={self._capacity:.6g})"

    @property
    def exact(self) -> bool:
        """Whether the conditional entropy, the information and the Bayes error are exact."""
        clusters = self._clusters
        return clusters is not None and all(cluster.exact for cluster in clusters)

    def label_entropy(self) -> float:
        """H(Y) in nats."""
        return Finite(self.weights).entropy()

    def conditional_entropy(self) -> float:
        """H(Y|X) in nats; a ValueError unless the law is `exact`."""
        return self._entropies[0]

    def information(self) -> float:
        """I(X;Y) in nats; a ValueError unless the law is `exact`."""
        return self._entropies[1]

    def bayes_error(self) -> float:
        """The least error probability of any classifier; a ValueError unless `exact`."""
        return sum(cluster.share * cluster.error() for cluster in self._exact_clusters())

    def estimate(self, n: int, rng: np.random.Generator) -> MixtureEstimate:
        """The conditional entropy, the information and the Bayes error by simulation.

        Means over `n` observations of the entropy of the posterior, of its divergence from the
        weights and of the least error, which vary less than the surprise and the mistakes at the
        labels drawn. A standard error tells only of what was seen: where the classes overlap with
        probability below about 1 / n, the first and the last come out far too small.

        Parameters
        ----------
        n : int
            Number of observations, at least 2.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        MixtureEstimate
        """
        n = check.whole_number(n, "n", least=2)
        rng = check.generator(rng)
        rows = max(2, _BLOCK // self.weights.size)
        count, mean, square = 0, np.zeros(3), np.zeros(3)
        for start in range(0, n, rows):
            ratio = self._log_ratios(min(rows, n - start), rng)
            entropy, _, error = cubature.posterior_entropy(ratio, self.weights)
            divergence, _ = cubature.posterior_divergence(ratio, self.weights)
            values = np.stack([entropy, divergence, error])
            part = values.shape[1]
            centre = values.mean(axis=1)
            shift = centre - mean
            square += ((values - centre[:, None]) ** 2).sum(axis=1)
            square += shift**2 * (count * part / (count + part))
            count += part
            mean += shift * (part / count)
        error_of_mean = np.sqrt(square / (n - 1) / n)
        results = [MonteCarlo(float(m), float(s)) for m, s in zip(mean, error_of_mean, strict=True)]
        return MixtureEstimate(results[0], results[1], results[2], n)

    def information_bounds(self) -> InformationBounds:
        """Closed-form bounds on the information, and the best pair.

        `chernoff` and `divergence` come from the pairwise Bhattacharyya distances and
        Kullback-Leibler divergences of the classes (kolchinsky2017), `bhattacharyya` and `renyi`
        from the sum of the pairwise overlaps, `capacity` is the information of a Gaussian of the
        covariance of X (cover2006).

        Examples
        --------
        >>> best = GaussianMixture.orthogonal(100, 3.0).information_bounds()
        >>> round(best.lower, 4), round(best.upper, 4), best.lower_by, best.upper_by
        (2.1685, 4.2658, 'chernoff', 'capacity')
        """
        if self.covs.ndim == 2:
            square = separation.squared_distances(self._whitened)
            divergence, bhattacharyya = square / 2, square / 8
        else:
            divergence, bhattacharyya = separation.pairwise(self.means, self.covs)
        return separation.enclose(self.weights, divergence, bhattacharyya, self._capacity)

    def sample(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
        """`n` independent samples: X of shape (n, d), y int64 of shape (n,) in 0..K-1."""
        n = check.whole_number(n, "n")
        rng = check.generator(rng)
        y = rng.choice(self.weights.size, size=n, p=self.weights)
        noise = rng.standard_normal((n, self.means.shape[1]))
        if self.covs.ndim == 2:
            noise = noise @ self._factors.T
        else:
            for k, factor in enumerate(self._factors):
                noise[y == k] @= factor.T
        return noise + self.means[y], y

    @cached_property
    def _factors(self) -> FloatArray:
        """Lower Cholesky factors of the covariances."""
        return np.asarray(np.linalg.cholesky(self.covs))

    @cached_property
    def _whitened(self) -> FloatArray:
        """The means from the first one on, where the common covariance is the identity."""
        return whiten(self.means - self.means[0], self._factors)

    @cached_property
    def _capacity(self) -> float:
        """The information in nats of a Gaussian input of the covariance of X."""
        with np.errstate(over="ignore", invalid="ignore"):  # refused by name
            if self.covs.ndim == 2:
                spread = separation.spread(self._whitened, self.weights)
                return float(np.log1p(spread).sum() / 2)
            return separation.capacity(self.means, self.covs, self.weights)

    @cached_property
    def _clusters(self) -> list[Cluster] | None:
        """The clusters of the classes, or None if there is no integral for these covariances."""
        if self.covs.ndim == 2:
            return split(self.means, self._factors, self.weights)
        scales = np.sqrt(self.covs[:, 0, 0])
        # from the narrowest class, where the points of the integral must be the finest
        means = self.means - self.means[np.argmin(scales)]
        if means.shape[1] > 1 or (scales < _NARROW * np.abs(means[:, 0])).any():
            return None
        return [Cluster(1.0, self.weights, means, scales)]

    def _exact_clusters(self) -> list[Cluster]:
        if not self.exact:
            reason = "the covariances differ"
            if self.covs.shape[-1] == 1:
                reason = "a class is too narrow to be resolved at its distance from the others"
            if self._clusters is not None:
                span = max(cluster.means.shape[1] for cluster in self._clusters)
                reason = f"the means span {span} dimensions"
            raise ValueError(
                f"no exact integral is known for {self.weights.size} classes in "
                f"{self.means.shape[1]} dimensions where {reason}; estimate(n, rng) simulates, "
                "information_bounds() encloses"
            )
        return self._clusters or []

    @cached_property
    def _entropies(self) -> tuple[float, float]:
        clusters = self._exact_clusters()
        entropy = 0.0
        information = Finite([cluster.share for cluster in clusters]).entropy()
        for cluster in clusters:
            inner_entropy, inner_information = cluster.entropies()
            entropy += cluster.share * inner_entropy
            information += cluster.share * inner_information
        return entropy, information

    def _log_ratios(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Log densities of the classes at `n` observations, up to a term common to them all."""
        if self.covs.ndim == 3:
            X, _ = self.sample(n, rng)
            logs = np.empty((n, self.weights.size))
            for k, factor in enumerate(self._factors):
                z = whiten(X - self.means[k], factor)
                logs[:, k] = -(z**2).sum(axis=1) / 2 - np.log(np.diag(factor)).sum()
            return logs
        # from the mean of the true class, so that nearby classes lose nothing to far ones
        y = rng.choice(self.weights.size, size=n, p=self.weights)
        across = rng.standard_normal((n, self._whitened.shape[1])) @ self._whitened.T
        square = separation.squared_distances(self._whitened)
        return across - np.take_along_axis(across, y[:, None], axis=1) - square[y] / 2


def _covariances(value: npt.ArrayLike, K: int, d: int) -> FloatArray:
    """One covariance of shape (d, d), or K different ones."""
    covs = check.real_array(value, "covs")
    if covs.ndim == 0:
        covs = covs * np.eye(d)
    elif covs.ndim == 1 and d == 1:
        covs = covs[:, None, None]
    if covs.shape not in ((d, d), (K, d, d)):
        each = f"({K}, {d}, {d})" + (f" or ({K},)" if d == 1 else "")
        raise ValueError(
            f"covs must be a number or have shape ({d}, {d}) or {each} to match means; "
            f"got shape {covs.shape}"
        )
    if covs.ndim == 2:
        return check.covariance(covs, "covs")
    covs = np.stack([check.covariance(cov, f"covs[{k}]") for k, cov in enumerate(covs)])
    return np.asarray(covs[0] if (covs == covs[0]).all() else covs)
