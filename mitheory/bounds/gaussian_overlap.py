"""The information of the binary Gaussian model by averages over the observation."""

from __future__ import annotations

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import evaluate
from mitheory.bounds.gaussian_model import (
    DENSITIES,
    EQUIVOCATION,
    OVERLAP,
    numbers,
    proof,
    uninformative,
)
from mitheory.bounds.proof import Axiom, Identity, Inequality, Shannon, Use
from mitheory.check import FloatArray

_FROM_0 = "gamma = 0 only, where the observation says nothing"

_LABEL = (
    Axiom(
        name="label",
        claim="H(Y) = h(prior0)",
        rule="definition",
        because="There are two labels.",
    ),
    Axiom(
        name="information",
        claim="I = H(Y) - H",
        rule="definition",
        because="What the observation tells about the label.",
    ),
)

gaussian_label_entropy = Bound(
    name="gaussian_label_entropy",
    title="The label's entropy",
    statement="I(X;Y) <= h(pi0)",
    formula="h(prior0) - I",
    holds_for="the binary Gaussian model with any prior",
    equality="nowhere, only in the limit of large gamma",
    cite="cover2006",
    numeric=numbers("greatest", "h(prior0)"),
    dominated_by="gaussian_error_floor",
    proof=proof(
        *_LABEL,
        Axiom(
            name="equivocation",
            claim="H = H(Y|X)",
            rule="definition",
            because="H is the conditional entropy of the label.",
        ),
        Shannon(
            name="positive",
            claim="0 <= H(Y|X)",
            because="Entropies are not negative.",
        ),
        Identity(
            name="most",
            claim="I <= h(prior0)",
            uses=(
                Use(step="label"),
                Use(step="information"),
                Use(step="equivocation", times="-1"),
                Use(step="positive"),
            ),
        ),
        prior=True,
    ),
)

gaussian_divergence = Bound(
    name="gaussian_divergence",
    title="The bound by the divergence of the classes",
    statement="I(X;Y) <= ln 2 - ln(1 + exp(-2 gamma))",
    formula="-log1p(expm1(-2*gamma)/2) - I",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="kolchinsky2017",
    numeric=numbers("greatest", "-log1p(expm1(-2*gamma)/2)"),
    tight=uninformative,
    dominated_by="gaussian_entropy_decay",
    proof=proof(
        Axiom(
            name="surprise",
            claim="Lx = log(1 + exp(-x))",
            rule="definition",
            because="The posterior odds of the true label are e^x; the mean of Lx is H.",
        ),
        Axiom(
            name="convexity",
            claim="log(1 + exp(-D)) <= H",
            rule="jensen's inequality",
            uses=("surprise",),
            given={"x": "D", "Lx": "H"},
            because="The second derivative of ln(1 + e^-x) is positive.",
        ),
        Axiom(
            name="law",
            claim="f1 = exp(-(x - 2*gamma)**2/(8*gamma))/sqrt(8*pi*gamma)",
            rule="definition",
            because="The log-likelihood ratio of the true label is N(2 gamma, 4 gamma).",
        ),
        Axiom(
            name="mean",
            claim="D = 2*gamma",
            rule="integral",
            uses=("law",),
            given={
                "variable": "x",
                "from": "-oo",
                "to": "oo",
                "integrand": "x*f1",
                "antiderivative": "gamma*erf((x - 2*gamma)/sqrt(8*gamma)) - "
                "sqrt(2*gamma/pi)*exp(-(x - 2*gamma)**2/(8*gamma))",
            },
            because="gamma erf((x - 2 gamma)/sqrt(8 gamma)) - 4 gamma f1 has the derivative x f1.",
        ),
        Axiom(
            name="entropy",
            claim="log(1 + exp(-2*gamma)) <= H",
            rule="substitution",
            uses=("convexity", "mean"),
        ),
        EQUIVOCATION,
        Identity(
            name="divergence",
            claim="I <= log(2) - log(1 + exp(-2*gamma))",
            uses=(Use(step="entropy"), Use(step="information")),
        ),
    ),
)


def _bhattacharyya(gamma: FloatArray, prior0: FloatArray) -> FloatArray:
    """The deficit at gamma = 0, which is exactly 0 for equal priors, and what gamma adds."""
    root = 2.0 * np.log(2.0) * np.sqrt(prior0 * (1.0 - prior0))
    label = evaluate("h(prior0)", {"prior0": prior0})
    return np.maximum((label - root) - root * np.expm1(-gamma / 2.0), 0.0)


