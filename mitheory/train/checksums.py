"""Checksums of data files, where the user keeps them beside the files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path


def verify(path: Path) -> None:
    """Hold a file against the sum that a file MD5SUMS in its folder states for it.

    MD5SUMS has the form that `md5sum` writes. Without one, or for a file it does not list, nothing
    is checked. Raises a ValueError if the sums differ, or if MD5SUMS has another form.
    """
    sums = path.parent / "MD5SUMS"
    if not sums.is_file():
        return
    for number, line in enumerate(sums.read_text(errors="replace").splitlines(), 1):
        entry = re.fullmatch(r"([0-9a-fA-F]{32}) [ *](?:\./)?(.+)", line)
        if entry is None:
            raise ValueError(
                f"{sums}, line {number} must be a sum of 32 hexadecimal digits, two spaces and a "
                f"file name, as md5sum writes it; got {line!r}"
            )
        stated, name = entry[1].lower(), entry[2]
        if name == path.name:
            with path.open("rb") as stream:
                # against damage, not against malice
                found = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
            if found.hexdigest() != stated:
                raise ValueError(
                    f"{path} has the md5 sum {found.hexdigest()}, but {sums} states {stated}; "
                    "get the file again"
                )
