"""The plug-in estimator loses (S - 1) / 2n nats: its exact bias against Miller's term.

The bias is computed, not simulated. Harris (1975) gives the next terms of the expansion in 1/n;
they are the tolerance.
"""

import numpy as np

from mitheory import ENTROPIES, laws, risk
from mitheory.study import Study, main


def harris(law, n):
    """The terms of order n^-1, n^-2 and n^-3 of the bias of the plug-in."""
    inverse = np.sum(1 / law.p)
    return (
        -(law.p.size - 1) / (2 * n),
        (1 - inverse) / (12 * n**2),
        (inverse - np.sum(1 / law.p**2)) / (12 * n**3),
    )


def measured(law, n, rng):
    bias = {
        name: risk.bias(estimator, law, n)
        for name, estimator in ENTROPIES.items()
        if estimator.linear and not estimator.needs_alphabet
    }
    return {"value": bias["plugin"], "bias": bias, "symbols": law.p.size, "entropy": law.entropy()}


STUDY = Study(
    name="plugin_bias",
    claim="the plug-in estimator of entropy loses (S - 1) / 2n nats, once each of the S symbols "
    "is expected five times",
    over={
        "law": [laws.uniform(10), laws.uniform(100), laws.zipf(30, 1.0), laws.geometric(12, 0.6)],
        "n": [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000],
    },
    measured=measured,
    predicted=lambda law, n: harris(law, n)[0],
    tolerance=lambda law, n: 2 * sum(abs(term) for term in harris(law, n)[1:]),
    regime=lambda law, n: n * law.p.min() >= 5,
    cite="miller1955, harris1975",
    unit="nat",
    note="The tolerance is twice the next two terms of Harris's expansion.",
)

if __name__ == "__main__":
    main(STUDY)
