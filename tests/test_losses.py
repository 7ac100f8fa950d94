"""The losses against their definitions at 40 digits, and the laws they obey."""

import math
import re
from functools import partial
from pathlib import Path

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import losses as oracles
from torch.nn import functional

import mitheory
from mitheory.train import LOSSES, losses

NAMES = sorted(LOSSES)
WEIGHT = 0.3


def batch(seed, rows=4, classes=3, scale=2.0):
    rng = np.random.default_rng(seed)
    logits = torch.tensor(rng.normal(scale=scale, size=(rows, classes)), requires_grad=True)
    return logits, torch.tensor(rng.integers(0, classes, rows))


def objective(name, weight=WEIGHT):
    loss = LOSSES[name]
    return loss.objective(weight if loss.has_weight else 0.0)


def label_entropy(targets):
    p = np.unique(targets.numpy(), return_counts=True)[1] / len(targets)
    return float(-(p * np.log(p)).sum())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_value_and_gradient_agree_with_the_definition_at_40_digits(name, seed):
    logits, targets = batch(seed)
    value = objective(name)(logits, targets)
    value.backward()
    oracle = getattr(oracles, name)
    with mpmath.workdps(40):
        rows = [[mpmath.mpf(z) for z in row] for row in logits.tolist()]

        def along(i, k, z):
            moved = [list(row) for row in rows]
            moved[i][k] = z
            return oracle(moved, targets.tolist(), mpmath.mpf(WEIGHT))

        expected = float(oracle(rows, targets.tolist(), mpmath.mpf(WEIGHT)))
        gradient = [
            [float(mpmath.diff(partial(along, i, k), rows[i][k])) for k in range(3)]
            for i in range(4)
        ]
    assert value.item() == pytest.approx(expected, rel=1e-14)
    assert logits.grad.numpy() == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_pass_the_finite_difference_check(name):
    logits, targets = batch(7, rows=6, classes=5)
    assert torch.autograd.gradcheck(lambda z: objective(name)(z, targets), (logits,))


@pytest.mark.parametrize("name", NAMES)
def test_gradients_pass_the_check_on_a_batch_of_one(name):
    logits, targets = batch(8, rows=1)
    assert torch.autograd.gradcheck(lambda z: objective(name)(z, targets), (logits,))


def test_cross_entropy_and_label_smoothing_agree_with_torch():
    logits, targets = batch(1, rows=50, classes=10)
    assert losses.cross_entropy(logits, targets).item() == pytest.approx(
        functional.cross_entropy(logits, targets).item(), rel=1e-14
    )
    assert losses.label_smoothing(logits, targets, weight=0.1).item() == pytest.approx(
        functional.cross_entropy(logits, targets, label_smoothing=0.1).item(), rel=1e-14
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(1, 40),
    classes=st.integers(2, 12),
    scale=st.floats(0.0, 100.0),
)
def test_the_marginal_term_lies_between_label_entropy_and_cross_entropy_plus_it(
    seed, rows, classes, scale
):
    logits, targets = batch(seed, rows, classes, scale)
    ce = losses.cross_entropy(logits, targets).item()
    r = losses.mutual_information(logits, targets, weight=1.0).item() - ce
    h = label_entropy(targets)
    slack = 1e-12 * (1.0 + ce)
    assert h - slack <= r <= ce + h + slack
    if rows == 1:
        assert r == pytest.approx(ce, rel=1e-12, abs=1e-12)


