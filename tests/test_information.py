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


@pytest.mark.parametrize("verb", [mt.mutual_information, mt.conditional_entropy])
def test_what_holds_no_pairs_is_refused(verb):
    with pytest.raises(ValueError, match="two columns or more are needed"):
        verb(mt.count([1, 2, 3]))
    with pytest.raises(TypeError, match="a Profile holds no pairs"):
        verb(mt.Profile.from_counts([1, 2]))
    with pytest.raises(ValueError, match="rows X and columns Y"):
        verb([1, 2, 3])
