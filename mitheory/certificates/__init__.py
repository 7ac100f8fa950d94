"""Finite-sample certificates: what n samples prove about entropies, information and error."""

from __future__ import annotations

from typing import Any

from mitheory import check
from mitheory.certificates import quantities
from mitheory.certificates.cells import Cells
from mitheory.certificates.radii import risk_of
from mitheory.certificates.result import Certificate, Certified

__all__ = ["Certificate", "Certified", "certify"]


def certify(
    data: Any,
    *,
    level: float = 0.95,
    classes: int | None = None,
    simultaneous: bool = False,
) -> Certificate:
    """Intervals for H(Y), H(Y|X), I(X;Y) and the Bayes error that hold for every law of (X, Y).

    The samples are independent draws of one law; nothing else is assumed, neither about the law
    nor about how many values X can take. Every argument, and the split of the risk 1 - level
    among its parts, is chosen from n, the sizes and the level alone, never from the counts.

    Parameters
    ----------
    data : Counts of two columns or more, or array_like of counts, shape (Kx, Ky)
        The label is the last column; in an array the rows are X and the columns Y.
    level : float
        Confidence level, strictly between 0 and 1.
    classes : int, optional
        Size of the label alphabet. Without it, the labels in the data (the columns of an array)
        are assumed to be all there are, and the result says so.
    simultaneous : bool
        Whether all intervals hold together with probability `level`; each by itself otherwise.

    Returns
    -------
    Certificate
        Entropies in nats.

    Raises
    ------
    TypeError, ValueError
        For counts that are not non-negative integers or sum to 0, for a single column, for a
        level outside (0, 1), for fewer classes than labels seen.
    ArithmeticError
        If a bound could not be evaluated safely.

    Notes
    -----
    Two labels' entropy: exact binomial interval (clopper1934). Entropies otherwise: Chernoff's
    bound on the mean of -ln P, with its worst case over all laws, and the moments of the
    divergence between the empirical and the true law, or the length
    of a code for the labels (chernoff1952, agrawal2020, krichevsky1981). Bayes error:
    exact binomial limits, from below at the errors of the majority rule on its own samples, from
    above at the errors of a rule that predicts before it is fitted, averaged over all orders of the
    samples (bentkus2004). The same error from the entropies alone: fano1961 and feder1994. Derived
    in docs/theory.

    Examples
    --------
    >>> import mitheory as mt
    >>> result = mt.certify([[90, 10], [15, 85]])
    >>> round(result.bayes_error.value, 3), round(result.bayes_error.lower, 3)
    (0.125, 0.083)
    """
    simultaneous = check.flag(simultaneous, "simultaneous")
    cells = Cells.of(data)
    risk = risk_of(check.level(level))
    size = cells.columns if classes is None else check.class_count(classes, cells.labels_seen)
    n_events = 3 if simultaneous else 1
    label = quantities.label_entropy(cells, size, risk / n_events, level)
    conditional = quantities.conditional_entropy(cells, size, risk / n_events, level)
    parts = (
        (label, conditional)
        if simultaneous
        else (
            quantities.label_entropy(cells, size, risk / 2, level),
            quantities.conditional_entropy(cells, size, risk / 2, level),
        )
    )
    return Certificate(
        n=cells.n,
        level=level,
        classes=size,
        classes_assumed=classes is None,
        simultaneous=simultaneous,
        label_entropy=label,
        conditional_entropy=conditional,
        information=quantities.information(*parts, size, level),
        bayes_error=quantities.bayes_error(cells, size, risk / n_events, level),
        error_from_entropies=quantities.error_from_entropies(cells, conditional, size, level),
        remark=quantities.without_repeats(cells),
    )
