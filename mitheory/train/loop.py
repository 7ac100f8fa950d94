"""The training loop."""

from __future__ import annotations

import functools
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from mitheory import __version__, check
from mitheory.terminal import progress_bar
from mitheory.train import parallel
from mitheory.train.checkpoint import fingerprint, restore, save
from mitheory.train.data import Dataset
from mitheory.train.losses import LOSSES, Loss
from mitheory.train.models import Model, mlp
from mitheory.train.record import Epoch, TrainingResult, best_of
from mitheory.train.scores import label_entropy, score

_ROWS_AT_ONCE = 256  # bounds the memory of an evaluation; convolutions of more leave the cache


def fit(
    dataset: Dataset,
    *,
    loss: str | Loss = "cross_entropy",
    weight: float = 0.0,
    model: Model = mlp,
    epochs: int = 30,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.0,
    seed: int = 0,
    patience: int | None = None,
    select: Literal["error", "cross_entropy"] = "error",
    device: Literal["auto", "cpu", "cuda"] = "auto",
    checkpoint: str | Path | None = None,
    progress: bool = False,
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
    weight_decay : float, at least 0
        Each step also shrinks the parameters by this share of the learning rate: the decoupled
        decay of loshchilov2019.
    seed : int, at least 0
    patience : int, optional
        Stop once this many epochs have passed since the best one.
    select : {"error", "cross_entropy"}
        What the best epoch has least of on the validation set. Equal errors are told apart by
        cross entropy; of equal epochs the first is best.
    device : {"auto", "cpu", "cuda"}
        "auto" is a GPU where there is one. The data are kept there as a whole.
    checkpoint : str or Path, optional
        A file that is written after every epoch. If it is there, training goes on from it, to the
        same result as without the interruption; `epochs` may then be larger than before. All else
        that has a say in the result must be as it was.
    progress : bool
        Show a progress bar where standard error is a terminal; needs rich.
    on_epoch : callable, optional
        Called with each Epoch as soon as it is scored; in several processes by the first alone.

    Returns
    -------
    TrainingResult

    Raises
    ------
    TypeError
        If `dataset` is not a Dataset, or `model` not a function.
    ValueError
        For an unknown loss, a negative weight or one that the loss does not have, a size or rate
        out of range, a model whose output is not (batch, classes), a GPU where there is none, or
        a checkpoint that is damaged or of a training with other settings.
    FileNotFoundError
        If the folder of the checkpoint does not exist.
    FloatingPointError
        If training diverges.

    Notes
    -----
    Cross entropy on held-out samples is at least H(Y|X) on average, so the learned information
    H(Y) - CE speaks for the information from below, never from above.

    On small networks one thread is fastest, by far on a machine that is busy with other work:
    call `torch.set_num_threads(1)` first. The library leaves that setting alone.

    Under `torchrun` the processes share every batch and the result is that of one process, up to
    rounding and up to what a network does with its share alone: its random draws (dropout), and
    on CPUs the means and variances of batch normalisation, which on GPUs are those of the whole
    batch. The first process writes the checkpoint, which the others must be able to read.
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
    weight_decay = check.real(weight_decay, "weight_decay", least=0.0)
    seed = check.whole_number(seed, "seed")
    patience = None if patience is None else check.whole_number(patience, "patience", 1)
    check.one_of(select, ("error", "cross_entropy"), "select")
    progress = check.flag(progress, "progress")
    where = parallel.place(device)
    file = None if checkpoint is None else Path(checkpoint)
    if file is not None and not file.parent.is_dir():
        raise FileNotFoundError(
            f"the folder of the checkpoint {file} does not exist; make it first"
        )

    started = time.perf_counter()
    parallel.join(where)
    rank, processes = parallel.rank(), parallel.size()
    # all of the data go to the device at once; x of shape (n, ...), y of shape (n,)
    x, y = torch.tensor(dataset.x_train).to(where), torch.tensor(dataset.y_train).to(where)
    x_val, x_test = torch.tensor(dataset.x_val).to(where), torch.tensor(dataset.x_test).to(where)
    batches = -(-len(x) // batch_size)
    shown = progress and rank == 0
    bar = progress_bar("training", epochs * batches) if shown else nullcontext(lambda done: None)

    with torch.random.fork_rng(devices=[where] if where.type == "cuda" else []), bar as show:
        _seed(where, seed)  # the initial weights draw from this state
        network = model(dataset.inputs, dataset.classes).to(where)
        _log_probabilities(network, x[:1], dataset.classes)  # refuses a wrong shape before work
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=learning_rate, weight_decay=weight_decay
        )
        settings: dict[str, Any] = {
            "dataset": dataset.name,
            "loss": loss.name,
            "weight": float(weight),
            "model": _name(model),
            "parameters": sum(p.numel() for p in network.parameters()),
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
            "patience": patience,
            "select": select,
            "seed": seed,
        }
        history: list[Epoch] = []
        if file is not None:
            identity = {**settings, "data": fingerprint(dataset)}
            history, spent = restore(file, identity, network, optimiser)
            started -= spent
            if len(history) > epochs:
                raise ValueError(
                    f"epochs must be at least the {len(history)} that the checkpoint {file} has "
                    f"run; got {epochs}"
                )
        trained = parallel.replicate(network, where)

        while len(history) < epochs and not _stopped(history, patience, select):
            number = len(history) + 1
            _seed(where, seed, number, rank)  # dropout draws from this state
            shuffler = torch.Generator().manual_seed(_derived(seed, number))
            order = torch.randperm(len(x), generator=shuffler).to(where)
            trained.train()
            for done, batch in enumerate(order.split(batch_size), 1 + len(history) * batches):
                share = batch[rank::processes]  # of the batch's rows, those of this process
                optimiser.zero_grad()
                objective(trained(x[share]), y[share]).backward()
                optimiser.step()
                show(done)

            parallel.agree(network)
            epoch = Epoch(
                number,
                train=score(dataset.y_train, _log_probabilities(network, x, dataset.classes)),
                val=score(dataset.y_val, _log_probabilities(network, x_val, dataset.classes)),
                test=score(dataset.y_test, _log_probabilities(network, x_test, dataset.classes)),
            )
            history.append(epoch)
            if rank == 0:
                if file is not None:
                    spent = time.perf_counter() - started
                    save(file, identity, network, optimiser, history, spent)
                if on_epoch is not None:
                    on_epoch(epoch)

        probabilities = np.exp(_log_probabilities(network, x_test, dataset.classes))

    return TrainingResult(
        **settings,
        classes=dataset.classes,
        n_train=len(dataset.y_train),
        n_val=len(dataset.y_val),
        n_test=len(dataset.y_test),
        epochs=epochs,
        label_entropy=label_entropy(dataset.y_test),
        history=tuple(history),
        best_epoch=best_of(history, select),
        device=torch.cuda.get_device_name(where) if where.type == "cuda" else "cpu",
        processes=processes,
        versions={
            "mitheory": __version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
        },
        seconds=time.perf_counter() - started,
        probabilities=probabilities,
        network=network.cpu(),
    )


def _derived(seed: int, *key: int) -> int:
    """A seed of its own for each key, so that an epoch draws the same whatever ran before it."""
    return int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1)[0])


