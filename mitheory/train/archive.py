"""Labelled data from a NumPy archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.files import read_arrays
from mitheory.train.checksums import verify
from mitheory.train.data import Dataset, labelled, split, stratified


def npz(
    path: str | Path,
    rng: np.random.Generator,
    *,
    n_val: int | None = None,
    n_test: int | None = None,
    classes: int | None = None,
) -> Dataset:
    """Arrays X and y of a .npz file, and X_test and y_test if it has them.

    Parameters
    ----------
    path : str or Path
        X of shape (n, ...), features as they are; y integers of shape (n,). If the file's folder
        holds a file MD5SUMS that lists it, its checksum is checked.
    rng : numpy.random.Generator
        Draws the validation set and, without X_test, the test set, class by class.
    n_val, n_test : int, optional
        A fifth of the samples in X each by default.
    classes : int, optional
        By default those that occur in y, whose labels then are 0, 1, 2 and so on.

    Returns
    -------
    Dataset, named as the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        For features that are not real numbers or labels that are not integers.
    ValueError
        For a file that is damaged, lacks an array or holds Python objects (nothing is unpickled), a
        wrong checksum, a label out of range, or shapes and sizes that do not fit.
    """
    check.generator(rng)
    path = Path(path)
    arrays = _read(path)
    x, y = arrays["X"], arrays["y"]
    if "X_test" not in arrays:
        return split(x, y, rng, n_val=n_val, n_test=n_test, classes=classes, name=path.stem)
    if n_test is not None:
        raise ValueError(f"n_test must be left out: {path} has a test set of its own, X_test")
    labels, classes = labelled(y, "y", classes)
    features = check.feature_array(x, "X", labels.size)
    n_val = max(1, labels.size // 5) if n_val is None else n_val
    val, train = stratified(labels, {"n_val": n_val, "n_train": None}, rng)
    return Dataset(
        x_train=features[train],
        y_train=labels[train],
        x_val=features[val],
        y_val=labels[val],
        x_test=arrays["X_test"],
        y_test=arrays["y_test"],
        classes=classes,
        name=path.stem,
    )


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays X and y, and X_test and y_test if one of them is there."""
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    verify(path)
    found, held = read_arrays(path, ("X", "y", "X_test", "y_test"))
    wanted = ["X", "y"]
    if {"X_test", "y_test"} & set(held):
        wanted += ["X_test", "y_test"]
    if missing := [name for name in wanted if name not in found]:
        raise ValueError(
            f"{path} must hold the arrays {', '.join(wanted)}; it lacks {', '.join(missing)} "
            f"and holds {', '.join(held) or 'nothing'}"
        )
    return found
