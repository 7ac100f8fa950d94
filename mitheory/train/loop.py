"""The training loop, and the record of one training."""

from __future__ import annotations

import functools
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from mitheory import __version__, check
from mitheory.train.data import Dataset
from mitheory.train.losses import LOSSES, Loss
from mitheory.train.models import Model, mlp
from mitheory.train.scores import Scores, label_entropy, score

_ROWS_AT_ONCE = 4096  # bounds the memory of an evaluation


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
    learning_rate : float
    patience : int or None
    select : str
        What the best epoch is chosen by, on the validation set.
    label_entropy : float
        H(Y) of the test labels' frequencies: test learned information is this less test CE.
    history : tuple of Epoch
    best_epoch : int
        The number of the epoch that validation chooses.
    versions : dict of str
    seconds : float
    probabilities : float64 array of shape (n_test, classes)
        Of the test samples after the last epoch. Not part of `to_dict`.
    network : torch.nn.Module
        After the last epoch, in evaluation mode. Not part of `to_dict`.
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
    patience: int | None
    select: str
    seed: int
    label_entropy: float
    history: tuple[Epoch, ...]
    best_epoch: int
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


def fit(
    dataset: Dataset,
    *,
    loss: str | Loss = "cross_entropy",
    weight: float = 0.0,
    model: Model = mlp,
    epochs: int = 30,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    seed: int = 0,
    patience: int | None = None,
    select: Literal["error", "cross_entropy"] = "error",
    on_epoch: Callable[[Epoch], None] | None = None,
) -> TrainingResult:
    """Train a classifier by Adam (kingma2015) on minibatches, scoring it after every epoch.

    For a seed and a number of threads the result is the same at every run on a CPU, and two
    losses start from the same network and see the same batches. The global random state of
    torch is left as it was.

    Parameters
    ----------
    dataset : Dataset
    loss : str or Loss
        A name in LOSSES, or a Loss of your own.
    weight : float
        The weight of the loss's second term, for a loss that has one.
    model : callable
        (inputs, classes) to a torch module, such as `mlp` or `partial(mlp, hidden=(256,))`.
    epochs : int, at least 1
    batch_size : int, at least 1
        The last batch of an epoch holds what is left over.
    learning_rate : float, above 0
    seed : int, at least 0
    patience : int, optional
        Stop once this many epochs have passed since the best one.
    select : {"error", "cross_entropy"}
        What the best epoch has least of on the validation set. Equal errors are told apart by
        cross entropy; of equal epochs the first is best.
    on_epoch : callable, optional
        Called with each Epoch as soon as it is scored.

    Returns
    -------
    TrainingResult

    Raises
    ------
    TypeError
        If `dataset` is not a Dataset, or `model` not a function.
    ValueError
        For an unknown loss, a negative weight or one that the loss does not have, a size or rate
        out of range, or a model whose output is not (batch, classes).
    FloatingPointError
        If training diverges.

    Notes
    -----
    Cross entropy on held-out samples is at least H(Y|X) on average, so the learned information
    H(Y) - CE speaks for the information from below, never from above.

    On small networks one thread is fastest, by far on a machine that is busy with other work:
    call `torch.set_num_threads(1)` first. The library leaves that setting alone.
    """
    if not isinstance(dataset, Dataset):
        raise TypeError(f"dataset must be a mitheory.train.Dataset; got {type(dataset).__name__}")
    if not isinstance(loss, Loss):
        loss = LOSSES[check.one_of(loss, LOSSES, "loss")]
    objective = loss.objective(weight)
    if not callable(model):
        raise TypeError(
            "model must be a function of (inputs, classes) that makes a torch module, such as "
            f"mitheory.train.mlp itself; got {model!r}"
        )
    epochs = check.whole_number(epochs, "epochs", 1)
    batch_size = check.whole_number(batch_size, "batch_size", 1)
    learning_rate = check.real(learning_rate, "learning_rate", above=0.0)
    seed = check.whole_number(seed, "seed")
    patience = None if patience is None else check.whole_number(patience, "patience", 1)
    check.one_of(select, ("error", "cross_entropy"), "select")

    started = time.perf_counter()
    network_seed, order_seed = np.random.SeedSequence(seed).generate_state(2)
    shuffler = torch.Generator().manual_seed(int(order_seed))
    x, y = torch.tensor(dataset.x_train), torch.tensor(dataset.y_train)  # (n, ...), (n,)
    x_val, x_test = torch.tensor(dataset.x_val), torch.tensor(dataset.x_test)
    history: list[Epoch] = []
    best = 0

    with torch.random.fork_rng(devices=[]):  # initial weights and dropout draw from this state
        torch.default_generator.manual_seed(int(network_seed))
        network = model(dataset.inputs, dataset.classes)
        _log_probabilities(network, x[:1], dataset.classes)  # refuses a wrong shape before work
        optimiser = torch.optim.Adam(network.parameters(), lr=learning_rate)

        for number in range(1, epochs + 1):
            network.train()
            for batch in torch.randperm(len(x), generator=shuffler).split(batch_size):
                optimiser.zero_grad()
                objective(network(x[batch]), y[batch]).backward()
                optimiser.step()

            log_q = _log_probabilities(network, x_test, dataset.classes)
            epoch = Epoch(
                number,
                train=score(dataset.y_train, _log_probabilities(network, x, dataset.classes)),
                val=score(dataset.y_val, _log_probabilities(network, x_val, dataset.classes)),
                test=score(dataset.y_test, log_q),
            )
            history.append(epoch)
            if _rank(epoch, select) < _rank(history[best], select):
                best = number - 1
            if on_epoch is not None:
                on_epoch(epoch)
            if patience is not None and number - 1 - best >= patience:
                break

    return TrainingResult(
        dataset=dataset.name,
        loss=loss.name,
        weight=float(weight),
        model=_name(model),
        classes=dataset.classes,
        n_train=len(dataset.y_train),
        n_val=len(dataset.y_val),
        n_test=len(dataset.y_test),
        parameters=sum(p.numel() for p in network.parameters()),
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        patience=patience,
        select=select,
        seed=seed,
        label_entropy=label_entropy(dataset.y_test),
        history=tuple(history),
        best_epoch=best + 1,
        versions={
            "mitheory": __version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
        },
        seconds=time.perf_counter() - started,
        probabilities=np.exp(log_q),
        network=network,
    )


