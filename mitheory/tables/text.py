"""CSV and TSV files: fields are symbols, compared as text."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from mitheory import terminal
from mitheory.binning import Arrays
from mitheory.check import FloatArray, IntArray
from mitheory.counts import Counts
from mitheory.files import DELIMITERS
from mitheory.symbols import Symbols, encode
from mitheory.tables.grouped import (
    Codes,
    Column,
    Table,
    coded_values,
    counts_of,
    each_once,
    masked_codes,
)

_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?)", re.IGNORECASE)
_BETWEEN = 10_000
"""Rows between two reports of progress."""

_LARGE = 2**26
"""Files of so many bytes are grouped by DuckDB, if it is there."""

_PADDED = (b'" ', b' "')
"""Where quotes and spaces meet, DuckDB and the csv module read different fields."""

_BLOCK = 2**24

Raw = tuple[list[str], Codes]
"""The distinct fields of a column as they stand in the file, and their codes."""


def delimiter_of(path: Path) -> str:
    """What separates the fields of the file; nothing if its name is not that of a text table."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return DELIMITERS.get(suffixes[-1], "") if suffixes else ""


@contextmanager
def opened(paths: Sequence[Path], name: str, memory_limit: str, progress: bool) -> Iterator[Table]:
    """Text files with one header, taken together."""
    header = _header(paths[0])
    for path in paths[1:]:
        if _header(path) != header:
            raise ValueError(
                f"files counted together must have one header; {path.name} has another than "
                f"{paths[0].name}"
            )
    grouped: dict[tuple[str, ...], tuple[list[Raw], IntArray]] = {}

    def rows_of(columns: Sequence[str]) -> tuple[list[Raw], IntArray]:
        """The distinct rows and how often each occurs, from one pass over the files."""
        if (key := tuple(columns)) not in grouped:
            where = [header.index(column) for column in columns]
            with _reported(f"counting {name}", progress) as report:
                grouped[key] = _group(paths, where, len(header), memory_limit, report)
        return grouped[key]

    def ordered(columns: Sequence[str]) -> Arrays:
        fields, counts = rows_of(columns)
        if counts.size == 0:
            return Arrays([np.empty(0)])
        numbers = zip(columns, fields, strict=True)
        return Arrays([np.repeat(_numbers(raw, column), counts) for column, raw in numbers])

    def count(columns: Sequence[Column]) -> Counts:
        used = [part for parts, _ in columns for part in parts]
        fields, counts = rows_of(used)
        raw = dict(zip(used, fields, strict=False))  # no rows are no columns of rows
        return counts_of(columns, (_coded(column, raw) for column in columns), counts, name)

    def absent(columns: Sequence[str]) -> str:
        where = {header.index(column): column for column in columns}
        for file, number, row in _rows(paths, len(header), lambda _: None):
            for position, column in where.items():
                if _symbol(row[position]) is None:
                    return (
                        f"column {column!r} must not have missing values; row {number} of {file} "
                        f"has {row[position]!r} there"
                    )
        raise ValueError(f"{name} changed while it was read")

    yield Table(
        name=name,
        kinds=dict.fromkeys(header, "text"),
        ordered=ordered,
        count=count,
        seems=_seems,
        absent=absent,
    )


def _symbol(field: str) -> str | None:
    """The value in a field; None if it is missing."""
    text = field.strip()
    return None if not text or text.lower() == "nan" else text


def _seems(symbols: Symbols) -> tuple[str, str] | None:
    """Text that is numbers throughout, of which at least one is not whole; that one."""
    present = [symbol for symbol in symbols.tolist() if symbol is not None]
    if not all(_NUMBER.fullmatch(symbol) for symbol in present):
        return None
    finite = (symbol for symbol in present if math.isfinite(float(symbol)))
    broken = (symbol for symbol in finite if not float(symbol).is_integer())
    return next((("numbers in text", symbol) for symbol in broken), None)


def _numbers(raw: Raw, column: str) -> FloatArray:
    """The numbers that the fields of a column are, NaN where they are missing."""
    fields, codes = raw
    numbers = np.full(len(fields), np.nan)
    for k, symbol in enumerate(map(_symbol, fields)):
        if symbol is not None:
            if not _NUMBER.fullmatch(symbol):
                raise TypeError(f"column {column!r} must hold numbers to be binned; got {symbol!r}")
            numbers[k] = float(symbol)
    return numbers[codes]


