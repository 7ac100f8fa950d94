"""The sample sizes promised are enough, and how much more than enough they are.

Every route of `samples_needed` names an n at which an estimate of the entropy, the plug-in but for
two routes, is within the error with probability 95 %, for every law. Here the estimate is drawn at
that n under laws that are hard for it: those of one frequent symbol, and even ones.
"""

import math

import numpy as np
from scipy import special

import mitheory as mt
from mitheory.study import Study, main

LEVEL = 0.95
REPLICATES = 4_000
FREQUENT = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)  # probability of the frequent symbol


def hard_laws(classes):
    """Probability vectors, shape (laws, classes): one frequent symbol, or all alike."""
    rest = (1 - np.array(FREQUENT)) / (classes - 1)
    laws = np.repeat(rest[:, None], classes, axis=1)
    laws[:, 0] = FREQUENT
    return np.vstack([laws, np.full(classes, 1 / classes)])


def plugin(counts):
    return special.entr(counts / counts.sum(axis=1, keepdims=True)).sum(axis=1)


def errors_of(estimate, law, n, rng):
    """|estimate - H| in replicates, a few at a time."""
    truth = special.entr(law).sum()
    sizes = np.diff(np.append(np.arange(0, REPLICATES, 500), REPLICATES))
    found = [estimate(rng.multinomial(n, law, size=size)) for size in sizes]
    return np.abs(np.concatenate(found) - truth)


def estimate_of(route, classes):
    """The estimate whose error a route bounds."""
    if route.name != "optimal_linear":
        return lambda counts: plugin(counts) + route.shift
    best = mt.risk.optimal_linear(route.n, classes, level=LEVEL).estimator
    weight = best.weight(np.arange(route.n + 1), route.n)
    return lambda counts: weight[counts].sum(axis=1)


def measured(classes, error, rng):
    plan = mt.samples_needed(error=error, level=LEVEL, classes=classes)
    routes = {}
    for route in plan.routes:
        misses, quantile = [], []
        estimate = estimate_of(route, classes)
        for law in hard_laws(classes):
            errors = errors_of(estimate, law, route.n, rng)
            misses.append(float((errors > error).mean()))
            quantile.append(float(np.quantile(errors, LEVEL)))
        routes[route.name] = {
            "n": route.n,
            "promise": route.promise,
            "missed": max(misses),
            "error_seen": max(quantile),
        }
    risk = 1 - LEVEL
    spread = math.sqrt(risk * (1 - risk) / REPLICATES)
    worst = max(route["missed"] for route in routes.values() if route["promise"])
    return {"value": (worst - risk) / spread, "best": plan.method, "routes": routes}


STUDY = Study(
    name="sample_complexity",
    claim="with the number of samples that a route promises, the estimate of the entropy misses by "
    f"more than the error in at most {100 * (1 - LEVEL):g} % of samples",
    over={"classes": [2, 3, 10, 30, 100, 300, 1_000], "error": [0.3, 0.1, 0.03, 0.01]},
    quick={"classes": [2, 10, 100], "error": [0.3, 0.1, 0.03]},
    measured=measured,
    predicted=lambda classes, error: 0.0,
    relation="at most",
    tolerance=4.0,
    unit="standard deviations",
    note=f"The number is the largest excess of misses over the risk, in {REPLICATES} replicates of "
    f"each of {len(FREQUENT) + 1} hard laws, in binomial standard deviations, over all routes that "
    "promise. The asymptotic size and the minimax order promise nothing and are shown beside them.",
)

if __name__ == "__main__":
    main(STUDY)
