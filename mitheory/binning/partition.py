"""Partitions of numbers: bins of one column, cells of several columns together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray

Placed = Literal["width", "frequency", "given"]
Literals = Callable[[float], str]
"""Writes a number into SQL: a placeholder for a parameter that it notes, or an exact literal."""

_SHOWN = 12
"""So many numbers are printed before the middle ones are left out."""


@dataclass(frozen=True)
class Bins:
    """Bins of one column: intervals [a, b) between its edges, of which the last is closed.

    Attributes
    ----------
    column : str
    edges : tuple of float
        From the least to the greatest, one more than there are bins; the outer ones may be
        infinite. Values outside them are refused. If the last edge is repeated, the last bin holds
        that one value.
    placed : {"width", "frequency", "given"}
        How the edges came about. Bins that hold the same values are equal however they did.
    asked : int, optional
        The number of bins asked for, if there are fewer.

    Raises
    ------
    ValueError
        For edges that are fewer than two, do not increase, or are NaN.
    """

    column: str
    edges: tuple[float, ...]
    placed: Placed = field(default="given", compare=False)
    asked: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        edges = check.edges(self.edges, f"edges of {self.column!r}")
        object.__setattr__(self, "edges", tuple(edges.tolist()))

    @property
    def columns(self) -> tuple[str, ...]:
        """The column that is binned, alone."""
        return (self.column,)

    @property
    def name(self) -> str:
        """Of the column that the bins make."""
        return self.column

    @property
    def labels(self) -> tuple[str, ...]:
        """The intervals, in words."""
        shown = _written(self.edges)
        last = len(shown) - 2
        return tuple(
            f"[{a}, {b}{']' if k == last else ')'}" for k, (a, b) in enumerate(pairwise(shown))
        )

    def codes(self, values: FloatArray) -> IntArray:
        """The bin of each value, counted from 0; values outside the edges are refused."""
        found = np.searchsorted(np.array(self.edges[1:-1]), values, side="right")
        codes: IntArray = found.astype(np.int64, copy=False)
        outside = (values < self.edges[0]) | (values > self.edges[-1])
        if outside.any():
            example = values[int(np.argmax(outside))]
            raise self._outside(f"{int(outside.sum())} outside, such as {example}")
        return codes

    def inside(self, codes: IntArray) -> None:
        """Refuse codes, as SQL gives them, of values outside the edges."""
        below, above = bool((codes < 0).any()), bool((codes > len(self.edges) - 2).any())
        if below or above:
            raise self._outside(" and ".join(["some below"] * below + ["some above"] * above))

    def _outside(self, what: str) -> ValueError:
        low, *_, high = _written(self.edges)
        return ValueError(
            f"column {self.column!r} must lie within its edges, {low} to {high}; got {what} "
            "(give edges that span all values: -inf and inf make open ends)"
        )

    def sql(self, expressions: Sequence[str], literal: Literals) -> str:
        """SQL for the code of a value: NULL for NULL and NaN, -1 below the edges, m above m bins.

        Parameters
        ----------
        expressions : sequence of one str
            The column, quoted. Its values are compared as double precision numbers.
        literal : callable
            Called with each edge, in the order in which they stand in the text.
        """
        x = _as_double(expressions[0])

        def among(first: int, last: int) -> str:
            if first == last:
                return str(first)
            middle = (first + last + 1) // 2
            edge = literal(self.edges[middle])
            return (
                f"CASE WHEN {x} < {edge} THEN {among(first, middle - 1)} "
                f"ELSE {among(middle, last)} END"
            )

        bins = len(self.edges) - 1
        return (
            f"CASE WHEN {x} < {literal(self.edges[0])} THEN -1 "
            f"WHEN {x} <= {literal(self.edges[-1])} THEN {among(0, bins - 1)} "
            f"WHEN {x} <= {literal(math.inf)} THEN {bins} END"
        )

    def __str__(self) -> str:
        bins = len(self.edges) - 1
        head = f"{self.column}: {bins} bin{'s' * (bins != 1)}"
        if self.placed == "given":
            return f"{head} with given edges {_few(self.edges)}"
        return f"{head} of equal {self.placed}{_asked(self.asked)}, edges {_few(self.edges)}"


@dataclass(frozen=True)
class Split:
    """A cut of a cell: values of a column below `at` go to `below`, the others to `above`."""

    column: int
    at: float
    below: Split | None
    above: Split | None


@dataclass(frozen=True)
class Cells:
    """Cells of several columns together: boxes that come of splitting one column after another.

    The cells cover all values, since the outer ones have no end.

    Attributes
    ----------
    columns : tuple of str
    root : Split or None
        The tree of splits; None is a cell, and cells are counted from the side below.
    placed, asked
        As of `Bins`.
    """

    columns: tuple[str, ...]
    root: Split | None
    placed: Placed = field(default="given", compare=False)
    asked: int | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """Of the column that the cells make."""
        return ", ".join(self.columns)

    @property
    def labels(self) -> tuple[str, ...]:
        """The boxes, in words."""
        words = [
            dict(zip(ends, _written(ends), strict=True))
            for cuts in self._cuts()
            for ends in [(-math.inf, *cuts, math.inf)]
        ]
        boxes = []
        pending = [(self.root, [(-math.inf, math.inf)] * len(self.columns))]
        while pending:
            node, box = pending.pop()
            if node is None:
                sides = [
                    f"{name} in [{text[low]}, {text[high]}{']' if high == math.inf else ')'}"
                    for name, (low, high), text in zip(self.columns, box, words, strict=True)
                    if (low, high) != (-math.inf, math.inf)
                ]
                boxes.append(" and ".join(sides) or "all")
                continue
            (low, high), below, above = box[node.column], list(box), list(box)
            below[node.column], above[node.column] = (low, node.at), (node.at, high)
            pending += [(node.above, above), (node.below, below)]
        return tuple(boxes)

    def _cuts(self) -> list[list[float]]:
        """Where each column is split, ascending."""
        cuts: list[set[float]] = [set() for _ in self.columns]
        pending = [self.root]
        while pending:
            if (node := pending.pop()) is not None:
                cuts[node.column].add(node.at)
                pending += [node.below, node.above]
        return [sorted(of_column) for of_column in cuts]

    def codes(self, *values: FloatArray) -> IntArray:
        """The cell of each row, counted from 0."""
        codes = np.zeros(values[0].size, dtype=np.int64)
        cells = 0
        pending = [(self.root, np.arange(values[0].size))]
        while pending:
            node, rows = pending.pop()
            if node is None:
                codes[rows] = cells
                cells += 1
            else:
                below = values[node.column][rows] < node.at
                pending += [(node.above, rows[~below]), (node.below, rows[below])]
        return codes

    def inside(self, codes: IntArray) -> None:
        """Refuse nothing: there are no values outside the cells."""

    def sql(self, expressions: Sequence[str], literal: Literals) -> str:
        """SQL for the code of a row, NULL where a column is NULL or NaN; else as of `Bins`."""
        columns = [_as_double(expression) for expression in expressions]
        cells = 0

        def under(node: Split | None) -> str:
            nonlocal cells
            if node is None:
                cells += 1
                return str(cells - 1)
            test = f"{columns[node.column]} < {literal(node.at)}"
            below = under(node.below)
            return f"CASE WHEN {test} THEN {below} ELSE {under(node.above)} END"

        present = " AND ".join(f"{x} <= {literal(math.inf)}" for x in columns)
        return f"CASE WHEN {present} THEN {under(self.root)} END"

    def __str__(self) -> str:
        cells = len(self.labels)
        named = zip(self.columns, self._cuts(), strict=True)
        where = "; ".join(f"{name} at {_few(cuts)}" for name, cuts in named if cuts)
        how = "as given" if self.placed == "given" else "of equal frequency"
        split = f", split {where}" if where else ""
        return f"{self.name}: {cells} cell{'s' * (cells != 1)} {how}{_asked(self.asked)}{split}"


Binning = Bins | Cells


def _as_double(expression: str) -> str:
    return f"CAST({expression} AS DOUBLE PRECISION)"


def _asked(asked: int | None) -> str:
    return "" if asked is None else f" ({asked} asked, but values repeat)"


def _written(numbers: Sequence[float]) -> list[str]:
    """The numbers to six digits, or to all where that would make different ones look alike."""
    short = [f"{number:.6g}" for number in numbers]
    return short if len(set(short)) == len(set(numbers)) else [repr(n) for n in numbers]


def _few(numbers: Sequence[float]) -> str:
    """A list of numbers, without its middle if it is long."""
    shown = _written(numbers)
    if len(shown) > _SHOWN:
        shown = [*shown[: _SHOWN // 2], "...", *shown[-_SHOWN // 4 :]]
    return ", ".join(shown)
