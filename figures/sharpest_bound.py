"""Which bound on the error is the sharpest: maps by entropy, number of classes and skew."""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from style import BLACK, BLUE, GREEN, ORANGE, RED, conclusion, panels

TITLE = "The choice of the bound matters for skewed priors and little information"
STUDIES = ("sharpest_bound",)
MAPPED = (10, 1000)  # numbers of classes
CLOSE = {0.5: ":", 0.9: "--", 0.99: "-"}  # shares of Fano's bound
GAINS = {  # how many times the better of the two others, and the shade from there on
    1.01: "#DEEBF7",
    1.05: "#9ECAE1",
    1.1: "#4292C6",
    1.2: "#08519C",
    1.5: "#08306B",
}


def draw(sharpest_bound):
    figure, ((forms, above), lower) = panels(2, rows=2, height=4.2)
    closed_forms(forms, sharpest_bound.cells)
    upper(above, sharpest_bound)
    for axis, M in zip(lower, MAPPED, strict=True):
        prior(axis, sharpest_bound.select(classes=M).cells[0])
    for axis in (above, *lower):
        axis.set(xlabel="information, I(X;Y) / H(Y)", ylabel="Zipf exponent of the prior")
    handles = [
        *(
            Patch(color=shade, lw=0, label=f"the whole prior adds over {gain - 1:.0%}")
            for gain, shade in GAINS.items()
        ),
        Line2D([], [], color=RED, label="left: data processing beats Fano"),
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=3, fontsize=9, columnspacing=1.2
    )
    caption = (
        "Top left: where one closed form of Fano's inequality or another gives the greatest lower "
        "bound on the error, and what share it is of Fano's inequality itself; the linear forms "
        "never win. Top right: two upper bounds on the Bayes error, from the conditional entropy "
        "and from the prior alone, for priors from uniform (exponent 0) to very skewed. Bottom: "
        "by how much the lower bound from the whole prior exceeds those from its entropy (Fano) "
        "and from its largest probability (data processing), in per cent of the better of the two; "
        f"white is less than 1 %. {conclusion(sharpest_bound)}"
    )
    return figure, caption


def closed_forms(axis, cells):
    """The sharper of the two forms that others do not dominate, and how close it comes."""
    x, M = cells[0]["share"], [cell["classes"] for cell in cells]
    ratios = [
        [cell["closed_forms"][name] for cell in cells] for name in ("fano_sqrt", "fano_pinsker")
    ]
    both = [list(zip(*rows, strict=True)) for rows in zip(*ratios, strict=True)]
    ahead = [[root - square for root, square in row] for row in both]
    best = [[max(pair) for pair in row] for row in both]
    axis.contourf(x, M, ahead, levels=[-1, 0, 1], colors=[GREEN, ORANGE], alpha=0.35)
    axis.contour(x, M, best, levels=list(CLOSE), colors=BLACK, linestyles=list(CLOSE.values()))
    for share, line in CLOSE.items():
        axis.plot([], [], color=BLACK, lw=1.5, ls=line, label=f"{share:.0%} of Fano's")
    axis.legend(loc=(0.52, 0.3), fontsize=9)
    axis.set_yscale("log")
    axis.text(0.01, 2.15, "square root", fontsize=9.5)
    axis.text(0.5, 150, "square (Pinsker)", fontsize=10)
    axis.set(
        xlabel="H(Y|X) / ln M",
        ylabel="number of classes M",
        xlim=(0, 1),
        title="The sharpest closed form",
    )


def upper(axis, results):
    for M, colour, line in zip(
        (2, 10, 100, 1000), (BLUE, ORANGE, GREEN, RED), ("-", "--", "-.", ":"), strict=True
    ):
        cell = results.select(classes=M).cells[0]
        ratio = cell["by_skew"]["envelope"]
        axis.contour(
            cell["share"], cell["skew"], ratio, levels=[1.0], colors=[colour], linestyles=[line]
        )
        axis.plot([], [], color=colour, ls=line, label=f"{M} classes")
    where = {"transform": axis.transAxes, "fontsize": 10}
    axis.text(0.04, 0.9, "guessing is sharper", **where)
    axis.text(0.97, 0.06, "the envelope is sharper", ha="right", **where)
    axis.set(xlim=(0, 1), title="From above: envelope or guessing")
    axis.legend(loc=(0.02, 0.6), fontsize=9)


def prior(axis, cell):
    x, y, rows = cell["share"], cell["skew"], cell["by_skew"]
    axis.contourf(
        x, y, rows["known_prior"], levels=list(GAINS), colors=list(GAINS.values()), extend="max"
    )
    ratio = rows["data_processing"]
    if max(map(max, ratio)) > 1.0:
        axis.contour(x, y, ratio, levels=[1.0], colors=RED)
    axis.set(xlim=(0, 1), title=f"From below, {cell['classes']} classes")
