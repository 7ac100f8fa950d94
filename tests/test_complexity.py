"""Sample complexity: the published table, least n, and the promise kept by the certificates."""

import json
import math

import numpy as np
import pytest

import mitheory as mt
from mitheory.certificates.routes import ROUTES
from mitheory.complexity import error_at


def needed(plan):
    return {route.name: route.n for route in plan.routes}


@pytest.mark.parametrize(
    ("classes", "error", "chernoff", "differences", "antos", "l1"),
    # computed independently from the formulas of paninski2003, antos2001, weissman2003 and
    # zhang2007; the Chernoff column there used a fixed split, so it is an upper bound
    [
        (2, 0.1, 423, 22_408, 97_356, 4_387),
        (10, 0.1, 1_815, 22_603, 97_550, 27_984),
        (100, 0.1, 6_693, 24_726, 99_711, 377_402),
        (1000, 0.1, 28_138, 42_523, 119_982, None),
        (2, 0.01, 36_911, 4_972_806, 20_968_541, 1_075_916),
        (10, 0.01, 172_226, 4_974_628, 20_970_356, 5_078_446),
        (1000, 0.01, 1_265_488, 5_197_241, 21_194_315, None),
    ],
)
def test_published_table_of_the_label_entropy(classes, error, chernoff, differences, antos, l1):
    found = needed(mt.samples_needed(error=error, classes=classes))
    assert 0.5 * chernoff < found["chernoff_varentropy"] <= chernoff
    assert found["bounded_differences"] == differences
    assert found["antos_kontoyiannis"] == antos
    if l1 is not None:
        assert found["l1_continuity"] == l1
    assert ("exact_binomial" in found) == (classes == 2)


@pytest.mark.parametrize(
    ("alphabet", "classes", "error", "chernoff", "differences", "l1"),
    # as above, for the information between X of `alphabet` values and the label
    [
        (10, 2, 0.1, 2_124, 103_950, 111_036),
        (100, 2, 0.1, 3_906, 106_098, 932_779),
        (100, 10, 0.1, 23_618, 124_171, None),
        (10_000, 10, 0.1, 998_075, 1_320_030, None),
    ],
)
def test_published_table_of_the_information(alphabet, classes, error, chernoff, differences, l1):
    plan = mt.samples_needed("information", error=error, classes=classes, alphabet=alphabet)
    found = needed(plan)
    assert 0.5 * chernoff < found["chernoff_varentropy"] <= chernoff
    assert found["bounded_differences"] == differences
    if l1 is not None:
        assert found["l1_continuity"] == l1
    assert plan.method == "chernoff_varentropy"


def test_exact_binomial_for_two_labels():
    plan = mt.samples_needed(error=0.1, classes=2)
    # no interval can do with less than the asymptotic z**2 Vmax / eps**2 = 169 by much
    assert plan.method == "exact_binomial"
    assert 169 < plan.n < 260
    assert 739 < mt.samples_needed(error=0.05, classes=2).n < 900


CASES = [
    ("entropy", 2, None, 0.2),
    ("entropy", 7, None, 0.2),
    ("conditional_entropy", 3, 12, 0.25),
    ("information", 2, 5, 0.3),
    ("information", 4, 3, 0.3),
    ("bayes_error", 2, 6, 0.08),
    ("classifier_error", 2, None, 0.08),
]


