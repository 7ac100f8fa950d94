"""Errors of the estimates of information of continuous and mixed data against n, law by law."""

from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, conclusion, panels

TITLE = "Nearest-neighbour information: right on every law, but slowly on some"
STUDIES = ("neighbors",)
# the lines of scikit-learn are broken and the marks of Ross large, since others lie on them
SHOWN = {
    "ksg": ("KSG 1", BLUE, "o", "-"),
    "ksg2": ("KSG 2", GREEN, "s", "-"),
    "ksg of ranks": ("KSG 1 of ranks", SKY, "P", "-"),
    "ross": ("Ross", PURPLE, "D", "-"),
    "mixed": ("mixed (Gao et al.)", ORANGE, "v", "-"),
    "gaussian": ("Gaussian", GREY, "x", "-"),
    "gaussian_copula": ("Gaussian copula", GREY, "+", ":"),
    "not strict": ("KSG 1, counts not strict", RED, "^", "-"),
    "scikit-learn": ("scikit-learn", BLACK, "", "--"),
}
WORDS = {
    "bivariate_normal(0.6)": "normal, ρ = 0.6",
    "bivariate_normal(0.9999)": "normal, ρ = 0.9999",
    "mapped bivariate_normal(0.9)": "normal, 0.9; x³, exp(y)",
    "bivariate_cauchy(0.0)": "Cauchy, no correlation",
    "additive_uniform(0.1)": "uniform + uniform noise",
    "normal(3 + 3, 0.6)": "normal, 3 + 3 columns",
    "student(2 + 2, 3 degrees)": "Student, 2 + 2 columns",
    "gaussian(snr=1, prior=0.5)": "label, Gaussian",
    "laplace(mean=1, scale=1, prior=0.5)": "label, Laplace",
    "steps(5)": "5 steps + uniform",
    "zeros(0.3) of bivariate_normal(0.9)": "normal, 0.9, and 30 % zeros",
}
COMPARED = "bivariate_normal(0.6)"


def draw(neighbors):
    figure, axes = panels(3, rows=4, height=2.6)
    laws = list(dict.fromkeys(neighbors.column("law")))
    for axis, law in zip(axes.flat, laws, strict=False):
        cells = neighbors.select(law=law).cells
        lines(axis, cells, "error")
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter(FuncFormatter(lambda error, _: f"{error:g}"))
        axis.yaxis.set_minor_formatter(NullFormatter())
        axis.set_title(f"{WORDS[law]}: {cells[0]['information']:.2f} nat", fontsize=8.5)
    last = axes.flat[len(laws)]
    lines(last, neighbors.select(law=COMPARED).cells, "bias")
    last.axhline(0, color=BLACK, lw=0.6)
    last.set_title("bias: normal, ρ = 0.6", fontsize=8.5)
    last.set_ylabel("bias [nat]")
    for axis in axes[:, 0]:
        axis.set_ylabel("rms error [nat]")
    for axis in axes[-1]:
        axis.set_xlabel("samples n")
    handles = {}
    for axis in axes.flat:
        drawn, words = axis.get_legend_handles_labels()
        handles |= dict(zip(words, drawn, strict=True))
    figure.legend(handles.values(), handles, loc="outside upper center", ncols=4)
    return figure, caption(neighbors)


def lines(axis, cells, quantity):
    """A method each: its error or bias against n."""
    n = [cell["n"] for cell in cells]
    for name in SHOWN:
        if name in cells[0][quantity]:
            words, colour, mark, dash = SHOWN[name]
            values = [cell[quantity][name] for cell in cells]
            size = 8 if name == "ross" else 4
            axis.plot(n, values, dash, color=colour, marker=mark, ms=size, lw=1.3, label=words)
    axis.set_xscale("log")


def caption(results):
    cells = results.cells
    most = max(cell["n"] for cell in cells)
    at_most = [cell for cell in cells if cell["n"] == most]
    worst = max(
        (cell for cell in at_most if "ksg" in cell["error"]), key=lambda cell: cell["error"]["ksg"]
    )
    pair = next(cell for cell in at_most if cell["law"] == COMPARED)
    return (
        "Root mean squared error against the number of samples, k = 3, on laws whose information "
        "(in the titles) is exact; the last panel is the mean error. The Gaussian estimates are "
        "the most precise where they apply, and elsewhere stay wrong however many the samples. At "
        f"n = {most:,} KSG 1 is worst on {WORDS[worst['law']]} "
        f"({worst['error']['ksg']:.2g} nat), and of the ranks it errs by "
        f"{worst['error']['ksg of ranks']:.2g} there. Counting neighbours as near as the k-th "
        "too, as some packages do, shifts the estimate: on normal pairs by "
        f"{pair['bias']['not strict'] - pair['bias']['ksg']:+.3f} nat there. scikit-learn's errors "
        "are nearly those of the same method here. "
        f"{conclusion(results)}"
    )
