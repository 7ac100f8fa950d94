"""One question, one call: what is known in, the interval for the error probability out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS, error_bounds

WORKED = np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]])  # rows X


class TestTheWorkedLaw:
    """Golden values computed at 40 digits with mpmath; the Bayes error of this law is 0.3."""

    H, information = 0.800468808685157, 0.294455039841986
    fano, kovalevsky = 0.288307498153317, 0.544114617172181

    def test_the_law(self):
        decide = oracle.bayes(WORKED)
        assert oracle.measure("H", WORKED, decide) == pytest.approx(self.H, rel=1e-14)
        assert oracle.measure("I", WORKED, decide) == pytest.approx(self.information, rel=1e-14)
        assert oracle.measure("p", WORKED, decide) == pytest.approx(0.3, rel=1e-14)

    @pytest.mark.parametrize(
        "known",
        [
            {"conditional_entropy": H, "classes": 3},
            {"information": information, "prior": WORKED.sum(axis=0)},
            {"conditional_entropy": H, "information": information, "prior": WORKED.sum(axis=0)},
            {"conditional_entropy": H, "information": information, "classes": 3},
            {"conditional_entropy": (H, H), "classes": 3, "prior": WORKED.sum(axis=0)},
        ],
    )
    def test_every_way_to_ask(self, known):
        answer = error_bounds(**known)
        assert answer.lower == pytest.approx(self.fano, rel=1e-13)
        assert answer.upper == pytest.approx(self.kovalevsky, rel=1e-13)
        assert answer.lower_by == "fano"
        assert answer.upper_by == "envelope"
        assert answer.conditional_entropy == pytest.approx((self.H, self.H), rel=1e-13)
        low, high = answer.any_classifier
        assert low == answer.lower
        assert high == pytest.approx(float(oracle.fano_upper(self.H, 3)), rel=1e-13)
        assert answer.any_classifier_by == ("fano", "fano")
        assert type(answer.lower) is float
        assert type(answer.upper_by) is str


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_the_truth_lies_inside(seed):
    rng = np.random.default_rng(seed)
    joint = oracle.random_joint(rng)
    M, prior = joint.shape[1], joint.sum(axis=0)
    decide = oracle.bayes(joint)
    some = rng.dirichlet(np.full(M, 0.3), size=len(joint))
    H, information, p = (oracle.measure(name, joint, decide) for name in "HIp")
    information = max(information, 0.0)
    for known in [
        {"conditional_entropy": H},
        {"conditional_entropy": H, "classes": M},
        {"conditional_entropy": (0.9 * H, 1.1 * H), "classes": M},
        {"information": information, "prior": prior},
        {"information": (0.5 * information, 2 * information), "prior": prior},
        {"information": information, "classes": M},
        {"prior": prior},
        {"classes": M},
    ]:
        answer = error_bounds(**known)
        assert answer.lower - 1e-12 <= p <= answer.upper + 1e-12
        for error in (p, oracle.error(joint, some)):
            assert answer.any_classifier[0] - 1e-12 <= error <= answer.any_classifier[1] + 1e-12
        low, high = answer.conditional_entropy
        assert low - 1e-12 <= H <= high + 1e-12
        assert answer.lower <= answer.upper


class TestWhatFollows:
    def test_no_uniform_prior_is_assumed(self):
        answer = error_bounds(information=0.2, classes=4)
        assert (answer.lower, answer.lower_by) == (0, "nothing")
        assert answer.conditional_entropy == (0, np.log(4) - 0.2)
        assert answer.upper == BOUNDS["envelope"].greatest("p", H=np.log(4) - 0.2)
        assert answer.any_classifier == (0, 1)
        assert answer.any_classifier_by == ("nothing", "nothing")

    def test_without_classes_only_the_upper_end(self):
        answer = error_bounds(conditional_entropy=0.8)
        assert (answer.lower, answer.lower_by) == (0, "nothing")
        assert answer.upper == pytest.approx(0.5439219130916151, rel=1e-13)

    def test_guessing_the_likeliest_label(self):
        answer = error_bounds(information=0.01, prior=[0.8, 0.2])
        assert (answer.upper, answer.upper_by) == (pytest.approx(0.2, rel=1e-15), "guessing")
        assert error_bounds(prior=[0.8, 0.2]).upper_by == "guessing"
        assert error_bounds(classes=5).upper == 0.8
        assert error_bounds(conditional_entropy=np.log(5), classes=5).upper_by == "guessing"
        assert error_bounds(conditional_entropy=0, classes=5).upper_by == "envelope"

    def test_labels_that_never_occur(self):
        """They cost a classifier that never answers them nothing, but one may answer them."""
        answer = error_bounds(information=0.1, prior=[0.5, 0.5, 0.0])
        two = error_bounds(information=0.1, prior=[0.5, 0.5])
        assert (answer.lower, answer.upper) == (two.lower, two.upper)
        assert two.any_classifier[1] < answer.any_classifier[1] == 1
        assert error_bounds(prior=[1.0, 0.0]).upper == 0

    def test_intervals_go_through_monotonically(self):
        answer = error_bounds(conditional_entropy=(0.2, 0.5), classes=2)
        assert answer.lower == error_bounds(conditional_entropy=0.2, classes=2).lower
        assert answer.upper == error_bounds(conditional_entropy=0.5, classes=2).upper
        assert answer.any_classifier[1] == 1 - answer.lower
        # what an interval says beyond ln M is no news
        assert error_bounds(conditional_entropy=(0.2, 9.0), classes=2).upper == 0.5
        informed = error_bounds(information=(0.1, 0.3), prior=[0.5, 0.5])
        assert informed.conditional_entropy == pytest.approx((np.log(2) - 0.3, np.log(2) - 0.1))
        both = error_bounds(
            conditional_entropy=(0.3, 0.6), information=(0.2, 0.3), prior=[0.5, 0.5]
        )
        assert both.conditional_entropy == pytest.approx((np.log(2) - 0.3, np.log(2) - 0.2))

    def test_arrays(self):
        H = np.log(3) * np.linspace(0, 1, 5)
        answer = error_bounds(conditional_entropy=H, classes=[[3], [4]])
        assert answer.lower.shape == answer.upper.shape == answer.upper_by.shape == (2, 5)
        assert (answer.lower <= answer.upper).all()
        for i, M in enumerate([3, 4]):
            for j, h in enumerate(H):
                one = error_bounds(conditional_entropy=h, classes=M)
                assert one.lower == answer.lower[i, j]
                assert one.upper == answer.upper[i, j]
                assert one.upper_by == answer.upper_by[i, j]
                assert one.any_classifier[1] == answer.any_classifier[1][i, j]
        assert error_bounds(conditional_entropy=0.1, classes=[2, 3]).upper.shape == (2,)
        assert error_bounds(information=[0.1, 0.2], prior=[0.5, 0.5]).lower.shape == (2,)
        assert error_bounds(conditional_entropy=[], classes=2).lower.shape == (0,)


class TestRefusals:
    @pytest.mark.parametrize(
        ("known", "message"),
        [
            ({}, "nothing follows .* say what is known"),
            ({"information": 0.1}, "nothing follows .* say also prior= or classes="),
            (
                {"conditional_entropy": 2.5, "classes": 10},
                r"conditional_entropy must be at most ln\(classes\) = 2.302585092994\d*; got 2.5",
            ),
            (
                {"conditional_entropy": [0.1, 0.9], "prior": [0.5, 0.5]},
                r"at most H\(Y\) of the prior = 0.69314718055994\d; got 0.9 at index 1",
            ),
            ({"information": 1.2, "prior": [0.5, 0.5]}, "information must be at most"),
            ({"information": 1.2, "classes": 3}, "information must be at most"),
            (
                {"conditional_entropy": 0.5, "information": 0.5, "classes": 2},
                r"must agree with H\(Y\) = H\(Y\|X\) \+ I\(X;Y\)",
            ),
            (
                {"conditional_entropy": 0.1, "information": 0.5, "prior": [0.5, 0.5]},
                "must agree with",
            ),
            ({"conditional_entropy": (0.3, 0.2), "classes": 2}, "must have lower <= upper"),
            ({"conditional_entropy": (0.3,), "classes": 2}, r"is a tuple \(lower, upper\)"),
            ({"conditional_entropy": -0.1, "classes": 2}, "must be finite numbers at least 0"),
            ({"conditional_entropy": np.nan, "classes": 2}, "must be finite numbers"),
            ({"information": -0.1, "classes": 2}, "information must be finite numbers at least 0"),
            (
                {"conditional_entropy": 0.1, "classes": 1},
                "classes must be finite numbers at least 2",
            ),
            ({"conditional_entropy": 0.1, "classes": 2.5}, "classes must be whole numbers"),
            ({"prior": [0.5, 0.4]}, "prior must sum to 1"),
            (
                {"conditional_entropy": [0.1, 0.2, 0.3], "classes": [2, 3]},
                r"must broadcast .* conditional_entropy \(3,\), classes \(2,\)",
            ),
            (
                {"conditional_entropy": [0.1, 0.2], "information": [0.1] * 3, "classes": 2},
                r"conditional_entropy \(2,\), information \(3,\), classes \(\)",
            ),
            (
                {"conditional_entropy": ([0.1] * 2, [0.2] * 3), "classes": 2},
                r"lower conditional_entropy \(2,\), upper conditional_entropy \(3,\)",
            ),
            ({"conditional_entropy": 0.5, "prior": [1.0]}, r"H\(Y\) of the prior = 0; got 0\.5"),
            ({"prior": [0.5, 0.5], "classes": 3}, "one probability per class; got 2 for classes=3"),
        ],
    )
    def test_values(self, known, message):
        with pytest.raises(ValueError, match=message):
            error_bounds(**known)

    def test_types(self):
        with pytest.raises(TypeError, match="conditional_entropy must be finite numbers"):
            error_bounds(conditional_entropy="much", classes=2)

    def test_rounding_is_forgiven(self):
        top = np.log(10) + 9e-13
        assert error_bounds(conditional_entropy=top, classes=10).lower == pytest.approx(0.9)
        exact = error_bounds(information=np.log(2) + 5e-13, prior=[0.5, 0.5])
        assert (exact.lower, exact.upper) == (0, 0)
        with pytest.raises(ValueError, match="at most"):
            error_bounds(conditional_entropy=np.log(10) + 1.1e-12, classes=10)
