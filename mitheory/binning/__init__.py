"""Binning: numbers of a continuum made symbols, by intervals or by boxes.

Information about binned columns is information about the bins. A binning is a value that says
in a line what it is, gives the codes of arrays, and is a SQL expression for an engine; it stands
beside what was counted with it, in `Counts.binnings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory.binning.ordered import Arrays, Query
from mitheory.binning.partition import Binning, Bins, Cells, Split
from mitheory.binning.rules import Rule, fit, parse_bins, plan
from mitheory.check import FloatArray
from mitheory.symbols import Missing, missing_in

__all__ = [
    "Arrays",
    "Binning",
    "Bins",
    "Cells",
    "Query",
    "Rule",
    "Split",
    "about",
    "as_numbers",
    "binned",
    "continuous",
    "fit",
    "parse_bins",
    "plan",
]

_ABOUT_BINS = (
    "What is said of a binned column is about its bins: the values themselves may tell more, and "
    "a classifier that sees them may err less."
)


def about(binnings: Sequence[Binning]) -> list[str]:
    """The lines that go with every number from binned columns: each binning, and what it means."""
    return [*map(str, binnings), *[_ABOUT_BINS] * bool(binnings)]


def continuous(name: str, kind: str, example: Any) -> ValueError:
    """The refusal of a column of numbers from a continuum, with what to do instead."""
    return ValueError(
        f"column {name!r} is continuous ({kind}, for example {example}), and its values are no "
        f"symbols: bin it, as bins={{{name!r}: 10}} or --bins {name}=10, or say that its values "
        f"are symbols: bins={{{name!r}: 'values'}} or --bins {name}=values"
    )


def as_numbers(values: npt.NDArray[Any], name: str) -> FloatArray:
    """A column as double precision numbers, NaN where it is missing.

    Raises
    ------
    TypeError
        For a column of anything but numbers.
    ValueError
        For an integer that a double cannot hold.
    """
    absent = missing_in(values, name, "symbol")
    plain = np.asarray(values)
    rule = f"column {name!r} must hold numbers to be binned"
    if plain.dtype.kind == "O":
        numbers = np.full(plain.size, np.nan)
        for k in np.flatnonzero(~absent):
            value = plain[k]
            if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
                raise TypeError(f"{rule}; got {value!r} at index {k}")
            try:
                numbers[k] = float(value)
            except OverflowError:
                raise ValueError(f"{rule} below 1.8e308; got one above at index {k}") from None
        return numbers
    if plain.dtype.kind not in "iuf":
        raise TypeError(f"{rule}; got dtype {plain.dtype} (convert it, as column.astype(float))")
    numbers = plain.astype(np.float64, copy=False)
    return np.where(absent, np.nan, numbers) if absent.any() else numbers


def binned(
    arrays: Sequence[npt.NDArray[Any]], names: Sequence[str], bins: Any, missing: Missing
) -> tuple[list[npt.NDArray[Any]], tuple[str, ...], tuple[Binning, ...]]:
    """Columns with some of them binned: arrays of codes in their place, names, and the binnings."""
    columns: list[npt.NDArray[Any]] = []
    binnings: list[Binning] = []
    planned = plan(bins, names)
    for parts, rule in planned:
        found = [arrays[names.index(part)] for part in parts]
        if rule is None or (isinstance(rule, Rule) and rule.kind == "values"):
            columns.append(found[0])
            continue
        for array, part in zip(found, parts, strict=True):
            missing_in(array, part, missing)
        values = Arrays([as_numbers(a, part) for a, part in zip(found, parts, strict=True)])
        binning = fit(parts, rule, values)
        codes = binning.codes(*values.present)
        if values.missing.any():
            everywhere = np.ma.masked_all(values.missing.size, dtype=np.int64)
            everywhere[~values.missing] = codes
            codes = everywhere
        columns.append(codes)
        binnings.append(binning)
    return columns, tuple(", ".join(parts) for parts, _ in planned), tuple(binnings)
