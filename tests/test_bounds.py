"""Contract of every Bound, and the numbers of Fano, the envelope and the Gaussian closed forms."""

import inspect
import itertools
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import mpmath as mp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS, gaussian, inverse
from mitheory.bounds.bound import Bound
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.expressions import QUANTITIES, symbol
from mitheory.bounds.fano import fano_error_lower, fano_error_upper
from mitheory.kernels.fano import log_two_doubles

REFERENCES = files("mitheory") / "references.bib"

# values of each quantity for the contract tests, inside every bound's domain
SAMPLES = {
    "p": [1e-300, 1e-12, 0.003, 0.1, 0.3, 0.49999, 0.5, 0.62, 0.875, 0.9],
    "H": [1e-300, 1e-10, 0.01, 0.3, 0.69, 0.6931471805599453, 1.0, 2.0, 2.3025850929],
    "M": [10, 11, 100, 10**6, 10**9],
}

every_bound = pytest.mark.parametrize("bound", BOUNDS.values(), ids=BOUNDS)


def cases(symbols):
    for values in itertools.product(*(SAMPLES[s] for s in symbols)):
        yield dict(zip(symbols, values, strict=True))


def exact_slack(bound, known):
    """The slack in full precision; the least over 200 values of each auxiliary symbol."""
    names = [*bound.symbols, *bound.auxiliary]
    f = sympy.lambdify([symbol(n) for n in names], bound.slack, "mpmath")
    values = [mp.mpf(known[n]) for n in bound.symbols]
    if not bound.auxiliary:
        return f(*values)
    choices = itertools.product(range(1, 201), repeat=len(bound.auxiliary))
    return min(f(*values, *map(mp.mpf, chosen)) for chosen in choices)


