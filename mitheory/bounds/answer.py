"""The answer to one question: given what is known, between what lies the error probability?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.bounds.bound import Number
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.expressions import law_entropy
from mitheory.bounds.fano import fano_error_lower, fano_error_upper
from mitheory.bounds.lists import fano_lists
from mitheory.bounds.prior import prior_error_lower

Names = str | npt.NDArray[np.str_]

TOLERANCE = 1e-12
"""Entropies that contradict each other by no more than this, in nats, are taken to agree."""

_SURE = 1_000.0
"""An entropy, in nats, at which the envelope is 1 to within rounding."""


@dataclass(frozen=True)
class ErrorBounds:
    """What is known about the error probability.

    Attributes
    ----------
    lower, upper : float or ndarray
        Ends of the interval that contains the Bayes error; for lists, that of the best lists.
    any_classifier : tuple
        (lower, upper): the error of every classifier lies between them.
    lower_by, upper_by : str or ndarray of str
        The bound behind each end of the Bayes error: a name in `BOUNDS`, "guessing" (answering the
        likeliest label, or labels, always) or "nothing" (the trivial end 0 or 1).
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
    list_size: Any = 1,
    require: str | None = None,
) -> ErrorBounds:
    """The tightest interval for the error probability that follows from what is given.

    Every map from entropy to error used here increases, so that an interval in gives an interval
    out, and whatever probability the interval given has, the answer has too.

    Parameters
    ----------
    conditional_entropy : float, array_like or tuple, optional
        H(Y|X) of the label given the observation, in nats; a tuple (lower, upper) says that it lies
        between two such values, of which one may be None: not known.
    information : float, array_like or tuple, optional
        I(X;Y) in nats, or a tuple (lower, upper) as above. Together with the prior it gives H(Y|X).
        Without the prior H(Y) is not known (no uniform prior is assumed), and the information gives
        only H(Y|X) <= ln(classes) - I: an upper end for the Bayes error and no lower one.
    classes : int or array_like, optional
        Number of classes, at least 2.
    prior : array_like, optional
        Probabilities of the classes, shape (classes,).
    list_size : int or array_like, default 1
        How many labels an answer may name, less than the classes. The error is then the
        probability that the label is not among them.
    require : {"lower", "upper"}, optional
        The end of the Bayes error that is asked for: where nothing follows about it, so that it is
        trivially 0 or 1, the question is refused with the reason.

    Returns
    -------
    ErrorBounds
        Floats where only scalars are given, otherwise arrays of the broadcast shape.

    Raises
    ------
    ValueError
        When nothing is given, when the information is given alone, for values out of range, for
        values that contradict each other by more than 1e-12, and when nothing follows about the
        end that is required.

    Notes
    -----
    Source: fano1961 (lower end, and both ends for any classifier), ho2010 (lower end where the
    prior is known; named only where it is sharper), feder1994 (upper end), ahlswede1976 (lists).

    The best lists of L labels miss the label at most (M - L)/(M - 1) times as often as the best
    single answer, of M classes: next to the likeliest label a list holds the L - 1 likeliest of
    the M - 1 others, at least their share of the probability of an error.

    Examples
    --------
    >>> from mitheory.bounds import error_bounds
    >>> known = error_bounds(conditional_entropy=1.0, classes=10)
    >>> round(known.lower, 6), round(known.upper, 6), known.lower_by, known.upper_by
    (0.217034, 0.626132, 'fano', 'envelope')

    A lower bound on the information says nothing from below about the error:

    >>> error_bounds(information=(0.3, None), prior=[0.5, 0.3, 0.2]).lower_by
    'nothing'
    """
    if conditional_entropy is None and classes is None and prior is None:
        what = "say also prior= or classes=" if information is not None else "say what is known"
        raise ValueError(
            "nothing follows about the error probability without conditional_entropy, prior or "
            f"classes; {what}"
        )
    if require is not None:
        check.one_of(require, ("lower", "upper"), "end to require")
    labels = _Labels.of(classes, prior, list_size)
    low, high = _conditional_entropy(conditional_entropy, information, labels)
    least, least_by, most, most_by = labels.any_error(low)
    upper = labels.share * np.asarray(envelope_error_upper(np.minimum(high, _SURE)))
    # 1 - max prior comes by another road than the envelope: a tie is one up to rounding
    guessing = upper >= labels.guessing * (1.0 - TOLERANCE)
    upper = np.where(guessing, labels.guessing, upper)
    upper_by = np.where(guessing, "guessing", np.where(upper < 1.0, "envelope", "nothing"))
    least = np.minimum(least, upper)
    if require == "lower" and (least_by == "nothing").any():
        reason = _why_no_lower_end(conditional_entropy, information, labels)
        raise ValueError(f"no lower bound on the error follows: {reason}")
    if require == "upper" and (upper_by == "nothing").any():
        raise ValueError(
            "no upper bound on the error follows: without the number of classes H(Y|X) must be "
            "known from above; say classes= or prior="
        )
    return ErrorBounds(
        lower=_plain(least),
        upper=_plain(upper),
        any_classifier=(_plain(least), _plain(most)),
        lower_by=_plain(least_by),
        upper_by=_plain(upper_by),
        any_classifier_by=(_plain(least_by), _plain(most_by)),
        conditional_entropy=(_plain(low), _plain(high)),
    )


