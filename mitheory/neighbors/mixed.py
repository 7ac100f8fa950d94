"""Information of variables of which some values, or some combinations, have a probability."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray
from mitheory.neighbors.ksg import mean_psi
from mitheory.neighbors.search import COINCIDE, Norm, count_within, kth_distance
from mitheory.neighbors.variables import Variable, as_points


def mixed(
    x: Variable, y: Variable, *, k: int, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y) in nats of variables of any kinds: with densities, atoms, or both.

    Parameters
    ----------
    x, y : Variable
    k : int
        Neighbours, fewer than the samples.
    norm, workers
        As in `ksg`.

    Returns
    -------
    float
        Never clipped. At most psi(n) - mean psi(n_y), with n_y the samples that have the
        same symbol of a discrete Y: what it estimates the entropy of Y to be.

    Notes
    -----
    psi(n) + mean(psi(K) - psi(M_x) - psi(M_y)), where K, M_x and M_y are the numbers of samples,
    itself included, strictly nearer than the k-th neighbour in both, in X and in Y; or, where that
    neighbour is at distance 0, the numbers of samples at distance 0. So all three count one ball,
    K is at most M_x and M_y, and the estimate cannot exceed an entropy.

    This is the estimator of Gao et al. in the form of its authors' program (digammas of strict
    counts, where their paper prints logarithms), with psi(n) for ln n, so that a constant X has
    information 0 exactly, and with K for k where several samples share the k-th distance. Without
    ties it is `ksg`.

    Two symbols of a discrete variable are farther apart than any two numbers. Where the k-th
    neighbour differs in a symbol, the ball is all samples of the same symbols: with Y numbers, such
    a sample contributes 0.

    Source: gao2017, kraskov2004.
    """
    from scipy.special import psi

    blocks, apart = as_points(x, y)
    radii = kth_distance(blocks, k, norm=norm, workers=workers)
    radii = np.clip(radii, COINCIDE, apart)

    def within(*points: FloatArray) -> float:
        return mean_psi(1 + count_within(points, radii, norm=norm, workers=workers))

    first, second = blocks
    return within(first, second) + float(psi(x.n)) - (within(first) + within(second))
