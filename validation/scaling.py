"""How the time of a run falls with the number of workers: measured here, simulated beyond. By hand.

A run hands out cells one after another and keeps their records one after another; between the two,
each worker computes one cell at a time. While a cell waits to be begun, either all workers compute
or the runner is busy. So a run of N cells that take c_1, ..., c_N seconds to compute and s seconds
each of the runner ends, on w workers, after at most

    N s + (c_1 + ... + c_N) / w + max c + s.

    python validation/scaling.py            small in every way, in seconds
    python validation/scaling.py --full     for a machine that does nothing else; minutes

The cells of this study: runs of a made study on one core to all, and the studies of the paper
scale with cells that are timed by a sample, their runs simulated for up to 1024 workers.
"""

import heapq
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cloudpickle
import joblib
import numpy as np

from mitheory.study import Study, load, main, run

WORKERS = [2**k for k in range(11)]
BYTES_A_SECOND = 125e6  # a network of 1 Gbit/s
BY_HAND = ("speed", "scaling", "large_table", "milc_complete", "milc_resnet", "milc_images")
SIZES = {
    "small": {"cells": 40, "rounds": 150, "profile": "quick", "sample": 2},
    "whole": {"cells": 200, "rounds": 700, "profile": "full", "sample": 3},
}
FEW = ("plugin_bias", "error_region", "known_prior")
NOISE = 0.05  # other work of the machine


def work(cell, rounds, rng):
    """A cell of the made study: some arithmetic, the seconds it took, and when and where."""
    begin, start = time.time(), time.perf_counter()
    for _ in range(rounds):
        np.sort(rng.random(20_000))
    return {"value": time.perf_counter() - start, "begin": begin, "worker": os.getpid()}


def made(cells, rounds):
    """A study of short cells that are alike."""
    return Study(
        name="made",
        claim="cells take time",
        over={"cell": range(cells), "rounds": [rounds]},
        measured=work,
        predicted=lambda cell, rounds: None,
    )


def timed(cells, rounds, **where):
    """A run of the made study: seconds of each cell, until each worker began, and in all."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.time()
        records = run(made(cells, rounds), folder=folder, **where).cells
    begun = {}
    for record in sorted(records, key=lambda record: record["begin"]):
        begun.setdefault(record["worker"], record["begin"] - start)
    end = max(record["begin"] + record["value"] for record in records) - start
    return [record["value"] for record in records], list(begun.values()), end


def serial_part(cells, **where):
    """Seconds of the runner for each cell: those of a run on one worker that computes nothing."""
    _, (begun,), end = timed(cells, 0, **where)
    return (end - begun) / cells


def simulated(seconds, begun, serial):
    """Seconds that a run takes: cells in their order, a runner that does one thing at a time."""
    free = list(begun)  # when each worker can begin its next cell
    heapq.heapify(free)
    runner = last = 0.0
    for cell in seconds:
        begin = max(heapq.heappop(free), runner)
        runner = begin + serial  # hands this cell out, and keeps the record of another
        last = max(last, runner + cell)
        heapq.heappush(free, runner + cell)
    return last


def limit(seconds, workers, serial):
    """The most that a run can take: see above."""
    return (len(seconds) + 1) * serial + sum(seconds) / workers + max(seconds)


def here(size):
    """Runs of the made study on one core of this machine to all of them."""
    serial = serial_part(size["cells"], workers=1)
    runs = []
    for workers in range(1, joblib.cpu_count() + 1):
        seconds, begun, taken = timed(size["cells"], size["rounds"], workers=workers)
        runs.append(
            {
                "workers": workers,
                "begun": begun,
                "work": sum(seconds),
                "taken": taken,
                "simulated": simulated(seconds, begun, serial),
                "limit": max(begun) + limit(seconds, workers, serial),
            }
        )
    worst = max(run["taken"] / run["limit"] for run in runs)
    return {"value": worst, "serial": serial, "runs": runs}


def beyond(size, rng):
    """The studies of a profile on a cluster, from the times of a sample of their cells."""
    # a process of its own, as a worker of this package cannot start a cluster
    command = [sys.executable, __file__, "--serial", str(size["cells"])]
    serial = float(subprocess.check_output(command, text=True))
    costs, seconds = [], []
    folder = Path(__file__).parent
    for path in sorted(folder.glob("*.py")):
        if path.stem in BY_HAND or (size["profile"] == "quick" and path.stem not in FEW):
            continue
        study = load(path)
        cells = study.cells(size["profile"])
        chosen = rng.choice(len(cells), min(size["sample"], len(cells)), replace=False)
        study.compute(study.cells("quick")[0])  # compiles
        sample, records = [], []
        for index in chosen:
            start = time.perf_counter()
            records.append(len(json.dumps(study.compute(cells[index]))))
            sample.append(time.perf_counter() - start)
        sent = len(cloudpickle.dumps(study))
        costs.append(
            {
                "study": study.name,
                "cells": len(cells),
                "seconds": sample,
                "bytes": sent + float(np.mean(records)),
            }
        )
        seconds += list(rng.choice(sample, len(cells)))
    rng.shuffle(seconds)
    moved = sum(cost["cells"] * cost["bytes"] for cost in costs)
    serial += moved / len(seconds) / BYTES_A_SECOND
    taken = [simulated(seconds, [0.0] * workers, serial) for workers in WORKERS]
    descending = sorted(seconds, reverse=True)
    longest_first = [simulated(descending, [0.0] * workers, serial) for workers in WORKERS]
    return {
        "value": max(
            time / limit(seconds, workers, serial)
            for times in (taken, longest_first)
            for time, workers in zip(times, WORKERS, strict=True)
        ),
        "costs": costs,
        "cells": len(seconds),
        "work": sum(seconds),
        "longest": max(seconds),
        "serial": serial,
        "moved": moved,
        "workers": WORKERS,
        "taken": taken,
        "longest_first": longest_first,
    }


def cluster_serial(cells):
    """`serial_part` of the runner with the scheduler of a Dask cluster."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        return serial_part(cells, scheduler=cluster.scheduler_address)


def measured(scale, place, rng):
    size = SIZES[scale]
    return here(size) if place == "this machine" else beyond(size, rng)


STUDY = Study(
    name="scaling",
    claim="a run ends within the time of its serial part, its work shared by the workers, and its "
    "longest cell",
    over={"scale": ["whole"], "place": ["this machine", "a cluster, simulated"]},
    quick={"scale": ["small"]},
    measured=measured,
    predicted=lambda scale, place: 1.0,
    tolerance=lambda scale, place: NOISE if place == "this machine" else 0.0,
    relation="at most",
    must_hold=False,
    needs=("distributed", "torch"),
    cite="graham1966",
    unit="of the limit",
    note="Times of one run on one machine. The work on a cluster is that of a sample of cells.",
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--serial"]:
        print(cluster_serial(int(sys.argv[2])))
    else:
        main(STUDY, ["--workers", "1", "--folder", "validation/results", *sys.argv[1:]])
