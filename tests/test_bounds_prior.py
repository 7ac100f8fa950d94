"""The bound for a known prior: its numbers, and the reading of vectors that it needs."""

import mpmath as mp
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle
from oracles import prior as slow

from mitheory.bounds import BOUNDS
from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import DerivationError, Reader, is_nonnegative, vanishes
from mitheory.bounds.derivation import Derivation
from mitheory.bounds.expressions import Quantity, evaluate, read, symbol
from mitheory.bounds.fano import fano_error_lower
from mitheory.bounds.prior import prior_error_lower
from mitheory.bounds.proof import Axiom, Identity, Proof, Use

BOUND = BOUNDS["known_prior"]
SKEWED = (0.7, 0.2, 0.05, 0.03, 0.02)
EVEN = (0.5, 0.3, 0.2)
LAWS = [
    SKEWED,
    EVEN,
    (0.5, 0.5),
    (0.9, 0.1),
    (1 - 1e-10, 1e-10),
    (0.4, 0.4, 0.2),
    (0.375, 0.375, 0.25),
    (1 / 3, 1 / 3, 1 / 3),
    (0.5, 0.25, 0.25 - 2.0**-40, 2.0**-40),
    (0.3, 0.3, 0.3 - 1e-9, 0.1 + 1e-9),
    (1e-17, 1e-16, 0.1, 0.9),
    (0.25,) * 4,
    *(np.random.default_rng(7).dirichlet(np.full(20, a)) for a in (0.2, 1.0, 100.0)),
]


class TestNumbers:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("P", "p", "H"),
        [
            (EVEN, 0.05, 0.2331726023738698218975),
            (EVEN, 0.15, 0.5266811648899826679264),
            (EVEN, 0.25, 0.7356219397587946776423),
            (SKEWED, 0.05, 0.2678299614018670873684),
            (SKEWED, 0.15, 0.621151514456670147023),
        ],
    )
    def test_golden(self, P, p, H):
        assert BOUND.value(p=p, P=P) == pytest.approx(H, rel=1e-15)

    @pytest.mark.parametrize(
        ("P", "H", "p"),
        [(SKEWED, 0.5, 0.110725332599325758416), (EVEN, 0.5, 0.1392021158034859254704)],
    )
    def test_golden_inverse(self, P, H, p):
        assert prior_error_lower(H, P) == pytest.approx(p, rel=1e-15)

    @pytest.mark.parametrize("P", LAWS, ids=range(len(LAWS)))
    def test_both_directions_over_the_whole_domain(self, P):
        with mp.workdps(60):
            exact = slow.exactly(np.asarray(P) / np.sum(P))
            top = float(slow.entropy(exact))
            H = [1e-300, 1e-20, 1e-12, 1e-5, *(top * np.linspace(0.05, 0.95, 6))]
            H = [h for h in [*H, *(top - 10.0 ** -np.arange(1.0, 13.0))] if 0 < h <= top - 1e-12]
            found = prior_error_lower(H, P)
            back = BOUND.greatest("H", p=found, P=P)
            for h, p, again in zip(H, found, back, strict=True):
                truth = slow.least_error(mp.mpf(h), exact)
                assert abs(p - truth) <= 1e-14 * truth, h
                assert abs(again / slow.greatest_entropy(mp.mpf(p), exact) - 1) <= 1e-14

    def test_ends(self):
        assert prior_error_lower(0.0, SKEWED) == 0
        assert BOUND.value(p=0.0, P=SKEWED) == 0
        top = oracle.entropy(SKEWED)
        for H in (top, top + 9e-13):
            assert prior_error_lower(H, SKEWED) == pytest.approx(0.3, rel=1e-12)
        for p in (0.3, 0.7, 1.0):
            assert BOUND.value(p=p, P=SKEWED) == pytest.approx(top, rel=1e-15)
        assert BOUND.greatest("p", H=0.3, P=SKEWED) == 1
        assert BOUND.least("H", p=0.1, P=SKEWED) == 0
        assert prior_error_lower(0.0, [1.0]) == prior_error_lower(0.0, [0.0, 1.0]) == 0
        assert BOUND.value(p=0.2, P=[1.0]) == BOUND.value(p=0.2, P=[1.0], H=0.0) == 0

    def test_order_and_absent_classes_do_not_count(self):
        rng = np.random.default_rng(3)
        H = np.linspace(0, 0.9, 7)
        for _ in range(5):
            shuffled = rng.permutation([*SKEWED, 0.0, 0.0])
            assert (prior_error_lower(H, shuffled) == prior_error_lower(H, SKEWED)).all()

    def test_many_classes_and_many_entropies(self):
        P = np.random.default_rng(5).dirichlet(np.ones(100_000))
        H = np.linspace(0.01, 0.99, 1000) * oracle.entropy(P)
        p = prior_error_lower(H, P)
        assert (np.diff(p) > 0).all()
        assert BOUND.value(p=p, P=P) == pytest.approx(H, rel=1e-13)

    def test_a_batch_of_priors(self):
        laws = np.array([[0.5, 0.3, 0.2], [0.8, 0.1, 0.1]])
        H = np.array([[0.1], [0.2], [0.3]])
        p = prior_error_lower(H, laws)
        assert p.shape == (3, 2)
        for i, j in np.ndindex(3, 2):
            assert p[i, j] == prior_error_lower(H[i, 0], laws[j])
        assert BOUND.greatest("H", p=p, P=laws) == pytest.approx(np.broadcast_to(H, (3, 2)))

    @pytest.mark.parametrize(
        ("H", "P", "message"),
        [
            (0.9, (0.8, 0.2), r"H must be at most entropy\(P\) = 0\.5004"),
            (-0.1, (0.8, 0.2), "H must be finite numbers at least 0"),
            (
                0.1,
                (0.8, 0.3),
                r"P must sum to 1 along the last axis \(divide by the sum first\); got 1.1",
            ),
            (0.1, (1.2, -0.2), "P must be non-negative; got -0.2 at index 1"),
            (0.1, (np.nan, 0.2), "P must be finite"),
            (0.1, 0.5, r"P must have its classes on the last axis; got shape \(\)"),
            ([0.1] * 3, [[0.5, 0.5]] * 2, r"must broadcast .* H \(3,\), P \(2,\)"),
        ],
    )
    def test_refusals(self, H, P, message):
        with pytest.raises(ValueError, match=message):
            prior_error_lower(H, P)

    def test_a_prior_of_words(self):
        with pytest.raises(TypeError, match="P must be real numbers"):
            prior_error_lower(0.1, ["a", "b"])


