"""The argument validators: every check of user input stands here and nowhere else.

Each validator returns the value in the form the package works with, or raises a TypeError (wrong
kind of thing) or ValueError (right kind, impossible value). A message states the rule, the
offending value and where it stands, and the remedy where there is one.
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MAX_COUNT = 2**53
"""Counts and sample sizes up to here are exact in double precision; larger ones are refused."""

SUM_TOLERANCE = 1e-9
"""How far from 1 the sum of a probability vector may be before it is refused."""


def _where(index: tuple[np.intp, ...]) -> str:
    """Words for a position in an array: `index 17`, `index (2, 3)`."""
    plain = tuple(int(i) for i in index)
    return f"index {plain[0]}" if len(plain) == 1 else f"index {plain}"


def _refuse_first(bad: npt.NDArray[np.bool_], array: npt.NDArray[Any], rule: str) -> None:
    """Raise a ValueError that names the first element where `bad` holds."""
    if bad.any():
        index = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise ValueError(f"{rule}; got {array[index]} at {_where(index)}")


def _refuse_masked(value: Any, name: str) -> None:
    """Raise a ValueError that names the first masked entry: its number is not meant to be read."""
    masked = np.ma.getmaskarray(value)
    if masked.any():
        where = _where(np.unravel_index(int(np.argmax(masked)), masked.shape))
        raise ValueError(
            f"{name} must not have masked entries; got {int(masked.sum())}, the first at {where} "
            "(say what they are: array.filled(value))"
        )


def as_array(value: Any, name: str) -> npt.NDArray[Any]:
    """`value` as a NumPy array; ragged nested sequences and masked entries are refused by name."""
    if isinstance(value, np.ma.MaskedArray):
        _refuse_masked(value, name)
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be a rectangular array; got nested sequences of different lengths"
        ) from None


def count_array(value: Any, name: str = "counts", axes: int = 1) -> IntArray:
    """Counts as an int64 array: non-negative whole numbers; those of a sample, which lie along the
    last `axes` axes, sum to at most 2**53.

    Floats are accepted when they are whole numbers, since counts often arrive that way.
    """
    if is_frame(value):
        raise TypeError(
            f"{name} must be an array of counts, and a data frame is taken to hold samples: count "
            "them first, mitheory.count(frame) (a frame of counts: Counts.from_table(frame))"
        )
    array = as_array(value, name)
    rule = f"{name} must be non-negative integers"
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; got an array of shape {array.shape}")
    if array.dtype == bool or array.dtype.kind not in "iuf":
        raise TypeError(f"{rule}; got dtype {array.dtype} (count samples first: mitheory.count)")
    if array.dtype.kind == "f":
        _refuse_first(~np.isfinite(array), array, rule)
        _refuse_first(array != np.floor(array), array, rule)
    signed = array.dtype.kind == "i"
    # one pass, in registers: without its sign a negative number is greater than any other
    most = (array.view(array.dtype.str.replace("i", "u")) if signed else array).max()
    negative = most > np.iinfo(array.dtype).max if signed else array.min() < 0
    if negative or most > MAX_COUNT:
        _refuse_first(array < 0, array, rule)
        _refuse_first(array > MAX_COUNT, array, f"{name} must be at most 2**53")
    counts: IntArray = array.astype(np.int64, copy=False)
    if int(most) * array.size > MAX_COUNT:
        axis = tuple(range(-min(axes, counts.ndim), 0))
        total = int(counts.sum(axis=axis).max())
        about = float(counts.sum(axis=axis, dtype=np.float64).max())
        if about > 2 * MAX_COUNT:  # there the whole numbers may have overflowed
            total = int(about)
        if total > MAX_COUNT:
            raise ValueError(f"{name} must sum to at most 2**53; got {total}")
    return counts


def probabilities(value: Any, name: str = "p", ndim: int | None = 1) -> FloatArray:
    """A probability array that sums to 1, renormalised to the last bits.

    `ndim` fixes the number of dimensions: 1 for a law, 2 for a joint law, None for any.
    """
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers; got dtype {array.dtype}")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s); got shape {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; got an array of shape {array.shape}")
    p = array.astype(np.float64)
    _refuse_first(~np.isfinite(p), p, f"{name} must be finite")
    _refuse_first(p < 0, p, f"{name} must be non-negative")
    total = float(p.sum())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise ValueError(f"{name} must sum to 1; its sum is {total:.12g} (divide by it first)")
    return np.asarray(p / total)


def probability_rows(value: Any, name: str, slack: float = SUM_TOLERANCE) -> FloatArray:
    """Laws along the last axis, each of which sums to 1 up to `slack`, renormalised."""
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers; got dtype {array.dtype}")
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} must have its classes on the last axis; got shape {array.shape}")
    p = array.astype(np.float64)
    _refuse_first(~np.isfinite(p), p, f"{name} must be finite")
    _refuse_first(p < 0, p, f"{name} must be non-negative")
    totals = p.sum(axis=-1, keepdims=True)
    rule = f"{name} must sum to 1 along the last axis (divide by the sum first)"
    _refuse_first(np.abs(totals - 1.0) > slack, totals, rule)
    return np.asarray(p / totals)


def whole_number(value: Any, name: str, least: int = 0) -> int:
    """An integer of at least `least`; whole floats are accepted, booleans are not."""
    rule = f"{name} must be an integer of at least {least}"
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{rule}; got {value!r}")
    if isinstance(value, (float, np.floating)):
        if not (math.isfinite(value) and float(value).is_integer()):
            raise ValueError(f"{rule}; got {value!r}")
        value = int(value)
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{rule}; got {value!r}") from None
    if number < least:
        raise ValueError(f"{rule}; got {number}")
    return number


def _real_rule(name: str, rule: str, least: float, most: float, above: float, below: float) -> str:
    """The rule for a real number with the limits that are given, in words."""
    limits = [
        (f"at least {least:g}", least > -math.inf),
        (f"at most {most:g}", most < math.inf),
        (f"above {above:g}", above > -math.inf),
        (f"below {below:g}", below < math.inf),
    ]
    words = " and ".join(text for text, given in limits if given)
    return f"{name} {rule}" + (f" {words}" if words else "")


def real(
    value: Any,
    name: str,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """A finite real number with least <= value <= most and above < value < below."""
    rule = _real_rule(name, "must be a finite number", least, most, above, below)
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise TypeError(f"{rule}; got {value!r}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{rule}; got {value!r}") from None
    if not (math.isfinite(number) and least <= number <= most and above < number < below):
        raise ValueError(f"{rule}; got {number!r}")
    return number


def real_array(
    value: Any,
    name: str,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> FloatArray:
    """A float64 array, of any shape, of numbers that `real` would accept."""
    rule = _real_rule(name, "must be finite numbers", least, most, above, below)
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{rule}; got dtype {array.dtype}")
    numbers = array.astype(np.float64)
    inside = (least <= numbers) & (numbers <= most) & (above < numbers) & (numbers < below)
    bad = ~(np.isfinite(numbers) & inside)
    if numbers.ndim == 0 and bad:
        raise ValueError(f"{rule}; got {float(numbers)!r}")
    _refuse_first(bad, numbers, rule)
    return numbers


def covariance(value: Any, name: str = "cov") -> FloatArray:
    """A symmetric matrix that is positive definite to working precision."""
    matrix = real_array(value, name)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"{name} must be a square matrix; got shape {matrix.shape}")
    gap = np.abs(matrix - matrix.T)
    if gap.max() > 1e-10 * np.abs(matrix).max():
        i, j = np.unravel_index(int(np.argmax(gap)), gap.shape)
        raise ValueError(
            f"{name} must be symmetric; got {matrix[i, j]} at ({i}, {j}) "
            f"and {matrix[j, i]} at ({j}, {i})"
        )
    try:
        pivots = np.diag(np.linalg.cholesky(matrix))
        # the share of a column's variance that the columns before it leave unexplained
        unexplained = float((pivots**2 / np.diag(matrix)).min())
    except np.linalg.LinAlgError:
        unexplained = -1.0
    if unexplained < 4 * len(matrix) * np.finfo(float).eps:
        least = float(np.linalg.eigvalsh(matrix).min())
        raise ValueError(
            f"{name} must be positive definite; its least eigenvalue is {least:.6g} "
            "(drop or merge columns that determine each other)"
        )
    return matrix


def edges(value: Any, name: str) -> FloatArray:
    """Edges of bins: two or more numbers that increase; the outer ones may be infinite, and the
    last two equal, for a bin of one value.
    """
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be numbers; got dtype {array.dtype}")
    if array.ndim != 1 or array.size < 2:
        raise ValueError(f"{name} must be two numbers or more; got shape {array.shape}")
    numbers = array.astype(np.float64) + 0.0  # which makes -0.0 a 0.0
    _refuse_first(np.isnan(numbers), numbers, f"{name} must be numbers")
    rises = numbers[1:] > numbers[:-1]
    rises[-1] |= numbers[-1] == numbers[-2]
    if not rises.all():
        first = int(np.argmin(rises))
        raise ValueError(
            f"{name} must increase; got {numbers[first]} and then {numbers[first + 1]} "
            f"at index {first + 1}"
        )
    return numbers


def whole_array(value: Any, name: str, least: int = 0) -> FloatArray:
    """A float64 array, of any shape, of whole numbers of at least `least` and at most 2**53."""
    numbers = real_array(value, name, least=least, most=MAX_COUNT)
    bad = numbers != np.floor(numbers)
    if numbers.ndim == 0 and bad:
        raise ValueError(f"{name} must be whole numbers; got {float(numbers)!r}")
    _refuse_first(bad, numbers, f"{name} must be whole numbers")
    return numbers


def within(value: FloatArray, limit: Any, name: str, words: str, slack: float = 1e-12) -> None:
    """Refuse any element of `value` above `limit` (of a shape it broadcasts with) plus `slack`."""
    value, limit = np.broadcast_arrays(value, limit)
    bad = value > limit + slack
    if bad.any():
        index = np.unravel_index(int(np.argmax(bad)), bad.shape)
        place = f" at {_where(index)}" if bad.ndim else ""
        raise ValueError(
            f"{name} must be at most {words} = {limit[index]:.15g}; "
            f"got {float(value[index])!r}{place}"
        )


def broadcastable(arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Refuse named arrays whose shapes do not broadcast against each other."""
    try:
        np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"shapes must broadcast against each other; got {shapes}") from None


