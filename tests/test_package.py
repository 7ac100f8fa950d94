"""The package as a whole: its public names, and what importing it costs."""

import os
import subprocess
import sys

import pytest

import mitheory as mt


def test_every_public_name_loads():
    assert set(mt.__all__) == set(mt._HOME)
    for name in mt.__all__:
        assert getattr(mt, name) is not None
        assert name in dir(mt)
    with pytest.raises(AttributeError, match="no attribute 'entropi'"):
        _ = mt.entropi


def imported_by(code):
    show = f"{code}; import sys; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", show], text=True).split())


def test_importing_loads_nothing_heavy():
    heavy = {"numpy", "scipy", "numba", "sympy", "torch", "matplotlib", "rich", "typer"}
    assert not heavy & imported_by("import mitheory")


def test_the_core_works_without_torch_and_sympy():
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['sympy'] = None; "
        "import mitheory as mt; mt.mutual_information([[3, 1], [1, 3]]); "
        "mt.certify([[30, 10], [10, 30]]); mt.error_bounds(conditional_entropy=0.5, classes=2); "
        "mt.laws.BinaryGaussian.from_snr(1.0).information()"
    )
    loaded = imported_by(code)
    assert "mitheory.certificates" in loaded
    assert "scipy.stats" not in loaded


def test_without_torch_training_says_what_to_install():
    code = "import importlib.util as u; u.find_spec = lambda name: None; import mitheory.train"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install mitheory[train]" in run.stderr


def test_compiling_is_said_once_on_a_terminal(tmp_path):
    code = (
        "import sys\n"
        "class Terminal:\n"
        "    isatty, flush = lambda self: True, lambda self: None\n"
        "    def write(self, text): sys.__stdout__.write(text)\n"
        "sys.stderr = Terminal()\n"
        "import mitheory as mt\n"
        "mt.entropy([1, 1, 2, 5]); mt.count([0, 1, 1])\n"
    )

    def run():
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
        return subprocess.check_output([sys.executable, "-c", code], text=True, env=environment)

    assert run().count("compiling its kernels") == 1
    assert run() == ""
