"""A variable's samples as the estimators take them: numbers to scale, or codes of symbols."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.symbols import as_columns, encode

Kind = Literal["continuous", "discrete", "mixed"]
KINDS = ("continuous", "discrete", "mixed")

Scale = Literal["standardise", "none", "rank"]
SCALES = ("standardise", "none", "rank")

MAX_MAGNITUDE = 2.0**900
"""Greater numbers are refused unless they are scaled: what is made of them might overflow."""


@dataclass(frozen=True, eq=False)
class Variable:
    """The samples of one variable, ready for an estimator.

    Attributes
    ----------
    values : float array of shape (n, d), or int array of shape (n,)
        Scaled numbers; of a discrete variable the codes 0, 1, ... of its symbols.
    kind : {"continuous", "discrete", "mixed"}
        Numbers that have a density; symbols, which have neither order nor distance; numbers of
        which some have a probability of their own.
    name : str
        Of the variable, for messages.
    note : str
        What was inferred, or does not fit the kind that was given: a clause, or empty.
    """

    values: npt.NDArray[Any]
    kind: Kind
    name: str
    note: str = ""

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.values)


def as_variable(
    samples: Any, kind: Kind | None = None, *, scale: Scale = "standardise", name: str = "x"
) -> Variable:
    """A variable from its samples.

    Parameters
    ----------
    samples : array_like or data frame, shape (n,) or (n, d)
        One sample a row.
    kind : {"continuous", "discrete", "mixed"}, optional
        By default inferred: floating-point numbers are continuous, and mixed if some sample occurs
        twice; integers, booleans, strings and other objects are discrete. Integers beside
        floating-point columns are numbers.
    scale : {"standardise", "none", "rank"}
        What is done to each column of numbers; see Notes.
    name : str
        For messages.

    Returns
    -------
    Variable

    Raises
    ------
    ValueError, TypeError
        For missing, infinite or too large numbers, other shapes, an unknown kind or scale, words
        beside floating-point columns, or a kind of numbers for what is none (booleans are 0 and 1).

    Notes
    -----
    "standardise" divides a column by the power of two next to its standard deviation. This only
    moves the binary point: equal distances stay equal to the last bit, which a division by the
    standard deviation itself would not grant, and counts of ties depend on it. Deviations end up
    between 0.71 and 1.41.

    "rank" puts the normal score Phi^-1(r / (n + 1)) of the average rank r in place of each value.
    """
    if kind is not None:
        check.one_of(kind, KINDS, f"kind of {name}")
    check.one_of(scale, SCALES, "scale")
    columns, _ = as_columns((samples,), name)
    types = {column.dtype.kind for column in columns}
    if "c" in types:
        raise TypeError(
            f"{name} must be real numbers or symbols; got dtype complex (give the real and the "
            "imaginary parts as two columns)"
        )
    if kind is None and "f" in types and not types <= set("fiu"):
        raise ValueError(
            f"{name} has floating-point columns beside others that are no numbers: "
            "give its kind, or encode them"
        )
    if kind == "discrete" or (kind is None and "f" not in types):
        codes = _codes(columns, name)
        note = "" if kind else _symbols_note(codes, types <= set("iu"), name)
        return Variable(codes, "discrete", name, note)
    columns = [as_numbers(column, name) for column in columns]
    array = columns[0][:, None] if len(columns) == 1 else np.column_stack(columns)
    numbers = check.real_array(array, name)
    repeats = _repeats(numbers)
    note = ""
    if kind is None:
        kind = "mixed" if repeats else "continuous"
        said = f": {repeats} of {len(numbers)} samples repeat others" if repeats else ""
        note = f"{name} is taken as {kind}{said}"
    elif kind == "continuous" and repeats:
        note = f"{name} is continuous, but {repeats} of {len(numbers)} samples repeat others"
    return Variable(_scaled(numbers, scale, name), kind, name, note)


def as_points(*variables: Variable) -> tuple[tuple[FloatArray, ...], float]:
    """All variables as numbers, to be searched together, and a distance that no two samples of the
    same symbols have and that all samples of different symbols have at least.
    """
    numbers = [v.values for v in variables if v.kind != "discrete"]
    # the sum over all columns bounds the distance in every norm; a power of two has exact multiples
    ranges = float(sum(np.ptp(values, axis=0).sum() for values in numbers))
    apart = float(np.ldexp(1.0, int(np.frexp(ranges)[1]) + 1))
    return (
        tuple(
            apart * v.values[:, None] if v.kind == "discrete" else np.asarray(v.values, np.float64)
            for v in variables
        ),
        apart,
    )


def _codes(columns: list[npt.NDArray[Any]], name: str) -> IntArray:
    """Codes of the rows: one column after the other, so that no product of sizes overflows."""
    codes = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        symbols, own = encode(column, name, "raise")
        joint = own if len(columns) == 1 else codes * len(symbols) + own
        _, codes = np.unique(joint, return_inverse=True)
    return codes.astype(np.int64, copy=False)


def _symbols_note(codes: IntArray, integers: bool, name: str) -> str:
    symbols = int(codes.max()) + 1
    few = "1 symbol" if symbols == 1 else f"{symbols} symbols"
    note = f"{name} is taken as discrete: {few} in {codes.size} samples"
    if 2 * symbols > codes.size > 1:
        what = "its integers are measurements" if integers else "it stands for numbers"
        note += f" (if {what}: kinds, with 'mixed' for {name})"
    return note


def as_numbers(samples: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    """A column of which the user said that it is numbers: so are booleans, and objects if each is.

    The rest is refused.
    """
    column = check.as_array(samples, name)  # column_stack would drop a mask
    if column.dtype.kind == "O":
        real = all(isinstance(entry, Real) for entry in column)
    else:
        real = column.dtype.kind in "biuf"
    if not real:
        raise TypeError(
            f"{name} must be finite numbers; got dtype {column.dtype} (convert it; what is no "
            "number is of the kind 'discrete')"
        )
    return column.astype(np.float64) if column.dtype.kind in "bO" else column


def _repeats(numbers: FloatArray) -> int:
    """How many samples are equal to one before them in some order."""
    first = np.sort(numbers[:, 0])
    equal = first[1:] == first[:-1]
    if numbers.shape[1] > 1 and equal.any():
        rows = numbers[np.lexsort(numbers.T)]
        equal = (rows[1:] == rows[:-1]).all(axis=1)
    return int(np.count_nonzero(equal))


def _scaled(numbers: FloatArray, scale: Scale, name: str) -> FloatArray:
    if scale == "none":
        greatest = np.abs(numbers).max()
        if greatest > MAX_MAGNITUDE:
            raise ValueError(
                f"{name} must be at most 2**900 in magnitude unless it is scaled; got "
                f"{greatest:.6g} (divide it; for information scale='standardise' does)"
            )
        return np.ascontiguousarray(numbers)
    if scale == "standardise":
        powers = np.array([_power(column) for column in numbers.T], dtype=np.int64)
        return np.ascontiguousarray(np.ldexp(numbers, -powers))
    from scipy.special import ndtri

    ranks = np.column_stack([_average_ranks(column) for column in numbers.T])
    return np.ascontiguousarray(ndtri(ranks / (len(numbers) + 1)))


def _power(column: FloatArray) -> int:
    """The power of two next to the standard deviation; of a constant, next to its magnitude."""
    power = int(np.frexp(np.abs(column).max())[1])
    unit = np.ldexp(column, -power)  # so that no square overflows, and none vanishes
    if (unit == unit[0]).all():
        return power
    return power + round(float(np.log2(unit.std())))


def _average_ranks(column: FloatArray) -> FloatArray:
    """Ranks 1 .. n; equal values share the average of theirs."""
    order = np.argsort(column)
    ordered = column[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    start = np.append(np.flatnonzero(first), column.size)
    ranks = np.empty(column.size)
    ranks[order] = ((start[:-1] + 1 + start[1:]) / 2)[np.cumsum(first) - 1]
    return ranks