_OVERLAP = (
    Inequality(
        name="arc",
        claim="(1 + z**2)*log(1 + z**2) - 2*z**2*log(z) <= 2*log(2)*z",
        on={"z": ("0", "1")},
        because="Both sides agree at 0 and, with their derivatives, at 1.",
    ),
    Axiom(
        name="entropy",
        claim="Hx = log(1 + y**2) - 2*y**2*log(y)/(1 + y**2)",
        rule="definition",
        because="It is h(y^2/(1 + y^2)).",
    ),
    Axiom(
        name="overlap at x",
        claim="Bx = 2*y/(1 + y**2)",
        rule="definition",
        because="It is 2 sqrt(qx (1 - qx)) with qx = y^2/(1 + y^2).",
    ),
    Identity(
        name="pointwise",
        claim="Hx <= log(2)*Bx",
        uses=(
            Use(step="arc", times="1/(1 + y**2)", at={"z": "y"}),
            Use(step="entropy"),
            Use(step="overlap at x", times="-log(2)"),
        ),
    ),
    Axiom(
        name="averages",
        claim="H <= log(2)*B",
        rule="expectation",
        uses=("pointwise",),
        given={"Hx": "H", "Bx": "B"},
        because="Average over the observations.",
    ),
    DENSITIES,
    OVERLAP,
)

gaussian_bhattacharyya = Bound(
    name="gaussian_bhattacharyya",
    title="The bound by the Bhattacharyya coefficient",
    statement="I(X;Y) >= h(pi0) - 2 ln 2 sqrt(pi0 (1 - pi0)) exp(-gamma/2)",
    formula="I - h(prior0) + 2*log(2)*sqrt(prior0*(1 - prior0))*exp(-gamma/2)",
    holds_for="the binary Gaussian model with any prior",
    equality="gamma = 0 and equal priors, or one label only",
    cite="hellman1970",
    parameters=("prior0",),
    numeric={"least I": _bhattacharyya},
    tight=uninformative,
    proof=proof(
        *_OVERLAP,
        Axiom(
            name="weights",
            claim="B = 2*sqrt(prior0*(1 - prior0))*rho",
            rule="definition",
            because="The product of the posterior probabilities is that of the priors times "
            "fx^2, over the square of the density of the observation.",
        ),
        *_LABEL,
        Identity(
            name="bhattacharyya",
            claim="h(prior0) - 2*log(2)*sqrt(prior0*(1 - prior0))*exp(-gamma/2) <= I",
            uses=(
                Use(step="averages"),
                Use(step="weights", times="log(2)"),
                Use(step="overlap", times="2*log(2)*sqrt(prior0*(1 - prior0))"),
                Use(step="label", times="-1"),
                Use(step="information", times="-1"),
            ),
        ),
        prior=True,
    ),
)

gaussian_chernoff = Bound(
    name="gaussian_chernoff",
    title="The bound by the Chernoff divergence of the classes",
    statement="I(X;Y) >= ln 2 - ln(1 + exp(-gamma/2))",
    formula="I + log1p(expm1(-gamma/2)/2)",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="kolchinsky2017",
    numeric=numbers("least", "-log1p(expm1(-gamma/2)/2)"),
    tight=uninformative,
    dominated_by="gaussian_bhattacharyya",
    proof=proof(
        *_OVERLAP,
        Axiom(
            name="weights",
            claim="B = rho",
            rule="definition",
            because="The labels are equally likely.",
        ),
        Inequality(
            name="chord",
            claim="log(2)*q <= log(1 + q)",
            on={"q": ("0", "1")},
            because="The right side is concave and lies above its chord.",
        ),
        Identity(
            name="at rho",
            claim="H <= log(1 + rho)",
            uses=(
                Use(step="averages"),
                Use(step="weights", times="log(2)"),
                Use(step="chord", at={"q": "rho"}),
            ),
        ),
        Axiom(
            name="entropy at most",
            claim="H <= log(1 + exp(-gamma/2))",
            rule="substitution",
            uses=("at rho", "overlap"),
        ),
        EQUIVOCATION,
        Identity(
            name="chernoff",
            claim="log(2) - log(1 + exp(-gamma/2)) <= I",
            uses=(Use(step="entropy at most"), Use(step="information", times="-1")),
        ),
    ),
)
