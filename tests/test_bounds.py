"""Contract of every Bound: whatever is in `BOUNDS` is tried on its `Case` here."""

import itertools
import re
import subprocess
import sys
from importlib.resources import files
from typing import get_args

import mpmath as mp
import numpy as np
import pytest
import sympy
from oracles import bounds as oracle
from oracles.bound_cases import CASES

from mitheory.bounds import BOUNDS
from mitheory.bounds.bound import HoldsFor
from mitheory.bounds.expressions import QUANTITIES, evaluate, names, symbol

REFERENCES = files("mitheory") / "references.bib"

every_bound = pytest.mark.parametrize("bound", BOUNDS.values(), ids=BOUNDS)


@pytest.fixture
def case(bound):
    if bound.name not in CASES:
        pytest.fail(f"{bound.name} has no Case in tests/oracles/bound_cases")
    return CASES[bound.name]


def distinct(samples, without=None):
    """The different samples when one symbol is left out."""
    seen = {}
    for sample in samples:
        known = {n: v for n, v in sample.items() if n != without}
        seen.setdefault(repr(sorted(known.items())), known)
    return list(seen.values())


def at_most(bound, unknown, known):
    """The upper end of the domain of a symbol, given the others."""
    limit = bound.most.get(unknown)
    own = QUANTITIES[unknown].most
    if limit is None or any(n not in known for n in names(limit)):
        return own
    return min(own, float(np.min(evaluate(limit, known))))


def exact_slack(bound, case, known):
    """The slack in full precision; the least over the values of the auxiliary symbols."""
    exactly = {n: _exactly(v) for n, v in known.items()}
    if case.exact is not None:
        return case.exact(exactly)
    tried = [n for n in bound.auxiliary if n not in known]
    f = _formula(bound.name)
    choices = itertools.product(*(case.auxiliary[n] for n in tried))
    return min(f({**exactly, **dict(zip(tried, map(mp.mpf, c), strict=True))}) for c in choices)


def _exactly(value):
    return mp.mpf(value) if np.ndim(value) == 0 else [_exactly(v) for v in value]


_FORMULAS = {}


def _formula(name):
    if name not in _FORMULAS:
        bound = BOUNDS[name]
        order = [*bound.symbols, *bound.auxiliary]
        f = sympy.lambdify([symbol(n) for n in order], bound.slack, "mpmath")
        _FORMULAS[name] = lambda values: f(*(values[n] for n in order))
    return _FORMULAS[name]


def stacked(value, shape):
    """A value repeated over leading axes; the last axis of a vector stays the last."""
    return np.broadcast_to(value, (*shape, *np.shape(value)))


def vectors(bound, case):
    return [n for n in bound.symbols if np.ndim(case.samples[0][n])]


