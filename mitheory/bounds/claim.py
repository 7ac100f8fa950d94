"""Claims read exactly: sympy expressions in quantities and entropies, and when they vanish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from mitheory.bounds.expressions import QUANTITIES, Quantity, latex, read, symbol

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


def in_joint_entropies(expression: Any) -> Any:
    """The expression with H(A|B) written as H(A,B) - H(B)."""
    rules = {}
    for s in expression.free_symbols:
        if is_entropy(s):
            of, given = variables(s)
            rules[s] = joint(of | given) - joint(given)
    return sympy.expand(expression.subs(rules, simultaneous=True))


def entropy_latex(entropy: Any) -> str:
    """How an entropy symbol is set in LaTeX."""
    of, given = variables(entropy)
    sides = [",".join(sympy.latex(sympy.Symbol(v)) for v in sorted(s)) for s in (of, given) if s]
    return "H(" + r" \mid ".join(sides) + ")"


def _entropy_symbol(name: str) -> Any:
    return sympy.Symbol(name.replace(" ", ""), real=True, nonnegative=True)


class Reader:
    """Reads claims and expressions in the quantities of one proof."""

    def __init__(self, extra: Mapping[str, Quantity]) -> None:
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

        return read(_ENTROPY.sub(stand_in, text), {**self.symbols, **entropies})

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
    """Whether an expression is identically 0, by exact simplification."""

    def split_logarithm(argument: Any) -> Any:
        return sympy.expand_log(sympy.log(sympy.factor(sympy.together(argument))))

    plain = in_joint_entropies(sympy.sympify(expression))
    plain = plain.replace(sympy.log, split_logarithm)
    plain = sympy.cancel(sympy.together(sympy.expand(plain)))
    return bool(plain == 0 or sympy.simplify(plain) == 0)


def is_nonnegative(expression: Any) -> bool:
    """Whether the ranges of its symbols alone make an expression non-negative."""
    shifted = sympy.sympify(expression)
    for s in shifted.free_symbols:
        least = QUANTITIES[s.name].least if s.name in QUANTITIES else 0
        if least > 1:  # sympy knows positive whole numbers, but no other lower limit
            above = sympy.Dummy(integer=s.is_integer, nonnegative=True)
            shifted = shifted.subs(s, int(least) + above)
    return sympy.factor(sympy.together(shifted)).is_nonnegative is True
