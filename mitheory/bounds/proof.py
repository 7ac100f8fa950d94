"""A proof as data: claims as text, each with the one of four kinds of reason that supports it.

A claim is `left <= right`, `left >= right` or `left = right` between expressions in quantities and
entropies such as `H(Y|X,E)`, true for every value of its symbols in their ranges. What a reason
must establish is written in `mitheory.bounds.derivation`, which checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mitheory.bounds.expressions import Quantity

Witness = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shannon:
    """A Shannon-type inequality: true of the joint entropies of any variables that obey `uses`."""

    name: str
    claim: str
    uses: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Use:
    """An earlier claim, its symbols replaced as `at` says, multiplied by `times`."""

    step: str
    times: str = "1"
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A claim whose two sides differ by exactly the sum of the claims used."""

    name: str
    claim: str
    uses: tuple[Use, ...] = ()
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Inequality:
    """A real inequality on a box: `on` gives two or more points for each symbol, to start from."""

    name: str
    claim: str
    on: Mapping[str, tuple[str, ...]]
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Axiom:
    """A definition or a classical fact, by the name of its rule in `mitheory.bounds.axioms`."""

    name: str
    claim: str
    rule: str
    uses: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    because: str = ""


Step = Shannon | Identity | Inequality | Axiom


def _no_witness() -> Sequence[Witness]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The steps of a derivation, the last of which claims the bound.

    Attributes
    ----------
    steps : tuple of Step
    symbols : Mapping[str, Quantity]
        Quantities that only the proof speaks of.
    witnesses : Callable
        Returns values of the symbols, a tuple for a vector, and of joint entropies (`"H(X,Y)"`,
        variables in alphabetical order) in concrete cases. No case proves anything, but one
        refutes a step that fails in it, and a range that a value is out of; and an axiom that no
        case tests is refused.
    """

    steps: tuple[Step, ...]
    symbols: Mapping[str, Quantity] = field(default_factory=dict)
    witnesses: Callable[[], Sequence[Witness]] = _no_witness