@every_bound
class TestContract:
    def test_says_what_it_is(self, bound, case):
        assert BOUNDS[bound.name] is bound
        assert bound.holds_for in get_args(HoldsFor)
        assert bound.statement
        assert set(bound.symbols) <= set(QUANTITIES)
        assert set(bound.auxiliary) <= set(QUANTITIES)
        used = {symbol(n) for n in (*bound.symbols, *bound.auxiliary)}
        assert bound.slack.free_symbols == used
        assert all(set(sample) == set(bound.symbols) for sample in case.samples)
        assert bound.dominated_by is None or bound.dominated_by in BOUNDS
        if bound.tight is None:
            assert "nowhere" in bound.equality
            assert not case.attained
        else:
            assert bound.equality
            assert case.attained

    def test_latex_is_an_inequality(self, bound):
        text = bound.latex()
        assert r"\le" in text or r"\ge" in text
        assert text.count("{") == text.count("}")
        assert bool(bound.auxiliary) == (r"\text{for every }" in text)

    def test_holds_in_random_cases(self, bound, case):
        instances = list(case.instances(np.random.default_rng(1)))
        assert len(instances) >= 100
        if vectors(bound, case):
            slack = np.array([bound.value(**instance) for instance in instances])
        else:
            columns = {n: np.array([i[n] for i in instances]) for n in bound.symbols}
            slack = bound.value(**columns)
        assert slack.shape == (len(instances),)
        assert slack.min() >= -1e-12, instances[int(slack.argmin())]

    def test_is_attained_where_it_says(self, bound, case):
        for arguments in case.attained:
            example = bound.tight(**arguments)
            if isinstance(example, np.ndarray):
                assert example.sum() == pytest.approx(1, abs=1e-14)
            measured = case.measure(example)
            for name in arguments.keys() & measured.keys():
                assert measured[name] == pytest.approx(arguments[name], rel=1e-12)
            assert abs(bound.value(**measured)) <= 1e-13, arguments

    def test_numbers_agree_with_the_formula(self, bound, case):
        """A root is right to 1e-12 when the exact slack changes sign within that distance."""
        for key, solve in bound.numeric.items():
            end, unknown = key.split()
            outward = 1 if end == "greatest" else -1
            tried = 0
            for known in distinct(case.samples, without=unknown):
                arrays = {n: np.asarray(v, dtype=float) for n, v in known.items()}
                root = float(solve(**arrays))
                assert root == getattr(bound, end)(unknown, **known), known
                tried += 1
                low, high = QUANTITIES[unknown].least, at_most(bound, unknown, known)
                assert low <= root <= high, (key, known)
                if root == (high if outward > 0 else low):
                    continue  # the end of the domain, which the next test tries
                with mp.workdps(oracle.DIGITS_BELOW_1E300):
                    step = 1 if QUANTITIES[unknown].integer else abs(mp.mpf(root)) * 1e-12
                    inside = mp.mpf(root) if step == 1 else root - outward * step
                    if low <= inside <= high:
                        assert exact_slack(bound, case, {**known, unknown: inside}) >= 0, known
                    beyond = root + outward * step
                    if low <= beyond <= high:
                        assert exact_slack(bound, case, {**known, unknown: beyond}) < 0, known
            assert tried >= 9

    def test_numbers_at_an_end_of_the_domain_are_admissible(self, bound, case):
        for key in bound.numeric:
            end, unknown = key.split()
            for known in distinct(case.samples, without=unknown):
                low, high = QUANTITIES[unknown].least, at_most(bound, unknown, known)
                root = getattr(bound, end)(unknown, **known)
                if root != (high if end == "greatest" else low) or np.isinf(root):
                    continue
                nudged = root * (1 - 1e-12) if end == "greatest" else root + 1e-200 * (root == 0)
                with mp.workdps(oracle.DIGITS_BELOW_1E300):
                    at = {**known, unknown: nudged if not QUANTITIES[unknown].integer else root}
                    assert exact_slack(bound, case, at) >= -1e-12, (key, known)

    def test_value_is_the_slack(self, bound, case):
        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            for known in case.samples:
                exact = float(exact_slack(bound, case, known))
                scale = max(
                    1.0, *(np.max(np.abs(v)) for n, v in known.items() if not QUANTITIES[n].integer)
                )
                found = bound.value(**known)
                assert found == pytest.approx(exact, rel=1e-13, abs=1e-14 * scale), known

    def test_best_auxiliary_beats_the_others(self, bound, case):
        assert set(case.auxiliary) == set(bound.auxiliary)
        for unknown, best in bound.best.items():
            ends = [e for e in ("least", "greatest") if f"{e} {unknown}" in bound.numeric]
            for end, known in itertools.product(ends, distinct(case.samples, without=unknown)):
                sign = 1 if end == "greatest" else -1
                sharpest = getattr(bound, end)(unknown, **known)
                for name in best:
                    for other in case.auxiliary[name][:12]:
                        weaker = getattr(bound, end)(unknown, **known, **{name: other})
                        assert sign * (weaker - sharpest) >= -1e-12, (unknown, known, other)

    def test_slack_is_quasi_concave_in_every_unknown(self, bound, case):
        """The general inverse looks for one interval: the slack must rise, then fall."""
        chosen = case.samples[:: max(1, len(case.samples) // 40)]
        auxiliary = {n: values[len(values) // 50] for n, values in case.auxiliary.items()}
        for unknown in bound.unknowns:
            for known in distinct(chosen, without=unknown):
                grid = _grid(unknown, at_most(bound, unknown, known))
                with np.errstate(all="ignore"):
                    slack = evaluate(bound.formula, {**known, **auxiliary, unknown: grid})
                slack = np.broadcast_to(slack, grid.shape)
                slack = slack[np.isfinite(slack)]
                before = np.maximum.accumulate(slack)
                after = np.maximum.accumulate(slack[::-1])[::-1]
                dip = np.minimum(before, after) - slack
                assert (dip <= 1e-11 * np.maximum(1, np.abs(slack))).all(), (unknown, known)

    def test_broadcasts(self, bound, case):
        sample = case.samples[len(case.samples) // 2]
        for key in bound.numeric:
            end, unknown = key.split()
            known = {n: v for n, v in sample.items() if n != unknown}
            solve = getattr(bound, end)
            scalar = solve(unknown, **known)
            assert type(scalar) is float
            repeated = {n: stacked(v, (2, 1)) for n, v in known.items()}
            assert solve(unknown, **repeated).shape == (2, 1)
            assert (solve(unknown, **repeated) == scalar).all()
            for n, v in known.items():
                assert solve(unknown, **{**known, n: stacked(v, (3,))}).shape == (3,)
                assert solve(unknown, **{**known, n: stacked(v, (0, 2))}).shape == (0, 2)

    def test_refuses_what_is_outside_its_domain(self, bound, case):
        known = case.samples[len(case.samples) // 2]
        for name in bound.symbols:
            quantity, shape = QUANTITIES[name], np.shape(known[name])
            for bad in [quantity.least - 1, np.nan, np.inf, quantity.most + 1]:
                with pytest.raises(ValueError, match=name):
                    bound.value(**{**known, name: np.full(shape, bad)})
            if quantity.integer:
                with pytest.raises(ValueError, match=f"{name} must be whole numbers; got 2.5"):
                    bound.value(**{**known, name: 2.5})
            with pytest.raises(TypeError, match=name):
                bound.value(**{**known, name: np.full(shape, "a")})
        for name in bound.most:
            limit = at_most(bound, name, known)
            beyond = limit + 1 if QUANTITIES[name].integer else limit + 1e-9 * max(1, abs(limit))
            with pytest.raises(ValueError, match=name):
                bound.value(**{**known, name: beyond})

    def test_refuses_wrong_symbols(self, bound, case):
        known = case.samples[0]
        first = bound.unknowns[0]
        with pytest.raises(ValueError, match=r"unknown symbol of .* 'zeta'"):
            bound.value(**known, zeta=1)
        with pytest.raises(ValueError, match=r"unknown symbol of .* 'zeta'"):
            bound.least("zeta", **known)
        with pytest.raises(ValueError, match="is the unknown; leave out"):
            bound.least(first, **known)
        with pytest.raises(ValueError, match=" needs "):
            bound.value()
        for name in set(bound.symbols) - set(bound.unknowns):
            with pytest.raises(ValueError, match=f"{name} must be given"):
                bound.greatest(name, **{n: v for n, v in known.items() if n != name})


def _grid(unknown, most):
    quantity = QUANTITIES[unknown]
    least = quantity.least
    if np.isfinite([least, most]).all():
        near = (most - least) * 2.0 ** -np.arange(2.0, 50.0)
        grid = np.concatenate([np.linspace(least, most, 129), least + near, most - near])
    else:
        centre = least if np.isfinite(least) else 0.0
        away = 2.0 ** np.arange(-50.0, 50.0)
        grid = np.concatenate([centre - away, [centre], centre + away])
    grid = np.unique(np.round(grid) if quantity.integer else grid)
    return grid[(grid >= least) & (grid <= most)]


def test_no_case_is_left_over():
    assert CASES.keys() <= BOUNDS.keys()


def test_numbers_load_no_sympy():
    code = (
        "import sys, mitheory.bounds as b; from mitheory.bounds import gaussian\n"
        "b.error_bounds(information=0.1, prior=[0.5, 0.5]); gaussian.information_bounds(1.0)\n"
        "b.BOUNDS['fano'].least('p', H=0.1, M=2)\n"
        "assert 'sympy' not in sys.modules and 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_source_is_in_the_bibliography():
    from mitheory.bounds.axioms import RULES

    keys = set(re.findall(r"@\w+\{([^,]+),", REFERENCES.read_text()))
    citing = [*BOUNDS.values(), *RULES.values()]
    assert {thing.cite for thing in citing if thing.cite} <= keys
