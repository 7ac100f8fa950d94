"""The lower envelope of the entropy: what a conditional entropy says about the Bayes error.

For every k the line ln k + k(k+1) ln((k+1)/k) (p - (k-1)/k) is a lower bound on H(Y|X); the upper
envelope of these lines, with vertices (1 - 1/k, ln k), is the sharp one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory.bounds.bound import Bound, Number
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Use, Witness
from mitheory.check import FloatArray

_SATURATED = 36.0  # 1 - exp(-36) is 1 to within rounding


def envelope_error_upper(H: Any) -> Number:
    """The greatest Bayes error that a conditional entropy allows, whatever the number of classes.

    Parameters
    ----------
    H : float or array_like
        Conditional entropy H(Y|X) of the label given the observation, in nats, H >= 0.

    Returns
    -------
    float or ndarray
        (k-1)/k + (H - ln k) / (k(k+1) ln((k+1)/k)) with k = floor(exp H).

    Raises
    ------
    ValueError
        For a negative, infinite or NaN H.

    Notes
    -----
    Source: kovalevsky1968, tebbe1968, feder1994. For the Bayes classifier only. Attained by
    mixtures of posteriors that are uniform on k and on k + 1 labels.
    """
    return envelope.greatest("p", H=H)


def _line(k: FloatArray) -> FloatArray:
    """The slope k(k+1) ln((k+1)/k) of the line between vertices k and k + 1."""
    return k * (k + 1.0) * np.log1p(1.0 / k)


def _error(H: FloatArray) -> FloatArray:
    k = np.floor(np.exp(np.minimum(H, _SATURATED)))
    # exp may round across a vertex: k is right when ln k <= H < ln(k + 1)
    k = k + (np.log(k + 1.0) <= H) - (np.log(k) > H)
    return np.where(H < _SATURATED, (k - 1.0) / k + (H - np.log(k)) / _line(k), -np.expm1(-H))


def _least_entropy(p: FloatArray) -> FloatArray:
    rest = 1.0 - p
    with np.errstate(divide="ignore"):  # the error of a Bayes classifier is below 1: H is infinite
        k = np.minimum(np.floor(1.0 / rest), 2.0**53)
        # 1/rest may round across a vertex: k is right when 1/(k + 1) < rest <= 1/k
        k = k + ((k + 1.0) * rest <= 1.0) - (k * rest > 1.0)
        k = np.maximum(k, 1.0)
        exact = np.where(k == 1.0, p * _line(k), np.log(k) + _line(k) * (1.0 / k - rest))
        return np.where(rest > 0.0, exact, np.inf)


def mixture(p: float) -> FloatArray:
    """Two observations, with posteriors uniform on k and on k + 1 labels, and Bayes error p."""
    k = int(1.0 / (1.0 - p))
    weight = min(max((p - (k - 1) / k) * k * (k + 1), 0.0), 1.0)
    joint = np.zeros((2, k + 1))
    joint[0, :k] = (1.0 - weight) / k
    joint[1, :] = weight / (k + 1)
    return joint


def _witnesses() -> tuple[Witness, ...]:
    """Points of the envelope, and posteriors at one observation, each with several lines."""
    cases: list[Witness] = []
    for k in range(1, 5):
        for m in range(1, 7):
            vertex = {"k": k, "m": m, "j": m, "s": 1 / m}
            at = {"Hx": np.log(m), "qx": (m - 1) / m, "H": np.log(m), "p": (m - 1) / m}
            cases.append({**vertex, **at})
    return tuple(cases)


envelope = Bound(
    name="envelope",
    title="The lower envelope of the entropy",
    statement="H(Y|X) >= ln k + k(k+1) ln((k+1)/k) (p - (k-1)/k) for k = 1, 2, ...",
    formula="H - log(k) - k*(k + 1)*log((k + 1)/k)*(p - (k - 1)/k)",
    holds_for="the Bayes classifier",
    equality="every posterior is uniform on k or on k + 1 labels",
    cite="feder1994",
    best={"p": {"k": "floor(exp(H))"}, "H": {"k": "floor(1/(1 - p))"}},
    numeric={
        "greatest p": lambda H: _error(H),
        "least H": lambda p: _least_entropy(p),
    },
    tight=mixture,
    proof=Proof(
        symbols={
            "m": Quantity("number of labels on which a posterior is uniform", 1, integer=True),
            "j": Quantity("a whole number from 1", 1, integer=True),
            "s": Quantity("1/j", 0, 1),
            "Hx": Quantity("entropy of the posterior at x", 0, latex=r"H(Y \mid X=x)"),
            "qx": Quantity("error of the Bayes classifier at x", 0, 1, latex="p_x"),
        },
        witnesses=_witnesses,
        steps=(
            Inequality(
                name="real",
                claim="log(1 + s) <= (1 + 2*s)*log((1 + 2*s)/(1 + s))",
                on={"s": ("0", "1")},
                because="Both sides and their derivatives agree at 0.",
            ),
            Identity(
                name="slopes",
                claim="j*(j + 1)*log((j + 1)/j) <= (j + 1)*(j + 2)*log((j + 2)/(j + 1))",
                uses=(Use(step="real", times="j*(j + 1)", at={"s": "1/j"}),),
                because="The slopes c(j) = j(j+1) ln((j+1)/j) of the lines increase.",
            ),
            Axiom(
                name="vertices",
                claim="log(k) + k*(k + 1)*log((k + 1)/k)*(1/k - 1/m) <= log(m)",
                rule="increments",
                uses=("slopes",),
                given={
                    "m": "m",
                    "k": "k",
                    "j": "j",
                    "growth": "j*(j + 1)*log((j + 1)/j)",
                    "weight": "1/(m*(m + 1))",
                },
                because="Every line lies below every vertex (1 - 1/m, ln m).",
            ),
            Axiom(
                name="posterior",
                claim="log(k) + k*(k + 1)*log((k + 1)/k)*(qx - (k - 1)/k) <= Hx",
                rule="vertices",
                uses=("vertices",),
                given={"entropy": "Hx", "error": "qx", "labels": "m"},
                because="The Bayes error at x is 1 less the largest posterior probability.",
            ),
            Axiom(
                name="envelope",
                claim="log(k) + k*(k + 1)*log((k + 1)/k)*(p - (k - 1)/k) <= H",
                rule="expectation",
                uses=("posterior",),
                given={"Hx": "H", "qx": "p"},
                because="Average over the observations.",
            ),
        ),
    ),
)
