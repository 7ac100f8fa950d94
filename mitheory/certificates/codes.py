"""Universal codes: what the labels cost to describe bounds from above what they cost the law.

A code is a law Q of the n labels given the n values of X, fixed before the labels are seen. By
Markov's inequality for Q / P, whose expectation is at most 1, the sum of -ln P(Y_i|X_i) exceeds
-ln Q by ln(1 / delta) or more with probability at most delta. So a short code proves a small
entropy, whatever the number of values of X.
"""

from __future__ import annotations

import math

import numpy as np

from mitheory.certificates.cells import Cells

PSEUDO_COUNTS = tuple(10.0 ** (k / 2) for k in range(-4, 3))
"""Of every label, in the Dirichlet-multinomial laws that the code mixes."""


def code_length(cells: Cells, classes: int) -> float:
    """-ln Q of the labels given X, in nats, for an even mixture of Dirichlet-multinomial laws.

    In each component the values of X that occur more often than a threshold have laws of the label
    of their own, and all others share one. The thresholds are 0, 1, 3, 7, ..., up to one that n
    does not pass: there the label does not depend on X. Source: krichevsky1981.
    """
    from mitheory.kernels.codes import log_rising_factorials

    row_counts = cells.row_counts
    order = np.argsort(row_counts, kind="stable")
    rows = row_counts[order]
    sizes = np.diff(np.append(cells.starts, len(cells.counts)))[order]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    cell = np.repeat(cells.starts[order] - ends[:-1], sizes) + np.arange(ends[-1])
    counts, labels = cells.counts[cell], cells.labels[cell]

    distinct, which = np.unique(counts, return_inverse=True)
    own = []  # for each pseudo-count, what the rows up to each place cost with laws of their own
    for a in PSEUDO_COUNTS:
        gain = np.add.reduceat(log_rising_factorials(distinct, a)[which], ends[:-1])
        spent = np.cumsum(log_rising_factorials(rows, classes * a) - gain)
        own.append(np.concatenate([[0.0], spent]))

    lengths = []
    pooled, done = np.zeros(cells.labels_seen, dtype=np.int64), 0
    for threshold in 2 ** np.arange(cells.n.bit_length() + 1) - 1:
        shared = int(np.searchsorted(rows, threshold, side="right"))
        np.add.at(pooled, labels[ends[done] : ends[shared]], counts[ends[done] : ends[shared]])
        total, done = pooled.sum(keepdims=True), shared
        for a, spent in zip(PSEUDO_COUNTS, own, strict=True):
            together = log_rising_factorials(total, classes * a)[0]
            together -= log_rising_factorials(pooled, a).sum()
            lengths.append(spent[-1] - spent[shared] + together)
    shortest = min(lengths)
    return shortest - math.log(np.exp(shortest - np.array(lengths)).mean())
