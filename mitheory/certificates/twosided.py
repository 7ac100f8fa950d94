"""Two-sided radii of the plug-in estimates, by every argument: functions of n, sizes and level.

Each bounds |truth - plug-in| with probability 1 - alpha for every law. None looks at the counts,
so radii may be compared in advance (certify does), computed once for a whole batch of tables, and
inverted for the least n (mitheory.complexity does). Nats throughout.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from mitheory.certificates import radii
from mitheory.certificates.binomial import (
    binary_entropy,
    binary_entropy_interval,
    lower_limit,
    upper_limit,
)
from mitheory.certificates.deviation import (
    MOST_SAMPLES,
    entropy_deviation,
    proportion_deviation,
)
from mitheory.check import FloatArray, IntArray

if TYPE_CHECKING:
    from mitheory.risk import WorstError

MOST_LINEAR = 10**6
"""Largest n at which linear estimators are certified for a radius: about a second each."""

FEW_LABELS = 100
"""With fewer labels the optimal linear estimator does not win."""

CONDITIONAL_SHARES = {"lower": 0.45, "mean": 0.45, "divergence": 0.096, "code": 0.004}
"""Shares of alpha for H(Y|X): its lower end; mean, divergence and code for its upper end.

Fixed once for all: the number of observed x may enter the divergence, which is bounded given the
x's, but not the split, since the statements about the mean are not conditional on the x's.
"""

_CODE_SHARE = CONDITIONAL_SHARES["code"] / (
    CONDITIONAL_SHARES["code"] + CONDITIONAL_SHARES["divergence"]
)


@dataclass(frozen=True)
class Radii:
    """How far the truth can be below and above the plug-in (nats, or probability of error).

    The truth lies in [plug-in - below, plug-in + above] with the promised probability; `by` names
    the argument and `split` tells how the risk alpha is shared. With the same probability the
    truth is at most `beyond_code` above the length per sample of any code for the labels.
    """

    below: float
    above: float
    by: str
    split: str
    beyond_code: float = math.inf

    @property
    def larger(self) -> float:
        """Half-width of the symmetric interval that holds both ends."""
        return max(self.below, self.above)


def entropy_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) for any number of labels, by the argument that is tighter in advance.

    Those of `optimal_linear` are about its own estimate. It is tried where there are many labels
    and few samples to each, and wins there.
    """
    if classes == 1:
        return Radii(0.0, 0.0, "one_class", "none needed")
    options = [
        chernoff_entropy_radii(n, classes, alpha),
        bounded_difference_radii(n, classes, alpha),
    ]
    if classes >= FEW_LABELS and n < min(20 * classes, MOST_LINEAR):
        options.append(optimal_linear_radii(n, classes, alpha))
    return min(options, key=lambda option: option.larger)


def conditional_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of H(Y|X), whatever the alphabet of X, with at most `rows` values of X observed.

    The radius below does not depend on `rows`. The split is CONDITIONAL_SHARES.
    """
    if classes == 1:
        return Radii(0.0, 0.0, "one_class", "none needed")
    lower, mean, divergence, code = (alpha * share for share in CONDITIONAL_SHARES.values())
    spread = radii.chernoff_radius(n, classes, mean, tail="below", conditional=True)
    return Radii(
        radii.chernoff_radius(n, classes, lower, tail="above", conditional=True),
        spread + radii.divergence_radius(n, min(rows, n) * (classes - 1), divergence),
        "chernoff_varentropy",
        f"{lower:.3g} lower end, {mean:.3g}, {divergence:.3g} (divergence) and {code:.3g} (code) "
        "upper end",
        spread + radii.code_radius(n, code),
    )


@lru_cache(maxsize=1024)
def chernoff_entropy_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) by Chernoff's bound and the divergence, split so that the larger is least.

    The split depends on n, classes and alpha alone.
    """
    share = _crossing(
        lambda s: radii.chernoff_radius(n, classes, s * alpha, tail="above"),
        lambda s: _chernoff_above(n, classes, (1.0 - s) * alpha)[0],
    )
    rest = (1.0 - share) * alpha
    above, part = _chernoff_above(n, classes, rest)
    mean, code = rest * (1.0 - part), rest * part * _CODE_SHARE
    return Radii(
        radii.chernoff_radius(n, classes, share * alpha, tail="above"),
        above,
        "chernoff_varentropy",
        f"{share * alpha:.3g} lower end, {mean:.3g}, {rest * part - code:.3g} (divergence) and "
        f"{code:.3g} (code) upper end",
        radii.chernoff_radius(n, classes, mean, tail="below") + radii.code_radius(n, code),
    )


