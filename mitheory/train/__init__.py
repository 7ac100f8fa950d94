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
    "digits": "data",
    "gaussian": "data",
    "with_label_noise": "data",
    "idx": "images",
    "Loss": "losses",
    "LOSSES": "losses",
    "linear": "models",
    "mlp": "models",
    "Scores": "scores",
    "Epoch": "loop",
    "TrainingResult": "loop",
    "fit": "loop",
    "losses": "losses",
}

__all__ = sorted(_HOME)

if TYPE_CHECKING:
    from mitheory.train import losses
    from mitheory.train.data import Dataset, digits, gaussian, with_label_noise
    from mitheory.train.images import idx
    from mitheory.train.loop import Epoch, TrainingResult, fit
    from mitheory.train.losses import LOSSES, Loss
    from mitheory.train.models import linear, mlp
    from mitheory.train.scores import Scores


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
