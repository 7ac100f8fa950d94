"""The pages that follow from the code: one row an estimator, one page a bound."""

from pathlib import Path

import mitheory as mt

ESTIMATORS = """# Estimators

Every verb that estimates takes one of these as `method`. $n_i$ is the count of symbol $i$, $n$ the
number of samples, $f_1$ the number of symbols seen once, $S$ the size of the alphabet, which some
need to be told. Linear ones are sums over symbols; their exact risk is known.

| method | formula | meant for | kind | source |
| --- | --- | --- | --- | --- |
"""


def estimators() -> str:
    """The table of ENTROPIES."""
    rows = []
    for name, estimator in sorted(mt.ENTROPIES.items()):
        formula = estimator.formula.replace("|", r"\vert ")
        kind = ["linear"] * estimator.linear + ["needs S"] * estimator.needs_alphabet
        cells = (f"`{name}`", f"${formula}$", estimator.regime, ", ".join(kind), estimator.cite)
        rows.append(f"| {' | '.join(cells)} |")
    return ESTIMATORS + "\n".join(rows) + "\n"


def bound(name: str) -> str:
    """The page of one bound: its statement and its derivation, checked as it is written."""
    value = mt.BOUNDS[name]
    derivation = value.derivation()
    derivation.check()
    return (
        f"# {name}\n\n{value.statement}\n\n$${value.latex()}$$\n\n"
        f"Holds for {value.holds_for}. Source: {value.cite}. Every step below was checked by "
        f"machine when this page was made.\n\n{derivation.to_markdown()}\n"
    )


def write(folder: Path) -> None:
    """Write all generated pages below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "estimators.md").write_text(estimators(), encoding="utf-8")
    toc = "\n".join(f"bound_{name}" for name in mt.BOUNDS)
    (folder / "bounds.md").write_text(
        f"# Bounds\n\n```{{toctree}}\n:maxdepth: 1\n\n{toc}\n```\n", encoding="utf-8"
    )
    for name in mt.BOUNDS:
        (folder / f"bound_{name}.md").write_text(bound(name), encoding="utf-8")
