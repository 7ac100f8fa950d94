"""The entropies and errors of all joint laws are those between Fano's inequality and the envelope.

None lies outside, and none is missing: at one error, an observation that also tells which of two
laws it comes from, one that attains Fano's inequality and one that attains the envelope, has any
entropy between the two. A classifier other than Bayes' reaches every pair below Fano's function,
also beyond its top, in the same way, from certain labels that it gets wrong.
"""

import numpy as np
from scipy import special

import mitheory as mt
from mitheory.study import Study, main

RANDOM = 1_000
WANTED = 500
SHOWN = 250
LIVES_HERE = {"p", "H", "M"}  # what a bound in this plane relates


def random_laws(classes, rng):
    """Joint laws of one to six observations, shape (RANDOM, 6, classes)."""
    prior = (1.0 + np.arange(classes)) ** -rng.uniform(0, 2, size=(RANDOM, 1, 1))
    concentration = 10 ** rng.uniform(-2.5, 2, size=(RANDOM, 1, 1)) * prior
    posterior = rng.standard_gamma(concentration, size=(RANDOM, 6, classes)) + 1e-300
    posterior /= posterior.sum(axis=-1, keepdims=True)
    weight = rng.dirichlet(np.full(6, 0.3), size=RANDOM)
    return posterior * weight[..., None]


def entropy_and_error(joint, answers):
    """H(Y|X) in nats and the error of the answers at each observation, shape (..., X)."""
    total = joint.sum(axis=-1)
    posterior = joint / np.where(total > 0, total, 1.0)[..., None]
    entropy = (total * special.entr(posterior).sum(axis=-1)).sum(axis=-1)
    wrong = joint.copy()
    np.put_along_axis(wrong, answers[..., None], 0.0, axis=-1)
    return np.minimum(entropy, np.log(joint.shape[-1])), wrong.sum(axis=(-2, -1))


def between(first, second, share):
    """The law whose observation tells also from which of two laws it comes."""
    return np.concatenate([(1.0 - share) * first, share * second])


def bayes_law(p, share, classes):
    """A law of Bayes error p with entropy that share of the way from the envelope to Fano's."""
    envelope = mt.BOUNDS["envelope"].tight(p)
    wide = np.zeros((len(envelope), classes))
    wide[:, : envelope.shape[1]] = envelope[:, :classes]
    law = between(wide, mt.BOUNDS["fano"].tight(p, classes), share)
    return law, law.argmax(axis=-1)


def any_law(p, share, classes):
    """A law and answers of error p with that share of the entropy of Fano's function."""
    certain = np.zeros((2, classes))
    certain[0, 0], certain[1, 1] = 1.0 - p, p
    law = between(certain, mt.BOUNDS["fano"].tight(p, classes), share)
    return law, np.zeros(3, dtype=int)  # which is wrong at the second observation


def missed(make, least, top, classes, rng):
    """How far laws that are to be at given points are from there, at most."""
    worst = 0.0
    for p, share in zip(rng.uniform(0, top, WANTED), rng.random(WANTED), strict=True):
        low, high = least(p), mt.BOUNDS["fano"].value(p=p, M=classes)
        entropy, error = entropy_and_error(*make(p, share, classes))
        wanted = low + share * (high - low)
        worst = np.max([worst, abs(entropy - wanted), abs(error - p)])
    return worst


def bound_curves(classes, entropy):
    """Every bound of the plane, for each entropy: the least and the greatest error it allows."""
    curves = {}
    for name, bound in mt.BOUNDS.items():
        if not set(bound.symbols) <= LIVES_HERE or "Gaussian" in bound.holds_for:
            continue
        known = {"H": entropy} | ({"M": classes} if "M" in bound.symbols else {})
        curves[name] = {
            end: getattr(bound, end)("p", **known)
            for end in ("least", "greatest")
            if f"{end} p" in bound.numeric
        }
    return curves


def measured(classes, rng):
    joint = random_laws(classes, rng)
    entropy, error = entropy_and_error(joint, joint.argmax(axis=-1))
    _, other = entropy_and_error(joint, rng.integers(classes, size=joint.shape[:-1]))
    fano, envelope = mt.BOUNDS["fano"], mt.BOUNDS["envelope"]
    outside = -np.min(
        [
            fano.value(p=error, H=entropy, M=classes),
            fano.value(p=np.minimum(other, 1.0), H=entropy, M=classes),
            envelope.value(p=error, H=entropy),
        ]
    )
    top = 1.0 - 1.0 / classes
    away = missed(bayes_law, lambda p: envelope.value(p=p), top, classes, rng)
    away = max(away, missed(any_law, lambda p: 0.0, 1.0, classes, rng))
    # close where the curves are steep
    share = np.sin(np.linspace(0, np.pi / 2, 201)) ** 2
    return {
        "value": max(outside, away),
        "outside": outside,
        "away": away,
        "log_classes": np.log(classes),
        "entropy": entropy[:SHOWN],
        "error": error[:SHOWN],
        "share": share,  # of ln(classes): the entropy at which the bounds are taken
        "bounds": bound_curves(classes, share * np.log(classes)),
    }


STUDY = Study(
    name="error_region",
    claim="a pair of conditional entropy and Bayes error belongs to a joint law exactly if it lies "
    "between Fano's inequality and the envelope, and one of any classifier exactly if it lies "
    "below Fano's function",
    over={"classes": [2, 3, 10, 100, 1_000]},
    quick={"classes": [2, 10, 1_000]},
    measured=measured,
    predicted=lambda classes: 0.0,
    relation="at most",
    tolerance=1e-12,
    cite="fano1961, feder1994",
    note=f"The number is the farthest that one of {RANDOM} random laws is outside, in nats of "
    f"entropy, or that one of {2 * WANTED} laws, made to be at random points inside, is from its "
    "point.",
)

if __name__ == "__main__":
    main(STUDY)