def _chernoff_above(n: int, classes: int, delta: float) -> tuple[float, float]:
    """Radius above the plug-in H(Y), and the share of delta that divergence and code have in it."""

    def radius(log_share: float) -> float:
        share = math.exp(log_share)
        return radii.chernoff_radius(
            n, classes, delta * (1.0 - share), tail="below"
        ) + radii.divergence_radius(n, classes - 1, delta * share * (1.0 - _CODE_SHARE))

    best = _least(radius, math.log(1e-4), math.log(0.7))
    return radius(best), math.exp(best)


def _crossing(fall: Callable[[float], float], rise: Callable[[float], float]) -> float:
    """Where a falling and a rising function of a share in [0.1, 0.9] meet, or the nearer end."""
    low, high = 0.1, 0.9
    for _ in range(24):
        share = 0.5 * (low + high)
        low, high = (share, high) if fall(share) > rise(share) else (low, share)
    return 0.5 * (low + high)


def _least(value: Callable[[float], float], low: float, high: float) -> float:
    """A near minimiser on [low, high] of a function that falls and then rises; any is valid."""
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = value(a), value(b)
    for _ in range(16):
        if at_a > at_b:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = value(b)
        else:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = value(a)
    return a if at_a < at_b else b


def bounded_difference_radii(
    n: int, classes: int, alpha: float, rows: int = 1, change: float | None = None
) -> Radii:
    """Radii of H(Y), or of H(Y|X) with `rows` possible x, from the largest change by a sample.

    The upper end also pays the largest bias. `change` defaults to the sharp constant. Sources:
    mcdiarmid1989, paninski2003.
    """
    change = radii.largest_change(n) if change is None else change
    spread = radii.bounded_difference_radius(n, change, alpha / 2.0)
    above = spread + radii.plugin_bias(n, classes, rows)
    return Radii(spread, above, "bounded_differences", f"{alpha / 2.0:.3g} each end")


def antos_kontoyiannis_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) with the constant 2 ln(n) / n. Sources: antos2001, paninski2003."""
    return bounded_difference_radii(n, classes, alpha, change=radii.antos_kontoyiannis_change(n))


@lru_cache(maxsize=256)
def worst_bias_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) as `bounded_difference_radii`, with the certified largest bias of the plug-in.

    Source: mcdiarmid1989; the bias is derived in docs/theory.
    """
    from mitheory.risk import worst_error

    return _linear_radii(worst_error("plugin", n, classes, level=1.0 - alpha), "worst_bias")


@lru_cache(maxsize=64)
def optimal_linear(n: int, classes: int, alpha: float) -> WorstError:
    """The linear estimator of least certified error at these sizes, and its certificate."""
    from mitheory import risk

    return risk.optimal_linear(n, classes, level=1.0 - alpha)


def optimal_linear_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) about the estimate of `optimal_linear`, not about the plug-in."""
    return _linear_radii(optimal_linear(n, classes, alpha), "optimal_linear")


def _linear_radii(worst: WorstError, by: str) -> Radii:
    below, above = worst.bias.upper + worst.deviation, worst.deviation - worst.bias.lower
    return Radii(below, above, by, f"{(1.0 - worst.level) / 2.0:.3g} each end")


def asymptotic_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) as n grows, by the normal law at the law of largest variance: no promise.

    Source: cover2006 (the variance of -ln P).
    """
    radius = -float(special.ndtri(alpha / 2.0)) * math.sqrt(largest_varentropy(classes) / n)
    return Radii(radius, radius, "asymptotic", f"{alpha / 2.0:.3g} each end")


def minimax_order_radii(n: int, classes: int) -> Radii:
    """The order of the least worst-case error of any estimator of H(Y), constants unknown.

    S / (n ln n) + ln S / sqrt(n). Sources: jiao2015, wu2016.
    """
    radius = classes / (n * math.log(n + 1.0)) + math.log(classes) / math.sqrt(n)
    return Radii(radius, radius, "minimax_order", "none")


@lru_cache(maxsize=256)
def largest_varentropy(classes: int) -> float:
    """Largest variance of -ln P(Y) over the laws of `classes` labels, in nats squared."""
    from scipy.optimize import minimize_scalar

    L = math.log(classes - 1)

    def loss(t: float) -> float:  # p = 1 / (1 + exp(-t)) on one label, the rest evenly on others
        return -((t + L) ** 2) / (2.0 + 2.0 * math.cosh(t))

    return -float(minimize_scalar(loss, bracket=(0.5, 2.5)).fun)


