"""The information between all pairs of many columns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, overload

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.columns import Columns
from mitheory.entropies import ENTROPIES, Estimator, named

_ROUNDING = 1e-12
"""Information values closer than this, times the largest entropy, may differ by rounding only."""


@overload
def pairwise_information(
    columns: Any,
    method: str | Estimator = ...,
    *,
    alphabet: int | Sequence[int] | None = ...,
    pvalues: None = ...,
    rng: np.random.Generator | None = ...,
    permutations: int = ...,
    workers: int | None = ...,
) -> FloatArray: ...


@overload
def pairwise_information(
    columns: Any,
    method: str | Estimator = ...,
    *,
    alphabet: int | Sequence[int] | None = ...,
    pvalues: Literal["chi2", "permutation"],
    rng: np.random.Generator | None = ...,
    permutations: int = ...,
    workers: int | None = ...,
) -> tuple[FloatArray, FloatArray]: ...


def pairwise_information(
    columns: Any,
    method: str | Estimator = "plugin",
    *,
    alphabet: int | Sequence[int] | None = None,
    pvalues: Literal["chi2", "permutation"] | None = None,
    rng: np.random.Generator | None = None,
    permutations: int = 999,
    workers: int | None = None,
) -> FloatArray | tuple[FloatArray, FloatArray]:
    """I(X_i;X_j) = H(X_i) + H(X_j) - H(X_i,X_j) in nats for every two of d columns of samples.

    Parameters
    ----------
    columns : array of shape (n, d), data frame, or list of d columns
        Samples, of any type that `count` takes, each column of its own.
    method : str or Estimator
        A name in ENTROPIES, or an Estimator. All linear estimators cost about the same.
    alphabet : int or sequence of d ints, optional
        Size of the alphabet of every column, or of each, for the estimators that need it; that of
        a pair is the product.
    pvalues : {"chi2", "permutation"}, optional
        Also test each pair for independence. "chi2": the G-test, 2 n I of the plug-in against a
        chi-square law of (K_i - 1)(K_j - 1) degrees of freedom, K the symbols seen; it holds for
        large n. "permutation": (1 + g) / (1 + B), where g of B random permutations give no less
        information by the same method; it holds for every n.
    rng : numpy.random.Generator
        Draws the permutations.
    permutations : int
        Their number, B.
    workers : int, optional
        Number of threads; by default the number Numba would use (NUMBA_NUM_THREADS).

    Returns
    -------
    array of shape (d, d), or two of them
        Symmetric; the diagonal holds the entropies H(X_i) = I(X_i;X_i). Never clipped. With
        `pvalues` also their array, symmetric, with 1 on the diagonal, where nothing is tested.

    Raises
    ------
    ValueError, TypeError
        For what `count` or `entropy` refuse; for permutations without a Generator.

    Warns
    -----
    RegimeWarning
        If some pair is outside the estimator's regime.

    Notes
    -----
    Each permutation permutes all columns independently, so it serves every pair at once.

    Source of the G-test: wilks1938.

    Examples
    --------
    >>> import mitheory as mt
    >>> a, b = [0, 0, 1, 1] * 5, ["u", "v", "u", "v"] * 5
    >>> mt.pairwise_information([a, a, b]).round(6).tolist()
    [[0.693147, 0.693147, 0.0], [0.693147, 0.693147, 0.0], [0.0, 0.0, 0.693147]]
    """
    estimator = named(method)
    draws = check.whole_number(permutations, "permutations", least=1)
    if pvalues is not None:
        check.one_of(pvalues, ("chi2", "permutation"), "pvalues")
    generator = check.generator(rng) if pvalues == "permutation" else None
    data = Columns.of(columns)
    sizes = None if alphabet is None else _sizes(alphabet, len(data.widths))
    threads = _threads(workers)
    information = _information(data, estimator, sizes, threads)
    if pvalues is None:
        return information
    if generator is None:
        return information, _g_test(data, threads)
    quiet = dataclasses.replace(estimator, doubt=None)
    slack = _ROUNDING * (1 + math.log(data.n))
    greater = np.zeros(information.shape, dtype=np.int64)
    for _ in range(draws):
        shuffled = _information(data.permuted(generator), quiet, sizes, threads)
        greater += shuffled >= information - slack
    p = (1 + greater) / (1 + draws)
    np.fill_diagonal(p, 1.0)
    return information, p


def _information(
    data: Columns, estimator: Estimator, sizes: list[int] | None, threads: int
) -> FloatArray:
    """The matrix of all pairs, columns in the order in which they were given."""
    d = len(data.widths)
    single, joint = np.zeros(d), np.zeros((d, d))
    samples, outside, words = 0, 0, ""

    def entropies(counts: IntArray, alphabets: Iterable[tuple[Any, int | None]]) -> FloatArray:
        nonlocal samples, outside, words
        values = np.empty(len(counts))
        for rows, size in alphabets:
            values[rows], (more, reason) = estimator.assess(counts[rows], size)
            samples, outside, words = samples + len(values[rows]), outside + more, words or reason
        return values

    # the alphabets of columns are few: each is named by its place among them
    known = sorted(set(sizes or [0]))
    kind = np.array([known.index(sizes[c]) if sizes else 0 for c in data.place])

    def alike(kinds: IntArray, size: Callable[[int], int]) -> Iterator[tuple[Any, int | None]]:
        """The rows of each kind, and their alphabet."""
        for value in set(kinds.tolist()):
            same = slice(None) if (kinds == value).all() else np.flatnonzero(kinds == value)
            yield same, size(value) or None

    for x, counts in data.marginals():
        single[x] = entropies(counts, alike(kind[x], known.__getitem__))
    for x, y, counts in data.joints(threads):
        if x.size:
            both = kind[x] * len(known) + kind[y]
            joint[x, y] = entropies(
                counts,
                alike(both, lambda pair: math.prod(known[k] for k in divmod(pair, len(known)))),
            )
    estimator.warn(samples, {"": (outside, words)})
    value = single[:, None] + single - (joint + joint.T)
    np.fill_diagonal(value, single)
    matrix = np.empty((d, d))
    matrix[np.ix_(data.place, data.place)] = value
    return matrix


def _g_test(data: Columns, threads: int) -> FloatArray:
    from scipy.special import chdtrc

    plugin = dataclasses.replace(ENTROPIES["plugin"], doubt=None)
    statistic = 2 * data.n * _information(data, plugin, None, threads)
    seen = np.empty(len(data.widths))
    for x, counts in data.marginals():
        seen[data.place[x]] = np.count_nonzero(counts, axis=1)
    freedom = np.outer(seen - 1, seen - 1)
    # a constant column is independent of all; rounding may leave the statistic just below 0
    p = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), np.maximum(statistic, 0)), 1.0)
    np.fill_diagonal(p, 1.0)
    return np.asarray(p)


def _sizes(alphabet: Any, d: int) -> list[int]:
    if np.ndim(alphabet) == 0:
        return [check.whole_number(alphabet, "alphabet", least=1)] * d
    sizes = [check.whole_number(size, "alphabet", least=1) for size in alphabet]
    if len(sizes) != d:
        raise ValueError(
            f"alphabet must be one size, or one for each of {d} columns; got {len(sizes)}"
        )
    return sizes


def _threads(workers: int | None) -> int:
    """Threads of our own, not Numba's: those neither survive a fork nor a second caller."""
    if workers is not None:
        return check.whole_number(workers, "workers", least=1)
    from numba import config

    return int(config.NUMBA_NUM_THREADS)
