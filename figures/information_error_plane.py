"""The (information, error) plane: what the bounds allow, and where trained classifiers stand."""

import math

from style import BLACK, BLUE, GREEN, GREY, ORANGE, RED, SKY, panels

TITLE = "The information and the error determine each other within narrow limits"
STUDIES = ("bounds_hold", "trained_classifiers")


def draw(bounds_hold, trained_classifiers):
    figure, (left, right) = panels(2)

    for cell, colour in zip(bounds_hold.cells, (BLUE, ORANGE, GREEN, RED), strict=False):
        classes, curve = cell["classes"], cell["curve"]
        share = [1 - h / math.log(classes) for h in curve["entropy"]]
        left.fill_between(share, curve["lower"], curve["upper"], color=colour, alpha=0.16, lw=0)
        left.plot(share, curve["lower"], color=colour)
        left.plot(share, curve["upper"], color=colour, ls="--")
        at = min(range(len(share)), key=lambda i: abs(share[i] - 0.42))
        left.annotate(
            f"{classes} classes",
            (share[at], curve["upper"][at]),
            color=colour,
            xytext=(4, 4),
            textcoords="offset points",
            fontweight="bold",
        )
        left.plot(
            [1 - h / math.log(classes) for h in cell["entropy"]],
            cell["error"],
            ".",
            ms=2,
            color=colour,
            alpha=0.35,
        )
    left.set(
        xlabel="1 - H(Y|X) / ln(classes)",
        ylabel="Bayes error probability",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Every law lies between Fano and envelope",
    )

    binary = bounds_hold.select(classes=2).cells[0]["curve"]
    information = [math.log(2) - h for h in binary["entropy"]]
    right.fill_between(information, binary["lower"], binary["upper"], color=SKY, alpha=0.25, lw=0)
    right.plot(information, binary["lower"], color=BLUE, label="Fano: below no classifier")
    right.plot(
        information,
        binary["upper"],
        color=BLUE,
        ls="--",
        label="envelope: above no Bayes classifier",
    )
    exact = sorted(trained_classifiers.cells, key=lambda cell: cell["information"])
    right.plot(
        [c["information"] for c in exact],
        [c["bayes_error"] for c in exact],
        color=BLACK,
        lw=1.2,
        label="binary Gaussian, exact",
    )
    marks = {"cross_entropy": ("o", ORANGE), "mutual_information": ("x", RED)}
    for loss, (mark, colour) in marks.items():
        cells = trained_classifiers.select(loss=loss).cells
        right.plot(
            [c["learned_information"] for c in cells],
            [c["error"] for c in cells],
            mark,
            color=colour,
            mfc="none",
            mew=1.6,
            label=f"trained: {loss.replace('_', ' ')}",
        )
    right.axhline(0.5, color=GREY, lw=0.8, ls=":")
    right.set(
        xlabel="information I(X;Y) [nat]",
        ylabel="error probability",
        xlim=(0, math.log(2)),
        ylim=(0, 0.7),
        title="Two classes: trained classifiers",
    )
    right.legend(loc="upper right")
    caption = (
        "Left: the Bayes error of random joint laws (dots) against the share of the label's "
        "largest entropy that the observation removes, between Fano's inequality (solid) and the "
        "lower envelope (dashed). Right: classifiers trained on the binary Gaussian model, at the "
        "information they learned, ln 2 - cross entropy, and their test error; the black line "
        f"is the exact law. Claim: {trained_classifiers.verdict.status} "
        f"({trained_classifiers.verdict.figure})."
    )
    return figure, caption
