"""Slow, plain truths about laws, from the definitions, with mpmath at 50 digits."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from mpmath import mp, mpf
from mpmath.calculus.quadrature import GaussLegendre

DIGITS = 50


def entropy(p):
    """-sum p ln p of the normalised weights p."""
    with mp.workdps(DIGITS):
        p = [mpf(float(x)) for x in p if x > 0]
        total = mp.fsum(p)
        return -mp.fsum(x / total * mp.log(x / total) for x in p)


def information(joint):
    """H(X) + H(Y) - H(X,Y) of a table of weights, X along the rows."""
    with mp.workdps(DIGITS):
        rows = [[mpf(float(x)) for x in row] for row in joint]
        x = [mp.fsum(row) for row in rows]
        y = [mp.fsum(column) for column in zip(*rows, strict=True)]
        total = mp.fsum(x)

        def h(weights):
            return -mp.fsum(w / total * mp.log(w / total) for w in weights if w > 0)

        return h(x) + h(y) - h([w for row in rows for w in row])


def binary_entropy(p):
    with mp.workdps(DIGITS):
        p = mpf(p)
        return -p * mp.log(p) - (1 - p) * mp.log(1 - p)


@cache
def _legendre():
    with mp.workdps(DIGITS):
        return GaussLegendre(mp).calc_nodes(5, mp.prec)  # 48 nodes on [-1, 1]


def _surprise(gamma, centre):
    """E ln(1 + exp(-V)), V ~ N(centre, 4 gamma): Gauss-Legendre on panels around the peak."""

    def exponent(v):
        return (v - centre) ** 2 / (8 * gamma) + max(v, mpf(0))

    def integrand(v):
        loss = mp.log1p(mp.exp(-v)) if v > 0 else -v + mp.log1p(mp.exp(v))
        return mp.exp(-((v - centre) ** 2) / (8 * gamma)) * loss

    peak = max(min(centre, mpf(0)), centre - 4 * gamma)
    panel = min(2 * mp.sqrt(gamma), mpf(1))
    ends = [peak, peak]
    for side, step in ((0, -panel), (1, panel)):
        while exponent(ends[side]) - exponent(peak) < 100:
            ends[side] += step
    panels = int((ends[1] - ends[0]) / panel) + 1
    points = [ends[0] + (ends[1] - ends[0]) * k / panels for k in range(panels + 1)]
    parts = []
    for a, b in pairwise(points):
        half, middle = (b - a) / 2, (a + b) / 2
        parts += [half * w * integrand(middle + half * x) for x, w in _legendre()]
    return mp.fsum(parts) / mp.sqrt(8 * mp.pi * gamma)


def gaussian(gamma, prior):
    """(I, H(Y|X), Bayes error) of the binary Gaussian model.

    H(Y|X) = E[-ln P(Y|X)], where -ln P(Y|X) = ln(1 + exp(-V)) and V, the log-odds of the true
    label, is N(2 gamma +- ln(prior / (1 - prior)), 4 gamma) given the label.
    """
    with mp.workdps(DIGITS):
        gamma, prior = mpf(float(gamma)), mpf(float(prior))
        log_odds = mp.log(prior) - mp.log(1 - prior)
        conditional = prior * _surprise(gamma, 2 * gamma + log_odds)
        conditional += (1 - prior) * _surprise(gamma, 2 * gamma - log_odds)
        delta = mp.sqrt(gamma)
        t = -log_odds / (2 * delta)
        error = prior * mp.erfc((delta - t) / mp.sqrt(2)) / 2
        error += (1 - prior) * mp.erfc((delta + t) / mp.sqrt(2)) / 2
        return binary_entropy(prior) - conditional, conditional, error


def entropy_from_rest(rest):
    """Entropy of the law with these probabilities and one more, which takes what is left."""
    with mp.workdps(DIGITS * 8):
        rest = [mpf(float(x)) for x in rest if x > 0]
        return -mp.fsum(x * mp.log(x) for x in [*rest, 1 - mp.fsum(rest)])


def divergence_term(u):
    """(1 + u) ln(1 + u) - u."""
    with mp.workdps(700):
        u = mpf(float(u))
        return (1 + u) * mp.log(1 + u) - u