@every_bound
class TestContract:
    def test_says_what_it_is(self, bound):
        assert BOUNDS[bound.name] is bound
        assert bound.holds_for in ("every classifier", "the Bayes classifier")
        assert bound.statement
        assert bound.equality
        assert set(bound.symbols) <= set(QUANTITIES)
        assert set(bound.auxiliary) <= set(QUANTITIES)
        names = {symbol(n) for n in (*bound.symbols, *bound.auxiliary)}
        assert bound.slack.free_symbols == names

    def test_latex_is_an_inequality(self, bound):
        text = bound.latex()
        assert r"\le" in text or r"\ge" in text
        assert text.count("{") == text.count("}")

    def test_holds_for_random_laws(self, bound):
        rng = np.random.default_rng(1)
        columns = {name: [] for name in bound.symbols}
        for _ in range(2_000):
            joint = oracle.random_joint(rng)
            decisions = [oracle.bayes(joint)]
            if bound.holds_for == "every classifier":
                rows, M = joint.shape
                decisions.append(np.eye(M)[rng.integers(M, size=rows)])
                decisions.append(rng.dirichlet(np.full(M, 0.3), size=rows))
            for decide in decisions:
                for name, column in columns.items():
                    column.append(oracle.measure(name, joint, decide))
        slack = bound.value(**{n: np.array(c) for n, c in columns.items()})
        assert slack.min() >= -1e-12

    def test_is_attained_where_it_says(self, bound):
        arguments = inspect.signature(bound.tight).parameters
        for p, M in [(0.1, 2), (0.5, 2), (0.3, 3), (2 / 3, 3), (0.62, 10), (0.9, 50)]:
            joint = bound.tight(**{n: v for n, v in {"p": p, "M": M}.items() if n in arguments})
            assert joint.sum() == pytest.approx(1, abs=1e-14)
            measured = {n: oracle.measure(n, joint, oracle.bayes(joint)) for n in bound.symbols}
            assert measured["p"] == pytest.approx(p, rel=1e-12)
            assert abs(bound.value(**measured)) <= 1e-13

    def test_numbers_agree_with_the_formula(self, bound):
        """A root is right to 1e-12 when the exact slack changes sign within that distance."""
        for key, solve in bound.numeric.items():
            end, unknown = key.split()
            symbols = [n for n in bound.symbols if n != unknown]
            tried = 0
            for known in cases(symbols):
                arrays = {n: np.asarray(v, dtype=float) for n, v in known.items()}
                root = float(solve(**arrays))
                assert root == getattr(bound, end)(unknown, **known)
                tried += 1
                with mp.workdps(oracle.DIGITS_BELOW_1E300):
                    r, outward = mp.mpf(root), 1 if end == "greatest" else -1
                    inside = exact_slack(bound, {**known, unknown: r * (1 - outward * 1e-12)})
                    assert inside >= 0, (key, known)
                    if root < QUANTITIES[unknown].most:
                        beyond = exact_slack(bound, {**known, unknown: r * (1 + outward * 1e-12)})
                        assert beyond < 0, (key, known)
            assert tried >= 9

    def test_value_is_the_slack_and_its_zero(self, bound):
        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            for known in cases(bound.symbols):
                exact = float(exact_slack(bound, known))
                assert bound.value(**known) == pytest.approx(exact, rel=1e-13, abs=1e-14)

    def test_best_auxiliary_beats_its_neighbours(self, bound):
        for unknown, best in bound.best.items():
            end = "greatest" if f"greatest {unknown}" in bound.numeric else "least"
            sign = 1 if end == "greatest" else -1
            for known in cases([n for n in bound.symbols if n != unknown]):
                sharpest = getattr(bound, end)(unknown, **known)
                for name in best:
                    for other in (1, 2, 3, 7, 8, 12):
                        weaker = getattr(bound, end)(unknown, **known, **{name: other})
                        assert sign * (weaker - sharpest) >= -1e-12

    def test_broadcasts(self, bound):
        for key in bound.numeric:
            end, unknown = key.split()
            known = {n: SAMPLES[n][3] for n in bound.symbols if n != unknown}
            solve = getattr(bound, end)
            scalar = solve(unknown, **known)
            assert type(scalar) is float
            stacked = {n: np.full((2, 1), v) for n, v in known.items()}
            assert solve(unknown, **stacked).shape == (2, 1)
            assert (solve(unknown, **stacked) == scalar).all()
            for n in known:
                assert solve(unknown, **{**known, n: [known[n]] * 3}).shape == (3,)
                assert solve(unknown, **{**known, n: np.empty((0, 2))}).shape == (0, 2)

    def test_refuses_what_is_outside_its_domain(self, bound):
        known = {n: SAMPLES[n][3] for n in bound.symbols}
        for name in bound.symbols:
            quantity = QUANTITIES[name]
            for bad in [quantity.least - 1, np.nan, np.inf, quantity.most + 1]:
                with pytest.raises(ValueError, match=name):
                    bound.value(**{**known, name: bad})
            if quantity.integer:
                with pytest.raises(ValueError, match=f"{name} must be whole numbers; got 2.5"):
                    bound.value(**{**known, name: 2.5})
            with pytest.raises(TypeError, match=name):
                bound.value(**{**known, name: "a"})

    def test_refuses_wrong_symbols(self, bound):
        known = {n: SAMPLES[n][3] for n in bound.symbols}
        with pytest.raises(ValueError, match=r"unknown symbol of .* 'zeta'"):
            bound.value(**known, zeta=1)
        with pytest.raises(ValueError, match=r"unknown symbol of .* 'zeta'"):
            bound.least("zeta", **known)
        with pytest.raises(ValueError, match="is the unknown; leave out"):
            bound.least("p", **known)
        with pytest.raises(ValueError, match=" needs "):
            bound.value()


FANO, ENVELOPE = BOUNDS["fano"], BOUNDS["envelope"]


