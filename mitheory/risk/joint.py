"""Exact bias and variance of estimates of H(Y|X) and I(X;Y) under a joint law.

The estimate is a signed sum over events of w(N), N how often the event occurred. The events are the
values of X, those of Y, and the cells. Two events overlap in any way, but the covariance of
functions of their counts depends on the correlation rho of their indicators alone: it is the sum
over k >= 1 of rho^k times the product of the coefficients of degree k, in the Krawtchouk
polynomials of either count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.entropies import Estimator
from mitheory.kernels import krawtchouk as kernels
from mitheory.laws import Channel, Finite
from mitheory.risk import moments

SIGNS = {
    "information": (1.0, 1.0, -1.0),
    "conditional_entropy": (-1.0, 0.0, 1.0),
}
"""Of the entropies of X, of Y and of the pair in each quantity of a joint law."""

_WORK = 1e10  # degrees times counts, all events together: some 20 s
_MARGIN = 1e-11  # of the variance: what degrees out of reach may hold
_NEIGHBOURS = 16


def bias(estimator: Estimator, law: Channel, n: int, quantity: str) -> float:
    """Expected estimate less the truth, in nats."""
    families = (law.p.sum(axis=1), law.p.sum(axis=0), law.p.ravel())
    total = 0.0
    for sign, p in zip(SIGNS[quantity], families, strict=True):
        if sign:
            cells = moments._cells(estimator, Finite(p), n)
            total += sign * (float(cells.multiplicity @ cells.bias) + cells.unseen)
    return total


def variance(estimator: Estimator, law: Channel, n: int, quantity: str) -> float:
    """Variance of the estimate, in nats squared.

    The parts of degree 1 are a sum over samples, and its variance is direct. Those of each higher
    degree are uncorrelated with it and with one another.
    """
    signs = SIGNS[quantity]
    p = law.p[law.p.sum(axis=1) > 0][:, law.p.sum(axis=0) > 0]
    events = _Events.of(p, signs)
    if events.p.size == 0:
        return 0.0
    pairs = _Pairs.of(events)
    key = np.column_stack([events.p, events.signs @ 3.0 ** np.arange(6)])
    _, first, kind = np.unique(key, axis=0, return_index=True, return_inverse=True)
    kind = kind.ravel()
    reach = np.zeros(first.size)
    np.maximum.at(reach, kind, pairs.reach)
    kinds = events.p[first]
    windows, counts = _windows(n, kinds)
    rows, columns = law.p.shape
    tables = np.array(
        [
            moments._correction(estimator, k, n, alphabet)
            for k in (counts, n - counts)
            for alphabet in (rows, columns, rows * columns)
        ]
    )
    chosen = events.signs[first]
    parts = kernels.linear_parts(n, kinds, windows, chosen, tables)
    slope, rest = parts[:, 1], parts[:, 2]
    multiplicity = np.bincount(kind, minlength=first.size).astype(np.float64)
    light = np.bincount(kind[events.light], minlength=first.size).astype(np.float64)
    total = _linear_variance(events, slope[kind], p, signs, n)
    square = float(multiplicity @ rest)
    scale = max(total / square, 1.0) if square > 0 else 1.0
    rounding = 1e-15 + 3e-16 * np.sqrt(windows[:, 1] - windows[:, 0] + 1)
    enough = rest[:, None] * np.column_stack(
        [
            rounding * scale,
            np.full_like(rest, (1e-13 * scale) ** 2),
            np.full_like(rest, _MARGIN * scale),
        ]
    )
    flat, starts, complete = kernels.coefficients(
        n, kinds, windows, chosen, tables, np.column_stack([parts, reach]), enough
    )
    if not complete.all():
        raise ValueError(
            f"the weights of {estimator.name} vary too much from one count to the next for exact "
            f"moments of overlapping events with n = {n}; simulate: law.sample_counts(n, rng, "
            "replicates)"
        )
    total += square
    total += kernels.disjoint_covariances(kinds, light, flat, starts)
    at = kind[pairs.index]
    total += 2 * kernels.pair_covariances(at, pairs.rho, pairs.instead, flat, starts)
    return max(total, 0.0)


@dataclass(frozen=True)
class _Events:
    """The events that can but need not occur, those always equal or complementary taken as one.

    Each stands for itself if `light`, else for its complement, so that `p` is at most 1/2. Events
    have the indices `x`, `y` in the `table` of probabilities, whose last row and column are sums.
    `signs` says which weights of the count, in the first three columns, and of n less the count,
    are added up: those of a value of X, of Y, and of a cell.
    """

    table: FloatArray
    x: IntArray
    y: IntArray
    p: FloatArray
    light: BoolArray
    signs: FloatArray

    @classmethod
    def of(cls, p: FloatArray, signs: tuple[float, float, float]) -> _Events:
        rows, columns = p.shape
        table = np.ones((rows + 1, columns + 1))
        table[:-1, :-1], table[:-1, -1], table[-1, :-1] = p, p.sum(axis=1), p.sum(axis=0)
        index = np.arange(rows), np.arange(columns)
        families = (
            (index[0], np.full(rows, columns)),
            (np.full(columns, rows), index[1]),
            np.nonzero(p),
        )
        labels, complements = _labels(p)
        parts = [
            (*family, np.full(family[0].size, t), label, _rest(table[family]))
            for t, (family, label) in enumerate(zip(families, labels, strict=True))
            if signs[t] and family[0].size > 1
        ]
        if not parts:
            none = np.zeros(0, np.int64)
            return cls(table, none, none, np.zeros(0), none > 0, np.zeros((0, 6)))
        x, y, family, label, rest = (np.concatenate(part) for part in zip(*parts, strict=True))
        flip = np.zeros(x.size, np.bool_)
        for one, other in complements:
            moved = label == other
            label[moved] = one
            flip[moved] ^= True
        probability = table[x, y]
        order = np.argsort(probability, kind="stable")  # an event is named by its lightest member
        _, first, group = np.unique(label[order], return_index=True, return_inverse=True)
        chosen = order[first]
        back = np.empty_like(order)
        back[order] = group.ravel()
        light = probability[chosen] <= rest[chosen]
        turned = flip ^ (flip[chosen] ^ ~light)[back]
        added = np.zeros((chosen.size, 6))
        np.add.at(added, (back, family + 3 * turned), np.asarray(signs)[family])
        return cls(
            table=table,
            x=x[chosen],
            y=y[chosen],
            p=np.where(light, probability[chosen], rest[chosen]),
            light=light,
            signs=added,
        )

    def both(self, i: IntArray, j: IntArray) -> FloatArray:
        """Probability that two of them occur together; not of the complements."""
        rows, columns = self.table.shape
        xi, yi, xj, yj = self.x[i], self.y[i], self.x[j], self.y[j]
        compatible = (xi == xj) | (np.maximum(xi, xj) == rows - 1)
        compatible &= (yi == yj) | (np.maximum(yi, yj) == columns - 1)
        return np.where(compatible, self.table[np.minimum(xi, xj), np.minimum(yi, yj)], 0.0)


def _labels(p: FloatArray) -> tuple[tuple[IntArray, ...], set[tuple[int, int]]]:
    """A label of each value of X, of Y and of each cell, and pairs of complementary labels.

    Events have the same label if they are the same set of cells.
    """
    rows, columns = p.shape
    cells = np.flatnonzero(p)
    x, y = np.nonzero(p)
    in_row, in_column = np.count_nonzero(p, axis=1), np.count_nonzero(p, axis=0)
    row, column = p.size + np.arange(rows), p.size + rows + np.arange(columns)
    alone = in_row[x] == 1
    row[x[alone]] = cells[alone]
    alone = in_column[y] == 1
    column[y[alone]] = cells[alone]
    apart = np.argwhere((in_row[:, None] + in_column == cells.size) & (p == 0))
    pairs = [(row[i], column[j]) for i, j in apart]
    pairs += [(family[0], family[1]) for family in (row, column, cells) if family.size == 2]
    return (row, column, cells), {(int(min(pair)), int(max(pair))) for pair in pairs}


def _rest(p: FloatArray) -> FloatArray:
    """1 - p for each value of a law; the digits of a small rest are those of the others' sum."""
    rest = 1 - p
    top = int(np.argmax(p))
    if p[top] > 0.5:
        rest[top] = p[:top].sum() + p[top + 1 :].sum()
    return rest


