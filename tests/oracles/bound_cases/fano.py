"""Fano's inequality, tried."""

from functools import partial

import numpy as np

from oracles import bounds as oracle

from . import Case

SYMBOLS = ("p", "H", "M")


def _samples():
    for M in (2, 3, 10, 1000, 10**9):
        top = np.log(M)
        for H in (1e-300, 1e-10, 0.01, 0.3, 0.69, 0.9 * top, top - 1e-7, top - 1e-12):
            for p in (1e-300, 1e-12, 0.003, 0.3, 0.5, 0.62, 0.9, 1 - 1e-9):
                if top >= H:
                    yield {"p": p, "H": H, "M": M}


CASES = {
    "fano": Case(
        samples=tuple(_samples()),
        instances=partial(oracle.random_classifiers, SYMBOLS),
        attained=[
            {"p": p, "M": M}
            for p, M in [(0.1, 2), (0.5, 2), (0.3, 3), (2 / 3, 3), (0.62, 10), (0.9, 50)]
        ],
        measure=partial(oracle.of_bayes, SYMBOLS),
    )
}