class TestFano:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("M", "H", "p"),
        [
            (2, 0.1, 0.020505509585228204416),
            (2, 1e-6, 5.65341594660921189413e-8),
            (3, 1.0, 0.4499384244740577423363),
            (10, 1.0, 0.2170337937451371514653),
            (1000, 5.0, 0.6283989904193490041489),
            (10, 2.302585, 0.8998705961959895512037),
            (3, 0.800468808685157, 0.288307498153317),
        ],
    )
    def test_golden(self, M, H, p):
        assert fano_error_lower(H, M) == pytest.approx(p, rel=1e-14)
        assert FANO.least("p", H=H, M=M) == fano_error_lower(H, M)

    @pytest.mark.parametrize("M", [2, 3, 4, 7, 10, 1000, 12_345, 10**6, 10**9])
    def test_inverse_over_the_whole_domain(self, M):
        """Both branches to 1e-12 against mpmath, from 1e-300 to ln M - 1e-12."""
        top, kink = float(mp.log(M)), float(mp.log(M - 1))
        powers = 10.0 ** -np.arange(1.0, 13.0)
        H = np.concatenate(
            [
                [1e-300, 1e-100, 1e-20, 1e-10, 1e-5],
                top * np.linspace(0.05, 0.95, 13),
                top - powers,
                kink + (top - kink) * np.linspace(0.02, 0.98, 9),
                kink + (top - kink) * powers,
            ]
        )
        H = H[(H > 0) & (top - H >= 1e-12)]
        lower, upper = fano_error_lower(H, M), fano_error_upper(H, M)
        for h, low, high in zip(H, lower, upper, strict=True):
            with mp.workdps(40):
                assert abs(low / oracle.fano_lower(h, M) - 1) < 1e-14
                assert abs(high / oracle.fano_upper(h, M) - 1) < 1e-14

    @pytest.mark.parametrize("M", [2, 3, 10, 10**9])
    def test_forward_over_the_whole_domain(self, M):
        tiny = 10.0 ** np.arange(-300, -1, 23)
        p = np.concatenate(
            [tiny, np.linspace(0.01, 0.99, 50), 1 - 10.0 ** -np.arange(3.0, 16.0), [1]]
        )
        value = FANO.value(p=p, M=M)
        with mp.workdps(40):
            for x, found in zip(p, value, strict=True):
                exact = oracle.fano(x, M)
                assert abs(found - exact) <= 1e-14 * exact

    @pytest.mark.parametrize("M", [2, 3, 10, 10**9, 2**53])
    def test_ends(self, M):
        top = np.log(float(M))
        assert FANO.value(p=0, M=M) == 0
        assert fano_error_lower(0, M) == 0
        assert fano_error_upper(0, M) == 1
        for H in (top, top + 9e-13):
            assert fano_error_lower(H, M) == pytest.approx(1 - 1 / M, rel=1e-7)
            assert fano_error_upper(H, M) == pytest.approx(1 - 1 / M, rel=1e-7)
        assert fano_error_lower(top + 5e-13, M) == (M - 1) / M
        with pytest.raises(ValueError, match="H must be at most ln M = "):
            fano_error_lower(top + 1.1e-12, M)

    def test_a_domain_error_names_the_place(self):
        with pytest.raises(ValueError, match=r"ln M = 0.693147180559945; got 0.7 at index 1"):
            fano_error_lower([0.2, 0.7], 2)

    @given(st.floats(0, 1), st.integers(2, 2**53))
    @settings(deadline=None, derandomize=True, max_examples=200)
    def test_inverse_of_the_value_is_the_identity(self, p, M):
        H = min(FANO.value(p=p, M=M), np.log(M))
        back = fano_error_lower(H, M) if p <= 1 - 1 / M else fano_error_upper(H, M)
        # near the top the inverse is a square root: rounding of H by ulps is what remains
        flatness = 1 / max(abs(np.log(max(1 - p, 1e-300) * (M - 1) / max(p, 1e-300))), 1e-8)
        assert abs(back - p) <= 1e-15 + 1e-15 * (1 + H) * flatness

    @given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(2, 1000))
    @settings(deadline=None, derandomize=True, max_examples=100)
    def test_the_lower_bound_increases_with_entropy(self, shares, M):
        H = np.sort(shares) * np.log(M)
        assert (np.diff(fano_error_lower(H, M)) >= -1e-15).all()
        assert (np.diff(fano_error_upper(H, M)) <= 1e-15).all()

    def test_other_unknowns_by_the_general_inverse(self):
        assert FANO.greatest("H", p=0.1, M=10) == pytest.approx(0.54480543112507, rel=1e-14)
        assert FANO.least("H", p=0.1, M=10) == 0
        M = FANO.least("M", p=0.2, H=1.5)
        assert FANO.value(p=0.2, H=1.5, M=M) >= 0 > FANO.value(p=0.2, H=1.5, M=M - 1)
        assert FANO.greatest("M", p=0.2, H=1.5) == np.inf
        assert FANO.least("M", p=0.5, H=0.1) == 2

    def test_ln_M_in_two_doubles(self):
        with mp.workdps(40):
            for M in [2, 3, 5, 6, 7, 10, 1000, 12_345, 10**6 + 3, 10**9, 2**53 - 1, 2**53]:
                high, low = log_two_doubles(float(M))
                assert abs(mp.mpf(high) + mp.mpf(low) - mp.log(M)) < 1e-19


