"""The two estimators of Kraskov, Stögbauer and Grassberger, for numbers with a density."""

from __future__ import annotations

import warnings

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.entropies import RegimeWarning
from mitheory.neighbors.search import Norm, count_within, kth_distance, neighborhoods
from mitheory.neighbors.variables import Variable


def ksg(
    x: Variable, y: Variable, *, k: int, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y) in nats of two variables with a density, by the first estimator.

    Parameters
    ----------
    x, y : Variable
        Not discrete.
    k : int
        Neighbours, fewer than the samples.
    norm : {"max", "euclidean", "manhattan"}
        Of X and of Y; two samples are as far apart as in the one of both in which they are farther.
    workers : int, optional
        Number of threads, one by default. The result is the same.

    Returns
    -------
    float
        Never clipped. At most psi(n) - psi(k), if nothing repeats.

    Raises
    ------
    ValueError
        If X or Y is discrete.

    Warns
    -----
    RegimeWarning
        If k other samples or more coincide with some sample; with `ksg2`, in X or in Y.

    Notes
    -----
    psi(k) + psi(n) - mean(psi(n_x + 1) + psi(n_y + 1)), where n_x and n_y are the numbers of other
    samples strictly nearer in X, and in Y, than the k-th neighbour is in both (equation 8). Not
    strict inequalities would count that neighbour too, a bias of about -0.01 at n = 10^4.

    Source: kraskov2004.
    """
    refuse_symbols("ksg", x, y)
    radii = kth_distance((x.values, y.values), k, norm=norm, workers=workers)
    _warn_of_ties("ksg", radii, k)
    within = [1 + count_within(v.values, radii, norm=norm, workers=workers) for v in (x, y)]
    return _psi(k) + _psi(x.n) - (mean_psi(within[0]) + mean_psi(within[1]))


def ksg2(
    x: Variable, y: Variable, *, k: int, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y) in nats of two variables with a density, by the second estimator.

    Arguments, warnings and refusals are those of `ksg`.

    Returns
    -------
    float
        Never clipped.

    Notes
    -----
    psi(k) - 1/k + psi(n) - mean(psi(n_x) + psi(n_y)), where n_x is the number of other samples at
    most as far in X as the farthest of the k nearest neighbours in both is in X, and n_y alike
    (equation 9; the box has an extent of its own in X and in Y). Where others are as near as the
    k-th neighbour, they belong to the box, and k is their number for that sample.

    Source: kraskov2004.
    """
    refuse_symbols("ksg2", x, y)
    extents, counts = neighborhoods((x.values, y.values), k, norm=norm, workers=workers)
    _warn_of_ties("ksg2", extents.min(axis=1), k)
    within = [
        count_within(v.values, extent, norm=norm, strict=False, workers=workers)
        for v, extent in zip((x, y), extents.T.copy(), strict=True)
    ]
    found = mean_psi(counts) - float((1.0 / counts).mean())
    return found + _psi(x.n) - (mean_psi(within[0]) + mean_psi(within[1]))


def mean_psi(counts: IntArray) -> float:
    """The mean digamma of positive counts, which does not depend on their order."""
    from scipy.special import psi

    often = np.bincount(counts)
    seen = np.flatnonzero(often)
    return float(often[seen] @ psi(seen.astype(np.float64))) / counts.size


def _psi(count: int) -> float:
    from scipy.special import psi

    return float(psi(count))


def refuse_symbols(method: str, *variables: Variable) -> None:
    """Raise a ValueError if a variable is discrete, which `method` does not take."""
    for variable in variables:
        if variable.kind == "discrete":
            raise ValueError(
                f"{method} needs numbers with a density; {variable.name} is discrete (a discrete "
                "variable and numbers: method='ross'; any kinds: method='mixed')"
            )


def _warn_of_ties(method: str, extents: FloatArray, k: int) -> None:
    ties = int(np.count_nonzero(extents == 0.0))
    if ties:
        where = "" if method == "ksg" else ", in X or in Y,"
        warnings.warn(
            f"{method}: {ties} of {extents.size} samples coincide{where} with {k} others or more, "
            "so that there is no density, and the estimate is likely far off (method='mixed' "
            "takes values that repeat)",
            RegimeWarning,
            stacklevel=3,
        )
