"""Intervals of nearest-neighbour estimates, from random halves of the sample."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.special import stdtrit

from mitheory import check
from mitheory.entropies import Estimator, RegimeWarning
from mitheory.intervals.estimate import Estimate
from mitheory.neighbors.certainty import convergence

MOST_DRIFT = 2.0
"""The drift, in standard errors, from which on the interval is doubted. Where there is no bias the
drift has a standard deviation of about 0.7 of them.
"""


def subsampling_interval(
    data: Any,
    method: str | Estimator,
    level: float,
    replicates: int | None,
    rng: np.random.Generator | None,
    settings: dict[str, Any],
) -> Estimate:
    """Student's interval about the estimate, with as many degrees of freedom as cuts in halves,
    and longer on one side by what is likely left of the bias (`Convergence.limit`).
    """
    if not (isinstance(data, tuple) and len(data) == 2):
        raise TypeError(
            "kind='subsampling' takes samples: data must be the tuple (x, y), samples of X and of "
            f"Y; got {type(data).__name__} (the other kinds take counts)"
        )
    if rng is None:
        raise TypeError(
            "kind='subsampling' draws halves of the sample: pass rng=, a numpy.random.Generator "
            "(numpy.random.default_rng(seed) makes one)"
        )
    level = check.level(level)
    cuts = 20 if replicates is None else replicates
    found = convergence(*data, method=method, rng=rng, halvings=1, replicates=cuts, **settings)
    value, error = found.information.value, float(found.standard_error[-1])
    radius = float(stdtrit(float(cuts), 0.5 + 0.5 * level)) * error
    ahead = found.limit - value
    if abs(found.drift) > MOST_DRIFT * error:
        warnings.warn(
            f"{found.information.method}: all {found.information.n} samples give "
            f"{abs(found.drift):.3g} nats {'more' if found.drift > 0 else 'less'} than half of "
            f"them, against a standard error of {error:.2g}: the bias outweighs the spread, and "
            "the interval may miss the truth by far (more samples or fewer columns help)",
            RegimeWarning,
            stacklevel=3,
        )
    return Estimate(
        value=value,
        lower=value - radius + min(ahead, 0.0),
        upper=value + radius + max(ahead, 0.0),
        standard_error=error,
        level=level,
        kind="subsampling",
        n=found.information.n,
    )
