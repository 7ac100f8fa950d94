"""Birge's inequality: what the divergences between hypotheses say about the largest error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Use, Witness
from mitheory.check import FloatArray


def _least_error(D: FloatArray, K: FloatArray) -> FloatArray:
    from mitheory.kernels import divergence as kernels

    arrays = np.broadcast_arrays(D, K)
    flat = [np.ascontiguousarray(a, dtype=np.float64).reshape(-1) for a in arrays]
    return np.asarray(kernels.hypotheses(*flat)).reshape(arrays[0].shape)


def _even_hypotheses(p: float, K: int) -> FloatArray:
    """Answers (rows) to K + 1 equally likely hypotheses (columns), the first the reference.

    Wrong answers under the first are even, and under each other are as likely, to each other, as
    under the first.
    """
    laws = np.tile(np.append(1.0 - p, np.full(int(K), p / K)), (int(K) + 1, 1))
    laws[1:] *= p / (1.0 - p / K)
    laws[np.arange(1, K + 1), np.arange(1, K + 1)] = 1.0 - p
    return laws.T / (K + 1)


def _measured(laws: FloatArray) -> dict[str, float]:
    """The quantities of Birge's inequality where the observation is the answer.

    Rows are the laws of the answer under each hypothesis, the first of which is the reference.
    """
    K = len(laws) - 1
    right = np.diag(laws)
    D = float((laws[1:] * np.log(laws[1:] / laws[0])).sum()) / K
    p = 1.0 - float(right.min())
    e, w = 1.0 - float(right[1:].mean()), float(laws[0, 1:].mean())
    case = {"p": p, "K": K, "D": D, "e": e, "w": w}
    return {**case, "u": p - e, "v": p - K * w, "g": K - (K + 1) * p}


def _birge_witnesses() -> tuple[Witness, ...]:
    return tuple(
        _measured(np.array(laws))
        for laws in (
            [[0.7, 0.2, 0.1], [0.2, 0.75, 0.05], [0.15, 0.05, 0.8]],
            [[0.9, 0.1], [0.15, 0.85]],
            [[0.9, 0.04, 0.06], [0.05, 0.9, 0.05], [0.05, 0.02, 0.93]],
        )
    )


birge = Bound(
    name="birge",
    title="Birge's inequality",
    statement=(
        "d(1 - p || p/K) <= D if p <= K/(K + 1), p the largest of the error probabilities of the "
        "K + 1 hypotheses, d the divergence of two coins"
    ),
    formula="D - (1 - p)*log((1 - p)*K) + p*log(1 - p/K) - xlogy(2*p - 1, p)",
    holds_for="every classifier",
    equality=(
        "every error probability is p; the wrong answers are even under the first hypothesis, and "
        "under each other as likely, to each other, as under the first"
    ),
    cite="birge2005",
    most={"p": "K/(K + 1)"},
    numeric={"least p": lambda D, K: _least_error(D, K)},
    tight=_even_hypotheses,
    proof=Proof(
        symbols={
            "e": Quantity("mean error probability under the other hypotheses", 0, 1),
            "u": Quantity("how far that is below p", 0, 1),
            "w": Quantity("mean probability, under the first, of answering each other one", 0, 1),
            "v": Quantity("how far K times that is below p", 0, 1),
            "g": Quantity("K - (K + 1) p, non-negative by assumption", 0),
            "s": Quantity("any number from 0 to 1", 0, 1),
        },
        witnesses=_birge_witnesses,
        steps=(
            Axiom(
                name="gain",
                claim="g = K - (K + 1)*p",
                rule="definition",
                because="p is at most K/(K + 1).",
            ),
            Axiom(
                name="others",
                claim="w = (p - v)/K",
                rule="definition",
                because="Under the first hypothesis another is answered with probability <= p.",
            ),
            Axiom(
                name="errors",
                claim="e = p - u",
                rule="definition",
                because="No error probability is above p.",
            ),
            Identity(
                name="mass",
                claim="(1 - p)*K/p*w + p*K/(K - p)*(1 - w) = 1 - g*v/(p*(K - p))",
                uses=(
                    Use(step="others", times="(1 - p)*K/p - p*K/(K - p)"),
                    Use(step="gain", times="v/(p*(K - p))"),
                ),
                because="With w = p/K and v = 0 both terms add up to 1.",
            ),
            Axiom(
                name="event",
                claim="(1 - e)*log((1 - p)*K/p) + e*log(p*K/(K - p)) <= D",
                rule="change of measure",
                uses=("mass",),
                given={
                    "right": "(1 - p)*K/p",
                    "wrong": "p*K/(K - p)",
                    "error": "e",
                    "chance": "w",
                    "unused": "g*v/(p*(K - p))",
                },
                because="For each other hypothesis, the event is that it is answered.",
            ),
            Inequality(
                name="sign",
                claim="0 <= s",
                on={"s": ("0", "1")},
                because="By its range.",
            ),
            Identity(
                name="rest",
                claim="0 <= u*log(1 + g/p**2)",
                uses=(Use(step="sign", at={"s": "u"}, times="log(1 + g/p**2)"),),
                because="Both factors are non-negative.",
            ),
            Axiom(
                name="room",
                claim="0 <= u*log(1 + (K - (K + 1)*p)/p**2)",
                rule="substitution",
                uses=("rest", "gain"),
                because="Insert g.",
            ),
            Identity(
                name="birge",
                claim="(1 - p)*log((1 - p)*K/p) + p*log(p*K/(K - p)) <= D",
                uses=(
                    Use(step="event"),
                    Use(step="room"),
                    Use(step="errors", times="log((1 - p)*K/p) - log(p*K/(K - p))"),
                ),
                because="Errors that are rarer than p make the left side greater.",
            ),
        ),
    ),
)


def _birge_simple_least(D: FloatArray, K: FloatArray) -> FloatArray:
    from mitheory.kernels.fano import log_two_doubles

    logs = np.vectorize(log_two_doubles, otypes=[float, float])
    high, low = logs(K + 1.0) if np.size(K) else (K, K)
    return np.clip(((high - D) + low) / high, 0.0, _CAP)


_CAP = 1.0 / (2.0 * np.e + 1.0)


def _birge_simple_proof() -> Proof:
    assert birge.proof is not None
    proof = birge.proof
    return replace(
        proof,
        symbols={
            **proof.symbols,
            "p": Quantity("error probability of the classifier, at most 3/16", 0, 0.1875),
            "z": Quantity("any number from 0 to 3/16", 0, 0.1875),
            "n": Quantity("1/K", 0, 1),
        },
        witnesses=lambda: tuple(case for case in _birge_witnesses() if case["p"] < 0.1875),
        steps=(
            *proof.steps,
            Inequality(
                name="simpler",
                claim="(1 - z)*log(1 + n) <= (1 - z)*log((1 - z)/z) + z*log(z/(1 - n*z))",
                on={"z": ("0", "3/16"), "n": ("0", "1")},
                because="The right side falls in z.",
            ),
            Identity(
                name="birge simple",
                claim="(1 - p)*log(K + 1) <= D",
                uses=(Use(step="simpler", at={"z": "p", "n": "1/K"}), Use(step="birge")),
                because="Add up.",
            ),
        ),
    )


birge_simple = Bound(
    name="birge_simple",
    title="Birge's inequality in closed form",
    statement=(
        "(1 - p) ln(K + 1) <= D if p <= 1/(2e + 1), p the largest of the error probabilities of "
        "the K + 1 hypotheses; so that 1 - p <= max(2e/(2e + 1), D/ln(K + 1))"
    ),
    formula="D - (1 - p)*log(K + 1)",
    holds_for="every classifier",
    equality="nowhere",
    cite="birge2005",
    most={"p": "1/(2*exp(1) + 1)"},
    numeric={"least p": _birge_simple_least, "least D": lambda p, K: (1.0 - p) * np.log1p(K)},
    dominated_by="birge",
    proof=_birge_simple_proof(),
)
