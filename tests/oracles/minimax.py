"""The minimax estimators from plain lists of counts: slow, plain, at 40 digits or more."""

from functools import cache
from itertools import pairwise

import mpmath as mp
import numpy as np
from scipy.optimize import linprog
from scipy.stats import poisson

mp.mp.dps = 40


def target(x):
    return -x * mp.log(x) if x else mp.mpf(0)


@cache
def best_polynomial(degree):
    """Coefficients and level: Remez's exchange in the monomial basis, all in mpmath."""
    with mp.workdps(40 + 2 * degree):
        nodes = [(1 - mp.cos(mp.pi * i / (degree + 1))) / 2 for i in range(degree + 2)]
        while True:
            system = mp.matrix(degree + 2, degree + 2)
            right = mp.matrix(degree + 2, 1)
            for i, x in enumerate(nodes):
                for k in range(degree + 1):
                    system[i, k] = x**k
                system[i, degree + 1] = (-1) ** i
                right[i] = target(x)
            *a, level = mp.lu_solve(system, right)
            slope = [k * c for k, c in enumerate(a)][:0:-1]

            def error(x, a=a):
                return target(x) - mp.polyval(a[::-1], x)

            def rise(x, slope=slope):
                return -mp.log(x) - 1 - mp.polyval(slope, x)

            # between two zeros of the error lies one zero of its slope
            zeros = [bisect(error, *pair) for pair in pairwise(nodes)]
            inner = [bisect(rise, *pair) for pair in pairwise(zeros)]
            nodes = [mp.mpf(0), *inner, mp.mpf(1)]
            worst = max(abs(error(x)) for x in nodes)
            if worst - abs(level) < abs(level) * mp.mpf(10) ** -25:
                return a, level


def bisect(f, low, high):
    sign = mp.sign(f(low)) if low else mp.sign(f(high / 10**6))
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if mp.sign(f(middle)) == sign else (low, middle)
    root = (low + high) / 2
    return mp.findroot(f, (root, root * (1 + mp.mpf(10) ** -15)), solver="secant", verify=False)


def falling(j, k):
    return mp.fprod(j - i for i in range(k))


def plugin_corrected(j, n):
    p = mp.mpf(j) / n
    return target(p) + 1 / mp.mpf(2 * n)


def jvhw_weight(j, n, singletons):
    with mp.workdps(100):
        degree = min(4 + int(mp.ceil(mp.mpf("1.2") * mp.log(n))), 22)
        if singletons == 0 or n < degree:
            return plugin_corrected(j, n)
        t = mp.log(mp.mpf(n) / singletons)
        if n < 200 or t > mp.mpf("1.5"):
            c = mp.mpf("0.3303") * t + mp.mpf("0.4679")
        else:
            c = mp.polyval(
                [
                    mp.mpf("-0.530556484842359"),
                    mp.mpf("1.09787328176926"),
                    mp.mpf("0.184831781602259"),
                ],
                t,
            )
        c = max(c, 1 / (mp.mpf("1.9") * mp.log(n)))
        end = 4 * c * mp.log(n) / n
        p = mp.mpf(j) / n
        r = min(max(2 * p / end - 1, 0), 1)
        a, _ = best_polynomial(degree)
        polynomial = mp.fsum(
            a[k] * end ** (1 - k) * falling(j, k) / falling(n, k) for k in range(degree + 1)
        )
        small = polynomial - p * mp.log(end)
        return max(r * plugin_corrected(j, n) + (1 - r) * small, mp.mpf(0))


def jvhw(counts):
    n, singletons = sum(counts), sum(c == 1 for c in counts)
    return mp.fsum(jvhw_weight(c, n, singletons) for c in counts if c)


def wu_yang_weight(j, n, alphabet):
    with mp.workdps(120):
        degree = int(mp.floor(mp.mpf("1.6") * mp.log(alphabet)))
        if j > degree:
            return plugin_corrected(j, n)
        if alphabet == 1:
            return mp.mpf(0)
        end = mp.mpf("3.5") * mp.log(alphabet)
        a, _ = best_polynomial(degree)
        total = mp.fsum(a[k] * end ** (1 - k) * falling(j, k) for k in range(degree + 1))
        return (total + j * mp.log(n / end)) / n


def wu_yang(counts, alphabet):
    n, seen = sum(counts), [c for c in counts if c]
    unseen = (alphabet - len(seen)) * wu_yang_weight(0, n, alphabet)
    return unseen + mp.fsum(wu_yang_weight(c, n, alphabet) for c in seen)


