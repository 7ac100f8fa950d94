"""Equidistant classes: M equally likely Gaussian ones, any two of them the same distance apart.

Such are orthogonal signals of equal energy in white noise. With means d e_k in R^M and unit noise
the observation of the true class is N(d, 1), those of the others N(0, 1), and any two classes are
sqrt(2) d apart. The trapezoidal rule converges exponentially on all the integrals (trefethen2014).

With the observations Z_k given the first class, H(Y|X) = E ln S - d^2, S = sum_k exp(d Z_k). Since
ln S = int_0^inf (exp(-t) - exp(-t S)) dt / t and the observations are independent, E ln S needs the
Laplace transform of one exp(d Z) alone. With t = exp(v), L(v) = E exp(-exp(v + d N)), N standard
normal, and G(v) = exp(-exp(v)) its limit for d = 0, terms that integrate to zero change it to

    H(Y|X) = int L(v) (1 - L(v - d^2)^(M - 1)) dv,
    I(X;Y) = int (L(v) L(v - d^2)^(M - 1) - G(v)^M) dv.

The first has a positive integrand; the second keeps its digits where d is small.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr, ndtr

from mitheory.check import FloatArray

_TAIL = 42.0  # what is cut off is below exp(-42) of the integral
_STEP = 3 / 16


def error(M: int, d: float) -> float:
    """The Bayes error, int phi(z - d) (1 - Phi(z)^(M - 1)) dz.

    The integrand falls off from its peak faster than exp(-z^2 / 2).
    """
    peak = min(d, max(d / 2, float(np.sqrt(2 * np.log(M)))))
    z = peak + np.arange(-12, 12, _STEP)
    wrong = -np.expm1((M - 1) * log_ndtr(z))
    return float(_STEP * (np.exp(-((z - d) ** 2) / 2) * wrong).sum() / np.sqrt(2 * np.pi))


def entropy_and_information(M: int, d: float) -> tuple[float, float]:
    """H(Y|X) and I(X;Y) in nats."""
    label = float(np.log(M))
    if d < 1:
        information = _information(M, d)
        return label - information, information
    entropy = _conditional_entropy(M, d)
    return entropy, label - entropy


def _conditional_entropy(M: int, d: float) -> float:
    """H(Y|X) for d >= 1, where L varies slowly."""
    width = _STEP * d
    left = -(_TAIL + np.log(M) + 10 * d + 10)
    right = np.log(_TAIL + 12 + d**2 / 4) + d * np.sqrt(d**2 / 2 + 2 * _TAIL)
    v = np.arange(left, right + width, width)
    keep, _ = _survival(v, d)
    other, gone = _survival(v - d**2, d)
    log_other = np.where(gone < 0.5, np.log1p(-np.minimum(gone, 0.5)), np.log(other))
    return float(width * (keep * -np.expm1((M - 1) * log_other)).sum())


def _survival(v: FloatArray, d: float) -> tuple[FloatArray, FloatArray]:
    """L(v) and 1 - L(v) as probabilities that W - d N is above or below v, for d >= 1.

    W is the logarithm of a standard exponential variable.
    """
    w = np.arange(-(_TAIL + 8 + d**2 / 4), 7, _STEP)
    density = _STEP * np.exp(w - np.exp(w))
    z = (w - v[:, None]) / d
    return ndtr(z) @ density, ndtr(-z) @ density


def _information(M: int, d: float) -> float:
    """I(X;Y) for d < 1."""
    v = np.arange(-(_TAIL + np.log(M)), 5 + 8 * d, _STEP)
    t = np.exp(v)
    gain = _log_gain(t, d, 0.0) + (M - 1) * _log_gain(t, d, d**2)
    small = gain < 1
    product = np.exp(-M * t) * np.expm1(np.where(small, gain, 0.0))
    return float(_STEP * np.where(small, product, np.exp(gain - M * t) - np.exp(-M * t)).sum())


def _log_gain(t: FloatArray, d: float, shift: float) -> FloatArray:
    """Ln(L(v - shift) / G(v)) at t = exp(v), with all digits also where it is near 0."""
    z = np.arange(-9, 9 + _STEP / 2, _STEP)
    density = _STEP * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    exponent = -t[:, None] * np.expm1(d * z - shift)
    moderate = exponent.max(axis=1) < 300
    ratio = np.expm1(np.where(moderate[:, None], exponent, 0.0)) @ density
    survival = np.exp(exponent - t[:, None]) @ density
    return np.where(moderate, np.log1p(ratio), np.log(survival) + t)
