"""Which files a path, a folder or a pattern means."""

from __future__ import annotations

import errno
import glob
import os
import re
from itertools import takewhile
from pathlib import Path
from typing import Literal

from mitheory.tables.text import delimiter_of

Kind = Literal["text", "parquet"]
_PARTITION = re.compile(r"[^=]+=.*")
_KNOWN = ".csv or .tsv (also with .gz) or .parquet"


def files_of(source: str | os.PathLike[str]) -> tuple[list[Path], Kind, Path | None]:
    """The files that a source means, their kind, and the folder below which names hold columns.

    A name that exists means itself, whatever characters it has. A folder means the files of a
    known kind below it, except hidden ones; a pattern, those that match. Folders below it with
    names like ``year=2024`` hold the column year; where there are none, that folder is None.

    Raises
    ------
    FileNotFoundError, ValueError
    """
    given = os.fspath(source)
    path = Path(given)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if _kind(p) and _is_shown(p.relative_to(path)))
        if not found:
            raise FileNotFoundError(f"the folder {given!r} holds no {_KNOWN} file")
    elif path.exists() or not glob.has_magic(given):
        found = [path]
    else:
        found = sorted(p for p in map(Path, glob.glob(given, recursive=True)) if p.is_file())
        if not found:
            raise FileNotFoundError(f"no file matches the pattern {given!r}")
    if not found[0].exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), given)
    for file in found:
        if not _kind(file):
            raise ValueError(f"a table must be a {_KNOWN} file; got {file.name!r}")
    kinds = {_kind(file) for file in found}
    if len(kinds) > 1:
        raise ValueError(
            f"files counted together must be of one kind; {given!r} has text and Parquet files"
        )
    if path.is_dir():
        base = path
    elif found == [path]:
        base = path.parent
    else:
        base = Path(*takewhile(lambda part: not glob.has_magic(part), path.parts))
    folders = (part for file in found for part in file.relative_to(base).parts[:-1])
    partitioned = any(map(_PARTITION.fullmatch, folders))
    return found, kinds.pop() or "text", base if partitioned else None


def _kind(path: Path) -> Kind | None:
    if delimiter_of(path):
        return "text"
    return "parquet" if path.suffix.lower() in (".parquet", ".pq") else None


def _is_shown(path: Path) -> bool:
    return not any(part.startswith((".", "_")) for part in path.parts)
