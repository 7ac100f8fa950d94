"""The entropy of a histogram that could have produced the profile, by linear programmes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import gammaln

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.linear import plugin
from mitheory.entropies.regime import undersampled
from mitheory.profile import Profile

_RATIO = 1.05
"""Ratio of neighbouring probabilities on the grid."""

_SLACK = 0.5
"""How much worse than the best fit the histogram of least support may fit."""

_MANY = 500
"""Symbols seen more often than this keep their observed frequency."""


@of_profile(
    cite="valiant2017",
    formula=r"\sum_x h_x x \ln\tfrac1x,\; h \ge 0 \text{ of least } \sum_x h_x"
    r" \text{ among those with } \sum_x h_x x = 1,\;"
    r" \sum_i \frac{|\varphi_i - \sum_x h_x \mathrm{Poi}(i; n x)|}{\sqrt{\varphi_i + 1}}"
    r" \le \min + \tfrac12",
    regime="n of the order of S / ln S or larger, S the unknown number of symbols",
    doubt=undersampled,
)
def unseen(profile: Profile) -> FloatArray:
    """Valiant and Valiant's estimator: the entropy of the simplest histogram that fits.

    With phi_i the number of symbols seen i times, symbols with a count i that is not crowded (fewer
    than sqrt(i) symbols have counts within ceil(sqrt(i)) of it) or above 500 keep the frequency
    i / n. The rest of the histogram, h_x symbols of probability x, is sought on the grid of ratio
    1.05 from 1 / (n min(max(10, n), 10^4)) to the largest crowded i, over n, or just above it. One
    linear programme finds the least misfit as in the formula, over i up to ceil(sqrt(i)) beyond the
    largest crowded i; a second the fewest symbols with a misfit at most 1/2 larger. The constants
    are those of the authors' programs; both programmes are solved by HiGHS.
    """
    j = profile.j
    rows = profile.phi.reshape(-1, j.size)
    values = [_entropy(j[phi > 0], phi[phi > 0]) for phi in rows]
    return np.array(values).reshape(profile.phi.shape[:-1])


def _entropy(j: IntArray, phi: IntArray) -> float:
    n = int(j @ phi)
    crowded = _crowded(j, phi)
    value = float(phi[~crowded] @ plugin.weight(j[~crowded], n))
    if crowded.any():
        means, samples, _, _ = simplest_histogram(j[crowded], phi[crowded], n)
        value += float(samples @ np.log(n / means)) / n
    return value


def _crowded(j: IntArray, phi: IntArray) -> Any:
    """Which counts have at least sqrt(j) symbols with counts within ceil(sqrt(j)) of them."""
    reach = np.ceil(np.sqrt(j)).astype(np.int64)
    upto = np.r_[0, np.cumsum(phi)]
    near = upto[np.searchsorted(j, j + reach, "right")] - upto[np.searchsorted(j, j - reach)]
    return (near >= np.sqrt(j)) & (j <= _MANY)


def simplest_histogram(
    j: IntArray, phi: IntArray, n: int
) -> tuple[FloatArray, FloatArray, float, float]:
    """The histogram of the crowded counts, and the optimal values of the two programmes.

    It is given as the grid of n x and, on it, the number of samples n x h_x that those symbols are
    expected to take; in these units the coefficients stay moderate whatever n is. The optimal
    values are the least misfit and the least number of symbols.
    """
    from scipy.optimize import linprog

    most = int(j[-1])
    i = np.arange(1, most + math.ceil(math.sqrt(most)) + 1)[:, None]
    least = 1 / min(max(10, n), 10_000)
    steps = math.ceil(math.log(most / least) / math.log(_RATIO))
    means = least * np.power(_RATIO, np.arange(steps + 1.0))
    target = np.zeros(i.size)
    target[j - 1] = phi
    scale = 1 / np.sqrt(target + 1)
    # Poi(i; m) / m, each row weighted as its misfit is
    fit = np.exp((i - 1) * np.log(means) - means - gammaln(i + 1)) * scale[:, None]
    ones, none = np.ones(means.size), np.zeros(means.size)
    equal = np.block(
        [[fit, np.eye(i.size), -np.eye(i.size)], [ones[None], np.zeros((1, 2 * i.size))]]
    )
    right = np.r_[target * scale, float(j @ phi)]
    misfit, symbols = np.r_[none, np.ones(2 * i.size)], np.r_[1 / means, np.zeros(2 * i.size)]
    first = linprog(misfit, A_eq=equal, b_eq=right, method="highs-ds")
    _require(first)
    second = linprog(
        symbols,
        A_ub=misfit[None],
        b_ub=[first.fun + _SLACK],
        A_eq=equal,
        b_eq=right,
        method="highs-ds",
    )
    _require(second)
    samples: FloatArray = second.x[: means.size]
    return means, samples, float(first.fun), float(second.fun)


def _require(result: Any) -> None:
    if result.status != 0:
        raise ArithmeticError(f"HiGHS did not solve the linear programme: {result.message}")
