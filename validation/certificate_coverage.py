"""The certificates hold: how often an interval misses the truth, against the risk it promises.

Named laws, and groups of random ones from nearly deterministic to nearly uniform. Where the two
ends share the risk between them, each is held to its own share. The radii depend on n, the sizes
and the level alone, so that the ends of thousands of tables are worked out at once; a few tables of
every law are certified one at a time as well and must agree.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

import mitheory as mt
from mitheory import laws
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.fano import fano_error_lower
from mitheory.certificates import twosided
from mitheory.certificates.binomial import (
    averaged_upper_limit,
    binary_entropy_interval,
    lower_limit,
)
from mitheory.certificates.cells import Cells
from mitheory.certificates.codes import code_lengths
from mitheory.study import Study, main

LEVEL = 0.95
REPLICATES = 10_000
AT_ONCE = 2_000  # tables
CHECKED = 2  # tables of each law that are certified one at a time too
ROUNDING = 1e-12  # of the truth, where an interval ends at exactly ln M
QUANTITIES = (
    "label_entropy",
    "conditional_entropy",
    "information",
    "bayes_error",
    "error_from_entropies",
)
LOWER_SHARE = {  # of the risk; both ends together for the others
    "conditional_entropy": twosided.CONDITIONAL_SHARES["lower"],
    "bayes_error": 0.5,
    "error_from_entropies": twosided.CONDITIONAL_SHARES["lower"],
}


def sparse(rows, classes, seed):
    """A law with many rare observations, as categorical data have."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(rows, 0.5))[:, None] * rng.dirichlet(np.full(classes, 0.5), rows)
    return laws.Channel(p, name=f"sparse({rows}, {classes})")


@dataclass(frozen=True)
class RandomLaws:
    """A group of random joint laws, up to 12 observations and 5 labels."""

    seed: int
    size: int = 25

    def __str__(self):
        return f"random({self.size}, {self.seed})"

    def __iter__(self):
        rng = np.random.default_rng(self.seed)
        for _ in range(self.size):
            rows, classes = int(rng.integers(1, 13)), int(rng.choice([2, 2, 3, 5]))
            weight = rng.dirichlet(np.full(rows, 10 ** rng.uniform(-0.5, 1)))
            posterior = rng.dirichlet(np.full(classes, 10 ** rng.uniform(-1, 1)), size=rows)
            yield laws.Channel(weight[:, None] * posterior)


def plugin(counts):
    """Plug-in entropy, the last axis symbols."""
    return special.entr(counts / counts.sum(axis=-1, keepdims=True)).sum(axis=-1)


def codes_of(tables, classes):
    """Lengths of the codes for the labels, alone and given X, for every table."""
    alone = None if classes == 2 else code_lengths(tables.sum(axis=1)[:, None, :], classes)
    return {"label_entropy": alone, "conditional_entropy": code_lengths(tables, classes)}


def certified(tables, codes, classes, risk, name):
    """Both ends of an entropy for every table, as `certify` has them."""
    n = int(tables[0].sum())
    if name == "label_entropy":
        value = plugin(tables.sum(axis=1))
        if classes == 2:
            rare = tables.sum(axis=1).min(axis=-1)
            low, high = binary_entropy_interval(rare, n, risk)
            return np.minimum(low, value), np.maximum(high, value)
        radii = twosided.entropy_radii(n, classes, risk)
        below, above = radii.below, radii.above
    else:
        value = plugin(tables.reshape(len(tables), -1)) - plugin(tables.sum(axis=2))
        observed = (tables.sum(axis=2) > 0).sum(axis=1)
        by_rows = {
            rows: twosided.conditional_radii(n, classes, risk, rows)
            for rows in map(int, np.unique(observed))
        }
        radii = next(iter(by_rows.values()))
        below = radii.below
        above = np.array([by_rows[rows].above for rows in map(int, observed)])
    high = value + above
    if math.isfinite(radii.beyond_code):
        high = np.minimum(high, codes[name] / n + radii.beyond_code)
    return np.maximum(value - below, 0), np.minimum(high, math.log(classes))


def ends(tables, classes):
    """(lower, upper) for every table, by quantity."""
    n, risk, codes = int(tables[0].sum()), 1 - LEVEL, codes_of(tables, classes)
    label = certified(tables, codes, classes, risk, "label_entropy")
    given = certified(tables, codes, classes, risk, "conditional_entropy")
    half = [certified(tables, codes, classes, risk / 2, name) for name in QUANTITIES[:2]]
    fitted = n - tables.max(axis=2).sum(axis=1)
    return {
        "label_entropy": label,
        "conditional_entropy": given,
        "information": (
            np.maximum(half[0][0] - half[1][1], 0),
            np.minimum(half[0][1] - half[1][0], math.log(classes)),
        ),
        "bayes_error": (lower_limit(fitted, n, risk / 2), None),
        "error_from_entropies": (
            fano_error_lower(given[0], classes),
            np.minimum(envelope_error_upper(given[1]), 1 - 1 / classes),
        ),
    }


