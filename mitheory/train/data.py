"""Labelled data in three parts: train, validation, test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mitheory import check

if TYPE_CHECKING:
    from mitheory.laws import BinaryGaussian

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


def gaussian(
    law: BinaryGaussian, n_train: int, n_val: int, n_test: int, rng: np.random.Generator
) -> Dataset:
    """Independent samples of the binary Gaussian model, whose exact information is known.

    Parameters
    ----------
    law : mitheory.laws.BinaryGaussian
    n_train, n_val, n_test : int, at least 1
    rng : numpy.random.Generator

    Returns
    -------
    Dataset of samples of shape (d,) with labels 0 and 1.

    Raises
    ------
    TypeError
        If `law` is another law.
    ValueError
        For a size below 1.
    """
    from mitheory.laws import BinaryGaussian

    if not isinstance(law, BinaryGaussian):
        raise TypeError(f"law must be a mitheory.laws.BinaryGaussian; got {type(law).__name__}")
    check.generator(rng)

    def draw(name: str, n: int) -> tuple[Features, Labels]:
        x, y = law.sample(check.whole_number(n, name, 1), rng)
        return x.astype(np.float32), y

    x_train, y_train = draw("n_train", n_train)
    x_val, y_val = draw("n_val", n_val)
    x_test, y_test = draw("n_test", n_test)
    return Dataset(x_train, y_train, x_val, y_val, x_test, y_test, classes=2, name=str(law))


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
    x, y = bundle.images[:, np.newaxis] / 16.0, bundle.target
    test, val, train = stratified(y, (n_test, n_val, None), rng)
    return Dataset(x[train], y[train], x[val], y[val], x[test], y[test], classes=10, name="digits")


def with_label_noise(dataset: Dataset, rate: float, rng: np.random.Generator) -> Dataset:
    """Change each train and validation label with probability `rate` to one of the others.

    The new label is uniform over the other classes. The test labels stay as they are, so test
    scores speak of the clean law, while whatever is chosen on validation is chosen on noise,
    as it would be in practice.

    Parameters
    ----------
    dataset : Dataset
    rate : float in [0, 1]
    rng : numpy.random.Generator

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        For a rate outside [0, 1].
    """
    rate = check.real(rate, "rate", least=0.0, most=1.0)
    check.generator(rng)

    def noisy(labels: Labels) -> Labels:
        changed = rng.random(labels.size) < rate
        step = rng.integers(1, dataset.classes, labels.size)
        return np.where(changed, (labels + step) % dataset.classes, labels)

    return replace(
        dataset,
        y_train=noisy(dataset.y_train),
        y_val=noisy(dataset.y_val),
        name=f"{dataset.name}, label noise {rate:g}",
    )


def stratified(
    labels: npt.NDArray[np.integer[Any]],
    sizes: Sequence[int | None],
    rng: np.random.Generator,
) -> list[npt.NDArray[np.intp]]:
    """Disjoint random index sets in which the classes keep their proportions.

    Parameters
    ----------
    labels : integer array of shape (n,)
    sizes : sequence of int
        How many indices each set takes; None, only at the end, takes all that are left.
    rng : numpy.random.Generator

    Returns
    -------
    list of index arrays, each in random order.

    Raises
    ------
    ValueError
        For a size below 1, or more than there is.
    """
    wanted = [check.whole_number(size, "size", 1) for size in sizes if size is not None]
    left = labels.size - sum(wanted)
    if left < (sizes[-1] is None):
        raise ValueError(
            f"sizes must leave a sample for every part; got {sum(wanted)} of {labels.size} samples"
        )
    # Systematic sampling: spread the samples of each class evenly over [0, 1), in random order;
    # then every stretch of the line holds the classes in proportion, to within one sample or two.
    position = np.empty(labels.size)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        position[members] = (rng.permutation(members.size) + rng.random()) / members.size
    order = np.argsort(position, kind="stable")
    ends = np.cumsum(wanted + ([left] if sizes[-1] is None else []))
    return [
        rng.permutation(order[end - size : end])
        for end, size in zip(ends, np.diff(ends, prepend=0), strict=True)
    ]
