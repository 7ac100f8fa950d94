"""Learning curves of cross entropy and of training by mutual information."""

import numpy as np
from style import BLUE, RED, panels

TITLE = "Training by mutual information against cross entropy, epoch by epoch"
STUDIES = ("milc",)
LOSSES = {
    "cross_entropy": ("cross entropy", BLUE, "-"),
    "mutual_information": ("mutual information", RED, "--"),
}


def draw(milc):
    settings = list(dict.fromkeys(milc.column("data")))
    figure, axes = panels(len(settings), rows=2, height=2.9, squeeze=False)
    for column, data in enumerate(settings):
        cells = milc.select(data=data).cells
        for row, (key, scale) in enumerate((("error", 100.0), ("test_cross_entropy", 1.0))):
            axis = axes[row][column]
            for loss, (name, colour, line) in LOSSES.items():
                curves = scale * np.array([cell[loss][key] for cell in cells])
                epochs = np.arange(1, curves.shape[1] + 1)
                mean = curves.mean(axis=0)
                axis.fill_between(
                    epochs, curves.min(axis=0), curves.max(axis=0), color=colour, alpha=0.15, lw=0
                )
                axis.plot(epochs, mean, color=colour, ls=line, label=name)
            axis.set_xlabel("epoch")
        axes[0][column].set_title(data.replace(", ", ",\n"))
    axes[0][0].set_ylabel("test error [%]")
    axes[1][0].set_ylabel("test cross entropy [nat]")
    axes[0][0].legend()
    seeds = len({cell["seed"] for cell in milc.cells})
    caption = (
        f"Mean over {seeds} seeds and the range between them; the weight of the second loss is "
        f"the one chosen on the validation set for each seed. Claim: {milc.verdict.status} "
        f"({milc.verdict.figure})."
    )
    return figure, caption
