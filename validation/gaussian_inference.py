"""Gaussian classes of unknown means and covariance: exact intervals keep their level.

The plug-in of the sample means and covariance overstates the signal, the more so the fewer samples
there are for a dimension; so does its asymptotic interval.
"""

import math

import numpy as np
from scipy import special

from mitheory import laws
from mitheory.study import Study, main

LEVEL = 0.95


def measured(snr, dimension, n, runs, rng):
    y = np.arange(n) % 2
    found = [sample(snr, dimension, y, rng) for _ in range(runs)]
    plugin = np.array([item.plugin_snr for item in found])
    # the delta method: the variance of the plug-in to first order in 1/n
    n0, n1 = found[0].n
    error = np.sqrt(plugin * n / (n0 * n1) + 2 * plugin**2 / n)
    reach = special.ndtri((1 + LEVEL) / 2) * error
    truth = laws.BinaryGaussian.from_snr(snr).information()
    values = laws.gaussian.information(plugin) - truth
    return {
        "value": np.mean([item.snr.lower <= snr <= item.snr.upper for item in found]),
        "asymptotic": np.mean(np.abs(plugin - snr) <= reach),
        "width": np.mean([item.information.upper - item.information.lower for item in found]),
        "information": truth,
        "bias": np.mean(values),
        "bias_error": np.std(values) / math.sqrt(runs),
        "above": np.mean([item.snr.value > snr for item in found]),
        "plugin_above": np.mean(plugin > snr),
    }


def sample(snr, dimension, y, rng):
    """What a sample with labels y says; only snr, dimension and class sizes matter."""
    X = rng.standard_normal((y.size, dimension))
    X[:, 0] += np.sqrt(snr) * (2 * y - 1)
    return laws.binary_gaussian_inference(X, y, level=LEVEL)


STUDY = Study(
    name="gaussian_inference",
    claim=f"the exact interval holds the snr, and with it information and Bayes error, "
    f"{100 * LEVEL:g} % of the time",
    over={
        "snr": [0.25, 1.0, 4.0],
        "dimension": [1, 5, 20],
        "n": [30, 100, 300, 1_000],
        "runs": [2_000],
    },
    quick={"snr": [0.25, 4.0], "n": [30, 100, 300], "runs": [100]},
    measured=measured,
    predicted=lambda **cell: LEVEL,
    tolerance=lambda runs, **cell: 4 * math.sqrt(LEVEL * (1 - LEVEL) / runs),
    cite="anderson2003",
    unit="share of intervals",
    note="The number is the share of exact intervals that hold the truth; beside it, that of the "
    "asymptotic interval about the plug-in, and the bias of the plug-in information. The "
    "tolerance is four binomial standard deviations.",
)

if __name__ == "__main__":
    main(STUDY)
