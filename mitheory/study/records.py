"""Records of cells: what JSON can hold, said plainly where it cannot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mitheory import check

Cell = dict[str, Any]
"""Parameter → grid value before a cell is computed; with the measured entries after."""


def describe(cell: Cell) -> str:
    """Words for a cell: `n=300, law=zipf(30, 1.0)`; empty for the only cell of an empty grid."""
    return ", ".join(f"{parameter}={value}" for parameter, value in cell.items())


def scalar(value: Any) -> Any:
    """A grid value as JSON can hold it: itself if a finite scalar, otherwise its `str`."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def plain(value: Any, where: str) -> Any:
    """`value` made of JSON's types alone, or an error that says where it is not.

    Not-a-number and infinity are refused: JSON has neither, and a result that is not a number is
    better missing (None) than silent.
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return check.real(value, where)
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: plain(item, f"{where}[{key!r}]") for key, item in value.items()}
    raise TypeError(
        f"{where} must be made of numbers, strings, lists and dicts with string keys; "
        f"got {type(value).__name__}"
    )
