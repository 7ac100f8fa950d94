"""Knowing the prior never says less about the error than Fano's inequality, and says all there is.

Fano's inequality takes of the prior its entropy and the number of classes, the data-processing
bound its largest probability. The bound that takes the whole prior is at least as sharp as both,
and a channel attains it, so that nothing sharper follows from the information and the prior. It is
Fano's up to the error (M - 1) min P, which leaves nothing to gain for two classes.
"""

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.study import Study, main


def frequent(M, *top):
    """Some classes of the probabilities `top`, the others alike."""
    others = M - len(top)
    return np.append(top, np.full(others, (1.0 - sum(top)) / others))


PRIORS = {
    "two classes, 0.9 and 0.1": frequent(2, 0.9),
    "10 classes alike": laws.uniform(10).p,
    "10 classes, one of 0.8": frequent(10, 0.8),
    "10 classes, two of 0.45": frequent(10, 0.45, 0.45),
    "10 classes, Zipf": laws.zipf(10, 1.0).p,
    "1000 classes, two of 0.45": frequent(1_000, 0.45, 0.45),
    "1000 classes, Zipf": laws.zipf(1_000, 1.0).p,
}
POINTS = 201
CHANNELS = 20


def measured(prior, rng):
    P = PRIORS[prior] / PRIORS[prior].sum()
    M, most = P.size, P.max()
    entropy, guessing = laws.Finite(P).entropy(), 1.0 - most
    known, fano, processed = (mt.BOUNDS[n] for n in ("known_prior", "fano", "data_processing"))

    # in entropies, which depend smoothly on the error: the inverses are steep at the top
    error = np.linspace(0.0, guessing, POINTS)
    greatest, by_fano = known.value(p=error, P=P), fano.value(p=error, M=M)
    ahead = np.minimum(by_fano, entropy - processed.value(p=error, pmax=most)) - greatest
    same = min((M - 1) * P.min(), guessing)
    departed = np.abs(by_fano - greatest)[error <= same].max()
    unattained = 0.0
    for p in rng.uniform(0, guessing, CHANNELS):
        channel = laws.Channel(known.tight(p=p, P=P))
        away = known.value(p=p, P=P) - channel.conditional_entropy()
        unattained = np.max([unattained, abs(away), abs(channel.bayes_error() - p)])

    information = np.linspace(0.0, 1.0, POINTS) * entropy
    rest = (entropy - information).clip(0.0)
    return {
        "value": np.min([ahead.min(), -departed, -unattained]),
        "classes": M,
        "entropy": entropy,
        "guessing": guessing,
        "helps_below": entropy - min(fano.value(p=same, M=M), entropy),
        "information": information,
        "errors": {
            "known_prior": known.least("p", H=rest, P=P),
            "fano": fano.least("p", H=rest, M=M),
            "data_processing": processed.least("p", I=information, pmax=most),
        },
    }


STUDY = Study(
    name="known_prior",
    claim="the bound of a known prior is never below Fano's or the data-processing bound, is "
    "Fano's up to the error (M - 1) min P, and is attained",
    over={"prior": list(PRIORS)},
    measured=measured,
    predicted=lambda prior: 0.0,
    relation="at least",
    tolerance=1e-12,
    cite="ho2010, fano1961, han1994",
    unit="nat",
    note="The number is by how much the greatest conditional entropy at an error is below that of "
    "the other two, at least, or how far from equality what should be equal is, whichever is "
    "worse.",
)

if __name__ == "__main__":
    main(STUDY)
