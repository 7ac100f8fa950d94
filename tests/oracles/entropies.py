"""Entropy estimators at 40 digits, from a plain list of counts, by their definitions.

Those that need the size of the alphabet take it as their second argument.
"""

from collections import Counter
from functools import cache

import mpmath as mp

mp.mp.dps = 40


def plugin(counts):
    n = mp.mpf(sum(counts))
    return -mp.fsum(c / n * mp.log(c / n) for c in counts if c)


def miller_madow(counts):
    return plugin(counts) + (mp.mpf(sum(c > 0 for c in counts)) - 1) / (2 * sum(counts))


def jackknife(counts):
    """Leave each sample out in turn; samples of one symbol give the same estimate."""
    n = sum(counts)
    if n == 1:
        return mp.mpf(0)
    left_out = mp.mpf(0)
    for i, c in enumerate(counts):
        if c:
            rest = [*counts[:i], c - 1, *counts[i + 1 :]]
            left_out += c * plugin(rest)
    return n * plugin(counts) - mp.mpf(n - 1) / n * left_out


def grassberger(counts):
    n = sum(counts)

    def g(j):
        j = mp.mpf(j)
        return mp.digamma(j) + (-1) ** int(j) / mp.mpf(2) * (
            mp.digamma((j + 1) / 2) - mp.digamma(j / 2)
        )

    return mp.log(n) - mp.fsum(c * g(c) for c in counts if c) / n


def chao_shen(counts):
    n = sum(counts)
    singletons = sum(c == 1 for c in counts)
    if singletons == n:
        singletons = n - 1
    coverage = 1 - mp.mpf(singletons) / n
    total = mp.mpf(0)
    for c in counts:
        if c:
            p = coverage * c / n
            total -= p * mp.log(p) / (1 - (1 - p) ** n)
    return total


def grassberger1988(counts):
    n = sum(counts)
    return (
        mp.log(n) - mp.fsum(c * mp.digamma(c) + mp.mpf(-1) ** c / (c + 1) for c in counts if c) / n
    )


def schurmann(counts):
    n = sum(counts)
    end = mp.exp(mp.mpf(1) / 2) - 1

    def swing(c):
        """By quadrature, or by the integral's closed form where t^(c - 1) is too steep for it."""
        if c > 30:
            return end**c / c * mp.hyp2f1(1, c, c + 1, -end)
        return mp.quad(lambda t: t ** (c - 1) / (1 + t), [0, end])

    return (
        mp.digamma(n) - mp.fsum(c * (mp.digamma(c) + (-1) ** c * swing(c)) for c in counts if c) / n
    )


def zhang(counts):
    """Zhang's sum over v, by exact products; the closed form where n is too large for them."""
    n = sum(counts)
    if n > 300:
        return mp.fsum(mp.mpf(c) / n * (mp.digamma(n) - mp.digamma(c)) for c in counts if c)
    total = mp.mpf(0)
    for c, times in Counter(counts).items():
        product = mp.mpf(times * c) / n
        for v in range(1, n):
            product *= 1 - mp.mpf(c - 1) / (n - v) if c else 0
            total += product / v
    return total


def bonachela(counts):
    n = sum(counts)

    def harmonic(c):
        if n > 300:
            return mp.digamma(n + 3) - mp.digamma(c + 2)
        return mp.fsum(mp.mpf(1) / k for k in range(c + 2, n + 3))

    return mp.fsum((c + 1) * harmonic(c) for c in counts if c) / (n + 2)


def chao_wang_jost(counts):
    n = sum(counts)
    once, twice = counts.count(1), counts.count(2)
    seen = mp.fsum(mp.mpf(c) / n * (mp.digamma(n) - mp.digamma(c)) for c in counts if c)
    if twice:
        a = mp.mpf(2 * twice) / ((n - 1) * once + 2 * twice)
    elif once:
        a = mp.mpf(2) / ((n - 1) * (once - 1) + 2)
    else:
        a = mp.mpf(1)
    if a == 1:
        return seen
    if n > 300:  # the rest of the logarithm's series, as a hypergeometric function
        rest = (1 - a) / n * mp.hyp2f1(1, n, n + 1, 1 - a)
    else:
        with mp.workdps(400):  # the difference cancels
            b = 1 - mp.mpf(a)
            rest = b ** (1 - n) * (-mp.log(a) - mp.fsum(b**r / r for r in range(1, n)))
    return seen + mp.mpf(once) / n * rest


