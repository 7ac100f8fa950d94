"""Closed-form bounds on the binary Gaussian model with equal priors.

The label is +1 or -1 with probability 1/2, the observation N(+-mean, cov); all depends on the
signal-to-noise ratio gamma = mean' cov^-1 mean alone. The Bayes error is Q(sqrt(gamma)), Q the
upper tail of the standard normal law.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.bounds.bound import Number
from mitheory.bounds.expressions import evaluate, latex, read


@dataclass(frozen=True)
class ClosedForm:
    """A bound on the information I(X;Y) of the binary Gaussian model with equal priors.

    Attributes
    ----------
    name : str
        Short name.
    side : {"lower", "upper"}
        Which side of the information it bounds.
    formula : str
        The bound in nats, as text in gamma, see `mitheory.bounds.expressions`.
    because : str
        Why it holds.
    cite : str
        Key of references.bib; empty where the proof in docs/theory is the source.
    dominated_by : str or None
        Name of a bound that is at least as sharp for every gamma.
    """

    name: str
    side: Literal["lower", "upper"]
    formula: str
    because: str
    cite: str
    dominated_by: str | None = None

    def value(self, snr: Any) -> Number:
        """The bound in nats at signal-to-noise ratios of any shape, snr >= 0.

        Raises
        ------
        ValueError
            For a negative, infinite or NaN snr.
        """
        gamma = check.real_array(snr, "snr", least=0.0)
        result = np.broadcast_to(evaluate(self.formula, {"gamma": gamma}), gamma.shape)
        return float(result) if gamma.ndim == 0 else np.array(result)

    def latex(self) -> str:
        """The bound as an inequality in LaTeX."""
        return rf"I(X;Y) \{'ge' if self.side == 'lower' else 'le'} {latex(read(self.formula))}"


UPPER: Sequence[ClosedForm] = (
    ClosedForm(
        "label_entropy",
        "upper",
        "log(2)",
        "Information is at most the entropy of the label.",
        "cover2006",
        dominated_by="error_floor",
    ),
    ClosedForm(
        "linear",
        "upper",
        "gamma/2",
        "Half the derivative's greatest value, the variance of the label, times gamma.",
        "guo2005",
        dominated_by="capacity",
    ),
    ClosedForm(
        "capacity",
        "upper",
        "log1p(gamma)/2",
        "No input of the same power informs more than a Gaussian one.",
        "cover2006",
        dominated_by="joined",
    ),
    ClosedForm(
        "entropy_decay",
        "upper",
        "-log(2)*expm1(-gamma/(2*log(2)))",
        "mmse <= H / ln 2 since 4p(1 - p) <= h(p) / ln 2, and d(ln H)/d(gamma) = -mmse / 2H.",
        "guo2005",
        dominated_by="joined",
    ),
    ClosedForm(
        "joined",
        "upper",
        "where(gamma <= 1, log1p(gamma)/2, log(2) - log(2)/2*exp((1 - gamma)/(2*log(2))))",
        "mmse <= 1/(1 + gamma) up to gamma = 1 gives the capacity, mmse <= H / ln 2 the decay "
        "from there.",
        "guo2005",
    ),
    ClosedForm(
        "divergence",
        "upper",
        "-log1p(expm1(-2*gamma)/2)",
        "Mixture entropy by pairwise Kullback-Leibler divergences, 2 gamma here.",
        "kolchinsky2017",
        dominated_by="entropy_decay",
    ),
    ClosedForm(
        "logistic",
        "upper",
        "-log1p(expm1(-gamma)/2)",
        "At least the bound by the decay of the entropy.",
        "",
        dominated_by="entropy_decay",
    ),
    ClosedForm(
        "error_floor",
        "upper",
        "log(2)*erf(sqrt(gamma/2))",
        "H(Y|X) >= 2 ln 2 times the Bayes error, which is Q(sqrt(gamma)).",
        "hellman1970",
    ),
)
"""Upper bounds on the information, the dominated ones too."""

LOWER: Sequence[ClosedForm] = (
    ClosedForm(
        "bhattacharyya",
        "lower",
        "-log(2)*expm1(-gamma/2)",
        "h(p) <= 2 ln 2 sqrt(p(1 - p)), averaged.",
        "hellman1970",
    ),
    ClosedForm(
        "chernoff",
        "lower",
        "-log1p(expm1(-gamma/2)/2)",
        "Mixture entropy by pairwise Chernoff divergences, gamma/2 here.",
        "kolchinsky2017",
        dominated_by="bhattacharyya",
    ),
    ClosedForm(
        "mmse",
        "lower",
        "-expm1(-gamma)/2",
        "mmse = E 4p(1 - p) >= (E 2 sqrt(p(1 - p)))^2 = exp(-gamma).",
        "guo2005",
    ),
    ClosedForm(
        "hard_decision",
        "lower",
        "bit_deficit(erf(sqrt(gamma/2)))",
        "The sign of the best linear statistic makes a binary symmetric channel.",
        "cover2006",
        dominated_by="bhattacharyya",
    ),
    ClosedForm(
        "error_ceiling",
        "lower",
        "log(2) - pi*Q(sqrt(gamma))",
        "H(Y|X) is at most pi times the Bayes error in this model: see `entropy_from_error`.",
        "",
    ),
)
"""Lower bounds on the information, the dominated ones too."""


@dataclass(frozen=True)
class InformationBounds:
    """The best pair of closed-form bounds on the information, in nats, and their names."""

    lower: Number
    upper: Number
    lower_by: str | npt.NDArray[np.str_]
    upper_by: str | npt.NDArray[np.str_]


def information_bounds(snr: Any) -> InformationBounds:
    """The greatest lower and the least upper closed form on the information at each snr.

    Parameters
    ----------
    snr : float or array_like
        Signal-to-noise ratio gamma = mean' cov^-1 mean >= 0.

    Returns
    -------
    InformationBounds
        With entries of the shape of `snr`.

    Raises
    ------
    ValueError
        For a negative, infinite or NaN snr.
    """
    lower, lower_by = _best(LOWER, snr, np.argmax)
    upper, upper_by = _best(UPPER, snr, np.argmin)
    return InformationBounds(lower, upper, lower_by, upper_by)


def _best(forms: Sequence[ClosedForm], snr: Any, choose: Any) -> tuple[Any, Any]:
    """The extreme value among closed forms that are not dominated, and whose it is."""
    sharp = [form for form in forms if form.dominated_by is None]
    values = np.array([form.value(snr) for form in sharp])
    chosen = choose(values, axis=0)
    best = np.take_along_axis(values, chosen[None, ...], axis=0)[0]
    by = np.array([form.name for form in sharp])[chosen]
    return (best, by) if best.ndim else (float(best), str(by))


def entropy_from_error(error: Any) -> tuple[Number, Number]:
    """The interval of H(Y|X), in nats, of a binary Gaussian model of known Bayes error.

    2 ln 2 times the error at least, pi times the error at most: both constants are optimal.

    Parameters
    ----------
    error : float or array_like
        Bayes error, 0 <= error <= 1/2, equal priors.

    Returns
    -------
    tuple
        (lower, upper).

    Raises
    ------
    ValueError
        For an error outside [0, 1/2].

    Notes
    -----
    In the log-likelihood ratio L, H(Y|X) and the error are integrals against the same weight
    exp(-L^2/(8 gamma)) of two kernels with the ratio (1 + e^x) ln(1 + e^-x) + x, x = |L|, which
    rises from 2 ln 2. The weights have a monotone likelihood ratio in gamma, so that the ratio of
    the integrals rises too, to the ratio pi of the unweighted ones.
    """
    p = check.real_array(error, "error", least=0.0, most=0.5)
    return _pair(2.0 * math.log(2.0) * p, math.pi * p)


def error_from_entropy(conditional_entropy: Any) -> tuple[Number, Number]:
    """The interval of the Bayes error of a binary Gaussian model of known H(Y|X), equal priors.

    H(Y|X) / pi at least, H(Y|X) / (2 ln 2) at most, for 0 <= H(Y|X) <= ln 2 in nats; the inverse of
    `entropy_from_error`. Raises ValueError outside that range.
    """
    H = check.real_array(conditional_entropy, "conditional_entropy", least=0.0)
    check.within(H, math.log(2.0), "conditional_entropy", "ln 2")
    return _pair(H / math.pi, np.minimum(H / (2.0 * math.log(2.0)), 0.5))


def _pair(lower: Any, upper: Any) -> tuple[Number, Number]:
    return (lower, upper) if np.ndim(lower) else (float(lower), float(upper))
