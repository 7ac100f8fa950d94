"""The losses: plain functions of a batch of logits and labels, in nats.

Notation. Q(y|x) is the softmax of the logits; CE = mean -ln Q(y_i|x_i) over the batch;
Q_Y is the batch mean of Q(.|x_i); P_Y the label frequencies of the batch; H the entropy.
Everything is computed from ln Q, so large logits, such as 1e4, give finite values and gradients.

Data parallelism. In a torch.distributed process group of several processes the batch is what all of
them hold together, in shares of any sizes. Each loss is then the loss of that batch, the same in
every process, and DistributedDataParallel's average over the processes is its gradient. All
processes must call the loss at the same time. See parallel.py.

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
from torch.nn import functional

from mitheory import check
from mitheory.train import parallel

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
    log_q, n = _log_probabilities(logits, targets)
    return _cross_entropy(log_q, targets, n)


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
    log_q, n = _log_probabilities(logits, targets)
    ce = _cross_entropy(log_q, targets, n)  # refuses a label out of range before it is counted
    log_marginal = _log_marginal(log_q, n)  # (K,)
    if label_law is None:
        law = _mean(functional.one_hot(targets, logits.shape[1]).to(log_q), n)  # (K,)
    else:
        given = check.probabilities(label_law, "label_law")
        if given.shape != log_marginal.shape:
            raise ValueError(
                f"label_law must have one entry per class; got {given.size} for {logits.shape[1]}"
            )
        law = torch.as_tensor(given).to(log_marginal)
    return ce - weight * (law * log_marginal).sum()


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
    log_q, n = _log_probabilities(logits, targets)
    information = _entropy(_log_marginal(log_q, n)) - _mean(_entropy(log_q), n)
    return _cross_entropy(log_q, targets, n) - weight * information


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
    log_q, n = _log_probabilities(logits, targets)
    return (1.0 - weight) * _cross_entropy(log_q, targets, n) - weight * _mean(log_q.mean(dim=1), n)


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
    log_q, n = _log_probabilities(logits, targets)
    return _cross_entropy(log_q, targets, n) - weight * _mean(_entropy(log_q), n)


def entropy_regularised(
    logits: Tensor, targets: Tensor, *, weight: float, alpha: float = 0.5
) -> Tensor:
    """CE + weight * mean J(Q(.|x_i)), J the skew Jensen divergence from the uniform law U.

    J(Q) = [H((1 - a) U + a Q) - (1 - a) H(U) - a H(Q)] / (a (1 - a)) for a = alpha in (0, 1). Its
    limits are D(Q || U) = ln K - H(Q) for a -> 0 and D(U || Q) for a -> 1. Up to a constant the
    loss at alpha = 0 is therefore the confidence penalty of the same weight, and at alpha = 1, up
    to the factor 1 + weight as well, label smoothing of weight / (1 + weight).

    Parameters
    ----------
    logits : Tensor of shape (B, K)
    targets : int64 Tensor of shape (B,), in 0..K-1
    weight : float, at least 0
    alpha : float in [0, 1]
        The ends are the limits.

    Returns
    -------
    Tensor, a scalar in nats.

    Raises
    ------
    ValueError
        For a negative weight, an alpha outside [0, 1], an empty batch or wrong shapes.

    Notes
    -----
    With the mixture M = (1 - a) U + a Q, J(Q) = D(U || M) / a + D(Q || M) / (1 - a), which is how
    it is computed: the entropies would cancel near the ends. Source: meister2020.
    """
    weight = check.real(weight, "weight", least=0.0)
    alpha = check.real(alpha, "alpha", least=0.0, most=1.0)
    log_q, n = _log_probabilities(logits, targets)
    divergence = _mean(_skew_jensen(log_q, alpha), n)
    return _cross_entropy(log_q, targets, n) + weight * divergence


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
            _named(
                entropy_regularised,
                r"\mathrm{CE} + \lambda \, \overline{J_\alpha(Q(\cdot \mid X))}",
                "meister2020",
            ),
        )
    }
)
"""Every loss, by name."""


def _log_probabilities(logits: Tensor, targets: Tensor) -> tuple[Tensor, int]:
    """Return ln Q(y|x_i), shape (B, K), and the number of rows of the whole batch."""
    matching = logits.ndim == 2 and targets.shape == logits.shape[:1]
    rows = parallel.count(logits) if matching else 0  # one process's share may be empty
    if rows == 0 or logits.shape[1] == 0:
        raise ValueError(
            "logits must have shape (B, K) and targets (B,), with B, K >= 1; "
            f"got {tuple(logits.shape)} and {tuple(targets.shape)}"
        )
    return logits.log_softmax(dim=1), rows


def _mean(values: Tensor, n: int) -> Tensor:
    """The mean over the n rows of the whole batch, axis 0."""
    return parallel.total(values.sum(dim=0)) / n


def _cross_entropy(log_q: Tensor, targets: Tensor, n: int) -> Tensor:
    # gather refuses every label outside 0..K-1; torch's own cross entropy skips the label -100
    return -_mean(log_q.gather(1, targets[:, None])[:, 0], n)


def _log_marginal(log_q: Tensor, n: int) -> Tensor:
    """Return ln Q_Y(y), shape (K,): the only place where a batch is averaged before a logarithm."""
    log_sum = log_q.logsumexp(dim=0)
    # the largest of the processes' sums becomes exp(0) = 1, which cannot underflow
    shift = parallel.greatest(log_sum)
    return shift + parallel.total((log_sum - shift).exp()).log() - math.log(n)


def _entropy(log_p: Tensor) -> Tensor:
    """Entropy along the last axis; a probability that underflows contributes 0 * ln p = 0."""
    return -(log_p.exp() * log_p).sum(dim=-1)


def _skew_jensen(log_q: Tensor, alpha: float) -> Tensor:
    """The divergences of `entropy_regularised`, shape (B,)."""
    log_ratio = log_q + math.log(log_q.shape[1])  # ln Q/U
    if alpha < 1e-30:  # the limit, to all digits; smaller numbers are 0 in single precision
        return (log_q.exp() * log_ratio).sum(dim=1)
    if alpha == 1.0:
        return -log_ratio.mean(dim=1)
    log_alpha, log_rest = log_q.new_tensor(math.log(alpha)), log_q.new_tensor(math.log1p(-alpha))
    from_uniform = -torch.logaddexp(log_rest, log_alpha + log_ratio).mean(dim=1)  # D(U || M)
    from_q = -(log_q.exp() * torch.logaddexp(log_alpha, log_rest - log_ratio)).sum(dim=1)
    return from_uniform / alpha + from_q / (1.0 - alpha)
