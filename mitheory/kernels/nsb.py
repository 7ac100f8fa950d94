"""The evidence of a symmetric Dirichlet prior, as the estimator of Nemenman, Shafee and Bialek
integrates it.

Notation: a prior Dir(b, ..., b) on S symbols, t = ln b; a profile (j, phi) of n samples with the
count 0 first, in floats, since few counts may stand for many (kernels/condense.py). The integrand
over t is the evidence Gamma(S b) / Gamma(n + S b) prod_i Gamma(n_i + b) / Gamma(b) times d xi / dt,
where xi(b) = psi(S b + 1) - psi(b + 1) is the prior's mean of the entropy. Only its changes from a
reference b0 matter. Each of the log-gammas is as large as n ln n, so the changes are computed in
the form in which they cancel least:

- From b = LEVEL on, by Stirling's formula. With the mean m = b + n / S the leading terms join to
  sum_i (n_i + b) ln((n_i + b) / m), which is small where the counts are near each other.
- Below, if S b exceeds n, with the power b^n taken out on both sides.
- Else as differences of log-gammas, which are then of the size of the change itself.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.loggamma import (
    log_rising,
    loggamma_gap,
    loggamma_up,
    stirling_rest,
    stretch,
)
from mitheory.kernels.polygamma import (
    DIGAMMA,
    digamma_gap,
    even_gap,
    trigamma_gap,
    trigamma_rest,
)

DEPTH = 45.0
"""The integrand is followed until it has fallen by exp(-DEPTH)."""

LEVEL = 12.0
"""From here on Stirling's formula holds to double precision."""

BEND = math.exp(-5.0)
"""The nodes are t = t0 + scale (u + bend exp u), u evenly spaced. Where b0 exceeds all counts, what
is right of it is an exponential tail, smooth in 1 / b: this bend ends it after few nodes. Elsewhere
the integrand may still turn far from t0, and the bend is 0.
"""


@njit(cache=True)
def log_prior(t, S):
    """ln(d xi / d t) = ln(g(S b) - g(b)), g(x) = x psi'(x + 1), up to 1 for large x."""
    b = math.exp(t)
    k = S * b
    if k < 0.5:
        rise = k * (1 + trigamma_rest(k + 1)) / (k + 1) - b * (1 + trigamma_rest(b + 1)) / (b + 1)
    else:
        rise = (1 - trigamma_rest(b + 1) * b) / (b + 1) - (1 - trigamma_rest(k + 1) * k) / (k + 1)
    return math.log(rise)


@njit(cache=True)
def slope(t, j, phi, n, S):
    """Derivative of the log integrand by t."""
    b, mean = math.exp(t), n / S
    total = -S * (digamma_gap(S * b, n) if b < LEVEL else digamma_gap_rest(S * b, n))
    for c in range(j.size):
        if b < LEVEL:
            total += phi[c] * digamma_gap(b, j[c])
        else:
            rest = digamma_gap_rest(b, j[c])
            total += phi[c] * (log_excess(j[c] - mean, j[c] + b, b + mean) + rest)
    return b * total + (log_prior(t + 0.01, S) - log_prior(t - 0.01, S)) / 0.02


@njit(cache=True)
def log_excess(d, x, m):
    """ln(1 + z) - z with z = d / m, given x = m + d."""
    z = d / m
    if -1 / 3 < z < 0.5:
        return (stretch(z) - z * z) / (1 + z)
    return math.log(x / m) - z


@njit(cache=True)
def digamma_gap_rest(x, d):
    """psi(x + d) - psi(x) - ln(1 + d / x) for x >= 12."""
    return d / (2 * x * (x + d)) + even_gap(x, d, DIGAMMA)


@njit(cache=True)
def change(s, b0, x):
    """Change of ln(Gamma(b + x) / Gamma(b)) from b0 to b = b0 exp(s); less x s where x <= b0."""
    d, b = b0 * math.expm1(s), b0 * math.exp(s)
    return rise(b0, b, d, loggamma_gap(b0, b, d), x, x <= b0)


@njit(cache=True)
def rise(b0, b, d, own, x, reduced):
    """Change of ln(Gamma(b + x) / Gamma(b)) from b0 to b = b0 + d; `reduced` by x ln(b / b0).

    `own` is ln(Gamma(b) / Gamma(b0)), which all counts share.
    """
    if reduced:
        return log_rising(b, x) - log_rising(b0, x)
    if b < 2.0 * x:
        return loggamma_gap(b0 + x, b + x, d) - own
    # those two nearly cancel, and so do the two Gammas of either b
    return log_rising(b, x) + x * math.log(b) - loggamma_up(b0, float(x))


@njit(cache=True)
def centred(b0, b, x, mean):
    """Change of ln(Gamma(b + x) / Gamma(b)) from b0 to b, both >= LEVEL, less terms that only
    depend on the mean count and those that cancel in the sum over all symbols.

    With m = b0 + mean, m1 = b + mean and e(z) = ln(1 + z) - z, the change of
    (b + x) ln((b + x) / (b + mean)) is (b0 + x) e(-(b - b0) (x - mean) / ((b0 + x) m1))
    + (b - b0) e((x - mean) / m1) but for differences x - mean.
    """
    m, m1, old, new, off = b0 + mean, b + mean, b0 + x, b + x, x - mean
    lead = old * log_excess(-(b - b0) * off, new * m, old * m1)
    lead += (b - b0) * log_excess(off, new, m1)
    rest = stirling_rest(new) - stirling_rest(b) - stirling_rest(old) + stirling_rest(b0)
    return lead - 0.5 * (math.log1p(x / b) - math.log1p(x / b0)) + rest


