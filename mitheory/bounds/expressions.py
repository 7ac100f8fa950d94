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
    positive : bool
        Whether 0 is excluded.
    vector : bool
        Whether it is a law over the classes, one probability for each along the last axis. Inside
        `total(...)`, the sum over the classes, its name means the probability of the class summed
        over; outside, that of any one class.
    """

    meaning: str
    least: float = -math.inf
    most: float = math.inf
    integer: bool = False
    latex: str | None = None
    entropy: bool = False
    positive: bool = False
    vector: bool = False


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
        "L": Quantity("number of labels on a list", 1, integer=True),
        "Nmin": Quantity(
            "least number of labels near an answer", 1, integer=True, latex=r"N_{\min}"
        ),
        "Nmax": Quantity(
            "greatest number of labels near an answer", 1, integer=True, latex=r"N_{\max}"
        ),
        "k": Quantity(
            "any whole number from 1 on: one line of the family for each", 1, integer=True
        ),
        "P": Quantity(
            "prior: the probability of each class, the sum of which is 1",
            0,
            1,
            latex="P_y",
            vector=True,
        ),
        "theta": Quantity(
            "water level: any number above 0, one line of the family for each",
            0,
            1,
            latex=r"\theta",
            positive=True,
        ),
        "prior0": Quantity("probability of class 0 of two", 0, 1, latex=r"\pi_0"),
        "t": Quantity("any share of the snr, from 0 to 1: one line of the family for each", 0, 1),
        "pmax": Quantity(
            "largest prior probability of a class", 0, 1, latex=r"p_{\max}", positive=True
        ),
        "chi2": Quantity(
            "mean over the classes of the chi-square divergence of the law of the observation "
            "given the class from any one law, for classes of equal probability",
            0,
            latex=r"\chi^2",
        ),
        "K": Quantity("number of hypotheses other than the first", 1, integer=True),
        "D": Quantity(
            "mean over the other hypotheses of the Kullback-Leibler divergence of the law of the "
            "observation from that under the first, nats",
            0,
            entropy=True,
        ),
        "a": Quantity("order of the entropy", 1e-3, 1e6),
        "Ha": Quantity(
            "Arimoto-Renyi conditional entropy of order a of the label given the observation, nats",
            0,
            latex="H_a",
            entropy=True,
        ),
        "b": Quantity("threshold of a posterior probability", 0, 1),
        "F": Quantity("probability that the posterior of the true label is at most b", 0, 1),
        "rho": Quantity(
            "Bhattacharyya coefficient of two classes, sum over x of sqrt(P(x|0) P(x|1))", 0, 1
        ),
        "B": Quantity(
            "sum over ordered pairs of classes of sqrt(P(i) P(j)) times their Bhattacharyya "
            "coefficient",
            0,
        ),
        "s": Quantity("Chernoff exponent of class 0, 1 - s being that of class 1", 0, 1),
        "c": Quantity("Chernoff coefficient, sum over x of P(x|0)^s P(x|1)^(1-s)", 0, 1),
        "TV": Quantity(
            "sum over x of |P(x, class 0) - P(x, class 1)|, for two classes of equal probability "
            "their total variation distance",
            0,
            1,
        ),
        "gamma": Quantity("signal-to-noise ratio mean' cov^-1 mean of the Gaussian model", 0),
    }
)


@cache
def _identifiers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text)))


def names(text: str, known: Iterable[str] = QUANTITIES) -> tuple[str, ...]:
    """The quantities in an expression, in the order in which they appear."""
    known = known if isinstance(known, Mapping) else set(known)
    return tuple(name for name in _identifiers(text) if name in known)


def checked(name: str, value: Any) -> check.FloatArray:
    """`value` as an array of admissible values of the quantity `name`, or a ValueError."""
    quantity = QUANTITIES[name]
    if quantity.vector:
        return check.probability_rows(value, name)
    if quantity.integer:
        return check.whole_array(value, name, least=int(quantity.least))
    above = 0.0 if quantity.positive else -math.inf
    return check.real_array(value, name, least=quantity.least, most=quantity.most, above=above)


def _binary_entropy(p: Any) -> Any:
    return special.entr(p) - special.xlog1py(1.0 - p, -p)


def _total(terms: Any) -> Any:
    return np.sum(terms, axis=-1, keepdims=True)


def law_entropy(P: Any) -> Any:
    """The entropy of each law along the last axis, which is kept, to full relative accuracy.

    The logarithm of a probability near 1 is taken from the sum of the others.
    """
    terms, others = special.entr(P), np.array(P)
    top = np.argmax(P, axis=-1)[..., None]
    np.put_along_axis(others, top, 0.0, axis=-1)
    rest = np.minimum(_total(others), 0.5)
    near_1 = -np.take_along_axis(P, top, axis=-1) * np.log1p(-rest)
    term = np.take_along_axis(terms, top, axis=-1)
    np.put_along_axis(terms, top, np.where(rest < 1e-3, near_1, term), axis=-1)
    return _total(terms)


def _water_level(p: Any, P: Any) -> Any:
    """The theta for which min(P_y, theta), summed over all but a greatest P_y, is p.

    That sum is the least of the lines on which the j lowest probabilities stay as they are. Where
    p exceeds it for every theta, the greatest P_y.
    """
    q = np.sort(P, axis=-1)
    low, top = q[..., :-1], q[..., -1:]
    sums = np.cumsum(low, axis=-1)
    lines = (p - (sums - low)) / (low.shape[-1] - np.arange(low.shape[-1]))
    highest = np.max(lines, axis=-1, keepdims=True, initial=0.0)
    level = np.where(p < np.sum(low, axis=-1, keepdims=True), highest, top)
    return np.clip(level, np.finfo(float).tiny, top)


def _bit_deficit(e: Any) -> Any:
    """ln 2 - h((1 - e)/2), without cancellation for small e."""
    small = np.minimum(e, 0.5)
    series = small * np.arctanh(small) + 0.5 * np.log1p(-small * small)
    return np.where(e <= 0.5, series, np.log(2.0) - _binary_entropy(0.5 * (1.0 - e)))


def _fano_entropy(p: Any, M: Any, a: Any) -> Any:
    """ln((1-p)^a + (M-1)^(1-a) p^a)/(1-a), the most that entropy of order a can be; any a."""
    from mitheory.kernels import renyi

    arrays = np.broadcast_arrays(p, M, a)
    flat = [np.ascontiguousarray(x, dtype=np.float64).reshape(-1) for x in arrays]
    return renyi.entropy(*flat).reshape(arrays[0].shape)


def _envelope_line(p: Any, k: Any, a: Any) -> Any:
    """ln k + (1/s) ln(1 + s y), y the slope times p - (k-1)/k, s = (1-a)/a; any a."""
    s = (1.0 - a) / a
    step = np.log1p(1.0 / k)
    y = k * (k + 1.0) * step * special.exprel(s * step) * (p - (k - 1.0) / k)
    inside = np.maximum(s * y, -1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(k) + np.where(s == 0.0, y, np.log1p(inside) / s)


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
    "fano_entropy": _fano_entropy,
    "envelope_line": _envelope_line,
    "erf": special.erf,
    "Q": lambda x: special.ndtr(-x),
    "where": np.where,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "xlogy": special.xlogy,
    "total": _total,
    "entropy": lambda P: _total(special.entr(P)),  # as the formulas that it cancels in
    "water_level": _water_level,
}


FUNCTIONS = frozenset(_ARRAY_FUNCTIONS)
"""What an expression may name besides quantities."""


@cache
def _compiled(text: str) -> Any:
    return compile(text, "<expression>", "eval")


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression of this package's own, in floating point.

    Vectors keep their last axis, the classes, against which all other values are broadcast.
    """
    vectors = [n for n in names(text) if QUANTITIES[n].vector and n in values]
    if vectors:
        wide = {n: np.asarray(v) for n, v in values.items()}
        values = {n: v if n in vectors else v[..., None] for n, v in wide.items()}
    result = eval(_compiled(text), {"__builtins__": {}, **_ARRAY_FUNCTIONS}, dict(values))
    return result[..., 0] if vectors else result


