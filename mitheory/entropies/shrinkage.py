"""Estimators that shrink the observed frequencies towards the uniform law."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.regime import singletons_above
from mitheory.profile import Profile


@of_profile(
    cite="hausser2009",
    formula=r"-\sum_{i=1}^S p_i \ln p_i,\; p_i = \frac{\lambda}{S} + (1 - \lambda) \frac{n_i}{n},\;"
    r" \lambda = \min\left(1, \frac{1 - \sum_i (n_i/n)^2}{(n - 1) \sum_i (1/S - n_i/n)^2}\right)",
    regime="a known alphabet and a law not far from uniform",
    needs_alphabet=True,
    doubt=singletons_above(0.25),
)
def james_stein(profile: Profile, alphabet: int) -> FloatArray:
    """Plug-in of the frequencies shrunk towards the uniform law, by the James-Stein intensity.

    The intensity lambda is 1 for a single sample and for exactly uniform frequencies; a sample
    without coincidences then gives ln S whatever the law.
    """
    S = float(alphabet)
    n = profile.n[..., None].astype(np.float64)
    unseen = S - profile.observed
    spread = profile.total(lambda j: (j / n) * np.maximum(n - j, 0) / n)
    squares = profile.total(lambda j: ((j * S - n) / (n * S)) ** 2)
    distance = (profile.n - 1) * (squares + unseen / S**2)
    shrunk = spread >= distance  # also where both are 0: one sample, or one possible symbol
    intensity = np.where(shrunk, 1.0, spread / np.where(shrunk, 1.0, distance))
    floor = intensity / S

    def term(j: IntArray) -> FloatArray:
        # 1 - p of a symbol, for ln p to keep its relative accuracy near p = 1
        weight = intensity[..., None]
        rest = weight * (1 - 1 / S) + (1 - weight) * (np.maximum(n - j, 0) / n)
        p = weight / S + (1 - weight) * (j / n)
        log_p = np.where(rest < 0.5, np.log1p(-np.minimum(rest, 0.5)), np.log(p))
        return np.asarray(-p * log_p)

    log_floor = np.log(np.where(floor > 0, floor, 1.0))
    return profile.total(term) - unseen * floor * log_floor