class TestGeneralInverse:
    """The search agrees with the stable inverses, so that a bound may go without one."""

    plain = Bound(
        name="plain",
        title="Fano again",
        statement=FANO.statement,
        formula=FANO.formula,
        holds_for=FANO.holds_for,
        equality=FANO.equality,
        cite=FANO.cite,
        most=FANO.most,
    )

    @pytest.mark.parametrize("M", [2, 3, 10, 1000])
    def test_fano(self, M):
        for H in np.log(M) * np.array([1e-9, 0.01, 0.3, 0.7, 0.99]):
            for end in ("least", "greatest"):
                found = getattr(self.plain, end)("p", H=H, M=M)
                assert found == pytest.approx(getattr(FANO, end)("p", H=H, M=M), rel=1e-11)
        assert self.plain.value(p=0.1, M=M) == pytest.approx(FANO.value(p=0.1, M=M), rel=1e-14)
        assert self.plain.value(p=0.1, H=0.2, M=M) == pytest.approx(
            FANO.value(p=0.1, H=0.2, M=M), rel=1e-12
        )

    def test_lines_of_the_envelope(self):
        assert ENVELOPE.greatest("p", H=1.0, k=1) == pytest.approx(1 / (2 * np.log(2)), rel=1e-14)
        assert ENVELOPE.least("H", p=0.5, k=1) == pytest.approx(np.log(2), rel=1e-14)
        assert ENVELOPE.greatest("p", H=2.0, k=1) == 1
        assert ENVELOPE.least("p", H=1.0) == 0
        assert ENVELOPE.least("p", H=1000.0) == 0
        for p in (0.3, 1.0):
            assert ENVELOPE.greatest("H", p=p) == np.inf

    def test_finds_narrow_intervals(self):
        low, high = inverse.interval(lambda u: 1e-8 - (u - 0.3712) ** 2, 0, 1)
        assert (low, high) == pytest.approx((0.3711, 0.3713), rel=1e-9)
        assert inverse.interval(lambda u: u - 2.5, 0, np.inf) == pytest.approx((2.5, np.inf))
        assert inverse.interval(lambda u: 7.5 - u, 2, np.inf, integer=True) == (2, 7)
        assert inverse.interval(lambda u: u - 7.0, 2, np.inf, integer=True) == (7, np.inf)

    def test_contradictions_are_refused(self):
        with pytest.raises(ValueError, match="contradict the bound"):
            inverse.interval(lambda u: -1.0 - u, 0, 1)
        with pytest.raises(ValueError, match="contradict the bound"):
            self.plain.least("M", p=0.0, H=0.5)
        impossible = replace(self.plain, formula="H - p - 1", most={})
        assert impossible.greatest("p", H=1.25) == 0.25
        with pytest.raises(ValueError, match="contradict the bound"):
            impossible.greatest("p", H=0.5)


