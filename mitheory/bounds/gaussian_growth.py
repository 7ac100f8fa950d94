"""The information of the binary Gaussian model by its growth with the signal-to-noise ratio.

Its derivative in gamma is half the mean squared error of the best estimate of the label (guo2005),
so bounds on that error integrate to bounds on the information.
"""

from __future__ import annotations

import math

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.gaussian_model import (
    DENSITIES,
    ENTROPY,
    EQUIVOCATION,
    OVERLAP,
    VARIANCE,
    numbers,
    proof,
    uninformative,
)
from mitheory.bounds.proof import Axiom, Identity, Inequality, Use
from mitheory.check import FloatArray

_LN2 = math.log(2.0)
_FROM_0 = "gamma = 0 only, where the observation says nothing"

gaussian_linear = Bound(
    name="gaussian_linear",
    title="Linear growth of the Gaussian information",
    statement="I(X;Y) <= 2 pi0 (1 - pi0) gamma",
    formula="2*prior0*(1 - prior0)*gamma - I",
    holds_for="the binary Gaussian model with any prior",
    equality=_FROM_0,
    cite="guo2005",
    numeric=numbers("greatest", "2*prior0*(1 - prior0)*gamma"),
    tight=uninformative,
    dominated_by="gaussian_capacity",
    proof=proof(
        Axiom(
            name="blind",
            claim="mmse <= 4*prior0*(1 - prior0)",
            rule="linear estimation",
            given={"variance": "4*prior0*(1 - prior0)", "slope": "0"},
            because="The estimate that ignores the observation.",
        ),
        Axiom(
            name="linear",
            claim="I <= 2*prior0*(1 - prior0)*gamma",
            rule="growth with the snr",
            uses=("blind",),
            given={"mmse": "mmse", "weight": "1/2"},
            because="Integrate from gamma = 0.",
        ),
        prior=True,
    ),
)

gaussian_capacity = Bound(
    name="gaussian_capacity",
    title="The Gaussian capacity",
    statement="I(X;Y) <= ln(1 + 4 pi0 (1 - pi0) gamma)/2",
    formula="log1p(4*prior0*(1 - prior0)*gamma)/2 - I",
    holds_for="the binary Gaussian model with any prior",
    equality=_FROM_0,
    cite="guo2005",
    numeric=numbers("greatest", "log1p(4*prior0*(1 - prior0)*gamma)/2"),
    tight=uninformative,
    dominated_by="gaussian_joined",
    proof=proof(
        Axiom(
            name="estimate",
            claim="mmse <= 4*prior0*(1 - prior0)/(1 + 4*prior0*(1 - prior0)*gamma)",
            rule="linear estimation",
            given={
                "variance": "4*prior0*(1 - prior0)",
                "slope": "4*prior0*(1 - prior0)*sqrt(gamma)/(1 + 4*prior0*(1 - prior0)*gamma)",
            },
            because="The best linear estimate.",
        ),
        Axiom(
            name="capacity",
            claim="I <= log(1 + 4*prior0*(1 - prior0)*gamma)/2",
            rule="growth with the snr",
            uses=("estimate",),
            given={"mmse": "mmse", "weight": "1/2"},
            because="Integrate from gamma = 0.",
        ),
        prior=True,
    ),
)

_DECAY = (
    Inequality(
        name="parabola",
        claim="4*q*(1 - q)*log(2) <= h(q)",
        on={"q": ("0", "1/2")},
        because="Both sides agree at 0 and 1/2.",
    ),
    ENTROPY,
    VARIANCE,
    Identity(
        name="pointwise",
        claim="Vx*log(2) <= Hx",
        uses=(
            Use(step="parabola", at={"q": "qx"}),
            Use(step="entropy", times="-1"),
            Use(step="variance", times="log(2)"),
        ),
    ),
    Axiom(
        name="averages",
        claim="mmse*log(2) <= H",
        rule="expectation",
        uses=("pointwise",),
        given={"Vx": "mmse", "Hx": "H"},
        because="Average over the observations.",
    ),
    EQUIVOCATION,
    Identity(
        name="rate",
        claim="mmse*log(2) <= log(2) - I",
        uses=(Use(step="averages"), Use(step="information")),
    ),
)

_DECAYED = Axiom(
    name="decay",
    claim="I <= log(2) - log(2)*exp(-gamma/(2*log(2)))",
    rule="growth with the snr",
    uses=("rate",),
    given={
        "mmse": "mmse",
        "factor": "exp(gamma/(2*log(2)))",
        "weight": "1/(2*log(2))",
    },
    because="H exp(gamma/(2 ln 2)) rises.",
)

gaussian_entropy_decay = Bound(
    name="gaussian_entropy_decay",
    title="Decay of the Gaussian conditional entropy",
    statement="I(X;Y) <= ln 2 (1 - exp(-gamma/(2 ln 2)))",
    formula="-log(2)*expm1(-gamma/(2*log(2))) - I",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="",
    numeric=numbers("greatest", "-log(2)*expm1(-gamma/(2*log(2)))"),
    tight=uninformative,
    dominated_by="gaussian_joined",
    proof=proof(
        *_DECAY,
        _DECAYED,
    ),
)