def james_stein(counts, alphabet):
    n, size = mp.mpf(sum(counts)), mp.mpf(alphabet)
    groups = Counter(counts)
    groups[0] = alphabet - sum(times for c, times in groups.items() if c)
    squares = mp.fsum(times * (c / n) ** 2 for c, times in groups.items())
    distance = (n - 1) * mp.fsum(times * (1 / size - c / n) ** 2 for c, times in groups.items())
    shrink = 1 if 1 - squares >= distance else (1 - squares) / distance
    law = {c: shrink / size + (1 - shrink) * c / n for c in groups}
    return -mp.fsum(groups[c] * p * mp.log(p) for c, p in law.items() if p)


def dirichlet(counts, alphabet, a):
    """Mean and variance of the entropy by Wolpert and Wolf's double sum over pairs of symbols."""
    with mp.workdps(60):
        groups = Counter(c for c in counts if c)
        groups[0] = alphabet - sum(groups.values())
        alpha = {c: c + mp.mpf(a) for c in groups}
        total = mp.fsum(groups[c] * alpha[c] for c in groups)
        mean = mp.digamma(total + 1) - mp.fsum(
            groups[c] * alpha[c] / total * mp.digamma(alpha[c] + 1) for c in groups
        )
        base, curve = mp.digamma(total + 2), mp.psi(1, total + 2)
        centre = {c: mp.digamma(alpha[c] + 1) - base for c in groups}
        one = mp.fsum(
            groups[c] * alpha[c] * (alpha[c] + 1)
            * ((mp.digamma(alpha[c] + 2) - base) ** 2 + mp.psi(1, alpha[c] + 2) - curve)
            for c in groups
        )  # fmt: skip
        # the sum over pairs of different symbols: all pairs less the equal ones
        linear = mp.fsum(groups[c] * alpha[c] * centre[c] for c in groups)
        equal = mp.fsum(groups[c] * alpha[c] ** 2 * (centre[c] ** 2 - curve) for c in groups)
        two = linear**2 - total**2 * curve - equal
        variance = (one + two) / (total * (total + 1)) - mean**2
        return mp.chop(mean, 1e-50), mp.chop(variance, 1e-50)


def dirichlet_jeffreys(counts, alphabet):
    return dirichlet(counts, alphabet, mp.mpf(1) / 2)[0]


def dirichlet_laplace(counts, alphabet):
    return dirichlet(counts, alphabet, 1)[0]


def dirichlet_perks(counts, alphabet):
    return dirichlet(counts, alphabet, mp.mpf(1) / alphabet)[0]


def dirichlet_minimax(counts, alphabet):
    return dirichlet(counts, alphabet, mp.sqrt(sum(counts)) / alphabet)[0]


@cache
def _nsb_moments(counts, alphabet):
    """Posterior mean and standard deviation, integrated over ln(beta) panel by panel."""
    if alphabet == 1:
        return mp.mpf(0), mp.mpf(0)
    with mp.workdps(60):
        n, size = sum(counts), mp.mpf(alphabet)
        groups = Counter(c for c in counts if c)

        def log_weight(t):
            beta = mp.exp(t)
            kappa = size * beta
            evidence = (
                mp.loggamma(kappa)
                - mp.loggamma(n + kappa)
                + mp.fsum(
                    times * (mp.loggamma(c + beta) - mp.loggamma(beta))
                    for c, times in groups.items()
                )
            )
            return evidence + mp.log(kappa * mp.psi(1, kappa + 1) - beta * mp.psi(1, beta + 1))

        low, high = _support(log_weight, -mp.log(size) - 100, 2 * mp.log(n) + 100)
        return _mixture(
            [
                (log_weight(t), weight, *dirichlet(counts, alphabet, mp.exp(t)))
                for t, weight in _panels(low, high)
            ]
        )


