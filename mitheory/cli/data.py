"""Verbs on the user's own data: estimate, certify, audit."""

from __future__ import annotations

import warnings
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mitheory import terminal
from mitheory.cli.shared import AsJson, InUnit, Level, app
from mitheory.units import Unit, nats_to

if TYPE_CHECKING:
    from mitheory.counts import Counts


class MissingValues(StrEnum):
    """What becomes of empty or nan fields."""

    refuse = "raise"
    symbol = "symbol"


Table = Annotated[
    Path,
    typer.Argument(
        help="A CSV or TSV file with a header line, also .gz; a Parquet file; a folder of them, or "
        "a pattern in quotes, as 'part-*.parquet'."
    ),
]
Label = Annotated[str, typer.Option(help="The column to be predicted.")]
OptionalLabel = Annotated[str | None, typer.Option(help="The column to be predicted.")]
Columns = Annotated[
    str | None, typer.Option(help="The other columns to use, separated by commas; default all.")
]
Missing = Annotated[
    MissingValues,
    typer.Option(help="Empty or nan fields: refuse them, or count them as one symbol."),
]
BinTexts = Annotated[
    list[str] | None,
    typer.Option(
        "--bins",
        metavar="COLUMN=HOW",
        help="How to bin a continuous column; once for each. HOW is 10 (bins of equal width), "
        "frequency:10, edges:0,18,65, or values (no bins); COLUMN,COLUMN=cells:8 bins them "
        "together.",
    ),
]
MemoryLimit = Annotated[
    str, typer.Option(help="What grouping Parquet may use before it goes to temporary files.")
]


def _counted(
    file: Path,
    columns: str | None,
    label: str | None,
    missing: MissingValues,
    bins: list[str] | None,
    memory_limit: str,
) -> Counts:
    import mitheory as mt
    from mitheory.binning import parse_bins

    return mt.count_table(
        file,
        terminal.split(columns),
        label=label,
        missing=missing.value,
        bins=parse_bins(bins) if bins else None,
        memory_limit=memory_limit,
        progress=True,
    )


def _bins_of(table: Counts) -> dict[str, Any]:
    """The bins, for a record; nothing where nothing was binned."""
    return {"bins": [str(binning) for binning in table.binnings]} if table.binnings else {}


def _say_bins(table: Counts) -> None:
    from mitheory.binning import about

    for line in about(table.binnings):
        typer.echo(line)


