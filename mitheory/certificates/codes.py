"""Universal codes: what the labels cost to describe bounds from above what they cost the law.

A code is a law Q of the n labels given the n values of X, fixed before the labels are seen. By
Markov's inequality for Q / P, whose expectation is at most 1, the sum of -ln P(Y_i|X_i) exceeds
-ln Q by ln(1 / delta) or more with probability at most delta. So a short code proves a small
entropy, whatever the number of values of X.

Q is an even mixture of laws. In each, the values of X that occur more often than a threshold have
Dirichlet-multinomial laws of the label of their own, and all others share one. The thresholds are
0, 1, 3, 7, ..., up to one that n does not pass: there the label does not depend on X. Source:
krichevsky1981.
"""

from __future__ import annotations

import numpy as np

from mitheory.certificates.cells import Cells
from mitheory.check import FloatArray, IntArray

_PSEUDO_COUNTS = 10.0 ** np.linspace(-2.0, 1.0, 7)
"""Of every label, in the laws that the code mixes."""


def code_length(cells: Cells, classes: int) -> float:
    """-ln Q of the labels given X, in nats."""
    from mitheory.kernels import codes

    starts = cells.starts.astype(np.int64)
    rising = codes.rising_tables(cells.n, classes, _PSEUDO_COUNTS)
    return float(
        codes.code_length(cells.counts, cells.labels, starts, classes, _PSEUDO_COUNTS, rising)
    )


def code_lengths(tables: IntArray, classes: int) -> FloatArray:
    """The same for every table of a batch of one sample size, shape (tables, Kx, Ky)."""
    from mitheory.kernels import codes

    return np.asarray(codes.code_lengths(np.ascontiguousarray(tables), classes, _PSEUDO_COUNTS))