def _seed(device: torch.device, seed: int, *key: int) -> None:
    """Seed the generators that networks draw from, on the CPU and on this GPU alone."""
    torch.default_generator.manual_seed(_derived(seed, *key))
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(_derived(seed, *key))


def _log_probabilities(network: nn.Module, x: Tensor, classes: int) -> npt.NDArray[np.float64]:
    """Return ln Q(y|x) in float64, shape (n, classes), leaving the network in evaluation mode."""
    rank, processes = parallel.rank(), parallel.size()
    log_q = torch.zeros(len(x), classes, dtype=torch.float64, device=x.device)
    network.eval()
    with torch.inference_mode():
        share = x[rank::processes]
        logits = torch.cat([network(rows) for rows in share.split(_ROWS_AT_ONCE)])
        if logits.shape != (len(share), classes):
            raise ValueError(
                f"the model must turn {len(share)} samples into logits of shape "
                f"{(len(share), classes)}; got {tuple(logits.shape)}"
            )
        log_q[rank::processes] = logits.double().log_softmax(dim=1)
        together: npt.NDArray[np.float64] = parallel.total(log_q).cpu().numpy()
    if not np.isfinite(together).all():
        raise FloatingPointError(
            "training diverged: the logits are no longer finite; lower the learning rate"
        )
    return together


def _stopped(history: Sequence[Epoch], patience: int | None, select: str) -> bool:
    """Whether patience has run out."""
    if patience is None or not history:
        return False
    return history[-1].epoch - best_of(history, select) >= patience


def _name(model: Model) -> str:
    """`mlp`, `mlp(hidden=(256,))`: how the model was named in the call."""
    if isinstance(model, functools.partial):
        options = ", ".join(f"{key}={value!r}" for key, value in model.keywords.items())
        return f"{_name(model.func)}({options})"
    return str(getattr(model, "__name__", type(model).__name__))
