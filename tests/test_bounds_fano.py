"""Numbers of Fano's inequality, and the general inverse tried on it."""

from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS, inverse
from mitheory.bounds.bound import Bound
from mitheory.bounds.fano import fano_error_lower, fano_error_upper
from mitheory.kernels.fano import log_two_doubles

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
