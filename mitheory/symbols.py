"""Symbols: columns of samples of any type, and the codes that stand for their values.

A column may be a NumPy array, a list, a pandas or an Arrow column. Its symbols are its distinct
values, sorted; its codes are the positions of the samples among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from numbers import Integral
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import IntArray

Symbols = npt.NDArray[Any]
Codes = npt.NDArray[np.intp]
Missing = Literal["raise", "symbol"]

SMALL_TABLE = 2**16
"""A table of this many cells is tallied whatever n is: it fits the second-level cache."""

WAYS = 4
"""Small tables are tallied in so many copies, added up at the end."""

ASIDE = 2**14
"""So many values may be left out of a small table, and at most one in eight."""

TINY_TABLE = 2**10
FEW = 2**12
"""Fewer samples than this are tallied faster than a small table is made; they get a tiny one."""


def as_columns(
    columns: Sequence[Any], argument: str | None = None
) -> tuple[list[npt.NDArray[Any]], tuple[str, ...]]:
    """One-dimensional arrays of one length from what the user passed, with their names.

    Where `columns` holds one argument of the user's, messages on the whole of it use its name.
    """
    if not columns:
        raise ValueError("count needs at least one column of samples")
    arrays: list[npt.NDArray[Any]] = []
    names: list[str] = []
    for position, column in enumerate(columns):
        given = argument or f"column {position}"
        if check.is_frame(column):
            parts = _parts_of_frame(column)
            if not parts:
                raise ValueError(f"{given} is a data frame without columns")
            names.extend(label for label, _ in parts)
            arrays.extend(_as_samples(part, label) for label, part in parts)
            continue
        array = _as_samples(column, given)
        if array.ndim == 1:
            arrays.append(array)
            names.append(str(getattr(column, "name", None) or f"column {len(names)}"))
        elif array.ndim == 2 and array.shape[1] > 0:
            arrays.extend(array.T)
            names.extend([f"column {len(names) + k}" for k in range(array.shape[1])])
        else:
            raise ValueError(f"{given} must have shape (n,) or (n, d); got shape {array.shape}")
    lengths = [array.size for array in arrays]
    if min(lengths) == 0:
        empty = argument or names[lengths.index(0)]
        raise ValueError(f"{empty} must hold at least one sample; it is empty")
    if len(set(lengths)) > 1:
        sizes = ", ".join(f"{name}: {size}" for name, size in zip(names, lengths, strict=True))
        raise ValueError(f"columns must have the same length; got {sizes}")
    if len(set(names)) < len(names):
        names = [f"{name} [{k}]" if names.count(name) > 1 else name for k, name in enumerate(names)]
    return arrays, tuple(names)


def _parts_of_frame(frame: Any) -> list[tuple[str, Any]]:
    """The names and columns of a data frame.

    One by one, since an array of them all would turn integers beside floats into floats.
    """
    if hasattr(frame, "column_names"):  # an Arrow table
        return [(str(name), frame.column(k)) for k, name in enumerate(frame.column_names)]
    if hasattr(frame, "iloc"):  # pandas, whose labels need not differ
        return [(str(label), frame.iloc[:, k]) for k, label in enumerate(frame.columns)]
    return [(str(label), frame[label]) for label in frame.columns]


def _as_samples(column: Any, name: str) -> npt.NDArray[Any]:
    """The column as an array that keeps its values: no mixed list turned into strings, no
    integers turned into floats by a missing one.
    """
    if isinstance(column, np.ndarray):
        return column
    if getattr(column, "null_count", 0) and hasattr(column, "to_pylist"):  # Arrow with nulls
        return object_array(column.to_pylist())
    if hasattr(column, "to_pylist"):  # any other Arrow column
        return np.asarray(column)
    if callable(getattr(column, "null_count", None)):  # polars
        if column.dtype.is_nested():
            raise TypeError(
                f"{name} must hold single values to be counted; its type is {column.dtype} "
                "(count its parts as columns of their own)"
            )
        wide = str(column.dtype).endswith("Int128")
        if column.dtype.is_integer() and (wide or column.null_count()):
            return object_array(column.to_list())
    if hasattr(column, "to_numpy"):
        own_type = not isinstance(getattr(column, "dtype", None), np.dtype)
        if own_type and hasattr(column, "isna") and column.isna().any():  # pandas, with NA
            return np.asarray(column.to_numpy(dtype=object))
        return np.asarray(column.to_numpy())
    if hasattr(column, "tocsc"):
        raise TypeError(f"{name} must be dense; got a sparse matrix (make it dense: X.toarray())")
    if isinstance(column, (Set, Mapping)):
        raise TypeError(
            f"{name} must be a sequence of samples, which has an order and repeats; "
            f"got {type(column).__name__}"
        )
    if isinstance(column, (str, bytes)) or not hasattr(column, "__len__"):
        if not hasattr(column, "__array__"):
            raise TypeError(f"{name} must be a sequence of samples; got {type(column).__name__}")
        return np.asarray(column)
    array = check.as_array(column, name)
    if array.dtype.kind not in "USf":
        return array
    flat = column if array.ndim == 1 else [entry for row in column for entry in row]
    kinds = {type(entry) for entry in flat}
    if array.dtype.kind in "US":
        changed = not all(issubclass(kind, (str, bytes)) for kind in kinds)
    else:
        integers = tuple(kind for kind in kinds if issubclass(kind, Integral))
        changed = bool(integers) and any(
            abs(int(entry)) > check.MAX_COUNT for entry in flat if isinstance(entry, integers)
        )
    return object_array(flat).reshape(array.shape) if changed else array


def object_array(values: Sequence[Any]) -> npt.NDArray[Any]:
    """The values, whatever they are, in a one-dimensional array of objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def is_sparse(array: npt.NDArray[Any]) -> bool:
    """Whether the values must be encoded before they can index a table."""
    return isinstance(array, np.ma.MaskedArray) or array.dtype.kind not in "biu"


