"""Bounds for two classes, from how much the laws of the observation given each overlap.

The posteriors are q and 1 - q, and the Bayes error is the mean of the smaller; the
Bhattacharyya and Chernoff coefficients are means of geometric means of them, the total variation
that of |1 - 2q|. For equally likely classes the bounds on the Jensen-Shannon divergence,
ln 2 - h((1 - TV)/2) <= I(X;Y) <= TV ln 2, are Fano's inequality and the lower envelope at
p = (1 - TV)/2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory import check
from mitheory.bounds.bound import Bound, Number
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Use, Witness
from mitheory.check import FloatArray


def gaussian_chernoff(gamma: Any, prior: Any = 0.5) -> tuple[Number, Number]:
    """The best Chernoff bound on the Bayes error of the binary Gaussian model.

    Parameters
    ----------
    gamma : float or array_like
        Signal-to-noise ratio mean' cov^-1 mean >= 0 of classes N(mean, cov) and N(-mean, cov).
    prior : float or array_like, optional
        Probability of the class at +mean, in [0, 1]; broadcast against gamma.

    Returns
    -------
    s, p : float or ndarray
        The exponent that minimises prior^s (1 - prior)^(1-s) exp(-2 s (1-s) gamma) on [0, 1], and
        this minimum, which the Bayes error does not exceed.

    Raises
    ------
    ValueError
        For a gamma or a prior out of range.

    Notes
    -----
    Source: chernoff1952. The logarithm is a parabola in s, lowest at
    1/2 - ln(prior/(1 - prior))/(4 gamma).

    Examples
    --------
    >>> from mitheory.bounds.binary import gaussian_chernoff
    >>> s, p = gaussian_chernoff(1.0, prior=0.3)
    >>> round(s, 6), round(p, 6)
    (0.711824, 0.254091)
    """
    snr = check.real_array(gamma, "gamma", least=0.0)
    first = check.real_array(prior, "prior", least=0.0, most=1.0)
    check.broadcastable({"gamma": snr, "prior": first})
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        odds = np.log(first) - np.log1p(-first)
        s = np.clip(0.5 - np.where(odds == 0.0, 0.0, odds / (4.0 * snr)), 0.0, 1.0)
        bound = first**s * (1.0 - first) ** (1.0 - s) * np.exp(-2.0 * s * (1.0 - s) * snr)
    return (float(s), float(bound)) if s.ndim == 0 else (s, bound)


def _discriminant(prior0: FloatArray, rho: FloatArray) -> FloatArray:
    """1 - 4 prior0 (1 - prior0) rho^2, without cancellation."""
    square: FloatArray = (1.0 - 2.0 * prior0) ** 2
    return square + 4.0 * prior0 * (1.0 - prior0) * (1.0 - rho) * (1.0 + rho)


def _least_error(prior0: FloatArray, rho: FloatArray) -> FloatArray:
    half: FloatArray = prior0 * (1.0 - prior0) * rho**2
    return 2.0 * half / (1.0 + np.sqrt(_discriminant(prior0, rho)))


def _greatest_error(prior0: FloatArray, rho: FloatArray) -> FloatArray:
    return 0.5 + 0.5 * np.sqrt(_discriminant(prior0, rho))


def _symmetric(p: float) -> FloatArray:
    """Two equally likely classes seen through a binary symmetric channel."""
    return np.array([[1.0 - p, p], [p, 1.0 - p]]) / 2.0


def erasure(p: float) -> FloatArray:
    """Two equally likely classes, erased with probability 2p and else told."""
    return np.array([[0.5 - p, 0.0], [0.0, 0.5 - p], [p, p]])


def _binary_witnesses() -> tuple[Witness, ...]:
    """Joint laws of two classes, with the quantities at one observation."""
    cases: list[Witness] = []
    for joint, s in (
        (np.array([[0.4, 0.1], [0.2, 0.3]]), 0.3),
        (np.array([[0.1, 0.3], [0.25, 0.05], [0.2, 0.1]]), 0.8),
    ):
        prior, x = joint.sum(axis=0), joint.sum(axis=1)
        given_class = joint / prior
        q = joint[0] / x[0]
        p = float(joint.min(axis=1).sum())
        low, high = float(q.min()), float(q.max())
        beta = float(np.sqrt(joint[:, 0] * joint[:, 1]).sum())
        chernoff = float((joint[:, 0] ** s * joint[:, 1] ** (1 - s)).sum())
        cases.append(
            {
                "p": p,
                "prior0": float(prior[0]),
                "s": s,
                "rho": float(np.sqrt(given_class[:, 0] * given_class[:, 1]).sum()),
                "c": float((given_class[:, 0] ** s * given_class[:, 1] ** (1 - s)).sum()),
                "TV": float(abs(joint[:, 0] - joint[:, 1]).sum()),
                "qx": low,
                "r": float(np.sqrt(low / high)),
                "bx": float(np.sqrt(low * high)),
                "beta": beta,
                "gx": float(q[0] ** s * q[1] ** (1 - s)),
                "G": chernoff,
                "vx": high - low,
            }
        )
    return tuple(cases)


_AT = {
    "qx": Quantity("smaller of the two posteriors at x", 0, 1, latex="p_x"),
    "r": Quantity("root of the ratio of the smaller to the greater posterior at x", 0, 1),
    "bx": Quantity("geometric mean of the two posteriors at x", 0, latex="b_x"),
    "beta": Quantity("mean of bx over the observations", 0, latex=r"\beta"),
}

bhattacharyya_upper = Bound(
    name="bhattacharyya_upper",
    title="The Bhattacharyya bound",
    statement="p <= sqrt(prior0 (1 - prior0)) rho for two classes",
    formula="sqrt(prior0*(1 - prior0))*rho - p",
    holds_for="the Bayes classifier",
    equality="every posterior is certain or even",
    cite="kailath1967",
    numeric={"greatest p": lambda prior0, rho: np.sqrt(prior0 * (1.0 - prior0)) * rho},
    tight=erasure,
    proof=Proof(
        symbols=_AT,
        witnesses=_binary_witnesses,
        steps=(
            Axiom(
                name="smaller",
                claim="qx = r**2*(1 - qx)",
                rule="definition",
                because="The Bayes classifier errs with the smaller posterior.",
            ),
            Axiom(
                name="mean",
                claim="bx = r*(1 - qx)",
                rule="definition",
                because="The root of qx (1 - qx).",
            ),
            Inequality(
                name="root",
                claim="r**2 <= r",
                on={"r": ("0", "1")},
                because="A number up to 1 is at most its root.",
            ),
            Identity(
                name="pointwise",
                claim="qx <= bx",
                uses=(
                    Use(step="root", times="1 - qx", at={"r": "r"}),
                    Use(step="smaller"),
                    Use(step="mean", times="-1"),
                ),
                because="Add up.",
            ),
            Axiom(
                name="average",
                claim="p <= beta",
                rule="expectation",
                uses=("pointwise",),
                given={"qx": "p", "bx": "beta"},
                because="Average over the observations.",
            ),
            Axiom(
                name="coefficient",
                claim="beta = sqrt(prior0*(1 - prior0))*rho",
                rule="definition",
                because="P(x) times the posterior of a class is its prior times its law.",
            ),
            Identity(
                name="bhattacharyya",
                claim="p <= sqrt(prior0*(1 - prior0))*rho",
                uses=(Use(step="average"), Use(step="coefficient")),
                because="Insert.",
            ),
        ),
    ),
)

bhattacharyya_lower = Bound(
    name="bhattacharyya_lower",
    title="The lower Bhattacharyya bound",
    statement="p (1 - p) >= prior0 (1 - prior0) rho^2 for two classes: "
    "p >= (1 - sqrt(1 - 4 prior0 (1 - prior0) rho^2)) / 2",
    formula="p*(1 - p) - prior0*(1 - prior0)*rho**2",
    holds_for="every classifier",
    equality="every posterior is a permutation of (1 - p, p)",
    cite="kailath1967",
    parameters=("prior0",),
    numeric={
        "least p": lambda prior0, rho: _least_error(prior0, rho),
        "greatest p": lambda prior0, rho: _greatest_error(prior0, rho),
    },
    tight=_symmetric,
    proof=Proof(
        symbols={"beta": _AT["beta"]},
        witnesses=_binary_witnesses,
        steps=(
            Axiom(
                name="roots",
                claim="beta**2 <= p*(1 - p)",
                rule="cauchy-schwarz inequality",
                given={"product": "beta", "first": "p", "second": "1 - p"},
                because="At each observation the two posteriors are those of a wrong and of the "
                "right answer, whose means are p and 1 - p.",
            ),
            Axiom(
                name="coefficient",
                claim="beta**2 = prior0*(1 - prior0)*rho**2",
                rule="definition",
                because="P(x) times the posterior of a class is its prior times its law.",
            ),
            Identity(
                name="bhattacharyya",
                claim="prior0*(1 - prior0)*rho**2 <= p*(1 - p)",
                uses=(Use(step="roots"), Use(step="coefficient", times="-1")),
                because="Insert.",
            ),
        ),
    ),
)

chernoff = Bound(
    name="chernoff",
    title="The Chernoff bound",
    statement="p <= prior0^s (1 - prior0)^(1-s) c for two classes and every s in [0, 1]",
    formula="prior0**s*(1 - prior0)**(1 - s)*c - p",
    holds_for="the Bayes classifier",
    equality="every posterior is certain or even",
    cite="chernoff1952",
    numeric={
        "greatest p": lambda prior0, s, c: prior0**s * (1.0 - prior0) ** (1.0 - s) * c,
    },
    tight=erasure,
    proof=Proof(
        symbols={
            "qx": _AT["qx"],
            "gx": Quantity(
                "geometric mean of the posteriors at x with weights s and 1 - s", 0, 1, latex="g_x"
            ),
            "G": Quantity("mean of gx over the observations", 0),
        },
        witnesses=_binary_witnesses,
        steps=(
            Axiom(
                name="pointwise",
                claim="qx <= gx",
                rule="geometric mean",
                given={"weight": "s"},
                because="The Bayes classifier errs with the smaller posterior.",
            ),
            Axiom(
                name="average",
                claim="p <= G",
                rule="expectation",
                uses=("pointwise",),
                given={"qx": "p", "gx": "G"},
                because="Average over the observations.",
            ),
            Axiom(
                name="coefficient",
                claim="G = prior0**s*(1 - prior0)**(1 - s)*c",
                rule="definition",
                because="P(x) times the posterior of a class is its prior times its law.",
            ),
            Identity(
                name="chernoff",
                claim="p <= prior0**s*(1 - prior0)**(1 - s)*c",
                uses=(Use(step="average"), Use(step="coefficient")),
                because="Insert.",
            ),
        ),
    ),
)

_GAP = {"vx": Quantity("difference of the two posteriors at x, without its sign", 0, latex="v_x")}

le_cam = Bound(
    name="le_cam",
    title="Le Cam's inequality",
    statement="p >= (1 - TV)/2 for two classes",
    formula="p - (1 - TV)/2",
    holds_for="every classifier",
    equality="the classifier is the Bayes classifier",
    cite="lecam1986",
    numeric={"least p": lambda TV: (1.0 - TV) / 2.0},
    tight=_symmetric,
    proof=Proof(
        symbols={
            "qx": Quantity("posterior of the class not answered at x", 0, 1, latex="p_x"),
            **_GAP,
        },
        witnesses=_binary_witnesses,
        steps=(
            Axiom(
                name="gap",
                claim="(1 - 2*qx)**2 = vx**2",
                rule="definition",
                because="The other posterior is 1 - qx.",
            ),
            Identity(
                name="squares",
                claim="(1 - 2*qx)**2 <= vx**2",
                uses=(Use(step="gap"),),
                because="What is equal is at most equal.",
            ),
            Axiom(
                name="pointwise",
                claim="1 - 2*qx <= vx",
                rule="square root",
                uses=("squares",),
                because="The answer may have either posterior.",
            ),
            Axiom(
                name="average",
                claim="1 - 2*p <= TV",
                rule="expectation",
                uses=("pointwise",),
                given={"qx": "p", "vx": "TV"},
                because="Average over the observations.",
            ),
            Identity(
                name="le cam",
                claim="(1 - TV)/2 <= p",
                uses=(Use(step="average", times="1/2"),),
                because="Solve for p.",
            ),
        ),
    ),
)

total_variation = Bound(
    name="total_variation",
    title="The Bayes error of two classes by their total variation",
    statement="p <= (1 - TV)/2 for two classes; with Le Cam's inequality p = (1 - TV)/2",
    formula="(1 - TV)/2 - p",
    holds_for="the Bayes classifier",
    equality="always",
    cite="lecam1986",
    numeric={"greatest p": lambda TV: (1.0 - TV) / 2.0},
    tight=_symmetric,
    proof=Proof(
        symbols={"qx": _AT["qx"], **_GAP},
        witnesses=_binary_witnesses,
        steps=(
            Axiom(
                name="pointwise",
                claim="qx = (1 - vx)/2",
                rule="definition",
                because="The smaller of two numbers of sum 1 and difference vx.",
            ),
            Axiom(
                name="average",
                claim="p = (1 - TV)/2",
                rule="expectation",
                uses=("pointwise",),
                given={"qx": "p", "vx": "TV"},
                because="Average over the observations.",
            ),
            Identity(
                name="total variation",
                claim="p <= (1 - TV)/2",
                uses=(Use(step="average"),),
                because="What is equal is at most equal.",
            ),
        ),
    ),
)
