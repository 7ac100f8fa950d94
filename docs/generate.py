"""The pages that follow from the code: one row an estimator, one page a bound."""

import math
import re
import time
import warnings
from pathlib import Path

import numpy as np

import mitheory as mt
from mitheory import reproduction
from mitheory.bounds.expressions import QUANTITIES, latex, symbol
from mitheory.study import read
from mitheory.study.paired import Difference, difference

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "validation" / "results"

ESTIMATORS = """# Estimators

Every verb that estimates takes one of these as `method`. $n_i$ is the count of symbol $i$, $n$ the
number of samples, $f_1$ the number of symbols seen once, $S$ the size of the alphabet, which some
need to be told. Linear ones are sums over symbols; their exact risk is known. The cost is that of
an estimate once $10^4$ Zipf samples of $10^4$ symbols are counted, in milliseconds where this page
was made; it grows with the number of distinct counts, at most about $\\sqrt{2n}$. From a
million counts an estimate is made in less memory than they take, except by `unseen`, which holds a
linear programme. Where most of them are large and different it is 2.3 times as much, since the
profile holds two numbers for each; by `nsb`, `jvhw` and `unseen` six to ten times.

| method | formula | meant for | kind | cost | source |
| --- | --- | --- | --- | --- | --- |
"""


def cost(name: str) -> str:
    """Milliseconds of one estimate from a profile, the least of a few."""
    law = 1 / np.arange(1, 10_001)
    counts = np.random.default_rng(0).multinomial(10_000, law / law.sum())
    profile = mt.Profile.from_counts(counts)
    seconds = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)
        for _ in range(4):
            start = time.perf_counter()
            mt.entropy(profile, name, alphabet=10_000)
            seconds.append(time.perf_counter() - start)
    return f"{1e3 * min(seconds):.2g}"


def estimators() -> str:
    """The table of ENTROPIES."""
    rows = []
    for name, estimator in sorted(mt.ENTROPIES.items()):
        formula = estimator.formula.replace("|", r"\vert ")
        kind = ["linear"] * estimator.linear + ["needs S"] * estimator.needs_alphabet
        words = ", ".join(kind)
        cells = (f"`{name}`", f"${formula}$", estimator.regime, words, cost(name), estimator.cite)
        rows.append(f"| {' | '.join(cells)} |")
    return ESTIMATORS + "\n".join(rows) + "\n"


BOUNDS = """# Bounds

Every theorem is an inequality *slack* $\\ge 0$; `BOUNDS[name]` evaluates it, solves it for any of
its symbols and derives it. Each page has the derivation, in steps that a machine has checked.

| bound | statement | holds for | weaker than | source |
| --- | --- | --- | --- | --- |
"""


def plain(text: str) -> str:
    """Text whose signs are mathematics and not markup."""
    return re.sub(r"([|*_$`<>\\[\]])", r"\\\1", text)


def page(name: str) -> str:
    """A link to the page of a bound."""
    return f"[`{name}`](bound_{name}.md)"


def source(value: mt.bounds.Bound) -> str:
    """The key of the source of a bound."""
    return value.cite or "derived here"


def bounds() -> str:
    """The table of BOUNDS, and the order of their pages."""
    rows = []
    for name, value in mt.BOUNDS.items():
        weaker = page(value.dominated_by) if value.dominated_by else ""
        cells = (page(name), plain(value.statement), value.holds_for, weaker, source(value))
        rows.append(f"| {' | '.join(cells)} |")
    toc = "\n".join(f"bound_{name}" for name in mt.BOUNDS)
    return BOUNDS + "\n".join(rows) + f"\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def domain(value: mt.bounds.Bound) -> str:
    """What each symbol of a bound means, and the values that it may take."""
    rows = []
    for name in (*value.symbols, *value.auxiliary):
        quantity = QUANTITIES[name]
        words = [quantity.meaning]
        if quantity.integer:
            words.append("a whole number")
        if not math.isinf(quantity.least):
            above = "above" if quantity.positive else "at least"
            words.append(f"{above} {quantity.least:g}")
        if not math.isinf(quantity.most):
            words.append(f"at most {quantity.most:g}")
        if name in value.most:
            words.append("at most " + re.sub(r"log\((\w+)\)", r"ln \1", value.most[name]))
        rows.append(f"- `{name}`, ${latex(symbol(name))}$: {plain('; '.join(words))}.")
    return "\n".join(rows)


