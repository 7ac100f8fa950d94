"""The bounds on the Bayes error hold for every joint law: tried on random ones.

Dirichlet draws from nearly deterministic to nearly uniform posteriors, and the laws that attain
the bounds, so that a bound which is too tight by a rounding error would show.
"""

import numpy as np

import mitheory as mt
from mitheory.study import Study, main

LAWS = 3_000


def random_laws(classes, rng):
    """Joint laws of up to six observations, shape (LAWS, 6, classes)."""
    concentration = 10 ** rng.uniform(-2, 2, size=(LAWS, 6, 1))
    posterior = rng.standard_gamma(concentration, size=(LAWS, 6, classes)) + 1e-300
    posterior /= posterior.sum(axis=-1, keepdims=True)
    weight = rng.dirichlet(np.ones(6), size=LAWS)
    return posterior * weight[..., None]


def measured(classes, rng):
    joint = random_laws(classes, rng)
    logs = np.log(joint / joint.sum(axis=-1, keepdims=True))
    equivocation = np.minimum(-(joint * logs).sum(axis=(1, 2)), np.log(classes))
    error = (joint.sum(axis=-1) - joint.max(axis=-1)).sum(axis=-1)
    bounds = mt.error_bounds(conditional_entropy=equivocation, classes=classes)
    slack = np.minimum(error - bounds.lower, bounds.upper - error)

    grid = np.log(classes) * np.linspace(0, 1, 201)
    curve = mt.error_bounds(conditional_entropy=grid, classes=classes)
    some = slice(0, 300)
    return {
        "value": slack.min(),
        "entropy": equivocation[some],
        "error": error[some],
        "curve": {"entropy": grid, "lower": curve.lower, "upper": curve.upper},
    }


STUDY = Study(
    name="bounds_hold",
    claim="Fano's inequality and the lower envelope enclose the Bayes error of every joint law",
    over={"classes": [2, 3, 10, 100, 1_000]},
    quick={"classes": [2, 10, 100]},
    measured=measured,
    predicted=lambda classes: 0.0,
    relation="at least",
    tolerance=1e-12,
    cite="fano1961, feder1994",
    note=f"The number is the smallest slack over {LAWS} random laws, in error probability. "
    "The tolerance is the rounding of the law's own entropy.",
)

if __name__ == "__main__":
    main(STUDY)
