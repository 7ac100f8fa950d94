"""Bounds for several classes, from how much each two of their laws of the observation overlap.

B is the sum over ordered pairs of classes of sqrt(P(i) P(j)) rho(i, j), rho their Bhattacharyya
coefficient; at one observation, the sum over ordered pairs of labels of the root of the product of
their posteriors.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mitheory.bounds.binary import erasure
from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Use, Witness
from mitheory.check import FloatArray


def _uniform(B: float) -> FloatArray:
    """An observation that tells nothing of 1 + B equally likely classes, B a whole number."""
    return np.full((1, round(B) + 1), 1.0 / (round(B) + 1))


def _witnesses() -> tuple[Witness, ...]:
    """Joint laws of several classes, with the quantities at one observation."""
    cases: list[Witness] = []
    for joint in (
        np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]]),
        np.array([[0.2, 0.1, 0.1, 0.1], [0.05, 0.3, 0.1, 0.05]]),
    ):
        x = joint.sum(axis=1)
        posterior = joint / x[:, None]
        entropies = -(posterior * np.log(posterior)).sum(axis=1)
        pairs = np.sqrt(posterior).sum(axis=1) ** 2 - 1.0
        q = np.sort(posterior[0])[::-1]
        with_answer = float(np.sqrt(q[0] * q[1:]).sum())
        rest = q[:-1] / q[:-1].sum()
        roots = float(np.sqrt(rest).sum())
        cases.append(
            {
                "p": float(1.0 - joint.max(axis=1).sum()),
                "H": float(x @ entropies),
                "B": float(x @ pairs),
                "qx": float(1.0 - q[0]),
                "Hx": float(entropies[0]),
                "Bx": float(pairs[0]),
                "r": float(np.sqrt(q[1] / q[0])),
                "w": float(q[1]),
                "g": float(np.sqrt(q[0] * q[1])),
                "Gx": with_answer,
                "Ox": float(pairs[0]) - 2.0 * with_answer,
                "z": float(np.sqrt(q[-1] / (1.0 - q[-1]))),
                "Hn": float(-(rest * np.log(rest)).sum()),
                "Bn": roots**2 - 1.0,
                "Tn": roots - 1.0,
                "e": float(np.log(q[1])),
                "u": float(q[1] ** -0.5),
                "Ex": float(-entropies[0]),
                "Ux": float(np.sqrt(q).sum()),
                "lx": float(-np.log1p(pairs[0])),
                "l": float(-x @ np.log1p(pairs)),
            }
        )
    return tuple(cases)


_PAIRS = {
    "Bx": Quantity(
        "sum over ordered pairs of labels of the root of the product of their posteriors at x",
        0,
        latex="B_x",
    )
}
_ENTROPY = {"Hx": Quantity("entropy of the posterior at x", 0, latex=r"H(Y \mid X=x)")}

pairwise_bhattacharyya = Bound(
    name="pairwise_bhattacharyya",
    title="The Bhattacharyya bound for several classes",
    statement="p <= B/2, the sum over pairs of classes of sqrt(P(i) P(j)) rho(i, j)",
    formula="B/2 - p",
    holds_for="the Bayes classifier",
    equality="every posterior is certain or even on two labels",
    cite="",
    numeric={"greatest p": lambda B: np.minimum(0.5 * B, 1.0)},
    tight=erasure,
    proof=Proof(
        symbols={
            **_PAIRS,
            "qx": Quantity("error of the Bayes classifier at x", 0, 1, latex="p_x"),
            "r": Quantity("root of the ratio of the posterior of a label to the largest", 0, 1),
            "w": Quantity("posterior at x of a label other than the answer", 0),
            "g": Quantity("root of its product with that of the answer", 0),
            "Gx": Quantity("sum of g over these labels", 0, latex="G_x"),
            "Ox": Quantity("the part of Bx of pairs without the answer", 0, latex="O_x"),
        },
        witnesses=_witnesses,
        steps=(
            Axiom(
                name="other",
                claim="w = r**2*(1 - qx)",
                rule="definition",
                because="The answer has the largest posterior, 1 - qx.",
            ),
            Axiom(
                name="root",
                claim="g = r*(1 - qx)",
                rule="definition",
                because="The root of w (1 - qx).",
            ),
            Inequality(
                name="ratio",
                claim="r**2 <= r",
                on={"r": ("0", "1")},
                because="A number up to 1 is at most its root.",
            ),
            Identity(
                name="label",
                claim="w <= g",
                uses=(
                    Use(step="ratio", times="1 - qx", at={"r": "r"}),
                    Use(step="other"),
                    Use(step="root", times="-1"),
                ),
                because="Add up.",
            ),
            Axiom(
                name="labels",
                claim="qx <= Gx",
                rule="sum of terms",
                uses=("label",),
                given={"w": "qx", "g": "Gx"},
                because="Sum over the labels other than the answer.",
            ),
            Axiom(
                name="pairs",
                claim="Bx = 2*Gx + Ox",
                rule="definition",
                because="Each pair with the answer counts twice.",
            ),
            Axiom(
                name="others",
                claim="0 <= Ox/2",
                rule="sign",
                because="Roots are non-negative.",
            ),
            Identity(
                name="pointwise",
                claim="qx <= Bx/2",
                uses=(
                    Use(step="labels"),
                    Use(step="pairs", times="-1/2"),
                    Use(step="others"),
                ),
                because="Add up.",
            ),
            Axiom(
                name="average",
                claim="p <= B/2",
                rule="expectation",
                uses=("pointwise",),
                given={"qx": "p", "Bx": "B"},
                because="Average over the observations.",
            ),
        ),
    ),
)

overlap_entropy = Bound(
    name="overlap_entropy",
    title="Conditional entropy by the overlap of classes",
    statement="H(Y|X) <= ln(1 + B)",
    formula="log1p(B) - H",
    holds_for="every joint law",
    equality="every posterior is uniform on the same number of labels",
    cite="",
    numeric={"greatest H": lambda B: np.log1p(B), "least B": lambda H: np.expm1(H)},
    tight=_uniform,
    proof=Proof(
        symbols={
            **_PAIRS,
            **_ENTROPY,
            "e": Quantity("ln of the posterior of one label at x"),
            "u": Quantity("one over the root of that posterior", 1),
            "Ex": Quantity("mean of e over the labels, given x", latex="E_x"),
            "Ux": Quantity("mean of u over the labels, given x", 1, latex="U_x"),
            "lx": Quantity("-ln(1 + Bx)", latex=r"\ell_x"),
            "l": Quantity("mean of -ln(1 + Bx) over the observations", latex=r"\ell"),
        },
        witnesses=_witnesses,
        steps=(
            Axiom(
                name="label",
                claim="e = -2*log(u)",
                rule="definition",
                because="e = ln q and u = 1/sqrt(q), q the posterior of the label.",
            ),
            Axiom(
                name="labels",
                claim="-2*log(Ux) <= Ex",
                rule="jensen's inequality",
                uses=("label",),
                given={"u": "Ux", "e": "Ex"},
                because="Average over the labels, given x.",
            ),
            Axiom(
                name="entropy",
                claim="Ex = -Hx",
                rule="definition",
                because="The entropy of the posterior is the mean of -ln q.",
            ),
            Axiom(
                name="pairs",
                claim="lx = -2*log(Ux)",
                rule="definition",
                because="Ux is the sum of sqrt(q), whose square is 1 + Bx.",
            ),
            Axiom(
                name="overlap",
                claim="lx = -log(1 + Bx)",
                rule="definition",
                because="The definition of lx.",
            ),
            Identity(
                name="pointwise",
                claim="Hx <= -lx",
                uses=(
                    Use(step="labels"),
                    Use(step="entropy"),
                    Use(step="pairs"),
                ),
                because="Add up.",
            ),
            Axiom(
                name="average",
                claim="H <= -l",
                rule="expectation",
                uses=("pointwise",),
                given={"Hx": "H", "lx": "l"},
                because="Average over the observations.",
            ),
            Axiom(
                name="observations",
                claim="-log(1 + B) <= l",
                rule="jensen's inequality",
                uses=("overlap",),
                given={"Bx": "B", "lx": "l"},
                because="The mean of Bx is B.",
            ),
            Identity(
                name="overlap entropy",
                claim="H <= log(1 + B)",
                uses=(Use(step="average"), Use(step="observations")),
                because="Add up.",
            ),
        ),
    ),
)

overlap_entropy_linear = replace(
    overlap_entropy,
    name="overlap_entropy_linear",
    title="Conditional entropy by the overlap of classes, linear form",
    statement="H(Y|X) <= B ln 2",
    formula="B*log(2) - H",
    equality="every posterior is certain or even on two labels",
    numeric={"greatest H": lambda B: np.log(2.0) * B, "least B": lambda H: H / np.log(2.0)},
    tight=erasure,
    proof=Proof(
        symbols={
            **_PAIRS,
            **_ENTROPY,
            "z": Quantity("root of the odds of the least likely label at x", 0, 1),
            "Hn": Quantity("entropy of the posterior without that label", 0, latex="H_n"),
            "Bn": Quantity("the same sum as Bx for that posterior", 0, latex="B_n"),
            "Tn": Quantity("sum of the roots of that posterior, less 1", 0, latex="T_n"),
        },
        witnesses=_witnesses,
        steps=(
            Axiom(
                name="entropy",
                claim="Hx = log(1 + z**2) - 2*z**2*log(z)/(1 + z**2) + Hn/(1 + z**2)",
                rule="definition",
                because="Ask first for the least likely label, of probability z^2/(1 + z^2).",
            ),
            Axiom(
                name="pairs",
                claim="Bx = Bn/(1 + z**2) + 2*z*(1 + Tn)/(1 + z**2)",
                rule="definition",
                because="Pairs without that label, and with it.",
            ),
            Inequality(
                name="two labels",
                claim="(1 + z**2)*log(1 + z**2) - 2*z**2*log(z) <= 2*log(2)*z",
                on={"z": ("0", "1")},
                because="Equal at both ends.",
            ),
            Axiom(
                name="more roots",
                claim="0 <= 2*log(2)*z*Tn/(1 + z**2)",
                rule="sign",
                because="Roots of probabilities sum to at least 1.",
            ),
            Identity(
                name="one more label",
                claim="Hx - Hn/(1 + z**2) <= log(2)*(Bx - Bn/(1 + z**2))",
                uses=(
                    Use(step="entropy"),
                    Use(step="pairs", times="-log(2)"),
                    Use(step="two labels", times="1/(1 + z**2)", at={"z": "z"}),
                    Use(step="more roots"),
                ),
                because="Add up.",
            ),
            Axiom(
                name="pointwise",
                claim="Hx <= log(2)*Bx",
                rule="induction",
                uses=("one more label",),
                given={"factor": "1/(1 + z**2)", "Hn": "Hx", "Bn": "Bx"},
                because="For one label both are 0.",
            ),
            Axiom(
                name="average",
                claim="H <= B*log(2)",
                rule="expectation",
                uses=("pointwise",),
                given={"Hx": "H", "Bx": "B"},
                because="Average over the observations.",
            ),
        ),
    ),
)
