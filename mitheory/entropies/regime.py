"""Signs in a profile that an estimator is out of its depth."""

from __future__ import annotations

import math

from mitheory.check import BoolArray
from mitheory.entropies.estimator import Doubt
from mitheory.profile import Occupancy

MANY_UNSEEN = 0.4
"""Share of singletons up to which an estimator that corrects for unseen symbols can be right.

Measured on uniform, Zipf, geometric and two-level laws of 10^2 to 10^5 symbols, n >= 100: below
it the errors of `chao_wang_jost`, `nsb` and `jvhw` are mostly under a quarter of a nat, above it
often more than a nat, and which of the two it is depends on the law, not on the sample.
"""


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


def below_the_rate(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """No estimator is consistent with fewer samples than of the order of S / ln S."""
    size = 1 if alphabet is None else alphabet
    return sample.n * math.log(size) < size, "n is below S / ln S"


def both_unseen_and_few(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """Many symbols are unseen and, where the alphabet is given, it is too large for n.

    Of a large alphabet most may be out of use: then few symbols are unseen, and n need not reach
    S / ln S.
    """
    many, reason = singletons_above(MANY_UNSEEN)(sample, alphabet)
    if alphabet is None:
        return many, reason
    few, rate = below_the_rate(sample, alphabet)
    return many & few, f"{reason}, and {rate}"


def either(*doubts: Doubt) -> Doubt:
    """Any of some doubts; the reason is that of the first that the first sample outside meets."""

    def doubt(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
        found = [each(sample, alphabet) for each in doubts]
        outside = found[0][0]
        for more, _ in found[1:]:
            outside = outside | more
        first = int(outside.argmax())
        reasons = [reason for where, reason in found if where.flat[first]]
        return outside, reasons[0] if reasons else ""

    return doubt


undersampled = either(no_coincidences, both_unseen_and_few)
"""For estimators that reach n of the order of S / ln S."""
