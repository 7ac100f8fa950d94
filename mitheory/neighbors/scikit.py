"""The signature of scikit-learn's scoring of features, for its selectors and pipelines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import BoolArray, FloatArray
from mitheory.neighbors.features import feature_information
from mitheory.neighbors.variables import Kind

_CELLS = 2**22
"""So many entries of a sparse matrix are made dense at a time."""


def mutual_info_classif(
    X: Any,
    y: Any,
    *,
    discrete_features: Any = "auto",
    n_neighbors: int = 3,
    copy: bool = True,
    random_state: Any = None,
    n_jobs: int | None = None,
) -> FloatArray:
    """I(X_j;Y) in nats of each feature and a class label, with the signature of scikit-learn.

    It fits where ``sklearn.feature_selection.mutual_info_classif`` does, as in
    ``SelectKBest(mutual_info_classif)``, and does not need scikit-learn.

    Parameters
    ----------
    X : array_like, data frame or SciPy sparse matrix, shape (n, d)
        Never changed. A sparse matrix must have discrete features only.
    y : array_like, shape (n,)
        Class labels. Numbers with a fraction are refused.
    discrete_features : {"auto"}, bool, or array_like
        Whether all features are discrete, or which: a mask, or positions. "auto": all if X is
        sparse, else none.
    n_neighbors : int
    copy, random_state
        Accepted and without effect: nothing is overwritten, nothing is random.
    n_jobs : int, optional
        Number of threads; by default one, and of a negative one as in joblib: -1 is all.

    Returns
    -------
    float array, shape (d,)

    Raises
    ------
    ValueError, TypeError
        For labels that are not classes, a continuous feature in a sparse matrix, a mask or
        positions that do not fit; for missing or infinite values, and as `feature_information`.

    Notes
    -----
    What differs from scikit-learn's function:

    - No noise is added to continuous features. Ties are counted as they are (`ross`), so that the
      result is the same in every run, a constant has exactly 0, and no feature is above the
      label's entropy psi(n) - mean psi(n_y).
    - Negative estimates stay negative: a selector keeps the order that clipping would lose.
    - A label seen once contributes 0; there its sample is left out.

    Without ties, and before clipping, the two agree. Discrete features have the plug-in estimate,
    as there.

    Examples
    --------
    >>> from mitheory.neighbors import mutual_info_classif
    >>> y = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> X = [[0.1, 7.0], [0.2, 7.0], [0.3, 7.0], [0.5, 7.0],
    ...      [1.2, 7.0], [1.3, 7.0], [1.5, 7.0], [1.6, 7.0]]
    >>> mutual_info_classif(X, y).round(4).tolist()
    [0.7595, 0.0]
    """
    check.flag(copy, "copy")
    d = _width(X)
    sparse = hasattr(X, "tocsc")
    discrete = _mask(discrete_features, d, sparse)
    if sparse and not discrete.all():
        raise ValueError(
            "a sparse matrix must have discrete features only; got discrete_features="
            f"{discrete_features!r} (make it dense: X.toarray())"
        )
    labels = np.asarray(y)
    whole = labels.dtype.kind != "f" or (np.isnan(labels) | (labels == np.floor(labels)))
    if not np.all(whole):
        at = int(np.argmin(whole))
        raise ValueError(
            f"y must be class labels, and not numbers with a fraction; got {labels.flat[at]} at "
            f"index {at} (a target that is a number: feature_information)"
        )
    values = [
        feature_information(
            part,
            y,
            method="plugin",
            k=n_neighbors,
            kinds=([_kind(is_discrete) for is_discrete in which], "discrete"),
            workers=_workers(n_jobs),
        ).values
        for part, which in _parts(X, discrete, sparse)
    ]
    return np.concatenate(values)


def _kind(discrete: bool) -> Kind:
    return "discrete" if discrete else "mixed"


def _width(X: Any) -> int:
    shape = np.shape(X)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"X must have shape (n, d), one sample a row; got shape {shape}")
    return int(shape[1])


def _mask(discrete_features: Any, d: int, sparse: bool) -> BoolArray:
    if isinstance(discrete_features, str):
        check.one_of(discrete_features, ("auto",), "discrete_features")
        return np.full(d, sparse)
    if isinstance(discrete_features, (bool, np.bool_)):
        return np.full(d, bool(discrete_features))
    given = check.as_array(discrete_features, "discrete_features")
    if given.dtype == bool:
        if given.shape != (d,):
            raise ValueError(
                f"discrete_features must be a mask of {d} features; got shape {given.shape}"
            )
        return given
    if given.size and given.dtype.kind not in "iu":
        raise TypeError(
            "discrete_features must be 'auto', True, False, a mask or positions; got dtype "
            f"{given.dtype}"
        )
    mask = np.zeros(d, dtype=bool)
    for position in given.reshape(-1).tolist():
        if not -d <= position < d:
            raise ValueError(f"discrete_features must be positions below {d}; got {position}")
        mask[int(position)] = True
    return mask


def _parts(X: Any, discrete: BoolArray, sparse: bool) -> Iterator[tuple[Any, BoolArray]]:
    """X, or if it is sparse some dense columns at a time."""
    if not sparse:
        yield X, discrete
        return
    columns = X.tocsc()
    step = max(1, _CELLS // columns.shape[0])
    for start in range(0, columns.shape[1], step):
        part = slice(start, start + step)
        yield columns[:, part].toarray(), discrete[part]


def _workers(n_jobs: int | None) -> int:
    if n_jobs is None:
        return 1
    if n_jobs == 0 or isinstance(n_jobs, bool) or not isinstance(n_jobs, (int, np.integer)):
        raise ValueError(f"n_jobs must be an integer, and not 0; got {n_jobs!r}")
    return int(n_jobs) if n_jobs > 0 else max(1, check.threads(None) + 1 + int(n_jobs))
