"""One-sided concentration: how far a plug-in estimate, or a part of it, can be from its target.

Every function takes the probability delta with which its statement may fail and holds for every
law. None looks at the counts. Entropies are in nats; Hhat is the plug-in estimate.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from mitheory.certificates.binomial import binary_entropy
from mitheory.check import FloatArray
from mitheory.kernels import varentropy

Tail = Literal["above", "below"]

_MOST_RISK = 1.0 - 2.0**-53
_ROUNDING = 1e-12
_TILTS: dict[Tail, FloatArray] = {
    "above": np.exp(np.linspace(math.log(1e-9), math.log(0.9), 512)),
    "below": -np.exp(np.linspace(math.log(1e-9), math.log(8.0), 512)),
}


def risk_of(level: float) -> float:
    """1 less a confidence level, below 1 also for a level that is lost beside 1."""
    return min(1.0 - level, _MOST_RISK)


@lru_cache(maxsize=256)
def _psis(classes: int, tail: Tail, conditional: bool) -> FloatArray:
    """psi on the grid of tilts; a failed evaluation is an error, never a smaller radius."""
    values = varentropy.psi_table(_TILTS[tail], math.log(classes - 1), conditional)
    if not np.isfinite(values).all():
        raise ArithmeticError(
            f"the moment bound for {classes} classes could not be evaluated; no certificate is "
            "given"
        )
    return values


def chernoff_radius(
    n: int, classes: int, delta: float, *, tail: Tail, conditional: bool = False
) -> float:
    """Radius r of the mean of n terms -ln P(Y_i), or -ln P(Y_i|X_i), about the entropy H, in nats.

    tail "above": P(mean - H >= r) <= delta. The plug-in is at most that mean, so H >= Hhat - r
    with probability 1 - delta. tail "below": P(H - mean >= r) <= delta; the plug-in is the mean
    less a divergence, so H <= Hhat + r + `divergence_radius`.

    A Chernoff bound with the largest log moment of -ln P over all laws on `classes` labels (all
    joint laws, whatever the alphabet of X, when conditional), see mitheory.kernels.varentropy.
    Source: chernoff1952; the supremum over laws is derived in docs/theory.

    Raises
    ------
    ArithmeticError
        If the supremum could not be bounded.
    """
    if classes == 1:
        return 0.0
    rate = -math.log(delta) / n
    psis = _psis(classes, tail, conditional)
    L = math.log(classes - 1)
    radius = varentropy.chernoff_radius(rate, _TILTS[tail], psis, L, conditional)
    if not (math.isfinite(radius) and radius > 0.0):
        raise ArithmeticError(
            f"the Chernoff radius for n = {n}, {classes} classes, delta = {delta!r} could not be "
            "evaluated; no certificate is given"
        )
    return radius


def divergence_radius(n: int, freedom: int, delta: float) -> float:
    """r with P(KL(Phat || P) >= r) <= delta, in nats; 0 where there is no freedom.

    n KL has the moments of a Gamma(freedom, 1) variable at most; freedom = S - 1 for one law on
    S symbols, and (observed x) (M - 1), given the x's, for the average divergence of the
    conditional laws. Chernoff's bound is solved from above by Newton's method. Source:
    agrawal2020.
    """
    if freedom == 0:
        return 0.0
    rate = -math.log(delta) / freedom
    excess = rate + math.sqrt(2.0 * rate)
    for _ in range(100):
        step = (excess - math.log1p(excess) - rate) * (1.0 + excess) / excess
        if not step > 1e-15 * excess:
            break
        excess -= step
    return freedom / n * (1.0 + excess) * (1.0 + _ROUNDING)


def code_radius(n: int, delta: float) -> float:
    """r with P(mean of -ln P(Y_i|X_i) >= length / n + r) <= delta for any code's length, in nats.

    By Markov's inequality, see mitheory.certificates.codes.
    """
    return -math.log(delta) / n * (1.0 + _ROUNDING)


def largest_change(n: int) -> float:
    """Most by which one replaced sample changes Hhat(Y), or Hhat(Y|X) for any X; in nats.

    c_n = (ln n + (n-1) ln(n/(n-1))) / n, reached by (n, 0) -> (n-1, 1). Derived in docs/theory;
    sharpens the 2 ln(n) / n of antos2001.
    """
    return (math.log(n) + (n - 1) * math.log(n / (n - 1))) / n if n > 1 else 0.0


def largest_information_change(n: int) -> float:
    """Most by which one replaced sample changes the plug-in information, in nats.

    2 f((n+1)/2) / n with f(k) = k ln k - (k-1) ln(k-1). Derived in docs/theory.
    """
    k = (n + 1) / 2.0
    return 2.0 * (math.log(k) + (k - 1.0) * math.log(k / (k - 1.0))) / n if n > 1 else 0.0


def antos_kontoyiannis_change(n: int) -> float:
    """2 ln(n) / n, an upper bound on `largest_change` for n >= 3. Source: antos2001."""
    return 2.0 * math.log(n) / n


def bounded_difference_radius(n: int, change: float, delta: float) -> float:
    """r with P(estimate - its mean >= r) <= delta, and the same below. Source: mcdiarmid1989."""
    return change * math.sqrt(-0.5 * n * math.log(delta)) * (1.0 + _ROUNDING)


def plugin_bias(n: int, classes: int, rows: int = 1) -> float:
    """Most by which the mean of the plug-in entropy is below the truth, in nats.

    ln(1 + (classes - 1) rows / n), with `rows` values of X for H(Y|X); the mean is never above
    the truth. Source: paninski2003.
    """
    return math.log1p((classes - 1) * rows / n)


def l1_radius(n: int, symbols: int, delta: float) -> float:
    """r with P(sum |Phat - P| >= r) <= delta. Source: weissman2003."""
    log_sets = symbols * math.log(2.0) + math.log1p(-(2.0 ** (1 - symbols)))
    return math.sqrt(2.0 * (log_sets - math.log(delta)) / n)


def mean_l1_radius(n: int, symbols: int, delta: float) -> float:
    """r with P(sum |Phat - P| >= r) <= delta, from the mean of the distance; wins for many symbols.

    The mean is at most sqrt((symbols - 1) / n), and one sample moves the distance by 2 / n at most.
    Source: mcdiarmid1989.
    """
    return math.sqrt((symbols - 1) / n) + bounded_difference_radius(n, 2.0 / n, delta)


def continuity(distance: float, classes: int) -> float:
    """Most by which H(Y), or H(Y|X) for any X, changes within a total variation distance; nats.

    h(T) + T ln(M-1) up to T = 1 - 1/M, ln M beyond. Sources: zhang2007, alhejji2020.
    """
    if distance >= 1.0 - 1.0 / classes:
        return math.log(classes)
    return float(binary_entropy(distance)) + distance * math.log(classes - 1)