def _support(log_weight, low, high):
    """Where a unimodal integrand is above exp(-45) of its mode."""
    inner = (low, high)
    while inner[1] - inner[0] > mp.mpf(10) ** -5:
        third = (inner[1] - inner[0]) / 3
        left, right = inner[0] + third, inner[1] - third
        inner = (inner[0], right) if log_weight(left) > log_weight(right) else (left, inner[1])
    mode = (inner[0] + inner[1]) / 2
    top, ends = log_weight(mode), []
    for side in (low, high):
        near, far = mode, side
        while abs(far - near) > abs(near - mode) / 4 + mp.mpf(10) ** -5:
            middle = (near + far) / 2
            near, far = (middle, far) if log_weight(middle) > top - 45 else (near, middle)
        ends.append(far)
    return ends


def _panels(low, high):
    """Gauss-Legendre nodes and weights on panels of the interval."""
    nodes = mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(4, mp.mp.prec)
    panels = max(6, int(mp.ceil((high - low) / 4)))
    width = (high - low) / panels
    for k in range(panels):
        for x, weight in nodes:
            yield low + width * (k + (1 + x) / 2), weight * width / 2


def _mixture(parts):
    """Mean and standard deviation of a mixture of (log weight, weight, mean, variance)."""
    top = max(part[0] for part in parts)
    weights = [mp.exp(part[0] - top) * part[1] for part in parts]
    total = mp.fsum(weights)
    mean = mp.fsum(w * part[2] for w, part in zip(weights, parts, strict=True)) / total
    variance = mp.fsum(
        w * (part[3] + (part[2] - mean) ** 2) for w, part in zip(weights, parts, strict=True)
    )
    return mean, mp.sqrt(variance / total)


def nsb(counts, alphabet):
    return _nsb_moments(tuple(counts), alphabet)[0]


def ansb(counts):
    seen = sum(c > 0 for c in counts)
    n = sum(counts)
    return 2 * mp.log(n) - mp.digamma(n - seen) + mp.euler - mp.log(2)


@cache
def _pym_moments(counts):
    """Posterior mean and standard deviation, summed over a lattice in (logit d, ln alpha)."""
    with mp.workdps(75):  # ln Gamma(a / d) may be as large as e^105
        return _pym_lattice(counts)


