"""Finite laws and channels against the definitions at 50 digits and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from oracles import laws as oracle

from mitheory.laws import Channel, Finite, geometric, two_level, uniform, zipf
from mitheory.laws.finite import divergence_term

weights = st.floats(1e-9, 1.0)


def close(truth, rel=2e-15):
    """Relative agreement alone: pytest.approx otherwise also accepts errors of 1e-12."""
    return pytest.approx(float(truth), rel=rel, abs=0.0)


def h(p):
    return 0.0 if p in (0, 1) else -p * math.log(p) - (1 - p) * math.log1p(-p)


# --- Finite -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        Finite([0.5, 0.25, 0.25]),
        Finite([0.0, 0.3, 0.7, 0.0]),
        Finite([1 - 1e-12, 1e-12]),
        Finite([1.0, 1e-20, 1e-250]),
        Finite([1e-300, 1 - 1e-9, 1e-9]),
        uniform(7),
        zipf(1000, 1.1),
        zipf(50, 0.0),
        geometric(2000, 0.3),
        two_level(5, 0.999999),
        two_level(100, 1e-9),
    ],
    ids=str,
)
def test_entropy_keeps_its_digits(law):
    truth = oracle.entropy(law.p)
    # a probability within rounding of 1 stands for 1 less the others
    if law.p.max() > 1 - 1e-6:
        rest = np.sort(law.p)[:-1]
        truth = oracle.entropy_from_rest(rest)
    assert law.entropy() == close(float(truth), 5e-15)


def test_entropy_of_a_constant_is_zero():
    assert Finite([1.0]).entropy() == 0.0
    assert Finite([0, 1, 0]).entropy() == 0.0


def test_families_have_the_stated_probabilities():
    np.testing.assert_allclose(uniform(4).p, 0.25)
    np.testing.assert_allclose(zipf(3, 2.0).p, np.array([36, 9, 4]) / 49)
    np.testing.assert_allclose(geometric(3, 0.5).p, np.array([4, 2, 1]) / 7)
    np.testing.assert_allclose(two_level(3, 0.4).p, [0.4, 0.3, 0.3])


def test_labels_are_short_and_tell_laws_apart():
    laws = [
        uniform(10),
        zipf(30, 1.0),
        geometric(5, 0.5),
        two_level(10, 0.9),
        Finite([0.5, 0.5]),
        Finite([0.4, 0.6]),
        Finite(np.full(10, 0.1)),
        Finite([0.5, 0.5], "coin"),
        Channel.binary_symmetric(0.1),
        Channel([[0.5, 0.0], [0.25, 0.25]]),
    ]
    names = [str(law) for law in laws]
    assert names[:4] == ["uniform(10)", "zipf(30, 1.0)", "geometric(5, 0.5)", "two_level(10, 0.9)"]
    assert names[4:6] == ["finite(0.5, 0.5)", "finite(0.4, 0.6)"]
    assert names[6] == "finite(10 symbols, 2.30259 nats)"
    assert names[7:] == [
        "coin",
        "binary_symmetric(0.1, 0.5)",
        "channel(2 x 2, 0.215762 nats)",
    ]


def test_laws_cannot_be_changed():
    law = uniform(3)
    with pytest.raises(ValueError, match="read-only"):
        law.p[0] = 1.0
    with pytest.raises(AttributeError):
        law.p = np.ones(1)


def test_samples_follow_the_law():
    law, rng = Finite([0.5, 0.0, 0.2, 0.3]), np.random.default_rng(1)
    n = 100_000
    x = law.sample(n, rng)
    assert x.dtype == np.int64
    assert x.shape == (n,)
    seen = np.bincount(x, minlength=4)
    assert seen[1] == 0
    counts = law.sample_counts(n, rng, size=(3, 2))
    assert counts.shape == (3, 2, 4)
    assert (counts.sum(axis=-1) == n).all()
    assert law.sample_counts(10, rng).shape == (4,)
    for observed in [seen, *counts.reshape(-1, 4)]:
        z = (observed - n * law.p) / np.sqrt(n * law.p * (1 - law.p) + 1e-300)
        assert np.abs(z).max() < 5
    assert law.sample(0, rng).shape == (0,)


def test_the_seed_decides_the_sample():
    law = zipf(20, 1.0)
    same = [law.sample(50, np.random.default_rng(3)) for _ in range(2)]
    np.testing.assert_array_equal(*same)


@given(arrays(np.float64, st.integers(1, 12), elements=weights), st.randoms())
@settings(deadline=None, derandomize=True, max_examples=100)
def test_entropy_is_symmetric_and_between_zero_and_ln_s(p, random):
    p = p / p.sum()
    shuffled = list(p)
    random.shuffle(shuffled)
    value = Finite(p).entropy()
    assert Finite(shuffled).entropy() == pytest.approx(value, rel=1e-13, abs=1e-15)
    assert Finite([*shuffled, 0.0]).entropy() == pytest.approx(value, rel=1e-13, abs=1e-15)
    assert 0 <= value <= math.log(p.size) + 1e-14


# --- Channel ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "information"),
    [  # closed forms evaluated at 40 digits with mpmath
        (Channel.binary_symmetric(0.1, 0.3), 0.31595250448970739643),
        (Channel.binary_symmetric(0.1), 0.36806420716849706991),
        (Channel.binary_erasure(0.1, 0.3), 0.54977787184940411672),
        (Channel.symmetric(10, 0.2), 1.3627377539886139279),
    ],
    ids=str,
)
def test_information_of_named_channels(channel, information):
    assert channel.information() == close(information, 1e-15)


def test_z_channel_has_its_capacity_at_the_known_prior():
    eps, best = 0.2, 0.43566363777968358089
    capacity = math.log1p((1 - eps) * eps ** (eps / (1 - eps)))
    assert capacity == close(0.42852532824537729748)
    assert Channel.z(eps, best).information() == close(capacity)
    for prior in (best - 0.01, best + 0.01):
        channel = Channel.z(eps, prior)
        assert channel.information() < capacity
        assert channel.information() == close(h(prior * (1 - eps)) - prior * h(eps), 1e-14)


@pytest.mark.parametrize("prior", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("eps", [0.0, 1e-12, 0.1, 0.5, 0.8, 1.0])
def test_channels_against_their_textbook_values(eps, prior):
    flipped = prior * (1 - eps) + (1 - prior) * eps
    bsc = Channel.binary_symmetric(eps, prior)
    assert bsc.label_entropy() == close(h(prior), 1e-14)
    assert bsc.information() == pytest.approx(h(flipped) - h(eps), abs=1e-15)
    assert bsc.conditional_entropy() == pytest.approx(h(prior) + h(eps) - h(flipped), abs=1e-15)
    assert bsc.bayes_error() == close(min(eps, 1 - eps, prior, 1 - prior), 1e-14)
    bec = Channel.binary_erasure(eps, prior)
    assert bec.conditional_entropy() == close(eps * h(prior), 1e-14)
    assert bec.bayes_error() == close(eps * min(prior, 1 - prior), 1e-14)
    z = Channel.z(eps, prior)
    assert z.bayes_error() == close(min(prior * eps, 1 - prior), 1e-14)
    symmetric = Channel.symmetric(5, eps)
    assert symmetric.bayes_error() == close(min(eps, 1 - eps / 4), 1e-14)
    assert symmetric.conditional_entropy() == pytest.approx(
        h(eps) + eps * math.log(4), rel=1e-14, abs=1e-300
    )


def test_small_conditional_entropy_and_error_keep_their_digits():
    eps = 1e-18
    channel = Channel.binary_symmetric(eps)
    truth = eps * (1 - math.log(eps))  # h(eps) to first order: the next term is eps^2
    assert channel.conditional_entropy() == close(truth, 1e-14)
    assert channel.bayes_error() == close(eps, 1e-15)


@pytest.mark.parametrize("delta", [2.0**-10, 2.0**-20, 2.0**-27])
def test_nearly_independent_laws_keep_their_digits(delta):
    # exact in doubles, so the oracle sees the same law
    joint = [[0.25 + delta, 0.25 - delta], [0.25 - delta, 0.25 + delta]]
    truth = float(oracle.information(joint))
    extended = float(np.finfo(np.longdouble).eps)
    assert Channel(joint).information() == close(truth, 1e-14 + 4 * extended / delta)


def test_near_independence_is_not_lost_to_rounded_products():
    shift = 1e-6 * np.array([[1, -1, 0.2], [0, 1, -0.7]])
    weights = np.outer([0.3, 0.7], [0.15, 0.3, 0.55]) * (1 + shift)
    channel = Channel(weights / weights.sum())
    extended = float(np.finfo(np.longdouble).eps)
    truth = oracle.information(channel.p)
    assert channel.information() == close(truth, 1e-14 + 4e6 * extended)


def test_independent_laws_have_no_information():
    joint = np.outer([0.5, 0.25, 0.25], [0.125, 0.875])
    assert Channel(joint).information() == 0.0


def test_wide_tables_match_the_oracle():
    rng = np.random.default_rng(5)
    joint = rng.dirichlet(np.full(60, 0.2)).reshape(12, 5)
    joint[3] = 0.0
    channel = Channel(joint / joint.sum())
    information = float(oracle.information(channel.p))
    assert channel.information() == close(information, 1e-14)
    assert channel.label_entropy() == close(float(oracle.entropy(channel.p.sum(axis=0))), 1e-14)
    assert channel.conditional_entropy() == close(channel.label_entropy() - information, 1e-13)


joints = arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(1, 4)), elements=st.floats(0, 1)
).filter(lambda a: a.sum() > 1e-3)


@given(joints)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_chain_rule_and_bayes_rule(a):
    channel = Channel(a / a.sum())
    information = channel.information()
    assert information >= 0
    total = channel.conditional_entropy() + information
    assert total == pytest.approx(channel.label_entropy(), abs=1e-14)
    swapped = Channel(channel.p.T)
    assert swapped.information() == pytest.approx(information, rel=1e-9, abs=1e-15)
    assert channel.bayes_error() == pytest.approx(1 - channel.p.max(axis=1).sum(), abs=1e-15)


@given(joints.filter(lambda a: a.shape[0] >= 2))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_merging_observations_loses_information(a):
    fine = Channel(a / a.sum())
    coarse = Channel(np.vstack([fine.p[0] + fine.p[1], fine.p[2:]]))
    assert coarse.information() <= fine.information() + 1e-14
    assert coarse.bayes_error() >= fine.bayes_error() - 1e-15


def test_channel_samples_follow_the_joint_law():
    channel, rng = Channel.binary_erasure(0.2, 0.3), np.random.default_rng(2)
    n = 50_000
    x, y = channel.sample(n, rng)
    assert x.dtype == y.dtype == np.int64
    assert x.shape == y.shape == (n,)
    seen = np.zeros((3, 2))
    np.add.at(seen, (x, y), 1)
    tables = channel.sample_counts(n, rng, size=4)
    assert tables.shape == (4, 3, 2)
    assert channel.sample_counts(n, rng).shape == (3, 2)
    for observed in [seen, *tables]:
        assert (observed[channel.p == 0] == 0).all()
        z = (observed - n * channel.p) / np.sqrt(n * channel.p * (1 - channel.p) + 1e-300)
        assert np.abs(z).max() < 5


# --- the stable term, and bad input -----------------------------------------------------------


@pytest.mark.parametrize("u", [0.0, 1e-300, -1e-12, 0.01, -0.2999, 0.2999, 0.3001, -0.999, 50.0])
def test_divergence_term(u):
    truth = oracle.divergence_term(u)
    value = divergence_term(np.array([1 + u]), 1.0, np.array([u]))[0]
    assert value == close(float(truth), 4e-15)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Finite([0.5, 0.6]), ValueError, r"p must sum to 1; its sum is 1\.1"),
        (lambda: Finite([1.5, -0.5]), ValueError, r"non-negative; got -0\.5 at index 1"),
        (lambda: Finite([0.5, np.nan]), ValueError, "p must be finite; got nan at index 1"),
        (lambda: Finite([]), ValueError, "must not be empty"),
        (lambda: Finite([[0.5], [0.5]]), ValueError, "1 dimension"),
        (lambda: Finite(["a"]), TypeError, "p must be real numbers"),
        (lambda: Finite([[0.5], [0.2, 0.3]]), ValueError, "different lengths"),
        (lambda: Channel([0.5, 0.5]), ValueError, r"p_xy must have 2 dimension"),
        (lambda: Channel([[0.5, 0.6]]), ValueError, "p_xy must sum to 1"),
        (lambda: uniform(0), ValueError, "K must be an integer of at least 1; got 0"),
        (lambda: two_level(1, 0.5), ValueError, "K must be an integer of at least 2"),
        (lambda: two_level(3, 1.5), ValueError, "q must be a finite number at least 0 and at most"),
        (lambda: zipf(3, -1), ValueError, "s must be a finite number at least 0; got -1.0"),
        (lambda: geometric(3, 0.0), ValueError, "r must be a finite number"),
        (lambda: Channel.binary_symmetric(1.2), ValueError, "eps must be a finite number"),
        (lambda: Channel.z(0.1, prior=-0.1), ValueError, "prior must be a finite number"),
        (lambda: Channel.symmetric(1, 0.1), ValueError, "M must be an integer of at least 2"),
        (lambda: uniform(3).sample(5, 0), TypeError, r"numpy\.random\.Generator; got int"),
        (lambda: uniform(3).sample(-1, np.random.default_rng(0)), ValueError, "n must be"),
        (lambda: Channel.z(0.1).sample(2.5, np.random.default_rng(0)), ValueError, "n must be"),
        (lambda: uniform(3).sample_counts(5, None), TypeError, "rng must be"),
    ],
)
def test_bad_input_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
