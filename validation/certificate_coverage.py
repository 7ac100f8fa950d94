"""The certificates hold: how often an interval misses the truth, against the risk it promises."""

import math

import numpy as np

import mitheory as mt
from mitheory import laws
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
    missed = dict.fromkeys(QUANTITIES, 0)
    width = dict.fromkeys(QUANTITIES, 0.0)
    for table in law.sample_counts(n, rng, REPLICATES):
        certificate = mt.certify(table, level=LEVEL)
        for name in QUANTITIES:
            interval = getattr(certificate, name)
            inside = interval.lower - ROUNDING <= truth[name] <= interval.upper + ROUNDING
            missed[name] += not inside
            width[name] += (interval.upper - interval.lower) / REPLICATES
    shares = {name: count / REPLICATES for name, count in missed.items()}
    return {"value": max(shares.values()), "missed": shares, "width": width, "truth": truth}


STUDY = Study(
    name="certificate_coverage",
    claim=f"every certified interval holds the truth at least {100 * LEVEL:g} % of the time",
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
    predicted=lambda law, n: 1 - LEVEL,
    relation="at most",
    tolerance=4 * math.sqrt(LEVEL * (1 - LEVEL) / REPLICATES),
    unit="share of intervals",
    note=f"The number is the largest share of misses over five quantities in {REPLICATES} "
    "replicates; the tolerance is four binomial standard deviations.",
)

if __name__ == "__main__":
    main(STUDY)
