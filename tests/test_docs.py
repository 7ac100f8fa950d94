"""Every example in the documentation and the docstrings runs and gives what it shows."""

import doctest
import html
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mitheory

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(mitheory.__path__, "mitheory.")
    if not module.name.startswith("mitheory.kernels")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(page):
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.failed == 0


@pytest.mark.parametrize("name", ["mitheory", *MODULES])
def test_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_citation_is_in_the_bibliography():
    keys = set(re.findall(r"@\w+\{([^,]+),", (ROOT / "mitheory/references.bib").read_text()))
    cited = {}
    for path in [*(ROOT / "mitheory").rglob("*.py"), *(ROOT / "validation").glob("*.py")]:
        text = path.read_text()
        for found in re.findall(r'cite="([^"]+)"', text) + re.findall(
            r"Source: ([a-z]+\d{4}\w*(?:, [a-z]+\d{4}\w*)*)", text
        ):
            for key in found.split(", "):
                cited[key] = path.name
    unknown = {key: where for key, where in cited.items() if key not in keys}
    assert not unknown
    assert cited


def test_bibliography_has_each_key_once():
    keys = re.findall(r"@\w+\{([^,]+),", (ROOT / "mitheory/references.bib").read_text())
    assert len(keys) == len(set(keys))


def test_the_documentation_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(ROOT / "docs")]
    run = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    pages = tmp_path / "generated"
    assert "H(Y \\mid X)" in (pages / "bound_fano.html").read_text()
    table = (ROOT / "docs" / "generated" / "bounds.md").read_text()
    rows = {row.split("`")[1]: row for row in table.splitlines() if row.startswith("| [`")}
    assert list(rows) == list(mitheory.BOUNDS)
    for name, bound in mitheory.BOUNDS.items():
        assert f"| {bound.holds_for} |" in rows[name]
        assert rows[name].endswith(f" {bound.cite or 'derived here'} |")
        assert html.escape(bound.latex(), quote=False) in (pages / f"bound_{name}.html").read_text()
        page = (ROOT / "docs" / "generated" / f"bound_{name}.md").read_text()
        assert f"Holds for {bound.holds_for}. Equality: " in page
        assert f"Source: {bound.cite or 'derived here'}." in page
        for symbol in (*bound.symbols, *bound.auxiliary):
            assert f"- `{symbol}`, $" in page
        for step in bound.proof.steps:
            assert step.because in page
