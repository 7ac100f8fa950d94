"""Fano's inequality for answers that name several labels: lists, and answers with a tolerance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy import special

from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Proof, Shannon, Step, Use, Witness
from mitheory.check import FloatArray


@cache
def _log_twice(number: float) -> tuple[float, float]:
    """ln of a whole number as the sum of two doubles, right to the last digit of both."""
    from decimal import Context, Decimal

    exact = Context(prec=50).ln(Decimal(number))
    high = float(exact)
    return high, float(Context(prec=50).subtract(exact, Decimal(high)))


def _above_log(H: FloatArray, number: FloatArray) -> FloatArray:
    """H - ln(number), to full precision of its own."""
    values, place = np.unique(number, return_inverse=True)
    high, low = np.array([_log_twice(float(v)) for v in values]).reshape(-1, 2).T
    place = place.reshape(number.shape)
    result: FloatArray = (H - high[place]) - low[place]
    return result


def _entropy(p: FloatArray, inside: FloatArray, outside: FloatArray) -> FloatArray:
    """h(p) + p ln(outside) + (1 - p) ln(inside)."""
    binary = special.entr(p) - special.xlog1py(1.0 - p, -p)
    result: FloatArray = binary + p * np.log(outside) + (1.0 - p) * np.log(inside)
    return result


def _roots(H: FloatArray, inside: FloatArray, outside: FloatArray, branch: str) -> FloatArray:
    """Where h(p) + p ln(outside) + (1 - p) ln(inside) = H, on the "lower" or "upper" branch."""
    from mitheory.kernels import lists as kernels

    arrays = np.broadcast_arrays(H, inside, outside)
    flat = [np.ascontiguousarray(a, dtype=np.float64).reshape(-1) for a in arrays]
    if branch == "lower":
        root = kernels.lower(flat[0], _above_log(flat[0], flat[1]), flat[1], flat[2])
    else:
        root = kernels.upper(*flat)
    result: FloatArray = root.reshape(arrays[0].shape)
    return result


def _numeric(sizes: Callable[..., tuple[FloatArray, FloatArray]]) -> dict[str, Callable[..., Any]]:
    """Both inverses in p and the greatest H; `sizes` gives the labels inside and outside."""
    return {
        "greatest H": lambda p, M, **n: np.minimum(_entropy(p, *sizes(M, **n)), np.log(M)),
        "least p": lambda H, M, **n: _roots(H, *sizes(M, **n), "lower"),
        "greatest p": lambda H, M, **n: _roots(H, *sizes(M, **n), "upper"),
    }


def _even_posteriors(p: float, M: int, inside: int) -> FloatArray:
    """One observation: probability 1 - p evenly on the first labels, p evenly on the others."""
    joint = np.full((1, int(M)), p / (int(M) - int(inside)))
    joint[0, : int(inside)] = (1.0 - p) / int(inside)
    return joint


def _witness(joint: FloatArray, named: Sequence[Sequence[int]]) -> Witness:
    """Joint entropies and error of a law (rows X, columns Y) with the labels named at each x."""
    rows, M = joint.shape
    lists = sorted({tuple(labels) for labels in named})
    law = np.zeros((2, rows, M, len(lists)))
    for x, y in np.ndindex(rows, M):
        law[int(y not in named[x]), x, y, lists.index(tuple(named[x]))] = joint[x, y]
    variables = ("E", "X", "Y", "Yhat")
    values: dict[str, float] = {}
    for chosen in range(1, 16):
        kept = [i for i in range(4) if chosen >> i & 1]
        others = tuple(i for i in range(4) if i not in kept)
        entropy = float(special.entr(law.sum(axis=others)).sum())
        values[f"H({','.join(variables[i] for i in kept)})"] = entropy

    def given_error(e: int) -> float:
        pair = law[e].sum(axis=0) / law[e].sum()
        return float(special.entr(pair).sum() - special.entr(pair.sum(axis=0)).sum())

    conditional = values["H(X,Y)"] - values["H(X)"]
    more = {"H": conditional, "H0": given_error(0), "H1": given_error(1)}
    return {**values, **more, "p": float(law[1].sum()), "M": M}


_JOINT = np.array([[0.25, 0.10, 0.03, 0.02], [0.05, 0.20, 0.03, 0.02], [0.02, 0.08, 0.10, 0.10]])


def _list_witnesses() -> tuple[Witness, ...]:
    cases: list[tuple[FloatArray, list[tuple[int, ...]], int]] = [
        (_even_posteriors(0.3, 5, 2), [(0, 1)], 2),
        (_even_posteriors(0.1, 4, 3), [(0, 1, 2)], 3),
        (_JOINT, [(0, 1), (0, 1), (2, 3)], 2),  # the list tells less than the observation
    ]
    return tuple(
        {**_witness(joint, named), "L": L, "R": joint.shape[1] - L} for joint, named, L in cases
    )


def _neighbour_witnesses() -> tuple[Witness, ...]:
    cases: list[tuple[FloatArray, list[tuple[int, ...]], int, int]] = [
        (_even_posteriors(0.3, 5, 2), [(0, 1)], 2, 2),
        (_even_posteriors(0.2, 6, 4), [(0, 1, 2, 3)], 2, 4),
        (_JOINT, [(0, 1), (0, 1), (2,)], 1, 2),
    ]
    return tuple(
        {**_witness(joint, named), "Nmin": least, "Nmax": most, "R": joint.shape[1] - least}
        for joint, named, least, most in cases
    )


def _symbols(error: str, others: str) -> dict[str, Quantity]:
    return {
        "p": Quantity(f"error probability of the classifier: that {error}", 0, 1),
        "R": Quantity(others, 1, integer=True),
        "H0": Quantity(
            "entropy of Y given the answer and no error", 0, latex=r"H(Y \mid \hat{Y}, E=0)"
        ),
        "H1": Quantity(
            "entropy of Y given the answer and an error", 0, latex=r"H(Y \mid \hat{Y}, E=1)"
        ),
    }


def _steps(inside: str, outside: str, bound: str, words: Sequence[str]) -> tuple[Step, ...]:
    """The steps for an answer Yhat that allows `inside` labels and excludes `outside`."""
    error, allowed, excluded, after = words
    return (
        Axiom(
            name="equivocation",
            claim="H = H(Y|X)",
            rule="definition",
            because="H is the conditional entropy of the label Y given the observation X.",
        ),
        Axiom(
            name="classifier",
            claim="H(Y|X,Yhat) = H(Y|X)",
            rule="definition",
            because="The answer, random or not, depends on Y only through X.",
        ),
        Axiom(
            name="error",
            claim="H(E) = h(p)",
            rule="definition",
            because=f"E is 1 if {error}, which has probability p, and 0 otherwise.",
        ),
        Axiom(
            name="split",
            claim="H(Y|E,Yhat) = (1 - p)*H0 + p*H1",
            rule="definition",
            because="A conditional entropy is the average over the values of E.",
        ),
        Axiom(
            name="no error",
            claim=f"H0 <= log({inside})",
            rule="maximum entropy",
            given={"values": inside},
            because=allowed,
        ),
        Axiom(
            name="others",
            claim=f"log({outside}) = log(R)",
            rule="definition",
            because=excluded,
        ),
        Axiom(
            name="an error",
            claim="H1 <= log(R)",
            rule="maximum entropy",
            given={"values": "R"},
            because=after,
        ),
        Shannon(
            name="processing",
            claim="H(Y|X) <= H(Y|Yhat)",
            uses=("classifier",),
            because="The answer tells no more about Y than the observation.",
        ),
        Shannon(
            name="chain",
            claim="H(Y|Yhat) <= H(E) + H(Y|E,Yhat)",
            because="Learn first whether there was an error, then the label.",
        ),
        Identity(
            name="sum",
            claim=f"H <= {bound}",
            uses=(
                Use(step="processing"),
                Use(step="chain"),
                Use(step="equivocation"),
                Use(step="error"),
                Use(step="split"),
                Use(step="no error", times="1 - p"),
                Use(step="an error", times="p"),
                Use(step="others", times="-p"),
            ),
            because="Add up.",
        ),
    )


fano_lists = Bound(
    name="fano_lists",
    title="Fano's inequality for lists of labels",
    statement="H(Y|X) <= h(p) + p ln(M - L) + (1 - p) ln L, p the probability that the list of L "
    "labels misses Y",
    formula="h(p) + p*log(M - L) + (1 - p)*log(L) - H",
    holds_for="every classifier",
    equality="every posterior is (1 - p)/L on the labels of the list and p/(M - L) on the others",
    cite="ahlswede1976",
    most={"L": "M - 1", "H": "log(M)"},
    numeric=_numeric(lambda M, L: (L, M - L)),
    tight=lambda p, M, L: _even_posteriors(p, M, L),
    proof=Proof(
        symbols=_symbols("Y is not on its list", "number of labels not on the list"),
        witnesses=_list_witnesses,
        steps=_steps(
            "L",
            "M - L",
            "h(p) + p*log(M - L) + (1 - p)*log(L)",
            (
                "Y is not on the list Yhat",
                "Without an error Y is one of the L labels on the list.",
                "R labels are not on the list.",
                "After an error Y is one of the labels that are not on the list.",
            ),
        ),
    ),
)

approximate_recovery = Bound(
    name="approximate_recovery",
    title="Fano's inequality with a tolerance",
    statement="H(Y|X) <= h(p) + p ln(M - Nmin) + (1 - p) ln Nmax, p the probability that Y is not "
    "near the answer, where Nmin to Nmax labels are near each",
    formula="h(p) + p*log(M - Nmin) + (1 - p)*log(Nmax) - H",
    holds_for="every classifier",
    equality="Nmin = Nmax and every posterior is (1 - p)/Nmax on the labels near the answer and "
    "p/(M - Nmax) on the others",
    cite="duchi2013",
    most={"Nmax": "M", "Nmin": "minimum(Nmax, M - 1)", "H": "log(M)"},
    numeric=_numeric(lambda M, Nmin, Nmax: (Nmax, M - Nmin)),
    tight=lambda p, M, Nmax: _even_posteriors(p, M, Nmax),
    proof=Proof(
        symbols=_symbols(
            "Y is not near its answer", "greatest number of labels not near an answer"
        ),
        witnesses=_neighbour_witnesses,
        steps=_steps(
            "Nmax",
            "M - Nmin",
            "h(p) + p*log(M - Nmin) + (1 - p)*log(Nmax)",
            (
                "Y is not near the answer Yhat",
                "Without an error Y is one of at most Nmax labels near the answer.",
                "At least Nmin labels are near each answer, at most R are not.",
                "After an error Y is one of the labels that are not near the answer.",
            ),
        ),
    ),
)
