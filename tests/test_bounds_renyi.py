"""The bounds of any order: entropies, bounds and inverses, the best over the orders."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS
from mitheory.bounds.renyi import arimoto_renyi_entropy, renyi_error_bounds
from mitheory.kernels import renyi as kernels

FANO, ENVELOPE = BOUNDS["arimoto_fano"], BOUNDS["arimoto_envelope"]
JOINT = np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]])
ORDERS = [1e-3, 0.1, 0.5, 0.9, 1 - 1e-9, 1 + 1e-9, 1.5, 2.0, 10.0, 99.5, 1e3, 1e6]


def exact_entropy(joint, a):
    """By the definition, at 400 digits."""
    with mp.workdps(oracle.DIGITS_BELOW_1E300):
        a = mp.mpf(a)
        rows = [[mp.mpf(float(q)) for q in row if q > 0] for row in joint]
        total = mp.fsum(mp.fsum(row) for row in rows)
        if a == 1:
            return mp.fsum(-q * mp.log(q / mp.fsum(row)) for row in rows for q in row) / total
        norms = mp.fsum(mp.fsum(q**a for q in row) ** (1 / a) for row in rows)
        return a / (1 - a) * mp.log(norms / total)


def exact_fano(p, M, a):
    p, M, a = mp.mpf(p), mp.mpf(M), mp.mpf(a)
    if a == 1:
        return oracle.fano(p, M)
    return mp.log((1 - p) ** a + (M - 1) ** (1 - a) * p**a) / (1 - a)


class TestEntropy:
    @pytest.mark.parametrize("order", [*ORDERS, 1.0])
    def test_agrees_with_the_definition(self, order):
        rng = np.random.default_rng(3)
        laws = [rng.dirichlet(np.full(12, c)).reshape(3, 4) for c in (0.05, 0.5, 5.0)]
        nearly_certain = np.array([[1 - 1e-9, 1e-9 - 1e-30, 1e-30]])
        for joint in [JOINT, *laws, nearly_certain]:
            exact = exact_entropy(joint, order)
            assert arimoto_renyi_entropy(joint, order) == pytest.approx(float(exact), rel=2e-13)

    def test_special_orders(self):
        H = oracle.entropy(JOINT) - oracle.entropy(JOINT.sum(axis=1))
        assert pytest.approx(0.800468808685157, rel=1e-14) == H
        assert arimoto_renyi_entropy(JOINT, 1.0) == pytest.approx(H, rel=1e-14)
        # of order infinity: -ln(1 - Bayes error)
        assert arimoto_renyi_entropy(JOINT, 1e6) == pytest.approx(-np.log(0.7), rel=3e-6)
        assert arimoto_renyi_entropy(np.full((2, 3), 1 / 6), 0.3) == pytest.approx(np.log(3))
        assert arimoto_renyi_entropy(np.eye(3) / 3, 0.3) == 0

    @given(st.floats(0.01, 50), st.floats(0.01, 50))
    @settings(deadline=None, derandomize=True, max_examples=100)
    def test_falls_in_the_order(self, a, b):
        low, high = sorted((a, b))
        assert arimoto_renyi_entropy(JOINT, high) <= arimoto_renyi_entropy(JOINT, low) + 1e-14

    def test_ignores_what_never_occurs(self):
        padded = np.zeros((5, 5))
        padded[:3, :3] = JOINT
        for order in ORDERS:
            assert arimoto_renyi_entropy(padded, order) == pytest.approx(
                arimoto_renyi_entropy(JOINT, order), rel=1e-13
            )

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="joint must have 2 dimension"):
            arimoto_renyi_entropy([0.5, 0.5], 2.0)
        with pytest.raises(ValueError, match=r"order must be a finite number at least 0\.001"):
            arimoto_renyi_entropy(JOINT, 0.0)
        with pytest.raises(ValueError, match="order must be a finite number"):
            arimoto_renyi_entropy(JOINT, np.inf)


class TestBounds:
    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("M", "p", "a", "most", "least"),
        [
            (3, 0.1, 0.5, 0.6670742862486150430932, 0.1823215567939546262117),
            (3, 0.1, 2, 0.2045671657412743433883, 0.1207289293162036979369),
            (10, 0.3, 2, 0.6931471805599453094172, 0.3865286573499739576883),
            (10, 0.3, 0.5, 1.816378163147241198948, 0.4700036292457355536509),
        ],
    )
    def test_golden(self, M, p, a, most, least):
        assert FANO.value(p=p, M=M, a=a) == pytest.approx(most, rel=1e-14)
        assert ENVELOPE.value(p=p, a=a) == pytest.approx(least, rel=1e-14)
        assert FANO.least("p", Ha=most, M=M, a=a) == pytest.approx(p, rel=1e-13)
        assert ENVELOPE.greatest("p", Ha=least, a=a) == pytest.approx(p, rel=1e-13)

    @pytest.mark.parametrize(
        ("a", "p"), [(0.5, 0.285878675346802), (1.0, 0.288307498153317), (10, 0.299997402145436)]
    )
    def test_worked_example(self, a, p):
        H = arimoto_renyi_entropy(JOINT, a)
        assert FANO.least("p", Ha=H, M=3, a=a) == pytest.approx(p, rel=1e-13)

    def test_order_1_is_the_shannon_case(self):
        p = np.array([1e-300, 1e-9, 0.1, 0.5, 0.62, 0.9, 1.0])
        for M in (2, 3, 1000, 10**9):
            assert FANO.value(p=p, M=M, a=1) == pytest.approx(
                BOUNDS["fano"].value(p=p, M=M), rel=1e-13
            )
            H = np.log(M) * np.array([1e-12, 0.1, 0.5, 0.99, 1.0])
            for end in ("least", "greatest"):
                assert getattr(FANO, end)("p", Ha=H, M=M, a=1) == pytest.approx(
                    getattr(BOUNDS["fano"], end)("p", H=H, M=M), rel=1e-12
                )
        assert ENVELOPE.value(p=p[:-1], a=1) == pytest.approx(
            BOUNDS["envelope"].value(p=p[:-1]), rel=1e-14
        )
        assert ENVELOPE.greatest("p", Ha=H, a=1) == pytest.approx(
            BOUNDS["envelope"].greatest("p", H=H), rel=1e-14
        )
        assert ENVELOPE.least("Ha", p=0.5, a=1, k=1) == pytest.approx(np.log(2), rel=1e-14)

    def test_large_orders_are_exact(self):
        p = np.array([0.05, 0.3, 0.6])
        exact = -np.log1p(-p)
        assert FANO.value(p=p, M=10, a=1e6) == pytest.approx(exact, rel=1e-5)
        assert ENVELOPE.value(p=p, a=1e6) == pytest.approx(exact, rel=1e-5)

    @pytest.mark.parametrize("M", [2, 3, 10, 1000, 10**9])
    @pytest.mark.parametrize("a", [*ORDERS, 1.0])
    def test_fano_and_its_inverse_over_the_whole_domain(self, M, a):
        """Both branches to 1e-12, from p = 1e-300 to ln M - 1e-12."""
        top = float(mp.log(M))
        p = [1e-300, 1e-100, 1e-12, 0.003, 0.1, 0.3, 0.49999999, 0.6, 0.9, 0.9989, 1 - 1e-9]
        near = [top - d for d in (1e-12, 1e-9, 1e-5, 1e-3 * top, 0.4 / M, 0.9 / M)]
        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            exact = [exact_fano(q, M, a) for q in p]
            values = FANO.value(p=p, M=M, a=a)
            assert values == pytest.approx([float(e) for e in exact], rel=1e-13)
            H = np.array([h for h in [*near, *map(float, exact)] if 1e-280 < h < top])
            for end, side in (("least", -1), ("greatest", 1)):
                roots = getattr(FANO, end)("p", Ha=H, M=M, a=a)
                for h, root in zip(H, roots, strict=True):
                    if root < 1e-290 or root == 1.0:
                        continue
                    r, step = mp.mpf(root), mp.mpf(root) * mp.mpf("1e-12")
                    assert exact_fano(r - side * step, M, a) >= h, (end, h)
                    if r + step < 1:
                        assert exact_fano(r + side * step, M, a) < h, (end, h)

    def test_ends_of_the_branches(self):
        for a in ORDERS:
            assert FANO.least("p", Ha=0.0, M=5, a=a) == 0
            assert FANO.greatest("p", Ha=np.log(4), M=5, a=a) == 1
            # the inverse is a square root of the deficit, here that of ln 5 as a double
            assert FANO.least("p", Ha=np.log(5), M=5, a=a) == pytest.approx(0.8, abs=1e-6)
            assert FANO.greatest("p", Ha=np.log(5), M=5, a=a) == pytest.approx(0.8, abs=1e-6)
            assert FANO.value(p=1.0, M=5, a=a) == pytest.approx(np.log(4), rel=1e-14)
            assert FANO.value(p=0.8, M=5, a=a) <= np.log(5)
            assert ENVELOPE.value(p=1.0, a=a) == np.inf
            assert ENVELOPE.greatest("p", Ha=1000.0, a=a) == 1

    @pytest.mark.parametrize("a", [*ORDERS, 1.0])
    def test_envelope_against_all_lines(self, a):
        """The least and the greatest over 60 lines, at 400 digits."""
        s = (1 - mp.mpf(a)) / mp.mpf(a)

        def line(k, p):
            rise = (mp.mpf(k + 1) / k) ** s - 1
            y = 1 + k * (k + 1) * rise * (mp.mpf(p) - 1 + mp.mpf(1) / k)
            if y <= 0:
                return -mp.inf
            slope = k * (k + 1) * mp.log(mp.mpf(k + 1) / k)
            shannon = slope * (mp.mpf(p) - 1 + mp.mpf(1) / k)
            return mp.log(k) + (mp.log(y) / s if s else shannon)

        with mp.workdps(oracle.DIGITS_BELOW_1E300):
            vertices = [1 - 1 / k for k in range(2, 12)]
            tried = [1e-12, 0.003, 0.2, 0.5, 0.6, 0.9, *vertices, *np.nextafter(vertices, 0)]
            for p in tried:
                exact = max(line(k, p) for k in range(1, 61))
                assert ENVELOPE.value(p=p, a=a) == pytest.approx(float(exact), rel=1e-13), p

    def test_inverse_of_the_envelope(self):
        for a in ORDERS:
            for p in [1e-5, 0.01, 0.3, 0.5, 0.58, 0.8, 0.93]:
                H = ENVELOPE.value(p=p, a=a)
                assert ENVELOPE.greatest("p", Ha=H, a=a) == pytest.approx(p, rel=1e-11)

    def test_a_line_that_is_negative_says_nothing(self):
        assert ENVELOPE.least("Ha", p=0.0, a=0.5, k=3) == 0
        assert ENVELOPE.value(p=0.0, Ha=0.3, a=0.5, k=3) == np.inf

    def test_orders_out_of_range_are_refused(self):
        for a in (0.0, -1.0, np.inf, 1e7):
            with pytest.raises(ValueError, match=r"a must be finite numbers at least 0\.001"):
                FANO.value(p=0.1, M=3, a=a)


class TestBest:
    def test_a_joint_law_gives_its_bayes_error(self):
        found = renyi_error_bounds(JOINT)
        assert found.lower == pytest.approx(0.3, rel=1e-5)
        assert 0.3 <= found.upper < 0.3005
        assert found.lower <= 0.3 + 1e-15
        assert found.lower_order > 5

    def test_few_orders(self):
        found = renyi_error_bounds(JOINT, orders=(0.5, 2.0))
        tried = np.geomspace(0.5, 2.0, 200)
        H = [arimoto_renyi_entropy(JOINT, a) for a in tried]
        lower = FANO.least("p", Ha=H, a=tried, M=3)
        upper = ENVELOPE.greatest("p", Ha=H, a=tried)
        assert found.lower >= lower.max() - 1e-9
        assert found.upper <= upper.min() + 1e-9
        one = renyi_error_bounds(JOINT, orders=(1.0, 1.0))
        assert (one.lower, one.upper) == pytest.approx((0.288307498153317, 0.544114617172181))

    def test_no_order_of_many_is_better(self):
        joint = np.array([[0.5, 0.1, 0.0, 0.0], [0.1, 0.1, 0.1, 0.1]])
        tried = np.geomspace(1e-3, 2.0, 2_000)
        H = [arimoto_renyi_entropy(joint, a) for a in tried]
        best = FANO.least("p", Ha=H, a=tried, M=4).max()
        assert renyi_error_bounds(joint, orders=(1e-3, 2.0)).lower >= best - 1e-8

    def test_known_entropies(self):
        H = {a: arimoto_renyi_entropy(JOINT, a) for a in (0.5, 1, 10)}
        found = renyi_error_bounds(H, classes=3)
        assert found.lower == pytest.approx(0.299997402145436, rel=1e-13)
        assert (found.lower_order, found.upper_order) == (10, 10)
        assert found.lower <= 0.3 <= found.upper

    def test_a_certain_label(self):
        found = renyi_error_bounds([[0.4, 0.0], [0.6, 0.0]])
        assert (found.lower, found.upper) == (0, 0)

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="leave out classes=3"):
            renyi_error_bounds(JOINT, classes=3)
        with pytest.raises(ValueError, match=r"orders must be \(least, greatest\)"):
            renyi_error_bounds(JOINT, orders=(2.0, 1.0))
        with pytest.raises(ValueError, match=r"orders must be a finite number at least 0\.001"):
            renyi_error_bounds(JOINT, orders=(0.0, 1.0))
        with pytest.raises(ValueError, match="classes must be given"):
            renyi_error_bounds({1.0: 0.5})
        with pytest.raises(ValueError, match="at least one entropy"):
            renyi_error_bounds({}, classes=3)
        with pytest.raises(ValueError, match="entropy of order 2 must be a finite number"):
            renyi_error_bounds({2.0: -0.5}, classes=3)
        with pytest.raises(ValueError, match="Ha must be at most ln M"):
            renyi_error_bounds({2.0: 1.5}, classes=3)
        with pytest.raises(ValueError, match="contradict each other: order 50 asks"):
            renyi_error_bounds({0.5: 0.01, 50.0: 0.9}, classes=3)


def test_the_root_search_is_vectorised():
    rng = np.random.default_rng(5)
    H = rng.uniform(0, np.log(10), 2_000)
    M, a = np.full(H.size, 10.0), 10 ** rng.uniform(-2, 3, H.size)
    p = kernels.lower(H, M, a)
    assert kernels.entropy(p, M, a) == pytest.approx(H, rel=1e-9)
    assert (kernels.upper(H, M, a) >= 0.9).all()
