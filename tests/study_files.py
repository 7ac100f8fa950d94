"""Studies as files, for the tests of the runner."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

HEAD = """
    from pathlib import Path
    import os, time
    import numpy as np
    from mitheory.study import Study, main
"""

# the matrix product takes several threads where it may, and then sums in another order
WALK = (
    HEAD
    + """
    def measured(n, law, rng):
        a = rng.random((300, 300))
        return {"value": rng.random(n).mean(), "trace": np.trace(a @ a), "steps": rng.random(3)}

    STUDY = Study(
        name="walk",
        claim="the mean of n uniform numbers is one half",
        over={"n": [10, 100, 1000], "law": ["a", ("b", 2)]},
        quick={"n": [10, 100]},
        measured=measured,
        predicted=lambda n, law: 0.5,
        tolerance=lambda n, law: 10 / (12 * n) ** 0.5,
    )
    if __name__ == "__main__":
        main(STUDY)
    """
)


def write(folder: Path, text: str, name: str = "walk.py") -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def stored(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*.json"))}


def started(command, *arguments):
    """A process in a session of its own that Ctrl-C ends, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, *map(str, (*command, *arguments))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # one that a script started in the background is deaf to it, and so are its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended(process):
    """The exit code and what was said, when the process and those it started have ended."""
    try:
        said = process.communicate(timeout=120)[1]
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, said


FAILING = (
    HEAD
    + """
    def measured(n, law, rng):
        if n == 2:
            ACTION
        return n

    STUDY = Study(name="walk", claim="c", over={"n": [1, 2, 3], "law": ["zipf(3, 1.0)"]},
                  measured=measured, predicted=lambda n, law: n)
    if __name__ == "__main__":
        main(STUDY)
    """
)
