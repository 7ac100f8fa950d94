"""I(X;Y|Z) from neighbours, one sample after the other, for clarity."""

import numpy as np
from scipy.special import digamma


def distance(a, b, norm="max"):
    """Of numbers by the norm; of symbols 0 if they are the same, else beyond all numbers."""
    if isinstance(a, (int, np.integer)):
        return 0.0 if a == b else np.inf
    order = {"max": np.inf, "euclidean": 2, "manhattan": 1}[norm]
    return float(np.linalg.norm(a - b, ord=order))


def frenzel_pompe(x, y, z, k, norm="max"):
    """Rows of numbers (n, d), or integers (n,)."""
    n = len(x)
    total = 0.0
    for i in range(n):
        dx, dy, dz = (np.array([distance(v[i], v[j], norm) for j in range(n)]) for v in (x, y, z))
        joint = np.maximum(np.maximum(dx, dy), dz)
        radius = np.sort(np.delete(joint, i))[k - 1]

        def ball(d, radius=radius):
            """Samples in the ball, itself included: the open one, or of radius 0 its centre."""
            return np.sum(d == 0) if radius == 0 else np.sum(d < radius)

        total += digamma(ball(joint)) + digamma(ball(dz))
        total -= digamma(ball(np.maximum(dx, dz))) + digamma(ball(np.maximum(dy, dz)))
    return total / n
