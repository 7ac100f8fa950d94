"""What the command line reads and prints: numbers, tables, JSON, units."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mitheory.units import Unit, nats_from, nats_to

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_NARROWEST = 8
"""A column of text may be folded to this width."""
_PADDING = 2
"""The space that a column of a table takes beyond its text."""


def split(columns: str | None) -> list[str] | None:
    """The names in a list separated by commas."""
    return None if columns is None else [column.strip() for column in columns.split(",")]


def number(text: str, name: str) -> float:
    """The number that a text stands for, or a ValueError that names it."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number; got {text!r}") from None


def grid(*columns: str) -> Any:
    """An empty table; columns of numbers are aligned to the right."""
    from rich import box
    from rich.table import Table as Grid

    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        numeric = position > 0 and column not in ("by", "statement", "holds for", "assumes")
        table.add_column(column, justify="right" if numeric else "left")
    return table


def show(title: str, grid: Any) -> None:
    """Print a table to the width of the terminal, but never so narrow that a number is cut."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    least = 0
    for column in grid.columns:
        numeric = column.justify == "right"
        column.no_wrap, column.overflow = numeric, "fold"
        widths = [len(text) for text in (str(column.header), *map(str, column.cells))]
        least += (max(widths) if numeric else min(max(widths), _NARROWEST)) + _PADDING
    console.width = max(console.width, least)
    if title:
        console.print(title)
    console.print(grid)


@contextmanager
def in_nats(unit: Unit, given: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """The amounts in nats, for a call whose errors then also say them as they were typed."""
    nats = {name: nats_from(unit, amount) for name, amount in given.items()}
    try:
        yield nats
    except ValueError as error:
        if unit == "nat" or not given:
            raise
        typed = ", ".join(f"{k} = {v:g} {unit} = {nats[k]:.5g} nat" for k, v in given.items())
        raise ValueError(f"{error} (amounts in nats; given was {typed})") from error


_ENTROPIES = {
    "label_entropy",
    "conditional_entropy",
    "information",
    "cross_entropy",
    "plain_cross_entropy",
    "marginal_mismatch",
    "after_temperature",
    "after_offsets",
}
_ENDS = {"value", "lower", "upper"}


def in_unit(record: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
    """The certificate or audit with its entropies in the unit."""

    def converted(part: Mapping[str, Any], entropies: set[str]) -> dict[str, Any]:
        found = dict(part)
        for key, entry in part.items():
            if isinstance(entry, Mapping):
                found[key] = converted(entry, _ENDS if key in _ENTROPIES else _ENTROPIES)
            elif key in entropies and entry is not None:
                found[key] = nats_to(unit, entry)
        return found

    return converted(record, _ENTROPIES) | {"unit": unit}


def print_json(record: Mapping[str, Any]) -> None:
    """Print a record as JSON, which has no infinity: null stands for an end without a limit."""

    def plain(value: Any) -> Any:
        if hasattr(value, "tolist"):
            value = value.tolist()
        if isinstance(value, Mapping):
            return {key: plain(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(entry) for entry in value]
        return None if isinstance(value, float) and math.isinf(value) else value

    print(json.dumps(plain(record), allow_nan=False))


def bar_on(console: Console) -> Progress:
    """A progress bar with counts and the time left, shown on a terminal only."""
    from rich import progress

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def progress_bar(task: str, steps: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left on standard error, if that is a terminal.

    Gives the function that tells it the number of steps done.
    """
    try:
        from rich.console import Console

        shown = bar_on(Console(stderr=True))
    except ImportError:
        raise ImportError(
            "a progress bar needs rich, which is not installed; pip install mitheory[cli]"
        ) from None
    with shown as bar:
        number = bar.add_task(task, total=steps)
        yield lambda done: bar.update(number, completed=done)