def test_the_marginal_term_has_no_gradient_where_the_marginals_agree():
    # two mirrored predictions whose mean is the label frequencies (1/2, 1/2)
    logits = torch.tensor([[3.0, 0.0], [0.0, 3.0]], dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([0, 1])
    with_term = losses.mutual_information(logits, targets, weight=1.0)
    (with_term - losses.cross_entropy(logits, targets)).backward()
    assert logits.grad.abs().max().item() < 1e-16


@pytest.mark.parametrize("alpha", [0.01, 0.3, 0.99])
def test_the_skew_jensen_divergence_agrees_with_its_definition(alpha):
    logits, targets = batch(11)
    value = losses.entropy_regularised(logits, targets, weight=0.7, alpha=alpha)
    with mpmath.workdps(40):
        rows = [[mpmath.mpf(z) for z in row] for row in logits.tolist()]
        expected = oracles.entropy_regularised(
            rows, targets.tolist(), mpmath.mpf(0.7), mpmath.mpf(alpha)
        )
    assert value.item() == pytest.approx(float(expected), rel=1e-14)
    assert torch.autograd.gradcheck(
        lambda z: losses.entropy_regularised(z, targets, weight=0.7, alpha=alpha), (logits,)
    )


def test_the_ends_of_the_entropy_family_are_confidence_penalty_and_label_smoothing():
    logits, targets = batch(12, rows=20, classes=5)
    weight, log_k = 0.4, math.log(5)
    at_0 = losses.entropy_regularised(logits, targets, weight=weight, alpha=0)
    penalty = losses.confidence_penalty(logits, targets, weight=weight)
    assert at_0.item() == pytest.approx(penalty.item() + weight * log_k, rel=1e-14)
    at_1 = losses.entropy_regularised(logits, targets, weight=weight, alpha=1)
    smooth = losses.label_smoothing(logits, targets, weight=weight / (1 + weight))
    assert at_1.item() == pytest.approx((1 + weight) * smooth.item() - weight * log_k, rel=1e-14)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("end", [0.0, 1.0])
@pytest.mark.parametrize("distance", [1e-6, 1e-9, 1e-12, 1e-15, 1e-29, 1e-40])
def test_the_entropy_family_approaches_its_ends_without_cancellation(dtype, end, distance):
    logits, targets = batch(13, rows=6, classes=4)
    near, limit = logits.to(dtype).detach(), logits.to(dtype).detach()
    values = []
    for z, alpha in [(near.requires_grad_(), abs(end - distance)), (limit.requires_grad_(), end)]:
        value = losses.entropy_regularised(z, targets, weight=1.0, alpha=alpha)
        value.backward()
        values.append(value.item())
    rounding = 50 * torch.finfo(dtype).eps
    slope = 1000  # the divergence is smooth in alpha: its derivative at 1 is about 120 nats here
    assert values[0] == pytest.approx(values[1], rel=rounding, abs=slope * distance)
    assert near.grad.numpy() == pytest.approx(limit.grad.numpy(), abs=rounding + slope * distance)


def test_the_entropy_family_is_least_at_the_uniform_law_and_symmetric():
    uniform, targets = torch.zeros(3, 4, dtype=torch.float64), torch.tensor([0, 1, 2])
    for alpha in (0.0, 0.2, 0.5, 1.0):
        at_uniform = losses.entropy_regularised(uniform, targets, weight=1.0, alpha=alpha)
        assert at_uniform.item() == pytest.approx(math.log(4), rel=1e-14)  # CE alone
    # a prediction (1/2, 1/2, 0): J = 2 [2 H(M) - H(U) - H(Q)] with M = (5/12, 5/12, 1/6)
    logits = torch.tensor([[0.0, 0.0, -1e4]])
    mixture = -(10 / 12 * math.log(5 / 12) + math.log(1 / 6) / 6)
    expected = math.log(2) + 2 * (2 * mixture - math.log(3) - math.log(2))
    value = losses.entropy_regularised(logits, torch.tensor([0]), weight=1.0)
    assert value.item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("alpha", [0.0, 1e-9, 0.5, 1 - 1e-9, 1.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_entropy_family_is_finite_at_extreme_logits(alpha, dtype):
    logits = torch.tensor([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4]], dtype=dtype, requires_grad=True)
    value = losses.entropy_regularised(logits, torch.tensor([1, 2]), weight=1.0, alpha=alpha)
    value.backward()
    assert torch.isfinite(value)
    assert torch.isfinite(logits.grad).all()


def test_a_given_label_law_equal_to_the_batch_frequencies_changes_nothing():
    logits, targets = batch(3, rows=30)
    law = np.bincount(targets.numpy(), minlength=3) / 30
    given_law = losses.mutual_information(logits, targets, weight=2.0, label_law=law)
    from_batch = losses.mutual_information(logits, targets, weight=2.0)
    assert given_law.item() == pytest.approx(from_batch.item(), rel=1e-14)


def test_a_given_label_law_counts_classes_the_batch_lacks():
    # uniform predictions: R = ln 2 whatever the law; then weight * R adds to CE = ln 2
    logits, targets = torch.zeros(1, 2, dtype=torch.float64), torch.tensor([0])
    value = losses.mutual_information(logits, targets, weight=3.0, label_law=[0.25, 0.75])
    assert value.item() == pytest.approx(4.0 * math.log(2.0), rel=1e-15)
    logits, targets = batch(4)
    law = [0.0, 0.1, 0.9]
    assert torch.autograd.gradcheck(
        lambda z: losses.mutual_information(z, targets, weight=1.5, label_law=law), (logits,)
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("labels", [[0, 0], [1, 1], [0, 1], [2, 2]])
def test_extreme_logits_give_finite_values_and_gradients(name, dtype, labels):
    logits = torch.tensor([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4]], dtype=dtype, requires_grad=True)
    value = objective(name)(logits, torch.tensor(labels))
    value.backward()
    assert torch.isfinite(value)
    assert torch.isfinite(logits.grad).all()


def test_the_marginal_term_is_exact_where_the_mean_probability_underflows():
    # every sample gives class 1 the probability exp(-2e4): R = 2e4, CE = 2e4
    logits = torch.tensor([[1e4, -1e4]] * 3)
    value = losses.mutual_information(logits, torch.tensor([1, 1, 1]), weight=1.0)
    assert value.item() == pytest.approx(4e4, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_bad_batches_are_refused(name):
    logits = torch.zeros(2, 3)
    run = objective(name)
    for bad_logits, bad_targets in [
        (torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)),
        (torch.zeros(2, 0), torch.zeros(2, dtype=torch.int64)),
        (torch.zeros(3), torch.zeros(3, dtype=torch.int64)),
        (torch.tensor(0.0), torch.tensor(0)),
        (logits, torch.zeros(3, dtype=torch.int64)),
        (logits, torch.zeros(2, 1, dtype=torch.int64)),
    ]:
        with pytest.raises(ValueError, match=r"logits must have shape \(B, K\)"):
            run(bad_logits, bad_targets)
    for outside in (3, -1, -100):  # -100 is the label that torch's own cross entropy skips
        with pytest.raises((IndexError, RuntimeError), match="out of bounds"):
            run(logits, torch.tensor([0, outside]))


def test_bad_weights_and_label_laws_are_refused():
    logits, targets = batch(0)
    for loss in LOSSES.values():
        for weight in (-1.0, math.nan, math.inf):
            with pytest.raises(ValueError, match="weight must be a finite number at least 0"):
                loss.objective(weight)
            if loss.has_weight:
                with pytest.raises(ValueError, match="weight must be a finite number at least 0"):
                    loss.function(logits, targets, weight=weight)
    with pytest.raises(ValueError, match=r"at most 1; got 1\.5"):
        losses.label_smoothing(logits, targets, weight=1.5)
    for alpha in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="alpha must be a finite number at least 0 and at mos"):
            losses.entropy_regularised(logits, targets, weight=1.0, alpha=alpha)
    with pytest.raises(ValueError, match=r"has no weight; got 0.1 \(leave it out\)"):
        LOSSES["cross_entropy"].objective(0.1)
    for law, message in [([0.5, 0.5], "one entry per class; got 2 for 3"), ([1, 1, 1], "sum to 1")]:
        with pytest.raises(ValueError, match=message):
            losses.mutual_information(logits, targets, weight=1.0, label_law=law)


def test_every_loss_is_named_after_its_function_and_cites_a_known_source():
    bibliography = Path(mitheory.__file__).with_name("references.bib").read_text()
    keys = re.findall(r"^@\w+\{(\w+),", bibliography, flags=re.MULTILINE)
    for name, loss in LOSSES.items():
        assert loss.name == name == loss.function.__name__
        assert getattr(losses, name) is loss.function
        assert loss.cite in keys
        assert loss.formula
        assert loss.has_weight == (name != "cross_entropy")
