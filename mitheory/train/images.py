"""Image sets from the user's disk: MNIST and Fashion-MNIST in the IDX format."""

from __future__ import annotations

import gzip
import math
import zlib
from io import BufferedReader
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.train.checksums import verify
from mitheory.train.data import Dataset, Features, Labels, stratified

Bytes = npt.NDArray[np.uint8]

_CHUNK = 1 << 20
_UNSIGNED_BYTE = 0x08


def idx(
    folder: str | Path,
    rng: np.random.Generator,
    *,
    n_train: int | None = None,
    n_val: int = 10_000,
    classes: int = 10,
) -> Dataset:
    """MNIST, Fashion-MNIST or any set with the same four IDX files, plain or gzipped.

    Parameters
    ----------
    folder : str or Path
        Holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
        t10k-labels-idx1-ubyte, each with or without .gz. If it also holds a file MD5SUMS, as the
        program md5sum writes it, the files it lists are checked.
    rng : numpy.random.Generator
        Draws the validation set, and the subset if there is one, class by class.
    n_train : int, optional
        Size of the training set; all that validation leaves by default.
    n_val : int
        Taken from the training files. The test files are used whole.
    classes : int

    Returns
    -------
    Dataset of images of shape (1, height, width) with grey levels in [0, 1], named as the folder.

    Raises
    ------
    FileNotFoundError
        If one of the files is missing.
    ValueError
        For a file that is not IDX or is cut short, a label out of range, a wrong checksum, or
        sizes that do not fit.

    Notes
    -----
    Sources: lecun1998, xiao2017.
    """
    check.generator(rng)
    folder = Path(folder)
    return image_dataset(
        _pair(folder, "train", classes),
        _pair(folder, "t10k", classes),
        rng,
        n_train=n_train,
        n_val=n_val,
        classes=classes,
        name=folder.resolve().name,
    )


def image_dataset(
    training: tuple[Bytes, Labels],
    test: tuple[Bytes, Labels],
    rng: np.random.Generator,
    *,
    n_train: int | None,
    n_val: int,
    classes: int,
    name: str,
) -> Dataset:
    """Images as bytes, split class by class; only the ones used become floats in [0, 1]."""
    images, labels = training
    chosen_val, chosen = stratified(labels, {"n_val": n_val, "n_train": n_train}, rng)
    return Dataset(
        x_train=_levels(images[chosen]),
        y_train=labels[chosen],
        x_val=_levels(images[chosen_val]),
        y_val=labels[chosen_val],
        x_test=_levels(test[0]),
        y_test=test[1],
        classes=classes,
        name=name,
    )


def _levels(images: Bytes) -> Features:
    return np.divide(images, 255, dtype=np.float32)


def _pair(folder: Path, part: str, classes: int) -> tuple[Bytes, Labels]:
    """Images (n, 1, height, width) and labels (n,) of one part, still as bytes."""
    images = _read(folder, f"{part}-images-idx3-ubyte", ndim=3)
    path_of_labels = f"{part}-labels-idx1-ubyte"
    labels = check.label_array(_read(folder, path_of_labels, ndim=1), path_of_labels, classes)
    if len(images) != len(labels):
        raise ValueError(f"{folder}: {len(images)} {part} images but {len(labels)} labels")
    return images[:, np.newaxis], labels


def _read(folder: Path, name: str, ndim: int) -> Bytes:
    """The array in an IDX file of unsigned bytes.

    The format: two zero bytes, the type (8), the number of dimensions, each dimension as a
    big-endian 32-bit integer, then the bytes.
    """
    path = folder / name
    if not path.is_file():
        path = folder / f"{name}.gz"
    if not path.is_file():
        raise FileNotFoundError(f"no {name} or {name}.gz in the folder {folder}")
    verify(path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            magic = stream.read(4)
            if magic != bytes([0, 0, _UNSIGNED_BYTE, ndim]):
                raise ValueError(
                    f"{path} must start with the bytes 00 00 08 {ndim:02x}, an IDX file of "
                    f"{ndim}-dimensional unsigned bytes; got {magic.hex(' ') or 'an empty file'}"
                )
            header = _exactly(stream, 4 * ndim, path)
            shape = tuple(int(size) for size in np.frombuffer(header, dtype=">u4"))
            data = _exactly(stream, math.prod(shape), path)
            if stream.read(1):
                raise ValueError(f"{path} holds more than the {len(data)} bytes its header states")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is not a whole gzip file: {error}") from None
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def _exactly(stream: gzip.GzipFile | BufferedReader, size: int, path: Path) -> bytes:
    """`size` bytes, read in pieces so that a false header cannot claim memory beforehand."""
    pieces, missing = [], size
    while missing and (piece := stream.read(min(missing, _CHUNK))):
        pieces.append(piece)
        missing -= len(piece)
    if missing:
        raise ValueError(
            f"{path} is cut short: its header states {size} bytes; got {size - missing}"
        )
    return b"".join(pieces)
