"""Numbers of Fano's inequality for lists and for answers with a tolerance."""

import mpmath as mp
import numpy as np
import pytest

from mitheory.bounds import BOUNDS
from mitheory.bounds.fano import fano_error_lower, fano_error_upper

LISTS, RECOVERY = BOUNDS["fano_lists"], BOUNDS["approximate_recovery"]


# golden values computed at 40 digits with mpmath
@pytest.mark.parametrize(
    ("M", "L", "H", "p"),
    [(10, 2, 1.5, 0.2106549172866390914175), (100, 5, 3, 0.2731300644668823484388)],
)
def test_golden(M, L, H, p):
    assert LISTS.least("p", H=H, M=M, L=L) == pytest.approx(p, rel=1e-14)
    assert RECOVERY.least("p", H=H, M=M, Nmin=L, Nmax=L) == LISTS.least("p", H=H, M=M, L=L)


@pytest.mark.parametrize("M", [2, 3, 10, 10**6])
def test_one_label_is_the_inequality_itself(M):
    H = np.log(M) * np.array([1e-12, 0.01, 0.3, 0.7, 0.99])
    same = {"H": H, "M": M}
    assert LISTS.least("p", L=1, **same) == pytest.approx(fano_error_lower(H, M), rel=1e-13)
    assert LISTS.greatest("p", L=1, **same) == pytest.approx(fano_error_upper(H, M), rel=1e-13)


def value(p, inside, outside):
    """h(p) + p ln(outside) + (1 - p) ln(inside)."""
    rest = mp.mpf(0) if p == 1 else (1 - p) * (mp.log(inside) - mp.log1p(-p))
    return rest + (p * (mp.log(outside) - mp.log(p)) if p else 0)


def root(H, inside, outside, branch):
    """By bisection; on the lower branch in the logarithm of p."""
    top = mp.mpf(outside) / (inside + outside)
    if branch == "upper":
        if mp.log(outside) >= H:
            return mp.mpf(1)
        low, high = top, mp.mpf(1)
        for _ in range(150):
            middle = (low + high) / 2
            low, high = (middle, high) if value(middle, inside, outside) > H else (low, middle)
        return low
    low, high = mp.mpf(0), mp.mpf(1)
    while value(top * mp.exp(-high), inside, outside) > H:
        low, high = high, 2 * high
    for _ in range(150):
        middle = (low + high) / 2
        inside_ = value(top * mp.exp(-middle), inside, outside) > H
        low, high = (middle, high) if inside_ else (low, middle)
    return top * mp.exp(-low)


@pytest.mark.parametrize(
    ("M", "L"), [(3, 2), (10, 2), (10**9, 10**9 - 1), (10**9, 5), (1000, 999), (100_007, 100_000)]
)
def test_inverse_over_the_whole_domain(M, L):
    low, kink, top = (float(mp.log(n)) for n in (L, M - L, M))
    powers = 10.0 ** -np.arange(1.0, 15.0, 2)
    H = np.concatenate([low + powers, top - powers, low + (top - low) * np.linspace(0.01, 0.99, 9)])
    H = np.append(H, kink + (top - kink) * powers)
    H = H[(low < H) & (top - H >= 1e-12)]
    lower, upper = (getattr(LISTS, end)("p", H=H, M=M, L=L) for end in ("least", "greatest"))
    with mp.workdps(50):
        for h, least, most in zip(map(mp.mpf, H), lower, upper, strict=True):
            assert abs(least / root(h, L, M - L, "lower") - 1) < 1e-13
            assert abs(most / root(h, L, M - L, "upper") - 1) < 5e-13


def test_a_list_asks_for_more_entropy():
    assert LISTS.least("p", H=np.log(5), M=10, L=5) == 0
    assert LISTS.greatest("p", H=0.0, M=10, L=5) == 1
    assert LISTS.least("p", H=np.log(10), M=10, L=5) == pytest.approx(0.5, rel=1e-7)
    H = np.linspace(0, np.log(10), 50)
    errors = np.array([LISTS.least("p", H=H, M=10, L=L) for L in range(1, 10)])
    assert (np.diff(errors, axis=0) <= 0).all()
    assert (np.diff(errors, axis=1) >= 0).all()


def test_least_list_for_an_error():
    """The general inverse: lists of at least this many labels are needed."""
    L = LISTS.least("L", p=0.1, H=2.0, M=10)
    assert L == 6
    assert LISTS.value(p=0.1, H=2.0, M=10, L=L) >= 0 > LISTS.value(p=0.1, H=2.0, M=10, L=L - 1)
    assert LISTS.least("M", p=0.1, H=2.0, L=4) == 76


def test_for_uniform_labels_the_known_form_is_weaker():
    """p >= 1 - (I + ln 2)/ln(M/Nmax)."""
    M, Nmin, Nmax = 1000, 3, 9
    for information in np.linspace(0, 5, 11):
        known = 1 - (information + np.log(2)) / np.log(M / Nmax)
        found = RECOVERY.least("p", H=np.log(M) - information, M=M, Nmin=Nmin, Nmax=Nmax)
        assert found >= known


def test_sizes_out_of_range_are_refused():
    with pytest.raises(ValueError, match="L must be at most M - 1 = 9; got 10"):
        LISTS.least("p", H=1.0, M=10, L=10)
    with pytest.raises(ValueError, match="Nmin must be at most minimum"):
        RECOVERY.least("p", H=1.0, M=10, Nmin=4, Nmax=3)
    with pytest.raises(ValueError, match="Nmax must be at most M = 10"):
        RECOVERY.least("p", H=1.0, M=10, Nmin=4, Nmax=11)
