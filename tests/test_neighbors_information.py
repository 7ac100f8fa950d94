"""The estimators on nearest neighbours, and the verb that chooses among them."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import neighbors as oracle
from scipy.sparse import csr_matrix
from scipy.special import psi

import mitheory as mt
from mitheory import laws, neighbors
from mitheory.neighbors import METHODS, information
from mitheory.neighbors.search import NORMS
from mitheory.neighbors.variables import Variable, as_variable


def rng(seed=0):
    return np.random.default_rng(seed)


def normal_pairs(n, rho, seed=0):
    x, y = laws.MultivariateNormal.bivariate(rho).sample(n, rng(seed))
    return x, y


def numbers(values, kind="continuous"):
    return as_variable(values, kind, scale="none")


def samples(n=60):
    """Pairs of variables by name."""
    z = rng(3).normal(size=(n, 5))
    label = rng(4).integers(0, 3, n)
    return {
        "scalars": (z[:, :1], z[:, :1] + z[:, 1:2]),
        "vectors": (z[:, :2], z[:, :3] + z[:, 2:]),
        "ties in one": (np.maximum(z[:, :1], 0), z[:, :1] + z[:, 1:2]),
        "ties in both": (np.maximum(z[:, :1], 0), np.maximum(z[:, 1:2], 0)),
        "lattice": (np.rint(2 * z[:, :1]), np.rint(z[:, :2])),
        "constant": (np.ones((n, 1)), z[:, :1]),
        "a label": (label, label[:, None] + z[:, :1]),
        "a label and ties": (np.maximum(z[:, :1], 0), label),
        "rare labels": (np.arange(n) // 2 * (np.arange(n) > 40), z[:, :2]),
        "labels": (label, rng(5).integers(0, 2, n)),
    }


def as_pair(pair):
    kinds = ["discrete" if v.ndim == 1 else "mixed" for v in pair]
    return [as_variable(v, kind, scale="none") for v, kind in zip(pair, kinds, strict=True)]


# agreement with all distances


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("name", samples())
def test_estimators_agree_with_all_distances(name, k, norm):
    pair = samples()[name]
    x, y = as_pair(pair)
    value = METHODS["mixed"](x, y, k=k, norm=norm)
    assert value == pytest.approx(oracle.mixed(*pair, k, norm), abs=1e-12)
    if "discrete" in (x.kind, y.kind):
        return
    for method in ("ksg", "ksg2"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mt.RegimeWarning)  # of ties
            value = METHODS[method](x, y, k=k, norm=norm)
        assert value == pytest.approx(getattr(oracle, method)(*pair, k, norm), abs=1e-12)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("d", [1, 2, 3, 4, 7])
def test_entropy_agrees_with_all_distances(d, norm):
    x = rng(d).normal(size=(40, d)) * 5.0
    for k in (1, 4):
        value = neighbors.entropy(x, k=k, norm=norm)
        assert value == pytest.approx(oracle.entropy(x, k, norm), abs=1e-12)


def test_without_ties_mixed_is_ksg_and_with_a_label_ross():
    x, y = normal_pairs(500, 0.7)
    assert information(x, y, method="mixed").value == information(x, y, method="ksg").value
    for number in (x, np.round(x, 1), np.maximum(x, 0)):
        pair = as_variable(number), as_variable(y > 0)
        assert METHODS["mixed"](*pair, k=3) == pytest.approx(METHODS["ross"](*pair, k=3), abs=1e-12)


# known values


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
def test_normal_pairs(rho):
    """Strict inequalities: with the others the mean would be about 0.01 too low at n = 10^4."""
    truth = laws.MultivariateNormal.bivariate(rho).information()
    for method, bias in (("ksg", 0.0025), ("ksg2", 0.0025), ("mixed", 0.0025)):
        found = [information(*normal_pairs(10_000, rho, s), method=method).value for s in range(12)]
        # the standard deviation of one estimate is below 0.012: five of the mean, and the bias
        assert abs(np.mean(found) - truth) < bias + 5 * np.std(found, ddof=1) / np.sqrt(12)
        assert np.std(found) < 0.012


def test_negative_estimates_stay_negative():
    found = [information(*normal_pairs(100, 0.0, seed)).value for seed in range(20)]
    assert min(found) < -0.02
    assert max(found) > 0.02


def test_entropy_of_uniform_and_normal():
    x = rng().uniform(size=20_000)
    assert abs(neighbors.entropy(x)) < 0.02
    z = rng().normal(size=(20_000, 2)) * [1.0, 100.0]
    truth = np.log(2 * np.pi * np.e) + np.log(100.0)
    assert abs(neighbors.entropy(z, norm="euclidean") - truth) < 0.03
    assert neighbors.entropy(2.0**-600 * x) == pytest.approx(
        neighbors.entropy(x) - 600 * np.log(2), abs=1e-9
    )


def test_a_constant_holds_no_information():
    y = rng().normal(size=300)
    for constant in (np.ones(300), np.full(300, -1e300), np.zeros((300, 2)), ["a"] * 300):
        for other in (y, np.round(y, 1), y > 0, np.c_[y, y**2]):
            for found in (information(constant, other), information(other, constant)):
                assert abs(found.value) < 1e-12
    assert abs(information(np.ones(300), np.zeros(300)).value) < 1e-12
    assert abs(information(np.ones(300), y, method="ksg").value) < 1e-12


def test_no_more_than_the_entropy_of_a_label():
    """A rare label and a constant, or nearly constant, number: what others estimate above H(Y)."""
    n = 20_000
    y = np.zeros(n, dtype=int)
    y[:: n // 10] = 1
    truth = mt.entropy(np.bincount(y), method="plugin")
    for x in (np.zeros(n), np.where(rng().uniform(size=n) < 1e-3, rng(1).normal(size=n), 0.0)):
        for method in ("mixed", "ross"):
            assert information(x, y, method=method, kinds=("mixed", None)).value < truth + 1e-4
    sizes = np.bincount(samples()["rare labels"][0])
    ceiling = psi(60) - (sizes[sizes > 0] * psi(sizes[sizes > 0])).sum() / 60
    x, y = as_pair(samples()["rare labels"])
    assert METHODS["mixed"](x, y, k=2) <= ceiling
    assert METHODS["mixed"](x, as_variable(x.values.astype(float)), k=1) <= ceiling + 1e-12


def test_discrete_variables_as_by_counting():
    """If each pair is seen more than k times, entropies are ln n less the mean of psi(count)."""
    x, y = rng().integers(0, 3, 400), rng(1).integers(0, 2, 400)
    found = information(x, y)
    assert found.method == "mixed"
    assert any("counts them" in note for note in found.notes)
    table = np.array([[np.sum((x == a) & (y == b)) for b in range(2)] for a in range(3)])

    def entropy(counts):
        return np.log(400) - (counts * psi(counts)).sum() / 400

    expected = entropy(table.sum(0)) + entropy(table.sum(1)) - entropy(table.ravel())
    assert found.value == pytest.approx(expected - np.log(400) + psi(400), abs=1e-12)
    assert found.value == pytest.approx(mt.mutual_information(x, y), abs=0.01)


# laws of nature

dyadic = st.integers(-400, 400).map(lambda v: v / 16)
pairs = st.integers(8, 40).flatmap(
    lambda n: st.lists(st.tuples(dyadic, dyadic), min_size=n, max_size=n, unique=True)
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(pairs, st.sampled_from(["ksg", "ksg2", "mixed"]), st.integers(1, 5), st.data())
def test_laws_of_the_estimators(rows, method, k, data):
    points = np.array(rows)
    x, y = points.T

    def value(x, y, scale="none"):
        kinds = ("continuous", "continuous")
        return information(x, y, method=method, k=k, kinds=kinds, scale=scale).value

    def agree(a, b):
        assert a == b  # to the last bit: the same counts

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        first = value(x, y)
        agree(value(y, x), first)
        order = data.draw(st.permutations(range(len(rows))))
        agree(value(x[order], y[order]), first)
        agree(value(-x, y + 1000.0), first)
        agree(value(2.0**300 * x, 2.0**300 * y), first)
        agree(value(2.0**300 * x, 2.0**-300 * y, "standardise"), value(x, y, "standardise"))
        ranked = value(x, y, "rank")
        agree(value(np.cbrt(x), np.sinh(y), "rank"), ranked)
        agree(value(1e5 * x - 7, y**3, "rank"), ranked)


def test_vectors_do_not_depend_on_the_order_of_columns():
    x = rng().normal(size=(80, 3))
    y = x[:, :2] + rng(1).normal(size=(80, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        found = information(x, y).value
        assert information(x[:, ::-1], y[:, [1, 0]]).value == found
        assert information(x, y, workers=2).value == found
        rotation = np.linalg.qr(rng(2).normal(size=(3, 3)))[0]
        ball = information(x, y, norm="euclidean", scale="none").value
        turned = information(x @ rotation, y, norm="euclidean", scale="none").value
    assert turned == pytest.approx(ball, abs=1e-9)


def test_units_and_heavy_tails():
    """Without a scale, a unit of one millionth hides the dependence."""
    x, y = normal_pairs(1000, 0.9)
    truth = laws.MultivariateNormal.bivariate(0.9).information()
    assert abs(information(x, 1e-6 * y, scale="none").value) < 0.1
    assert abs(information(x, 1e-6 * y).value - truth) < 0.1
    assert abs(information(1e300 * x, 1e-300 * y).value - truth) < 0.1
    assert abs(information(np.sinh(5 * x), y).value - truth) > 0.1
    assert abs(information(np.sinh(5 * x), y, scale="rank").value - truth) < 0.1


# the verb


def test_the_method_follows_the_kinds():
    x, y = normal_pairs(50, 0.5)
    rounded, label = np.round(x, 1), np.array(["low", "high"])[(y > 0).astype(int)]
    cases = [
        (x, y, "ksg", ("continuous", "continuous")),
        (x, label, "ross", ("continuous", "discrete")),
        (label, rounded, "ross", ("discrete", "mixed")),
        (rounded, y, "mixed", ("mixed", "continuous")),
        (rounded, rounded, "mixed", ("mixed", "mixed")),
        (label, y > 1, "mixed", ("discrete", "discrete")),
    ]
    for first, second, method, kinds in cases:
        found = information(first, second)
        assert (found.method, found.kinds) == (method, kinds)
        assert f"x is taken as {kinds[0]}" in found.notes[0]
        assert f"y is taken as {kinds[1]}" in found.notes[1]
    found = information(x, y > 0, kinds=("mixed", "discrete"), method="mixed")
    assert found.notes == ()


def test_what_the_result_says():
    x, y = normal_pairs(50, 0.5)
    found = information(np.round(x, 1), y, k=4, scale="rank", norm="euclidean")
    assert float(found) == found.value
    assert found.bits == pytest.approx(found.value / np.log(2), abs=1e-15)
    first, second, third, last = str(found).splitlines()
    assert first.startswith(f"{found.value:.6f} nats (mixed, k = 4, n = 50, mixed and continuous")
    assert "scale rank, norm euclidean" in first
    assert "of 50 samples repeat others" in second
    assert third == "  y is taken as continuous"
    assert last == "  An estimate, not a certificate: no bound on an error follows from it."


def test_the_verb_of_the_package():
    x, y = normal_pairs(60, 0.5)
    for method in METHODS:
        other = y > 0 if method == "ross" else y
        value = mt.mutual_information(x, other, method=method, k=4, scale="rank")
        assert value == information(x, other, method=method, k=4, scale="rank").value
    with pytest.raises(TypeError, match="method='ksg' takes samples of X and Y, and no alphabet"):
        mt.mutual_information([[3, 1], [1, 3]], method="ksg")
    with pytest.raises(TypeError, match="method='ksg' takes samples"):
        mt.mutual_information(x, y, method="ksg", alphabet=(2, 2))
    with pytest.raises(TypeError, match="method='plugin' takes no argument k, scale"):
        mt.mutual_information(x > 0, y > 0, scale="none", k=3)
    with pytest.raises(ValueError, match="unknown method 'kgs'; did you mean ksg"):
        mt.mutual_information(x, y, method="kgs")


def test_ties_are_said_where_a_density_is_assumed():
    x = np.repeat(rng().normal(size=20), 5)
    y = np.repeat(rng(1).normal(size=20), 5)
    for method, where in (("ksg", ""), ("ksg2", ", in X or in Y,")):
        match = f"{method}: 100 of 100 samples coincide{where} with 3 others"
        with pytest.warns(mt.RegimeWarning, match=match):
            METHODS[method](numbers(x), numbers(y), k=3)
    with pytest.warns(mt.RegimeWarning, match="ksg2: 100 of 100"):
        METHODS["ksg2"](numbers(np.ones(100)), numbers(rng().normal(size=100)), k=3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        found = information(x, y, method="ksg", kinds=("continuous", "mixed"))
    assert found.notes[0] == "x is continuous, but 80 of 100 samples repeat others"
    with pytest.raises(ValueError, match=r"3 others or more coincide with each of 100, the first"):
        neighbors.entropy(x)
    z = rng().normal(size=50)
    z[7] = z[3]
    with pytest.warns(mt.RegimeWarning, match="1 of 50 samples repeat others"):
        neighbors.entropy(z)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"y": np.ones(7)}, ValueError, "a row for each sample; got 8 and 7 rows"),
        ({"k": 8}, ValueError, "k must be less than the number of samples; got k = 8 and 8"),
        ({"k": 0}, ValueError, "k must be an integer of at least 1; got 0"),
        ({"k": 1.5}, ValueError, "k must be an integer"),
        ({"workers": 0}, ValueError, "workers must be an integer of at least 1"),
        ({"norm": "maximum"}, ValueError, "unknown norm 'maximum'; did you mean max"),
        ({"scale": "standardize"}, ValueError, "unknown scale 'standardize'; did you mean standa"),
        ({"method": "kraskov"}, ValueError, "unknown method 'kraskov'"),
        ({"kinds": ("contin", None)}, ValueError, "unknown kind of x 'contin'; did you mean"),
        ({"kinds": ("discrete",)}, ValueError, "kinds must be two"),
        ({"kinds": "mixed"}, ValueError, "kinds must be two"),
        ({"kinds": None}, ValueError, "kinds must be two"),
        ({"x": []}, ValueError, "^x must hold at least one sample"),
        ({"y": csr_matrix(np.eye(8))}, TypeError, "^y must be dense; got a sparse matrix"),
        (
            {"x": np.ma.array(np.ones((8, 2)), mask=np.eye(8, 2))},
            ValueError,
            "x must not have masked entries",
        ),
        ({"y": "abcdefgh"}, TypeError, "must be a sequence of samples"),
        ({"y": list("abcdefgh"), "method": "ksg"}, ValueError, "y is discrete"),
        ({"y": list("abcdefgh"), "kinds": (None, "mixed")}, TypeError, "y must be finite numbers"),
        ({"y": [1.0, np.nan] * 4}, ValueError, "y must be finite numbers; got nan"),
        ({"x": [np.inf, 0.5] * 4}, ValueError, "x must be finite numbers; got inf"),
        ({"x": 1j * np.arange(8)}, TypeError, "x must be real numbers or symbols; got dtype comp"),
        ({"x": np.ones((8, 2, 2))}, ValueError, "^x must have shape"),
        ({"x": 1e300 * np.arange(8.0), "scale": "none"}, ValueError, r"x must be at most 2\*\*900"),
        ({"y": [None, "a"] * 4}, ValueError, "y must not have missing values"),
    ],
)
def test_refusals(change, error, match):
    arguments = {"x": np.arange(8.0) ** 2, "y": np.sqrt(np.arange(8.0)), **change}
    with pytest.raises(error, match=match):
        information(**arguments)
    if change.keys() <= {"k", "workers", "norm"}:
        with pytest.raises(error, match=match.replace("got 0", "got ")):
            neighbors.entropy(np.arange(8.0) ** 2, **change)


# variables


def test_kinds_of_samples():
    pandas = pytest.importorskip("pandas")
    words = pandas.Series(["a", "b", "a"], dtype="category")
    for values in ([1, 2, 1], [True, False, True], ["a", "b", "a"], words, [(1, 2), 3, (1, 2)][:0]):
        if len(values):
            found = as_variable(values)
            assert found.kind == "discrete"
            assert found.values.tolist() in ([0, 1, 0], [1, 0, 1])
    assert as_variable([0.5, 1.5, 2.5]).kind == "continuous"
    assert as_variable(np.float32([0.5, 1.5, 0.5])).kind == "mixed"
    assert as_variable([[0.5, 1.0], [0.5, 2.0]]).kind == "continuous"
    assert as_variable([[0.5, 1.0], [2.5, 1.0], [0.5, 1.0]]).kind == "mixed"
    assert as_variable([0.0, -0.0]).kind == "mixed"
    frame = pandas.DataFrame({"a": [1, 1, 2], "b": [0.5, 0.25, 0.5]})
    assert as_variable(frame, scale="none").values.tolist() == [[1, 0.5], [1, 0.25], [2, 0.5]]
    assert as_variable(frame[["a"]]).values.tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match="x has floating-point columns beside others"):
        as_variable(frame.assign(b=["u", "v", "w"], c=[0.1, 0.2, 0.3]))
    rows = [[0, 1], [0, 2], [1, 1], [0, 2], [0, 1]]
    assert as_variable(rows).values.tolist() == [0, 1, 2, 1, 0]
    assert "if its integers are measurements" in as_variable(np.arange(20)).note
    assert "measurements" not in as_variable(np.arange(20) % 5).note
    assert as_variable([3, 1, 2], "mixed").kind == "mixed"


def test_scales():
    values = rng().normal(size=(300, 2)) * [3.0, 1e-4] + [1e3, 0.0]
    found = as_variable(values).values
    assert found.flags["C_CONTIGUOUS"]
    powers = np.log2(values / found)
    assert np.array_equal(powers, np.rint(powers))
    assert (np.abs(np.log2(found.std(axis=0))) <= 0.5).all()
    assert np.array_equal(as_variable(values, scale="none").values, values)
    for extreme in (1e307, 1e-307):
        unit = as_variable(extreme * (values[:, 0] / 1e3)).values
        assert 0.7 < unit.std() < 1.42
    constant = as_variable([7.0, 7.0], "mixed").values
    assert constant.tolist() == [[0.875], [0.875]]
    assert as_variable([0.0, 0.0]).values.tolist() == [[0.0], [0.0]]


def test_ranks():
    from scipy.special import ndtri
    from scipy.stats import rankdata

    values = np.round(rng().normal(size=(100, 2)), 1)
    found = as_variable(values, scale="rank").values
    assert found == pytest.approx(ndtri(rankdata(values, axis=0) / 101), abs=1e-14)
    assert np.array_equal(as_variable(values**3 + 5, scale="rank").values, found)
    assert isinstance(as_variable([1.5]), Variable)


def test_symbols_that_may_be_numbers_are_said_to_be():
    y = np.random.default_rng(0).normal(size=40)
    for x, words in [
        (np.arange(40), "if its integers are measurements"),
        (y.astype(object), "if it stands for numbers"),
    ]:
        assert words in information(x, y).notes[0]
        given = information(x, y, kinds=("mixed", None))
        assert given.value == information(x.astype(float), y, kinds=("mixed", None)).value
    assert "1 symbol in 40" in information(np.zeros(40, dtype=int), y).notes[0]
    truth = information(y > 0, y, kinds=("mixed", None))
    assert truth.value == information(1.0 * (y > 0), y).value


@pytest.mark.parametrize("method", ["ksg", "gaussian"])
def test_more_than_a_variable_holds_is_said(method):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200).astype(float)
    x = y + 1e-6 * rng.normal(size=200) if method == "gaussian" else np.rint(rng.normal(size=200))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = information(x, y, method=method)
    assert any("above the entropy of y, 0.69" in str(w.message) for w in caught)
    assert found.value > 0.7
    assert any("above the entropy of y" in note for note in found.notes)
    # zeros beside a density: no finite entropy is exceeded
    zeros = np.maximum(rng.normal(size=200), -1.0)
    assert not [
        n for n in information(zeros, zeros + 1e-9 * x, method="gaussian").notes if "above" in n
    ]


def test_conditional_methods_are_named_if_one_is_unknown():
    with pytest.raises(ValueError, match="did you mean ksg"):
        mt.conditional_mutual_information([1, 2], [1, 2], [1, 2], method="kgs")
