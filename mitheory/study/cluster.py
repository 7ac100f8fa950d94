"""Cells on a Dask cluster: the same tasks and records as in processes of this machine.

The records come back to the runner, which alone writes. A task whose worker dies goes to another
one; one that takes worker after worker along is tried once more with nothing beside it, and then
given up. Cells of one worker process run one at a time and on one thread, as libraries such as
mpmath and sympy have settings that threads share.
"""

from __future__ import annotations

import functools
import importlib
import queue
import secrets
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Any

from mitheory.study.claim import ProfileName
from mitheory.study.records import Cell
from mitheory.study.results import missing_needs
from mitheory.study.sources import newest, sources
from mitheory.study.workers import Failure, Task, compute, unpickled

_CONNECT, _PATIENCE = 10.0, 10.0
"""Seconds until a scheduler must answer, and between two looks for workers."""

_alone = threading.Lock()


def outcomes_on(
    scheduler: str, tasks: list[Task], say: Callable[[str], None]
) -> Generator[tuple[Task, Cell | Failure], None, None]:
    """The tasks with their records, or why they failed, as they finish on a cluster.

    Parameters
    ----------
    scheduler : str
        The address of a Dask scheduler, such as tcp://10.0.0.1:8786.
    tasks : list of Task
    say : callable
        Is told where the cells run, and when they wait for a worker.

    Raises
    ------
    OSError
        No scheduler answers there, or it is lost during the run.
    ValueError
        distributed is not installed, or a worker cannot stand in for this machine: it has other
        code or data, or lacks what the study needs.
    """
    client = _connected(scheduler)
    try:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        say(f"cells run on {scheduler}, which has {workers} workers")
        suspects = []
        for task, outcome in _finished(client, scheduler, tasks, say):
            if outcome is None:
                suspects.append(task)
            else:
                yield task, outcome
        for task in suspects:
            for _, outcome in _finished(client, scheduler, [task], say):
                died = Failure("every worker that ran it died (out of memory, or a crash)")
                yield task, died if outcome is None else outcome
    finally:
        client.close(timeout=5)  # the scheduler then forgets what has not begun


def _connected(scheduler: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
        importlib.import_module("threadpoolctl")
    except ImportError as error:
        raise ValueError(
            f"a scheduler needs {error.name}, not installed here; pip install 'mitheory[cluster]'"
        ) from None
    try:
        return distributed.Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OSError(
            f"no Dask scheduler answers at {scheduler!r} ({error}); "
            "give the address that `dask scheduler` prints, such as tcp://10.0.0.1:8786"
        ) from None


def _finished(
    client: Any, scheduler: str, tasks: list[Task], say: Callable[[str], None]
) -> Iterator[tuple[Task, Cell | Failure | None]]:
    """The tasks with what they gave, as they finish; None for one whose workers died."""
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    running = {}
    # keys of this run alone: another run on the scheduler may have other code
    run = secrets.token_hex(4)
    for task in tasks:
        future = client.submit(
            _compute_alone,
            task.pickled,
            task.profile,
            task.index,
            task.digest,
            tuple(sys.path),
            key=f"{task.study.name}-{task.index}-{run}",
            pure=False,
        )
        running[future.key] = task
        future.add_done_callback(done.put)
        del future
    waiting = False
    while running:
        try:
            future = done.get(timeout=_PATIENCE)
        except queue.Empty:
            idle = not client.scheduler_info(n_workers=-1)["workers"]
            if idle and not waiting:
                say(f"{scheduler} has no workers; waiting for one")
            waiting = idle
            continue
        yield running.pop(future.key), _outcome(future, scheduler)


def _outcome(future: Any, scheduler: str) -> Cell | Failure | None:
    from distributed import CancelledError, KilledWorker

    try:
        outcome: Cell | Failure = future.result()
    except KilledWorker:
        return None
    except CancelledError:
        raise OSError(
            f"the scheduler at {scheduler} was lost; the cells finished before are kept, "
            "and the same command goes on from there"
        ) from None
    except Exception as error:  # a cell's own errors come as a Failure, so this is the worker's
        raise ValueError(f"a worker of {scheduler} cannot compute cells: {error}") from error
    return outcome


def _compute_alone(
    pickled: bytes, profile: ProfileName, index: int, digest: str, path: tuple[str, ...]
) -> Cell | Failure:
    """Compute one cell; this is all that happens in a worker."""
    import numba
    from threadpoolctl import threadpool_limits

    with _alone:
        sys.path += [place for place in path if place not in sys.path]
        _agree(pickled, profile, digest)
        threads = numba.get_num_threads()
        try:
            numba.set_num_threads(1)
            with threadpool_limits(1):
                return compute(pickled, profile, index)
        finally:
            numba.set_num_threads(threads)


@functools.lru_cache(maxsize=64)
def _agree(pickled: bytes, profile: ProfileName, digest: str) -> None:
    """Make sure, once for each study, that this worker's numbers would be the runner's."""
    import psutil

    study, _ = unpickled(pickled, profile)
    absent = missing_needs(study)
    if absent:
        raise ValueError(f"study {study.name} needs {', '.join(absent)}, which the worker lacks")
    if sources(study) != digest:
        raise ValueError(
            f"the code or the data behind study {study.name} differ from the runner's; workers "
            "need the checkout and the data at the same paths, and the same packages "
            "(after an edit during the run: run it again)"
        )
    if newest(study) > psutil.Process().create_time():
        raise ValueError(
            f"the code behind study {study.name} has changed since the worker was started; "
            "restart the workers"
        )
