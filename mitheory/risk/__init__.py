"""Exact risk: how wrong an estimator is, on average, under a known law."""

from __future__ import annotations

from mitheory.risk.moments import bias, mean, mse, variance

__all__ = ["bias", "mean", "mse", "variance"]
