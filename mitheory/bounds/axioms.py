"""The facts that derivations may rest on: a short list, each with its source and its conditions.

An axiom is trusted; that a claim is an instance of it is checked here, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sympy

from mitheory.bounds.claim import Claim, DerivationError, is_nonnegative, vanishes

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A fact, and when a claim is an instance of it.

    Attributes
    ----------
    statement, cite : str
        The fact and its source, a key of references.bib.
    rests_on : int
        How many earlier claims an instance uses.
    arguments : tuple of str or None
        What an instance must be given by name; None for any names.
    conditions : Callable
        Refuses a claim, with the claims it uses and its arguments, that is no instance.
    """

    statement: str
    cite: str
    rests_on: int
    arguments: tuple[str, ...] | None
    conditions: Callable[[Claim, Sequence[Claim], Arguments], None]

    def check(self, claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
        """Refuse with a DerivationError a claim that is no instance of the fact."""
        _require(len(used) == self.rests_on, f"the axiom rests on {self.rests_on} earlier claims")
        if self.arguments is not None:
            _require(set(given) == set(self.arguments), f"the axiom is given {self.arguments}")
        self.conditions(claim, used, given)


def _require(condition: Any, reason: str) -> None:
    if not condition:
        raise DerivationError(reason)


def _definition(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    _require(claim.equality, "a definition is an equality")


def _maximum_entropy(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    _require(not claim.equality, "the claim is: entropy <= log(number of values)")
    _require(claim.left.is_Symbol, "the left side must be one entropy")
    _require(vanishes(claim.right - sympy.log(given["values"])), "the right side must be the log")
    _require(is_nonnegative(given["values"] - 1), "there must be at least one value")


def _vertices(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    entropy, error, m = given["entropy"], given["error"], given["labels"]
    excess = claim.excess
    (vertex,) = used
    _require(not claim.equality and not vertex.equality, "both claims are inequalities")
    _require(m.is_integer and m.is_positive, "the vertices are numbered by whole numbers from 1")
    _require(m not in excess.free_symbols, "the claim may not depend on the number of labels")
    _require(vanishes(excess.diff(entropy) - 1), "the excess must be the entropy plus a line")
    _require(vanishes(excess.diff(error, 2)), "the excess must be affine in the error")
    at_vertex = excess.subs({entropy: sympy.log(m), error: 1 - 1 / m}, simultaneous=True)
    _require(vanishes(at_vertex - vertex.excess), "the claim used must be the one at the vertices")


def _expectation(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (pointwise,) = used
    pairs = {s: given[s.name] for s in pointwise.excess.free_symbols if s.name in given}
    _require(claim.equality == pointwise.equality, "both claims are of one kind")
    for a in pairs:
        for b in pairs:
            _require(vanishes(pointwise.excess.diff(a, b)), "the claim used must be affine")
    average = pointwise.excess.subs(pairs, simultaneous=True)
    _require(not average.free_symbols & set(pairs), "no pointwise quantity may remain")
    _require(vanishes(average - claim.excess), "the claim must be the average of the one used")


def _increments(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    m, k, j = given["m"], given["k"], given["j"]
    growth, weight = given["growth"], given["weight"]
    (rising,) = used
    excess = claim.excess
    _require(not claim.equality and not rising.equality, "both claims are inequalities")
    for index in (m, k, j):
        _require(index.is_integer and index.is_positive, "indices are whole numbers from 1")
    _require(
        vanishes(rising.excess - (growth.subs(j, j + 1) - growth)),
        "the claim used must say that c rises",
    )
    _require(is_nonnegative(weight), "the weight must be non-negative")
    _require(vanishes(excess.subs(m, k)), "the excess must vanish at m = k")
    step = excess.subs(m, m + 1) - excess
    _require(
        vanishes(step - weight * (growth.subs(j, m) - growth.subs(j, k))),
        "the excess must grow by weight(m) (c(m) - c(k))",
    )


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "definition": Rule("The meaning of the symbols.", "cover2006", 0, (), _definition),
        "maximum entropy": Rule(
            "A variable with n values has entropy at most ln n.",
            "cover2006",
            0,
            ("values",),
            _maximum_entropy,
        ),
        "vertices": Rule(
            "Entropy is concave and the largest probability is linear on the laws "
            "p_1 >= ... >= p_M, a simplex whose vertices are the uniform laws on the first m "
            "labels; a concave function on a simplex is at least its least value at the vertices.",
            "rockafellar1970",
            1,
            ("entropy", "error", "labels"),
            _vertices,
        ),
        "expectation": Rule(
            "An affine inequality that holds at each point holds for the averages.",
            "cover2006",
            1,
            None,
            _expectation,
        ),
        "increments": Rule(
            "If c(1) <= c(2) <= ..., g(k) = 0 and g(m + 1) - g(m) = w(m) (c(m) - c(k)) with "
            "w >= 0, then g(m) >= 0 for every whole m >= 1: sum the increments away from k.",
            "rudin1976",
            1,
            ("m", "k", "j", "growth", "weight"),
            _increments,
        ),
    }
)
"""The axioms by name."""
