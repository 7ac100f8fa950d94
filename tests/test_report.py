"""The report: one page that holds everything, the same bytes for the same results."""

import html
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from mitheory import report
from mitheory.report import Figure
from mitheory.study import Results, Verdict

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

CELL = {
    "n": 100,
    "law": "zipf(30, 1.0)",
    "rng_seed": "0x0123456789abcdef0123456789abcdef",
    "value": 0.123456789,
    "predicted": 0.125,
    "tolerance": 0.01,
    "in_regime": True,
    "holds": True,
    "detail": [1, 2],
}


def result(name, status, **changes):
    described = {
        "name": name,
        "claim": f"the claim of {name}",
        "profile": "quick",
        "verdict": Verdict(status, f"the figure of {name}"),
        "cells": [CELL, CELL | {"in_regime": False, "holds": None}, CELL | {"holds": False}],
        "unit": "nats",
        "cite": "fano1961",
    }
    return Results(**described | changes)


RESULTS = [
    result("first", "holds"),
    result("second", "does not hold", note="a <note> & more"),
    result("third", "does not hold", must_hold=False),
    result("fourth", "not tested", cells=[]),
    result("fifth", "not tested", problem="2 of 12 cells have no result"),
    result("sixth", "holds", claim="if a < b & c > d then <script>alert('x')</script>"),
]


