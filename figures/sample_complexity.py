"""Sample complexity: the sizes that each route promises, and how much room they leave."""

from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from routes import LOOK, against
from style import BLACK, conclusion, panels

TITLE = "A thousand samples where the textbook asks for twenty thousand or more"
STUDIES = ("sample_complexity",)


def draw(sample_complexity):
    figure, (left, middle, right) = panels(3, height=4.9)
    errors = sorted(set(sample_complexity.column("error")))
    middling = errors[-2]
    against(left, sample_complexity.select(error=middling).cells, "classes")
    left.set(xlabel="labels M", ylabel="samples n", title=f"Error {middling:g} nat")
    against(middle, sample_complexity.select(classes=10).cells, "error")
    middle.set(xlabel="error [nat]", title="10 labels")
    middle.set_xticks(errors, [f"{error:g}" for error in errors])
    middle.xaxis.set_minor_formatter(NullFormatter())
    middle.invert_xaxis()
    for cell in sample_complexity.cells:
        for place, (name, (colour, mark, _)) in enumerate(LOOK.items()):
            if name in cell["routes"]:
                seen = cell["routes"][name]["error_seen"] / cell["error"]
                right.plot(place, seen, mark, color=colour, mfc="none", ms=6, mew=1.3)
    right.axhline(1, color=BLACK, lw=1.2, ls=":")
    right.text(-0.3, 1.1, "asked for", fontsize=9)
    right.set_xticks([])
    right.grid(False, axis="x")
    right.set_yscale("log")
    right.set(xlabel="route", ylabel="error met by 95 % / error asked for", title="Room left")
    handles = [
        Line2D([], [], color=colour, marker=mark, mfc="none", mew=1.3, lw=1.2, label=words)
        for colour, mark, words in LOOK.values()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    caption = (
        "How many samples make an estimate of the entropy right to within an error with "
        "probability 95 %, for every law: the plug-in, but for the optimal linear estimator and "
        "the centred plug-in, to which half the difference of its radii is added. Left: against "
        "the number of labels. Middle: against the error, for ten labels. Right: the "
        "error that 95 % of samples do not exceed at the size promised, under the hardest of seven "
        "laws, as a share of the error asked for; a promise must stay at or below 1, and the "
        "nearer the better. The optimal linear estimator wins where labels are many and samples "
        "few. The grey marks are no promises: the asymptotic size forgets the bias, which for many "
        "labels makes it too small, and the minimax order belongs to better estimators than the "
        f"plug-in. {conclusion(sample_complexity)}"
    )
    return figure, caption
