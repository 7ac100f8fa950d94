"""Sample complexity: the published table, least n, and the promise kept by the certificates."""

import json
import math

import numpy as np
import pytest
from scipy import special

import mitheory as mt
from mitheory import laws
from mitheory.certificates.deviation import entropy_deviation, proportion_deviation
from mitheory.certificates.routes import ROUTES
from mitheory.certificates.twosided import largest_varentropy
from mitheory.complexity import error_at, samples_under


def needed(plan):
    return {route.name: route.n for route in plan.routes}


@pytest.mark.parametrize(
    ("classes", "error", "chernoff", "others"),
    # computed independently from the formulas of paninski2003, antos2001, weissman2003, zhang2007,
    # mcdiarmid1989, agrawal2020 and of the largest varentropy, in the order of ROUTES_IN_TABLE; the
    # Chernoff column there used a fixed split, so it is an upper bound
    [
        (2, 0.1, 423, (22_408, 97_356, 4_387, 7_068, 6_831, 169)),
        (10, 0.1, 1_815, (22_603, 97_550, 27_984, 41_838, 52_054, 791)),
        (100, 0.1, 6_693, (24_726, 99_711, 377_402, 401_097, 654_442, 2_393)),
        (1000, 0.1, 28_138, (42_523, 119_982, 5_659_242, 4_713_942, 8_766_575, 4_956)),
        (2, 0.01, 36_911, (4_972_806, 20_968_541, 1_075_916, 1_733_503, 1_675_282, 16_873)),
        (10, 0.01, 172_226, (4_974_628, 20_970_356, 5_078_446, None, None, 79_073)),
        (1000, 0.01, 1_265_488, (5_197_241, 21_194_315, None, None, None, 495_563)),
    ],
)
def test_published_table_of_the_label_entropy(classes, error, chernoff, others):
    found = needed(mt.samples_needed(error=error, classes=classes))
    assert 0.5 * chernoff < found["chernoff_varentropy"] <= chernoff
    for name, n in zip(ROUTES_IN_TABLE, others, strict=True):
        if n is not None:
            assert found[name] == n, name
    assert ("exact_binomial" in found) == (classes == 2)


ROUTES_IN_TABLE = (
    "bounded_differences",
    "antos_kontoyiannis",
    "l1_continuity",
    "mean_l1_continuity",
    "divergence_continuity",
    "asymptotic",
)


@pytest.mark.parametrize(
    ("alphabet", "classes", "error", "chernoff", "others"),
    # as above, for the information between X of `alphabet` values and the label
    [
        (10, 2, 0.1, 2_124, (103_950, 111_036, 152_572, 512_548)),
        (100, 2, 0.1, 3_906, (106_098, 932_779, 902_484, None)),
        (100, 10, 0.1, 23_618, (124_171, None, None, None)),
        (10_000, 10, 0.1, 998_075, (1_320_030, None, None, None)),
    ],
)
def test_published_table_of_the_information(alphabet, classes, error, chernoff, others):
    method = "chernoff_varentropy"
    sizes = {"classes": classes, "alphabet": alphabet, "method": method}
    found = needed(mt.samples_needed("information", error=error, **sizes))
    assert 0.5 * chernoff < found[method] <= chernoff
    names = ("bounded_differences", "l1_continuity", "mean_l1_continuity", "three_entropies")
    for name, n in zip(names, others, strict=True):
        if n is not None:
            assert found[name] == n, name


def test_exact_binomial_for_two_labels():
    plan = mt.samples_needed(error=0.1, classes=2)
    assert (plan.method, plan.n) == ("exact_binomial", pytest.approx(190, abs=3))
    assert needed(plan)["exact_interval"] == 216
    assert mt.samples_needed(error=0.05, classes=2).n == pytest.approx(730, abs=12)


def worst_miss(n, radius, plugin, p):
    """Largest over p of P(|plugin(K/n) - plugin(p)| > radius), K binomial, by summation."""
    k = np.arange(n + 1)
    log_mass = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    mass = np.exp(log_mass[:, None] + special.xlogy(k[:, None], p))
    mass *= (1 - p) ** (n - k[:, None])
    missed = abs(plugin(k[:, None] / n) - plugin(p)) > radius
    return float((mass * missed).sum(axis=0).max())