def _why_no_lower_end(conditional: Any, information: Any, labels: _Labels) -> str:
    """Why what is given agrees with an error of 0."""
    if labels.support is None:
        return "the number of classes is not known; say classes= or prior="
    if conditional is None and information is not None and labels.law is None:
        return (
            "without the prior H(Y) is not known, and the information alone bounds H(Y|X) from "
            "above only; say prior= or conditional_entropy="
        )
    one_sided = [
        (name, side)
        for name, value, missing, side in (
            ("information", information, 1, "below"),
            ("conditional_entropy", conditional, 0, "above"),
        )
        if isinstance(value, tuple) and value[missing] is None
    ]
    if one_sided:
        return " and ".join(
            f"the {name.replace('_', ' ')} is known from {side} only" for name, side in one_sided
        ) + (
            ", which agrees with H(Y|X) = 0, and so with an error of 0. Estimates from a "
            "variational bound or from the loss of a classifier are of this kind"
        )
    if np.any(labels.list_size > 1):
        return "H(Y|X) may be so small that a list of that many labels need not miss the label"
    return "H(Y|X) may be 0, and so the error"


@dataclass(frozen=True)
class _Labels:
    """What is known about the label: None, or a limit that nothing reaches, where nothing is.

    `classes` are the labels that a classifier may answer, `support` those that occur, and
    `list_size` how many one answer names. `share` is how often the best lists err at most, for
    each error of the best single answer.
    """

    classes: check.FloatArray | None
    support: check.FloatArray | None
    law: check.FloatArray | None
    list_size: check.FloatArray
    entropy: float | None
    most: Any
    most_words: str
    guessing: Any
    share: Any

    @staticmethod
    def of(classes: Any, prior: Any, list_size: Any) -> _Labels:
        L = check.whole_array(list_size, "list_size", least=1)
        M = None if classes is None else check.whole_array(classes, "classes", least=2)
        if prior is None:
            if M is None:
                return _Labels(None, None, None, L, None, np.inf, "", np.inf, 1.0)
            share = _share(M, L)
            return _Labels(M, M, None, L, None, np.log(M), "ln(classes)", 1.0 - L / M, share)
        p = check.probabilities(prior, "prior")
        if M is not None and np.any(p.size != M):
            raise ValueError(
                f"prior must have one probability per class; got {p.size} for classes={classes}"
            )
        entropy = float(law_entropy(p)[0])
        answers, support = (np.asarray(float(max(n, 2))) for n in (p.size, np.count_nonzero(p)))
        share = _share(answers, L)
        missed = np.append(0.0, np.cumsum(np.sort(p)))  # at k the sum of the k rarest
        guessing = missed[np.maximum(p.size - L, 0.0).astype(np.int64)]
        words = "H(Y) of the prior"
        return _Labels(answers, support, p, L, entropy, entropy, words, guessing, share)

    def any_error(self, H: check.FloatArray) -> tuple[Any, Any, Any, Any]:
        """The least and the greatest error of any classifier, each with the bound behind it."""
        if self.support is None or self.classes is None:
            least, most = np.zeros_like(H), np.ones_like(H)
            nothing = np.full(H.shape, "nothing")
            return least, nothing, most, nothing
        lists = self.list_size > 1.0
        if lists.any():
            listed = np.minimum(self.list_size, self.support - 1.0)
            least = np.asarray(fano_lists.least("p", H=H, M=self.support, L=listed))
            least = np.where(self.list_size < self.support, least, 0.0)
            most = np.asarray(fano_lists.greatest("p", H=H, M=self.classes, L=self.list_size))
        else:
            least = np.asarray(fano_error_lower(H, self.support))
            most = np.asarray(fano_error_upper(H, self.classes))
        name = np.where(lists, "fano_lists", "fano")
        by = np.where(least > 0.0, name, "nothing")
        if self.law is not None and self.entropy is not None and not lists.all():
            known = np.asarray(prior_error_lower(np.minimum(H, self.entropy), self.law))
            sharper = ~lists & (known > least * (1.0 + TOLERANCE))
            by, least = np.where(sharper, "known_prior", by), np.where(sharper, known, least)
        return least, by, most, np.where(most < 1.0, name, "nothing")


def _share(M: Any, L: check.FloatArray) -> Any:
    """(M - L)/(M - 1), for lists of less than all the labels."""
    check.broadcastable({"classes": M, "list_size": L})
    check.within(L, M - 1.0, "list_size", "classes - 1", 0.0)
    return (M - L) / (M - 1.0)


def _conditional_entropy(
    conditional: Any, information: Any, labels: _Labels
) -> tuple[check.FloatArray, check.FloatArray]:
    """The interval of H(Y|X) that all that is given implies."""
    low: Any = np.asarray(0.0)
    high: Any = np.asarray(labels.most)
    given = {"conditional_entropy": conditional, "information": information}
    ends = {name: _ends(value, name) for name, value in given.items() if value is not None}
    known = {name: np.broadcast_arrays(*both)[0] for name, both in ends.items()}
    limits = {} if labels.classes is None else {"classes": labels.classes}
    if labels.list_size.ndim:
        limits["list_size"] = labels.list_size
    check.broadcastable({**known, **limits})
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
    low, high, _ = np.broadcast_arrays(low, high, labels.list_size)
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
    if all(end is None for end in value):
        raise ValueError(f"{name} as an interval needs at least one end; got {value!r}")
    low, high = (
        np.asarray(unknown) if end is None else check.real_array(end, name, least=0.0)
        for end, unknown in zip(value, (0.0, np.inf), strict=True)
    )
    check.broadcastable({f"lower {name}": low, f"upper {name}": high})
    if np.any(low > high):
        raise ValueError(f"{name} must have lower <= upper; got {value!r}")
    return low, high


def _plain(array: Any) -> Any:
    """A float or str for a scalar, the array otherwise."""
    array = np.asarray(array)
    return array.item() if array.ndim == 0 else array