def flag(value: Any, name: str) -> bool:
    """True or False; other values are refused, although many count as true."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}")
    return bool(value)


def is_frame(value: Any) -> bool:
    """Whether a value is a data frame: a pandas one or the like, or an Arrow table."""
    return hasattr(value, "column_names") or (
        hasattr(value, "columns") and hasattr(value, "to_numpy")
    )


def level(value: Any) -> float:
    """A confidence level strictly between 0 and 1."""
    return real(value, "level", above=0.0, below=1.0)


def class_count(value: Any, seen: int) -> int:
    """A number of classes, at least that of the labels seen in the data."""
    classes = whole_number(value, "classes", least=1)
    if classes < seen:
        raise ValueError(
            f"classes must be at least the number of labels seen; got {classes} classes and "
            f"{seen} labels"
        )
    if classes > MAX_COUNT:
        raise ValueError(f"classes must be at most 2**53; got {classes}")
    return classes


def one_of(value: Any, known: Iterable[str], name: str) -> str:
    """A known name; an unknown one is refused with the nearest known ones."""
    names = list(known)
    if value in names:
        return str(value)
    near = difflib.get_close_matches(str(value), names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(sorted(names))}"
    raise ValueError(f"unknown {name} {value!r}; {hint}")


def generator(rng: Any) -> np.random.Generator:
    """A NumPy Generator; seeds and the legacy global state are refused."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator; got {type(rng).__name__} "
            "(numpy.random.default_rng(seed) makes one)"
        )
    return rng


