"""Closed forms on the binary Gaussian model: worked numbers, domination, the best pair."""

import mpmath as mp
import numpy as np
import pytest
import sympy
from oracles import bounds as oracle

from mitheory import laws
from mitheory.bounds import BOUNDS, gaussian, interval
from mitheory.bounds.claim import Reader, vanishes
from mitheory.bounds.expressions import Quantity, symbol

SNR = [1e-4, 1e-3, 0.03, 0.1, 0.5, 1.0, 1.9, 2.5, 4.0, 6.0, 9.0, 16.0, 25.0, 49.0]


def form(name, snr, prior0=0.5):
    """A closed form on the information, by its short name."""
    bound = BOUNDS[f"gaussian_{name}"]
    solve = bound.least if "least I" in bound.numeric else bound.greatest
    known = {"gamma": snr, "prior0": prior0}
    return solve("I", **{n: v for n, v in known.items() if n in bound.symbols})


# golden values computed at 40 digits with mpmath
@pytest.mark.parametrize(
    ("name", "at_1", "at_4"),
    [
        ("capacity", 0.346573590279973, 0.80471895621705),
        ("entropy_decay", 0.356210561736577, 0.654446689972926),
        ("joined", 0.346573590279973, 0.653339788845806),
        ("divergence", 0.566219169516973, 0.69281177418705),
        ("logistic", 0.379885493041722, 0.674997252642136),
        ("error_floor", 0.473204296672722, 0.661608800925451),
        ("bhattacharyya", 0.27273216385697, 0.599339910554206),
        ("mmse", 0.316060279414279, 0.490842180555633),
        ("chernoff", 0.219070196379839, 0.566219169516973),
        ("hard_decision", 0.255713939632826, 0.584589875179177),
        ("error_ceiling", 0.194717000355457, 0.621675533163347),
        ("linear", 0.5, 2.0),
    ],
)
def test_golden(name, at_1, at_4):
    assert form(name, [1, 4]) == pytest.approx([at_1, at_4], rel=3e-14)


@pytest.mark.parametrize(
    ("name", "at_9"),
    [
        ("joined", 0.692066798201277),
        ("bhattacharyya", 0.685447010930612),
        ("hard_decision", 0.682878437430942),
        ("error_ceiling", 0.688906350820681),
    ],
)
def test_golden_at_9(name, at_9):
    assert form(name, 9.0) == pytest.approx(at_9, rel=3e-14)


# exact entropy, information and error of unequal priors, computed at 40 digits with mpmath
@pytest.mark.parametrize(
    ("snr", "prior", "H", "information"),
    [
        (1.0, 0.3, 0.3190067841420953294, 0.29185751791279813363),
        (1.0, 0.1, 0.18306256702488787815, 0.14202040636656036135),
        (0.25, 0.2, 0.42670176933016001206, 0.073700654208027867472),
        (9.0, 0.01, 0.00062319759088546475902, 0.055378336763961875693),
    ],
)
def test_unequal_priors_against_exact_values(snr, prior, H, information):
    for name in ("linear", "capacity", "label_entropy"):
        assert form(name, snr, prior) >= information
    assert form("bhattacharyya", snr, prior) <= information
    root = np.sqrt(prior * (1 - prior))
    most = laws.gaussian.label_entropy(prior) - form("bhattacharyya", snr, prior)
    assert most == pytest.approx(
        min(2 * np.log(2) * root * np.exp(-snr / 2), laws.gaussian.label_entropy(prior)), rel=1e-12
    )
    assert most >= H


