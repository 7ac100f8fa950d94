"""How far predicted probabilities are from the frequencies they announce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mitheory.check import FloatArray, IntArray

CALIBRATION_BINS = 15


@dataclass(frozen=True)
class Calibration:
    """What of a cross entropy is miscalibration, in nats; measured, not certified.

    Attributes
    ----------
    expected_error : float
        Expected calibration error, the mean of |confidence - accuracy| over 15 equal bins of
        confidence. Source: guo2017.
    marginal_mismatch : float
        Divergence of the mean prediction from the label frequencies.
    temperature : float
        The T at which the probabilities to the power 1/T fit best; above 1 for an overconfident
        classifier.
    after_temperature : float
        Cross entropy with the temperature of one half of the samples on the other half.
    after_offsets : float
        The same with a factor for every class too, which mends the marginal.
    """

    expected_error: float
    marginal_mismatch: float
    temperature: float
    after_temperature: float
    after_offsets: float


def calibration(labels: IntArray, log_q: FloatArray) -> Calibration:
    """Calibration of finite log probabilities, shape (n, M), n at least 2."""
    halves = np.arange(len(labels)) % 2
    after = np.zeros(2)
    for half in (0, 1):
        fitted, rest = halves == half, halves != half
        alone = _fit(labels[fitted], log_q[fitted])
        for kind, z in enumerate((alone, _fit(labels[fitted], log_q[fitted], alone))):
            tempered = _tempered(log_q[rest], np.exp(z[0]), z[1:])
            after[kind] += _cross_entropy(labels[rest], tempered) * rest.mean()
    return Calibration(
        expected_error=expected_error(labels, log_q),
        marginal_mismatch=marginal_mismatch(labels, log_q),
        temperature=float(np.exp(-_fit(labels, log_q)[0])),
        after_temperature=float(after[0]),
        after_offsets=float(after[1]),
    )


def reliability(labels: IntArray, log_q: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Sum of correct answers, sum of confidences and samples in each bin of confidence.

    Bin b holds confidences in (b/15, (b+1)/15].
    """
    predicted = log_q.argmax(axis=1)
    confidence = np.exp(log_q[np.arange(len(labels)), predicted])
    bins = np.ceil(confidence * CALIBRATION_BINS).astype(np.intp) - 1
    bins = np.clip(bins, 0, CALIBRATION_BINS - 1)
    sizes = np.bincount(bins, minlength=CALIBRATION_BINS)
    correct = np.bincount(bins, weights=predicted == labels, minlength=CALIBRATION_BINS)
    total = np.bincount(bins, weights=confidence, minlength=CALIBRATION_BINS)
    return np.asarray(correct, dtype=np.float64), np.asarray(total), sizes.astype(np.int64)


def expected_error(labels: IntArray, log_q: FloatArray) -> float:
    """Expected calibration error over 15 equal bins of confidence. Source: guo2017."""
    correct, total, sizes = reliability(labels, log_q)
    return float(np.abs(correct - total).sum() / sizes.sum())


def marginal_mismatch(labels: IntArray, log_q: FloatArray) -> float:
    """KL(label frequencies || mean prediction) in nats, of finite log probabilities."""
    peak = log_q.max(axis=0)  # in log space: a class that no sample is given stays finite
    log_marginal = peak + np.log(np.exp(log_q - peak).mean(axis=0))
    frequencies = np.bincount(labels, minlength=log_q.shape[1]) / len(labels)
    seen = frequencies > 0
    return float(frequencies[seen] @ (np.log(frequencies[seen]) - log_marginal[seen]))


def _cross_entropy(labels: IntArray, log_q: FloatArray) -> float:
    return -float(log_q[np.arange(len(labels)), labels].mean())


def _tempered(log_q: FloatArray, power: float, offsets: FloatArray) -> FloatArray:
    logits = power * log_q + offsets
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))


def _fit(labels: IntArray, log_q: FloatArray, start: FloatArray | None = None) -> FloatArray:
    """The logarithm of the best power and zeros; from a start the best offsets in their place.

    The fit is a little drawn to power 1 and offsets 0.
    """
    from scipy.optimize import minimize

    n, classes = log_q.shape
    frequencies = np.bincount(labels, minlength=classes) / n
    target = log_q[np.arange(n), labels].mean()

    def loss(z: FloatArray) -> tuple[float, FloatArray]:
        power, offsets = np.exp(z[0]), z[1:]
        p = power * log_q + offsets  # in place from here on: the one large array
        peak = p.max(axis=1, keepdims=True)
        p -= peak
        np.exp(p, out=p)
        totals = p.sum(axis=1, keepdims=True)
        p /= totals
        value = (peak + np.log(totals)).mean() - power * target - frequencies @ offsets
        slope_power = (np.vdot(p, log_q) / n - target) * power
        slope_offsets = p.mean(axis=0) - frequencies
        pull = (z @ z) / (2 * n)  # keeps the fit finite where the classes are separated
        return float(value + pull), np.append(slope_power, slope_offsets) + z / n

    offset = (0.0, 0.0) if start is None else (-20.0, 20.0)
    first = np.zeros(1 + classes) if start is None else start
    found = minimize(loss, first, jac=True, bounds=[(-5.0, 5.0)] + [offset] * classes)
    return np.asarray(found.x)
