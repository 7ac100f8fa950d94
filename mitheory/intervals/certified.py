"""Intervals that hold for every law: those of the certificates, about the plug-in."""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory.certificates import certify
from mitheory.entropies import Estimator
from mitheory.intervals.sample import Ends, Part, Quantity
from mitheory.profile import Profile


def certified_ends(
    estimator: Estimator, quantity: Quantity, level: float, alphabet: int | None
) -> Ends:
    """The certified interval of a sample as a function of it."""
    if estimator.name != "plugin":
        raise ValueError(
            f"kind='certified' is proved for the plug-in alone; got method={estimator.name!r}, "
            "whose distance to the truth has no such bound (take method='plugin')"
        )
    if alphabet is None:
        of = "symbols" if quantity == "entropy" else "labels"
        raise ValueError(
            f"kind='certified' needs the number of possible {of}, seen or not: pass alphabet="
        )

    def ends(part: Part, value: float) -> tuple[float, float, None]:
        # the entropy of symbols is that of labels without observations: one row
        table: Any = np.repeat(part.j, part.phi)[None] if isinstance(part, Profile) else part
        certificate = certify(table, level=level, classes=alphabet)
        found = {
            "entropy": certificate.label_entropy,
            "conditional_entropy": certificate.conditional_entropy,
            "information": certificate.information,
        }[quantity]
        return min(found.lower, value), max(found.upper, value), None

    return ends