def _coded(column: Column, raw: Mapping[str, Raw]) -> tuple[Symbols, Codes]:
    """Symbols and codes of a column, or of the bins of some."""
    parts, binning = column
    if binning is None:
        fields, codes = raw[parts[0]]
        return coded_values([_symbol(field) for field in fields], codes, parts[0])
    numbers = [_numbers(raw[part], part) for part in parts]
    return encode(masked_codes(binning, numbers), binning.name)


@contextmanager
def _reported(task: str, progress: bool) -> Iterator[Callable[[float], None]]:
    """A function that is told the share that is done, for a bar."""
    if not progress:
        yield lambda _: None
        return
    with terminal.progress_bar(task, 100) as update:
        yield lambda share: update(int(100 * share))


def _header(path: Path) -> list[str]:
    with _read(path) as (_, rows):
        header = [field.strip() for field in next(rows, [])]
    if not any(header):
        raise ValueError(f"{path.name} must begin with a line that names its columns; it is empty")
    each_once(header, path.name)
    return header


@contextmanager
def _read(path: Path) -> Iterator[tuple[IO[bytes], Iterator[list[str]]]]:
    """The file, to see how far it was read, and its rows."""
    with _bytes(path) as (file, plain):
        text = io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
        try:
            yield file, csv.reader(text, delimiter=delimiter_of(path), strict=True)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path.name} must be UTF-8 text: {error}") from None
        except csv.Error as error:
            remedy = (
                " (a quote that is not closed? else raise it: csv.field_size_limit)"
                if "field limit" in str(error)
                else ""
            )
            raise ValueError(f"{path.name} is not well-formed: {error}{remedy}") from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"{path.name} is not well-formed: {error}") from None


@contextmanager
def _bytes(path: Path) -> Iterator[tuple[IO[bytes], Any]]:
    """The file as it is, and as it is without compression."""
    with path.open("rb") as file:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=file) as plain:
                yield file, plain
        else:
            yield file, file


def _is_plain(path: Path) -> bool:
    """Whether all readers find the same fields in the file."""
    with _bytes(path) as (_, plain):
        if plain.readline().count(b'"') % 2:  # the header has more than one line
            return False
        end = b""
        while block := plain.read(_BLOCK):
            if any(pair in end + block for pair in _PADDED):
                return False
            end = block[-1:]
    return True


def _rows(
    paths: Sequence[Path], fields: int, report: Callable[[float], None]
) -> Iterator[tuple[str, int, list[str]]]:
    """The rows below the headers, with the file and the number of each."""
    total, before = _size(paths), 0
    for path in paths:
        with _read(path) as (file, rows):
            next(rows)
            for number, row in enumerate(rows, start=2):
                if not row:
                    continue
                if len(row) != fields:
                    raise ValueError(
                        f"every row of {path.name} must have {fields} fields, as its header; "
                        f"row {number} has {len(row)}"
                    )
                yield path.name, number, row
                if number % _BETWEEN == 0:
                    report((before + file.tell()) / total)
        before += path.stat().st_size


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _group(
    paths: Sequence[Path],
    where: Sequence[int],
    fields: int,
    memory_limit: str,
    report: Callable[[float], None],
) -> tuple[list[Raw], IntArray]:
    """The distinct rows of the columns at some positions, and how often each occurs."""
    delimiter, *others = {delimiter_of(path) for path in paths}
    if fields > 1 and not others and _size(paths) >= _LARGE and all(map(_is_plain, paths)):
        from mitheory.tables.duck import group_text

        with suppress(ImportError, ValueError):  # the reading below says what is wrong, and where
            return group_text(paths, delimiter, where, fields, memory_limit, report)
    rows = Counter(tuple([row[k] for k in where]) for _, _, row in _rows(paths, fields, report))
    raw: list[Raw] = []
    for column in zip(*rows, strict=True):
        known = {field: code for code, field in enumerate(dict.fromkeys(column))}
        raw.append((list(known), np.fromiter((known[f] for f in column), np.intp, len(column))))
    return raw, np.fromiter(rows.values(), np.int64, len(rows))
