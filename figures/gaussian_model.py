"""The binary Gaussian model: closed-form bounds on the information, and the error, against snr."""

import math

from matplotlib.patches import Patch
from style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    conclusion,
    legend_below,
    panels,
)

TITLE = "Closed forms enclose the information of the Gaussian model closely"
STUDIES = ("gaussian_information",)
SEEN = 1e-6  # nat; below it two bounds are one line
FORMULAS = {
    "mmse": "(1 - exp(-snr)) / 2",
    "error_ceiling": "ln 2 - π × error",
    "bhattacharyya": "ln 2 (1 - exp(-snr / 2))",
    "joined": "capacity, then decay",
    "error_floor": "ln 2 - 2 ln 2 × error",
}


def best(cells, end, choose):
    """The fewest closed forms that are, between them, the best at every snr."""
    attained = {name: set() for name in cells[0][end]}
    for at, cell in enumerate(cells):
        extreme = choose(cell[end].values())
        if abs(extreme - cell["information"]) > SEEN:
            for name, value in cell[end].items():
                if abs(value - extreme) < SEEN / 100:
                    attained[name].add(at)
    chosen, covered = [], set()
    for name in sorted(attained, key=lambda name: -len(attained[name])):
        if attained[name] - covered:
            chosen.append(name)
            covered |= attained[name]
    return chosen


def draw(gaussian_information):
    figure, (left, right) = panels(2, height=4.4, width_ratios=(1.15, 1))
    cells = gaussian_information.cells
    snr = [cell["snr"] for cell in cells]
    low = [max(cell["lower"].values()) - cell["information"] for cell in cells]
    high = [min(cell["upper"].values()) - cell["information"] for cell in cells]
    left.fill_between(snr, low, high, color=GREY, alpha=0.22, lw=0)
    styles = {
        "upper": (min, (RED, ORANGE, PURPLE), "≤"),
        "lower": (max, (BLUE, SKY, GREEN), "≥"),
    }
    for end, (choose, colours, sign) in styles.items():
        for name, colour, line in zip(
            best(cells, end, choose), colours, ("-", "--", ":"), strict=False
        ):
            gap = [cell[end][name] - cell["information"] for cell in cells]
            words = FORMULAS.get(name, name.replace("_", " "))
            left.plot(snr, gap, color=colour, ls=line, label=f"I {sign} {words}")
    left.axhline(0, color=BLACK, lw=1)
    left.set(
        ylabel="bound less exact information [nat]",
        xlim=(1e-2, 1e2),
        ylim=(-0.085, 0.055),
        title="Information: the best bounds",
    )
    handles, labels = left.get_legend_handles_labels()
    shade = Patch(color=GREY, alpha=0.22, lw=0)
    legend_below(left, [*handles, shade], [*labels, "between the best"])

    ratio = {
        "H / (2 ln 2), any two classes": ([c["envelope"] / c["error"] for c in cells], GREEN, "-"),
        "H / π, this model alone": (
            [c["conditional_entropy"] / math.pi / c["error"] for c in cells],
            PURPLE,
            "--",
        ),
        "Fano, any two classes": ([c["fano"] / c["error"] for c in cells], BLUE, "-."),
    }
    for name, (values, colour, line) in ratio.items():
        right.plot(snr, values, color=colour, ls=line, label=name)
    right.axhline(1, color=BLACK, lw=1)
    right.set_yscale("log")
    right.set(
        ylabel="bound / exact Bayes error",
        xlim=(1e-2, 1e2),
        ylim=(0.045, 3),
        title="Bayes error, from H(Y|X)",
    )
    right.set_yticks([0.1, 1], ["0.1", "1"])
    right.set_yticks([0.2, 0.5, 2], ["0.2", "0.5", "2"], minor=True)
    for axis in (left, right):
        axis.set_xscale("log")
        axis.set_xlabel(r"snr  $\mu^{\mathsf{T}} \Sigma^{-1} \mu$")
    legend_below(right, *right.get_legend_handles_labels(), columns=1)
    gap = max(b - a for a, b in zip(low, high, strict=True))
    caption = (
        "Equal priors. Left: those closed forms that are the best bound on the information at some "
        "snr, less its exact value; the best pair (shaded) is "
        f"{gap:.3f} nat apart at most. Right: what the exact conditional entropy H = H(Y|X) says "
        "about the Bayes error, relative to the exact error. Fano's lower bound falls ever further "
        "below it. The general upper bound H / (2 ln 2), which is the envelope of two classes, "
        "and the lower bound H / π, which holds for this model only, stay a factor "
        f"π / (2 ln 2) = 2.27 apart. {conclusion(gaussian_information)}"
    )
    return figure, caption
