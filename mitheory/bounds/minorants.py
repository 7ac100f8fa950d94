"""Minorants of the lower envelope of the entropy: its first line, and the smooth curve below it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.envelope import envelope, mixture
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Step, Use, Witness
from mitheory.check import FloatArray

_LINE = 2.0 * math.log(2.0)


def _uniform(k: int) -> FloatArray:
    """One observation with the uniform posterior on k labels."""
    return np.full((1, int(k)), 1.0 / int(k))


def _pointwise_witnesses() -> tuple[Witness, ...]:
    """Uniform posteriors on m labels, at one observation."""
    cases: list[Witness] = []
    for m in range(1, 7):
        at = {"Hx": math.log(m), "qx": (m - 1) / m, "H": math.log(m), "p": (m - 1) / m}
        for t in (0.1, 0.4, 0.9):
            cases.append({**at, "m": m, "j": m, "s": 1 / m, "t": t, "u": t})
    return tuple(cases)


def _averaged(line: str) -> tuple[Step, ...]:
    """From the vertices to every posterior, and to the average; `line` is affine in `{}`."""
    return (
        Axiom(
            name="posterior",
            claim=f"{line.format('qx')} <= Hx",
            rule="vertices",
            uses=("vertices",),
            given={"entropy": "Hx", "error": "qx", "labels": "m"},
            because="The Bayes error at x is 1 less the largest posterior probability.",
        ),
        Axiom(
            name="average",
            claim=f"{line.format('p')} <= H",
            rule="expectation",
            uses=("posterior",),
            given={"Hx": "H", "qx": "p"},
            because="Average over the observations.",
        ),
    )


def _at_x(*more: str) -> dict[str, Quantity]:
    """The symbols of the pointwise steps."""
    known: dict[str, Any] = dict(envelope.proof.symbols) if envelope.proof else {}
    known |= {
        "t": Quantity("any probability: one tangent for each", 0, 1, positive=True),
        "u": Quantity("1/(1 + m t)", 0, 1),
    }
    return {name: known[name] for name in ("m", "Hx", "qx", *more)}


hellman_raviv = Bound(
    name="hellman_raviv",
    title="The Hellman-Raviv bound",
    statement="H(Y|X) >= 2 ln 2 p, the Bayes error is at most half the entropy in bits",
    formula="H - 2*log(2)*p",
    holds_for="the Bayes classifier",
    equality="every posterior is certain or uniform on two labels",
    cite="hellman1970",
    numeric={
        "greatest p": lambda H: np.minimum(H / _LINE, 1.0),
        "least H": lambda p: p * _LINE,
    },
    tight=mixture,
    dominated_by="envelope",
    proof=Proof(
        symbols=_at_x("j", "s"),
        witnesses=_pointwise_witnesses,
        steps=(
            *(envelope.proof.steps[:2] if envelope.proof else ()),
            Axiom(
                name="vertices",
                claim="2*log(2)*(1 - 1/m) <= log(m)",
                rule="increments",
                uses=("slopes",),
                given={
                    "m": "m",
                    "k": "1",
                    "j": "j",
                    "growth": "j*(j + 1)*log((j + 1)/j)",
                    "weight": "1/(m*(m + 1))",
                },
                because="The line lies below every vertex (1 - 1/m, ln m).",
            ),
            *_averaged("2*log(2)*{}"),
        ),
    ),
)

min_entropy = Bound(
    name="min_entropy",
    title="Entropy is at least min-entropy",
    statement="H(Y|X) >= -ln(1 - p), p <= 1 - exp(-H(Y|X))",
    formula="H + log(1 - p)",
    holds_for="the Bayes classifier",
    equality="every posterior is uniform on k labels, for one k",
    cite="cover2006",
    numeric={
        "greatest p": lambda H: -np.expm1(-H),
        "least H": lambda p: _minus_log_rest(p),
    },
    tight=_uniform,
    dominated_by="envelope",
    proof=Proof(
        symbols=_at_x("t", "u"),
        witnesses=_pointwise_witnesses,
        steps=(
            Inequality(
                name="logarithm",
                claim="(1 - u)*(log(u) - log(1 - u)) <= 2*u - 1",
                on={"u": ("0", "1/2", "1")},
                because="ln y <= y - 1 at y = u/(1 - u).",
            ),
            Identity(
                name="vertices",
                claim="1 - log(t) - 1/(m*t) <= log(m)",
                uses=(Use(step="logarithm", times="1 + 1/(m*t)", at={"u": "1/(1 + m*t)"}),),
                because="At y = 1/(m t): the tangent to -ln(1 - p) at 1 - p = t lies below every "
                "vertex (1 - 1/m, ln m).",
            ),
            *_averaged("1 - log(t) - (1 - {})/t"),
            Identity(
                name="best tangent",
                claim="0 <= H + log(1 - p)",
                uses=(Use(step="average", at={"t": "1 - p"}),),
                because="At t = 1 - p, the probability of a right answer.",
            ),
        ),
    ),
)


def _minus_log_rest(p: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):  # the error of a Bayes classifier is below 1: H is infinite
        return -np.log1p(-p)
