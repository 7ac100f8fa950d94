"""Differential entropy from nearest neighbours."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from mitheory import check
from mitheory.entropies import RegimeWarning
from mitheory.neighbors.search import NORMS, Norm, kth_distance
from mitheory.neighbors.variables import as_variable


def entropy(samples: Any, *, k: int = 3, norm: Norm = "max", workers: int | None = None) -> float:
    """Differential entropy in nats, by Kozachenko and Leonenko with the k-th neighbour.

    Parameters
    ----------
    samples : array_like of float, shape (n,) or (n, d)
        One sample a row, of a law with a density.
    k : int
        Neighbours, fewer than the samples.
    norm : {"max", "euclidean", "manhattan"}
        Of the difference of two samples.
    workers : int, optional
        Number of threads; by default one per core. The result does not depend on it.

    Returns
    -------
    float
        It has the sign it has: a differential entropy may be negative, and depends on the unit
        of the samples (a factor c of one column adds ln |c|).

    Raises
    ------
    ValueError, TypeError
        For what `as_variable` refuses, k >= n, or a sample with which k others or more coincide.

    Warns
    -----
    RegimeWarning
        If fewer samples than that coincide; no two do, almost surely, if there is a density.

    Notes
    -----
    psi(n) - psi(k) + ln c + d mean(ln r), with r the distance to the k-th neighbour and c the
    volume of the unit ball: 2^d in the maximum norm, pi^(d/2) / Gamma(d/2 + 1) in the Euclidean,
    2^d / d! in the Manhattan norm.

    Source: kozachenko1987, kraskov2004.

    Examples
    --------
    >>> import numpy as np
    >>> from mitheory import neighbors
    >>> x = np.random.default_rng(0).normal(size=10_000)
    >>> abs(neighbors.entropy(x) - 1.418939) < 0.02  # ln(2 pi e) / 2
    True
    """
    from scipy.special import gammaln, psi

    check.one_of(norm, NORMS, "norm")
    variable = as_variable(samples, "continuous", scale="none", name="samples")
    k = check.neighbors(k, variable.n)
    threads = check.threads(workers)
    radii = kth_distance(variable.values, k, norm=norm, workers=threads)
    ties = np.flatnonzero(radii == 0.0)
    if ties.size:
        raise ValueError(
            f"samples must have a density: {k} others or more coincide with each of {ties.size}, "
            f"the first at index {ties[0]} (count samples that repeat: mitheory.count)"
        )
    if variable.note:
        warnings.warn(
            f"entropy: {variable.note}, which a density excludes: the estimate is likely too low",
            RegimeWarning,
            stacklevel=2,
        )
    d = variable.values.shape[1]
    ln_ball = {
        "max": d * math.log(2.0),
        "euclidean": 0.5 * d * math.log(math.pi) - float(gammaln(0.5 * d + 1.0)),
        "manhattan": d * math.log(2.0) - float(gammaln(d + 1.0)),
    }[norm]
    return float(psi(variable.n) - psi(k)) + ln_ball + d * float(np.log(radii).mean())
