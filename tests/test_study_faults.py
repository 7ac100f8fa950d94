"""Faults for real: runs that are killed, disks that are full, folders that two runs share."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest
from study_files import FAILING, HEAD, WALK, ended, started, stored, write

from mitheory import files
from mitheory.study import load, run

# many short cells; the last records are long
MANY = (
    HEAD
    + """
    def measured(n, rng):
        return {"value": rng.random(2_000).mean(), "steps": rng.random(n)}

    STUDY = Study(
        name="many",
        claim="the mean of uniform numbers is one half",
        over={"n": [*range(1, 300), 500]},
        quick={"n": [*range(1, 40), 500]},
        measured=measured,
        predicted=lambda n: 0.5,
        tolerance=0.1,
    )
    if __name__ == "__main__":
        main(STUDY)
    """
)

FIGURE = """
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "the same names in every run"
    TITLE, STUDIES = "The mean", ("many",)

    def draw(many):
        figure = Figure()
        figure.subplots().plot(many.column("n"), many.column("value"))
        return figure, many.verdict.figure + "."
"""

REPRODUCE = """
import sys
from pathlib import Path
from mitheory import reproduction
results, _ = reproduction.reproduce(Path(sys.argv[1]), Path(sys.argv[2]), "full", 2)
"""


def killed_at(process, folder, cells, delay, group):
    """Kill a run, or all its processes, some time after it has kept so many cells."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if sum(1 for _ in folder.glob("*.json")) >= cells:
            break
        time.sleep(0.002)
    time.sleep(delay)
    if group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()  # the runner alone: its workers must notice
    assert "Traceback" not in ended(process)[1]


