"""Rules for bins, as a user states them, and the bins that they make of data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from mitheory import check
from mitheory.binning.ordered import Ordered, Place, Within
from mitheory.binning.partition import Binning, Bins, Cells, Split

Kind = Literal["width", "frequency", "edges", "cells", "values"]
_NUMBERED = ("width", "frequency", "cells")

_FORMS = (
    "10 or width:10 (bins of equal width), frequency:10 (bins that hold equally many), "
    "edges:0,18,65, cells:8 (of several columns together), values (each value by itself)"
)


@dataclass(frozen=True)
class Rule:
    """How to bin: a kind, with a number of bins or with edges."""

    kind: Kind
    number: int = 0
    edges: tuple[float, ...] = ()


def parse_bins(texts: Sequence[str]) -> dict[str | tuple[str, ...], str]:
    """What the texts of a command line say, as COLUMN=HOW or COLUMN,COLUMN=cells:8.

    Raises
    ------
    ValueError
        For a text of another form, and for a column that stands in two of them.
    """
    bins: dict[str | tuple[str, ...], str] = {}
    for text in texts:
        left, _, how = (part.strip() for part in text.rpartition("="))
        if not left or not how:
            raise ValueError(f"bins must be given as COLUMN=HOW, HOW being {_FORMS}; got {text!r}")
        key: str | tuple[str, ...] = left
        if how.startswith("cells"):
            key = tuple(column.strip() for column in left.split(","))
        if key in bins:
            raise ValueError(f"a column must be binned in one way; {left!r} is given twice")
        bins[key] = how
    return bins


def rule_of(how: Any, name: str) -> Rule:
    """The rule for the bins of a column from a number, edges, or text."""
    if isinstance(how, str):
        return _rule_of_text(how.strip(), name)
    if hasattr(how, "__len__") and not isinstance(how, Mapping):
        return Rule("edges", edges=tuple(check.edges(how, f"edges of {name}").tolist()))
    return Rule("width", check.whole_number(how, f"number of bins of {name}", least=1))


def _rule_of_text(text: str, name: str) -> Rule:
    kind, colon, rest = (part.strip() for part in text.partition(":"))
    if not colon and kind.isdecimal():
        kind, rest = "width", kind
    if kind == "values" and not colon:
        return Rule("values")
    try:
        if kind in _NUMBERED:
            number = check.whole_number(int(rest), f"number of bins of {name}", least=1)
            return Rule(kind, number)  # type: ignore[arg-type]
        if kind == "edges":
            edges = [float(edge) for edge in rest.split(",")]
            return Rule("edges", edges=tuple(check.edges(edges, f"edges of {name}").tolist()))
    except ValueError as error:
        if not str(error).startswith(("invalid literal", "could not convert")):
            raise
    raise ValueError(f"bins of {name} must be one of {_FORMS}; got {text!r}")


def plan(bins: Any, names: Sequence[str]) -> list[tuple[tuple[str, ...], Rule | Binning | None]]:
    """The columns that binning makes of named columns, in their order.

    Parameters
    ----------
    bins : mapping, or sequence of Binning
        A column, by name or position, with its rule; a tuple of columns with that for cells.
        Bins or cells that were made before are used as they are.
    names : sequence of str

    Returns
    -------
    list of (columns, rule)
        The columns that make up a column, cells in the place of the last of theirs (so that a
        label stays the last column), and the rule; None where there is none.

    Raises
    ------
    TypeError, ValueError
        For another kind of `bins`, an unknown column, one binned twice, or an impossible rule.
    """
    rules: dict[tuple[str, ...], Rule | Binning] = {}
    used: list[str] = []
    for key, how in _pairs(bins):
        columns = tuple(_column(part, names) for part in (key if isinstance(key, tuple) else [key]))
        words = ", ".join(map(repr, columns))
        used.extend(columns)
        if isinstance(how, Bins | Cells):
            if how.columns != columns:
                raise ValueError(f"bins of {', '.join(map(repr, how.columns))} do not bin {words}")
            rules[columns] = dataclasses.replace(how, placed="given", asked=None)
            continue
        rule = rule_of(how, words)
        if (len(columns) > 1) != (rule.kind == "cells"):
            raise ValueError(
                "two columns or more are binned together, and by cells alone, as in "
                f"bins={{('a', 'b'): 'cells:8'}}; got {rule.kind} for {words}"
            )
        rules[columns] = rule
    if len(set(used)) < len(used):
        twice = next(column for column in used if used.count(column) > 1)
        raise ValueError(f"a column must be binned in one way; {twice!r} is given twice")
    found: dict[tuple[str, ...], Rule | Binning | None] = {}
    for name in names:
        columns = next((columns for columns in rules if name in columns), (name,))
        found.pop(columns, None)
        found[columns] = rules.get(columns)
    return list(found.items())


def _pairs(bins: Any) -> list[tuple[Any, Any]]:
    if isinstance(bins, Mapping):
        return list(bins.items())
    if isinstance(bins, (list, tuple)) and all(isinstance(b, Bins | Cells) for b in bins):
        return [(binning.columns, binning) for binning in bins]
    raise TypeError(
        "bins must be a mapping from columns to rules, as {'age': 10}, or a list of bins; "
        f"got {bins!r}"
    )


def _column(key: Any, names: Sequence[str]) -> str:
    if isinstance(key, str):
        return check.one_of(key, names, "column")
    position = check.whole_number(key, "a column's position")
    if position >= len(names):
        raise ValueError(f"a column's position must be below {len(names)}; got {position}")
    return names[position]


def fit(columns: tuple[str, ...], rule: Rule | Binning, values: Ordered) -> Binning:
    """The bins that a rule makes of data.

    Equal values always share a bin. Where values repeat so that bins cannot hold equally many,
    each edge stands on the side of the repeated value that comes nearest to that (below it, if
    both are as near), and there are fewer bins if edges coincide.

    Parameters
    ----------
    columns : tuple of str
    rule : Rule, Bins or Cells
        Bins or cells are returned as they are.
    values : Arrays or Query
        The values of these columns.

    Raises
    ------
    ValueError
        If all values are missing, or infinite ones are to be in bins of equal width.
    """
    if not isinstance(rule, Rule):
        return rule
    if rule.kind == "edges":
        return Bins(columns[0], rule.edges)
    n, least, most = values.extent()
    if n == 0:
        words = " and ".join(map(repr, columns))
        raise ValueError(f"bins need values to be placed by; those of {words} are all missing")
    if rule.kind == "cells":
        root, cells = _grown(values, len(columns), rule.number, n, 0, ())
        return Cells(columns, root, "frequency", None if cells == rule.number else rule.number)
    placed: Literal["width", "frequency"] = "width" if rule.kind == "width" else "frequency"
    if placed == "width":
        cuts = _widths(columns[0], rule.number, least, most)
    else:
        cuts = _frequencies(rule.number, n, values)
    asked = None if len(cuts) + 1 == rule.number else rule.number
    return Bins(columns[0], (least, *cuts, most), placed, asked)


def _widths(column: str, number: int, least: float, most: float) -> list[float]:
    """Inner edges at equal distances, each the nearest double to the exact one."""
    if math.isinf(least) or math.isinf(most):
        raise ValueError(
            f"column {column!r} must be finite to be cut to equal widths; it holds "
            f"{least if math.isinf(least) else most} (take frequency:{number}, or edges)"
        )
    low, width = Fraction(least), Fraction(most) - Fraction(least)
    cuts = {float(low + width * k / number) for k in range(1, number)}
    return sorted(cut for cut in cuts if least < cut < most)


def _frequencies(number: int, n: int, values: Ordered) -> list[float]:
    """Inner edges with about equally many of n values between them."""
    ranks = [k * n // number for k in range(1, number)]
    places = values.at(0, ranks) if ranks else []
    cuts, here = set(), 0
    for k, rank in enumerate(ranks, start=1):
        while places[here].upto <= rank:
            here += 1
        cut = _cut(places[here], Fraction(k * n, number))
        if cut is not None:
            cuts.add(cut[0])
    return sorted(cuts)


def _cut(place: Place, target: Fraction) -> tuple[float, int] | None:
    """Where to cut so that about `target` values are below, and how many then are."""
    options = []
    if place.below > 0:
        options.append((place.value, place.below))
    if place.above is not None:
        options.append((place.above, place.upto))
    at, fewer = min(options, key=lambda option: abs(option[1] - target), default=(None, 0))
    return None if at is None else (at + 0.0, fewer)  # never -0.0, which engines take for 0.0


def _grown(
    values: Ordered, columns: int, number: int, n: int, depth: int, within: Within
) -> tuple[Split | None, int]:
    """The tree that splits n rows to about so many cells, column after column, and how many."""
    if number == 1:
        return None, 1
    target = Fraction(n * (number // 2), number)
    for column in ((depth + k) % columns for k in range(columns)):
        (place,) = values.at(column, [int(target)], within)
        if (cut := _cut(place, target)) is not None:
            break
    else:
        return None, 1
    at, fewer = cut
    # in proportion to the rows, which repeated values may have kept from an even split
    left = min(max(round(Fraction(number * fewer, n)), 1), number - 1)
    here = (column, True, at), (column, False, at)
    below, cells_below = _grown(values, columns, left, fewer, depth + 1, (*within, here[0]))
    above, cells_above = _grown(
        values, columns, number - left, n - fewer, depth + 1, (*within, here[1])
    )
    return Split(column, at, below, above), cells_below + cells_above
