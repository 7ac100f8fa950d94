"""The binary Gaussian model: closed-form bounds on the information, and the error, against snr."""

import math
from itertools import groupby

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, conclusion, panels

TITLE = "Closed forms enclose the information of the Gaussian model closely"
STUDIES = ("gaussian_information",)
SIGN = {"lower": "≥", "upper": "≤"}
SHOWN = {  # colour, line and formula of the forms that no other dominates
    "gaussian_joined": (RED, "-", "capacity, then decay"),
    "gaussian_error_floor": (ORANGE, "--", "ln 2 - 2 ln 2 × error"),
    "gaussian_mmse": (BLUE, "-", "(1 - exp(-snr)) / 2"),
    "gaussian_error_ceiling": (SKY, "--", "ln 2 - π × error"),
    "gaussian_bhattacharyya": (GREEN, ":", "ln 2 (1 - exp(-snr / 2))"),
}
SNR = (1e-4, 1e3)


def strip(axis, cells, end, height):
    """A band of the colours of the bounds that are the best, one after the other."""
    stretches = []
    for name, group in groupby(cells, key=lambda cell: cell[f"{end}_by"]):
        at = [cell["snr"] for cell in group]
        stretches.append((name, at[0], at[-1]))
    for (name, start, last), following in zip(
        stretches, [*stretches[1:], (None, None, None)], strict=True
    ):
        stop = math.sqrt(last * following[1]) if following[1] else last
        colour = SHOWN[name][0] if name in SHOWN else GREY
        axis.fill_between(
            [start, stop],
            height,
            height + 0.035,
            color=colour,
            transform=axis.get_xaxis_transform(),
            lw=0,
        )
    return stretches


def curves(axis, cells, snr, of, *, label=False):
    """One line a closed form: what `of` takes from a cell, for its end and its name."""
    for end in ("upper", "lower"):
        for name in cells[0][end]:
            values = [of(cell, end, name) for cell in cells]
            if name not in SHOWN:
                axis.plot(snr, values, color=GREY, lw=0.7, alpha=0.7)
                continue
            colour, line, words = SHOWN[name]
            text = f"I {SIGN[end]} {words}" if label else None
            axis.plot(snr, values, color=colour, ls=line, label=text)


def draw(gaussian_information):
    figure, ((gaps, ratios), (rest, errors)) = panels(2, rows=2, height=3.6)
    cells = gaussian_information.cells
    snr = [cell["snr"] for cell in cells]
    low = [max(cell["lower"].values()) - cell["information"] for cell in cells]
    high = [min(cell["upper"].values()) - cell["information"] for cell in cells]
    gaps.fill_between(snr, low, high, color=GREY, alpha=0.22, lw=0)
    curves(
        gaps, cells, snr, lambda cell, end, name: cell[end][name] - cell["information"], label=True
    )
    winners = {"upper": strip(gaps, cells, "upper", 0.965), "lower": strip(gaps, cells, "lower", 0)}
    gaps.axhline(0, color=BLACK, lw=1)
    gaps.set(
        ylabel="bound less exact information [nat]",
        ylim=(-0.085, 0.055),
        title="Information",
    )
    curves(ratios, cells, snr, lambda cell, end, name: cell["information_ratio"][name])
    ratios.set(ylabel="bound / exact information", ylim=(0.5, 1.5), title="The same, relative")
    curves(rest, cells, snr, lambda cell, end, name: cell["entropy_ratio"][name])
    rest.set(
        ylabel="ln 2 - bound, over exact H(Y|X)",
        ylim=(0.3, 3.4),
        title="What is left: H(Y|X) = ln 2 - I",
    )
    for axis in (ratios, rest):
        axis.axhline(1, color=BLACK, lw=1)
    rest.set_yscale("log")

    ratio = {
        "H / (2 ln 2), any two classes": ([c["envelope"] / c["error"] for c in cells], GREEN, "-"),
        "H / π, this model alone": (
            [c["conditional_entropy"] / math.pi / c["error"] for c in cells],
            PURPLE,
            "--",
        ),
        "Fano, any two classes": ([c["fano"] / c["error"] for c in cells], BLUE, "-."),
    }
    for name, (values, colour, line) in ratio.items():
        errors.plot(snr, values, color=colour, ls=line, label=name)
    errors.axhline(1, color=BLACK, lw=1)
    errors.set_yscale("log")
    errors.set(
        ylabel="bound / exact Bayes error", ylim=(0.0045, 3), title="Bayes error, from H(Y|X)"
    )
    rest.set_yticks([0.5, 1, 2], ["0.5", "1", "2"])
    rest.set_yticks([], minor=True)
    errors.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    for axis in (gaps, ratios, rest, errors):
        axis.set_xscale("log")
        axis.set_xlim(*SNR)
        axis.set_xlabel(r"snr  $\mu^{\mathsf{T}} \Sigma^{-1} \mu$")
    errors.legend(loc="lower left", fontsize=9)
    handles = [
        *gaps.get_legend_handles_labels()[0],
        Line2D([], [], color=GREY, lw=0.7, alpha=0.7, label="forms that another one dominates"),
        Patch(color=GREY, alpha=0.22, lw=0, label="between the best"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9)
    gap = max(b - a for a, b in zip(low, high, strict=True))
    caption = (
        "Equal priors. Top left: closed forms on the information less its exact value, in grey "
        f"those that another one dominates; the best pair (shaded) is {gap:.3f} nat apart at "
        "most. The bands say which is the best: "
        f"from above {order(winners['upper'])}, from below {order(winners['lower'])}. Top "
        "right and bottom left: the same bounds relative to the exact information, and what they "
        "leave to ln 2 relative to the exact conditional entropy H = H(Y|X), which tells them "
        "apart at large snr. Bottom right: what the exact H says about the Bayes error, relative "
        "to the exact error. Fano's lower bound falls ever further below it. The general upper "
        "bound H / (2 ln 2), which is the envelope of two classes, and the lower bound H / π, "
        "which holds for this model only, stay a factor "
        f"π / (2 ln 2) = 2.27 apart. {conclusion(gaussian_information)}"
    )
    return figure, caption


def order(stretches):
    """Which bound is the best up to where, in words."""
    words = [f"“{SHOWN[name][2] if name in SHOWN else name}”" for name, _, _ in stretches]
    ends = [f" up to snr {last:.2g}, then " for _, _, last in stretches[:-1]]
    return "".join(word + end for word, end in zip(words, [*ends, ""], strict=True))