def _log_probabilities(network: nn.Module, x: Tensor, classes: int) -> npt.NDArray[np.float64]:
    """Return ln Q(y|x) in float64, shape (n, classes), leaving the network in evaluation mode."""
    network.eval()
    with torch.inference_mode():
        logits = torch.cat([network(rows) for rows in x.split(_ROWS_AT_ONCE)])
        if logits.shape != (len(x), classes):
            raise ValueError(
                f"the model must turn {len(x)} samples into logits of shape {(len(x), classes)}; "
                f"got {tuple(logits.shape)}"
            )
        log_q: npt.NDArray[np.float64] = logits.double().log_softmax(dim=1).numpy()
    if not np.isfinite(log_q).all():
        raise FloatingPointError(
            "training diverged: the logits are no longer finite; lower the learning rate"
        )
    return log_q


def _rank(epoch: Epoch, select: str) -> tuple[float, float]:
    """The smaller, the better."""
    error = epoch.val.error if select == "error" else 0.0
    return error, epoch.val.cross_entropy


def _name(model: Model) -> str:
    """`mlp`, `mlp(hidden=(256,))`: how the model was named in the call."""
    if isinstance(model, functools.partial):
        options = ", ".join(f"{key}={value!r}" for key, value in model.keywords.items())
        return f"{_name(model.func)}({options})"
    return str(getattr(model, "__name__", type(model).__name__))
