"""Confidence limits for the mean of a bounded loss."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray


def mean_limits(loss: FloatArray, most: float, delta: float) -> tuple[float, float]:
    """Lower and upper confidence limit of the mean of independent losses in [0, most].

    Each fails with probability at most `delta`. A gambler bets on every value, from those before
    it alone, that the mean is not m; a wealth of 1/delta refutes m (Ville's inequality). As narrow
    as the normal interval for large n, and valid for every n. Source: waudbysmith2024.

    Parameters
    ----------
    loss : float64 array, shape (n,)
        In the order in which the bets are made; any order that does not depend on the values.
    most : float
        The largest loss possible.
    delta : float
    """
    from mitheory.kernels.betting import lower_limit

    share = np.clip(loss / most, 0.0, 1.0)
    low = float(lower_limit(share, delta))
    high = 1.0 - float(lower_limit(1.0 - share, delta))
    return most * low, most * high
