"""What a run of a study gives: the cells, the verdict, and the file that figures read."""

from __future__ import annotations

import dataclasses
import importlib.util
import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mitheory import check
from mitheory.files import write_whole
from mitheory.study import store
from mitheory.study.claim import ProfileName, Study, Verdict
from mitheory.study.records import Cell
from mitheory.study.sources import sources


@dataclass(frozen=True, kw_only=True)
class Results:
    """The cells of a study and what they say.

    Attributes
    ----------
    name, claim, unit, cite, note, must_hold
        As in the `Study`.
    profile : {"quick", "full"}
    verdict : Verdict
    problem : str
        Why there is no proper verdict though there should be (cells failed, the judgement
        failed); empty when all is well.
    sources : str
        The digest of the code and the data that the cells come from; empty if it is not known.
    cells : list of dict
        In the order of the grid: parameters, "rng_seed", "value", "predicted", "tolerance",
        "in_regime", "holds", and details.
    """

    name: str
    claim: str
    profile: ProfileName
    verdict: Verdict
    cells: list[Cell]
    problem: str = ""
    must_hold: bool = True
    unit: str = ""
    cite: str = ""
    note: str = ""
    sources: str = ""

    @property
    def ok(self) -> bool:
        """False if something went wrong, or if a claim that must hold does not."""
        return not self.problem and not (self.must_hold and self.verdict.status == "does not hold")

    @property
    def line(self) -> str:
        """One line: the verdict, the claim, and the measured figure."""
        open_question = "" if self.must_hold else " (open question)"
        return f"{self.verdict.status:<13}  {self.claim}{open_question} — {self.verdict.figure}"

    @property
    def parameters(self) -> list[str]:
        """The names of the grid's parameters, which open every cell's record."""
        return list(itertools.takewhile(lambda key: key != "rng_seed", next(iter(self.cells), {})))

    def column(self, key: str) -> list[Any]:
        """One entry of every cell; None in cells that lack it."""
        check.one_of(key, dict.fromkeys(k for cell in self.cells for k in cell), "column")
        return [cell.get(key) for cell in self.cells]

    def select(self, **parameters: Any) -> Results:
        """The results with only the cells that have these values (compared by their `str`).

        Raises
        ------
        ValueError
            When no cell has them: a figure with nothing in it is an error.
        """
        cells = self.cells
        for parameter, value in parameters.items():
            present = dict.fromkeys(str(entry) for entry in self.column(parameter))
            cells = [cell for cell in cells if str(cell.get(parameter)) == str(value)]
            if not cells:
                raise ValueError(
                    f"no cell of {self.name} has {parameter}={value} (with the values before it); "
                    f"values of {parameter}: {', '.join(present)}"
                )
        return dataclasses.replace(self, cells=cells)


def missing_needs(study: Study) -> list[str]:
    """Those of the study's needs that are not there."""
    return [name for name in study.needs if not _at_hand(name)]


def _at_hand(name: str) -> bool:
    if name.startswith("$"):
        return bool(os.environ.get(name[1:]))
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the parent of a dotted name is absent
        return False


def collect(folder: str | Path, study: Study, profile: ProfileName = "quick") -> Results:
    """Gather the finished cells of a profile into `folder`/NAME.json and judge them.

    Only cells computed by the present code count. The file is the same, byte for byte, however
    the cells came to be computed.
    """
    return gather(store.open_folder(Path(folder)), study, profile, sources(study))


def gather(folder: Path, study: Study, profile: ProfileName, digest: str) -> Results:
    """`collect` for cells computed by the code with this digest."""
    cells = [] if missing_needs(study) else study.cells(profile)
    stored = [store.recall(folder, study, cell, digest) for cell in cells]
    records = [found.record for found in stored if found.state == "kept"]
    results = _judged(study, profile, records, digest)
    _write(folder, results)
    return results


def archive(folder: Path, study: Study, into: Path) -> Results:
    """Put the finished full grid of a study into the folder of results that are kept for good.

    The cells may come from code of another day, or another machine: they must be complete and all
    of the same code, whose digest stands in the file. Otherwise nothing is written, and the
    results name the problem.
    """
    stored = [store.recall(folder, study, cell, "") for cell in study.cells("full")]
    records = [found.record for found in stored if found.record]
    digests = {found.digest for found in stored if found.record}
    results = _judged(study, "full", records, " ".join(sorted(digests)))
    if len(digests) > 1:
        problem = f"the cells come from {len(digests)} versions of the code"
        results = dataclasses.replace(results, problem=problem)
    if not results.problem:
        _write(into, results)
    return results


def _judged(study: Study, profile: ProfileName, records: list[Cell], digest: str) -> Results:
    """The results that these records of a profile's cells make."""
    # what is needed to compute cells is not needed to judge them
    absent = [] if records else missing_needs(study)
    lacking = len(study.cells(profile)) - len(records)
    problem = ""
    if absent:
        verdict = Verdict("not tested", f"needs {', '.join(absent)}, which this machine lacks")
    elif lacking:
        problem = f"{lacking} of {lacking + len(records)} cells have no result"
    else:
        try:
            verdict = study.verdict(records)
        except Exception as error:  # whatever a study's own judgement may raise
            problem = f"the judgement failed: {type(error).__name__}: {error}"
    return Results(
        name=study.name,
        claim=study.claim,
        profile=profile,
        verdict=Verdict("not tested", problem) if problem else verdict,
        cells=records,
        problem=problem,
        must_hold=study.must_hold,
        unit=study.unit,
        cite=study.cite,
        note=study.note,
        sources=digest,
    )


def _write(folder: Path, results: Results) -> None:
    file = folder / f"{results.name}.json"
    try:
        write_whole(file, _text(results))
    except OSError as error:
        raise OSError(
            f"the results cannot be written to {file} ({error.strerror}); "
            "the finished cells are kept"
        ) from error


def _text(results: Results) -> str:
    """JSON with one cell per line, which version control shows well."""
    head = dataclasses.asdict(results)
    lines = [json.dumps(cell, allow_nan=False, ensure_ascii=False) for cell in head.pop("cells")]
    body = ",\n  ".join(lines)
    return (
        json.dumps(head, indent=1, ensure_ascii=False)[:-2] + f',\n "cells": [\n  {body}\n ]\n}}\n'
    )


def read(folder: str | Path, name: str) -> Results:
    """The results that `collect` stored; figures start here.

    Raises
    ------
    FileNotFoundError, ValueError
        There are none, or the file is not what `collect` writes.
    """
    file = Path(folder) / f"{name}.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Results(**{**content, "verdict": Verdict(**content["verdict"])})
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there are no results of {name} in {folder}; run its study first"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file} does not hold the results of a study ({error})") from None
