"""The posterior of the entropy under a mixture of Pitman-Yor processes, integrated.

Notation: discount 0 < d < 1 and concentration a > 0, with coordinates x = ln(d / (1 - d)) and
t = ln a; a profile (j, phi) of n samples of K symbols. As in kernels/nsb.py only changes from a
reference (x0, t0) are computed.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.loggamma import loggamma_gap
from mitheory.kernels.nsb import change
from mitheory.kernels.polygamma import digamma_gap, trigamma_gap, trigamma_rest

DEPTH = 36.0
"""The integrand is followed until it has fallen by exp(-DEPTH), and further where the entropy at
its mode is small, for elsewhere it may be as large as 1.
"""

STEP = 0.35
"""The longest step; where the integrand is narrow, half its standard deviation."""


@njit(cache=True)
def log_prior(x, t):
    """ln of exp(-10 u / v) / (u + v) du/dx dv/dt, u = psi(1) - psi(1 - d), v = psi(1 + a) - psi(1).

    With h = u + v the prior mean of the entropy and g = u / h, this is exp(-10 / (1 - g)) dg dh,
    but for a constant.
    """
    d, e, a = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(x)), math.exp(t)
    u, v = digamma_gap(e, d), digamma_gap(1.0, a)
    rise = d * (1 + trigamma_rest(e)) * (1 + trigamma_rest(1 + a)) / (1 + a)
    return -10 * u / v - math.log(u + v) + math.log(rise) + t


@njit(cache=True)
def log_integrand(x, t, x0, t0, j, phi):
    """Change of the log integrand from (x0, t0) to (x, t)."""
    d, e = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(x))
    d0, e0 = 1 / (1 + math.exp(-x0)), 1 / (1 + math.exp(x0))
    a0 = math.exp(t0)
    less = e0 * d * math.expm1(x0 - x)  # d0 - d
    total, n, K, repeated = log_prior(x, t) - log_prior(x0, t0), 0, 0, 0
    for i in range(j.size):
        n += phi[i] * j[i]
        K += phi[i]
        if j[i] > 1 and phi[i]:
            total += phi[i] * loggamma_gap(j[i] - d0, j[i] - d, less)
            repeated += phi[i]
    total -= repeated * loggamma_gap(e0, e, less)
    # d^K Gamma(a/d + K) / Gamma(a/d) over Gamma(a + n) / Gamma(a), their powers of a joined
    if abs(less) < 0.5 * d0:
        log_d = math.log1p(-less / d0)
    else:
        log_d = math.log1p(math.exp(-x0)) - math.log1p(math.exp(-x))
    total += change(t - t0 - log_d, a0 / d0, K) - change(t - t0, a0, n)
    powers = 0
    if a0 / d0 >= K:
        powers += K
    else:
        total += K * log_d
    if n <= a0:
        powers -= n
    return total + powers * (t - t0)


@njit(cache=True)
def slope(x, t, along, j, phi):
    """Derivative of the log integrand by x (along = 0) or t (along = 1), from a difference."""
    h = 1e-4
    p, q = (0.0, h) if along else (h, 0.0)
    up = log_integrand(x + p, t + q, x, t, j, phi)
    return (up - log_integrand(x - p, t - q, x, t, j, phi)) / (2 * h)


@njit(cache=True)
def next_trial(step, at, value, bracket):
    """The next place to look for the root of a falling function, after `value` at `at`.

    `bracket` holds the last places (a, b) left and right of the root and the values there, 0 while
    there is none yet; nan is returned once they are close for a mode (its value known to 0.1).
    """
    if value == 0:
        value = -1e-300  # the root itself bounds it from the right; 0 would read as no value yet
    side = 0 if value > 0 else 1
    bracket[side], bracket[2 + side] = at, value
    a, b, above, below = bracket
    if above == 0 or below == 0:
        return at + (0.5 if value > 0 else -0.5) * 2.0**step
    if max(above, -below) * (b - a) < 0.1 or b - a < 1e-10:
        return math.nan
    return 0.5 * (a + b) if step % 2 else a + (b - a) * above / (above - below)


@njit(cache=True)
def climb(x, t, j, phi):
    """The mode over x at t, sought from x, and the standard deviation there."""
    bracket = np.zeros(4)
    for step in range(200):
        trial = next_trial(step, x, slope(x, t, 0, j, phi), bracket)
        if math.isnan(trial):
            break
        x = trial
    return x, math.sqrt((bracket[1] - bracket[0]) / (bracket[2] - bracket[3]))


@njit(cache=True)
def climb_ridge(j, phi):
    """The mode (x, t), and the standard deviation of t along the ridge of the modes over x."""
    bracket = np.zeros(4)
    x, t = 0.0, 0.0
    for step in range(200):
        x, _ = climb(x, t, j, phi)
        trial = next_trial(step, t, slope(x, t, 1, j, phi), bracket)
        if math.isnan(trial):
            break
        t = trial
    return x, t, math.sqrt((bracket[1] - bracket[0]) / (bracket[2] - bracket[3]))


@njit(cache=True)
def entropy_given(x, t, j, phi):
    """Mean and variance of the entropy at given d and a.

    A symbol seen weighs n_i - d, all the others together a + K d, and each of them as if it were
    a count of 0: the formulas are those of a Dirichlet law with parameters n_i - d and -d.
    """
    d, e, a = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(x)), math.exp(t)
    n, K = 0, 0
    for i in range(j.size):
        n += phi[i] * j[i]
        K += phi[i]
    size, mean, square, rest = a + n, 0.0, 0.0, 0.0
    for i in range(-1, j.size):
        if i < 0:
            share, low, gap = (a + K * d) / size, e, size + d
        else:
            share, low, gap = phi[i] * (j[i] - d) / size, j[i] + e, a + d + (n - j[i])
        if share > 0:
            value = digamma_gap(low, gap)
            mean += share * value
            square += share * value * value
            rest += share * trigamma_gap(low, gap)
    return mean, (square - mean * mean + rest) / (size + 1)


@njit(cache=True)
def posterior(j, phi, finer):
    """Posterior mean and variance of the entropy, and how far the sums over every other node, in
    x or in t, differ from the whole: the weight in parts of it, the mean in standard deviations.

    Trapezoidal rules, in x at each t and then in t, with steps divided by `finer`.
    """
    x0, t0, width = climb_ridge(j, phi)
    step_t = min(0.5 * width, STEP) / finer
    centre, _ = entropy_given(x0, t0, j, phi)
    depth = DEPTH - min(math.log(centre), 0.0)
    sums = [0.0, 0.0, 0.0]  # weight; weight times mean, less centre; weight times mean square
    every = [0.0, 0.0, 0.0, 0.0]  # weight and mean of the even nodes in t, and in x
    for side in (1, -1):
        k, top = 0 if side > 0 else -1, x0
        while True:
            t = t0 + k * step_t
            top, width = climb(top, t, j, phi)
            peak = log_integrand(top, t, x0, t0, j, phi)
            if peak < -depth:
                break
            step_x = min(0.5 * width, STEP) / finer
            for turn in (1, -1):
                i = 0 if turn > 0 else -1
                while True:
                    x = top + i * step_x
                    height = log_integrand(x, t, x0, t0, j, phi)
                    if height < peak - depth:
                        break
                    mean, variance = entropy_given(x, t, j, phi)
                    weight = step_x * math.exp(height)
                    mean -= centre
                    sums[0] += weight
                    sums[1] += weight * mean
                    sums[2] += weight * (variance + mean * mean)
                    if k % 2 == 0:
                        every[0] += 2 * weight
                        every[1] += 2 * weight * mean
                    if i % 2 == 0:
                        every[2] += 2 * weight
                        every[3] += 2 * weight * mean
                    i += turn
            k += side
    mean = sums[1] / sums[0]
    variance = sums[2] / sums[0] - mean * mean
    apart, noise = 0.0, 1e-9 * centre  # of 1e-14 in the mean, on the scale of the tolerance
    for m in (0, 2):
        off = abs(every[m + 1] / every[m] - mean)
        apart = max(apart, abs(every[m] / sums[0] - 1.0), off / (math.sqrt(variance) + noise))
    return centre + mean, variance, apart
