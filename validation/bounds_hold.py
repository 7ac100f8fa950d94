"""Every bound holds, for every law it is tried on, and is attained where it says so.

A bound speaks of a few quantities: entropies, error probabilities, divergences. What is written
here is how to measure each of them in a law; which bounds there are is read from `BOUNDS`, and one
that speaks of quantities that cannot be measured here is an error. Laws are random (posteriors from
nearly certain to uniform, skewed priors, any classifier where the bound speaks of every one) and
those that attain the bound.
"""

import inspect

import numpy as np
from scipy import special

import mitheory as mt
from mitheory.bounds.expressions import evaluate
from mitheory.laws import gaussian
from mitheory.study import Study, main

LABELS = frozenset(("p", "H", "I", "M", "P", "pmax", "a", "Ha", "b", "F", "B"))
TWO_LABELS = frozenset(("p", "H", "I", "prior0", "rho", "s", "c", "TV"))
LISTS = frozenset(("p", "H", "M", "L"))
NEIGHBOURS = frozenset(("p", "H", "M", "Nmin", "Nmax"))
EVEN_LABELS = frozenset(("p", "M", "chi2"))
HYPOTHESES = frozenset(("p", "K", "D"))
GAUSSIAN = frozenset(("p", "H", "I", "gamma", "prior0"))

CLASSES = range(2, 51)


def random_laws(n, classes, rng):
    """Joint laws of one to six observations, shape (n, observations, classes)."""
    rows = int(rng.integers(1, 7))
    prior = (1.0 + np.arange(classes)) ** -rng.uniform(0, 3, size=(n, 1, 1))
    prior *= classes / prior.sum(axis=-1, keepdims=True)
    concentration = prior * 10 ** rng.uniform(-2.5, 2, size=(n, rows, 1))
    posterior = rng.standard_gamma(concentration) + 1e-300 * rng.random((n, rows, classes))
    posterior /= posterior.sum(axis=-1, keepdims=True)
    joint = rng.dirichlet(np.ones(rows), size=n)[..., None] * posterior
    return joint / joint.sum(axis=(-2, -1), keepdims=True)


def one_hot(answers, classes):
    return answers[..., None] == np.arange(classes)


def classifiers(joint, holds_for, rng):
    """The probability of each answer at each observation, for the classifiers that are meant."""
    n, rows, classes = joint.shape
    yield one_hot(joint.argmax(axis=-1), classes)
    if holds_for != "every classifier":
        return
    yield one_hot(joint.argmin(axis=-1), classes)
    yield one_hot(rng.integers(classes, size=(n, rows)), classes)
    yield rng.dirichlet(np.full(classes, 0.3), size=(n, rows))


def conditional_entropy(joint, posterior):
    entropy = (joint.sum(axis=-1) * special.entr(posterior).sum(axis=-1)).sum(axis=-1)
    return np.minimum(entropy, np.log(joint.shape[-1]))


def error(joint, right):
    """The probability of the answers that are not right, shape (n,)."""
    return np.minimum((joint * (1.0 - right)).sum(axis=(-2, -1)), 1.0)


def posteriors(joint):
    return joint / np.maximum(joint.sum(axis=-1, keepdims=True), 1e-300)


def of_labels(joint, decide, a, b):
    """All that the bounds ask of a joint law, a classifier, an order a and a threshold b."""
    classes, posterior, prior = joint.shape[-1], posteriors(joint), joint.sum(axis=-2)
    weight = joint.sum(axis=-1)
    # ln of the sum over labels of posterior^a, to the power 1/a, before it is averaged
    with np.errstate(divide="ignore"):
        log_power = special.logsumexp(a[:, None, None] * np.log(posterior), axis=-1) / a[:, None]
        log_mean = special.logsumexp(log_power, b=weight, axis=-1)
        order = np.where(a == 1.0, 2.0, a)
        renyi = np.maximum(order / (1.0 - order) * log_mean, 0.0)
    shannon = conditional_entropy(joint, posterior)
    root = np.sqrt(joint)
    pairs = (root.sum(axis=-1) ** 2).sum(axis=-1) - 1.0
    return {
        "p": error(joint, decide),
        "H": shannon,
        "I": np.maximum(
            special.xlogy(joint, posterior / np.maximum(prior, 1e-300)[:, None]).sum(axis=(-2, -1)),
            0.0,
        ),
        "M": np.full(len(joint), classes),
        "P": prior / prior.sum(axis=-1, keepdims=True),
        "pmax": prior.max(axis=-1),
        "a": a,
        "Ha": np.where(a == 1.0, shannon, np.minimum(renyi, np.log(classes))),
        "b": b,
        "F": np.minimum((joint * (posterior <= b[:, None, None])).sum(axis=(-2, -1)), 1.0),
        "B": np.maximum(pairs, 0.0),
    }


