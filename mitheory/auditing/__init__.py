"""The audit: what the held-out predictions of a classifier, from any framework, certify."""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory import check
from mitheory.auditing.betting import mean_limits
from mitheory.auditing.calibration import calibration, reliability
from mitheory.auditing.result import Audit, Reliability
from mitheory.certificates import Certified, quantities
from mitheory.certificates.binomial import lower_limit, upper_limit
from mitheory.certificates.cells import Cells

__all__ = ["Audit", "audit"]

ROUNDED = 5e-3
"""Probabilities written with few digits may miss the sum of 1 by this much."""

_LEAST = 1e-15
"""Probabilities below this count as this in what is measured and not certified."""

_ERROR_SHARE = 0.9
"""Of the risk of the Bayes error's upper end: what the errors take; cross entropy has the rest."""

_ONE_WAY = (
    "predictions bound it from one side only: another classifier, not tried, may do better, and "
    "for continuous inputs no sample can rule that out"
)


def audit(labels: Any, probabilities: Any, *, level: float = 0.95) -> Audit:
    """What predictions on held-out samples prove about a classifier, and about the law itself.

    The samples are independent draws of one law, and the classifier was fixed before they were
    seen: predictions on samples that it was trained, selected or calibrated on prove nothing.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        In 0..M-1: which column of `probabilities` is right. n at least 2.
    probabilities : array_like of float, shape (n, M)
        Predicted probabilities; every row sums to 1, up to 5e-3 for numbers that were rounded, and
        is divided by its sum. The answer is the first of the largest in a row.
    level : float
        Confidence level, strictly between 0 and 1, of each interval by itself.

    Returns
    -------
    Audit
        Entropies in nats.

    Raises
    ------
    TypeError, ValueError
        For labels that are not integers in 0..M-1, shapes that do not match, fewer than two
        classes or samples, NaN, negative probabilities, or rows that do not sum to 1.

    Notes
    -----
    A probability of 0 for a label that occurs makes the cross entropy infinite, and a sample cannot
    exclude that. So the cross entropy certified is that of the predictions mixed with a share
    `mixing` = min(0.05, 10/n) of the uniform law, a classifier too, whose loss is bounded. Sources:
    clopper1934 (error), waudbysmith2024 (cross entropy), feder1994 (Bayes error from it).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(4000, 1))
    >>> p = 1 / (1 + np.exp(-3 * x[:, 0]))
    >>> y = (rng.random(4000) < p).astype(int)
    >>> found = audit(y, np.column_stack([1 - p, p]))
    >>> found.bayes_error.upper < 0.21, found.information.lower > 0.2, found.bayes_error.lower
    (True, True, 0.0)
    """
    risk = 1.0 - check.level(level)
    q = check.as_array(probabilities, "probabilities")
    if q.ndim != 2 or q.shape[1] < 2:
        raise ValueError(
            "probabilities must have shape (n, M), one row a sample and one column a class, M at "
            f"least 2; got shape {q.shape} (for two classes give the columns 1 - p and p)"
        )
    q = check.probability_rows(q, "probabilities", ROUNDED)
    n, classes = q.shape
    y = check.as_array(labels, "labels")
    if y.dtype.kind in "OSU":
        raise TypeError(
            f"labels must be integers from 0 to {classes - 1}, the columns of probabilities; got "
            f"dtype {y.dtype} (numpy.searchsorted(model.classes_, labels) where names are sorted)"
        )
    y = check.label_array(y, "labels", classes)
    if len(y) != n:
        raise ValueError(f"labels and probabilities must agree; got {len(y)} and {n} samples")
    if n < 2:
        raise ValueError(f"an audit needs at least 2 samples; got {n}")
    order = np.random.default_rng(0).permutation(n)  # bets and halves: never in order of the label
    y, q = y[order], q[order]

    wrong = int((q.argmax(axis=1) != y).sum())
    error = Certified(
        value=wrong / n,
        lower=float(lower_limit(wrong, n, risk / 2)),
        upper=float(upper_limit(wrong, n, risk / 2)),
        level=level,
        lower_by="exact_binomial",
        upper_by="exact_binomial",
        how=f"{wrong} errors in {n}",
    )
    mixing = min(0.05, 10.0 / n)
    log_q = np.log((1.0 - mixing) * q + mixing / classes)
    loss = -log_q[np.arange(n), y]
    most = float(-np.log(mixing / classes))
    unmixed = float(np.log1p(-mixing))  # mixing adds at most -ln(1 - mixing) to a loss

    def below_and_above(delta: float) -> tuple[float, float]:
        low, high = mean_limits(loss, most, delta)
        return max(low + unmixed, 0.0), high

    mixed = f"a share {mixing:.3g} of the uniform law mixed in"
    low, high = below_and_above(risk / 2)
    with_zero = bool((q[np.arange(n), y] == 0).any())
    plain = np.inf if with_zero else float(-np.log(q[np.arange(n), y]).mean())
    mean = float(loss.mean())
    cross_entropy = Certified(
        value=mean,
        lower=min(low, mean),
        upper=max(high, mean),  # equal but for rounding, where every loss is the largest
        level=level,
        lower_by="betting",
        upper_by="betting",
        how=f"mean of {n} losses, {mixed}",
    )
    given = _from_above(mean, below_and_above(risk)[1], float(np.log(classes)), level, mixed)
    cells = Cells.of(np.bincount(y, minlength=classes)[None, :])
    label = quantities.label_entropy(cells, classes, risk, level)
    shared = quantities.label_entropy(cells, classes, risk / 2, level)  # with the cross entropy
    gain = shared.lower - below_and_above(risk / 2)[1]
    information = Certified(
        value=label.value - mean,
        lower=max(gain, 0.0),
        upper=shared.upper,
        level=level,
        lower_by="betting" if gain > 0 else "trivial",
        upper_by="label_entropy",
        how=f"H(Y) less the cross entropy, {mixed}; upper end: H(Y), {_ONE_WAY}",
    )
    predicted = np.log(np.maximum(q, _LEAST))
    return Audit(
        n=n,
        classes=classes,
        level=level,
        error=error,
        cross_entropy=cross_entropy,
        conditional_entropy=given,
        information=information,
        bayes_error=_bayes_error(wrong, n, classes, risk, level, below_and_above),
        label_entropy=label,
        plain_cross_entropy=plain,
        mixing=mixing,
        calibration=calibration(y, predicted),
        reliability=Reliability(*(tuple(bins.tolist()) for bins in reliability(y, predicted))),
    )


