"""The bounds from the overlap of classes: golden numbers, closed forms, the Gaussian exponent."""

import mpmath as mp
import numpy as np
import pytest
from oracles import bounds as oracle
from oracles.bound_cases.binary import measure, overlap

from mitheory.bounds import BOUNDS
from mitheory.bounds.binary import gaussian_chernoff


class TestGaussianChernoff:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("gamma", "prior", "s", "bound", "bhattacharyya"),
        [
            (1, 0.3, 0.711824465096801, 0.254090930442647, 0.277947265944465),
            (4, 0.1, 0.637326536083514, 0.0349149063670558, 0.0406005849709838),
        ],
    )
    def test_golden(self, gamma, prior, s, bound, bhattacharyya):
        assert gaussian_chernoff(gamma, prior) == pytest.approx((s, bound), rel=1e-14)
        rho = np.exp(-gamma / 2)
        assert BOUNDS["bhattacharyya_upper"].greatest("p", prior0=prior, rho=rho) == pytest.approx(
            bhattacharyya, rel=1e-14
        )
        c = np.exp(-2 * s * (1 - s) * gamma)
        assert BOUNDS["chernoff"].greatest("p", prior0=prior, s=s, c=c) == pytest.approx(
            bound, rel=1e-13
        )

    def test_is_the_minimum_and_lies_above_the_error(self):
        s = np.linspace(0, 1, 2_001)
        for gamma in (1e-3, 0.1, 1.0, 9.0, 100.0):
            for prior in (1e-9, 0.01, 0.3, 0.5, 0.99):
                _, bound = gaussian_chernoff(gamma, prior)
                every = prior**s * (1 - prior) ** (1 - s) * np.exp(-2 * s * (1 - s) * gamma)
                assert every.min() * (1 - 1e-3) <= bound <= every.min() * (1 + 1e-14)
                assert bound >= self.bayes_error(gamma, prior) * (1 - 1e-15)

    @staticmethod
    def bayes_error(gamma, prior):
        delta = mp.sqrt(gamma)
        t = mp.log((1 - mp.mpf(prior)) / prior) / (2 * delta)
        return prior * mp.ncdf(t - delta) + (1 - prior) * mp.ncdf(-t - delta)

    def test_ends(self):
        assert gaussian_chernoff(0.0) == pytest.approx((0.5, 0.5), rel=1e-15)
        assert gaussian_chernoff(0.0, 0.2) == (1.0, 0.2)
        assert gaussian_chernoff(0.0, 0.8) == pytest.approx((0.0, 0.2))
        assert gaussian_chernoff(4.0, 0.0)[1] == 0
        assert gaussian_chernoff(4.0, 1.0)[1] == 0
        assert gaussian_chernoff(0.0, 1.0)[1] == 0
        assert gaussian_chernoff(1e300, 0.3) == (0.5, 0.0)
        s, p = gaussian_chernoff([1.0, 4.0], [[0.3], [0.1]])
        assert s.shape == p.shape == (2, 2)

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="gamma must be finite numbers at least 0"):
            gaussian_chernoff(-1.0)
        with pytest.raises(ValueError, match="prior must be finite numbers at least 0 and at most"):
            gaussian_chernoff(1.0, 1.5)


