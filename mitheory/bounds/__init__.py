"""Bounds between information and error probability, each a theorem written once.

`BOUNDS` maps names to `Bound` values; `error_bounds` answers with the tightest of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mitheory.bounds import (
    arimoto,
    binary,
    divergence,
    envelope,
    fano,
    gaussian_error,
    gaussian_growth,
    gaussian_overlap,
    hypotheses,
    lists,
    minorants,
    overlap,
    prior,
    spectrum,
    weakened,
)
from mitheory.bounds.answer import ErrorBounds, error_bounds
from mitheory.bounds.bound import Bound

_MODULES = (
    fano,
    weakened,
    lists,
    envelope,
    minorants,
    prior,
    divergence,
    hypotheses,
    arimoto,
    spectrum,
    binary,
    overlap,
    gaussian_growth,
    gaussian_overlap,
    gaussian_error,
)

BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {
        value.name: value
        for module in _MODULES
        for value in vars(module).values()
        if isinstance(value, Bound)
    }
)
"""Every bound by its name."""

__all__ = ["BOUNDS", "Bound", "ErrorBounds", "error_bounds"]
