"""Bias of the linear estimators against the sample size, exact."""

from matplotlib.lines import Line2D
from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, conclusion, panels

TITLE = "Miller's correction removes most of the plug-in's bias once symbols repeat"
STUDIES = ("plugin_bias",)
METHODS = {
    "plugin": ("plug-in", BLUE, "o"),
    "miller_madow": ("Miller-Madow", ORANGE, "s"),
    "jackknife": ("jackknife", GREEN, "^"),
    "grassberger": ("Grassberger 2003", PURPLE, "D"),
}


def draw(plugin_bias):
    figure, axes = panels(2, rows=2, height=3.1, sharex=True, sharey=True)
    laws = list(dict.fromkeys(plugin_bias.column("law")))
    for axis, law in zip(axes.flat, laws, strict=False):
        cells = plugin_bias.select(law=law).cells
        n = [cell["n"] for cell in cells]
        for method, (_, colour, mark) in METHODS.items():
            bias = [cell["bias"][method] for cell in cells]
            axis.plot(n, [abs(b) for b in bias], color=colour, lw=1.3)
            for sign, fill in ((1, colour), (-1, "white")):
                at = [i for i, b in enumerate(bias) if sign * b > 0]
                axis.plot(
                    [n[i] for i in at],
                    [abs(bias[i]) for i in at],
                    mark,
                    color=colour,
                    mfc=fill,
                    ms=5,
                    mew=1.2,
                )
        axis.plot(n, [abs(cell["predicted"]) for cell in cells], color=BLACK, ls=":", lw=1.4)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set(title=f"{law}: H = {cells[0]['entropy']:.2f} nat", ylim=(2e-10, 8))
        axis.set_yticks([1e-9, 1e-6, 1e-3, 1])
    for axis in axes[-1]:
        axis.set_xlabel("samples n")
    for axis in axes[:, 0]:
        axis.set_ylabel("size of the bias [nat]")
    handles = [
        *(
            Line2D([], [], color=colour, marker=mark, mfc="white", ms=5, lw=1.3, label=name)
            for name, colour, mark in METHODS.values()
        ),
        Line2D([], [], color=BLACK, ls=":", lw=1.4, label="(S - 1) / 2n"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=5)
    caption = (
        "Exact bias of four linear estimators, computed and not simulated: hollow marks where the "
        "estimator is too low on average, filled marks where it is too high. "
        f"{conclusion(plugin_bias)}"
    )
    return figure, caption
