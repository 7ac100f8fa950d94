"""What each pixel of an image tells about its label, by nearest neighbours: maps of information.

The environment variable MITHEORY_DATA names a folder with the folder fashion-mnist (IDX files);
the digits come with scikit-learn.
"""

import os
from pathlib import Path

import numpy as np

import mitheory as mt
from mitheory.study import Study, main

N = 10_000


def images(data):
    """Pixels, of shape (n, side * side), and labels."""
    if data == "digits":
        from sklearn.datasets import load_digits

        return load_digits(return_X_y=True)
    from mitheory import train

    folder = Path(os.environ["MITHEORY_DATA"]) / "fashion-mnist"
    drawn = train.idx(folder, np.random.default_rng(0), n_train=N, n_val=1_000)
    return drawn.x_train.reshape(N, -1), drawn.y_train


def measured(data, rng):
    x, y = images(data)
    found = mt.feature_information(np.asarray(x, float), np.asarray(y), method="ross")
    constant = np.ptp(x, axis=0) == 0
    return {
        "value": found.values.max() / found.label_entropy,
        "n": found.n,
        "label_entropy": found.label_entropy,
        "information": found.values.round(6),
        "constant": int(constant.sum()),
        "constant_information": float(np.abs(found.values[constant]).sum()),
    }


STUDY = Study(
    name="pixel_information",
    claim="no pixel by itself is found to tell more about the label than the label's entropy",
    over={"data": ["digits", "fashion-mnist"]},
    measured=measured,
    predicted=lambda data: 1.0,
    relation="at most",
    needs=("torch", "sklearn", "$MITHEORY_DATA"),
    reads=("$MITHEORY_DATA/fashion-mnist",),
    cite="ross2014, xiao2017",
    unit="of the label's entropy, by the pixel that tells most",
    note="Estimates by the nearest neighbours of equal label, repeated values as they are. A pixel "
    "by itself: what pixels tell together is more.",
)

if __name__ == "__main__":
    main(STUDY)
