"""Certified errors of linear estimators, and the estimator whose certified error is least."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.entropies import Estimator
from mitheory.kernels.bernstein import UNIT
from mitheory.risk.moments import _linear, _weights
from mitheory.risk.programme import optimal_weights
from mitheory.risk.worst import WorstBias, _sizes, worst_bias


@dataclass(frozen=True)
class WorstError:
    """How far a linear estimate can be from the entropy, for every law on S symbols; nats.

    Attributes
    ----------
    estimator : Estimator
    bias : WorstBias
        Bounds on the bias.
    change : float
        Most by which one replaced sample changes the estimate.
    deviation : float
        With probability `level`, |estimate - its mean| <= deviation.
    error : float
        With probability `level`, |estimate - entropy| <= error.
    level : float
    n, alphabet : int
        Samples, and S.
    """

    estimator: Estimator
    bias: WorstBias
    change: float
    deviation: float
    error: float
    level: float
    n: int
    alphabet: int


def worst_error(estimator: Estimator | str, n: int, S: int, *, level: float = 0.95) -> WorstError:
    """Certified error of a linear estimator over all laws on S symbols, in nats.

    The worst bias, and the deviation from the mean by McDiarmid's inequality with the exact largest
    change of the estimate when one sample is replaced. Source: mcdiarmid1989.

    Parameters
    ----------
    estimator : Estimator or str
        A linear estimator, or its name in ENTROPIES.
    n, S : int
        Samples, up to 10**7, and size of the alphabet, up to 2**53.
    level : float
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    WorstError

    Raises
    ------
    TypeError
        If the estimator is not linear.
    ValueError
        If the name is unknown, or `n`, `S` or `level` out of range.

    Examples
    --------
    >>> import mitheory as mt
    >>> round(mt.risk.worst_error("plugin", n=1000, S=1000).error, 4)
    0.9126
    """
    estimator = _linear(estimator)
    n, S = _sizes(n, S)
    level = check.level(level)
    bias = worst_bias(estimator, n, S)
    change = _largest_change(_weights(estimator, np.arange(n + 1), n, S), S)
    deviation = change * _deviations(n, level)
    error = (bias.largest + deviation) * (1 + 4 * UNIT)
    return WorstError(estimator, bias, change, deviation, error, level, n, S)


def optimal_linear(n: int, S: int, *, level: float = 0.95) -> WorstError:
    """The linear estimator of the least certified error over all laws on S symbols.

    Paninski's idea of the best upper bound, with the worst case itself in the place of least
    squares: a linear programme minimises the largest bias plus the deviation (paninski2003). What
    it finds is then certified as any other estimator is.

    Parameters
    ----------
    n : int
        Samples, from 1 to 10**7. The estimator is for samples of this size alone.
    S : int
        Size of the alphabet, from 1 to 2**53.
    level : float
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    WorstError
        Its `estimator` is one that every verb takes as `method`.

    Raises
    ------
    ValueError
        If `n`, `S` or `level` is out of range.
    ArithmeticError
        If the linear programme was not solved.

    Notes
    -----
    The correction w(k) + (k/n) ln(k/n) of the plug-in is free at the counts up to 40, at counts in
    geometric progression from there to n, and at such distances from n, and linear in between. It
    is 0 at k = 0, which is no restriction where S is known. Optimal means: of these weights, for
    the bound of `worst_error`. Where n is much larger than S, `mitheory.certify` has narrower
    intervals about the plug-in, by other means.

    Examples
    --------
    >>> import mitheory as mt
    >>> best = mt.risk.optimal_linear(n=100, S=100)
    >>> round(best.error, 2), round(mt.risk.worst_error("miller_madow", n=100, S=100).error, 2)
    (0.92, 1.13)
    >>> abs(mt.entropy([40, 30, 20, 10], best.estimator) - mt.entropy([40, 30, 20, 10])) < 0.5
    True
    """
    n, S = _sizes(n, S)
    level = check.level(level)
    if S == 1:
        return worst_error(_of_weights(np.zeros(n + 1), n, S), n, S, level=level)
    weights = optimal_weights(n, S, _deviations(n, level))
    bias = worst_bias(_of_weights(weights, n, S), n, S)
    # the counts sum to n: this moves every estimate, so that the two ends are equally far from 0
    weights = weights - (bias.lower + bias.upper) / 2 * np.arange(n + 1) / n
    return worst_error(_of_weights(weights, n, S), n, S, level=level)


def _deviations(n: int, level: float) -> float:
    """Deviation per unit of change: P(|estimate - mean| >= r) <= 2 exp(-2 r^2 / (n change^2))."""
    return math.sqrt(0.5 * n * math.log(2 / (1 - level))) * (1 + 1e-12)


def _largest_change(weights: FloatArray, S: int) -> float:
    """Most by which sum_i w(n_i) changes when a sample moves from one symbol to another.

    From counts (j, k) to (j+1, k-1): with D(j) = w(j+1) - w(j) the largest |D(j) - D(k-1)|, over
    j + k <= n, or j + k = n where there are no other symbols.
    """
    n = weights.size - 1
    if S == 1 or n == 1:
        return 0.0
    steps = np.diff(weights)
    if S == 2:
        change = np.max(np.abs(steps - steps[::-1]))
    else:
        most, least = np.maximum.accumulate(steps)[::-1], np.minimum.accumulate(steps)[::-1]
        change = max(np.max(most - steps), np.max(steps - least))
    return float(change * (1 + 4 * UNIT) + 8 * UNIT * np.abs(weights).max())


def _of_weights(weights: FloatArray, n: int, S: int) -> Estimator:
    """The estimator with these weights of the counts 0 .. n."""
    weights.setflags(write=False)

    def weight(j: IntArray, size: IntArray) -> FloatArray:
        """The linear estimator of the least certified error at one n and S."""
        if np.any(size != n):
            other = np.asarray(size)[np.asarray(size) != n].flat[0]
            raise ValueError(
                f"this estimator is for samples of size n = {n}; got one of size {other} "
                f"(mitheory.risk.optimal_linear({other}, {S}) gives its like)"
            )
        return np.asarray(weights[j])

    return Estimator(
        name=f"optimal_linear({n}, {S})",
        cite="paninski2003",
        formula=r"\sum_i w(n_i),\; w \text{ of the least certified error}",
        regime=f"samples of size {n} of a law on at most {S} symbols",
        function=weight,
        linear=True,
    )
