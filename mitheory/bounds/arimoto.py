"""Fano's inequality and the lower envelope for the Arimoto-Renyi conditional entropy of any order.

H_a(Y|X) = a/(1-a) ln sum_x P(x) (sum_y P(y|x)^a)^(1/a) is H(Y|X) at a = 1, where the bounds are
Fano's inequality and the lower envelope, and tends to -ln(1 - p), p the Bayes error, as a grows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mitheory.bounds.bound import Bound
from mitheory.bounds.envelope import envelope
from mitheory.bounds.expressions import Quantity
from mitheory.bounds.fano import fano
from mitheory.bounds.proof import Axiom, Identity, Proof, Use, Witness
from mitheory.check import FloatArray


def _kernel(name: str, first: str) -> Callable[..., FloatArray]:
    """A kernel of one symbol, M and a on arrays of any shape."""

    def call(**values: FloatArray) -> FloatArray:
        from mitheory.kernels import renyi as kernels

        arrays = np.broadcast_arrays(*(values[n] for n in (first, "M", "a")))
        flat = [np.ascontiguousarray(x, dtype=np.float64).reshape(-1) for x in arrays]
        result: FloatArray = getattr(kernels, name)(*flat).reshape(arrays[0].shape)
        return result

    return call


def logrel(x: FloatArray) -> FloatArray:
    """ln(1 + x)/x, 1 at 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x == 0.0, 1.0, np.log1p(x) / x)


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
        # p - (k-1)/k = (1 - k rest)/k by an exact product, here of arrays: lines can be steep
        high, low = _product.py_func(k, rest)
        beyond = np.where(k == 1.0, p, np.maximum((1.0 - high) - low, 0.0) / k)
        y = _segment(s, k) * beyond
        exact = np.log(k) + y * logrel(s * y)
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
    formula="fano_entropy(p, M, a) - Ha",
    holds_for="every classifier",
    equality="every posterior is a permutation of (1 - p, p/(M - 1), ..., p/(M - 1))",
    cite="sason2018",
    most={"Ha": "log(M)"},
    parameters=("a", "M"),
    numeric={
        "greatest Ha": lambda p, M, a: np.minimum(
            _kernel("entropy", "p")(p=p, M=M, a=a), np.log(M)
        ),
        "least p": _kernel("lower", "Ha"),
        "greatest p": _kernel("upper", "Ha"),
    },
    tight=fano.tight,
    proof=Proof(
        symbols={
            "N": Quantity(
                "mean over the observations of the norm of order a of the posterior: the sum of "
                "its powers a, to the power 1/a",
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
    for a, k, m in ((0.5, 1, 1), (0.5, 1, 2), (0.5, 2, 3), (2.0, 1, 3), (2.0, 2, 2), (3.0, 3, 2)):
        norm, error = m ** (1 / a - 1), 1 - 1 / m
        point = {"a": a, "k": k, "m": m, "j": m, "x": float(m)}
        rise = (1 + 1 / k) ** (1 / a - 1) - 1
        at = {
            "g": 1 + k * (k + 1) * rise * (error - 1 + 1 / k),
            "Nx": norm,
            "qx": error,
            "N": norm,
            "p": error,
            "Ha": float(np.log(m)),
        }
        cases.append({**point, **at})
    return tuple(cases)


_RISE = "(k*(k + 1)**(1/a) - (k + 1)*k**(1/a))"
_SCALED = "1 + k*(k + 1)*expm1((1 - a)/a*log((k + 1)/k))*(p - (k - 1)/k)"

arimoto_envelope = Bound(
    name="arimoto_envelope",
    title="The lower envelope of the entropy of order a",
    statement="H_a(Y|X) >= a/(1 - a) ln g(p) for every order a > 0, g the line through "
    "k^(1/a - 1) at p = 1 - 1/k and its successor, k = 1, 2, ...; the limit at a = 1 is the lower "
    "envelope of the entropy",
    formula="Ha - envelope_line(p, k, a)",
    holds_for="the Bayes classifier",
    equality="every posterior is uniform on k or on k + 1 labels",
    cite="sason2018",
    parameters=("a",),
    best={"p": {"k": "floor(exp(Ha))"}, "Ha": {"k": "floor(1/(1 - p))"}},
    numeric={
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
                "norm of order a of the posterior at x: the sum of its powers a, to the power 1/a",
                0,
                positive=True,
                latex="N_x",
            ),
            "qx": Quantity("error of the Bayes classifier at x", 0, 1, latex="p_x"),
            "N": Quantity("mean of Nx over the observations", 0, positive=True),
            "g": Quantity("line of number k at p, divided by its value at p = 1 - 1/k"),
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
            Axiom(
                name="line",
                claim=f"g = {_SCALED}",
                rule="definition",
                because="The line divided by its value k^(1/a - 1) at p = 1 - 1/k.",
            ),
            Identity(
                name="scaled",
                claim="a/(1 - a)*g <= a/(1 - a)*(k*N/k**(1/a))",
                uses=(
                    Use(step="average", times="k/k**(1/a)"),
                    Use(step="line", times="a/(1 - a)"),
                ),
                because="Divide by k^(1/a - 1).",
            ),
            Axiom(
                name="logarithms",
                claim="a/(1 - a)*log(maximum(0, g)) <= a/(1 - a)*log(k*N/k**(1/a))",
                rule="logarithm",
                uses=("scaled",),
                given={"factor": "a/(1 - a)", "less": "g", "greater": "k*N/k**(1/a)"},
                because="The logarithm increases.",
            ),
            Axiom(
                name="entropy",
                claim="Ha = a/(1 - a)*log(N)",
                rule="definition",
                because="H_a is this function of the mean of the norms.",
            ),
            Identity(
                name="short",
                claim="log(k) + a/(1 - a)*log(maximum(0, g)) <= Ha",
                uses=(Use(step="logarithms"), Use(step="entropy", times="-1")),
                because="Add up.",
            ),
            Axiom(
                name="envelope",
                claim=f"log(k) + a/(1 - a)*log(maximum(0, {_SCALED})) <= Ha",
                rule="substitution",
                uses=("short", "line"),
                because="Insert the line.",
            ),
        ),
    ),
)
