"""The losses: plain functions of a batch of logits and labels, in nats.

Notation. Q(y|x) is the softmax of the logits; CE = mean -ln Q(y_i|x_i) over the batch;
Q_Y is the batch mean of Q(.|x_i); P_Y the label frequencies of the batch; H the entropy.
Everything is computed from ln Q, so logits of any finite size give finite values and gradients.

>>> import torch
>>> logits, labels = torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 1])
>>> round(float(mutual_information(logits, labels, weight=1.0)), 4)
0.9246
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor

from mitheory import check

Objective = Callable[[Tensor, Tensor], Tensor]
"""Logits (B, K) and labels (B,) to a scalar."""


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """CE: the mean of -ln Q(y_i|x_i).

    Its least expected value over all Q is the conditional entropy H(Y|X), reached at
    Q = P(.|X); so H(Y) - CE is at most I(X;Y), and negative for an overfitted model.

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For an empty batch or shapes that do not match.

    Notes
    -----
    Source: good1952.
    """
    return _cross_entropy(_log_probabilities(logits, targets), targets)


def mutual_information(
    logits: Tensor,
    targets: Tensor,
    *,
    weight: float,
    label_law: npt.ArrayLike | None = None,
) -> Tensor:
    """CE + weight * R, with R = -sum_y P_Y(y) ln Q_Y(y), the cross entropy of the marginals.

    Cross entropy plus a label-entropy term, in the spirit of yi2022milc, who train classifiers by
    learning the information between label and input. It is not a transcription of their loss.

    R bounds the label entropy from above as CE bounds the conditional entropy:
    H(P_Y) <= R <= CE + H(P_Y) on every batch, and R = CE on a batch of one. Where Q is
    unrestricted and the batch is the whole set, the minimisers for every weight are those of CE,
    since CE already matches the marginals: the term changes the path, not the target.

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1
    weight : float, at least 0
    label_law : array of shape (K,), optional
        P_Y to use in place of the batch's label frequencies, for instance the whole set's.

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For a negative weight, a label law that is not one, an empty batch or wrong shapes.
    """
    weight = check.real(weight, "weight", least=0.0)
    log_q = _log_probabilities(logits, targets)
    log_marginal = _log_marginal(log_q)
    if label_law is None:
        marginal_term = -log_marginal[targets].mean()
    else:
        law = check.probabilities(label_law, "label_law")
        if law.shape != log_marginal.shape:
            raise ValueError(
                f"label_law must have one entry per class; got {law.size} for {logits.shape[1]}"
            )
        marginal_term = -(torch.as_tensor(law).to(log_marginal) * log_marginal).sum()
    return _cross_entropy(log_q, targets) + weight * marginal_term


def information_regularised(logits: Tensor, targets: Tensor, *, weight: float) -> Tensor:
    """CE - weight * [H(Q_Y) - H(Q|X)]: rewards the information of the model's own predictions.

    H(Q_Y) is the entropy of the mean prediction, H(Q|X) the mean entropy of the predictions.
    Unlike `mutual_information` it moves the minimiser: it favours confident predictions.

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1
    weight : float, at least 0

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For a negative weight, an empty batch or wrong shapes.

    Notes
    -----
    The reward is that of regularised information maximisation. Source: krause2010.
    """
    weight = check.real(weight, "weight", least=0.0)
    log_q = _log_probabilities(logits, targets)
    information = _entropy(_log_marginal(log_q)) - _entropy(log_q).mean()
    return _cross_entropy(log_q, targets) - weight * information


def label_smoothing(logits: Tensor, targets: Tensor, *, weight: float) -> Tensor:
    """(1 - weight) CE + weight * mean -(1/K) sum_y ln Q(y|x_i).

    The cross entropy against labels mixed with the uniform law.

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1
    weight : float in [0, 1]

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For a weight outside [0, 1], an empty batch or wrong shapes.

    Notes
    -----
    Source: szegedy2016.
    """
    weight = check.real(weight, "weight", least=0.0, most=1.0)
    log_q = _log_probabilities(logits, targets)
    return (1.0 - weight) * _cross_entropy(log_q, targets) - weight * log_q.mean()


def confidence_penalty(logits: Tensor, targets: Tensor, *, weight: float) -> Tensor:
    """CE - weight * H(Q|X): rewards the mean entropy of the predictions.

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1
    weight : float, at least 0

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For a negative weight, an empty batch or wrong shapes.

    Notes
    -----
    Source: pereyra2017.
    """
    weight = check.real(weight, "weight", least=0.0)
    log_q = _log_probabilities(logits, targets)
    return _cross_entropy(log_q, targets) - weight * _entropy(log_q).mean()


@dataclass(frozen=True)
class Loss:
    """A loss as a value.

    Attributes
    ----------
    name : str
    function : callable
        (logits, targets), and weight as a keyword if `has_weight`.
    formula : str
        LaTeX, in the notation of this module.
    cite : str
        A key of references.bib.
    has_weight : bool
    """

    name: str
    function: Callable[..., Tensor]
    formula: str
    cite: str
    has_weight: bool

    def objective(self, weight: float = 0.0) -> Objective:
        """The loss as a function of logits and labels alone.

        Raises
        ------
        ValueError
            For a weight that is negative, or not 0 for a loss that has none.
        """
        weight = check.real(weight, "weight", least=0.0)
        if self.has_weight:
            return partial(self.function, weight=weight)
        if weight != 0.0:
            raise ValueError(f"the loss {self.name} has no weight; got {weight:g} (leave it out)")
        return self.function


def _named(function: Callable[..., Tensor], formula: str, cite: str, **flags: Any) -> Loss:
    name = function.__name__
    return Loss(name, function, formula, cite, flags.get("has_weight", True))


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        loss.name: loss
        for loss in (
            _named(cross_entropy, r"\mathrm{CE}", "good1952", has_weight=False),
            _named(
                mutual_information,
                r"\mathrm{CE} - \lambda \sum_y P_Y(y) \ln Q_Y(y)",
                "yi2022milc",
            ),
            _named(
                information_regularised,
                r"\mathrm{CE} - \lambda \, [H(Q_Y) - H(Q \mid X)]",
                "krause2010",
            ),
            _named(
                label_smoothing,
                r"(1 - \lambda)\,\mathrm{CE} - \frac{\lambda}{K} \sum_y \overline{\ln Q(y \mid X)}",
                "szegedy2016",
            ),
            _named(confidence_penalty, r"\mathrm{CE} - \lambda H(Q \mid X)", "pereyra2017"),
        )
    }
)
"""Every loss, by name."""


def _log_probabilities(logits: Tensor, targets: Tensor) -> Tensor:
    """Return ln Q(y|x_i), shape (B, K), once the shapes are known to match."""
    if logits.ndim != 2 or targets.shape != logits.shape[:1] or logits.numel() == 0:
        raise ValueError(
            "logits must have shape (B, K) and targets (B,), with B, K >= 1; "
            f"got {tuple(logits.shape)} and {tuple(targets.shape)}"
        )
    return logits.log_softmax(dim=1)


def _cross_entropy(log_q: Tensor, targets: Tensor) -> Tensor:
    # gather refuses every label outside 0..K-1; torch's own cross entropy skips the label -100
    return -log_q.gather(1, targets[:, None]).mean()


def _log_marginal(log_q: Tensor) -> Tensor:
    """Return ln Q_Y(y), shape (K,): the only place where a batch is averaged before a logarithm."""
    return log_q.logsumexp(dim=0) - math.log(log_q.shape[0])


def _entropy(log_p: Tensor) -> Tensor:
    """Entropy along the last axis; a probability that underflows contributes 0 * ln p = 0."""
    return -(log_p.exp() * log_p).sum(dim=-1)
