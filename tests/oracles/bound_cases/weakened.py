"""The weakened forms of Fano's inequality, tried."""

from functools import partial

import numpy as np

from oracles import bounds as oracle

from . import Case

SYMBOLS = ("p", "H", "M")


def _samples():
    zeros = [np.log(2) - 0.5, np.log(2) / 2, np.log(2)]  # where an inverse leaves 0
    for M in (2, 3, 4, 10, 1000, 10**9):
        top = np.log(M)
        entropies = [z + d for z in zeros for d in (-1e-9, 0, 1e-13, 1e-9)]
        entropies += [1e-300, 1e-10, 0.01, 0.3, 0.9 * top, np.log(M - 1) + 1e-9, top - 1e-7]
        entropies += [top - 1e-12]
        errors = [1e-300, 1e-12, 0.003, 0.3, 0.5, 0.62, 1 - 1 / M, 1 - 1e-9]
        for i, H in enumerate(sorted(h for h in entropies if 0 < h <= top)):
            yield {"p": errors[i % len(errors)], "H": float(H), "M": M}
        yield from ({"p": p, "H": 0.4 * top, "M": M} for p in errors)


def _case(attained=True):
    return Case(
        samples=tuple(_samples()),
        instances=partial(oracle.random_classifiers, SYMBOLS, cases=500),
        attained=[{"M": M} for M in (2, 3, 10, 50)] if attained else (),
        measure=partial(oracle.of_bayes, SYMBOLS),
    )


CASES = {
    "fano_linear": _case(),
    "fano_simple": _case(attained=False),
    "fano_pinsker": _case(),
    "fano_quadratic": _case(),
    "fano_sqrt": _case(),
}
