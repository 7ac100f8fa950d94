"""The (information, error) plane: all bounds, and what they leave to laws and to classifiers."""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, conclusion, panels

TITLE = "Fano's inequality and the envelope enclose the laws, and nothing else does so closely"
STUDIES = ("error_region",)
TITLES = {
    2: "2 classes: no line helps",
    10: "10 classes: forms differ",
    1000: "1000 classes: lines do well",
}
BELOW = {  # colour, line and words of the bounds from below, the sharpest first
    "fano": (BLUE, "-", "Fano's inequality"),
    "fano_sqrt": (ORANGE, "--", "its square-root form"),
    "fano_pinsker": (GREEN, "-.", "its quadratic form (Pinsker)"),
    "fano_quadratic": (PURPLE, (0, (1, 1)), "its quadratic form (bits)"),
    "fano_linear": (RED, (0, (5, 1)), "its linear form, ln(M - 1)"),
    "fano_simple": (GREY, (0, (2, 2)), "its linear form, ln M"),
}
ABOVE = {
    "envelope": (BLACK, "-", "the envelope of H"),
    "min_entropy": (RED, ":", "1 - exp(-H)"),
    "hellman_raviv": (GREEN, ":", "H / (2 ln 2)"),
}


def draw(error_region):
    figure, axes = panels(3, height=5.3, sharey=True)
    cells = [error_region.select(classes=M).cells[0] for M in TITLES]
    for axis, cell in zip(axes, cells, strict=True):
        plane(axis, cell)
    axes[0].set_ylabel("error probability")
    handles = [
        *(
            Line2D([], [], color=c, ls=ls, label=f"error ≥ {words}")
            for c, ls, words in BELOW.values()
        ),
        Line2D([], [], color=BLUE, lw=1, label="error ≤ Fano's upper branch"),
        *(
            Line2D([], [], color=c, ls=ls, label=f"Bayes error ≤ {words}")
            for c, ls, words in ABOVE.values()
        ),
        Line2D([], [], ls="", marker=".", color=BLACK, ms=4, label="Bayes errors of random laws"),
        Patch(color=SKY, alpha=0.45, lw=0, label="Bayes errors of all laws"),
        Patch(color=GREY, alpha=0.16, lw=0, label="errors of any classifier"),
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=3, fontsize=9, columnspacing=1.2
    )
    caption = (
        "Error probabilities against the share of the label's largest entropy, ln M, that the "
        "observation removes. Dark: where the Bayes error of a law of M classes may lie, which is "
        "everywhere between Fano's inequality and the envelope; dots are random laws. Light: "
        "where any other classifier may lie, which Fano's inequality bounds from above too once "
        "H(Y|X) > ln(M - 1). The other lines are closed forms, H in nats; the linear ones say "
        f"nothing while H(Y|X) < ln 2. {conclusion(error_region)}"
    )
    return figure, caption


def plane(axis, cell):
    x = [1.0 - share for share in cell["share"]]
    bounds = cell["bounds"]
    fano, top = bounds["fano"], bounds["envelope"]["greatest"]
    axis.fill_between(x, fano["least"], fano["greatest"], color=GREY, alpha=0.16, lw=0)
    least = [min(low, high) for low, high in zip(fano["least"], top, strict=True)]
    axis.fill_between(x, least, top, color=SKY, alpha=0.45, lw=0)
    axis.plot(x, fano["greatest"], color=BLUE, lw=1)
    for name, (colour, line, _) in reversed(BELOW.items()):
        axis.plot(x, bounds[name]["least"], color=colour, ls=line)
    for name, (colour, line, _) in reversed(ABOVE.items()):
        axis.plot(x, bounds[name]["greatest"], color=colour, ls=line)
    at = [1.0 - h / cell["log_classes"] for h in cell["entropy"]]
    axis.plot(at, cell["error"], ".", color=BLACK, ms=2.5, mew=0, alpha=0.6)
    axis.set(
        xlabel="information, 1 - H(Y|X) / ln M",
        xlim=(0, 1),
        ylim=(0, 1.01),
        title=TITLES[cell["classes"]],
    )
