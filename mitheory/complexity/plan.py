"""What a plan says: sample sizes and errors by every route."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PlannedRoute:
    """One argument, the sample size it needs and the error it then promises.

    Attributes
    ----------
    name : str
    n : int
        Number of samples.
    error : float
        With probability `level`, |truth - estimate| is at most this with n samples; nats, or a
        probability of error. The estimate is the plug-in and the shift, unless `assumes` names
        another; for the Bayes error the plug-in is the share of errors of the majority rule on its
        own samples.
    assumes : str
        What must hold beyond independent samples of one law.
    cite : tuple of str
        Keys of references.bib; empty where the argument is derived in docs/theory alone.
    shift : float
        What is to be added to the plug-in, for its largest bias.
    promise : bool
        False for a size that no theorem promises, given for comparison only.
    """

    name: str
    n: int
    error: float
    assumes: str
    cite: tuple[str, ...]
    shift: float = 0.0
    promise: bool = True


@dataclass(frozen=True)
class Plan:
    """Sample sizes and errors by every route; `n` and `error` are those of `method`.

    Attributes
    ----------
    quantity : str
    level : float
    classes : int
    alphabet : int or None
        Number of values X can take.
    method : str
        The route chosen: the one asked for, or the best that promises without a shift.
    n : int
    error : float
    routes : tuple of PlannedRoute
        Best first; last, those that promise nothing.
    excluded : dict of str to str
        Arguments that have no number here, and why.
    """

    quantity: str
    level: float
    classes: int
    alphabet: int | None
    method: str
    n: int
    error: float
    routes: tuple[PlannedRoute, ...]
    excluded: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Every field as plain numbers and text, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [
            f"{self.quantity} of {self.classes} labels within {self.error:.4g} with probability "
            f"{self.level}: n = {self.n} by {self.method}",
            f"{'route':22}{'n':>16}{'error':>12}  assumes",
        ]
        lines += [
            f"{r.name:22}{r.n:16d}{r.error:12.4g}  {r.assumes}{_added(r)}" for r in self.routes
        ]
        lines += [f"{name:22}{'-':>16}{'-':>12}  {why}" for name, why in self.excluded.items()]
        return "\n".join(lines)


def _added(route: PlannedRoute) -> str:
    return f" (shift {route.shift:.4g})" if route.shift else ""
