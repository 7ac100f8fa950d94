"""Bounds from the Arimoto-Renyi conditional entropy of any order: Fano's inequality and an envelope.

H_a(Y|X) = a/(1-a) ln sum_x P(x) (sum_y P(y|x)^a)^(1/a) falls in the order a, from ln of the number
of labels that can occur to -ln(1 - p) of the Bayes error p. At a = 1 it is the conditional entropy,
and the bounds are Fano's inequality and the lower envelope; as a grows, both bounds on the error
close in on the Bayes error, so that more than one order says more than the conditional entropy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitheory import check
from mitheory.bounds.bound import Bound
from mitheory.bounds.envelope import envelope
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.fano import fano
from mitheory.bounds.proof import Axiom, Identity, Proof, Use, Witness
from mitheory.check import FloatArray

ORDERS = (1e-3, 1e3)
"""The orders between which the best is sought."""


@dataclass(frozen=True, kw_only=True)
class RenyiErrorBounds:
    """What Arimoto-Renyi conditional entropies say about the Bayes error.

    Attributes
    ----------
    lower, upper : float
        Ends of the interval that contains the Bayes error; `lower` holds for every classifier.
    lower_order, upper_order : float
        The order of the entropy behind each end.
    """

    lower: float
    upper: float
    lower_order: float
    upper_order: float


def arimoto_renyi_entropy(joint: Any, order: float) -> float:
    """The Arimoto-Renyi conditional entropy of the label given the observation, in nats.

    Parameters
    ----------
    joint : array_like, shape (observations, labels)
        Joint law: rows X, columns Y.
    order : float
        The order a, from 0.001 to 1e6; 1 gives the conditional entropy H(Y|X).

    Returns
    -------
    float
        a/(1-a) ln sum_x P(x) (sum_y P(y|x)^a)^(1/a), to a relative error of about 1e-14.

    Raises
    ------
    ValueError
        For what is no joint law, or an order out of range.

    Notes
    -----
    Source: arimoto1977.

    Examples
    --------
    >>> from mitheory.bounds.renyi import arimoto_renyi_entropy
    >>> round(arimoto_renyi_entropy([[0.25, 0.25], [0.5, 0.0]], order=2.0), 6)
    0.316694
    """
    law = check.probabilities(joint, "joint", ndim=2)
    return _entropy(law, check.real(order, "order", least=1e-3, most=1e6))


def _entropy(law: FloatArray, a: float) -> float:
    x = law.sum(axis=1)
    posterior = law[x > 0] / x[x > 0, None]
    with np.errstate(divide="ignore"):
        surprisal = np.where(posterior > 0, -np.log(posterior), 0.0)
    orders = _log_mean(posterior, surprisal, 1.0 - a)  # the Renyi entropy of each posterior
    return float(_log_mean(x[x > 0], orders, (1.0 - a) / a))


def _log_mean(weight: FloatArray, value: FloatArray, s: float) -> FloatArray:
    """(1/s) ln sum w exp(s v) along the last axis, for v >= 0 and weights of sum 1; mean at s = 0.

    The sum of w (exp(s v) - 1) has terms of one sign: nothing cancels in it, nor in the sum less 1
    unless the latter is near -1, where the logarithm of the sum is taken as it is.
    """
    from scipy import special

    powers = s * value
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        less_one = np.sum(weight * value * special.exprel(powers), axis=-1)
        near = less_one * _logrel(s * less_one)
        far = special.logsumexp(powers, axis=-1, b=weight) / s if s else near
    return np.where((s * less_one > -0.5) & (powers.max(axis=-1) < 600.0), near, far)


def _logrel(x: FloatArray) -> FloatArray:
    """ln(1 + x)/x, 1 at 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x == 0.0, 1.0, np.log1p(x) / x)