@dataclass(frozen=True)
class _Pairs:
    """The pairs of events that are not disjoint, or not light, by `index`, shape (pairs, 2).

    `rho` is the correlation of the indicators and `instead` that of disjoint light events, which
    the sum over all pairs assumes. `reach` bounds rho^2 of each event and any other.
    """

    index: IntArray
    rho: FloatArray
    instead: FloatArray
    reach: FloatArray

    @classmethod
    def of(cls, events: _Events) -> _Pairs:
        size, (rows, columns) = events.p.size, (n - 1 for n in events.table.shape)
        place = np.full(events.table.shape, -1)
        place[events.x[events.light], events.y[events.light]] = np.flatnonzero(events.light)
        x, y = np.nonzero(events.table[:-1, :-1])
        row, column, cell = place[x, columns], place[rows, y], place[x, y]
        listed = [np.column_stack(ends) for ends in ((row, cell), (column, cell), (row, column))]
        heavy = np.flatnonzero(~events.light)
        for h in heavy:
            others = np.flatnonzero(events.light | (np.arange(size) > h))
            listed.append(np.column_stack([np.full(others.size, h), others]))
        index = np.concatenate(listed)
        index = index[(index >= 0).all(axis=1)]
        i, j = index.T
        odds = events.p / (1 - events.p)
        disjoint = -np.sqrt(odds[i] * odds[j])
        overlap = np.where(
            events.light[i],
            events.both(i, j),
            events.table[events.x[j], events.y[j]] - events.both(i, j),
        )
        overlap = np.where(events.light[j], overlap, events.p[i] - overlap)
        spread = np.sqrt(events.p * (1 - events.p))
        rho = (overlap - events.p[i] * events.p[j]) / spread[i] / spread[j]
        reach = _disjoint_reach(events, odds)
        np.maximum.at(reach, i, rho**2)
        np.maximum.at(reach, j, rho**2)
        both_light = events.light[i] & events.light[j]
        return cls(index, np.clip(rho, -1.0, 1.0), np.where(both_light, disjoint, 0.0), reach)


