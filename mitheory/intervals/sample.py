"""One sample as the intervals see it: its cells, and the entropies that make up the quantity."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts
from mitheory.entropies import Estimator
from mitheory.profile import Profile

Quantity = Literal["entropy", "conditional_entropy", "information"]
Part = Profile | Counts
Ends = Callable[[Part, float], tuple[float, float, float | None]]
"""Lower end, upper end and standard error of a sample, from it and its estimate."""


@dataclass(frozen=True, eq=False)
class Term:
    """One entropy of the signed sum.

    Attributes
    ----------
    sign : int
        1 or -1.
    group : int64 array, shape (cells,), or None
        Which symbol each cell belongs to, numbered from 0 without gaps; None where the cells are
        the symbols.
    alphabet : int or None
        Size of the alphabet of these symbols, where it is given.
    """

    sign: int
    group: IntArray | None
    alphabet: int | None = None

    def of(self, cells: IntArray) -> IntArray:
        """Counts of the symbols from counts of the cells, shape (..., cells)."""
        if self.group is None:
            return cells
        order = np.argsort(self.group, kind="stable")
        starts = np.searchsorted(self.group[order], np.arange(self.group.max() + 1))
        return np.add.reduceat(cells[..., order], starts, axis=-1)


@dataclass(frozen=True, eq=False)
class Sample:
    """The cells of a sample, and the terms of the quantity.

    Attributes
    ----------
    counts, times : int64 arrays, shape (cells,)
        Samples in a cell, all positive, and how many cells are alike; these are more than one
        only where the cells themselves are the symbols.
    terms : tuple of Term
    """

    counts: IntArray
    times: IntArray
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, part: Part, quantity: Quantity, sizes: tuple[int, ...] | None) -> Sample:
        """The cells of a part, with the sizes of the alphabets: of the symbols, or of X and Y."""
        whole = None if sizes is None else math.prod(sizes)
        if isinstance(part, Profile):
            return cls(part.j, part.phi, (Term(1, None, whole),))
        x_size, y_size = (None, None) if sizes is None else sizes
        rows = part.codes[:, :-1]
        x = np.zeros(len(rows), dtype=np.int64)
        x[1:] = np.cumsum((rows[1:] != rows[:-1]).any(axis=1))  # cells come in order of their rows
        terms = {
            "information": (
                Term(1, x, x_size),
                Term(1, part.codes[:, -1], y_size),
                Term(-1, None, whole),
            ),
            "conditional_entropy": (Term(1, None, whole), Term(-1, x, x_size)),
        }[quantity]
        return cls(part.counts, np.ones_like(part.counts), terms)

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.counts @ self.times)

    def profile(self, term: Term) -> Profile:
        """The profile of the symbols of a term."""
        if term.group is None and self.times.max() > 1:
            return Profile(self.counts, self.times)
        return Profile.from_counts(term.of(self.counts))

    def estimate(self, estimator: Estimator, cells: IntArray) -> FloatArray:
        """The quantity from counts of the cells, shape (..., cells), each cell by itself."""
        parts = [
            term.sign * estimator.of_counts(term.of(cells), term.alphabet) for term in self.terms
        ]
        return np.asarray(sum(parts[1:], start=parts[0]))


def parts_of(data: Any, quantity: Quantity) -> list[Part]:
    """The samples of a batch: profiles where the quantity is the entropy, else Counts of two
    columns or more.
    """
    if quantity == "entropy":
        if isinstance(data, Counts):
            data = data.profile()
        if isinstance(data, Profile):
            rows = data.phi.reshape(-1, data.j.size)
            return [Profile(data.j[row > 0], row[row > 0]) for row in rows]
        counts = check.count_array(data)
        return [Profile.from_counts(row) for row in counts.reshape(-1, counts.shape[-1])]
    if isinstance(data, Counts):
        return [data]
    tables = check.count_array(data, "table", axes=2)
    return [Counts.from_table(table) for table in tables.reshape(-1, *tables.shape[-2:])]