def label_array(value: Any, name: str, classes: int) -> IntArray:
    """Labels as an int64 array of shape (n,), n >= 1, in 0..classes-1."""
    array = as_array(value, name)
    rule = f"{name} must be integers from 0 to {classes - 1}, one per class"
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be a non-empty 1-D array; got shape {array.shape}")
    if array.dtype.kind not in "iu":
        raise TypeError(f"{rule}; got dtype {array.dtype}")
    _refuse_first((array < 0) | (array >= classes), array, rule)
    return array.astype(np.int64, copy=False)


def feature_array(value: Any, name: str, n: int) -> npt.NDArray[np.float32]:
    """Features as a finite float32 array of shape (n, ...), one sample per row."""
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers; got dtype {array.dtype}")
    if array.ndim < 2 or array.size == 0 or len(array) != n:
        raise ValueError(
            f"{name} must have a row for each of the {n} labels, and at least one feature; "
            f"got shape {array.shape}"
        )
    with np.errstate(over="ignore"):  # refused below, by name
        features = array.astype(np.float32, copy=False)
    _refuse_first(~np.isfinite(features), array, f"{name} must be finite in single precision")
    return features


def neighbors(k: Any, n: int) -> int:
    """A number of neighbours: at least 1, and fewer than the n samples."""
    number = whole_number(k, "k", least=1)
    if number >= n:
        raise ValueError(
            f"k must be less than the number of samples; got k = {number} and {n} samples"
        )
    return number


def threads(workers: Any) -> int:
    """A number of threads, by default the number that Numba would use.

    They are threads of our own: Numba's neither survive a fork nor a second caller.
    """
    if workers is not None:
        return whole_number(workers, "workers", least=1)
    from numba import config

    return int(config.NUMBA_NUM_THREADS)
