"""Running studies: cells in parallel, each kept as soon as it is finished."""

from __future__ import annotations

import contextlib
import shlex
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mitheory import check
from mitheory.study import store
from mitheory.study.claim import ProfileName, Study
from mitheory.study.cluster import outcomes_on
from mitheory.study.records import Cell, describe
from mitheory.study.results import Results, gather, missing_needs
from mitheory.study.sources import defining_file, sources
from mitheory.study.workers import Failure, Task, interrupts_held, outcomes
from mitheory.terminal import bar_on

if TYPE_CHECKING:
    from rich.console import Console


def run(
    study: Study,
    *,
    folder: str | Path,
    profile: ProfileName = "quick",
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool | None = None,
) -> Results:
    """Run one study: see `run_all`, which this is without the closing line."""
    return _run([study], Path(folder), profile, workers, scheduler, progress)[0]


def run_all(
    studies: Sequence[Study],
    *,
    folder: str | Path,
    profile: ProfileName = "quick",
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool | None = None,
) -> list[Results]:
    """Run studies in one pool of processes, or on a cluster, and print one line per claim.

    Finished cells are kept in `folder` at once and are not computed again while the code behind
    them is the same; an interruption loses only the cells that were running. A cell that fails is
    reported with its seed and the command that runs it alone, and the others go on.

    Parameters
    ----------
    studies : sequence of Study
        With different names.
    folder : path
        Cells go to `folder`/NAME/, the collected results to `folder`/NAME.json.
    profile : {"quick", "full"}
        Which grid.
    workers : int, optional
        Processes, of one thread each; by default one per core that this process may use. The
        results do not depend on it.
    scheduler : str, optional
        The address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers compute the
        cells in place of processes of this machine. The results do not depend on it.
    progress : bool, optional
        A progress bar with the time left on standard error; by default where that is a terminal.
        Otherwise one line per study is written there.

    Returns
    -------
    list of Results
        In the order of `studies`.

    Raises
    ------
    OSError
        The folder cannot be written, the disk is full, or the scheduler cannot be reached.
    ValueError
        Both `workers` and `scheduler` are given, or a worker of the cluster has other code or
        data than this machine, or lacks a package.
    KeyboardInterrupt
        After the workers have been stopped; what is finished is kept.
    """
    results = _run(studies, Path(folder), profile, workers, scheduler, progress)
    for result in results:
        print(result.line)
    return results


def _run(
    studies: Sequence[Study],
    folder: Path,
    profile: ProfileName,
    workers: int | None,
    scheduler: str | None,
    progress: bool | None,
) -> list[Results]:
    from rich.console import Console

    twice = [name for name, times in Counter(study.name for study in studies).items() if times > 1]
    if twice:
        raise ValueError(f"studies must have different names; {', '.join(twice)} occurs twice")
    if scheduler is not None and workers is not None:
        raise ValueError("give workers or scheduler; a cluster has its own number of workers")
    size = _cores() if workers is None else check.whole_number(workers, "workers", least=1)
    store.open_folder(folder)
    console = Console(
        stderr=True, markup=False, highlight=False, soft_wrap=True, force_terminal=progress
    )
    # taken once: an edit while the cells run must neither be mixed in nor lose them
    digests = [sources(study) for study in studies]
    tasks: list[Task] = []
    for study, digest in zip(studies, digests, strict=True):
        tasks += _unfinished(study, digest, folder, profile, console)
    if tasks:
        finishing = (
            outcomes(tasks, min(size, len(tasks)))
            if scheduler is None
            else outcomes_on(scheduler, tasks, console.print)
        )
        _work_off(tasks, finishing, folder, console)
    for study, digest in zip(studies, digests, strict=True):
        if sources(study) != digest:
            console.print(f"{study.name}: the code was edited during the run; run it again")
    return [
        gather(folder, study, profile, digest)
        for study, digest in zip(studies, digests, strict=True)
    ]


def _cores() -> int:
    import joblib

    return int(joblib.cpu_count())


def _unfinished(
    study: Study, digest: str, folder: Path, profile: ProfileName, console: Console
) -> list[Task]:
    """The cells that need computing, after a word on those that are computed again."""
    import cloudpickle

    if missing_needs(study):
        return []
    cells = study.cells(profile)
    states = [store.recall(folder, study, cell, digest).state for cell in cells]
    counts = Counter(states)
    if counts["stale"]:
        console.print(
            f"{study.name}: the code{' or the data' if study.reads else ''} has changed since "
            f"{counts['stale']} of {len(cells)} cells were computed; computing them again"
        )
    for cell, state in zip(cells, states, strict=True):
        if state == "damaged":
            file = store.cell_file(folder, study, cell)
            console.print(f"{study.name}: {file} is damaged; computing the cell again")
    if counts["kept"] == len(cells):
        console.print(f"{study.name}: {len(cells)} cells, all finished before")
        return []
    try:
        pickled = cloudpickle.dumps(study)
    except Exception as error:  # pickling fails in as many ways as there are objects
        raise TypeError(
            f"study {study.name} cannot be sent to worker processes: {error}; "
            "let its functions use only what they import, are given, or can be pickled"
        ) from error
    return [
        Task(study, profile, index, cell, digest, pickled)
        for index, (cell, state) in enumerate(zip(cells, states, strict=True))
        if state != "kept"
    ]


def _work_off(
    tasks: list[Task],
    finishing: Generator[tuple[Task, Cell | Failure], None, None],
    folder: Path,
    console: Console,
) -> None:
    """Keep the record of each task as it finishes, and report failures and progress."""
    unfinished = Counter(task.study.name for task in tasks)
    failed: Counter[str] = Counter()
    kept = 0
    bar = bar_on(console)
    try:
        with bar, contextlib.closing(finishing):
            advance = bar.add_task("computing cells", total=len(tasks))
            for task, outcome in finishing:
                name = task.study.name
                if isinstance(outcome, Failure):
                    failed[name] += 1
                    console.print(_failure_words(task, outcome))
                else:
                    with interrupts_held():  # a cell that is kept is counted, too
                        store.keep(folder, task.study, task.cell, task.digest, outcome)
                        kept += 1
                bar.advance(advance)
                unfinished[name] -= 1
                if not unfinished[name]:
                    fate = f", {failed[name]} failed" if failed[name] else ""
                    cells = len(task.study.cells(task.profile))
                    console.print(f"{name}: {cells} cells finished{fate}")
    except KeyboardInterrupt:
        console.print(
            f"interrupted: {kept} of {len(tasks)} cells were finished and are kept; "
            "the same command goes on from here"
        )
        raise


def _failure_words(task: Task, failure: Failure) -> str:
    where = describe(task.cell) or "the only one"
    words = f"{task.study.name}: cell {where} (seed {task.study.seed(task.cell)}) failed: {failure}"
    file = study_file(task.study)
    if file is None:
        return words
    only = [f"--only {shlex.quote(f'{name}={value}')}" for name, value in task.cell.items()]
    return f"{words}\n  to run it alone: {' '.join(['python', shlex.quote(str(file)), *only])}"


def study_file(study: Study) -> Path | None:
    """The file, outside this package, that defines the study's functions; None if there is none."""
    functions = (study.measured, study.predicted, study.judge, study.tolerance, study.regime)
    package = Path(__file__).parents[1]
    files = [file for file in map(defining_file, functions) if file and package not in file.parents]
    return files[0] if files else None
