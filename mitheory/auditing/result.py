"""What an audit says."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from mitheory.auditing.calibration import Calibration
from mitheory.certificates import Certified


@dataclass(frozen=True)
class Reliability:
    """By bin of confidence: correct answers, sum of the confidences, samples."""

    correct: tuple[float, ...]
    confidence: tuple[float, ...]
    samples: tuple[int, ...]


@dataclass(frozen=True)
class Audit:
    """What held-out predictions prove, each interval by itself at `level`; entropies in nats.

    Attributes
    ----------
    n, classes : int
    level : float
    error : Certified
        Of this classifier.
    cross_entropy : Certified
        Of this classifier; its value and upper end with `mixing` of the uniform law mixed in.
    conditional_entropy : Certified
        H(Y|X): its upper end. The value is the cross entropy, the least upper bound at hand.
    information : Certified
        I(X;Y): its lower end. The value is the learned information, H(Y) less cross entropy.
    bayes_error : Certified
        Of the best classifier of Y from X: its upper end.
    label_entropy : Certified
        H(Y).
    plain_cross_entropy : float
        Mean -ln Q as predicted; infinite if a label that occurred was given probability 0.
    mixing : float
    calibration : Calibration
        How much of the cross entropy is miscalibration; measured, not certified.
    reliability : Reliability
    """

    n: int
    classes: int
    level: float
    error: Certified
    cross_entropy: Certified
    conditional_entropy: Certified
    information: Certified
    bayes_error: Certified
    label_entropy: Certified
    plain_cross_entropy: float
    mixing: float
    calibration: Calibration
    reliability: Reliability

    def to_dict(self) -> dict[str, Any]:
        """Every field as plain numbers and text, ready for JSON; null for an infinite number."""
        record = asdict(self)
        if math.isinf(self.plain_cross_entropy):
            record["plain_cross_entropy"] = None
        return record

    def standing(self) -> tuple[float, float]:
        """Between what errors a classifier with this one's learned information could lie.

        Fano's inequality and the lower envelope at `cross_entropy.value`, as if it were H(Y|X):
        where the classifier stands in the plane of information and error, not a certificate. An
        error below both shows that H(Y|X) is less: the classifier is miscalibrated.
        Source: fano1961, feder1994.
        """
        from mitheory.bounds import error_bounds

        entropy = min(self.cross_entropy.value, math.log(self.classes))
        ends = error_bounds(conditional_entropy=entropy, classes=self.classes)
        return float(ends.lower), float(ends.upper)

    def __str__(self) -> str:
        rows = [
            ("error of this classifier", self.error),
            ("cross entropy", self.cross_entropy),
            ("H(Y|X)", self.conditional_entropy),
            ("I(X;Y)", self.information),
            ("Bayes error", self.bayes_error),
        ]
        lines = [
            f"n = {self.n}, {self.classes} classes; each interval holds with probability "
            f"{self.level:g}; entropies in nats",
            f"{'':26}{'value':>10}{'lower':>10}{'upper':>10}  by",
        ]
        lines += [
            f"{name:26}{item.value:10.6f}{item.lower:10.6f}{item.upper:10.6f}  "
            f"{item.lower_by}, {item.upper_by}"
            for name, item in rows
        ]
        return "\n".join(lines)
