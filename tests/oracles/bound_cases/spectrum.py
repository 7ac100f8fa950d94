"""The bounds from the information spectrum, tried."""

import itertools

import numpy as np

from oracles import bounds as oracle

from . import Case

SAMPLES = [
    {"p": p, "b": b, "F": F}
    for p, b, F in itertools.product(
        (1e-300, 1e-9, 0.1, 0.5, 1.0),
        (0.0, 1e-300, 1e-9, 0.3, 0.5, 1 - 1e-9),
        (1e-300, 1e-9, 0.2, 0.7, 1.0),
    )
]


def _of(joint, decide, b):
    with np.errstate(invalid="ignore"):
        small = joint / joint.sum(axis=1, keepdims=True) <= b
    return {"p": oracle.error(joint, decide), "b": b, "F": min(float(joint[small].sum()), 1.0)}


def _of_first(joint):
    """At the threshold that is the posterior of the first label at the first observation."""
    b = float(joint[0, 0] / joint[0].sum())
    case = _of(joint, oracle.bayes(joint), b * (1 + 1e-12))
    return {**case, "b": b}


def _random(rng):
    for _ in range(1_000):
        joint = oracle.random_joint(rng)
        posterior = (joint / joint.sum(axis=1, keepdims=True)).ravel()
        for decide in (
            oracle.bayes(joint),
            rng.dirichlet(np.full(joint.shape[1], 0.3), len(joint)),
        ):
            for b in (rng.uniform(), float(rng.choice(posterior))):
                yield _of(joint, decide, min(float(b), 1.0))


CASES = {
    "poor_verdu": Case(
        samples=SAMPLES,
        instances=_random,
        attained=[{"b": b, "F": F} for b, F in [(0.5, 0.3), (0.4, 0.7), (1 / 3, 1.0), (0.9, 0.2)]],
        measure=_of_first,
    ),
    "verdu_han": Case(
        samples=SAMPLES,
        instances=_random,
        attained=[{"b": b} for b in (0.5, 0.4, 1 / 3, 0.9, 0.01)],
        measure=_of_first,
    ),
}