def random_labels(n, classes, holds_for, rng):
    joint = random_laws(n, classes, rng)
    # away from the order 1, where the definition loses its digits, and the order 1 itself
    a = np.exp(rng.choice([-1, 1], size=n) * 10 ** rng.uniform(-2, 0.6, size=n))
    a[rng.random(n) < 0.1] = 1.0
    # thresholds anywhere, and where the distribution of the posterior jumps
    jumps = rng.permuted(posteriors(joint).reshape(n, -1), axis=1)[:, 0]
    b = np.where(rng.random(n) < 0.5, rng.random(n), jumps)
    for decide in classifiers(joint, holds_for, rng):
        yield of_labels(joint, decide, a, np.minimum(b, 1.0))


def of_two_labels(joint, decide, s):
    prior = joint.sum(axis=-2)
    given = joint / np.maximum(prior, 1e-300)[:, None]
    power = given[..., 0] ** s[:, None] * given[..., 1] ** (1.0 - s)[:, None]
    known = of_labels(joint, decide, s + 1.5, s)
    return {
        **{name: known[name] for name in ("p", "H", "I")},
        "prior0": prior[:, 0] / prior.sum(axis=-1),
        "rho": np.minimum(np.sqrt(given[..., 0] * given[..., 1]).sum(axis=-1), 1.0),
        "s": s,
        "c": np.minimum(power.sum(axis=-1), 1.0),
        "TV": np.minimum(np.abs(joint[..., 0] - joint[..., 1]).sum(axis=-1), 1.0),
    }


def random_two_labels(n, _, holds_for, rng):
    joint = random_laws(n, 2, rng)
    s = rng.random(n)
    for decide in classifiers(joint, holds_for, rng):
        yield of_two_labels(joint, decide, s)


def of_sets(joint, near):
    """Of answers that each allow some labels: near[..., x, y] says whether y is allowed at x."""
    H = conditional_entropy(joint, posteriors(joint))
    return {"p": error(joint, near), "H": H, "M": np.full(len(joint), joint.shape[-1])}


def random_lists(n, classes, holds_for, rng):
    joint = random_laws(n, classes, rng)
    size = rng.integers(1, classes, size=n)
    for score in (joint, -joint, rng.random(joint.shape)):
        place = (-score).argsort(axis=-1).argsort(axis=-1)
        yield {**of_sets(joint, place < size[:, None, None]), "L": size}


def random_neighbours(n, classes, holds_for, rng):
    """Labels at random places of the plane; near an answer are those within a distance of it."""
    joint = random_laws(n, classes, rng)
    places = rng.random((n, classes, 2))
    square = ((places[:, :, None] - places[:, None]) ** 2).sum(axis=-1)
    near = square <= rng.uniform(0, 0.7, size=(n, 1, 1)) ** 2
    sizes = near.sum(axis=-1)
    least = np.minimum(sizes.min(axis=-1), classes - 1)  # all labels: no error
    for score in (joint @ near, -(joint @ near), rng.random(joint.shape)):
        answer = score.argmax(axis=-1)
        known = of_sets(joint, near[np.arange(n)[:, None], answer])
        yield {**known, "Nmin": least, "Nmax": sizes.max(axis=-1)}


