"""The greatest entropy H(Y|X) for a known law of Y and error probability, and its inverse.

Sort the probabilities, q_0 <= ... <= q_{M-1}. With error p and water level theta, the sum of
min(q_i, theta) over all but the last being p, the greatest entropy is that of the law with
probabilities min(q_i, theta) and 1 - p. While theta is between q_{j-1} and q_j, the j lowest are
untouched and the M - j others share their mass B_j as in Fano's inequality: with C_j the entropy of
(q_0, ..., q_{j-1}, B_j) and F Fano's function of M - j classes,

    H(p) = C_j + B_j F((p - q_0 - ... - q_{j-1})/B_j).

All sums are carried in two doubles, since near H(Y) the inverse is a square root of the deficit
where several probabilities are equal to the greatest. The law meant is q divided by its sum, which
may be 1 up to rounding.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from mitheory.kernels.fano import (
    _product,
    _root_in_deficit,
    _root_in_entropy,
    _sum,
    _value,
    log_two_doubles,
)


@njit(cache=True)
def _plus(high, low, more, more_low):
    """The sum of two numbers of two doubles each."""
    s, e = _sum(high, more)
    return _sum(s, e + (low + more_low))


@njit(cache=True)
def _term(q, complement):
    """-q ln q, to full precision also near q = 1, where the complement 1 - q counts."""
    return -q * math.log1p(-complement) if complement < 0.5 else -q * math.log(q)


@njit(cache=True)
def segments(q):
    """The pieces of the curve, for q ascending and positive, of two or more probabilities.

    Returns an array with 8 rows and a column for each j: 0 and 1 the mass q_0 + ... + q_{j-1} below
    in two doubles, 2 and 3 its entropy, the sum of -q_i ln q_i; 4 and 5 the remaining mass B_j;
    6 and 7 the p and the H at which the piece ends. The last column, j = M, has no piece: it is
    1 and H(Y).
    """
    M = q.size
    out = np.zeros((8, M + 1))
    mass, mass_low, bits, bits_low = 0.0, 0.0, 0.0, 0.0
    for i in range(M):
        mass, mass_low = _plus(mass, mass_low, q[i], 0.0)
        log_q, log_low = log_two_doubles(q[i])
        term, term_low = _product(q[i], log_q)
        bits, bits_low = _plus(bits, bits_low, -term, -(term_low + q[i] * log_low))
        out[0, i + 1], out[1, i + 1] = mass, mass_low
        out[2, i + 1], out[3, i + 1] = bits, bits_low
    excess = (mass - 1.0) + mass_low
    # divided by the sum s = 1 + excess: q/s = q (1 - excess), and -q/s ln(q/s) gains q ln s
    for i in range(M + 1):
        mass, mass_low, bits, bits_low = out[0, i], out[1, i], out[2, i], out[3, i]
        out[0, i], out[1, i] = _plus(mass, mass_low, -excess * mass, 0.0)
        out[2, i], out[3, i] = _plus(bits, bits_low, excess * (mass - bits), 0.0)
    rest, rest_low = 0.0, 0.0
    for j in range(M - 1, -1, -1):
        rest, rest_low = _plus(rest, rest_low, q[j], -excess * q[j])
        out[4, j], out[5, j] = rest, rest_low
    for j in range(M - 1):
        others = M - 1 - j
        out[6, j] = out[0, j] + others * q[j]
        top = max(out[4, j] - others * q[j], q[M - 1])
        out[7, j] = out[2, j] - others * q[j] * math.log(q[j]) + _term(top, out[6, j])
    out[6, M - 1], out[7, M - 1] = 1.0, out[2, M]
    out[6, M], out[7, M] = 1.0, out[2, M]
    return out


@njit(cache=True)
def entropy(p, q, pieces):
    """The greatest H for each error probability p; H(Y) from p = 1 - max q upwards."""
    M = q.size
    out = np.empty(p.size)
    for i in range(p.size):
        j = np.searchsorted(pieces[6, : M - 1], p[i])
        if j == M - 1:
            out[i] = pieces[2, M]
            continue
        mass = pieces[4, j]
        share = max((p[i] - pieces[0, j]) - pieces[1, j], 0.0) / mass
        out[i] = pieces[2, j] + _term(mass, pieces[0, j]) + mass * _value(share, M - j)
    return out


@njit(cache=True)
def lower(H, H_low, q, pieces):
    """The least p with greatest entropy H + H_low; 1 - max q from H(Y) upwards."""
    M = q.size
    out = np.empty(H.size)
    for i in range(H.size):
        j = min(np.searchsorted(pieces[7, : M - 1], H[i]), M - 2)
        if H[i] <= 0.0:
            out[i] = 0.0
            continue
        mass, mass_low, classes = pieces[4, j], pieces[5, j], float(M - j)
        share = (H[i] - pieces[2, j] - _term(mass, pieces[0, j])) / mass
        middle = _value(0.5 * (1.0 - 1.0 / classes), classes)
        if share <= middle:
            e = _root_in_entropy(share, math.log(classes - 1.0)) if share > 0.0 else 0.0
        else:
            # mass (ln classes - ln mass) + entropy below - H
            log_M, log_M_low = log_two_doubles(classes)
            log_B, log_B_low = log_two_doubles(mass)
            ratio, ratio_low = _plus(log_M, log_M_low, -log_B, -log_B_low - mass_low / mass)
            D, D_low = _product(mass, ratio)
            D_low += mass * ratio_low + mass_low * ratio
            D, D_low = _plus(D, D_low, pieces[2, j], pieces[3, j])
            D, D_low = _plus(D, D_low, -H[i], -H_low[i])
            y = _root_in_deficit(max(D, 0.0) / mass, classes, 1.0, 0.5 * (classes - 1.0))
            e = (classes - 1.0 - y) / classes
        out[i] = min(pieces[0, j] + (pieces[1, j] + mass * e), pieces[6, M - 2])
    return out
