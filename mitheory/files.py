"""Files that are whole or not there: how results are written and archives of arrays are read."""

from __future__ import annotations

import os
import secrets
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""Of the text files that hold tables, by suffix."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a crash at any moment, sees the old one or the new one.

    The content, text as UTF-8, goes to a temporary file beside `path`, which then takes its name
    in one step.

    Raises
    ------
    OSError
        The folder cannot be written or the disk is full; `path` is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        if isinstance(content, str):
            temporary.write_text(content, encoding="utf-8", newline="\n")
        else:
            temporary.write_bytes(content)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_arrays(
    path: Path, names: Sequence[str]
) -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...]]:
    """Those of the named arrays that a .npz archive holds, and the names of all that it holds.

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        For a file that is damaged, no archive, or would have to be unpickled: nothing is.
    """
    try:
        with path.open("rb") as stream:
            # of another file NumPy says that it may be unpickled
            if not stream.read(6).startswith((b"PK", b"\x93NUMPY")):
                raise ValueError("it is no archive of arrays, as numpy.savez writes it")
            stream.seek(0)
            archive = np.load(stream, allow_pickle=False)
            if isinstance(archive, np.ndarray):
                example = ", ".join(f"{name}=..." for name in names[:2])
                raise ValueError(f"it holds a single array (numpy.savez(file, {example}))")
            held = tuple(archive.files)
            return {name: archive[name] for name in names if name in held}, held
    # RuntimeError: a member that is encrypted, or compressed in a way that is not supported
    except (
        ValueError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        MemoryError,
        RuntimeError,
    ) as error:
        raise ValueError(f"{path} is not a whole .npz file of plain arrays: {error}") from None
