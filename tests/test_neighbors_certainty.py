"""Standard errors, intervals, permutation tests and convergence of nearest-neighbour estimates."""

import itertools
import math
import warnings

import numpy as np
import pytest
from scipy.special import psi, stdtrit

import mitheory as mt
from mitheory import laws
from mitheory.intervals import PROMISES
from mitheory.neighbors import convergence, information, permutation_test
from mitheory.neighbors.diagnostics import crowding
from mitheory.neighbors.variables import as_variable


def rng(seed=0):
    return np.random.default_rng(seed)


def pairs(n, rho=0.6, seed=0, d=1):
    cov = np.kron([[1.0, rho], [rho, 1.0]], np.eye(d))
    return laws.MultivariateNormal(cov, d).sample(n, rng(seed))


def halves_by_hand(x, y, generator, **settings):
    order = generator.permutation(len(x))
    b = len(x) // 2
    return [information(x[i], y[i], **settings).value for i in (order[:b], order[b : 2 * b])]


def test_the_standard_error_is_that_of_the_halves():
    x, y = pairs(101)
    found = convergence(x, y, rng=rng(7), halvings=1, replicates=3, scale="none")
    generator = rng(7)
    parts = np.array([halves_by_hand(x, y, generator, scale="none") for _ in range(3)])
    error = math.sqrt(((parts[:, 0] - parts[:, 1]) ** 2 / 2).mean() * 50 / 101)
    assert found.standard_error[-1] == pytest.approx(error, rel=1e-12)
    assert found.value[0] == pytest.approx(parts.mean(), rel=1e-12)
    assert found.value[-1] == found.information.value == information(x, y, scale="none").value
    assert found.limit == pytest.approx(
        found.value[1] + found.drift / (math.sqrt(101 / 50) - 1), rel=1e-12
    )
    assert found.limit_error is None
    assert found.n.tolist() == [50, 101]


def test_parts_are_disjoint_and_nested():
    """Where the estimate is linear in the samples, all levels have the same mean."""
    from mitheory.neighbors.certainty import _cut

    order = rng().permutation(107)
    for level in range(4):
        parts = _cut(order, level)
        assert {part.size for part in parts} == {107 >> level}
        together = np.concatenate(parts)
        assert np.unique(together).size == together.size
        if level:
            above = [set(part) for part in _cut(order, level - 1)]
            assert all(set(part) <= above[i // 2] for i, part in enumerate(parts))


@pytest.mark.parametrize("method", ["ksg", "gaussian"])
def test_standard_error_is_the_spread_over_samples(method):
    """The mean squared standard error is the variance, up to the noise of 120 samples."""
    found = [
        convergence(*pairs(200, 0.8, seed), rng=rng(seed), halvings=1, replicates=4, method=method)
        for seed in range(120)
    ]
    spread = np.var([one.information.value for one in found], ddof=1)
    told = np.mean([one.standard_error[-1] ** 2 for one in found])
    # a variance from 120 samples has a relative standard deviation of 0.13
    assert 0.6 < told / spread < 1.5


@pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")
def test_the_bootstrap_is_wrong_and_halves_are_not():
    """Resamples drawn with replacement coincide: their estimates lie far above the truth."""
    x, y = pairs(500, 0.0)
    generator = rng(1)
    draws = [generator.integers(0, 500, 500) for _ in range(20)]
    resampled = [
        information(x[i], y[i], kinds=("continuous", "continuous"), method="ksg").value
        for i in draws
    ]
    found = mt.interval((x, y), "ksg", kind="subsampling", rng=rng(2))
    assert np.quantile(resampled, 0.025) > 0.3  # this interval would leave out 0, the truth
    assert found.lower < 0.0 < found.upper
    assert found.standard_error < 0.06


def test_the_interval_is_about_the_value_and_reaches_to_the_limit():
    for seed, rho in itertools.product(range(4), (0.0, 0.97)):
        x, y = pairs(150, rho, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mt.RegimeWarning)
            found = mt.interval(
                (x, y), "ksg", kind="subsampling", level=0.9, rng=rng(3), replicates=6, k=4
            )
        table = convergence(x, y, rng=rng(3), halvings=1, replicates=6, k=4)
        radius = stdtrit(6, 0.95) * table.standard_error[-1]
        ahead = table.limit - found.value
        assert found.value == information(x, y, k=4).value
        assert found.lower == pytest.approx(found.value - radius + min(ahead, 0), abs=1e-12)
        assert found.upper == pytest.approx(found.value + radius + max(ahead, 0), abs=1e-12)
        assert (found.level, found.kind, found.n) == (0.9, "subsampling", 150)
    assert found.promise == PROMISES["subsampling"]
    assert "(subsampling, n = 150)" in str(found)
    assert found.bits.standard_error == pytest.approx(found.standard_error / math.log(2))


def test_intervals_hold_the_truth():
    law = laws.MultivariateNormal.bivariate(0.6)
    held = 0
    for seed in range(60):
        found = mt.interval(
            law.sample(150, rng(seed)), "ksg", kind="subsampling", rng=rng(seed), replicates=8
        )
        held += found.lower <= law.information() <= found.upper
    assert held >= 51  # of 0.95 * 60 = 57, less four standard deviations


def test_labels_and_strings():
    x, y = laws.BinaryGaussian([1.0], [[1.0]]).sample(200, rng())
    for labels in (y, np.array(["no", "yes"])[y], y.astype(bool)):
        found = mt.interval((x, labels), "ross", kind="subsampling", rng=rng(1))
        assert found.lower < laws.BinaryGaussian([1.0], [[1.0]]).information() < found.upper


def test_a_bias_that_outweighs_the_spread_is_said():
    x, y = laws.AdditiveUniform(0.1).sample(400, rng())
    with pytest.warns(mt.RegimeWarning, match=r"nats more than half of them.*bias outweighs"):
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(), k=20)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mt.interval(pairs(400, 0.5), "ksg", kind="subsampling", rng=rng())


def test_only_the_generator_decides():
    x, y = pairs(120)
    one, same, other = (
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(seed), replicates=4)
        for seed in (1, 1, 2)
    )
    assert one == same != other
    tests = [permutation_test(x, y, rng=rng(seed), permutations=30) for seed in (1, 1)]
    assert tests[0] == tests[1]


