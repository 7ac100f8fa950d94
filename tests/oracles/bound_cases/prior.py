"""The bound for a known prior, tried. Where digits count, the priors are exact in binary."""

from functools import partial

import numpy as np

from oracles import bounds as oracle
from oracles import prior as slow

from . import Case

SYMBOLS = ("p", "H", "P")
PRIORS = (
    (0.5, 0.25, 0.25),
    (0.375, 0.375, 0.25),
    (0.25,) * 4,
    (0.5, 0.5),
    (0.75, 0.125, 0.0625, 0.03125, 0.03125),
    (0.5, 0.25, 0.25 - 2.0**-30, 2.0**-30),
    tuple(np.arange(1.0, 33.0) / 512 - 2.0**-10) + (0.0,) * 2,
)


def _samples():
    for law in PRIORS:
        P = np.array(law)
        P[0] += 1.0 - P.sum()
        top = oracle.entropy(P)
        for H in (1e-300, 1e-10, 0.01, 0.3, 0.5 * top, 0.9 * top, top - 1e-7, top - 1e-12):
            for p in (1e-300, 1e-12, 0.003, 0.2, 0.4999, 0.62, 1 - P.max(), 0.9):
                if 0 < H <= top:
                    yield {"p": p, "H": H, "P": P}


def _exact(values):
    """The least over the water levels: the greatest entropy, less H."""
    return slow.greatest_entropy(values["p"], slow.exactly(values["P"])) - values["H"]


CASES = {
    "known_prior": Case(
        samples=tuple(_samples()),
        instances=lambda rng: oracle.random_classifiers(SYMBOLS, rng, cases=300),
        attained=[
            {"p": p, "P": np.array(P)}
            for P in [(0.5, 0.3, 0.2), (0.7, 0.2, 0.05, 0.03, 0.02), (0.5, 0.5), (0.25,) * 4]
            for p in (0.0, 0.01, 0.1, 0.25, 1 - max(P))
            if p <= 1 - max(P)
        ],
        measure=partial(oracle.of_bayes, SYMBOLS),
        auxiliary={"theta": (1e-300, 1e-6, 0.01, 0.03, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.9, 1.0)},
        exact=_exact,
    )
}