def of_even_labels(joint, reference):
    """Of labels that are equally likely, against any law of the observation, shape (n, X)."""
    classes = joint.shape[-1]
    square = ((classes * joint) ** 2).sum(axis=-1) / classes
    chi2 = (square / reference).sum(axis=-1) - 1.0
    decide = one_hot(joint.argmax(axis=-1), classes)
    return {
        "p": error(joint, decide),
        "M": np.full(len(joint), classes),
        "chi2": np.maximum(chi2, 0.0),
    }


def random_even_labels(n, classes, holds_for, rng):
    rows = int(rng.integers(1, 9))
    concentration = 10 ** rng.uniform(-1, 1.5, size=(n, 1, 1))
    channel = rng.standard_gamma(np.broadcast_to(concentration, (n, rows, classes))) + 1e-300
    joint = channel / channel.sum(axis=-2, keepdims=True) / classes
    own = joint.sum(axis=-1)
    other = own * rng.uniform(0.5, 1.5, size=own.shape)
    for reference in (own, other / other.sum(axis=-1, keepdims=True)):
        yield of_even_labels(joint, reference)


def of_hypotheses(given):
    """Of laws of the answer, rows, under K + 1 hypotheses, the first of them the reference."""
    K = given.shape[-1] - 1
    divergence = special.rel_entr(given[:, 1:], given[:, :1]).sum(axis=(-2, -1)) / K
    wrong = (given * (1.0 - np.eye(K + 1))).sum(axis=-1)
    return {"p": wrong.max(axis=-1), "K": np.full(len(given), K), "D": np.maximum(divergence, 0)}


def random_hypotheses(n, classes, holds_for, rng):
    good = 1.0 - rng.uniform(0, 1, size=(n, 1, 1)) ** 2
    given = rng.dirichlet(np.ones(classes), size=(n, classes)) * (1.0 - good)
    yield of_hypotheses(given + good * np.eye(classes))


def of_gaussian(gamma, prior0):
    """The binary Gaussian model, from its exact quadrature."""
    return {
        "p": gaussian.bayes_error(gamma, prior0),
        "H": gaussian.conditional_entropy(gamma, prior0),
        "I": gaussian.information(gamma, prior0),
        "gamma": gamma,
        "prior0": prior0,
    }


def random_gaussians(n, _, holds_for, rng):
    even = holds_for == "the binary Gaussian model"
    rare = 10.0 ** rng.uniform(-6, np.log10(0.5), size=n)
    prior0 = np.full(n, 0.5) if even else np.where(rng.random(n) < 0.5, rare, 1.0 - rare)
    yield of_gaussian(10.0 ** rng.uniform(-8, 3, size=n), prior0)


RANDOM = {  # the quantities that are measured together, and how such cases are drawn
    LABELS: random_labels,
    TWO_LABELS: random_two_labels,
    LISTS: random_lists,
    NEIGHBOURS: random_neighbours,
    EVEN_LABELS: random_even_labels,
    HYPOTHESES: random_hypotheses,
    GAUSSIAN: random_gaussians,
}


def setting(bound):
    """The quantities measured together that this bound speaks of."""
    if "Gaussian" in bound.holds_for:
        fitting = [GAUSSIAN]
    else:
        fitting = [names for names in RANDOM if names != GAUSSIAN]
    for names in fitting:
        if names >= set(bound.symbols):
            return names
    raise ValueError(
        f"{bound.name} relates {', '.join(bound.symbols)}, which no law here measures together; "
        "say in validation/bounds_hold.py how"
    )


def slack(bound, known):
    """The slack in each case that is in the domain of the bound."""
    known = {name: known[name] for name in bound.symbols}
    inside = np.ones(len(known["p"] if "p" in known else known[bound.symbols[0]]), dtype=bool)
    for name, limit in bound.most.items():
        if name == "p":  # an error beyond which the bound says nothing
            inside &= known["p"] <= evaluate(limit, known)
    known = {name: values[inside] for name, values in known.items()}
    if bound.auxiliary or any(key.split()[1] == bound.bounded for key in bound.numeric):
        return np.atleast_1d(bound.value(**known))
    # what value() would look for one case at a time
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.broadcast_to(evaluate(bound.formula, known), inside.sum())


