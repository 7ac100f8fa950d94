"""The certificates hold: how often an interval misses the truth, against the risk it promises.

Where the two ends share the risk between them, each is held to its own share.
"""

import math

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.certificates.twosided import CONDITIONAL_SHARES
from mitheory.study import Study, main

LEVEL = 0.95
REPLICATES = 1_000
ROUNDING = 1e-12  # of the truth, where an interval ends at exactly ln M
QUANTITIES = (
    "label_entropy",
    "conditional_entropy",
    "information",
    "bayes_error",
    "error_from_entropies",
)
LOWER_SHARE = {  # of the risk; both ends together for the others
    "conditional_entropy": CONDITIONAL_SHARES["lower"],
    "bayes_error": 0.5,
    "error_from_entropies": CONDITIONAL_SHARES["lower"],
}


def sparse(rows, classes, seed):
    """A law with many rare observations, as categorical data have."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(rows, 0.5))[:, None] * rng.dirichlet(np.full(classes, 0.5), rows)
    return laws.Channel(p, name=f"sparse({rows}, {classes})")


def measured(law, n, rng):
    truth = {
        "label_entropy": law.label_entropy(),
        "conditional_entropy": law.conditional_entropy(),
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "error_from_entropies": law.bayes_error(),
    }
    missed = {name: {"lower": 0, "upper": 0} for name in QUANTITIES}
    width = dict.fromkeys(QUANTITIES, 0.0)
    for table in law.sample_counts(n, rng, REPLICATES):
        certificate = mt.certify(table, level=LEVEL)
        for name in QUANTITIES:
            interval = getattr(certificate, name)
            missed[name]["lower"] += truth[name] < interval.lower - ROUNDING
            missed[name]["upper"] += truth[name] > interval.upper + ROUNDING
            width[name] += (interval.upper - interval.lower) / REPLICATES
    missed = {
        name: {end: count / REPLICATES for end, count in ends.items()}
        for name, ends in missed.items()
    }
    excess = [
        (share - risk) / binomial_deviation(risk)
        for name in QUANTITIES
        for share, risk in promises(name, **missed[name])
    ]
    return {
        "value": max(excess),
        "risk": 1 - LEVEL,
        "replicates": REPLICATES,
        "missed": missed,
        "width": width,
        "truth": truth,
    }


def promises(name, lower, upper):
    """Pairs of a share of misses and the risk that it is held to."""
    risk = 1 - LEVEL
    pairs = [(lower + upper, risk)]
    if name in LOWER_SHARE:
        pairs += [(lower, LOWER_SHARE[name] * risk), (upper, (1 - LOWER_SHARE[name]) * risk)]
    return pairs


def binomial_deviation(risk):
    """Standard deviation of the share of misses where each has this probability."""
    return math.sqrt(risk * (1 - risk) / REPLICATES)


STUDY = Study(
    name="certificate_coverage",
    claim=f"every certified interval holds the truth at least {100 * LEVEL:g} % of the time, and "
    "no end misses more often than its share of the risk",
    over={
        "law": [
            laws.Channel.binary_symmetric(0.1),
            laws.Channel.binary_symmetric(0.3, prior=0.1),
            laws.Channel.z(0.2),
            laws.Channel.symmetric(5, 0.3),
            sparse(20, 3, seed=1),
            sparse(200, 2, seed=2),
        ],
        "n": [30, 100, 300, 1_000, 3_000, 10_000],
    },
    quick={"n": [30, 300, 3_000]},
    measured=measured,
    predicted=lambda law, n: 0.0,
    relation="at most",
    tolerance=4.0,
    unit="standard deviations",
    note=f"The number is the largest excess of misses over the risk, in {REPLICATES} replicates, "
    f"in binomial standard deviations: of five quantities at risk {1 - LEVEL:.2g}, and of each end "
    "of the conditional entropy and of the Bayes error at its own share of that risk.",
)

if __name__ == "__main__":
    main(STUDY)
