"""How sure an estimate is: from halves of the sample, from growing samples, from shuffled ones."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray, IntArray
from mitheory.neighbors.variables import Variable, as_variable

if TYPE_CHECKING:
    from mitheory.neighbors import Information

LEAST_PART = 25
"""Fewest samples of a part. n times the variance, which should not depend on n, is for KSG (k = 3)
and independent normal pairs 0.13 at n = 10, 0.31 at 30, 0.40 at 100 and 0.62 at 1000.
"""

PART_PER_NEIGHBOR = 5
"""Fewest samples of a part for each of the k neighbours: of the parts with k = 12, n times the
variance is 0.02 at n = 25, 0.06 at 100 and 0.10 at 400; with k = n - 1 no estimate varies.
"""

_TIE = 1e-11
"""Estimates that differ by less are ties parted by the order in which numbers are added."""


@dataclass(frozen=True, eq=False)
class Convergence:
    """Estimates against the number of samples, from disjoint random parts of one sample.

    Attributes
    ----------
    information : Information
        The estimate from all samples.
    n : int array, shape (sizes,)
        Samples of a part, in increasing order: ..., a quarter, half of all, all.
    value : float array, shape (sizes,)
        Mean of the estimates from parts of this size, in nats; the last is that of all samples.
    standard_error : float array, shape (sizes,)
        Of these means, as estimates of the mean of the method at this size.
    limit : float
        At infinite n, on the line through the last two values against 1 / sqrt(n): what ever more
        samples give if the bias falls as 1 / sqrt(n). Of two scalars it mostly falls faster, and
        the limit overshoots; in high dimension it falls slower, and the limit stays behind.
    limit_error : float or None
        The standard error of the limit; None if the sample was only halved once.
    """

    information: Information
    n: IntArray
    value: FloatArray
    standard_error: FloatArray
    limit: float
    limit_error: float | None

    @property
    def drift(self) -> float:
        """By how much all samples give more than half of them, in nats."""
        return float(self.value[-1] - self.value[-2])

    def __str__(self) -> str:
        width = max(len(str(self.n[-1])), len("limit"))
        rows = zip(self.n.tolist(), self.value, self.standard_error, strict=True)
        error = "" if self.limit_error is None else f" ± {self.limit_error:.6f}"
        return "\n".join(
            [
                f"{'n':>{width}}   information in nats ({self.information.method})",
                *(f"{n:>{width}} {value:10.6f} ± {error:.6f}" for n, value, error in rows),
                f"{'limit':>{width}} {self.limit:10.6f}{error}",
            ]
        )


def convergence(
    x: Any,
    y: Any,
    *,
    rng: np.random.Generator,
    halvings: int = 4,
    replicates: int = 20,
    **settings: Any,
) -> Convergence:
    """Estimates of I(X;Y) from all samples, from halves, quarters and so on, and their limit.

    Parameters
    ----------
    x, y, settings
        As in `information`; kinds are inferred, and numbers scaled, once for the whole sample.
    rng : numpy.random.Generator
        Cuts the sample into parts.
    halvings : int
        How often the sample is halved; the smallest parts must have 25 samples, and 5 k.
    replicates : int
        How often this is done, each time cut anew. The cost is that of `halvings * replicates`
        estimates from all samples.

    Returns
    -------
    Convergence
        ``str()`` of it is a table.

    Raises
    ------
    ValueError, TypeError
        For too few samples, and as `information`.

    Notes
    -----
    The two halves of a cut are independent samples of n / 2, so that half the squared difference
    of their estimates has the variance of one of them as its mean, exactly; and half of that is
    the variance from n samples, once this falls as 1 / n. The mean over the cuts gives the squared
    standard error of the estimate, with about a degree of freedom a cut. These are subsamples
    without replacement (politis1994, shao1989). The bootstrap draws with replacement and so puts
    neighbours at distance 0. Parts smaller than halves (holmes2019) cost less, but tell of too
    small an error: n times the variance of these estimators grows with n for a long time.

    Parts are nested: the two quarters of a half are cut from it. So each half has a limit of its
    own, and the limits of the two halves give the standard error of the limit in the same way.

    Source: politis1994, shao1989.

    Examples
    --------
    >>> import numpy as np
    >>> import mitheory as mt
    >>> rng = np.random.default_rng(0)
    >>> x, y = mt.laws.MultivariateNormal.bivariate(0.9).sample(400, rng)  # 0.830 nats
    >>> convergence(x, y, rng=rng, halvings=2).n.tolist()
    [100, 200, 400]
    """
    generator = check.generator(rng)
    halvings = check.whole_number(halvings, "halvings", least=1)
    draws = check.whole_number(replicates, "replicates", least=2)
    whole, variables, estimate = _prepared(x, y, settings)
    sizes = [whole.n >> level for level in range(halvings + 1)]
    least = max(LEAST_PART, PART_PER_NEIGHBOR * whole.k)
    if sizes[-1] < least:
        raise ValueError(
            f"parts must have at least {least} samples (k = {whole.k}), since smaller ones tell "
            f"nothing about the spread of large ones; {whole.n} samples halved {halvings} times "
            f"have {sizes[-1]}"
        )
    parts = [np.empty((draws, 1 << level)) for level in range(1, halvings + 1)]
    for draw in range(draws):
        order = generator.permutation(whole.n)
        for level, values in enumerate(parts, start=1):
            for part, rows in enumerate(_cut(order, level)):
                values[draw, part] = estimate(*(_of_rows(v, rows, whole) for v in variables))
    means = [whole.value, *(float(values.mean()) for values in parts)]
    errors = [
        _error(parts[0], sizes[1] / sizes[0]),
        *(_error(values, 1 / values.shape[1]) for values in parts),
    ]
    limit_error = None
    if halvings > 1:
        quarters = parts[1].reshape(draws, 2, 2).mean(axis=2)
        limit_error = _error(_limit(parts[0], quarters, sizes[1:]), sizes[1] / sizes[0])
    return Convergence(
        whole,
        np.array(sizes[::-1]),
        np.array(means[::-1]),
        np.array(errors[::-1]),
        float(_limit(np.array(means[0]), np.array(means[1]), sizes)),
        limit_error,
    )


def permutation_test(
    x: Any, y: Any, *, rng: np.random.Generator, permutations: int = 199, **settings: Any
) -> float:
    """The p-value of independence: how often shuffled samples give as much information.

    Parameters
    ----------
    x, y, settings
        As in `information`.
    rng : numpy.random.Generator
        Shuffles the samples of Y.
    permutations : int
        How often; 1 / (permutations + 1) is the least p-value.

    Returns
    -------
    float
        (1 + shuffles that give at least the estimate) / (1 + permutations). If X and Y are
        independent, it is at most p with probability at most p, for every n and every method.

    Raises
    ------
    ValueError, TypeError
        As `information`.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=100)
    >>> permutation_test(x, x**2 + rng.normal(size=100), rng=rng, permutations=99)
    0.01
    """
    generator = check.generator(rng)
    draws = check.whole_number(permutations, "permutations", least=1)
    whole, (first, second), estimate = _prepared(x, y, settings)
    least = whole.value - _TIE * (1.0 + abs(whole.value))
    reached = 0
    for _ in range(draws):
        order = generator.permutation(whole.n)
        shuffled = dataclasses.replace(second, values=second.values[order])
        reached += estimate(first, shuffled) >= least
    return (1 + reached) / (1 + draws)


Estimate = Callable[[Variable, Variable], float]


def _prepared(
    x: Any, y: Any, settings: dict[str, Any]
) -> tuple[Information, tuple[Variable, Variable], Estimate]:
    """The estimate from all samples, the two variables, and the same estimate of others."""
    from mitheory.neighbors import METHODS, information

    whole = information(x, y, **settings)
    first = as_variable(x, whole.kinds[0], scale=whole.scale, name="x")
    second = as_variable(y, whole.kinds[1], scale=whole.scale, name="y")
    method, workers = METHODS[whole.method], check.threads(settings.get("workers"))

    def estimate(one: Variable, other: Variable) -> float:
        return method(one, other, k=whole.k, norm=whole.norm, workers=workers)

    return whole, (first, second), estimate


def _of_rows(variable: Variable, rows: IntArray, whole: Information) -> Variable:
    """Some of the samples: symbols are numbered anew, and ranks are those among them."""
    values = variable.values[rows]
    if variable.kind == "discrete":
        codes = np.unique(values, return_inverse=True)[1]
        return dataclasses.replace(variable, values=codes.astype(np.int64, copy=False))
    if whole.scale == "rank":
        return as_variable(values, variable.kind, scale="rank", name=variable.name)
    return dataclasses.replace(variable, values=values)


def _cut(order: IntArray, level: int) -> list[IntArray]:
    """2**level disjoint parts, nested from level to level, all of the same size."""
    if level == 0:
        return [order]
    half = order.size // 2
    return [*_cut(order[:half], level - 1), *_cut(order[half : 2 * half], level - 1)]


def _error(parts: FloatArray, share: float) -> float:
    """The standard error of something whose variance is `share` times that of a part.

    Parts stand in a row if they come from one cut.
    """
    return math.sqrt(share * float(parts.var(axis=1, ddof=1).mean()))


def _limit(value: FloatArray, half: FloatArray, sizes: list[int]) -> FloatArray:
    """At infinite n, on the line against 1 / sqrt(n) through values at the first two sizes."""
    return np.asarray(value + (value - half) / (math.sqrt(sizes[0] / sizes[1]) - 1.0))
