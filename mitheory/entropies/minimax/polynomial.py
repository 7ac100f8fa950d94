"""Estimators of minimax rate by best polynomial approximation, for large alphabets.

Up to a small count a symbol contributes the unbiased estimator of a polynomial close to -p ln p,
beyond it the plug-in with its first-order bias removed. Neither splits the sample in two, as the
proofs of the rate do; nor do the authors' programs.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.entropies.estimator import linear, of_profile
from mitheory.entropies.linear import plugin
from mitheory.entropies.minimax.approximation import best_polynomial, falling_sums
from mitheory.entropies.regime import below_the_rate, undersampled
from mitheory.profile import Profile


@of_profile(
    cite="jiao2015",
    formula=r"\sum_i \max\left(0, r_i \left(-\hat p_i \ln \hat p_i + \tfrac{1}{2n}\right)"
    r" + (1 - r_i) \left(\sum_{k=0}^{K} a_k T^{1-k} \frac{(n_i)_k}{(n)_k}"
    r" - \hat p_i \ln T\right)\right)",
    regime="n of the order of S / ln S or larger, S the unknown number of symbols",
    doubt=undersampled,
)
def jvhw(profile: Profile) -> FloatArray:
    """Jiao, Venkat, Han and Weissman's estimator, with the constants of their program.

    a_0 .. a_K are the coefficients of the best polynomial approximation of -x ln x on [0, 1], of
    degree K = min(4 + ceil(1.2 ln n), 22); T = 4 c ln(n) / n is the end of the interval on which it
    stands for -p ln p, and r = min(max(2 p / T - 1, 0), 1) leads over to the plug-in between T / 2
    and T. The width c is fitted to the f_1 singletons, with t = ln(n / f_1):
    c = 0.4679 + 0.3303 t where n < 200 or t > 1.5, else 0.184831781602259 + 1.09787328176926 t
    - 0.530556484842359 t^2, and at least 1 / (1.9 ln n). Without singletons, or where n < K, every
    symbol takes the plug-in plus 1 / 2n. Since c depends on f_1 the estimate is not linear; each
    symbol's contribution is cut at 0, the estimate itself is not.
    """
    n, singletons = profile.n, profile.times(1)
    rows = plugin.weight(profile.j, n.reshape(-1, 1)) + 1 / (2 * n.reshape(-1, 1))
    pairs, which = np.unique(
        np.stack([n.ravel(), singletons.ravel()], axis=1), axis=0, return_inverse=True
    )
    for i, (size, ones) in enumerate(pairs.tolist()):
        ratio, polynomial = _jvhw_small(size, ones)
        few = profile.j[profile.j < ratio.size]
        here = np.ix_(np.flatnonzero(which.ravel() == i), np.arange(few.size))
        r = ratio[few]
        rows[here] = np.maximum(r * rows[here] + (1 - r) * polynomial[few], 0.0)
    return np.asarray((profile.phi.reshape(rows.shape) * rows).sum(axis=-1).reshape(n.shape))


@lru_cache(maxsize=1024)
def _jvhw_small(n: int, singletons: int) -> tuple[FloatArray, FloatArray]:
    """r and the polynomial's contribution for the counts 0, 1, ... below the end T n."""
    import mpmath as mp

    degree = min(4 + math.ceil(1.2 * math.log(n)), 22)
    if singletons == 0 or n < degree:
        return np.empty(0), np.empty(0)
    # the contributions cancel, and magnify an error of T
    with mp.workdps(60 + 2 * degree):
        t = mp.log(mp.mpf(n) / singletons)
        if n < 200 or t > 1.5:
            width = mp.mpf("0.4679") + mp.mpf("0.3303") * t
        else:
            width = mp.mpf("0.184831781602259") + t * (
                mp.mpf("1.09787328176926") - mp.mpf("0.530556484842359") * t
            )
        end = 4 * max(width * mp.log(n), 1 / mp.mpf("1.9"))  # T n
        b, power = [], end
        for k, a in enumerate(best_polynomial(degree)):
            b.append(a * power)
            power *= n / (end * (n - k)) if n > k else 0
        b[1] += mp.log(n / end)
        most = int(mp.ceil(end)) - 1
        polynomial = falling_sums(b, most) / n
        ratio = np.maximum(2 * np.arange(most + 1) / float(end) - 1, 0.0)
    return ratio, polynomial


@linear(
    cite="wu2016",
    formula=r"\sum_{i: n_i > N} \left(-\hat p_i \ln \hat p_i + \tfrac{1}{2n}\right)"
    r" + \frac1n \sum_{i: n_i \le N} \left(\sum_{k=0}^{L} a_k M^{1-k} (n_i)_k"
    r" + n_i \ln \frac nM\right),\; L = N = \lfloor 1.6 \ln S \rfloor,\; M = 3.5 \ln S",
    regime="n of the order of S / ln S or larger, S the size of the alphabet",
    needs_alphabet=True,
    doubt=below_the_rate,
)
def wu_yang(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Wu and Yang's estimator, with the constants of their paper and program.

    a_0 .. a_L are the coefficients of the best polynomial approximation of -x ln x on [0, 1]. The
    symbols not seen contribute too. The authors cut the estimate at 0, which is not done here.
    """
    polynomial = _wu_yang_small(alphabet)
    few = polynomial[np.minimum(j, polynomial.size - 1)]
    end = max(3.5 * math.log(alphabet), 1.0)  # 1 where there is one symbol, and its term is void
    return np.where(
        j < polynomial.size,
        (few + j * np.log(n / end)) / n,
        plugin.weight(j, n) + 1 / (2 * n),
    )


@lru_cache(maxsize=1024)
def _wu_yang_small(alphabet: int) -> FloatArray:
    """sum_k a_k M^(1-k) (j)_k for j = 0 .. N."""
    if alphabet == 1:
        return np.zeros(1)
    import mpmath as mp

    degree = math.floor(1.6 * math.log(alphabet))
    with mp.workdps(60 + 2 * degree):
        end = mp.mpf("3.5") * mp.log(alphabet)
        b = [a * end ** (1 - k) for k, a in enumerate(best_polynomial(degree))]
        return falling_sums(b, degree)