@app.command(epilog="Example: mitheory estimate survey.csv --label answer --method grassberger")
def estimate(
    file: Table,
    label: OptionalLabel = None,
    columns: Columns = None,
    method: Annotated[str, typer.Option(help="The estimator, a name of ENTROPIES.")] = "plugin",
    alphabet: Annotated[
        str | None,
        typer.Option(
            help="How many values the columns can take together, seen or not; with --label how "
            "many the other columns together and how many the label, as in 14,2. For the "
            "estimators that need it."
        ),
    ] = None,
    missing: Missing = MissingValues.refuse,
    bins: BinTexts = None,
    memory_limit: MemoryLimit = "2GB",
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """Estimate entropies, and the information that the other columns hold about the label."""
    import mitheory as mt

    table = _counted(file, columns, label, missing, bins, memory_limit)
    sizes = _sizes(alphabet, method, table, label)
    if label is None:
        amounts = {"entropy": mt.entropy(table, method, alphabet=sizes and sizes[0])}
        names = {"entropy": f"H({', '.join(table.names)})"}
    else:
        x = ", ".join(table.names[:-1])
        amounts = {"information": mt.mutual_information(table, method=method, alphabet=sizes)}
        with warnings.catch_warnings():  # of the same entropies as the information
            warnings.simplefilter("ignore", mt.RegimeWarning)
            amounts = {
                "label_entropy": mt.entropy(
                    table.marginal(-1), method, alphabet=sizes and sizes[1]
                ),
                "conditional_entropy": mt.conditional_entropy(table, method, alphabet=sizes),
                **amounts,
            }
        names = {
            "label_entropy": f"H({label})",
            "conditional_entropy": f"H({label} | {x})",
            "information": f"I({x} ; {label})",
        }
    shown = {key: nats_to(unit, float(value)) for key, value in amounts.items()}
    if as_json:
        record = {"n": table.n, "method": method, "unit": unit, **shown, **_bins_of(table)}
        terminal.print_json(record)
        return
    grid = terminal.grid("", f"{method} [{unit}]")
    for key, value in shown.items():
        grid.add_row(names[key], f"{value:.6f}")
    terminal.show(f"n = {table.n}", grid)
    _say_bins(table)
    if amounts.get("information", 0.0) < 0:
        typer.echo(
            "The information is negative: the correction for bias exceeds what was found, which "
            "is what independence looks like."
        )


def _sizes(alphabet: str | None, method: str, table: Any, label: str | None) -> Any:
    """The sizes that --alphabet gives, one number or, with a label, two."""
    from mitheory import check
    from mitheory.entropies import named

    x, form = table, "S"
    if label is not None:
        x, form = table.features(), "SX,SY"
    if alphabet is None:
        if not named(method).needs_alphabet:
            return None
        seen = [len(x.counts)] + ([] if label is None else [len(table.symbols[-1])])
        raise ValueError(
            f"{method} needs the size of the alphabet: pass --alphabet {form}, the number of "
            f"possible values, seen or not (seen in the file: {','.join(map(str, seen))})"
        )
    sizes = [
        check.whole_number(terminal.number(size, "--alphabet"), "--alphabet", least=1)
        for size in alphabet.split(",")
    ]
    if len(sizes) != len(form.split(",")):
        words = "one number" if label is None else "two numbers, of X and of the label,"
        raise ValueError(f"--alphabet must be {words} {form}; got {alphabet!r}")
    return sizes


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
    bins: BinTexts = None,
    memory_limit: MemoryLimit = "2GB",
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

    table = _counted(file, columns, label, missing, bins, memory_limit)
    if len(table.symbols[-1]) < 2 and classes is None:
        raise ValueError(
            f"the label column {label!r} must have at least two values; it has only "
            f"{table.symbols[-1][0]!r} (if others are possible, say how many: --classes)"
        )
    result = mt.certify(table, level=level, classes=classes, simultaneous=simultaneous)
    if as_json:
        terminal.print_json(terminal.in_unit(result.to_dict(), unit) | _bins_of(table))
        return
    x = ", ".join(table.names[:-1])
    rows: dict[str, tuple[Any, Unit | None]] = {
        f"H(Y) [{unit}]": (result.label_entropy, unit),
        f"H(Y|X) [{unit}]": (result.conditional_entropy, unit),
        f"I(X;Y) [{unit}]": (result.information, unit),
        "Bayes error": (result.bayes_error, None),
        "  from H(Y|X)": (result.error_from_entropies, None),
    }
    grid = terminal.grid("", "estimate", "at least", "at most", "by")
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
    _say_bins(table)
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


@app.command(epilog="Example: mitheory audit predictions.npz --figure audit.png")
def audit(
    file: Annotated[
        Path,
        typer.Argument(
            help="A .npz archive with labels and probabilities, or a CSV or TSV file: the label, "
            "then a column of probabilities for each class."
        ),
    ],
    level: Level = 0.95,
    figure: Annotated[
        Path | None, typer.Option(help="Where to draw it: a .png, .svg or .pdf file.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how each end was proved.")
    ] = False,
    unit: InUnit = "nat",
    as_json: AsJson = False,
) -> None:
    """Say what a classifier's predictions on held-out samples certify, of it and of the data's law.

    The rows are taken as independent draws from one law, none of which the classifier has seen.
    """
    import mitheory as mt
    from mitheory.auditing import picture, predictions

    if figure is not None:
        picture.kind_of(figure)
    labels, probabilities, classes = predictions.read_predictions(file)
    found = mt.audit(labels, probabilities, level=level)
    if figure is not None:
        picture.save(found, figure)
    if as_json:
        terminal.print_json(terminal.in_unit(found.to_dict(), unit))
        return
    rows: dict[str, tuple[Any, Unit | None]] = {
        "its error": (found.error, None),
        f"its cross entropy [{unit}]": (found.cross_entropy, unit),
        f"H(Y) [{unit}]": (found.label_entropy, unit),
        f"H(Y|X) [{unit}]": (found.conditional_entropy, unit),
        f"I(X;Y) [{unit}]": (found.information, unit),
        "Bayes error": (found.bayes_error, None),
    }
    grid = terminal.grid("", "measured", "at least", "at most", "by")
    for name, (interval, in_unit) in rows.items():
        ends = [interval.value, interval.lower, interval.upper]
        shown = [f"{nats_to(in_unit, end) if in_unit else end:.6f}" for end in ends]
        grid.add_row(name, *shown, ", ".join(dict.fromkeys([interval.lower_by, interval.upper_by])))
    some = ", ".join(classes[:4]) + (", ..." if len(classes) > 4 else "")
    terminal.show(
        f"n = {found.n} held-out samples, {found.classes} classes ({some})\n"
        f"Certified at level {level:g}, each by itself, for independent samples:",
        grid,
    )
    low, high = found.standing()
    calibration = found.calibration
    plain, tempered, offset, mismatch = (
        nats_to(unit, x)
        for x in (
            found.plain_cross_entropy,
            calibration.after_temperature,
            calibration.after_offsets,
            calibration.marginal_mismatch,
        )
    )
    for sentence in (
        f"The cross entropy is that of the predictions with {found.mixing:.3g} of the uniform law "
        f"mixed in; as predicted it is {plain:.6f}.",
        f"If what it learned were all the information there is, the best classifier's error would "
        f"lie between {low:.4f} and {high:.4f}; its own is {found.error.value:.4f}"
        + (", below that: there is more." if found.error.value < low else "."),
        f"Calibration: confidence is off by {calibration.expected_error:.4f} on average; a "
        f"temperature of {calibration.temperature:.3f} makes the cross entropy {tempered:.6f}, "
        f"with a factor for each class too {offset:.6f} (both cross-fitted); the mean prediction "
        f"misses the label frequencies by {mismatch:.6f}.",
        "Not certified: a lower end of H(Y|X) or of the Bayes error, or an information below H(Y); "
        "another classifier, not tried, may do better.",
    ):
        typer.echo(sentence)
    if found.information.value < 0:
        typer.echo(
            "The information learned is negative: the label frequencies alone would have a lower "
            "cross entropy, as against an overconfident classifier they may."
        )
    if figure is not None:
        typer.echo(f"figure: {figure}")
    if explain:
        for name, (interval, _) in rows.items():
            typer.echo(f"\n{name}: {interval.how}.")