def test_convergence_goes_to_the_truth():
    law = laws.AdditiveUniform(0.1)  # its estimates are low, by 0.1 at n = 400
    x, y = law.sample(800, rng())
    table = convergence(x, y, rng=rng(1), halvings=3, replicates=10)
    assert table.n.tolist() == [100, 200, 400, 800]
    assert (np.diff(table.value) > 0).all()
    assert abs(table.limit - law.information()) < abs(table.value[-1] - law.information())
    assert abs(table.limit - law.information()) < 3 * table.limit_error
    assert table.drift == table.value[-1] - table.value[-2]


def test_the_table_is_readable():
    table = convergence(*pairs(200), rng=rng(), halvings=2, replicates=4)
    lines = str(table).splitlines()
    assert lines[0].split() == ["n", "information", "in", "nats", "(ksg)"]
    assert [line.split()[0] for line in lines[1:]] == ["50", "100", "200", "limit"]
    assert float(lines[3].split()[1]) == pytest.approx(table.value[-1], abs=1e-6)
    assert lines[4].count("±") == 1
    once = convergence(*pairs(200), rng=rng(), halvings=1, replicates=4)
    assert "±" not in str(once).splitlines()[-1]


def test_rank_scale_ranks_each_part():
    """What depends on the samples through their ranks alone does so in every part too."""
    x, y = pairs(200)
    settings = {"halvings": 2, "replicates": 3, "scale": "rank"}
    plain = convergence(x, y, rng=rng(1), **settings)
    mapped = convergence(np.exp(3 * x), y**3, rng=rng(1), **settings)
    assert mapped.value == pytest.approx(plain.value, abs=1e-12)


@pytest.mark.parametrize("method", ["ksg", "ross"])
def test_permutation_p_values_are_uniform_where_nothing_depends(method):
    values = []
    for seed in range(80):
        x, y = rng(seed).normal(size=(2, 60))
        y = y > 0 if method == "ross" else y
        values.append(permutation_test(x, y, rng=rng(seed), permutations=19, method=method))
    # P(p <= 0.2) is 0.2: 16 of 80, with a standard deviation of 3.6
    assert 4 <= np.sum(np.array(values) <= 0.2) <= 28
    assert set(np.round(np.array(values) * 20, 9)) <= set(range(1, 21))


