"""Slow, plain truths for a known prior: water-filling, bisection, Blahut's algorithm."""

import mpmath as mp
import numpy as np


def exactly(P):
    """The law with these weights: floats that sum to 1 up to rounding, divided by their sum."""
    weights = [mp.mpf(float(q)) for q in P if q > 0]
    total = mp.fsum(weights)
    return sorted(w / total for w in weights)


def entropy(P):
    return -mp.fsum(q * mp.log(q) for q in P if q > 0)


def water_level(p, P):
    """The theta with sum of min(q, theta) over all but the greatest q equal to p."""
    *others, _ = sorted(P)
    for j, q in enumerate(others):
        level = (p - mp.fsum(others[:j])) / (len(others) - j)
        if level <= q:
            return level
    raise ValueError("p is above 1 - max P")


def greatest_entropy(p, P):
    """The entropy of (1 - p, min(q, theta), ...), for P sorted and exact."""
    if p >= mp.fsum(P[:-1]):
        return entropy(P)
    if p == 0:
        return mp.mpf(0)
    level = water_level(p, P)
    return -(1 - p) * mp.log1p(-p) + entropy([min(q, level) for q in P[:-1]])


def least_error(H, P):
    """The p at which the greatest entropy is H, by bisection in the logarithm of p."""
    most = mp.fsum(P[:-1])
    if entropy(P) <= H:
        return most
    if H == 0:
        return mp.mpf(0)
    low, high = mp.mpf(0), mp.mpf(1)
    while greatest_entropy(most * mp.exp(-high), P) > H:
        low, high = high, 2 * high
    for _ in range(240):
        middle = (low + high) / 2
        if greatest_entropy(most * mp.exp(-middle), P) > H:
            low = middle
        else:
            high = middle
    return most * mp.exp(-(low + high) / 2)


def line(theta, p, P):
    """The right-hand side of the theorem for one water level."""
    above = mp.fsum(max(q - theta, 0) for q in P)
    weights = mp.fsum(q * mp.log(max(q, theta)) for q in P)
    return entropy(P) + weights - p * mp.log(theta) - (1 - p) * mp.log(theta + above)


def rate_distortion(P, slope, rounds=20_000):
    """A point (p, I) of the Hamming rate-distortion function at a slope, by Blahut's algorithm."""
    P = np.asarray(P, dtype=float)
    kernel = np.where(np.eye(P.size, dtype=bool), 1.0, np.exp(-slope))
    answers = np.full(P.size, 1 / P.size)
    for _ in range(rounds):
        answers = answers * (kernel @ (P / (kernel @ answers)))
    channel = kernel * answers / (kernel @ answers)[:, None]
    joint = P[:, None] * channel
    p = float(joint.sum() - np.trace(joint))
    positive = joint > 0
    ratio = channel[positive] / np.broadcast_to(joint.sum(axis=0), joint.shape)[positive]
    return p, float((joint[positive] * np.log(ratio)).sum())
