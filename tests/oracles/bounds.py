"""Slow, plain truths for the bounds: mpmath, measures of joint laws, mutants of proofs."""

import re
from dataclasses import fields, is_dataclass, replace

import mpmath as mp
import numpy as np

DIGITS = 60
DIGITS_BELOW_1E300 = 400  # a number of 1e-300 beside 1 keeps its digits


def fano(p, M):
    """h(p) + p ln(M - 1)."""
    p = mp.mpf(p)
    rest = mp.mpf(0) if p == 1 else -(1 - p) * mp.log1p(-p)
    return rest + (mp.mpf(0) if p == 0 else p * (mp.log(M - 1) - mp.log(p)))


def fano_lower(H, M):
    """The root on the rising branch, by bisection in the logarithm of p."""
    with mp.workdps(DIGITS):
        H, M = mp.mpf(H), mp.mpf(M)
        top = 1 - 1 / M
        if mp.log(M) <= H or H == 0:
            return top if H else mp.mpf(0)
        low, high = mp.mpf(0), mp.mpf(1)
        while fano(top * mp.exp(-high), M) > H:
            low, high = high, 2 * high
        return top * mp.exp(-_bisect(lambda t: fano(top * mp.exp(-t), M) > H, low, high))


def fano_upper(H, M):
    """The root on the falling branch, by bisection; 1 where there is none."""
    with mp.workdps(DIGITS):
        H, M = mp.mpf(H), mp.mpf(M)
        if mp.log(M - 1) >= H:
            return mp.mpf(1)
        return _bisect(lambda p: fano(p, M) > H, 1 - 1 / M, mp.mpf(1))


def _bisect(is_low, low, high):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if is_low(middle) else (low, middle)
    return (low + high) / 2


def envelope(p, lines=60):
    """The greatest of the lines of the lower envelope at p, all tried."""
    with mp.workdps(DIGITS_BELOW_1E300):
        p = mp.mpf(p)
        return max(
            mp.log(k) + k * (k + 1) * mp.log(mp.mpf(k + 1) / k) * (p - 1 + mp.mpf(1) / k)
            for k in range(1, lines)
        )


def envelope_inverse(H, lines=60):
    """The least of the lines of the lower envelope solved for p, all tried."""
    with mp.workdps(DIGITS_BELOW_1E300):
        H = mp.mpf(H)
        return min(
            1 - mp.mpf(1) / k + (H - mp.log(k)) / (k * (k + 1) * mp.log(mp.mpf(k + 1) / k))
            for k in range(1, lines)
        )


def gaussian_information(snr):
    """ln 2 - E ln(1 + exp(-2 snr - 2 sqrt(snr) Z)), Z standard normal, by quadrature."""
    with mp.workdps(30):
        g = mp.mpf(snr)
        root = mp.sqrt(g)

        def integrand(z):
            return mp.npdf(z) * mp.log1p(mp.exp(-2 * g - 2 * root * z))

        return mp.log(2) - mp.quad(integrand, [-40, -20, -10, -5, -2, 0, 2, 5, 10, 20, 40])


def random_joint(rng):
    """A joint law of up to 6 observations and up to 50 labels, from uniform to nearly certain."""
    rows, M = int(rng.integers(1, 7)), int(rng.integers(2, 51))
    joint = rng.dirichlet(np.ones(rows))[:, None] * rng.dirichlet(
        np.full(M, 10 ** rng.uniform(-2, 2)), size=rows
    )
    return joint / joint.sum()


def entropy(p):
    p = np.asarray(p)[np.asarray(p) > 0]
    return float(-(p * np.log(p)).sum())


def error(joint, decide):
    """The error of the classifier that answers label y at x with probability decide[x, y]."""
    wrong = float(sum(joint[x] @ (1.0 - decide[x]) for x in range(len(joint))))
    return min(wrong, 1.0)  # the law sums to 1 up to rounding


def bayes(joint):
    """The Bayes classifier, as `decide`."""
    return np.eye(joint.shape[1])[joint.argmax(axis=1)]


