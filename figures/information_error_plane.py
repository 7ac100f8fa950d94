"""The (information, error) plane: what the bounds allow, and where trained classifiers stand."""

import math

from matplotlib.lines import Line2D
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

TITLE = "The information and the error determine each other within narrow limits"
STUDIES = ("bounds_hold", "trained_classifiers", "gaussian_information")


def draw(bounds_hold, trained_classifiers, gaussian_information):
    figure, (left, right) = panels(2, height=5.2)
    every_law(left, bounds_hold)
    two_classes(right, bounds_hold, trained_classifiers, gaussian_information)
    caption = (
        "Left: the Bayes error of random joint laws (dots) against the share of the label's "
        "largest entropy that the observation removes, between Fano's inequality (solid) and the "
        "lower envelope (dashed). Right: classifiers trained on the binary Gaussian model, at the "
        "information they learned, ln 2 - cross entropy, and their test error; the black line "
        "is the exact law, information and Bayes error at every signal-to-noise ratio. "
        f"{conclusion(trained_classifiers)}"
    )
    return figure, caption


def every_law(axis, bounds_hold):
    handles = []
    for cell, colour in zip(bounds_hold.cells, (BLUE, ORANGE, GREEN, PURPLE, RED), strict=False):
        classes, curve = cell["classes"], cell["curve"]
        share = [1 - h / math.log(classes) for h in curve["entropy"]]
        axis.fill_between(share, curve["lower"], curve["upper"], color=colour, alpha=0.13, lw=0)
        axis.plot(share, curve["lower"], color=colour)
        axis.plot(share, curve["upper"], color=colour, ls="--")
        axis.plot(
            [1 - h / math.log(classes) for h in cell["entropy"]],
            cell["error"],
            ".",
            ms=3.5,
            color=colour,
            alpha=0.7,
            mew=0,
        )
        handles.append(Line2D([], [], color=colour, lw=4, label=f"{classes} classes"))
    handles += [
        Line2D([], [], color=GREY, label="Fano's inequality"),
        Line2D([], [], color=GREY, ls="--", label="lower envelope"),
    ]
    legend_below(axis, handles, [handle.get_label() for handle in handles])
    axis.set(
        xlabel="1 - H(Y|X) / ln(classes)",
        ylabel="Bayes error probability",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Every law lies between its bounds",
    )


def two_classes(axis, bounds_hold, trained_classifiers, gaussian_information):
    binary = bounds_hold.select(classes=2).cells[0]["curve"]
    information = [math.log(2) - h for h in binary["entropy"]]
    axis.fill_between(information, binary["lower"], binary["upper"], color=SKY, alpha=0.2, lw=0)
    axis.plot(information, binary["lower"], color=BLUE, label="no classifier is below (Fano)")
    axis.plot(
        information,
        binary["upper"],
        color=BLUE,
        ls="--",
        label="no Bayes classifier is above (envelope)",
    )
    exact = sorted((c["information"], c["error"]) for c in gaussian_information.cells)
    axis.plot(*zip((0, 0.5), *exact, strict=True), color=BLACK, lw=1.3, label="binary Gaussian")
    marks = {"cross_entropy": ("o", ORANGE), "mutual_information": ("x", RED)}
    for loss, (mark, colour) in marks.items():
        cells = trained_classifiers.select(loss=loss).cells
        axis.plot(
            [c["learned_information"] for c in cells],
            [c["error"] for c in cells],
            mark,
            color=colour,
            ms=7.5 if mark == "o" else 5.5,
            mfc="none",
            mew=1.7,
            label=f"trained by {loss.replace('_', ' ')}",
        )
    axis.set(
        xlabel="information I(X;Y) [nat]",
        ylabel="error probability",
        xlim=(0, math.log(2)),
        ylim=(0, 0.55),
        title="Two classes: trained classifiers",
    )
    legend_below(axis, *axis.get_legend_handles_labels(), columns=1)