class TestDomination:
    every_form = pytest.mark.parametrize("name", gaussian.FORMS)

    @every_form
    def test_on_a_dense_grid(self, name):
        """A dominated form is never sharper; every other is somewhere sharper than each."""
        snr = np.concatenate([np.geomspace(1e-4, 100, 4001), [1.0]])
        table = {f.name: f for f in gaussian.information_bounds(snr).forms}
        own = table[name]
        sign = 1 if own.side == "upper" else -1
        others = {
            f.name: sign * f.value for f in table.values() if f.side == own.side and f is not own
        }
        if own.dominated_by is not None:
            assert own.dominated_by == BOUNDS[name].dominated_by
            assert (others[own.dominated_by] <= sign * own.value + 1e-15).all()
        else:
            for other, values in others.items():
                assert (sign * own.value < values - 1e-12).any(), f"dominated by {other}, unmarked"

    # what remains of a domination when gamma, which has no upper limit, is mapped to [0, 1]
    @pytest.mark.parametrize(
        ("claim", "on"),
        [
            # linear by capacity: ln(1 + x) <= x, with x = z/(1 - z)
            ("0 <= z + (1 - z)*log(1 - z)", ("0", "1")),
            # divergence by logistic, which the entropy decay dominates, z = exp(-gamma)
            ("log(1 + z**2) <= log(1 + z)", ("0", "1")),
            # joined, by its derivative in the snr g = t gamma where the decay begins: the sharpest
            # is g = 1, or gamma if that is less; first g = z in [0, 1], then z = 1/(1 + g)
            ("log(2)/(1 + z) <= log(2) - log(1 + z)/2", ("0", "1")),
            ("log(2)*(1 - z) + log(z)/2 <= 0", ("0", "1/2")),
        ],
    )
    def test_by_interval_arithmetic(self, claim, on):
        reader = Reader({"z": Quantity("a number", 0, 1, positive=True)})
        z, ends = reader.symbols["z"], tuple(map(reader.expression, on))
        assert "settled on" in interval.prove(reader.claim(claim).excess, {z: ends})

    def test_joined_contains_both_its_parts(self):
        joined, t = BOUNDS["gaussian_joined"].slack, symbol("t")
        half = {symbol("prior0"): sympy.Rational(1, 2)}
        assert vanishes(joined.subs(t, 1) - BOUNDS["gaussian_capacity"].slack.subs(half))
        assert vanishes(joined.subs(t, 0) - BOUNDS["gaussian_entropy_decay"].slack)

    def test_weaker_forms_are_derived_from_what_dominates_them(self):
        for name in ("logistic", "chernoff"):
            bound = BOUNDS[f"gaussian_{name}"]
            stronger = BOUNDS[bound.dominated_by].proof.steps
            claims = {step.claim for step in bound.proof.steps}
            shared = [step.claim for step in stronger if step.claim in claims]
            assert len(shared) >= 6, name

    def test_the_hard_decision_on_three_ranges(self):
        """h(Q(x)) >= ln 2 exp(-x^2/2), x = sqrt(gamma), which equal at x = 0.

        Near 0, ln 2 - h((1 - e)/2) <= e^2/2 + e^4/(12 (1 - e^2)) with e = erf(x / sqrt 2), which is
        at most x sqrt(2/pi), and 1 - exp(-c) >= c - c^2/2. In the middle both sides fall, so that
        their values at the ends of a cell decide. Far out h(q) >= -q ln q rises in q, and
        Q(x) >= exp(-x^2/2) / sqrt(2 pi) x/(1 + x^2) with x = 1/z.
        """
        reader = Reader({"z": Quantity("a number", 0, 1, positive=True)})
        z = reader.symbols["z"]
        near = "1/pi + z/(3*pi**2*(1 - 2*z/pi)) <= log(2)/2 - log(2)*z/8"
        far = "log(2)*sqrt(2*pi)*z*(1 + z**2) <= 1/2 + z**2*(log(2*pi)/2 - log(z))"
        for claim, ends in ((near, "0 1/5"), (far, "0 1/4")):
            on = {z: tuple(map(reader.expression, ends.split()))}
            assert "settled on" in interval.prove(reader.claim(claim).excess, on)
        x = np.append(np.arange(0.44, 4.0, 0.002), 4.0)
        assert x[0] ** 2 < 1 / 5
        with mp.workdps(30):
            Q = [mp.ncdf(-mp.mpf(v)) for v in x]
            h = [-q * mp.log(q) - (1 - q) * mp.log1p(-q) for q in Q]
            right = [mp.log(2) * mp.exp(-(mp.mpf(v) ** 2) / 2) for v in x]
            assert all(a > b for a, b in zip(h[1:], right[:-1], strict=True))


