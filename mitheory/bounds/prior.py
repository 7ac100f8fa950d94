"""The known prior: what a conditional entropy says about the error when the law of Y is known.

For every water level theta a line in the error p bounds H(Y|X); their lower envelope is the
greatest H(Y|X) of all joint laws with the prior and error p, which is H(Y) less the rate-distortion
function of the prior with Hamming distortion.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mitheory.bounds.bound import Bound, Number
from mitheory.bounds.expressions import evaluate, law_entropy
from mitheory.bounds.fano import fano, witness
from mitheory.bounds.proof import Axiom, Identity, Proof, Step, Use, Witness
from mitheory.check import FloatArray


def prior_error_lower(H: Any, prior: Any) -> Number:
    """The least error probability that any classifier can have, for a known law of the label.

    Parameters
    ----------
    H : float or array_like
        Conditional entropy H(Y|X) of the label given the observation, in nats, from 0 to the
        entropy of the prior; up to 1e-12 above is taken as that.
    prior : array_like
        Probabilities of the classes along the last axis; leading axes broadcast against H.

    Returns
    -------
    float or ndarray
        The least p, to a relative error below 1e-12; at most 1 - max prior. Never less than
        `fano_error_lower`, and equal to it for two classes, for a uniform prior, and for small H.

    Raises
    ------
    ValueError
        For H or a prior outside their ranges.

    Notes
    -----
    Source: ho2010. The p at which (1 - p, min(P_2, theta), ..., min(P_M, theta)) has entropy H,
    where P_1 is the greatest probability and theta makes the terms add up to 1. Attained by the
    channel that is optimal for the prior in the sense of rate distortion.
    """
    return known_prior.least("p", H=H, P=prior)


def _kernel(name: str, of: str) -> Callable[..., FloatArray]:
    """A kernel of one symbol and the prior, on arrays of any shape; each prior is sorted once."""

    def call(P: FloatArray, **values: FloatArray) -> FloatArray:
        from mitheory.kernels import prior as kernels

        def at(flat: FloatArray, law: FloatArray) -> FloatArray:
            q = np.sort(law[law > 0.0])
            if q.size == 1:
                return np.zeros(flat.size)
            pieces = kernels.segments(q)
            if name == "lower":
                return np.asarray(kernels.lower(flat, np.zeros(flat.size), q, pieces))
            return np.minimum(kernels.entropy(flat, q, pieces), law_entropy(law)[0])

        if P.ndim == 1:
            return at(np.ascontiguousarray(values[of]).reshape(-1), P).reshape(values[of].shape)
        shape = np.broadcast_shapes(values[of].shape, P.shape[:-1])
        given, laws = np.broadcast_to(values[of], shape), np.broadcast_to(P, (*shape, P.shape[-1]))
        result = np.empty(shape)
        for index in np.ndindex(shape):
            result[index] = at(given[index].reshape(1), laws[index])[0]
        return result

    return call


def _nothing(end: float) -> Callable[..., FloatArray]:
    """The trivial end of the interval, in the shape of the others."""
    return lambda P, H: np.full(np.broadcast_shapes(H.shape, P.shape[:-1]), end)


def _optimal_channel(p: float, P: Any) -> FloatArray:
    """The joint law with prior P and error p whose conditional entropy is the greatest.

    The rows are the answers, and the observation is the answer: those above the water level theta,
    each with the posterior 1 - p on itself and min(P_y, theta) on the others.
    """
    law = np.asarray(P, dtype=np.float64)
    if p >= 1.0 - law.max():
        return law[None, :].copy()
    theta = float(evaluate("water_level(p, P)", {"p": p, "P": law}))
    above = np.flatnonzero(law > theta)
    posterior = np.tile(np.minimum(law, theta), (above.size, 1))
    posterior[np.arange(above.size), above] = 1.0 - p
    answered = law[above] - theta
    return (answered / answered.sum())[:, None] * posterior


def _witnesses() -> tuple[Witness, ...]:
    """Laws of (X, Y) with the Bayes classifier and several water levels."""
    joints = [
        np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]]),
        np.array([[0.4, 0.1], [0.3, 0.2]]),
        _optimal_channel(0.25, [0.6, 0.2, 0.15, 0.05]),
    ]
    return tuple(
        {**witness(joint), "P": tuple(joint.sum(axis=0)), "theta": theta}
        for joint in joints
        for theta in (0.1, 0.3, 0.8)
    )


_STEPS = {step.name: step for step in fano.proof.steps} if fano.proof else {}
PROCESSING: tuple[Step, ...] = tuple(
    _STEPS[name] for name in ("equivocation", "classifier", "processing")
)
"""The steps of Fano's inequality that lead from H to H(Y|Yhat)."""

