"""The binary Gaussian model: a label and a Gaussian observation of opposite means, exactly.

X given Y = 1 is N(+mean, cov), X given Y = 0 is N(-mean, cov), and P(Y = 1) = prior. All that
concerns the label depends on the prior and on gamma = mean' cov^-1 mean alone (the class means
are 2 sqrt(gamma) apart in Mahalanobis distance). The functions of (gamma, prior) below take
arrays that broadcast and return nats.

The log-likelihood ratio L is N(+-2 gamma, 4 gamma) given the label, so each quantity is an
integral over L of a Gaussian times a function that is analytic for |Im L| < pi and decays. The
trapezoidal rule converges exponentially there (trefethen2014), whereas Gauss-Hermite nodes must
grow in proportion to gamma.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import erfcx, ndtr

from mitheory import check
from mitheory.bounds.gaussian import InformationBounds, information_bounds
from mitheory.check import FloatArray, IntArray
from mitheory.laws.finite import divergence_term

_TAIL = 42.0  # what is cut off is below exp(-42) of the integral
_SMALLEST = 5e-324  # stands for gamma = 0, where the limit is put in by hand
_ROWS = 1024  # integrals evaluated at once, to bound the memory
_DIFFERENCE_FROM = 9.0  # above, H(Y) - H(Y|X) is a difference of unequal numbers


def label_entropy(prior: npt.ArrayLike = 0.5) -> FloatArray:
    """H(Y) in nats, for priors in (0, 1)."""
    _, rare = _domain(0.0, prior)
    return _label_entropy(rare)[()]


def conditional_entropy(gamma: npt.ArrayLike, prior: npt.ArrayLike = 0.5) -> FloatArray:
    """H(Y|X) in nats; 0 where it underflows (from gamma about 1450 on).

    Parameters
    ----------
    gamma : array_like
        mean' cov^-1 mean >= 0.
    prior : array_like
        P(Y = 1) in (0, 1); shapes broadcast.
    """
    gamma, rare = _domain(gamma, prior)
    value = _scaled_conditional_entropy(gamma, rare) * np.exp(-gamma / 2)
    return np.where(gamma > 0, value, _label_entropy(rare))[()]


def log_conditional_entropy(gamma: npt.ArrayLike, prior: npt.ArrayLike = 0.5) -> FloatArray:
    """ln H(Y|X), H(Y|X) in nats, also where H(Y|X) underflows."""
    gamma, rare = _domain(gamma, prior)
    value = np.log(_scaled_conditional_entropy(gamma, rare)) - gamma / 2
    return np.where(gamma > 0, value, np.log(_label_entropy(rare)))[()]


def information(gamma: npt.ArrayLike, prior: npt.ArrayLike = 0.5) -> FloatArray:
    """I(X;Y) in nats, to full relative accuracy also for small gamma."""
    gamma, rare = _domain(gamma, prior)
    near = np.clip(gamma, _SMALLEST, _DIFFERENCE_FROM)
    far = np.maximum(gamma, _DIFFERENCE_FROM)
    difference = _label_entropy(rare) - conditional_entropy(far, rare)
    integral = np.where(gamma > 0, _by_rows(_information, near, rare), 0.0)
    return np.where(gamma > _DIFFERENCE_FROM, difference, integral)[()]


def bayes_error(gamma: npt.ArrayLike, prior: npt.ArrayLike = 0.5) -> FloatArray:
    """The least error probability of any classifier; 0 where it underflows.

    With t = ln((1 - prior) / prior) / (2 sqrt(gamma)), it is
    prior Q(sqrt(gamma) - t) + (1 - prior) Q(sqrt(gamma) + t), Q the normal tail.
    """
    gamma, rare = _domain(gamma, prior)
    tilted, scale, direct = _bayes_error(gamma, rare)
    return np.where(tilted, scale * np.exp(-gamma / 2), direct)[()]


def log_bayes_error(gamma: npt.ArrayLike, prior: npt.ArrayLike = 0.5) -> FloatArray:
    """ln of the Bayes error, also where the error underflows."""
    gamma, rare = _domain(gamma, prior)
    tilted, scale, direct = _bayes_error(gamma, rare)
    return np.where(tilted, np.log(scale) - gamma / 2, np.log(direct))[()]


def _domain(gamma: npt.ArrayLike, prior: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Gamma and the rarer label's probability, of one shape; swapping labels changes nothing."""
    gamma = check.real_array(gamma, "gamma", least=0.0)
    prior = check.real_array(prior, "prior", above=0.0, below=1.0)
    check.broadcastable({"gamma": gamma, "prior": prior})
    gamma, prior = np.broadcast_arrays(gamma, prior)
    return gamma, np.minimum(prior, 1 - prior)


def _label_entropy(rare: FloatArray) -> FloatArray:
    return np.asarray(-rare * np.log(rare) - (1 - rare) * np.log1p(-rare))


