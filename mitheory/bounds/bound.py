"""The `Bound` noun: a theorem as one inequality, from which numbers, inverses and LaTeX follow."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mitheory import check
from mitheory.bounds import inverse
from mitheory.bounds.expressions import QUANTITIES, checked, evaluate, latex, names, read, symbol

if TYPE_CHECKING:
    from mitheory.bounds.derivation import Derivation
    from mitheory.bounds.proof import Proof

Number = float | check.FloatArray
HoldsFor = Literal[
    "every classifier",
    "the Bayes classifier",
    "every joint law",
    "the binary Gaussian model",
    "the binary Gaussian model with any prior",
]
"""Whose error or information is meant; the Gaussian model has equal priors unless said."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bound:
    """A theorem `slack >= 0`, true for every admissible value of its auxiliary symbols.

    The slack is quasi-concave in each of its `unknowns`, so that the admissible values of one form
    an interval, whose ends `least` and `greatest` return.

    Attributes
    ----------
    name, title : str
        The key in `BOUNDS`, and the name in a sentence.
    statement : str
        The theorem as one readable inequality, in nats.
    formula : str
        The slack, as text in the quantities of `mitheory.bounds.expressions.QUANTITIES`, in nats.
    holds_for : str
        Whose error p is meant.
    equality : str
        When the slack is 0.
    cite : str
        Key of references.bib; empty where the derivation is the source.
    most : Mapping[str, str]
        Upper limits of symbols that depend on other symbols, as expressions: the domain beyond the
        range that each quantity has of itself.
    parameters : tuple of str
        Symbols that are always given and never solved for: the slack need not be quasi-concave in
        them.
    best : Mapping[str, Mapping[str, str]]
        For each unknown, the auxiliary symbols that give its sharpest value, as expressions.
    numeric : Mapping[str, Callable]
        Stable evaluations of `"least u"` or `"greatest u"` as functions of the other symbols, by
        keyword; held against the formula at 40 digits by the tests.
    tight : Callable or None
        From values of some symbols, by keyword, to a joint law (rows X, columns Y) with slack 0;
        None if the slack is 0 nowhere.
    proof : Proof or None
        The steps of the derivation.
    dominated_by : str or None
        Name of a bound that is at least as sharp wherever both apply.
    """

    name: str
    title: str
    statement: str
    formula: str
    holds_for: HoldsFor
    equality: str
    cite: str
    most: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    best: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numeric: Mapping[str, Callable[..., Any]] = field(default_factory=dict, repr=False)
    tight: Callable[..., check.FloatArray] | None = field(default=None, repr=False)
    proof: Proof | None = field(default=None, repr=False)
    dominated_by: str | None = None

    @property
    def auxiliary(self) -> tuple[str, ...]:
        """The symbols that may be chosen freely."""
        return tuple(dict.fromkeys(name for best in self.best.values() for name in best))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the theorem, without the auxiliary ones."""
        return tuple(n for n in names(self.formula) if n not in self.auxiliary)

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The symbols that `least` and `greatest` solve for."""
        return tuple(n for n in self.symbols if n not in self.parameters)

    @property
    def bounded(self) -> str | None:
        """The symbol that the slack is an amount of, if the theorem bounds one outright."""
        return None if self._bounded is None else self._bounded[0]

    @cached_property
    def slack(self) -> Any:
        """The slack as an exact sympy expression."""
        return read(self.formula)

    @cached_property
    def _bounded(self) -> tuple[str, int] | None:
        """The symbol in which the slack is affine with coefficient +1 or -1, and that sign."""
        for name in self.symbols:
            slope = self.slack.diff(symbol(name))
            if slope in (1, -1):
                return name, int(slope)
        return None

    def value(self, **known: Any) -> Number:
        """The slack; or the extreme value of the symbol that the theorem bounds, if left out.

        With H left out, Fano's inequality gives its right-hand side, the greatest H.

        Parameters
        ----------
        **known : float or array_like
            The symbols by name, broadcast against each other; entropies in nats.

        Returns
        -------
        float or ndarray
            In nats.

        Raises
        ------
        ValueError
            For an unknown symbol, a missing one, or a value outside the domain.
        """
        missing = [n for n in self.symbols if n not in known]
        if self._bounded is None:
            return _plain(evaluate(self.formula, self._whole(self._domain(known))))
        name, sign = self._bounded
        rest = {n: v for n, v in known.items() if n != name}
        extreme = np.asarray((self.least if sign > 0 else self.greatest)(name, **rest))
        if missing == [name]:
            return _plain(extreme)
        values = self._domain(known)
        slack = sign * (values[name] - extreme)
        # an extreme at the end of the domain is not where the slack is 0
        low, high = self._range(name, values)
        if (cut := extreme <= low if sign > 0 else extreme >= high).any():
            formula = evaluate(self.formula, self._whole(values, name))
            slack = np.where(cut, formula, slack)
        return _plain(slack)

    def least(self, unknown: str, **known: Any) -> Number:
        """The least value of `unknown` that the theorem allows, given all other symbols.

        Parameters
        ----------
        unknown : str
            A symbol of the theorem.
        **known : float or array_like
            The others, broadcast against each other. Auxiliary symbols may be given; left out,
            the best are taken.

        Returns
        -------
        float or ndarray

        Raises
        ------
        ValueError
            For an unknown symbol, a missing one, a value outside the domain, or known values that
            no value of the unknown fits.
        """
        return self._solve("least", unknown, known)

    def greatest(self, unknown: str, **known: Any) -> Number:
        """The greatest value of `unknown` that the theorem allows; see `least`."""
        return self._solve("greatest", unknown, known)

    def latex(self) -> str:
        """The theorem as an inequality in LaTeX, solved for the symbol that it bounds."""
        every = "".join(_for_every(name) for name in self.auxiliary)
        if self._bounded is None:
            return rf"{latex(self.slack)} \ge 0{every}"
        name, sign = self._bounded
        rest = latex(symbol(name) - sign * self.slack)
        relation = r"\ge" if sign > 0 else r"\le"
        return f"{latex(symbol(name))} {relation} {rest}{every}"

    def derivation(self) -> Derivation:
        """The derivation, whose `check()` proves every step by machine.

        Raises
        ------
        ValueError
            When no derivation is recorded for this bound.
        """
        from mitheory.bounds.derivation import Derivation

        if self.proof is None:
            raise ValueError(f"no derivation of {self.title} is recorded; see {self.cite}")
        return Derivation(title=self.title, goal=self.slack, proof=self.proof)

    def _domain(self, known: Mapping[str, Any], but: str = "") -> dict[str, check.FloatArray]:
        """The values of all symbols `but` one as arrays, in their ranges and under their limits."""
        every = [*self.symbols, *self.auxiliary]
        for name in known:
            check.one_of(name, every, f"symbol of {self.title}")
        missing = [n for n in self.symbols if n not in known and n != but]
        if missing:
            raise ValueError(f"{self.title} needs {', '.join(missing)} as well; got {list(known)}")
        values = {name: checked(name, value) for name, value in known.items()}
        check.broadcastable({n: _without_classes(n, v) for n, v in values.items()})
        for name, limit in self.most.items():
            if name in values and all(n in values for n in names(limit)):
                words = re.sub(r"log\((\w+)\)", r"ln \1", limit)
                check.within(values[name], evaluate(limit, values), name, words)
        return values

    def _range(self, name: str, values: Mapping[str, Any]) -> tuple[float, Any]:
        """The ends of the domain of a symbol, as far as the values of others determine them."""
        quantity = QUANTITIES[name]
        most: Any = quantity.most
        if name in self.most and all(n in values for n in names(self.most[name])):
            most = np.minimum(most, evaluate(self.most[name], values))
        return quantity.least, most

    def _whole(self, values: Mapping[str, Any], unknown: str = "") -> dict[str, Any]:
        """The values with the auxiliary symbols, the best for `unknown` where they are left out."""
        whole = dict(values)
        for name, text in self.best.get(unknown, {}).items():
            whole.setdefault(name, evaluate(text, whole))
        if missing := [n for n in self.auxiliary if n not in whole]:
            raise ValueError(f"{self.title} needs {', '.join(missing)} as well")
        return whole

    def _solve(self, end: str, unknown: str, known: Mapping[str, Any]) -> Number:
        check.one_of(unknown, self.symbols, f"symbol of {self.title}")
        if unknown in self.parameters:
            raise ValueError(f"{unknown} must be given: {self.title} is not solved for it")
        if unknown in known:
            raise ValueError(f"{unknown} is the unknown; leave out its value {known[unknown]!r}")
        values = self._domain(known, but=unknown)
        stable = self.numeric.get(f"{end} {unknown}")
        if stable is not None and not any(name in values for name in self.auxiliary):
            return _plain(stable(**values))
        with np.errstate(all="ignore"):  # an auxiliary symbol beyond all numbers leaves any value
            values = self._whole(values, unknown)
            shape = np.broadcast_shapes(*(_without_classes(n, v).shape for n, v in values.items()))
            arrays = {
                n: np.broadcast_to(v, shape + v.shape[-1:] if QUANTITIES[n].vector else shape)
                for n, v in values.items()
            }
            out = np.empty(shape)
            for index in np.ndindex(shape):
                at = {n: a[index] for n, a in arrays.items()}
                out[index] = self._admissible(unknown, at)[end == "greatest"]
        return _plain(out)

    def _admissible(self, unknown: str, at: Mapping[str, Any]) -> tuple[float, float]:
        """Both ends of the admissible values of `unknown`: a division if affine, else a search."""
        quantity = QUANTITIES[unknown]
        _, limit = self._range(unknown, at)
        most = float(limit)

        def slack(u: Any) -> Any:
            return evaluate(self.formula, {**at, unknown: u})

        slope = self.slack.diff(symbol(unknown))
        if quantity.integer or slope.has(symbol(unknown)):
            return inverse.interval(slack, quantity.least, most, quantity.integer)
        if any(QUANTITIES[n].vector for n in at):
            rise = float(slack(1.0) - slack(0.0))
        else:
            rise = float(slope.subs({symbol(n): v for n, v in at.items()}))
        if math.isnan(rise):  # an auxiliary symbol beyond all numbers
            return quantity.least, most
        if rise == 0.0:
            return inverse.interval(slack, quantity.least, most)
        root = -float(slack(0.0)) / rise
        low = max(root, quantity.least) if rise > 0 else quantity.least
        high = min(root, most) if rise < 0 else most
        if low > high:
            raise ValueError(inverse.NOWHERE)
        return low, high


def _without_classes(name: str, value: check.FloatArray) -> check.FloatArray:
    """A value of each law of a vector, whose last axis are the classes; any other as it is."""
    return value[..., 0] if QUANTITIES[name].vector else value


def _for_every(name: str) -> str:
    """The range of an auxiliary symbol, as it follows an inequality in LaTeX."""
    quantity = QUANTITIES[name]
    low, high = (f"{end:g}" for end in (quantity.least, quantity.most))
    if quantity.integer:
        return rf", \quad \text{{for every }} {name} = {low}, {int(low) + 1}, \dots"
    right = f"{high}]" if math.isfinite(quantity.most) else r"\infty)"
    opening = "(" if quantity.positive or math.isinf(quantity.least) else "["
    left = opening + (low if math.isfinite(quantity.least) else r"-\infty")
    return rf", \quad \text{{for every }} {latex(symbol(name))} \in {left}, {right}"


def _plain(value: Any) -> Number:
    """A float for a scalar, an array otherwise."""
    array = np.asarray(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array
