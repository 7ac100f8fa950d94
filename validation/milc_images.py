"""The protocol of milc.py on image sets that the user has on disk.

The environment variable MITHEORY_DATA names a folder with the folders mnist and fashion-mnist (IDX
files) and cifar10 (the binary version); without it this is not tested. A thousand training images
or two, drawn anew for each seed, a thousand for validation, and the whole test set.
"""

import functools
import os
from pathlib import Path

import numpy as np
from milc import INFORMED, WEIGHTS, compared, judge

from mitheory.study import Study, main

FEW = (INFORMED, "information_regularised")  # the convolutional networks take minutes a seed
N_VAL = 1_000
SETTINGS = {
    "Fashion-MNIST, MLP, 40 % of labels wrong": ("fashion-mnist", "mlp", 1_000, 0.4),
    "Fashion-MNIST, MLP": ("fashion-mnist", "mlp", 1_000, 0.0),
    "MNIST, MLP": ("mnist", "mlp", 1_000, 0.0),
    "Fashion-MNIST, CNN": ("fashion-mnist", "cnn", 2_000, 0.0),
    "CIFAR-10, CNN": ("cifar10", "cnn", 2_000, 0.0),
}
QUICK = {
    "Fashion-MNIST, small MLP, 40 % of labels wrong": ("fashion-mnist", "small", 300, 0.4),
}
NETWORKS = {
    "mlp": ("mlp", {"hidden": (256,)}),
    "cnn": ("cnn", {"width": 8}),
    "small": ("mlp", {"hidden": (32,)}),
}
SETS = tuple(f"$MITHEORY_DATA/{name}" for name in ("mnist", "fashion-mnist", "cifar10"))
EPOCHS = {"mlp": 30, "cnn": 10, "small": 10}


def images(name, n_train, n_val, noise, seed):
    """A seed's training and validation images of a set, and its whole test set."""
    from mitheory import train

    rng = np.random.default_rng([seed])
    folder = Path(os.environ["MITHEORY_DATA"]) / name
    read = train.cifar10 if name == "cifar10" else train.idx
    return train.with_label_noise(read(folder, rng, n_train=n_train, n_val=n_val), noise, rng)


def measured(data, seed, rng):
    from mitheory import train

    name, model, n_train, noise = (SETTINGS | QUICK)[data]
    function, size = NETWORKS[model]
    options = {
        "model": functools.partial(getattr(train, function), **size),
        "epochs": EPOCHS[model],
        "batch_size": 50,
    }
    losses = FEW if model == "cnn" else tuple(WEIGHTS)
    return compared(images(name, n_train, N_VAL, noise, seed), seed, options, losses)


STUDY = Study(
    name="milc_images",
    claim="training by mutual information lowers the test error below that of cross entropy, "
    "both tuned and stopped early: subsets of image sets",
    over={"data": list(SETTINGS), "seed": list(range(5))},
    quick={"data": list(QUICK), "seed": [0, 1]},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "$MITHEORY_DATA"),
    reads=SETS,
    cite="yi2022milc, lecun1998, xiao2017, krizhevsky2009",
    unit="percentage point",
    note="An open question of the field. 1 000 (MLP, 256 hidden units, 30 epochs) or 2 000 (CNN, 8 "
    f"channels, 10 epochs) images for training, {N_VAL} for validation, whole test sets, no "
    "augmentation. Every loss has six trainings; validation error chooses weight, rate and epoch. "
    "The quick grid is made small: 300 images, 32 hidden units, 10 epochs.",
)

if __name__ == "__main__":
    main(STUDY)
