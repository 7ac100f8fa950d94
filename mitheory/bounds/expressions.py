"""The quantities that bounds speak of, and the two readings of an expression in them.

An expression is text such as `"h(p) + p*log(M - 1) - H"`. `evaluate` reads it as floating-point
arithmetic on arrays; `read` reads the same text as an exact sympy expression, and loads sympy then.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from mitheory import check


@dataclass(frozen=True)
class Quantity:
    """What a symbol stands for, and the values it can take.

    Attributes
    ----------
    meaning : str
        In words, with the unit.
    least, most : float
        The range.
    integer : bool
        Whether only whole numbers occur.
    latex : str or None
        How it is set; None for sympy's rendering of the name.
    entropy : bool
        Whether it is an amount of information, whose number depends on the unit.
    """

    meaning: str
    least: float = -math.inf
    most: float = math.inf
    integer: bool = False
    latex: str | None = None
    entropy: bool = False


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        "p": Quantity("error probability of the classifier", 0.0, 1.0),
        "H": Quantity(
            "conditional entropy H(Y|X) of the label Y given the observation X, nats",
            0,
            entropy=True,
        ),
        "I": Quantity("mutual information I(X;Y) of observation and label, nats", 0, entropy=True),
        "M": Quantity("number of classes", 2, integer=True),
        "k": Quantity(
            "any whole number from 1 on: one line of the family for each", 1, integer=True
        ),
        "gamma": Quantity("signal-to-noise ratio mean' cov^-1 mean of the Gaussian model", 0),
    }
)


def names(text: str, known: Iterable[str] = QUANTITIES) -> tuple[str, ...]:
    """The quantities in an expression, in the order in which they appear."""
    found = re.findall(r"[A-Za-z_]\w*", text)
    return tuple(name for name in dict.fromkeys(found) if name in set(known))


def checked(name: str, value: Any) -> check.FloatArray:
    """`value` as an array of admissible values of the quantity `name`, or a ValueError."""
    quantity = QUANTITIES[name]
    if quantity.integer:
        return check.whole_array(value, name, least=int(quantity.least))
    return check.real_array(value, name, least=quantity.least, most=quantity.most)


def _binary_entropy(p: Any) -> Any:
    return special.entr(p) + special.entr(1.0 - p)


def _bit_deficit(e: Any) -> Any:
    """ln 2 - h((1 - e)/2), without cancellation for small e."""
    small = np.minimum(e, 0.5)
    series = small * np.arctanh(small) + 0.5 * np.log1p(-small * small)
    return np.where(e <= 0.5, series, np.log(2.0) - _binary_entropy(0.5 * (1.0 - e)))


_ARRAY_FUNCTIONS: Mapping[str, Any] = {
    "log": np.log,
    "log1p": np.log1p,
    "exp": np.exp,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "pi": np.pi,
    "h": _binary_entropy,
    "bit_deficit": _bit_deficit,
    "erf": special.erf,
    "Q": lambda x: special.ndtr(-x),
    "where": np.where,
}


@cache
def _compiled(text: str) -> Any:
    return compile(text, "<expression>", "eval")


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression of this package's own, in floating point."""
    return eval(_compiled(text), {"__builtins__": {}, **_ARRAY_FUNCTIONS}, dict(values))


@cache
def symbol(name: str, quantity: Quantity | None = None) -> Any:
    """The sympy symbol of a quantity, with the assumptions that follow from its range."""
    import sympy

    known = quantity or QUANTITIES[name]
    assumptions: dict[str, bool] = {"integer": True} if known.integer else {"real": True}
    if known.least > 0:
        assumptions["positive"] = True
    elif known.least == 0:
        assumptions["nonnegative"] = True
    return sympy.Symbol(name, **assumptions)


@cache
def _exact_functions() -> Mapping[str, Any]:
    import sympy

    def binary_entropy(p: Any) -> Any:
        return -p * sympy.log(p) - (1 - p) * sympy.log(1 - p)

    def where(condition: Any, then: Any, otherwise: Any) -> Any:
        return sympy.Piecewise((then, condition), (otherwise, True))

    return {
        "h": binary_entropy,
        "log1p": lambda x: sympy.log(1 + x),
        "expm1": lambda x: sympy.exp(x) - 1,
        "bit_deficit": lambda e: sympy.log(2) - binary_entropy((1 - e) / 2),
        "Q": lambda x: sympy.erfc(x / sympy.sqrt(2)) / 2,
        "where": where,
    }


def read(text: str, symbols: Mapping[str, Any] | None = None) -> Any:
    """The exact sympy expression that a text denotes; `symbols` adds to the quantities."""
    from sympy.parsing.sympy_parser import parse_expr

    local = {name: symbol(name) for name in QUANTITIES}
    return parse_expr(text, local_dict={**_exact_functions(), **local, **(symbols or {})})


def latex(expression: Any, setting: Mapping[Any, str] | None = None) -> str:
    """LaTeX of a sympy expression, with ln for the natural logarithm."""
    import sympy

    set_as = {symbol(n): q.latex for n, q in QUANTITIES.items() if q.latex}
    return str(
        sympy.latex(expression, ln_notation=True, symbol_names={**set_as, **(setting or {})})
    )
