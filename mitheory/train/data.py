"""Labelled data in three parts: train, validation, test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check

Features = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features and labels of a train, a validation and a test set, checked when made.

    Attributes
    ----------
    x_train, x_val, x_test : float32 arrays of shape (n, ...)
        One sample per row, of any shape: (n, d) vectors, (n, channels, height, width) images.
    y_train, y_val, y_test : int64 arrays of shape (n,)
        Labels in 0..classes-1.
    classes : int, at least 2
    name : str

    Raises
    ------
    TypeError
        For features that are not real numbers or labels that are not integers.
    ValueError
        For an empty set, NaN or infinite features, a label out of range, or shapes that differ.
    """

    x_train: Features
    y_train: Labels
    x_val: Features
    y_val: Labels
    x_test: Features
    y_test: Labels
    classes: int
    name: str = "data"

    def __post_init__(self) -> None:
        def put(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)  # the one way to set a frozen field

        put("classes", check.whole_number(self.classes, "classes", 2))
        for part in ("train", "val", "test"):
            x, y = f"x_{part}", f"y_{part}"
            put(y, check.label_array(getattr(self, y), y, self.classes))
            put(x, check.feature_array(getattr(self, x), x, getattr(self, y).size))
            shape = getattr(self, x).shape[1:]
            if shape != self.inputs:
                raise ValueError(
                    f"{x} must hold samples of shape {self.inputs} like x_train; got {shape}"
                )

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return self.x_train.shape[1:]


def split(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    n_val: int | None = None,
    n_test: int | None = None,
    classes: int | None = None,
    name: str = "data",
) -> Dataset:
    """Samples split at random into train, validation and test set, class by class.

    Parameters
    ----------
    x : array of shape (n, ...)
    y : integer array of shape (n,)
    rng : numpy.random.Generator
        Draws the split.
    n_val, n_test : int, optional
        A fifth of the samples each by default; the rest is for training.
    classes : int, optional
        By default those that occur, whose labels then are 0, 1, 2 and so on.
    name : str

    Returns
    -------
    Dataset

    Raises
    ------
    TypeError, ValueError
        As for Dataset, or if a part would be empty.
    """
    check.generator(rng)
    labels, classes = labelled(y, "y", classes)
    features = check.feature_array(x, "x", labels.size)
    fifth = max(1, labels.size // 5)
    sizes = {
        "n_test": fifth if n_test is None else n_test,
        "n_val": fifth if n_val is None else n_val,
        "n_train": None,
    }
    test, val, train = stratified(labels, sizes, rng)
    return Dataset(
        x_train=features[train],
        y_train=labels[train],
        x_val=features[val],
        y_val=labels[val],
        x_test=features[test],
        y_test=labels[test],
        classes=classes,
        name=name,
    )


def labelled(value: npt.ArrayLike, name: str, classes: int | None) -> tuple[Labels, int]:
    """Labels and the number of classes, which are those that occur if it is not given."""
    if classes is not None:
        classes = check.whole_number(classes, "classes", 2)
        return check.label_array(value, name, classes), classes
    labels = check.label_array(value, name, check.MAX_COUNT)
    seen = np.unique(labels)
    if seen[-1] >= seen.size:
        gap = int(np.argmax(seen != np.arange(seen.size)))
        raise ValueError(
            f"{name} must have a sample of every label from 0 to {seen[-1]} if classes is left "
            f"out; none is {gap} (numpy.unique(y, return_inverse=True)[1] numbers labels anew)"
        )
    return labels, seen.size


def digits(rng: np.random.Generator, *, n_val: int = 297, n_test: int = 500) -> Dataset:
    """The 1 797 handwritten digits bundled with scikit-learn, split at random, class by class.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the split.
    n_val, n_test : int
        The rest is for training: 1 000 by default.

    Returns
    -------
    Dataset of images of shape (1, 8, 8) with grey levels in [0, 1], 10 classes.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.
    ValueError
        If a part would be empty.

    Notes
    -----
    Source: alpaydin1998.
    """
    check.generator(rng)
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise ImportError(
            "digits needs scikit-learn, which is not installed; pip install mitheory[train]"
        ) from None
    bundle = load_digits()
    images = bundle.images[:, np.newaxis] / 16.0  # (1797, 1, 8, 8)
    return split(images, bundle.target, rng, n_val=n_val, n_test=n_test, name="digits")


def stratified(
    labels: npt.NDArray[np.integer[Any]],
    sizes: Mapping[str, int | None],
    rng: np.random.Generator,
) -> list[npt.NDArray[np.intp]]:
    """Disjoint random index sets in which the classes keep their proportions.

    Parameters
    ----------
    labels : integer array of shape (n,)
    sizes : mapping of str to int
        How many indices each set takes, by a name to refuse it under; None, only at the end, takes
        all that are left.
    rng : numpy.random.Generator

    Returns
    -------
    list of index arrays, each in random order.

    Raises
    ------
    ValueError
        For a size below 1, or more than there is.
    """
    given = {name: size for name, size in sizes.items() if size is not None}
    wanted = [check.whole_number(size, name, 1) for name, size in given.items()]
    left, rest = labels.size - sum(wanted), len(given) < len(sizes)
    if left < rest:
        raise ValueError(
            f"{' and '.join(given)} must leave a sample for every part; got {sum(wanted)} of "
            f"{labels.size} samples"
        )
    # Systematic sampling: spread the samples of each class evenly over [0, 1), in random order;
    # then every stretch of the line holds the classes in proportion, to within one sample or two.
    position = np.empty(labels.size)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        position[members] = (rng.permutation(members.size) + rng.random()) / members.size
    order = np.argsort(position, kind="stable")
    ends = np.cumsum(wanted + [left] * rest)
    return [
        rng.permutation(order[end - size : end])
        for end, size in zip(ends, np.diff(ends, prepend=0), strict=True)
    ]