def concatenate(a: Symbols, b: Symbols) -> Symbols:
    """Two symbol arrays in one, as counting the concatenated samples would have seen them."""
    if (
        a.dtype.kind == "O"
        or b.dtype.kind == "O"
        or (a.dtype.kind in "US") != (b.dtype.kind in "US")
        or (np.result_type(a, b).kind in "fc" and (_exceeds_floats(a) or _exceeds_floats(b)))
    ):
        return object_array([*a.tolist(), *b.tolist()])
    return np.concatenate([a, b])


def _exceeds_floats(values: Symbols) -> bool:
    """Whether there are integers that a double need not hold exactly."""
    limit = check.MAX_COUNT
    return values.dtype.kind in "iu" and bool(((values > limit) | (values < -limit)).any())


def encode(
    values: npt.NDArray[Any], name: str, missing: Missing = "symbol"
) -> tuple[Symbols, Codes]:
    """The sorted distinct values, and for each value its position among them."""
    absent = missing_in(values, name, missing)
    if absent.any():
        symbols, present = encode(np.asarray(values[~absent]), name)
        codes = np.full(values.size, len(symbols), dtype=np.intp)
        codes[~absent] = present
        return object_array([*symbols.tolist(), None]), codes
    plain = np.asarray(values)
    if plain.dtype.kind != "O":
        symbols, codes = np.unique(plain, return_inverse=True)
        return symbols, codes.reshape(-1)
    try:
        positions = {value: code for code, value in enumerate(dict.fromkeys(plain.tolist()))}
    except TypeError as error:
        raise TypeError(f"{name} must hold hashable symbols: {error}") from None
    order = sorted(positions, key=_sort_key(positions))
    rank = np.empty(len(order), dtype=np.intp)
    rank[[positions[value] for value in order]] = np.arange(len(order))
    codes = rank[np.fromiter((positions[v] for v in plain.tolist()), np.intp, plain.size)]
    return object_array(order), codes


