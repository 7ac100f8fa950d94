"""The evidence of a symmetric Dirichlet prior, as the estimator of Nemenman, Shafee and Bialek
integrates it.

Notation: a prior Dir(b, ..., b) on S symbols, t = ln b; a profile (j, phi) of n samples. The
integrand over t is the evidence Gamma(S b) / Gamma(n + S b) prod_i Gamma(n_i + b) / Gamma(b) times
d xi / d t, where xi(b) = psi(S b + 1) - psi(b + 1) is
the prior's mean of the entropy. Only its changes from a reference b0 matter; they are computed as
changes, since each of the log-gammas is as large as n ln n.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.loggamma import log_rising, loggamma_gap, loggamma_up
from mitheory.kernels.polygamma import (
    DIGAMMA,
    digamma_gap,
    even_gap,
    trigamma_gap,
    trigamma_rest,
)

DEPTH = 45.0
"""The integrand is followed until it has fallen by exp(-DEPTH)."""


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
    b = math.exp(t)
    total = -S * digamma_gap(S * b, n)
    for i in range(j.size):
        if phi[i]:
            total += phi[i] * digamma_gap(b, j[i])
    return b * total + (log_prior(t + 0.01, S) - log_prior(t - 0.01, S)) / 0.02


@njit(cache=True)
def change(s, b0, x):
    """Change of ln(Gamma(b + x) / Gamma(b)) from b0 to b = b0 exp(s); less x s where x <= b0."""
    d = b0 * math.expm1(s)
    b = b0 * math.exp(s)
    if x <= b0:
        return log_rising(b, x) - log_rising(b0, x)
    if b < 2.0 * x:
        return loggamma_gap(b0 + x, b + x, d) - loggamma_gap(b0, b, d)
    # those two nearly cancel, and so do the two Gammas of either b
    return log_rising(b, x) + x * math.log(b) - loggamma_up(b0, float(x))


@njit(cache=True)
def log_integrand(s, t0, j, phi, n, S):
    """Change of the log integrand from t0 to t0 + s."""
    b0 = math.exp(t0)
    powers = 0
    total = log_prior(t0 + s, S) - log_prior(t0, S) - change(s, S * b0, n)
    if n <= S * b0:
        powers -= n
    for i in range(j.size):
        if phi[i]:
            total += phi[i] * change(s, b0, j[i])
            if j[i] <= b0:
                powers += phi[i] * j[i]
    return total + powers * s


@njit(cache=True)
def locate(j, phi, n, S, depth):
    """Mode, width and reach of the integrand: t0, its standard deviation there, and the ends
    lo < 0 < hi between which it stays above exp(-depth) times its value at t0.
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
    reach = min(math.sqrt(2 * depth) * width, 0.5 * depth)
    lo, hi = -reach, reach
    while log_integrand(lo, t0, j, phi, n, S) > -depth:
        lo *= 1.25
    while log_integrand(hi, t0, j, phi, n, S) > -depth:
        hi *= 1.25
    return t0, width, lo, hi


@njit(cache=True)
def digamma_gap_less_log(x, d, R, excess):
    """psi(x + d) - psi(x) - ln R, given excess = x + d - R x.

    For frequencies near 1 / R the entropy varies by far less than its distance from 0; here the
    constant drops out before it is rounded.
    """
    if x < 12 or abs(excess) > 0.5 * R * x:
        return digamma_gap(x, d) - math.log(R)
    return math.log1p(excess / (R * x)) + d / (2 * x * (x + d)) + even_gap(x, d, DIGAMMA)


@njit(cache=True)
def nodes_table(s, b0, j, n, S, reference):
    """At each node b = b0 exp(s), what a symbol with each count contributes; count 0 comes first.

    Returns
    -------
    shared : (nodes,)
        The part of the log integrand that all profiles of n samples share.
    added : (nodes, counts)
        What a symbol adds to the log integrand, less powers * s.
    powers : (counts,)
        The counts up to b0, and 0 for the others; the one of count 0 is that of all n samples,
        with a minus.
    share, gap, rest : (nodes, counts)
        (count + b) / (n + S b); psi(n + S b + 1) - psi(count + b + 1), less the log of
        `reference`; the like difference of -x psi'(x). Without a reference (0) the former is
        whole, and the latter, which only the variance needs, is left out.
    """
    t0 = math.log(b0)
    counts = np.append(0, j)
    powers = np.where(counts <= b0, counts, 0)
    powers[0] = -n if n <= S * b0 else 0
    shape = (s.size, counts.size)
    shared = np.empty(s.size)
    added, share, gap, rest = np.zeros(shape), np.empty(shape), np.empty(shape), np.zeros(shape)
    for i in range(s.size):
        b = b0 * math.exp(s[i])
        shared[i] = log_prior(t0 + s[i], S) - change(s[i], S * b0, n)
        for c in range(counts.size):
            others = max(n - counts[c], 0) + (S - 1) * b
            x = counts[c] + b + 1
            share[i, c] = (counts[c] + b) / (n + S * b)
            if c:
                added[i, c] = change(s[i], b0, counts[c])
            if reference:
                excess = (n - reference * counts[c]) + (S - reference) * b + (1 - reference)
                gap[i, c] = digamma_gap_less_log(x, others, reference, excess)
                rest[i, c] = trigamma_gap(x, others)
            else:
                gap[i, c] = digamma_gap(x, others)
    return shared, added, powers, share, gap, rest
