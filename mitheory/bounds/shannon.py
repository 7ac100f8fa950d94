"""Shannon-type inequalities: found by linear programming, proved by an exact rational certificate.

Joint entropies of n variables obey the elemental inequalities H(A_i | rest) >= 0 and
I(A_i; A_j | A_K) >= 0, of which every Shannon-type inequality is a non-negative combination
(yeung1997). Given equalities may be added with any coefficient, given inequalities with a
non-negative one. The coefficients come from floating-point linear programming and count only after
the combination is verified to be the claim in exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from mitheory.bounds.claim import (
    Claim,
    DerivationError,
    in_joint_entropies,
    is_entropy,
    joint,
    variables,
)

Vector = dict[Any, Fraction]
LARGEST_DENOMINATOR = 10_000


def _vector(expression: Any) -> Vector:
    """Coefficients of a linear combination of joint entropies; anything else is refused."""
    expanded = in_joint_entropies(expression)
    vector: Vector = {}
    if expanded == 0:
        return vector
    for term, coefficient in expanded.as_coefficients_dict().items():
        if coefficient == 0:
            continue
        if not (term.is_Symbol and is_entropy(term) and coefficient.is_Rational):
            raise DerivationError(f"not a rational combination of entropies: {expanded}")
        vector[term] = Fraction(int(coefficient.p), int(coefficient.q))
    return vector


def _elemental(names: Sequence[str]) -> dict[str, Vector]:
    """The elemental inequalities of the named variables, by how they are written."""
    everything = frozenset(names)
    found: dict[str, Any] = {}
    for a in names:
        rest = everything - {a}
        found[_conditional("H", (a,), rest)] = joint(everything) - joint(rest)
    for a, b in combinations(names, 2):
        others = sorted(everything - {a, b})
        for size in range(len(others) + 1):
            for chosen in map(frozenset, combinations(others, size)):
                found[_conditional("I", (a, b), chosen)] = (
                    joint(chosen | {a})
                    + joint(chosen | {b})
                    - joint(chosen | {a, b})
                    - joint(chosen)
                )
    return {text: _vector(expression) for text, expression in found.items()}


def _conditional(letter: str, of: Sequence[str], given: frozenset[str]) -> str:
    return f"{letter}({';'.join(of)}{'|' + ','.join(sorted(given)) if given else ''})"


def _combination(
    target: Vector, terms: dict[str, tuple[Vector, bool]]
) -> dict[str, Fraction] | None:
    """Coefficients, verified exactly, with which the terms sum to the target, or None.

    A term marked True may have any sign.
    """
    from scipy.optimize import linprog

    if not terms:
        return None if target else {}
    rows = sorted({*target, *(s for vector, _ in terms.values() for s in vector)}, key=str)
    matrix = np.array([[float(v.get(s, 0)) for v, _ in terms.values()] for s in rows])
    wanted = np.array([float(target.get(s, 0)) for s in rows])
    limits = [(None, None) if free else (0, None) for _, free in terms.values()]
    cost = [0.0 if free else 1.0 for _, free in terms.values()]
    solution = linprog(cost, A_eq=matrix, b_eq=wanted, bounds=limits, method="highs-ds")
    if solution.x is None:
        return None
    weights = {
        name: weight
        for name, x in zip(terms, solution.x, strict=True)
        if (weight := Fraction(float(x)).limit_denominator(LARGEST_DENOMINATOR))
    }
    total = {s: -target.get(s, Fraction(0)) for s in rows}
    for name, weight in weights.items():
        vector, free = terms[name]
        if weight < 0 and not free:
            return None
        for s, coefficient in vector.items():
            total[s] += weight * coefficient
    return weights if not any(total.values()) else None


def prove(claim: Claim, given: dict[str, Claim]) -> str:
    """The certificate of a claim, as text.

    Raises
    ------
    DerivationError
        When the claim does not follow, or follows without one of the given claims.
    """
    sides = [claim.excess, -claim.excess] if claim.equality else [claim.excess]
    texts = [_prove(_vector(side), given) for side in sides]
    for left_out in given:
        fewer = {name: c for name, c in given.items() if name != left_out}
        if all(_certificate(_vector(side), fewer) is not None for side in sides):
            raise DerivationError(f"the claim follows without {left_out!r}; leave it out")
    return "; and ".join(texts)


def _certificate(target: Vector, given: dict[str, Claim]) -> dict[str, Fraction] | None:
    vectors = {name: (_vector(c.excess), c.equality) for name, c in given.items()}
    entropies = [target, *(vector for vector, _ in vectors.values())]
    names = sorted({v for vector in entropies for s in vector for v in variables(s)[0]})
    terms = {text: (vector, False) for text, vector in _elemental(names).items()}
    return _combination(target, {**terms, **vectors})


def _prove(target: Vector, given: dict[str, Claim]) -> str:
    weights = _certificate(target, given)
    if weights is None:
        raise DerivationError("no combination of elemental inequalities and given claims yields it")
    terms = [
        f"{'-' if weight < 0 else '+'} {'' if abs(weight) == 1 else f'{abs(weight)} '}"
        + (f"({name})" if name in given else name)
        for name, weight in weights.items()
    ]
    return "right - left = " + (" ".join(terms).removeprefix("+ ") or "0")
