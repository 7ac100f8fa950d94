"""What can be done to a dataset: wrong labels, rare classes, fewer samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.train.data import Dataset, Labels, stratified


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


def with_imbalance(dataset: Dataset, ratio: float, rng: np.random.Generator) -> Dataset:
    """Drop train and validation samples until the classes have a long tail.

    Of K classes, class k keeps a number of samples proportional to ratio^(-k / (K - 1)): the first
    is `ratio` times as frequent as the last. As many are kept as that allows, at least one of each
    class. The test set stays as it is.

    Parameters
    ----------
    dataset : Dataset
    ratio : float, at least 1
    rng : numpy.random.Generator
        Draws the samples that stay.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        For a ratio below 1, or a class without a sample.

    Notes
    -----
    The exponential profile is that of cui2019.
    """
    ratio = check.real(ratio, "ratio", least=1.0)
    check.generator(rng)
    profile = ratio ** -np.linspace(0.0, 1.0, dataset.classes)

    def kept(labels: Labels, part: str) -> npt.NDArray[np.intp]:
        counts = np.bincount(labels, minlength=dataset.classes)
        if counts.min() == 0:
            raise ValueError(
                f"every class must have a sample; the {part} set has none of class "
                f"{int(counts.argmin())}"
            )
        with np.errstate(over="ignore"):  # what overflows is not the least
            most = (counts / profile).min()  # what class 0 can keep for all to have enough
        sizes = np.clip(np.round(most * profile).astype(int), 1, counts)
        members = [
            rng.permutation(np.flatnonzero(labels == label))[:size]
            for label, size in enumerate(sizes)
        ]
        return np.sort(np.concatenate(members))

    train, val = kept(dataset.y_train, "training"), kept(dataset.y_val, "validation")
    return replace(_chosen(dataset, train, val), name=f"{dataset.name}, imbalance {ratio:g}")


def subset(
    dataset: Dataset, n_train: int, rng: np.random.Generator, *, n_val: int | None = None
) -> Dataset:
    """Keep a random part of the training set, in which the classes keep their proportions.

    Parameters
    ----------
    dataset : Dataset
    n_train : int, at least 1
        Training samples to keep.
    rng : numpy.random.Generator
    n_val : int, optional
        Validation samples to keep; all by default. The test set stays as it is.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        For a size below 1, or more than there is.
    """
    check.generator(rng)
    (train,) = stratified(dataset.y_train, {"n_train": n_train}, rng)
    val = np.arange(dataset.y_val.size)
    if n_val is not None:
        (val,) = stratified(dataset.y_val, {"n_val": n_val}, rng)
    return replace(_chosen(dataset, train, val), name=f"{dataset.name}, {len(train)} samples")


def _chosen(dataset: Dataset, train: npt.NDArray[np.intp], val: npt.NDArray[np.intp]) -> Dataset:
    return replace(
        dataset,
        x_train=dataset.x_train[train],
        y_train=dataset.y_train[train],
        x_val=dataset.x_val[val],
        y_val=dataset.y_val[val],
    )
