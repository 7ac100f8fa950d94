"""Test error step by step: what the weight of the label-entropy term and the batch size do."""

import numpy as np
from style import BLACK, BLUE, ORANGE, RED, panels

TITLE = "The label-entropy term slows training down, the learning of wrong labels included"
STUDIES = ("milc_batch",)
TICKS = (3, 5, 10, 20, 50, 100)
COLOURS = (BLACK, BLUE, ORANGE, RED)


def draw(milc_batch):
    rows = list(dict.fromkeys(milc_batch.column("data")))
    sizes = list(dict.fromkeys(milc_batch.column("batch_size")))
    weights = list(dict.fromkeys(milc_batch.column("weight")))
    figure, axes = panels(
        len(sizes), rows=len(rows), height=3.2, squeeze=False, sharex=True, sharey=True
    )
    for line, data in zip(axes, rows, strict=True):
        for axis, size in zip(line, sizes, strict=True):
            for weight, colour in zip(weights, COLOURS, strict=False):
                cells = milc_batch.select(data=data, batch_size=size, weight=weight).cells
                steps = cells[0]["steps"]
                error = np.mean([cell["error"] for cell in cells], axis=0)
                axis.plot(steps, error, color=colour, label=f"weight {weight:g}")
            axis.set_yscale("log")
            axis.set_yticks(TICKS, [str(tick) for tick in TICKS])
            axis.minorticks_off()
            axis.set_title(f"{data},\nbatches of {size}")
        line[0].set_ylabel("test error [%]")
    for axis in axes[-1]:
        axis.set_xlabel("step")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure, (
        "Means over seeds on handwritten digits, at one learning rate. "
        f"{milc_batch.verdict.figure[0].upper()}{milc_batch.verdict.figure[1:]}."
    )
