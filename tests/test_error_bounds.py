"""One question, one call: what is known in, the interval for the error probability out."""

import mpmath as mp
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


class TestTheKnownPrior:
    # golden values computed at 40 digits with mpmath
    def test_is_used_where_it_is_sharper(self):
        skewed = [0.7, 0.2, 0.05, 0.03, 0.02]
        answer = error_bounds(conditional_entropy=0.5, prior=skewed)
        assert (answer.lower, answer.lower_by) == (
            pytest.approx(0.110725332599325758416, rel=1e-15),
            "known_prior",
        )
        assert answer.any_classifier[0] == answer.lower
        assert answer.any_classifier_by == ("known_prior", "nothing")
        law = [0.6, 0.2, 0.1, 0.1]
        H = oracle.entropy(law)
        assert error_bounds(information=0.1, prior=law).lower == pytest.approx(0.326877168320088)
        assert error_bounds(information=0.3, prior=law).lower_by == "fano"
        both = error_bounds(conditional_entropy=[H - 0.1, H - 0.3, 0.0], prior=law)
        assert both.lower_by.tolist() == ["known_prior", "fano", "nothing"]

    def test_a_uniform_prior_is_no_news(self):
        H = np.log(5) * np.linspace(0.1, 1, 10)
        known = error_bounds(conditional_entropy=H, prior=[0.2] * 5)
        assert (known.lower == error_bounds(conditional_entropy=H, classes=5).lower).all()
        assert (known.lower_by == "fano").all()

    def test_no_information_leaves_guessing(self):
        answer = error_bounds(information=0.0, prior=[0.5, 0.3, 0.2])
        assert answer.lower == pytest.approx(0.5, rel=1e-12)
        assert answer.upper == pytest.approx(0.5, rel=1e-15)

    @pytest.mark.parametrize("rare", [1.3e-6, 1.7e-10, 3.3e-14, 1e-300])
    @pytest.mark.parametrize("law", [lambda e: [e, 1 - e], lambda e: [e, 1 - 3 * e, 2 * e]])
    def test_a_rare_label_keeps_its_digits(self, rare, law):
        """H(Y) must not come from the logarithm of a probability near 1."""
        prior = law(rare)
        with mp.workdps(400):
            others = sorted(map(mp.mpf, prior))[:-1]
            miss = sum(others)
            exact = -sum(q * mp.log(q) for q in others) - (1 - miss) * mp.log1p(-miss)
        answer = error_bounds(information=0.0, prior=prior)
        assert answer.conditional_entropy == pytest.approx([float(exact)] * 2, rel=1e-15, abs=0)
        assert answer.lower == pytest.approx(float(miss), rel=1e-15, abs=0)
        assert BOUNDS["known_prior"].greatest("H", p=0.9, P=prior) == pytest.approx(
            float(exact), rel=1e-15, abs=0
        )


class TestLists:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("M", "L", "H", "p"),
        [(10, 2, 1.5, 0.2106549172866390914175), (100, 5, 3, 0.2731300644668823484388)],
    )
    def test_golden(self, M, L, H, p):
        answer = error_bounds(conditional_entropy=H, classes=M, list_size=L)
        assert (answer.lower, answer.lower_by) == (pytest.approx(p, rel=1e-14), "fano_lists")
        one = error_bounds(conditional_entropy=H, classes=M)
        assert answer.upper == pytest.approx(one.upper * (M - L) / (M - 1), rel=1e-15)
        assert answer.upper_by == "envelope"

    def test_a_list_of_one_is_an_answer(self):
        known = {"conditional_entropy": [0.0, 0.5, 1.0], "prior": [0.5, 0.3, 0.2]}
        one, plain = error_bounds(**known, list_size=1), error_bounds(**known)
        assert (one.lower == plain.lower).all()
        assert (one.upper == plain.upper).all()
        assert (one.lower_by == plain.lower_by).all()

    def test_guessing_lists_the_likeliest_labels(self):
        answer = error_bounds(information=0.01, prior=[0.5, 0.3, 0.1, 0.1], list_size=[1, 2, 3])
        assert answer.upper == pytest.approx([0.5, 0.2, 0.1], rel=1e-15)
        assert (answer.upper_by == "guessing").all()
        assert answer.lower_by.tolist() == ["known_prior", "fano_lists", "fano_lists"]
        assert error_bounds(classes=5, list_size=2).upper == pytest.approx(0.6)
        assert answer.conditional_entropy[0].shape == (3,)

    def test_lists_of_all_that_occurs_miss_nothing(self):
        answer = error_bounds(information=0.1, prior=[0.5, 0.5, 0.0], list_size=2)
        assert (answer.lower, answer.upper, answer.lower_by) == (0, 0, "nothing")
        # one that lists the label that never occurs misses, yet not always
        assert 0.5 < answer.any_classifier[1] < 1
        assert answer.any_classifier_by == ("nothing", "fano_lists")

    @pytest.mark.parametrize("L", [2, 3])
    def test_without_classes_a_list_is_no_worse_than_one_answer(self, L):
        answer = error_bounds(conditional_entropy=0.8, list_size=L)
        assert answer.upper == error_bounds(conditional_entropy=0.8).upper

    @given(st.integers(0, 2**32 - 1))
    @settings(deadline=None, derandomize=True, max_examples=150)
    def test_the_truth_lies_inside(self, seed):
        rng = np.random.default_rng(seed)
        joint = oracle.random_joint(rng)
        rows, M = joint.shape
        if M == 2:
            return
        L = int(rng.integers(2, M))
        best = min(1 - np.sort(joint, axis=1)[:, -L:].sum(), 1.0)
        any_lists = [rng.permutation(M)[:L] for _ in range(rows)]
        some = 1 - sum(joint[x, labels].sum() for x, labels in enumerate(any_lists))
        H = oracle.measure("H", joint, oracle.bayes(joint))
        for known in [
            {"conditional_entropy": H},
            {"conditional_entropy": H, "classes": M},
            {"conditional_entropy": H, "prior": joint.sum(axis=0)},
            {"conditional_entropy": (0.9 * H, None), "prior": joint.sum(axis=0)},
        ]:
            answer = error_bounds(**known, list_size=L)
            assert answer.lower - 1e-12 <= best <= answer.upper + 1e-12
            low, high = answer.any_classifier
            assert low - 1e-12 <= best <= some + 1e-12 <= high + 2e-12