class TestEnvelope:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("p", "H"),
        [
            (0.1, 0.138629436111989062),
            (0.4, 0.554517744447956248),
            (0.6, 0.936426245424843939),
            (0.7, 1.21368511764882206),
            (0.9, 2.30258509299404568),
        ],
    )
    def test_golden(self, p, H):
        assert ENVELOPE.value(p=p) == pytest.approx(H, rel=1e-14)

    @pytest.mark.parametrize(
        ("H", "p"),
        [
            (0.1, 0.072134752044448170368),
            (0.5, 0.36067376022224085184),
            (1.0, 0.626132028504162818172),
            (2.0, 0.864376288746141800881),
            (0.800468808685157, 0.544114617172181),
        ],
    )
    def test_golden_inverse(self, H, p):
        assert envelope_error_upper(H) == pytest.approx(p, rel=1e-14)

    def test_against_all_lines(self):
        around = [
            np.log(k) + d for k in range(1, 30) for d in (-1e-15, 0.0, 1e-15) if k > 1 or d >= 0
        ]
        for H in [1e-300, 1e-12, *np.linspace(0, 3.4, 40), *around]:
            exact = oracle.envelope_inverse(H)
            assert abs(envelope_error_upper(H) - exact) <= 1e-15 * max(exact, 1e-300)
        vertices = [1 - 1 / k for k in range(1, 30)]
        for p in [
            1e-300,
            1e-12,
            *np.linspace(0, 0.97, 40),
            *vertices,
            *np.nextafter(vertices, 0)[1:],
        ]:
            exact = oracle.envelope(p)
            assert abs(ENVELOPE.value(p=p) - exact) <= 2e-15 * max(exact, 1e-300)

    def test_ends(self):
        assert envelope_error_upper(0.0) == 0
        assert envelope_error_upper(1000.0) == 1
        large = envelope_error_upper(np.linspace(30, 45, 100))
        assert (np.diff(large) >= 0).all()
        assert ENVELOPE.value(p=1.0) == np.inf
        assert ENVELOPE.value(p=1 - 1e-15) == pytest.approx(np.log(1e15), rel=1e-2)

    @given(st.floats(0, 0.99))
    @settings(deadline=None, derandomize=True, max_examples=200)
    def test_inverse_of_the_value_is_the_identity(self, p):
        assert envelope_error_upper(ENVELOPE.value(p=p)) == pytest.approx(p, rel=1e-13, abs=1e-300)

    @given(st.floats(1e-300, np.log(50)))
    @settings(deadline=None, derandomize=True, max_examples=200)
    def test_lies_above_fano_and_below_the_smooth_form(self, H):
        assert fano_error_lower(H, 50) <= envelope_error_upper(H) * (1 + 1e-14)
        assert envelope_error_upper(H) <= -np.expm1(-H) * 1.3863 + 1e-15  # 2 ln 2 at worst
        assert envelope_error_upper(H) <= 0.5 * H / np.log(2) * (1 + 1e-14)


SNR = [1e-4, 1e-3, 0.03, 0.1, 0.5, 1.0, 1.9, 2.5, 4.0, 6.0, 9.0, 16.0, 25.0, 49.0]