def _log_odds(rare: FloatArray) -> FloatArray:
    """Prior log-odds of the rarer label, <= 0."""
    return np.asarray(np.log(rare) - np.log1p(-rare))


def _nodes(half: FloatArray, root: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes from -half to half, and their spacing, for each row.

    Spacings of at most 0.42 and 1.3 sqrt(gamma) leave an error below 1e-17 of the integral: the
    first by the distance pi to the singularities, the second by the width of the Gaussian.
    """
    count = int(np.ceil((half / np.minimum(0.42, 1.3 * root)).max()))
    step = half / count
    return step * np.arange(-count, count + 1), step


def _by_rows(
    integral: Callable[[FloatArray, FloatArray], FloatArray], gamma: FloatArray, rare: FloatArray
) -> FloatArray:
    """`integral(gamma, rare)` of two columns, a block of rows at a time."""
    flat_gamma, flat_rare = gamma.reshape(-1, 1), rare.reshape(-1, 1)
    out = np.empty(gamma.size)
    for start in range(0, gamma.size, _ROWS):
        block = slice(start, start + _ROWS)
        out[block] = integral(flat_gamma[block], flat_rare[block])
    return out.reshape(gamma.shape)


def _scaled_conditional_entropy(gamma: FloatArray, rare: FloatArray) -> FloatArray:
    """exp(gamma / 2) H(Y|X), which never underflows; arbitrary at gamma = 0."""
    return _by_rows(_conditional_entropy, np.maximum(gamma, _SMALLEST), rare)


def _conditional_entropy(gamma: FloatArray, rare: FloatArray) -> FloatArray:
    """exp(gamma/2) H(Y|X) = sqrt(pi (1-pi) / 8 pi gamma) int exp(-L^2/8gamma) g(L + log-odds) dL.

    g(x) = 2 cosh(x/2) h(1 / (1 + exp x)) is even and at most about (|x| + 1) exp(-|x|/2). The
    integrand peaks at L = centre and falls to exp(-42) of that within `half` on either side.
    """
    root, log_odds = np.sqrt(gamma), _log_odds(rare)
    centre = np.minimum(-log_odds, 2 * gamma)
    decay = np.maximum(root / 2 + log_odds / (4 * root), 0)
    half = 2 * _TAIL * root / (decay + np.sqrt(decay**2 + _TAIL / 2))
    nodes, step = _nodes(half, root)
    L = centre + nodes
    x = np.abs(L + log_odds)
    small = np.exp(-x)
    g = np.exp(x / 2) * (1 + small) * np.log1p(small) + x * np.exp(-x / 2)
    integral = (np.exp(-((L / root) ** 2) / 8) * g).sum(axis=1)
    scale = np.sqrt(rare * (1 - rare)) * (step / (root * np.sqrt(8 * np.pi)))
    return np.asarray(scale[:, 0] * integral)


def _information(gamma: FloatArray, rare: FloatArray) -> FloatArray:
    """I(X;Y) as an integral of non-negative terms, for gamma up to about 10.

    The sum over labels of P(y) f(L) (r ln r - r + 1), r = f(L|y) / f(L), f the density of L.
    """
    root = np.sqrt(gamma)
    L, step = _nodes(2 * gamma + np.sqrt(8 * _TAIL) * root, root)
    rest = 1 - rare
    ratio_1, ratio_0 = 1 / (rare + rest * np.exp(-L)), 1 / (rest + rare * np.exp(L))
    terms = rare * divergence_term(ratio_1, 1.0, -rest * np.expm1(-L) * ratio_1)
    terms += rest * divergence_term(ratio_0, 1.0, -rare * np.expm1(L) * ratio_0)
    density = rare * np.exp(-((L / root - 2 * root) ** 2) / 8)
    density += rest * np.exp(-((L / root + 2 * root) ** 2) / 8)
    scale = step / (root * np.sqrt(8 * np.pi))
    return np.asarray(scale[:, 0] * (density * terms).sum(axis=1))


def _bayes_error(
    gamma: FloatArray, rare: FloatArray
) -> tuple[npt.NDArray[np.bool_], FloatArray, FloatArray]:
    """(which form holds, exp(gamma/2) times the error where True, the error where False).

    Where both classes are guessed with a fair share (2 gamma > |log-odds|) the tails are written
    with erfcx, so that exp(-gamma/2) stands alone and its argument is not rounded.
    """
    tilt = -_log_odds(rare)
    tilted = 2 * gamma > tilt
    safe = np.maximum(gamma, _SMALLEST)
    delta = np.sqrt(safe)
    t = np.minimum(tilt / (2 * delta), 1e3)  # exp(-t^2/2) is 0 well before
    common = np.sqrt(rare * (1 - rare)) * np.exp(-(t**2) / 2) / 2
    larger_class = common * erfcx((delta + t) / np.sqrt(2))
    scale = larger_class + common * erfcx(np.maximum(delta - t, 0) / np.sqrt(2))
    direct = rare * ndtr(t - delta) + larger_class * np.exp(-safe / 2)
    return tilted, np.where(tilted, scale, 1.0), np.where(tilted, 1.0, direct)


@dataclass(frozen=True, eq=False, init=False)
class BinaryGaussian:
    """A label Y in {0, 1} and X given Y Gaussian with means +-mean and a common covariance.

    Parameters
    ----------
    mean : array_like, shape (d,), or a number for d = 1
        Mean of X given Y = 1; that given Y = 0 is its negative.
    cov : array_like, shape (d, d), or a number v for v times the identity
        Covariance of X given Y, positive definite.
    prior : float
        P(Y = 1), in (0, 1).

    Attributes
    ----------
    snr : float
        gamma = mean' cov^-1 mean, on which (with the prior) everything below depends.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not match, `cov` is not symmetric positive definite, or `prior` is not
        inside (0, 1).

    Notes
    -----
    Given gamma, relative errors are below 2e-13 for gamma in [1e-12, 1400] and prior in
    [1e-6, 1 - 1e-6]; the logarithms hold to gamma = 1e8 and beyond.

    Examples
    --------
    >>> law = BinaryGaussian(mean=[1.0, 0.0], cov=[[2.0, 1.0], [1.0, 1.0]])
    >>> round(law.snr, 12), round(law.information(), 12)
    (1.0, 0.336830820347)
    """

    mean: FloatArray
    cov: FloatArray
    prior: float
    snr: float

    def __init__(self, mean: npt.ArrayLike, cov: npt.ArrayLike, prior: float = 0.5) -> None:
        mean = check.real_array(mean, "mean")
        if mean.ndim > 1 or mean.size == 0:
            raise ValueError(f"mean must be a number or a vector; got shape {mean.shape}")
        mean = mean.reshape(-1)
        cov = check.real_array(cov, "cov")
        if cov.ndim == 0:
            cov = cov * np.eye(mean.size)
        if cov.shape != (mean.size, mean.size):
            raise ValueError(
                f"cov must be a number or have shape ({mean.size}, {mean.size}) to match mean; "
                f"got shape {cov.shape}"
            )
        cov = check.covariance(cov)
        with np.errstate(over="ignore"):  # refused by name
            white = np.linalg.solve(np.linalg.cholesky(cov), mean)
            snr = float(white @ white)
        if not np.isfinite(snr):
            raise ValueError(
                "mean and cov must give a finite snr, mean' cov^-1 mean; it overflows, so large "
                "is the mean for its cov"
            )
        prior = check.real(prior, "prior", above=0.0, below=1.0)
        for array in (mean, cov):
            array.flags.writeable = False
        values = {"mean": mean, "cov": cov, "prior": prior, "snr": snr}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_snr(cls, gamma: float, prior: float = 0.5) -> Self:
        """The one-dimensional model of unit variance with this gamma >= 0."""
        gamma = check.real(gamma, "snr gamma", least=0.0)
        law = cls(np.sqrt([gamma]), np.eye(1), prior)
        # as given: the square of the rounded root would differ in the last bit
        object.__setattr__(law, "snr", gamma)
        return law

    def __str__(self) -> str:
        return f"gaussian(snr={self.snr:.6g}, prior={self.prior:.6g})"

    def label_entropy(self) -> float:
        """H(Y) in nats."""
        return float(label_entropy(self.prior))

    def conditional_entropy(self) -> float:
        """H(Y|X) in nats."""
        return float(conditional_entropy(self.snr, self.prior))

    def log_conditional_entropy(self) -> float:
        """ln H(Y|X), H(Y|X) in nats, also where H(Y|X) underflows."""
        return float(log_conditional_entropy(self.snr, self.prior))

    def information(self) -> float:
        """I(X;Y) in nats."""
        return float(information(self.snr, self.prior))

    def information_bounds(self) -> InformationBounds:
        """The closed-form bounds on the information, which are dominated, and the best pair.

        See `mitheory.bounds.gaussian.information_bounds`.

        Examples
        --------
        >>> best = BinaryGaussian.from_snr(4.0).information_bounds()
        >>> round(best.lower, 4), round(best.upper, 4), best.lower_by, best.upper_by
        (0.6217, 0.6533, 'gaussian_error_ceiling', 'gaussian_joined')
        """
        return information_bounds(self.snr, self.prior)

    def bayes_error(self) -> float:
        """The least error probability of any classifier of Y from X."""
        return float(bayes_error(self.snr, self.prior))

    def log_bayes_error(self) -> float:
        """ln of the Bayes error, also where the error underflows."""
        return float(log_bayes_error(self.snr, self.prior))

    def sample(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
        """`n` independent samples: X of shape (n, d), y int64 of shape (n,) in {0, 1}."""
        n = check.whole_number(n, "n")
        rng = check.generator(rng)
        y = (rng.random(n) < self.prior).astype(np.int64)
        noise = rng.standard_normal((n, self.mean.size)) @ np.linalg.cholesky(self.cov).T
        return noise + np.where(y == 1, 1.0, -1.0)[:, None] * self.mean, y
