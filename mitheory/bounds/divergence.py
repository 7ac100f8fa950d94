"""Bounds from the divergence of two laws on one event: that the answer is right.

What holds for the observation holds for the event that the answer is right, which has probability
1 - p in truth and a small one under a reference law in which the answer knows nothing of the label.
"""

from __future__ import annotations

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.fano import witness
from mitheory.bounds.prior import PROCESSING
from mitheory.bounds.proof import Axiom, Identity, Proof, Use, Witness
from mitheory.check import FloatArray


def _processed(information: FloatArray, pmax: FloatArray) -> FloatArray:
    from mitheory.kernels import divergence as kernels

    arrays = np.broadcast_arrays(information, pmax)
    flat = [np.ascontiguousarray(a, dtype=np.float64).reshape(-1) for a in arrays]
    return np.asarray(kernels.processed(*flat)).reshape(arrays[0].shape)


def _processing_witnesses() -> tuple[Witness, ...]:
    """Laws of (X, Y) with the Bayes classifier, the largest prior probability, and what it wins."""
    joints = [
        np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]]),
        np.array([[0.3, 0.05], [0.2, 0.1], [0.05, 0.3]]),  # X tells more than the answer
    ]
    cases = []
    for joint in joints:
        case, prior = dict(witness(joint)), joint.sum(axis=0)
        pmax = float(prior.max())
        information = case["H(X)"] + case["H(Y)"] - case["H(X,Y)"]
        cases.append(
            {
                **case,
                "I": information,
                "P": tuple(prior),
                "pmax": pmax,
                "g": 1 - case["p"] - pmax,
                "v": tuple(pmax - prior),
            }
        )
    return tuple(cases)


def _uniform(p: float, pmax: float) -> FloatArray:
    """Uniform labels and answers that err evenly; with independent ones if pmax is no 1/M."""
    M = round(1.0 / pmax)
    if abs(M * pmax - 1.0) > 1e-12:
        raise ValueError(f"equality needs pmax = 1/M for a whole M; got {pmax}")
    joint = np.full((M, M), p / (M - 1) / M)
    np.fill_diagonal(joint, (1.0 - p) / M)
    return joint


data_processing = Bound(
    name="data_processing",
    title="The data-processing bound",
    statement="I(X;Y) >= d(1 - p || p_max) if 1 - p >= p_max, d the divergence of two coins",
    formula="I + h(p) + xlogy(1 - p, pmax) + xlogy(p, 1 - pmax)",
    holds_for="every classifier",
    equality="the prior is uniform and every posterior a permutation of (1 - p, p/(M - 1), ...)",
    cite="han1994",
    most={"p": "1 - pmax"},
    numeric={"least p": lambda **known: _processed(known["I"], known["pmax"])},
    tight=_uniform,
    proof=Proof(
        symbols={
            "g": Quantity("what the answer wins over the likeliest label, 1 - p - pmax", 0, 1),
            "v": Quantity("pmax less the probability of the label answered", 0, 1),
        },
        witnesses=_processing_witnesses,
        steps=(
            *PROCESSING[1:],
            Axiom(
                name="information",
                claim="I = H(Y) - H(Y|X)",
                rule="definition",
                because="I is the mutual information of X and Y.",
            ),
            Axiom(
                name="label",
                claim="H(Y) = entropy(P)",
                rule="definition",
                because="The label has the law P.",
            ),
            Axiom(
                name="prior",
                claim="total(P) = 1",
                rule="definition",
                because="The prior is a law.",
            ),
            Axiom(
                name="gain",
                claim="g = 1 - p - pmax",
                rule="definition",
                because="It is non-negative by assumption.",
            ),
            Axiom(
                name="gap",
                claim="v = pmax - P",
                rule="definition",
                because="No label has a probability above pmax.",
            ),
            Identity(
                name="mass",
                claim=(
                    "p/(1 - pmax)*total(P) + ((1 - p)/pmax - p/(1 - pmax))*P "
                    "= 1 - g*v/(pmax*(1 - pmax))"
                ),
                uses=(
                    Use(step="prior", times="p/(1 - pmax)"),
                    Use(step="gap", times="(1 - p)/pmax - p/(1 - pmax)"),
                    Use(step="gain", times="v/(pmax*(1 - pmax))"),
                ),
                because="P_y is the probability of the label answered.",
            ),
            Axiom(
                name="code",
                claim=("H(Y|Yhat) <= entropy(P) - p*log(p/(1 - pmax)) - (1 - p)*log((1 - p)/pmax)"),
                rule="gibbs' inequality",
                uses=("mass",),
                given={
                    "right": "(1 - p)/pmax",
                    "wrong": "p/(1 - pmax)",
                    "weight": "P",
                    "unused": "g*v/(pmax*(1 - pmax))",
                },
                because="Y has the law P, and differs from Yhat with probability p.",
            ),
            Identity(
                name="data processing",
                claim="p*log(p/(1 - pmax)) + (1 - p)*log((1 - p)/pmax) <= I",
                uses=(
                    Use(step="information", times="-1"),
                    Use(step="label", times="-1"),
                    Use(step="processing"),
                    Use(step="code"),
                ),
                because="Add up.",
            ),
        ),
    ),
)


