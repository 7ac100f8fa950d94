"""How many samples a claim needs: the radii of mitheory.certificates, inverted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mitheory import check
from mitheory.certificates.routes import ROUTES, Route
from mitheory.entropies import Estimator
from mitheory.laws import Channel, Finite

_MOST_PLANNED = 1e9


@dataclass(frozen=True)
class PlannedRoute:
    """One argument, the sample size it needs and the error it then promises.

    Attributes
    ----------
    name : str
    n : int
        Number of samples.
    error : float
        With probability `level`, |truth - estimate| is at most this with n samples; nats, or a
        probability of error. The estimate is the plug-in unless `assumes` names another.
    assumes : str
        What must hold beyond independent samples of one law.
    cite : tuple of str
        Keys of references.bib; empty where the argument is derived in docs/theory alone.
    promise : bool
        False for a size that no theorem promises, given for comparison only.
    """

    name: str
    n: int
    error: float
    assumes: str
    cite: tuple[str, ...]
    promise: bool = True


@dataclass(frozen=True)
class Plan:
    """Sample sizes and errors by every route; `n` and `error` are those of `method`.

    Attributes
    ----------
    quantity : str
    level : float
    classes : int
    alphabet : int or None
        Number of values X can take.
    method : str
        The route chosen: the one asked for, or the best that promises.
    n : int
    error : float
    routes : tuple of PlannedRoute
        Best first; last, those that promise nothing. Routes that take seconds are left out where
        another one is asked for.
    """

    quantity: str
    level: float
    classes: int
    alphabet: int | None
    method: str
    n: int
    error: float
    routes: tuple[PlannedRoute, ...]

    def to_dict(self) -> dict[str, Any]:
        """Every field as plain numbers and text, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [
            f"{self.quantity} of {self.classes} labels within {self.error:.4g} with probability "
            f"{self.level}: n = {self.n} by {self.method}",
            f"{'route':22}{'n':>16}{'error':>12}  assumes",
        ]
        lines += [f"{r.name:22}{r.n:16d}{r.error:12.4g}  {r.assumes}" for r in self.routes]
        return "\n".join(lines)


def samples_needed(
    quantity: str = "entropy",
    *,
    error: float,
    level: float = 0.95,
    classes: int,
    alphabet: int | None = None,
    method: str = "best",
) -> Plan:
    """Least n for which an estimate is within `error` of the truth with probability `level`.

    The promise holds for every law, before any data are seen. It inverts the radii behind
    `mitheory.certify`. The estimate is the plug-in, except for the route "optimal_linear".

    Parameters
    ----------
    quantity : str
        "entropy" (of the label), "conditional_entropy", "information", "bayes_error" (of the best
        classifier, against the errors of the majority rule on its own samples), or
        "classifier_error" (of one classifier fixed before the samples).
    error : float
        In nats, or a probability for the two errors.
    level : float
        Confidence level, strictly between 0 and 1.
    classes : int
        Size of the label alphabet, at least 2.
    alphabet : int, optional
        Number of values X can take; "conditional_entropy", "information" and "bayes_error" need
        it.
    method : str
        "best", or the name of a route.

    Returns
    -------
    Plan

    Raises
    ------
    TypeError, ValueError
        For an unknown quantity or method, a missing alphabet, an error that is not positive or
        that no n up to 2**53 reaches.

    Examples
    --------
    >>> import mitheory as mt
    >>> plan = mt.samples_needed(error=0.1, level=0.95, classes=10)
    >>> plan.n, plan.method
    (1806, 'chernoff_varentropy')
    """
    goal = check.real(error, "error", above=0.0)
    risk = 1.0 - check.level(level)
    size, rows, routes = _routes(quantity, classes, alphabet, method)

    def planned(name: str, route: Route) -> PlannedRoute | None:
        radius = _radius(quantity, route, size, risk, rows)
        n = _least_n(radius, goal, route.most_samples, 1e-3 if route.costly else 0.0)
        if n is None:
            return None
        return PlannedRoute(name, n, radius(n), route.assumes, route.cite, route.promise)

    wanted = _worth_the_time(routes, method)
    found = [plan for name, route in wanted.items() if (plan := planned(name, route)) is not None]
    return _plan(quantity, level, size, rows, method, found, f"an error of {goal:g}")


