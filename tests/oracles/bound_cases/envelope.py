"""The lower envelope of the entropy, tried."""

from functools import partial

from oracles import bounds as oracle

from . import Case

SYMBOLS = ("p", "H")
ERRORS = (1e-300, 1e-12, 0.003, 0.1, 0.3, 0.49999, 0.5, 0.62, 0.875, 0.9)
ENTROPIES = (1e-300, 1e-10, 0.01, 0.3, 0.69, 0.6931471805599453, 1.0, 2.0, 2.3025850929)

CASES = {
    "envelope": Case(
        samples=[{"p": p, "H": H} for p in ERRORS for H in ENTROPIES],
        instances=partial(oracle.random_bayes, SYMBOLS),
        attained=[{"p": p} for p in (0.1, 0.5, 0.3, 2 / 3, 0.62, 0.9)],
        measure=partial(oracle.of_bayes, SYMBOLS),
        auxiliary={"k": range(1, 201)},
    )
}
