"""The protocol of milc.py on whole image sets, by hand, with MITHEORY_DATA as in milc_images.py.

    python validation/milc_complete.py            made small in every way: that it works
    python validation/milc_complete.py --full     all images; on a CPU this takes days

Every training keeps a checkpoint in build/checkpoints until its cell is finished, so the same
command goes on after an interruption. A GPU is used where there is one; give --workers 1 then.
"""

import functools
import shutil
from pathlib import Path

from milc import compared, judge
from milc_images import SETS, images

from mitheory.study import Study, main

SETTINGS = {
    "MNIST, MLP": ("mnist", "mlp", 0.0),
    "Fashion-MNIST, MLP": ("fashion-mnist", "mlp", 0.0),
    "Fashion-MNIST, MLP, 40 % of labels wrong": ("fashion-mnist", "mlp", 0.4),
    "Fashion-MNIST, CNN": ("fashion-mnist", "cnn", 0.0),
    "CIFAR-10, CNN": ("cifar10", "cnn", 0.0),
}
RESNET = {
    "CIFAR-10, ResNet-18": ("cifar10", "resnet18", 0.0),
    "CIFAR-10, ResNet-18, 40 % of labels wrong": ("cifar10", "resnet18", 0.4),
}
WHOLE = {
    "model": {"mlp": {"hidden": (256,)}, "cnn": {"width": 32}, "resnet18": {"width": 64}},
    "fit": {"epochs": 30, "batch_size": 128},
    "n_train": None,
    "n_val": 5_000,
}
SMALL = {
    "model": {"mlp": {"hidden": (32,)}, "cnn": {"width": 4}, "resnet18": {"width": 4}},
    "fit": {"epochs": 2, "batch_size": 50},
    "n_train": 300,
    "n_val": 100,
}


def measured(data, scale, seed, rng):
    from mitheory import train

    name, model, noise = (SETTINGS | RESNET)[data]
    sizes = WHOLE if scale == "whole" else SMALL
    sample = images(name, sizes["n_train"], sizes["n_val"], noise, seed)
    network = functools.partial(getattr(train, model), **sizes["model"][model])
    folder = Path("build/checkpoints", f"{data} {scale} {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    record = compared(sample, seed, {"model": network, **sizes["fit"]}, checkpoints=folder)
    shutil.rmtree(folder)
    return record


STUDY = Study(
    name="milc_complete",
    claim="training by mutual information lowers the test error below that of cross entropy, "
    "both tuned and stopped early: whole image sets",
    over={"data": list(SETTINGS), "scale": ["whole"], "seed": list(range(5))},
    quick={"data": list(SETTINGS)[1:2], "scale": ["small"], "seed": [0, 1]},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "$MITHEORY_DATA"),
    reads=SETS,
    cite="yi2022milc, lecun1998, xiao2017, krizhevsky2009",
    unit="percentage point",
    note="An open question of the field. No augmentation, whole test sets. The quick grid only "
    "shows that the programme runs: 300 images, 2 epochs, networks made small.",
)

if __name__ == "__main__":
    main(STUDY)
