"""Values that other packages return or print, each with its source.

"Run" means that the named release was run on the counts given here and all its digits kept;
"printed" means that the source shows the number, which is compared to the last digit shown.
"""

import math

import numpy as np
import pytest

import mitheory as mt

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

SMALL = [4, 2, 3, 1, 4, 1]
SKEWED = [50, 30, 20, 10, 5, 3, 1, 1]
# passengers of the Titanic by class (first, second, third, crew): died, survived; R's
# datasets::Titanic summed over sex and age
TITANIC = [[122, 203], [167, 118], [528, 178], [673, 212]]
# iNEXT's data set `spider`: two forest sites
GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, *[2] * 4, *[1] * 14]
README = [4, 12, 4, 5, 3, 1, 5, 1, 2, 2, 2, 2, 11, 3, 4, 12, 12, 1, 2]  # of ndd


def within(digits):
    """Half a unit of the last printed digit, and a little for the binary representation."""
    return {"abs": 0.5001 * 10.0**-digits, "rel": 0}


def sized(method, sizes):
    return sizes if mt.ENTROPIES[method].needs_alphabet else None


# run: infomeasure 0.6.3, entropy(samples, approach=...): "discrete", "miller_madow", "chao_shen",
# "chao_wang_jost", "shrink" (its alphabet is the symbols seen), "zhang", "bonachela", "ansb"
@pytest.mark.parametrize(
    ("method", "small", "skewed"),
    [
        ("plugin", 1.656551126696654, 1.5214867881948204),
        ("miller_madow", 1.8232177933633207, 1.550653454861487),
        ("chao_shen", 1.8671372604965302, 1.5651228762880933),
        ("chao_wang_jost", 1.9171964276538382, 1.5584341740651868),
        ("james_stein", 1.7917594692280547, 1.5740411121412383),
        ("zhang", 1.8404512154512152, 1.552443094075846),
        ("bonachela", 1.7390550769876032, 1.6001113287576931),
        ("ansb", 3.1595274085903977, 4.745024027554226),
    ],
)
def test_entropy_as_infomeasure(method, small, skewed):
    for counts, value in [(SMALL, small), (SKEWED, skewed)]:
        found = mt.entropy(counts, method, alphabet=sized(method, len(counts)))
        assert found == pytest.approx(value, rel=1e-13)


# run: infomeasure 0.6.3, approach="grassberger", the first two; printed to six digits in
# https://github.com/kellino/DiscreteEntropy.jl test/estimator_test.jl, the third
@pytest.mark.parametrize(
    ("counts", "value", "tolerance"),
    [
        (SMALL, 1.8397103104481873, {"rel": 1e-13}),
        (SKEWED, 1.5463966092353203, {"rel": 1e-13}),
        ([1, 2, 3, 2, 1], 1.876292, within(6)),
    ],
)
def test_grassberger_1988_as_others_define_it(counts, value, tolerance):
    """Their correction is (-1)^j / (j + 1); the one here is (-1)^j / (j (j + 1))."""
    n = sum(counts)
    difference = math.fsum((-1) ** j * (1 - j) / (j + 1) for j in counts) / n
    found = mt.entropy(counts, "grassberger1988")
    assert found + difference == pytest.approx(value, **tolerance)
    assert found != pytest.approx(value, rel=1e-4)


# run: infomeasure 0.6.3, mutual_information(x, y, approach=...) of the samples that TITANIC counts
@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("plugin", 0.0410952661006595),
        ("miller_madow", 0.04041375769538917),
        ("chao_shen", 0.04109526610065917),
        ("chao_wang_jost", 0.040412601224823375),
        ("zhang", 0.04041260122482396),
        ("bonachela", 0.03869114414237318),
    ],
)
def test_mutual_information_as_infomeasure(method, value):
    """A difference of entropies of about 2 nats: 1e-14 in it is 3e-13 of the information."""
    assert mt.mutual_information(TITANIC, method=method) == pytest.approx(value, abs=1e-14)


def test_plugin_information_as_scipy_scikit_learn_and_pyinform():
    table = np.array(TITANIC)
    # run: scipy 1.17.1, stats.entropy of the cells, the columns and the rows
    assert mt.entropy(table.ravel()) == pytest.approx(1.8662453003389323, rel=1e-14)
    assert mt.entropy(table.sum(axis=0)) == pytest.approx(0.629136012916754, rel=1e-14)
    assert mt.entropy(table.sum(axis=1)) == pytest.approx(1.2782045535228375, rel=1e-14)
    # run: scikit-learn 1.9.1, metrics.mutual_info_score(None, None, contingency=table)
    assert mt.mutual_information(table) == pytest.approx(0.0410952661006595, abs=1e-14)
    # run: pyinform 0.2.0, mutual_info(x, y) and conditional_entropy(x, y), in bits
    bits = math.log(2)
    assert mt.mutual_information(table) / bits == pytest.approx(0.05928793660743348, abs=1e-14)
    assert mt.conditional_entropy(table) / bits == pytest.approx(0.8483634692722224, rel=1e-14)
    # run: scipy 1.17.1, spatial.distance.jensenshannon(died, survived) ** 2
    divergence = mt.jensen_shannon(table, weights=[0.5, 0.5])
    assert divergence == pytest.approx(0.04490965723265068, abs=1e-14)


