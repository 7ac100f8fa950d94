"""How far Gaussian classes are apart, and what it says of the information in closed form."""

from __future__ import annotations

import numpy as np

from mitheory.bounds.gaussian import ClosedForm, InformationBounds
from mitheory.check import FloatArray
from mitheory.laws.cubature import log_mean, log_ratio
from mitheory.laws.finite import Finite


def kl_divergence(gap: FloatArray, factor: FloatArray, other: FloatArray) -> float:
    """KL(N(m, A A') || N(m - gap, B B')) in nats, A and B lower Cholesky factors."""
    ratios = np.asarray(np.linalg.svd(np.linalg.solve(other, factor), compute_uv=False), float)
    excess = (ratios - 1) * (ratios + 1)
    white = np.linalg.solve(other, gap)
    logs = 2 * log_ratio(ratios, np.ones_like(ratios))
    return float(((excess - logs).sum() + white @ white) / 2)


def chernoff_divergence(
    gap: FloatArray, cov: FloatArray, other_cov: FloatArray, order: float = 0.5
) -> float:
    """-ln int p^s q^(1-s) of p = N(m, cov) and q = N(m - gap, other_cov), s = order in [0, 1].

    For s = 1/2 it is the Bhattacharyya distance.
    """
    between = (1 - order) * cov + order * other_cov
    white = np.linalg.solve(np.linalg.cholesky(between), gap)
    logs = [np.linalg.slogdet(matrix)[1] for matrix in (between, cov, other_cov)]
    volume = logs[0] - (1 - order) * logs[1] - order * logs[2]
    return float((order * (1 - order) * (white @ white) + volume) / 2)


def pairwise(means: FloatArray, covs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """KL divergence and Bhattacharyya distance from each class to each, both (K, K).

    `means` has shape (K, d), `covs` (K, d, d).
    """
    K = len(means)
    factors = np.linalg.cholesky(covs)
    divergence, bhattacharyya = np.zeros((K, K)), np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            gap = means[i] - means[j]
            divergence[i, j] = kl_divergence(gap, factors[i], factors[j])
            if j < i:
                bhattacharyya[i, j] = chernoff_divergence(gap, covs[i], covs[j])
                bhattacharyya[j, i] = bhattacharyya[i, j]
    return divergence, bhattacharyya


def squared_distances(means: FloatArray) -> FloatArray:
    """Squared Euclidean distances between the means, (K, K)."""
    return np.stack([((means - mean) ** 2).sum(axis=1) for mean in means])


def spread(means: FloatArray, weights: FloatArray) -> FloatArray:
    """Eigenvalues of the covariance of the means."""
    inner = means - means[0]
    inner = inner - weights @ inner
    lengths = np.linalg.svd(np.sqrt(weights)[:, None] * inner, compute_uv=False)
    return np.asarray(lengths**2)


def capacity(means: FloatArray, covs: FloatArray, weights: FloatArray) -> float:
    """(ln det Cov X - mean of ln det Cov(X|Y)) / 2, at least the information; covs (K, d, d).

    Taken relative to the mean covariance, so that equal covariances leave no rounding behind.
    """
    within = np.linalg.cholesky(np.tensordot(weights, covs, axes=1))
    between = np.log1p(spread(np.linalg.solve(within, means.T).T, weights)).sum()
    inside = [
        np.linalg.svd(np.linalg.solve(within, factor), compute_uv=False)
        for factor in np.linalg.cholesky(covs)
    ]
    return float(between / 2 - weights @ np.log(inside).sum(axis=1))


def enclose(
    weights: FloatArray, divergence: FloatArray, bhattacharyya: FloatArray, capacity: float
) -> InformationBounds:
    """Bounds on the information from pairwise divergences and distances, both (K, K), in nats.

    With posterior p, the sum Z of 2 sqrt(p_i p_j) over the pairs of classes has the mean
    sum_{i<j} 2 sqrt(w_i w_j) rho_ij, rho = exp(-Bhattacharyya distance). The entropy of p is at
    most ln(1 + Z), its Rényi entropy of order 1/2, and the logarithm is concave. It is also at
    most Z ln 2: -p_i ln p_i = p_i ln(1 + sum_j p_j / p_i) <= p_i sum_j ln(1 + p_j / p_i), over
    j other than i, sums to (p_i + p_j) h(p_i / (p_i + p_j)) over the pairs, and the binary entropy
    h(t) is at most 2 ln 2 sqrt(t (1 - t)) (hellman1970).
    """
    label = Finite(weights).entropy()
    root = np.sqrt(weights)
    overlap = root @ (np.exp(-bhattacharyya) * (1 - np.eye(weights.size))) @ root
    lower = {
        "chernoff": float(-weights @ log_mean(-bhattacharyya, weights)),
        "bhattacharyya": label - float(overlap * np.log(2)),
        "renyi": label - float(np.log1p(overlap)),
    }
    lower = {name: max(value, 0.0) for name, value in lower.items()}
    upper = {
        "label_entropy": label,
        "divergence": float(-weights @ log_mean(-divergence, weights)),
        "capacity": capacity,
    }
    # -ln sum_j w_j exp(-D_ij) <= -ln w_i, so that the entropy of the label is never the least
    dominated = {"label_entropy": "divergence"}
    forms = [ClosedForm(name, "lower", value, None) for name, value in lower.items()]
    forms += [ClosedForm(name, "upper", v, dominated.get(name)) for name, v in upper.items()]
    lower_by = max(lower, key=lower.__getitem__)
    upper_by = min(upper, key=upper.__getitem__)
    best = lower[lower_by]
    return InformationBounds(
        best, upper[upper_by], lower_by if best > 0 else "nothing", upper_by, tuple(forms)
    )
