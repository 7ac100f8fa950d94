"""The bounds from the divergence on one event: numbers, and the conditions of their axioms."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS
from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import DerivationError, Reader
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.fano import fano_error_lower
from mitheory.bounds.prior import prior_error_lower

PROCESSING, CHI_SQUARE = BOUNDS["data_processing"], BOUNDS["chi_square"]
BIRGE, SIMPLE = BOUNDS["birge"], BOUNDS["birge_simple"]
SKEWED = (0.6, 0.2, 0.1, 0.1)


def binary(a, b):
    """d(a || b) for 0 < b < 1."""
    terms = ((a, b), (1 - a, 1 - b))
    return mp.fsum(x * mp.log(x / y) for x, y in terms if x > 0)


def root(f, low, high):
    """Where a falling f is 0, by bisection in the logarithm of the distance from 0."""
    low, high = mp.log(low), mp.log(high)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(mp.exp(middle)) > 0 else (low, middle)
    return mp.exp(low)


class TestDataProcessing:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("information", "processed", "fano", "prior"),
        [
            (0.1, 0.191578783511639, 0.325694754310229, 0.326877168320088),
            (0.3, 0.0635356359412107, 0.228676920301316, 0.228676920301316),
        ],
    )
    def test_golden(self, information, processed, fano, prior):
        H = oracle.entropy(SKEWED) - information
        assert PROCESSING.least("p", I=information, pmax=0.6) == pytest.approx(processed, rel=2e-14)
        assert fano_error_lower(H, 4) == pytest.approx(fano, rel=1e-14)
        assert prior_error_lower(H, SKEWED) == pytest.approx(prior, rel=1e-14)

    @pytest.mark.parametrize("pmax", [1e-9, 0.01, 0.3, 0.5, 0.7, 0.999, 1 - 1e-9])
    def test_against_bisection(self, pmax):
        top = -np.log(pmax)
        for information in top * np.array([1e-13, 1e-6, 0.01, 0.2, 0.5, 0.9, 0.999]):
            with mp.workdps(60):
                s = mp.mpf(pmax)
                exact = root(lambda p, s=s, i=information: binary(1 - p, s) - i, "1e-60", 1 - s)
                found = PROCESSING.least("p", I=information, pmax=pmax)
                assert abs(found - exact) <= 1e-13 * exact, information

    def test_ends(self):
        assert PROCESSING.least("p", I=0.0, pmax=0.3) == 0.7
        assert PROCESSING.least("p", I=-np.log(0.3), pmax=0.3) == pytest.approx(0, abs=1e-16)
        assert PROCESSING.least("p", I=9.0, pmax=0.3) == 0
        assert PROCESSING.least("p", I=0.0, pmax=1.0) == 0
        assert PROCESSING.greatest("p", I=0.1, pmax=0.3) == 0.7
        assert PROCESSING.value(p=0.0, pmax=1.0) == 0
        assert PROCESSING.value(p=0.2, pmax=0.3) == pytest.approx(float(binary(0.8, 0.3)))
        with pytest.raises(ValueError, match=r"p must be at most 1 - pmax = 0\.7; got 0\.8"):
            PROCESSING.value(p=0.8, pmax=0.3)
        with pytest.raises(ValueError, match=r"pmax must be finite numbers .* above 0"):
            PROCESSING.least("p", I=0.1, pmax=0.0)
        with pytest.raises(ValueError, match="equality needs pmax = 1/M"):
            PROCESSING.tight(0.1, 0.3)

    @given(st.integers(0, 2**32 - 1), st.floats(0, 1))
    @settings(deadline=None, derandomize=True, max_examples=100)
    def test_is_never_sharper_than_the_known_prior(self, seed, share):
        rng = np.random.default_rng(seed)
        P = rng.dirichlet(np.full(int(rng.integers(2, 9)), 10 ** rng.uniform(-1, 1.5)))
        H = share * oracle.entropy(P)
        processed = PROCESSING.least("p", I=oracle.entropy(P) - H, pmax=P.max())
        assert processed <= prior_error_lower(H, P) + 1e-13

    def test_is_fano_for_a_uniform_prior(self):
        information = np.log(10) * np.linspace(0.001, 0.999, 50)
        processed = PROCESSING.least("p", I=information, pmax=0.1)
        assert processed == pytest.approx(fano_error_lower(np.log(10) - information, 10), rel=1e-10)


class TestChiSquare:
    def test_the_closed_form_and_back(self):
        for M in (2, 3, 10, 10**9):
            p = np.linspace(0, 1 - 1 / M, 9)[:-1]
            chi2 = CHI_SQUARE.least("chi2", p=p, M=M)
            assert chi2 == pytest.approx((1 - p - 1 / M) ** 2 / ((1 / M) * (1 - 1 / M)))
            assert CHI_SQUARE.least("p", chi2=chi2, M=M) == pytest.approx(p, rel=1e-9, abs=1e-12)
        assert CHI_SQUARE.least("p", chi2=0.0, M=4) == 0.75
        assert CHI_SQUARE.least("p", chi2=99.0, M=4) == 0
        assert CHI_SQUARE.least("chi2", p=0.9, M=4) == 0
        # p = 1/2 - sqrt(chi2)/2 for two classes
        assert CHI_SQUARE.value(chi2=0.25, M=2) == 0.25


class TestBirge:
    # golden values of the greatest 1 - p, computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("K", "D", "a"),
        [(1, 0.5, 0.73954921155831), (9, 1.0, 0.554012256065805), (99, 2.0, 0.507360354061637)],
    )
    def test_golden(self, K, D, a):
        assert 1 - BIRGE.least("p", D=D, K=K) == pytest.approx(a, rel=1e-13)

    @pytest.mark.parametrize("K", [1, 2, 9, 1000, 10**9])
    def test_against_bisection(self, K):
        for D in (1e-14, 1e-8, 0.01, 0.3, 1.0, 2.0, 4.0, 20.0, 300.0):
            with mp.workdps(60):
                most = mp.mpf(K) / (K + 1)
                exact = root(lambda p, D=D: binary(1 - p, p / K) - D, mp.mpf("1e-200"), most)
                found = BIRGE.least("p", D=D, K=K)
                assert abs(found - exact) <= 1e-12 * exact, D

    def test_ends(self):
        assert BIRGE.least("p", D=0.0, K=4) == 0.8
        assert BIRGE.least("p", D=2000.0, K=4) == 0
        assert BIRGE.value(p=0.8, K=4) == pytest.approx(0, abs=1e-15)
        with pytest.raises(ValueError, match=r"p must be at most K/\(K \+ 1\) = 0.5; got 0.6"):
            BIRGE.value(p=0.6, D=1.0, K=1)

    @given(st.floats(0, 20), st.integers(1, 10**6))
    @settings(deadline=None, derandomize=True, max_examples=200)
    def test_the_closed_form_is_weaker(self, D, K):
        simple = SIMPLE.least("p", D=D, K=K)
        assert 0 <= simple <= BIRGE.least("p", D=D, K=K) * (1 + 1e-12)
        classical = max(2 * np.e / (2 * np.e + 1), D / np.log(K + 1))
        assert 1 - simple == pytest.approx(min(classical, 1))


CELLS = {"generator": "r*log(r)", "ratio": "r", "event": "1 - p", "reference": "1/M"}
CELL = "(1 - p)*log((1 - p)*M) + p*log(p/(1 - 1/M)) <= kl"
MEASURE = {"right": "2", "wrong": "1/3", "error": "e", "chance": "g", "unused": "v"}
MASS = "2*g + (1 - g)/3 = 1 - v"
GAIN = "(1 - e)*log(2) - e*log(3) <= kl"


class TestRules:
    """Each condition of the axioms that only this kind of bound uses."""

    @staticmethod
    def check(rule, claim, used=(), **given):
        extra = {n: Quantity("a number", 0) for n in ("e", "g", "r", "v", "kl")}
        reader = Reader(extra)
        RULES[rule].check(
            reader.claim(claim),
            [reader.claim(text) for text in used],
            {name: reader.expression(text) for name, text in given.items()},
        )

    def test_data_processing(self):
        self.check("data processing", CELL, **CELLS)
        for claim, change, reason in [
            (CELL, {"generator": "-r*log(r)"}, "convex"),
            (CELL, {"generator": "r*log(r) + r"}, "vanish at 1"),
            (CELL, {"reference": "1/(M + 1)"}, "divergence of the event"),
            (CELL.replace("<=", "="), {}, "the claim is"),
            (CELL + " + 1", {}, "right side must be the divergence"),
        ]:
            with pytest.raises(DerivationError, match=reason):
                self.check("data processing", claim, **{**CELLS, **change})

    def test_change_of_measure(self):
        self.check("change of measure", GAIN, [MASS], **MEASURE)
        for claim, used, change, reason in [
            (GAIN, MASS.replace("2*g", "3*g"), {}, "mean 1 - unused"),
            (GAIN, MASS.replace(" = ", " <= "), {}, "mean of ln g <= divergence"),
            (GAIN, MASS, {"unused": "-v"}, "must be non-negative"),
            (GAIN.replace("log(3)", "log(4)"), MASS, {}, "must be the mean of ln g"),
            (GAIN.replace("<=", "="), MASS, {}, "mean of ln g <= divergence"),
            (GAIN + "/2", MASS, {}, "right side must be the divergence"),
        ]:
            with pytest.raises(DerivationError, match=reason):
                self.check("change of measure", claim, [used], **{**MEASURE, **change})

    def test_square_root(self):
        self.check("square root", "1 - 3*p <= sqrt(kl)", ["(1 - 3*p)**2 <= kl"])
        for claim, used, reason in [
            ("1 - 3*p <= sqrt(kl)", "(1 - 2*p)**2 <= kl", "that of the squares"),
            ("1 - 3*p <= -sqrt(kl)", "(1 - 3*p)**2 <= kl", "must be non-negative"),
            ("1 - 3*p = sqrt(kl)", "(1 - 3*p)**2 <= kl", "both claims are inequalities"),
        ]:
            with pytest.raises(DerivationError, match=reason):
                self.check("square root", claim, [used])
