"""Pairs of continuous observations X and Y whose information is known exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammainc

from mitheory import check
from mitheory.check import FloatArray

Part = Literal["x", "y", "xy"]


@dataclass(frozen=True, eq=False, init=False)
class MultivariateNormal:
    """X and Y jointly Gaussian with mean 0.

    Parameters
    ----------
    cov : array_like, shape (d, d)
        Covariance of (X, Y), positive definite.
    split : int
        X is the first `split` coordinates and Y the others, 0 < split < d.
    name : str, optional
        What ``str(law)`` shows.

    Raises
    ------
    ValueError, TypeError
        If `cov` is not symmetric positive definite or `split` leaves X or Y empty.

    Notes
    -----
    I(X;Y) = -(1/2) sum ln(1 - r^2) over the canonical correlations r of X and Y, the singular
    values of their whitened covariance (cover2006). Unlike the logarithm of a ratio of
    determinants it keeps its digits for weak and for strong dependence.

    Examples
    --------
    >>> MultivariateNormal.bivariate(0.5).information()
    0.14384103622589045
    """

    cov: FloatArray
    split: int
    name: str | None

    def __init__(self, cov: npt.ArrayLike, split: int = 1, name: str | None = None) -> None:
        _settle(self, cov, "cov", split, name)

    @classmethod
    def bivariate(cls, rho: float) -> Self:
        """Two variables of variance 1 and correlation `rho`, -1 < rho < 1."""
        rho = check.real(rho, "rho", above=-1.0, below=1.0)
        return cls([[1.0, rho], [rho, 1.0]], 1, f"bivariate_normal({rho})")

    def __str__(self) -> str:
        return self.name or f"normal({_shape(self.cov, self.split)}, {self.information():.6g} nats)"

    def information(self) -> float:
        """I(X;Y) in nats."""
        return _normal_information(self.cov, self.split)

    def differential_entropy(self, of: Part = "xy") -> float:
        """h(X,Y), h(X) or h(Y), as `of` says, in nats."""
        block = _block(self.cov, self.split, of)
        return len(block) / 2 * (1 + math.log(2 * math.pi)) + _half_log_det(block)

    def sample(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """`n` independent pairs: X of shape (n, split), Y of shape (n, d - split)."""
        pairs = _normal(self.cov, n, rng)
        return pairs[:, : self.split], pairs[:, self.split :]


@dataclass(frozen=True, eq=False, init=False)
class MultivariateStudent:
    """X and Y jointly of Student's multivariate t law: Gaussian, over one common random scale.

    (X, Y) = Z / sqrt(V), Z Gaussian with mean 0 and covariance `dispersion`, dof V an independent
    chi-square with `dof` degrees of freedom. X and Y depend on each other even if `dispersion` is
    diagonal.

    Parameters
    ----------
    dispersion : array_like, shape (d, d)
        Positive definite; the covariance is dof / (dof - 2) of it where it exists.
    dof : float
        Degrees of freedom, at least 0.1 (samples of fewer leave the range of floating point) and
        at most 1e100.
    split : int
        X is the first `split` coordinates and Y the others, 0 < split < d.
    name : str, optional
        What ``str(law)`` shows.

    Raises
    ------
    ValueError, TypeError
        If `dispersion` is not symmetric positive definite, `dof` is out of range, or `split` leaves
        X or Y empty.

    Notes
    -----
    With f(v) = ln Gamma(v/2) - (v/2) digamma(v/2), and m and n the dimensions of X and Y,

        I = I_normal(dispersion) + f(dof) + f(dof + m + n) - f(dof + m) - f(dof + n)

    (kotz2004). The four terms cancel almost entirely once dof is large. Since trigamma(z) is the
    integral of t exp(-zt) / (1 - exp(-t)), their sum is the integral of

        u'(t) / t  exp(-dof t/2) (1 - exp(-m t/2)) (1 - exp(-n t/2)),   u(t) = t / (1 - exp(-t)),

    over t > 0, which is positive and is what is computed; h is treated alike. In ln t the
    integrand is analytic within pi/2 of the real line, so that the trapezoidal rule converges
    exponentially (trefethen2014).

    Examples
    --------
    >>> law = MultivariateStudent.bivariate_cauchy()
    >>> round(law.information(), 15), round(math.log(8 * math.pi) - 3, 15)
    (0.224171427529236, 0.224171427529236)
    """

    dispersion: FloatArray
    dof: float
    split: int
    name: str | None

    def __init__(
        self, dispersion: npt.ArrayLike, dof: float, split: int = 1, name: str | None = None
    ) -> None:
        object.__setattr__(self, "dof", check.real(dof, "dof", least=0.1, most=1e100))
        _settle(self, dispersion, "dispersion", split, name)

    @classmethod
    def bivariate_cauchy(cls, rho: float = 0.0) -> Self:
        """One degree of freedom, unit scales and dispersion `rho` between X and Y."""
        rho = check.real(rho, "rho", above=-1.0, below=1.0)
        return cls([[1.0, rho], [rho, 1.0]], 1.0, 1, f"bivariate_cauchy({rho})")

    def __str__(self) -> str:
        shape = _shape(self.dispersion, self.split)
        return self.name or f"student({self.dof:g}, {shape}, {self.information():.6g} nats)"

    def information(self) -> float:
        """I(X;Y) in nats."""
        m = self.split
        scale = _scale_mixture(self.dof, m, len(self.dispersion) - m)
        return _normal_information(self.dispersion, m) + scale

    def differential_entropy(self, of: Part = "xy") -> float:
        """h(X,Y), h(X) or h(Y), as `of` says, in nats."""
        block = _block(self.dispersion, self.split, of)
        d = len(block)
        each = 1 + math.log(math.pi * self.dof) - float(digamma(self.dof / 2))
        return d / 2 * each + _scale_mixture(self.dof, d) + _half_log_det(block)

    def sample(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """`n` independent pairs: X of shape (n, split), Y of shape (n, d - split)."""
        pairs = _normal(self.dispersion, n, rng)
        pairs /= np.sqrt(rng.chisquare(self.dof, size=len(pairs)) / self.dof)[:, None]
        return pairs[:, : self.split], pairs[:, self.split :]


@dataclass(frozen=True)
class AdditiveUniform:
    """X uniform on (0, 1) and Y = X + N with independent N uniform on (-eps, eps).

    Y has a trapezoidal density. With the longer of the two intervals a = max(1, 2 eps) and the
    shorter b = min(1, 2 eps), h(Y) = ln a + b / (2 a), from which h(N) = ln(2 eps) is to be taken:
    I = eps - ln(2 eps) for eps <= 1/2, and 1 / (4 eps) beyond.

    Parameters
    ----------
    eps : float
        Half the width of the noise, positive.

    Examples
    --------
    >>> AdditiveUniform(2.0).information()
    0.125
    """

    eps: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", check.real(self.eps, "eps", above=0.0, most=1e300))

    def __str__(self) -> str:
        return f"additive_uniform({self.eps})"

    def information(self) -> float:
        """I(X;Y) in nats."""
        return self.eps - math.log(2 * self.eps) if self.eps < 0.5 else 1 / (4 * self.eps)

    def differential_entropy(self, of: Part = "xy") -> float:
        """h(X,Y), h(X) or h(Y), as `of` says, in nats."""
        noise = math.log(2 * self.eps)  # h(Y|X), and h(X) is 0
        longer, shorter = max(1.0, 2 * self.eps), min(1.0, 2 * self.eps)
        output = math.log(longer) + shorter / (2 * longer)
        return {"x": 0.0, "y": output, "xy": noise}[_part(of)]

    def sample(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """`n` independent pairs: X and Y of shape (n, 1) each."""
        n = check.whole_number(n, "n")
        x = check.generator(rng).random((n, 1))
        return x, x + rng.uniform(-self.eps, self.eps, (n, 1))


def _settle(
    law: MultivariateNormal | MultivariateStudent,
    matrix: npt.ArrayLike,
    label: str,
    split: int,
    name: str | None,
) -> None:
    """Set the fields that the two laws share."""
    matrix = check.covariance(matrix, label)
    split = check.whole_number(split, "split", least=1)
    if split >= len(matrix):
        raise ValueError(
            f"split must leave at least one of the {len(matrix)} coordinates to Y; got {split}"
        )
    matrix.flags.writeable = False
    for field, value in ((label, matrix), ("split", split), ("name", name)):
        object.__setattr__(law, field, value)


def _shape(matrix: FloatArray, split: int) -> str:
    return f"{split} + {len(matrix) - split} dimensions"


def _part(of: str) -> str:
    return check.one_of(of, ("x", "y", "xy"), "part of (X, Y)")


def _block(matrix: FloatArray, split: int, of: str) -> FloatArray:
    """The part of a matrix that concerns X, Y or both."""
    span = {"x": slice(split), "y": slice(split, None), "xy": slice(None)}[_part(of)]
    return matrix[span, span]


def _half_log_det(matrix: FloatArray) -> float:
    return float(np.log(np.diag(np.linalg.cholesky(matrix))).sum())


def _normal(cov: FloatArray, n: int, rng: np.random.Generator) -> FloatArray:
    n = check.whole_number(n, "n")
    noise = check.generator(rng).standard_normal((n, len(cov)))
    return np.asarray(noise @ np.linalg.cholesky(cov).T)


def _normal_information(cov: FloatArray, split: int) -> float:
    """-(1/2) sum ln(1 - r^2) over the canonical correlations r."""
    x, y = (np.linalg.cholesky(_block(cov, split, part)) for part in ("x", "y"))
    white = np.linalg.solve(y, np.linalg.solve(x, cov[:split, split:]).T)
    r = np.linalg.svd(white, compute_uv=False)
    # 1 - r loses no digits of a strong correlation, r^2 none of a weak one
    weak, strong = r[r < 0.5], r[r >= 0.5]
    return float(-(np.log1p(-(weak**2)).sum() + (np.log1p(-strong) + np.log1p(strong)).sum()) / 2)


def _scale_mixture(dof: float, *dimensions: int) -> float:
    """The integral over t > 0 of u'(t)/t exp(-dof t/2) times 1 - exp(-d t/2) for each d.

    u'(t) = (1 - exp(-t) - t exp(-t)) / (1 - exp(-t))^2 lies between 1/2 and 1.
    """
    step = 0.2  # of ln t
    top = math.log(90 / dof)  # exp(-dof t/2) falls to exp(-45)
    low = math.log(2 / (dof + max(dimensions))) - 40  # the integrand falls at least as t
    t = np.exp(low + step * np.arange(math.ceil((top - low) / step) + 1))
    slope = gammainc(2, t) / np.expm1(-t) ** 2
    factors = [-np.expm1(-d * t / 2) for d in dimensions]
    return float(step * (slope * np.exp(-dof * t / 2) * np.prod(factors, axis=0)).sum())
