"""Bounds from the information spectrum: how often the posterior of the true label is small.

F(b) is the probability that P(Y|X), the posterior of the true label, is at most b. A label of small
posterior is either missed or, answered, likely to be wrong; so F(b) bounds the error from below,
for every threshold b.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mitheory import check
from mitheory.bounds.bound import Bound
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Use, Witness
from mitheory.check import FloatArray


def posterior_spectrum(joint: Any) -> tuple[FloatArray, FloatArray]:
    """The law of the posterior probability of the true label, as its distribution function.

    Parameters
    ----------
    joint : array_like, shape (observations, labels)
        Joint law: rows X, columns Y.

    Returns
    -------
    b, F : ndarray
        The values that P(Y|X) takes, ascending, and the probability that it is at most each.

    Raises
    ------
    ValueError
        For what is no joint law.

    Examples
    --------
    >>> from mitheory.bounds.spectrum import posterior_spectrum
    >>> b, F = posterior_spectrum([[0.375, 0.125], [0.25, 0.25]])
    >>> b.tolist(), F.tolist()
    ([0.25, 0.5, 0.75], [0.125, 0.625, 1.0])
    """
    law = check.probabilities(joint, "joint", ndim=2)
    with np.errstate(invalid="ignore"):
        posterior = law / law.sum(axis=1, keepdims=True)
    occurs = law > 0
    b, which = np.unique(posterior[occurs], return_inverse=True)
    F = np.cumsum(np.bincount(which, weights=law[occurs]))
    return b, np.minimum(F / F[-1], 1.0)


def spectrum_error_lower(joint: Any) -> tuple[float, float]:
    """The best lower bound on the error over all thresholds, and the threshold that gives it.

    Parameters
    ----------
    joint : array_like, shape (observations, labels)
        Joint law: rows X, columns Y.

    Returns
    -------
    p, b : float
        The greatest (1 - b) F(b), which no classifier's error is below, and where it is attained.
        It is so at a value of the posterior, and never below the best F(b) - b.

    Raises
    ------
    ValueError
        For what is no joint law.

    Notes
    -----
    Source: poor1995.

    Examples
    --------
    >>> from mitheory.bounds.spectrum import spectrum_error_lower
    >>> spectrum_error_lower([[0.375, 0.125], [0.25, 0.25]])
    (0.3125, 0.5)
    """
    b, F = posterior_spectrum(joint)
    lower = np.asarray(poor_verdu.least("p", b=b, F=F))
    best = int(lower.argmax())
    return float(lower[best]), float(b[best])


def _witnesses() -> tuple[Witness, ...]:
    """A joint law with the Bayes classifier and another one, at several thresholds."""
    joint = np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]])
    x = joint.sum(axis=1)
    posterior = joint / x[:, None]
    cases: list[Witness] = []
    for answer in (joint.argmax(axis=1), np.array([0, 2, 1])):
        chosen = posterior[np.arange(3), answer]
        for b in (0.2, 0.5, 0.75):
            inside = chosen <= b  # the observations whose answer is unlikely
            small = (joint * (posterior <= b)).sum(axis=1)
            weight = float(x[inside].sum())
            mean = float((x * chosen)[inside].sum())
            wrong = x * (1 - chosen)
            cases.append(
                {
                    "b": b,
                    "p": float(wrong.sum()),
                    "F": float(small.sum()),
                    "W": weight,
                    "r": mean / (b * weight) if weight else 0.5,
                    "p0": float(wrong[~inside].sum()),
                    "F0": float(small[~inside].sum()),
                    "F1": float(small[inside].sum()),
                }
            )
    return tuple(cases)


def _even(b: float) -> FloatArray:
    """One observation, of whose labels each has the posterior b, but one that has the rest."""
    k = int(np.ceil(1.0 / b - 1e-12))
    joint = np.full((1, k), b)
    joint[0, -1] = 1.0 - (k - 1) * b
    return joint


def _mixture(b: float, F: float) -> FloatArray:
    """With probability F an even posterior, otherwise a certain one."""
    even = _even(b)
    joint = np.zeros((2, even.size))
    joint[0] = F * even[0]
    joint[1, 0] = 1.0 - F
    return joint


_STEPS = (
    Axiom(
        name="error",
        claim="p = p0 + W*(1 - b*r)",
        rule="definition",
        because="Where the posterior of the answer exceeds b, and where it is b r, r at most 1 on "
        "average: there the error is 1 less that posterior.",
    ),
    Axiom(
        name="spectrum",
        claim="F = F0 + F1",
        rule="definition",
        because="The same two cases.",
    ),
    Axiom(
        name="missed",
        claim="F0 <= p0",
        rule="inclusion",
        because="If the answer's posterior exceeds b and the true label's does not, the answer is "
        "wrong.",
    ),
    Axiom(
        name="at most",
        claim="F1 <= W",
        rule="inclusion",
        because="F1 is the probability of more than that the answer's posterior is at most b.",
    ),
    Inequality(
        name="ratio",
        claim="r <= 1",
        on={"r": ("0", "1")},
        because="Where the answer's posterior is at most b.",
    ),
    Axiom(
        name="rest",
        claim="0 <= b*p0",
        rule="sign",
        because="Both are probabilities.",
    ),
    Identity(
        name="poor-verdu",
        claim="(1 - b)*F <= p",
        uses=(
            Use(step="error", times="-1"),
            Use(step="spectrum", times="1 - b"),
            Use(step="missed", times="1 - b"),
            Use(step="at most", times="1 - b"),
            Use(step="ratio", times="W*b", at={"r": "r"}),
            Use(step="rest"),
        ),
        because="Add up.",
    ),
)

_PROOF = Proof(
    symbols={
        "W": Quantity("probability that the posterior of the answer is at most b", 0, 1),
        "r": Quantity("mean posterior of the answer in that case, divided by b", 0, 1),
        "p0": Quantity("probability of an error in the other case", 0, 1, latex="p_0"),
        "F0": Quantity(
            "probability of the other case and a posterior of the true label of at most b",
            0,
            1,
            latex="F_0",
        ),
        "F1": Quantity("the same in the first case", 0, 1, latex="F_1"),
    },
    witnesses=_witnesses,
    steps=_STEPS,
)

poor_verdu = Bound(
    name="poor_verdu",
    title="The bound of Poor and Verdu",
    statement="p >= (1 - b) P[P(Y|X) <= b] for every b in [0, 1]",
    formula="p - (1 - b)*F",
    holds_for="every classifier",
    equality="wherever the answer is uncertain its posterior is b, and no label's is greater",
    cite="poor1995",
    numeric={"least p": lambda b, F: (1.0 - b) * F},
    tight=_mixture,
    proof=_PROOF,
)

verdu_han = Bound(
    name="verdu_han",
    title="The bound of Verdu and Han",
    statement="p >= P[P(Y|X) <= b] - b for every b in [0, 1]",
    formula="p - F + b",
    holds_for="every classifier",
    equality="the posterior of every answer is b, and no label's is greater",
    cite="verdu1994",
    numeric={"least p": lambda b, F: np.maximum(F - b, 0.0)},
    tight=_even,
    dominated_by="poor_verdu",
    proof=replace(
        _PROOF,
        steps=(
            *_STEPS,
            Axiom(
                name="unused",
                claim="0 <= b*(1 - F)",
                rule="sign",
                because="F is a probability.",
            ),
            Identity(
                name="verdu-han",
                claim="F - b <= p",
                uses=(Use(step="poor-verdu"), Use(step="unused")),
                because="Add up.",
            ),
        ),
    ),
)