@cache
def symbol(name: str, quantity: Quantity | None = None) -> Any:
    """The sympy symbol of a quantity, with the assumptions that follow from its range."""
    import sympy

    known = quantity or QUANTITIES[name]
    assumptions: dict[str, bool] = {"integer": True} if known.integer else {"real": True}
    if known.least > 0 or known.positive:
        assumptions["positive"] = True
    elif known.least == 0:
        assumptions["nonnegative"] = True
    return sympy.Symbol(name, **assumptions)


@cache
def total_function() -> Any:
    """The sympy function `total(f)`: the sum of f over the classes.

    The vectors inside are bound by the sum: no substitution reaches them.
    """
    import sympy

    vectors = [symbol(n) for n, quantity in QUANTITIES.items() if quantity.vector]

    class total(sympy.Function):  # noqa: N801
        nargs = 1
        is_real = True

        def _eval_is_nonnegative(self) -> Any:
            return self.args[0].is_nonnegative

        def _eval_subs(self, old: Any, new: Any) -> Any:
            return self if old in vectors else None

        def _latex(self, printer: Any, exp: Any = None) -> str:
            summed = {v: sympy.Symbol(f"{v.name}_j") for v in vectors}
            text = printer.doprint(self.args[0].xreplace(summed))
            if self.args[0].is_Add or self.args[0].could_extract_minus_sign():
                text = rf"\left({text}\right)"
            text = rf"\sum_j {text}"
            return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    return total


@cache
def _exact_functions() -> Mapping[str, Any]:
    import sympy

    def binary_entropy(p: Any) -> Any:
        return -p * sympy.log(p) - (1 - p) * sympy.log(1 - p)

    def where(condition: Any, then: Any, otherwise: Any) -> Any:
        return sympy.Piecewise((then, condition), (otherwise, True))

    def fano_entropy(p: Any, M: Any, a: Any) -> Any:
        return sympy.log((1 - p) ** a + (M - 1) ** (1 - a) * p**a) / (1 - a)

    def envelope_line(p: Any, k: Any, a: Any) -> Any:
        growth = sympy.exp((1 - a) / a * sympy.log((k + 1) / k)) - 1
        line = 1 + k * (k + 1) * growth * (p - (k - 1) / k)
        return sympy.log(k) + a / (1 - a) * sympy.log(sympy.Max(0, line))

    total = total_function()
    return {
        "h": binary_entropy,
        "fano_entropy": fano_entropy,
        "envelope_line": envelope_line,
        "maximum": sympy.Max,
        "xlogy": lambda x, y: x * sympy.log(y),
        "total": total,
        "entropy": lambda P: total(-P * sympy.log(P)),
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
