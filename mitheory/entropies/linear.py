"""Linear estimators: each is one weight, what a symbol seen j times out of n contributes.

Near j = n the weights are small differences of large logarithms. Each is written so that it keeps
its relative accuracy there: ln(n/j) through log1p, and the rest through functions of one count
that vanish as it grows.
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.estimator import linear


def log_ratio(n: IntArray | FloatArray, j: IntArray) -> FloatArray:
    """ln(n / j) for 1 <= j <= n, to full relative accuracy also for j near n."""
    near = 2 * j > n
    return np.where(near, -np.log1p((j - n) / n), np.log(n / j))


@linear(
    cite="shannon1948",
    formula=r"\hat H = -\sum_i \frac{n_i}{n} \ln \frac{n_i}{n}",
    regime="n much larger than the number of symbols",
)
def plugin(j: IntArray, n: IntArray) -> FloatArray:
    """Entropy of the observed frequencies, the maximum-likelihood estimate; biased downwards."""
    seen = np.maximum(j, 1)
    return j / n * log_ratio(n, seen)


@linear(
    cite="miller1955",
    formula=r"\hat H_{\mathrm{plugin}} + \frac{K - 1}{2 n}",
    regime="n larger than the number of symbols, each seen several times",
)
def miller_madow(j: IntArray, n: IntArray) -> FloatArray:
    """Plug-in plus Miller's first-order bias, (K - 1) / 2n with K the symbols observed."""
    return plugin.weight(j, n) + ((j > 0) - j / n) / (2 * n)


@linear(
    cite="zahl1977",
    formula=r"n \hat H - \frac{n - 1}{n} \sum_{i} n_i \hat H_{-i}"
    r" = \sum_i \frac{n_i}{n} (d(n) - d(n_i)),\; d(k) = k \ln k - (k - 1) \ln (k - 1)",
    regime="n larger than the number of symbols",
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


@linear(
    cite="grassberger2003",
    formula=r"\ln n - \frac1n \sum_i n_i G(n_i),\;"
    r" G(j) = \psi(j) + \frac{(-1)^j}{2} \left(\psi(\tfrac{j+1}{2}) - \psi(\tfrac j2)\right)",
    regime="n of the order of the number of symbols, or larger",
)
def grassberger(j: IntArray, n: IntArray) -> FloatArray:
    """Grassberger's 2003 estimator; G(2m) = G(2m + 1) = psi(m + 1/2) + ln 2."""
    seen = np.maximum(j, 1)
    return j / n * (log_ratio(n, seen) + _grassberger_rest(seen))


def _grassberger_rest(j: IntArray) -> FloatArray:
    """ln j - G(j): with z = floor(j/2) + 1/2 it is ln(j/2) - psi(z), by its series for large j.

    psi(z) = ln z - 1/2z - 1/12z^2 + 1/120z^4 - 1/252z^6 + 1/240z^8 - 1/132z^10 + ...
    """
    z = (j // 2) + 0.5
    even = (j % 2) == 0
    x = 1 / np.maximum(z, 20.0) ** 2
    tail = x * (1 / 12 - x * (1 / 120 - x * (1 / 252 - x * (1 / 240 - x / 132))))
    half = 1 / (2 * np.maximum(z, 20.0))
    # for even j, j/2 = z - 1/2, and ln(1 - 1/2z) + 1/2z is summed as a series of its own
    shift = np.where(even, _log1m_plus(half), half)
    direct = np.log(j / 2) - digamma(z)
    return np.where(z < 20, direct, shift + tail)


def _log1m_plus(x: FloatArray) -> FloatArray:
    """ln(1 - x) + x for 0 <= x <= 1/40: minus the sum of x^m / m over m >= 2."""
    series = np.zeros(np.shape(x))
    for m in range(11, 1, -1):
        series = x * (1 / m + series)
    return -x * series
