"""Verbs that need no data: bound, samples, derive."""

from __future__ import annotations

import dataclasses
import math
from enum import StrEnum
from typing import Annotated, Any

import typer

from mitheory import terminal
from mitheory.cli.shared import AsJson, InUnit, Level, app
from mitheory.units import Unit, nats_to


class Form(StrEnum):
    """How a derivation is written."""

    text = "text"
    markdown = "markdown"
    latex = "latex"


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
    if conditional_entropy is None and classes is None and prior is None:
        raise ValueError(
            "--information alone says nothing about the error: give also --classes or --prior"
        )
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


@app.command(
    epilog="Examples: mitheory samples --error 0.1 --classes 10 · "
    "mitheory samples --samples 2201 --classes 2 --quantity conditional_entropy --alphabet 14"
)
def samples(
    classes: Annotated[int, typer.Option(help="Number of classes of the label.")],
    error: Annotated[float | None, typer.Option(help="The error that is allowed.")] = None,
    samples: Annotated[
        int | None, typer.Option(help="Instead: the number of samples, to be told the error.")
    ] = None,
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
    """How many samples an error takes, or what error samples leave, by every route."""
    import mitheory as mt

    scale: Unit = "nat" if quantity.endswith("_error") else unit
    sizes: dict[str, Any] = {"level": level, "classes": classes, "alphabet": alphabet}
    if samples is not None and error is None:
        result = mt.error_at(quantity, n=samples, **sizes)
    elif error is not None and samples is None:
        with terminal.in_nats(scale, {"error": error}) as nats:
            result = mt.samples_needed(quantity, error=nats["error"], **sizes)
    else:
        raise ValueError("say either --error, to be told the samples, or --samples, not both")
    if as_json:
        record = dataclasses.asdict(result)
        for entry in (record, *record["routes"]):
            entry["error"] = nats_to(scale, entry["error"])
        for entry in record["routes"]:
            entry["shift"] = nats_to(scale, entry["shift"])
        terminal.print_json(record | {"unit": unit})
        return
    grid = terminal.grid("route", "error" if error is None else "samples", "assumes")
    for route in result.routes:
        shown = f"{nats_to(scale, route.error):.4g}" if error is None else f"{route.n:,}"
        added = f" (shift {nats_to(scale, route.shift):.4g})" if route.shift else ""
        grid.add_row(route.name, shown, route.assumes + added)
    for name, why in result.excluded.items():
        grid.add_row(name, "-", why)
    what = "" if quantity.endswith("_error") else f" {unit}"
    answer = (
        f"n = {result.n:,} samples: {quantity} to within {nats_to(scale, result.error):.4g}{what} "
        f"at level {level:g}"
        if error is None
        else f"{quantity} to within {error:g}{what} at level {level:g}: n = {result.n:,} samples"
    )
    terminal.show(answer, grid)


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
