"""Signs in a profile that an estimator is out of its depth."""

from __future__ import annotations

from mitheory.check import BoolArray
from mitheory.entropies.estimator import Doubt
from mitheory.profile import Occupancy


def singletons_above(share: float) -> Doubt:
    """More than `share` of the samples are singletons.

    The singletons' share of the samples estimates the probability of all symbols not yet seen
    (good1953). What an estimator does not say about that probability, it cannot get right: with a
    quarter of it unseen, the plug-in of a uniform law is about 0.4 nats too low.
    """

    def doubt(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
        few = sample.singletons > share * sample.n
        return few, f"likely more than {share:.0%} of the probability is on symbols not seen"

    return doubt


def no_coincidences(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """No symbol was seen twice: such a sample bounds the entropy from below at best."""
    return sample.observed == sample.n, "no symbol was seen twice"
