"""Radii whose sum is small: those of an estimate in the middle of its interval."""

from __future__ import annotations

from mitheory.certificates import radii
from mitheory.certificates.twosided import Radii, _chernoff_above


def even_chernoff_radii(n: int, classes: int, alpha: float) -> Radii:
    """Radii of H(Y) by Chernoff's bound and the divergence, half of alpha for each end.

    For the larger of both radii `mitheory.certificates.twosided.chernoff_entropy_radii` has a
    better split; for their sum this one is near the best. Sources: chernoff1952, agrawal2020.
    """
    above, share = _chernoff_above(n, classes, 0.5 * alpha)
    return Radii(
        radii.chernoff_radius(n, classes, 0.5 * alpha, tail="above"),
        above,
        "centred_chernoff",
        f"{0.5 * alpha:.3g} lower end, {0.5 * alpha * (1.0 - share):.3g} and "
        f"{0.5 * alpha * share:.3g} (divergence) upper end",
    )
