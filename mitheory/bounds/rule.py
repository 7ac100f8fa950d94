"""What an axiom is to a derivation: a fact, its source, and when a claim is an instance of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mitheory.bounds.claim import Claim, DerivationError
from mitheory.bounds.expressions import QUANTITIES, Quantity

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A fact, and when a claim is an instance of it.

    Attributes
    ----------
    statement, cite : str
        The fact and its source, a key of references.bib.
    rests_on : int or None
        How many earlier claims an instance uses; None for any number.
    arguments : tuple of str or None
        What an instance must be given by name; None for any names.
    conditions : Callable
        Refuses a claim, with the claims it uses and its arguments, that is no instance.
    of_probabilities : bool
        Whether both sides of a claim must be probabilities: symbols that range within [0, 1].
    """

    statement: str
    cite: str
    rests_on: int | None
    arguments: tuple[str, ...] | None
    conditions: Callable[[Claim, Sequence[Claim], Arguments], None]
    of_probabilities: bool = False

    def check(
        self,
        claim: Claim,
        used: Sequence[Claim],
        given: Arguments,
        quantities: Mapping[str, Quantity] = QUANTITIES,
    ) -> None:
        """Refuse with a DerivationError a claim that is no instance of the fact."""
        if self.rests_on is not None:
            require(
                len(used) == self.rests_on, f"the axiom rests on {self.rests_on} earlier claims"
            )
        if self.arguments is not None:
            require(set(given) == set(self.arguments), f"the axiom is given {self.arguments}")
        if self.of_probabilities:
            for side in (claim.left, claim.right):
                quantity = quantities.get(str(side))
                within = quantity is not None and quantity.least >= 0 and quantity.most <= 1
                require(within, f"{side} must be a probability, a symbol that ranges in [0, 1]")
        self.conditions(claim, used, given)


def require(condition: Any, reason: str) -> None:
    """Refuse with a DerivationError and its reason unless the condition holds."""
    if not condition:
        raise DerivationError(reason)
