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


def _integral(f, a, b):
    """Gauss-Legendre on panels no longer than 1."""
    panels = int(mp.ceil(b - a)) or 1
    half = (b - a) / panels / 2
    middles = [a + half * (2 * k + 1) for k in range(panels)]
    return mp.fsum(half * w * f(middle + half * x) for middle in middles for x, w in _legendre())


def laplace(mean, prior):
    """(I, H(Y|X), Bayes error) of the binary Laplace model of scale 1, from the densities.

    Beyond the means the posterior is constant, so that there the masses of the classes do.
    """
    with mp.workdps(DIGITS):
        m, w = mpf(float(mean)), mpf(float(prior))

        def surprise(a, b):
            return a * mp.log1p(b / a) + b * mp.log1p(a / b)

        def classes(x):
            return w * mp.exp(x - m) / 2, (1 - w) * mp.exp(-x - m) / 2

        far = mp.exp(-2 * m)
        ends = [(w / 2, (1 - w) * far / 2), (w * far / 2, (1 - w) / 2)]
        threshold = min(max(mp.log((1 - w) / w) / 2, -m), m)
        conditional = mp.fsum(surprise(a, b) for a, b in ends)
        conditional += _integral(lambda x: surprise(*classes(x)), -m, m)
        error = mp.fsum(min(a, b) for a, b in ends)
        error += _integral(lambda x: min(classes(x)), -m, threshold)
        error += _integral(lambda x: min(classes(x)), threshold, m)
        return binary_entropy(w) - conditional, conditional, error


def student(dof, *dimensions):
    """Of the t law of unit dispersion: h for one dimension d, I(X;Y) for two, m and n."""
    with mp.workdps(DIGITS + 3 * len(str(int(dof)))):
        v = mpf(float(dof))

        def entropy(d):
            log_ratio = mp.loggamma(v / 2) - mp.loggamma((v + d) / 2)
            slope = mp.psi(0, (v + d) / 2) - mp.psi(0, v / 2)
            return log_ratio + mpf(d) / 2 * mp.log(v * mp.pi) + (v + d) / 2 * slope

        if len(dimensions) == 1:
            return entropy(*dimensions)
        return mp.fsum(map(entropy, dimensions)) - entropy(sum(dimensions))


def normal_information(cov, split):
    """-(1/2) ln det cov / (det cov_x det cov_y)."""
    with mp.workdps(DIGITS):
        rows = [[mpf(float(x)) for x in row] for row in cov]
        x, y = range(split), range(split, len(rows))
        blocks = [mp.matrix([[rows[i][j] for j in part] for i in part]) for part in (x, y)]
        return -mp.log(mp.det(mp.matrix(rows)) / mp.det(blocks[0]) / mp.det(blocks[1])) / 2


def noncentral_f(f, p, q, lam):
    """(P(F <= f), P(F > f)): the Poisson mixture, the central terms by their recurrence."""
    with mp.workdps(DIGITS):
        f, mean = mpf(float(f)), mpf(float(lam)) / 2
        x, b = p * f / (p * f + q), mpf(q) / 2
        if mean == 0:
            below = mp.betainc(mpf(p) / 2, b, 0, x, regularized=True)
            return below, 1 - below
        least = max(0, int(mean - 16 * mp.sqrt(mean)) - 5)
        j = int(mean + 16 * mp.sqrt(mean)) + 80
        a = mpf(p) / 2 + j
        central = mp.betainc(a, b, 0, x, regularized=True)
        # I_x(a, b) - I_x(a + 1, b)
        step = mp.exp(a * mp.log(x) + b * mp.log(1 - x)) / (a * mp.beta(a, b))
        weight = mp.exp(j * mp.log(mean) - mean - mp.loggamma(j + 1))
        below = above = mpf(0)
        while True:
            below += weight * central
            above += weight * (1 - central)
            if j == least:
                break
            step *= a / (x * (a - 1 + b))
            a -= 1
            central += step
            weight *= j / mean
            j -= 1
        return below, above