def bound(name: str) -> str:
    """The page of one bound: statement, conditions, and the derivation, checked as it is made."""
    value = mt.BOUNDS[name]
    derivation = value.derivation()
    derivation.check()
    equality = f"Equality: {plain(value.equality)}."
    if value.tight is not None:
        equality += " `BOUNDS[name].tight` gives such a law."
    solved = ", ".join(f"`{key}`" for key in value.numeric)
    parts = [
        f"# {name}",
        f"{plain(value.title)}: {plain(value.statement)}.",
        f"$${value.latex()}$$",
        f"Holds for {value.holds_for}. {equality}",
        f"It is nowhere sharper than {page(value.dominated_by)}." if value.dominated_by else "",
        f"Source: {source(value)}.",
        f"## Symbols\n\n{domain(value)}",
        f"Solved to full precision: {solved}." if solved else "",
        "Every step below was checked by machine when this page was made.",
        derivation.to_markdown(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


REPLICATION = """| setting | loss | error | fixed | last | early | cross entropy | calibration |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def replication(name: str) -> str:
    """The table of one study of the replication, from its committed results."""
    from replication import LOW, PLAIN, compared, values

    def words(gain: Difference, shown: bool, digits: int) -> str:
        star = r"\*" if shown else ""
        return f"{gain.mean:+.{digits}f} ± {gain.half_width:.{digits}f}{star}"

    results = read(RESULTS, name)
    rows = []
    for data in dict.fromkeys(results.column("data")):
        cells = results.select(data=data).cells
        columns = [
            compared(cells, *score)
            for score in (
                ("fixed", "error", 100),
                ("last", "error", 100),
                ("early", "error", 100),
                ("likelihood", "cross_entropy", 1),
                ("likelihood", "calibration_error", 100),
            )
        ]
        for loss in cells[0]["losses"]:
            error = 100 * np.mean([values(cell, "early", "error")[loss] for cell in cells])
            gains = [
                "" if loss == PLAIN else words(*column[loss], 3 if at == 3 else 2)
                for at, column in enumerate(columns)
            ]
            label = loss.replace("_", " ") + (" alone" if loss == LOW else "")
            rows.append(
                f"| {data if loss == PLAIN else ''} | {label} | {error:.2f} | {' | '.join(gains)} |"
            )
    return f"{results.note}\n\n{REPLICATION}" + "\n".join(rows) + "\n"


def batches() -> str:
    """The table of weight and batch size, from the committed results."""
    results = read(RESULTS, "milc_batch")
    weights = [weight for weight in dict.fromkeys(results.column("weight")) if weight]
    names = [f"{when}, weight {weight:g}" for weight in weights for when in ("last", "early")]
    head = ["labels", "batch", "last", "early", *names]
    rows = [head, ["---"] * len(head)]
    for data in dict.fromkeys(results.column("data")):
        for size in dict.fromkeys(results.column("batch_size")):
            here = results.select(data=data, batch_size=size)
            plain = here.select(weight=0.0)
            row = [data, str(size)]
            row += [f"{np.mean(plain.column(key)):.2f}" for key in ("value", "early")]
            for weight in weights:
                for key in ("value", "early"):
                    gain = difference(here.select(weight=weight).column(key), plain.column(key))
                    row.append(f"{gain.mean:+.2f} ± {gain.half_width:.2f}")
            rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def write(folder: Path) -> None:
    """Write all generated pages below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    (folder / "estimators.md").write_text(estimators(), encoding="utf-8")
    (folder / "bounds.md").write_text(bounds(), encoding="utf-8")
    for name in mt.BOUNDS:
        (folder / f"bound_{name}.md").write_text(bound(name), encoding="utf-8")
    kept = {path.stem: read(path.parent, path.stem) for path in RESULTS.glob("*.json")}
    trained = [result for name, result in kept.items() if name.startswith("milc")]
    names = ("interval_coverage", "neighbors", "pixel_information", "strong_dependence")
    shown = [*trained, *(kept[name] for name in names)]
    reproduction.draw(ROOT / "figures", shown, folder)  # which also makes figures importable
    for result in trained:
        table = batches() if result.name == "milc_batch" else replication(result.name)
        (folder / f"{result.name}.txt").write_text(table, encoding="utf-8")
