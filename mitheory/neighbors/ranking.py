"""What each feature tells about the label: the result, and how it is printed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mitheory.check import BoolArray, FloatArray
from mitheory.neighbors.variables import Kind

_ROUNDING = 1e-12

_SHOWN = 20
"""So many features are printed."""


def rounding(n: int) -> float:
    """Estimates from n samples that are closer than this, in nats, may differ by rounding only."""
    return _ROUNDING * (1 + math.log(n))


@dataclass(frozen=True, eq=False)
class FeatureInformation:
    """What each feature tells about the label, by itself.

    Attributes
    ----------
    names : tuple of str
    values : float array, shape (d,)
        I(X_j;Y) in nats, never clipped; a constant has 0.
    kinds, methods : tuple of str
        Of each feature its kind, given or inferred, and the estimator it got.
    label_kind : str
    n, k : int
        Samples; neighbours.
    label_entropy : float or None
        Of a discrete label, psi(n) - mean psi(n_y) in nats: its entropy as `ross` estimates it,
        and the most that `ross`, `plugin` and `miller_madow` can give. As an estimate it may be
        above the logarithm of the number of labels.
    pvalues, corrected : float array, shape (d,), or None
        Of independence from the label; as they are, and corrected for the number of features.
    correction : str or None
    notes : tuple of str
        What was inferred, and what limits the numbers.
    """

    names: tuple[str, ...]
    values: FloatArray
    kinds: tuple[Kind, ...]
    methods: tuple[str, ...]
    label_kind: Kind
    n: int
    k: int
    label_entropy: float | None = None
    pvalues: FloatArray | None = None
    corrected: FloatArray | None = None
    correction: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def order(self) -> npt.NDArray[np.intp]:
        """Positions of the features, the most informative first."""
        return np.argsort(-self.values, kind="stable")

    @property
    def above_label_entropy(self) -> BoolArray:
        """Which values cannot be right, since the label holds less."""
        if self.label_entropy is None:
            return np.zeros(self.values.size, dtype=bool)
        return self.values > self.label_entropy + rounding(self.n)

    @property
    def excess(self) -> str:
        """How many features are above the label's entropy, with the names of the first few."""
        which = [self.names[j] for j in np.flatnonzero(self.above_label_entropy)]
        listed = ", ".join(which[:5]) + (", ..." if len(which) > 5 else "")
        return f"{len(which)} {'feature is' if len(which) == 1 else 'features are'} ({listed})"

    def __str__(self) -> str:
        shown = self.order[:_SHOWN]
        rows = [["feature", "kind", "method", "information"]]
        rows += [
            [self.names[j], self.kinds[j], self.methods[j], f"{self.values[j]:.4f}"] for j in shown
        ]
        for title, p in (("p", self.pvalues), ("corrected", self.corrected)):
            if p is not None:
                for row, text in zip(rows, [title, *(f"{p[j]:.3g}" for j in shown)], strict=True):
                    row.append(text)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [f"Information about the label, {self.label_kind}, in nats; n = {self.n}"]
        if self.label_entropy is not None:
            lines[0] += f", H(Y) = {self.label_entropy:.4f}"
        for row in rows:
            cells = [
                cell.ljust(width) if place < 3 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        if len(shown) < len(self.names):
            lines.append(f"... {len(self.names) - len(shown)} more")
        if self.above_label_entropy.any():
            lines.append(f"{self.excess} above H(Y), which cannot be right.")
        lines += self.notes
        lines.append("Estimates, not certificates: no bound on an error follows from them.")
        return "\n".join(lines)
