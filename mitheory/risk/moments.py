"""Exact mean, bias and variance of linear estimators of the entropy of a finite law."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.entropies import ENTROPIES, Estimator
from mitheory.kernels import moments as kernels
from mitheory.laws import Finite

_TAIL = 50.0  # a probability of exp(-50) = 2e-22 is cut off

_MOST_SAMPLES = 10**12  # the windows of counts, about 20 sqrt(n) wide, must fit in memory


def mean(estimator: Estimator | str, law: Finite, n: int) -> float:
    """Expected estimate."""
    cells = _cells(estimator, law, n)
    return float(cells.multiplicity @ cells.mean) + cells.unseen


def bias(estimator: Estimator | str, law: Finite, n: int) -> float:
    """Expected estimate less the entropy of the law.

    Each symbol's part is summed about the tangent of -p ln p at its probability, so that a bias
    far below the entropy keeps its digits; what is left is the rounding of the weights.
    """
    cells = _cells(estimator, law, n)
    return float(cells.multiplicity @ cells.bias) + cells.unseen


def variance(estimator: Estimator | str, law: Finite, n: int) -> float:
    """Variance of the estimate.

    The covariances of all pairs of symbols come from one contour integral: with a Poisson number
    of samples the counts are independent, and the coefficient of t^n is taken on |t| = n by the
    trapezoidal rule (trefethen2014). Each symbol's part is centred first and relieved of a common
    slope in its count, which the fixed total of the counts makes free.
    """
    cells = _cells(estimator, law, n)
    if cells.multiplicity.sum() == 1:
        return 0.0
    if cells.multiplicity.sum() == 2:
        return _two_symbols(cells)
    return max(_diagonal(cells) + _pairs(cells), 0.0)


@dataclass(frozen=True)
class _Cells:
    """The distinct positive probabilities of a law, and the moments of what a symbol adds.

    `f` and its tables are as in the kernels; `slope` is what is left of h'(p)/n once the common
    slope is taken off. `unseen` is what symbols of probability zero add.
    """

    estimator: Estimator
    n: int
    alphabet: int
    p: FloatArray
    q: FloatArray
    multiplicity: FloatArray
    windows: IntArray
    correction: FloatArray
    mean: FloatArray
    bias: FloatArray
    f_variance: FloatArray
    f_covariance: FloatArray
    unseen: float

    @property
    def slope(self) -> FloatArray:
        tangent = -(np.log(self.p) + 1) / self.n
        spread = self.n * self.p * self.q
        regression = self.multiplicity @ (tangent * spread + self.f_covariance)
        return np.asarray(tangent - regression / (self.multiplicity @ spread))


def _cells(estimator: Estimator | str, law: Finite, n: int) -> _Cells:
    estimator = _linear(estimator)
    n = _sample_size(n)
    p, repeats = np.unique(law.p[law.p > 0], return_counts=True)
    multiplicity = repeats.astype(np.float64)
    zeros = int(law.p.size - repeats.sum())
    q = 1 - p
    if p[-1] > 0.5:
        q[-1] = multiplicity[:-1] @ p[:-1]  # 1 - p has lost the digits of a small rest
    windows, counts = _windows(n, p)
    alphabet = law.p.size
    w = _weights(estimator, counts, n, alphabet)
    correction = _correction(estimator, counts, n, alphabet)
    w_mean, f_mean, f_variance, f_covariance = kernels.cell_moments(n, p, q, windows, w, correction)
    return _Cells(
        estimator=estimator,
        n=n,
        alphabet=alphabet,
        p=p,
        q=q,
        multiplicity=multiplicity,
        windows=windows,
        correction=correction,
        mean=w_mean,
        bias=f_mean,
        f_variance=f_variance,
        f_covariance=f_covariance,
        unseen=zeros * float(_weights(estimator, np.zeros(1, np.int64), n, alphabet)[0]),
    )


def _sample_size(n: int) -> int:
    n = check.whole_number(n, "n", least=1)
    if n > _MOST_SAMPLES:
        raise ValueError(f"n must be at most {_MOST_SAMPLES:g} for exact moments; got {n}")
    return n


def _linear(estimator: Estimator | str) -> Estimator:
    if isinstance(estimator, str):
        estimator = ENTROPIES[check.one_of(estimator, ENTROPIES, "estimator")]
    linear = getattr(estimator, "linear", None)
    if linear is None:
        raise TypeError(
            f"estimator must be an Estimator or its name; got {type(estimator).__name__}"
        )
    if not linear:
        raise TypeError(
            f"exact moments need an estimator that is linear in the profile, and "
            f"{estimator.name} is not; simulate: mitheory.entropy(law.sample_counts(n, rng, "
            f"replicates), {estimator.name!r})"
        )
    return estimator


def _weights(estimator: Estimator, counts: IntArray, n: int, alphabet: int) -> FloatArray:
    size = (alphabet,) if estimator.needs_alphabet else ()
    w = np.asarray(estimator.weight(counts, n, *size), np.float64)
    if not np.isfinite(w).all():
        j = counts[~np.isfinite(w)][0]
        raise ValueError(f"the weight of a symbol seen {j} times out of {n} is not finite")
    return w


def _correction(estimator: Estimator, counts: IntArray, n: int, alphabet: int) -> FloatArray:
    """c(k): the weight less that of the plug-in."""
    w = _weights(estimator, counts, n, alphabet)
    return w - _weights(ENTROPIES["plugin"], counts, n, alphabet)


def _windows(n: int, p: FloatArray) -> tuple[IntArray, IntArray]:
    """For each p the counts that matter, and all of them in one table without repetition.

    Chernoff bounds for the Poisson law, which also hold for the binomial. For p ascending the
    windows ascend too, so that those which touch merge into one run of the table.
    """
    expected = n * p
    below = np.sqrt(2 * _TAIL * expected)
    top = expected + _TAIL / 3 + np.sqrt((_TAIL / 3) ** 2 + 2 * _TAIL * expected)
    for _ in range(4):  # Newton from above on a convex function: k ln(k/m) - k + m = tail
        log_ratio = np.log(top) - np.log(expected)
        top -= (top * (log_ratio - 1) + expected - _TAIL) / log_ratio
    low = np.maximum(np.floor(expected - below), 0).astype(np.int64)
    high = np.minimum(np.ceil(top), n).astype(np.int64)

    opens = np.append(True, low[1:] > high[:-1] + 1)
    run = np.cumsum(opens) - 1
    run_low, run_high = low[opens], high[np.append(opens[1:], True)]
    counts = np.concatenate([np.arange(a, b + 1) for a, b in zip(run_low, run_high, strict=True)])
    offset = np.append(0, np.cumsum(run_high - run_low + 1)[:-1])
    first = offset[run] + low - run_low[run]
    return np.column_stack([low, high, first]), counts


def _two_symbols(cells: _Cells) -> float:
    """With two symbols the second count is n less the first: one sum."""
    n, p, q = cells.n, cells.p[0], cells.p[-1]
    low, high, _ = cells.windows[0]
    k = np.arange(low, high + 1)
    mass = kernels.binomial(n, p, cells.q[0], low, high)
    total = (np.log(q) - np.log(p)) / n * (k - n * p)
    for count, probability in ((k, p), (n - k, q)):
        total += _correction(cells.estimator, count, n, cells.alphabet)
        total -= kernels.remainders(count, n, probability)
    return float(mass @ (total - mass @ total) ** 2)


def _diagonal(cells: _Cells) -> float:
    """Sum over symbols of the variance of the centred, slope-free part."""
    slope, spread = cells.slope, cells.n * cells.p * cells.q
    each = cells.f_variance + slope * (2 * cells.f_covariance + slope * spread)
    return float(cells.multiplicity @ each)


def _pairs(cells: _Cells) -> float:
    """Sum over ordered pairs of distinct symbols of the covariance of these parts.

    The integrand falls as exp(-n (1 - p_i - p_j) (1 - cos theta)) whatever the weights; nodes
    where it is negligible for every pair are left out.
    """
    n = cells.n
    others = cells.multiplicity.copy()
    others[-1] -= 1
    others[np.flatnonzero(others)[-1]] -= 1
    rest = float(others @ cells.p)  # 1 less the two largest probabilities
    nodes = math.ceil(10 * math.sqrt(n) + 30)  # aliases of t^n lie 10 standard deviations off
    angles = np.arange(nodes // 2 + 1) * (2 * np.pi / nodes)
    theta = np.asarray(angles[2 * n * rest * np.sin(angles / 2) ** 2 <= _TAIL])
    share = np.where((theta == 0) | (theta == np.pi), 1.0, 2.0)
    zeta = -2 * np.sin(theta / 2) ** 2 + 1j * _sine_less_angle(theta)
    table = np.column_stack([cells.p, cells.multiplicity, cells.bias, cells.slope])
    sums = kernels.pair_sums(n, table, cells.windows, cells.correction, theta, zeta)
    # the same rule gives 1 for the integrand 1, which fixes the constant n! e^n / n^n
    return float((share @ sums.real) / (share @ np.exp(n * zeta).real))


def _sine_less_angle(theta: FloatArray) -> FloatArray:
    """sin(theta) - theta, by its series where that cancels."""
    small = np.minimum(theta, 0.5)
    square = small**2
    series = np.ones_like(small)
    for k in range(15, 3, -2):
        series = 1 - square / (k * (k - 1)) * series
    return np.where(theta < 0.5, -small * square / 6 * series, np.sin(theta) - theta)
