"""The record of one training: what was trained, how, and what came of it, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from mitheory.train.scores import Scores


@dataclass(frozen=True)
class Epoch:
    """The scores at the end of one pass over the training set.

    Attributes
    ----------
    epoch : int, from 1
    train, val, test : Scores
    """

    epoch: int
    train: Scores
    val: Scores
    test: Scores

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Epoch:
        """The epoch that `dataclasses.asdict` made the record of."""
        parts = {part: Scores(**record[part]) for part in ("train", "val", "test")}
        return cls(record["epoch"], **parts)


def best_of(history: Sequence[Epoch], select: str) -> int:
    """The number of the epoch that validation chooses, the first of equals."""

    def rank(epoch: Epoch) -> tuple[float, float]:
        error = epoch.val.error if select == "error" else 0.0
        return error, epoch.val.cross_entropy

    return min(history, key=rank).epoch


@dataclass(frozen=True)
class TrainingResult:
    """What was trained, how, and what came of it. All amounts of information are in nats.

    Attributes
    ----------
    dataset, loss, model : str
    weight : float
    classes, n_train, n_val, n_test, parameters : int
        Sizes; `parameters` is the number of trained numbers.
    batch_size, epochs, seed : int
        `epochs` is the most that was allowed; `len(history)` the number run.
    learning_rate, weight_decay : float
    patience : int or None
    select : str
        What the best epoch is chosen by, on the validation set.
    label_entropy : float
        H(Y) of the test labels' frequencies: test learned information is this less test CE.
    history : tuple of Epoch
    best_epoch : int
        The number of the epoch that validation chooses.
    device : str
        "cpu", or the name of the GPU.
    processes : int
        How many trained together.
    versions : dict of str
    seconds : float
        Time spent, with that before an interruption.
    probabilities : float64 array of shape (n_test, classes)
        Of the test samples after the last epoch. Not part of `to_dict`.
    network : torch.nn.Module
        After the last epoch, in evaluation mode, on the CPU. Not part of `to_dict`.
    """

    dataset: str
    loss: str
    weight: float
    model: str
    classes: int
    n_train: int
    n_val: int
    n_test: int
    parameters: int
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    patience: int | None
    select: str
    seed: int
    label_entropy: float
    history: tuple[Epoch, ...]
    best_epoch: int
    device: str
    processes: int
    versions: dict[str, str]
    seconds: float
    probabilities: npt.NDArray[np.float64] = field(repr=False, compare=False)
    network: nn.Module = field(repr=False, compare=False)

    @property
    def last(self) -> Epoch:
        """The last epoch run."""
        return self.history[-1]

    @property
    def best(self) -> Epoch:
        """The epoch that validation chooses."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Everything but the probabilities and the network, in terms that JSON can hold."""
        left_out = ("history", "probabilities", "network")
        record = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in left_out}
        return {
            **record,
            "last": asdict(self.last),
            "best": asdict(self.best),
            "history": [asdict(epoch) for epoch in self.history],
        }
