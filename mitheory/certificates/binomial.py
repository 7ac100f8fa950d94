"""Exact binomial limits, and what they say about the entropy of a binary label."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from mitheory.check import FloatArray

_EXACT_UP_TO = 10**9
"""Largest n at which the incomplete beta function was held against 40-digit sums."""

_BETA_ERROR = 1e-9
"""Relative margin for the incomplete beta function, which is off by 1e-11 at most up to there."""

_ROUNDING = 1e-14


def lower_limit(successes: Any, n: int, delta: float) -> FloatArray:
    """Lower confidence limit of a binomial probability: above it with probability <= delta.

    The Clopper-Pearson limit; beyond n = 10**9 the multiplicative Chernoff limit, which needs no
    incomplete beta function. Increasing in the count. Sources: clopper1934, chernoff1952.

    Parameters
    ----------
    successes : array_like of int, any shape
    n : int
        Number of trials.
    delta : float
        Probability that the limit is above the truth, at most.
    """
    k = np.asarray(successes, dtype=np.float64)
    if n > _EXACT_UP_TO:
        share = k / n
        return np.maximum(0.0, share - np.sqrt(-2.0 * share * math.log(delta) / n)) * (
            1.0 - _ROUNDING
        )
    some = np.maximum(k, 1.0)
    return np.where(k > 0, _settle(some, n - some + 1.0, delta), 0.0)


def upper_limit(successes: Any, n: int, delta: float) -> FloatArray:
    """Upper confidence limit of a binomial probability: below it with probability <= delta.

    As `lower_limit`; increasing in the count.
    """
    k = np.asarray(successes, dtype=np.float64)
    if n > _EXACT_UP_TO:
        excess = -2.0 * math.log(delta) / n
        root = 0.5 * (math.sqrt(excess) + np.sqrt(excess + 4.0 * k / n))
        return np.minimum(1.0, root**2 * (1.0 + _ROUNDING))
    some = np.minimum(k, n - 1.0)
    return np.where(k < n, 1.0 - _settle(n - some, some + 1.0, delta), 1.0)


def _settle(a: FloatArray, b: FloatArray, delta: float) -> FloatArray:
    """The q with I_q(a, b) <= delta, at most a hair below the root.

    SciPy's inverse may miss by 1e-6 of delta for large n; its forward function does not, so the
    inverse is walked outward until the forward value agrees.
    """
    target = delta * (1.0 - _BETA_ERROR)
    q = np.asarray(special.betaincinv(a, b, target))
    step = 1e-15
    while step < 1e-3:
        high = special.betainc(a, b, q) > target
        if not high.any():
            return q * (1.0 - _ROUNDING)
        q = np.where(high, q * (1.0 - step), q)
        step *= 2.0
    raise ArithmeticError(
        f"the binomial limit for delta = {delta!r} could not be evaluated; no certificate is given"
    )


def binary_entropy(p: Any) -> FloatArray:
    """-p ln p - (1-p) ln(1-p) in nats."""
    p = np.asarray(p, dtype=np.float64)
    return special.entr(p) - special.xlog1py(1.0 - p, -p)


def binary_entropy_interval(successes: Any, n: int, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Limits of the entropy (nats) of a binary label; both hold with probability >= 1 - alpha.

    The two-sided binomial interval of the probability, alpha/2 a side, mapped through the
    entropy, which rises up to 1/2 and falls beyond: an interval that holds 1/2 reaches ln 2.
    Source: clopper1934.

    Parameters
    ----------
    successes : array_like of int, any shape
        How often one of the two labels occurred.
    n : int
        Number of samples.
    alpha : float
        Probability that either limit fails, at most.
    """
    k = np.asarray(successes)
    rare = np.minimum(k, n - k)
    low = lower_limit(rare, n, alpha / 2.0)
    high = np.minimum(upper_limit(rare, n, alpha / 2.0), 0.5)
    return binary_entropy(low) * (1.0 - _ROUNDING), np.minimum(
        binary_entropy(high) * (1.0 + _ROUNDING), math.log(2.0)
    )
