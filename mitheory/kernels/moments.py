"""Kernels for the exact moments of linear estimators: sums over counts, cell by cell.

A cell is a symbol of probability p; w(N) is what it adds to the estimate, N its count. With
h(p) = -p ln p, c(k) = w(k) - h(k/n) and phi(r) = r ln r - r + 1,

    w(k) = h(p) + h'(p) (k/n - p) + f(k),    f(k) = c(k) - p phi(k/np),

and f is free of the cancellation in w(k) - h(p). Row i of `windows` is (low, high, first): the
window of counts of cell i, and where in the tables its least count stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _remainder(k, n, p):
    """p phi(k/np), to full relative accuracy: the series is that of ln((1 + v) / (1 - v))."""
    if k == 0:
        return p
    u = (k - n * p) / (n * p)
    if abs(u) >= 0.3:
        x = k / n
        return x * (np.log(x) - np.log(p)) - x + p
    v = u / (2.0 + u)
    square = v * v
    tail = 0.0
    for j in range(23, 1, -2):
        tail = 1.0 / j + square * tail
    return p * (2.0 + u) * square * (1.0 + (1.0 + v) * v * tail)


@njit(cache=True)
def remainders(k, n, p):
    """p phi(k/np) for each k of an array."""
    out = np.empty(k.size)
    for j in range(k.size):
        out[j] = _remainder(k[j], n, p)
    return out


@njit(cache=True)
def binomial(n, p, q, low, high):
    """P(Bin(n, p) = k) for low <= k <= high, q = 1 - p, by ratios from the mode outwards.

    The window must hold all but a negligible part of the law: the sum is set to 1.
    """
    mass = np.zeros(high - low + 1)
    mode = min(max(np.int64((n + 1.0) * p), low), high)
    mass[mode - low] = 1.0
    for k in range(mode, high):
        mass[k + 1 - low] = mass[k - low] * ((n - k) * p) / ((k + 1.0) * q)
    for k in range(mode, low, -1):
        mass[k - 1 - low] = mass[k - low] * (k * q) / ((n - k + 1.0) * p)
    return mass / mass.sum()


@njit(cache=True)
def cell_moments(n, p, q, windows, w, c):
    """E w(N), E f(N), Var f(N) and Cov(f(N), N) of each cell, shape (4, cells)."""
    out = np.zeros((4, p.size))
    for i in range(p.size):
        low, high, first = windows[i]
        mass = binomial(n, p[i], q[i], low, high)
        f = np.empty(mass.size)
        mean_w = mean_f = 0.0
        for j in range(mass.size):
            f[j] = c[first + j] - _remainder(low + j, n, p[i])
            mean_w += mass[j] * w[first + j]
            mean_f += mass[j] * f[j]
        variance = covariance = 0.0
        for j in range(mass.size):
            centred = f[j] - mean_f
            variance += mass[j] * centred * centred
            covariance += mass[j] * centred * (low + j - n * p[i])
        out[0, i] = mean_w
        out[1, i] = mean_f
        out[2, i] = variance
        out[3, i] = covariance
    return out


@njit(cache=True)
def _poisson(mean, low, high):
    """P(Poisson(mean) = k) for low <= k <= high; the sum is set to 1."""
    mass = np.zeros(high - low + 1)
    mode = min(max(np.int64(mean), low), high)
    mass[mode - low] = 1.0
    for k in range(mode, high):
        mass[k + 1 - low] = mass[k - low] * mean / (k + 1.0)
    for k in range(mode, low, -1):
        mass[k - 1 - low] = mass[k - low] * k / mean
    return mass / mass.sum()


@njit(cache=True)
def _characteristic(terms, shift, theta):
    """sum_j terms[j] exp(i (j + shift) theta) for each theta, by Horner's rule."""
    real, imag = np.zeros(theta.size), np.zeros(theta.size)
    cosine, sine = np.cos(theta), np.sin(theta)
    for a in terms[::-1]:
        for j in range(theta.size):
            x = real[j] * cosine[j] - imag[j] * sine[j] + a
            imag[j] = real[j] * sine[j] + imag[j] * cosine[j]
            real[j] = x
    return (real + 1j * imag) * np.exp(1j * shift * theta)


@njit(cache=True)
def _cell_sum(n, cell, window, c, theta):
    """sum_k g(k) Pois(k; np) exp(i (k - np) theta) of one cell, at each theta."""
    p, _, mean, slope = cell
    low, high, first = window
    top = high
    if high == n:  # counts above n carry no weight but belong to the Poisson law
        top += np.int64(11 * np.sqrt(n * p) + 40)
    terms = _poisson(n * p, low, top)[: high - low + 1]
    for j in range(terms.size):
        g = c[first + j] - _remainder(low + j, n, p) - mean
        terms[j] *= g + slope * (low + j - n * p)
    return _characteristic(terms, low - n * p, theta)


@njit(cache=True)
def pair_sums(n, cells, windows, c, theta, zeta):
    """Sum over ordered pairs of distinct symbols of the contour integrand, at each theta.

    Rows of `cells` are (p, multiplicity, mean of f, slope), p ascending; the part of symbol i is
    g_i(k) = f(k) - mean + slope (k - n p_i), and C_i the sum over k of
    g_i(k) (p_i t)^k exp(-p_i t) / k! at t = n exp(i theta). The integrand is
    exp(t - n - i n theta) C_i C_j = exp(n (1 - p_i - p_j) zeta) times the two cell sums, with
    zeta = exp(i theta) - 1 - i theta: a factor of at most 1, shared as exp(n (1/2 - p) zeta)
    between cells of p <= 1/2. The one cell that may lie above is kept apart.
    """
    sums = np.zeros(theta.size, np.complex128)
    squares = np.zeros(theta.size, np.complex128)
    beside = np.zeros(theta.size, np.complex128)
    light = cells.shape[0]
    heavy = 0.0
    if cells[light - 1, 0] > 0.5:
        light -= 1
        heavy = cells[light, 0]
    for i in range(light):
        p, multiplicity = cells[i, 0], cells[i, 1]
        part = _cell_sum(n, cells[i], windows[i], c, theta)
        if heavy > 0.0:
            beside += multiplicity * part * np.exp(n * max(1.0 - heavy - p, 0.0) * zeta)
        part *= np.exp(n * (0.5 - p) * zeta)
        sums += multiplicity * part
        squares += multiplicity * part * part
    total = sums * sums - squares
    if heavy > 0.0:
        total += 2.0 * beside * _cell_sum(n, cells[light], windows[light], c, theta)
    return total
