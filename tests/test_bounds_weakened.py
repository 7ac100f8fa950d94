"""Numbers of the weakened forms of Fano's inequality."""

import mpmath as mp
import numpy as np
import pytest
from conftest import ROOT

from mitheory.bounds import BOUNDS
from mitheory.bounds.fano import fano_error_lower
from mitheory.study import load

FORMS = ("fano_linear", "fano_simple", "fano_pinsker", "fano_quadratic", "fano_sqrt")
BIT = np.log(2)
DIGITS = 1300  # a root of 1e-600 is a difference of numbers near 1


# golden values computed at 40 digits with mpmath; entropies in nats
@pytest.mark.parametrize(
    ("M", "H", "linear", "simple"),
    [
        (10, 1.5, 0.36721454318439933, 0.3504117271908965),
        (100, 3, 0.5020223399336337, 0.500926725022887),
    ],
)
def test_golden_lines(M, H, linear, simple):
    assert BOUNDS["fano_linear"].least("p", H=H, M=M) == pytest.approx(linear, rel=1e-14)
    assert BOUNDS["fano_simple"].least("p", H=H, M=M) == pytest.approx(simple, rel=1e-14)


# the same, entropies in bits
@pytest.mark.parametrize(
    ("bits", "M", "quadratic", "pinsker"),
    [
        (0.8, 2, 0.183772233983162, 0.236723115226584),
        (1.5, 4, 0.34556171853545, 0.35417645322392),
        (2, 10, 0.333050282268739, 0.339045773584547),
        (3, 10, 0.644015536129175, 0.651944591114251),
        (5, 100, 0.606819168118093, 0.608500671317791),
    ],
)
def test_golden_parabolas(bits, M, quadratic, pinsker):
    H = bits * BIT
    assert BOUNDS["fano_quadratic"].least("p", H=H, M=M) == pytest.approx(quadratic, rel=2e-14)
    assert BOUNDS["fano_pinsker"].least("p", H=H, M=M) == pytest.approx(pinsker, rel=2e-14)


def test_for_two_classes_the_root_is_the_known_one():
    """p >= (1 - sqrt(1 - H^2))/2 with H in bits."""
    bits = np.linspace(0.01, 0.99, 99)
    found = BOUNDS["fano_sqrt"].least("p", H=bits * BIT, M=2)
    assert found == pytest.approx((1 - np.sqrt(1 - bits**2)) / 2, rel=1e-11)
    assert BOUNDS["fano_sqrt"].least("p", H=0.8 * BIT, M=2) == pytest.approx(0.2, rel=1e-14)


def exact(name, H, M, end):
    """The closed form at high precision, as the definition of the root has it."""
    with mp.workdps(DIGITS):
        H, K, L = mp.mpf(H), mp.log(M - 1), mp.log(2)
        if name in ("fano_linear", "fano_simple"):
            rise = K if name == "fano_linear" else mp.log(M)
            return max((H - L) / rise, mp.mpf(0)) if rise and end == "least" else mp.mpf(0)
        sign = -1 if end == "least" else 1
        if name == "fano_sqrt":
            a, b, c = K * K + 4 * L * L, 2 * H * K + 4 * L * L, H * H
            b_sign = -b
        else:
            a = mp.mpf(2) if name == "fano_pinsker" else 2 * L
            b_sign, c = -(a + K), H - L + a / 4
        root = (-b_sign + sign * mp.sqrt(max(b_sign**2 - 4 * a * c, 0))) / (2 * a)
        at_1 = K if name == "fano_sqrt" else L - a / 4 + K
        if end == "greatest" and at_1 >= H:
            return mp.mpf(1)
        return max(root, mp.mpf(0))


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("M", [2, 3, 4, 10, 1000, 10**6, 10**9])
def test_inverse_over_the_whole_domain(name, M):
    top = float(mp.log(M))
    H = np.concatenate(
        [
            10.0 ** np.array([-300, -100, -20, -10, -5]),
            top * np.linspace(0.02, 0.98, 49),
            top - 10.0 ** -np.arange(1.0, 13.0),
        ]
    )
    H = H[(H > 0) & (top - H >= 1e-12)]
    for end in ("least", "greatest"):
        if f"{end} p" not in BOUNDS[name].numeric:
            continue
        for h, found in zip(H, getattr(BOUNDS[name], end)("p", H=H, M=M), strict=True):
            truth = exact(name, h, M, end)
            assert abs(found - truth) <= 1e-13 * truth + 5e-324, h  # at most an underflow


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_weaker_than_the_one_said_to_dominate_it(name):
    for M in (2, 3, 10, 1000):
        H = np.log(M) * np.linspace(1e-6, 1 - 1e-9, 501)
        own = BOUNDS[name].least("p", H=H, M=M)
        stronger = BOUNDS[BOUNDS[name].dominated_by].least("p", H=H, M=M)
        assert (own <= stronger * (1 + 1e-13) + 1e-15).all()
        assert (own <= fano_error_lower(H, M) * (1 + 1e-13)).all()


