"""What all figures share: size, type and colours that colour-blind readers can tell apart."""

import matplotlib as mpl
from matplotlib.figure import Figure

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
