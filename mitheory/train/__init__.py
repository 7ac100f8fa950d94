"""Classifiers trained by cross entropy and by mutual information, to hold against the theory.

>>> import numpy as np
>>> from mitheory import train
>>> digits = train.digits(np.random.default_rng(0))
>>> result = train.fit(digits, loss="mutual_information", weight=1.0, epochs=5, seed=0)
>>> result.last.test.error < 0.5
True

This package alone needs torch: `pip install mitheory[train]`. Its modules load on first use.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if find_spec("torch") is None:
    raise ImportError(
        "mitheory.train needs torch, which is not installed; pip install mitheory[train]"
    )

# public name -> the module that defines it; a name that maps to itself is a module
_HOME = {
    "Dataset": "data",
    "split": "data",
    "digits": "data",
    "from_law": "synthetic",
    "gaussian": "synthetic",
    "with_label_noise": "variants",
    "with_imbalance": "variants",
    "subset": "variants",
    "idx": "images",
    "cifar10": "cifar",
    "npz": "archive",
    "Loss": "losses",
    "LOSSES": "losses",
    "linear": "models",
    "mlp": "models",
    "cnn": "models",
    "resnet18": "models",
    "Scores": "scores",
    "Epoch": "record",
    "TrainingResult": "record",
    "fit": "loop",
    "losses": "losses",
}

__all__ = sorted(_HOME)

if TYPE_CHECKING:
    from mitheory.train import losses
    from mitheory.train.archive import npz
    from mitheory.train.cifar import cifar10
    from mitheory.train.data import Dataset, digits, split
    from mitheory.train.images import idx
    from mitheory.train.loop import fit
    from mitheory.train.losses import LOSSES, Loss
    from mitheory.train.models import cnn, linear, mlp, resnet18
    from mitheory.train.record import Epoch, TrainingResult
    from mitheory.train.scores import Scores
    from mitheory.train.synthetic import from_law, gaussian
    from mitheory.train.variants import subset, with_imbalance, with_label_noise


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'mitheory.train' has no attribute {name!r}")
    home = _HOME[name]
    module = import_module(f"mitheory.train.{home}")
    value = module if name == home else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
