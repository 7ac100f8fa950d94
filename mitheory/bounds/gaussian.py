"""What the binary Gaussian model allows: the best closed forms on its information and its error.

The label is 0 or 1, the observation N(-mean, cov) or N(+mean, cov); with the prior, all depends on
the signal-to-noise ratio gamma = mean' cov^-1 mean alone. With equal priors the Bayes error is
Q(sqrt(gamma)), Q the upper tail of the standard normal law.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.bounds import gaussian_error, gaussian_growth, gaussian_overlap
from mitheory.bounds.bound import Bound, Number

FORMS: Mapping[str, Bound] = {
    value.name: value
    for module in (gaussian_growth, gaussian_overlap, gaussian_error)
    for value in vars(module).values()
    if isinstance(value, Bound) and {"least I", "greatest I"} & value.numeric.keys()
}
"""The bounds on the information by name, the dominated ones too."""


@dataclass(frozen=True)
class ClosedForm:
    """One closed form on the information, evaluated.

    Attributes
    ----------
    name : str
        Its name in `BOUNDS`.
    side : {"lower", "upper"}
        Which side of the information it bounds.
    value : float or ndarray
        In nats; a lower bound below 0 says nothing and is 0.
    dominated_by : str or None
        Name of one that is at least as sharp whatever the snr.
    """

    name: str
    side: Literal["lower", "upper"]
    value: Number
    dominated_by: str | None


@dataclass(frozen=True)
class InformationBounds:
    """Closed-form bounds on the information of a binary Gaussian model.

    Attributes
    ----------
    lower, upper : float or ndarray
        The greatest lower and the least upper bound, in nats.
    lower_by, upper_by : str or ndarray of str
        Their names in `BOUNDS`; "nothing" where the lower end is 0.
    forms : tuple of ClosedForm
        All of them.
    """

    lower: Number
    upper: Number
    lower_by: str | npt.NDArray[np.str_]
    upper_by: str | npt.NDArray[np.str_]
    forms: tuple[ClosedForm, ...]


def information_bounds(snr: Any, prior: float = 0.5) -> InformationBounds:
    """Every closed form on the information at each snr, and the best pair.

    Parameters
    ----------
    snr : float or array_like
        Signal-to-noise ratio gamma = mean' cov^-1 mean >= 0.
    prior : float
        Probability of one label, in (0, 1). For other than equal priors fewer bounds are known.

    Returns
    -------
    InformationBounds
        With entries of the shape of `snr`.

    Raises
    ------
    ValueError
        For a negative, infinite or NaN snr, or a prior outside (0, 1).

    Examples
    --------
    >>> from mitheory.bounds.gaussian import information_bounds
    >>> best = information_bounds(1.0)
    >>> round(best.lower, 4), round(best.upper, 4), best.lower_by, best.upper_by
    (0.3161, 0.3466, 'gaussian_mmse', 'gaussian_joined')
    """
    gamma = check.real_array(snr, "snr", least=0.0)
    prior = check.real(prior, "prior", above=0.0, below=1.0)
    known = {
        name: bound for name, bound in FORMS.items() if prior == 0.5 or "prior0" in bound.symbols
    }
    forms = tuple(_evaluated(bound, gamma, prior, known) for bound in known.values())
    lower, lower_by = _best(forms, "lower")
    upper, upper_by = _best(forms, "upper")
    lower_by = np.where(np.asarray(lower) > 0.0, lower_by, "nothing")
    return InformationBounds(lower, upper, _plain(lower_by), _plain(upper_by), forms)


def _evaluated(
    bound: Bound, gamma: check.FloatArray, prior: float, known: Mapping[str, Bound]
) -> ClosedForm:
    side: Literal["lower", "upper"] = "lower" if "least I" in bound.numeric else "upper"
    solve = bound.least if side == "lower" else bound.greatest
    values = {"gamma": gamma, "prior0": prior}
    value = solve("I", **{n: v for n, v in values.items() if n in bound.symbols})
    shaped = np.array(np.broadcast_to(value, gamma.shape))
    dominated_by = bound.dominated_by if bound.dominated_by in known else None
    return ClosedForm(bound.name, side, shaped if gamma.ndim else float(shaped), dominated_by)


def _best(forms: tuple[ClosedForm, ...], side: str) -> tuple[Any, Any]:
    """The extreme value among the forms on a side that are not dominated, and whose it is."""
    sharp = [form for form in forms if form.side == side and form.dominated_by is None]
    values = np.array([form.value for form in sharp])
    chosen = values.argmax(axis=0) if side == "lower" else values.argmin(axis=0)
    best = np.take_along_axis(values, chosen[None, ...], axis=0)[0]
    return best if best.ndim else float(best), np.array([form.name for form in sharp])[chosen]


def _plain(names: Any) -> Any:
    return names if np.ndim(names) else str(names)


def entropy_from_error(error: Any) -> tuple[Number, Number]:
    """The interval of H(Y|X), in nats, of a binary Gaussian model of known Bayes error.

    2 ln 2 times the error at least; pi times the error, and ln 2, at most. Both constants are
    optimal: see the bounds `gaussian_sharp_lower` and `gaussian_sharp_upper`.

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
    """
    p = check.real_array(error, "error", least=0.0, most=0.5)
    return (
        gaussian_error.gaussian_sharp_lower.least("H", p=p),
        gaussian_error.gaussian_sharp_upper.greatest("H", p=p),
    )


def error_from_entropy(conditional_entropy: Any) -> tuple[Number, Number]:
    """The interval of the Bayes error of a binary Gaussian model of known H(Y|X), equal priors.

    H(Y|X) / pi at least, H(Y|X) / (2 ln 2) at most, for 0 <= H(Y|X) <= ln 2 in nats; the inverse of
    `entropy_from_error`. Raises ValueError outside that range.
    """
    H = check.real_array(conditional_entropy, "conditional_entropy", least=0.0)
    check.within(H, math.log(2.0), "conditional_entropy", "ln 2")
    return (
        gaussian_error.gaussian_sharp_upper.least("p", H=H),
        gaussian_error.gaussian_sharp_lower.greatest("p", H=H),
    )
