"""The bounds of any order, tried."""

import numpy as np
from scipy.special import logsumexp

from oracles import bounds as oracle

from . import Case

ORDERS = (1e-3, 0.3, 0.5, 0.999, 1 - 1e-9, 1 + 1e-9, 2.0, 10.0, 99.5, 1e3)
ERRORS = (1e-300, 1e-12, 0.003, 0.1, 0.49999, 0.62, 0.9, 1 - 1e-9)


def _fano():
    for M in (2, 3, 10, 10**9):
        top = np.log(M)
        for a in ORDERS:
            entropies = (1e-10, 0.01, 0.3, 0.9 * top, top - 1e-7, top - 1e-12)
            for p, H in zip(ERRORS, (*entropies, 0.69, 0.5 * top), strict=True):
                yield {"p": p, "Ha": H, "a": a, "M": M}
            for H in (*entropies[2:], top - 0.3 / M):
                yield {"p": 0.3, "Ha": H, "a": a, "M": M}
        for a in (0.9, 2.0, 1e3):  # a small order has none of these errors above the least number
            yield {"p": 0.3, "Ha": 1e-250, "a": a, "M": M}


def _envelope():
    for a in ORDERS:
        for p in (1e-300, 1e-12, 0.003, 0.1, 0.3, 0.49999, 0.5, 0.62, 2 / 3, 0.875, 0.9):
            yield {"p": p, "Ha": 1.0, "a": a}
        for H in (
            *((1e-8, 0.01) if a > 0.1 else ()),
            0.3,
            0.69,
            0.6931471805599453,
            1.0986122886681098,
            2.0,
            2.3025850929,
        ):
            yield {"p": 0.3, "Ha": H, "a": a}


def entropy(joint, a):
    """By the logarithms of the powers, for an order that is not 1."""
    with np.errstate(divide="ignore"):
        norms = logsumexp(a * np.log(joint), axis=1) / a
    return float(a / (1 - a) * logsumexp(norms))


def _of(joint, decide, a):
    M = joint.shape[1]
    H = min(max(entropy(joint, a), 0.0), np.log(M))
    return {"p": oracle.error(joint, decide), "Ha": H, "a": a, "M": M}


def _random_fano(rng):
    for _ in range(1_500):
        joint = oracle.random_joint(rng)
        for decide in (
            oracle.bayes(joint),
            rng.dirichlet(np.full(joint.shape[1], 0.3), len(joint)),
        ):
            yield _of(joint, decide, float(rng.choice([0.01, 0.25, 0.5, 0.9, 1.5, 3.0, 30.0])))


def _of_bayes(joint, a=0.5):
    return {n: v for n, v in _of(joint, oracle.bayes(joint), a).items() if n != "M"}


def _random_envelope(rng):
    for _ in range(2_000):
        yield _of_bayes(
            oracle.random_joint(rng), float(rng.choice([0.01, 0.25, 0.5, 0.9, 1.5, 3.0, 30.0]))
        )


CASES = {
    "arimoto_fano": Case(
        samples=tuple(_fano()),
        instances=_random_fano,
        attained=[{"p": p, "M": M} for p, M in [(0.1, 2), (0.5, 2), (0.3, 3), (0.62, 10)]],
        measure=lambda joint: _of(joint, oracle.bayes(joint), 2.0),
    ),
    "arimoto_envelope": Case(
        samples=tuple(_envelope()),
        instances=_random_envelope,
        attained=[{"p": p} for p in (0.1, 0.5, 0.3, 2 / 3, 0.62, 0.9)],
        measure=_of_bayes,
        auxiliary={"k": range(1, 13)},
    ),
}
