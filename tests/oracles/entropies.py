"""Entropy estimators at 40 digits, from a plain list of counts, by their definitions."""

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
