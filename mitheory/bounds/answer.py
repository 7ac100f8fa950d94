"""The answer to one question: given what is known, between what lies the error probability?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.bounds.bound import Number
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.fano import fano_error_lower, fano_error_upper

Names = str | npt.NDArray[np.str_]

TOLERANCE = 1e-12
"""Entropies that contradict each other by no more than this, in nats, are taken to agree."""


@dataclass(frozen=True)
class ErrorBounds:
    """What is known about the error probability.

    Attributes
    ----------
    lower, upper : float or ndarray
        Ends of the interval that contains the Bayes error.
    any_classifier : tuple
        (lower, upper): the error of every classifier lies between them.
    lower_by, upper_by : str or ndarray of str
        The bound behind each end of the Bayes error: a name in `BOUNDS`, "guessing" (answering the
        likeliest label always) or "nothing" (the trivial end 0 or 1).
    any_classifier_by : tuple
        The same for `any_classifier`.
    conditional_entropy : tuple
        (lower, upper): the interval of H(Y|X), in nats, that all else follows from.
    """

    lower: Number
    upper: Number
    any_classifier: tuple[Number, Number]
    lower_by: Names
    upper_by: Names
    any_classifier_by: tuple[Names, Names]
    conditional_entropy: tuple[Number, Number]


def error_bounds(
    *,
    conditional_entropy: Any = None,
    information: Any = None,
    classes: Any = None,
    prior: Any = None,
) -> ErrorBounds:
    """The tightest interval for the error probability that follows from what is given.

    Every map from entropy to error used here increases, so that an interval in gives an interval
    out, and whatever probability the interval given has, the answer has too.

    Parameters
    ----------
    conditional_entropy : float, array_like or tuple, optional
        H(Y|X) of the label given the observation, in nats; a tuple (lower, upper) says that it lies
        between two such values.
    information : float, array_like or tuple, optional
        I(X;Y) in nats, or a tuple (lower, upper). Together with the prior it gives H(Y|X). Without
        the prior H(Y) is not known (no uniform prior is assumed), and the information gives only
        H(Y|X) <= ln(classes) - I: an upper end for the Bayes error and no lower one.
    classes : int or array_like, optional
        Number of classes, at least 2.
    prior : array_like, optional
        Probabilities of the classes, shape (classes,).

    Returns
    -------
    ErrorBounds
        Floats where only scalars are given, otherwise arrays of the broadcast shape.

    Raises
    ------
    ValueError
        When nothing is given, when the information is given alone, for values out of range, and
        for values that contradict each other by more than 1e-12.

    Notes
    -----
    Source: fano1961 (lower end, and both ends for any classifier), feder1994 (upper end).

    Examples
    --------
    >>> from mitheory.bounds import error_bounds
    >>> known = error_bounds(conditional_entropy=1.0, classes=10)
    >>> round(known.lower, 6), round(known.upper, 6), known.lower_by, known.upper_by
    (0.217034, 0.626132, 'fano', 'envelope')
    """
    if conditional_entropy is None and classes is None and prior is None:
        what = "say also prior= or classes=" if information is not None else "say what is known"
        raise ValueError(
            "nothing follows about the error probability without conditional_entropy, prior or "
            f"classes; {what}"
        )
    labels = _Labels.of(classes, prior)
    low, high = _conditional_entropy(conditional_entropy, information, labels)
    lower: Any = np.zeros_like(low)
    worst: Any = np.ones_like(low)
    if labels.support is not None:
        lower = np.asarray(fano_error_lower(low, labels.support))
        worst = np.asarray(fano_error_upper(low, labels.classes))
    upper = np.asarray(envelope_error_upper(high))
    # 1 - max prior comes by another road than the envelope: a tie is one up to rounding
    guessing = upper >= labels.guessing * (1.0 - TOLERANCE)
    upper = np.where(guessing, labels.guessing, upper)
    lower = np.minimum(lower, upper)
    by_fano = [np.where(a, "fano", "nothing") for a in (lower > 0.0, worst < 1.0)]
    return ErrorBounds(
        lower=_plain(lower),
        upper=_plain(upper),
        any_classifier=(_plain(lower), _plain(worst)),
        lower_by=_plain(by_fano[0]),
        upper_by=_plain(np.where(guessing, "guessing", "envelope")),
        any_classifier_by=(_plain(by_fano[0]), _plain(by_fano[1])),
        conditional_entropy=(_plain(low), _plain(high)),
    )


@dataclass(frozen=True)
class _Labels:
    """What is known about the label: None, or a limit that nothing reaches, where nothing is.

    `classes` are the labels that a classifier may answer, `support` those that occur.
    """

    classes: check.FloatArray | None
    support: check.FloatArray | None
    entropy: float | None
    most: Any
    most_words: str
    guessing: Any

    @staticmethod
    def of(classes: Any, prior: Any) -> _Labels:
        M = None if classes is None else check.whole_array(classes, "classes", least=2)
        if prior is None:
            if M is None:
                return _Labels(None, None, None, np.inf, "", np.inf)
            return _Labels(M, M, None, np.log(M), "ln(classes)", 1.0 - 1.0 / M)
        p = check.probabilities(prior, "prior")
        if M is not None and np.any(p.size != M):
            raise ValueError(
                f"prior must have one probability per class; got {p.size} for classes={classes}"
            )
        positive = p[p > 0]
        entropy = 0.0 - float((positive * np.log(positive)).sum())  # 0, not -0, for one class
        answers, support = (np.asarray(float(max(n, 2))) for n in (p.size, positive.size))
        return _Labels(answers, support, entropy, entropy, "H(Y) of the prior", 1.0 - p.max())


def _conditional_entropy(
    conditional: Any, information: Any, labels: _Labels
) -> tuple[check.FloatArray, check.FloatArray]:
    """The interval of H(Y|X) that all that is given implies."""
    low: Any = np.asarray(0.0)
    high: Any = np.asarray(labels.most)
    given = {"conditional_entropy": conditional, "information": information}
    ends = {name: _ends(value, name) for name, value in given.items() if value is not None}
    known = {name: np.broadcast_arrays(*both)[0] for name, both in ends.items()}
    check.broadcastable(known if labels.classes is None else {**known, "classes": labels.classes})
    if conditional is not None:
        least, most = ends["conditional_entropy"]
        check.within(least, labels.most, "conditional_entropy", labels.most_words, TOLERANCE)
        low, high = least, np.minimum(high, most)
    if information is not None:
        least, most = ends["information"]
        check.within(least, labels.most, "information", labels.most_words, TOLERANCE)
        high = np.minimum(high, labels.most - least)
        if labels.entropy is not None:
            low = np.maximum(low, labels.entropy - most)
    low, high = np.broadcast_arrays(low, high)
    if (contradiction := low - high > TOLERANCE).any():
        index = np.unravel_index(int(np.argmax(contradiction)), low.shape)
        raise ValueError(
            "conditional_entropy and information must agree with H(Y) = H(Y|X) + I(X;Y) and with "
            f"each other; they ask for H(Y|X) >= {low[index]:.15g} and <= {high[index]:.15g}"
        )
    high = np.maximum(high, 0.0)
    return np.minimum(low, high), high


def _ends(value: Any, name: str) -> tuple[check.FloatArray, check.FloatArray]:
    """The ends of an interval given as a tuple, or a value twice."""
    if not isinstance(value, tuple):
        both = check.real_array(value, name, least=0.0)
        return both, both
    if len(value) != 2:
        raise ValueError(f"{name} as an interval is a tuple (lower, upper); got {value!r}")
    low, high = (check.real_array(end, name, least=0.0) for end in value)
    check.broadcastable({f"lower {name}": low, f"upper {name}": high})
    if np.any(low > high):
        raise ValueError(f"{name} must have lower <= upper; got {value!r}")
    return low, high


def _plain(array: Any) -> Any:
    """A float or str for a scalar, the array otherwise."""
    array = np.asarray(array)
    return array.item() if array.ndim == 0 else array
