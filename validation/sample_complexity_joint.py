"""The sample sizes promised for H(Y|X), I(X;Y) and the Bayes error are enough.

As the study `sample_complexity`, for quantities of a table: at the n that each route promises, the
estimate is drawn under laws that are hard for it, labels that X does not tell and labels that it
nearly tells, even and with one frequent label. The estimate is the plug-in plus the shift of the
route; for the linear estimators, whose sums over cells are costly, few laws are tried.
"""

import math

import numpy as np
from sample_complexity import FREQUENT
from scipy import special

import mitheory as mt
from mitheory.study import Study, main

LEVEL = 0.95
REPLICATES = 1_000
AT_ONCE = 100
BIG = 3e6  # samples: beyond, an error is within the promise by far


def hard_laws(rows, labels):
    """Joint laws, shape (laws, rows, labels)."""
    rest = (1 - np.array(FREQUENT[1::2])) / (labels - 1)
    given = np.repeat(rest[:, None], labels, axis=1)
    given[:, 0] = FREQUENT[1::2]
    given = np.vstack([given, np.full(labels, 1 / labels)])
    untold = np.repeat(given[:, None], rows, axis=1)
    turned = (np.arange(labels) - np.arange(rows)[:, None]) % labels  # the frequent label turns
    return np.concatenate([untold, given[:-1][:, turned]]) / rows


def entropy(counts, weight):
    """Sum over the last axis of a weight of the counts, or of the plug-in's without one."""
    if weight is not None:
        return weight[counts].sum(axis=-1)
    return special.entr(counts / counts.sum(axis=-1, keepdims=True)).sum(axis=-1)


def estimates(quantity, tables, weights=(None, None, None)):
    """Of every table or law; weights of H(X,Y), H(X) and H(Y), the plug-ins without."""
    if quantity == "bayes_error":
        return 1 - tables.max(axis=2).sum(axis=1) / tables.sum(axis=(1, 2))
    both = entropy(tables.reshape(len(tables), -1), weights[0])
    of_x = entropy(tables.sum(axis=2), weights[1])
    if quantity == "conditional_entropy":
        return both - of_x
    return of_x + entropy(tables.sum(axis=1), weights[2]) - both


def weights_of(route, rows, labels):
    if route.name != "optimal_linear":
        return None, None, None
    best = [mt.risk.optimal_linear(route.n, S, level=LEVEL) for S in (rows * labels, rows, labels)]
    return tuple(one.estimator.weight(np.arange(route.n + 1), route.n) for one in best)


def measured(quantity, classes, alphabet, error, rng):
    plan = mt.samples_needed(quantity, error=error, level=LEVEL, classes=classes, alphabet=alphabet)
    laws, routes = hard_laws(alphabet, classes), {}
    truth = estimates(quantity, laws)
    for route in plan.routes:
        routes[route.name] = {"n": route.n, "promise": route.promise, "missed": None}
        if route.n > BIG:
            continue
        weights, missed, seen = weights_of(route, alphabet, classes), [], []
        for law, at in zip(laws, truth, strict=True):
            errors = np.concatenate(
                [
                    estimates(
                        quantity,
                        rng.multinomial(route.n, law.ravel(), AT_ONCE).reshape(-1, *law.shape),
                        weights,
                    )
                    for _ in range(REPLICATES // AT_ONCE)
                ]
            )
            errors = np.abs(errors + route.shift - at)
            missed.append(float((errors > error).mean()))
            seen.append(float(np.quantile(errors, LEVEL)))
        routes[route.name] |= {"missed": max(missed), "error_seen": max(seen)}
    risk = 1 - LEVEL
    spread = math.sqrt(risk * (1 - risk) / REPLICATES)
    worst = max(r["missed"] for r in routes.values() if r["promise"] and r["missed"] is not None)
    return {"value": (worst - risk) / spread, "best": plan.method, "routes": routes}


STUDY = Study(
    name="sample_complexity_joint",
    claim="with the number of samples that a route promises, the estimates of conditional entropy, "
    "information and Bayes error miss by more than the error in at most "
    f"{100 * (1 - LEVEL):g} % of samples",
    over={
        "quantity": ["conditional_entropy", "information", "bayes_error"],
        "classes": [2, 10],
        "alphabet": [3, 10, 30, 100, 1_000],
        "error": [0.1],
    },
    quick={
        "quantity": ["conditional_entropy", "information", "bayes_error"],
        "classes": [2],
        "alphabet": [3, 30],
        "error": [0.1],
    },
    measured=measured,
    predicted=lambda quantity, classes, alphabet, error: 0.0,
    relation="at most",
    tolerance=4.0,
    unit="standard deviations",
    note=f"The number is the largest excess of misses over the risk, in {REPLICATES} replicates of "
    "each of seven hard laws, in binomial standard deviations, over all routes that promise. "
    f"Routes that need more than {BIG:g} samples are shown but not drawn. The asymptotic size and "
    "the minimax order promise nothing and are shown beside them.",
)

if __name__ == "__main__":
    main(STUDY)
