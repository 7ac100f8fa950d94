"""The noncentral F distribution: its tails, and the noncentrality that gives one.

F is a noncentral chi-square with p degrees of freedom and noncentrality lam, over p, divided by an
independent chi-square with q degrees of freedom, over q. It is a Poisson mixture of central laws:

    P(F <= f) = sum_j Poisson(j; lam/2) I_x(p/2 + j, q/2),    x = p f / (p f + q),

I the regularised incomplete beta function. Both factors are smooth in j on the scale of the
standard deviation s = sqrt(lam/2) of the Poisson law, so that every h-th term, h <= s/2, gives the
sum to about exp(-pi^2 s^2 / h^2), below rounding (trefethen2014): some fifty terms do for every
lam, however large.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincc, gammaln, xlogy

from mitheory.check import FloatArray
from mitheory.laws.finite import divergence_term

_REACH = 10.0  # standard deviations; the Poisson weight beyond is below 1e-22
_DENSE = 64.0  # mean of the Poisson law up to which every term is taken


def _poisson(mean: float) -> tuple[FloatArray, FloatArray]:
    """Where the Poisson law of this mean has its weight, thinned, and weights that sum to 1."""
    reach = _REACH * np.sqrt(mean)
    if mean <= _DENSE:
        j = np.arange(np.ceil(mean + reach + _REACH**2 / 3) + 1)
        weight = np.exp(xlogy(j, mean) - gammaln(j + 1) - mean)
    else:
        step = np.floor(np.sqrt(mean) / 2)
        side = np.ceil(reach / step)
        j = np.round(mean) + step * np.arange(-side, side + 1)
        j = j[j > 0]
        # Stirling's formula: terms of the size of the mean would cancel in the one above
        remainder = (1 / 12 - (1 / 360 - 1 / 1260 / j / j) / j / j) / j
        weight = np.exp(-divergence_term(j, mean, j - mean) - remainder) / np.sqrt(j)
    return j, weight / weight.sum()


def tail(f: float, p: int, q: int, lam: float, *, upper: bool) -> float:
    """P(F > f) if `upper`, else P(F <= f): to nearly all digits, down to 1e-17."""
    j, weight = _poisson(lam / 2)
    a, b = p / 2 + j, q / 2
    if p * f < q:
        share = (betaincc if upper else betainc)(a, b, p * f / (p * f + q))
    else:  # 1 - x keeps its digits
        share = (betainc if upper else betaincc)(b, a, q / (p * f + q))
    return float(weight @ share)


def noncentrality(f: float, p: int, q: int, share: float, *, upper: bool) -> float:
    """The lam >= 0 at which P(F > f) (`upper`) or P(F <= f) is `share`; 0 if there is none.

    F rises stochastically with lam, so that the first of these rises with lam and the second
    falls: there is one such lam, unless lam = 0 is past it already.
    """
    from scipy.optimize import brentq

    def rising(lam: float) -> float:
        found = tail(f, p, q, lam, upper=upper)
        return found - share if upper else share - found

    if rising(0.0) >= 0:
        return 0.0
    start = top = max(p * f, 1.0)
    while rising(top) < 0:
        top *= 2
    return float(brentq(rising, 0.0, top, xtol=1e-15 * start, rtol=1e-14))
