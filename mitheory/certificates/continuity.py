"""Two-sided radii of the plug-ins by continuity: the samples' law is near, so its entropies are.

Known alphabets are needed. Only the planner compares these; certify has sharper arguments.
"""

from __future__ import annotations

import math

from mitheory.certificates import radii
from mitheory.certificates.twosided import Radii


def l1_radii(n: int, classes: int, alpha: float, rows: int = 1) -> Radii:
    """Radii of H(Y), or of H(Y|X) with `rows` possible x, by continuity in total variation.

    Sources: weissman2003, zhang2007, alhejji2020.
    """
    return _continuity_radii(
        radii.l1_radius(n, classes * rows, alpha), classes, alpha, "l1_continuity"
    )


def mean_l1_radii(n: int, classes: int, alpha: float, rows: int = 1) -> Radii:
    """As `l1_radii`, from the mean distance. Sources: mcdiarmid1989, zhang2007, alhejji2020."""
    return _continuity_radii(
        radii.mean_l1_radius(n, classes * rows, alpha), classes, alpha, "mean_l1_continuity"
    )


def divergence_continuity_radii(n: int, classes: int, alpha: float, rows: int = 1) -> Radii:
    """As `l1_radii`, from the divergence by Pinsker's inequality. Source: agrawal2020."""
    divergence = radii.divergence_radius(n, classes * rows - 1, alpha)
    return _continuity_radii(math.sqrt(2.0 * divergence), classes, alpha, "divergence_continuity")


def _continuity_radii(l1: float, classes: int, alpha: float, by: str) -> Radii:
    radius = radii.continuity(0.5 * l1, classes)
    return Radii(radius, radius, by, f"{alpha:.3g} for both ends together")


def l1_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y): H(Y) and H(Y|X) each move by the continuity bound of one joint distance."""
    return _twice(l1_radii(n, classes, alpha, rows))


def mean_l1_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """As `l1_information_radii`, from the mean distance."""
    return _twice(mean_l1_radii(n, classes, alpha, rows))


def divergence_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """As `l1_information_radii`, from the divergence."""
    return _twice(divergence_continuity_radii(n, classes, alpha, rows))


def _twice(one: Radii) -> Radii:
    return Radii(2.0 * one.below, 2.0 * one.above, one.by, one.split)


def three_entropies_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y) = H(X) + H(Y) - H(X,Y), each entropy by continuity in one joint distance.

    Sources: weissman2003, zhang2007.
    """
    distance = 0.5 * radii.l1_radius(n, classes * rows, alpha)
    radius = sum(radii.continuity(distance, size) for size in (rows, classes, rows * classes))
    return Radii(radius, radius, "three_entropies", f"{alpha:.3g} for all together")
