"""Profile: how many symbols occurred exactly j times. All that a symmetric estimator may look at.

A profile of n samples has at most about sqrt(2 n) entries, so an estimator costs next to nothing
once the samples are counted, whatever the alphabet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import IntArray

_DENSE = 2**16
"""Counts below this may be tallied by value instead of sorted."""

_CELLS = 2**20
"""A batch is cut so that the profile of a piece has at most about this many cells."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The fingerprint of a sample, or of a batch of samples.

    Attributes
    ----------
    j : int64 array, shape (d,)
        The distinct positive counts that occur, ascending.
    phi : int64 array, shape (..., d)
        phi[..., i] symbols occurred exactly j[i] times. Leading axes are the batch.
    """

    j: IntArray
    phi: IntArray

    def __post_init__(self) -> None:
        for array in (self.j, self.phi):
            array.setflags(write=False)

    @classmethod
    def from_counts(cls, counts: Any) -> Profile:
        """The profile of counts, shape (..., K); zeros are ignored.

        Raises
        ------
        TypeError, ValueError
            If the counts are not non-negative integers, or some row of them sums to 0.
        """
        array = check.count_array(counts)
        if array.ndim == 0:
            raise ValueError(f"counts must have at least one dimension; got the number {counts}")
        rows = array.reshape(-1, array.shape[-1])
        most = int(rows.max())
        tallied = most < _DENSE and most * rows.shape[0] < max(_CELLS, rows.size)
        j, phi = _tallied(rows, most) if tallied else _sorted(rows)
        profile = cls(j, phi.reshape(*array.shape[:-1], j.size))
        if not np.all(profile.n):
            where = np.unravel_index(int(np.argmin(profile.n)), profile.n.shape)
            place = f" in row {tuple(int(i) for i in where)}" if where else ""
            raise ValueError(f"counts must hold at least one sample; all are 0{place}")
        return profile

    @property
    def n(self) -> IntArray:
        """Number of samples, of batch shape."""
        return np.asarray(self.phi @ self.j)

    @property
    def observed(self) -> IntArray:
        """Number of symbols that occurred, of batch shape."""
        return np.asarray(self.phi.sum(axis=-1))

    def times(self, j: int) -> IntArray:
        """Number of symbols that occurred exactly j >= 1 times, of batch shape."""
        i = int(np.searchsorted(self.j, j))
        if i < self.j.size and self.j[i] == j:
            return self.phi[..., i]
        return np.zeros(self.phi.shape[:-1], dtype=np.int64)

    def __repr__(self) -> str:
        if self.phi.ndim == 1:
            return f"Profile(n={int(self.n)}, observed={int(self.observed)}, j={self.j.tolist()})"
        return f"Profile(batch={self.phi.shape[:-1]}, j={self.j.tolist()})"


def profiles(counts: Any) -> Iterator[Profile]:
    """The profiles of the rows of `counts`, shape (..., K), in pieces that cost no more memory
    than the counts; the pieces follow each other along one batch axis.
    """
    array = check.count_array(counts)
    rows = array.reshape(-1, array.shape[-1])
    cells = min(int(rows.max()) + 1, int((_CELLS * rows.shape[1]) ** 0.5))
    step = max(1, max(_CELLS, rows.size // 4) // cells)
    for start in range(0, rows.shape[0], step):
        yield Profile.from_counts(rows[start : start + step])


def _tallied(rows: IntArray, most: int) -> tuple[IntArray, IntArray]:
    from mitheory.kernels.tally import tally_rows

    phi = np.zeros((rows.shape[0], most + 1), dtype=np.int64)
    tally_rows(rows, phi)
    j = np.flatnonzero(phi[:, 1:].any(axis=0)) + 1
    return j, phi[:, j]


def _sorted(rows: IntArray) -> tuple[IntArray, IntArray]:
    j, codes = np.unique(rows, return_inverse=True)
    codes = codes.reshape(rows.shape) + j.size * np.arange(rows.shape[0])[:, None]
    phi = np.bincount(codes.ravel(), minlength=j.size * rows.shape[0]).reshape(-1, j.size)
    positive = j > 0
    return j[positive], np.ascontiguousarray(phi[:, positive]).astype(np.int64)
