"""Signs in the data that a nearest-neighbour estimate is out of its depth."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray
from mitheory.neighbors.variables import Variable

MOST_CROWDING = 0.4
"""The crowding from which on an estimate is doubted, see `doubts`."""

LEAST_ROOM = 1.0
"""Nats below the greatest estimate possible from which on an estimate is doubted, see `doubts`."""

_PROBES = 32
"""Samples whose distances to all others are looked at."""


def doubts(
    x: Variable, y: Variable, value: float, *, method: str, k: int, norm: str
) -> tuple[str, ...]:
    """Sentences that say why an estimate is likely far off; none if no sign was found.

    Three signs. The first is `crowding` above 0.4, where the neighbours are no longer near, and so
    found where the density is another: of normal and Student laws in 2 + 2 to 20 + 20 dimensions,
    n from 100 to 6400, KSG then missed from 22 % to 90 % of the information, and at most 22 % where
    the crowding was below 0.3 (validation/neighbor_doubts.py). Two scalars do not get there. The
    second is a KSG estimate within a nat of psi(n) - psi(k), the most that it can give: k - 1
    samples at least are within the k-th distance in X and in Y. Of normal pairs it was 1.2 nats
    low where 0.6 were left, 0.3 where 1.1 were, and 0.1 where 1.8 were. The third is a value above
    the entropy of a variable, psi(n) - mean psi(count), of numbers of which at least half the
    samples repeat others: "ross" and "mixed" never exceed it, the others do not know it.
    """
    from scipy.special import psi

    found: list[str] = []
    numbers = [v for v in (x, y) if v.kind != "discrete"]
    if method in ("ksg", "ksg2", "lnc", "ross", "mixed"):
        found += crowded(x, y, k=k, norm=norm)
    repeating = [v for v in numbers if v.kind == "mixed" and method not in ("ross", "mixed")]
    above = [sentence for v in repeating for sentence in _above_entropy(v, value)]
    found += above
    if method in ("ksg", "ksg2") and not above:
        greatest = float(psi(x.n) - psi(k))
        if value > greatest - LEAST_ROOM:
            found.append(
                f"{value:.3g} nats are close to psi(n) - psi(k) = {greatest:.3g}, the most that "
                f"{method} can give with n = {x.n} samples: the information may be far above "
                "(more samples help, a smaller k, and method='lnc')"
            )
    return tuple(found)


def _above_entropy(variable: Variable, value: float) -> tuple[str, ...]:
    """A sentence if the value exceeds the entropy of a variable that mostly repeats."""
    from scipy.special import psi

    counts = np.unique(variable.values, axis=0, return_counts=True)[1]
    greatest = float(psi(variable.n) - counts @ psi(counts) / variable.n)
    if 2 * counts.size > variable.n or value <= greatest + 1e-9:
        return ()
    return (
        f"{value:.3g} nats are above the entropy of {variable.name}, {greatest:.3g}: its values "
        f"repeat, {counts.size} in {variable.n} samples, and no variable can tell more than it "
        "holds (method='mixed' never exceeds it)",
    )


def crowded(*variables: Variable, k: int, norm: str) -> tuple[str, ...]:
    """A sentence if the neighbours in the space of two variables, or of three, are not near.

    Of I(X;Y|Z), with 1 to 20 columns of Z, from 18 % to 91 % was missed where this was so, and at
    most 7 % where the crowding was below 0.2 (validation/conditional_doubts.py).
    """
    columns = sum(v.values.shape[1] for v in variables if v.kind != "discrete")
    share = crowding(*variables, k=k, norm=norm) if columns > 2 else 0.0
    if share <= MOST_CROWDING:
        return ()
    return (
        f"the neighbours of a sample are {share:.0%} as far from it as half of all samples: in "
        f"{columns} columns n = {variables[0].n} is few, and a fifth of the information or more "
        "is likely missed (fewer columns or more samples help)",
    )


def crowding(*variables: Variable, k: int, norm: str) -> float:
    """How far the k-th neighbour is, as a share of the median distance to the other samples.

    The median over 32 samples, spread evenly over the order of the data. Where some variables are
    discrete, the samples of the same symbols are looked at.
    """
    columns = [np.ascontiguousarray(v.values.T) for v in variables if v.kind != "discrete"]
    symbols = [v.values for v in variables if v.kind == "discrete"]
    shares = []
    for probe in np.unique(np.linspace(0, variables[0].n - 1, _PROBES).astype(np.int64)):
        same = [s == s[probe] for s in symbols]
        alike = np.flatnonzero(np.all(same, axis=0)) if same else slice(None)  # not a copy
        distances = np.max([_norms(c[:, alike] - c[:, [probe]], norm) for c in columns], axis=0)
        others = distances.size - 1
        if others == 0:
            continue
        # one by one: for two positions at once numpy takes ten times as long
        nearest = np.partition(distances, min(k, others))[min(k, others)]
        median = np.partition(distances, distances.size // 2)[distances.size // 2]
        shares.append(nearest / median if median > 0 else 0.0)
    return float(np.median(shares)) if shares else 0.0


def _norms(differences: FloatArray, norm: str) -> FloatArray:
    order = {"max": np.inf, "euclidean": 2, "manhattan": 1}[norm]
    return np.asarray(np.linalg.norm(differences, ord=order, axis=0))