class TestBestPair:
    def test_with_equal_priors(self):
        pair = gaussian.information_bounds([1.0, 9.0])
        assert list(pair.lower_by) == ["gaussian_mmse", "gaussian_error_ceiling"]
        assert list(pair.upper_by) == ["gaussian_joined", "gaussian_error_floor"]
        assert pair.lower == pytest.approx([0.316060279414279, 0.688906350820681], rel=1e-13)
        one = gaussian.information_bounds(1.0)
        assert (one.lower, one.lower_by) == (pair.lower[0], "gaussian_mmse")
        assert type(one.upper) is float
        assert type(one.lower_by) is str

    @pytest.mark.parametrize("prior", [0.5, 0.3, 0.001])
    @pytest.mark.parametrize("snr", [0.0, 1e-8, 0.2, 1.0, 5.0, 40.0, 2000.0])
    def test_is_the_best_of_all_and_encloses_the_truth(self, snr, prior):
        law = laws.BinaryGaussian.from_snr(snr, prior)
        pair = law.information_bounds()
        lower = {f.name: f.value for f in pair.forms if f.side == "lower"}
        upper = {f.name: f.value for f in pair.forms if f.side == "upper"}
        assert pair.lower == max(lower.values())
        assert pair.upper == min(upper.values())
        assert upper[pair.upper_by] == pair.upper
        assert pair.lower_by == "nothing" if pair.lower == 0 else lower[pair.lower_by] == pair.lower
        assert pair.lower <= law.information() * (1 + 2e-15)
        assert pair.upper >= law.information() * (1 - 2e-15)

    def test_lists_every_closed_form(self):
        equal = gaussian.information_bounds(1.0)
        assert {f.name for f in equal.forms} == set(gaussian.FORMS)
        assert len(equal.forms) == 13
        dominated = {f.name for f in equal.forms if f.dominated_by}
        kept = {"joined", "error_floor", "bhattacharyya", "mmse", "error_ceiling"}
        assert set(gaussian.FORMS) - dominated == {f"gaussian_{name}" for name in kept}

    def test_with_unequal_priors_only_what_holds_for_them(self):
        pair = laws.BinaryGaussian([1.0, 2.0], np.eye(2), prior=0.3).information_bounds()
        dominated = {f.name: f.dominated_by for f in pair.forms}
        assert dominated == {
            "gaussian_linear": "gaussian_capacity",
            "gaussian_capacity": None,
            "gaussian_label_entropy": None,
            "gaussian_bhattacharyya": None,
        }
        assert all(BOUNDS[name].holds_for.endswith("any prior") for name in dominated)

    def test_keeps_the_shape(self):
        pair = gaussian.information_bounds(np.ones((2, 3)))
        assert pair.lower.shape == pair.upper_by.shape == (2, 3)
        assert all(f.value.shape == (2, 3) for f in pair.forms)
        assert gaussian.information_bounds(np.empty((0, 2))).lower.shape == (0, 2)

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="snr must be finite numbers at least 0"):
            gaussian.information_bounds(-1.0)
        with pytest.raises(ValueError, match="prior must be"):
            gaussian.information_bounds(1.0, prior=1.0)


class TestSharpLaw:
    @pytest.mark.parametrize("snr", SNR)
    def test_encloses_the_truth(self, snr):
        error = mp.ncdf(-mp.sqrt(mp.mpf(snr)))
        H = mp.log(2) - oracle.gaussian_information(snr)
        least, most = gaussian.entropy_from_error(float(error))
        assert least * (1 - 1e-14) <= H <= most * (1 + 1e-14)
        low, high = gaussian.error_from_entropy(float(H))
        assert low * (1 - 1e-14) <= error <= high * (1 + 1e-14)

    @pytest.mark.parametrize(
        ("snr", "ratio"),
        [(0.01, 1.4954664), (1.0, 2.2458529), (9.0, 2.8515098), (49.0, 3.0696544),
         (400.0, 3.1320241)],
    )  # fmt: skip
    def test_the_ratio_rises_from_2_ln_2_to_pi(self, snr, ratio):
        law = laws.BinaryGaussian.from_snr(snr)
        found = law.conditional_entropy() / law.bayes_error()
        assert found == pytest.approx(ratio, rel=1e-7)
        assert 2 * np.log(2) < found < np.pi

    def test_at_its_ends(self):
        assert gaussian.entropy_from_error(0.5) == pytest.approx((np.log(2), np.log(2)))
        assert gaussian.entropy_from_error(0.1) == pytest.approx((0.2 * np.log(2), 0.1 * np.pi))
        assert gaussian.error_from_entropy(np.log(2))[1] == 0.5
        assert gaussian.entropy_from_error([0.1, 0.2])[0].shape == (2,)

    def test_refuses_bad_input(self):
        with pytest.raises(ValueError, match="error must be finite numbers at least 0 and at most"):
            gaussian.entropy_from_error(0.6)
        with pytest.raises(ValueError, match="conditional_entropy must be at most ln 2"):
            gaussian.error_from_entropy(0.7)


def test_the_snr_that_an_information_needs():
    """Least gamma by the general inverse, and by the best member of a family."""
    assert BOUNDS["gaussian_capacity"].least("gamma", I=0.3, prior0=0.5) == pytest.approx(
        np.expm1(0.6), rel=1e-12
    )
    joined = BOUNDS["gaussian_joined"]
    for snr in (0.3, 1.0, 2.5, 8.0):
        assert joined.least("gamma", I=form("joined", snr)) == pytest.approx(snr, rel=1e-10)
    with pytest.raises(ValueError, match="contradict the bound"):
        joined.least("gamma", I=0.7)
