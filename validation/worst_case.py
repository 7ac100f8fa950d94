"""The worst case over all laws: certified bounds on the bias, and on the error of an estimate.

Bounds that hold for every law must hold for the laws tried here, whose bias is computed exactly;
and the weights that a linear programme finds must have a smaller certified error than any known.
"""

import math

import numpy as np

from mitheory import ENTROPIES, laws, risk
from mitheory.study import Study, Verdict, main

ROUNDING = 1e-12  # of the exact bias, relative to the entropy
KNOWN = tuple(name for name, estimator in ENTROPIES.items() if estimator.linear)


def tried(n, S, rng):
    """Laws of one, two and many levels on at most S symbols, and random ones."""
    few = sorted({1, 2, math.ceil(S / 10), math.ceil(S / 2), S})
    yield from (laws.Finite(np.r_[np.full(m, 1 / m), np.zeros(S - m)]) for m in few)
    for heavy in (0.1, 0.5, 0.9, max(1 - S / (4 * n), 0.0)):
        yield laws.two_level(S, heavy)
    yield laws.zipf(S, 1.0)
    yield from (laws.dirichlet(S, shape, rng) for shape in (0.1, 1.0))


def measured(n, S, rng):
    worst = {name: risk.worst_error(name, n, S) for name in KNOWN}
    best = risk.optimal_linear(n, S)
    worst["optimal"] = best
    checked = outside = 0
    for law in tried(n, S, rng):
        slack = ROUNDING * (1 + law.entropy())
        for certified in worst.values():
            bias, bounds = risk.bias(certified.estimator, law, n), certified.bias
            outside += not bounds.lower - slack <= bias <= bounds.upper + slack
            checked += 1
    return {
        "value": best.error / min(worst[name].error for name in KNOWN),
        "outside": outside,
        "checked": checked,
        "error": {name: certified.error for name, certified in worst.items()},
        "bias": {name: certified.bias.largest for name, certified in worst.items()},
        "gap": {
            name: max(c.bias.lowest - c.bias.lower, c.bias.upper - c.bias.highest)
            / (c.bias.upper - c.bias.lower)
            for name, c in worst.items()
        },
        "constant": math.log(S) / 2,
    }


def judge(cells):
    outside, checked = (sum(c[key] for c in cells) for key in ("outside", "checked"))
    ratios = [cell["value"] for cell in cells]
    gaps = sorted(gap for cell in cells for gap in cell["gap"].values())
    holds = outside == 0 and max(ratios) < 1
    return Verdict(
        "holds" if holds else "does not hold",
        f"{outside} of {checked} exact biases are outside their bounds; a law found by search "
        f"comes within {100 * gaps[len(gaps) // 2]:.2g} % of the range between the bounds "
        f"(median of {len(gaps)}); the certified error of the optimal weights is "
        f"{min(ratios):.2f} to {max(ratios):.2f} times the least among {len(KNOWN)} known "
        "estimators",
    )


STUDY = Study(
    name="worst_case",
    claim="the certified worst-case bias encloses the exact bias under every law tried, and the "
    "optimal linear estimator has a smaller certified error than every known one",
    over={
        "S": [2, 10, 100, 1_000, 10_000],
        "n": [30, 100, 300, 1_000, 3_000, 10_000, 100_000],
    },
    quick={"S": [10, 1_000], "n": [30, 100, 300, 1_000, 3_000, 10_000]},
    measured=measured,
    judge=judge,
    cite="paninski2003, mcdiarmid1989",
    unit="times the least certified error known",
    note="Errors at 95 % confidence: the worst bias plus the deviation by bounded differences. "
    "Every estimator is certified in the same way.",
)

if __name__ == "__main__":
    main(STUDY)
