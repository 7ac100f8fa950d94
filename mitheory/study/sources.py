"""What a study depends on: a digest of the code and the data behind its numbers.

A finished cell is used again only while this digest is the one it was computed with. It covers the
file that defines the study's functions, everything that file imports from beside it and from
mitheory, directly or not, the versions of the other packages imported on the way, and the content
of the files that the study says it reads. Comments, docstrings and layout do not count: they cannot
change a number. Names that are imported at run time by a computed name are not seen, except in
mitheory's own lazy packages, which count whole.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import inspect
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import mitheory
from mitheory.study.claim import Study

_ROOT = Path(mitheory.__file__).resolve().parent
_LAZY = _ROOT / "__init__.py"

_FORM = 1
"""Raise this when a cell's seed, record or judgement changes for the same study: this package is
left out of the digest, so that a better progress bar does not cost a paper-scale run."""

_NO_NUMBERS = tuple(_ROOT / part for part in ("study", "report", "cli", "cli.py"))


class _Source(NamedTuple):
    digest: str
    imports: tuple[tuple[int, tuple[str, ...]], ...]  # level of a relative import, parts of a name
    lazy: bool


def sources(study: Study) -> str:
    """The digest, in hexadecimal, of the code and the data that a study's numbers come from."""
    digest = hashlib.sha256(f"{_FORM} {study.relation}".encode())
    for function in _functions(study):
        if not defining_file(function):
            digest.update(_without_file(function).encode())
    closure, packages = _closure(_own_files(study))
    # sorted by content, not by path: the digest is the same in every checkout
    for line in sorted(f"{file.name} {_read(file).digest}" for file in closure):
        digest.update(line.encode())
    for package in sorted(packages):
        digest.update(f"{package} {_version(package)}".encode())
    for entry in study.reads:
        digest.update(f"{entry} {_content(_place(study, entry))}".encode())
    return digest.hexdigest()[:32]


def newest(study: Study) -> float:
    """When what a study imports was last changed, in seconds since 1970.

    The files of its own functions are left out: those reach a worker by value.
    """
    own = _own_files(study)
    imported = _closure(own)[0] - own
    return max((file.stat().st_mtime for file in imported), default=0.0)


def _functions(study: Study) -> tuple[Any, ...]:
    return study.measured, study.predicted, study.tolerance, study.regime


def _own_files(study: Study) -> set[Path]:
    return {file for file in map(defining_file, _functions(study)) if file}


def defining_file(function: Any) -> Path | None:
    """The file that defines a function, or None where there is none (a session, a builtin)."""
    code = _code(function)
    file = Path(code.co_filename) if code else None
    return file.resolve() if file and file.is_file() else None


def _code(function: Any) -> CodeType | None:
    while isinstance(function, functools.partial):
        function = function.func
    if not callable(function):
        return None
    function = inspect.unwrap(function)
    # numba keeps the Python function as py_func; a callable object has its code in its class
    for place in (function, getattr(function, "py_func", None), type(function).__call__):
        code = getattr(place, "__code__", None)
        if isinstance(code, CodeType):
            return code
    return None


def _without_file(function: Any) -> str:
    """What identifies a function typed into a session, or a constant."""

    def words(code: CodeType) -> str:
        inner = [words(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
        return f"{code.co_code.hex()} {code.co_names} {inner}"

    code = _code(function)
    return words(code) if code else repr(function)


def _closure(files: set[Path]) -> tuple[set[Path], set[str]]:
    """`files` with all they import, and the top names of the other packages they import."""
    beside = {file.parent for file in files}
    found: set[Path] = set()
    packages: set[str] = set()
    waiting = set(files)
    while waiting:
        file = waiting.pop()
        found.add(file)
        source = _read(file)
        reached = set(file.parent.rglob("*.py")) if source.lazy else set()
        for level, parts in source.imports:
            roots = {file.parents[level - 1]} if level else beside | {_ROOT.parent}
            inside = {path for root in roots for path in _located(root, parts)}
            if not inside and not level and parts[0] not in sys.stdlib_module_names:
                packages.add(parts[0])
            reached |= inside
        waiting |= {
            path
            for path in reached - found
            if not any(path == part or part in path.parents for part in _NO_NUMBERS)
        }
    return found, packages


def _located(root: Path, parts: tuple[str, ...]) -> list[Path]:
    """The files below `root` that an import of the dotted name runs."""
    if root == _ROOT.parent and parts[0] != _ROOT.name:
        return []  # where mitheory is installed, its neighbours are everybody's packages
    stems = [root.joinpath(*parts[:k]) for k in range(1, len(parts) + 1)]
    modules = [path for stem in stems for path in (stem.with_suffix(".py"), stem / "__init__.py")]
    files = [path for path in modules if path.is_file()]
    # passing through mitheory's own __init__ loads nothing; only names taken from it do
    return files[1:] if len(files) > 1 and files[0] == _LAZY else files


def _read(file: Path) -> _Source:
    return _source(file, file.stat().st_mtime_ns)


@functools.cache
def _source(file: Path, _changed: int) -> _Source:
    """A file's digest and imports; the time of its last change is there to refresh the cache."""
    content = file.read_bytes()
    try:
        tree = ast.parse(content)
    except SyntaxError:  # this Python cannot import it, so nothing it names is reached
        return _Source(hashlib.sha256(content).hexdigest(), (), False)
    imports: list[tuple[int, tuple[str, ...]]] = []
    lazy = False
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                imports += [(0, tuple(alias.name.split("."))) for alias in node.names]
                imports += [
                    (0, (alias.name.split(".")[0],)) for alias in node.names if not alias.asname
                ]
            case ast.ImportFrom(module=module, level=level):
                parts = tuple(module.split(".")) if module else ()
                imports += [(level, (*parts, alias.name)) for alias in node.names]
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                lazy |= name == "import_module" and _ROOT in file.parents
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if ast.get_docstring(node, clean=False) is not None:
                    node.body = node.body[1:]
    digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    return _Source(digest, tuple(dict.fromkeys(imports)), lazy)


@functools.cache
def _version(package: str) -> str:
    """The version of the distribution that a package belongs to; empty where none is known."""
    names = importlib.metadata.packages_distributions().get(package, [])
    return " ".join(f"{name} {importlib.metadata.version(name)}" for name in sorted(set(names)))


def _place(study: Study, entry: str) -> Path:
    """The file or folder that an entry of `reads` stands for."""
    file = defining_file(study.measured)
    return (file.parent if file else Path()) / os.path.expandvars(entry)


def _content(place: Path) -> str:
    """The digest of a file, or of a folder's files with their names; empty where nothing is."""
    files = [file for file in (place, *place.rglob("*")) if file.is_file()]
    lines = [
        f"{file.relative_to(place).as_posix()} {_bytes(file, file.stat().st_mtime_ns)}"
        for file in files
    ]
    return " ".join(sorted(lines))


@functools.cache
def _bytes(file: Path, _changed: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
