"""The command line: `mitheory`, each verb a thin layer over a function of the package."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from mitheory import terminal
from mitheory.units import Unit, nats_to

app = typer.Typer(
    name="mitheory",
    help="How much do observations tell about a label, and so how well can any classifier do?",
    epilog="MITHEORY_DEBUG=1 in the environment shows the traceback of an error.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


class Form(StrEnum):
    """How a derivation is written."""

    text = "text"
    markdown = "markdown"
    latex = "latex"


class MissingValues(StrEnum):
    """What becomes of empty or nan fields."""

    refuse = "raise"
    symbol = "symbol"


Table = Annotated[Path, typer.Argument(help="A CSV or TSV file with a header line.")]
Label = Annotated[str, typer.Option(help="The column to be predicted.")]
OptionalLabel = Annotated[str | None, typer.Option(help="The column to be predicted.")]
Columns = Annotated[
    str | None, typer.Option(help="The other columns to use, separated by commas; default all.")
]
InUnit = Annotated[Unit, typer.Option(help="Unit of entropies and information.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
Level = Annotated[float, typer.Option(help="Confidence level.")]
Missing = Annotated[
    MissingValues,
    typer.Option(help="Empty or nan fields: refuse them, or count them as one symbol."),
]


@app.command(epilog="Example: mitheory estimate survey.csv --label answer --method grassberger")
def estimate(
    file: Table,
    label: OptionalLabel = None,
    columns: Columns = None,
    method: Annotated[str, typer.Option(help="The estimator, a name of ENTROPIES.")] = "plugin",
    missing: Missing = MissingValues.refuse,
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """Estimate entropies, and the information that the other columns hold about the label."""
    import mitheory as mt

    table = mt.count_table(file, terminal.split(columns), label=label, missing=missing.value)
    amounts = {"entropy": mt.entropy(table, method)}
    names = {"entropy": f"H({', '.join(table.names)})"}
    if label is not None:
        x = ", ".join(table.names[:-1])
        amounts = {
            "label_entropy": mt.entropy(table.marginal(-1), method),
            "conditional_entropy": mt.conditional_entropy(table, method),
            "information": mt.mutual_information(table, method=method),
        }
        names = {
            "label_entropy": f"H({label})",
            "conditional_entropy": f"H({label} | {x})",
            "information": f"I({x} ; {label})",
        }
    shown = {key: nats_to(unit, float(value)) for key, value in amounts.items()}
    if as_json:
        terminal.print_json({"n": table.n, "method": method, "unit": unit, **shown})
        return
    grid = terminal.grid("", f"{method} [{unit}]")
    for key, value in shown.items():
        grid.add_row(names[key], f"{value:.6f}")
    terminal.show(f"n = {table.n}", grid)
    if amounts.get("information", 0.0) < 0:
        typer.echo(
            "The information is negative: the correction for bias exceeds what was found, which "
            "is what independence looks like."
        )


@app.command(epilog="Example: mitheory certify validation/data/titanic.csv --label survived")
def certify(
    file: Table,
    label: Label,
    columns: Columns = None,
    level: Level = 0.95,
    classes: Annotated[
        int | None, typer.Option(help="Classes of the label, if some may not occur in the file.")
    ] = None,
    simultaneous: Annotated[
        bool, typer.Option(help="Make all intervals hold together, not each by itself.")
    ] = False,
    missing: Missing = MissingValues.refuse,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how each end was proved and the risk split.")
    ] = False,
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """Certify, at finite n, what the other columns tell about the label and what error is possible.

    The rows are taken as independent draws from one law; nothing else is assumed.
    """
    import mitheory as mt

    table = mt.count_table(file, terminal.split(columns), label=label, missing=missing.value)
    if len(table.symbols[-1]) < 2 and classes is None:
        raise ValueError(
            f"the label column {label!r} must have at least two values; it has only "
            f"{table.symbols[-1][0]!r} (if others are possible, say how many: --classes)"
        )
    result = mt.certify(table, level=level, classes=classes, simultaneous=simultaneous)
    if as_json:
        terminal.print_json(terminal.in_unit(result.to_dict(), unit))
        return
    x = ", ".join(table.names[:-1])
    rows: dict[str, tuple[Any, Unit | None]] = {
        f"H(Y) [{unit}]": (result.label_entropy, unit),
        f"H(Y|X) [{unit}]": (result.conditional_entropy, unit),
        f"I(X;Y) [{unit}]": (result.information, unit),
        "Bayes error": (result.bayes_error, None),
        "  from H(Y|X)": (result.error_from_entropies, None),
    }
    grid = terminal.grid("", "plug-in", "at least", "at most", "by")
    for name, (interval, in_unit) in rows.items():
        ends = [interval.value, interval.lower, interval.upper]
        shown = [f"{nats_to(in_unit, end) if in_unit else end:.6f}" for end in ends]
        by = dict.fromkeys([interval.lower_by, interval.upper_by])
        grid.add_row(name, *shown, ", ".join(by))
    together = "all together" if simultaneous else "each by itself"
    assumed = " (those in the file)" if result.classes_assumed else ""
    terminal.show(
        f"Y = {label}, {result.classes} classes{assumed}; X = {x}; n = {result.n}\n"
        f"Certified at level {level:g}, {together}, for independent rows:",
        grid,
    )
    error = result.bayes_error
    if result.remark:
        typer.echo(
            f"Beware: {result.remark}.\n"
            f"The best classifier's error is at most {error.upper:.4f} (certified)."
        )
    else:
        typer.echo(
            f"No classifier that sees only {x} can have an error below {error.lower:.4f} "
            f"(certified); the best one's error is at most {error.upper:.4f} (certified); "
            f"the plug-in guess is {error.value:.4f}."
        )
    if explain:
        for name, (interval, _) in rows.items():
            typer.echo(f"\n{name.strip()}: {interval.how}.")


@app.command(
    epilog="Examples: mitheory bound --conditional-entropy 0.5 --classes 10 · "
    "mitheory bound fano H=0.5 M=10 · mitheory bound"
)
def bound(
    name: Annotated[str | None, typer.Argument(help="A bound; without it, all are listed.")] = None,
    known: Annotated[
        list[str] | None, typer.Argument(help="SYMBOL=VALUE for all symbols but one.")
    ] = None,
    conditional_entropy: Annotated[float | None, typer.Option(help="H(Y|X).")] = None,
    information: Annotated[float | None, typer.Option(help="I(X;Y).")] = None,
    classes: Annotated[int | None, typer.Option(help="Number of classes.")] = None,
    prior: Annotated[
        str | None, typer.Option(help="Probabilities of the classes, separated by commas.")
    ] = None,
    list_size: Annotated[
        int | None, typer.Option(help="How many labels an answer may name; 1 if not given.")
    ] = None,
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """Turn information into bounds on the error probability, or evaluate one bound by name."""
    import mitheory as mt

    given = {"conditional_entropy": conditional_entropy, "information": information}
    if name is not None:
        options = {**given, "classes": classes, "prior": prior, "list_size": list_size}
        if used := [f"--{k.replace('_', '-')}" for k, v in options.items() if v is not None]:
            raise ValueError(
                f"a bound by name takes SYMBOL=VALUE, such as mitheory bound {name} M=10, "
                f"not {', '.join(used)} (leave out the name to use every bound)"
            )
        _one_bound(name, known or [], unit, as_json)
        return
    if all(value is None for value in given.values()) and prior is None:
        if classes is not None:
            raise ValueError(
                "--classes alone says nothing about the error: give also --conditional-entropy, "
                "--information or --prior"
            )
        grid = terminal.grid("bound", "statement", "holds for")
        for key, value in mt.BOUNDS.items():
            grid.add_row(key, value.statement, value.holds_for)
        terminal.show("Bounds; mitheory derive NAME prints the derivation.", grid)
        return
    law = None if prior is None else _law(prior, "prior")
    lists = 1 if list_size is None else list_size
    amounts = {key: value for key, value in given.items() if value is not None}
    with terminal.in_nats(unit, amounts) as nats:
        result = mt.error_bounds(
            conditional_entropy=nats.get("conditional_entropy"),
            information=nats.get("information"),
            classes=classes,
            prior=law,
            list_size=lists,
        )
    if as_json:
        record = dataclasses.asdict(result)
        ends = [nats_to(unit, float(end)) for end in record["conditional_entropy"]]
        terminal.print_json(record | {"conditional_entropy": ends, "unit": unit})
        return
    grid = terminal.grid("error probability of", "at least", "at most", "by")
    grid.add_row(
        "the Bayes classifier",
        f"{result.lower:.6g}",
        f"{result.upper:.6g}",
        f"{result.lower_by}, {result.upper_by}",
    )
    least, most = result.any_classifier
    grid.add_row("any classifier", f"{least:.6g}", f"{most:.6g}", "")
    terminal.show("", grid)


def _law(text: str, name: str) -> list[float]:
    """Probabilities separated by commas."""
    return [terminal.number(p, name) for p in text.split(",")]


def _one_bound(name: str, known: list[str], unit: Unit, as_json: bool) -> None:
    import mitheory as mt
    from mitheory import check
    from mitheory.bounds.expressions import QUANTITIES

    chosen = mt.BOUNDS[check.one_of(name, mt.BOUNDS, "bound")]
    values: dict[str, Any] = {}
    for pair in known:
        symbol, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"what is known must be SYMBOL=VALUE, such as M=10; got {pair!r}")
        check.one_of(symbol, chosen.symbols, f"symbol of {name}")
        if symbol in values:
            raise ValueError(f"each symbol has one value; {symbol} is given twice")
        vector = QUANTITIES[symbol].vector
        values[symbol] = _law(value, symbol) if vector else terminal.number(value, symbol)
    unknown = [symbol for symbol in chosen.symbols if symbol not in values]
    if len(unknown) > 1:
        raise ValueError(
            f"{name} needs all its symbols but one; give {len(unknown) - 1} of {', '.join(unknown)}"
        )
    amounts = {symbol: v for symbol, v in values.items() if QUANTITIES[symbol].entropy}
    with terminal.in_nats(unit, amounts) as nats:
        if not unknown:
            found = {"slack": float(chosen.value(**(values | nats)))}
        else:
            ends = {"least": chosen.least, "greatest": chosen.greatest}
            found = {e: float(solve(unknown[0], **(values | nats))) for e, solve in ends.items()}
    solved = unknown[0] if unknown else chosen.bounded
    if solved is None or QUANTITIES[solved].entropy:
        found = {end: nats_to(unit, amount) for end, amount in found.items()}
    if as_json:
        left = unknown[0] if unknown else None
        terminal.print_json({"bound": name, "unit": unit, **values, "unknown": left, **found})
        return
    of = f" {unknown[0]}" if unknown else ""
    words = [
        f"{end}{of} " + (f"= {v:.12g}" if math.isfinite(v) else "is unbounded")
        for end, v in found.items()
    ]
    typer.echo(f"{chosen.statement} (holds for {chosen.holds_for})")
    typer.echo(f"{', '.join(words)} (entropies in {unit}s)")


@app.command(epilog="Example: mitheory samples --error 0.1 --classes 10")
def samples(
    error: Annotated[float, typer.Option(help="The error that is allowed.")],
    classes: Annotated[int, typer.Option(help="Number of classes of the label.")],
    quantity: Annotated[
        str,
        typer.Option(
            help="entropy, conditional_entropy, information, bayes_error, classifier_error."
        ),
    ] = "entropy",
    alphabet: Annotated[
        int | None, typer.Option(help="Number of symbols of X, where it matters.")
    ] = None,
    level: Level = 0.95,
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """How many samples are needed to know a quantity to within an error, by every route."""
    import mitheory as mt

    scale: Unit = "nat" if quantity.endswith("_error") else unit
    with terminal.in_nats(scale, {"error": error}) as nats:
        result = mt.samples_needed(
            quantity, error=nats["error"], level=level, classes=classes, alphabet=alphabet
        )
    if as_json:
        record = dataclasses.asdict(result)
        for entry in (record, *record["routes"]):
            entry["error"] = nats_to(scale, entry["error"])
        terminal.print_json(record | {"unit": unit})
        return
    grid = terminal.grid("route", "samples", "assumes")
    for route in result.routes:
        grid.add_row(route.name, "-" if route.n is None else f"{route.n:,}", route.assumes)
    what = "" if quantity.endswith("_error") else f" {unit}"
    terminal.show(
        f"{quantity} to within {error:g}{what} at level {level:g}: n = {result.n:,} samples", grid
    )


@app.command(epilog="Example: mitheory derive fano --form latex")
def derive(
    name: Annotated[str, typer.Argument(help="A bound.")],
    form: Annotated[Form, typer.Option(help="How to write it.")] = Form.text,
) -> None:
    """Print the derivation of a bound, after checking every step of it."""
    import mitheory as mt
    from mitheory import check

    derivation = mt.BOUNDS[check.one_of(name, mt.BOUNDS, "bound")].derivation()
    derivation.check()
    typer.echo(getattr(derivation, f"to_{form.value}")())


@app.command(epilog="Example: mitheory reproduce --full")
def reproduce(
    full: Annotated[bool, typer.Option("--full", help="Paper scale instead of quick.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; default one per core.")] = None,
    build: Annotated[Path, typer.Option(help="Where results and report go.")] = Path("build"),
) -> None:
    """Run the studies, draw the figures and write the report, from a checkout."""
    from mitheory import reproduction

    results, page = reproduction.reproduce(
        reproduction.checkout(), build, "full" if full else "quick", workers
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
    except (OSError, ValueError, TypeError) as error:
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
