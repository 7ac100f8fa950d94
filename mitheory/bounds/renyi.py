"""Bounds on the error from Arimoto-Renyi conditional entropies, the best over their orders.

H_a(Y|X) falls in the order a, from ln of the number of labels that can occur to -ln(1 - p), p the
Bayes error. As a grows the bounds of order a on the error close in on the Bayes error, so that more
than one order says more than the conditional entropy alone, which is the order 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitheory import check
from mitheory.bounds.arimoto import arimoto_envelope, arimoto_fano, logrel
from mitheory.check import FloatArray

ORDERS = (1e-3, 1e3)
"""The orders between which the best is sought."""


@dataclass(frozen=True, kw_only=True)
class RenyiErrorBounds:
    """What Arimoto-Renyi conditional entropies say about the Bayes error.

    Attributes
    ----------
    lower, upper : float
        Ends of the interval that contains the Bayes error; `lower` holds for every classifier.
    lower_order, upper_order : float
        The order of the entropy behind each end.
    """

    lower: float
    upper: float
    lower_order: float
    upper_order: float


def arimoto_renyi_entropy(joint: Any, order: float) -> float:
    """The Arimoto-Renyi conditional entropy of the label given the observation, in nats.

    Parameters
    ----------
    joint : array_like, shape (observations, labels)
        Joint law: rows X, columns Y.
    order : float
        The order a, from 0.001 to 1e6; 1 gives the conditional entropy H(Y|X).

    Returns
    -------
    float
        a/(1-a) ln sum_x P(x) (sum_y P(y|x)^a)^(1/a), to a relative error of about 1e-14.

    Raises
    ------
    ValueError
        For what is no joint law, or an order out of range.

    Notes
    -----
    Source: arimoto1977.

    Examples
    --------
    >>> from mitheory.bounds.renyi import arimoto_renyi_entropy
    >>> round(arimoto_renyi_entropy([[0.25, 0.25], [0.5, 0.0]], order=2.0), 6)
    0.316694
    """
    law = check.probabilities(joint, "joint", ndim=2)
    return _entropy(law, check.real(order, "order", least=1e-3, most=1e6))


def _entropy(law: FloatArray, a: float) -> float:
    x = law.sum(axis=1)
    posterior = law[x > 0] / x[x > 0, None]
    with np.errstate(divide="ignore"):
        surprisal = np.where(posterior > 0, -np.log(posterior), 0.0)
    orders = _log_mean(posterior, surprisal, 1.0 - a)  # the Renyi entropy of each posterior
    return float(_log_mean(x[x > 0], orders, (1.0 - a) / a))


def _log_mean(weight: FloatArray, value: FloatArray, s: float) -> FloatArray:
    """(1/s) ln sum w exp(s v) along the last axis, for v >= 0 and weights of sum 1; mean at s = 0.

    The sum of w (exp(s v) - 1) has terms of one sign: nothing cancels in it, nor in the sum less 1
    unless the latter is near -1, where the logarithm of the sum is taken as it is.
    """
    from scipy import special

    powers = s * value
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        less_one = np.sum(weight * value * special.exprel(powers), axis=-1)
        near = less_one * logrel(s * less_one)
        far = special.logsumexp(powers, axis=-1, b=weight) / s if s else near
    return np.where((s * less_one > -0.5) & (powers.max(axis=-1) < 600.0), near, far)


def renyi_error_bounds(
    known: Any, *, classes: int | None = None, orders: tuple[float, float] = ORDERS
) -> RenyiErrorBounds:
    """The best bounds on the Bayes error over the orders of the Arimoto-Renyi entropy.

    Parameters
    ----------
    known : array_like or Mapping
        A joint law, rows X and columns Y, whose entropies of every order in `orders` are used; or
        the entropies that are known, in nats, by their orders.
    classes : int, optional
        Number of classes; needed with a mapping, otherwise the number of columns that occur.
    orders : tuple of float
        For a joint law, the least and the greatest order.

    Returns
    -------
    RenyiErrorBounds

    Raises
    ------
    ValueError
        For what is no joint law, an order or an entropy out of range, entropies that contradict
        each other, or without `classes` where it is needed.

    Notes
    -----
    Source: sason2018. For a joint law both ends approach its Bayes error as the order grows.

    Examples
    --------
    >>> from mitheory.bounds.renyi import renyi_error_bounds
    >>> found = renyi_error_bounds({1.0: 0.5, 2.0: 0.3}, classes=10)
    >>> round(found.lower, 4), found.lower_order, round(found.upper, 4), found.upper_order
    (0.1406, 2.0, 0.2378, 2.0)
    """
    if isinstance(known, Mapping):
        return _from_entropies(known, classes)
    if classes is not None:
        raise ValueError(f"classes are counted in a joint law; leave out classes={classes!r}")
    law = check.probabilities(known, "joint", ndim=2)
    low, high = (check.real(a, "orders", least=1e-3, most=1e6) for a in orders)
    if low > high:
        raise ValueError(f"orders must be (least, greatest); got {orders!r}")
    support = max(int((law.sum(axis=0) > 0).sum()), 2)

    def lower(a: float) -> float:
        H = min(_entropy(law, a), np.log(support))
        return float(arimoto_fano.least("p", Ha=H, a=a, M=support))

    def upper(a: float) -> float:
        return float(arimoto_envelope.greatest("p", Ha=_entropy(law, a), a=a))

    lower_order, best_lower = _greatest(lower, low, high)
    upper_order, negative = _greatest(lambda a: -upper(a), low, high)
    return RenyiErrorBounds(
        lower=min(best_lower, -negative),
        upper=-negative,
        lower_order=lower_order,
        upper_order=upper_order,
    )


def _greatest(function: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Where a function of the order is greatest, and its value: a grid, then a local search."""
    from scipy import optimize

    grid = np.geomspace(low, high, 25)
    values = [function(float(a)) for a in grid]
    i = int(np.argmax(values))
    around = np.log(grid[[max(i - 1, 0), min(i + 1, grid.size - 1)]])
    best = optimize.minimize_scalar(
        lambda t: -function(float(np.exp(t))), bounds=tuple(around), method="bounded"
    )
    if -best.fun > values[i]:
        return float(np.exp(best.x)), -float(best.fun)
    return float(grid[i]), values[i]


def _from_entropies(known: Mapping[float, Any], classes: int | None) -> RenyiErrorBounds:
    """The best of the bounds from entropies of several orders."""
    if not known:
        raise ValueError("known must hold at least one entropy by its order; got an empty mapping")
    if classes is None:
        raise ValueError("classes must be given with entropies by their orders")
    order = np.array([check.real(a, "order", least=1e-3, most=1e6) for a in known])
    entropies = [check.real(H, f"entropy of order {a:g}", least=0.0) for a, H in known.items()]
    lower = np.asarray(arimoto_fano.least("p", Ha=entropies, a=order, M=classes))
    upper = np.asarray(arimoto_envelope.greatest("p", Ha=entropies, a=order))
    i, j = int(lower.argmax()), int(upper.argmin())
    if lower[i] > upper[j] + 1e-12:
        raise ValueError(
            f"the entropies contradict each other: order {order[i]:g} asks for an error of at "
            f"least {lower[i]:.15g}, order {order[j]:g} for at most {upper[j]:.15g}"
        )
    return RenyiErrorBounds(
        lower=float(min(lower[i], upper[j])),
        upper=float(upper[j]),
        lower_order=float(order[i]),
        upper_order=float(order[j]),
    )
