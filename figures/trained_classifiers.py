"""Trained classifiers in the (information, error) plane of two classes."""

import math

from style import BLACK, BLUE, ORANGE, RED, SKY, conclusion, panels

TITLE = "Trained classifiers lie where the exact law says that they can"
STUDIES = ("trained_classifiers", "gaussian_information", "error_region")


def draw(trained_classifiers, gaussian_information, error_region):
    figure, axis = panels(1, height=4.6)
    cell = error_region.select(classes=2).cells[0]
    information = [math.log(2) * (1.0 - share) for share in cell["share"]]
    least, greatest = cell["bounds"]["fano"]["least"], cell["bounds"]["envelope"]["greatest"]
    axis.fill_between(information, least, greatest, color=SKY, alpha=0.2, lw=0)
    axis.plot(information, least, color=BLUE, label="no classifier is below (Fano)")
    axis.plot(
        information,
        greatest,
        color=BLUE,
        ls="--",
        label="no Bayes classifier is above (envelope)",
    )
    exact = sorted((c["information"], c["error"]) for c in gaussian_information.cells)
    axis.plot(
        *zip((0, 0.5), *exact, strict=True),
        color=BLACK,
        lw=1.3,
        label="Bayes classifier of the binary Gaussian model",
    )
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
        xlabel="information I(X;Y), of a classifier ln 2 - cross entropy [nat]",
        ylabel="error probability",
        xlim=(0, math.log(2)),
        ylim=(0, 0.52),
        title="Two classes: trained classifiers reach the curve of the Bayes classifier",
    )
    axis.legend(loc="upper right")
    caption = (
        "Classifiers trained on the binary Gaussian model with equal priors, at the information "
        "they learned, ln 2 - cross entropy on the test set, and their test error. The black line "
        "is the exact law, information and Bayes error at every signal-to-noise ratio; blue lines "
        f"enclose the Bayes error of every law of two classes. {conclusion(trained_classifiers)}"
    )
    return figure, caption
