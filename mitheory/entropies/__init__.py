"""The estimators of entropy, grouped by idea; ENTROPIES is derived from what the files define."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mitheory import check
from mitheory.entropies import bayes, coverage, digamma, linear, minimax, nsb, pym, shrinkage
from mitheory.entropies.estimator import Estimator, RegimeWarning

ENTROPIES: Mapping[str, Estimator] = MappingProxyType(
    {
        value.name: value
        for module in (linear, digamma, coverage, shrinkage, bayes, nsb, pym, minimax)
        for value in vars(module).values()
        if isinstance(value, Estimator)
    }
)
"""Name to Estimator: the estimators of entropy that every verb takes as `method`."""


def named(method: str | Estimator) -> Estimator:
    """The estimator of that name, or the one given."""
    if isinstance(method, Estimator):
        return method
    return ENTROPIES[check.one_of(method, ENTROPIES, "method")]


__all__ = ["ENTROPIES", "Estimator", "RegimeWarning", "named"]
