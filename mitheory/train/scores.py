"""How good predicted probabilities are: error, cross entropy, information, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mitheory.auditing.calibration import expected_error, marginal_mismatch


@dataclass(frozen=True)
class Scores:
    """What a classifier achieves on one set of labelled samples.

    Attributes
    ----------
    error : float
        Fraction of samples whose most probable class is not the label.
    cross_entropy : float
        Mean -ln Q(y_i|x_i), nats.
    learned_information : float
        H(Y) - cross_entropy, nats, with H(Y) the entropy of this set's label frequencies. At
        most I(X;Y) in expectation up to the error of H(Y), and negative for an overfitted model.
    calibration_error : float
        Expected calibration error over 15 equal bins of confidence. Source: guo2017.
    marginal_mismatch : float
        KL(label frequencies || mean prediction), nats.
    """

    error: float
    cross_entropy: float
    learned_information: float
    calibration_error: float
    marginal_mismatch: float


def label_entropy(labels: npt.NDArray[np.int64]) -> float:
    """Entropy in nats of the frequencies of labels in 0..K-1."""
    counts = np.bincount(labels)
    p = counts[counts > 0] / labels.size
    return float(-(p @ np.log(p)))


def score(labels: npt.NDArray[np.int64], log_q: npt.NDArray[np.float64]) -> Scores:
    """Score log probabilities `log_q`, finite and of shape (n, K), against labels in 0..K-1."""
    n = len(labels)
    correct = log_q.argmax(axis=1) == labels
    cross_entropy = -float(log_q[np.arange(n), labels].mean())

    entropy = label_entropy(labels)
    return Scores(
        error=float((~correct).mean()),
        cross_entropy=cross_entropy,
        learned_information=entropy - cross_entropy,
        calibration_error=expected_error(labels, log_q),
        marginal_mismatch=marginal_mismatch(labels, log_q),
    )