def png(path: Path, colour: bytes = b"\xd0\x20\x20") -> Path:
    """An 80 x 40 picture of one colour, written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + colour * 80) * 40
    header = struct.pack(">IIBBBBB", 80, 40, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return path


@pytest.fixture
def figures(tmp_path):
    svg = tmp_path / "b.svg"
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    return [
        ("The plane", png(tmp_path / "a.png"), "Points & lines."),
        Figure("The curve", svg, "A curve.", alt="It falls from 1 to 0."),
    ]


def test_the_page_holds_everything_and_needs_nothing(tmp_path, figures):
    page = report.write(tmp_path / "out", results=RESULTS, figures=figures)
    assert page == tmp_path / "out" / "index.html"
    text = page.read_text(encoding="utf-8")
    for entry in RESULTS:
        assert html.escape(entry.claim, quote=True).replace("&#x27;", "&#39;") in text
        assert entry.verdict.figure in text
    assert "a &lt;note&gt; &amp; more" in text
    assert "<script" not in text
    assert text.count('src="data:image/') == 2
    assert 'alt="The plane"' in text
    assert 'alt="It falls from 1 to 0."' in text
    assert "Points &amp; lines." in text
    # nothing is fetched: no address but those inside the page
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', text) == []
    assert "url(" not in text
    assert "@import" not in text


def test_a_verdict_is_told_by_word_and_symbol_and_colour(tmp_path):
    text = report.write(tmp_path, results=RESULTS).read_text(encoding="utf-8")
    badges = re.findall(
        r'<span class="badge (\w+)"><span aria-hidden="true">(.)</span>([^<]+)', text
    )
    assert badges == [
        ("holds", "✓", "holds"),
        ("fails", "✗", "does not hold"),
        ("open", "✗", "does not hold"),
        ("none", "–", "not tested"),
        ("none", "–", "not tested"),
        ("holds", "✓", "holds"),
    ]
    assert text.count("open question") == 1
    assert text.count("not completed") == 1
    assert "Theory and measurement disagree on: second. Not completed: fifth." in text
    assert re.findall(r"<dd>(\d)</dd>", text) == ["2", "2", "2"]


def test_cells_stand_with_their_numbers_and_seeds(tmp_path):
    text = report.write(tmp_path, results=RESULTS[:1]).read_text(encoding="utf-8")
    assert "zipf(30, 1.0)" in text
    assert "0.123457" in text
    assert "outside the regime" in text
    assert "✗ no" in text
    assert text.count(CELL["rng_seed"]) == 3
    long = result("long", "holds", cells=[CELL] * 201)
    text = report.write(tmp_path, results=[long]).read_text(encoding="utf-8")
    assert text.count(CELL["rng_seed"]) == 200
    assert "The first 200; all of them are in results/long.json" in text


def test_the_same_input_gives_the_same_bytes_and_names_no_machine(tmp_path, figures):
    import platform

    first = report.write(tmp_path / "1", results=RESULTS, figures=figures).read_bytes()
    assert report.write(tmp_path / "2", results=RESULTS, figures=figures).read_bytes() == first
    assert str(tmp_path).encode() not in first
    assert platform.node().encode() not in first
    assert platform.python_version().encode() in first


def test_the_command_to_do_it_again_is_that_of_the_profile(tmp_path):
    quick = report.write(tmp_path, results=RESULTS).read_text(encoding="utf-8")
    full = report.write(tmp_path, results=[result("a", "holds", profile="full")])
    assert "make reproduce</code>" in quick
    assert "make reproduce FULL=1</code>" in full.read_text(encoding="utf-8")
    given = report.write(tmp_path, results=[], environment={"numpy": "9.9"})
    assert "No claim was tested" in given.read_text(encoding="utf-8")
    assert "9.9" in given.read_text(encoding="utf-8")


def test_a_figure_that_is_not_there_leaves_the_old_page(tmp_path):
    page = report.write(tmp_path, results=RESULTS)
    before = page.read_bytes()
    with pytest.raises(FileNotFoundError, match=r"no figure at .*gone.png; draw the figures first"):
        report.write(tmp_path, results=[], figures=[("t", tmp_path / "gone.png", "c")])
    (tmp_path / "x.pdf").touch()
    with pytest.raises(ValueError, match=r"must be a .png or .svg file; got .*x.pdf"):
        report.write(tmp_path, results=[], figures=[("t", tmp_path / "x.pdf", "c")])
    assert page.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir() if f.suffix == ".part"] == []


def browse(profile: Path, *arguments: str) -> bytes:
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        f"--user-data-dir={profile}",
    ]
    command = [str(CHROMIUM), *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout


def pixels(path: Path) -> list[bytes]:
    """The rows of an 8-bit colour PNG as RGB bytes."""
    matplotlib_image = pytest.importorskip("matplotlib.image")
    picture = matplotlib_image.imread(path)[..., :3]
    return [row.tobytes() for row in (picture * 255).round().astype("u1")]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_it(tmp_path, figures):
    page = report.write(tmp_path / "out", results=RESULTS, figures=figures)
    dom = browse(tmp_path / "profile", "--dump-dom", page.as_uri()).decode()
    text = html.unescape(re.sub(r"<[^>]+>", "", dom))
    for entry in RESULTS:
        assert entry.claim in text
        assert entry.verdict.figure in text

    picture = tmp_path / "page.png"
    size = "--window-size=1200,2600"
    browse(tmp_path / "profile", f"--screenshot={picture}", size, page.as_uri())
    rows = pixels(picture)
    assert len(rows) == 2600
    red = b"\xd0\x20\x20" * 70
    assert sum(red in row for row in rows) >= 35  # the embedded figure is drawn
    varied = sum(len(set(row)) > 20 for row in rows)
    assert varied > 300  # and so is text, which antialiasing makes many-coloured
    narrow = tmp_path / "narrow.html"
    script = "<script>document.title = document.documentElement.scrollWidth</script></body>"
    narrow.write_text(
        re.sub(
            r'<meta http-equiv="Content-Security[^>]+>', "", page.read_text(encoding="utf-8")
        ).replace("</body>", script),
        encoding="utf-8",
    )
    dom = browse(tmp_path / "profile", "--dump-dom", "--window-size=500,900", narrow.as_uri())
    assert int(re.search(rb"<title>(\d+)", dom)[1]) <= 500  # nothing sticks out sideways
