"""Real inequalities on a box, proved by interval arithmetic with outward rounding.

A box is settled when the interval value of the function is non-negative; or when the function is
smooth inside, monotone in a variable and its face at the lower end is settled; or when it is
smooth inside, concave in a variable and both faces are. Derivatives are settled by the same means,
so that a zero at a corner is met by its expansion there. What is not settled is halved. A value at
a point is exact where intervals cannot decide: sampling refutes, it never proves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from mitheory.bounds.claim import DerivationError, vanishes

Box = Mapping[Any, tuple[Any, Any]]

ORDER = 4  # derivatives taken at most, one within another
MOST_BOXES = 1_000
_iv = MPIntervalContext()
_iv.prec = 80
_FUNCTIONS = {sympy.log: _iv.log, sympy.exp: _iv.exp}
_EVERYTHING = _iv.mpf([-_iv.inf, _iv.inf])


def enclosure(expression: Any, box: Box) -> Any:
    """An interval that contains every value of the expression on the box."""
    try:
        return _enclosure(expression, box)
    except DerivationError:
        raise
    except (ArithmeticError, ValueError, NotImplementedError):
        return _EVERYTHING


def _enclosure(expression: Any, box: Box) -> Any:
    if expression.is_Rational:
        return _iv.mpf(int(expression.p)) / _iv.mpf(int(expression.q))
    if expression.is_Symbol:
        low, high = (_enclosure(end, {}) for end in box[expression])
        return _iv.mpf([low.a, high.b])
    if expression is sympy.pi:
        return _iv.pi
    parts = [_enclosure(argument, box) for argument in expression.args]
    if expression.is_Add:
        return sum(parts[1:], parts[0])
    if expression.is_Mul:
        value = parts[0]
        for part in parts[1:]:
            value = value * part
        return value
    if expression.is_Pow:
        exponent = expression.args[1]
        if exponent.is_Integer:
            return parts[0] ** int(exponent)
        return _iv.exp(parts[1] * _iv.log(parts[0]))
    if expression.func in _FUNCTIONS:
        return _FUNCTIONS[expression.func](parts[0])
    raise DerivationError(f"no interval rule for {expression.func}")


@cache
def _derivative(expression: Any, variable: Any) -> Any:
    return sympy.factor(sympy.simplify(sympy.diff(expression, variable)))


def _face(expression: Any, variable: Any, point: Any, side: str) -> Any:
    """The expression at an end of a variable, as a limit from inside."""
    value = expression.subs(variable, point)
    if value.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        value = sympy.limit(expression, variable, point, side)
    return value


def _smooth(expression: Any, box: Box) -> bool:
    """Whether a function has no pole, and leaves no domain, but at the boundary of a box.

    Across a pole the signs of derivatives say nothing about the function.
    """
    for part in sympy.preorder_traversal(expression):
        if part.func is sympy.log and _sign(part.args[0], box) <= 0:
            return False
        if part.is_Pow and not (part.exp.is_Integer and part.exp > 0):
            sign = _sign(part.base, box)
            if sign == 0 or (sign < 0 and not part.exp.is_Integer):
                return False
    return True


def _sign(expression: Any, box: Box) -> int:
    """The sign of an expression everywhere inside a box, without its boundary; 0 if unknown."""
    if expression.is_Symbol:
        low, high = box[expression]
        return 1 if low >= 0 else -1 if high <= 0 else 0
    value = enclosure(expression, box)
    if bool(value.a > 0) or bool(value.b < 0):
        return 1 if bool(value.a > 0) else -1
    if expression.is_Pow and expression.exp.is_Integer:
        return int(_sign(expression.base, box) ** abs(int(expression.exp)))
    factored = sympy.factor(expression)
    if factored.is_Mul:
        return math.prod(_sign(factor, box) for factor in factored.args)
    variables = list(box)
    if factored.is_polynomial(*variables) and factored != 0:
        # affine in each variable: with a zero inside it is 0 throughout, or changes its sign
        degrees = sympy.Poly(factored, *variables).degree_list()
        if max(degrees) <= 1 and (bool(value.a >= 0) or bool(value.b <= 0)):
            return 1 if bool(value.a >= 0) else -1
    return 0


def _settled(expression: Any, box: Box, order: int) -> bool:
    if expression is sympy.oo:
        return True
    if expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        return False
    value = enclosure(expression, box)
    if bool(value.a >= 0):
        return True
    if not box:
        return vanishes(expression)
    if bool(value.b < 0) or order == 0 or not _smooth(expression, box):
        return False
    for variable, (low, high) in box.items():
        rest = {v: ends for v, ends in box.items() if v != variable}
        slope = _derivative(expression, variable)

        def at(end: Any, side: str, variable: Any = variable, rest: Box = rest) -> bool:
            return _settled(_face(expression, variable, end, side), rest, order)

        if _settled(slope, box, order - 1) and at(low, "+"):
            return True
        if _settled(-slope, box, order - 1) and at(high, "-"):
            return True
        curvature = _derivative(slope, variable)
        if bool(enclosure(curvature, box).b <= 0) and at(low, "+") and at(high, "-"):
            return True
    return False


def prove(expression: Any, on: Mapping[Any, tuple[Any, ...]]) -> str:
    """Prove expression >= 0 for every point of a box; returns the evidence as text.

    Parameters
    ----------
    expression : sympy.Expr
        In elementary functions of the variables.
    on : Mapping
        For each variable two or more increasing points: the box runs from the first to the last
        and is cut at those between (where the expression has zeros inside).

    Raises
    ------
    DerivationError
        When the expression is negative somewhere, or is not settled after many halvings.
    """
    if free := expression.free_symbols - set(on):
        raise DerivationError(f"no range is given for {sorted(map(str, free))}")
    for variable, points in on.items():
        if len(points) < 2 or any(not low < high for low, high in pairwise(points)):
            raise DerivationError(f"the points of {variable} must be two or more that increase")
    return _prove(expression, tuple((v, tuple(points)) for v, points in on.items()))


@lru_cache(maxsize=1024)
def _prove(expression: Any, ranges: tuple[tuple[Any, tuple[Any, ...]], ...]) -> str:
    on = dict(ranges)
    cuts = [list(pairwise(points)) for points in on.values()]
    boxes = [dict(zip(on, ends, strict=True)) for ends in product(*cuts)]
    settled = 0
    while boxes:
        box = boxes.pop()
        if _settled(expression, box, ORDER):
            settled += 1
            continue
        centre = {v: (low + high) / 2 for v, (low, high) in box.items()}
        if bool(enclosure(expression, {v: (c, c) for v, c in centre.items()}).b < 0):
            raise DerivationError(f"{expression} is negative at {centre}")
        if settled + len(boxes) > MOST_BOXES:
            break
        widest = max(box, key=lambda v: box[v][1] - box[v][0])
        low, high = box[widest]
        boxes += [{**box, widest: (low, centre[widest])}, {**box, widest: (centre[widest], high)}]
    else:
        return f"settled on {settled} box{'es' if settled != 1 else ''} by interval arithmetic"
    raise DerivationError(f"{expression} >= 0 is not settled after {MOST_BOXES} boxes")
