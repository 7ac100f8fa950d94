"""The certified interval of each quantity, from the cells of a table and a risk alpha."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mitheory.certificates.binomial import (
    averaged_upper_limit,
    binary_entropy_interval,
    lower_limit,
)
from mitheory.certificates.cells import Cells
from mitheory.certificates.codes import code_length
from mitheory.certificates.result import Certified
from mitheory.certificates.twosided import (
    Radii,
    conditional_radii,
    entropy_radii,
    optimal_linear,
)
from mitheory.profile import Profile

_ROUNDING = 1e-12
"""Absolute margin for the rounding of a plug-in entropy, added to both of its ends."""

_IN_WORDS = {
    "chernoff_varentropy": "Chernoff bound on the mean of -ln P",
    "bounded_differences": "bounded differences and the largest bias",
    "one_class": "one label has no entropy",
    "optimal_linear": "the linear estimate of least certified error, its largest bias and bounded "
    "differences",
}

_NO_REPEAT = (
    "no value of X repeats, so for all that these samples show X could determine the label: "
    "H(Y|X) > 0, information below H(Y) and a positive Bayes error are not certified; use fewer "
    "columns of X, or bin or quantise those that are numbers, to certify statements about that X"
)

_CONTINUOUS = (
    "X holds floating-point numbers that never repeat: for continuous X no method can certify "
    "H(Y|X) > 0, information below H(Y), or a positive Bayes error without a model of the law; "
    "quantise X to certify statements about the quantised X"
)


def label_entropy(cells: Cells, classes: int, alpha: float, level: float) -> Certified:
    """H(Y): exact binomial interval for two labels, moment bounds for more."""
    value = cells.label_entropy()
    if classes == 2:
        rare = int(min(cells.label_counts[0], cells.n - cells.label_counts[0]))
        ends = binary_entropy_interval(rare, cells.n, alpha)
        how = (
            f"exact binomial interval for the probability of a label, risk {alpha / 2:.3g} each "
            "end, mapped through the binary entropy"
        )
        return _certified(
            value, float(ends[0]), float(ends[1]), math.log(2), level, "exact_binomial", how
        )
    radii = entropy_radii(cells.n, classes, alpha)
    if radii.by == "optimal_linear":
        estimator = optimal_linear(cells.n, classes, alpha).estimator
        value = float(estimator.of_profile(Profile.from_counts(cells.label_counts), classes))
    how = f"{_IN_WORDS[radii.by]}, worst case over all laws of {classes} labels"
    return _entropy(cells.without_x(), value, radii, classes, level, how)


def conditional_entropy(cells: Cells, classes: int, alpha: float, level: float) -> Certified:
    """H(Y|X), whatever values X can take."""
    value = cells.conditional_entropy()
    radii = conditional_radii(cells.n, classes, alpha, cells.rows)
    how = (
        f"{_IN_WORDS[radii.by]}, worst case over all joint laws with {classes} labels, whatever "
        "values X can take"
    )
    certified = _entropy(cells, value, radii, classes, level, how)
    return replace(certified, how=certified.how + _added(without_repeats(cells)))


def _entropy(
    cells: Cells, value: float, radii: Radii, classes: int, level: float, how: str
) -> Certified:
    """An entropy from radii about its plug-in, cut by the length of a code for the labels.

    Both upper ends hold together, within the risk that the radii split; the smaller one is taken.
    """
    high, by = value + radii.above + _ROUNDING, radii.by
    if math.isfinite(radii.beyond_code):
        per_sample = code_length(cells, classes) / cells.n
        coded = per_sample * (1.0 + _ROUNDING) + radii.beyond_code + _ROUNDING
        if coded < high:
            high, by = coded, "code_length"
            how += f"; upper end: a code for the labels with {per_sample:.4g} nat a sample"
    return _certified(
        value,
        value - radii.below - _ROUNDING,
        high,
        math.log(classes),
        level,
        radii.by,
        f"{how}; risk: {radii.split}",
        upper_by=by,
    )


def information(label: Certified, conditional: Certified, classes: int, level: float) -> Certified:
    """I(X;Y) = H(Y) - H(Y|X), from intervals for both that hold together."""
    return _certified(
        label.value - conditional.value,
        label.lower - conditional.upper - _ROUNDING,
        label.upper - conditional.lower + _ROUNDING,
        math.log(classes),
        level,
        "entropies",
        f"H(Y) less H(Y|X). H(Y): {label.how}. H(Y|X): {conditional.how}",
    )


def bayes_error(cells: Cells, classes: int, alpha: float, level: float) -> Certified:
    """The error probability of the best rule.

    Lower end: on its own samples the majority rule errs at most as often as the best rule, whose
    errors are binomial. Upper end: a rule that predicts before it is fitted errs at least as often
    as the best one; its errors are averaged over all orders of the samples.
    """
    n, fitted = cells.n, cells.majority_errors()
    online = cells.online_errors(classes)
    how = (
        f"lower end: exact binomial limit of the {fitted} errors in {n} of the majority rule on "
        f"its own samples; upper end: limit of the {online:.1f} errors in {n} of the majority rule "
        "that predicts each sample from those before it, averaged over all orders; "
        f"risk {alpha / 2:.3g} each end" + _added(without_repeats(cells))
    )
    return _certified(
        fitted / n,
        float(lower_limit(fitted, n, alpha / 2)),
        averaged_upper_limit(online, n, alpha / 2),
        1.0 - 1.0 / classes,
        level,
        "exact_binomial",
        how,
        upper_by="online_majority",
    )


def error_from_entropies(
    cells: Cells, conditional: Certified, classes: int, level: float
) -> Certified:
    """The Bayes error that follows from the interval of H(Y|X), by Fano and the lower envelope."""
    value = cells.majority_errors() / cells.n
    how = (
        "Fano's inequality at the lower end of H(Y|X), the lower envelope of the entropy at its "
        f"upper end; H(Y|X): {conditional.how}"
    )
    if classes == 1:
        return _certified(value, 0.0, 0.0, 0.0, level, "fano", how)
    from mitheory.bounds.envelope import envelope_error_upper
    from mitheory.bounds.fano import fano_error_lower

    low = float(np.asarray(fano_error_lower(conditional.lower, classes))) * (1.0 - _ROUNDING)
    high = float(np.asarray(envelope_error_upper(conditional.upper))) * (1.0 + _ROUNDING)
    most = 1.0 - 1.0 / classes
    return _certified(value, low, high, most, level, "fano", how, upper_by="envelope")


def without_repeats(cells: Cells) -> str:
    """The sentence on what cannot be certified where no x occurs twice, or nothing."""
    if cells.rows < cells.n:
        return ""
    return _CONTINUOUS if cells.continuous else _NO_REPEAT


def _added(remark: str) -> str:
    return f"; {remark}" if remark else ""


def _certified(
    value: float,
    low: float,
    high: float,
    most: float,
    level: float,
    by: str,
    how: str,
    upper_by: str | None = None,
) -> Certified:
    """The value and the interval [low, high] cut to the range [0, most]; the value stays inside.

    A plug-in leaves the range by rounding alone; the optimal linear estimate of H(Y), and an
    information from it, may be beyond.
    """
    value = min(max(value, 0.0), most)
    lower, upper = min(max(low, 0.0), value), max(min(high, most), value)
    edge = "trivial" if most > 0.0 else "one_class"
    return Certified(
        value=value,
        lower=lower,
        upper=upper,
        level=level,
        lower_by=edge if low <= 0.0 else by,
        upper_by=edge if high >= most else upper_by or by,
        how=how,
    )
