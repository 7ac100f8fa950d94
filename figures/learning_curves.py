"""Training by mutual information less training by cross entropy, epoch by epoch."""

import math

import numpy as np
from scipy.special import stdtrit
from style import BLACK, BLUE, GREY, RED, panels

TITLE = "Training by mutual information against cross entropy, epoch by epoch"
STUDIES = ("milc",)
SCORES = {
    "error": ("test error [points]", 100.0),
    "test_cross_entropy": ("test cross entropy [nat]", 1.0),
}
LOSSES = {
    "cross_entropy": ("cross entropy", BLUE),
    "mutual_information": ("mutual information", RED),
}


def interval(differences):
    """Mean over seeds (first axis) and half-width of its 95 % t-interval."""
    seeds = len(differences)
    half = stdtrit(seeds - 1, 0.975) * differences.std(axis=0, ddof=1) / math.sqrt(seeds)
    return differences.mean(axis=0), half


def draw(milc):
    settings = list(dict.fromkeys(milc.column("data")))
    figure, axes = panels(len(settings), rows=2, height=3.0, squeeze=False)
    for column, data in enumerate(settings):
        cells = milc.select(data=data).cells
        for axis, (score, (_, scale)) in zip(axes[:, column], SCORES.items(), strict=True):
            difference(axis, cells, score, scale)
        axes[0][column].set_title(data.replace(", ", ",\n"))
        axes[1][column].set_xlabel("epoch")
    for axis, (words, _) in zip(axes[:, 0], SCORES.values(), strict=True):
        axis.set_ylabel(f"difference in\n{words}")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure, caption(milc)


def difference(axis, cells, score, scale):
    curves = {loss: scale * np.array([cell[loss][score] for cell in cells]) for loss in LOSSES}
    epochs = np.arange(1, curves["cross_entropy"].shape[1] + 1)
    curve, spread = interval(curves["mutual_information"] - curves["cross_entropy"])
    axis.fill_between(epochs, curve - spread, curve + spread, color=GREY, alpha=0.25, lw=0)
    axis.plot(epochs, curve, color=BLACK, label="same epoch")
    axis.axhline(0, color=BLACK, lw=0.8)

    chosen = {loss: [cell[loss]["best_epoch"] for cell in cells] for loss in LOSSES}
    at_best = {
        loss: np.array([line[at - 1] for line, at in zip(curves[loss], epoch, strict=True)])
        for loss, epoch in chosen.items()
    }
    best, best_spread = interval(at_best["mutual_information"] - at_best["cross_entropy"])
    axis.errorbar(
        1.1 * epochs[-1],
        best,
        best_spread,
        fmt="D",
        ms=5,
        color=BLACK,
        capsize=3,
        label="at the chosen epochs",
    )
    for height, (loss, (name, colour)) in zip((0.03, 0.09), LOSSES.items(), strict=True):
        axis.plot(
            chosen[loss],
            [height] * len(cells),
            "|",
            color=colour,
            ms=8,
            mew=1.8,
            transform=axis.get_xaxis_transform(),
            label=f"epoch chosen, {name}",
        )
    later = slice(len(epochs) // 4, None)  # what happens before is not what training ends with
    low = min((curve - spread)[later].min(), best - best_spread, 0)
    high = max((curve + spread)[later].max(), best + best_spread, 0)
    axis.set_ylim(low - 0.35 * (high - low), high + 0.15 * (high - low))


def caption(milc):
    seeds = len({cell["seed"] for cell in milc.cells})
    words = []
    for data in dict.fromkeys(milc.column("data")):
        mean, half = interval(np.array([cell["value"] for cell in milc.select(data=data).cells]))
        outcome = "lower" if mean + half < 0 else "higher" if mean - half > 0 else "not different"
        words.append(f"{outcome} on {data} ({mean:+.2f} ± {half:.2f})")
    return (
        f"Mutual information less cross entropy over {seeds} paired seeds: below 0 mutual "
        "information is better. Both at the learning rate, and mutual information at the weight, "
        "that validation cross entropy chooses among four; ticks at the foot mark the epochs so "
        "chosen, the diamond the difference there; all with 95 % t-intervals. The earliest epochs "
        "are off the scale. In percentage points, the test error of mutual "
        f"information is {'; '.join(words)}."
    )
