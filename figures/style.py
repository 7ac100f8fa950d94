"""What all figures share: size, type and colours that colour-blind readers can tell apart."""

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

# Okabe and Ito's palette
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK, GREY = "#CC79A7", "#56B4E9", "#000000", "#767676"

mpl.rcParams.update(
    {
        "font.size": 11,
        "font.family": "DejaVu Sans",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#E4E4E4",
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "axes.titlesize": 11.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "legend.fontsize": 9.5,
        "lines.linewidth": 1.8,
        "svg.fonttype": "path",
        "svg.hashsalt": "mitheory",
    }
)


def panels(columns, rows=1, height=3.9, **options):
    """A figure 9 inches wide with a grid of axes."""
    figure = Figure(figsize=(9.0, height * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def legend_below(axis, handles, labels, columns=2):
    """A legend under the axis and its label, where it can hide nothing."""
    under = axis.transAxes + ScaledTranslation(-0.05, -0.58, axis.figure.dpi_scale_trans)
    axis.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=under,
        ncols=columns,
        fontsize=9,
    )


def conclusion(results):
    """The last sentence of a caption: what became of the claim."""
    judged = [cell["holds"] for cell in results.cells if cell["holds"] is not None]
    if not judged:
        return f"The claim that {results.claim} {results.verdict.status}: {results.verdict.figure}."
    if all(judged):
        return f"The claim that {results.claim} holds in all {len(judged)} cases tested."
    failed = judged.count(False)
    return f"The claim that {results.claim} fails in {failed} of {len(judged)} cases tested."
