"""The noun Estimator, and the two ways to write one down.

An estimator is a weight function (`linear`) or a function of a profile (`of_profile`), written
once. Batches, information, exact risk and the docs table all follow from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.profile import Profile

Weight = Callable[[IntArray, IntArray], FloatArray]
OfProfile = Callable[..., FloatArray]


@dataclass(frozen=True)
class Estimator:
    """An estimator of Shannon entropy in nats from a profile.

    Attributes
    ----------
    name, cite, formula, regime : str
        The key in ENTROPIES; the source, a key of references.bib; the definition, in LaTeX; when
        it is meant to be used.
    function : callable
        ``weight(j, n)`` of a linear estimator, else a function of a profile (and of the size of
        the alphabet where that is needed).
    linear : bool
        Whether the estimate is sum_j phi_j weight(j, n).
    needs_alphabet : bool
        Whether the size S of the alphabet must be given.
    """

    name: str
    cite: str
    formula: str
    regime: str
    function: Callable[..., FloatArray]
    linear: bool
    needs_alphabet: bool

    @property
    def summary(self) -> str:
        """The first sentence of the estimator's description."""
        return (inspect.getdoc(self.function) or "").split("\n\n")[0].replace("\n", " ")

    def weight(self, j: Any, n: Any) -> FloatArray:
        """What one symbol with count j out of n contributes; shapes broadcast.

        Raises
        ------
        TypeError
            If the estimator is not linear.
        """
        if not self.linear:
            raise TypeError(f"{self.name} is not linear in the profile: it has no weights")
        return self.function(np.asarray(j), np.asarray(n))

    def of_profile(self, profile: Profile, alphabet: int | None = None) -> FloatArray:
        """The estimate in nats, of batch shape.

        Raises
        ------
        ValueError
            If the estimator needs the alphabet size and none is given, or the alphabet is smaller
            than the number of symbols observed.
        """
        if alphabet is not None and alphabet < profile.observed.max():
            raise ValueError(
                f"alphabet must be at least the number of symbols observed, "
                f"{int(profile.observed.max())}; got {alphabet}"
            )
        if self.needs_alphabet:
            if alphabet is None:
                raise ValueError(f"{self.name} needs the alphabet size: pass alphabet=")
            return self.function(profile, alphabet)
        if not self.linear:
            return self.function(profile)
        n = profile.n[..., None]
        if np.all(n == n.flat[0]):
            n = n.flat[:1]  # one row of weights serves the whole batch
        return np.asarray((profile.phi * self.function(profile.j, n)).sum(axis=-1))


def linear(*, cite: str, formula: str, regime: str) -> Callable[[Weight], Estimator]:
    """Make a linear estimator of a weight function ``weight(j, n)``: one symbol's contribution."""

    def wrap(weight: Weight) -> Estimator:
        return Estimator(weight.__name__, cite, formula, regime, weight, True, False)

    return wrap


def of_profile(
    *, cite: str, formula: str, regime: str, needs_alphabet: bool = False
) -> Callable[[OfProfile], Estimator]:
    """Make an estimator of a function ``estimate(profile)`` or ``estimate(profile, alphabet)``."""

    def wrap(estimate: OfProfile) -> Estimator:
        return Estimator(estimate.__name__, cite, formula, regime, estimate, False, needs_alphabet)

    return wrap
