"""The binary Gaussian model as derivations speak of it: its quantities, their laws, its cases.

X is N(+mean, cov) or N(-mean, cov) given the label; all depends on gamma = mean' cov^-1 mean and
the prior. Pointwise quantities belong to one observation and end in x; their averages over the
observation do not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from mitheory.bounds.expressions import Quantity, evaluate
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Step, Use, Witness
from mitheory.check import FloatArray

SYMBOLS: Mapping[str, Quantity] = {
    "mmse": Quantity("least mean squared error of the label as +-1", 0, 1),
    "rho": Quantity("Bhattacharyya coefficient of the two classes", 0, 1, latex=r"\rho"),
    "B": Quantity("mean of Bx", 0, 1),
    "D": Quantity("mean of the log-likelihood ratio of the true label", 0),
    "R": Quantity("integral of Rx over y from 0 to 1", 0),
    "qx": Quantity("posterior probability of the less likely label", 0, 0.5, latex="q_x"),
    "Hx": Quantity("entropy of the posterior", 0, latex="H_x"),
    "Vx": Quantity("variance 4 qx (1 - qx) of the label as +-1", 0, 1, latex="V_x"),
    "Bx": Quantity("2 sqrt(qx (1 - qx))", 0, 1, latex="B_x"),
    "Rx": Quantity("ratio Hx / qx", 0, latex="R_x"),
    "Lx": Quantity("-ln of the posterior probability of the true label", 0, latex="L_x"),
    "y": Quantity(
        "square root of the posterior odds of the less likely label", 0, 1, positive=True
    ),
    "f": Quantity("density of y", 0),
    "x": Quantity("log-likelihood ratio"),
    "f1": Quantity("density of the log-likelihood ratio of the true label", 0, latex="f_1"),
    "fx": Quantity("geometric mean of the densities of the two classes", 0, latex="f_x"),
    "g": Quantity("the snr up to which the linear estimate is used", 0),
    "q": Quantity("a probability", 0, 1),
    "z": Quantity("a number", 0, 1, positive=True),
}


@cache
def _averages(gamma: float, prior0: float) -> Witness:
    """Every average at one gamma and prior, by the trapezoidal rule in the log-likelihood ratio."""
    x = np.arange(-90.0, 90.0, 0.05)
    classes = [
        weight * np.exp(-((x - sign * 2 * gamma) ** 2) / (8 * gamma))
        for sign, weight in ((-1, prior0), (1, 1 - prior0))
    ]
    density = 0.05 * (classes[0] + classes[1]) / math.sqrt(8 * math.pi * gamma)
    q = 1 / (1 + np.exp(np.abs(x + math.log((1 - prior0) / prior0))))

    def mean(values: FloatArray) -> float:
        return float((density * values).sum())

    H, label = mean(_entropy(q)), float(_entropy(np.array(prior0)))
    values = {"gamma": gamma, "prior0": prior0, "I": label - H, "H": H, "D": 2 * gamma}
    values |= {"mmse": mean(4 * q * (1 - q)), "rho": math.exp(-gamma / 2)}
    values |= {"B": mean(2 * np.sqrt(q * (1 - q))), "R": math.pi}
    # the observation has no entropy, but one that only adds up stands for it: 3 nats
    return {**values, "H(Y)": label, "H(X)": 3.0, "H(X,Y)": 3.0 + H}


def _decision(gamma: float) -> Witness:
    """The error of the best decision, and the joint entropies with it, for equal priors."""
    error = math.erfc(math.sqrt(gamma / 2)) / 2
    wrong = float(_entropy(np.array(error)))
    values = {"p": error, "H(E)": wrong, "H(Yhat)": math.log(2)}
    values |= {f"H({two})": math.log(2) + wrong for two in ("E,Y", "E,Yhat", "Y,Yhat", "E,Y,Yhat")}
    both = _averages(gamma, 0.5)["H(X,Y)"]
    values |= {f"H({all_})": both for all_ in ("E,X", "E,X,Y", "X,Y,Yhat", "E,X,Yhat")}
    return {**values, "H(X,Yhat)": 3.0, "H(E,X,Y,Yhat)": both}


def _entropy(q: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = -q * np.log(q) - (1 - q) * np.log1p(-q)
    return np.where((q > 0) & (q < 1), terms, 0.0)


def _at(gamma: float, y: float) -> Witness:
    """The pointwise quantities at one observation, for equal priors where they ask for them."""
    q, x = y * y / (1 + y * y), -2 * math.log(y)
    H = float(_entropy(np.array(q)))
    at_y = {"y": y, "qx": q, "Hx": H, "Vx": 4 * q * (1 - q), "Rx": H / q, "q": q, "z": y}
    spread = math.sqrt(2 * math.pi * gamma)
    density = math.exp(-gamma / 2 - math.log(y) ** 2 / (2 * gamma)) / (q * spread)
    at_x = {"x": x, "Lx": math.log1p(math.exp(-x)), "Bx": 2 * y / (1 + y * y), "f": density}
    at_x["f1"] = math.exp(-((x - 2 * gamma) ** 2) / (8 * gamma)) / (2 * spread)
    at_x["fx"] = math.exp(-(x * x) / (8 * gamma) - gamma / 2) / (2 * spread)
    return {**at_y, **at_x}


def equal_priors() -> tuple[Witness, ...]:
    """Cases with equal priors."""
    cases = [(0.25, 0.9, 0.4), (1.0, 0.6, 0.7), (1.7, 0.35, 0.8), (4.0, 0.1, 0.2)]
    return tuple(
        {**_averages(g, 0.5), **_decision(g), **_at(g, y), "t": t, "g": t * g} for g, y, t in cases
    )


def any_prior() -> tuple[Witness, ...]:
    """Cases with several priors."""
    cases = [(0.25, 0.9, 0.5), (1.0, 0.6, 0.3), (1.7, 0.35, 0.9), (4.0, 0.1, 0.02)]
    return tuple({**_averages(g, prior), **_at(g, y)} for g, y, prior in cases)


def proof(*steps: Step, prior: bool = False) -> Proof:
    """A proof in the quantities that its steps speak of; `prior` says that it holds for any."""
    spoken = {name: SYMBOLS[name] for name in SYMBOLS if any(_speaks(s, name) for s in steps)}
    return Proof(symbols=spoken, witnesses=any_prior if prior else equal_priors, steps=steps)


def _speaks(step: Step, name: str) -> bool:
    return re.search(rf"\b{name}\b", repr(replace(step, because=""))) is not None


EQUIVOCATION = Axiom(
    name="information",
    claim="I = log(2) - H",
    rule="definition",
    because="The labels are equally likely.",
)
ENTROPY = Axiom(
    name="entropy",
    claim="Hx = h(qx)",
    rule="definition",
    because="Two labels remain.",
)
VARIANCE = Axiom(
    name="variance",
    claim="Vx = 4*qx*(1 - qx)",
    rule="definition",
    because="The label is +1 or -1; the mmse is the mean of this.",
)
ODDS = Axiom(
    name="odds",
    claim="qx = y**2/(1 + y**2)",
    rule="definition",
    because="The posterior odds are y^2.",
)
LAW = Axiom(
    name="law",
    claim="f = exp(-gamma/2 - log(y)**2/(2*gamma))*(1 + y**2)/(y**2*sqrt(2*pi*gamma))",
    rule="definition",
    because="The log-likelihood ratio is +-2 ln y, and N(2 gamma, 4 gamma) or N(-2 gamma, "
    "4 gamma) with equal probability.",
)
ERROR = Axiom(
    name="error",
    claim="p = Q(sqrt(gamma))",
    rule="integral",
    uses=("law", "odds"),
    given={
        "variable": "y",
        "from": "0",
        "to": "1",
        "integrand": "f*qx",
        "antiderivative": "Q((gamma - log(y))/sqrt(gamma))",
    },
    because="The Bayes error is the mean of qx; Q((gamma - ln y)/sqrt(gamma)) has the derivative "
    "f qx in y.",
)
DENSITIES = Axiom(
    name="densities",
    claim="fx = exp(-(x - 2*gamma)**2/(16*gamma) - (x + 2*gamma)**2/(16*gamma))/sqrt(8*pi*gamma)",
    rule="definition",
    because="The classes have the densities of N(2 gamma, 4 gamma) and N(-2 gamma, 4 gamma).",
)
OVERLAP = Axiom(
    name="overlap",
    claim="rho = exp(-gamma/2)",
    rule="integral",
    uses=("densities",),
    given={
        "variable": "x",
        "from": "-oo",
        "to": "oo",
        "integrand": "fx",
        "antiderivative": "exp(-gamma/2)*erf(x/sqrt(8*gamma))/2",
    },
    because="The Bhattacharyya coefficient is the integral of fx; "
    "exp(-gamma/2) erf(x/sqrt(8 gamma))/2 has the derivative fx.",
)
FLOOR = (
    Inequality(
        name="line",
        claim="2*log(2)*q <= h(q)",
        on={"q": ("0", "1/2")},
        because="h is concave and lies above its chord.",
    ),
    ENTROPY,
    Identity(
        name="pointwise",
        claim="2*log(2)*qx <= Hx",
        uses=(Use(step="line", at={"q": "qx"}), Use(step="entropy", times="-1")),
    ),
    Axiom(
        name="floor",
        claim="2*log(2)*p <= H",
        rule="expectation",
        uses=("pointwise",),
        given={"Hx": "H", "qx": "p"},
        because="The Bayes error is the mean of qx, the conditional entropy that of Hx.",
    ),
)


def numbers(end: str, form: str) -> dict[str, Callable[..., FloatArray]]:
    """The numbers of a bound on the information by a closed form in gamma and the prior."""

    def value(**known: FloatArray) -> FloatArray:
        shape = np.broadcast_shapes(*(v.shape for v in known.values()))
        return np.maximum(np.broadcast_to(evaluate(form, known), shape), 0.0)

    return {f"{end} I": value}


def uninformative(prior0: float = 0.5) -> FloatArray:
    """The law at gamma = 0, where the observation has one value only."""
    return np.array([[prior0, 1.0 - prior0]])
