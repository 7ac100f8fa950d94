"""The Pitman-Yor mixture estimator, for alphabets without a bound."""

from __future__ import annotations

import numpy as np

from mitheory.check import BoolArray, FloatArray
from mitheory.entropies.estimator import of_profile
from mitheory.entropies.nsb import coincidences
from mitheory.entropies.regime import MANY_UNSEEN, either, singletons_above
from mitheory.profile import Occupancy, Profile

_AGREE = 1e-5
"""How far the sums over every other node may differ: the square bounds the error of the whole."""


def _moments(profile: Profile) -> tuple[FloatArray, FloatArray]:
    """Posterior mean and standard deviation, of batch shape."""
    from mitheory.kernels.pym import posterior

    coincidences(profile, "pym")
    phi = profile.phi.reshape(-1, profile.j.size)
    mean, deviation = np.empty(phi.shape[0]), np.empty(phi.shape[0])
    for row, counts in enumerate(phi):
        used = counts > 0
        for finer in (1, 2, 4, 8):
            mean[row], variance, apart = posterior(profile.j[used], counts[used], finer)
            deviation[row] = np.sqrt(variance)
            if apart < _AGREE:
                break
        else:
            n, observed = int(profile.j[used] @ counts[used]), int(counts.sum())
            raise ValueError(
                f"rounding hides the posterior of pym in n = {n} samples of {observed} symbols "
                "(nsb, with an alphabet, takes such samples)"
            )
    return mean.reshape(profile.n.shape), deviation.reshape(profile.n.shape)


def _few_coincidences(sample: Occupancy, alphabet: int | None) -> tuple[BoolArray, str]:
    """The evidence for a large concentration falls as its power of minus the coincidences."""
    few = sample.n - sample.observed < 3
    return few, "with fewer than 3 coincidences the prior decides how heavy the tail is"


@of_profile(
    cite="archer2014",
    formula=r"\frac{\int E[H \mid d, \alpha, \mathbf{n}] P(\mathbf{n} \mid d, \alpha)"
    r" e^{-10 / (1 - \gamma)} d\gamma dh}{\int P(\mathbf{n} \mid d, \alpha)"
    r" e^{-10 / (1 - \gamma)} d\gamma dh},\; h = \psi(1 + \alpha) - \psi(1 - d),\;"
    r" \gamma = \frac{\psi(1) - \psi(1 - d)}{h}",
    regime="an unbounded alphabet, perhaps with a power-law tail, and some coincidences",
    deviation=lambda profile: _moments(profile)[1],
    doubt=either(_few_coincidences, singletons_above(MANY_UNSEEN)),
)
def pym(profile: Profile) -> FloatArray:
    """Posterior mean of the entropy under a mixture of Pitman-Yor processes.

    The prior is the authors' exp(-10 / (1 - gamma)) dgamma dh on 0 < gamma < 1, h > 0: flat in the
    prior mean h of the entropy, with gamma the part of it that the discount d makes. (Their program
    leaves out the Jacobian of (gamma, h), so that it is flat in (alpha, d) instead.) Without
    coincidences the posterior does not exist. From some 10^12 samples on rounding may hide it, and
    it is refused.
    """
    return _moments(profile)[0]
