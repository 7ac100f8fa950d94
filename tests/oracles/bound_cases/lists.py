"""Fano's inequality for lists and for answers with a tolerance, tried."""

import numpy as np

from oracles import bounds as oracle

from . import Case

SIZES = [(2, 1, 1), (3, 1, 2), (10, 2, 2), (10, 9, 9), (10, 3, 6), (1000, 5, 5), (1000, 7, 900)]
SIZES += [(10**9, 3, 3), (10**9, 10**9 - 1, 10**9 - 1), (10**9, 1, 10**6)]  # M, Nmin, Nmax


def _samples():
    for M, Nmin, Nmax in SIZES:
        low, top = np.log(Nmax), np.log(M)
        entropies = [1e-300, 0.1, low - 1e-9, low + 1e-12, low + 1e-6, low + 0.3 * (top - low)]
        entropies += [low + 0.9 * (top - low), np.log(M - Nmin) + 1e-9, top - 1e-7, top - 1e-12]
        errors = [1e-300, 1e-12, 0.003, 0.3, 0.5, 1 - Nmin / M, 1 - 1e-9]
        sizes = {"M": M, "Nmin": Nmin, "Nmax": Nmax}
        for i, H in enumerate(h for h in entropies if 0 < h <= top):
            yield {"p": errors[i % len(errors)], "H": float(H), **sizes}
        yield from ({"p": p, "H": 0.4 * top, **sizes} for p in errors)


def _of_lists(sample):
    rest = {n: sample[n] for n in ("p", "H", "M")}
    return {**rest, "L": sample["Nmin"]}


def _measured(joint, near):
    """H, M and the error of a law when near[x] says which labels the answer at x allows."""
    wrong = float((joint * ~near).sum())
    return {
        "p": min(max(wrong, 0.0), 1.0),
        "H": oracle.measure("H", joint, None),
        "M": joint.shape[1],
    }


def _list_instances(rng):
    for _ in range(1_000):
        joint = oracle.random_joint(rng)
        rows, M = joint.shape
        L = int(rng.integers(1, M))
        likeliest = np.argsort(-joint, axis=1)[:, :L]
        for named in (likeliest, np.argsort(rng.random((rows, M)), axis=1)[:, :L]):
            near = np.zeros((rows, M), dtype=bool)
            np.put_along_axis(near, named, True, axis=1)
            yield {**_measured(joint, near), "L": L}


def _neighbour_instances(rng):
    """Labels at random places in the plane; near is what lies within a distance of an answer."""
    for _ in range(2_000):
        joint = oracle.random_joint(rng)
        rows, M = joint.shape
        places = rng.random((M, 2))
        distance = np.linalg.norm(places[:, None] - places[None], axis=-1)
        near = distance <= rng.uniform(0, 0.6)
        sizes = near.sum(axis=1)
        if sizes.min() < M:
            good = (joint @ near).argmax(axis=1)  # the answer that is near the most probability
            for answer in (good, rng.integers(M, size=rows)):
                counts = {"Nmin": int(sizes.min()), "Nmax": int(sizes.max())}
                yield {**_measured(joint, near[answer]), **counts}


def _of_first(joint, size, names):
    near = np.zeros(joint.shape, dtype=bool)
    near[:, :size] = True
    return {**_measured(joint, near), **dict.fromkeys(names, size)}


def _attained(name):
    cases = [(0.3, 5, 2), (0.1, 4, 3), (0.5, 10, 5), (0.9, 50, 3), (0.7, 12, 1)]
    return [{"p": p, "M": M, name: size} for p, M, size in cases]


def _allowed(joint):
    """How many labels share the first probability: those that the answer allows."""
    return int(np.isclose(joint[0], joint[0, 0], rtol=1e-12).sum())


def _list_measure(joint):
    # where both groups have one probability (p = 1 - L/M) any list will do
    return _of_first(joint, _allowed(joint) % joint.shape[1] or joint.shape[1] // 2, ("L",))


def _neighbour_measure(joint):
    size = _allowed(joint) % joint.shape[1] or joint.shape[1] // 2
    return _of_first(joint, size, ("Nmin", "Nmax"))


CASES = {
    "fano_lists": Case(
        samples=[_of_lists(s) for s in _samples()],
        instances=_list_instances,
        attained=_attained("L"),
        measure=_list_measure,
    ),
    "approximate_recovery": Case(
        samples=tuple(_samples()),
        instances=_neighbour_instances,
        attained=_attained("Nmax"),
        measure=_neighbour_measure,
    ),
}
