"""The bounds from the overlap of the classes, tried."""

import itertools
from functools import partial

import numpy as np

from oracles import bounds as oracle

from . import Case

PRIORS = (1e-100, 1e-9, 0.2, 0.5, 0.9, 1 - 1e-9)
SHARES = (1e-100, 1e-9, 0.1, 0.5, 0.999999)
GAPS = (0.0, 1e-300, 1e-9, 0.1, 0.3, 0.5, 0.9, 0.999999, 1 - 1e-12)


def _grid(**values):
    return [
        dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())
    ]


def measure(joint, decide, s=0.3):
    """The quantities of two classes; coefficients by direct sums over the two laws."""
    prior = joint.sum(axis=0)
    first, second = (joint / np.where(prior > 0, prior, 1.0)).T
    return {
        "p": oracle.error(joint, decide),
        "prior0": float(prior[0]),
        "rho": min(float(np.sqrt(first * second).sum()), 1.0),
        "s": s,
        "c": min(float((first**s * second ** (1 - s)).sum()), 1.0),
        "TV": min(float(abs(joint[:, 0] - joint[:, 1]).sum()), 1.0),
    }


def overlap(joint):
    """The quantities of several classes: B by the sum over all pairs of columns."""
    M = joint.shape[1]
    pairs = (
        float(np.sqrt(joint[:, i] * joint[:, j]).sum())
        for i, j in itertools.permutations(range(M), 2)
    )
    return {
        "B": sum(pairs),
        "p": oracle.error(joint, oracle.bayes(joint)),
        "H": max(oracle.entropy(joint) - oracle.entropy(joint.sum(axis=1)), 0.0),
    }


def _random_two(symbols, any_classifier, rng):
    for _ in range(1_000):
        rows = int(rng.integers(1, 7))
        joint = rng.dirichlet(np.full(2 * rows, 10 ** rng.uniform(-1.5, 1.5))).reshape(rows, 2)
        decisions = [oracle.bayes(joint)]
        if any_classifier:
            decisions += [1 - decisions[0], rng.dirichlet([0.3, 0.3], size=rows)]
        for decide in decisions:
            case = measure(joint, decide, s=float(rng.uniform()))
            yield {n: case[n] for n in symbols}


def _random_several(symbols, rng):
    for _ in range(600):
        rows, M = int(rng.integers(1, 5)), int(rng.integers(2, 9))
        law = rng.dirichlet(np.full(rows * M, 10 ** rng.uniform(-2, 1.5))).reshape(rows, M)
        yield {n: overlap(law)[n] for n in symbols}


def _case(symbols, samples, any_classifier=False):
    """A bound for two classes, attained at given errors."""
    return Case(
        samples=samples,
        instances=partial(_random_two, symbols, any_classifier),
        attained=[{"p": p} for p in (0.0, 1e-9, 0.1, 0.3, 0.5)],
        measure=lambda joint: {
            n: v for n, v in measure(joint, oracle.bayes(joint)).items() if n in symbols
        },
    )


def _several(symbols, samples, attained):
    return Case(
        samples=samples,
        instances=partial(_random_several, symbols),
        attained=attained,
        measure=lambda joint: {n: v for n, v in overlap(joint).items() if n in symbols},
    )


ERRORS = (1e-300, 1e-9, 0.1, 0.5, 0.9, 1.0)
ENTROPIES = (1e-300, 1e-9, 1e-3, 0.1, 0.3, 0.69, 2.0, 5.0, 20.0)
OVERLAPS = (1e-300, 1e-9, 1e-3, 0.1, 0.7, 1.0, 2.0, 50.0, 1e9)
TWO = {"prior0": PRIORS, "rho": SHARES}

CASES = {
    "bhattacharyya_upper": _case(("p", "prior0", "rho"), _grid(p=ERRORS, **TWO)),
    "bhattacharyya_lower": _case(("p", "prior0", "rho"), _grid(p=ERRORS, **TWO), True),
    "chernoff": _case(
        ("p", "prior0", "s", "c"),
        _grid(p=(1e-300, 0.1, 1.0), prior0=PRIORS, s=(0.0, 1e-9, 0.5, 1.0), c=(1e-100, 0.1, 1.0)),
    ),
    "le_cam": _case(("p", "TV"), _grid(p=ERRORS, TV=GAPS), True),
    "total_variation": _case(("p", "TV"), _grid(p=ERRORS, TV=GAPS)),
    "pairwise_bhattacharyya": _several(
        ("p", "B"), _grid(p=ERRORS, B=OVERLAPS), [{"p": p} for p in (0.0, 0.1, 0.3, 0.5)]
    ),
    "overlap_entropy": _several(
        ("H", "B"), _grid(H=ENTROPIES, B=OVERLAPS), [{"B": B} for B in (0.0, 1.0, 2.0, 9.0)]
    ),
    "overlap_entropy_linear": _several(
        ("H", "B"), _grid(H=ENTROPIES, B=OVERLAPS), [{"p": p} for p in (0.0, 0.1, 0.3, 0.5)]
    ),
}
