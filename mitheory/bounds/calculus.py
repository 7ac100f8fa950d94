"""Axioms of analysis, and of the Gaussian channel; instances are verified symbolically.

Pointwise quantities stand for functions of an observation or of a variable of integration, and
averages for their means; an axiom is told by name which average belongs to which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sympy

from mitheory.bounds.claim import Claim, is_nonnegative, vanishes
from mitheory.bounds.expressions import symbol
from mitheory.bounds.rule import Arguments, Rule, require


def _meanings(used: Sequence[Claim]) -> dict[Any, Any]:
    """What the left sides of definitions stand for."""
    for claim in used:
        require(claim.equality and claim.left.is_Symbol, "the claims used must be symbol = meaning")
    return {claim.left: claim.right for claim in used}


def _substitution(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    whole, part = used
    (meaning,) = _meanings([part]).items()
    require(claim.equality == whole.equality, "both claims are of one kind")
    replaced = whole.excess.subs(*meaning)
    require(replaced != whole.excess, "the symbol to be replaced must occur")
    require(vanishes(claim.excess - replaced), "the claim must be the first one, equals replaced")


def _jensen(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    ((value, function),) = _meanings(used).items()
    require(len(function.free_symbols) == 1, "the function must be of one variable")
    (point,) = function.free_symbols
    require(set(given) == {point.name, value.name}, "the means of point and value must be given")
    mean, average = given[point.name], given[value.name]
    require(mean.is_Symbol and average.is_Symbol, "means are symbols")
    curvature = sympy.simplify(function.diff(point, 2))
    require(is_nonnegative(curvature), "the function must be convex")
    require(
        not claim.equality and vanishes(claim.excess - average + function.subs(point, mean)),
        "the claim must be: function of the mean <= mean of the function",
    )


def _integral(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    x, whole = given["variable"], given["antiderivative"]
    require(claim.equality and claim.left.is_Symbol, "the claim must be: symbol = integral")
    require(x.is_Symbol, "the variable must be a symbol")
    meanings = _meanings(used)
    integrand = given["integrand"]
    require(meanings.keys() <= _needed(integrand, meanings), "the claims used must all occur")
    for _ in meanings:
        integrand = integrand.subs(meanings)
    integrand, whole, value = map(_interior, (integrand, whole, claim.right))
    require(vanishes(whole.diff(x) - integrand), "the antiderivative must have this derivative")
    low, high = (
        sympy.limit(whole, x, end, side) for end, side in ((given["from"], "+"), (given["to"], "-"))
    )
    require(vanishes(value - (high - low)), "the claim must be the difference at the ends")


def _interior(expression: Any) -> Any:
    """The expression with gamma above 0; what holds there extends by continuity."""
    return expression.subs(symbol("gamma"), sympy.Symbol("gamma", positive=True))


def _needed(expression: Any, meanings: Mapping[Any, Any]) -> set[Any]:
    """The symbols that an expression, or the meaning of a symbol in it, speaks of."""
    found: set[Any] = set()
    new = set(expression.free_symbols)
    while new:
        found |= new
        new = {t for s in new for t in getattr(meanings.get(s), "free_symbols", ())} - found
    return found


def _chebyshev(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    density, small, large, ratio = used
    y, first, second, mean = (given[n] for n in ("variable", "first", "second", "mean"))
    _meanings(used)
    require(y.is_Symbol and y.is_positive, "the variable must be positive")
    require(vanishes(large.right - ratio.right * small.right), "the ratio must be b / a")

    def rises(function: Any) -> bool:
        odds = sympy.Dummy(nonnegative=True)
        slope = sympy.simplify(_interior(function).diff(y)).subs(y, 1 / (1 + odds))
        return is_nonnegative(sympy.expand_log(slope))

    require(rises(density.right * small.right), "the density times a must rise on (0, 1]")
    require(rises(-ratio.right), "the ratio b / a must fall on (0, 1]")
    require(
        not claim.equality and vanishes(claim.excess - (first * mean - second)),
        "the claim must be: mean of b <= mean of a times the integral of b / a",
    )


def _linear_estimate(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    variance, slope, gamma = given["variance"], given["slope"], symbol("gamma")
    require(not claim.equality and claim.left.is_Symbol, "the claim must be: mmse <= its error")
    error = variance * (1 - slope * sympy.sqrt(gamma)) ** 2 + slope**2
    require(vanishes(claim.right - error), "the right side must be the error of that estimate")


_NOT_OF_THE_SNR = ("prior0", "t")
"""The quantities that stay as they are when the snr grows."""


def _growth(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    require(
        {"weight"} <= given.keys() <= {"mmse", "origin", "start", "excess", "factor", "weight"},
        "the axiom is given a weight, and nothing but what it knows",
    )
    gamma, information = symbol("gamma"), symbol("I")
    require(used, "the axiom rests on the rate")
    excess, start = given.get("excess", claim.excess), given.get("start", sympy.Integer(0))
    origin, factor = given.get("origin", gamma), given.get("factor", sympy.Integer(1))
    weight = given["weight"]
    require(not claim.equality and not any(c.equality for c in used), "all are inequalities")
    require(factor.is_positive, "the factor must be positive")
    own = origin.is_Symbol and origin != gamma
    require(own or start == 0, "the origin must be a symbol of its own")
    fixed = {gamma, origin, *map(symbol, _NOT_OF_THE_SNR)}
    moving = (excess.free_symbols - {information} | factor.free_symbols) - fixed
    require(not moving, f"{sorted(map(str, moving))} may change with the snr in ways not known")
    require(is_nonnegative(weight), "the weight must be non-negative")
    slope = (factor * excess).diff(gamma)
    if information in excess.free_symbols:
        mmse = given.get("mmse", sympy.Integer(0))
        require(mmse.is_Symbol, "the mmse must be given, a symbol")
        slope += factor * excess.diff(information) * mmse / 2
    require(
        vanishes(slope / factor - weight * used[0].excess),
        "the excess times the factor must grow at the rate weight times factor times that used",
    )
    if start == 0:
        require(len(used) == 1, "from gamma = 0 on the axiom rests on one claim")
        require(vanishes(claim.excess - excess), "the claim must be that the excess is >= 0")
        begin = excess.subs({gamma: 0, information: 0}, simultaneous=True)
        require(vanishes(begin), "the excess must begin with 0 at gamma = 0")
        return
    require(len(used) == 2, "from the start on the axiom rests on two claims")
    require(is_nonnegative(start) and is_nonnegative(gamma - start), "0 <= start <= gamma")
    require(vanishes(claim.excess - excess.subs(origin, start)), "the claim must be the excess")
    at_origin = used[1].excess.subs(gamma, origin)
    require(vanishes(excess.subs(gamma, origin) - at_origin), "the second claim must be the start")


CALCULUS: Mapping[str, Rule] = MappingProxyType(
    {
        "substitution": Rule("Equals may replace equals.", "rudin1976", 2, (), _substitution),
        "jensen's inequality": Rule(
            "A convex function of the mean is at most the mean of the function.",
            "cover2006",
            1,
            None,
            _jensen,
        ),
        "integral": Rule(
            "The integral of the derivative of a function is its difference at the ends.",
            "rudin1976",
            None,
            ("variable", "from", "to", "integrand", "antiderivative"),
            _integral,
        ),
        "chebyshev's integral inequality": Rule(
            "On (0, 1] let w = f a rise and r = b / a fall: then the integral of w r is at most "
            "that of w times that of r. Here f is the density of y, a and b are functions of y.",
            "hardy1952",
            4,
            ("variable", "first", "second", "mean"),
            _chebyshev,
        ),
        "linear estimation": Rule(
            "The least mean squared error of V from sqrt(gamma) V + N, N standard normal, is at "
            "most that of the linear estimate of any slope, v (1 - slope sqrt(gamma))^2 + slope^2, "
            "v the variance of V.",
            "guo2005",
            0,
            ("variance", "slope"),
            _linear_estimate,
        ),
        "growth with the snr": Rule(
            "The information I(V; sqrt(gamma) V + N) is 0 at gamma = 0 and has the derivative "
            "mmse / 2 in gamma; and what is non-negative at the start, and whose derivative then "
            "is non-negative, stays non-negative.",
            "guo2005",
            None,
            None,
            _growth,
        ),
    }
)
"""The axioms by name."""
