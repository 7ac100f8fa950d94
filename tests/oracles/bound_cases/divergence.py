"""The bounds from the divergence on one event, tried."""

import math

import numpy as np

from oracles import bounds as oracle

from . import Case

PROCESSED = ("p", "I", "pmax")


def _processed():
    for pmax in (1e-9, 0.01, 0.1, 0.3, 0.5, 0.7, 0.999, 1 - 1e-9):
        top = -math.log(pmax)
        for information in (1e-12 * top, 1e-6 * top, 0.01 * top, 0.5 * top, 0.99 * top, 2 * top):
            for share in (1e-300, 1e-12, 0.003, 0.3, 0.9, 1 - 1e-9):
                yield {"p": share * (1 - pmax), "I": information, "pmax": pmax}
        for below in (1e-3, 1e-6):
            if below < 0.1 * top:
                yield {"p": 0.5 * (1 - pmax), "I": top - below, "pmax": pmax}


def _of_processed(joint, decide):
    case = {n: oracle.measure(n, joint, decide) for n in ("p", "I")}
    return {**case, "I": max(case["I"], 0.0), "pmax": float(joint.sum(axis=0).max())}


def _random_processed(rng):
    for _ in range(3_000):
        joint = oracle.random_joint(rng)
        rows, M = joint.shape
        for decide in (oracle.bayes(joint), rng.dirichlet(np.full(M, 0.3), size=rows)):
            case = _of_processed(joint, decide)
            if case["p"] <= 1 - case["pmax"]:
                yield case


def _squares():
    for M in (2, 3, 10, 10**6, 10**9):
        for share in (1e-300, 1e-9, 0.1, 0.9, 1 - 1e-9):
            for p in (1e-300, 1e-9, 0.3, 0.5, 0.9 * (1 - 1 / M), 1.0):
                yield {"p": p, "chi2": share * (M - 1), "M": M}


def _of_squares(joint):
    """For uniform labels (columns), with the law of the observation (rows) as the reference."""
    M = joint.shape[1]
    laws = M * joint
    Q = joint.sum(axis=1)
    chi2 = float((laws[Q > 0] ** 2 / Q[Q > 0, None]).sum() / M - 1)
    return {"p": oracle.error(joint, oracle.bayes(joint)), "chi2": max(chi2, 0.0), "M": M}


def _random_squares(rng):
    for _ in range(1_000):
        M, rows = int(rng.integers(2, 12)), int(rng.integers(1, 8))
        channel = rng.dirichlet(np.full(rows, 10 ** rng.uniform(-1, 1)), size=M)
        case = _of_squares(channel.T / M)
        yield case
        Q = rng.dirichlet(np.ones(rows))  # any other reference gives more
        yield {**case, "chi2": max(float((channel**2 / Q).sum() / M - 1), 0.0)}


def _hypotheses(shares):
    for K in (1, 2, 9, 1000, 10**9):
        for D in (1e-14, 1e-7, 0.01, 0.5, 1.0, 5.0, 30.0, 600.0):
            for share in shares:
                yield {"p": share(K), "D": D, "K": K}


def _of_hypotheses(laws):
    """Rows: the law of the answer under each hypothesis, the first the reference."""
    K = len(laws) - 1
    positive = laws[1:] > 0
    ratios = (laws[1:] / laws[0])[positive]
    D = float((laws[1:][positive] * np.log(ratios)).sum()) / K
    return {"p": 1 - float(np.diag(laws).min()), "D": max(D, 0.0), "K": K}


def _random_hypotheses(most):
    def draw(rng):
        found = 0
        while found < 800:
            K = int(rng.integers(1, 8))
            good = rng.uniform(0.3, 0.99)
            laws = (1 - good) * rng.dirichlet(np.ones(K + 1), size=K + 1) + good * np.eye(K + 1)
            case = _of_hypotheses(laws)
            if case["p"] <= most(K):
                found += 1
                yield case

    return draw


CASES = {
    "data_processing": Case(
        samples=tuple(_processed()),
        instances=_random_processed,
        attained=[
            {"p": p, "pmax": 1 / M}
            for p, M in [(0.1, 2), (0.5, 2), (0.3, 3), (2 / 3, 3), (0.62, 10), (0.9, 50)]
        ],
        measure=lambda joint: _of_processed(joint, np.eye(len(joint))),
    ),
    "chi_square": Case(
        samples=tuple(_squares()),
        instances=_random_squares,
        attained=[
            {"p": p, "M": M}
            for p, M in [(0.1, 2), (0.5, 2), (0.3, 3), (0.6, 3), (0.62, 10), (0.9, 50)]
        ],
        measure=_of_squares,
    ),
    "birge": Case(
        samples=tuple(
            _hypotheses(
                [
                    lambda K: 1e-300,
                    lambda K: 1e-9,
                    lambda K: 0.1,
                    lambda K: 0.5 * K / (K + 1),
                    lambda K: (1 - 1e-9) * K / (K + 1),
                ]
            )
        ),
        instances=_random_hypotheses(lambda K: K / (K + 1)),
        attained=[{"p": p, "K": K} for p, K in [(0.1, 1), (0.5, 1), (0.3, 2), (0.6, 9), (0.9, 49)]],
        measure=lambda joint: _of_hypotheses(len(joint) * joint.T),
    ),
    "birge_simple": Case(
        samples=tuple(
            _hypotheses([lambda K: 1e-300, lambda K: 1e-9, lambda K: 0.1, lambda K: 0.155])
        ),
        instances=_random_hypotheses(lambda K: 1 / (2 * math.e + 1)),
    ),
}
