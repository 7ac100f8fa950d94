"""Numbers of the lower envelope of the entropy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.fano import fano_error_lower

ENVELOPE = BOUNDS["envelope"]


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

    def test_latex_says_that_every_line_is_a_bound(self):
        assert ENVELOPE.latex().endswith(r", \quad \text{for every } k = 1, 2, \dots")

    def test_an_auxiliary_symbol_without_a_best_value_must_be_given(self):
        free = replace(ENVELOPE, formula="H**2 - k*p**2", best={"p": {"k": "2.0"}}, numeric={})
        assert free.bounded is None
        assert free.value(H=2.0, p=1.0, k=3) == 1.0
        with pytest.raises(ValueError, match="needs k as well"):
            free.value(H=2.0, p=1.0)

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


class TestMinorants:
    @pytest.mark.parametrize(
        ("H", "hellman_raviv", "min_entropy"),
        [
            (0.5, 0.3606737602222409, 0.3934693402873666),
            (1.0, 0.7213475204444817, 0.6321205588285577),
            (0.800468808685157, 0.5774161903381861, 0.5508816358342489),
        ],
    )
    def test_golden(self, H, hellman_raviv, min_entropy):
        assert BOUNDS["hellman_raviv"].greatest("p", H=H) == pytest.approx(hellman_raviv, rel=1e-14)
        assert BOUNDS["min_entropy"].greatest("p", H=H) == pytest.approx(min_entropy, rel=1e-14)

    def test_both_lie_on_or_above_the_envelope(self):
        H = np.concatenate([10.0 ** np.arange(-300, -1, 13), np.linspace(0.01, 40, 2001)])
        sharp = envelope_error_upper(H)
        first_line = BOUNDS["hellman_raviv"].greatest("p", H=H)
        assert (first_line >= sharp * (1 - 1e-15)).all()
        assert first_line[np.log(2) >= H] == pytest.approx(sharp[np.log(2) >= H], rel=1e-15)
        assert (BOUNDS["min_entropy"].greatest("p", H=H) >= sharp * (1 - 1e-15)).all()

    def test_ends(self):
        assert BOUNDS["hellman_raviv"].greatest("p", H=5.0) == 1
        assert BOUNDS["min_entropy"].least("H", p=1.0) == np.inf
        assert BOUNDS["min_entropy"].greatest("p", H=1000.0) == 1