class TestGaussian:
    every_form = pytest.mark.parametrize(
        "form", [*gaussian.UPPER, *gaussian.LOWER], ids=lambda f: f.name
    )

    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("name", "at_1", "at_4"),
        [
            ("capacity", 0.346573590279973, 0.80471895621705),
            ("entropy_decay", 0.356210561736577, 0.654446689972926),
            ("joined", 0.346573590279973, 0.653339788845806),
            ("divergence", 0.566219169516973, 0.69281177418705),
            ("logistic", 0.379885493041722, 0.674997252642136),
            ("error_floor", 0.473204296672722, 0.661608800925451),
            ("bhattacharyya", 0.27273216385697, 0.599339910554206),
            ("mmse", 0.316060279414279, 0.490842180555633),
            ("chernoff", 0.219070196379839, 0.566219169516973),
            ("hard_decision", 0.255713939632826, 0.584589875179177),
            ("error_ceiling", 0.194717000355457, 0.621675533163347),
        ],
    )
    def test_golden(self, name, at_1, at_4):
        (form,) = [f for f in (*gaussian.UPPER, *gaussian.LOWER) if f.name == name]
        assert form.value([1, 4]) == pytest.approx([at_1, at_4], rel=3e-14)

    @pytest.mark.parametrize("snr", SNR)
    def test_the_information_lies_between(self, snr):
        exact = oracle.gaussian_information(snr)
        assert all(form.value(snr) <= exact * (1 + mp.mpf("1e-13")) for form in gaussian.LOWER)
        assert all(form.value(snr) >= exact * (1 - mp.mpf("1e-13")) for form in gaussian.UPPER)

    @every_form
    def test_numbers_agree_with_the_formula(self, form):
        from mitheory.bounds.expressions import read

        exact = sympy.lambdify(symbol("gamma"), read(form.formula), "mpmath")
        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            for snr in [1e-12, 1e-6, *SNR, 100.0, 400.0]:
                value, truth = form.value(snr), exact(mp.mpf(snr))
                # hard_decision cancels to first order between its two forms at erf = 1/2
                assert abs(value - truth) <= 2e-15 * abs(truth) + 4e-16 * (snr > 0.1), snr

    @every_form
    def test_domination(self, form):
        snr = np.concatenate([np.geomspace(1e-4, 100, 4001), [1.0]])
        forms = gaussian.UPPER if form.side == "upper" else gaussian.LOWER
        sign = 1 if form.side == "upper" else -1
        own = sign * form.value(snr)
        others = {f.name: sign * f.value(snr) for f in forms if f is not form}
        if form.dominated_by is not None:
            assert (others[form.dominated_by] <= own + 1e-15).all()
        else:
            for name, other in others.items():
                assert (own < other - 1e-12).any(), f"dominated by {name}, yet not marked"

    @every_form
    def test_latex_and_source(self, form):
        assert form.latex().startswith(r"I(X;Y) \ge " if form.side == "lower" else r"I(X;Y) \le ")
        assert form.because.endswith(".")
        assert form.cite or form.because  # without a source it is derived in docs/theory

    def test_best_pair(self):
        pair = gaussian.information_bounds([1.0, 9.0])
        assert list(pair.lower_by) == ["mmse", "error_ceiling"]
        assert list(pair.upper_by) == ["joined", "error_floor"]
        assert pair.lower == pytest.approx([0.316060279414279, 0.688906350820681], rel=1e-13)
        one = gaussian.information_bounds(1.0)
        assert (one.lower, one.lower_by) == (pair.lower[0], "mmse")
        assert type(one.upper) is float

    @pytest.mark.parametrize("snr", SNR)
    def test_the_sharp_law(self, snr):
        error = mp.ncdf(-mp.sqrt(mp.mpf(snr)))
        H = mp.log(2) - oracle.gaussian_information(snr)
        least, most = gaussian.entropy_from_error(float(error))
        assert least * (1 - 1e-14) <= H <= most * (1 + 1e-14)
        low, high = gaussian.error_from_entropy(float(H))
        assert low * (1 - 1e-14) <= error <= high * (1 + 1e-14)

    def test_the_sharp_law_at_its_ends(self):
        assert gaussian.entropy_from_error(0.5) == pytest.approx((np.log(2), np.pi / 2))
        assert gaussian.error_from_entropy(np.log(2))[1] == 0.5
        assert gaussian.entropy_from_error([0.1, 0.2])[0].shape == (2,)

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="snr must be finite numbers at least 0"):
            gaussian.information_bounds(-1.0)
        with pytest.raises(ValueError, match="error must be finite numbers at least 0 and at most"):
            gaussian.entropy_from_error(0.6)
        with pytest.raises(ValueError, match="conditional_entropy must be at most ln 2"):
            gaussian.error_from_entropy(0.7)


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
    citing = [*BOUNDS.values(), *RULES.values(), *gaussian.UPPER, *gaussian.LOWER]
    assert {thing.cite for thing in citing if thing.cite} <= keys
