"""What placing edges asks of data: their extent, and which value stands at a rank."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from mitheory.check import FloatArray

Within = tuple[tuple[int, bool, float], ...]
"""Conditions on rows: a column, whether it is below the number (else at least it), the number."""


class Place(NamedTuple):
    """A value, how many are below it, how many below or equal, and the next value, if any."""

    value: float
    below: int
    upto: int
    above: float | None


class Ordered(Protocol):
    """Columns of numbers; rows in which any is missing do not count."""

    def extent(self) -> tuple[int, float, float]:
        """The number of rows, and the least and the greatest value of the first column."""

    def at(self, column: int, ranks: Sequence[int], within: Within = ()) -> list[Place]:
        """The distinct values at some ranks, counted from 0, among the rows within; ascending."""


class Arrays:
    """Columns in memory.

    Parameters
    ----------
    columns : sequence of float64 arrays, each of shape (n,)
        NaN is a missing value.
    """

    def __init__(self, columns: Sequence[FloatArray]) -> None:
        missing = np.isnan(columns[0])
        for column in columns[1:]:
            missing |= np.isnan(column)
        self.missing = missing
        self.present = [column[~missing] for column in columns] if missing.any() else list(columns)
        self._parts: list[tuple[Within, list[FloatArray]]] = [((), self.present)]

    def extent(self) -> tuple[int, float, float]:
        """As of `Ordered`."""
        first = self.present[0]
        if first.size == 0:
            return 0, math.nan, math.nan
        return first.size, float(first.min()), float(first.max())

    def at(self, column: int, ranks: Sequence[int], within: Within = ()) -> list[Place]:
        """As of `Ordered`."""
        values = np.sort(self._part(within)[column])
        places = []
        for value in np.unique(values[list(ranks)]):
            below, upto = np.searchsorted(values, value), np.searchsorted(values, value, "right")
            above = float(values[upto]) if upto < values.size else None
            places.append(Place(float(value), int(below), int(upto), above))
        return places

    def _part(self, within: Within) -> list[FloatArray]:
        """The rows within. Splitting asks for parts of parts, so those on the way are kept."""
        while self._parts[-1][0] != within[: len(self._parts[-1][0])]:
            self._parts.pop()
        for depth in range(len(self._parts[-1][0]), len(within)):
            columns = self._parts[-1][1]
            where, is_below, number = within[depth]
            kept = (columns[where] < number) == is_below
            self._parts.append((within[: depth + 1], [column[kept] for column in columns]))
        return self._parts[-1][1]


def _question_mark(_: int) -> str:
    return "?"


@dataclass(frozen=True)
class Query:
    """Columns that a SQL engine holds; it does the ordering, and only a few numbers come back.

    Attributes
    ----------
    run : callable
        Runs a text with its parameters and returns the rows.
    source : str
        What stands behind FROM, its names quoted.
    expressions : sequence of str
        The columns, quoted; their values are taken as double precision numbers.
    place : callable
        The placeholder of the parameter at a position, counted from 0.
    """

    run: Callable[[str, list[float]], Sequence[Sequence[Any]]]
    source: str
    expressions: Sequence[str]
    place: Callable[[int], str] = _question_mark

    def extent(self) -> tuple[int, float, float]:
        """As of `Ordered`."""
        rows, parameters = self._rows(())
        ((n, least, most),) = self.run(f"SELECT count(*), min(v0), max(v0) FROM {rows}", parameters)
        return (int(n), float(least), float(most)) if n else (0, math.nan, math.nan)

    def at(self, column: int, ranks: Sequence[int], within: Within = ()) -> list[Place]:
        """As of `Ordered`."""
        rows, parameters = self._rows(within)
        wanted = " OR ".join(f"(upto - often <= {rank} AND {rank} < upto)" for rank in set(ranks))
        text = (
            f"WITH once AS (SELECT v{column} AS value, count(*) AS often FROM {rows} "
            f"GROUP BY v{column}), "
            "ordered AS (SELECT value, often, sum(often) OVER (ORDER BY value) AS upto, "
            "lead(value) OVER (ORDER BY value) AS above FROM once) "
            f"SELECT value, upto - often, upto, above FROM ordered WHERE {wanted} ORDER BY value"
        )
        return [
            Place(float(value), int(below), int(upto), None if above is None else float(above))
            for value, below, upto, above in self.run(text, parameters)
        ]

    def _rows(self, within: Within) -> tuple[str, list[float]]:
        """SQL for the rows within of which no column is missing, and its parameters."""
        parameters: list[float] = []

        def literal(number: float) -> str:
            parameters.append(number)
            return self.place(len(parameters) - 1)

        columns = ", ".join(
            f"CAST({expression} AS DOUBLE PRECISION) AS v{k}"
            for k, expression in enumerate(self.expressions)
        )
        # NaN, which engines have above all numbers, is not
        tests = [f"v{k} <= {literal(math.inf)}" for k in range(len(self.expressions))]
        tests += [
            f"v{column} {'<' if is_below else '>='} {literal(number)}"
            for column, is_below, number in within
        ]
        return (
            f"(SELECT * FROM (SELECT {columns} FROM {self.source}) AS numbers "
            f"WHERE {' AND '.join(tests)}) AS kept"
        ), parameters
