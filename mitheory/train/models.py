"""The classifiers: functions of the feature shape and the number of classes, giving a module.

Anything of this form serves as a model: `model(inputs, classes) -> torch.nn.Module`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from torch import nn

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