def _pym_lattice(counts):
    n, seen = sum(counts), sum(c > 0 for c in counts)
    groups = Counter(c for c in counts if c)

    def by_discount(x):
        d = 1 / (1 + mp.exp(-x))
        rest = 1 - d
        evidence = mp.fsum(
            times * (mp.loggamma(c - d) - mp.loggamma(rest)) for c, times in groups.items()
        )
        u = mp.digamma(1) - mp.digamma(rest)
        return d, evidence + mp.log(mp.psi(1, rest) * d * rest), u

    def by_concentration(t):
        a = mp.exp(t)
        evidence = mp.loggamma(1 + a) - mp.loggamma(n + a)
        return a, evidence + mp.log(a * mp.psi(1, 1 + a)), mp.digamma(1 + a) - mp.digamma(1)

    def log_weight(row, column):
        (d, one, u), (a, two, v) = row, column
        tables = (seen - 1) * mp.log(d) + mp.loggamma(a / d + seen) - mp.loggamma(a / d + 1)
        return one + two + tables - 10 * u / v - mp.log(u + v)

    x_ends, t_ends = (mp.mpf(-45), mp.mpf(40)), (mp.mpf(-45), mp.mpf(60))
    for _ in range(40):  # shrink the box to where the integrand is not negligible
        xs, ts = mp.linspace(*x_ends, 25), mp.linspace(*t_ends, 25)
        rows, columns = [by_discount(x) for x in xs], [by_concentration(t) for t in ts]
        grid = [[log_weight(row, column) for column in columns] for row in rows]
        top = max(max(line) for line in grid)
        near = [(i, k) for i in range(25) for k in range(25) if grid[i][k] > top - 40]
        box = [
            (line[max(min(at) - 3, 0)], line[min(max(at) + 3, 24)])
            for line, at in zip((xs, ts), zip(*near, strict=True), strict=True)
        ]
        if all(
            b - a > 0.8 * (end[1] - end[0])
            for (a, b), end in zip(box, (x_ends, t_ends), strict=True)
        ):
            break
        x_ends, t_ends = box
    points = [max(50, int((b - a) / 0.35)) for a, b in (x_ends, t_ends)]
    rows = [by_discount(x) for x in mp.linspace(*x_ends, points[0])]
    columns = [by_concentration(t) for t in mp.linspace(*t_ends, points[1])]
    logs = [[log_weight(row, column) for column in columns] for row in rows]
    top = max(max(line) for line in logs)
    parts = []
    for (d, _, _), line in zip(rows, logs, strict=True):
        means = mp.fsum(times * (c - d) * mp.digamma(c - d + 1) for c, times in groups.items())
        squares = _pym_squares(groups, d)
        for (a, _, _), value in zip(columns, line, strict=True):
            if value > top - 40:
                new, total = a + seen * d, a + n
                mean = mp.digamma(total + 1) - (new * mp.digamma(1 - d) + means) / total
                parts.append((value, 1, mean, squares(new, total) - mean**2))
    return _mixture(parts)


def _pym_squares(groups, d):
    """E[H^2] at a discount: the sum over atoms, and over pairs of different atoms.

    A new atom comes with probability new / total, then another with (new + d) / (total + 1).
    """
    alphas = {c: c - d for c in groups}
    psi = {c: mp.digamma(alphas[c] + 1) for c in groups}
    second = {c: (mp.digamma(alphas[c] + 2), mp.psi(1, alphas[c] + 2)) for c in groups}
    fresh, fresh_second = mp.digamma(1 - d), (mp.digamma(2 - d), mp.psi(1, 2 - d))

    def squares(new, total):
        base, curve = mp.digamma(total + 2), mp.psi(1, total + 2)
        atoms = new * (1 - d) * ((fresh_second[0] - base) ** 2 + fresh_second[1] - curve)
        linear, equal = new * (fresh - base), -new * d * ((fresh - base) ** 2 - curve)
        for c, times in groups.items():
            alpha, centre = alphas[c], psi[c] - base
            far, bend = second[c]
            atoms += times * alpha * (alpha + 1) * ((far - base) ** 2 + bend - curve)
            linear += times * alpha * centre
            equal += times * alpha**2 * (centre**2 - curve)
        return (atoms + linear**2 - total**2 * curve - equal) / (total * (total + 1))

    return squares


def pym(counts):
    return _pym_moments(tuple(counts))[0]


DEVIATIONS = {
    "pym": lambda counts, size: _pym_moments(tuple(counts))[1],
    "ansb": lambda counts, size: mp.sqrt(mp.psi(1, sum(counts) - sum(c > 0 for c in counts))),
    "nsb": lambda counts, size: _nsb_moments(tuple(counts), size)[1],
    "dirichlet_jeffreys": lambda counts, size: mp.sqrt(dirichlet(counts, size, mp.mpf(1) / 2)[1]),
    "dirichlet_laplace": lambda counts, size: mp.sqrt(dirichlet(counts, size, 1)[1]),
    "dirichlet_perks": lambda counts, size: mp.sqrt(dirichlet(counts, size, mp.mpf(1) / size)[1]),
    "dirichlet_minimax": lambda counts, size: mp.sqrt(
        dirichlet(counts, size, mp.sqrt(sum(counts)) / size)[1]
    ),
}
"""Posterior standard deviations of the Bayesian estimators."""