def whole(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Integers or booleans as integers in the byte order of the machine."""
    if values.dtype == bool:
        return values.view(np.uint8)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def span(values: npt.NDArray[Any]) -> tuple[int, int]:
    """The least of some integers, and the width of their range."""
    least, most = int(values.min()), int(values.max())
    return least, most - least + 1


def fits_table(least: int, width: int, n: int) -> bool:
    """Whether a range may be tallied directly: its table must not outgrow the samples."""
    return width <= max(SMALL_TABLE, 2 * n) and least + width <= 2**63


def tallied(values: npt.NDArray[Any]) -> tuple[Symbols, IntArray]:
    """The distinct values of an array of integers, ascending, and how often each occurs.

    They are tallied in a small table, which most values fit; few that do not are set aside and
    sorted. Only if there are many are their limits looked for, and sorting all is the last resort.
    """
    from mitheory.kernels.tally import runs, tally

    integers, offset = whole(values), 0
    shape = (1, TINY_TABLE) if values.size < FEW else (WAYS, SMALL_TABLE)
    table = np.zeros(shape, dtype=np.int64)
    aside = np.empty(min(values.size // 8, ASIDE), dtype=integers.dtype)
    most, others = tally(integers, offset, table, aside)
    if others > aside.size:
        offset, width = span(integers)
        if not fits_table(offset, width, values.size):
            symbols, counts = np.sort(integers), np.empty(integers.size, dtype=np.int64)
            distinct = runs(symbols, counts)
            symbols.resize(distinct, refcheck=False)
            counts.resize(distinct, refcheck=False)
            return symbols.astype(values.dtype, copy=False), counts
        table = np.zeros((1, width), dtype=np.int64)
        most, others = tally(integers, offset, table, aside)
    totals = table[:, : most + 1].sum(axis=0)
    seen = np.flatnonzero(totals)
    symbols, counts = (seen + offset).astype(values.dtype), totals[seen]
    if others:
        far, often = np.unique(aside[:others], return_counts=True)
        at = np.full(far.size, seen.size)
        at[far < 0] = 0
        symbols, counts = np.insert(symbols, at, far), np.insert(counts, at, often)
    return symbols, counts


def _sort_key(values: Any) -> Any:
    """None where the values sort by themselves; else by the name of their type, then as text."""
    try:
        sorted(values)
    except TypeError:
        return lambda value: (type(value).__name__, repr(value))
    return None


def missing_in(
    values: npt.NDArray[Any], name: str, missing: Missing = "symbol"
) -> npt.NDArray[np.bool_]:
    """Where a value is missing; if it must not be, the first one is refused by name."""
    absent = _absent(values)
    if missing == "raise" and absent.any():
        first = int(np.argmax(absent))
        raise ValueError(
            f"{name} must not have missing values; got {int(absent.sum())}, the first "
            f"({values[first]}) at index {first} (drop them, or make them a symbol: "
            "missing='symbol' of count)"
        )
    return absent


def _absent(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a value is missing: masked, NaN, NaT, None, or any other that differs from itself."""
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.asarray(values)
    if plain.dtype.kind in "fc":
        absent = np.isnan(plain)
    elif plain.dtype.kind in "mM":
        absent = np.isnat(plain)
    elif plain.dtype.kind == "O":
        absent = np.fromiter((_is_missing(v) for v in plain.tolist()), np.bool_, plain.size)
    else:
        absent = np.zeros(plain.shape, dtype=np.bool_)
    return absent if mask is None else absent | mask


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA: the values that do not equal themselves."""
    if value is None:
        return True
    try:
        return not bool(value == value)
    except (TypeError, ValueError):  # pandas' NA has no truth value; an array has many
        return type(value).__name__ == "NAType"
