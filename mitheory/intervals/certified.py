"""Intervals that hold for every law: those of the certificates, about the plug-in."""

from __future__ import annotations

import numpy as np

from mitheory import check
from mitheory.certificates import certify
from mitheory.certificates.cells import Cells
from mitheory.certificates.quantities import label_entropy
from mitheory.certificates.radii import risk_of
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
        if isinstance(part, Profile):
            # the entropy of symbols is that of labels without observations: one row. Certifying
            # the error as well would take time in proportion to n
            cells = Cells.of(np.repeat(part.j, part.phi)[None])
            classes = check.class_count(alphabet, cells.labels_seen)
            found = label_entropy(cells, classes, risk_of(level), level)
        else:
            certificate = certify(part, level=level, classes=alphabet)
            found = (
                certificate.information
                if quantity == "information"
                else certificate.conditional_entropy
            )
        return min(found.lower, value), max(found.upper, value), None

    return ends