def measure(name, joint, decide):
    """The value of one quantity of the bounds for a joint law and a classifier."""
    conditional = entropy(joint) - entropy(joint.sum(axis=1))
    return {
        "p": lambda: error(joint, decide),
        "H": lambda: min(max(conditional, 0.0), np.log(joint.shape[1])),
        "M": lambda: joint.shape[1],
        "I": lambda: entropy(joint.sum(axis=0)) - conditional,
        "P": lambda: joint.sum(axis=0),
    }[name]()


def of_bayes(symbols, joint):
    """The named quantities of a joint law and its Bayes classifier."""
    return {name: measure(name, joint, bayes(joint)) for name in symbols}


def random_bayes(symbols, rng, cases=2_000):
    """The named quantities of random joint laws and their Bayes classifiers."""
    for _ in range(cases):
        yield of_bayes(symbols, random_joint(rng))


def random_classifiers(symbols, rng, cases=2_000):
    """The same for the Bayes classifier, a random one and a randomised one of each law."""
    for _ in range(cases):
        joint = random_joint(rng)
        rows, M = joint.shape
        for decide in (
            bayes(joint),
            np.eye(M)[rng.integers(M, size=rows)],
            rng.dirichlet(np.full(M, 0.3), size=rows),
        ):
            yield {name: measure(name, joint, decide) for name in symbols}


def mutants(proof):
    """Every proof that differs from this one in one place, where a careless hand may slip."""
    steps = proof.steps
    for i, step in enumerate(steps):
        yield f"{step.name}: left out", replace(proof, steps=(*steps[:i], *steps[i + 1 :]))
        for what, mutant in (*_altered(step), *_rested_on_others(step, steps[:i])):
            yield (
                f"{step.name}: {what}",
                replace(proof, steps=(*steps[:i], mutant, *steps[i + 1 :])),
            )


def _rested_on_others(step, earlier):
    """The step with a premise twice or another in its place, and on a box that is too small."""
    premises = getattr(step, "uses", ())
    for j, premise in enumerate(premises):
        name = getattr(premise, "step", premise)
        if not isinstance(premise, str):  # in a set of premises it would be none
            yield f"{name} twice", replace(step, uses=(*premises, premise))
        other = next((s.name for s in reversed(earlier) if s.name != name), None)
        if other is not None:
            new = other if isinstance(premise, str) else replace(premise, step=other)
            yield (
                f"{other} for {name}",
                replace(step, uses=(*premises[:j], new, *premises[j + 1 :])),
            )
    for variable, (low, *between, high) in getattr(step, "on", {}).items():
        for points in (
            (f"(9*({low}) + {high})/10", *between, high),
            (low, *between, f"({low} + 9*({high}))/10"),
        ):
            yield f"on {points}", replace(step, on={**step.on, variable: points})


def _altered(value):
    """One-place changes of a step: its texts altered, its premises dropped."""
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name in ("name", "because", "on", "step"):
            continue
        if isinstance(old, str):
            candidates = _slips(old)
        elif isinstance(old, tuple):
            candidates = ((f"without {old[j]}", old[:j] + old[j + 1 :]) for j in range(len(old)))
            candidates = [*candidates, *_inside(old)]
        else:
            candidates = [(s, {**old, k: m}) for k, v in old.items() for s, m in _slips(v)]
        for what, new in candidates:
            yield f"{field.name}: {what}", replace(value, **{field.name: new})


def _inside(parts):
    for j, part in enumerate(parts):
        if is_dataclass(part):
            for what, new in _altered(part):
                yield what, (*parts[:j], new, *parts[j + 1 :])


def _slips(text):
    """The text with one constant, sign, relation or conditioning variable changed."""
    patterns = {
        r"(?<![\w.])\d+(?![\w.])": lambda m: [str(int(m[0]) + 1), str(int(m[0]) - 1)],
        r" \+ ": lambda m: [" - "],
        r" - ": lambda m: [" + "],
        r" <= ": lambda m: [" >= ", " = "],
        r" = ": lambda m: [" <= ", " >= "],
        r",\w+(?=\))": lambda m: [""],
        r"\|\w+(?=[,)])": lambda m: ["|X", ""] if m[0] != "|X" else ["|Yhat", ""],
    }
    for pattern, changes in patterns.items():
        for match in re.finditer(pattern, text):
            for new in changes(match):
                slip = text[: match.start()] + new + text[match.end() :]
                yield slip, slip
