"""The pages that follow from the code: one row an estimator, one page a bound."""

import time
import warnings
from pathlib import Path

import numpy as np

import mitheory as mt

ESTIMATORS = """# Estimators

Every verb that estimates takes one of these as `method`. $n_i$ is the count of symbol $i$, $n$ the
number of samples, $f_1$ the number of symbols seen once, $S$ the size of the alphabet, which some
need to be told. Linear ones are sums over symbols; their exact risk is known. The cost is that of
an estimate once $10^4$ Zipf samples of $10^4$ symbols are counted, in milliseconds where this page
was made; it grows with the number of distinct counts, at most about $\\sqrt{2n}$.

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
