"""What certification needs of a table of counts: its cells, grouped by the value of X."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts


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
        for binning in counts.binnings:
            if binning.placed != "given":
                raise ValueError(
                    f"the edges of {binning.name!r} must be chosen before the sample is seen, or "
                    "nothing can be certified; these rows placed them (equal "
                    f"{binning.placed}). Give edges, as bins={{{binning.name!r}: 'edges:0,1,2'}} "
                    f"or --bins {binning.name}=edges:0,1,2, or use bins placed by other rows: "
                    "bins=other.binnings"
                )
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

    def without_x(self) -> Cells:
        """The labels alone, as the cells of a constant X."""
        counts = self.label_counts
        seen = np.arange(len(counts), dtype=np.int64)
        return Cells(counts, seen, np.zeros(1, dtype=np.intp), self.columns, False)

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

    def online_errors(self, classes: int) -> float:
        """Expected errors of a rule that predicts each sample before it is fitted on it.

        The samples come in random order. For an x met before, the rule predicts the label met
        most often with it, one of the tied at random; for a new x it copies the label of a random
        earlier sample, and the first sample of all is guessed. The expectation is over orders and
        choices, given the counts, rounded upwards: it is a function of the counts alone.

        In each row the steps that raise the largest count are as many as that count ends at; all
        others are errors, as many as the majority rule makes on its own samples. What remains are
        the errors made in ties. Source: dawid1984 (prediction before fitting).
        """
        from mitheory.kernels.online import tie_errors

        n, rows = self.n, self.row_counts.astype(np.float64)
        labels = self.label_counts.astype(np.float64)
        others = labels[self.labels] - self.counts
        agree = np.add.reduceat(self.counts * others, self.starts) / rows
        first_of_all = rows / n
        guess = 1.0 - 1.0 / classes
        copied = np.where(rows < n, 1.0 - agree / np.maximum(n - rows, 1.0), guess)
        new = float((first_of_all * guess + (1.0 - first_of_all) * copied).sum())
        tied = float(tie_errors(self.counts, self.starts).sum())
        return min(float(n), (self.majority_errors() + new + tied) * (1.0 + 1e-9))

    def _spread(self, per_row: IntArray) -> FloatArray:
        """A value of each row, repeated for its cells."""
        return np.repeat(per_row, np.diff(np.append(self.starts, len(self.counts))))