@pytest.mark.parametrize(("quantity", "classes", "alphabet", "error"), CASES)
def test_n_is_the_least(quantity, classes, alphabet, error):
    sizes = {"classes": classes, "alphabet": alphabet, "level": 0.9}
    for route in mt.samples_needed(quantity, error=error, **sizes).routes:
        enough = error_at(quantity, n=route.n, method=route.name, **sizes)
        assert enough.error == route.error <= error
        for fewer in {max(1, route.n // 3), route.n - 1}:
            less = error_at(quantity, n=fewer, method=route.name, **sizes)
            assert less.error > error, (route.name, fewer)


@pytest.mark.parametrize(("quantity", "classes", "alphabet", "error"), CASES)
def test_best_is_the_best_and_a_method_can_be_asked_for(quantity, classes, alphabet, error):
    sizes = {"classes": classes, "alphabet": alphabet}
    plan = mt.samples_needed(quantity, error=error, **sizes)
    assert plan.n == min(needed(plan).values())
    assert [r.n for r in plan.routes] == sorted(r.n for r in plan.routes)
    for name, n in needed(plan).items():
        asked = mt.samples_needed(quantity, error=error, method=name, **sizes)
        assert (asked.method, asked.n) == (name, n)
        assert asked.routes == plan.routes
    assert mt.samples_needed(quantity, error=error, level=0.99, **sizes).n > plan.n
    assert mt.samples_needed(quantity, error=error / 2, **sizes).n > plan.n


def test_the_promise_is_kept_by_the_certificate():
    """With the n promised, every table's certified ends lie within the error."""
    rng = np.random.default_rng(0)
    for classes in (2, 4):
        label = mt.samples_needed("entropy", error=0.2, classes=classes)
        given = mt.samples_needed("conditional_entropy", error=0.2, classes=classes, alphabet=5)
        both = mt.samples_needed("information", error=0.25, classes=classes, alphabet=5)
        for concentration in (0.2, 1.0, 10.0):
            joint = rng.dirichlet(np.full(5 * classes, concentration))
            for plan, name in (
                (label, "label_entropy"),
                (given, "conditional_entropy"),
                (both, "information"),
            ):
                table = rng.multinomial(plan.n, joint).reshape(5, classes)
                item = getattr(mt.certify(table), name)
                assert item.value - item.lower <= plan.error + 1e-11
                assert item.upper - item.value <= plan.error + 1e-11


def test_simulated_failures_stay_below_the_promise():
    """The plug-in misses by more than the error in fewer cases than promised, worst laws too."""
    rng = np.random.default_rng(1)
    level, replicates = 0.7, 4000
    for classes, error in ((2, 0.15), (6, 0.2)):
        plan = mt.samples_needed(error=error, level=level, classes=classes)
        for p in (0.5, 0.8, 0.92):
            law = np.array([p] + [(1 - p) / (classes - 1)] * (classes - 1))
            counts = rng.multinomial(plan.n, law, size=replicates)
            share = counts / plan.n
            plugin = -(share * np.log(np.where(share > 0, share, 1))).sum(1)
            misses = (abs(plugin + law @ np.log(law)) > error).sum()
            assert misses <= replicates * (1 - level)


def test_ranges_and_corners():
    assert mt.samples_needed(error=5.0, classes=10).n == 1
    assert error_at(n=1, classes=10).error == pytest.approx(math.log(10))
    assert error_at("classifier_error", n=1, classes=4).error <= 0.98
    tiny = mt.samples_needed(error=1e-6, classes=2)
    assert tiny.n > 10**11
    assert "exact_binomial" in needed(tiny)
    large = mt.samples_needed(error=0.1, classes=10**9)
    assert large.n > 10**9
    errors = [error_at(n=n, classes=5).error for n in (10, 100, 1000, 10**6, 10**12)]
    assert errors == sorted(errors, reverse=True)


def test_the_bayes_error_needs_the_alphabet_and_then_holds():
    """A thousand values of X and a label that is pure chance: the hardest law for the plug-in."""
    with pytest.raises(ValueError, match="bayes_error needs alphabet"):
        mt.samples_needed("bayes_error", error=0.1, classes=2)
    plan = mt.samples_needed("bayes_error", error=0.1, classes=2, alphabet=1000)
    tables = np.random.default_rng(0).multinomial(plan.n, np.full(2000, 1 / 2000), size=200)
    plugin = 1 - tables.reshape(200, 1000, 2).max(axis=2).sum(axis=1) / plan.n
    assert (abs(plugin - 0.5) <= 0.1).all()


def test_plan_is_json_and_readable():
    plan = mt.samples_needed("classifier_error", error=0.05, classes=3)
    back = json.loads(json.dumps(plan.to_dict()))
    assert back["n"] == plan.n
    assert {route["name"] for route in back["routes"]} == set(ROUTES["classifier_error"])
    text = str(plan)
    assert "hoeffding" in text
    assert "one classifier, fixed before the samples" in text
    with pytest.raises(AttributeError):
        plan.n = 1


@pytest.mark.parametrize(
    ("kwargs", "error", "message"),
    [
        ({"quantity": "entrpy", "error": 0.1, "classes": 2}, ValueError, "did you mean entropy"),
        ({"error": 0.0, "classes": 2}, ValueError, "error .* above 0; got 0.0"),
        ({"error": math.nan, "classes": 2}, ValueError, "error must be a finite number"),
        ({"error": "small", "classes": 2}, TypeError, "error"),
        ({"error": 0.1, "classes": 1}, ValueError, "classes must be an integer of at least 2"),
        ({"error": 0.1, "classes": 2, "level": 0.0}, ValueError, "level"),
        ({"error": 0.1, "classes": 2, "alphabet": 5}, ValueError, "leave it out"),
        ({"error": 0.1, "classes": 2, "method": "chernof"}, ValueError, "unknown method"),
        (
            {"error": 0.1, "classes": 3, "method": "exact_binomial"},
            ValueError,
            "needs classes = 2",
        ),
        ({"quantity": "information", "error": 0.1, "classes": 2}, ValueError, "needs alphabet"),
        (
            {
                "quantity": "bayes_error",
                "error": 0.1,
                "classes": 2,
                "method": "uniform_hoeffding",
            },
            ValueError,
            "needs alphabet, the number of values X can take",
        ),
        (
            {"quantity": "information", "error": 0.1, "classes": 2, "alphabet": 0},
            ValueError,
            "alphabet must be an integer of at least 1",
        ),
        ({"error": 1e-12, "classes": 3}, ValueError, r"more than 2\*\*53 samples"),
    ],
)
def test_bad_input(kwargs, error, message):
    with pytest.raises(error, match=message):
        mt.samples_needed(**kwargs)


def test_bad_input_of_the_inverse():
    with pytest.raises(ValueError, match="n must be an integer of at least 1"):
        error_at(n=0, classes=2)
    with pytest.raises(ValueError, match=r"at most 2\*\*53"):
        error_at(n=2**54, classes=2)