def _joined(gamma: FloatArray) -> FloatArray:
    beyond = np.maximum(gamma, 1.0)
    decayed = _LN2 - 0.5 * _LN2 * np.exp((1.0 - beyond) / (2.0 * _LN2))
    return np.where(gamma <= 1.0, 0.5 * np.log1p(gamma), decayed)


gaussian_joined = Bound(
    name="gaussian_joined",
    title="Capacity, then decay",
    statement="I(X;Y) <= ln 2 - (ln 2 - ln(1 + t gamma)/2) exp(-(1 - t) gamma/(2 ln 2)) "
    "for 0 <= t <= 1",
    formula="log(2) - (log(2) - log1p(t*gamma)/2)*exp(-(1 - t)*gamma/(2*log(2))) - I",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="",
    best={
        "I": {"t": "1/maximum(gamma, 1)"},
        # at I = ln 2 / 2 the capacity gives way to the decay; I = ln 2 is out of its reach
        "gamma": {"t": "where(I <= log(2)/2, 1, 1/(1 - 2*log(2)*log(maximum(2 - 2*I/log(2), 0))))"},
    },
    numeric={"greatest I": _joined},
    tight=uninformative,
    proof=proof(
        Axiom(
            name="estimate",
            claim="mmse <= 1/(1 + gamma)",
            rule="linear estimation",
            given={"variance": "1", "slope": "sqrt(gamma)/(1 + gamma)"},
            because="The best linear estimate.",
        ),
        Axiom(
            name="capacity",
            claim="I <= log(1 + gamma)/2",
            rule="growth with the snr",
            uses=("estimate",),
            given={"mmse": "mmse", "weight": "1/2"},
            because="Integrate from gamma = 0.",
        ),
        *_DECAY,
        Axiom(
            name="joined",
            claim="I <= log(2) - (log(2) - log(1 + t*gamma)/2)*exp(-(1 - t)*gamma/(2*log(2)))",
            rule="growth with the snr",
            uses=("rate", "capacity"),
            given={
                "mmse": "mmse",
                "origin": "g",
                "start": "t*gamma",
                "excess": "log(2) - (log(2) - log(1 + g)/2)*exp((g - gamma)/(2*log(2))) - I",
                "factor": "exp(gamma/(2*log(2)))",
                "weight": "1/(2*log(2))",
            },
            because="The capacity up to the snr t gamma, the decay from there.",
        ),
    ),
)

gaussian_logistic = Bound(
    name="gaussian_logistic",
    title="The logistic form",
    statement="I(X;Y) <= ln 2 - ln(1 + exp(-gamma))",
    formula="-log1p(expm1(-gamma)/2) - I",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="",
    numeric=numbers("greatest", "-log1p(expm1(-gamma)/2)"),
    tight=uninformative,
    dominated_by="gaussian_entropy_decay",
    proof=proof(
        *_DECAY,
        _DECAYED,
        Inequality(
            name="chord",
            claim="(1 + z)*log(1 + z) <= 2*log(2)*z",
            on={"z": ("0", "1")},
            because="The left side is convex and lies below its chord.",
        ),
        Identity(
            name="slope",
            claim="log(1 + exp(-gamma)) <= 2*log(2)*exp(-gamma)/(1 + exp(-gamma))",
            uses=(Use(step="chord", times="1/(1 + exp(-gamma))", at={"z": "exp(-gamma)"}),),
        ),
        Axiom(
            name="weaker",
            claim="log(1 + exp(-gamma)) <= log(2)*exp(-gamma/(2*log(2)))",
            rule="growth with the snr",
            uses=("slope",),
            given={"factor": "exp(gamma/(2*log(2)))", "weight": "1/(2*log(2))"},
            because="Their ratio falls from 1 at gamma = 0.",
        ),
        Identity(
            name="logistic",
            claim="I <= log(2) - log(1 + exp(-gamma))",
            uses=(Use(step="decay"), Use(step="weaker")),
        ),
    ),
)

gaussian_mmse = Bound(
    name="gaussian_mmse",
    title="Growth by the overlap of the classes",
    statement="I(X;Y) >= (1 - exp(-gamma))/2",
    formula="I + expm1(-gamma)/2",
    holds_for="the binary Gaussian model",
    equality=_FROM_0,
    cite="",
    numeric=numbers("least", "-expm1(-gamma)/2"),
    tight=uninformative,
    proof=proof(
        Axiom(
            name="square",
            claim="Vx = Bx**2",
            rule="definition",
            because="Both speak of qx (1 - qx): their means are mmse and, the labels being "
            "equally likely, rho.",
        ),
        Axiom(
            name="mean square",
            claim="rho**2 <= mmse",
            rule="jensen's inequality",
            uses=("square",),
            given={"Bx": "rho", "Vx": "mmse"},
            because="The square is convex.",
        ),
        DENSITIES,
        OVERLAP,
        Identity(
            name="rate",
            claim="exp(-gamma) <= mmse",
            uses=(
                Use(step="mean square"),
                Use(step="overlap", times="-(rho + exp(-gamma/2))"),
            ),
        ),
        Axiom(
            name="mmse",
            claim="(1 - exp(-gamma))/2 <= I",
            rule="growth with the snr",
            uses=("rate",),
            given={"mmse": "mmse", "weight": "1/2"},
            because="Integrate from gamma = 0.",
        ),
    ),
)
