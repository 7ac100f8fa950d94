"""Sample complexity of conditional entropy, information and Bayes error, by every route."""

from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from routes import LOOK, against
from style import BLACK, BLUE, conclusion, panels

TITLE = "What conditional entropy, information and the Bayes error cost, and what centring saves"
STUDIES = ("sample_complexity_joint",)
NAMES = {
    "conditional_entropy": "Conditional entropy",
    "information": "Information",
    "bayes_error": "Bayes error",
}
MORE = {
    "uniform_hoeffding": (BLUE, "*", "all rules at once"),
    "centred_majority": (BLACK, "X", "bounded differences, centred"),
}


def draw(sample_complexity_joint):
    figure, axes = panels(3, height=5.2)
    most = max(sample_complexity_joint.column("classes"))
    shown = set()
    for axis, (quantity, words) in zip(axes, NAMES.items(), strict=True):
        cells = sample_complexity_joint.select(quantity=quantity, classes=most).cells
        against(axis, cells, "alphabet", LOOK | MORE)
        shown |= {name for cell in cells for name in cell["routes"]}
        sizes = sorted({cell["alphabet"] for cell in cells})
        axis.set_xticks(sizes, [f"{size:g}" for size in sizes])
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.set(xlabel="values of X", title=f"{words}, {most} labels")
    axes[0].set_ylabel("samples n")
    handles = [
        Line2D([], [], color=colour, marker=mark, mfc="none", mew=1.3, lw=1.2, label=words)
        for name, (colour, mark, words) in (LOOK | MORE).items()
        if name in shown
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    error = sample_complexity_joint.column("error")[0]
    caption = (
        f"How many samples make an estimate right to within {error:g} (nats, or a probability of "
        "error) with probability 95 %, for every joint law, against the number of values of X. A "
        "centred estimate is the middle of its interval: the plug-in, and half the difference of "
        "its radii. The linear estimators of the entropies gain as cells grow many. "
        f"The grey marks are no promises. {conclusion(sample_complexity_joint)}"
    )
    return figure, caption