known_prior = Bound(
    name="known_prior",
    title="The bound for a known prior",
    statement=(
        "H(Y|X) <= H(Y) + sum_y P_y ln max(P_y, theta) - p ln theta "
        "- (1 - p) ln(theta + sum_y max(P_y - theta, 0))"
    ),
    formula=(
        "entropy(P) + total(P*log(maximum(P, theta))) - p*log(theta) "
        "- (1 - p)*log(theta + total(maximum(P - theta, 0))) - H"
    ),
    holds_for="every classifier",
    equality=(
        "given the answer y the label is y with probability 1 - p, and every other y' with "
        "probability min(P_y', theta); for the greatest probability p of all: X is independent of Y"
    ),
    cite="ho2010",
    most={"H": "entropy(P)"},
    parameters=("P",),
    best={"H": {"theta": "water_level(p, P)"}},
    numeric={
        "greatest H": _kernel("entropy", "p"),
        "least p": _kernel("lower", "H"),
        "greatest p": _nothing(1.0),
    },
    tight=_optimal_channel,
    proof=Proof(
        witnesses=_witnesses,
        steps=(
            *PROCESSING,
            Axiom(
                name="prior",
                claim="total(P) = 1",
                rule="definition",
                because="The prior is a law.",
            ),
            Identity(
                name="share",
                claim="theta*P/maximum(P, theta) = P - maximum(P - theta, 0)",
                because="Both are the lesser of P_y and theta.",
            ),
            Axiom(
                name="shares",
                claim="theta*total(P/maximum(P, theta)) = total(P) - total(maximum(P - theta, 0))",
                rule="sum",
                uses=("share",),
                because="Add over the classes.",
            ),
            Identity(
                name="mass",
                claim=(
                    "theta*total(P/maximum(P, theta)) "
                    "+ total(maximum(P - theta, 0))*P/maximum(P, theta) "
                    "= 1 - total(maximum(P - theta, 0))*maximum(theta - P, 0)/maximum(P, theta)"
                ),
                uses=(Use(step="shares"), Use(step="prior")),
                because="P_y is the probability of the label answered.",
            ),
            Axiom(
                name="code",
                claim=(
                    "H(Y|Yhat) <= -p*log(theta) - (1 - p)*log(theta + total(maximum(P - theta, 0)))"
                    " - total(P*log(P/maximum(P, theta)))"
                ),
                rule="gibbs' inequality",
                uses=("mass",),
                given={
                    "right": "theta + total(maximum(P - theta, 0))",
                    "wrong": "theta",
                    "weight": "P/maximum(P, theta)",
                    "unused": (
                        "total(maximum(P - theta, 0))*maximum(theta - P, 0)/maximum(P, theta)"
                    ),
                },
                because="Y has the law P, and differs from Yhat with probability p.",
            ),
            Identity(
                name="known prior",
                claim=(
                    "H <= entropy(P) + total(P*log(maximum(P, theta))) - p*log(theta) "
                    "- (1 - p)*log(theta + total(maximum(P - theta, 0)))"
                ),
                uses=(Use(step="equivocation"), Use(step="processing"), Use(step="code")),
                because="Add up.",
            ),
        ),
    ),
)
