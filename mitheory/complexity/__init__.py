"""How many samples a claim needs: the radii of mitheory.certificates, inverted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from mitheory import check
from mitheory.certificates.radii import risk_of
from mitheory.certificates.routes import ROUTES, Route
from mitheory.certificates.without import WITHOUT
from mitheory.complexity.assumed import samples_under
from mitheory.complexity.plan import Plan, PlannedRoute
from mitheory.complexity.search import least_n

__all__ = ["Plan", "PlannedRoute", "error_at", "samples_needed", "samples_under"]


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
    `mitheory.certify`, and others that know the alphabet of X. The estimate is the plug-in, or the
    share of errors of the majority rule; each route says so where it is about another. An argument
    that has no number for the quantity or the sizes is listed with the reason. The radius of an
    exact binomial tail does not fall with every further sample: there the n keeps its promise, and
    one a little smaller may too.

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
        "best", the route of the least n that promises without a shift of the plug-in, or the name
        of one.

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
    risk = risk_of(check.level(level))
    size, rows, routes, excluded = _routes(quantity, classes, alphabet, method)
    found: list[PlannedRoute] = []
    for name, route in sorted(routes.items(), key=lambda item: item[1].costly):
        promised = _promised(quantity, name, route, size, risk, rows)
        slack, start = 0.0, 1
        if route.costly:
            cheap = [r.n for r in found if r.promise and not routes[r.name].costly]
            slack, start = 2e-3, min(cheap, default=1)
        least = _least(promised, goal, route.most_samples, slack, start)
        if least is None:
            excluded[name] = f"needs more than {route.most_samples} samples, where it ends"
        else:
            found.append(least)
    return _plan(quantity, level, size, rows, method, found, excluded, f"an error of {goal:g}")


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
    risk = risk_of(check.level(level))
    size, rows, routes, excluded = _routes(quantity, classes, alphabet, method)
    found: list[PlannedRoute] = []
    for name, route in routes.items():
        if samples > route.most_samples:
            excluded[name] = f"ends at {route.most_samples} samples"
        else:
            found.append(_promised(quantity, name, route, size, risk, rows)(samples))
    return _plan(quantity, level, size, rows, method, found, excluded, f"n = {samples}")


def _routes(
    quantity: str, classes: Any, alphabet: Any, method: str
) -> tuple[int, int | None, dict[str, Route], dict[str, str]]:
    """The checked sizes, the routes that these sizes allow, and why the others have no number."""
    known = ROUTES[check.one_of(quantity, ROUTES, "quantity")]
    excluded = dict(WITHOUT[quantity])
    size = check.whole_number(classes, "classes", least=2)
    check.class_count(size, 2)
    if method != "best":
        check.one_of(method, [*known, *excluded, "best"], "method")
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
        if rows > check.MAX_COUNT:
            raise ValueError(f"alphabet must be at most 2**53; got {rows}")
    routes = {}
    for name, route in known.items():
        if why := _obstacle(route, size, rows):
            excluded[name] = why
        elif route.costly and method not in ("best", name):
            excluded[name] = "takes seconds: ask for it by name, or for the best"
        else:
            routes[name] = route
    if method != "best" and method not in routes:
        raise ValueError(f"method {method!r} has no number for {quantity}: {excluded[method]}")
    return size, rows, routes, excluded


def _obstacle(route: Route, classes: int, rows: int | None) -> str:
    """What keeps a route from these sizes, or nothing."""
    symbols = classes * (rows or 1)
    if route.only_classes not in (None, classes):
        return f"needs classes = {route.only_classes}"
    if symbols < route.least_symbols:
        return f"tried for {route.least_symbols} symbols or more: with fewer it does not win"
    if route.costly and symbols > check.MAX_COUNT:
        return "needs at most 2**53 symbols"
    return ""


def _promised(
    quantity: str, name: str, route: Route, classes: int, risk: float, rows: int | None
) -> Callable[[int], PlannedRoute]:
    """What a route promises, as a function of n.

    An estimate in the range of the quantity is no further from the truth than that range is wide.
    """
    ranges = {"bayes_error": 1.0 - 1.0 / classes, "classifier_error": 1.0}
    widest = ranges.get(quantity, math.log(classes)) if route.in_range else math.inf

    def promised(n: int) -> PlannedRoute:
        radii = route.radii(n, classes, risk, 1 if rows is None else rows)
        below, above = min(radii.below, widest), min(radii.above, widest)
        error, shift = max(below, above), 0.0
        if route.centred:
            error, shift = 0.5 * (below + above), 0.5 * (above - below)
        return PlannedRoute(name, n, error, route.assumes, route.cite, shift, route.promise)

    return promised


def _least(
    promised: Callable[[int], PlannedRoute], goal: float, most: int, slack: float, start: int
) -> PlannedRoute | None:
    """What a route promises at the least n whose error is within the goal."""
    n = least_n(lambda n: promised(n).error, goal, most, slack, start)
    return None if n is None else promised(n)


def _plan(
    quantity: str,
    level: float,
    classes: int,
    alphabet: int | None,
    method: str,
    found: list[PlannedRoute],
    excluded: dict[str, str],
    wish: str,
) -> Plan:
    """The plan whose `n` and `error` are those of the method, the routes best first."""
    routes = tuple(sorted(found, key=lambda route: (not route.promise, route.n, route.error)))
    chosen = [
        r for r in routes if r.name == method or (method == "best" and r.promise and not r.shift)
    ]
    if not chosen:
        why = excluded.get(method, "needs more than 2**53 samples")
        raise ValueError(f"error must be within reach; {wish} by {method} {why}")
    best = chosen[0]
    return Plan(quantity, level, classes, alphabet, best.name, best.n, best.error, routes, excluded)
