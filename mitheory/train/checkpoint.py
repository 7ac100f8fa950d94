"""Checkpoints: a training as it stood after an epoch, to go on from after an interruption.

A checkpoint needs no random state: every epoch draws from a seed of its own.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer

from mitheory.files import write_whole
from mitheory.train.data import Dataset
from mitheory.train.record import Epoch

Settings = Mapping[str, str | int | float | None]

_FORM = 1
"""Raise this when a checkpoint of before no longer continues to the same end."""


def fingerprint(dataset: Dataset) -> str:
    """A digest of all features and labels."""
    digest = hashlib.sha256()
    for part in ("train", "val", "test"):
        for array in (getattr(dataset, f"x_{part}"), getattr(dataset, f"y_{part}")):
            digest.update(str(array.shape).encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:32]


def save(
    path: Path,
    settings: Settings,
    network: nn.Module,
    optimiser: Optimizer,
    history: Sequence[Epoch],
    seconds: float,
) -> None:
    """Write a checkpoint, whole or not at all."""
    buffer = io.BytesIO()
    record = {
        "form": _FORM,
        "settings": dict(settings),
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "history": [asdict(epoch) for epoch in history],
        "seconds": seconds,
    }
    torch.save(record, buffer)
    write_whole(path, buffer.getvalue())


def restore(
    path: Path, settings: Settings, network: nn.Module, optimiser: Optimizer
) -> tuple[list[Epoch], float]:
    """Put a checkpoint's state into the network and the optimiser.

    Returns its history and the seconds spent: none and 0 if there is no file yet. Raises a
    ValueError for a file that is no checkpoint, or one of a training with other settings.
    """
    if not path.exists():
        return [], 0.0
    record = _read(path)
    if record["form"] != _FORM:
        raise ValueError(
            f"{path} is a checkpoint of another version of mitheory; remove it to start anew"
        )
    before = record["settings"]
    changed = [
        f"{name} was {before.get(name)!r} and is {value!r}"
        for name, value in settings.items()
        if before.get(name) != value
    ]
    if changed:
        raise ValueError(
            f"{path} is a checkpoint of another training: {', '.join(changed)}; "
            "remove it, or give this training another file"
        )
    network.load_state_dict(record["network"])
    optimiser.load_state_dict(record["optimiser"])
    return [Epoch.from_dict(epoch) for epoch in record["history"]], record["seconds"]


def _read(path: Path) -> dict[str, Any]:
    """The record in a file; only numbers, text and tensors are read, nothing is executed."""
    refusal = f"{path} is not a whole checkpoint of mitheory.train; remove it to start anew"
    content = io.BytesIO(path.read_bytes())
    try:
        # load_state_dict copies to where the parameters are
        record = torch.load(content, map_location="cpu", weights_only=True)
    except Exception as error:  # what torch raises depends on the damage
        raise ValueError(refusal) from error
    if not isinstance(record, dict) or "form" not in record:
        raise ValueError(refusal)
    return record
