"""Exact binomial limits, and what they say about the entropy of a binary label."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from mitheory.check import FloatArray

EXACT_UP_TO = 10**9
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
    if n > EXACT_UP_TO:
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
    if n > EXACT_UP_TO:
        excess = -2.0 * math.log(delta) / n
        root = 0.5 * (math.sqrt(excess) + np.sqrt(excess + 4.0 * k / n))
        return np.minimum(1.0, root**2 * (1.0 + _ROUNDING))
    some = np.minimum(k, n - 1.0)
    return np.where(k < n, 1.0 - _settle(n - some, some + 1.0, delta), 1.0)


def averaged_upper_limit(mean_errors: float, n: int, delta: float) -> float:
    """Upper confidence limit of p from an average W of counts that are each at least binomial.

    Each count being stochastically at least Binomial(n, p) =: B, Jensen's inequality gives
    E f(W) <= E f(B) for every convex falling f, hence for f(w) = (t - w)+ and every t > w

        P(W <= w) <= E (t - B)+ / (t - w),

    and the limit is the largest p at which no t makes this at most delta. Sources: hoeffding1963
    (averaging), bentkus2004 (these f).

    Parameters
    ----------
    mean_errors : float
        W, from 0 to n; rounded upwards.
    n : int
        Number of trials behind each count.
    delta : float
        Probability that the limit is below the truth, at most.
    """
    w = float(mean_errors)
    if w >= n:
        return 1.0
    if n > EXACT_UP_TO:  # Chernoff's limit rests on convex falling functions too
        return float(upper_limit(w, n, delta))
    deviation = math.sqrt(n * max(w / n * (1.0 - w / n), 1.0 / n))
    steps = np.unique(np.round(np.geomspace(1.0, 8.0 * deviation + 2.0, 48)))
    t = np.unique(np.minimum(math.floor(w) + steps, float(n)))

    def tail(p: float) -> float:
        """The least bound on P(W <= w), rounded upwards."""
        below = special.betainc(n - t + 1.0, t, 1.0 - p)  # P(B <= t - 1)
        short = np.where(
            t >= 2.0, special.betainc(n - t + 1.0, np.maximum(t - 1.0, 0.5), 1.0 - p), 0.0
        )  # P(B' <= t - 2), B' ~ Binomial(n - 1, p)
        excess = t * below * (1.0 + _BETA_ERROR) - n * p * short * (1.0 - _BETA_ERROR)
        return float(np.min(excess / (t - w)))

    low, high = w / n, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        value = tail(middle)
        if not math.isfinite(value):
            raise ArithmeticError(
                f"the limit for {w!r} errors in {n} could not be evaluated; no certificate is given"
            )
        low, high = (middle, high) if value > delta else (low, middle)
    return min(1.0, high * (1.0 + _ROUNDING))


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
