"""The estimator of Nemenman, Shafee and Bialek, and its limit for few coincidences.

A Dirichlet prior Dir(b, ..., b) nearly fixes the entropy before any sample is seen. Mixing over b
so that the prior mean xi(b) of the entropy is uniform on (0, ln S) takes that back. The integrals
over t = ln b run by the trapezoidal rule, which for such analytic integrands that vanish at both
ends converges geometrically (trefethen2014); nodes and tables are shared by samples alike in n and
in the number of symbols seen. Where a profile has many counts, few stand for them.
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, polygamma

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.regime import undersampled
from mitheory.profile import Occupancy, Profile

_NEGLIGIBLE = np.exp(-36.0)
_STEP = 0.35
"""In standard deviations of the integrand, near its mode."""

_ROWS = 4096
"""Samples worked on at a time."""

_AGREE = 1e-6
"""How far the sums over every other node may differ. The error of the rule is squared when its
step is halved, so the sum over all nodes is then right to about 1e-12.
"""


@of_profile(
    cite="nemenman2002",
    formula=r"\frac{\int E[H \mid \beta, \mathbf{n}] P(\mathbf{n} \mid \beta) d\xi(\beta)}"
    r"{\int P(\mathbf{n} \mid \beta) d\xi(\beta)},\;"
    r" \xi(\beta) = \psi(S \beta + 1) - \psi(\beta + 1)",
    regime="a known alphabet, and enough samples for coincidences",
    needs_alphabet=True,
    deviation=lambda profile, alphabet: np.sqrt(_posterior(profile, alphabet, True)[1]),
    doubt=undersampled,
)
def nsb(profile: Profile, alphabet: int) -> FloatArray:
    """Posterior mean of the entropy under the mixture of Dirichlet priors that makes the prior
    mean of the entropy uniform.
    """
    return _posterior(profile, alphabet, False)[0]


def _posterior(profile: Profile, alphabet: int, spread: bool) -> tuple[FloatArray, FloatArray]:
    """Posterior mean of the entropy, and with `spread` its variance, of batch shape."""
    phi = profile.phi.reshape(-1, profile.j.size)
    mean, variance = np.zeros(phi.shape[0]), np.zeros(phi.shape[0])
    if alphabet > 1:
        alike = np.stack([profile.n.ravel(), profile.observed.ravel()], axis=1)
        kinds, kind = np.unique(alike, axis=0, return_inverse=True)
        order = np.argsort(kind.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(kind.ravel()))
        for (n, observed), rows in zip(kinds.tolist(), np.split(order, ends[:-1]), strict=True):
            used = phi[rows].any(axis=0)
            mean[rows], variance[rows] = _integrate(
                profile.j[used], phi[np.ix_(rows, used)], n, float(alphabet), observed * spread
            )
    return mean.reshape(profile.n.shape), variance.reshape(profile.n.shape)


def _integrate(
    j: IntArray, phi: IntArray, n: int, S: float, reference: int
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of rows with the same n, on nodes laid for one of them; rows that these do
    not suit get nodes of their own. With a `reference` the mean is less its logarithm, without
    (0) the variance is left out.
    """
    from mitheory.kernels.condense import condense
    from mitheory.kernels.nsb import DEPTH, locate, nodes_table

    mean, variance = np.empty(phi.shape[0]), np.empty(phi.shape[0])
    unseen = S - phi.sum(axis=1)
    some, weights = condense(j.astype(np.float64), phi)
    counts, weights = np.append(0.0, some), np.column_stack([unseen, weights])
    left, finer = np.arange(phi.shape[0]), 0
    while left.size:
        now, middle = left[:_ROWS], min(left.size, _ROWS) // 2
        depth = DEPTH if now.size == 1 else 2 * DEPTH
        t0, scale, bend, lo, hi = locate(counts, weights[now[middle]], float(n), S, depth)
        step = _STEP / 2**finer
        u = np.arange(np.floor(lo / step), np.ceil(hi / step) + 1) * step
        s, density = scale * (u + bend * np.exp(u)), 1 + bend * np.exp(u)
        table = nodes_table(s, np.exp(t0), counts, float(n), S, reference)
        size = n + S * np.exp(t0 + s)  # n + S b, of the posterior Dirichlet law
        good, mean[now], variance[now] = _sums(
            density, weights[now], size, table, middle, reference > 0
        )
        finer = 0 if good[middle] else finer + 1
        if finer > 6:
            raise ArithmeticError(f"the NSB integral did not converge: n={n}, S={S:g}, counts {j}")
        left = np.concatenate([now[~good], left[_ROWS:]])
    return mean, variance


def _sums(
    density: FloatArray,
    counts: FloatArray,
    size: FloatArray,
    table: tuple[FloatArray, ...],
    middle: int,
    spread: bool,
) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Mean and variance by the trapezoidal rule, and for which rows it can be trusted."""
    shared, added, share, gap, rest = table
    log_weight = shared + counts @ added.T
    weight = density * np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    given = counts @ (share * gap).T  # mean of the entropy at each node
    total = weight.sum(axis=1)
    mean = (weight * given).sum(axis=1) / total
    variance, scale = mean, np.abs(mean)
    if spread:
        middling = given[middle][:, None]  # near every row's mean, so that squares do not cancel
        squares = counts @ (share * ((gap - middling) ** 2 + rest)).T - (given - middling.T) ** 2
        squares = squares / (size + 1) + (given - mean[:, None]) ** 2
        variance = (weight * squares).sum(axis=1) / total
        scale = scale + np.sqrt(variance)
    half = weight[:, ::2].sum(axis=1)
    half_mean = (weight * given)[:, ::2].sum(axis=1) / half
    good = (
        (np.maximum(weight[:, 0], weight[:, -1]) < _NEGLIGIBLE)
        & (np.abs(2 * half - total) < _AGREE * total)
        & (np.abs(half_mean - mean) < _AGREE * scale)
    )
    return good, mean, variance


def coincidences(profile: Profile, name: str) -> IntArray:
    """n less the symbols seen; refused where it is 0, in the name of an estimator."""
    repeats = profile.n - profile.observed
    if not np.all(repeats):
        first = int(np.argmin(repeats))
        place = f" in sample {first}" if repeats.size > 1 else ""
        raise ValueError(
            f"{name} needs a symbol seen twice; got n = {int(profile.n.flat[first])} different "
            f"symbols{place} (nsb, with an alphabet, takes such samples)"
        )
    return repeats


def _well_sampled(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """The expansion neglects the ratio of the coincidences to n."""
    many = 10 * (sample.n - sample.observed) > sample.n
    return many, "more than a tenth of the samples repeat a symbol"


@of_profile(
    cite="nemenman2011",
    formula=r"2 \ln n - \psi(\Delta) + \gamma - \ln 2,\; \Delta = n - K",
    regime="an unbounded alphabet, with coincidences Delta much fewer than n",
    deviation=lambda profile: np.sqrt(polygamma(1, coincidences(profile, "ansb"))),
    doubt=_well_sampled,
)
def ansb(profile: Profile) -> FloatArray:
    """Asymptotic NSB: the limit of `nsb` for few coincidences among many samples, S unbounded.

    It counts the coincidences, n less the symbols seen, as one does birthdays.
    """
    repeats = coincidences(profile, "ansb")
    return np.asarray(2 * np.log(profile.n) - digamma(repeats) + np.euler_gamma - np.log(2))