def _from_above(mean: float, high: float, most: float, level: float, mixed: str) -> Certified:
    """H(Y|X), which a cross entropy bounds from above only."""
    upper = min(high, most)
    return Certified(
        value=min(mean, upper),
        lower=0.0,
        upper=upper,
        level=level,
        lower_by="trivial",
        upper_by="betting" if high < most else "trivial",
        how=f"at most the cross entropy, {mixed}; lower end: {_ONE_WAY}",
    )


def _bayes_error(
    wrong: int, n: int, classes: int, risk: float, level: float, limits: Any
) -> Certified:
    """At most the classifier's own error, and what follows from its cross entropy."""
    from mitheory.bounds.envelope import envelope_error_upper

    own = float(upper_limit(wrong, n, _ERROR_SHARE * risk))
    entropy = min(limits((1.0 - _ERROR_SHARE) * risk)[1], float(np.log(classes)))
    by_entropy = float(np.asarray(envelope_error_upper(entropy)))
    ends = {"own_error": own, "envelope": by_entropy, "trivial": 1.0 - 1.0 / classes}
    by = min(ends, key=lambda name: ends[name])
    return Certified(
        value=min(wrong / n, ends[by]),
        lower=0.0,
        upper=ends[by],
        level=level,
        lower_by="trivial",
        upper_by=by,
        how=f"at most this classifier's error ({_ERROR_SHARE:g} of the risk), and by the lower "
        f"envelope at its cross entropy (the rest); lower end: {_ONE_WAY}",
    )
