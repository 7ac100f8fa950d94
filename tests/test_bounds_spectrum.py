"""The bounds from the information spectrum, and the best over all thresholds."""

import numpy as np
import pytest
from oracles import bounds as oracle

from mitheory.bounds import BOUNDS
from mitheory.bounds.spectrum import posterior_spectrum, spectrum_error_lower

POOR, VERDU = BOUNDS["poor_verdu"], BOUNDS["verdu_han"]
JOINT = np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]])


def plain_spectrum(joint, b):
    """P[P(Y|X) <= b], one cell after the other."""
    x = joint.sum(axis=1)
    return sum(
        joint[i, y] for i, y in np.ndindex(joint.shape) if joint[i, y] / max(x[i], 1e-300) <= b
    )


def test_worked_example():
    """The best bounds of both kinds are 0.25, the Bayes error 0.3."""
    lower, b = spectrum_error_lower(JOINT)
    assert lower == pytest.approx(0.25, rel=1e-14)
    thresholds, F = posterior_spectrum(JOINT)
    assert VERDU.least("p", b=thresholds, F=F).max() == pytest.approx(0.25, rel=1e-13)
    assert b in thresholds


def test_spectrum_by_enumeration():
    rng = np.random.default_rng(2)
    for _ in range(50):
        joint = oracle.random_joint(rng)
        b, F = posterior_spectrum(joint)
        assert (np.diff(b) > 0).all()
        assert F[-1] == 1
        for i in range(0, b.size, 5):
            # a posterior that is equal up to rounding may stand on either side
            low, high = (plain_spectrum(joint, b[i] * (1 + e)) for e in (-1e-14, 1e-14))
            assert low - 1e-13 <= F[i] <= high + 1e-13


def test_the_best_threshold_is_a_posterior():
    rng = np.random.default_rng(4)
    for _ in range(50):
        joint = oracle.random_joint(rng)
        best, _ = spectrum_error_lower(joint)
        error = oracle.error(joint, oracle.bayes(joint))
        assert best <= error + 1e-13
        for b in rng.uniform(size=10):
            F = min(plain_spectrum(joint, b), 1.0)
            assert POOR.least("p", b=b, F=F) <= best + 1e-13
            assert VERDU.least("p", b=b, F=F) <= POOR.least("p", b=b, F=F) + 1e-15


def test_other_unknowns():
    assert POOR.greatest("F", p=0.1, b=0.5) == pytest.approx(0.2, rel=1e-14)
    assert POOR.least("b", p=0.1, F=0.5) == pytest.approx(0.8, rel=1e-14)
    assert VERDU.greatest("F", p=0.1, b=0.5) == pytest.approx(0.6, rel=1e-14)
    assert POOR.value(b=0.0, F=0.0) == 0
    assert type(POOR.value(b=0.2, F=0.5)) is float


def test_certain_labels_and_rows_that_never_occur():
    b, F = posterior_spectrum([[0.4, 0.0], [0.0, 0.6], [0.0, 0.0]])
    assert (b.tolist(), F.tolist()) == ([1.0], [1.0])
    assert spectrum_error_lower([[0.4, 0.0], [0.0, 0.6]]) == (0.0, 1.0)


def test_refuses_what_is_no_joint_law():
    with pytest.raises(ValueError, match="joint must have 2 dimension"):
        posterior_spectrum([0.5, 0.5])
    with pytest.raises(ValueError, match="joint must sum to 1"):
        spectrum_error_lower([[0.5, 0.6]])
