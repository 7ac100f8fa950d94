"""Exact risk: how wrong an estimator is, on average under a known law, or at worst under any."""

from __future__ import annotations

from mitheory.risk.exact import bias, mean, mse, variance
from mitheory.risk.optimal import WorstError, optimal_linear, worst_error
from mitheory.risk.worst import WorstBias, worst_bias

__all__ = [
    "WorstBias",
    "WorstError",
    "bias",
    "mean",
    "mse",
    "optimal_linear",
    "variance",
    "worst_bias",
    "worst_error",
]
