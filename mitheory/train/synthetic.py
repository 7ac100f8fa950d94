"""Samples of laws whose information and Bayes error are known."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from mitheory import check
from mitheory.train.data import Dataset


class LabelledLaw(Protocol):
    """A law that draws observations and their labels."""

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Any, Any]:
        """Observations of shape (n, ...) and labels in 0..classes-1, of shape (n,)."""
        ...


def from_law(
    law: LabelledLaw,
    n_train: int,
    n_val: int,
    n_test: int,
    rng: np.random.Generator,
    *,
    classes: int | None = None,
) -> Dataset:
    """Independent samples of a law, to hold a classifier against its exact information.

    Parameters
    ----------
    law : object with a method `sample(n, rng)` that gives (X, y)
        Such as BinaryGaussian, GaussianMixture, BinaryLaplace or Channel of mitheory.laws. The
        input symbols of a channel become unit vectors, from which even a linear model can learn
        every posterior.
    n_train, n_val, n_test : int, at least 1
    rng : numpy.random.Generator
    classes : int, optional
        Needed for a law of your own only.

    Returns
    -------
    Dataset, named as the law.

    Raises
    ------
    TypeError
        For a law that draws no labels, or of unknown number of classes.
    ValueError
        For a size below 1, or a label out of range.
    """
    check.generator(rng)
    known, inputs = _alphabets(law)
    if classes is None:
        classes = known
    if classes is None or not callable(getattr(law, "sample", None)):
        raise TypeError(
            "law must be a law of labels and observations, such as mitheory.laws.BinaryGaussian, "
            f"or one of your own with a method sample(n, rng), given classes; got {_name(law)}"
        )
    parts: dict[str, Any] = {}
    for part, n in (("train", n_train), ("val", n_val), ("test", n_test)):
        x, parts[f"y_{part}"] = law.sample(check.whole_number(n, f"n_{part}", 1), rng)
        parts[f"x_{part}"] = x if inputs is None else np.eye(inputs, dtype=np.float32)[x]
    return Dataset(**parts, classes=classes, name=str(law))


gaussian = from_law
"""`from_law`, under the name of the law that is trained on most."""


def _alphabets(law: object) -> tuple[int | None, int | None]:
    """The number of classes, if it is known, and of input symbols, if they are discrete."""
    from mitheory.laws import BinaryGaussian, BinaryLaplace, Channel, GaussianMixture

    if isinstance(law, (BinaryGaussian, BinaryLaplace)):
        return 2, None
    if isinstance(law, GaussianMixture):
        return law.weights.size, None
    if isinstance(law, Channel):
        return law.p.shape[1], law.p.shape[0]
    return None, None


def _name(law: object) -> str:
    return type(law).__name__
