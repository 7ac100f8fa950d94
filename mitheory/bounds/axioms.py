"""The facts that derivations may rest on: a short list, each with its source and its conditions.

An axiom is trusted; that a claim is an instance of it is checked here, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sympy

from mitheory.bounds.calculus import CALCULUS
from mitheory.bounds.claim import Claim, is_nonnegative, vanishes
from mitheory.bounds.expressions import QUANTITIES, symbol, total_function
from mitheory.bounds.inequalities import INEQUALITIES
from mitheory.bounds.rule import Arguments, Rule
from mitheory.bounds.rule import require as _require


def _definition(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    _require(claim.equality, "a definition is an equality")


def _maximum_entropy(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    _require(not claim.equality, "the claim is: entropy <= log(number of values)")
    _require(claim.left.is_Symbol, "the left side must be one entropy")
    _require(vanishes(claim.right - sympy.log(given["values"])), "the right side must be the log")
    _require(is_nonnegative(given["values"] - 1), "there must be at least one value")


def _vertices(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    entropy, error, m = given["entropy"], given["error"], given["labels"]
    excess = claim.excess
    (vertex,) = used
    _require(not claim.equality and not vertex.equality, "both claims are inequalities")
    _require(m.is_integer and m.is_positive, "the vertices are numbered by whole numbers from 1")
    _require(m not in excess.free_symbols, "the claim may not depend on the number of labels")
    _require(vanishes(excess.diff(entropy) - 1), "the excess must be the entropy plus a line")
    _require(vanishes(excess.diff(error, 2)), "the excess must be affine in the error")
    at_vertex = excess.subs({entropy: sympy.log(m), error: 1 - 1 / m}, simultaneous=True)
    _require(vanishes(at_vertex - vertex.excess), "the claim used must be the one at the vertices")


def _expectation(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (pointwise,) = used
    pairs = {s: given[s.name] for s in pointwise.excess.free_symbols if s.name in given}
    _require(claim.equality == pointwise.equality, "both claims are of one kind")
    for a in pairs:
        for b in pairs:
            _require(vanishes(pointwise.excess.diff(a, b)), "the claim used must be affine")
    average = pointwise.excess.subs(pairs, simultaneous=True)
    _require(not average.free_symbols & set(pairs), "no pointwise quantity may remain")
    _require(vanishes(average - claim.excess), "the claim must be the average of the one used")


def _increments(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    m, k, j = given["m"], given["k"], given["j"]
    growth, weight = given["growth"], given["weight"]
    (rising,) = used
    excess = claim.excess
    _require(not claim.equality and not rising.equality, "both claims are inequalities")
    for index in (m, k, j):
        _require(index.is_integer and index.is_positive, "indices are whole numbers from 1")
    _require(
        vanishes(rising.excess - (growth.subs(j, j + 1) - growth)),
        "the claim used must say that c rises",
    )
    _require(is_nonnegative(weight), "the weight must be non-negative")
    _require(vanishes(excess.subs(m, k)), "the excess must vanish at m = k")
    step = excess.subs(m, m + 1) - excess
    _require(
        vanishes(step - weight * (growth.subs(j, m) - growth.subs(j, k))),
        "the excess must grow by weight(m) (c(m) - c(k))",
    )


def _sum(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (each,) = used
    known = {symbol(name) for name in QUANTITIES}
    _require(claim.equality == each.equality, "both claims are of one kind")
    _require(each.excess.free_symbols <= known, "no other quantity may belong to one class")
    summed = total_function()(each.excess)
    _require(vanishes(claim.excess - summed), "the claim must be the sum of the one used")


def _gibbs(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    total, p, P = total_function(), symbol("p"), symbol("P")
    right, wrong, weight, unused = (given[n] for n in ("right", "wrong", "weight", "unused"))
    (mass,) = used
    _require(not claim.equality and mass.equality, "the claim is: entropy <= code length")
    _require(str(claim.left) == "H(Y|Yhat)", "the left side must be H(Y|Yhat)")
    _require(all(map(is_nonnegative, given.values())), "what is given must be non-negative")
    sum_of_q = wrong * total(weight) + (right - wrong) * weight
    _require(
        vanishes(mass.excess - (1 - unused - sum_of_q)),
        "the claim used must say that q sums to 1 - unused, whatever the answer",
    )
    length = -p * sympy.log(wrong) - (1 - p) * sympy.log(right) - total(P * sympy.log(weight))
    _require(vanishes(claim.right - length), "the right side must be the mean of -ln q")


def _change_of_measure(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    right, wrong, error, chance = (given[n] for n in ("right", "wrong", "error", "chance"))
    (mass,) = used
    _require(not claim.equality and mass.equality, "the claim is: mean of ln g <= divergence")
    _require(claim.right.is_Symbol, "the right side must be the divergence")
    _require(all(map(is_nonnegative, given.values())), "what is given must be non-negative")
    mean = right * chance + wrong * (1 - chance)
    _require(
        vanishes(mass.excess - (1 - given["unused"] - mean)),
        "the claim used must say that g has mean 1 - unused under the reference law",
    )
    gain = (1 - error) * sympy.log(right) + error * sympy.log(wrong)
    _require(vanishes(claim.left - gain), "the left side must be the mean of ln g")


def _data_processing(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    f, ratio, a, b = (given[n] for n in ("generator", "ratio", "event", "reference"))
    _require(not claim.equality, "the claim is: divergence of the event <= divergence")
    _require(claim.right.is_Symbol, "the right side must be the divergence")
    for probability in (a, b):
        within = is_nonnegative(probability) and is_nonnegative(1 - probability)
        _require(within, "event and reference must be probabilities")
    _require(vanishes(f.subs(ratio, 1)), "the generator must vanish at 1")
    positive = sympy.Dummy(positive=True)
    _require(is_nonnegative(f.diff(ratio, 2).subs(ratio, positive)), "it must be convex")
    binary = b * f.subs(ratio, a / b) + (1 - b) * f.subs(ratio, (1 - a) / (1 - b))
    _require(vanishes(claim.left - binary), "the left side must be the divergence of the event")


def _square_root(claim: Claim, used: Sequence[Claim], given: Arguments) -> None:
    (squares,) = used
    _require(not claim.equality and not squares.equality, "both claims are inequalities")
    _require(is_nonnegative(claim.right), "the right side must be non-negative")
    difference = claim.right**2 - claim.left**2
    _require(vanishes(squares.excess - difference), "the claim used must be that of the squares")


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "definition": Rule("The meaning of the symbols.", "cover2006", 0, (), _definition),
        "maximum entropy": Rule(
            "A variable with n values has entropy at most ln n.",
            "cover2006",
            0,
            ("values",),
            _maximum_entropy,
        ),
        "vertices": Rule(
            "Entropy is concave and the largest probability is linear on the laws "
            "p_1 >= ... >= p_M, a simplex whose vertices are the uniform laws on the first m "
            "labels; a concave function on a simplex is at least its least value at the vertices.",
            "rockafellar1970",
            1,
            ("entropy", "error", "labels"),
            _vertices,
        ),
        "expectation": Rule(
            "An affine inequality that holds at each point holds for the averages.",
            "cover2006",
            1,
            None,
            _expectation,
        ),
        "increments": Rule(
            "If c(1) <= c(2) <= ..., g(k) = 0 and g(m + 1) - g(m) = w(m) (c(m) - c(k)) with "
            "w >= 0, then g(m) >= 0 for every whole m >= 1: sum the increments away from k.",
            "rudin1976",
            1,
            ("m", "k", "j", "growth", "weight"),
            _increments,
        ),
        **CALCULUS,
        **INEQUALITIES,
        "sum": Rule(
            "What holds for each class holds for the sums over the classes.",
            "rudin1976",
            1,
            (),
            _sum,
        ),
        "gibbs' inequality": Rule(
            "H(Y|Yhat) is at most the mean of -ln q(Y|Yhat), if q sums to at most 1 over the "
            "labels whatever the answer; here q(y|y') = weight(y) right if y = y', and "
            "weight(y) wrong if not.",
            "cover2006",
            1,
            ("right", "wrong", "weight", "unused"),
            _gibbs,
        ),
        "change of measure": Rule(
            "The divergence of one law from another is at least the mean of ln g under the "
            "first, if g has a mean of at most 1 under the second; here g is right on an event "
            "and wrong off it. The same holds for means over several pairs of laws and events.",
            "cover2006",
            1,
            ("right", "wrong", "error", "chance", "unused"),
            _change_of_measure,
        ),
        "data processing": Rule(
            "An f-divergence between two laws is at least that between the probabilities of an "
            "event under them.",
            "csiszar1967",
            0,
            ("generator", "ratio", "event", "reference"),
            _data_processing,
        ),
        "square root": Rule(
            "If x^2 <= c^2 and c >= 0 then x <= c.", "rudin1976", 1, (), _square_root
        ),
    }
)
"""The axioms by name."""
