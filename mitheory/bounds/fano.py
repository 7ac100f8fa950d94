"""Fano's inequality: what a conditional entropy says about the error of every classifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mitheory.bounds.bound import Bound, Number
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Proof, Shannon, Use, Witness
from mitheory.check import FloatArray


def fano_error_lower(H: Any, M: Any) -> Number:
    """The least error probability that any classifier can have, by Fano's inequality.

    Parameters
    ----------
    H : float or array_like
        Conditional entropy H(Y|X) of the label given the observation, in nats, 0 <= H <= ln M; up
        to 1e-12 above ln M is taken as ln M.
    M : int or array_like
        Number of classes, at least 2. H and M broadcast against each other.

    Returns
    -------
    float or ndarray
        The p in [0, 1 - 1/M] with h(p) + p ln(M - 1) = H, to a relative error below 1e-12.

    Raises
    ------
    ValueError
        For H or M outside their ranges.

    Notes
    -----
    Source: fano1961. Attained by posteriors that are permutations of (1-p, p/(M-1), ...).
    """
    return fano.least("p", H=H, M=M)


def fano_error_upper(H: Any, M: Any) -> Number:
    """The greatest error probability that any classifier can have, by Fano's inequality.

    1 up to H = ln(M - 1); above, the p in [1 - 1/M, 1] with h(p) + p ln(M - 1) = H. Parameters and
    errors as for `fano_error_lower`. Source: fano1961.
    """
    return fano.greatest("p", H=H, M=M)


def _kernel(name: str, first: str) -> Callable[..., FloatArray]:
    """A kernel of one symbol and M on arrays of any shape."""

    def call(**values: FloatArray) -> FloatArray:
        from mitheory.kernels import fano as kernels

        a, M = np.broadcast_arrays(values[first], values["M"])
        flat = [np.ascontiguousarray(x, dtype=np.float64).reshape(-1) for x in (a, M)]
        result: FloatArray = getattr(kernels, name)(*flat).reshape(a.shape)
        return result

    return call


def _posteriors(p: float, M: int) -> FloatArray:
    """One observation with posterior (1 - p, p/(M-1), ...): the first label, or an error evenly."""
    joint = np.full((1, int(M)), p / (int(M) - 1))
    joint[0, 0] = 1.0 - p
    return joint


def _entropy(p: FloatArray) -> float:
    positive = p[p > 0]
    return float(-(positive * np.log(positive)).sum())


def _witnesses() -> tuple[Witness, ...]:
    """Laws of (X, Y) with the Bayes classifier and others, and all the symbols of the proof."""
    binary = np.array([[0.4, 0.1], [0.3, 0.2]])  # the answer tells less than the observation
    ternary = np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]])
    joints = [_posteriors(0.3, 3), _posteriors(0.1, 2), binary, ternary]
    mostly_wrong = np.array([[0.0, 0.7, 0.3], [0.6, 0.1, 0.3], [0.9, 0.1, 0.0]])
    # nearly certain labels at more observations than there are classes
    many = np.array([[0.2, 0.0], [0.0, 0.2], [0.2, 0.0], [0.0, 0.2], [0.19, 0.01]])
    others = [witness(ternary, mostly_wrong), witness(many, np.tile([0.2, 0.8], (5, 1)))]
    return (*map(witness, joints), *others)


def witness(joint: FloatArray, decide: FloatArray | None = None) -> Witness:
    """All symbols of the proof for a joint law (rows X, columns Y) and a classifier.

    It answers y at x with probability decide[x, y]; left out, it is the Bayes classifier.
    """
    rows, M = joint.shape
    if decide is None:
        decide = np.eye(M)[joint.argmax(axis=1)]
    law = np.zeros((2, rows, M, M))  # axes E, X, Y, Yhat: alphabetical
    for x, y, answer in np.ndindex(rows, M, M):
        law[int(y != answer), x, y, answer] = joint[x, y] * decide[x, answer]
    variables = ("E", "X", "Y", "Yhat")
    values: dict[str, float] = {}
    for chosen in range(1, 16):
        kept = [i for i in range(4) if chosen >> i & 1]
        others = tuple(i for i in range(4) if i not in kept)
        name = ",".join(variables[i] for i in kept)
        values[f"H({name})"] = _entropy(law.sum(axis=others))
    p = float(law[1].sum())

    def given_error(e: int) -> float:
        pair = law[e].sum(axis=0) / law[e].sum()
        return _entropy(pair) - _entropy(pair.sum(axis=0))

    conditional = values["H(X,Y)"] - values["H(X)"]
    return {**values, "p": p, "M": M, "H": conditional, "H0": given_error(0), "H1": given_error(1)}


fano = Bound(
    name="fano",
    title="Fano's inequality",
    statement="H(Y|X) <= h(p) + p ln(M - 1)",
    formula="h(p) + p*log(M - 1) - H",
    holds_for="every classifier",
    equality="every posterior is a permutation of (1 - p, p/(M - 1), ..., p/(M - 1))",
    cite="fano1961",
    most={"H": "log(M)"},
    numeric={
        "greatest H": _kernel("entropy", "p"),
        "least p": _kernel("lower", "H"),
        "greatest p": _kernel("upper", "H"),
    },
    tight=_posteriors,
    proof=Proof(
        symbols={
            "H0": Quantity(
                "entropy of Y given Yhat and no error", 0, latex=r"H(Y \mid \hat{Y}, E=0)"
            ),
            "H1": Quantity(
                "entropy of Y given Yhat and an error", 0, latex=r"H(Y \mid \hat{Y}, E=1)"
            ),
        },
        witnesses=_witnesses,
        steps=(
            Axiom(
                name="equivocation",
                claim="H = H(Y|X)",
                rule="definition",
                because="H is the conditional entropy of the label Y given the observation X.",
            ),
            Axiom(
                name="classifier",
                claim="H(Y|X,Yhat) = H(Y|X)",
                rule="definition",
                because="The answer Yhat, random or not, depends on Y only through X.",
            ),
            Axiom(
                name="error",
                claim="H(E) = h(p)",
                rule="definition",
                because="E is 1 if Yhat differs from Y, which has probability p, and 0 otherwise.",
            ),
            Axiom(
                name="split",
                claim="H(Y|E,Yhat) = (1 - p)*H0 + p*H1",
                rule="definition",
                because="A conditional entropy is the average over the values of E.",
            ),
            Axiom(
                name="no error",
                claim="H0 = 0",
                rule="definition",
                because="Without an error Y is Yhat.",
            ),
            Axiom(
                name="an error",
                claim="H1 <= log(M - 1)",
                rule="maximum entropy",
                given={"values": "M - 1"},
                because="After an error Y is one of the M - 1 labels other than Yhat.",
            ),
            Shannon(
                name="processing",
                claim="H(Y|X) <= H(Y|Yhat)",
                uses=("classifier",),
                because="The answer tells no more about Y than the observation.",
            ),
            Shannon(
                name="chain",
                claim="H(Y|Yhat) <= H(E) + H(Y|E,Yhat)",
                because="Learn first whether there was an error, then the label.",
            ),
            Identity(
                name="fano",
                claim="H <= h(p) + p*log(M - 1)",
                uses=(
                    Use(step="processing"),
                    Use(step="chain"),
                    Use(step="equivocation"),
                    Use(step="error"),
                    Use(step="split"),
                    Use(step="no error", times="1 - p"),
                    Use(step="an error", times="p"),
                ),
                because="Add up.",
            ),
        ),
    ),
)
