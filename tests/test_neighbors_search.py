"""The neighbour searches: equal to a double loop over all distances, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import neighbors as oracle

from mitheory.neighbors.search import COINCIDE, NORMS, count_within, kth_distance, neighborhoods


def clouds(n=70):
    """Point sets that searches stumble over, by name, each as two blocks."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=(n, 6))
    near = np.outer(rng.normal(size=n), np.ones(2)) + 1e-4 * z[:, :2]
    signs = rng.choice([-1.0, 1.0], size=(n, 2))
    grid = np.linspace(-1.0, 1.0, n)
    return {
        "normal": (z[:, :1], z[:, 1:2]),
        "strongly dependent": (near[:, :1], near[:, 1:]),
        "six columns": (z[:, :3], z[:, 3:]),
        "unlike blocks": (z[:, :1], z[:, 1:5]),
        "lattice": (np.rint(2 * z[:, :1]), np.rint(2 * z[:, 1:2])),
        "lattice of six": (np.rint(z[:, :2]), np.rint(z[:, 2:])),
        "duplicates": (np.repeat(z[: n // 7, :1], 7, axis=0), np.repeat(z[: n // 7, 1:2], 7, 0)),
        "zeros": (np.maximum(z[:, :1], 0.0), np.maximum(z[:, 1:2], 0.0)),
        "constant": (np.ones((n, 1)), z[:, :1]),
        "all the same": (np.full((n, 2), -3.5), np.full((n, 1), 0.1)),
        "wild scales": (1e12 * z[:, :1], 1e-12 * z[:, 1:2]),
        "huge and far": (2.0**890 * (1 + z[:, :2] / 8), 2.0**889 * z[:, 2:3]),
        "tiny": (1e-300 * z[:, :2], 1e-303 * z[:, 2:3]),
        "signed zeros": (0.0 * signs[:, :1], np.rint(z[:, :1])),
        "parabola along a grid": (grid[:, None], grid[:, None] ** 2),
        "heavy tails": (np.sinh(4 * z[:, :1]) ** 3, np.sinh(4 * z[:, 1:2])),
    }


def radii_to_try(blocks, k, norm):
    """Distances that occur, next to them, none, and all."""
    radii = np.array(oracle.kth_distance(blocks, k, norm))
    greatest = oracle.distances(blocks, norm)[0].max()
    radii[::5] = np.nextafter(radii[::5], np.inf)
    radii[1::5] = 0.0
    radii[2::10] = COINCIDE
    radii[7::10] = 3.0 * greatest
    return radii


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("cloud", clouds())
def test_searches_agree_with_all_distances(cloud, norm):
    if norm == "euclidean" and cloud in ("huge and far", "tiny"):
        return  # the oracle's squares overflow and vanish: see test_norms_of_huge_and_tiny_numbers
    pair = clouds()[cloud]
    for blocks in (pair, pair[:1], pair[1:]):
        for k in (1, 3, 11):
            radii = oracle.kth_distance(blocks, k, norm)
            assert kth_distance(blocks, k, norm=norm).tolist() == radii
            radii = radii_to_try(blocks, k, norm)
            for strict in (True, False):
                expected = oracle.count_within(blocks, radii, norm, strict)
                assert count_within(blocks, radii, norm=norm, strict=strict).tolist() == expected
            extents, counts = neighborhoods(blocks, k, norm=norm)
            expected = oracle.neighborhoods(blocks, k, norm)
            assert (extents.tolist(), counts.tolist()) == expected


@pytest.mark.parametrize("norm", NORMS)
def test_three_blocks_and_one_array(norm):
    blocks = (*clouds()["six columns"], np.rint(clouds()["normal"][0]))
    assert kth_distance(blocks, 4, norm=norm).tolist() == oracle.kth_distance(blocks, 4, norm)
    radii = np.full(70, 1.0)
    expected = oracle.count_within(blocks, radii, norm)
    assert count_within(blocks, radii, norm=norm).tolist() == expected
    for one in (blocks[0], blocks[2]):
        assert (
            kth_distance(one, 4, norm=norm).tolist() == kth_distance((one,), 4, norm=norm).tolist()
        )


@pytest.mark.parametrize("n", [2, 3, 5, 6, 7, 11, 12, 13, 24, 25, 47, 48, 49])
def test_few_points_and_every_k(n):
    rng = np.random.default_rng(n)
    blocks = (rng.normal(size=(n, 1)), np.rint(rng.normal(size=(n, 1))))
    for k in {1, 2, n // 2, n - 1} - {0, n}:
        assert kth_distance(blocks, k).tolist() == oracle.kth_distance(blocks, k)
        assert kth_distance(blocks[1], k).tolist() == oracle.kth_distance(blocks[1:], k)
        assert neighborhoods(blocks, k)[1].tolist() == oracle.neighborhoods(blocks, k)[1]


def test_norms_of_huge_and_tiny_numbers():
    """Squares neither overflow nor vanish: powers of two scale the distances, and no more."""
    x, y = clouds()["six columns"]
    for norm in NORMS:
        radii = kth_distance((x, y), 3, norm=norm)
        for power in (-1000, 900):
            blocks = (np.ldexp(x, power), np.ldexp(y, power))
            moved = np.ldexp(radii, power)
            assert np.array_equal(kth_distance(blocks, 3, norm=norm), moved)
            counts = count_within(blocks, moved, norm=norm)
            assert np.array_equal(counts, count_within((x, y), radii, norm=norm))
            assert np.array_equal(
                count_within(blocks, np.full(70, COINCIDE), norm=norm), np.zeros(70)
            )


@pytest.mark.parametrize("workers", [2, 3, 16])
def test_threads_change_nothing(workers):
    blocks = clouds(500)["six columns"]
    line = blocks[0][:, :1]
    radii = kth_distance(blocks, 3)
    for points in (blocks, line):
        alone = kth_distance(points, 3)
        assert np.array_equal(kth_distance(points, 3, workers=workers), alone)
        alone = count_within(points, radii)
        assert np.array_equal(count_within(points, radii, workers=workers), alone)
    for alone, shared in zip(
        neighborhoods(blocks, 3), neighborhoods(blocks, 3, workers=workers), strict=True
    ):
        assert np.array_equal(alone, shared)


def test_samples_are_left_as_they_are():
    x, y = (block.copy() for block in clouds()["normal"])
    kth_distance((x, y), 3)
    kth_distance(x, 3)
    count_within(np.hstack([x, y]), np.ones(70), norm="euclidean")
    assert np.array_equal(x, clouds()["normal"][0])
    assert np.array_equal(y, clouds()["normal"][1])


numbers = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e3, 1e3).map(lambda v: float(np.float32(v))),
    st.sampled_from([0.1, 0.2, 0.30000000000000004, 1e-320, -0.0, 1e15]),
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.integers(2, 40).flatmap(
        lambda n: st.lists(st.tuples(*[numbers] * 3), min_size=n, max_size=n)
    ),
    st.data(),
)
def test_any_points(rows, data):
    points = np.array(rows)
    blocks = (points[:, :1], points[:, 1:])
    k = data.draw(st.integers(1, len(rows) - 1))
    norm = data.draw(st.sampled_from(NORMS))
    assert kth_distance(blocks, k).tolist() == oracle.kth_distance(blocks, k)
    radii = kth_distance(blocks, k, norm=norm)
    # a common power of two is taken out before squares: only what vanishes by it may differ
    assert radii == pytest.approx(oracle.kth_distance(blocks, k, norm), abs=1e-140, rel=0)
    for part in (blocks[0], blocks[1], blocks):
        plain = (part,) if isinstance(part, np.ndarray) else part
        for strict in (True, False):
            counts = count_within(part, radii, strict=strict)
            assert counts.tolist() == oracle.count_within(plain, radii, "max", strict)
