"""The main job: run the studies of a checkout, draw its figures, write its report.

Results at paper scale take hours, so they stand in the checkout, in validation/results: `archive`
puts them there, and `figures` draws from them in seconds.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import mitheory
from mitheory import report
from mitheory.files import write_whole
from mitheory.study import Results, load, read, run_all
from mitheory.study.claim import ProfileName
from mitheory.study.results import archive as archive_study
from mitheory.study.sources import sources

# times are measured alone, and some against peers that are not installed here; training on
# whole image sets takes a GPU, or days
_BY_HAND = ("speed.py", "scaling.py", "large_table.py", "milc_complete.py", "milc_resnet.py")
_LARGEST = 300_000  # bytes: results in a repository should stay small
_PACKAGES = ("matplotlib", "jinja2", "joblib", "cloudpickle", "rich")


def checkout() -> Path:
    """The folder of the repository that this package runs from.

    Raises
    ------
    FileNotFoundError
        If the package was installed without its repository.
    """
    root = Path(mitheory.__file__).resolve().parents[1]
    if not ((root / "validation").is_dir() and (root / "figures").is_dir()):
        raise FileNotFoundError(
            "reproduce runs from a checkout of the repository, which holds the studies and the "
            "figures; this mitheory was installed without them (clone it, then: make reproduce)"
        )
    return root


def reproduce(
    root: Path,
    build: Path,
    profile: ProfileName = "quick",
    workers: int | None = None,
    scheduler: str | None = None,
) -> tuple[list[Results], Path]:
    """Run every study, draw every figure, write the report; print one line per claim.

    Parameters
    ----------
    root : path
        A checkout: studies are root/validation/*.py, figures root/figures/*.py.
    build : path
        Results go to build/results/PROFILE, figures to build/figures, the report to build/report.
    profile : {"quick", "full"}
    workers : int, optional
        Processes; one per core by default.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers then compute the cells.

    Returns
    -------
    list of Results, path of the report

    Raises
    ------
    ValueError
        A package that the job needs is not installed; said before any study runs. Or the cluster
        cannot be used.
    OSError
        A folder cannot be written, or the scheduler cannot be reached.
    """
    _need_packages()
    files = sorted((root / "validation").glob("*.py"))
    studies = [load(path) for path in files if path.name not in _BY_HAND]
    results = run_all(
        studies,
        folder=build / "results" / profile,
        profile=profile,
        workers=workers,
        scheduler=scheduler,
    )
    print(f"drawing figures in {build / 'figures'} ...", file=sys.stderr)
    drawn = draw(root / "figures", [*_archived(root), *results], build / "figures")
    page = report.write(build / "report", results=results, figures=drawn)
    return results, page


def figures(root: Path, build: Path) -> list[report.Figure]:
    """Draw the figures whose results stand in validation/results; say which do not.

    Parameters
    ----------
    root, build : path
        As for `reproduce`; figures go to build/figures.
    """
    _need_packages()
    archived = _archived(root)
    tested = _tested(archived)
    for module in _figures(root / "figures"):
        absent = [name for name in module.STUDIES if name not in tested]
        if absent:
            print(
                f"not drawn: {module.__name__}, for want of validation/results/{absent[0]}.json",
                file=sys.stderr,
            )
    return draw(root / "figures", archived, build / "figures")


def archive(root: Path, build: Path) -> None:
    """Copy the finished studies of build/results/full to validation/results, a line for each.

    The results may be of other code than the present one, so long as it is the same code in all
    cells of a study; the line and the file say which. Unfinished studies are left out and named.

    Parameters
    ----------
    root, build : path
        As for `reproduce`.
    """
    folder, into = build / "results" / "full", root / "validation" / "results"
    into.mkdir(exist_ok=True)
    for path in sorted((root / "validation").glob("*.py")):
        study = load(path)
        if not (folder / study.name).is_dir():
            continue
        results = archive_study(folder, study, into)
        if results.problem:
            print(f"{study.name}: left out, {results.problem}")
            continue
        size = (into / f"{study.name}.json").stat().st_size
        print(
            f"{study.name}: {len(results.cells)} cells, {size / 1000:.0f} kB"
            f"{' (large for a repository)' if size > _LARGEST else ''}, by code {results.sources}"
            f"{'' if results.sources == sources(study) else ', which is not the present one'}"
        )


def _archived(root: Path) -> list[Results]:
    """The results that stand in the checkout."""
    files = sorted((root / "validation" / "results").glob("*.json"))
    return [read(file.parent, file.stem) for file in files]


def _tested(results: Sequence[Results]) -> dict[str, Results]:
    """By name; of two tested results of one study the later counts."""
    return {r.name: r for r in results if r.verdict.status != "not tested"}


def draw(folder: Path, results: Sequence[Results], into: Path) -> list[report.Figure]:
    """Draw every figure of a folder whose studies were tested, as SVG and PNG files.

    Of two tested results of one study the later counts.
    """
    into.mkdir(parents=True, exist_ok=True)
    tested = _tested(results)
    drawn = []
    for module in _figures(folder):
        if not tested.keys() >= set(module.STUDIES):
            continue
        figure, caption = module.draw(*(tested[name] for name in module.STUDIES))
        path = into / f"{module.__name__}.png"
        _save(figure, path.with_suffix(".svg"), metadata={"Date": None})
        _save(figure, path, dpi=160, metadata={"Software": None})
        drawn.append(report.Figure(title=module.TITLE, path=path, caption=caption))
    return drawn


def _save(figure: Any, path: Path, **options: Any) -> None:
    """Render in memory and write the whole file at once."""
    content = io.BytesIO()
    figure.savefig(content, format=path.suffix[1:], **options)
    write_whole(path, content.getvalue())


def _need_packages() -> None:
    absent = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if absent:
        raise ValueError(
            f"reproduce needs {', '.join(absent)}, not installed here; "
            "pip install 'mitheory[figures,studies]'"
        )


def _figures(folder: Path) -> list[ModuleType]:
    """The modules of a folder that draw, in the order of their names."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # they share a module of style
    modules = []
    for path in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise ValueError(f"{path} is not a Python file")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if hasattr(module, "draw"):
            modules.append(module)
    return modules
