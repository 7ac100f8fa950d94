"""Bounds between information and error probability, each a theorem written once.

`BOUNDS` maps names to `Bound` values; `error_bounds` answers with the tightest of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mitheory.bounds import envelope, fano
from mitheory.bounds.answer import ErrorBounds, error_bounds
from mitheory.bounds.bound import Bound

BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {bound.name: bound for bound in (fano.fano, envelope.envelope)}
)
"""Every bound by its name."""

__all__ = ["BOUNDS", "Bound", "ErrorBounds", "error_bounds"]
