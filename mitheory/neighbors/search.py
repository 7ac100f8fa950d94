"""Neighbour searches: the distance to the k-th neighbour, and how many points lie within a radius.

Points are one float array of shape (n, d), or several of n rows each. The distance of two samples
is the greatest, over these blocks, of the norm of their difference: `kth_distance((x, y), k)`
searches the joint space of two variables, and three are no different.

Every comparison is that of the distances as rounded, so equal distances are equal to the last bit
and counts agree with those of a plain double loop. A search costs O(n log n) time for few columns
and O(n) memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mitheory.check import FloatArray, IntArray

Points = FloatArray | Sequence[FloatArray]

Norm = Literal["max", "euclidean", "manhattan"]
NORMS = ("max", "euclidean", "manhattan")
"""The norms by which a variable of several columns may be measured, as the kernels number them."""

_FEW = 1_024
"""Fewer parts of a search than this cost more to share than they take."""

COINCIDE = 5e-324
"""The least radius: samples are strictly within it if they coincide, and only then."""

LEAF = 8
"""A leaf of the tree holds at least so many points, and less than twice as many. For two columns
and for six all sizes from 5 to 16 take about as long."""


def kth_distance(
    points: Points, k: int, *, norm: Norm = "max", workers: int | None = None
) -> FloatArray:
    """The distance from each sample to the k-th nearest other one, shape (n,); 1 <= k < n."""
    blocks = _blocks(points)
    out = np.empty(len(blocks[0]))
    if _is_line(blocks):
        from mitheory.kernels.line import nearest_on_line

        order = np.argsort(blocks[0][:, 0])
        values = blocks[0][order, 0]

        def part(start: int, stop: int) -> None:
            nearest_on_line(values, k, start, stop, gaps)

        gaps = np.empty_like(out)
        _shared(part, len(values), workers)
        out[order] = gaps
        return out
    tree = _Tree.of(blocks, norm)
    out[tree.order] = tree.kth_distance(k, workers) * tree.unit
    return out


def count_within(
    points: Points,
    radii: FloatArray,
    *,
    norm: Norm = "max",
    strict: bool = True,
    workers: int | None = None,
) -> IntArray:
    """How many other samples are nearer to each than its radius; if not strict, or as near.

    Shape (n,), as `radii`. Within a strict radius of 0 there are none, not even those that
    coincide.
    """
    blocks = _blocks(points)
    out = np.empty(len(blocks[0]), dtype=np.int64)
    if _is_line(blocks):
        from mitheory.kernels.line import within_on_line

        order = np.argsort(blocks[0][:, 0])
        values = blocks[0][order, 0]

        def part(start: int, stop: int) -> None:
            within_on_line(values, order, radii, strict, start, stop, out)

        _shared(part, len(values), workers)
        return out
    tree = _Tree.of(blocks, norm)
    limits = radii[tree.order] / tree.unit
    limits[(limits == 0.0) & (radii[tree.order] > 0.0)] = COINCIDE
    out[tree.order] = tree.count_within(limits, strict, workers)
    return out


def neighborhoods(
    points: Points, k: int, *, norm: Norm = "max", workers: int | None = None
) -> tuple[FloatArray, IntArray]:
    """Of the samples up to the k-th nearest one: the greatest distance in each block, shape
    (n, blocks), and their number, shape (n,): k, or more if others are as near as the k-th.
    """
    blocks = _blocks(points)
    tree = _Tree.of(blocks, norm)
    extents = np.empty((len(tree.order), len(blocks)))
    counts = np.empty(len(tree.order), dtype=np.int64)
    found = tree.neighborhoods(tree.kth_distance(k, workers), workers)
    extents[tree.order], counts[tree.order] = found[0] * tree.unit, found[1]
    return extents, counts


@dataclass(frozen=True, eq=False)
class _Tree:
    """The tree of `mitheory.kernels.tree` over samples: points, and what else its kernels take.

    `order` has the samples in the order of the tree; `unit` is a power of two, by which they were
    divided so that squares and sums neither overflow nor vanish.
    """

    points: FloatArray
    arrays: tuple[FloatArray, IntArray, IntArray, IntArray]
    order: IntArray
    ends: IntArray
    norm: int
    unit: float

    @classmethod
    def of(cls, blocks: Sequence[FloatArray], norm: Norm) -> _Tree:
        from mitheory.kernels.tree import build

        points = np.concatenate(blocks, axis=1, dtype=np.float64)
        unit = 1.0
        if norm != "max":
            unit = 2.0 ** np.frexp(np.abs(points).max())[1]
            points /= unit
        n, d = points.shape
        half = 1 << max(0, (n // LEAF).bit_length() - 1)
        order = np.arange(n)
        box = np.empty((2 * half, d, 2))
        axis, first, last = np.zeros((3, 2 * half), dtype=np.int64)
        build(points, order, box, axis, first, last)
        ends = np.cumsum([0, *(block.shape[1] for block in blocks)])
        return cls(points, (box, axis, first, last), order, ends, NORMS.index(norm), unit)

    def kth_distance(self, k: int, workers: int | None) -> FloatArray:
        from mitheory.kernels.tree import nearest

        out = np.empty(len(self.order))

        def part(start: int, stop: int) -> None:
            nearest(self.points, self.arrays, self._ends(), self.norm, k, (start, stop), out)

        self._shared(part, workers)
        return out

    def count_within(self, radii: FloatArray, strict: bool, workers: int | None) -> IntArray:
        from mitheory.kernels.tree import within

        out = np.empty(len(self.order), dtype=np.int64)

        def part(start: int, stop: int) -> None:
            leaves = (start, stop)
            within(self.points, self.arrays, self._ends(), self.norm, radii, strict, leaves, out)

        self._shared(part, workers)
        return out

    def neighborhoods(self, radii: FloatArray, workers: int | None) -> tuple[FloatArray, IntArray]:
        from mitheory.kernels.tree import extents

        out = np.empty((len(self.order), len(self.ends) - 1))
        counts = np.empty(len(self.order), dtype=np.int64)

        def part(start: int, stop: int) -> None:
            leaves = (start, stop)
            extents(self.points, self.arrays, self.ends, self.norm, radii, leaves, out, counts)

        self._shared(part, workers)
        return out, counts

    def _ends(self) -> IntArray:
        """The blocks; in the maximum norm one is as good as many, and faster."""
        return self.ends[[0, -1]] if self.norm == 0 else self.ends

    def _shared(self, part: Callable[[int, int], Any], workers: int | None) -> None:
        _shared(part, len(self.arrays[0]) // 2, workers)


def _blocks(points: Points) -> tuple[FloatArray, ...]:
    return (points,) if isinstance(points, np.ndarray) else tuple(points)


def _is_line(blocks: Sequence[FloatArray]) -> bool:
    return len(blocks) == 1 and blocks[0].shape[1] == 1


def _shared(part: Callable[[int, int], Any], size: int, workers: int | None) -> None:
    """Run part(start, stop) over 0 .. size - 1, by so many threads, one by default."""
    if workers is None or workers == 1 or size < _FEW:
        part(0, size)
        return
    edges = np.linspace(0, size, 4 * workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(part, edges[:-1], edges[1:]):
            pass  # which raises what a part raised
