"""Planning under an assumed law, by the exact risk of an estimator."""

from __future__ import annotations

import math

import numpy as np

from mitheory import check
from mitheory.entropies import Estimator
from mitheory.laws import Channel, Finite

_MOST_PLANNED = 1e9


def samples_under(
    law: Finite | Channel,
    *,
    error: float,
    estimator: Estimator | str = "plugin",
    quantity: str | None = None,
) -> int:
    """Least n at which an estimator's exact root mean squared error under `law` is within `error`.

    Planning under an assumed law, where `samples_needed` holds for every law: what is needed if the
    assumption is right, and so a lower limit of what may be needed if it is not known.

    Parameters
    ----------
    law : mitheory.laws.Finite or mitheory.laws.Channel
        The law assumed.
    error : float
        In nats.
    estimator : Estimator or str
        A linear estimator, or its name in ENTROPIES.
    quantity : str, optional
        What is estimated: by default the entropy of a Finite law, the information of a Channel;
        others as in `mitheory.risk.mean`.

    Returns
    -------
    int
        The error is within `error` at this n and not at n - 1, nor at the sixteen sizes an octave
        below it that are tried; where bias and spread cancel, a smaller n between these is
        conceivable.

    Raises
    ------
    TypeError, ValueError
        As `mitheory.risk.mse`; for an error that is not positive, or that no n up to 10**9 reaches.

    Examples
    --------
    >>> from mitheory.laws import zipf
    >>> samples_under(zipf(100, 1.0), error=0.1), samples_under(
    ...     zipf(100, 1.0), error=0.1, estimator="grassberger"
    ... )
    (669, 269)
    """
    from mitheory import risk

    goal = check.real(error, "error", above=0.0)

    def within(n: int) -> bool:
        return math.sqrt(risk.mse(estimator, law, n, quantity=quantity)) <= goal

    sizes = np.unique(np.floor(2.0 ** np.arange(0.0, 29.9, 1.0 / 16.0)).astype(np.int64))
    low = 0
    for high in map(int, sizes):
        if within(high):
            break
        low = high
    else:
        raise ValueError(
            f"error must be within reach of {_MOST_PLANNED:g} samples of {law}; got {error:g}"
        )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if within(middle) else (middle, high)
    return high