@cache
def bernstein(n):
    """The grid, the corrected plug-in weights and the binomial probabilities, in mpmath."""
    if n < 20:
        grid = np.arange(5 * n + 1) / (5 * n)
    else:
        grid = np.geomspace(1e-4 / n, min(1, 30 / n), 200)
    grid = [mp.mpf(float(p)) for p in grid]
    counts = range(min(n, 150) + 1)
    weights = [target(mp.mpf(j) / n) + (1 - mp.mpf(j) / n) / (2 * n) for j in counts]
    ways = [mp.binomial(n, j) for j in counts]
    pmf = [[w * p**j * (1 - p) ** (n - j) for p in grid] for j, w in zip(counts, ways, strict=True)]
    return grid, weights, pmf


@cache
def bub_weights(n, alphabet):
    """By normal equations; returns the weights of all counts up to 150, and the bound."""
    with mp.workdps(60):
        grid, base, pmf = bernstein(n)
        best, bound = None, mp.inf
        penalty = mp.mpf(n) / alphabet**2
        gram = [[mp.fdot(a, b) for b in pmf[:20]] for a in pmf[:20]]
        for k in [n + 1] if n < 20 else range(1, 12):
            columns = list(zip(*pmf[k:], strict=True)) if pmf[k:] else [()] * len(grid)
            rest = [target(p) - mp.fdot(base[k:], c) for p, c in zip(grid, columns, strict=True)]
            normal, right = mp.matrix(k, k), mp.matrix(k, 1)
            for i in range(k):
                right[i] = mp.fdot(pmf[i], rest)
                for m in range(k):
                    normal[i, m] = gram[i][m]
            for i in range(1, k + 1):  # (a_i - a_(i-1))^2
                if i < k:
                    normal[i, i] += penalty
                    normal[i, i - 1] -= penalty
                    normal[i - 1, i] -= penalty
                if i < len(base):
                    normal[i - 1, i - 1] += penalty
                    right[i - 1] += penalty * base[i] if i == k else 0
            a = [*mp.lu_solve(normal, right), *base[k:]]
            bias = max(
                abs(mp.fdot(a, column) - target(p))
                for p, column in zip(grid, zip(*pmf, strict=True), strict=True)
            )
            step = max((abs(v - u) for u, v in pairwise(a)), default=0)
            if n > 150:
                step = max(step, abs(target(mp.mpf(n - 1) / n) + 1 / mp.mpf(2 * n * n)))
            error = mp.sqrt((alphabet * bias) ** 2 + n * step**2)
            if error < bound:
                best, bound = a, error
        return best, bound


def bub(counts, alphabet):
    n, seen = sum(counts), [c for c in counts if c]
    weights, _ = bub_weights(n, alphabet)

    def weight(j):
        p = mp.mpf(j) / n
        return weights[j] if j < len(weights) else target(p) + (1 - p) / (2 * n)

    return (alphabet - len(seen)) * weights[0] + mp.fsum(weight(c) for c in seen)


def unseen(counts):
    """As the authors write it: h_x themselves, pairs of inequalities, by an interior point.

    Returns the entropy and the two optimal values (None where nothing is crowded).
    """
    counts = np.array([c for c in counts if c])
    n, top = int(counts.sum()), int(counts.max())
    phi = {i: int(np.sum(counts == i)) for i in set(counts.tolist())}
    dense, entropy = {}, 0.0
    for i, times in phi.items():
        width = int(np.ceil(np.sqrt(i)))
        near = sum(phi.get(k, 0) for k in range(max(1, i - width), min(top, i + width) + 1))
        if near < np.sqrt(i) or i > 500:
            entropy -= times * i / n * np.log(i / n)
        else:
            dense[i] = times
    if not dense:
        return entropy, None, None
    most = max(dense)
    i = np.arange(1, most + int(np.ceil(np.sqrt(most))) + 1)
    f = np.array([dense.get(int(k), 0) for k in i], dtype=float)
    smallest = 1 / (n * min(max(10, n), 10_000))
    steps = int(np.ceil(np.log(most / n / smallest) / np.log(1.05)))
    x = smallest * 1.05 ** np.arange(steps + 1)
    share = poisson.pmf(i[:, None], n * x) / (n * x)  # unknowns: n x h_x
    eye = np.eye(i.size)
    upper = np.block([[share, -eye], [-share, -eye]])
    limit = np.r_[f, -f]
    misfit = np.r_[np.zeros(x.size), 1 / np.sqrt(f + 1)]
    mass, total = np.r_[np.ones(x.size), np.zeros(i.size)][None], [float(i @ f)]
    one = linprog(misfit, upper, limit, mass, total, method="highs-ipm")
    two = linprog(
        np.r_[1 / (n * x), np.zeros(i.size)],
        np.vstack([upper, misfit]),
        np.r_[limit, one.fun + 0.5],
        mass,
        total,
        method="highs-ipm",
    )
    entropy -= float(two.x[: x.size] @ np.log(x)) / n
    return entropy, float(one.fun), float(two.fun)
