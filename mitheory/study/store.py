"""Finished cells on disk: one whole file each, used again while nothing behind it has changed."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mitheory.files import write_whole
from mitheory.study.claim import Study
from mitheory.study.records import Cell

State = Literal["kept", "absent", "stale", "damaged"]


def open_folder(folder: Path) -> Path:
    """Make `folder` if need be, and make sure that results can be written there.

    Raises
    ------
    OSError
        It cannot be; the message says why and what to do.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe.{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OSError(
            f"results cannot be written to {folder} ({error.strerror}); name another folder"
        ) from None
    return folder


def cell_file(folder: Path, study: Study, cell: Cell) -> Path:
    """Where a cell's record stands: named by its identity, whichever grid it is part of."""
    return folder / study.name / f"{study.identity(cell)[:24]}.json"


def keep(folder: Path, study: Study, cell: Cell, digest: str, record: Cell) -> None:
    """Write a finished cell at once."""
    file = cell_file(folder, study, cell)
    content = {"study": study.name, "sources": digest, "cell": record}
    try:
        file.parent.mkdir(exist_ok=True)
        write_whole(file, json.dumps(content, allow_nan=False, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OSError(
            f"a finished cell of {study.name} cannot be written to {file.parent} "
            f"({error.strerror}); the cells finished before are kept"
        ) from error


class Stored(NamedTuple):
    """What stands in a cell's place.

    Attributes
    ----------
    state : {"kept", "absent", "stale", "damaged"}
        Stale: whole, but computed by other code or from other data.
    record : dict
        Empty if absent or damaged.
    digest : str
        Of the code and the data that the record comes from; empty if absent or damaged.
    """

    state: State
    record: Cell
    digest: str


def recall(folder: Path, study: Study, cell: Cell, digest: str) -> Stored:
    """A cell's record if it is there and whole; kept if it was computed with this digest."""
    try:
        text = cell_file(folder, study, cell).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Stored("absent", {}, "")
    except UnicodeDecodeError:
        return Stored("damaged", {}, "")
    try:
        content: Any = json.loads(text)
        record, study_name, computed_by = content["cell"], content["study"], content["sources"]
        whole = study_name == study.name and record["rng_seed"] == study.seed(cell)
    except (ValueError, KeyError, TypeError):
        return Stored("damaged", {}, "")
    if not whole:
        return Stored("damaged", {}, "")
    return Stored("kept" if computed_by == digest else "stale", record, computed_by)
