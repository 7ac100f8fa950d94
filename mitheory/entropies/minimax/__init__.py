"""Estimators whose worst error over all laws on an alphabet is of the least order, or bounded."""

from mitheory.entropies.minimax.polynomial import jvhw, wu_yang
from mitheory.entropies.minimax.programme import unseen
from mitheory.entropies.minimax.upper_bound import bub

__all__ = ["bub", "jvhw", "unseen", "wu_yang"]
