"""Slow and plain counterparts of the certificates: enumeration, mpmath, brute-force ascent."""

from __future__ import annotations

import itertools
import math

import mpmath as mp
import numpy as np
from scipy import optimize


def two_level_moment(S, p, lam, digits=40):
    """ln sum P**(1-lam) - lam H(P) of (p, (1-p)/(S-1), ...), with mpmath."""
    with mp.workdps(digits):
        p, lam = mp.mpf(p), mp.mpf(lam)
        q = (1 - p) / (S - 1)
        entropy = -p * mp.log(p) - (S - 1) * q * mp.log(q)
        return mp.log(p ** (1 - lam) + (S - 1) * q ** (1 - lam)) - lam * entropy


def _softmax(z):
    weights = np.exp(z - z.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def _parts(P, lam):
    logs = np.log(np.maximum(P, 1e-300))
    return np.exp((1 - lam) * logs).sum(-1), -(P * logs).sum(-1)


def largest_log_moment(S, lam, starts=40, seed=0):
    """sup over laws P on S symbols of ln sum P**(1-lam) - lam H(P), by ascent from many starts."""
    rng = np.random.default_rng(seed)

    def loss(z):
        moment, entropy = _parts(_softmax(z), lam)
        return -(math.log(moment) - lam * entropy) / lam**2

    fits = [
        optimize.minimize(loss, rng.normal(scale=3, size=S), method="BFGS", options={"gtol": 1e-10})
        for _ in range(starts)
    ]
    return -min(fit.fun for fit in fits) * lam**2


def largest_mixture_moment(S, lam, laws=3, starts=40, seed=0):
    """The same supremum for W = -ln P(Y|X), X uniform or not over `laws` values."""
    rng = np.random.default_rng(seed)

    def loss(z):
        moment, entropy = _parts(_softmax(z[laws:].reshape(laws, S)), lam)
        weight = _softmax(z[:laws])
        return -(math.log(weight @ moment) - lam * (weight @ entropy)) / lam**2

    fits = [
        optimize.minimize(loss, rng.normal(scale=3, size=laws * (S + 1)), method="BFGS")
        for _ in range(starts)
    ]
    return -min(fit.fun for fit in fits) * lam**2


def uniform_and_two_level_moment(S, lam):
    """A mixture's log moment: best over weight and p for the uniform law and a two-level law."""
    t = np.linspace(-math.log(S), 60, 4000)
    p = 1 / (1 + np.exp(-t))
    q = 1 / (1 + np.exp(t)) / (S - 1)
    moment = p ** (1 - lam) + (S - 1) * q ** (1 - lam)
    entropy = -p * np.log(p) - (S - 1) * q * np.log(q)
    weight = np.linspace(0, 1, 801)[:, None]
    mixed = np.log((1 - weight) * moment + weight * S**lam)
    return float((mixed - lam * ((1 - weight) * entropy + weight * math.log(S))).max())


def count_vectors(n, S):
    """Every vector of S counts that sum to n, shape (N, S)."""
    bars = np.array(list(itertools.combinations(range(n + S - 1), S - 1)), dtype=np.int64)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + S - 1)])
    return np.diff(edges, axis=1) - 1


def multinomial_log_coefficients(counts):
    """ln of the multinomial coefficient of each row."""
    log_factorial = np.concatenate(
        [[0.0], np.cumsum(np.log(np.arange(1, counts.sum(1).max() + 1)))]
    )
    return log_factorial[counts.sum(1)] - log_factorial[counts].sum(1)


def entropy(weights):
    """Plain entropy in nats along the last axis of counts or probabilities."""
    p = weights / weights.sum(-1, keepdims=True)
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(-1)


def conditional_entropy(tables):
    """Plain H(Y|X) of tables (..., Kx, Ky)."""
    flat = tables.reshape(*tables.shape[:-2], -1)
    return entropy(flat) - entropy(tables.sum(-1))


def binomial_upper_tail(n, k, p):
    """P(Bin(n, p) >= k) for k above the mean, at 40 digits, from the first term and ratios."""
    with mp.workdps(40):
        p = mp.mpf(p)
        term = mp.exp(
            mp.loggamma(n + 1)
            - mp.loggamma(k + 1)
            - mp.loggamma(n - k + 1)
            + k * mp.log(p)
            + (n - k) * mp.log1p(-p)
        )
        total, j = mp.mpf(0), k
        while j <= n and term > total * mp.mpf(10) ** -25:
            total += term
            term *= mp.mpf(n - j) / (j + 1) * p / (1 - p)
            j += 1
        return total


def tie_errors(row):
    """Expected errors in ties after the first sample, over all orders of one row's samples."""
    samples = [label for label, count in enumerate(row) for _ in range(count)]
    orders = set(itertools.permutations(samples))
    total = 0.0
    for order in orders:
        seen = [0] * len(row)
        for place, label in enumerate(order):
            tied = [y for y, count in enumerate(seen) if count == max(seen)]
            if place and label in tied:
                total += 1 - 1 / len(tied)
            seen[label] += 1
    return total / len(orders)


def online_errors(table, rng, first=True):
    """Errors of the rule that predicts every sample from those before it, in one random order."""
    samples = [(x, y) for x, row in enumerate(table) for y, c in enumerate(row) for _ in range(c)]
    order = rng.permutation(len(samples))
    seen = np.zeros(np.shape(table))
    earlier, errors = [], 0
    for place in order:
        x, y = samples[place]
        if seen[x].any():
            tied = np.flatnonzero(seen[x] == seen[x].max())
            errors += rng.choice(tied) != y
        elif first:
            guess = rng.choice(earlier) if earlier else rng.integers(len(table[0]))
            errors += guess != y
        seen[x, y] += 1
        earlier.append(y)
    return errors


def code_length(rows, classes):
    """-ln of the code's probability of labels in the given rows of counts, by components."""
    n = sum(map(sum, rows))
    thresholds = [2**k - 1 for k in range(60) if 2 ** (k - 1) <= n or k == 0]
    probabilities = []
    with mp.workdps(40):
        for threshold in thresholds:
            for exponent in range(7):
                a = mp.mpf(float(10 ** (-2 + exponent / 2)))
                common = [0] * classes
                log_q = mp.mpf(0)
                for row in rows:
                    if sum(row) > threshold:
                        log_q += _dirichlet_multinomial(row, a)
                    else:
                        common = [c + r for c, r in zip(common, row, strict=True)]
                probabilities.append(mp.exp(log_q + _dirichlet_multinomial(common, a)))
        return -mp.log(sum(probabilities) / len(probabilities))


def _dirichlet_multinomial(row, a):
    """ln of the probability of one sequence with these counts, factor by factor."""
    log_q = -sum(mp.log(len(row) * a + i) for i in range(sum(row)))
    return log_q + sum(mp.log(a + i) for count in row for i in range(count))
