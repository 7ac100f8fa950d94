"""The sample sizes promised are enough, and how much more than enough they are.

Every route of `samples_needed` names an n at which the plug-in entropy is within the error with
probability 95 %, for every law. Here the plug-in is drawn at that n under the laws that are hardest
for it: those of one frequent symbol, and even ones.
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


def plugin_errors(law, n, rng):
    """|Hhat - H| in replicates, a few at a time."""
    truth = special.entr(law).sum()
    errors = []
    for size in np.diff(np.append(np.arange(0, REPLICATES, 500), REPLICATES)):
        share = rng.multinomial(n, law, size=size) / n
        errors.append(np.abs(special.entr(share).sum(axis=1) - truth))
    return np.concatenate(errors)


def measured(classes, error, rng):
    plan = mt.samples_needed(error=error, level=LEVEL, classes=classes)
    routes = {}
    for route in plan.routes:
        misses, quantile = [], []
        for law in hard_laws(classes):
            errors = plugin_errors(law, route.n, rng)
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
    claim="with the number of samples that a route promises, the plug-in entropy misses by more "
    f"than the error in at most {100 * (1 - LEVEL):g} % of samples",
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
