"""What small networks learn of the information and of the Bayes classifier, as n grows."""

import math

from replication import INFORMED, PLAIN, values
from style import BLACK, BLUE, RED, panels

from mitheory.study.paired import difference

TITLE = "Learned information and error beside the exact information and the Bayes error"
STUDIES = ("milc",)
LOSSES = {PLAIN: ("cross entropy", BLUE, 1 / 1.05), INFORMED: ("mutual information", RED, 1.05)}


def draw(milc):
    ratios = list(dict.fromkeys(cell["data"].partition(",")[0] for cell in milc.cells))
    figure, axes = panels(len(ratios), rows=2, height=2.9, squeeze=False, sharex=True)
    for column, ratio in enumerate(ratios):
        cells = [cell for cell in milc.cells if cell["data"].startswith(f"{ratio},")]
        for axis, (rule, score) in zip(
            axes[:, column], (("likelihood", "cross_entropy"), ("early", "error")), strict=True
        ):
            curves(axis, cells, rule, score)
        axes[0][column].axhline(cells[0]["information"], color=BLACK, ls="--", label="exact")
        axes[1][column].axhline(cells[0]["bayes_error"], color=BLACK, ls="--")
        axes[0][column].set_title(ratio)
        sizes = sorted({size(cell["data"]) for cell in cells})
        axes[1][column].set(xlabel="training samples", xscale="log")
        axes[1][column].set_xlim(min(sizes) / 1.6, max(sizes) * 1.6)
        axes[1][column].minorticks_off()
        axes[1][column].set_xticks(sizes, [str(n) for n in sizes])
    axes[0][0].set_ylabel("information [nat]")
    axes[1][0].set_ylabel("error probability")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure, (
        "Networks trained on the binary Gaussian model with weight, rate and epoch chosen on "
        "validation: learned information ln 2 - cross entropy (above) and test error (below), "
        f"means with 95 % t-intervals over {len({c['seed'] for c in milc.cells})} seeds. No "
        "training may pass the dashed lines but by the noise of its test set; each was held to "
        "that at every epoch."
    )


def size(data):
    """n of "snr 2, n = 60"."""
    return int(data.rpartition("= ")[2])


def curves(axis, cells, rule, score):
    for loss, (name, colour, shift) in LOSSES.items():
        sizes, means, halves = [], [], []
        for data in dict.fromkeys(cell["data"] for cell in cells):
            found = [values(cell, rule, score)[loss] for cell in cells if cell["data"] == data]
            mean = difference(found)
            sizes.append(shift * size(data))
            means.append(mean.mean if score == "error" else math.log(2) - mean.mean)
            halves.append(mean.half_width)
        axis.errorbar(sizes, means, halves, fmt="o-", ms=5, capsize=2, color=colour, label=name)
