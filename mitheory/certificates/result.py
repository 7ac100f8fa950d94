"""What a certificate says: intervals that hold at a level, and the argument behind each end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Certified:
    """One quantity with an interval that holds the truth with probability `level`.

    Attributes
    ----------
    value : float
        The plug-in value; for many labels and few samples the optimal linear estimate of H(Y), cut
        to the range of an entropy. Always inside the interval; nats, or a probability of error.
    lower, upper : float
        The ends of the interval.
    level : float
        Probability with which both ends hold, at least, for every law of the data.
    lower_by, upper_by : str
        The argument behind each end; "trivial" where it says no more than the range does.
    how : str
        What was used and how the risk 1 - level is split.
    """

    value: float
    lower: float
    upper: float
    level: float
    lower_by: str
    upper_by: str
    how: str

    def __str__(self) -> str:
        return f"{self.value:.6f} in [{self.lower:.6f}, {self.upper:.6f}]"


@dataclass(frozen=True)
class Certificate:
    """What independent samples of a law of (X, Y) prove about it; entropies in nats.

    Attributes
    ----------
    n : int
        Number of samples.
    level : float
        Confidence level of each interval by itself, or of all together if `simultaneous`.
    classes : int
        Size of the label alphabet.
    classes_assumed : bool
        `classes` was not given: the labels in the data are taken to be all there are.
    simultaneous : bool
        All intervals hold together with probability `level`.
    label_entropy, conditional_entropy, information, bayes_error : Certified
        H(Y), H(Y|X), I(X;Y) and the error probability of the best classifier of Y from X. The
        lower end of the last holds for every classifier that sees X alone.
    error_from_entropies : Certified
        The Bayes error once more, from the interval of H(Y|X) alone.
    remark : str
        What cannot be certified from these samples, and why, where no value of X repeats; or "".
    """

    n: int
    level: float
    classes: int
    classes_assumed: bool
    simultaneous: bool
    label_entropy: Certified
    conditional_entropy: Certified
    information: Certified
    bayes_error: Certified
    error_from_entropies: Certified
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Every field as plain numbers and text, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        rows = [
            ("H(Y)", self.label_entropy),
            ("H(Y|X)", self.conditional_entropy),
            ("I(X;Y)", self.information),
            ("Bayes error", self.bayes_error),
            ("  from entropies", self.error_from_entropies),
        ]
        labels = "label" if self.classes == 1 else "labels"
        assumed = " (assumed: those in the data)" if self.classes_assumed else ""
        jointly = "all intervals together hold" if self.simultaneous else "each interval holds"
        lines = [
            f"n = {self.n}, {self.classes} {labels}{assumed}; {jointly} with probability "
            f"{self.level}; entropies in nats",
            f"{'':18}{'estimate':>10}{'lower':>10}{'upper':>10}  by",
        ]
        for name, item in rows:
            lines.append(
                f"{name:18}{item.value:10.6f}{item.lower:10.6f}{item.upper:10.6f}  "
                f"{item.lower_by}, {item.upper_by}"
            )
        return "\n".join(lines + ([f"Beware: {self.remark}."] if self.remark else []))
