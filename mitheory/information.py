"""Entropy, conditional entropy and mutual information in nats, from any entropy estimator."""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray
from mitheory.counts import Counts, count
from mitheory.entropies import ENTROPIES, Estimator, named
from mitheory.joint import Joint, counted_together, roles_in, table_of
from mitheory.profile import Profile


def entropy(
    data: Any, method: str | Estimator = "plugin", *, alphabet: int | None = None
) -> float | FloatArray:
    """Shannon entropy in nats, estimated from counts.

    Parameters
    ----------
    data : Counts, Profile, or array_like of counts, shape (..., K)
        Counts, never samples (for samples: ``entropy(count(samples))``). Leading axes of an array
        or of a Profile are a batch. The entropy of a Counts is the joint entropy of its columns.
    method : str or Estimator
        A name in ENTROPIES, or an Estimator.
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
    estimator = named(method)
    size = None if alphabet is None else check.whole_number(alphabet, "alphabet", least=1)
    if isinstance(data, Counts):
        data = data.counts
    if isinstance(data, Profile):
        return _plain(estimator.of_profile(data, size))
    return _plain(estimator.of_counts(data, size))


def conditional_entropy(
    table: Any, method: str | Estimator = "plugin", *, alphabet: tuple[int, int] | None = None
) -> float | FloatArray:
    """H(Y|X) = H(X,Y) - H(X) in nats, of the last column given all the others.

    Parameters
    ----------
    table : Counts of two columns or more, or array_like of counts, shape (..., Kx, Ky)
        In an array the rows are X and the columns Y; leading axes are a batch.
    method : str or Estimator
        A name in ENTROPIES, or an Estimator.
    alphabet : (Sx, Sy), optional
        Sizes of the alphabets of X and of Y, for the estimators that need them; that of the pair
        is Sx Sy. Of an array, its shape (Kx, Ky) unless they are given.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped.

    Notes
    -----
    For an estimator that is not linear, as `nsb`, an average of the entropies of Y in each row
    would be another estimate.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.conditional_entropy([[30, 10], [5, 55]]), 6)
    0.397036
    """
    pair = Joint.of(table, named(method), alphabet)
    hx, both = pair.entropies((0,), (0, 1))
    return _plain(both - hx)


def mutual_information(
    x_or_table: Any,
    y: Any = None,
    *,
    method: str | Estimator = "plugin",
    alphabet: tuple[int, int] | None = None,
    **settings: Any,
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
    method : str or Estimator
        A name in ENTROPIES, or an Estimator; or, for samples of numbers, a name in
        `neighbors.METHODS`, as "ksg", "ross" or "mixed", whose value is that of
        `neighbors.information`.
    alphabet : (Sx, Sy), optional
        As in `conditional_entropy`.
    **settings
        For the methods for numbers, the further arguments of `neighbors.information`, as k and
        scale.

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
    if isinstance(y, (str, Estimator)):
        raise TypeError(
            "the second argument is samples of Y; a method is given by its name: "
            f"method={(y if isinstance(y, str) else y.name)!r}"
        )
    if isinstance(method, str) and method not in ENTROPIES:
        from mitheory.neighbors import METHODS, information

        check.one_of(method, [*ENTROPIES, *METHODS], "method")
        if y is None or alphabet is not None:
            raise TypeError(
                f"method={method!r} takes samples of X and Y, and no alphabet or counts"
            )
        return information(x_or_table, y, method=method, **settings).value
    estimator = named(method)
    if settings:
        raise TypeError(
            f"method={estimator.name!r} takes no argument {', '.join(sorted(settings))}"
        )
    data = x_or_table if y is None else count(x_or_table, y)
    pair = Joint.of(data, estimator, alphabet)
    hx, hy, both = pair.entropies((0,), (1,), (0, 1))
    return _plain(hx + hy - both)


def conditional_mutual_information(
    x_or_table: Any,
    y: Any = None,
    z: Any = None,
    *,
    method: str | Estimator = "plugin",
    alphabet: tuple[int, int, int] | None = None,
    **settings: Any,
) -> float | FloatArray:
    """I(X;Y|Z) = H(X,Z) + H(Y,Z) - H(X,Y,Z) - H(Z) in nats.

    Parameters
    ----------
    x_or_table : Counts, array_like of counts, or samples
        Alone: a Counts of three columns, X, Y and Z, or a table of counts of shape
        (..., Kx, Ky, Kz), leading axes a batch.
        A Counts with `y` and `z`: these name its columns Y and Z, and X is all the others.
        Else the samples of X, shape (n,) or (n, d).
    y, z : array_like, or columns of a Counts, optional
        Samples of Y and of Z, shape (n,) or (n, d); of a Counts, a column's name or position, or
        a list of them.
    method : str or Estimator
        A name in ENTROPIES, or an Estimator; or, for samples of numbers, "ksg", "gaussian" or
        "gaussian_copula", whose value is that of `neighbors.conditional_information`.
    alphabet : (Sx, Sy, Sz), optional
        Sizes of the alphabets, for the estimators that need them; of an array, its shape unless
        they are given.
    **settings
        For the methods for numbers, the further arguments of `neighbors.conditional_information`,
        as k and scale.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped.

    Raises
    ------
    ValueError, TypeError
        If only one of `y` and `z` is given, a Counts leaves no column for X or does not have the
        columns, or as `mutual_information`.

    Examples
    --------
    >>> import mitheory as mt
    >>> x, y, differ = [0, 0, 1, 1] * 5, [0, 1, 0, 1] * 5, [0, 1, 1, 0] * 5
    >>> round(mt.conditional_mutual_information(x, y, differ), 6)
    0.693147
    """
    if isinstance(method, str) and method not in ENTROPIES:
        from mitheory.neighbors.conditional import CONDITIONAL, conditional_information

        if method in CONDITIONAL:
            if y is None or z is None or alphabet is not None:
                raise TypeError(
                    f"method={method!r} takes samples of X, Y and Z, and no alphabet or counts"
                )
            return conditional_information(x_or_table, y, z, method=method, **settings).value
        check.one_of(method, [*ENTROPIES, *CONDITIONAL], "method")
    estimator = named(method)
    if settings:
        raise TypeError(
            f"method={estimator.name!r} takes no argument {', '.join(sorted(settings))}"
        )
    if (y is None) != (z is None):
        raise ValueError(
            "y and z go together: pass samples of both, or for a Counts name both columns"
        )
    if y is None:
        triple = Joint.of(x_or_table, estimator, alphabet, variables=3)
    elif isinstance(x_or_table, Counts):
        triple = Joint.of_roles(x_or_table, roles_in(x_or_table, y, z), estimator, alphabet)
    else:
        counts, roles = counted_together(x_or_table, y, z)
        triple = Joint.of_roles(counts, roles, estimator, alphabet)
    hxz, hyz, hxyz, hz = triple.entropies((0, 2), (1, 2), (0, 1, 2), (2,))
    return _plain(hxz + hyz - hxyz - hz)


def jensen_shannon(
    table: Any,
    method: str | Estimator = "plugin",
    *,
    weights: Any = None,
    alphabet: tuple[int, int] | None = None,
) -> float | FloatArray:
    """Jensen-Shannon divergence between the laws of X given each label, in nats.

    With weights w it is H(sum_y w_y P_y) - sum_y w_y H(P_y), P_y the law of X given Y = y: the
    information I(X;Y) if the label's law were w.

    Parameters
    ----------
    table : Counts of two columns or more, or array_like of counts, shape (..., Kx, Ky)
        As in `conditional_entropy`; the last column is the label.
    method : str or Estimator
        As in `entropy`. With weights only "plugin": the other estimators work on counts, and
        a mixture in proportions other than the sample's has none.
    weights : array_like of float, shape (Ky,), optional
        Non-negative, of sum 1; by default the labels' shares of the sample. The labels of a
        Counts are in the order of its symbols.
    alphabet : (Sx, Sy), optional
        As in `conditional_entropy`.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped.

    Raises
    ------
    ValueError, TypeError
        For bad weights, one for a label without a sample, or weights with another method.

    Notes
    -----
    Source: lin1991.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.jensen_shannon([[3, 0], [0, 5]], weights=[0.5, 0.5]), 6)
    0.693147
    """
    if weights is None:
        return mutual_information(table, method=method, alphabet=alphabet)
    estimator = named(method)
    if estimator.name != "plugin":
        raise ValueError(
            f"with weights only method='plugin' is defined; got {estimator.name!r} (a mixture in "
            "proportions other than the sample's has no counts)"
        )
    counts = table_of(table.table() if isinstance(table, Counts) else table)
    w = check.probabilities(weights, "weights")
    labels = counts.shape[-1]
    if w.size != labels:
        raise ValueError(f"weights must be one for each of {labels} labels; got {w.size}")
    sizes = counts.sum(axis=-2, keepdims=True)
    bare = (sizes == 0) & (w > 0)
    if bare.any():
        label = int(np.argwhere(bare)[0, -1])
        raise ValueError(f"weights must be 0 for labels without a sample; label {label} has none")
    laws = counts / np.maximum(sizes, 1)
    mixture = (laws * w).sum(axis=-1, keepdims=True)
    ratio = laws / np.where(mixture > 0, mixture, 1)
    terms = w * laws * np.log(np.where(ratio > 0, ratio, 1))
    return _plain(terms.sum(axis=(-2, -1)))


NORMS = ("min", "max", "mean", "sqrt", "joint", "label")


def normalized_information(
    table: Any,
    method: str | Estimator = "plugin",
    *,
    norm: str = "label",
    alphabet: tuple[int, int] | None = None,
) -> float | FloatArray:
    """I(X;Y) divided by an entropy: a number without unit.

    Parameters
    ----------
    table : Counts of two columns or more, or array_like of counts, shape (..., Kx, Ky)
        As in `conditional_entropy`.
    method : str or Estimator
        As in `entropy`, for the information and for the norm.
    norm : {"label", "min", "max", "mean", "sqrt", "joint"}
        H(Y); the least, greatest, arithmetic or geometric mean of H(X) and H(Y); H(X,Y).
    alphabet : (Sx, Sy), optional
        As in `conditional_entropy`.

    Returns
    -------
    float, or array of the batch's shape
        Never clipped: in 0..1 for the plug-in, up to rounding.

    Raises
    ------
    ValueError
        If the norm is not positive, as where X or Y takes one value only: 0/0 is given no value.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.normalized_information([[30, 10], [5, 55]]), 6)
    0.386767
    """
    check.one_of(norm, NORMS, "norm")
    pair = Joint.of(table, named(method), alphabet)
    x, y, both = pair.entropies((0,), (1,), (0, 1))
    least, most = np.minimum(x, y), np.maximum(x, y)
    divisor = {
        "label": y,
        "min": least,
        "max": most,
        "mean": (x + y) / 2,
        "sqrt": np.where(least > 0, np.sqrt(np.maximum(x, 0) * np.maximum(y, 0)), least),
        "joint": both,
    }[norm]
    if np.any(divisor <= 0):
        where = np.unravel_index(int(np.argmax(divisor <= 0)), divisor.shape)
        place = f" in table {tuple(int(i) for i in where)}" if where else ""
        raise ValueError(
            f"the norm {norm!r} must be positive; got {float(divisor[where])!r}{place} (what takes "
            "one value only has no information to share)"
        )
    return _plain((x + y - both) / divisor)


def _plain(value: FloatArray) -> float | FloatArray:
    return value if value.ndim else float(value)
