"""Studies on a Dask cluster: the same bytes, whatever dies."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from study_files import FAILING, HEAD, WALK, ended, started, stored, write

from mitheory.study import Verdict, cluster, load, main, run, runner

distributed = pytest.importorskip("distributed")
dask = pytest.importorskip("dask")
pytest.importorskip("threadpoolctl")

# a cell is never beside another in its process, and has one thread, whatever the worker has
CAREFUL = WALK.replace(
    "a = rng.random((300, 300))",
    """import threadpoolctl
        threads = max(pool["num_threads"] for pool in threadpoolctl.threadpool_info())
        busy = Path(FOLDER, str(os.getpid()))
        busy.touch(exist_ok=False)
        time.sleep(0.2)
        a = rng.random((300, 300))
        busy.unlink()
        if threads > 1:
            raise RuntimeError(f"{threads} threads")""",
)


@pytest.fixture(name="scheduler", scope="module")
def _scheduler():
    """The address of a cluster of two processes that would take two tasks, on two threads each."""
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    with (
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 1,
                "distributed.nanny.pre-spawn-environ": threads,
            }
        ),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs="CRITICAL",
        ) as started,
    ):
        yield started.scheduler_address


def test_the_same_bytes_as_here_with_one_thread_and_one_cell_at_a_time(
    tmp_path, scheduler, capsys, monkeypatch
):
    text = CAREFUL.replace("FOLDER", repr(str(tmp_path)))
    monkeypatch.setattr(sys, "path", [*sys.path])
    study = load(write(tmp_path, text))
    here = run(study, folder=tmp_path / "here", profile="full", workers=1)
    there = run(study, folder=tmp_path / "there", profile="full", scheduler=scheduler)
    assert there.ok
    assert there == here
    assert stored(tmp_path / "there") == stored(tmp_path / "here")
    said = capsys.readouterr().err
    assert f"cells run on {scheduler}, which has " in said
    run(study, folder=tmp_path / "there", profile="full", scheduler=scheduler)
    assert "6 cells, all finished before" in capsys.readouterr().err


def test_cells_go_to_another_worker_when_theirs_is_killed(tmp_path, scheduler, capsys):
    died = tmp_path / "died"
    action = (
        f"died = Path({str(died)!r})\n"
        "            if not died.exists():\n"
        "                died.touch(); os.kill(os.getpid(), 9)"
    )
    study = load(write(tmp_path, FAILING.replace("ACTION", action)))
    there = run(study, folder=tmp_path / "there", scheduler=scheduler)
    assert died.exists()
    assert there.ok
    assert len(there.cells) == 3
    assert "failed" not in capsys.readouterr().err
    run(study, folder=tmp_path / "here", workers=1)
    assert stored(tmp_path / "there") == stored(tmp_path / "here")


def test_a_cell_that_kills_every_worker_is_given_up_alone(tmp_path, scheduler, capsys):
    path = write(tmp_path, FAILING.replace("ACTION", "os.kill(os.getpid(), 9)"))
    study = load(path)
    results = run(study, folder=tmp_path, scheduler=scheduler)
    assert [cell["n"] for cell in results.cells] == [1, 3]
    assert results.verdict == Verdict("not tested", "1 of 3 cells have no result")
    said = capsys.readouterr().err
    seed = study.seed(study.cells("full")[1])
    assert f"cell n=2, law=zipf(3, 1.0) (seed {seed}) failed: every worker that ran it died" in said
    assert f"python {path} --only n=2 --only 'law=zipf(3, 1.0)'" in said


def test_a_cell_that_fails_leaves_the_others(tmp_path, scheduler, capsys):
    study = load(write(tmp_path, FAILING.replace("ACTION", "raise ZeroDivisionError('by n')")))
    results = run(study, folder=tmp_path, scheduler=scheduler)
    assert [cell["n"] for cell in results.cells] == [1, 3]
    assert "failed: ZeroDivisionError: by n" in capsys.readouterr().err


def test_a_worker_that_cannot_stand_in_for_this_machine_is_refused(
    tmp_path, scheduler, monkeypatch, capsys
):
    def refused(text, folder, match):
        study = load(write(tmp_path, text))
        with pytest.raises(ValueError, match=match):
            run(study, folder=tmp_path / folder, scheduler=scheduler)
        assert not stored(tmp_path / folder)

    monkeypatch.setattr(sys, "path", [*sys.path])
    text = FAILING.replace("ACTION", "pass")
    monkeypatch.setenv("STUDY_NEED", "here")
    needing = text.replace("law: n)", "law: n, needs=('$STUDY_NEED',))")
    refused(needing, "a", r"cannot compute cells: study walk needs \$STUDY_NEED, which the worker")

    write(tmp_path, "CONSTANT = 1\n", "edited_module.py")
    os.utime(tmp_path / "edited_module.py", (time.time() + 60,) * 2)
    edited = text.replace("import os", "import edited_module\n    import os")
    refused(edited, "b", "has changed since the worker was started; restart the workers")

    monkeypatch.setattr(runner, "sources", lambda study: "0" * 32)
    refused(text, "c", "the code or the data behind study walk differ from the runner's")


def test_a_scheduler_that_does_not_answer_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "_CONNECT", 0.5)
    study = load(write(tmp_path, FAILING.replace("ACTION", "pass")))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(OSError, match=f"no Dask scheduler answers at '{address}'"):
            run(study, folder=tmp_path / "out", scheduler=address)
        with pytest.raises(SystemExit) as left:
            main(study, ["--scheduler", address, "--folder", str(tmp_path / "out")])
    assert left.value.code == 2
    assert "give the address that `dask scheduler` prints" in capsys.readouterr().err
    with pytest.raises(OSError, match="no Dask scheduler answers at 'nonsense://x'"):
        run(study, folder=tmp_path / "out", scheduler="nonsense://x")
    with pytest.raises(ValueError, match="give workers or scheduler"):
        run(study, folder=tmp_path / "out", scheduler=address, workers=2)
    for package in ("distributed", "threadpoolctl"):
        with monkeypatch.context() as without:
            without.setitem(sys.modules, package, None)
            with pytest.raises(ValueError, match=rf"needs {package}, .*'mitheory\[cluster\]'"):
                run(study, folder=tmp_path / "out", scheduler=address)


MANY = (
    HEAD
    + """
    def measured(n, rng):
        while n == 30 and not Path(GO).exists():
            time.sleep(0.05)
        return rng.random()

    STUDY = Study(name="many", claim="c", over={"n": list(range(31))}, measured=measured,
                  predicted=lambda n: 0.5, tolerance=1.0)
    if __name__ == "__main__":
        main(STUDY)
    """
)


def cells_there(folder, number):
    deadline = time.monotonic() + 120
    while len(list(folder.glob("*.json"))) < number and time.monotonic() < deadline:
        time.sleep(0.02)


def test_ctrl_c_keeps_what_is_finished_and_a_later_run_goes_on(tmp_path, scheduler):
    go = tmp_path / "go"
    path = write(tmp_path, MANY.replace("GO", repr(str(go))), "many.py")
    out = tmp_path / "out"
    process = started([path, "--scheduler", scheduler, "--folder"], out)
    cells_there(out / "many", 30)
    os.killpg(process.pid, signal.SIGINT)
    code, said = ended(process)
    assert code == 130
    assert "interrupted: 30 of 31 cells were finished and are kept" in said
    assert "Traceback" not in said
    go.touch()
    assert run(load(path), folder=out, scheduler=scheduler).ok
    run(load(path), folder=tmp_path / "here", workers=1)
    assert stored(out) == stored(tmp_path / "here")


def test_a_run_waits_for_workers_and_keeps_its_cells_when_the_scheduler_dies(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cluster, "_PATIENCE", 0.1)
    go, out = tmp_path / "go", tmp_path / "out"
    study = load(write(tmp_path, MANY.replace("GO", repr(str(go))), "many.py"))
    processes = []

    def start(*arguments):
        log = tmp_path / f"{arguments[0]}.log"
        with log.open("w") as stream:
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *arguments],
                    stdout=stream,
                    stderr=stream,
                    cwd=tmp_path,
                    start_new_session=True,
                )
            )
        return log

    def fault():
        deadline = time.monotonic() + 60
        while "waiting" not in seen and time.monotonic() < deadline:
            time.sleep(0.02)
        start("worker", address, "--nthreads", "1", "--dashboard-address", ":0", "--no-nanny")
        cells_there(out / "many", 30)
        os.killpg(processes[0].pid, signal.SIGKILL)

    seen = set()
    outcomes_on = cluster.outcomes_on

    def listening(scheduler, tasks, say):
        def told(words):
            say(words)
            seen.update(words.split())

        return outcomes_on(scheduler, tasks, told)

    monkeypatch.setattr(runner, "outcomes_on", listening)
    try:
        log = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
        address = ""
        deadline = time.monotonic() + 120
        while not address and time.monotonic() < deadline:
            found = re.search(r"Scheduler at:\s+(tcp://127.0.0.1:\d+)", log.read_text())
            address = found[1] if found else ""
            time.sleep(0.05)
        thread = threading.Thread(target=fault)
        thread.start()
        with pytest.raises(OSError, match=r"the scheduler at .* was lost; the cells finished"):
            run(study, folder=out, scheduler=address)
        thread.join(timeout=60)
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=60)
    said = capsys.readouterr().err
    assert "which has 0 workers" in said
    assert f"{address} has no workers; waiting for one" in said
    assert len(stored(out)) == 30
    go.touch()
    assert run(study, folder=out, workers=1).ok