class TestOneSided:
    """An end that is not known, and the question for what then does not follow."""

    prior = (0.5, 0.3, 0.2)

    def test_information_from_below_gives_the_upper_end_only(self):
        answer = error_bounds(information=(0.3, None), prior=self.prior)
        exact = error_bounds(information=0.3, prior=self.prior)
        assert (answer.lower, answer.lower_by) == (0, "nothing")
        assert (answer.upper, answer.upper_by) == (exact.upper, exact.upper_by)

    def test_information_from_above_gives_the_lower_end_only(self):
        answer = error_bounds(information=(None, 0.3), prior=self.prior)
        exact = error_bounds(information=0.3, prior=self.prior)
        assert (answer.lower, answer.lower_by) == (exact.lower, exact.lower_by)
        assert answer.upper_by == "guessing"

    def test_entropy_from_one_side(self):
        low = error_bounds(conditional_entropy=(0.5, None), classes=3)
        assert low.lower == error_bounds(conditional_entropy=0.5, classes=3).lower
        assert low.upper_by == "guessing"
        assert error_bounds(conditional_entropy=(None, 0.5), classes=3).lower_by == "nothing"
        unlimited = error_bounds(conditional_entropy=(0.5, None))
        assert (unlimited.upper, unlimited.upper_by) == (1, "nothing")
        several = error_bounds(conditional_entropy=([0.1, 0.5], None), classes=3)
        assert several.lower.shape == (2,)

    @pytest.mark.parametrize(
        ("known", "end", "reason"),
        [
            (
                {"information": (0.3, None), "prior": prior},
                "lower",
                r"no lower bound on the error follows: the information is known from below only, "
                r"which agrees with H\(Y\|X\) = 0",
            ),
            (
                {"conditional_entropy": (None, 0.3), "classes": 3},
                "lower",
                "the conditional entropy is known from above only",
            ),
            (
                {
                    "conditional_entropy": (None, 0.9),
                    "information": (0.1, None),
                    "prior": prior,
                },
                "lower",
                "the information is known from below only and the conditional entropy is known",
            ),
            (
                {"information": 0.3, "classes": 3},
                "lower",
                r"without the prior H\(Y\) is not known, .* say prior= or conditional_entropy=",
            ),
            ({"conditional_entropy": 0.3}, "lower", "the number of classes is not known"),
            (
                {"conditional_entropy": [0.3, 0.0], "classes": 3},
                "lower",
                "may be 0, and so the error",
            ),
            (
                {"information": 0.0, "prior": prior, "list_size": 2, "conditional_entropy": 0.1},
                "lower",
                "must agree with",
            ),
            (
                {"conditional_entropy": 0.5, "classes": 3, "list_size": 2},
                "lower",
                "a list of that many labels",
            ),
            ({"conditional_entropy": (0.3, None)}, "upper", "must be known from above"),
            ({"conditional_entropy": 0.3, "classes": 2}, "best", "unknown end to require 'best'"),
        ],
    )
    def test_what_does_not_follow_is_refused(self, known, end, reason):
        with pytest.raises(ValueError, match=reason):
            error_bounds(**known, require=end)

    def test_what_follows_is_answered(self):
        known = {"conditional_entropy": 0.3, "classes": 3}
        for end in ("lower", "upper", None):
            assert error_bounds(**known, require=end) == error_bounds(**known)


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
            ({"information": (None, None), "classes": 3}, "needs at least one end"),
            (
                {"classes": 3, "list_size": 3},
                r"list_size must be at most classes - 1 = 2; got 3\.0",
            ),
            ({"prior": [0.5, 0.5], "list_size": [1, 2]}, r"got 2\.0 at index 1"),
            ({"classes": 3, "list_size": 0}, "list_size must be finite numbers at least 1"),
            ({"classes": 3, "list_size": 1.5}, "list_size must be whole numbers"),
            ({"classes": [5] * 3, "list_size": [1, 2]}, r"classes \(3,\), list_size \(2,\)"),
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
