"""The report: one self-contained HTML page with the claims, their verdicts and the figures."""

from __future__ import annotations

import base64
import importlib.metadata
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from mitheory.files import write_whole

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}
_SYMBOLS = {"holds": "✓", "does not hold": "✗", "not tested": "–"}
_PACKAGES = ("mitheory", "numpy", "scipy", "numba", "sympy", "torch", "scikit-learn", "matplotlib")
_MOST_ROWS = 200


class Figure(NamedTuple):
    """A picture of the report.

    Attributes
    ----------
    title : str
    path : path
        A PNG or SVG file, which is embedded.
    caption : str
        What is shown and what it says.
    alt : str
        What a reader who does not see it should know; by default the title.
    """

    title: str
    path: str | Path
    caption: str
    alt: str = ""


class _Verdict(Protocol):
    @property
    def status(self) -> str: ...
    @property
    def figure(self) -> str: ...


class Finding(Protocol):
    """What the report reads of a study's results; `mitheory.study.Results` has all of it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def claim(self) -> str: ...  # noqa: D102
    @property
    def profile(self) -> str: ...  # noqa: D102
    @property
    def verdict(self) -> _Verdict: ...  # noqa: D102
    @property
    def problem(self) -> str: ...  # noqa: D102
    @property
    def must_hold(self) -> bool: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def cite(self) -> str: ...  # noqa: D102
    @property
    def note(self) -> str: ...  # noqa: D102
    @property
    def parameters(self) -> list[str]: ...  # noqa: D102
    @property
    def cells(self) -> list[dict[str, Any]]: ...  # noqa: D102


def environment() -> dict[str, str]:
    """Versions and platform for the report; nothing that names the machine."""
    found = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found | {"platform": f"{platform.system()}, {platform.machine()}"}


def write(
    folder: str | Path,
    *,
    results: Sequence[Finding],
    figures: Iterable[Figure | tuple[str, str | Path, str]] = (),
    environment: Mapping[str, str] | None = None,
    title: str = "Information and classification error: the claims, tested",
) -> Path:
    """Write `folder`/index.html, whole or not at all.

    The page holds everything it shows, so that it can be sent as one file. The same results,
    figures and environment give the same bytes.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    results : sequence of Results
        In the order of the table of claims.
    figures : iterable of Figure or (title, path, caption)
        In the order of the page.
    environment : mapping of str to str, optional
        What the results were computed with; by default what `environment()` finds.
    title : str
        The page's heading.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    FileNotFoundError, ValueError
        A figure's file is missing, or is neither PNG nor SVG.
    """
    import jinja2

    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["number"] = _number
    drawn = [Figure(*figure) for figure in figures]
    content = pages.get_template("report.html").render(
        title=title,
        summary=_summary(results),
        counts=Counter(result.verdict.status for result in results),
        symbols=_SYMBOLS,
        results=results,
        most_rows=_MOST_ROWS,
        figures=[(figure, _embedded(Path(figure.path))) for figure in drawn],
        full=any(result.profile == "full" for result in results),
        environment=_found() if environment is None else environment,
    )
    page = Path(folder) / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, content)
    return page


_found = environment  # `write` has a parameter of that name


def _summary(results: Sequence[Finding]) -> str:
    """The sentences under the title."""
    if not results:
        return "No claim was tested."
    grids = " and ".join(sorted({result.profile for result in results}, reverse=True))
    cells = sum(len(result.cells) for result in results)
    refuted = [r for r in results if r.verdict.status == "does not hold" and r.must_hold]
    broken = [r for r in results if r.problem]
    claims = f"{len(results)} claim{'' if len(results) == 1 else 's'}"
    words = [f"{claims}, {cells:,} measurements on the {grids} grid."]
    if refuted:
        words.append(f"Theory and measurement disagree on: {', '.join(r.name for r in refuted)}.")
    if broken:
        words.append(f"Not completed: {', '.join(r.name for r in broken)}.")
    if not refuted and not broken:
        words.append("Every claim that theory says must hold was confirmed wherever it was tested.")
    return " ".join(words)


def _number(value: Any) -> str:
    """A table entry: six digits of a float, everything else as it is."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _embedded(path: Path) -> str:
    """A picture as a data URI."""
    if path.suffix not in _MEDIA_TYPES:
        raise ValueError(f"a figure must be a .png or .svg file; got {path}")
    if not path.is_file():
        raise FileNotFoundError(f"there is no figure at {path}; draw the figures first")
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{_MEDIA_TYPES[path.suffix]};base64,{content}"