def _chi_square_least(chi2: FloatArray, M: FloatArray) -> FloatArray:
    rest = M - 1.0
    return np.maximum((rest - chi2) / (M * (1.0 + np.sqrt(chi2 / rest))), 0.0)


def _chi_square_needed(p: FloatArray, M: FloatArray) -> FloatArray:
    return np.maximum((M - 1.0) - M * p, 0.0) ** 2 / (M - 1.0)


def _chi_square_witnesses() -> tuple[Witness, ...]:
    """Rows: the laws of the observation given each class; the reference is a law Q."""
    cases = []
    for laws, Q in [
        (np.array([[0.7, 0.3], [0.2, 0.8]]), np.array([0.5, 0.5])),
        (np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]]), np.array([0.4, 0.4, 0.2])),
    ]:
        M = len(laws)
        p = 1.0 - float(laws.max(axis=0).sum()) / M
        cases.append({"p": p, "M": M, "chi2": float((laws**2 / Q).sum() / M - 1.0)})
    return tuple(cases)


chi_square = Bound(
    name="chi_square",
    title="The chi-square bound",
    statement="1 - p <= 1/M + sqrt(chi2 (M - 1))/M for classes of equal probability",
    formula="p - 1 + 1/M + sqrt(chi2*(M - 1))/M",
    holds_for="every classifier",
    equality="the answer errs evenly, and is all that the observation tells",
    cite="csiszar1967",
    numeric={"least p": _chi_square_least, "least chi2": _chi_square_needed},
    tight=lambda p, M: np.asarray(_uniform(p, 1.0 / M)),
    proof=Proof(
        symbols={"r": Quantity("ratio of two probabilities", 0)},
        witnesses=_chi_square_witnesses,
        steps=(
            Axiom(
                name="event",
                claim="(1 - p - 1/M)**2*M**2/(M - 1) <= chi2",
                rule="data processing",
                given={
                    "generator": "(r - 1)**2",
                    "ratio": "r",
                    "event": "1 - p",
                    "reference": "1/M",
                },
                because=(
                    "The event is that the answer is right; where the label is uniform and "
                    "independent of the observation it has probability 1/M."
                ),
            ),
            Identity(
                name="squares",
                claim="(1 - p - 1/M)**2 <= chi2*(M - 1)/M**2",
                uses=(Use(step="event", times="(M - 1)/M**2"),),
                because="Multiply by the variance of the event.",
            ),
            Axiom(
                name="chi square",
                claim="1 - p - 1/M <= sqrt(chi2*(M - 1))/M",
                rule="square root",
                uses=("squares",),
                because="Take the root.",
            ),
        ),
    ),
)
