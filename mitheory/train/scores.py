"""How good predicted probabilities are: error, cross entropy, information, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CALIBRATION_BINS = 15


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
    n, classes = log_q.shape
    predicted = log_q.argmax(axis=1)
    correct = predicted == labels
    cross_entropy = -float(log_q[np.arange(n), labels].mean())

    # bin b holds confidences in (b/15, (b+1)/15]
    confidence = np.exp(log_q[np.arange(n), predicted])
    bins = np.ceil(confidence * CALIBRATION_BINS).astype(np.intp) - 1
    bins = np.clip(bins, 0, CALIBRATION_BINS - 1)
    calibration_error = float(np.abs(np.bincount(bins, weights=correct - confidence)).sum()) / n

    # in log space: a class that no sample is given still has a finite log probability
    peak = log_q.max(axis=0)
    log_marginal = peak + np.log(np.exp(log_q - peak).mean(axis=0))
    frequencies = np.bincount(labels, minlength=classes) / n
    entropy = label_entropy(labels)
    return Scores(
        error=float((~correct).mean()),
        cross_entropy=cross_entropy,
        learned_information=entropy - cross_entropy,
        calibration_error=calibration_error,
        marginal_mismatch=-entropy - float(frequencies @ log_marginal),
    )
