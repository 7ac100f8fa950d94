"""The bounds on the Bayes error hold for every joint law: tried on random laws and on the worst.

Dirichlet draws from nearly deterministic to nearly uniform posteriors, and the laws that attain
the bounds: posteriors (1 - p, p/(M - 1), ...) for Fano's inequality, mixtures of uniform posteriors
on k and on k + 1 labels for the lower envelope. A bound that is too tight by 1e-11 fails on these.
"""

import numpy as np
from scipy import special

import mitheory as mt
from mitheory.study import Study, main

RANDOM = 3_000
ATTAINING = 300  # of each kind
ROUNDING = 4e-15  # of an entropy summed from a law; the bounds are steep where it nears ln M


def random_laws(classes, rng):
    """Joint laws of up to six observations, shape (RANDOM, 6, classes)."""
    concentration = 10 ** rng.uniform(-2, 2, size=(RANDOM, 6, 1))
    posterior = rng.standard_gamma(concentration, size=(RANDOM, 6, classes)) + 1e-300
    posterior /= posterior.sum(axis=-1, keepdims=True)
    weight = rng.dirichlet(np.ones(6), size=RANDOM)
    return posterior * weight[..., None]


def attaining_laws(classes):
    """Laws with slack 0: of Fano's inequality, then of the envelope; both (..., 2, classes)."""
    error = np.linspace(0, 1 - 1 / classes, ATTAINING, endpoint=False)
    laws = np.zeros((2, ATTAINING, 2, classes))
    for i, p in enumerate(error):
        for kind, joint in enumerate(
            (mt.BOUNDS["fano"].tight(p, classes), mt.BOUNDS["envelope"].tight(p))
        ):
            rows, columns = joint.shape
            laws[kind, i, :rows, :columns] = joint
    return laws[0], laws[1]


def entropy_and_error(joint):
    """H(Y|X) and the Bayes error of joint laws, shape (..., X, Y)."""
    total = joint.sum(axis=-1)
    posterior = joint / np.where(total > 0, total, 1)[..., None]
    equivocation = (total * special.entr(posterior).sum(axis=-1)).sum(axis=-1)
    error = (total - joint.max(axis=-1)).sum(axis=-1)
    return np.minimum(equivocation, np.log(joint.shape[-1])), error


def slack(equivocation, error, classes):
    """How far the error is above its lower and below its upper bound."""
    least = np.maximum(equivocation - ROUNDING, 0)
    most = np.minimum(equivocation + ROUNDING, np.log(classes))
    lower = mt.error_bounds(conditional_entropy=least, classes=classes).lower
    upper = mt.error_bounds(conditional_entropy=most, classes=classes).upper
    return error - lower, upper - error


def measured(classes, rng):
    equivocation, error = entropy_and_error(random_laws(classes, rng))
    by_fano, by_envelope = (
        slack(*entropy_and_error(laws), classes) for laws in attaining_laws(classes)
    )
    smallest = [np.min(s) for s in (slack(equivocation, error, classes), by_fano, by_envelope)]

    grid = np.log(classes) * np.linspace(0, 1, 201)
    curve = mt.error_bounds(conditional_entropy=grid, classes=classes)
    some = slice(0, 300)
    return {
        "value": min(smallest),
        # from laws that attain it, how far each bound is from being attained
        "attained": {"lower": by_fano[0].max(), "upper": by_envelope[1].max()},
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
    note=f"The number is the smallest slack, in error probability, over {RANDOM} random "
    f"laws and {2 * ATTAINING} laws that attain a bound. The entropies are taken to "
    f"within their rounding, {ROUNDING:g} nat.",
)

if __name__ == "__main__":
    main(STUDY)
