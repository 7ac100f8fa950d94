"""The command line: `mitheory`, each verb a thin layer over a function of the package."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from mitheory.cli import data, theory  # their verbs register with the application
from mitheory.cli.shared import app

__all__ = ["app", "data", "main", "theory"]


def _version(asked: bool) -> None:
    if asked:
        from mitheory import __version__

        typer.echo(f"mitheory {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Nothing but the options that stand before the verb."""


@app.command(epilog="Example: mitheory reproduce --full")
def reproduce(
    full: Annotated[bool, typer.Option("--full", help="Paper scale instead of quick.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; default one per core.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Compute on the workers of this Dask scheduler."),
    ] = None,
    build: Annotated[Path, typer.Option(help="Where results and report go.")] = Path("build"),
    figures: Annotated[
        bool, typer.Option("--figures", help="Only draw, from the results in validation/results.")
    ] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="Only put the --full results in validation/results.")
    ] = False,
) -> None:
    """Run the studies, draw the figures and write the report, from a checkout."""
    from mitheory import reproduction

    root = reproduction.checkout()
    if archive:
        reproduction.archive(root, build)
    if figures:
        drawn = reproduction.figures(root, build)
        typer.echo(f"{len(drawn)} figures: {build / 'figures'}")
    if archive or figures:
        return
    results, page = reproduction.reproduce(
        root, build, "full" if full else "quick", workers, scheduler
    )
    typer.echo(f"report: {page}")
    if not all(result.ok for result in results):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a mistake of the user's is one line and exit code 2.

    A mistake of the package's own that raises a ValueError looks the same: with MITHEORY_DEBUG in
    the environment the traceback is shown instead.
    """
    usage_error = typer.BadParameter.__base__
    warnings.showwarning = _warn
    try:
        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, ValueError, TypeError, ImportError, MemoryError) as error:
        if os.environ.get("MITHEORY_DEBUG"):
            raise
        if not isinstance(error, OSError):
            _fail(str(error))
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        if usage_error is None or not isinstance(error, usage_error):
            raise
        _fail(error.format_message())  # type: ignore[attr-defined]
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> NoReturn:
    if message:  # empty where help was shown instead
        print(f"mitheory: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(2)


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"mitheory: warning: {message}", file=sys.stderr)
