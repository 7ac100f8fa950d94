"""Log moments of the information content: how far a mean of -ln P can stray from its entropy.

For a symbol drawn from P let W = -ln P(X), so that E W = H(P). Among all laws on S symbols the
largest centred log moment, ln E exp(lam (W - H)), is reached by a law with one cell of
probability p and S - 1 equal ones; the kernels write t = ln(p / (1-p)), L = ln(S-1) and
u = t + L >= 0, the difference between the two information contents. Then W - H takes the values
-(1-p) u and p u, and everything depends on S through L alone, so S may be as large as 2**53.

A radius built from these functions is a certificate only if they never fall below the true
supremum, so each returns an upper bound: the argument stands beside the code.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from mitheory.check import FloatArray

_ROUNDING = 4e-12
"""Relative margin added to every supremum; rounding in log_moment stays below a tenth of it."""

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


@nb.njit(cache=True)
def _exp_minus_line(z: float) -> float:
    """exp(z) - 1 - z without cancellation."""
    if abs(z) < 0.2:
        term, total = z * z / 2.0, 0.0
        for k in range(3, 16):
            total += term
            term *= z / k
        return total
    return math.exp(z) - 1.0 - z


@nb.njit(cache=True)
def _weighted_exp_minus_line(weight: float, log_weight: float, z: float) -> float:
    """weight (exp(z) - 1 - z), safe where exp(z) alone would overflow."""
    if z > 1.0:
        return math.exp(log_weight + z) - weight * (1.0 + z)
    return weight * _exp_minus_line(z)


@nb.njit(cache=True)
def log_moment(t: float, L: float, lam: float) -> float:
    """ln E exp(lam (W - H)) of the two-level law with log odds t; every term is positive."""
    p, q = 1.0 / (1.0 + math.exp(-t)), 1.0 / (1.0 + math.exp(t))
    x = lam * (t + L)
    lower = _weighted_exp_minus_line(p, -math.log1p(math.exp(-t)), -x * q)
    return math.log1p(lower + _weighted_exp_minus_line(q, -math.log1p(math.exp(t)), x * p))


@nb.njit(cache=True)
def _right_end(lam: float) -> float:
    """A log odds beyond the maximiser; checked by the callers, never trusted."""
    return 4.0 + 4.0 / (1.0 - max(lam, 0.0))


@nb.njit(cache=True)
def psi(lam: float, L: float) -> float:
    """Upper bound, tight to 1e-9, on sup over laws on S symbols of ln E exp(lam (W - H)).

    With x = lam (t + L), the log moment equals the integral over 0 < y < |x| of
    (|x| - y) v(t -+ y) with v(s) = e^s / (1 + e^s)^2. The integrand is log-concave in (t, y) on
    a convex set, so the log moment is log-concave in t (prekopa1973). Once its logarithm
    drops on both sides of t0 at distance h, concavity puts the maximum within h of t0 and at
    most the larger drop above the value there. NaN where the drops cannot be seen.
    """
    left, right = -L, _right_end(lam)
    a, b = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_a, at_b = log_moment(a, L, lam), log_moment(b, L, lam)
    scale = 1.0 / (1.0 - max(lam, 0.0))
    while right - left > 1e-7 * scale:
        if at_a < at_b:
            left, a, at_a = a, b, at_b
            b = left + _GOLDEN * (right - left)
            at_b = log_moment(b, L, lam)
        else:
            right, b, at_b = b, a, at_a
            a = right - _GOLDEN * (right - left)
            at_a = log_moment(a, L, lam)
    h = 1e-5 * scale
    t = 0.5 * (left + right)
    top = log_moment(t, L, lam)
    below, above = log_moment(t - h, L, lam), log_moment(t + h, L, lam)
    if not (max(below, above) < top * (1.0 - 1e-13) and min(below, above) > 0.0):
        return np.nan
    return top * (top / min(below, above)) * (1.0 + _ROUNDING)


@nb.njit(cache=True)
def _centred_langevin(x: float) -> float:
    """1/(1 - e^-x) - 1/x - 1/2 for x >= 0, which increases from 0 to 1/2."""
    if x < 0.05:
        return x / 12.0 * (1.0 - x * x / 60.0 * (1.0 - x * x / 42.0))
    return -1.0 / math.expm1(-x) - 1.0 / x - 0.5


@nb.njit(cache=True)
def _concavity(t: float, L: float, lam: float) -> float:
    """Positive where the largest E exp(lam W) at given entropy is concave in the entropy."""
    bend = _centred_langevin(abs(lam) * (t + L))
    return 0.5 * math.tanh(0.5 * t) + (bend if lam > 0.0 else -bend)


@nb.njit(cache=True)
def _dual(t: float, L: float, lam: float) -> float:
    """The dual value at the c for which the two-level law at t is stationary."""
    q = 1.0 / (1.0 + math.exp(t))
    x = lam * (t + L)
    ratio = _exp_minus_line(x) / x if abs(x) > 0.0 else 0.0
    slope = math.log1p(-lam) + math.log1p(ratio)
    value = log_moment(t, L, lam)
    here = value + q * x - slope
    log_size = L + math.log1p(math.exp(-L))
    uniform = lam * (log_size - math.log1p(math.exp(-t))) - slope
    return max(_exp_minus_line(here) + value, _exp_minus_line(uniform))


@nb.njit(cache=True)
def psi_conditional(lam: float, L: float) -> float:
    """Upper bound on the same supremum for W = -ln P(Y|X), over all joint laws, any |X|.

    Now ln E exp(lam (W - H(Y|X))) = ln E_X A - lam E_X H with A = sum_y P(y|x)^(1-lam), and
    ln a <= a/c + ln c - 1 for every c > 0, so the supremum is at most the maximum over a single
    law P on S labels of A/c - lam H + ln c - 1, whatever c. That maximum is again at a two-level
    law. Write a(H) for A along these laws. It is concave in H below some entropy and convex
    above it: b(|x|) - (1-p) for lam > 0, p - b(|x|) for lam < 0, with
    b(x) = 1/(1 - e^-x) - 1/x, changes sign once in t. (For lam > 0 both terms rise; for lam < 0
    the log odds of b is concave in x, so t minus it is convex and starts at most at 0.) With c =
    a'(H)/lam at a point t of the concave part, the maximum is therefore at t or at the uniform
    law, and both values are known: `_dual`. Every t in the concave part gives a valid bound; the
    search only makes it small. (For lam < 0 the best t can be far out, at u of about (1 - lam) ln
    S.)
    """
    left, right = -L, _right_end(lam) if lam > 0.0 else (1.0 - lam) * (L + 4.0)
    if not _concavity(right, L, lam) > 1e-9:
        return np.nan
    inside = right
    for _ in range(60):
        middle = 0.5 * (left + inside)
        if _concavity(middle, L, lam) > 1e-9:
            inside = middle
        else:
            left = middle
    left = inside
    best = _dual(right, L, lam)
    a, b = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_a, at_b = _dual(a, L, lam), _dual(b, L, lam)
    for _ in range(55):
        best = min(best, at_a, at_b)
        if at_a > at_b:
            left, a, at_a = a, b, at_b
            b = left + _GOLDEN * (right - left)
            at_b = _dual(b, L, lam)
        else:
            right, b, at_b = b, a, at_a
            a = right - _GOLDEN * (right - left)
            at_a = _dual(a, L, lam)
    return best * (1.0 + _ROUNDING)


@nb.njit(cache=True)
def psi_table(lams: FloatArray, L: float, conditional: bool) -> FloatArray:
    """psi or psi_conditional at every lam."""
    values = np.empty_like(lams)
    for i in range(lams.size):
        values[i] = psi_conditional(lams[i], L) if conditional else psi(lams[i], L)
    return values


@nb.njit(cache=True)
def chernoff_radius(
    rate: float, lams: FloatArray, psis: FloatArray, L: float, conditional: bool
) -> float:
    """min over lam of (rate + psi(lam)) / |lam|, on a grid and at the vertex of its parabola.

    Any lam gives a valid radius. The grid is uniform in ln |lam|.
    """
    best, k = np.inf, 0
    for i in range(lams.size):
        value = (rate + psis[i]) / abs(lams[i])
        if value < best:
            best, k = value, i
    if 0 < k < lams.size - 1:
        left = (rate + psis[k - 1]) / abs(lams[k - 1]) - best
        right = (rate + psis[k + 1]) / abs(lams[k + 1]) - best
        if left + right > 0.0:
            shift = 0.5 * (left - right) / (left + right)
            lam = lams[k] * (lams[k + 1] / lams[k]) ** shift
            value = psi_conditional(lam, L) if conditional else psi(lam, L)
            best = min(best, (rate + value) / abs(lam))
    return best * (1.0 + _ROUNDING)