def some_law(seed):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(int(rng.integers(2, 12)), 10 ** rng.uniform(-1, 1.5)))


class TestTheTheorem:
    @pytest.mark.parametrize("slope", [0.5, 1.5, 3.0])
    @pytest.mark.parametrize("P", [SKEWED, EVEN, (0.6, 0.2, 0.1, 0.1)])
    def test_is_the_rate_distortion_function(self, P, slope):
        """A convex programme solved with no water level: Blahut's algorithm."""
        p, information = slow.rate_distortion(P, slope)
        H = oracle.entropy(P) - information
        assert BOUND.value(p=p, P=P) == pytest.approx(H, abs=2e-6)
        assert BOUND.value(p=p, P=P) >= H - 1e-12

    @given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1))
    @settings(deadline=None, derandomize=True, max_examples=100)
    def test_is_the_lower_envelope_of_its_lines(self, seed, theta):
        P = some_law(seed)
        exact = slow.exactly(P)
        for p in np.linspace(0.01, 1, 9):
            line = float(slow.line(mp.mpf(theta), mp.mpf(p), exact))
            assert BOUND.greatest("H", p=p, P=P, theta=theta) == pytest.approx(
                min(max(line, 0.0), oracle.entropy(P)), abs=1e-14
            )
            assert BOUND.greatest("H", p=p, P=P) <= line + 1e-14
            level = float(evaluate("water_level(p, P)", {"p": p, "P": P}))
            at_best = BOUND.greatest("H", p=p, P=P, theta=level)
            assert at_best == pytest.approx(BOUND.greatest("H", p=p, P=P), abs=1e-13)

    @given(st.integers(0, 2**32 - 1), st.floats(0, 1))
    @settings(deadline=None, derandomize=True, max_examples=100)
    def test_is_at_least_as_sharp_as_fano(self, seed, share):
        P = some_law(seed)
        H = share * oracle.entropy(P)
        fano, sharp = fano_error_lower(H, P.size), prior_error_lower(H, P)
        assert sharp >= fano * (1 - 1e-14)
        assert sharp <= 1 - P.max() + 1e-15
        if sharp <= (P.size - 1) * P.min() or P.size == 2:
            assert sharp == pytest.approx(fano, rel=1e-12)

    def test_two_equal_or_uniform_priors_are_fano(self):
        H = np.linspace(0, 1, 11)[:-1]
        assert prior_error_lower(H * np.log(4), [0.25] * 4) == pytest.approx(
            fano_error_lower(H * np.log(4), 4), rel=1e-13
        )

    @pytest.mark.parametrize("P", LAWS[:9], ids=range(9))
    def test_the_optimal_channel_has_the_prior(self, P):
        for share in (0.0, 0.2, 0.7, 0.999):
            p = share * (1 - max(P))
            joint = BOUND.tight(p, P)
            assert joint.sum(axis=0) == pytest.approx(np.asarray(P) / np.sum(P), abs=1e-15)
            assert (joint >= 0).all()