class TestTwoClasses:
    def test_lower_bhattacharyya_in_full_precision(self):
        bound = BOUNDS["bhattacharyya_lower"]
        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            for prior in (1e-100, 0.2, 0.5, 0.5 - 1e-9):
                for rho in (1e-100, 1e-9, 0.3, 1 - 1e-6, 1 - 1e-15):
                    beta = 4 * mp.mpf(prior) * (1 - mp.mpf(prior)) * mp.mpf(rho) ** 2
                    low = (1 - mp.sqrt(1 - beta)) / 2
                    known = {"prior0": prior, "rho": rho}
                    assert bound.least("p", **known) == pytest.approx(float(low), rel=1e-14)
                    assert bound.greatest("p", **known) == pytest.approx(float(1 - low), rel=1e-14)

    def test_a_point_of_the_error_for_equal_laws(self):
        bound = BOUNDS["bhattacharyya_lower"]
        assert bound.least("p", prior0=0.2, rho=1.0) == pytest.approx(0.2, rel=1e-15)
        assert bound.greatest("rho", p=0.1, prior0=0.5) == pytest.approx(0.6, rel=1e-14)

    def test_total_variation_is_the_bayes_error(self):
        rng = np.random.default_rng(7)
        for _ in range(200):
            joint = rng.dirichlet(np.full(8, 0.7)).reshape(4, 2)
            case = measure(joint, oracle.bayes(joint))
            for name, end in (("le_cam", "least"), ("total_variation", "greatest")):
                found = getattr(BOUNDS[name], end)("p", TV=case["TV"])
                assert found == pytest.approx(case["p"], abs=1e-15)

    def test_sandwich_of_the_jensen_shannon_divergence(self):
        """ln 2 - h((1 - TV)/2) <= I <= TV ln 2 are Fano and the envelope at p = (1 - TV)/2."""
        for TV in (0.0, 1e-6, 0.3, 0.9, 1.0):
            p = BOUNDS["le_cam"].least("p", TV=TV)
            h = BOUNDS["fano"].value(p=p, M=2)
            assert h == pytest.approx(float(oracle.fano((1 - mp.mpf(TV)) / 2, 2)), abs=1e-15)
            assert BOUNDS["envelope"].value(p=p) == pytest.approx((1 - TV) * np.log(2), abs=1e-15)

    def test_the_chain_of_bounds(self):
        """Lower Bhattacharyya <= error <= H/(2 ln 2) <= Bhattacharyya."""
        rng = np.random.default_rng(8)
        for _ in range(200):
            joint = rng.dirichlet(np.full(8, 0.4)).reshape(4, 2)
            case, more = measure(joint, oracle.bayes(joint)), overlap(joint)
            known = {n: case[n] for n in ("prior0", "rho")}
            low = BOUNDS["bhattacharyya_lower"].least("p", **known)
            high = BOUNDS["bhattacharyya_upper"].greatest("p", **known)
            assert low - 1e-15 <= case["p"] <= more["H"] / (2 * np.log(2)) + 1e-15
            assert more["H"] / (2 * np.log(2)) <= high + 1e-15
            # the sum over ordered pairs is twice that over the one pair
            assert more["B"] == pytest.approx(2 * high, rel=1e-13)


class TestSeveralClasses:
    def test_the_two_forms_cross_at_one(self):
        curved, straight = BOUNDS["overlap_entropy"], BOUNDS["overlap_entropy_linear"]
        for B in (1e-9, 0.3, 0.999):
            assert straight.value(B=B) < curved.value(B=B)
        for B in (1.001, 2.0, 50.0):
            assert curved.value(B=B) < straight.value(B=B)
        assert curved.value(B=1.0) == pytest.approx(straight.value(B=1.0), rel=1e-15)

    def test_inverses(self):
        assert BOUNDS["overlap_entropy"].least("B", H=1e-20) == pytest.approx(1e-20, rel=1e-15)
        assert BOUNDS["overlap_entropy_linear"].least("B", H=np.log(2)) == 1
        assert BOUNDS["pairwise_bhattacharyya"].greatest("p", B=0.5) == 0.25
        assert BOUNDS["pairwise_bhattacharyya"].greatest("p", B=7.0) == 1

    def test_the_slack_may_be_small_for_many_labels(self):
        """ln(1 + B) is attained by uniform posteriors; a spread one is near B ln 2 for few only."""
        uniform = overlap(np.full((1, 6), 1 / 6))
        assert uniform["B"] == pytest.approx(5, rel=1e-14)
        assert BOUNDS["overlap_entropy"].value(B=uniform["B"]) == pytest.approx(np.log(6))
