"""Intervals of the posterior law of the entropy, from its mean and standard deviation."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from mitheory.entropies import ENTROPIES, Estimator
from mitheory.intervals.sample import Ends, Part, Quantity
from mitheory.profile import Profile

_NORMAL_FROM = 1e10
"""Shape beyond which the fitted law is normal to 1e-5 of its deviation, and SciPy's quantiles of
it are not.
"""


def posterior_ends(
    estimator: Estimator, quantity: Quantity, level: float, alphabet: int | None
) -> Ends:
    """The posterior interval of a sample as a function of it."""
    if estimator.deviation is None:
        known = ", ".join(sorted(name for name, other in ENTROPIES.items() if other.deviation))
        raise ValueError(
            f"kind='posterior' needs a method with a posterior, not {estimator.name}; "
            f"those that have one: {known}"
        )
    if quantity != "entropy":
        raise ValueError(
            f"kind='posterior' is for the entropy; got quantity={quantity!r}, whose entropies have "
            "priors that do not agree, so that there is no joint posterior (take kind='jackknife')"
        )

    def ends(part: Part, value: float) -> tuple[float, float, float]:
        assert isinstance(part, Profile)
        deviation = float(estimator.deviation_of_profile(part, alphabet))
        bound = alphabet if estimator.needs_alphabet else None
        return *posterior_quantiles(value, deviation, level, bound), deviation

    return ends


def posterior_quantiles(
    mean: float, deviation: float, level: float, alphabet: int | None
) -> tuple[float, float]:
    """Central interval of a law with this mean and deviation: a Beta law on [0, ln alphabet], a
    Gamma law where the alphabet has no bound, the mean itself where the deviation is 0.
    """
    q = np.array([0.5 - 0.5 * level, 0.5 + 0.5 * level])
    if not deviation > 0.0:
        return mean, mean
    if alphabet is None:
        shape = (mean / deviation) ** 2
        if shape < _NORMAL_FROM:
            ends = special.gammaincinv(shape, q) * (mean / shape)
            return float(ends[0]), float(ends[1])
    else:
        most = math.log(alphabet)
        share = mean / most
        size = share * (1.0 - share) * (most / deviation) ** 2 - 1.0
        a, b = share * size, (1.0 - share) * size
        if 0.0 < min(a, b) < _NORMAL_FROM:  # not above 0 where rounding put the mean on an edge
            ends = special.betaincinv(a, b, q) * most
            return float(ends[0]), float(ends[1])
    ends = mean + deviation * special.ndtri(q)
    return float(ends[0]), float(ends[1])
