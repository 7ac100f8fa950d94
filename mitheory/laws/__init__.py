"""Known truths: laws whose entropy, information and Bayes error are exact, and that can sample."""

from __future__ import annotations

from mitheory.laws.finite import Channel, Finite, geometric, two_level, uniform, zipf
from mitheory.laws.gaussian import BinaryGaussian

__all__ = ["BinaryGaussian", "Channel", "Finite", "geometric", "two_level", "uniform", "zipf"]