@njit(cache=True)
def whole(k, n):
    """-ln(Gamma(k + n) / Gamma(k)) for k = S b, b >= LEVEL, less what `centred` leaves out."""
    return 0.5 * math.log1p(n / k) - (stirling_rest(k + n) - stirling_rest(k))


@njit(cache=True)
def log_evidence(s, b0, j, n, S, out):
    """Change of the log evidence from b0 to b0 exp(s): the part that all profiles of n samples
    share, returned, and what each symbol with a count of j adds, into out.
    """
    b, mean = b0 * math.exp(s), n / S
    shared = 0.0
    out[:] = 0.0
    if max(b, b0) > LEVEL:
        old, new = max(b0, LEVEL), max(b, LEVEL)
        shared += whole(S * new, n) - whole(S * old, n)
        for c in range(j.size):
            out[c] += centred(old, new, j[c], mean)
    if min(b, b0) < LEVEL:
        old, new = min(b0, LEVEL), min(b, LEVEL)
        d = b0 * math.expm1(s) if max(b, b0) < LEVEL else new - old
        reduced, own = n <= S * old, loggamma_gap(old, new, d)
        shared -= rise(S * old, S * new, S * d, loggamma_gap(S * old, S * new, S * d), n, reduced)
        for c in range(j.size):
            if j[c] > 0:
                out[c] += rise(old, new, d, own, j[c], reduced)
    return shared


@njit(cache=True)
def height(s, t0, j, phi, n, S, added):
    """Change of the log integrand from t0 to t0 + s; `added` is room for what each count adds."""
    total = log_prior(t0 + s, S) - log_prior(t0, S)
    total += log_evidence(s, math.exp(t0), j, n, S, added)
    for c in range(j.size):
        total += phi[c] * added[c]
    return total


@njit(cache=True)
def locate(j, phi, n, S, depth):
    """Where to integrate over t = t0 + scale (u + bend exp u): t0, scale, bend, and the ends
    lo < 0 < hi of u between which the integrand stays above exp(-depth) times its value at t0.
    """
    a, b = -math.log(S) - 5.0, math.log(n) + 5.0
    above = slope(a, j, phi, n, S)
    while above <= 0:
        a -= 5.0
        above = slope(a, j, phi, n, S)
    below = slope(b, j, phi, n, S)
    while below >= 0:
        b += 5.0
        below = slope(b, j, phi, n, S)
    for step in range(200):
        if max(above, -below) * (b - a) < 0.5 or b - a < 1e-12 * (1 + abs(a)):
            break
        t = 0.5 * (a + b) if step % 2 else a + (b - a) * above / (above - below)
        value = slope(t, j, phi, n, S)
        if value > 0:
            a, above = t, value
        else:
            b, below = t, value
    t0 = 0.5 * (a + b)
    width = math.sqrt((b - a) / max(above - below, 1e-9 * (b - a)))
    scale, bend = (min(width, 0.5), BEND) if t0 > math.log(j[-1]) else (min(width, 0.7), 0.0)
    added = np.empty(j.size)
    lo, hi = -6.0, 6.0
    while height(scale * (lo + bend * math.exp(lo)), t0, j, phi, n, S, added) > -depth:
        lo *= 1.1
    while height(scale * (hi + bend * math.exp(hi)), t0, j, phi, n, S, added) > -depth:
        hi *= 1.1
    return t0, scale, bend, lo, hi


@njit(cache=True)
def digamma_gap_less_log(x, d, R, excess):
    """psi(x + d) - psi(x) - ln R, given excess = x + d - R x.

    For frequencies near 1 / R the entropy varies by far less than its distance from 0; here the
    constant drops out before it is rounded.
    """
    if x < 12 or abs(excess) > 0.5 * R * x:
        return digamma_gap(x, d) - math.log(R)
    return math.log1p(excess / (R * x)) + digamma_gap_rest(x, d)


@njit(cache=True)
def nodes_table(s, b0, j, n, S, reference):
    """At each node b = b0 exp(s), what a symbol with each count contributes; j[0] = 0.

    Returns
    -------
    shared : (nodes,)
        The part of the log integrand that all profiles of n samples share.
    added : (nodes, counts)
        What a symbol adds to the log integrand.
    share, gap, rest : (nodes, counts)
        (count + b) / (n + S b); psi(n + S b + 1) - psi(count + b + 1), less the log of
        `reference`; the like difference of -x psi'(x). Without a reference (0) the former is
        whole, and the latter, which only the variance needs, is left out.
    """
    t0 = math.log(b0)
    shape = (s.size, j.size)
    shared = np.empty(s.size)
    added, share, gap, rest = np.empty(shape), np.empty(shape), np.empty(shape), np.zeros(shape)
    for i in range(s.size):
        b = b0 * math.exp(s[i])
        shared[i] = log_prior(t0 + s[i], S) + log_evidence(s[i], b0, j, n, S, added[i])
        for c in range(j.size):
            others = max(n - j[c], 0.0) + (S - 1) * b
            x = j[c] + b + 1
            share[i, c] = (j[c] + b) / (n + S * b)
            if reference:
                excess = (n - reference * j[c]) + (S - reference) * b + (1 - reference)
                gap[i, c] = digamma_gap_less_log(x, others, reference, excess)
                rest[i, c] = trigamma_gap(x, others)
            else:
                gap[i, c] = digamma_gap(x, others)
    return shared, added, share, gap, rest
