"""A table larger than the memory allowed: time beside DuckDB's own GROUP BY, and peak memory.

By hand, since it writes a Parquet file of up to a gigabyte (where TMPDIR says) and fills the
machine for minutes: `python validation/large_table.py --full`. Each run is a process of its own;
the two take turns, and the ratio is the median of those of neighbouring runs, which met the same
other work on the machine. The results are for the machine they were measured on; the ratio travels
better than the times.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from operator import truediv
from pathlib import Path

from mitheory.study import Study, Verdict, main

REPEATS = 5
MOST = 1.1  # times the GROUP BY alone, where distinct rows are few
LIMIT = "2GB"
LIMIT_BYTES = 2e9
PER_ROW = 100  # bytes a distinct row of three columns of integers
BASE = 3e8  # bytes of the interpreter, the libraries and the file's open parts

FEW = "10^5 distinct rows"
TABLES = {
    FEW: (500, 20, 10),
    "10^7 distinct rows": (1000, 100, 100),
}
GROUP = "SELECT a, b, c, count(*) FROM rows GROUP BY a, b, c"


def write(path, sizes, rows):
    """A Parquet file of three columns of 32-bit integers; they are as good as independent."""
    import duckdb

    columns = ", ".join(
        f"(hash(i + {k / 10}) % {size})::INT AS {name}"
        for k, (name, size) in enumerate(zip("abc", sizes, strict=True))
    )
    duckdb.sql(f"SELECT {columns} FROM range({rows}) numbers(i)").write_parquet(str(path))


def alone(path):
    """DuckDB's GROUP BY, its result as an Arrow table; with the settings that mitheory gives it."""
    from mitheory.tables import duck

    with duck.engine(LIMIT) as connection:
        connection.read_parquet(str(path)).create_view("rows")
        start = time.perf_counter()
        table = connection.sql(GROUP).to_arrow_table()
        seconds = time.perf_counter() - start
    return seconds, table.num_rows, int(table.column(3).to_numpy().sum())


def mitheory(path):
    import duckdb  # noqa: F401  (loading is no part of counting)
    import pyarrow.compute  # noqa: F401

    import mitheory as mt

    count_table = mt.count_table
    start = time.perf_counter()
    counts = count_table(path, memory_limit=LIMIT, progress=True)
    return time.perf_counter() - start, len(counts.counts), counts.n


CONTENDERS = {"mitheory": mitheory, "alone": alone}


def run(contender, path):
    """Of a run in a process of its own: seconds, peak memory in bytes, seconds of all cores
    together since it started, distinct rows, rows.
    """
    command = [sys.executable, __file__, "--run", contender, str(path)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def measured(table, rows, rng):
    runs = {contender: [] for contender in CONTENDERS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.parquet")
        write(path, TABLES[table], rows)
        size = path.stat().st_size
        for _ in range(REPEATS):
            for contender, found in runs.items():
                found.append(run(contender, path))
    seconds = {name: [one[0] for one in found] for name, found in runs.items()}
    peak = {name: max(one[1] for one in found) for name, found in runs.items()}
    ((distinct, counted),) = {tuple(one[3:]) for found in runs.values() for one in found}
    assert counted == rows
    return {
        "value": statistics.median(map(truediv, seconds["mitheory"], seconds["alone"])),
        "seconds": seconds,
        "cpu_seconds": {name: [one[2] for one in found] for name, found in runs.items()},
        "peak_bytes": peak,
        "allowed_bytes": LIMIT_BYTES + BASE + PER_ROW * distinct,
        "distinct": distinct,
        "file_bytes": size,
        "cores": len(os.sched_getaffinity(0)),
    }


def judge(cells):
    slow = max(cell["value"] for cell in cells if cell["table"] == FEW)
    full = max(cell["peak_bytes"]["mitheory"] / cell["allowed_bytes"] for cell in cells)
    words = "; ".join(
        f"{cell['table']}: {cell['value']:.2f} times the GROUP BY alone, peak memory "
        f"{cell['peak_bytes']['mitheory'] / 1e9:.2f} GB of {cell['allowed_bytes'] / 1e9:.2f} GB"
        for cell in cells
    )
    return Verdict("holds" if slow <= MOST and full <= 1 else "does not hold", words)


STUDY = Study(
    name="large_table",
    claim="counting a Parquet file takes at most 1.1 times as long as DuckDB's GROUP BY alone, if "
    "distinct rows are few, and no more memory than DuckDB's limit, 0.3 GB, and 100 bytes a "
    "distinct row, be they many",
    over={"table": list(TABLES), "rows": [10**8]},
    quick={"rows": [10**6]},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("duckdb", "pyarrow"),
    unit="times as long",
    note="The ratio is the median of five of neighbouring runs on one machine.",
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        seconds, distinct, rows = CONTENDERS[sys.argv[2]](sys.argv[3])
        peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps([seconds, peak, time.process_time(), distinct, rows]))
    else:
        main(STUDY, ["--workers", "1", "--folder", "validation/results", *sys.argv[1:]])
