"""How often intervals from random halves of the sample hold the true information."""

import math
import warnings

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.study import Study, main

LEVEL = 0.95


def normal(d, rho):
    """d + d normal columns, of which each of X has correlation `rho` with one of Y."""
    cov = np.kron([[1.0, rho], [rho, 1.0]], np.eye(d))
    return laws.MultivariateNormal(cov, d, f"normal({d} + {d}, {rho})")


def measured(law, n, samples, rng):
    held, spoke, errors, values, mean_held = [], [], [], [], []
    for _ in range(samples):
        x, y = law.sample(n, rng)
        method = "ross" if y.dtype.kind == "i" else "ksg"
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", mt.RegimeWarning)
            found = mt.interval((x, y), method, level=LEVEL, kind="subsampling", rng=rng)
        held.append(found.lower <= law.information() <= found.upper)
        spoke.append(any(issubclass(one.category, mt.RegimeWarning) for one in caught))
        errors.append(found.standard_error)
        values.append(found.value)
        mean_held.append((found.lower, found.upper))
    values, ends = np.array(values), np.array(mean_held)
    quiet = [inside for inside, warned in zip(held, spoke, strict=True) if not warned]
    return {
        "value": 1 - np.mean(held),
        "warned": np.mean(spoke),
        "missed_unwarned": 1 - np.mean(quiet) if quiet else None,
        "missed_mean": 1 - np.mean((ends[:, 0] <= values.mean()) & (values.mean() <= ends[:, 1])),
        "error": math.sqrt(np.mean(np.square(errors))),
        "deviation": values.std(ddof=1),
        "bias": values.mean() - law.information(),
        "width": np.mean(ends[:, 1] - ends[:, 0]),
    }


STUDY = Study(
    name="neighbor_intervals",
    claim="intervals from halves of the sample hold the information of two scalars, or of a scalar "
    f"and a label, {100 * LEVEL:g} % of the time",
    over={
        "law": [
            laws.MultivariateNormal.bivariate(0.0),
            laws.MultivariateNormal.bivariate(0.6),
            laws.MultivariateNormal.bivariate(0.99),
            laws.AdditiveUniform(0.1),
            laws.MultivariateStudent.bivariate_cauchy(),
            laws.BinaryGaussian.from_snr(1.0),
            normal(3, 0.6),
            normal(10, 0.5),
        ],
        "n": [100, 300, 1_000, 3_000],
        "samples": [200],
    },
    quick={"n": [100, 1_000], "samples": [30]},
    measured=measured,
    predicted=lambda **cell: 1 - LEVEL,
    regime=lambda law, n, samples: not str(law).startswith("normal("),
    relation="at most",
    tolerance=lambda samples, **cell: 4 * math.sqrt(LEVEL * (1 - LEVEL) / samples),
    must_hold=False,
    cite="politis1994, shao1989",
    unit="share of intervals",
    note="The number is the share of intervals that miss the information; beside it, how often a "
    "warning was given. The tolerance is four binomial standard deviations. Vectors are measured "
    "and not judged: there the bias falls slower than the interval allows for.",
)

if __name__ == "__main__":
    main(STUDY)