def binary_interval_radii(n: int, alpha: float) -> Radii:
    """Largest radii, over all counts, of the exact interval for a binary label's entropy."""

    def below(k: IntArray) -> FloatArray:
        return binary_entropy(k / n) - binary_entropy_interval(k, n, alpha)[0]

    def above(k: IntArray) -> FloatArray:
        return binary_entropy_interval(k, n, alpha)[1] - binary_entropy(k / n)

    return Radii(
        _largest(below, n // 2),
        _largest(above, n // 2),
        "exact_interval",
        f"{alpha / 2.0:.3g} each end",
    )


def binary_entropy_radii(n: int, alpha: float) -> Radii:
    """Radii of a binary label's entropy by the exact tail of its plug-in at the worst law."""
    if n > MOST_SAMPLES:
        return binary_interval_radii(n, alpha)
    radius = entropy_deviation(n, alpha)
    return Radii(radius, radius, "exact_binomial", f"{alpha:.3g} for both ends together")


def information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y) from those of H(Y) and H(Y|X), half of alpha each."""
    label = (
        binary_interval_radii(n, alpha / 2.0)
        if classes == 2
        else entropy_radii(n, classes, alpha / 2.0)
    )
    given = conditional_radii(n, classes, alpha / 2.0, rows)
    return Radii(
        label.below + given.above,
        label.above + given.below,
        given.by,
        f"H(Y): {label.split}; H(Y|X): {given.split}",
    )


def bounded_difference_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y) from the largest change by a sample and the two biases.

    The bias of H(Y) lowers the plug-in, that of H(Y|X) raises it. Sources: mcdiarmid1989,
    paninski2003.
    """
    change = radii.largest_information_change(n)
    spread = radii.bounded_difference_radius(n, change, alpha / 2.0)
    return Radii(
        spread + radii.plugin_bias(n, classes, rows),
        spread + radii.plugin_bias(n, classes),
        "bounded_differences",
        f"{alpha / 2.0:.3g} each end",
    )


def proportion_interval_radii(n: int, alpha: float) -> Radii:
    """Largest radii, over all counts, of the exact binomial interval for an error probability."""

    def below(k: IntArray) -> FloatArray:
        return k / n - lower_limit(k, n, alpha / 2.0)

    def above(k: IntArray) -> FloatArray:
        return upper_limit(k, n, alpha / 2.0) - k / n

    return Radii(
        _largest(below, n), _largest(above, n), "exact_interval", f"{alpha / 2.0:.3g} each end"
    )


def proportion_radii(n: int, alpha: float) -> Radii:
    """Radii of an error probability by the exact tail of the share of errors at the worst one."""
    if n > MOST_SAMPLES:
        return proportion_interval_radii(n, alpha)
    radius = proportion_deviation(n, alpha)
    return Radii(radius, radius, "exact_binomial", f"{alpha:.3g} for both ends together")


def hoeffding_radii(n: int, alpha: float) -> Radii:
    """Radii of the error probability of one fixed rule. Source: hoeffding1963."""
    radius = radii.bounded_difference_radius(n, 1.0 / n, alpha / 2.0)
    return Radii(radius, radius, "hoeffding", f"{alpha / 2.0:.3g} each end")


def majority_rule_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of the Bayes error about the errors of the majority rule on its own samples.

    These errors are at most those of the Bayes rule, so one fixed rule bounds the Bayes error
    from below; from above all classes**rows rules are held at once. Source: hoeffding1963.
    """
    below = radii.bounded_difference_radius(n, 1.0 / n, alpha / 2.0)
    log_rules = rows * math.log(classes)
    above = math.sqrt(below**2 + log_rules / (2.0 * n))
    return Radii(below, above, "uniform_hoeffding", f"{alpha / 2.0:.3g} each end")


def _largest(value: Callable[[IntArray], FloatArray], most: int) -> float:
    """Largest value over the counts 0..most: all of them, or a search that narrows on the top.

    The narrowing takes the radii to have one peak, which they do as smooth functions of k / n.
    """
    low, high = 0, most
    while high - low > 4096:
        k = np.unique(np.linspace(low, high, 513).astype(np.int64))
        top = int(np.argmax(value(k)))
        low, high = int(k[max(top - 1, 0)]), int(k[min(top + 1, len(k) - 1)])
    return float(value(np.arange(low, high + 1)).max())
