"""Claims read exactly: sympy expressions in quantities and entropies, and when they vanish."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy

from mitheory.bounds.expressions import (
    FUNCTIONS,
    QUANTITIES,
    Quantity,
    latex,
    read,
    symbol,
    total_function,
)

_ENTROPY = re.compile(r"H\(([^()]*)\)")


class DerivationError(ValueError):
    """A step that does not follow."""


@dataclass(frozen=True)
class Claim:
    """left <= right (`relation` "<=") or left = right ("=")."""

    text: str
    left: Any
    relation: str
    right: Any

    @property
    def excess(self) -> Any:
        """right - left: what is claimed to be non-negative, or zero."""
        return self.right - self.left

    @property
    def equality(self) -> bool:
        """Whether the claim is left = right."""
        return self.relation == "="

    def latex(self, setting: Mapping[Any, str]) -> str:
        """The claim in LaTeX; `setting` says how symbols are set."""
        entropies = {s: entropy_latex(s) for s in self.excess.free_symbols if is_entropy(s)}
        relation = r"\le" if self.relation == "<=" else "="
        both = {**setting, **entropies}
        return f"{latex(self.left, both)} {relation} {latex(self.right, both)}"


def is_entropy(symbol_: Any) -> bool:
    """Whether a symbol is the entropy of named variables."""
    return bool(_ENTROPY.fullmatch(symbol_.name))


def variables(entropy: Any) -> tuple[frozenset[str], frozenset[str]]:
    """The variables of an entropy symbol and those it is conditioned on."""
    match = _ENTROPY.fullmatch(entropy.name)
    assert match is not None
    of, _, given = match[1].partition("|")
    split = [frozenset(v.strip() for v in part.split(",") if v.strip()) for part in (of, given)]
    return split[0], split[1]


def joint(names: frozenset[str]) -> Any:
    """The symbol of the joint entropy of variables; 0 for none."""
    return _entropy_symbol(f"H({','.join(sorted(names))})") if names else sympy.Integer(0)


@lru_cache(maxsize=4096)
def in_joint_entropies(expression: Any) -> Any:
    """The expression with H(A|B) written as H(A,B) - H(B)."""
    rules = {}
    for s in expression.free_symbols:
        if is_entropy(s):
            of, given = variables(s)
            rules[s] = joint(of | given) - joint(given)
    return sympy.expand(expression.subs(rules, simultaneous=True)) if rules else expression


def entropy_latex(entropy: Any) -> str:
    """How an entropy symbol is set in LaTeX."""
    of, given = variables(entropy)
    sides = [",".join(sympy.latex(sympy.Symbol(v)) for v in sorted(s)) for s in (of, given) if s]
    return "H(" + r" \mid ".join(sides) + ")"


def _entropy_symbol(name: str) -> Any:
    return sympy.Symbol(name.replace(" ", ""), real=True, nonnegative=True)


@lru_cache(maxsize=4096)
def _read(text: str, *symbols: tuple[str, Any]) -> Any:
    return read(text, dict(symbols))


class Reader:
    """Reads claims and expressions in the quantities of one proof."""

    def __init__(self, extra: Mapping[str, Quantity]) -> None:
        if taken := sorted(extra.keys() & FUNCTIONS):
            raise DerivationError(f"{taken} are functions: name the quantities otherwise")
        for name in extra.keys() & QUANTITIES.keys():
            own, known = extra[name], QUANTITIES[name]
            if own.least < known.least or own.most > known.most or own.integer != known.integer:
                raise DerivationError(f"{name} is a quantity of the bounds: keep it in its range")
        self.quantities = {**QUANTITIES, **extra}
        self.symbols = {name: symbol(name, quantity) for name, quantity in extra.items()}
        self.setting = {symbol(n, q): q.latex for n, q in extra.items() if q.latex}

    def expression(self, text: str) -> Any:
        """The exact expression that a text denotes."""
        entropies: dict[str, Any] = {}

        def stand_in(match: re.Match[str]) -> str:
            name = f"entropy_{len(entropies)}"
            entropies[name] = _entropy_symbol(match[0])
            return name

        return _read(_ENTROPY.sub(stand_in, text), *self.symbols.items(), *entropies.items())

    def claim(self, text: str) -> Claim:
        """The claim that a text makes."""
        parts = re.split(r"\s(<=|>=|=)\s", text)
        if len(parts) != 3:
            raise DerivationError(f"a claim is two sides of one <=, >= or =; got {text!r}")
        left, right = self.expression(parts[0]), self.expression(parts[2])
        if parts[1] == ">=":
            left, right = right, left
        return Claim(text, left, "=" if parts[1] == "=" else "<=", right)


def vanishes(expression: Any) -> bool:
    """Whether an expression is identically 0, by exact simplification.

    Sums over the classes are linear; where a maximum occurs, each of its cases is tried.
    """
    plain = in_joint_entropies(sympy.sympify(expression))
    if sums := plain.atoms(total_function()):
        plain = sympy.expand(plain.xreplace({s: _linear(s) for s in sums}))
        plain = plain.xreplace({s: sympy.Dummy(real=True) for s in plain.atoms(total_function())})
    if plain.has(sympy.Max):  # equal terms cancel before a case makes one of them undefined
        plain = sympy.expand_mul(plain)
    return all(map(_vanishes, _cases(plain)))


@lru_cache(maxsize=4096)
def _vanishes(plain: Any) -> bool:
    if _differs_from_0(plain):
        return False
    plain = plain.replace(sympy.log, _split_logarithm)
    plain = sympy.cancel(sympy.together(sympy.expand(plain)))
    return bool(plain == 0 or sympy.simplify(plain) == 0)


def _differs_from_0(expression: Any) -> bool:
    """Whether an expression is visibly not 0 at one point that its symbols may take."""
    symbols = sorted(expression.free_symbols, key=str)
    point = {
        s: sympy.Integer(7 + i) if s.is_integer else sympy.Rational(5 + 2 * i, 37 + 3 * i)
        for i, s in enumerate(symbols)
    }
    value = expression.subs(point).evalf(30)
    return bool(value.is_number and value.is_finite and abs(value) > 1e-15)


def _split_logarithm(argument: Any) -> Any:
    """ln of a product as the sum of the logarithms of factors that are non-negative."""
    factored = sympy.factor(sympy.together(argument))
    split = sympy.expand_log(sympy.log(factored))
    if not any(log.args[0].is_Mul or log.args[0].is_Pow for log in split.atoms(sympy.log)):
        return split
    logarithms: Any = sympy.Integer(0)
    sign = 1
    for factor in sympy.Mul.make_args(factored):
        base, exponent = factor.as_base_exp()
        if not is_nonnegative(base):
            base, sign = -base, -sign
            if not (exponent in (1, -1) and is_nonnegative(base)):
                return split
        logarithms += exponent * sympy.log(base)
    return logarithms if sign > 0 else split


def _linear(summed: Any) -> Any:
    """A sum over the classes as a linear combination of sums of products."""
    total = total_function()
    # all that is summed is continuous where a probability, or another symbol, becomes 0
    positive = {
        s: sympy.Dummy(positive=True, integer=s.is_integer)
        for s in summed.free_symbols
        if s.is_nonnegative
    }
    inside = summed.args[0].xreplace(positive).replace(sympy.log, _split_logarithm)
    back = {dummy: s for s, dummy in positive.items()}
    vectors = [positive.get(symbol(n)) for n, q in QUANTITIES.items() if q.vector]
    combination: Any = sympy.Integer(0)
    for term in sympy.Add.make_args(sympy.expand(inside)):
        factor, core = term.as_independent(*(v for v in vectors if v is not None), as_Add=False)
        combination += factor.xreplace(back) * total(core.xreplace(back))
    return combination


def _cases(expression: Any) -> list[Any]:
    """The expression where the first of its maxima is one side, and where it is the other."""
    maxima = sorted((m for m in expression.atoms(sympy.Max) if len(m.args) == 2), key=str)
    if not maxima:
        return [expression]
    first, second = maxima[0].args
    left: dict[Any, Any] = {}  # where first >= second
    right: dict[Any, Any] = {}
    for maximum in maxima:
        a, b = maximum.args
        for one, other in ((a, b), (b, a)):
            if sympy.expand((one - other) - (first - second)) == 0:
                left[maximum], right[maximum] = one, other
    return [case for rules in (left, right) for case in _cases(expression.xreplace(rules))]


@lru_cache(maxsize=16384)
def amounts(expression: Any, values: tuple[tuple[Any, Any], ...]) -> tuple[Any, ...]:
    """The values of an expression where its symbols have these values, vectors being tuples.

    One value; or one for each class if it speaks of the probability of any one class.
    """
    laws = {s: value for s, value in values if isinstance(value, tuple)}
    number = expression.subs({s: value for s, value in values if s not in laws})
    classes = [dict(zip(laws, each, strict=True)) for each in zip(*laws.values(), strict=True)]
    sums = {
        summed: sympy.Add(*(summed.args[0].subs(each) for each in classes))
        for summed in number.atoms(total_function())
    }
    number = number.xreplace(sums)
    if not number.free_symbols:
        return (number.evalf(),)
    return tuple(number.subs(each).evalf() for each in classes)


def is_nonnegative(expression: Any, known: Mapping[str, Quantity] = QUANTITIES) -> bool:
    """Whether the ranges of its symbols alone make an expression non-negative.

    Sympy knows the signs of the symbols; a range with other ends is mapped to the positive
    numbers, without its ends, to which the conclusion extends by continuity.
    """
    inside = sympy.sympify(expression)
    if inside.is_nonnegative:
        return True
    for s in inside.free_symbols:
        least, most = (
            (known[s.name].least, known[s.name].most) if s.name in known else (0, math.inf)
        )
        if s.is_integer and least >= 1:
            above = sympy.Dummy(integer=True, nonnegative=True)
            inside = inside.subs(s, int(least) + above)
        elif not s.is_integer and math.isfinite(least) and math.isfinite(most):
            low, width = sympy.nsimplify(least), sympy.nsimplify(most - least)
            odds = sympy.Dummy(positive=True)
            inside = inside.subs(s, low + width * odds / (1 + odds))
    if sympy.factor(sympy.together(inside)).is_nonnegative:
        return True
    # exp(-c) with c >= 0 lies in (0, 1], whatever else depends on c
    decays = {e for e in inside.atoms(sympy.exp) if (-e.args[0]).is_nonnegative}
    inside = inside.xreplace({e: 1 / (1 + sympy.Dummy(nonnegative=True)) for e in decays})
    return bool(decays) and sympy.factor(sympy.together(inside)).is_nonnegative is True
