"""The certificates hold together, and for a hundred labels and more.

The study `certificate_coverage` holds each interval to its own risk, for few labels. Here all
intervals of one table must hold at once, as `certify(..., simultaneous=True)` promises, and laws
of up to a thousand labels are among those tried; where samples are few, the entropy of their labels
is certified about the optimal linear estimate.
"""

import math

import numpy as np
from certificate_coverage import (
    LEVEL,
    NAMED,
    ROUNDING,
    RandomLaws,
    certified,
    codes_of,
    fewest_errors,
    online_errors,
)

import mitheory as mt
from mitheory import laws
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.fano import fano_error_lower
from mitheory.certificates import twosided
from mitheory.certificates.binomial import lower_limit
from mitheory.study import Study, main

REPLICATES = 2_000
AT_ONCE = 250  # tables
EVENTS = 3  # label entropy, conditional entropy and Bayes error; the others follow from them
RISK = 1 - LEVEL


def many_labels(rows, labels, concentration, seed):
    """Labels of a Zipf-like law, from copies of one law for every x to nearly a function of x."""
    rng = np.random.default_rng(seed)
    posterior = rng.dirichlet(np.full(labels, concentration), rows)
    weight = rng.dirichlet(np.ones(rows))
    return laws.Channel(
        weight[:, None] * posterior, name=f"labels({rows}, {labels}, {concentration:g})"
    )


def even(rows, labels):
    """Labels that are pure chance: the hardest law for the plug-in."""
    p = np.full((rows, labels), 1 / (rows * labels))
    return laws.Channel(p, name=f"even({rows}, {labels})")


def label_entropy(tables, codes, classes, risk):
    """Both ends of H(Y) for every table, about the optimal linear estimate where `certify` is."""
    counts, n = tables.sum(axis=1), int(tables[0].sum())
    radii = None if classes == 2 else twosided.entropy_radii(n, classes, risk)
    if radii is None or radii.by != "optimal_linear":
        return certified(tables, codes, classes, risk, "label_entropy")
    weight = twosided.optimal_linear(n, classes, risk).estimator.weight(np.arange(n + 1), n)
    about = weight[counts].sum(axis=-1)
    high = about + radii.above
    if math.isfinite(radii.beyond_code):
        high = np.minimum(high, codes["label_entropy"] / n + radii.beyond_code)
    value = np.clip(about, 0, math.log(classes))
    low = np.minimum(np.maximum(about - radii.below, 0), value)
    return low, np.maximum(np.minimum(high, math.log(classes)), value)


def misses(tables, codes, online, truth, risk, needed):
    """The ends at this risk, and which tables each quantity misses, an array for each name."""
    n, classes = int(tables[0].sum()), tables.shape[2]
    label = label_entropy(tables, codes, classes, risk)
    given = certified(tables, codes, classes, risk, "conditional_entropy")
    fitted = n - tables.max(axis=2).sum(axis=1)
    ends = {
        "label_entropy": label,
        "conditional_entropy": given,
        "information": (label[0] - given[1], label[1] - given[0]),
        "error_from_entropies": (
            fano_error_lower(given[0], classes),
            envelope_error_upper(given[1]),
        ),
    }
    found = {
        name: (truth[name] < low - ROUNDING) | (truth[name] > high + ROUNDING)
        for name, (low, high) in ends.items()
    }
    below = truth["bayes_error"] < lower_limit(fitted, n, risk / 2) - ROUNDING
    return ends, found | {"bayes_error": below | (online < needed)}


def truths(law):
    return {
        "label_entropy": law.label_entropy(),
        "conditional_entropy": law.conditional_entropy(),
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "error_from_entropies": law.bayes_error(),
    }


def agree(table, ends, law):
    """Refuse to go on if the ends worked out together are not those of `certify`."""
    certificate = mt.certify(table, level=LEVEL, simultaneous=True)
    for name, (low, high) in ends.items():
        item = getattr(certificate, name)
        most = 1 - 1 / law.p.shape[1] if "error" in name else math.log(law.p.shape[1])
        alone, here = (item.lower, item.upper), (max(low[0], 0), min(high[0], most))
        if max(abs(a - b) for a, b in zip(alone, here, strict=True)) > 1e-9:
            raise AssertionError(f"{name} under {law}: {here} and {alone}")


def coverage(law, n, rng):
    """Shares of tables that any interval of a simultaneous certificate misses, and that each by
    itself misses at its own level.
    """
    truth = truths(law)
    together, each = 0, dict.fromkeys(truth, 0)
    joint = RISK / EVENTS
    needed = {
        risk: fewest_errors(truth["bayes_error"] - ROUNDING, n, risk / 2) for risk in (joint, RISK)
    }
    for start in range(0, REPLICATES, AT_ONCE):
        tables = law.sample_counts(n, rng, AT_ONCE)
        codes = codes_of(tables, tables.shape[2])
        online = online_errors(tables, max(needed.values()))
        ends, missed = misses(tables, codes, online, truth, joint, needed[joint])
        together += int(np.logical_or.reduce(list(missed.values())).sum())
        if start == 0:
            agree(tables[0], ends, law)
        alone = misses(tables, codes, online, truth, RISK, needed[RISK])[1]
        for name in ("label_entropy", "conditional_entropy", "bayes_error"):
            each[name] += int(alone[name].sum())
        # by itself the information has half of the risk for each of its entropies
        halves = misses(tables, codes, online, truth, RISK / 2, needed[RISK])[1]
        each["information"] += int(halves["information"].sum())
        each["error_from_entropies"] += int(alone["error_from_entropies"].sum())
    return {
        "together": together / REPLICATES,
        "each": {name: count / REPLICATES for name, count in each.items()},
    }


def measured(law, n, rng):
    group = [coverage(one, n, rng) for one in (law if isinstance(law, RandomLaws) else [law])]
    together = max(one["together"] for one in group)
    each = {name: max(one["each"][name] for one in group) for name in group[0]["each"]}
    deviation = math.sqrt(RISK * LEVEL / REPLICATES)
    return {
        "value": (max(together, *each.values()) - RISK) / deviation,
        "together": together,
        "each": each,
        "laws": len(group),
        "replicates": REPLICATES,
    }


WIDE = [
    even(2, 100),
    even(2, 1_000),
    many_labels(4, 100, 0.05, seed=1),
    many_labels(20, 150, 1.0, seed=2),
    many_labels(3, 300, 0.02, seed=3),
    many_labels(5, 1_000, 0.1, seed=4),
]

STUDY = Study(
    name="certificate_coverage_wide",
    claim=f"all certified intervals hold together at least {100 * LEVEL:g} % of the time if asked "
    "for so, and each by itself for up to a thousand labels",
    over={
        "law": [*NAMED, *WIDE, *(RandomLaws(seed, size=5) for seed in range(100, 106))],
        "n": [30, 300, 3_000, 30_000],
    },
    quick={"law": [NAMED[0], even(2, 100), many_labels(4, 100, 0.05, seed=1)], "n": [30, 1_000]},
    measured=measured,
    predicted=lambda law, n: 0.0,
    relation="at most",
    tolerance=4.0,
    unit="standard deviations",
    note=f"The number is the largest excess of misses over the risk {RISK:.2g}, in {REPLICATES} "
    "replicates of every law, in binomial standard deviations: of any of five intervals with "
    "simultaneous=True, and of each of them by itself. The laws have 2 to 1000 labels.",
)

if __name__ == "__main__":
    main(STUDY)