@pytest.mark.parametrize("n", [1, 2, 7, 30, 191, 1000])
@pytest.mark.parametrize("alpha", [0.3, 0.05, 1e-4])
@pytest.mark.parametrize("quantity", ["entropy", "proportion"])
def test_exact_tail_by_summation(n, alpha, quantity):
    radius, plugin = {
        "entropy": (entropy_deviation, lambda p: special.entr(p) + special.entr(1 - p)),
        "proportion": (proportion_deviation, lambda p: p),
    }[quantity]
    r = radius(n, alpha)
    p = np.sin(np.linspace(0, math.pi / 2, 4001)) ** 2
    assert worst_miss(n, r, plugin, p) <= alpha
    if r < (math.log(2) if quantity == "entropy" else 1.0):
        assert worst_miss(n, r * (1 - 0.002), plugin, p) > alpha * 0.99


@pytest.mark.parametrize("classes", [2, 3, 10, 1000, 10**9])
def test_largest_varentropy(classes):
    t = np.linspace(0, 30, 300_001)
    found = (t + math.log(classes - 1)) ** 2 * special.expit(t) * special.expit(-t)
    assert largest_varentropy(classes) == pytest.approx(found.max(), rel=1e-8)
    # golden values computed with mpmath
    golden = {2: 0.439228839890645, 3: 0.7618022376898, 10: 2.05838663559732, 1000: 12.90036553534}
    if classes in golden:
        assert largest_varentropy(classes) == pytest.approx(golden[classes], rel=1e-12)


def test_what_promises_nothing_is_never_the_best():
    plan = mt.samples_needed(error=0.1, classes=1000)
    assert [r.name for r in plan.routes if not r.promise] == ["asymptotic", "minimax_order"]
    assert plan.n == min(r.n for r in plan.routes if r.promise and not r.shift)
    assert plan.n > needed(plan)["asymptotic"]
    assert mt.samples_needed(error=0.1, classes=1000, method="asymptotic").n == 4956


@pytest.mark.parametrize("estimator", ["plugin", "miller_madow", "grassberger"])
@pytest.mark.parametrize("law", [laws.zipf(20, 1.0), laws.two_level(5, 0.9)], ids=str)
def test_planning_under_a_law(law, estimator):
    n = samples_under(law, error=0.08, estimator=estimator)
    assert math.sqrt(mt.risk.mse(estimator, law, n)) <= 0.08
    assert math.sqrt(mt.risk.mse(estimator, law, n - 1)) > 0.08
    assert n < mt.samples_needed(error=0.08, classes=law.p.size).n
    counts = law.sample_counts(n, np.random.default_rng(0), 4000)
    squares = (mt.entropy(counts, estimator) - law.entropy()) ** 2
    assert abs(squares.mean() - 0.08**2) < 5 * squares.std() / math.sqrt(4000) + 2e-4


def test_many_labels_need_the_optimal_linear_estimator():
    plan = mt.samples_needed(error=0.3, classes=20_000)
    found = needed(plan)
    assert plan.method == "optimal_linear"
    assert plan.n < 0.4 * found["worst_bias"] < 0.4 * found["bounded_differences"]
    error = mt.risk.optimal_linear(plan.n, 20_000).error
    assert error == pytest.approx(plan.error, rel=1e-12)
    assert error <= 0.3


@pytest.mark.parametrize("quantity", ["information", "conditional_entropy", "label_entropy"])
def test_planning_under_a_joint_law(quantity):
    law = laws.Channel([[0.3, 0.1], [0.15, 0.25], [0.05, 0.15]])
    n = samples_under(law, error=0.03, quantity=quantity)
    assert math.sqrt(mt.risk.mse("plugin", law, n, quantity=quantity)) <= 0.03
    assert math.sqrt(mt.risk.mse("plugin", law, n - 1, quantity=quantity)) > 0.03
    if quantity == "information":
        assert samples_under(law, error=0.03) == n


def test_any_error_beyond_the_range_takes_one_sample():
    assert samples_under(laws.uniform(4), error=1e300) == 1


def test_planning_under_a_law_refuses():
    with pytest.raises(ValueError, match="within reach of 1e\\+09 samples"):
        samples_under(laws.uniform(10**4), error=1e-7)
    with pytest.raises(TypeError, match="linear"):
        samples_under(laws.uniform(4), error=0.1, estimator="nsb")
    with pytest.raises(TypeError, match="Finite"):
        samples_under([0.5, 0.5], error=0.1)


