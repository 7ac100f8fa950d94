"""Which bound on the error is the sharpest, by entropy, number of classes and skew of the prior.

No bound that is said to be dominated is ever the sharper one. Beyond that the order depends on the
case, and the maps of it are kept: the closed forms of Fano's inequality for every entropy; and for
Zipf priors, from uniform to very skewed, how far the data-processing bound is above Fano's, the
known prior above both, and the envelope below the error of guessing the likeliest class.
"""

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.study import Study, main

SHARES = np.sin(np.linspace(0.0, np.pi / 2, 82)[1:-1]) ** 2  # of an entropy, close at the ends
SKEWS = np.linspace(0.0, 3.0, 31)
MAPPED = (2, 10, 100, 1_000)  # numbers of classes whose maps by skew are kept
CLOSED_FORMS = ("fano_linear", "fano_simple", "fano_pinsker", "fano_quadratic", "fano_sqrt")
PLANE = {"p", "H", "M"}


def ends(bound, **known):
    """The least and the greatest error that a bound allows, 0 and 1 where it says nothing."""
    known = {name: value for name, value in known.items() if name in bound.symbols}
    shape = np.shape(known["H"])
    low = bound.least("p", **known) if "least p" in bound.numeric else np.zeros(shape)
    high = bound.greatest("p", **known) if "greatest p" in bound.numeric else np.ones(shape)
    return low, high


def domination(entropy, classes):
    """By how much each dominated bound is ahead of what dominates it, at worst."""
    worst = -1.0
    for bound in mt.BOUNDS.values():
        if not set(bound.symbols) <= PLANE or bound.dominated_by is None:
            continue
        better = mt.BOUNDS[bound.dominated_by]
        low, high = ends(bound, H=entropy, M=classes)
        least, greatest = ends(better, H=entropy, M=classes)
        worst = np.max([worst, (low - least).max(), (greatest - high).max()])
    return worst


def by_skew(classes):
    """For each skew and share of information: how the bounds of a Zipf prior compare."""
    rows = {"known_prior": [], "data_processing": [], "envelope": [], "entropy": []}
    for skew in SKEWS:
        law = laws.zipf(classes, float(skew))
        entropy, guessing = law.entropy(), 1.0 - law.p.max()
        rest = (1.0 - SHARES) * entropy
        information = SHARES * entropy
        fano = mt.BOUNDS["fano"].least("p", H=rest, M=classes)
        processed = mt.BOUNDS["data_processing"].least("p", I=information, pmax=law.p.max())
        known = mt.BOUNDS["known_prior"].least("p", H=rest, P=law.p)
        rows["known_prior"].append(known / np.maximum(fano, processed))
        rows["data_processing"].append(processed / fano)
        rows["envelope"].append(mt.BOUNDS["envelope"].greatest("p", H=rest) / guessing)
        rows["entropy"].append(entropy)
    return rows


def measured(classes, rng):
    entropy = SHARES * np.log(classes)
    exact = mt.BOUNDS["fano"].least("p", H=entropy, M=classes)
    forms = {name: ends(mt.BOUNDS[name], H=entropy, M=classes)[0] / exact for name in CLOSED_FORMS}
    skewed = by_skew(classes)
    # enough digits for a map
    maps = {"by_skew": {name: np.round(rows, 5) for name, rows in skewed.items()}}
    return {
        "value": np.max([domination(entropy, classes), 1.0 - np.min(skewed["known_prior"])]),
        "share": SHARES,
        "skew": SKEWS,
        "closed_forms": {name: np.round(ratio, 5) for name, ratio in forms.items()},
        **(maps if classes in MAPPED else {}),
    }


STUDY = Study(
    name="sharpest_bound",
    claim="no dominated bound on the error is ever sharper than the one that dominates it, nor is "
    "Fano's or the data-processing bound sharper than that of the known prior",
    over={"classes": [2, 3, 4, 5, 7, 10, 15, 22, 33, 50, 75, 100, 200, 400, 700, 1_000]},
    measured=measured,
    predicted=lambda classes: 0.0,
    relation="at most",
    tolerance=2e-12,  # each inverse has a relative error of at most 1e-12
    note="The number is by how much the dominated bound is the sharper, at worst over all "
    "entropies and Zipf priors: an error probability, relative for the known prior.",
)

if __name__ == "__main__":
    main(STUDY)
