"""The noun Estimate: a value with its interval, and what the interval promises."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from mitheory.check import FloatArray, IntArray
from mitheory.units import NATS_PER_BIT, Unit

Kind = Literal["jackknife", "bootstrap", "bca", "posterior", "certified", "subsampling"]

PROMISES: Mapping[str, str] = MappingProxyType(
    {
        "jackknife": "asymptotic: for large n it holds the mean of the estimator with probability "
        "level, unless the law is uniform; the bias is not taken off",
        "bootstrap": "asymptotic: for large n it holds the truth with probability level; until "
        "the bias is small against the standard error it does not, since resamples repeat it",
        "bca": "asymptotic: as the bootstrap, with median bias and skewness taken off, so that "
        "the level is approached as 1/n and not as 1/sqrt(n)",
        "posterior": "Bayesian: posterior probability level under the prior of the method, up to "
        "the shape of the law that is fitted; nothing about how often it holds over samples",
        "certified": "finite-sample: it holds the truth with probability level or more, for every "
        "n and every law on the alphabet",
        "subsampling": "asymptotic: for large n it holds the truth with probability level if the "
        "bias falls at least as 1/sqrt(n); in high dimension it falls slower, and no n may be "
        "large enough",
    }
)
"""What each kind of interval promises."""


@dataclass(frozen=True)
class Estimate:
    """An estimate with an interval; of batch shape where the data are a batch.

    Attributes
    ----------
    value : float or array
        The estimate, as the verb without an interval gives it.
    lower, upper : float or array
        The interval; never clipped, and not always around the value: the percentile bootstrap may
        leave it out.
    standard_error : float, array or None
        The square root of the variance that belongs to the kind: of the delete-one estimates, of
        the resampled ones, of those from halves, of the posterior. A certificate has none.
    level : float
        The confidence level that was asked for.
    kind : str
        A key of PROMISES.
    n : int or array
        Number of samples.
    unit : {"nat", "bit"}
    """

    value: float | FloatArray
    lower: float | FloatArray
    upper: float | FloatArray
    standard_error: float | FloatArray | None
    level: float
    kind: Kind
    n: int | IntArray
    unit: Unit = "nat"

    @property
    def bits(self) -> Estimate:
        """The same in bits."""
        if self.unit == "bit":
            return self
        error = self.standard_error
        return dataclasses.replace(
            self,
            value=self.value / NATS_PER_BIT,
            lower=self.lower / NATS_PER_BIT,
            upper=self.upper / NATS_PER_BIT,
            standard_error=None if error is None else error / NATS_PER_BIT,
            unit="bit",
        )

    @property
    def promise(self) -> str:
        """What an interval of this kind promises, in words."""
        return PROMISES[self.kind]

    def __str__(self) -> str:
        numbers = [self.value, self.lower, self.upper, self.n]
        if self.standard_error is not None:
            numbers.append(self.standard_error)
        return "\n".join(self._line(*row) for row in zip(*map(np.ravel, numbers), strict=True))

    def _line(self, value: float, lower: float, upper: float, n: int, error: float = -1.0) -> str:
        spread = "" if error < 0 else f" ± {error:.6f}"
        return (
            f"{value:.6f}{spread} {self.unit}, {100 * self.level:g} % interval "
            f"[{lower:.6f}, {upper:.6f}] ({self.kind}, n = {n})"
        )
