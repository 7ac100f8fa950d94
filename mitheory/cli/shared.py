"""What several verbs share: the application, and the options that mean the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from mitheory.units import Unit

app = typer.Typer(
    name="mitheory",
    help="How much do observations tell about a label, and so how well can any classifier do?",
    epilog="MITHEORY_DEBUG=1 in the environment shows the traceback of an error.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


InUnit = Annotated[Unit, typer.Option(help="Unit of entropies and information.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
Level = Annotated[float, typer.Option(help="Confidence level.")]
