"""What certification needs of a table of counts: its cells, grouped by the value of X."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import special

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts

_SEED = 20_240_229
"""Seed of the random split; fixed, so that nobody can choose a split after looking."""

_BLOCKS = np.concatenate([[0.0], 2.0 ** np.linspace(-5.0, 0.0, 21)])
"""The split: shares of the sample after which the rule is fitted anew; the first is only fitted."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells (x, y) that occurred, those with the same x side by side.

    Attributes
    ----------
    counts : int64 array, shape (cells,)
        Samples in each cell, all positive.
    labels : int64 array, shape (cells,)
        Which label each cell holds, numbered among the labels seen.
    starts : int64 array, shape (rows,)
        Where each value of X begins.
    columns : int
        Number of labels in the data: seen, or columns of the table.
    continuous : bool
        A column of X holds floating-point numbers that never repeat.
    """

    counts: IntArray
    labels: IntArray
    starts: IntArray
    columns: int
    continuous: bool

    @classmethod
    def of(cls, data: Any) -> Cells:
        """Cells of a Counts of two columns or more, the label last, or of a table (Kx, Ky)."""
        if not isinstance(data, Counts):
            table = check.count_array(data, "table", axes=2)
            counts = Counts.from_table(table)
            return cls._of_counts(counts, int(table.shape[1]), continuous=False)
        counts = data
        features = counts.features()
        floats = any(
            symbols.dtype.kind == "f" and len(symbols) == counts.n > 1
            for symbols in features.symbols
        )
        return cls._of_counts(counts, len(counts.symbols[-1]), continuous=floats)

    @classmethod
    def _of_counts(cls, data: Counts, columns: int, continuous: bool) -> Cells:
        rows, labels = data.codes[:, :-1], data.codes[:, -1].astype(np.int64)
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
        return cls(data.counts, labels, np.flatnonzero(new), columns, continuous)

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.counts.sum())

    @property
    def rows(self) -> int:
        """Number of values of X observed."""
        return len(self.starts)

    @property
    def labels_seen(self) -> int:
        """Number of labels that occurred."""
        return int(self.labels.max()) + 1

    @property
    def row_counts(self) -> IntArray:
        """Samples of each value of X."""
        return np.add.reduceat(self.counts, self.starts)

    @property
    def label_counts(self) -> IntArray:
        """Samples of each label seen."""
        counts = np.zeros(self.labels_seen, dtype=np.int64)
        np.add.at(counts, self.labels, self.counts)
        return counts

    def label_entropy(self) -> float:
        """Plug-in H(Y) in nats."""
        return float(special.entr(self.label_counts / self.n).sum())

    def conditional_entropy(self) -> float:
        """Plug-in H(Y|X) in nats, as a sum of non-negative terms."""
        within = self.counts / self._spread(self.row_counts)
        return float(-(self.counts / self.n * np.log(within)).sum()) + 0.0

    def majority_errors(self) -> int:
        """Errors of the majority rule on the samples it was fitted on."""
        return self.n - int(np.maximum.reduceat(self.counts, self.starts).sum())

    def predicted_errors(self) -> tuple[int, int]:
        """Errors of majority rules on samples that came after those they were fitted on.

        Every sample falls into a block at random, independently of all else. Block by block, the
        majority rule of all earlier blocks predicts the labels (for an x not met before, the
        overall majority). Given the earlier blocks, each prediction is wrong with a probability
        of at least the Bayes error, so the errors are stochastically at least binomial.
        Source: dawid1984 (prediction before fitting).

        Returns
        -------
        errors, predictions : int
            The first block, about 1/32 of the samples, is fitted only.
        """
        rng = np.random.default_rng(_SEED)
        order = self._canonical()
        counts, labels, starts = order.counts, order.labels, order.starts
        length = np.diff(np.append(starts, len(counts)))
        past, rest = np.zeros_like(counts), counts.copy()
        past_labels = np.zeros(self.labels_seen, dtype=np.int64)
        errors = predictions = 0
        for begin, end in pairwise(_BLOCKS):
            block = rng.binomial(rest, (end - begin) / (1.0 - begin)) if end < 1.0 else rest.copy()
            if begin > 0.0:
                share = past_labels / (past_labels.sum() + 1)
                score = np.where(past > 0, past + share[labels], -1.0)
                best = np.maximum.reduceat(score, starts)
                majority = int(np.argmax(past_labels))
                fresh = np.repeat(best < 0.0, length)
                hit = np.where(fresh, labels == majority, score == np.repeat(best, length))
                predictions += int(block.sum())
                errors += int(block.sum()) - int(block[_first(hit, starts, length)].sum())
            past += block
            rest -= block
            np.add.at(past_labels, labels, block)
        return errors, predictions

    def _spread(self, per_row: IntArray) -> FloatArray:
        """A value of each row, repeated for its cells."""
        return np.repeat(per_row, np.diff(np.append(self.starts, len(self.counts))))

    def _canonical(self) -> Cells:
        """The same cells with the rows in an order that only their contents decide.

        So the split, and with it the certificate, does not depend on the order of the rows.
        """
        word = np.random.default_rng(_SEED).integers(2**63, size=self.labels_seen)
        marks = (word[self.labels] * (2 * self.counts + 1)).astype(np.uint64)
        rank = np.argsort(np.add.reduceat(marks, self.starts), kind="stable")
        length = np.diff(np.append(self.starts, len(self.counts)))
        starts = np.concatenate([[0], np.cumsum(length[rank])[:-1]])
        take = np.repeat(self.starts[rank] - starts, length[rank]) + np.arange(len(self.counts))
        return Cells(self.counts[take], self.labels[take], starts, self.columns, self.continuous)


def _first(hit: Any, starts: IntArray, length: IntArray) -> Any:
    """Of several hits in a row, the first alone."""
    seen = np.cumsum(hit)
    before = np.repeat(seen[starts] - hit[starts], length)
    return hit & (seen - before == 1)
