"""Code lengths of counts under Dirichlet-multinomial laws."""

from __future__ import annotations

import numpy as np
from numba import njit

from mitheory.kernels.loggamma import loggamma_up


@njit(cache=True)
def log_rising_factorials(counts, a):
    """ln of a (a + 1) ... (a + c - 1) for every c of `counts`."""
    out = np.empty(counts.size)
    for i, count in enumerate(counts):
        out[i] = loggamma_up(a, float(count))
    return out
