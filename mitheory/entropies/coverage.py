"""Estimators that correct for the probability of the symbols not yet seen."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.digamma import zhang
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.linear import log_ratio
from mitheory.entropies.regime import MANY_UNSEEN, singletons_above
from mitheory.profile import Profile


@of_profile(
    cite="chao2003",
    formula=r"-\sum_i \frac{C p_i \ln(C p_i)}{1 - (1 - C p_i)^n},\;"
    r" p_i = \frac{n_i}{n},\; C = 1 - \frac{f_1}{n}",
    regime="many rare symbols, most of the probability on symbols seen",
    doubt=singletons_above(MANY_UNSEEN),
)
def chao_shen(profile: Profile) -> FloatArray:
    """Horvitz-Thompson sum of the plug-in, with Good's estimate C of the sample's coverage.

    Where all n samples are singletons C would be 0; as in the authors' own program f_1 is then
    taken as n - 1. A single sample gives 0.
    """
    n = profile.n[..., None].astype(np.float64)
    singletons = profile.times(1)[..., None]
    repeated = np.maximum(n - singletons, 1.0)  # n C; not by 1 - f_1 / n, which loses a small C

    def term(j: IntArray) -> FloatArray:
        p = repeated / n * j / n
        log_p = -log_ratio(n, repeated) - log_ratio(n, j)
        # 1 - (1 - p)^n; p = 1 only where one symbol took every sample, and then the term is 0
        seen = -np.expm1(n * np.log1p(-np.minimum(p, 1 - 2**-53)))
        return np.asarray(-p * log_p / seen)

    return profile.total(term)


@of_profile(
    cite="chao2013",
    formula=r"\frac1n \sum_i n_i (\psi(n) - \psi(n_i)) + \frac{f_1}{n} (1 - A)^{1 - n}"
    r" \left(-\ln A - \sum_{r=1}^{n-1} \frac{(1 - A)^r}{r}\right),\;"
    r" A = \frac{2 f_2}{(n - 1) f_1 + 2 f_2}",
    regime="many rare symbols, most of the probability on symbols seen",
    doubt=singletons_above(MANY_UNSEEN),
)
def chao_wang_jost(profile: Profile) -> FloatArray:
    """Zhang's estimator plus the entropy of the unseen symbols, from singletons and doubletons.

    Without doubletons A = 2 / ((n - 1) (f_1 - 1) + 2), as the authors propose; with at most one
    singleton besides, nothing is added.
    """
    from mitheory.kernels.unseen import unseen_sums

    n, singletons = profile.n.astype(np.float64), profile.times(1).astype(np.float64)
    twice = np.maximum(profile.times(2), 1)
    once = np.where(profile.times(2) > 0, singletons, singletons - 1)
    # c = A / (1 - A) is the ratio of the two terms of A's denominator; nothing is added at c = inf
    some = (n > 1) & (once > 0)
    c = 2 * twice[some] / ((n[some] - 1) * once[some])
    sums, added = np.empty(c.size), np.zeros(n.shape)
    unseen_sums(n[some], c, sums)
    added[some] = singletons[some] / n[some] * sums
    return profile.total(lambda j: zhang.weight(j, profile.n[..., None])) + added
