"""Profile: how many symbols occurred exactly j times. All that a symmetric estimator may look at.

A profile of n samples has at most about sqrt(2 n) entries, so an estimator costs next to nothing
once the samples are counted, whatever the alphabet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.symbols import fits_table, tallied

_CELLS = 2**20
"""A batch is cut so that the profile of a piece has at most about this many cells."""

_AT_ONCE, _COUNTS = 2**15, 64
"""Sums over a profile are taken over so many of its cells at a time, which fit the second-level
cache, but over so many of its counts at least.
"""


@dataclass(frozen=True, eq=False)
class Occupancy:
    """What tells whether a sample is large enough for an estimator; arrays of batch shape.

    Attributes
    ----------
    n, observed, singletons : int64 arrays
        Number of samples, of symbols that occurred, and of those that occurred once.
    """

    n: IntArray
    observed: IntArray
    singletons: IntArray

    @classmethod
    def of_rows(cls, rows: IntArray) -> Occupancy:
        """Of valid counts, shape (samples, K)."""
        from mitheory.kernels.weighing import occupancies

        n, observed, singletons = np.empty((3, len(rows)), dtype=np.int64)
        occupancies(rows, n, observed, singletons)
        return cls(n, observed, singletons)


@dataclass(frozen=True, eq=False)
class Profile:
    """The fingerprint of a sample, or of a batch of samples.

    Attributes
    ----------
    j : int64 array, shape (d,)
        The distinct positive counts that occur, ascending.
    phi : int64 array, shape (..., d)
        phi[..., i] symbols occurred exactly j[i] times. Leading axes are the batch.

    Raises
    ------
    TypeError, ValueError
        If `j` is not ascending from 1 or more, `phi` does not match it or is negative somewhere,
        or a sample of the batch is empty or larger than 2**53.
    """

    j: IntArray
    phi: IntArray

    def __post_init__(self) -> None:
        # each j by itself: in a batch they need not come from one sample
        j = check.count_array(np.expand_dims(check.as_array(self.j, "j"), -1), "j")[..., 0]
        phi = check.count_array(self.phi, "phi")
        if j.ndim != 1 or j[0] < 1 or np.any(j[1:] <= j[:-1]):
            raise ValueError(f"j must be counts of 1 or more in ascending order; got {j}")
        if phi.shape[-1:] != j.shape:
            raise ValueError(f"phi must have {j.size} columns, one for each j; got {phi.shape}")
        # of doubles, so that nothing overflows
        n = phi @ j.astype(np.float64)
        if not 0 < n.min() <= n.max() <= check.MAX_COUNT:
            rule = "phi must hold from 1 to 2**53 samples in each row"
            raise ValueError(f"{rule}; got from {n.min():g} to {n.max():g}")
        vars(self).update(j=_fixed(j), phi=_fixed(phi))

    @classmethod
    def from_counts(cls, counts: Any) -> Profile:
        """The profile of counts, shape (..., K); zeros are ignored.

        Raises
        ------
        TypeError, ValueError
            If the counts are not non-negative integers, or some row of them sums to 0.
        """
        array = symbols_last(counts)
        return _profile(array, array.shape[:-1])

    @cached_property
    def n(self) -> IntArray:
        """Number of samples, of batch shape."""
        return _fixed(self.phi @ self.j)

    @cached_property
    def observed(self) -> IntArray:
        """Number of symbols that occurred, of batch shape."""
        return _fixed(self.phi.sum(axis=-1))

    @cached_property
    def occupancy(self) -> Occupancy:
        """Samples, symbols that occurred, and singletons."""
        return Occupancy(self.n, self.observed, self.times(1))

    def times(self, j: int) -> IntArray:
        """Number of symbols that occurred exactly j >= 1 times, of batch shape."""
        i = int(np.searchsorted(self.j, j))
        if i < self.j.size and self.j[i] == j:
            return self.phi[..., i]
        return np.zeros(self.phi.shape[:-1], dtype=np.int64)

    def total(self, term: Callable[[IntArray], FloatArray]) -> FloatArray:
        """The sum of term(j) over the symbols that occurred, of batch shape.

        A function of counts, shape (k,), gives an array of shape (k,), or (..., k) where it differs
        over the batch.
        """
        value = np.zeros(self.phi.shape[:-1])
        step = max(_COUNTS, _AT_ONCE // max(1, value.size))
        for start in range(0, self.j.size, step):
            some = slice(start, start + step)
            value += (self.phi[..., some] * term(self.j[some])).sum(axis=-1)
        return value

    def __repr__(self) -> str:
        if self.phi.ndim == 1:
            return f"Profile(n={int(self.n)}, observed={int(self.observed)}, j={self.j.tolist()})"
        return f"Profile(batch={self.phi.shape[:-1]}, j={self.j.tolist()})"


def profiles(rows: IntArray, batch: tuple[int, ...] | None = None) -> Iterator[Profile]:
    """The profiles of valid counts, shape (samples, K), in pieces that cost no more memory than
    the counts; the pieces follow each other along one batch axis. An empty sample is refused by
    its place in the batch, where its shape is given.
    """
    step = len(rows)
    if step > 1:
        cells = min(int(rows.max()) + 1, int((_CELLS * rows.shape[1]) ** 0.5))
        step = max(1, max(_CELLS, rows.size // 4) // cells)
    for start in range(0, len(rows), step):
        yield _profile(rows[start : start + step], (len(rows),) if batch is None else batch, start)


def symbols_last(counts: Any) -> IntArray:
    """Valid counts of shape (..., K)."""
    array = check.count_array(counts)
    if array.ndim == 0:
        raise ValueError(
            f"counts must have at least 1 dimension, last axis symbols; got the number {counts} "
            "(samples are counted first: mitheory.count)"
        )
    return array


def _profile(counts: IntArray, batch: tuple[int, ...], start: int = 0) -> Profile:
    """The profile of valid counts, shape (..., K), which begin `start` samples into the batch."""
    j, phi = tallied(counts.ravel())
    seen = slice(int(j[0] == 0), None)  # zero, if there, comes first
    j, phi = j[seen], phi[seen]
    if counts.size > counts.shape[-1]:
        phi = _by_row(counts.reshape(-1, counts.shape[-1]), j)
    observed = phi.sum(axis=-1)
    if not np.all(observed):
        where = np.unravel_index(start + int(np.argmin(observed)), batch)
        place = f" in row {tuple(int(i) for i in where)}" if where else ""
        raise ValueError(f"counts must hold at least one sample; all are 0{place}")
    profile = object.__new__(Profile)  # valid as it is
    vars(profile).update(j=_fixed(j), phi=_fixed(phi.reshape(*counts.shape[:-1], j.size)))
    return profile


def _by_row(rows: IntArray, j: IntArray) -> IntArray:
    """How many counts in each row equal each of `j`, which are all the positive ones that occur."""
    from mitheory.kernels.tally import tally_rows

    phi = np.empty((len(rows), j.size), dtype=np.int64)
    most = int(j[-1]) if j.size else 0
    if fits_table(0, most + 1, rows.size):
        rank = np.full(most + 1, j.size)
        rank[j] = np.arange(j.size)
        tally_rows(rows, rank, phi)
    else:
        ranks = np.where(rows > 0, np.searchsorted(j, rows), j.size)
        tally_rows(ranks, np.arange(j.size + 1), phi)
    return phi


def _fixed(value: Any) -> IntArray:
    array = np.asarray(value).view()
    array.setflags(write=False)
    return array