COSTLY = [name for name, route in ROUTES["entropy"].items() if route.costly]

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
        close = route.n - max(1, round(3e-3 * route.n)) if route.name in COSTLY else route.n - 1
        for fewer in {max(1, route.n // 3), close}:
            less = error_at(quantity, n=fewer, method=route.name, **sizes)
            assert less.error > error, (route.name, fewer)


@pytest.mark.parametrize(("quantity", "classes", "alphabet", "error"), CASES)
def test_best_is_the_best_and_a_method_can_be_asked_for(quantity, classes, alphabet, error):
    sizes = {"classes": classes, "alphabet": alphabet}
    plan = mt.samples_needed(quantity, error=error, **sizes)
    promised = [r.n for r in plan.routes if r.promise]
    assert plan.n == min(r.n for r in plan.routes if r.promise and not r.shift)
    assert promised == sorted(promised)
    assert all(r.promise for r in plan.routes[: len(promised)])
    names = {plan.routes[0].name, plan.routes[-1].name, plan.method, "optimal_linear"}
    for name in names & set(needed(plan)):
        n = needed(plan)[name]
        asked = mt.samples_needed(quantity, error=error, method=name, **sizes)
        assert (asked.method, asked.n) == (name, n)
        assert set(asked.routes) == {
            r for r in plan.routes if r.name == name or r.name not in COSTLY
        }
    assert mt.samples_needed(quantity, error=error, level=0.99, **sizes).n > plan.n
    assert mt.samples_needed(quantity, error=error / 2, **sizes).n > plan.n


def test_the_promise_is_kept_by_the_certificate():
    """With the n promised, every table's certified ends lie within the error."""
    rng = np.random.default_rng(0)
    for classes in (2, 4):
        method = "exact_interval" if classes == 2 else "best"
        label = mt.samples_needed("entropy", error=0.2, classes=classes, method=method)
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
    plugin = error_at(n=1, classes=10, method="chernoff_varentropy")
    assert plugin.error == pytest.approx(math.log(10))
    middle = error_at(n=1, classes=10)  # answering ln(10) / 2 is as good as one sample allows
    assert (middle.error, middle.method) == (pytest.approx(math.log(10) / 2), "optimal_linear")
    assert error_at("classifier_error", n=1, classes=4).error <= 0.98
    tiny = mt.samples_needed(error=1e-6, classes=2)
    assert tiny.n > 10**11
    assert "exact_binomial" in needed(tiny)
    large = mt.samples_needed(error=0.1, classes=10**9)
    assert large.n > 10**9
    errors = [error_at(n=n, classes=5).error for n in (10, 100, 1000, 10**6, 10**12)]
    assert errors == sorted(errors, reverse=True)


def test_an_error_of_a_classifier_may_be_anything_up_to_1():
    """Two classes do not make ln 2 the range: with one sample, 1/5 is answered by 1 in a fifth."""
    assert error_at("classifier_error", n=1, classes=2).error >= 0.95
    n = mt.samples_needed("classifier_error", error=0.7, classes=2).n
    p = np.linspace(0, 1, 1001)[:, None]
    k = np.arange(n + 1)
    mass = special.comb(n, k) * p**k * (1 - p) ** (n - k)
    assert (mass * (abs(k / n - p) > 0.7 + 1e-9)).sum(axis=1).max() <= 0.05


@pytest.mark.parametrize("n", [1, 2, 5, 20])
@pytest.mark.parametrize("quantity", ["entropy", "conditional_entropy"])
def test_a_shifted_estimate_keeps_its_promise_beyond_the_range(quantity, n):
    """A plug-in of 0 was shifted past ln 2 while the error was cut to ln 2."""
    rows = {} if quantity == "entropy" else {"alphabet": 50}
    plan = error_at(quantity, n=n, classes=2, method="centred_chernoff", **rows)
    shift = next(r.shift for r in plan.routes if r.name == plan.method)
    assert shift <= plan.error <= math.log(2)


def test_an_estimate_that_is_not_cut_has_no_range_to_cut_its_error_to():
    sizes = {"classes": 2, "alphabet": 50}
    plan = error_at("information", n=100, method="optimal_linear", **sizes)
    radii = ROUTES["information"]["optimal_linear"].radii(100, 2, 1.0 - 0.95, 50)
    assert plan.error == radii.larger > math.log(2)


@pytest.mark.parametrize("level", [5e-324, 1e-17, 1e-10])
def test_levels_next_to_0(level):
    """1 - level may be 1, where half of it is the middle of the normal law."""
    for quantity in ("entropy", "classifier_error"):
        assert mt.samples_needed(quantity, error=0.2, classes=2, level=level).n < 20
    plan = error_at(n=50, classes=20, level=level)
    assert {"divergence_continuity", "worst_bias"} <= set(needed(plan))


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
        (
            {"quantity": "information", "error": 0.1, "classes": 2, "alphabet": 10**400},
            ValueError,
            r"alphabet must be at most 2\*\*53",
        ),
        ({"error": 1e-300, "classes": 3}, ValueError, r"more than 2\*\*53 samples"),
        ({"error": 5e-324, "classes": 3}, ValueError, r"more than 2\*\*53 samples"),
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
