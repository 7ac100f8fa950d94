"""Posterior means of the entropy under Dirichlet priors.

Given the counts, the probabilities follow a Dirichlet law with parameters n_i + a that sum to
A = n + S a. Mean and variance of the entropy are known (Wolpert and Wolf 1995); they are written
here as sums of positive terms, so that nothing cancels:

    mean      sum_i q_i g_i,  q_i = (n_i + a) / A,  g_i = psi(A + 1) - psi(n_i + a + 1)
    variance  sum_i q_i ((g_i - mean)^2 + t_i) / (A + 1),
              t_i = (n_i + a + 1) psi'(n_i + a + 1) - (A + 1) psi'(A + 1).

The variance follows from the textbook's double sum by shifting each digamma by the mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.entropies.digamma import digamma_gap, trigamma_gap
from mitheory.entropies.estimator import Doubt, linear
from mitheory.entropies.regime import singletons_above
from mitheory.profile import Occupancy, Profile

MEAN = (
    r"\sum_{i=1}^S \frac{n_i + a}{n + S a} \left(\psi(n + S a + 1) - \psi(n_i + a + 1)\right),\; "
)


def dirichlet_weight(j: IntArray, n: IntArray, S: float, a: Any) -> FloatArray:
    """What one of S symbols contributes to the posterior mean under the prior Dir(a, ..., a)."""
    others = np.maximum(n - j, 0) + (S - 1) * a
    return (j + a) / (n + S * a) * digamma_gap(j + a + 1, others)


def dirichlet_deviation(profile: Profile, S: float, a: Any) -> FloatArray:
    """Posterior standard deviation of the entropy under the prior Dir(a, ..., a)."""
    n = profile.n[..., None]
    j = np.append(0, profile.j)
    unseen = S - profile.observed[..., None]
    total = n + S * a
    share = np.concatenate([unseen, profile.phi], axis=-1) * (j + a) / total
    others = np.maximum(n - j, 0) + (S - 1) * a
    gap = digamma_gap(j + a + 1, others)
    mean = (share * gap).sum(axis=-1, keepdims=True)
    spread = (gap - mean) ** 2 + trigamma_gap(j + a + 1, others)
    return np.sqrt((share * spread).sum(axis=-1) / (total[..., 0] + 1))


def _prior_outweighs(a: float) -> Doubt:
    """The prior counts for S a samples; where those are more than n it decides the estimate."""

    def doubt(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
        return sample.n < a * (alphabet or 0), "the prior counts for more samples than there are"

    return doubt


@linear(
    cite="wolpert1995",
    formula=MEAN + r"a = \tfrac12",
    regime="a known alphabet, n larger than half of it",
    needs_alphabet=True,
    deviation=lambda profile, alphabet: dirichlet_deviation(profile, float(alphabet), 0.5),
    doubt=_prior_outweighs(0.5),
)
def dirichlet_jeffreys(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Posterior mean of the entropy under Jeffreys' prior, Dir(1/2, ..., 1/2)."""
    return dirichlet_weight(j, n, float(alphabet), 0.5)


@linear(
    cite="wolpert1995",
    formula=MEAN + "a = 1",
    regime="a known alphabet, n larger than it",
    needs_alphabet=True,
    deviation=lambda profile, alphabet: dirichlet_deviation(profile, float(alphabet), 1.0),
    doubt=_prior_outweighs(1.0),
)
def dirichlet_laplace(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Posterior mean of the entropy under the uniform (Bayes-Laplace) prior, Dir(1, ..., 1)."""
    return dirichlet_weight(j, n, float(alphabet), 1.0)


@linear(
    cite="perks1947",
    formula=MEAN + r"a = \tfrac1S",
    regime="n larger than the number of symbols with a noticeable probability",
    needs_alphabet=True,
    deviation=lambda profile, alphabet: dirichlet_deviation(profile, float(alphabet), 1 / alphabet),
    doubt=singletons_above(0.25),
)
def dirichlet_perks(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Posterior mean of the entropy under Perks' prior, Dir(1/S, ..., 1/S), worth one sample."""
    return dirichlet_weight(j, n, float(alphabet), 1 / alphabet)


@linear(
    cite="trybula1958",
    formula=MEAN + r"a = \tfrac{\sqrt n}{S}",
    regime="n larger than the number of symbols with a noticeable probability",
    needs_alphabet=True,
    deviation=lambda profile, alphabet: dirichlet_deviation(
        profile, float(alphabet), np.sqrt(profile.n)[..., None] / alphabet
    ),
    doubt=singletons_above(0.25),
)
def dirichlet_minimax(j: IntArray, n: IntArray, alphabet: int) -> FloatArray:
    """Posterior mean of the entropy under Dir(sqrt(n)/S, ...), whose mean of p is minimax."""
    return dirichlet_weight(j, n, float(alphabet), np.sqrt(n) / alphabet)