def _disjoint_reach(events: _Events, odds: FloatArray) -> FloatArray:
    """A bound on rho^2 of each light event and any light event disjoint from it.

    The likeliest events are looked at one by one. In a family there is at most one above 1/2, two
    above 1/3 and so on, so that few are left that could matter.
    """
    light = np.flatnonzero(events.light)
    likely = light[np.argsort(-odds[light], kind="stable")]
    at, all_events = likely[:_NEIGHBOURS], np.arange(events.p.size)[:, None]
    largest = odds[likely[_NEIGHBOURS]] if likely.size > _NEIGHBOURS else 0.0
    apart = (events.both(all_events, at) == 0) & events.light[:, None]
    largest = np.maximum(np.where(apart, odds[at], 0.0).max(axis=1, initial=0.0), largest)
    return np.minimum(odds * largest, 1.0)


def _windows(n: int, p: FloatArray) -> tuple[IntArray, IntArray]:
    """As for a single law, with two columns more: the degrees `turn` and `last` of the kernel.

    At the count x the polynomials oscillate up to a degree, about (sqrt(np) + sqrt(x))^2, beyond
    which they decay. No function bounded by 1 has a coefficient of degree k whose square is above
    (4 n p)^k / k!, that of (-1)^N.
    """
    windows, counts = moments._windows(n, p)
    last = moments._windows(n, np.minimum(4 * p, 1.0))[0][:, 1]
    low, high = windows[:, 0], windows[:, 1]
    x = low / n
    turn = n * (p + x * (1 - 2 * p) + 2 * np.sqrt(p * (1 - p) * x * (1 - x)))
    work = _WORK / max(int(np.count_nonzero(low)), 1)
    turn = np.where(low > 0, np.minimum(turn, np.maximum(work / (high - low + 1), 50)), 0)
    reachable = (low == 0) | (np.square(last, dtype=np.float64) <= 2 * work)
    last = np.where(reachable, last, 0)
    return np.column_stack([windows, turn.astype(np.int64), last]), counts


def _linear_variance(
    events: _Events, slope: FloatArray, p: FloatArray, signs: tuple[float, float, float], n: int
) -> float:
    """Variance of the part of degree 1: the mean of a function of the cell over the samples.

    What the tangents of -p ln p give is ln(p(x,y) / p(x) p(y)) for the information: by the gap
    between p(x,y) and p(x) p(y), in extended precision where the platform has it.
    """
    added = np.zeros(events.table.shape)
    added[events.x, events.y] = np.where(events.light, slope, -slope)
    per_cell = added[:-1, :-1] + added[:-1, -1:] + added[-1:, :-1]
    row, column = events.table[:-1, -1:], events.table[-1:, :-1]
    possible = p > 0
    cell = np.where(possible, p, 1.0)
    if signs == SIGNS["information"]:
        exact = p.astype(np.longdouble)
        product = exact.sum(axis=1, keepdims=True) * (exact.sum(axis=0) / exact.sum())
        excess = np.where(possible, (exact - product) / product, 0.0)
        near = np.abs(excess) < 0.5
        far = np.log(cell) - np.log(row) - np.log(column)
        tangent = np.where(near, np.log1p(np.where(near, excess, 0.0)).astype(np.float64), far)
    else:
        tangent = -(signs[0] * np.log(row) + signs[1] * np.log(column) + signs[2] * np.log(cell))
    part = (n * per_cell + tangent)[possible]
    weight = p[possible]
    part = part - weight @ part
    return float(weight @ part**2) / n
