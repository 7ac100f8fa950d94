"""Worker processes: tasks in, records of cells out."""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import signal
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any

from mitheory.study.claim import ProfileName, Study
from mitheory.study.records import Cell

# one thread in every cell: the same sums in the same order whatever the machine, and no
# fight for cores between the workers
_ONE_THREAD = dict.fromkeys(
    [
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMBA_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ],
    "1",
)


@dataclass(frozen=True)
class Task:
    """A cell to compute, and all that a worker needs for it."""

    study: Study
    profile: ProfileName
    index: int
    cell: Cell
    digest: str
    pickled: bytes


class Failure(str):
    """Why a cell has no record."""


def outcomes(tasks: list[Task], workers: int) -> Generator[tuple[Task, Cell | Failure], None, None]:
    """The tasks with their records, or why they failed, as they finish.

    A worker that dies (of memory, of a crash in compiled code) takes the pool with it. The cells
    that ran then go again one at a time, so that only the guilty one is given up.
    """
    waiting, suspects = deque(tasks), deque[Task]()
    running: dict[Future[Cell | Failure], Task] = {}
    pool = _pool(workers)
    try:
        while waiting or suspects or running:
            source, room = (suspects, 1) if suspects else (waiting, workers)
            while source and len(running) < room:
                task = source[0]
                try:
                    with interrupts_held():
                        future = pool.submit(compute, task.pickled, task.profile, task.index)
                except BrokenProcessPool:  # a worker died between two cells
                    if not running:
                        pool = _pool(workers)
                    break
                running[future] = source.popleft()
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                done, _ = wait(running)
                pool.shutdown(wait=True, kill_workers=True)
                pool = _pool(workers)
            alone = len(running) == 1
            for future in done:
                task = running.pop(future)
                if not isinstance(future.exception(), BrokenProcessPool):
                    yield task, future.result()
                elif alone:
                    yield task, Failure("its worker process died (out of memory, or a crash)")
                else:
                    suspects.append(task)
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _pool(workers: int) -> Any:
    # an executor of joblib's own process library: where joblib's Parallel would run a single
    # worker inside this process, with all its threads, this gives every cell the same conditions
    from joblib.externals.loky import ProcessPoolExecutor

    # starting it lets held interrupts through on Python 3.11, so it is started before any is held
    resource_tracker.ensure_running()
    # a process that holds 300 MB more than at first ends between two cells, and another takes its
    # place: nothing is lost, and nobody need be warned
    warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
    return ProcessPoolExecutor(
        workers, initializer=_follow, initargs=(os.getpid(),), env=_ONE_THREAD
    )


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment, and for good in the processes that are started meanwhile.

    Ctrl-C reaches every process of a terminal. The runner answers for its workers, which would
    otherwise die in the middle of starting up, each with a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no interrupt comes here
        return
    held: list[int] = []
    # new processes inherit the mask; in this one another thread may still take the signal
    handler = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        if held:
            signal.raise_signal(signal.SIGINT)


def _follow(runner: int) -> None:
    """End a worker when its runner has ended, however that came about."""

    def watch() -> None:
        while os.getppid() == runner:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def compute(pickled: bytes, profile: ProfileName, index: int) -> Cell | Failure:
    """Compute one cell; this is all that happens in a worker."""
    try:
        study, cells = unpickled(pickled, profile)
        return study.compute(cells[index])
    except (Exception, SystemExit) as error:  # whatever a study's own functions may raise
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return Failure(f"{type(error).__name__}: {error} ({frame.filename}, line {frame.lineno})")


@functools.lru_cache(maxsize=8)
def unpickled(pickled: bytes, profile: ProfileName) -> tuple[Study, list[Cell]]:
    """A study that came to a worker, and the cells of a profile."""
    study: Study = pickle.loads(pickled)
    return study, study.cells(profile)
