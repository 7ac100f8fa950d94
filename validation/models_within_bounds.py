"""The models whose entropy and error are known exactly lie within every bound that speaks of them.

Channels, two Gaussian or Laplace classes of any prior, and mixtures of several Gaussian classes, in
one, two or many dimensions. The Bayes classifier is one of every classifier, so that it is held to
all bounds in the entropies, the error, the number of classes and the prior; the Gaussian model is
held to its own besides.
"""

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.bounds.expressions import evaluate
from mitheory.study import Study, main

BINARY = (laws.Channel.binary_symmetric, laws.Channel.binary_erasure, laws.Channel.z)
LAWS = (
    *(make(e, w) for make in BINARY for e in (0.01, 0.2, 0.5) for w in (0.5, 0.05)),
    *(laws.Channel.symmetric(M, e) for M in (3, 30, 100) for e in (0.1, 0.5, 0.9)),
    *(
        laws.BinaryGaussian.from_snr(snr, w)
        for snr in (1e-6, 1e-3, 0.1, 1.0, 4.0, 16.0, 64.0)
        for w in (0.5, 0.1, 1e-3)
    ),
    *(
        laws.BinaryLaplace(mean, 1.0, w)
        for mean in (1e-3, 0.1, 1.0, 4.0, 16.0)
        for w in (0.5, 0.1, 1e-3)
    ),
    *(laws.GaussianMixture.orthogonal(M, d) for M in (3, 10, 50) for d in (0.5, 2.0, 4.0)),
    laws.GaussianMixture([-2.0, 0.3, 1.0, 4.0], 1.0),
    laws.GaussianMixture([-2.0, 0.3, 1.0, 4.0], [1.0, 0.5, 2.0, 0.1], [0.4, 0.4, 0.15, 0.05]),
    laws.GaussianMixture([[0, 0], [2, 0], [0.5, 1.5]], 1.0, weights=[0.5, 0.3, 0.2]),
    laws.GaussianMixture([[0, 0], [4, 1], [1, 3], [3, 4]], [[1.0, 0.5], [0.5, 1.0]]),
)


def prior_of(law):
    if isinstance(law, laws.Channel):
        return law.p.sum(axis=0)
    if isinstance(law, laws.GaussianMixture):
        return law.weights
    return np.array([1.0 - law.prior, law.prior])


def quantities(law):
    """All that is known of a law that the bounds speak of."""
    prior = prior_of(law)
    known = {
        "p": law.bayes_error(),
        "H": law.conditional_entropy(),
        "I": law.information(),
        "M": prior.size,
        "P": prior / prior.sum(),
        "pmax": float(prior.max()),
    }
    if isinstance(law, laws.BinaryGaussian):
        known |= {"gamma": law.snr, "prior0": 1.0 - law.prior}
    return known


def speaks_of(bound, law, known):
    """Whether the bound says something about this law."""
    if not known.keys() >= set(bound.symbols):
        return False
    if "p" in bound.most and known["p"] > evaluate(bound.most["p"], known):
        return False
    if "Gaussian" not in bound.holds_for:
        return True
    any_prior = "any prior" in bound.holds_for
    return isinstance(law, laws.BinaryGaussian) and (any_prior or law.prior == 0.5)


def measured(law, rng):
    known = quantities(law)
    slack = {
        name: bound.value(**{symbol: known[symbol] for symbol in bound.symbols})
        for name, bound in mt.BOUNDS.items()
        if speaks_of(bound, law, known)
    }
    return {
        "value": np.min(list(slack.values())),
        "slack": slack,
        "classes": known["M"],
        **{name: known[name] for name in ("p", "H", "I")},
    }


STUDY = Study(
    name="models_within_bounds",
    claim="the exact entropy and Bayes error of every model lie within every bound",
    over={"law": LAWS},
    measured=measured,
    predicted=lambda law: 0.0,
    relation="at least",
    # to which the entropies are computed
    tolerance=1e-12,
    note="The number is the least slack of all bounds: in nats, or an error probability where the "
    "bound has no entropy.",
)

if __name__ == "__main__":
    main(STUDY)
