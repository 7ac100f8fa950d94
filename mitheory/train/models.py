"""The classifiers: functions of the feature shape and the number of classes, giving a module.

Anything of this form serves as a model: `model(inputs, classes) -> torch.nn.Module`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from mitheory import check

Model = Callable[[tuple[int, ...], int], nn.Module]
"""Feature shape (without the sample axis) and number of classes to a module giving logits."""


def linear(inputs: int | tuple[int, ...], classes: int) -> nn.Module:
    """Logistic regression: logits that are affine in the features.

    Parameters
    ----------
    inputs : int or tuple of int
        The number of features, or the shape of one sample, which is flattened.
    classes : int, at least 2

    Returns
    -------
    torch.nn.Module, from (B, *inputs) to logits (B, classes).

    Raises
    ------
    ValueError
        For a size below 1 or fewer than 2 classes.
    """
    return mlp(inputs, classes, hidden=())


def mlp(
    inputs: int | tuple[int, ...], classes: int, hidden: tuple[int, ...] = (64, 64)
) -> nn.Module:
    """A multilayer perceptron with rectified linear units.

    Parameters
    ----------
    inputs : int or tuple of int
        The number of features, or the shape of one sample, which is flattened.
    classes : int, at least 2
    hidden : tuple of int
        Widths of the hidden layers; `functools.partial(mlp, hidden=(256,))` is a model too.

    Returns
    -------
    torch.nn.Module, from (B, *inputs) to logits (B, classes).

    Raises
    ------
    ValueError
        For a size below 1 or fewer than 2 classes.
    """
    shape = inputs if isinstance(inputs, tuple) else (inputs,)
    sizes = [math.prod(check.whole_number(size, "inputs", 1) for size in shape)]
    sizes += [check.whole_number(size, "hidden", 1) for size in hidden]
    sizes += [check.whole_number(classes, "classes", 2)]
    layers: list[nn.Module] = [nn.Flatten()]  # (B, *inputs) -> (B, features)
    for width_in, width_out in pairwise(sizes):
        layers += [nn.Linear(width_in, width_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])  # the logits are not rectified


def cnn(inputs: tuple[int, ...], classes: int, width: int = 16) -> nn.Module:
    """A small convolutional network: three layers, the last pooled over the whole image.

    Of each feature the network keeps where it is strongest; an average over a mostly empty image
    would be small, and slow to learn from.

    Parameters
    ----------
    inputs : (channels, height, width)
        Of any height and width.
    classes : int, at least 2
    width : int
        Channels of the first layer; the others have twice as many.

    Returns
    -------
    torch.nn.Module, from (B, C, h, w) to logits (B, classes).

    Raises
    ------
    ValueError
        For samples that are not images, a size below 1 or fewer than 2 classes.
    """
    channels = _channels(inputs)
    width = check.whole_number(width, "width", 1)
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1),  # (B, C, h, w) -> (B, width, h, w)
        nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True),  # -> (B, width, h / 2, w / 2)
        nn.Conv2d(width, 2 * width, 3, padding=1),  # -> (B, 2 width, h / 2, w / 2)
        nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True),  # -> (B, 2 width, h / 4, w / 4)
        nn.Conv2d(2 * width, 2 * width, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),  # -> (B, 2 width, 1, 1)
        nn.Flatten(),  # -> (B, 2 width)
        nn.Linear(2 * width, check.whole_number(classes, "classes", 2)),  # -> (B, classes)
    )


def resnet18(inputs: tuple[int, ...], classes: int, width: int = 64) -> nn.Module:
    """ResNet-18 for small images: a 3 x 3 convolution at the start, and no pooling after it.

    Parameters
    ----------
    inputs : (channels, height, width)
        Of any height and width; images below 9 x 9 end in a single pixel, whose batch
        normalisation needs batches of at least 2.
    classes : int, at least 2
    width : int
        Channels of the first of the four stages; each later one has twice those of the one before.

    Returns
    -------
    torch.nn.Module, from (B, C, h, w) to logits (B, classes).

    Raises
    ------
    ValueError
        For samples that are not images, a size below 1 or fewer than 2 classes.

    Notes
    -----
    Source: he2016.
    """
    channels = _channels(inputs)
    width = check.whole_number(width, "width", 1)
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1, bias=False),  # (B, C, h, w) -> (B, width, h, w)
        nn.BatchNorm2d(width),
        nn.ReLU(),
        _Block(width, width),
        _Block(width, width),
        _Block(width, 2 * width, stride=2),  # -> (B, 2 width, h / 2, w / 2)
        _Block(2 * width, 2 * width),
        _Block(2 * width, 4 * width, stride=2),  # -> (B, 4 width, h / 4, w / 4)
        _Block(4 * width, 4 * width),
        _Block(4 * width, 8 * width, stride=2),  # -> (B, 8 width, h / 8, w / 8)
        _Block(8 * width, 8 * width),
        nn.AdaptiveAvgPool2d(1),  # -> (B, 8 width, 1, 1)
        nn.Flatten(),  # -> (B, 8 width)
        nn.Linear(8 * width, check.whole_number(classes, "classes", 2)),  # -> (B, classes)
    )


class _Block(nn.Module):
    """Two convolutions whose result is added to the input, halved in size if the stride is 2."""

    def __init__(self, width_in: int, width_out: int, stride: int = 1) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(width_in, width_out, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width_out),
            nn.ReLU(),
            nn.Conv2d(width_out, width_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(width_out),
        )
        # the input as it is, or brought to the shape of the result by a 1 x 1 convolution
        self.shortcut = nn.Sequential()
        if stride != 1 or width_in != width_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(width_in, width_out, 1, stride, bias=False), nn.BatchNorm2d(width_out)
            )

    def forward(self, x: Tensor) -> Tensor:
        # (B, width_in, h, w) -> (B, width_out, h / stride, w / stride)
        return functional.relu(self.inner(x) + self.shortcut(x))


def _channels(inputs: tuple[int, ...]) -> int:
    """The channels of images, whose shape is checked."""
    if not isinstance(inputs, tuple) or len(inputs) != 3:
        raise ValueError(
            "this model needs images, samples of shape (channels, height, width); "
            f"got samples of shape {inputs}"
        )
    channels, _, _ = (check.whole_number(size, "inputs", 1) for size in inputs)
    return channels