def test_the_slack_counts_where_the_bound_exceeds_ln_M():
    linear = BOUNDS["fano_linear"]
    assert linear.greatest("H", p=0.9, M=3) == pytest.approx(np.log(3), rel=1e-15)
    assert linear.value(p=0.9, M=3) == pytest.approx(np.log(3), rel=1e-15)
    slack = linear.value(p=[0.1, 0.9], M=3, H=1.0)
    assert slack == pytest.approx(np.log(2) + np.array([0.1, 0.9]) * np.log(2) - 1, rel=1e-14)


def test_two_classes_leave_the_linear_form_without_an_answer():
    assert BOUNDS["fano_linear"].least("p", H=np.log(2), M=2) == 0


class TestRememberedForm:
    """The form that bounds what is left after an error by the whole entropy is no theorem."""

    study = load(ROOT / "validation" / "remembered_form.py")

    def cell(self, classes, entropies):
        return self.study.compute({"classes": classes, "entropies": entropies})

    # golden values computed at 40 digits with mpmath
    @pytest.mark.parametrize(
        ("classes", "entropies", "slack", "error"),
        [
            (2, "bits", 0.2770, None),
            (3, "bits", 0.1009, 0.2204),
            (4, "bits", -0.0448, 0.27825),
            (11, "nats", 0.0116, 0.3168),
            (12, "nats", -0.0192, 0.329),
        ],
    )
    def test_golden(self, classes, entropies, slack, error):
        cell = self.cell(classes, entropies)
        assert cell["value"] == pytest.approx(slack, abs=5e-5)
        assert error is None or cell["error"] == pytest.approx(error, abs=5e-5)
        assert (cell["claimed"] > cell["error"]) == (slack < 0)

    def test_the_minimum_is_the_least_over_a_grid(self):
        p = np.linspace(1e-6, 0.75, 20_001)
        for entropies, unit in (("bits", BIT), ("nats", 1.0)):
            slack = 2 * p + 0.5 / (1 - p) - BOUNDS["fano"].value(p=p, M=4) / unit
            least = self.cell(4, entropies)["value"]
            assert least <= slack.min() <= least + 1e-7

    def test_verdict(self):
        cells = [self.cell(m, u) for m in (2, 3, 4, 11, 12, 50) for u in ("bits", "nats")]
        verdict = self.study.verdict(cells)
        assert verdict.status == "holds"
        assert "at 4 classes by the law (0.72173, 0.09276 x 3)" in verdict.figure
        assert "whose error is 0.27827 where the form claims at least 0.29331" in verdict.figure
        # a form that survives, or one refuted too early, is another domain than the one claimed
        for classes, change in ((4, 1.0), (3, -1.0)):
            other = [{**c, "value": change} if c["classes"] == classes else c for c in cells]
            assert self.study.verdict(other).status == "does not hold"

    def test_with_the_number_of_classes_it_is_the_quadratic_bound(self):
        """Where ln(M - 1) is the entropy, both forms are one: that is the error in it."""
        for classes in (5, 17):
            bits = np.log2(classes - 1)
            form = max((2 + bits - np.hypot(bits - 2, 2)) / 4, 0)
            bound = BOUNDS["fano_quadratic"].least("p", H=bits * BIT, M=classes)
            assert form == pytest.approx(bound, rel=1e-12)
