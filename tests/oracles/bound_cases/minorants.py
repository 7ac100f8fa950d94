"""The minorants of the lower envelope of the entropy, tried."""

from functools import partial

from oracles import bounds as oracle

from . import Case
from .envelope import ENTROPIES, ERRORS, SYMBOLS

_SAMPLES = [{"p": p, "H": H} for p in ERRORS for H in (*ENTROPIES, 40.0)]

CASES = {
    "hellman_raviv": Case(
        samples=_SAMPLES,
        instances=partial(oracle.random_bayes, SYMBOLS, cases=500),
        attained=[{"p": p} for p in (1e-3, 0.1, 0.3, 0.5)],
        measure=partial(oracle.of_bayes, SYMBOLS),
    ),
    "min_entropy": Case(
        samples=_SAMPLES,
        instances=partial(oracle.random_bayes, SYMBOLS, cases=500),
        attained=[{"k": k} for k in (1, 2, 3, 10, 50)],
        measure=partial(oracle.of_bayes, SYMBOLS),
    ),
}
