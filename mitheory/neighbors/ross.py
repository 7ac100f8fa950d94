"""Information between numbers and a label, from the neighbours of the same label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory.check import FloatArray, IntArray
from mitheory.neighbors.search import COINCIDE, Norm, count_within, kth_distance
from mitheory.neighbors.variables import MAX_MAGNITUDE, Variable


def ross(
    x: Variable, y: Variable, *, k: int, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y) in nats of a label and of numbers with a density, with ties, or both.

    Parameters
    ----------
    x, y : Variable
        One of them discrete, the label; either may be.
    k : int
        Neighbours of the same label; at most the others with that label, where these are fewer.
    norm, workers
        As in `count_within`.

    Returns
    -------
    float
        Never clipped below 0, and never above `LabelSizes.entropy`, the entropy of the label.

    Raises
    ------
    ValueError
        If none of the two is discrete, or both.

    Notes
    -----
    The mean over the samples of psi(n) - psi(n_y) + psi(K) - psi(M), with n_y the samples of its
    label; M is the number of samples strictly nearer than the k-th neighbour of the same label,
    and K of those with the same label, itself included in both. Without ties K = k, and this is
    the estimator as published (ross2014).

    Ties: where the k-th neighbour is at distance 0, K and M are the numbers of samples at
    distance 0. So both always count one ball, hence K <= M, and the estimate cannot exceed
    psi(n) - mean psi(n_y), which estimates the entropy of the label. Were K = k kept with tied
    distances, M could be smaller, and a constant X would seem to tell more than the label holds.
    If X takes few values, all in the samples of each label often, the estimate becomes
    H(X) + H(Y) - H(X,Y) with each entropy estimated by ln n less the mean of psi(count), up to
    ln n - psi(n).

    A label with one sample has no neighbour of its own: the ball is the whole sample, K = 1 and
    M = n, and the sample contributes 0. Its label's information stays out of the estimate.

    Source: ross2014.
    """
    if (x.kind == "discrete") == (y.kind == "discrete"):
        both = "both are" if x.kind == "discrete" else "none is"
        raise ValueError(
            f"ross needs one discrete variable, the label; of {x.name} ({x.kind}) and {y.name} "
            f"({y.kind}) {both}"
        )
    numbers, label = (y, x) if x.kind == "discrete" else (x, y)
    points: Any = numbers.values
    labels: Any = label.values
    sizes = LabelSizes.of(labels)
    if points.shape[1] == 1:
        order = np.argsort(points[:, 0])
        return float(sizes.information(points[order, 0], order, labels[None], k)[0])
    distance = np.full(len(points), np.inf)
    members = np.split(np.argsort(labels, kind="stable"), sizes.first[1:-1])
    for own in members:
        if own.size > 1:
            nearest = min(k, own.size - 1)
            distance[own] = kth_distance(points[own], nearest, norm=norm, workers=workers)
    radii = np.where(distance > 0, distance, COINCIDE)
    everyone = 1 + count_within(points, radii, norm=norm, workers=workers)
    alike = np.empty_like(everyone)
    for own in members:
        alike[own] = 1 + count_within(points[own], radii[own], norm=norm, workers=workers)
    own_size = np.diff(sizes.first)[labels]
    gain = sizes.psi[alike] - sizes.psi[everyone]
    return float((gain + (sizes.psi[len(points)] - sizes.psi[own_size])).mean())


@dataclass(frozen=True, eq=False)
class LabelSizes:
    """How many samples each label has, and what follows from that alone.

    Attributes
    ----------
    first : int array, shape (labels + 1,)
        Ends of the labels once the samples are grouped by label.
    psi : float array, shape (n + 1,)
        digamma(0), ..., digamma(n); 0 in place of the first.
    """

    first: IntArray
    psi: FloatArray

    @classmethod
    def of(cls, labels: npt.NDArray[Any]) -> LabelSizes:
        """Of the codes 0, 1, ... of n samples."""
        from scipy.special import digamma

        first = np.concatenate([[0], np.cumsum(np.bincount(labels))])
        psi = np.zeros(labels.size + 1)
        psi[1:] = digamma(np.arange(1.0, labels.size + 1))
        return cls(first, psi)

    @property
    def entropy(self) -> float:
        """psi(n) - mean psi(n_y) in nats: H(Y) as `ross` estimates it, and its greatest value.

        It is above the plug-in estimate by at least (labels - 1) / 2n.
        """
        sizes = np.diff(self.first)
        n = self.psi.size - 1
        return float(sizes @ (self.psi[n] - self.psi[sizes]) / n)

    def information(
        self, x: FloatArray, order: npt.NDArray[np.intp], labels: npt.NDArray[Any], k: int
    ) -> FloatArray:
        """`ross` of scalars with each labelling of these sizes: x the sorted values, of the
        samples order[0], order[1], ..., and labels of shape (B, n).
        """
        from mitheory.kernels.ross import ross_means

        if max(-x[0], x[-1]) > MAX_MAGNITUDE:  # differences might overflow
            x = x * 2.0**-100
        codes = np.ascontiguousarray(labels, dtype=np.int32)
        means = np.empty(len(codes))
        ross_means(x, order, codes, self.first, k, self.psi, means)
        return means
