"""Gaussian classes of unknown means and covariance: coverage, and the bias of the plug-in."""

from matplotlib.lines import Line2D
from style import BLACK, BLUE, GREEN, GREY, ORANGE, conclusion, panels

TITLE = "Exact intervals keep their level where the plug-in promises too much"
STUDIES = ("gaussian_inference",)
STYLES = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"))


def draw(gaussian_inference):
    cells = gaussian_inference.cells
    level = 100 * cells[0]["predicted"]
    snrs = list(dict.fromkeys(gaussian_inference.column("snr")))
    dimensions = list(dict.fromkeys(gaussian_inference.column("dimension")))
    figure, axes = panels(len(snrs), rows=2, height=2.7, sharex=True, sharey="row", squeeze=False)
    for (top, bottom), snr in zip(axes.T, snrs, strict=True):
        here = gaussian_inference.select(snr=snr)
        band = 100 * here.cells[0]["tolerance"]
        top.axhspan(level - band, min(level + band, 100), color=GREY, alpha=0.22, lw=0)
        top.axhline(level, color=BLACK, lw=1)
        bottom.axhline(0, color=BLACK, lw=1)
        for dimension, (colour, marker) in zip(dimensions, STYLES, strict=True):
            row = here.select(dimension=dimension)
            n = row.column("n")
            look = {"color": colour, "marker": marker, "ms": 5.5}
            top.plot(n, [100 * x for x in row.column("value")], ls="-", **look)
            hollow = {**look, "markerfacecolor": "white", "ls": "--"}
            top.plot(n, [100 * x for x in row.column("asymptotic")], **hollow)
            bottom.plot(n, row.column("bias"), **hollow)
        bottom.set_xscale("log")
        ticks = row.column("n")
        bottom.set_xticks(ticks, [f"{x:,}".replace(",", "\u2009") for x in ticks])
        bottom.set_xticks([], minor=True)
        bottom.set_xlabel("samples n, both classes")
        information = here.cells[0]["information"]
        top.set_title(f"snr {snr:g}, I = {information:.3f} nat")
    axes[0, 0].set(ylabel="intervals that hold [%]", ylim=(0, 104))
    axes[1, 0].set_ylabel("bias of the plug-in I [nat]")
    handles = [
        Line2D([], [], color=colour, marker=marker, ls="", label=f"dimension {dimension}")
        for dimension, (colour, marker) in zip(dimensions, STYLES, strict=True)
    ]
    kinds = (("exact interval", "-", BLACK), ("plug-in and its asymptotic interval", "--", "white"))
    handles += [
        Line2D([], [], color=BLACK, ls=line, marker="o", ms=5.5, markerfacecolor=face, label=label)
        for label, line, face in kinds
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return figure, caption(gaussian_inference, level)


def caption(results, level):
    cells = results.cells
    worst = min(cells, key=lambda cell: cell["asymptotic"])
    largest = max(cells, key=lambda cell: cell["bias"])
    return (
        "Two Gaussian classes of equal priors, whose means and common covariance are estimated "
        f"from n samples, half of each class. Top: how often a {level:g} % interval for the snr "
        "holds it; the band is four binomial standard deviations of "
        f"{cells[0]['runs']} samples. The exact interval (filled) inverts a noncentral F law; the "
        "asymptotic one about the plug-in (hollow) holds in only "
        f"{100 * worst['asymptotic']:.0f} % at snr {worst['snr']:g}, dimension "
        f"{worst['dimension']} and n = {worst['n']}. Bottom: what the plug-in adds to the "
        f"information on average, up to {largest['bias']:.3f} nat at snr {largest['snr']:g}, where "
        f"the truth is {largest['information']:.3f} nat. {conclusion(results)}"
    )
