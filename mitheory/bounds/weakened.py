"""Fano's inequality with the binary entropy replaced by something simple: inverses in closed form.

Each of these is weaker than Fano's inequality. What they buy is an explicit lower bound on the
error p: the right-hand side is a line, a parabola or a semi-ellipse in p.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.fano import fano
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Step, Use, Witness
from mitheory.check import FloatArray

_LN2 = math.log(2.0)
_LN2_LOW = 2.3190468138462996e-17  # ln 2 less the double next to it
_STEPS = {step.name: step for step in fano.proof.steps} if fano.proof else {}
_EQUALITY = "p = 1/2 and every posterior is a permutation of (1/2, 1/(2(M - 1)), ...)"


def _even(M: int) -> FloatArray:
    """One observation with posterior (1/2, 1/(2(M-1)), ...), where h(p) = ln 2."""
    assert fano.tight is not None
    return fano.tight(0.5, M)


def _above_ln2(H: FloatArray) -> FloatArray:
    """H - ln 2, to full precision of its own."""
    return (H - _LN2) - _LN2_LOW


def _on_a_line(H: FloatArray, rise: FloatArray) -> FloatArray:
    """The least p >= 0 with ln 2 + p rise >= H; 0 without a rise, which asks for H <= ln 2."""
    excess = np.maximum(_above_ln2(H), 0.0)
    return np.minimum(excess / np.where(rise > 0.0, rise, np.inf), 1.0)


def _on_a_parabola(curvature: float, low: float) -> dict[str, Callable[..., FloatArray]]:
    """Both p with ln 2 - c (p - 1/2)^2 + p ln(M - 1) = H, for c = `curvature`.

    `low` is ln 2 - c/4 less the double next to it: the value at p = 0 is subtracted exactly.
    """
    c, at_0 = curvature, _LN2 - 0.25 * curvature

    def parts(H: FloatArray, M: FloatArray) -> tuple[FloatArray, FloatArray]:
        K = np.log(M - 1.0)
        discriminant = K * (K + 2.0 * c) - 4.0 * c * _above_ln2(H)
        return (H - at_0) - low, c + K + np.sqrt(np.maximum(discriminant, 0.0))

    def least(H: FloatArray, M: FloatArray) -> FloatArray:
        over, root = parts(H, M)
        return np.maximum(2.0 * over / root, 0.0)

    def greatest(H: FloatArray, M: FloatArray) -> FloatArray:
        _, root = parts(H, M)
        return np.minimum(root / (2.0 * c), 1.0)

    return {"least p": least, "greatest p": greatest}


def _on_an_ellipse(H: FloatArray, M: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """K = ln(M - 1), c = 2 ln 2 and the sum b of which both roots of the ellipse consist."""
    K, c = np.log(M - 1.0), 2.0 * _LN2
    discriminant = -4.0 * (H + _LN2) * _above_ln2(H) + 4.0 * H * K
    return K, 2.0 * H * K + c * c, c * np.sqrt(np.maximum(discriminant, 0.0))


def _ellipse_least(H: FloatArray, M: FloatArray) -> FloatArray:
    _, b, root = _on_an_ellipse(H, M)
    return 2.0 * H * H / (b + root)


def _ellipse_greatest(H: FloatArray, M: FloatArray) -> FloatArray:
    K, b, root = _on_an_ellipse(H, M)
    greater = (b + root) / (2.0 * (K * K + 4.0 * _LN2 * _LN2))
    return np.where(H <= K, 1.0, np.minimum(greater, 1.0))


def _witnesses() -> tuple[Witness, ...]:
    """The cases of Fano's inequality with x, see `fano_sqrt`."""
    assert fano.proof is not None
    cases = [dict(case) for case in fano.proof.witnesses()]
    for case in cases:
        least = min(case["p"], 1.0 - case["p"])
        case["x"] = math.sqrt(least / (1.0 - least))
    return tuple(cases)


def _from_fano(*last: Step, without: tuple[str, ...] = ()) -> Proof:
    """The steps of Fano's inequality, some left out, with others in place of the last."""
    assert fano.proof is not None
    kept = [step for name, step in _STEPS.items() if name not in (*without, "fano")]
    return Proof(symbols=fano.proof.symbols, witnesses=fano.proof.witnesses, steps=(*kept, *last))


def _uses(*extra: Use, without: tuple[str, ...] = ()) -> tuple[Use, ...]:
    """What the last step of Fano's inequality adds up, some left out, and more."""
    last = _STEPS["fano"]
    assert isinstance(last, Identity)
    return (*(use for use in last.uses if use.step not in without), *extra)


_ONE_BIT = Axiom(
    name="one bit",
    claim="H(E) <= log(2)",
    rule="maximum entropy",
    given={"values": "2"},
    because="E has two values.",
)

fano_linear = Bound(
    name="fano_linear",
    title="Fano's inequality, linear in the error",
    statement="H(Y|X) <= ln 2 + p ln(M - 1)",
    formula="log(2) + p*log(M - 1) - H",
    holds_for="every classifier",
    equality=_EQUALITY,
    cite="fano1961",
    most={"H": "log(M)"},
    numeric={
        "greatest H": lambda p, M: np.minimum(_LN2 + p * np.log(M - 1.0), np.log(M)),
        "least p": lambda H, M: _on_a_line(H, np.log(M - 1.0)),
    },
    tight=_even,
    dominated_by="fano_pinsker",
    proof=_from_fano(
        _ONE_BIT,
        Identity(
            name="linear",
            claim="H <= log(2) + p*log(M - 1)",
            uses=_uses(Use(step="one bit"), without=("error",)),
            because="Add up.",
        ),
        without=("error",),
    ),
)

