"""Files of predictions: labels and probabilities, from any framework."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.files import DELIMITERS, read_arrays

_ARRAYS = ("labels", "probabilities")


def read_predictions(path: str | Path) -> tuple[IntArray, FloatArray, tuple[str, ...]]:
    """Labels, probabilities and the names of the classes.

    Parameters
    ----------
    path : path
        A NumPy .npz archive with the arrays `labels` (n,) and `probabilities` (n, M), or a CSV or
        TSV file: the first column the label, the others the probabilities, each column named after
        its class. A label is the name of a class or its number, from 0.

    Returns
    -------
    labels : integer array, shape (n,)
    probabilities : float array, shape (n, M)
        As they are in the file.
    classes : tuple of str

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        For another kind of file, one that is cut short or lacks an array, an archive that would
        have to be unpickled, a ragged line, a field that is no number, a label that is no class.
    """
    path = Path(path)
    if path.suffix.lower() == ".npz":
        return _archive(path)
    if path.suffix.lower() not in DELIMITERS:
        raise ValueError(f"predictions must be a .npz, .csv or .tsv file; got {path.name!r}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            reader = csv.reader(file, delimiter=DELIMITERS[path.suffix.lower()], strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValueError(f"{path.name} must be well-formed UTF-8 text: {error}") from None
    return _rows(rows, path.name)


def _archive(path: Path) -> tuple[IntArray, FloatArray, tuple[str, ...]]:
    found, held = read_arrays(path, _ARRAYS)
    if len(found) < len(_ARRAYS):
        raise ValueError(
            f"{path.name} must hold the arrays {' and '.join(_ARRAYS)}; it has "
            f"{', '.join(held) or 'none'}"
        )
    labels, probabilities = (found[name] for name in _ARRAYS)
    classes = probabilities.shape[1] if probabilities.ndim == 2 else 0
    return labels, probabilities, tuple(map(str, range(classes)))


def _rows(
    rows: list[tuple[int, list[str]]], name: str
) -> tuple[IntArray, FloatArray, tuple[str, ...]]:
    """What the lines of a text file say, each with its number."""
    names = rows[0][1] if rows else []
    # numbers alone may be the names of classes, but not of the label too: a sample would be lost
    if len(rows) < 2 or len(names) < 2 or all(map(_is_number, names)):
        raise ValueError(
            f"{name} must have a line of names (label, then a column for each class) and a line "
            f"for each sample; got {len(rows)} lines, the first {names[:4]}"
        )
    classes = tuple(field.strip() for field in names[1:])
    labels = np.empty(len(rows) - 1, dtype=np.int64)
    probabilities = np.empty((len(labels), len(classes)))
    numbers = {name: i for i, name in enumerate(classes)}
    if len(numbers) < len(classes):
        raise ValueError(f"{name} must name each class once")
    for i, (line, row) in enumerate(rows[1:]):
        where = f"line {line} of {name}"
        if len(row) != len(classes) + 1:
            raise ValueError(
                f"every line must have {len(classes) + 1} fields; {where} has {len(row)}"
            )
        labels[i] = _label(row[0].strip(), numbers, where)
        for k, field in enumerate(row[1:]):
            probabilities[i, k] = _number(field, where, classes[k])
    return labels, probabilities, classes


def _label(field: str, numbers: dict[str, int], where: str) -> int:
    if field in numbers:
        return numbers[field]
    if field.isdecimal() and int(field) < len(numbers) and not any(n.isdecimal() for n in numbers):
        return int(field)
    known: Any = ", ".join(list(numbers)[:6]) + (", ..." if len(numbers) > 6 else "")
    raise ValueError(
        f"a label must name one of the classes ({known}) or be its number from 0; {where} has "
        f"{field!r}"
    )


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _number(field: str, where: str, column: str) -> float:
    try:
        return float(field)
    except ValueError:
        raise ValueError(
            f"probabilities must be numbers; {where} has {field!r} under {column!r}"
        ) from None
