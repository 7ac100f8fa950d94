"""What the contract of the bounds needs to know of each: one `Case` per name in `BOUNDS`.

Every module of this package has a `CASES` of its own; this one gathers them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Case:
    """Where and how to try one bound. Vector symbols are arrays, their last axis the classes.

    Attributes
    ----------
    samples
        Values of all symbols but the auxiliary ones, inside the domain, with corners; the formula
        must be defined there. Each inverse is tried at the distinct values of the other symbols.
    instances
        From a random generator, values of all symbols measured in random cases of the theorem, by
        enumeration or quadrature: there the slack must be at least -1e-12.
    attained
        Keyword arguments of `bound.tight`; empty if that is None.
    measure
        The symbols of what `tight` returned, where the slack must be 0 to 1e-13.
    auxiliary
        For each auxiliary symbol, values to try: none may be sharper than the best.
    exact
        From mpmath values of all symbols, the exact slack, least over the auxiliary symbols. None:
        the formula itself, least over `auxiliary`. Needed for a vector symbol, and for a continuous
        auxiliary symbol.
    """

    samples: Sequence[Mapping[str, Any]]
    instances: Callable[[np.random.Generator], Iterator[Mapping[str, Any]]]
    attained: Sequence[Mapping[str, Any]] = ()
    measure: Callable[[Any], Mapping[str, Any]] | None = None
    auxiliary: Mapping[str, Sequence[float]] = field(default_factory=dict)
    exact: Callable[[Mapping[str, Any]], Any] | None = None


def _gathered() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for module in pkgutil.iter_modules(__path__):
        own = importlib.import_module(f"{__name__}.{module.name}").CASES
        if twice := cases.keys() & own.keys():
            raise ValueError(f"{sorted(twice)} have a case in two modules")
        cases |= own
    return cases


CASES = _gathered()