fano_simple = Bound(
    name="fano_simple",
    title="Fano's inequality, linear in the error, with the number of classes itself",
    statement="H(Y|X) <= ln 2 + p ln M, for uniform labels p >= 1 - (I(X;Y) + ln 2)/ln M",
    formula="log(2) + p*log(M) - H",
    holds_for="every classifier",
    equality="nowhere; the slack is least at p = 1/2 and vanishes there as M grows",
    cite="fano1961",
    most={"H": "log(M)"},
    numeric={
        "greatest H": lambda p, M: np.minimum(_LN2 + p * np.log(M), np.log(M)),
        "least p": lambda H, M: _on_a_line(H, np.log(M)),
    },
    dominated_by="fano_linear",
    proof=_from_fano(
        _ONE_BIT,
        Axiom(
            name="any label",
            claim="H1 <= log(M)",
            rule="maximum entropy",
            given={"values": "M"},
            because="Y is one of M labels, after an error too.",
        ),
        Identity(
            name="simple",
            claim="H <= log(2) + p*log(M)",
            uses=_uses(
                Use(step="one bit"),
                Use(step="any label", times="p"),
                without=("error", "an error"),
            ),
            because="Add up.",
        ),
        without=("error", "an error"),
    ),
)

fano_pinsker = Bound(
    name="fano_pinsker",
    title="Fano's inequality, quadratic in the error by Pinsker's inequality",
    statement="H(Y|X) <= ln 2 - 2 (p - 1/2)^2 + p ln(M - 1)",
    formula="log(2) - 2*(p - 1/2)**2 + p*log(M - 1) - H",
    holds_for="every classifier",
    equality=_EQUALITY,
    cite="cover2006",
    most={"H": "log(M)"},
    numeric=_on_a_parabola(2.0, 2.3190468138462996e-17),
    tight=_even,
    dominated_by="fano",
    proof=_from_fano(
        Inequality(
            name="pinsker",
            claim="h(p) <= log(2) - 2*(p - 1/2)**2",
            on={"p": ("0", "1/2", "1")},
            because="Pinsker's inequality between (p, 1 - p) and (1/2, 1/2).",
        ),
        Identity(
            name="parabola",
            claim="H <= log(2) - 2*(p - 1/2)**2 + p*log(M - 1)",
            uses=_uses(Use(step="pinsker", at={"p": "p"})),
            because="Add up.",
        ),
    ),
)

fano_quadratic = Bound(
    name="fano_quadratic",
    title="Fano's inequality, quadratic in the error, with constants that are simple in bits",
    statement="H(Y|X) <= (1/2 + 2p(1 - p)) ln 2 + p ln(M - 1)",
    formula="(1/2 + 2*p*(1 - p))*log(2) + p*log(M - 1) - H",
    holds_for="every classifier",
    equality=_EQUALITY,
    cite="cover2006",
    most={"H": "log(M)"},
    numeric=_on_a_parabola(2.0 * _LN2, 1.1595234069231498e-17),
    tight=_even,
    dominated_by="fano_pinsker",
    proof=_from_fano(
        Inequality(
            name="quadratic",
            claim="h(p) <= (1/2 + 2*p*(1 - p))*log(2)",
            on={"p": ("0", "1/2", "1")},
            because="Both sides are ln 2 at p = 1/2, with equal slopes.",
        ),
        Identity(
            name="parabola",
            claim="H <= (1/2 + 2*p*(1 - p))*log(2) + p*log(M - 1)",
            uses=_uses(Use(step="quadratic", at={"p": "p"})),
            because="Add up.",
        ),
    ),
)

fano_sqrt = Bound(
    name="fano_sqrt",
    title="Fano's inequality with a square root for the binary entropy",
    statement="H(Y|X) <= 2 ln 2 sqrt(p(1 - p)) + p ln(M - 1)",
    formula="2*log(2)*sqrt(p*(1 - p)) + p*log(M - 1) - H",
    holds_for="every classifier",
    equality=f"p = 0, or {_EQUALITY}",
    cite="hellman1970",
    most={"H": "log(M)"},
    numeric={"least p": _ellipse_least, "greatest p": _ellipse_greatest},
    tight=_even,
    dominated_by="fano",
    proof=Proof(
        symbols={
            **(fano.proof.symbols if fano.proof else {}),
            "x": Quantity("square root of the odds of the less likely of error and success", 0, 1),
        },
        witnesses=_witnesses,
        steps=(
            *(step for name, step in _STEPS.items() if name not in ("error", "fano")),
            Axiom(
                name="odds",
                claim="H(E) = log(1 + x**2) - 2*x**2/(1 + x**2)*log(x)",
                rule="definition",
                because="The values of E have the probabilities x^2/(1 + x^2) and 1/(1 + x^2).",
            ),
            Axiom(
                name="product",
                claim="sqrt(p*(1 - p)) = x/(1 + x**2)",
                rule="definition",
                because="The same probabilities are p and 1 - p in one order or the other.",
            ),
            Inequality(
                name="real",
                claim="(1 + x**2)*log(1 + x**2) - 2*x**2*log(x) <= 2*log(2)*x",
                on={"x": ("0", "1")},
                because="Both sides agree at x = 0 and, with their derivatives, at x = 1.",
            ),
            Identity(
                name="ellipse",
                claim="H <= 2*log(2)*sqrt(p*(1 - p)) + p*log(M - 1)",
                uses=_uses(
                    Use(step="odds"),
                    Use(step="product", times="-2*log(2)"),
                    Use(step="real", times="1/(1 + x**2)", at={"x": "x"}),
                    without=("error",),
                ),
                because="Add up.",
            ),
        ),
    ),
)
