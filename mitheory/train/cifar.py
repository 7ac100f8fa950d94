"""CIFAR-10 in its binary version, from the user's disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mitheory import check
from mitheory.train.checksums import verify
from mitheory.train.data import Dataset, Labels
from mitheory.train.images import Bytes, image_dataset

_SHAPE = (3, 32, 32)
_RECORD = 1 + 3 * 32 * 32  # a label, then the red, the green and the blue plane, row by row


def cifar10(
    folder: str | Path,
    rng: np.random.Generator,
    *,
    n_train: int | None = None,
    n_val: int = 5_000,
) -> Dataset:
    """CIFAR-10, the binary version: 50 000 colour images to train on and 10 000 to test.

    Parameters
    ----------
    folder : str or Path
        Holds data_batch_1.bin to data_batch_5.bin and test_batch.bin. If it also holds a file
        MD5SUMS, as the program md5sum writes it, the files it lists are checked.
    rng : numpy.random.Generator
        Draws the validation set, and the subset if there is one, class by class.
    n_train : int, optional
        Size of the training set; all that validation leaves by default.
    n_val : int
        Taken from the training files. The test file is used whole.

    Returns
    -------
    Dataset of images of shape (3, 32, 32) with levels in [0, 1], named as the folder.

    Raises
    ------
    FileNotFoundError
        If one of the files is missing.
    ValueError
        For a file that is not a whole number of records, a label out of range, a wrong checksum,
        or sizes that do not fit.

    Notes
    -----
    Source: krizhevsky2009.
    """
    check.generator(rng)
    folder = Path(folder)
    batches = [_read(folder / f"data_batch_{number}.bin") for number in range(1, 6)]
    images, labels = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    return image_dataset(
        (images, labels),
        _read(folder / "test_batch.bin"),
        rng,
        n_train=n_train,
        n_val=n_val,
        classes=10,
        name=folder.resolve().name,
    )


def _read(path: Path) -> tuple[Bytes, Labels]:
    """Images (n, 3, 32, 32), still as bytes, and labels (n,) of one file."""
    if not path.is_file():
        raise FileNotFoundError(
            f"no {path.name} in the folder {path.parent}; this reads the binary version of CIFAR-10"
        )
    verify(path)
    size = path.stat().st_size
    if size == 0 or size % _RECORD:
        raise ValueError(
            f"{path} must be records of {_RECORD} bytes, a label and an image; got {size} bytes "
            "(cut short, or not the binary version)"
        )
    records = np.fromfile(path, dtype=np.uint8).reshape(-1, _RECORD)
    labels = check.label_array(records[:, 0], f"the labels in {path}", 10)
    return records[:, 1:].reshape(-1, *_SHAPE), labels
