"""Files that are whole or not there: how mitheory writes results, figures and reports."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

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
