"""Two-sided radii of the Bayes error about the errors of the majority rule on its own samples.

The share of errors of the rule fitted to the samples is 1 - sum_x max_y N_xy / n. One replaced
sample changes it by 1 / n at most, and its mean is at most the Bayes error. Known alphabets are
needed: the planner compares these, certify has other arguments.
"""

from __future__ import annotations

import math

from scipy import special

from mitheory.certificates import radii
from mitheory.certificates.twosided import Radii

_ROUNDING = 1e-10
"""Relative margin for the quotient of Gamma functions."""


def majority_difference_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of the Bayes error from bounded differences and the largest bias.

    Source: mcdiarmid1989; the bias is derived in docs/theory.
    """
    spread = radii.bounded_difference_radius(n, 1.0 / n, alpha / 2.0)
    above = spread + majority_bias(n, classes, rows)
    return Radii(spread, above, "bounded_differences", f"{alpha / 2.0:.3g} each end")


def majority_bias(n: int, classes: int, rows: int) -> float:
    """Most by which the mean share of errors of the majority rule is below the Bayes error.

    Given that x occurs m times it is the excess of the mean of max_y N_y over m max_y p_y, for m
    samples of the law p of the labels. With two labels the excess is greatest for p = (1/2, 1/2):
    raising the larger p raises m max p by m a unit, and the mean of the maximum by no more. There
    it is a(m) = m C(m-1, (m-1)/2) / 2^m for odd m, and a(m) = a(m-1) for even m. With M labels, the
    deviations Z_y = N_y - m p_y sum to 0, so max_y Z_y <= sqrt((1 - 1/M) sum_y Z_y^2), whose mean
    is at most (1 - 1/M) sqrt(m). Either bound, the first with a(m) made linear between 0 and the
    odd m, is concave in m; by Jensen's inequality it may be taken at the mean n / rows.
    """
    mean = n / rows
    if classes == 2:
        odd = 2.0 * math.floor((mean - 1.0) / 2.0) + 1.0  # -1 stands for 0, which is even
        low, high = (0.0, 1.0) if mean < 1.0 else (odd, odd + 2.0)
        at_low, at_high = _even_excess(low), _even_excess(high)
        excess = at_low + (at_high - at_low) * (mean - low) / (high - low)
    else:
        excess = (1.0 - 1.0 / classes) * math.sqrt(mean)
    return min(rows * excess / n * (1.0 + _ROUNDING), 1.0 - 1.0 / classes)


def _even_excess(m: float) -> float:
    """Mean of max(K, m - K) - m/2 for K of m fair coins, m odd or 0."""
    if m == 0.0:
        return 0.0
    # m C(m-1, (m-1)/2) / 2^m = Gamma(m/2 + 1) / (sqrt(pi) Gamma(m/2 + 1/2))
    return float(special.poch(0.5 * m + 0.5, 0.5)) / math.sqrt(math.pi)


def l1_majority_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of the Bayes error, which moves by the total variation distance at most.

    It is 1 less the largest probability of {Y = g(X)} over the rules g. Source: weissman2003.
    """
    return _distance_radii(radii.l1_radius(n, classes * rows, alpha), alpha, "l1_continuity")


def mean_l1_majority_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """As `l1_majority_radii`, from the mean distance. Source: mcdiarmid1989."""
    l1 = radii.mean_l1_radius(n, classes * rows, alpha)
    return _distance_radii(l1, alpha, "mean_l1_continuity")


def divergence_majority_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """As `l1_majority_radii`, from the divergence by Pinsker's inequality. Source: agrawal2020."""
    divergence = radii.divergence_radius(n, classes * rows - 1, alpha)
    return _distance_radii(math.sqrt(2.0 * divergence), alpha, "divergence_continuity")


def _distance_radii(l1: float, alpha: float, by: str) -> Radii:
    return Radii(0.5 * l1, 0.5 * l1, by, f"{alpha:.3g} for both ends together")
