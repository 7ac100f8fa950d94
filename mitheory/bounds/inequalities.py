"""Axioms of classical inequalities: of norms, means, probabilities; instances are verified exactly.

Where an axiom speaks of a mean, a norm or a probability that the proof names by a symbol, what the
symbol means is said in the proof; what follows from the meaning is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sympy

from mitheory.bounds.claim import Claim, is_nonnegative, vanishes
from mitheory.bounds.rule import Arguments, Rule, require


def _sign(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    require(not claim.equality and claim.left == 0, "the claim must be: 0 <= product")
    require(is_nonnegative(claim.right), "the ranges of the symbols must make it non-negative")


def _inclusion(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    require(not claim.equality, "the claim is: probability <= probability")


def _sum_of_terms(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (each,) = used
    pairs = {s: given[s.name] for s in each.excess.free_symbols if s.name in given}
    require(claim.equality == each.equality, "both claims are of one kind")
    slopes = {s: each.excess.diff(s) for s in pairs}
    require(not any(c.free_symbols & set(pairs) for c in slopes.values()), "it must be linear")
    linear = sum((c * s for s, c in slopes.items()), sympy.Integer(0))
    require(vanishes(each.excess - linear), "the claim used must have no constant term")
    total = each.excess.subs(pairs, simultaneous=True)
    require(not total.free_symbols & set(pairs), "no quantity of one term may remain")
    require(vanishes(total - claim.excess), "the claim must be the sum of the one used")


def _induction(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (step,) = used
    require(not claim.equality and not step.equality, "both claims are inequalities")
    require("factor" in given, "the factor must be given")
    factor = given["factor"]
    fewer = {given[n]: s for s in step.excess.free_symbols if (n := s.name) in given}
    require(set(fewer) == claim.excess.free_symbols, "say what each quantity is for n labels")
    require(is_nonnegative(factor), "the factor must be non-negative")
    require(vanishes(claim.excess.subs(dict.fromkeys(fewer, 0))), "it must begin with 0")
    before = claim.excess.subs(fewer, simultaneous=True)
    require(vanishes(step.excess - (claim.excess - factor * before)), "the claim used must be it")


def _cauchy_schwarz(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    product, first, second = (given[n] for n in ("product", "first", "second"))
    require(product.is_Symbol, "the mean of the root of the product must be a symbol")
    require(is_nonnegative(first) and is_nonnegative(second), "the means must be non-negative")
    require(
        not claim.equality and vanishes(claim.excess - (first * second - product**2)),
        "the claim must be: product^2 <= first times second",
    )


def _geometric_mean(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    weight = given["weight"]
    require(not claim.equality, "the claim is: smaller <= mean")
    require(is_nonnegative(weight) and is_nonnegative(1 - weight), "weights lie in [0, 1]")


def _middle(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    f, x, middle, half = (given[n] for n in ("function", "variable", "middle", "half"))
    require(x.is_Symbol and x.is_positive, "the variable must be positive")
    require(is_nonnegative(half) and is_nonnegative(middle - half), "the points must be too")
    low, centre, high = (f.subs(x, middle + shift) for shift in (-half, 0, half))
    require(
        not claim.equality and vanishes(claim.excess - (low + high - 2 * centre)),
        "the claim must be: twice the value in the middle <= sum of those at the ends",
    )
    require(_is_convex(f, x), "the function must be convex")


@lru_cache(maxsize=256)
def _is_convex(function: Any, variable: Any) -> bool:
    curvature = sympy.powsimp(sympy.simplify(function.diff(variable, 2)))
    return is_nonnegative(curvature)


def _signed(order: Any) -> Any:
    """What makes the norm of an order concave."""
    require(order.is_Symbol and order.is_positive, "the order must be a positive symbol")
    return order / (1 - order)


def _norm_of_the_mean(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    a, mean, norm = (given[n] for n in ("order", "mean", "norm"))
    share, others = given["share"], given["others"]
    sign = _signed(a)
    (meaning,) = used
    require(mean.is_Symbol and norm.is_Symbol, "mean of norms and norm of the mean are symbols")
    require(is_nonnegative(share) and is_nonnegative(1 - share), "a share lies in [0, 1]")
    require(is_nonnegative(others - 1), "there must be others")
    powers = (1 - share) ** a + others ** (1 - a) * share**a
    defined = sympy.log(powers) / a - sympy.log(norm)
    require(meaning.equality and vanishes(meaning.excess - defined), "the claim used defines it")
    require(
        not claim.equality and vanishes(claim.excess - sign * (norm - mean)),
        "the claim must be: a/(1-a) mean of norms <= a/(1-a) norm of the mean",
    )


def _norm_at_vertices(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    a, norm, error, m = (given[n] for n in ("order", "norm", "error", "labels"))
    excess = claim.excess
    (vertex,) = used
    require(not claim.equality and not vertex.equality, "both claims are inequalities")
    require(m.is_Symbol and m.is_integer and m.is_positive, "vertices are numbered from 1")
    require(m not in excess.free_symbols, "the claim may not depend on the number of labels")
    require(vanishes(excess.diff(norm) - _signed(a)), "the excess must be a/(1-a) norm plus a line")
    require(vanishes(excess.diff(error, 2)), "the excess must be affine in the error")
    at_vertex = excess.subs({norm: m ** (1 / a) / m, error: 1 - 1 / m}, simultaneous=True)
    require(vanishes(at_vertex - vertex.excess), "the claim used must be the one at the vertices")


def _logarithm(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    factor, less, greater = (given[n] for n in ("factor", "less", "greater"))
    (plain,) = used
    require(not claim.equality and not plain.equality, "both claims are inequalities")
    require(is_nonnegative(greater), "what is greater must be non-negative")
    require(
        vanishes(plain.excess - factor * (greater - less)), "the claim used must be: c x <= c y"
    )
    logarithms = sympy.log(greater) - sympy.log(sympy.Max(0, less))
    require(
        vanishes(claim.excess - factor * logarithms), "the claim must be that of the logarithms"
    )


INEQUALITIES: Mapping[str, Rule] = MappingProxyType(
    {
        "sign": Rule(
            "Sums and products of non-negative numbers are non-negative.",
            "rudin1976",
            0,
            (),
            _sign,
        ),
        "inclusion": Rule(
            "An event that implies another is at most as probable.",
            "cover2006",
            0,
            (),
            _inclusion,
            of_probabilities=True,
        ),
        "sum of terms": Rule(
            "A linear inequality that holds for each term holds for the sums.",
            "rudin1976",
            1,
            None,
            _sum_of_terms,
        ),
        "induction": Rule(
            "What is 0 for one label, and for n + 1 labels at least a non-negative multiple of "
            "what it is for some n labels, is never negative.",
            "rudin1976",
            1,
            None,
            _induction,
        ),
        "cauchy-schwarz inequality": Rule(
            "The square of the mean of sqrt(U V), U and V non-negative, is at most the mean of U "
            "times that of V.",
            "hardy1952",
            0,
            ("product", "first", "second"),
            _cauchy_schwarz,
        ),
        "geometric mean": Rule(
            "A weighted geometric mean of two numbers is at least the smaller.",
            "hardy1952",
            0,
            ("weight",),
            _geometric_mean,
            of_probabilities=True,
        ),
        "middle of a chord": Rule(
            "A convex function is, in the middle between two points, at most the mean of its "
            "values there.",
            "hardy1952",
            0,
            ("function", "variable", "middle", "half"),
            _middle,
        ),
        "minkowski's inequality": Rule(
            "The norm (sum_y v_y^a)^(1/a), times a/(1-a), is concave in v >= 0: its mean is at "
            "most its value at the mean. Here the entries of the mean are 1 less a share, and "
            "the share evenly on the others.",
            "hardy1952",
            1,
            ("order", "mean", "norm", "share", "others"),
            _norm_of_the_mean,
        ),
        "vertices of the norm": Rule(
            "The norm (sum_y v_y^a)^(1/a), times a/(1-a), is concave (Minkowski) and the largest "
            "probability is linear on the laws p_1 >= ... >= p_M, a simplex whose vertices are "
            "the uniform laws on the first m labels; a concave function on a simplex is at least "
            "its least value at the vertices.",
            "rockafellar1970",
            1,
            ("order", "norm", "error", "labels"),
            _norm_at_vertices,
        ),
        "logarithm": Rule(
            "If c x <= c y and y >= 0 then c ln max(x, 0) <= c ln y.",
            "rudin1976",
            1,
            ("factor", "less", "greater"),
            _logarithm,
        ),
    }
)
"""The axioms by name."""
