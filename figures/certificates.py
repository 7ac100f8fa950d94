"""Certificates: how wide the certified intervals are, and how often they miss."""

import math
import re

from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, conclusion, panels

TITLE = "Certified intervals narrow with the sample, and miss within the risk they promise"
STUDIES = ("certificate_coverage",)
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY)
MARKS = "os^Dvp"
NAMES = {
    "label_entropy": "H(Y)",
    "conditional_entropy": "H(Y|X)",
    "information": "I(X;Y)",
    "bayes_error": "error",
    "error_from_entropies": "error\nby H(Y|X)",
}


def words(law):
    """A law's name as a reader would say it."""
    kind, inside = re.fullmatch(r"(\w+)\((.*)\)", law).groups()
    first, *rest = (part.split("=")[-1].strip() for part in inside.split(","))
    if kind == "sparse":
        return f"sparse, {first} rows, {rest[0]} labels"
    if kind == "symmetric":
        return f"symmetric, {first} labels, {rest[0]}"
    prior = f", prior {rest[0]}" if rest and rest[0] != "0.5" else ""
    return f"{kind.replace('z', 'Z').replace('_', ' ')}, {first}{prior}"


def draw(certificate_coverage):
    figure, (left, middle, right) = panels(3, height=4.6, width_ratios=(1, 1, 1.35))
    named = [cell for cell in certificate_coverage.cells if cell["width"]]
    laws = list(dict.fromkeys(cell["law"] for cell in named))
    sizes = sorted(set(certificate_coverage.column("n")))
    handles = []
    for order, (law, colour, mark) in enumerate(zip(laws, COLOURS, MARKS, strict=False)):
        cells = certificate_coverage.select(law=law).cells
        n = [cell["n"] for cell in cells]
        # where lines coincide, the later marks are inside the earlier ones
        style = {"color": colour, "marker": mark, "mfc": "none", "mew": 1.4}
        style |= {"ms": 11 - 1.4 * order, "lw": 1.3}
        left.plot(n, [cell["width"]["conditional_entropy"] for cell in cells], **style)
        middle.plot(n, [cell["width"]["bayes_error"] for cell in cells], **style)
        handles.append(Line2D([], [], **style | {"ms": 7}, label=words(law)))
    groups = [cell for cell in certificate_coverage.cells if not cell["width"]]
    tried = sum({cell["law"]: cell["laws"] for cell in groups}.values())
    worst = {"color": GREY, "marker": "_", "ls": "none", "ms": 9, "mew": 1.6}
    handles.append(Line2D([], [], **worst, label=f"worst of {tried} random laws"))
    for law, colour, mark in [*zip(laws, COLOURS, MARKS, strict=False), (None, GREY, "_")]:
        for cell in groups if law is None else certificate_coverage.select(law=law).cells:
            shift = 0.62 * (sizes.index(cell["n"]) / (len(sizes) - 1) - 0.5)
            right.plot(
                [position + shift for position in range(len(NAMES))],
                [100 * cell["missed"][name]["either"] for name in NAMES],
                mark,
                color=colour,
                mfc="none",
                ms=5.5 if mark != "_" else 8,
                mew=1.2,
            )
    risk, replicates = (certificate_coverage.cells[0][key] for key in ("risk", "replicates"))
    limit = 100 * (risk + 4.5 * math.sqrt(risk * (1 - risk) / replicates))
    right.axhspan(100 * risk, limit, color=GREY, alpha=0.2, lw=0)
    right.axhline(100 * risk, color=BLACK, lw=1.2, ls=":")
    right.text(
        4.45, (100 * risk + limit) / 2, "Monte Carlo noise", ha="right", va="center", fontsize=9
    )
    right.set_xticks(range(len(NAMES)), NAMES.values(), fontsize=8.5)
    right.grid(False, axis="x")
    right.set(
        ylim=(-0.25, limit + 0.4), ylabel="intervals that miss [%]", title="Misses: at most 5 %"
    )
    left.set(ylabel="mean width [nat]", title="Width for H(Y|X)")
    middle.set(ylabel="mean width", title="Width for the error")
    for axis in (left, middle):
        axis.set_xscale("log")
        axis.set_yscale("log")
        limits = axis.get_ylim()
        axis.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
        axis.set_ylim(limits)
        axis.yaxis.set_minor_formatter(NullFormatter())
        axis.set_xlabel("samples n")
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    caption = (
        "Left and middle: mean width of the 95 % intervals for the conditional entropy and for the "
        "Bayes error. Unless a code for the labels gives the upper end, the width for H(Y|X) "
        "depends on n and the numbers of labels and of observed rows alone, so the laws of two "
        "labels and two rows nearly coincide. Right: how "
        f"often an interval misses the truth, in {replicates} replicates, n rising from "
        f"{sizes[0]} to {sizes[-1]} from left to right within each quantity; the band above the "
        "promised 5 % is 4.5 binomial standard deviations. Intervals from binomial limits (the "
        "entropy of two labels, the error) use up much of the risk they are allowed; the others, "
        "good for every law at once, hardly miss. "
        f"{conclusion(certificate_coverage)}"
    )
    return figure, caption
