"""The Study noun: a claim, its grid, and how one cell of it is computed and judged."""

from __future__ import annotations

import hashlib
import inspect
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from mitheory import check
from mitheory.study.records import Cell, describe, plain, scalar

ProfileName = Literal["quick", "full"]
Relation = Literal["equal", "at most", "at least"]
Status = Literal["holds", "does not hold", "not tested"]

_OWN_KEYS = ("rng", "rng_seed", "value", "predicted", "tolerance", "in_regime", "holds")


@dataclass(frozen=True)
class Verdict:
    """What became of a claim, and the sentence with the measured numbers that says so.

    Attributes
    ----------
    status : {"holds", "does not hold", "not tested"}
    figure : str
        The measured figure, as a sentence without a final stop.
    """

    status: Status
    figure: str

    def __post_init__(self) -> None:
        check.one_of(self.status, get_args(Status), "status")


@dataclass(frozen=True, kw_only=True)
class Study:
    """A claim with everything that is needed to test it.

    A cell is one combination of grid values. Its identity is the study's name with the `str` of
    each value; its random numbers are seeded from that identity, so results do not depend on the
    number of workers, the order of the cells, the rest of the grid, or an interruption.

    Parameters
    ----------
    name : str
        Lower-case letters, digits and underscores; also the name of its results.
    claim : str
        The sentence that holds or does not.
    over : mapping of str to sequence
        The grid: the values of each parameter. Values are JSON scalars, tuples, or objects with a
        `str` that identifies them, such as laws. An empty grid has one cell.
    measured : callable
        ``measured(rng=..., **cell)`` gives the measured number, or a dict with the number under
        "value" and further JSON-able details for figures (NumPy arrays become lists).
    predicted : callable, optional
        ``predicted(**cell)``: what theory says, or None where it says nothing. Needed unless
        there is a `judge`.
    tolerance : float or callable
        How far measured and predicted may be apart (``tolerance(**cell)``), by theory.
    relation : {"equal", "at most", "at least"}
        ``|measured - predicted| <= tolerance``, ``measured <= predicted + tolerance``, or
        ``measured >= predicted - tolerance``.
    regime : callable, optional
        ``regime(**cell)``: whether the claim speaks of this cell. The others are measured and
        reported but not judged.
    quick : mapping, optional
        Replaces entries of `over` in the quick profile.
    judge : callable, optional
        ``judge(cells)`` gives the `Verdict` from all cells at once, in place of the judgement
        cell by cell. A cell is a dict: parameters, "value", "predicted", "tolerance",
        "in_regime", "holds", "rng_seed" and the details.
    must_hold : bool
        False for an open question, whose negative answer is a result and not a failure.
    needs : sequence of str
        What the study is not tested without: modules such as "torch", and environment variables
        such as "$MITHEORY_DATA".
    reads : sequence of str
        The files and folders that the numbers come from besides code: paths relative to the
        study's file, or below a variable of `needs`, as "$MITHEORY_DATA/mnist". A finished cell
        is used again only while their content is the same.
    cite, unit, note : str
        Keys of references.bib separated by commas; the unit of the number; anything else a
        reader of the report should know.

    Raises
    ------
    ValueError, TypeError
        For a description that could not be run or judged.
    """

    name: str
    claim: str
    over: Mapping[str, Sequence[Any]]
    measured: Callable[..., float | Mapping[str, Any]]
    predicted: Callable[..., float | None] | None = None
    tolerance: float | Callable[..., float] = 0.0
    relation: Relation = "equal"
    regime: Callable[..., bool] | None = None
    quick: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    judge: Callable[[list[Cell]], Verdict] | None = None
    must_hold: bool = True
    needs: Sequence[str] = ()
    reads: Sequence[str] = ()
    cite: str = ""
    unit: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        # the name becomes a file name, so it is held to what every file system takes
        if not (isinstance(self.name, str) and re.fullmatch(r"[a-z][a-z0-9_]*", self.name)):
            raise ValueError(
                "a study's name must be lower-case letters, digits and underscores; "
                f"got {self.name!r}"
            )
        if not (isinstance(self.claim, str) and self.claim.strip()):
            raise ValueError(f"study {self.name}: claim must be a sentence; got {self.claim!r}")
        if not callable(self.measured):
            raise TypeError(f"study {self.name}: measured must be callable; got {self.measured!r}")
        if self.predicted is None and self.judge is None:
            raise ValueError(f"study {self.name} needs predicted or judge to come to a verdict")
        check.one_of(self.relation, get_args(Relation), "relation")
        if not callable(self.tolerance):
            check.real(self.tolerance, f"study {self.name}: tolerance", least=0.0)
        for entry in ("needs", "reads"):
            if isinstance(getattr(self, entry), str):
                raise TypeError(
                    f"study {self.name}: {entry} must be a sequence of names; got a string"
                )
        for path in self.reads:
            variable = path.split("/")[0]
            if variable.startswith("$") and variable not in self.needs:
                raise ValueError(f"study {self.name} reads {path}, so it needs {variable!r} too")
        for entry in ("over", "quick"):
            object.__setattr__(self, entry, self._grid(getattr(self, entry), entry))
        for parameter in self.quick:
            check.one_of(parameter, self.over, f"parameter in quick of study {self.name}")
        for part in ("measured", "predicted", "tolerance", "regime"):
            self._takes_a_cell(part)

    def _takes_a_cell(self, part: str) -> None:
        """Refuse a function that cannot be called with the parameters, before any cell is run."""
        function = getattr(self, part)
        if not callable(function):
            return
        names = [*self.over, *(["rng"] if part == "measured" else [])]
        try:
            inspect.signature(function).bind(**dict.fromkeys(names))
        except TypeError as error:
            raise TypeError(
                f"study {self.name}: {part} must take {', '.join(names) or 'no arguments'} "
                f"by name: {error}"
            ) from None

    def _grid(self, grid: Mapping[str, Iterable[Any]], entry: str) -> dict[str, tuple[Any, ...]]:
        """The grid with tuples of values, each checked to have an identity."""
        checked = {}
        for parameter, given in grid.items():
            where = f"study {self.name}: {entry}[{parameter!r}]"
            if parameter in _OWN_KEYS or not parameter.isidentifier():
                raise ValueError(
                    f"{where}: a parameter must be an identifier other than {', '.join(_OWN_KEYS)}"
                )
            if isinstance(given, str):
                raise TypeError(f"{where} must be a sequence of values; got the string {given!r}")
            values = tuple(given)
            names = [str(value) for value in values]
            for value, name in zip(values, names, strict=True):
                if isinstance(value, np.ndarray) or re.search(r" at 0x[0-9a-fA-F]+", name):
                    raise ValueError(
                        f"{where} holds a {type(value).__name__}, whose str() does not identify "
                        "it; use scalars, tuples, or objects that define __str__"
                    )
            if not values or len(set(names)) < len(names):
                raise ValueError(
                    f"{where} must be a sequence of distinct values, at least one; got {names}"
                )
            checked[parameter] = values
        return checked

    def cells(self, profile: ProfileName) -> list[Cell]:
        """The cells of a profile in the order of the grid, as parameter → value."""
        check.one_of(profile, get_args(ProfileName), "profile")
        grid = {**self.over, **(self.quick if profile == "quick" else {})}
        return [
            dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())
        ]

    def identity(self, cell: Cell) -> str:
        """SHA-256, in hexadecimal, of the study's name and the cell's parameters."""
        words = {parameter: str(value) for parameter, value in cell.items()}
        text = json.dumps([self.name, words], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def seed(self, cell: Cell) -> str:
        """128 bits of the identity, as the hexadecimal number that seeds the cell's generator."""
        return "0x" + self.identity(cell)[:32]

    def compute(self, cell: Cell) -> Cell:
        """Measure, predict and judge one cell.

        Returns
        -------
        dict
            JSON-able: parameters (as `str` unless JSON scalars), "rng_seed", "value", "predicted",
            "tolerance", "in_regime", "holds" (None outside the regime and where nothing is
            predicted) and the details.

        Raises
        ------
        ValueError, TypeError
            When a number is not finite or a detail is not JSON-able, besides anything that the
            study's own functions raise.
        """
        seed = self.seed(cell)
        rng = np.random.default_rng(int(seed, 16))
        measured = self.measured(rng=rng, **cell)
        details = dict(measured) if isinstance(measured, Mapping) else {"value": measured}
        if "value" not in details:
            raise ValueError(f"measured must give the number under 'value'; got {sorted(details)}")
        value = check.real(details.pop("value"), "the measured value")
        taken = sorted({*details} & {*cell, *_OWN_KEYS})
        if taken:
            raise ValueError(f"details must not reuse the names of parameters; got {taken}")
        predicted = self.predicted(**cell) if self.predicted else None
        tolerance = None
        in_regime = self.regime is None or bool(self.regime(**cell))
        if predicted is not None:
            predicted = check.real(predicted, "the predicted value")
            given = self.tolerance(**cell) if callable(self.tolerance) else self.tolerance
            tolerance = check.real(given, "the tolerance", least=0.0)
        record: Cell = {parameter: scalar(given) for parameter, given in cell.items()}
        record |= {"rng_seed": seed, "value": value, "predicted": predicted}
        record |= {"tolerance": tolerance, "in_regime": in_regime, "holds": None}
        if in_regime and predicted is not None:
            record["holds"] = self._excess(record) <= 0.0
        return record | {key: plain(item, f"details[{key!r}]") for key, item in details.items()}

    def _excess(self, record: Cell) -> float:
        """How far beyond what the claim allows a judged cell is; positive where it fails."""
        measured, predicted, tolerance = (record[k] for k in ("value", "predicted", "tolerance"))
        # written as the claim is, so that rounding cannot fail a cell that the claim passes
        if self.relation == "at most":
            return float(measured - (predicted + tolerance))
        if self.relation == "at least":
            return float((predicted - tolerance) - measured)
        return float(abs(measured - predicted) - tolerance)

    def verdict(self, cells: list[Cell]) -> Verdict:
        """Judge the records that `compute` gave for all cells of a profile."""
        if self.judge is not None:
            verdict = self.judge(cells)
            if not isinstance(verdict, Verdict):
                raise TypeError(f"judge must give a Verdict; got {verdict!r}")
            return verdict
        judged = [cell for cell in cells if cell["holds"] is not None]
        if not judged:
            return Verdict(
                "not tested", f"none of the {len(cells)} cells is in the regime and predicted"
            )
        failed = sum(not cell["holds"] for cell in judged)
        worst = max(judged, key=self._severity)
        outside = len(cells) - len(judged)
        count = f"{failed or len(judged)} of {len(judged)} cells"
        words = [
            ""
            if len(cells) == 1
            else f"fails in {count}; worst: "
            if failed
            else f"holds in {count}; closest to failing: ",
            f"measured {worst['value']:.6g}, {self._expected(worst)}",
            f" {self.unit}" if self.unit else "",
            self._where(worst),
            f"; {outside} more not judged" if outside else "",
        ]
        return Verdict("does not hold" if failed else "holds", "".join(words))

    def _severity(self, record: Cell) -> float:
        """Orders cells from safe to failed: by share of the tolerance for an equality."""
        if self.relation != "equal":
            return self._excess(record)
        difference = abs(record["value"] - record["predicted"])
        if record["tolerance"] == 0.0:
            return math.inf if difference else 0.0
        return float(difference / record["tolerance"])

    def _expected(self, record: Cell) -> str:
        predicted, tolerance = record["predicted"], record["tolerance"]
        if self.relation == "equal":
            return f"predicted {predicted:.6g} ± {tolerance:.2g}"
        margin = "plus" if self.relation == "at most" else "less"
        return f"{self.relation} {predicted:.6g}" + (
            f" ({margin} {tolerance:.2g})" if tolerance else ""
        )

    def _where(self, record: Cell) -> str:
        words = describe({parameter: record[parameter] for parameter in self.over})
        return f" at {words}" if words else ""
