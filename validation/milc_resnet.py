"""The protocol of milc.py with ResNet-18 on all of CIFAR-10, without augmentation. Run it by hand.

The published claim, test accuracy more than ten points above that of cross entropy, would have to
show here. Data and checkpoints are as in milc_complete.py; the checkpoints of a seed take a few
gigabytes.

    python validation/milc_resnet.py                       made small, without a GPU: that it works
    python validation/milc_resnet.py --full --workers 1    a GPU is used where there is one
"""

import milc_complete
from milc import judge

from mitheory.study import Study, main


def measured(data, scale, seed, rng):
    return milc_complete.measured(data, scale, seed, rng)


STUDY = Study(
    name="milc_resnet",
    claim="training by mutual information lowers the test error below that of cross entropy, "
    "both tuned and stopped early: ResNet-18 on CIFAR-10",
    over={"data": list(milc_complete.RESNET), "scale": ["whole"], "seed": list(range(5))},
    quick={"data": list(milc_complete.RESNET)[:1], "scale": ["small"], "seed": [0, 1]},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "$MITHEORY_DATA"),
    reads=("$MITHEORY_DATA/cifar10",),
    cite="yi2022milc, he2016, krizhevsky2009",
    unit="percentage point",
    note="An open question of the field. No augmentation, the whole test set. The quick grid only "
    "shows that the programme runs: ResNet-18 of 4 channels, 300 images, 2 epochs.",
)

if __name__ == "__main__":
    main(STUDY)
