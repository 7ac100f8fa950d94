"""Information above the most that KSG can give, and the correction for thin boxes of neighbours.

Variables that nearly determine each other: KSG gives psi(n) - psi(k) at most, whatever the truth.
"""

import math
import warnings

import numpy as np
from scipy.special import psi

import mitheory as mt
from mitheory import laws
from mitheory.study import Study, main

METHODS = ("ksg", "ksg2", "lnc")
MOST_LEFT = 2 / 3


def normal(d, rho):
    """d + d normal columns, of which each of X has correlation `rho` with one of Y."""
    cov = np.kron([[1.0, rho], [rho, 1.0]], np.eye(d))
    return laws.MultivariateNormal(cov, d, f"normal({d} + {d}, 1 - {1 - rho:.0e})")


def neighbors(law):
    """The more columns, the more neighbours tell whether a box is thin."""
    return 20 if str(law).startswith("normal(3") else 5


def ceiling(law, n):
    """The most that KSG can give, in nats."""
    return float(psi(n) - psi(neighbors(law)))


def measured(law, n, rng):
    errors = {method: [] for method in METHODS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)  # where KSG is at its ceiling
        for _ in range(max(5, min(40, 20_000 // n))):
            x, y = law.sample(n, rng)
            for method, found in errors.items():
                value = mt.neighbors.information(x, y, method=method, k=neighbors(law)).value
                found.append(value - law.information())
    bias = {method: np.mean(found) for method, found in errors.items()}
    return {
        "value": abs(bias["lnc"]) / abs(bias["ksg2"]),
        "bias": bias,
        "error": {m: math.sqrt(np.mean(np.square(found))) for m, found in errors.items()},
        "information": law.information(),
        "ceiling": ceiling(law, n),
        "k": neighbors(law),
    }


STUDY = Study(
    name="strong_dependence",
    claim="where the information is above the most that KSG can give, the correction for thin "
    "boxes leaves at most two thirds of the bias",
    over={
        "law": [
            *(normal(1, 1 - gap) for gap in (1.0, 1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10)),
            *(laws.AdditiveUniform(width) for width in (1e-1, 1e-2, 1e-3, 1e-4, 1e-6)),
            *(normal(3, 1 - gap) for gap in (1e-1, 1e-2, 1e-3, 1e-4)),
        ],
        "n": [300, 1_000, 10_000],
    },
    quick={"n": [300]},
    measured=measured,
    predicted=lambda law, n: MOST_LEFT,
    regime=lambda law, n: law.information() > ceiling(law, n),
    relation="at most",
    must_hold=False,
    cite="gao2015, kraskov2004",
    unit="of the bias of KSG 2",
    note="Five neighbours for two scalars, twenty for 3 + 3 columns; 40 samples (20 at n = 1000, "
    "5 at 10 000). Below the ceiling the cells are measured and not judged.",
)

if __name__ == "__main__":
    main(STUDY)
