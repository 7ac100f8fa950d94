"""Paninski's best upper bound: the weights that minimise a bound on the worst error."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import xlog1py, xlogy

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.entropies.estimator import linear
from mitheory.entropies.linear import miller_madow
from mitheory.entropies.regime import below_the_rate, either
from mitheory.profile import Occupancy

_FEW = 20
"""Below this many samples every weight is free."""

_FREE = 11
"""Otherwise at most this many; the rest are Miller-Madow's."""

_REACH = 150
"""Counts beyond this have probability below 1e-40 wherever the bias is taken, p <= 30 / n."""


def _no_better_than_a_guess(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """ln(S) / 2 without looking at the sample is never wrong by more than ln(S) / 2."""
    size = 1 if alphabet is None else alphabet
    bounds = {n: best_upper_bound(n, size)[1] for n in np.unique(sample.n).tolist()}
    loose = np.vectorize(bounds.__getitem__, otypes=[float])(sample.n) > math.log(size) / 2
    return loose, "its own bound on the worst error is above ln(S) / 2"


@linear(
    cite="paninski2003",
    formula=r"\sum_i a_{n_i},\; a \text{ minimising } S^2 \sum_{p \in G}"
    r" \left(\sum_j a_j \binom nj p^j (1-p)^{n-j} + p \ln p\right)^2"
    r" + n \sum_j (a_j - a_{j-1})^2",
    regime="n of the order of the size S of the alphabet, S known",
    needs_alphabet=True,
    doubt=either(_no_better_than_a_guess, below_the_rate),
)
def bub(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Paninski's best upper bound estimator.

    S max_p |sum_j a_j B_j(p) + p ln p| bounds the bias, n max_j (a_j - a_{j-1})^2 the variance
    (McDiarmid). Least squares stand in for both, as in Paninski's program: the sum of the two terms
    in the formula is minimised over a_0 .. a_{k-1}, with a_j = -j/n ln(j/n) + (1 - j/n) / 2n
    (Miller-Madow's) from j = k on, and G of 200 points in geometric progression from 1e-4 / n to
    min(1, 30 / n). Of k = 1 .. 11 the one is taken whose bound on the worst root mean square error,
    R^2 = S^2 max_G |bias|^2 + n max_j (a_j - a_{j-1})^2, is least. Below n = 20 all the weights are
    free and G is {i / 5n: 0 <= i <= 5n}. Symbols not seen contribute a_0.

    Two departures: Steele's bound on the variance, which the program takes where it is less, is
    left out, so that the cost does not depend on S; and the difference a_k - a_{k-1} refers to the
    fixed weight a_k, where the program has the Miller-Madow value of a_{k-1}.
    """
    sizes, which = np.unique(n, return_inverse=True)
    tables = [best_upper_bound(size, alphabet)[0] for size in sizes.tolist()]
    reach = max(table.size for table in tables)
    padded = np.array([np.pad(table, (0, reach - table.size)) for table in tables])
    length = np.array([table.size for table in tables])[which].reshape(n.shape)
    few = padded[which.reshape(n.shape), np.minimum(j, reach - 1)]
    return np.where(j < length, few, miller_madow.weight(np.maximum(j, 1), n))


@lru_cache(maxsize=1024)
def best_upper_bound(n: int, alphabet: int) -> tuple[FloatArray, float]:
    """The free weights a_0 .. a_{k-1} of `bub`, and their bound R on the error in nats."""
    p, pmf = _bernstein(n)
    reach = len(pmf)
    start = np.r_[1 / (2 * n), miller_madow.weight(np.arange(1, reach), np.int64(n))]
    # Miller-Madow's weights are concave in j: the largest step is the first or the last
    last = abs(float(miller_madow.weight(n, n) - miller_madow.weight(n - 1, n))) if n > 1 else 0.0
    best, bound = start[:0], math.inf
    for k in (n + 1,) if n < _FEW else range(1, _FREE + 1):
        a = start.copy()
        steps = math.sqrt(n) / alphabet * np.diff(np.eye(reach)[: k + 1], axis=0)
        rows = np.vstack([pmf[:k].T, steps[:, :k]])
        right = np.r_[-xlogy(p, p) - a[k:] @ pmf[k:], -steps[:, k:] @ a[k:]]
        q, r = np.linalg.qr(rows)
        a[:k] = np.linalg.solve(r, q.T @ right)
        bias = alphabet * float(np.max(np.abs(a @ pmf + xlogy(p, p))))
        step = float(np.max(np.abs(np.diff(a))))
        error = math.hypot(bias, math.sqrt(n) * (step if n < reach else max(step, last)))
        if error < bound:
            best, bound = a[:k], error
    best.setflags(write=False)
    return best, bound


@lru_cache(maxsize=16)
def _bernstein(n: int) -> tuple[FloatArray, FloatArray]:
    """The grid G, and the binomial probabilities of the counts 0 .. min(n, 150) on it."""
    p = np.arange(5 * n + 1) / (5 * n) if n < _FEW else np.geomspace(1e-4 / n, min(1, 30 / n), 200)
    j = np.arange(min(n, _REACH) + 1)[:, None]
    ways = np.r_[0, np.cumsum(np.log((n - j[:-1, 0]) / (j[1:, 0])))][:, None]
    return p, np.exp(ways + xlogy(j, p) + xlog1py(n - j, -p))
