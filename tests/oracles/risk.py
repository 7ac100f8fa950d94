"""Slow, plain moments of linear estimators, by enumeration with mpmath at 40 digits.

An estimator is given by its weights w[0..n], numbers or mpf, one per count.
"""

from __future__ import annotations

from math import comb

from mpmath import mp, mpf

DIGITS = 40


def plugin(n):
    """Weights -(k/n) ln(k/n)."""
    with mp.workdps(DIGITS):
        return [mpf(0)] + [-mpf(k) / n * mp.log(mpf(k) / n) for k in range(1, n + 1)]


def miller_madow(n):
    """Plug-in plus (K - 1) / 2n, the 1 spread over the symbols as k/n."""
    with mp.workdps(DIGITS):
        return [w + ((k > 0) - mpf(k) / n) / (2 * n) for k, w in enumerate(plugin(n))]


def grassberger(n):
    """(k/n) (ln n - G(k)), G(k) = psi(k) + (-1)^k (psi((k+1)/2) - psi(k/2)) / 2."""
    with mp.workdps(DIGITS):

        def g(k):
            k = mpf(k)
            return mp.psi(0, k) + (-1) ** int(k) * (mp.psi(0, (k + 1) / 2) - mp.psi(0, k / 2)) / 2

        return [mpf(0)] + [mpf(k) / n * (mp.log(n) - g(k)) for k in range(1, n + 1)]


def probabilities(p):
    """The doubles `p`, ascending, as exact numbers, the largest so that the sum is exactly 1."""
    with mp.workdps(DIGITS):
        exact = sorted(mpf(float(x)) for x in p if x > 0)
        exact[-1] = 1 - mp.fsum(exact[:-1])
        return exact


def entropy(p):
    with mp.workdps(DIGITS):
        return -mp.fsum(x * mp.log(x) for x in p if x > 0)


def _outcomes(n, p):
    """(counts, probability) of every outcome of the multinomial law."""
    if len(p) == 1:
        yield (n,), p[0] ** n
        return
    for k in range(n + 1):
        share = comb(n, k) * p[0] ** k
        for counts, probability in _outcomes(n - k, p[1:]):
            yield (k, *counts), share * probability


def enumerate_moments(w, p):
    """(mean, variance) over all outcomes of n = len(w) - 1 samples from p."""
    with mp.workdps(DIGITS):
        n = len(w) - 1
        rows = [(mp.fsum(w[k] for k in counts), mass) for counts, mass in _outcomes(n, p)]
        mean = mp.fsum(value * mass for value, mass in rows)
        return mean, mp.fsum((value - mean) ** 2 * mass for value, mass in rows)


def _binomial(n, p):
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


def moments(w, p):
    """(mean, variance) from binomial and trinomial sums; p ascending."""
    with mp.workdps(DIGITS):
        n = len(w) - 1
        single = [_dot(_binomial(n, q), w) for q in p]
        mean = mp.fsum(single)
        variance = mpf(0)
        for i, a in enumerate(p):
            variance += _dot(_binomial(n, a), [x * x for x in w]) - single[i] ** 2
            for j, b in enumerate(p[:i]):
                given = (_dot(_binomial(n - k, a / (1 - b)), w[: n - k + 1]) for k in range(n + 1))
                both = mp.fsum(
                    mass * w[k] * rest
                    for (k, mass), rest in zip(enumerate(_binomial(n, b)), given, strict=True)
                )
                variance += 2 * (both - single[i] * single[j])
        return mean, variance


def _dot(a, b):
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def joint_probabilities(table):
    """The doubles of a joint law as exact numbers, the largest so that the sum is exactly 1."""
    with mp.workdps(DIGITS):
        exact = [[mpf(float(x)) for x in row] for row in table]
        top = max((x, i, j) for i, row in enumerate(exact) for j, x in enumerate(row))
        exact[top[1]][top[2]] += 1 - mp.fsum(x for row in exact for x in row)
        return exact


def joint_truth(table, signs):
    """Signed sum of H(X), H(Y) and H(X,Y)."""
    with mp.workdps(DIGITS):
        families = _families(table)
        return mp.fsum(s * entropy(map(mp.fsum, f)) for s, f in zip(signs, families, strict=True))


def _families(table):
    return table, list(zip(*table, strict=True)), [[x] for row in table for x in row]


def enumerate_joint_moments(weights, table, signs):
    """(mean, variance) of the signed sum of estimates of H(X), H(Y) and H(X,Y) over all outcomes.

    `weights` are those for X, for Y and for the pair.
    """
    with mp.workdps(DIGITS):
        n, columns = len(weights[0]) - 1, len(table[0])
        rows = []
        for counts, mass in _outcomes(n, [x for row in table for x in row]):
            families = _families([counts[i : i + columns] for i in range(0, len(counts), columns)])
            value = mp.fsum(
                s * w[sum(event)]
                for s, w, family in zip(signs, weights, families, strict=True)
                for event in family
            )
            rows.append((value, mass))
        mean = mp.fsum(value * mass for value, mass in rows)
        return mean, mp.fsum((value - mean) ** 2 * mass for value, mass in rows)
