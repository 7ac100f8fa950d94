"""A study's file as a program, and as something to load."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mitheory import check
from mitheory.study.claim import ProfileName, Study
from mitheory.study.records import Cell, describe
from mitheory.study.runner import run


def main(study: Study, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a study from the command line of its own file, and leave the interpreter.

    The last lines of a study's file are::

        if __name__ == "__main__":
            main(STUDY)

    Exit codes: 0 for a claim that holds, is not tested for want of a module, or is an open
    question; 1 for a claim that must hold and does not, and for cells that failed; 2 for wrong
    arguments, a folder that cannot be written, or a cluster that cannot be used; 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(
        description=f"The claim: {study.claim}.", epilog=study.note or None, allow_abbrev=False
    )
    parser.add_argument("--full", action="store_true", help="the whole grid, at paper scale")
    parser.add_argument("--workers", type=int, metavar="N", help="processes; default one per core")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="compute on the workers of this Dask scheduler"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("build/results"), help="results (default %(default)s)"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="only the cells with this value, in this process, keeping nothing; repeatable",
    )
    given = parser.parse_args(arguments)
    try:
        workers = (
            given.workers
            if given.workers is None
            else check.whole_number(given.workers, "--workers", least=1)
        )
        chosen = _chosen(study, given.only) if given.only else []
    except ValueError as error:
        parser.error(str(error))
    profile: ProfileName = "full" if given.full else "quick"
    try:
        for cell in chosen:
            print(json.dumps(study.compute(cell), indent=1))
        if chosen:
            sys.exit(0)
        try:
            results = run(
                study,
                folder=given.folder,
                profile=profile,
                workers=workers,
                scheduler=given.scheduler,
            )
        except (OSError, ValueError) as error:
            parser.error(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    print(results.line)
    sys.exit(0 if results.ok else 1)


def _chosen(study: Study, conditions: list[str]) -> list[Cell]:
    """The cells, of either profile, that meet every NAME=VALUE."""
    both = [*study.cells("full"), *study.cells("quick")]
    wanted = dict(condition.partition("=")[::2] for condition in conditions)
    cells = {
        study.identity(cell): cell
        for cell in both
        if all(str(cell.get(name)) == value for name, value in wanted.items())
    }
    if not cells:
        known = "; ".join(describe(cell) for cell in both[:3])
        raise ValueError(f"no cell has {', '.join(conditions)}; cells are like {known}")
    return list(cells.values())


def load(path: str | Path) -> Study:
    """The STUDY of a study's file, without running it.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no such file, or it defines no STUDY.
    """
    import cloudpickle

    path = Path(path).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"there is no study at {path}")
    # a name of its own, so that a study's file cannot shadow an installed module
    name = f"_study_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # as when the file is run: what stands beside it can be imported
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    spec.loader.exec_module(module)
    # the workers cannot import this name, so its functions travel to them by value
    cloudpickle.register_pickle_by_value(module)
    study = getattr(module, "STUDY", None)
    if not isinstance(study, Study):
        raise ValueError(f"{path} must define STUDY, a mitheory.study.Study; got {study!r}")
    return study
