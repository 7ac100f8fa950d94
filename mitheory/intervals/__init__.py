"""Intervals about the estimates, and what each kind of them promises."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray
from mitheory.entropies import Estimator, RegimeWarning, named
from mitheory.information import conditional_entropy, entropy, mutual_information
from mitheory.intervals.certified import certified_ends
from mitheory.intervals.estimate import PROMISES, Estimate, Kind
from mitheory.intervals.posterior import posterior_ends
from mitheory.intervals.resampling import resampled_ends
from mitheory.intervals.sample import Ends, Quantity, parts_of
from mitheory.intervals.subsampling import subsampling_interval
from mitheory.joint import Joint

__all__ = ["PROMISES", "Estimate", "interval"]

_VERBS: Mapping[str, Callable[..., Any]] = {
    "entropy": entropy,
    "conditional_entropy": conditional_entropy,
    "information": mutual_information,
}


def interval(
    data: Any,
    method: str | Estimator = "plugin",
    *,
    level: float = 0.95,
    kind: Kind,
    quantity: Quantity | None = None,
    alphabet: int | tuple[int, int] | None = None,
    rng: np.random.Generator | None = None,
    replicates: int | None = None,
    **settings: Any,
) -> Estimate:
    """An estimate in nats with an interval, from counts, or from samples of numbers.

    Parameters
    ----------
    data : Counts, Profile, or array_like of counts; or a tuple (x, y) of samples
        As in `entropy`, with shape (..., K), or as in `mutual_information` for the other
        quantities, with shape (..., Kx, Ky), rows X and columns Y. Leading axes are a batch.
        For kind "subsampling" samples as in `neighbors.information`.
    method : str or Estimator
        A name in ENTROPIES, or an Estimator; for kind "subsampling" a name in
        `neighbors.METHODS`.
    level : float
        Confidence level, strictly between 0 and 1; half of the rest is left to each side.
    kind : {"jackknife", "bootstrap", "bca", "posterior", "certified", "subsampling"}
        How the interval is made; see the notes for what each promises.
    quantity : {"entropy", "conditional_entropy", "information"}
        What is estimated: the entropy of the cells, or H(Y|X) or I(X;Y) of a table. By default
        the entropy, and for kind "subsampling", which knows no other, the information.
    alphabet : int, or (Sx, Sy), optional
        Size of the alphabet, for the estimators that need it and for kind "certified". If the
        quantity is not the entropy, the sizes as in `mutual_information`, and for kind
        "certified" that of the label.
    rng : numpy.random.Generator, optional
        For the kinds "bootstrap", "bca" and "subsampling", which draw resamples.
    replicates : int, optional
        How many resamples these kinds draw: 2000 by default, and for "subsampling" 20 times two
        halves, at the cost of as many estimates from all samples.
    **settings
        For kind "subsampling" the further arguments of `neighbors.information`, as k and scale.

    Returns
    -------
    Estimate
        Its numbers have the batch's shape.

    Raises
    ------
    TypeError
        For kinds that draw, without a Generator; for data that are not counts, or for kind
        "subsampling" not a tuple of samples; for settings that the kind does not have.
    ValueError
        For a single sample, but in kinds "posterior" and "certified"; for kind "posterior" where
        the method has no posterior, for "certified" where it is not the plug-in or the alphabet
        is not given; where an interval does not exist; and as in `entropy`.

    Warns
    -----
    RegimeWarning
        If a sample is outside the estimator's regime; not for kind "certified", whose interval
        holds there too. For kind "subsampling" also if the estimate from all samples differs from
        that of half of them by more than two standard errors.

    Notes
    -----
    *jackknife*: the estimate and Student's interval about it with the delete-one standard error,
    exact at the cost of one evaluation for each distinct count (tukey1958, efron1981). Promise:
    asymptotic, and for the estimator's mean, since no bias is taken off (`method` may do that).
    The error is 0 where all symbols are seen equally often, as at a uniform law, where the
    fluctuations are of second order: then the interval is too narrow. Where the weight of a count
    swings with its parity, as in `grassberger`, it is too wide.

    *bootstrap*: quantiles of the estimate over multinomial resamples of the counts (efron1979).
    Promise: asymptotic, once the bias is small against the standard error: a resample sees fewer
    symbols than the sample, so that a bias downwards counts twice.

    *bca*: the same with corrections for median bias and acceleration (efron1987). Promise:
    asymptotic, with an error of the level that falls as 1/n, not 1/sqrt(n). Where no resampled
    estimate lies above the estimate, or none below, there is no such interval, and it is refused:
    so for the plug-in of a sample in which all symbols were seen equally often.

    *posterior*: the central interval of a Beta law on [0, ln S], or of a Gamma law where the
    alphabet is unbounded, with the posterior's mean and standard deviation. Promise: posterior
    probability under the method's prior; none on how often it holds over samples.

    *certified*: the interval of `certify` for the plug-in. Promise: it holds with at least the
    level for every n and every law on the alphabet. It has no standard error.

    *subsampling*: Student's interval about the estimate, with the standard error that the
    differences between random halves of the sample show (politis1994, shao1989), and as many
    degrees of freedom as `replicates`. On the side to which the estimate moves from half of the
    samples to all of them, it is longer by what is left of that way if the bias falls as
    1/sqrt(n): by 2.41 times the move. Promise: asymptotic, if the bias falls that fast.

    Examples
    --------
    >>> import mitheory as mt
    >>> estimate = mt.interval([30, 20, 10], "miller_madow", kind="jackknife")
    >>> print(estimate)
    1.028071 ± 0.052787 nat, 95 % interval [0.922445, 1.133697] (jackknife, n = 60)
    >>> print(mt.interval([30, 20, 10], kind="certified", alphabet=3).bits)
    1.459148 bit, 95 % interval [0.861527, 1.584963] (certified, n = 60)
    """
    check.one_of(kind, PROMISES, "kind")
    if kind == "subsampling":
        if quantity not in (None, "information") or alphabet is not None:
            raise ValueError(
                "kind='subsampling' gives quantity='information' of samples, and takes no "
                f"alphabet; got quantity={quantity!r}, alphabet={alphabet!r}"
            )
        return subsampling_interval(data, method, level, replicates, rng, settings)
    if settings:
        raise TypeError(
            f"kind={kind!r} takes no argument {', '.join(sorted(settings))} (kind='subsampling' "
            "takes the arguments of neighbors.information)"
        )
    quantity = "entropy" if quantity is None else quantity
    check.one_of(quantity, _VERBS, "quantity")
    estimator = named(method)
    level = check.level(level)
    labels = kind == "certified" and quantity != "entropy"  # whose number the alphabet then is
    size = None
    if alphabet is not None and (labels or quantity == "entropy"):
        size = check.whole_number(alphabet, "alphabet", least=1)
    # of doubts, the data's are warned of once, below, and those of parts of it never
    quiet = dataclasses.replace(estimator, doubt=None)
    ends: Ends
    if kind == "posterior":
        ends = posterior_ends(quiet, quantity, level, size)
    elif kind == "certified":
        ends = certified_ends(quiet, quantity, level, size)
    else:
        draws = 2000 if replicates is None else replicates
        sizes: tuple[int, ...] | None = None if size is None else (size,)
        if quantity != "entropy":
            sizes = Joint.of(data, estimator, alphabet).alphabet
        ends = resampled_ends(kind, quiet, quantity, level, sizes, draws, rng)
    with warnings.catch_warnings():
        if kind == "certified":
            warnings.simplefilter("ignore", RegimeWarning)
        options = {} if labels else {"alphabet": alphabet}
        value = np.asarray(_VERBS[quantity](data, method=method, **options))
    parts = parts_of(data, quantity)
    n = [int(part.n) for part in parts]
    rows = [ends(part, here) for part, here in zip(parts, value.ravel().tolist(), strict=True)]
    lower, upper, errors = zip(*rows, strict=True)
    return Estimate(
        value=_shaped(value, value.shape),
        lower=_shaped(lower, value.shape),
        upper=_shaped(upper, value.shape),
        standard_error=None if errors[0] is None else _shaped(errors, value.shape),
        level=level,
        kind=kind,
        n=np.array(n, dtype=np.int64).reshape(value.shape) if value.ndim else n[0],
    )


def _shaped(numbers: Any, shape: tuple[int, ...]) -> float | FloatArray:
    array = np.asarray(numbers, dtype=np.float64).reshape(shape)
    return array if shape else float(array)
