"""Tables: files to Counts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from mitheory import check
from mitheory.counts import Counts
from mitheory.files import DELIMITERS
from mitheory.symbols import Missing


def count_table(
    source: str | Path,
    columns: Sequence[str] | None = None,
    *,
    label: str | None = None,
    missing: Missing = "raise",
) -> Counts:
    """Count the rows of a CSV or TSV file, by the values of some of its columns.

    Parameters
    ----------
    source : path
        A text file in UTF-8 whose first line names the columns. Values are symbols: they are
        compared as text and not interpreted, but for white space around them, which is dropped.
        Empty fields and "nan", in any case, are missing values.
    columns : sequence of str, optional
        The columns to count together; all of them unless given.
    label : str, optional
        The column to count last, as the label. It need not be among `columns`.
    missing : {"raise", "symbol"}
        What to do with missing values: refuse them by name, or count them as one symbol (None).

    Returns
    -------
    Counts
        One column of symbols a column counted. Memory grows with the distinct rows, not the rows.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        For an empty or ragged file, an unknown column or file type, a missing value.
    """
    check.one_of(missing, ("raise", "symbol"), "missing")
    path = Path(source)
    delimiter = DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        known = " or ".join(DELIMITERS)
        raise ValueError(f"a table must be a {known} file; got {path.name!r}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            return _count_rows(rows, path.name, columns, label, missing)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path.name} must be UTF-8 text: {error}") from None
        except csv.Error as error:
            raise ValueError(f"{path.name} is not well-formed: {error}") from None


def _count_rows(
    rows: Iterator[list[str]],
    name: str,
    columns: Sequence[str] | None,
    label: str | None,
    missing: Missing,
) -> Counts:
    header = [field.strip() for field in next(rows, [])]
    if not any(header):
        raise ValueError(f"{name} must begin with a line that names its columns; it is empty")
    if len(set(header)) < len(header):
        twice = next(c for c in header if header.count(c) > 1)
        raise ValueError(f"{name} must name each column once; {twice!r} is named twice")
    wanted = _wanted(header, columns, label, name)
    where = [header.index(column) for column in wanted]
    cells: Counter[tuple[str | None, ...]] = Counter()
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise ValueError(
                f"every row of {name} must have {len(header)} fields, as its header; "
                f"row {number} has {len(row)}"
            )
        cell = tuple(_symbol(row[k]) for k in where)
        if None in cell and missing == "raise":
            first = cell.index(None)
            raise ValueError(
                f"column {wanted[first]!r} must not have missing values; row {number} of {name} "
                f"has {row[where[first]]!r} there (drop such rows, or count them as a symbol: "
                "missing='symbol', --missing symbol)"
            )
        cells[cell] += 1
    if not cells:
        raise ValueError(f"{name} must hold at least one row below its header; it has none")
    return Counts.from_cells(list(zip(*cells, strict=True)), list(cells.values()), tuple(wanted))


def _symbol(field: str) -> str | None:
    """The value in a field; None if it is missing."""
    text = field.strip()
    return None if not text or text.lower() == "nan" else text


def _wanted(
    header: Sequence[str], columns: Sequence[str] | None, label: str | None, name: str
) -> list[str]:
    """The columns to count, the label last."""
    asked = list(header) if columns is None else list(columns)
    for column in [*asked, *([label] if label is not None else [])]:
        check.one_of(column, header, f"column of {name}")
    features = [column for column in dict.fromkeys(asked) if column != label]
    wanted = features if label is None else [*features, label]
    if label is not None and not features:
        raise ValueError(f"a label needs at least one other column; {name} has only {label!r}")
    return wanted
