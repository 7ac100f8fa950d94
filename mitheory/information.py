"""Entropy, conditional entropy and mutual information in nats, from any entropy estimator."""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts, count
from mitheory.entropies import ENTROPIES
from mitheory.profile import Profile


def entropy(
    data: Any, method: str = "plugin", *, alphabet: int | None = None
) -> float | FloatArray:
    """Shannon entropy in nats, estimated from counts.

    Parameters
    ----------
    data : Counts, Profile, or array_like of counts, shape (..., K)
        Counts, never samples (for samples: ``entropy(count(samples))``). Leading axes of an array
        or of a Profile are a batch. The entropy of a Counts is the joint entropy of its columns.
    method : str
        A name in ENTROPIES.
    alphabet : int, optional
        Size of the alphabet, for the estimators that need it.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped: an estimate may be negative, or above ln(alphabet).

    Raises
    ------
    TypeError, ValueError
        For counts that are not non-negative integers or sum to 0; for an unknown method.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.entropy([3, 2, 1]), 6)
    1.011404
    >>> mt.entropy([[5, 5], [9, 0]]).round(6).tolist()
    [0.693147, 0.0]
    """
    estimator = ENTROPIES[check.one_of(method, ENTROPIES, "method")]
    size = None if alphabet is None else check.whole_number(alphabet, "alphabet", least=1)
    if isinstance(data, Counts):
        data = data.counts
    if isinstance(data, Profile):
        return _plain(estimator.of_profile(data, size))
    return _plain(estimator.of_counts(data, size))


def conditional_entropy(table: Any, method: str = "plugin") -> float | FloatArray:
    """H(Y|X) = H(X,Y) - H(X) in nats, of the last column given all the others.

    Parameters
    ----------
    table : Counts of two columns or more, or array_like of counts, shape (..., Kx, Ky)
        In an array the rows are X and the columns Y; leading axes are a batch.
    method : str
        A name in ENTROPIES.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.conditional_entropy([[30, 10], [5, 55]]), 6)
    0.397036
    """
    x, _, joint = _parts(table)
    return _plain(np.asarray(entropy(joint, method)) - np.asarray(entropy(x, method)))


def mutual_information(
    x_or_table: Any, y: Any = None, *, method: str = "plugin"
) -> float | FloatArray:
    """I(X;Y) = H(X) + H(Y) - H(X,Y) in nats.

    Parameters
    ----------
    x_or_table : Counts, array_like of counts, or samples
        Without `y`: a Counts, whose last column is Y and the others X, or a table of counts of
        shape (..., Kx, Ky) with rows X and columns Y, leading axes a batch.
        With `y`: the samples of X, shape (n,) or (n, d).
    y : array_like, shape (n,), optional
        Samples of Y.
    method : str
        A name in ENTROPIES.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped: with a bias-corrected method, or by rounding, an estimate can be negative;
        it then says that no dependence was found beyond the correction.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.mutual_information([[30, 10], [5, 55]]), 6)
    0.250411
    >>> round(mt.mutual_information(["a", "b", "a", "b"], [0, 1, 0, 1]), 6)
    0.693147
    """
    x, label, joint = _parts(x_or_table if y is None else count(x_or_table, y))
    parts = [np.asarray(entropy(part, method)) for part in (x, label, joint)]
    return _plain(parts[0] + parts[1] - parts[2])


def _parts(table: Any) -> tuple[Any, Any, Any]:
    """Counts of X, of Y, and of both, from a table; each in a form that `entropy` takes."""
    if isinstance(table, Counts):
        return table.features(), table.marginal(-1), table
    if isinstance(table, Profile):
        raise TypeError(
            "a Profile holds no pairs; pass a table of counts (rows X, columns Y) or a Counts"
        )
    array = _table(table)
    joint = array.reshape(*array.shape[:-2], -1)
    return array.sum(axis=-1), array.sum(axis=-2), joint


def _table(data: Any) -> IntArray:
    array = check.count_array(data, "table", 2)
    if array.ndim < 2:
        raise ValueError(
            f"table must have at least 2 dimensions, rows X and columns Y; got shape {array.shape} "
            "(samples are counted first: mitheory.count)"
        )
    return array


def _plain(value: FloatArray) -> float | FloatArray:
    return value if value.ndim else float(value)