def test_permutation_finds_what_correlation_does_not():
    x = rng().uniform(-1, 1, 300)
    y = x**2 + 0.05 * rng(1).normal(size=300)
    assert permutation_test(x, y, rng=rng(), permutations=99) == 0.01


def test_ties_count_as_reached():
    constant = np.zeros(60)
    label = np.arange(60) % 2
    assert permutation_test(constant, label, rng=rng(), permutations=20, method="ross") == 1.0


def test_refusals():
    x, y = pairs(100)
    few = x[:40], y[:40]
    with pytest.raises(ValueError, match=r"at least 25 samples.*40 samples halved 1 times have 20"):
        mt.interval(few, "ksg", kind="subsampling", rng=rng())
    with pytest.raises(ValueError, match="halved 3 times have 12"):
        convergence(x, y, rng=rng(), halvings=3)
    with pytest.raises(ValueError, match=r"at least 60 samples \(k = 12\).*halved 1 times have 50"):
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(), k=12)
    with pytest.raises(ValueError, match="halvings must be an integer of at least 1"):
        convergence(x, y, rng=rng(), halvings=0)
    with pytest.raises(ValueError, match="replicates must be an integer of at least 2"):
        convergence(x, y, rng=rng(), replicates=1)
    with pytest.raises(TypeError, match=r"numpy\.random\.Generator"):
        convergence(x, y, rng=3)
    with pytest.raises(ValueError, match="permutations must be an integer of at least 1"):
        permutation_test(x, y, rng=rng(), permutations=0)
    with pytest.raises(TypeError, match="pass rng="):
        mt.interval((x, y), "ksg", kind="subsampling")
    with pytest.raises(TypeError, match=r"tuple \(x, y\).*got ndarray"):
        mt.interval(x, "ksg", kind="subsampling", rng=rng())
    with pytest.raises(ValueError, match="level"):
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(), level=1.0)
    with pytest.raises(ValueError, match="quantity='information' of samples"):
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(), quantity="entropy")
    with pytest.raises(ValueError, match="takes no alphabet"):
        mt.interval((x, y), "ksg", kind="subsampling", rng=rng(), alphabet=3)
    with pytest.raises(ValueError, match="unknown method 'plugin'"):
        mt.interval((x, y), kind="subsampling", rng=rng())
    with pytest.raises(TypeError, match="kind='jackknife' takes no argument k"):
        mt.interval([3, 2], kind="jackknife", k=3)


# signs of an estimate out of its depth


def test_crowding_of_a_lattice():
    """On 0, 1, ..., 100 the second neighbour is at 1, half of the others within 25 to 50."""
    line = as_variable(np.arange(101.0), "continuous", scale="none")
    assert 1 / 51 <= crowding(line, line, k=2, norm="max") <= 1 / 25
    same = as_variable(np.ones(30), "mixed", scale="none")
    assert crowding(same, same, k=3, norm="max") == 0.0


def test_crowding_looks_within_the_label():
    label = np.arange(200) % 2
    x = np.where(label, 1000.0, 0.0)[:, None] + rng().normal(size=(200, 4))
    apart = crowding(as_variable(x, scale="none"), as_variable(label), k=3, norm="max")
    alone = as_variable(x[::2], scale="none")
    one = as_variable(np.zeros(100, dtype=int))
    assert apart == pytest.approx(crowding(alone, one, k=3, norm="max"), abs=0.1)
    once = as_variable(np.arange(200))
    assert crowding(as_variable(x), once, k=3, norm="max") == 0.0


def test_high_dimension_is_said_and_can_be_silenced():
    x, y = pairs(200, 0.5, d=8)
    with pytest.warns(mt.RegimeWarning, match=r"in 16 columns n = 200 is few"):
        found = information(x, y)
    assert any("16 columns" in note for note in found.notes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        assert information(x, y).value == found.value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        information(*pairs(2000, 0.5, d=2))
        information(x, y, method="gaussian")
        information(*pairs(60, 0.5))


def test_an_estimate_at_its_ceiling_is_said():
    x = rng().normal(size=100)
    with pytest.warns(mt.RegimeWarning, match=r"close to psi\(n\) - psi\(k\) = 3.68"):
        found = information(x, x + 1e-9 * rng(1).normal(size=100))
    # of the third neighbour, one of both coordinates is strictly nearer than the other
    assert found.value == pytest.approx(psi(100) - psi(4), abs=1e-6)
