"""Estimators that correct for the probability of the symbols not yet seen."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.linear import log_ratio
from mitheory.profile import Profile


@of_profile(
    cite="chao2003",
    formula=r"-\sum_i \frac{C p_i \ln(C p_i)}{1 - (1 - C p_i)^n},\;"
    r" p_i = \frac{n_i}{n},\; C = 1 - \frac{f_1}{n}",
    regime="many rare symbols, some of them seen twice",
)
def chao_shen(profile: Profile) -> FloatArray:
    """Horvitz-Thompson sum of the plug-in, with Good's estimate C of the sample's coverage.

    Where all n samples are singletons C would be 0; as in the authors' own program f_1 is then
    taken as n - 1. A single sample gives 0.
    """
    n = profile.n[..., None].astype(np.float64)
    singletons = profile.times(1)[..., None]
    unseen = np.where(singletons == n, (n - 1) / n, singletons / n)  # 1 - C
    p = (1 - unseen) * profile.j / n
    log_p = np.log1p(-unseen) - log_ratio(n, profile.j)
    # 1 - (1 - p)^n; p = 1 only where one symbol took every sample, and then the term is 0
    seen = -np.expm1(n * np.log1p(-np.minimum(p, 1 - 2**-53)))
    return np.asarray((profile.phi * (-p * log_p / seen)).sum(axis=-1))