class TestVectors:
    """Text with a vector, read exactly and in floating point."""

    def test_evaluate_keeps_the_classes_on_the_last_axis(self):
        values = {"P": np.array([0.5, 0.3, 0.2]), "theta": np.array([[0.1], [0.4]])}
        levels = evaluate("total(maximum(P - theta, 0))", values)
        assert levels.shape == (2, 1)
        assert levels.ravel() == pytest.approx([0.7, 0.1])

    def test_substitution_does_not_reach_into_a_sum(self):
        P, theta = symbol("P"), symbol("theta")
        assert read("total(P*theta) + P").subs(P, 2) == read("total(P*theta)") + 2
        assert read("total(P*theta)").subs(theta, 2) == read("total(2*P)")

    def test_latex(self):
        text = BOUND.latex()
        assert r"\sum_j P_{j} \ln" in text
        assert r"\text{for every } \theta \in (0, 1]" in text
        assert "P_y" not in text  # no class stands outside a sum

    @pytest.mark.parametrize(
        ("text", "is_zero"),
        [
            ("total(2*P + theta*P) - (2 + theta)*total(P)", True),
            ("total(P*log(P/theta)) + entropy(P) + log(theta)*total(P)", True),
            ("total(P)*P - total(P*P)", False),
            ("total(P**2) - total(P)**2", False),
            ("maximum(P, theta) - theta - maximum(P - theta, 0)", True),
            ("maximum(P, theta) + maximum(-P, -theta) - maximum(P - theta, 0)", False),
            ("maximum(P, theta)*maximum(theta, P) - maximum(P, theta)**2", True),
            ("maximum(P - theta, 0) - maximum(theta - P, 0) - P + theta", True),
            ("maximum(P - theta, 0) - P + theta", False),
            ("total(maximum(P, theta)) - maximum(P, theta)", False),
        ],
    )
    def test_identities(self, text, is_zero):
        assert vanishes(read(text)) is is_zero

    def test_nonnegative_sums(self):
        assert is_nonnegative(read("total(maximum(P - theta, 0))/maximum(P, theta)"))
        assert not is_nonnegative(read("total(P - theta)"))


GIBBS = {"right": "2", "wrong": "1/3", "weight": "P", "unused": "v"}
MASS = "total(P)/3 + 5*P/3 = 1 - v"
CODE = "H(Y|Yhat) <= entropy(P) + p*log(3) - (1 - p)*log(2)"


class TestRules:
    """Each condition of the axioms that only this kind of bound uses."""

    @staticmethod
    def check(rule, claim, used=(), **given):
        reader = Reader({"v": Quantity("a number", 0), "x": Quantity("a number", 0)})
        RULES[rule].check(
            reader.claim(claim),
            [reader.claim(text) for text in used],
            {name: reader.expression(text) for name, text in given.items()},
        )

    def test_sum(self):
        self.check("sum", "total(P**2) <= total(P)", ["P**2 <= P"])
        for claim, used, reason in [
            ("total(P**2) = total(P)", "P**2 <= P", "of one kind"),
            ("total(P**2) <= P", "P**2 <= P", "must be the sum"),
            ("total(v*P) <= total(v)", "v*P <= v", "no other quantity"),
        ]:
            with pytest.raises(DerivationError, match=reason):
                self.check("sum", claim, [used])

    def test_gibbs(self):
        self.check("gibbs' inequality", CODE, [MASS], **GIBBS)
        for claim, used, change, reason in [
            (CODE.replace("Yhat", "X"), MASS, {}, r"must be H\(Y\|Yhat\)"),
            (CODE.replace("<=", "="), MASS, {}, "entropy <= code length"),
            (CODE, MASS.replace(" = ", " <= "), {}, "entropy <= code length"),
            (CODE, MASS.replace("5", "4"), {}, "whatever the answer"),
            (CODE, MASS, {"unused": "-v"}, "must be non-negative"),
            (CODE, MASS, {"wrong": "-1/3"}, "must be non-negative"),
            (CODE.replace("log(3)", "log(4)"), MASS, {}, "the mean of -ln q"),
        ]:
            with pytest.raises(DerivationError, match=reason):
                self.check("gibbs' inequality", claim, [used], **{**GIBBS, **change})

    def test_a_step_that_fails_for_one_class_is_refuted(self):
        proof = Proof(
            steps=(
                Axiom(name="even", claim="P = 1/2", rule="definition"),
                Identity(name="goal", claim="P <= 1/2", uses=(Use(step="even", times="1"),)),
            ),
            witnesses=lambda: ({"P": (0.5, 0.25, 0.25)},),
        )
        goal = sympy.Rational(1, 2) - symbol("P")
        with pytest.raises(DerivationError, match=r"'even': P = 1/2 fails by 0\.25"):
            Derivation("a test", goal, proof).check()
