"""Counts of several variables together, and the entropy of any of them from one estimator."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts, count
from mitheory.entropies import Estimator
from mitheory.entropies.estimator import Outside
from mitheory.profile import Profile
from mitheory.symbols import as_columns

Roles = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Joint:
    """Variables counted together.

    Attributes
    ----------
    data : Counts, or int64 array of shape (..., K0, K1, ...)
    roles : tuple of tuples of int
        Which columns, or which axes from the end (negative), make up each variable.
    estimator : Estimator
    alphabet : tuple of int, or None
        Sizes of the variables' alphabets, where the estimator is to know them.
    """

    data: Counts | IntArray
    roles: Roles
    estimator: Estimator
    alphabet: tuple[int, ...] | None

    @classmethod
    def of(cls, data: Any, estimator: Estimator, alphabet: Any, variables: int = 2) -> Joint:
        """X and Y, or X, Y and Z, of a table or of a Counts with its columns in this order."""
        if isinstance(data, Profile):
            raise TypeError(
                "a Profile holds no pairs; pass a table of counts (rows X, columns Y) or a Counts"
            )
        if isinstance(data, Counts):
            if variables == 2 and data.columns < 2:
                raise ValueError(
                    "two columns or more are needed, the label last; this Counts has one "
                    "(count the features and the label together: count(features, labels))"
                )
            if variables == 3 and data.columns != 3:
                raise ValueError(
                    f"of a Counts of {data.columns} columns, say which are Y and Z: y=, z= "
                    "(X is all the others)"
                )
            last = data.columns - variables + 1
            roles = (tuple(range(last)), *((k,) for k in range(last, data.columns)))
            return cls(data, roles, estimator, _sizes(alphabet, estimator, variables))
        table = table_of(data, variables)
        shape = table.shape[-variables:] if estimator.needs_alphabet else None
        sizes = shape if alphabet is None else _sizes(alphabet, estimator, variables)
        return cls(table, tuple((k,) for k in range(-variables, 0)), estimator, sizes)

    @classmethod
    def of_roles(cls, counts: Counts, roles: Roles, estimator: Estimator, alphabet: Any) -> Joint:
        """The variables that so many columns of a Counts make up."""
        return cls(counts, roles, estimator, _sizes(alphabet, estimator, len(roles)))

    def entropies(self, *which: tuple[int, ...]) -> list[FloatArray]:
        """Joint entropies, each of the variables at some positions, of the batch's shape; with one
        warning that says which of them are outside the estimator's regime.
        """
        values, outside = [], {}
        for chosen in which:
            value, doubt = self._assess(chosen)
            values.append(value)
            outside[f"H({','.join('XYZ'[k] for k in chosen)})"] = doubt
        self.estimator.warn(values[0].size, outside, self._advice())
        return values

    def _advice(self) -> str:
        """What to do about columns of numbers that seldom repeat."""
        if not isinstance(self.data, Counts):
            return ""
        many = [s for s in self.data.symbols if s.dtype.kind == "f" and 2 * s.size > self.data.n]
        return (
            "numbers that seldom repeat are no symbols: their information is that of their nearest "
            "neighbours (samples, and method='ksg', 'ross' or 'mixed')"
            if many
            else ""
        )

    def _assess(self, which: tuple[int, ...]) -> tuple[FloatArray, Outside]:
        parts = [part for k in which for part in self.roles[k]]
        size = None if self.alphabet is None else math.prod(self.alphabet[k] for k in which)
        if isinstance(self.data, Counts):
            whole = len(parts) == self.data.columns
            counts = self.data.counts if whole else self.data.marginal(*parts).counts
            value, outside = self.estimator.assess(counts[None], size)
            return value[0], outside
        others = tuple(part for role in self.roles for part in role if part not in parts)
        batch = self.data.shape[: -len(self.roles)]
        table = self.data.sum(axis=others) if others else self.data
        cells = math.prod(table.shape[len(batch) :])
        value, outside = self.estimator.assess(table.reshape(-1, cells), size)
        return value.reshape(batch), outside


def table_of(data: Any, variables: int = 2) -> IntArray:
    """Counts with an axis for each variable, and perhaps a batch before them."""
    array = check.count_array(data, "table", variables)
    if array.ndim < variables:
        what = "rows X and columns Y" if variables == 2 else "axes X, Y and Z"
        raise ValueError(
            f"table must have at least {variables} dimensions, {what}; got shape {array.shape} "
            "(samples are counted first: mitheory.count)"
        )
    totals = array.sum(axis=tuple(range(-variables, 0)))
    if not np.all(totals):
        where = np.unravel_index(int(np.argmin(totals)), totals.shape)
        place = f" in table {tuple(int(i) for i in where)}" if where else ""
        raise ValueError(f"table must hold at least one sample; all its counts are 0{place}")
    return array


def _sizes(alphabet: Any, estimator: Estimator, variables: int) -> tuple[int, ...] | None:
    names = ", ".join(("Sx", "Sy", "Sz")[:variables])
    if alphabet is None:
        if estimator.needs_alphabet:
            raise ValueError(f"{estimator.name} needs the alphabet sizes: pass alphabet=({names})")
        return None
    if np.ndim(alphabet) != 1 or len(alphabet) != variables:
        raise ValueError(f"alphabet must be the sizes ({names}); got {alphabet!r}")
    return tuple(check.whole_number(size, "alphabet", least=1) for size in alphabet)


def roles_in(counts: Counts, y: Any, z: Any) -> Roles:
    """The columns of X, Y and Z in a Counts: those named for Y and Z, and for X what they leave."""
    y_columns, z_columns = (
        tuple(counts.position(c) for c in (part if isinstance(part, (list, tuple)) else [part]))
        for part in (y, z)
    )
    taken = (*y_columns, *z_columns)
    x_columns = tuple(k for k in range(counts.columns) if k not in taken)
    roles = (x_columns, y_columns, z_columns)
    if not all(roles) or len(set(taken)) < len(taken):
        raise ValueError(
            f"X, Y and Z need columns of their own; y={y!r} and z={z!r} leave {list(x_columns)} "
            f"of {counts.columns} to X"
        )
    return roles


def counted_together(*samples: Any) -> tuple[Counts, Roles]:
    """Samples of several variables counted, and the columns that each of them makes up."""
    ends = np.cumsum([0, *(len(as_columns([part])[0]) for part in samples)]).tolist()
    return count(*samples), tuple(tuple(range(*bounds)) for bounds in pairwise(ends))
