"""Certified worst cases of the linear estimators against the sample size."""

from matplotlib.ticker import NullFormatter
from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, panels

TITLE = "What linear estimators promise for every law, and what the best weights promise"
STUDIES = ("worst_case",)
METHODS = {
    "plugin": ("plug-in", BLUE, "o"),
    "miller_madow": ("Miller-Madow", ORANGE, "s"),
    "grassberger": ("Grassberger 2003", PURPLE, "D"),
    "wu_yang": ("Wu-Yang", GREEN, "^"),
    "bub": ("Paninski's BUB", SKY, "v"),
    "optimal": ("optimal", RED, "P"),
}
SIZES = (10, 1_000)


def draw(worst_case):
    figure, axes = panels(2, rows=2, height=3.2, sharex=True)
    for column, S in zip(axes.T, SIZES, strict=True):
        cells = sorted(worst_case.select(S=S).cells, key=lambda cell: cell["n"])
        n = [cell["n"] for cell in cells]
        for axis, key, words in zip(
            column, ("bias", "error"), ("worst bias [nat]", "certified error [nat]"), strict=True
        ):
            for name in cells[0][key]:
                if name not in METHODS:
                    axis.plot(n, [cell[key][name] for cell in cells], color=GREY, lw=0.6, alpha=0.6)
            for name, (label, colour, mark) in METHODS.items():
                values = [cell[key][name] for cell in cells]
                width = 2.4 if name == "optimal" else 1.3
                axis.plot(n, values, color=colour, marker=mark, ms=5, lw=width, label=label)
            axis.set_xscale("log")
            axis.set_yscale("log")
            limits = axis.get_ylim()
            ticks = [3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3]
            axis.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
            axis.yaxis.set_minor_formatter(NullFormatter())
            axis.set(ylim=limits, ylabel=words if SIZES[0] == S else "")
        column[1].plot(n, [cell["constant"] for cell in cells], color=BLACK, ls=":", lw=1.4)
        column[1].annotate(
            "no data: ln(S) / 2", (n[-1], cells[0]["constant"]), (0, 4), ha="right", va="bottom",
            textcoords="offset points", fontsize=9,
        )  # fmt: skip
        column[0].set_title(f"S = {S} symbols")
        column[1].set_xlabel("samples n")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=6)
    shown = [cell for cell in worst_case.cells if cell["S"] in SIZES]
    ratios = [cell["value"] for cell in shown]
    caption = (
        "Top: the largest size that the bias can have under any law on S symbols, certified. "
        "Bottom: the error that is not exceeded with 95 % confidence under any law: that bias and "
        "the deviation from the mean by bounded differences. Thin grey: the other linear "
        "estimators; dotted: the constant ln(S) / 2, which needs no data. The optimal weights "
        "accept more bias for less deviation; their certified error is "
        f"{min(ratios):.2f} to {max(ratios):.2f} times the least known one. "
        f"The claim that {worst_case.claim} {worst_case.verdict.status}."
    )
    return figure, caption
