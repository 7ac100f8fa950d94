"""Linear estimators made of digamma functions: the logarithm's unbiased relatives.

Where two digammas nearly cancel, their difference is taken as one function (`digamma_gap`), and a
digamma next to a logarithm through the series of ln j - psi(j).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import digamma

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.entropies.estimator import linear
from mitheory.entropies.linear import log_ratio
from mitheory.entropies.regime import MANY_UNSEEN, either, singletons_above
from mitheory.profile import Occupancy

Count = IntArray | FloatArray


def digamma_gap(x: Count, d: Count) -> FloatArray:
    """psi(x + d) - psi(x) for x > 0, d >= 0, to full relative accuracy; shapes broadcast."""
    from mitheory.kernels.polygamma import digamma_gaps

    return _by_pairs(digamma_gaps, x, d)


def trigamma_gap(x: Count, d: Count) -> FloatArray:
    """x psi'(x) - (x + d) psi'(x + d) for x > 0, d >= 0; shapes broadcast."""
    from mitheory.kernels.polygamma import trigamma_gaps

    return _by_pairs(trigamma_gaps, x, d)


def _by_pairs(kernel: Callable[..., None], x: Count, d: Count) -> FloatArray:
    pairs = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(d, dtype=np.float64))
    out = np.empty(pairs[0].shape)
    kernel(pairs[0].flatten(), pairs[1].flatten(), out.reshape(-1))
    return out


@linear(
    cite="grassberger2003",
    formula=r"\ln n - \frac1n \sum_i n_i G(n_i),\;"
    r" G(j) = \psi(j) + \frac{(-1)^j}{2} \left(\psi(\tfrac{j+1}{2}) - \psi(\tfrac j2)\right)",
    regime="n of the order of the number of symbols, or larger",
    doubt=singletons_above(MANY_UNSEEN),
)
def grassberger(j: IntArray, n: IntArray) -> FloatArray:
    """Grassberger's 2003 estimator; G(2m) = G(2m + 1) = psi(m + 1/2) + ln 2."""
    seen = np.maximum(j, 1)
    return j / n * (log_ratio(n, seen) + _grassberger_rest(seen))


@linear(
    cite="grassberger1988",
    formula=r"\frac1n \sum_i n_i \left(\ln n - \psi(n_i) - \frac{(-1)^{n_i}}{n_i (n_i + 1)}\right)",
    regime="n of the order of the number of symbols, or larger",
    doubt=singletons_above(MANY_UNSEEN),
)
def grassberger1988(j: IntArray, n: IntArray) -> FloatArray:
    """Grassberger's 1988 estimator, with the term (-1)^j / (j (j + 1)) next to psi(j).

    With that term j psi(j) becomes 0 at j = 0, as it must. A form with (-1)^j / (j + 1) in its
    place circulates under the same name.
    """
    seen = np.maximum(j, 1)
    swing = np.where(j % 2 == 0, 1, -1) / seen / (seen + 1)
    return j / n * (log_ratio(n, seen) + _digamma_rest(seen) - swing)


@linear(
    cite="schurmann2004",
    formula=r"\frac1n \sum_i n_i \left(\psi(n) - \psi(n_i)"
    r" - (-1)^{n_i} \int_0^{1/\xi - 1} \frac{t^{n_i - 1}}{1 + t} dt\right),\; \xi = e^{-1/2}",
    regime="n of the order of the number of symbols, or larger",
    doubt=singletons_above(MANY_UNSEEN),
)
def schurmann(j: IntArray, n: IntArray) -> FloatArray:
    """Schürmann's family at his choice xi = exp(-1/2).

    xi = 1 is `zhang`; xi = 1/2 is `grassberger` with psi(n) in the place of ln n.
    """
    seen = np.maximum(j, 1)
    swing = np.where(j % 2 == 0, 1, -1) * _schurmann_integral(seen)
    return j / n * (digamma_gap(seen, np.maximum(n - seen, 0)) - swing)


@linear(
    cite="zhang2012",
    formula=r"\sum_{v=1}^{n-1} \frac1v Z_v = \frac1n \sum_i n_i (\psi(n) - \psi(n_i)),\;"
    r" Z_v = \sum_i \frac{n_i}{n} \prod_{k=0}^{v-1} \left(1 - \frac{n_i - 1}{n - 1 - k}\right)",
    regime="n of the order of the number of symbols, or larger",
    doubt=singletons_above(MANY_UNSEEN),
)
def zhang(j: IntArray, n: IntArray) -> FloatArray:
    """Zhang's estimator: unbiased for the first n - 1 terms of H = sum_v (1/v) sum_i p_i (1-p_i)^v.

    The closed form is Schürmann's (schurmann2015).
    """
    seen = np.maximum(j, 1)
    return j / n * digamma_gap(seen, np.maximum(n - seen, 0))


def _assumes_too_much(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """The probabilities it puts to the symbols seen, (n_i + 1) / (n + 2), sum to (n + K) / (n + 2);
    the estimate grows with that sum.
    """
    many = sample.n + sample.observed > 1.25 * (sample.n + 2)
    return many, "the probabilities (n_i + 1) / (n + 2) that it assumes sum to more than 1.25"


@linear(
    cite="bonachela2008",
    formula=r"\frac{1}{n + 2} \sum_i (n_i + 1) \sum_{k = n_i + 2}^{n + 2} \frac1k",
    regime="small samples of few symbols, none of them rare",
    doubt=either(_assumes_too_much, singletons_above(MANY_UNSEEN)),
)
def bonachela(j: IntArray, n: IntArray) -> FloatArray:
    """The balanced estimator: each p_i has a uniform prior of its own, as for two symbols.

    The sum runs over the symbols seen.
    """
    return (j > 0) * (j + 1) / (n + 2) * digamma_gap(j + 2, np.maximum(n - j, 0) + 1)


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


def _digamma_rest(j: IntArray) -> FloatArray:
    """ln j - psi(j), by its series from j = 20 on."""
    x = 1 / np.maximum(j, 20.0)
    y = x * x
    tail = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))
    return np.where(j < 20, np.log(j) - digamma(j), x / 2 + tail)


def _schurmann_integral(j: IntArray) -> FloatArray:
    """The integral of t^(j - 1) / (1 + t) over 0 < t < a = e^(1/2) - 1.

    It is a^j / (j (1 + a)) times the sum of z^k k! / ((j + 1) ... (j + k)), z = a / (1 + a).
    """
    a, z = np.expm1(0.5), -np.expm1(-0.5)
    few = np.minimum(j, 10_000).astype(np.float64)  # a^10000 is 0
    series = np.ones(np.shape(few))
    for k in range(45, 0, -1):
        series = 1 + series * z * k / (few + k)
    return a**few / (few * (1 + a)) * series


def _log1m_plus(x: FloatArray) -> FloatArray:
    """ln(1 - x) + x for 0 <= x <= 1/40: minus the sum of x^m / m over m >= 2."""
    series = np.zeros(np.shape(x))
    for m in range(11, 1, -1):
        series = x * (1 / m + series)
    return -x * series