def fewest_errors(truth, n, risk):
    """The online errors at which the upper limit of the Bayes error reaches the truth."""

    def excess(errors):
        return averaged_upper_limit(errors, n, risk) - truth

    if excess(0.0) >= 0:
        return -1.0
    return optimize.brentq(excess, 0.0, float(n), xtol=1e-9) if excess(n) > 0 else math.inf


def online_errors(tables, below):
    """Online errors of every table; infinite where they are certainly not below this number.

    The majority rule errs on samples ahead of it no less than on those it was fitted on.
    """
    errors = np.full(len(tables), math.inf)
    fitted = tables.sum(axis=(1, 2)) - tables.max(axis=2).sum(axis=1)
    for i in np.flatnonzero(fitted < below):
        errors[i] = Cells.of(tables[i]).online_errors(classes=tables.shape[2])
    return errors


def error_upper(tables):
    """The upper end of the Bayes error for every table."""
    n, classes = int(tables[0].sum()), tables.shape[2]
    errors = online_errors(tables, math.inf)
    return np.array(
        [min(averaged_upper_limit(w, n, (1 - LEVEL) / 2), 1 - 1 / classes) for w in errors]
    )


def coverage(law, n, rng, widths=False):
    """Share of misses of each end of each quantity under one law, and on request mean widths."""
    classes = law.p.shape[1]
    truth = {
        "label_entropy": law.label_entropy(),
        "conditional_entropy": law.conditional_entropy(),
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "error_from_entropies": law.bayes_error(),
    }
    needed = fewest_errors(truth["bayes_error"] - ROUNDING, n, (1 - LEVEL) / 2)
    missed = {name: {"lower": 0.0, "upper": 0.0} for name in QUANTITIES}
    width = dict.fromkeys(QUANTITIES, 0.0) if widths else None
    for start in range(0, REPLICATES, AT_ONCE):
        tables = law.sample_counts(n, rng, AT_ONCE)
        found = ends(tables, classes)
        online = online_errors(tables, needed)
        if start == 0:
            agree(tables[:CHECKED], found, law)
        for name, (low, high) in found.items():
            missed[name]["lower"] += (truth[name] < low - ROUNDING).sum() / REPLICATES
            above = online < needed if high is None else truth[name] > high + ROUNDING
            missed[name]["upper"] += above.sum() / REPLICATES
            if widths:
                high = error_upper(tables[:20]) if high is None else high
                width[name] += np.mean(high - low[: len(high)]) * AT_ONCE / REPLICATES
    return {"missed": missed, "width": width, "truth": truth}


def agree(tables, found, law):
    """Refuse to go on if the ends worked out together are not those of `certify`."""
    for i, table in enumerate(tables):
        certificate = mt.certify(table, level=LEVEL)
        for name, both in found.items():
            for end, values in zip(("lower", "upper"), both, strict=True):
                alone = getattr(getattr(certificate, name), end)
                if values is not None and abs(values[i] - alone) > 1e-9:
                    raise AssertionError(f"{name} {end} under {law}: {values[i]} and {alone}")


def measured(law, n, rng):
    alone = not isinstance(law, RandomLaws)
    group = [coverage(each, n, rng, widths=alone) for each in ([law] if alone else law)]
    excess = [
        (share - risk) / binomial_deviation(risk)
        for each in group
        for name in QUANTITIES
        for share, risk in promises(name, **each["missed"][name])
    ]
    missed = {name: [each["missed"][name] for each in group] for name in QUANTITIES}
    worst = {
        name: {
            "lower": max(share["lower"] for share in shares),
            "upper": max(share["upper"] for share in shares),
            "either": max(share["lower"] + share["upper"] for share in shares),
        }
        for name, shares in missed.items()
    }
    return {
        "value": max(excess),
        "risk": 1 - LEVEL,
        "replicates": REPLICATES,
        "laws": len(group),
        "missed": worst,
        "width": group[0]["width"],
        "truth": group[0]["truth"] if alone else None,
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


NAMED = [
    laws.Channel.binary_symmetric(0.1),
    laws.Channel.binary_symmetric(0.3, prior=0.1),
    laws.Channel.z(0.2),
    laws.Channel.symmetric(5, 0.3),
    sparse(20, 3, seed=1),
    sparse(200, 2, seed=2),
]

STUDY = Study(
    name="certificate_coverage",
    claim=f"every certified interval holds the truth at least {100 * LEVEL:g} % of the time, and "
    "no end misses more often than its share of the risk",
    over={
        "law": [*NAMED, *(RandomLaws(seed) for seed in range(40))],
        "n": [30, 300, 3_000, 30_000],
    },
    quick={"law": [*NAMED[:5], RandomLaws(0, size=2)], "n": [30, 300, 3_000]},
    measured=measured,
    predicted=lambda law, n: 0.0,
    relation="at most",
    tolerance=4.5,
    unit="standard deviations",
    note=f"The number is the largest excess of misses over the risk, in {REPLICATES} replicates of "
    f"every law, in binomial standard deviations: of five quantities at risk {1 - LEVEL:.2g}, and "
    "of each end of the conditional entropy and of the Bayes error at its own share of that risk. "
    "The full study tries six named laws and forty groups of twenty-five random ones; an end that "
    "used up all its risk everywhere would pass 4.5 deviations by chance once in thirty studies.",
)

if __name__ == "__main__":
    main(STUDY)
