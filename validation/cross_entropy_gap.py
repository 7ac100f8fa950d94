"""Cross-entropy training learns the conditional entropy: on a law whose H(Y|X) is exact.

A well-specified model with k parameters, fitted to n samples by maximum likelihood, exceeds the
least cross entropy H(Y|X) by chi-squared(k) / 2n as n grows: k / 2n on average.
"""

import math

import numpy as np

from mitheory import laws
from mitheory.study import Study, main

DIMENSION = 4
FREE = DIMENSION + 1  # parameters: weights and a bias; the second row of logits is redundant
N_TEST = 100_000
SECOND_MOMENT = 0.563  # the most that p ln^2 p + (1 - p) ln^2 (1 - p) can be


def gaussian(snr):
    """A law with correlated coordinates and this signal-to-noise ratio."""
    cov = 0.5 * np.eye(DIMENSION) + 0.5
    mean = np.ones(DIMENSION)
    scale = math.sqrt(snr / (mean @ np.linalg.solve(cov, mean)))
    return laws.BinaryGaussian(scale * mean, cov)


def measured(snr, n, rng):
    from mitheory import train

    law = gaussian(snr)
    data = train.gaussian(law, n, 100, N_TEST, rng)
    result = train.fit(
        data, model=train.linear, epochs=150, batch_size=n, learning_rate=0.1, seed=0
    )
    return {
        "value": result.last.test.cross_entropy,
        "exact": law.conditional_entropy(),
        "train": result.last.train.cross_entropy,
    }


def tolerance(snr, n):
    """Four standard deviations: of chi-squared(k) / 2n, and of a mean over the test set."""
    return 4 * (math.sqrt(2 * FREE) / (2 * n) + math.sqrt(SECOND_MOMENT / N_TEST))


STUDY = Study(
    name="cross_entropy_gap",
    claim="minimising cross entropy learns the conditional entropy: the test cross entropy of a "
    "trained linear classifier is H(Y|X) + k / 2n on the binary Gaussian",
    over={"snr": [0.25, 1.0, 4.0], "n": [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]},
    quick={"n": [250, 1_000, 4_000, 16_000]},
    measured=measured,
    predicted=lambda snr, n: gaussian(snr).conditional_entropy() + FREE / (2 * n),
    tolerance=tolerance,
    regime=lambda snr, n: n >= 1_000,
    needs=("torch",),
    cite="wilks1938",
    unit="nat",
    note="The expansion is asymptotic: n below 1000 is shown and not judged. Test sets of "
    f"{N_TEST} samples.",
)

if __name__ == "__main__":
    main(STUDY)
