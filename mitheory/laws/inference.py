"""Exact inference in the binary Gaussian model when its means and its covariance are unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.laws import gaussian
from mitheory.laws.noncentral import noncentrality


@dataclass(frozen=True)
class ExactInterval:
    """A median-unbiased estimate in an interval that holds the truth with exactly its level.

    Attributes
    ----------
    value : float
        Above the truth as often as below it.
    lower, upper : float
        The interval.
    """

    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.value:.6g} in [{self.lower:.6g}, {self.upper:.6g}]"


@dataclass(frozen=True)
class GaussianInference:
    """What samples say about the binary Gaussian model that they come from; entropies in nats.

    Attributes
    ----------
    snr, information, conditional_entropy, bayes_error : ExactInterval
        gamma, I(X;Y), H(Y|X) and the Bayes error. They are monotone images of one interval, so
        that with probability `level` all four hold.
    plugin_snr : float
        gamma at the sample means and the pooled covariance. It is biased upwards, and need not
        lie in the interval.
    n : tuple of int
        Number of samples labelled 0 and labelled 1.
    dimension : int
        Number of columns of X.
    prior, level : float
        As given.
    """

    snr: ExactInterval
    information: ExactInterval
    conditional_entropy: ExactInterval
    bayes_error: ExactInterval
    plugin_snr: float
    n: tuple[int, int]
    dimension: int
    prior: float
    level: float

    def __str__(self) -> str:
        return (
            f"binary Gaussian model, n = {self.n[0]} + {self.n[1]}, dimension {self.dimension}, "
            f"prior {self.prior:g}; level {self.level:g} for all together\n"
            f"snr          {self.snr}\n"
            f"I(X;Y)       {self.information}\n"
            f"H(Y|X)       {self.conditional_entropy}\n"
            f"Bayes error  {self.bayes_error}"
        )


def binary_gaussian_inference(
    X: npt.ArrayLike, y: npt.ArrayLike, *, prior: float = 0.5, level: float = 0.95
) -> GaussianInference:
    """Exact intervals for information and error of Gaussian classes of one unknown covariance.

    The model is X given Y = 0 or 1 Gaussian with any two means and a common covariance, all
    unknown. Then information and error depend on the prior and on a quarter of the squared
    Mahalanobis distance of the means, gamma = (m1 - m0)' cov^-1 (m1 - m0) / 4, alone, which is the
    `snr` of `BinaryGaussian`, where the means are opposite.

    Parameters
    ----------
    X : array_like, shape (n, p), or (n,) for p = 1
        Observations, one per row; n > p + 1.
    y : array_like of int, shape (n,)
        Labels 0 and 1, both present. They may have been drawn or fixed beforehand.
    prior : float
        P(Y = 1), known; it is not estimated from `y`.
    level : float
        Confidence level, strictly between 0 and 1; half of the rest is left to each side.

    Returns
    -------
    GaussianInference
        `.snr`, `.information`, `.conditional_entropy`, `.bayes_error`, each with `.lower`,
        `.upper` and the median-unbiased `.value`.

    Raises
    ------
    ValueError, TypeError
        If a class has no samples, there are too few samples for the dimension, or the pooled
        covariance is singular.

    Notes
    -----
    With n0 and n1 samples, the means' difference d and the scatter W within the classes (the sum
    of squares and products about the class means),

        F = n0 n1 / n  (n - p - 1) / p  d' W^-1 d

    has the noncentral F law with p and n - p - 1 degrees of freedom and noncentrality
    4 gamma n0 n1 / n, whatever the means and the covariance (anderson2003). That
    law rises stochastically with gamma, so the values of gamma at which F is not in either tail of
    probability (1 - level) / 2 form an interval, which holds the true gamma > 0 with probability
    `level`, neither more nor less, for every n and p. At gamma = 0 its probability is
    (1 + level) / 2, since no interval can miss 0 on the left.

    Information rises with gamma and the error falls, for every prior: the observation of a smaller
    gamma is that of a larger one with Gaussian noise added. The other intervals are therefore
    images of the first. A median-unbiased value becomes one again.

    Source: anderson2003.

    Examples
    --------
    >>> import numpy as np
    >>> from mitheory.laws import BinaryGaussian, binary_gaussian_inference
    >>> X, y = BinaryGaussian([0.6, 0.8], 1.0).sample(100, np.random.default_rng(0))
    >>> print(binary_gaussian_inference(X, y))
    binary Gaussian model, n = 56 + 44, dimension 2, prior 0.5; level 0.95 for all together
    snr          0.839329 in [0.461873, 1.33217]
    I(X;Y)       0.298571 in [0.18877, 0.403523]
    H(Y|X)       0.394576 in [0.289624, 0.504377]
    Bayes error  0.179794 in [0.12421, 0.248375]
    """
    level = check.level(level)
    prior = check.real(prior, "prior", above=0.0, below=1.0)
    labels = check.label_array(y, "y", 2)
    points = _points(X, labels.size)
    n, p = points.shape
    n1 = int(labels.sum())
    n0 = n - n1
    if min(n0, n1) == 0:
        raise ValueError(f"y must hold both labels; got {n0} times 0 and {n1} times 1")
    if n - p - 1 < 1:
        raise ValueError(
            f"X must have at least {p + 2} rows for {p} columns, to estimate a covariance; got {n} "
            "(take more samples or fewer columns)"
        )
    distance = _scatter_distance(points, labels)
    f = distance * n0 * n1 / n * (n - p - 1) / p
    per_snr = 4 * n0 * n1 / n
    tail = (1 - level) / 2
    snr = ExactInterval(
        value=noncentrality(f, p, n - p - 1, 0.5, upper=True) / per_snr,
        lower=noncentrality(f, p, n - p - 1, tail, upper=True) / per_snr,
        upper=noncentrality(f, p, n - p - 1, tail, upper=False) / per_snr,
    )

    def image(quantity: Callable[..., FloatArray]) -> ExactInterval:
        value, *ends = map(float, quantity([snr.value, snr.lower, snr.upper], prior))
        return ExactInterval(value, min(ends), max(ends))

    return GaussianInference(
        snr=snr,
        information=image(gaussian.information),
        conditional_entropy=image(gaussian.conditional_entropy),
        bayes_error=image(gaussian.bayes_error),
        plugin_snr=distance * (n - 2) / 4,
        n=(n0, n1),
        dimension=p,
        prior=prior,
        level=level,
    )


def _points(X: npt.ArrayLike, n: int) -> FloatArray:
    points = check.real_array(X, "X")
    if points.ndim == 1:
        points = points[:, None]
    if points.ndim != 2 or points.shape[1] == 0 or len(points) != n:
        raise ValueError(
            f"X must have a row for each of the {n} labels, and at least one column; "
            f"got shape {points.shape}"
        )
    return points


def _scatter_distance(X: FloatArray, labels: IntArray) -> float:
    """d' W^-1 d from a QR factorisation of the deviations, whose square W is never formed."""
    scale = np.abs(X).max(axis=0)
    X = X / np.where(scale > 0, scale, 1.0)
    means = [X[labels == label].mean(axis=0) for label in (0, 1)]
    factor = np.asarray(np.linalg.qr(X - np.stack(means)[labels], mode="r"))
    p = X.shape[1]
    # what rounding leaves of a column that the columns before it determine
    rounding = 8 * p * np.finfo(float).eps * np.linalg.norm(X, axis=0)
    singular = np.abs(np.diag(factor)) <= rounding
    if singular.any():
        raise ValueError(
            f"X must have a covariance within the classes that is positive definite; column "
            f"{int(np.argmax(singular))} is constant within them, or the columns before it "
            "determine it (drop it)"
        )
    white = np.linalg.solve(factor.T, means[1] - means[0])
    return float(white @ white)