def renyi_error_bounds(
    known: Any, *, classes: int | None = None, orders: tuple[float, float] = ORDERS
) -> RenyiErrorBounds:
    """The best bounds on the Bayes error over the orders of the Arimoto-Renyi entropy.

    Parameters
    ----------
    known : array_like or Mapping
        A joint law, rows X and columns Y, whose entropies of every order in `orders` are used; or
        the entropies that are known, in nats, by their orders.
    classes : int, optional
        Number of classes; needed with a mapping, otherwise the number of columns that occur.
    orders : tuple of float
        For a joint law, the least and the greatest order.

    Returns
    -------
    RenyiErrorBounds

    Raises
    ------
    ValueError
        For what is no joint law, an order or an entropy out of range, entropies that contradict
        each other, or without `classes` where it is needed.

    Notes
    -----
    Source: sason2018. For a joint law both ends approach its Bayes error as the order grows.

    Examples
    --------
    >>> from mitheory.bounds.renyi import renyi_error_bounds
    >>> found = renyi_error_bounds({1.0: 0.5, 2.0: 0.3}, classes=10)
    >>> round(found.lower, 4), found.lower_order, round(found.upper, 4), found.upper_order
    (0.129, 2.0, 0.2782, 2.0)
    """
    if isinstance(known, Mapping):
        return _from_entropies(known, classes)
    if classes is not None:
        raise ValueError(f"classes are counted in a joint law; leave out classes={classes!r}")
    law = check.probabilities(known, "joint", ndim=2)
    low, high = (check.real(a, "orders", least=1e-3, most=1e6) for a in orders)
    if low > high:
        raise ValueError(f"orders must be (least, greatest); got {orders!r}")
    support = max(int((law.sum(axis=0) > 0).sum()), 2)

    def lower(a: float) -> float:
        H = min(_entropy(law, a), np.log(support))
        return float(arimoto_fano.least("p", Ha=H, a=a, M=support))

    def upper(a: float) -> float:
        return float(arimoto_envelope.greatest("p", Ha=_entropy(law, a), a=a))

    lower_order, best_lower = _greatest(lower, low, high)
    upper_order, negative = _greatest(lambda a: -upper(a), low, high)
    return RenyiErrorBounds(
        lower=best_lower, upper=-negative, lower_order=lower_order, upper_order=upper_order
    )


