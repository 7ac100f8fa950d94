"""Joint counts of one column of codes with many labellings of the same samples."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def relabelled_counts(order, first, labels, classes, out):
    """Rows of `out`: the joint counts that are not 0, in any order, then zeros.

    order: the samples grouped by code, those of code c from first[c] up to first[c + 1]; labels:
    shape (B, n), in 0 .. classes - 1; out: shape (B, K), zeros, K large enough.
    """
    seen = np.zeros(classes, dtype=np.int64)
    for b in range(labels.shape[0]):
        row, target, used = labels[b], out[b], 0
        for c in range(first.size - 1):
            own = order[first[c] : first[c + 1]]
            for s in own:
                seen[row[s]] += 1
            for s in own:
                if seen[row[s]]:
                    target[used] = seen[row[s]]
                    used += 1
                    seen[row[s]] = 0