def arguments(bound, rng):
    """Values for which the bound says that a law attains it, under the names it asks for."""
    wanted = inspect.signature(bound.tight).parameters
    M = int(rng.choice([2, 3, 5, 10, 50]))
    L = int(rng.integers(1, M))
    P = rng.dirichlet(np.full(M, 10 ** rng.uniform(-1, 1)))
    most = 1.0 - 1.0 / M  # the error of guessing
    if "P" in wanted:
        most = 1.0 - P.max()
    elif "L" in wanted or "Nmax" in wanted:
        most = 1.0 - L / M
    elif wanted.keys() == {"p"} and "envelope" not in bound.name:
        most = 0.5  # by laws whose posteriors are on two labels at most
    known = {
        "p": float(rng.uniform(0, most)),
        "M": M,
        "K": M - 1,
        "k": M,
        "L": L,
        "Nmax": L,
        "P": P,
        "pmax": 1.0 / M,
        "prior0": 0.5,
        "a": float(10 ** rng.uniform(-1, 1)),
        "s": float(rng.random()),
        "b": float(rng.uniform(0.01, 1)),
        "F": float(rng.random()),
        "B": M - 1,
    }
    if unknown := wanted.keys() - known.keys():
        raise ValueError(f"{bound.name} is attained for given {unknown}; say here for which")
    return {name: known[name] for name in wanted}


def of_attaining(bound, given):
    """What the bound relates in the law that is to attain it."""
    joint = bound.tight(**given)[None]
    classes = joint.shape[-1]
    decide = one_hot(joint.argmax(axis=-1), classes)
    one = {name: np.atleast_1d(value) for name, value in given.items() if name != "P"}
    names = setting(bound)
    if names == GAUSSIAN:  # attained where the observation says nothing
        return of_gaussian(np.zeros(1), one["prior0"])
    if names == HYPOTHESES:
        return of_hypotheses(joint.swapaxes(-1, -2) * classes)
    if names == EVEN_LABELS:
        return of_even_labels(joint, joint.sum(axis=-1))
    if names == TWO_LABELS:
        return of_two_labels(joint, decide, one.get("s", np.full(1, 0.5)))
    if names == LABELS:
        half = np.full(1, 0.5)
        threshold = one.get("b", half) * (1.0 + 1e-14)  # above the posteriors that are to be b
        return of_labels(joint, decide, one.get("a", half), threshold)
    size = one["L"] if names == LISTS else one["Nmax"]
    known = of_sets(joint, np.broadcast_to(np.arange(classes) < size, joint.shape))
    return {**known, "L": size, "Nmin": size, "Nmax": size}


def measured(bound, laws, rng):
    bound = mt.BOUNDS[bound]
    draw, each = RANDOM[setting(bound)], laws // len(CLASSES)
    found = [
        slack(bound, known)
        for classes in CLASSES
        for known in draw(each, classes, bound.holds_for, rng)
    ]
    random = np.concatenate(found)
    if random.size < laws / 10:
        raise ValueError(f"only {random.size} random cases are in the domain of {bound.name}")
    attained = None
    if bound.tight is not None:
        examples = (of_attaining(bound, arguments(bound, rng)) for _ in range(laws // 50))
        attained = np.max(np.abs(np.concatenate([slack(bound, known) for known in examples])))
    return {
        "value": np.min([random.min(), -(attained or 0.0)]),
        "random": random.min(),
        "cases": random.size,
        "attained": attained,
    }


STUDY = Study(
    name="bounds_hold",
    claim="every bound holds in random laws, and is attained by the laws that it names",
    over={"bound": list(mt.BOUNDS), "laws": [100_450]},
    quick={"laws": [2_450]},
    measured=measured,
    predicted=lambda bound, laws: 0.0,
    relation="at least",
    tolerance=1e-12,
    note="The number is the least slack, or how far a slack is from the 0 that it should be, "
    "whichever is worse: in nats, or an error probability where the bound has no entropy. The "
    "tolerance is the rounding of an entropy summed from a law of up to 300 cells.",
)

if __name__ == "__main__":
    main(STUDY)
