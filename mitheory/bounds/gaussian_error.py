"""The binary Gaussian model by its Bayes error: entropy and error are nearly proportional.

The Bayes error is Q(sqrt(gamma)), Q the upper tail of the standard normal law.
"""

from __future__ import annotations

import math

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.gaussian_model import (
    EQUIVOCATION,
    ERROR,
    FLOOR,
    LAW,
    ODDS,
    numbers,
    proof,
    uninformative,
)
from mitheory.bounds.proof import Axiom, Identity, Shannon, Step, Use
from mitheory.check import FloatArray

_LN2 = math.log(2.0)
_LIMIT = "nowhere, only in the limit of large gamma"
_DOMAIN = {"p": "1/2", "H": "log(2)"}

gaussian_sharp_lower = Bound(
    name="gaussian_sharp_lower",
    title="The Gaussian conditional entropy from below",
    statement="H(Y|X) >= 2 ln 2 p, p the Bayes error",
    formula="H - 2*log(2)*p",
    holds_for="the binary Gaussian model",
    equality="gamma = 0 only, where p = 1/2; 2 ln 2 is the best constant",
    cite="hellman1970",
    most=_DOMAIN,
    numeric={
        "least H": lambda p: np.minimum(2.0 * _LN2 * p, _LN2),
        "greatest p": lambda H: np.minimum(H / (2.0 * _LN2), 0.5),
    },
    tight=uninformative,
    proof=proof(*FLOOR),
)

_CEILING: tuple[Step, ...] = (
    LAW,
    ODDS,
    Axiom(
        name="entropy",
        claim="Hx = log(1 + y**2) - 2*y**2*log(y)/(1 + y**2)",
        rule="definition",
        because="It is h(y^2/(1 + y^2)).",
    ),
    Axiom(
        name="ratio",
        claim="Rx = (1 + 1/y**2)*log(1 + y**2) - 2*log(y)",
        rule="definition",
        because="It is Hx/qx.",
    ),
    Axiom(
        name="association",
        claim="H <= p*R",
        rule="chebyshev's integral inequality",
        uses=("law", "odds", "entropy", "ratio"),
        given={"variable": "y", "first": "p", "second": "H", "mean": "R"},
        because="f qx is proportional to exp(-(ln y)^2/(2 gamma)), which rises; Rx falls.",
    ),
    Axiom(
        name="constant",
        claim="R = pi",
        rule="integral",
        uses=("ratio",),
        given={
            "variable": "y",
            "from": "0",
            "to": "1",
            "integrand": "Rx",
            "antiderivative": "4*atan(y) - (1/y - y)*log(1 + y**2) - 2*y*log(y)",
        },
        because="4 arctan y - (1/y - y) ln(1 + y^2) - 2 y ln y has the derivative Rx.",
    ),
    Identity(
        name="ceiling",
        claim="H <= pi*p",
        uses=(Use(step="association"), Use(step="constant", times="p")),
    ),
)

gaussian_sharp_upper = Bound(
    name="gaussian_sharp_upper",
    title="The Gaussian conditional entropy from above",
    statement="H(Y|X) <= pi p",
    formula="pi*p - H",
    holds_for="the binary Gaussian model",
    equality=_LIMIT + "; pi is the best constant",
    cite="",
    most=_DOMAIN,
    numeric={
        "greatest H": lambda p: np.minimum(math.pi * p, _LN2),
        "least p": lambda H: H / math.pi,
    },
    proof=proof(*_CEILING),
)


def _error_floor(gamma: FloatArray) -> FloatArray:
    from scipy import special

    return np.asarray(_LN2 * special.erf(np.sqrt(gamma / 2.0)))


gaussian_error_floor = Bound(
    name="gaussian_error_floor",
    title="The bound by the least entropy of an error",
    statement="I(X;Y) <= ln 2 (1 - 2 Q(sqrt gamma))",
    formula="log(2)*(1 - 2*Q(sqrt(gamma))) - I",
    holds_for="the binary Gaussian model",
    equality="gamma = 0 only, where the observation says nothing",
    cite="hellman1970",
    numeric={"greatest I": _error_floor},
    tight=uninformative,
    proof=proof(
        *FLOOR,
        LAW,
        ODDS,
        ERROR,
        EQUIVOCATION,
        Identity(
            name="error floor",
            claim="I <= log(2)*(1 - 2*Q(sqrt(gamma)))",
            uses=(
                Use(step="floor"),
                Use(step="information"),
                Use(step="error", times="-2*log(2)"),
            ),
        ),
    ),
)

gaussian_error_ceiling = Bound(
    name="gaussian_error_ceiling",
    title="The bound by the greatest entropy of an error",
    statement="I(X;Y) >= ln 2 - pi Q(sqrt gamma)",
    formula="I - log(2) + pi*Q(sqrt(gamma))",
    holds_for="the binary Gaussian model",
    equality=_LIMIT,
    cite="",
    numeric=numbers("least", "log(2) - pi*Q(sqrt(gamma))"),
    proof=proof(
        *_CEILING,
        ERROR,
        EQUIVOCATION,
        Identity(
            name="error ceiling",
            claim="log(2) - pi*Q(sqrt(gamma)) <= I",
            uses=(
                Use(step="ceiling"),
                Use(step="error", times="pi"),
                Use(step="information", times="-1"),
            ),
        ),
    ),
)

gaussian_hard_decision = Bound(
    name="gaussian_hard_decision",
    title="The information of the decision",
    statement="I(X;Y) >= ln 2 - h(Q(sqrt gamma))",
    formula="I - log(2) + h(Q(sqrt(gamma)))",
    holds_for="the binary Gaussian model",
    equality="gamma = 0 only, where the observation says nothing",
    cite="cover2006",
    numeric=numbers("least", "bit_deficit(erf(sqrt(gamma/2)))"),
    tight=uninformative,
    dominated_by="gaussian_bhattacharyya",
    proof=proof(
        Axiom(
            name="decision",
            claim="H(Yhat|X) = 0",
            rule="definition",
            because="The answer Yhat is a function of the observation.",
        ),
        Axiom(
            name="two labels",
            claim="H(Y|E,Yhat) = 0",
            rule="definition",
            because="The answer, and E which tells whether it is right, give the label.",
        ),
        Shannon(
            name="processing",
            claim="H(Y|X) <= H(E)",
            uses=("decision", "two labels"),
        ),
        Axiom(
            name="right or wrong",
            claim="H(E) = h(p)",
            rule="definition",
            because="The best decision errs with probability p.",
        ),
        Axiom(
            name="information",
            claim="I = log(2) - H(Y|X)",
            rule="definition",
            because="The labels are equally likely.",
        ),
        Identity(
            name="of the error",
            claim="log(2) - h(p) <= I",
            uses=(
                Use(step="processing"),
                Use(step="right or wrong"),
                Use(step="information", times="-1"),
            ),
        ),
        LAW,
        ODDS,
        ERROR,
        Axiom(
            name="hard decision",
            claim="log(2) - h(Q(sqrt(gamma))) <= I",
            rule="substitution",
            uses=("of the error", "error"),
        ),
    ),
)