def test_a_run_killed_at_twenty_moments_ends_with_the_same_bytes(tmp_path):
    command = [write(tmp_path, MANY, "many.py"), "--full", "--folder"]
    straight = tmp_path / "straight"
    assert ended(started(command, straight, "--workers", 2))[0] == 0
    expected = stored(straight)
    assert len(expected) == 301
    out = tmp_path / "out"
    rng = random.Random(7)
    for turn in range(20):
        before = len(stored(out))
        # in the middle of starting up, or while cells come in
        wait, delay = (0, rng.uniform(0, 1)) if turn % 5 == 0 else (rng.randint(1, 4), 0.0)
        delay += rng.uniform(0, 0.01)
        process = started(command, out, "--workers", 1 + turn % 3 // 2)
        killed_at(process, out / "many", before + wait, delay, group=turn % 2)
        kept = stored(out)
        assert len(kept) >= before
        assert all(expected[name] == content for name, content in kept.items())
    assert ended(started(command, out, "--workers", 1))[0] == 0
    assert stored(out) == expected


def test_the_report_of_a_killed_and_resumed_run_is_that_of_an_uninterrupted_one(tmp_path):
    pytest.importorskip("matplotlib")
    for folder, name, text in (("validation", "many.py", MANY), ("figures", "a.py", FIGURE)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, text, name)
    builds = [tmp_path / name for name in ("straight", "killed")]
    for cells in (3, 40):
        process = started(["-c", REPRODUCE], tmp_path, builds[1])
        killed_at(process, builds[1] / "results/full/many", cells, 0.0, group=False)
    for build in builds:
        assert ended(started(["-c", REPRODUCE], tmp_path, build))[0] == 0
    straight, killed = (
        {f.relative_to(build): f.read_bytes() for f in build.rglob("*.*") if f.suffix != ".part"}
        for build in builds
    )
    assert Path("report/index.html") in straight
    assert Path("figures/a.svg") in straight
    assert straight == killed


def test_an_interrupted_run_goes_on_to_the_same_bytes(tmp_path):
    go, busy = tmp_path / "go", tmp_path / "busy"
    waiting = (
        f"while n == 1000 and not Path({str(go)!r}).exists():"
        f" Path({str(busy)!r}).touch(); time.sleep(0.05)"
    )
    text = WALK.replace(
        "a = rng.random((300, 300))", f"{waiting}\n        a = rng.random((300, 300))"
    )
    command = [write(tmp_path, text), "--full", "--workers", "2", "--folder"]
    out = tmp_path / "out"
    kept: dict[str, bytes] = {}
    for _ in range(2):
        process = started(command, out)
        deadline = time.monotonic() + 60
        # a worker is in the middle of a cell, and others are kept
        while not (busy.exists() and stored(out)) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        code, said = ended(process)
        busy.unlink()
        assert code == 130
        assert "Traceback" not in said
        assert not (out / "walk.json").exists()
        assert kept.items() <= stored(out).items()
        kept = stored(out)
        assert 1 <= len(kept) <= 4
    go.touch()
    for folder in (out, tmp_path / "straight"):
        assert ended(started(command, folder))[0] == 0
    finished = stored(out)
    assert stored(tmp_path / "straight") == finished
    assert {name: finished[name] for name in kept} == kept


@pytest.mark.parametrize("signal_sent", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_a_killed_run(tmp_path, signal_sent):
    busy = tmp_path / "busy"
    path = write(
        tmp_path, FAILING.replace("ACTION", f"Path({str(busy)!r}).touch(); time.sleep(600)")
    )
    process = started([path, "--workers", "2", "--folder"], tmp_path)
    deadline = time.monotonic() + 60
    while not busy.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    if signal_sent == signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGINT)
    ended(process)  # the pipe closes when the last worker has ended
    assert len(stored(tmp_path)) < 3


HOARDING = (
    HEAD
    + """
    hoard = []

    def measured(n, rng):
        hoard.append(np.ones(60_000_000))
        time.sleep(1.1)  # so often a worker's memory is looked at
        return {"value": float(n), "process": os.getpid()}

    STUDY = Study(name="hoard", claim="c", over={"n": [1, 2, 3, 4, 5]}, measured=measured,
                  predicted=lambda n: n)
    if __name__ == "__main__":
        main(STUDY)
    """
)


def test_a_worker_whose_memory_grows_is_replaced_without_a_word(tmp_path):
    file = write(tmp_path, HOARDING, "hoard.py")
    code, said = ended(started([file], "--full", "--folder", tmp_path, "--workers", "1"))
    assert code == 0
    cells = json.loads((tmp_path / "hoard.json").read_text())["cells"]
    assert len({cell["process"] for cell in cells}) > 1
    assert "warning" not in said.lower()


def test_two_runs_at_once_on_one_folder_agree(tmp_path):
    command = [write(tmp_path, MANY, "many.py"), "--full", "--workers", "1", "--folder"]
    assert ended(started(command, tmp_path / "alone"))[0] == 0
    both = [started(command, tmp_path / "shared") for _ in range(2)]
    assert [ended(process)[0] for process in both] == [0, 0]
    assert stored(tmp_path / "shared") == stored(tmp_path / "alone")
    assert not list(tmp_path.rglob("*.part"))


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path):
    """A folder with room for a few cells, and what changes it: `remount("size=1m")`."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(*arguments):
        done = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, text=True)
        return done.stderr.strip() if done.returncode else ""

    try:
        refused = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs")
    except FileNotFoundError as error:
        refused = str(error)
    if refused:
        pytest.skip(f"a small disk cannot be mounted here: {refused}")
    try:
        yield folder, lambda option: mount("-o", f"remount,{option}")
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_and_a_read_only_disk_stop_the_run_and_corrupt_nothing(tmp_path, small_disk):
    folder, remount = small_disk
    command = [write(tmp_path, MANY, "many.py"), "--workers", "2", "--folder"]
    assert ended(started(command, tmp_path / "straight"))[0] == 0
    expected = stored(tmp_path / "straight")

    code, said = ended(started(command, folder))
    assert code == 2
    assert "a finished cell of many cannot be written to" in said
    assert "(No space left on device); the cells finished before are kept" in said
    kept = stored(folder)
    assert 0 < len(kept) < len(expected)
    assert all(expected[name] == content for name, content in kept.items())
    assert not list(folder.rglob("*.part"))

    assert not remount("ro")
    code, said = ended(started(command, folder))
    assert code == 2
    assert f"cannot be written to {folder} (Read-only file system); name another folder" in said

    assert not remount("rw,size=4m")
    assert ended(started(command, folder))[0] == 0
    assert stored(folder) == expected


def test_a_limit_on_the_size_of_files_stops_the_run_and_corrupts_nothing(tmp_path):
    path = write(tmp_path, MANY, "many.py")
    limited = (
        "import resource, runpy, sys; sys.argv = sys.argv[1:];"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000));"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [path, "--workers", "1", "--folder", tmp_path / "out"]
    code, said = ended(started(["-c", limited], *command))
    assert code == 2
    assert "a finished cell of many cannot be written to" in said
    assert "(File too large); the cells finished before are kept" in said
    kept = stored(tmp_path / "out")
    assert len(kept) == 39
    assert all(json.loads(content) for content in kept.values())
    assert not list(tmp_path.rglob("*.part"))

    assert ended(started(command))[0] == 0
    finished = stored(tmp_path / "out")
    assert len(finished) == 41
    assert {name: finished[name] for name in kept} == kept


def test_results_that_cannot_be_written_are_named(tmp_path):
    study = load(write(tmp_path, FAILING.replace("ACTION", "pass")))
    (tmp_path / "out" / "walk.json").mkdir(parents=True)
    with pytest.raises(OSError, match=r"results cannot be written to .*walk\.json \(Is a dir"):
        run(study, folder=tmp_path / "out", workers=1)
    (tmp_path / "out" / "walk.json").rmdir()
    assert run(study, folder=tmp_path / "out", workers=1).ok


def test_a_full_disk_stops_the_run_and_corrupts_nothing(tmp_path, monkeypatch):
    study = load(write(tmp_path, WALK))
    write_text = Path.write_text
    calls = []

    def full(self, content, **options):
        if self.suffix == ".part":
            calls.append(self)
            if len(calls) == 3:
                write_text(self, content[:20], **options)
                raise OSError(28, "No space left on device")
        return write_text(self, content, **options)

    monkeypatch.setattr(files.Path, "write_text", full)
    with pytest.raises(OSError, match=r"walk cannot be written.*No space left.*are kept"):
        run(study, folder=tmp_path / "out", workers=1)
    kept = list((tmp_path / "out").rglob("*.*"))
    assert len(kept) == 2
    assert all(json.loads(file.read_text()) for file in kept)
    monkeypatch.undo()
    assert run(study, folder=tmp_path / "out", workers=1).ok


def test_a_folder_that_cannot_be_written_is_said_before_any_work(tmp_path):
    path = write(tmp_path, FAILING.replace("ACTION", "raise AssertionError('was computed')"))
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"results cannot be written to .*file/out \(Not a dir"):
        run(load(path), folder=tmp_path / "file" / "out")
    done = subprocess.run(
        [sys.executable, str(path), "--folder", str(tmp_path / "file")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "name another folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_read_only_folder_is_said():
    # root writes anywhere, so root gives that up first, once everything is imported
    code = """
        import os, sys
        from rich.console import Console
        from mitheory.study import Study, run
        study = Study(name="s", claim="c", over={}, measured=lambda rng: 0, predicted=lambda: 0)
        os.geteuid() or os.setuid(65534)
        run(study, folder=sys.argv[1], workers=1)
    """
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", textwrap.dedent(code), folder]
        said = subprocess.run(command, capture_output=True, text=True).stderr
    assert f"cannot be written to {folder} (Permission denied); name another folder" in said