def _greatest(function: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Where a function of the order is greatest, and its value: a grid, then a local search."""
    from scipy import optimize

    grid = np.geomspace(low, high, 25)
    values = [function(float(a)) for a in grid]
    i = int(np.argmax(values))
    around = np.log(grid[[max(i - 1, 0), min(i + 1, grid.size - 1)]])
    best = optimize.minimize_scalar(
        lambda t: -function(float(np.exp(t))), bounds=tuple(around), method="bounded"
    )
    if -best.fun > values[i]:
        return float(np.exp(best.x)), -float(best.fun)
    return float(grid[i]), values[i]


def _from_entropies(known: Mapping[float, Any], classes: int | None) -> RenyiErrorBounds:
    """The best of the bounds from entropies of several orders."""
    if not known:
        raise ValueError("known must hold at least one entropy by its order; got an empty mapping")
    if classes is None:
        raise ValueError("classes must be given with entropies by their orders")
    order = np.array([check.real(a, "order", least=1e-3, most=1e6) for a in known])
    entropies = [check.real(H, f"entropy of order {a:g}", least=0.0) for a, H in known.items()]
    lower = np.asarray(arimoto_fano.least("p", Ha=entropies, a=order, M=classes))
    upper = np.asarray(arimoto_envelope.greatest("p", Ha=entropies, a=order))
    i, j = int(lower.argmax()), int(upper.argmin())
    if lower[i] > upper[j] + 1e-12:
        raise ValueError(
            f"the entropies contradict each other: order {order[i]:g} asks for an error of at least "
            f"{lower[i]:.15g}, order {order[j]:g} for at most {upper[j]:.15g}"
        )
    return RenyiErrorBounds(
        lower=float(min(lower[i], upper[j])),
        upper=float(upper[j]),
        lower_order=float(order[i]),
        upper_order=float(order[j]),
    )


def _kernel(name: str, first: str) -> Callable[..., FloatArray]:
    """A kernel of one symbol, M and a on arrays of any shape."""

    def call(**values: FloatArray) -> FloatArray:
        from mitheory.kernels import renyi as kernels

        arrays = np.broadcast_arrays(*(values[n] for n in (first, "M", "a")))
        flat = [np.ascontiguousarray(x, dtype=np.float64).reshape(-1) for x in arrays]
        result: FloatArray = getattr(kernels, name)(*flat).reshape(arrays[0].shape)
        return result

    return call


def _segment(s: FloatArray, k: FloatArray) -> FloatArray:
    """k(k+1) (((k+1)/k)^s - 1)/s, the slope of a line of the envelope; its limit at s = 0."""
    from scipy import special

    step = np.log1p(1.0 / k)
    slope: FloatArray = k * (k + 1.0) * step * special.exprel(s * step)
    return slope


def _error(Ha: FloatArray, a: FloatArray) -> FloatArray:
    """The greatest Bayes error: on the line between the vertices k and k + 1 around exp(H)."""
    from scipy import special

    s = (1.0 - a) / a
    k = np.floor(np.exp(np.minimum(Ha, 36.0)))  # beyond, 1 - exp(-H) is 1 to within rounding
    # exp may round across a vertex: k is right when ln k <= H < ln(k + 1)
    k = k + (np.log(k + 1.0) <= Ha) - (np.log(k) > Ha)
    above = np.minimum(Ha - np.log(k), np.log1p(1.0 / k))
    p = (k - 1.0) / k + above * special.exprel(s * above) / _segment(s, k)
    return np.where(Ha < 36.0, p, -np.expm1(-Ha))


def _least_entropy(p: FloatArray, a: FloatArray) -> FloatArray:
    """The least entropy of order a for a Bayes error p."""
    from mitheory.kernels.fano import _product

    s = (1.0 - a) / a
    rest = 1.0 - p
    with np.errstate(divide="ignore", invalid="ignore"):  # an error of 1 needs infinite entropy
        k = np.maximum(np.minimum(np.floor(1.0 / rest), 2.0**53), 1.0)
        k = np.maximum(k + ((k + 1.0) * rest <= 1.0) - (k * rest > 1.0), 1.0)
        # p - (k-1)/k = (1 - k rest)/k by an exact product: steep lines keep all its digits
        high, low = _product.py_func(k, rest)
        beyond = np.where(k == 1.0, p, np.maximum((1.0 - high) - low, 0.0) / k)
        y = _segment(s, k) * beyond
        exact = np.log(k) + y * _logrel(s * y)
    return np.where(rest > 0.0, exact, np.inf)


def _witnesses_of_fano() -> tuple[Witness, ...]:
    """Joint laws with the Bayes classifier, norms by direct sums."""
    cases: list[Witness] = []
    for a in (0.5, 2.0, 3.0):
        for joint in (
            np.array([[0.4, 0.1], [0.3, 0.2]]),
            np.array([[0.30, 0.05, 0.05], [0.05, 0.25, 0.10], [0.02, 0.03, 0.15]]),
        ):
            M, p = joint.shape[1], float(1.0 - joint.max(axis=1).sum())
            mean = float(((joint**a).sum(axis=1) ** (1 / a)).sum())
            norm = ((1 - p) ** a + (M - 1) ** (1 - a) * p**a) ** (1 / a)
            entropy = a / (1 - a) * float(np.log(mean))
            cases.append({"a": a, "M": M, "p": p, "N": mean, "R": norm, "Ha": entropy})
    return tuple(cases)


arimoto_fano = Bound(
    name="arimoto_fano",
    title="Fano's inequality of order a",
    statement="H_a(Y|X) <= ln((1 - p)^a + (M - 1)^(1 - a) p^a) / (1 - a) for every order a > 0; "
    "the limit at a = 1 is Fano's inequality",
    formula="log((1 - p)**a + (M - 1)**(1 - a)*p**a)/(1 - a) - Ha",
    holds_for="every classifier",
    equality="every posterior is a permutation of (1 - p, p/(M - 1), ..., p/(M - 1))",
    cite="sason2018",
    most={"Ha": "log(M)"},
    parameters=("a", "M"),
    numeric={
        "greatest Ha": _kernel("entropy", "p"),
        "least p": _kernel("lower", "Ha"),
        "greatest p": _kernel("upper", "Ha"),
    },
    tight=fano.tight,
    proof=Proof(
        symbols={
            "N": Quantity(
                "mean over the observations of the norm (sum_y P(y|x)^a)^(1/a) of the posterior",
                0,
                positive=True,
            ),
            "R": Quantity("the same norm of the law (1 - p, p/(M - 1), ...)", 0, positive=True),
        },
        witnesses=_witnesses_of_fano,
        steps=(
            Axiom(
                name="entropy",
                claim="Ha = a/(1 - a)*log(N)",
                rule="definition",
                because="H_a is this function of the mean of the norms.",
            ),
            Axiom(
                name="norm",
                claim="log(R) = log((1 - p)**a + (M - 1)**(1 - a)*p**a)/a",
                rule="definition",
                because="The norm of a law with one entry 1 - p and M - 1 entries p/(M - 1).",
            ),
            Axiom(
                name="concave",
                claim="a/(1 - a)*N <= a/(1 - a)*R",
                rule="minkowski's inequality",
                uses=("norm",),
                given={"order": "a", "mean": "N", "norm": "R", "share": "p", "others": "M - 1"},
                because="Put the answer first in each posterior, and the other labels after it in "
                "random order: the norm stays the same, and the mean of the posteriors is "
                "(1 - p, p/(M - 1), ..., p/(M - 1)).",
            ),
            Axiom(
                name="logarithms",
                claim="a/(1 - a)*log(N) <= a/(1 - a)*log(R)",
                rule="logarithm",
                uses=("concave",),
                given={"factor": "a/(1 - a)", "less": "N", "greater": "R"},
                because="The logarithm increases.",
            ),
            Identity(
                name="arimoto-fano",
                claim="Ha <= log((1 - p)**a + (M - 1)**(1 - a)*p**a)/(1 - a)",
                uses=(
                    Use(step="logarithms"),
                    Use(step="entropy"),
                    Use(step="norm", times="a/(1 - a)"),
                ),
                because="Add up.",
            ),
        ),
    ),
)


def _witnesses_of_envelope() -> tuple[Witness, ...]:
    """Uniform posteriors on m labels, and several lines."""
    cases: list[Witness] = []
    for a in (0.5, 2.0, 3.0):
        for k in range(1, 4):
            for m in range(k, 5):
                norm, error = m ** (1 / a - 1), 1 - 1 / m
                point = {"a": a, "k": k, "m": m, "j": m, "x": float(m)}
                at = {"Nx": norm, "qx": error, "N": norm, "p": error, "Ha": float(np.log(m))}
                cases.append({**point, **at})
    return tuple(cases)


_RISE = "(k*(k + 1)**(1/a) - (k + 1)*k**(1/a))"
_SCALED = "(1 + k*(k + 1)*expm1((1 - a)/a*log((k + 1)/k))*(p - (k - 1)/k))"

arimoto_envelope = Bound(
    name="arimoto_envelope",
    title="The lower envelope of the entropy of order a",
    statement="H_a(Y|X) >= a/(1 - a) ln g(p) for every order a > 0, g the line through "
    "k^(1/a - 1) at p = 1 - 1/k and its successor, k = 1, 2, ...; the limit at a = 1 is the lower "
    "envelope of the entropy",
    formula=f"Ha - log(k) - a/(1 - a)*log(maximum(0, {_SCALED}))",
    holds_for="the Bayes classifier",
    equality="every posterior is uniform on k or on k + 1 labels",
    cite="sason2018",
    parameters=("a",),
    best={"p": {"k": "floor(exp(Ha))"}, "Ha": {"k": "floor(1/(1 - p))"}},
    numeric={
        "least p": lambda Ha, a: np.zeros(np.broadcast_shapes(Ha.shape, a.shape)),
        "greatest p": lambda Ha, a: _error(Ha, a),
        "least Ha": lambda p, a: _least_entropy(p, a),
    },
    tight=envelope.tight,
    proof=Proof(
        symbols={
            "m": Quantity("number of labels on which a posterior is uniform", 1, integer=True),
            "j": Quantity("a whole number from 1", 1, integer=True),
            "x": Quantity("a number above 0", 0, positive=True),
            "Nx": Quantity(
                "norm (sum_y P(y|x)^a)^(1/a) of the posterior at x", 0, positive=True, latex="N_x"
            ),
            "qx": Quantity("error of the Bayes classifier at x", 0, 1, latex="p_x"),
            "N": Quantity("mean of Nx over the observations", 0, positive=True),
        },
        witnesses=_witnesses_of_envelope,
        steps=(
            Axiom(
                name="convex",
                claim="2*(a/(1 - a)*(j + 1)**(1/a)) <= "
                "a/(1 - a)*j**(1/a) + a/(1 - a)*(j + 2)**(1/a)",
                rule="middle of a chord",
                given={
                    "function": "a/(1 - a)*x**(1/a)",
                    "variable": "x",
                    "middle": "j + 1",
                    "half": "1",
                },
                because="The second derivative of a/(1 - a) x^(1/a) is x^(1/a - 2)/a.",
            ),
            Identity(
                name="slopes",
                claim="a/(1 - a)*(j*(j + 1)**(1/a) - (j + 1)*j**(1/a)) <= "
                "a/(1 - a)*((j + 1)*(j + 2)**(1/a) - (j + 2)*(j + 1)**(1/a))",
                uses=(Use(step="convex", times="j + 1"),),
                because="The slopes c(j) = a/(1 - a) (j (j+1)^(1/a) - (j+1) j^(1/a)) increase.",
            ),
            Axiom(
                name="vertices",
                claim=f"a/(1 - a)*(k**(1/a)/k + {_RISE}*(1/k - 1/m)) <= a/(1 - a)*m**(1/a)/m",
                rule="increments",
                uses=("slopes",),
                given={
                    "m": "m",
                    "k": "k",
                    "j": "j",
                    "growth": "a/(1 - a)*(j*(j + 1)**(1/a) - (j + 1)*j**(1/a))",
                    "weight": "1/(m*(m + 1))",
                },
                because="No vertex (1 - 1/m, m^(1/a - 1)) lies on the wrong side of a line.",
            ),
            Axiom(
                name="posterior",
                claim=f"a/(1 - a)*(k**(1/a)/k + {_RISE}*(qx - (k - 1)/k)) <= a/(1 - a)*Nx",
                rule="vertices of the norm",
                uses=("vertices",),
                given={"order": "a", "norm": "Nx", "error": "qx", "labels": "m"},
                because="The Bayes error at x is 1 less the largest posterior probability.",
            ),
            Axiom(
                name="average",
                claim=f"a/(1 - a)*(k**(1/a)/k + {_RISE}*(p - (k - 1)/k)) <= a/(1 - a)*N",
                rule="expectation",
                uses=("posterior",),
                given={"Nx": "N", "qx": "p"},
                because="Average over the observations.",
            ),
            Identity(
                name="scaled",
                claim=f"a/(1 - a)*{_SCALED} <= a/(1 - a)*(k*N/k**(1/a))",
                uses=(Use(step="average", times="k/k**(1/a)"),),
                because="Divide by k^(1/a - 1).",
            ),
            Axiom(
                name="logarithms",
                claim=f"a/(1 - a)*log(maximum(0, {_SCALED})) <= a/(1 - a)*log(k*N/k**(1/a))",
                rule="logarithm",
                uses=("scaled",),
                given={"factor": "a/(1 - a)", "less": _SCALED, "greater": "k*N/k**(1/a)"},
                because="The logarithm increases.",
            ),
            Axiom(
                name="entropy",
                claim="Ha = a/(1 - a)*log(N)",
                rule="definition",
                because="H_a is this function of the mean of the norms.",
            ),
            Identity(
                name="envelope",
                claim=f"log(k) + a/(1 - a)*log(maximum(0, {_SCALED})) <= Ha",
                uses=(Use(step="logarithms"), Use(step="entropy", times="-1")),
                because="Add up.",
            ),
        ),
    ),
)