# run: scikit-learn 1.9.1, metrics.normalized_mutual_info_score(x, y, average_method=...):
# "arithmetic", "geometric", "min", "max"
@pytest.mark.parametrize(
    ("norm", "value"),
    [
        ("mean", 0.04309169198594827),
        ("sqrt", 0.045826780116985565),
        ("min", 0.06532016170897077),
        ("max", 0.032150774293048426),
    ],
)
def test_normalized_information_as_scikit_learn(norm, value):
    assert mt.normalized_information(TITANIC, norm=norm) == pytest.approx(value, abs=1e-14)


# printed: iNEXT's $AsyEst for its data set `spider`, rows "Shannon diversity" (the exponential of
# the entropy), columns Observed and Estimator, as quoted in comments of public analysis scripts
# that call iNEXT(spider, q=0, datatype="abundance")
@pytest.mark.parametrize(
    ("counts", "observed", "estimated"),
    [(GIRDLED, 12.059650, 13.826253), (LOGGED, 14.421002, 16.337069)],
    ids=["girdled", "logged"],
)
def test_shannon_diversity_as_inext(counts, observed, estimated):
    assert math.exp(mt.entropy(counts)) == pytest.approx(observed, **within(6))
    diversity = math.exp(mt.entropy(counts, "chao_wang_jost"))
    assert diversity == pytest.approx(estimated, **within(6))


# printed: test/estimator_test.jl of https://github.com/kellino/DiscreteEntropy.jl, to the digits
# given, for [1, 2, 3, 2, 1]
@pytest.mark.parametrize(
    ("method", "value", "digits"), [("bonachela", 1.54045, 5), ("ansb", 3.0224, 6)]
)
def test_entropy_as_discrete_entropy_jl(method, value, digits):
    assert mt.entropy([1, 2, 3, 2, 1], method) == pytest.approx(value, **within(digits))


# printed: ndd's project pages, https://pypi.org/project/ndd (the first; also its README),
# https://pypi.org/project/ndd/1.6.1 and https://pypi.org/project/ndd/1.4.2. They show 16 digits,
# but its quadrature is the coarser one: the second is 2.8400090835681375 in the release 1.7.
@pytest.mark.parametrize(
    ("counts", "alphabet", "value", "rel"),
    [
        (README, 100, 2.8060922529931225, 2e-6),
        ([12, *README], 100, 2.840012048914245, 1e-11),
        (
            [7, 3, 5, 8, 9, 1, 3, 3, 1, 0, 2, 5, 2, 11, 4, 23, 5, 0, 8, 0],
            20,
            2.623634344888532,
            1e-10,
        ),
    ],
)
def test_nsb_as_ndd(counts, alphabet, value, rel):
    assert mt.entropy(counts, "nsb", alphabet=alphabet) == pytest.approx(value, rel=rel)


def test_nsb_posterior_deviation_as_ndd():
    """Printed in the same place for the first of them; ndd's quadrature is the coarser one."""
    profile = mt.Profile.from_counts(README)
    deviation = mt.ENTROPIES["nsb"].deviation_of_profile(profile, 100)
    assert deviation == pytest.approx(0.11945501149743358, rel=2e-4)


def test_nsb_jensen_shannon_as_ndd():
    """Printed for the release 1.0 in https://pypi.org/project/ndd/1.0, by NSB entropies."""
    rows = np.array([[11, 5, 0, 3, 8, 16, 43, 4, 7, 3], [1, 38, 8, 15, 1, 0, 23, 0, 3, 11]])
    n = rows.sum(axis=1)
    within_rows = [mt.entropy(row, "nsb", alphabet=10) for row in rows]
    divergence = mt.entropy(rows.sum(axis=0), "nsb", alphabet=10) - n @ within_rows / n.sum()
    assert divergence == pytest.approx(0.24166914358658187, rel=1e-10)


def test_nsb_of_mendls_example():
    """Counts 4, 2, 3, 2, 4, 2 and three symbols unseen: 1.9406467285026877 nat.

    The example of C. Mendl's Mathematica functions for NSB, as printed in the doctest of their
    Python port nsb_entropy.py (quadrature at 20 digits).
    """
    assert mt.entropy([4, 2, 3, 2, 4, 2], "nsb", alphabet=9) == pytest.approx(
        1.9406467285026877, rel=1e-13
    )


def test_grassbergers_recursion():
    """G(1) = -gamma - ln 2, G(2) = 2 + G(1), G(2m + 1) = G(2m), G(2m + 2) = G(2m) + 2 / (2m + 1).

    Grassberger (2003), physics/0307138.
    """
    n = 1000
    g = -np.euler_gamma - np.log(2)
    values = [g, g + 2]
    while len(values) < 200:
        m = len(values) // 2
        values += [values[-1], values[-1] + 2 / (2 * m + 1)]
    for j, value in enumerate(values, start=1):
        weight = float(mt.ENTROPIES["grassberger"].weight(j, n))
        assert np.log(n) - weight * n / j == pytest.approx(value, rel=1e-12)
