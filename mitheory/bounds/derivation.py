"""Derivations: proofs that a machine checks step by step, and that print themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy

from mitheory.bounds import interval, shannon
from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import (
    Claim,
    DerivationError,
    Reader,
    amounts,
    in_joint_entropies,
    is_entropy,
    is_nonnegative,
    vanishes,
)
from mitheory.bounds.expressions import Quantity, latex
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Shannon, Step, Use, Witness

Claims = Mapping[str, Claim]

REFUTATION = 1e-9
"""A claim that fails by more than this in a concrete case is refuted: rounding is far smaller."""


@dataclass(frozen=True)
class Derivation:
    """A proof that the goal is non-negative, in steps of exactly four kinds.

    Attributes
    ----------
    title : str
        What is derived.
    goal : sympy.Expr
        The expression that the last step must claim to be non-negative.
    proof : Proof
        The steps.
    """

    title: str
    goal: Any
    proof: Proof

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.proof.symbols)

    @cached_property
    def _witnesses(self) -> Sequence[Witness]:
        witnesses = self.proof.witnesses()
        for witness in witnesses:  # a range is an assumption that no step states
            for name, value in witness.items():
                quantity = self._reader.quantities.get(name)
                if quantity is not None and not _in_range(value, quantity):
                    raise DerivationError(
                        f"{self.title}: {name} is {value} in a concrete case, out of its range"
                    )
        return witnesses

    def check(self) -> tuple[str, ...]:
        """Check every step; returns the evidence for each.

        Raises
        ------
        DerivationError
            When a step does not follow from the earlier ones by its own kind of reason, fails in
            a concrete case, is not used, or the last does not claim the goal.
        """
        established: dict[str, Claim] = {}
        evidence: dict[str, str] = {}
        used: set[str] = set()
        for step in self.proof.steps:
            with self._telling(step):
                evidence[step.name] = self._establish(step, established)
            used.update(_used(step))
        if not established:
            raise DerivationError(f"{self.title}: there are no steps")
        last = self.proof.steps[-1].name
        if idle := established.keys() - used - {last}:
            raise DerivationError(f"{self.title}: nothing uses {sorted(idle)}")
        if established[last].equality or not vanishes(established[last].excess - self.goal):
            raise DerivationError(f"{self.title}: the last step does not claim the bound")
        for step in self.proof.steps:  # last, since the search may be long
            if isinstance(step, Inequality):
                with self._telling(step):
                    evidence[step.name] = self._on_its_box(step, established[step.name])
        return tuple(evidence.values())

    @contextmanager
    def _telling(self, step: Step) -> Iterator[None]:
        """Adds to an error the step that it concerns."""
        try:
            yield
        except DerivationError as error:
            raise DerivationError(f"{self.title}, step {step.name!r}: {error}") from None

    def _establish(self, step: Step, established: dict[str, Claim]) -> str:
        if step.name in established:
            raise DerivationError("the name is taken by an earlier step")
        if unknown := [name for name in _used(step) if name not in established]:
            raise DerivationError(f"rests on {unknown}, which no earlier step establishes")
        claim = self._reader.claim(step.claim)
        tested = [self._confront(claim, witness) for witness in self._witnesses]
        earlier = {name: established[name] for name in _used(step)}
        on_a_box = {s.name for s in self.proof.steps if isinstance(s, Inequality)}
        if not isinstance(step, Identity) and (ranged := on_a_box & earlier.keys()):
            raise DerivationError(f"{sorted(ranged)} hold on a box: use them in an identity")
        match step:
            case Shannon():
                evidence = shannon.prove(claim, earlier)
            case Identity():
                evidence = self._sum(claim, step.uses, earlier)
            case Inequality():
                if claim.equality:
                    raise DerivationError("interval arithmetic proves inequalities only")
                evidence = "to be proved on its box"
            case Axiom():
                if step.rule not in RULES:
                    raise DerivationError(f"no axiom is named {step.rule!r}")
                given = {n: self._reader.expression(text) for n, text in step.given.items()}
                rule = RULES[step.rule]
                rule.check(claim, list(earlier.values()), given, self._reader.quantities)
                if not any(tested):  # that its symbols mean what it takes them for is not checked
                    raise DerivationError("no concrete case speaks of all symbols of this axiom")
                evidence = f"{rule.statement} [{rule.cite}]"
        established[step.name] = claim
        return evidence

    def _on_its_box(self, step: Inequality, claim: Claim) -> str:
        """Prove a real inequality."""
        points = {
            self._reader.expression(name): tuple(map(self._reader.expression, ends))
            for name, ends in step.on.items()
        }
        return interval.prove(claim.excess, points)

    def _sum(self, claim: Claim, uses: tuple[Use, ...], earlier: Claims) -> str:
        """Check that the excess of a claim is the sum of those used, times their factors."""
        total: Any = 0
        for use in uses:
            base = earlier[use.step]
            factor = self._reader.expression(use.times)
            if not base.equality:
                if claim.equality:
                    raise DerivationError("an equality cannot rest on an inequality")
                if not is_nonnegative(factor, self._reader.quantities):
                    raise DerivationError(f"the factor {factor} of an inequality may be negative")
            at = {self._reader.expression(s): self._reader.expression(v) for s, v in use.at.items()}
            self._admit(use.step, base, at)
            total += factor * base.excess.subs(at, simultaneous=True)
        if not vanishes(claim.excess - total):
            raise DerivationError("the two sides differ by something else than the claims used")
        return "exact identity"

    def _admit(self, name: str, base: Claim, at: Mapping[Any, Any]) -> None:
        """Refuse a substitution that leaves the ranges in which a claim was established."""
        known = self._reader.quantities
        for symbol, value in at.items():
            if not (symbol.is_Symbol and symbol.name in known):
                raise DerivationError(f"{symbol} is no quantity that a value can replace")
            quantity = self._reader.quantities[symbol.name]
            whole = value.is_integer or not quantity.integer
            if not (whole and _inside(value, quantity.least, quantity.most, known)):
                raise DerivationError(f"{value} may be no value of {symbol}")
        for step in self.proof.steps:
            if step.name == name and isinstance(step, Inequality):
                for variable, ends in step.on.items():
                    symbol = self._reader.expression(variable)
                    if symbol not in at:
                        raise DerivationError(f"say which {variable} in its range is meant")
                    low, high = map(self._reader.expression, (ends[0], ends[-1]))
                    if not _inside(at[symbol], low, high, known):
                        raise DerivationError(f"{at[symbol]} may leave the range of {variable}")

    def _confront(self, claim: Claim, witness: Witness) -> bool:
        """Refuse a claim that fails in a concrete case; whether the case speaks of all symbols."""
        excess = in_joint_entropies(claim.excess)
        values = {s: witness[s.name] for s in excess.free_symbols if s.name in witness}
        if len(values) < len(excess.free_symbols):
            return False
        try:
            found = amounts(excess, tuple(values.items()))
        except ValueError:  # sympy compares no numbers that are undefined
            raise DerivationError(f"{claim.text} is undefined in a concrete case") from None
        for amount in found:
            if not (amount.is_real and amount.is_finite):
                raise DerivationError(f"{claim.text} is undefined in a concrete case")
            if amount < -REFUTATION or (claim.equality and amount > REFUTATION):
                raise DerivationError(f"{claim.text} fails by {float(amount):g} in a concrete case")
        return True

    def to_text(self) -> str:
        """The derivation as plain text, checked first, with the evidence of each step."""
        meanings = [f"   {name}: {meaning}" for name, _, meaning in self._symbols()]
        lines = [self.title, "", "Symbols", *meanings, ""]
        for number, (step, evidence) in enumerate(self._checked(), start=1):
            lines += [
                f"{number}. {_readable(step.claim)}",
                f"   {self._reason(step)}",
                f"   {evidence}",
            ]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """The derivation as Markdown with LaTeX formulas, checked first."""
        where = "; ".join(f"${set_as}$: {meaning}" for _, set_as, meaning in self._symbols())
        lines = [f"## {self.title}", "", f"Where {where}.", ""]
        for number, (step, evidence) in enumerate(self._checked(), start=1):
            lines += [f"{number}. ${self._latex(step)}$  ", f"   {self._reason(step)}  "]
            lines += [f"   *{evidence}*", ""]
        return "\n".join(lines)

    def to_latex(self) -> str:
        """The derivation as a LaTeX enumeration, checked first, with the evidence of each step.

        A fragment for a document that loads the package amsmath.
        """
        where = "; ".join(
            rf"\({set_as}\): {_escaped(meaning)}" for _, set_as, meaning in self._symbols()
        )
        lines = [rf"\paragraph{{{_escaped(self.title)}}} Where {where}.", r"\begin{enumerate}"]
        for step, evidence in self._checked():
            lines += [
                rf"\item \({self._latex(step)}\) \\ {_escaped(self._reason(step))}",
                rf"\\ \emph{{{_escaped(evidence)}}}",
            ]
        return "\n".join([*lines, r"\end{enumerate}"])

    def _checked(self) -> list[tuple[Step, str]]:
        return list(zip(self.proof.steps, self.check(), strict=True))

    def _symbols(self) -> list[tuple[str, str, str]]:
        """The quantities that the steps speak of: name, LaTeX, meaning."""
        claims = [self._reader.claim(step.claim) for step in self.proof.steps]
        spoken = {s for claim in claims for s in claim.left.free_symbols | claim.right.free_symbols}
        for step in self.proof.steps:
            if isinstance(step, Axiom):
                given = map(self._reader.expression, step.given.values())
                spoken.update(s for expression in given for s in expression.free_symbols)
        rows = [
            (s.name, latex(s, self._reader.setting), self._reader.quantities[s.name].meaning)
            for s in sorted(spoken, key=str)
            if not is_entropy(s)
        ]
        if any(re.search(r"\bh\(", step.claim) for step in self.proof.steps):
            rows.append(("h(p)", "h(p)", "-p ln p - (1 - p) ln(1 - p), the binary entropy"))
        if any("total(" in step.claim for step in self.proof.steps):
            rows.append(("total(f)", r"\sum_j f_j", "the sum of f over the classes"))
            rows.append(("entropy(P)", r"-\sum_j P_j \ln P_j", "the entropy of the prior"))
        return rows

    def _latex(self, step: Step) -> str:
        return self._reader.claim(step.claim).latex(self._reader.setting)

    def _reason(self, step: Step) -> str:
        numbers = {s.name: str(i) for i, s in enumerate(self.proof.steps, start=1)}
        match step:
            case Shannon():
                kind = "Shannon-type inequality"
            case Identity():
                kind = "Identity"
            case Inequality():
                ranges = [f"{v} in [{ends[0]}, {ends[-1]}]" for v, ends in step.on.items()]
                kind = f"Real inequality, {', '.join(ranges)}"
            case Axiom():
                kind = step.rule.capitalize()
        source = f", from {', '.join(numbers[n] for n in _used(step))}" if _used(step) else ""
        return f"{kind}{source}. {step.because}".rstrip()


def _in_range(value: Any, quantity: Quantity) -> bool:
    """Whether a number, or each of a tuple, may be a value of the quantity, up to rounding."""
    return all(
        quantity.least - REFUTATION <= x <= quantity.most + REFUTATION
        and (not quantity.integer or x == round(x))
        for x in (value if isinstance(value, tuple) else (value,))
    )


def _inside(value: Any, low: Any, high: Any, known: Mapping[str, Quantity]) -> bool:
    """Whether low <= value <= high whatever its symbols are; infinite limits hold by themselves."""
    from_low = low == -math.inf or is_nonnegative(value - sympy.nsimplify(low), known)
    return from_low and (high == math.inf or is_nonnegative(sympy.nsimplify(high) - value, known))


def _used(step: Step) -> tuple[str, ...]:
    """The names of the earlier steps that a step rests on."""
    match step:
        case Identity():
            return tuple(use.step for use in step.uses)
        case Inequality():
            return ()
        case _:
            return step.uses


def _readable(claim: str) -> str:
    """A claim with the natural logarithm by its common name, as in the reasons."""
    return re.sub(r"\blog\(", "ln(", claim)


def _escaped(text: str) -> str:
    """Plain text for LaTeX."""
    special = {character: rf"\{character}" for character in "_%&#${}"}
    words = {"|": "bar", "<": "less", ">": "greater", "~": "asciitilde", "\\": "backslash"}
    special |= {character: rf"\text{word}{{}}" for character, word in words.items()}
    special["^"] = r"\^{}"
    return "".join(special.get(character, character) for character in text)
