"""Mutual information and conditional entropy from any estimator."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import mitheory as mt

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.entropies.RegimeWarning")

# those that need no alphabet and exist for every sample
NAMES = sorted(
    name
    for name, method in mt.ENTROPIES.items()
    if not method.needs_alphabet and name not in ("ansb", "pym")
)
TITANIC = "validation/data/titanic.csv"
tables = arrays(
    np.int64, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.integers(0, 30)
)
tables = tables.filter(lambda table: table.sum() > 0)


def plain_information(table):
    """The definition, term by term."""
    n = table.sum()
    return sum(
        c / n * math.log(c * n / (table[x].sum() * table[:, y].sum()))
        for (x, y), c in np.ndenumerate(table)
        if c
    )


@settings(deadline=None, derandomize=True, max_examples=100)
@given(table=tables)
def test_plugin_is_the_definition(table):
    assert mt.mutual_information(table) == pytest.approx(plain_information(table), abs=1e-13)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True, max_examples=40)
@given(table=tables)
def test_identities(name, table):
    counts = mt.Counts.from_table(table)
    information = mt.mutual_information(table, method=name)
    assert information == pytest.approx(mt.mutual_information(table.T, method=name), abs=1e-12)
    assert information == pytest.approx(
        mt.entropy(counts.marginal("y"), name) - mt.conditional_entropy(counts, name), abs=1e-12
    )
    assert mt.mutual_information(counts, method=name) == pytest.approx(information, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_of_a_variable_with_itself_is_its_entropy(name):
    samples = [0, 1, 1, 2, 2, 2, 5, 5, 5, 5]
    assert mt.mutual_information(samples, samples, method=name) == pytest.approx(
        mt.entropy(mt.count(samples), name), rel=1e-14
    )


def test_independent_columns_have_no_plugin_information():
    assert mt.mutual_information([[2, 4], [3, 6]]) == pytest.approx(0, abs=1e-15)


def test_a_label_that_is_a_function_of_x_has_no_entropy_left():
    assert mt.conditional_entropy(mt.count([1, 2, 3, 3], [0, 1, 0, 0])) == 0.0


def test_negative_estimates_are_not_clipped():
    assert mt.mutual_information([[5, 5], [5, 5]], method="miller_madow") < 0


def test_batches_of_tables():
    tables = np.random.default_rng(0).integers(0, 9, size=(3, 2, 4, 5))
    batch = mt.mutual_information(tables, method="jackknife")
    assert batch.shape == (3, 2)
    assert batch[2, 1] == pytest.approx(mt.mutual_information(tables[2, 1], method="jackknife"))
    assert mt.conditional_entropy(tables).shape == (3, 2)


def test_several_features_stand_before_the_label():
    rng = np.random.default_rng(2)
    x = rng.integers(0, 3, size=(200, 2))
    y = (x.sum(axis=1) + rng.integers(0, 2, 200)) % 3
    as_one = mt.mutual_information(x[:, 0] * 3 + x[:, 1], y)
    assert mt.mutual_information(x, y) == pytest.approx(as_one, rel=1e-14)
    assert mt.mutual_information(mt.count(x, y)) == pytest.approx(as_one, rel=1e-14)


def test_a_method_is_a_name_or_an_estimator():
    table, method = [[30, 10], [5, 55]], mt.ENTROPIES["grassberger"]
    assert mt.entropy([3, 2, 1], method) == mt.entropy([3, 2, 1], "grassberger")
    assert mt.conditional_entropy(table, method) == mt.conditional_entropy(table, "grassberger")
    assert mt.mutual_information(table, method=method) == mt.mutual_information(
        table, method="grassberger"
    )
    for y in ("grassberger", method):
        with pytest.raises(TypeError, match=r"samples of Y; a method .* method='grassberger'"):
            mt.mutual_information(table, y)


@pytest.mark.parametrize("frame", ["pandas", "arrow"])
@pytest.mark.parametrize(
    "verb", [mt.entropy, mt.conditional_entropy, mt.mutual_information, mt.certify]
)
def test_a_data_frame_is_samples_and_not_counts(verb, frame):
    samples = {"x": [1, 2, 2], "y": [0, 1, 1]}
    if frame == "pandas":
        data = pytest.importorskip("pandas").DataFrame(samples)
    else:
        data = pytest.importorskip("pyarrow").table(samples)
    with pytest.raises(TypeError, match=r"count them first, mitheory\.count\(frame\)"):
        verb(data)
    verb(mt.count(data))


@pytest.mark.parametrize("verb", [mt.mutual_information, mt.conditional_entropy])
def test_what_holds_no_pairs_is_refused(verb):
    with pytest.raises(ValueError, match="two columns or more are needed"):
        verb(mt.count([1, 2, 3]))
    with pytest.raises(TypeError, match="a Profile holds no pairs"):
        verb(mt.Profile.from_counts([1, 2]))
    with pytest.raises(ValueError, match="rows X and columns Y"):
        verb([1, 2, 3])


def plain_conditional_information(table):
    """The definition, term by term; axes X, Y, Z."""
    n = table.sum()
    return sum(
        c / n * math.log(c * table[:, :, z].sum() / table[x, :, z].sum() / table[:, y, z].sum())
        for (x, y, z), c in np.ndenumerate(table)
        if c
    )


def samples_of(table):
    """One row of coordinates a sample."""
    return np.repeat(np.argwhere(table), table[table > 0], axis=0)


triples = arrays(
    np.int64, array_shapes(min_dims=3, max_dims=3, max_side=3), elements=st.integers(0, 20)
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(table=triples.filter(lambda table: table.sum() > 0))
def test_conditional_information_is_the_definition(table):
    expected = pytest.approx(plain_conditional_information(table), abs=1e-13)
    x, y, z = samples_of(table).T
    counts = mt.count(z, x, y)
    assert mt.conditional_mutual_information(table) == expected
    assert mt.conditional_mutual_information(x, y, z) == expected
    assert mt.conditional_mutual_information(mt.count(x, y, z)) == expected
    assert mt.conditional_mutual_information(counts, "column 2", "column 0") == expected
    assert mt.conditional_mutual_information(counts, -2, 0) == expected


@settings(deadline=None, derandomize=True, max_examples=50)
@given(table=triples.filter(lambda table: table.sum() > 0))
def test_chain_rule(table):
    """I(X,Z;Y) = I(Z;Y) + I(X;Y|Z), by any method."""
    x, y, z = samples_of(table).T
    for method in ("miller_madow", "zhang", "chao_shen"):
        whole = mt.mutual_information(np.stack([x, z], axis=1), y, method=method)
        part = mt.mutual_information(z, y, method=method)
        rest = mt.conditional_mutual_information(x, y, z, method=method)
        assert whole == pytest.approx(part + rest, abs=1e-12)


def test_roles_of_several_columns():
    rng = np.random.default_rng(0)
    x, y, z = (rng.integers(0, 3, (300, 2)) for _ in range(3))
    counts = mt.count(x, y, z)
    expected = mt.conditional_mutual_information(x, y, z)
    assert mt.conditional_mutual_information(counts, [2, 3], (-2, -1)) == pytest.approx(expected)
    flat = [a[:, 0] * 3 + a[:, 1] for a in (x, y, z)]
    assert mt.conditional_mutual_information(*flat) == pytest.approx(expected, rel=1e-13)


def test_batches_of_three_way_tables():
    tables = np.random.default_rng(1).integers(0, 9, (2, 3, 4, 2, 3))
    batch = mt.conditional_mutual_information(tables, method="jackknife")
    assert batch.shape == (2, 3)
    one = mt.conditional_mutual_information(tables[1, 2], method="jackknife")
    assert batch[1, 2] == pytest.approx(one, abs=1e-13)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1], [0, 1]), "y and z go together"),
        (([[1, 2], [3, 4]],), "axes X, Y and Z"),
        ((mt.count([0, 1], [0, 1]),), "of a Counts of 2 columns, say which are Y and Z"),
        ((mt.count([0, 1], [0, 1]), 0, 1), r"leave \[\] of 2 to X"),
        ((mt.count([0, 1], [0, 1], [0, 1]), 1, 1), "columns of their own"),
        ((mt.count([0, 1], [0, 1], [0, 1]), [], 1), "columns of their own"),
        ((mt.count([0, 1], [0, 1], [0, 1]), 1, 7), "column must be in -3..2; got 7"),
    ],
)
def test_conditional_information_needs_three_variables(arguments, message):
    with pytest.raises(ValueError, match=message):
        mt.conditional_mutual_information(*arguments)


def test_alphabets_are_those_of_the_variables_and_their_product():
    table = np.array([[3, 0, 1], [2, 5, 0]])
    counts = mt.Counts.from_table(table)
    x, y, joint = table.sum(axis=1), table.sum(axis=0), table.ravel()

    def by_hand(sx, sy):
        return [
            mt.entropy(part, "dirichlet_laplace", alphabet=size)
            for part, size in ((x, sx), (y, sy), (joint, sx * sy))
        ]

    hx, hy, both = by_hand(4, 5)
    options = {"method": "dirichlet_laplace", "alphabet": (4, 5)}
    by_sizes = mt.mutual_information(table, **options)
    for data in (table, counts):
        assert mt.mutual_information(data, **options) == pytest.approx(hx + hy - both, rel=1e-14)
        assert mt.conditional_entropy(data, **options) == pytest.approx(both - hx, rel=1e-14)
    hx, hy, both = by_hand(2, 3)
    assert mt.mutual_information(table, method="dirichlet_laplace") == pytest.approx(
        hx + hy - both, rel=1e-14
    )
    cube = np.stack([table, table[::-1]])
    assert mt.conditional_mutual_information(cube, method="nsb") == pytest.approx(
        mt.conditional_mutual_information(cube, method="nsb", alphabet=(2, 2, 3))
    )
    with pytest.raises(ValueError, match=r"nsb needs the alphabet sizes: pass alphabet=\(Sx, Sy\)"):
        mt.mutual_information(counts, method="nsb")
    for sizes in ([4, 5], np.array([4, 5]), np.array([4.0, 5.0])):
        assert mt.mutual_information(table, **(options | {"alphabet": sizes})) == by_sizes
    for wrong in (6, (2,), (2, 3, 4), {2, 3}, "23", np.array(2), [[2, 3]]):
        with pytest.raises(ValueError, match=r"alphabet must be the sizes \(Sx, Sy\)"):
            mt.mutual_information(counts, alphabet=wrong)
    with pytest.raises(ValueError, match="at least the number of symbols observed, 3; got 2"):
        mt.mutual_information(counts, alphabet=(2, 2))


@pytest.mark.parametrize(
    "verb",
    [
        mt.mutual_information,
        mt.conditional_entropy,
        mt.normalized_information,
        mt.jensen_shannon,
        mt.certify,
        lambda table: mt.jensen_shannon(table, weights=[0.5, 0.5]),
    ],
)
def test_a_table_without_samples_is_refused(verb):
    with pytest.raises(ValueError, match=r"at least one sample[^()]*$"):
        verb(np.zeros((2, 2), dtype=int))


def test_a_table_without_samples_is_named_by_its_place_in_the_batch():
    tables = np.ones((2, 3, 2, 2), dtype=int)
    tables[1, 2] = 0
    with pytest.raises(ValueError, match=r"all its counts are 0 in table \(1, 2\)"):
        mt.mutual_information(tables)


@pytest.mark.parametrize(
    "verb", [mt.mutual_information, mt.conditional_entropy, mt.normalized_information]
)
def test_one_warning_says_which_entropies_it_means(verb):
    """Of 12 values of X and of Y each is seen 12 times; of their pairs each once."""
    pairs_once = np.ones((12, 12), dtype=int)
    with pytest.warns(mt.RegimeWarning, match=r"regime for H\(X,Y\): likely") as caught:
        verb(pairs_once)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert "H(X)" not in str(caught[0].message)
    batch = np.stack([pairs_once, np.diag([1] * 12)])
    words = r"for H\(X\) in 1 of 2 samples; .* n = 12, .*; for .*H\(X,Y\) in 2 of 2 samples; .* 144"
    with pytest.warns(mt.RegimeWarning, match=words) as caught:
        verb(batch)
    assert len(caught) == 1


@pytest.mark.filterwarnings("error")
def test_numbers_taken_for_symbols_are_told_of_nearest_neighbours():
    """Fifty measurements that do not repeat have 3.9 nats of information as symbols."""
    x, y = np.random.default_rng(1).normal(size=(2, 50))
    with pytest.warns(mt.RegimeWarning, match=r"seldom repeat .* method='ksg'"):
        mt.mutual_information(x, y)
    labels = [0, 1] * 25
    with pytest.warns(mt.RegimeWarning, match=r"method='ksg', 'ross'"):
        mt.conditional_mutual_information(labels, labels[::-1], y)
    with pytest.warns(mt.RegimeWarning) as caught:
        mt.mutual_information(np.arange(50), labels)
    assert "seldom repeat" not in str(caught[0].message)


def test_conditional_information_warns_once_of_three():
    cube = np.ones((6, 6, 6), dtype=int)
    with pytest.warns(mt.RegimeWarning, match=r"^plugin .* for H\(X,Y,Z\): ") as caught:
        mt.conditional_mutual_information(cube)
    assert len(caught) == 1
    mt.conditional_mutual_information(9 * cube)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(table=tables, raw=st.lists(st.floats(0.01, 1), min_size=5, max_size=5))
def test_jensen_shannon_is_the_definition(table, raw):
    table = table[:, table.sum(axis=0) > 0]
    weights = np.array(raw[: table.shape[1]]) / sum(raw[: table.shape[1]])
    laws = table / table.sum(axis=0)

    def entropy(p):
        return -sum(q * math.log(q) for q in p if q > 0)

    expected = entropy(laws @ weights) - sum(
        w * entropy(p) for w, p in zip(weights, laws.T, strict=True)
    )
    for data in (table, mt.Counts.from_table(table)):
        assert mt.jensen_shannon(data, weights=weights) == pytest.approx(expected, abs=1e-13)
    shares = table.sum(axis=0) / table.sum()
    information = mt.mutual_information(table)
    assert mt.jensen_shannon(table) == information
    assert mt.jensen_shannon(table, weights=shares) == pytest.approx(information, abs=1e-13)


def test_jensen_shannon_weights():
    batch = np.array([[[4, 0], [0, 9]], [[1, 2], [2, 4]]])
    got = mt.jensen_shannon(batch, weights=[0.25, 0.75])
    assert got == pytest.approx([mt.entropy([1, 3]), 0], abs=1e-15)
    assert mt.jensen_shannon([[3, 0], [1, 0]], weights=[1, 0]) == 0
    assert mt.jensen_shannon(batch, "zhang").shape == (2,)
    for weights, message in (
        ([0.5, 0.4], "must sum to 1"),
        ([0.5, 0.25, 0.25], "one for each of 2 labels; got 3"),
        ([1.5, -0.5], "non-negative"),
    ):
        with pytest.raises(ValueError, match=message):
            mt.jensen_shannon(batch, weights=weights)
    with pytest.raises(ValueError, match="label 1 has none"):
        mt.jensen_shannon([[3, 0], [1, 0]], weights=[0.5, 0.5])
    with pytest.raises(ValueError, match="with weights only method='plugin' is defined; got 'zha"):
        mt.jensen_shannon(batch, "zhang", weights=[0.5, 0.5])


@pytest.mark.parametrize("method", ["plugin", "grassberger"])
def test_normalized_information(method):
    table = np.array([[30, 10, 1], [5, 55, 2]])
    x, y = (mt.entropy(table.sum(axis=k), method) for k in (1, 0))
    information = mt.mutual_information(table, method=method)
    norms = {
        "min": min(x, y),
        "max": max(x, y),
        "mean": (x + y) / 2,
        "sqrt": math.sqrt(x * y),
        "joint": mt.entropy(table.ravel(), method),
        "label": y,
    }
    for norm, divisor in norms.items():
        got = mt.normalized_information([table, table], method, norm=norm)
        assert got == pytest.approx([information / divisor] * 2, rel=1e-13)
    assert mt.normalized_information(table, method) == pytest.approx(information / y, rel=1e-13)


def test_what_has_no_entropy_is_not_divided_by():
    same = [[3, 0], [4, 0]]
    for norm in ("label", "min", "sqrt"):
        with pytest.raises(ValueError, match=f"the norm '{norm}' must be positive; got 0.0"):
            mt.normalized_information(same, norm=norm)
    for norm in ("max", "mean", "joint"):
        assert mt.normalized_information(same, norm=norm) == pytest.approx(0, abs=1e-15)
    with pytest.raises(ValueError, match=r"got 0.0 in table \(1,\)"):
        mt.normalized_information([[[3, 1], [4, 2]], same])
    with pytest.raises(ValueError, match="unknown norm 'most'"):
        mt.normalized_information(same, norm="most")


LINEAR = sorted(name for name, method in mt.ENTROPIES.items() if method.linear)


@pytest.mark.parametrize("name", LINEAR)
def test_samples_of_one_size_share_weights(name):
    rng = np.random.default_rng(3)
    rows = rng.multinomial(50, rng.dirichlet(np.full(20, 0.3)), size=(30, 2))
    alphabet = 40 if mt.ENTROPIES[name].needs_alphabet else None
    batch = mt.entropy(rows, name, alphabet=alphabet)
    looped = [[mt.entropy(row, name, alphabet=alphabet) for row in pair] for pair in rows]
    np.testing.assert_allclose(batch, looped, rtol=1e-12)