def error_at(
    quantity: str = "entropy",
    *,
    n: int,
    level: float = 0.95,
    classes: int,
    alphabet: int | None = None,
    method: str = "best",
) -> Plan:
    """The error that n samples promise: the inverse of `samples_needed`, same arguments.

    Examples
    --------
    >>> from mitheory.complexity import error_at
    >>> round(error_at(n=1806, classes=10).error, 4)
    0.1
    """
    samples = check.whole_number(n, "n", least=1)
    if samples > check.MAX_COUNT:
        raise ValueError(f"n must be at most 2**53; got {samples}")
    risk = 1.0 - check.level(level)
    size, rows, routes = _routes(quantity, classes, alphabet, method)
    found = [
        PlannedRoute(
            name,
            samples,
            _radius(quantity, route, size, risk, rows)(samples),
            route.assumes,
            route.cite,
            route.promise,
        )
        for name, route in _worth_the_time(routes, method).items()
        if samples <= route.most_samples
    ]
    return _plan(quantity, level, size, rows, method, found, f"n = {samples}")


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

    goal = check.real(error, "error", above=0.0) ** 2

    def within(n: int) -> bool:
        return risk.mse(estimator, law, n, quantity=quantity) <= goal

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


def _routes(
    quantity: str, classes: Any, alphabet: Any, method: str
) -> tuple[int, int | None, dict[str, Route]]:
    """The checked sizes, and the routes that these sizes allow."""
    known = ROUTES[check.one_of(quantity, ROUTES, "quantity")]
    size = check.whole_number(classes, "classes", least=2)
    check.class_count(size, 2)
    if method != "best":
        check.one_of(method, [*known, "best"], "method")
    if alphabet is None:
        rows = None
        if all(route.needs_rows for route in known.values()):
            raise ValueError(
                f"{quantity} needs alphabet, the number of values X can take; without it no "
                "number of samples bounds the error from both sides"
            )
    elif quantity in ("entropy", "classifier_error"):
        raise ValueError(
            f"alphabet is the number of values X can take, which {quantity} does not depend on; "
            f"got {alphabet!r} (leave it out)"
        )
    else:
        rows = check.whole_number(alphabet, "alphabet", least=1)
    routes = {
        name: route
        for name, route in known.items()
        if (rows is not None or not route.needs_rows)
        and route.only_classes in (None, size)
        and route.least_classes <= size
    }
    if method != "best" and method not in routes:
        lacks = (
            "alphabet, the number of values X can take"
            if known[method].needs_rows
            else f"classes = {known[method].only_classes or known[method].least_classes}"
        )
        raise ValueError(f"method {method!r} needs {lacks}")
    return size, rows, routes


def _worth_the_time(routes: dict[str, Route], method: str) -> dict[str, Route]:
    """All routes for the best of them; the costly ones only if asked for otherwise."""
    return {
        name: route
        for name, route in routes.items()
        if method in ("best", name) or not route.costly
    }


def _radius(
    quantity: str, route: Route, classes: int, risk: float, rows: int | None
) -> Callable[[int], float]:
    """The error that a route promises as a function of n, never above the quantity's range."""
    widest = 1.0 - 1.0 / classes if quantity == "bayes_error" else math.log(classes)
    values = 1 if rows is None else rows
    return lambda n: min(route.radii(n, classes, risk, values).larger, widest)


def _least_n(radius: Callable[[int], float], goal: float, most: int, slack: float) -> int | None:
    """Least n with radius(n) <= goal for a falling radius, to a share `slack`; None beyond `most`.

    Steps are those of a radius that falls as 1 / sqrt(n), which most nearly do; where they come
    to nothing, halving.
    """
    if radius(most) > goal:
        return None
    low, high = 0, 1
    at_low, at_high = math.inf, radius(1)
    while at_high > goal:
        step = min(max((at_high / goal) ** 2, 1.05), 1000.0)
        low, at_low, high = high, at_high, min(math.ceil(high * step), most)
        at_high = radius(high)
    halving = False
    while high - low > max(1, slack * high):
        middle = (low + high) // 2
        if not halving and math.isfinite(at_low) and at_high > 0.0:
            share = math.log(at_low / goal) / math.log(at_low / at_high)
            middle = round(math.exp((1 - share) * math.log(low) + share * math.log(high)))
            middle = min(max(middle, low + 1), high - 1)
        before = high - low
        value = radius(middle)
        if value <= goal:
            high, at_high = middle, value
        else:
            low, at_low = middle, value
        halving = not halving and high - low > 0.5 * before
    return high


def _plan(
    quantity: str,
    level: float,
    classes: int,
    alphabet: int | None,
    method: str,
    found: list[PlannedRoute],
    wish: str,
) -> Plan:
    """The plan whose `n` and `error` are those of the method, the routes best first."""
    routes = tuple(sorted(found, key=lambda route: (not route.promise, route.n, route.error)))
    chosen = [r for r in routes if r.name == method or (method == "best" and r.promise)]
    if not chosen:
        raise ValueError(
            f"error must be within reach; {wish} needs more than 2**53 samples by {method}"
        )
    best = chosen[0]
    return Plan(quantity, level, classes, alphabet, best.name, best.n, best.error, routes)
