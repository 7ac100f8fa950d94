"""Where in an image the label shows: the information of each pixel by itself."""

import math

import numpy as np
from style import panels

TITLE = "What each pixel tells about the label"
STUDIES = ("pixel_information",)
NAMES = {"digits": "Handwritten digits", "fashion-mnist": "Clothes (Fashion-MNIST)"}


def draw(pixel_information):
    cells = pixel_information.cells
    figure, axes = panels(len(cells))
    for axis, cell in zip(axes, cells, strict=True):
        values = np.array(cell["information"])
        side = math.isqrt(len(values))
        image = axis.imshow(values.reshape(side, side), cmap="viridis", vmin=0)
        n = f"{cell['n']:,}".replace(",", " ")
        axis.set_title(f"{NAMES[cell['data']]}, n = {n}")
        axis.set_xticks([])
        axis.set_yticks([])
        axis.grid(visible=False)
        bar = figure.colorbar(image, ax=axis, shrink=0.85)
        bar.outline.set_visible(False)
        bar.set_label("information about the label, nats")
    shares = " and ".join(f"{cell['value']:.0%}" for cell in cells)
    entropy = " and ".join(f"{cell['label_entropy']:.2f}" for cell in cells)
    return figure, (
        f"The pixel that tells most tells {shares} of what the label holds ({entropy} nats); "
        "pixels that are never inked tell nothing. Ross's estimator, three neighbours, each "
        "pixel by itself; an estimate, from which no bound on an error follows."
    )
