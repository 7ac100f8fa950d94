"""Linear estimators: each is one weight, what a symbol seen j times out of n contributes.

Near j = n the weights are small differences of large logarithms. Each is written so that it keeps
its relative accuracy there: ln(n/j) through log1p, and the rest through functions of one count
that vanish as it grows.
"""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.estimator import linear
from mitheory.entropies.regime import singletons_above


def log_ratio(n: IntArray | FloatArray, j: IntArray) -> FloatArray:
    """ln(n / j) for 1 <= j <= n, to full relative accuracy also for j near n."""
    return np.asarray(np.log1p((n - j) / j))


@linear(
    cite="shannon1948",
    formula=r"\hat H = -\sum_i \frac{n_i}{n} \ln \frac{n_i}{n}",
    regime="n much larger than the number of symbols",
    doubt=singletons_above(0.25),
)
def plugin(j: IntArray, n: IntArray) -> FloatArray:
    """Entropy of the observed frequencies, the maximum-likelihood estimate; biased downwards."""
    seen = np.maximum(j, 1)
    return j / n * log_ratio(n, seen)


@linear(
    cite="miller1955",
    formula=r"\hat H_{\mathrm{plugin}} + \frac{K - 1}{2 n}",
    regime="n larger than the number of symbols, each seen several times",
    doubt=singletons_above(0.25),
)
def miller_madow(j: IntArray, n: IntArray) -> FloatArray:
    """Plug-in plus Miller's first-order bias, (K - 1) / 2n with K the symbols observed."""
    return plugin.weight(j, n) + ((j > 0) - j / n) / (2 * n)


@linear(
    cite="zahl1977",
    formula=r"n \hat H - \frac{n - 1}{n} \sum_{i} n_i \hat H_{-i}"
    r" = \sum_i \frac{n_i}{n} (d(n) - d(n_i)),\; d(k) = k \ln k - (k - 1) \ln (k - 1)",
    regime="n larger than the number of symbols",
    doubt=singletons_above(0.25),
)
def jackknife(j: IntArray, n: IntArray) -> FloatArray:
    """Delete-one jackknife of the plug-in, in closed form."""
    seen = np.maximum(j, 1)
    return j / n * (log_ratio(n, seen) + _jackknife_rest(seen) - _jackknife_rest(n))


def _jackknife_rest(k: IntArray) -> FloatArray:
    """1 + ln k - d(k) = 1 + (k - 1) ln(1 - 1/k), which is about 1 / 2k; 1 at k = 1.

    The sum of 1 / (m (m + 1) k^m) over m >= 1, taken to 13 terms from k = 16 on.
    """
    x = 1 / np.maximum(k, 16)
    series = np.zeros(np.shape(x))
    for m in range(13, 0, -1):
        series = x * (1 / (m * (m + 1)) + series)
    few = np.clip(k, 2, 16)
    direct = np.where(k == 1, 1.0, 1 + (few - 1) * np.log1p(-1 / few))
    return np.where(k < 16, direct, series)
