"""Bias of the linear estimators against the sample size, exact."""

from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, panels

TITLE = "Miller's correction removes most of the plug-in's bias once symbols repeat"
STUDIES = ("plugin_bias",)
METHODS = {
    "plugin": ("plug-in", BLUE, "o"),
    "miller_madow": ("Miller-Madow", ORANGE, "s"),
    "jackknife": ("jackknife", GREEN, "^"),
    "grassberger": ("Grassberger 2003", PURPLE, "D"),
}


def draw(plugin_bias):
    figure, axes = panels(2, rows=2, height=3.1)
    laws = list(dict.fromkeys(plugin_bias.column("law")))
    for axis, law in zip(axes.flat, laws, strict=False):
        cells = plugin_bias.select(law=law).cells
        n = [cell["n"] for cell in cells]
        for method, (name, colour, mark) in METHODS.items():
            bias = [cell["bias"][method] for cell in cells]
            axis.plot(n, bias, color=colour, marker=mark, ms=4, label=name)
        axis.plot(
            n,
            [cell["predicted"] for cell in cells],
            color=BLACK,
            ls=":",
            lw=1.2,
            label="Miller's term, -(S - 1) / 2n",
        )
        axis.axhline(0, color=BLACK, lw=0.6)
        axis.set_xscale("log")
        axis.set_yscale("symlog", linthresh=1e-4)
        axis.set(title=law, xlabel="samples n", ylabel="bias [nat]")
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    caption = (
        "Exact bias of four linear estimators, computed and not simulated; the vertical axis is "
        "linear within 0.0001 nat of zero and logarithmic beyond. "
        f"Claim: {plugin_bias.verdict.status} ({plugin_bias.verdict.figure})."
    )
    return figure, caption
