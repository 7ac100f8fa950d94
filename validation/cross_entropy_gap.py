"""Cross-entropy training learns the conditional entropy: on a law whose H(Y|X) is exact.

A well-specified model with k parameters, fitted to n samples by maximum likelihood, exceeds the
least cross entropy H(Y|X) by chi-squared(k) / 2n as n grows: k / 2n on average. The excess is
measured against the true posterior on the same test set, whose own noise cancels, and averaged
over independent training sets, so that k / 2n can be told from 0.
"""

import math

import numpy as np

from mitheory import laws
from mitheory.study import Study, main

DIMENSION = 4
FREE = DIMENSION + 1  # parameters: weights and a bias; the second row of logits is redundant
TRAINING_SETS = 12
N_TEST = 100_000


def gaussian(snr):
    """A law with correlated coordinates and this signal-to-noise ratio."""
    cov = 0.5 * np.eye(DIMENSION) + 0.5
    mean = np.ones(DIMENSION)
    scale = math.sqrt(snr / (mean @ np.linalg.solve(cov, mean)))
    return laws.BinaryGaussian(scale * mean, cov)


def true_log_odds(law, x):
    """ln P(Y = 1|x) / P(Y = 0|x)."""
    return 2 * x @ np.linalg.solve(law.cov, law.mean) + math.log(law.prior / (1 - law.prior))


def learned_log_odds(network, x):
    import torch

    with torch.inference_mode():
        logits = network(torch.tensor(x, dtype=torch.float32)).double().numpy()
    return logits[:, 1] - logits[:, 0]


def cross_entropy(log_odds, y):
    return float(np.logaddexp(0, np.where(y == 1, -log_odds, log_odds)).mean())


def measured(snr, n, rng):
    from mitheory import train

    law = gaussian(snr)
    excess, learned = [], []
    for seed in range(TRAINING_SETS):
        data = train.gaussian(law, n, 100, 100, rng)
        # full batches, until less than 1e-6 nat above the least training cross entropy
        result = train.fit(
            data, model=train.linear, epochs=250, batch_size=n, learning_rate=0.3, seed=seed
        )
        x, y = law.sample(N_TEST, rng)
        learned.append(cross_entropy(learned_log_odds(result.network, x), y))
        excess.append(learned[-1] - cross_entropy(true_log_odds(law, x), y))
    return {
        "value": np.mean(excess),
        "excess": excess,
        "cross_entropy": np.mean(learned),
        "conditional_entropy": law.conditional_entropy(),
    }


def tolerance(snr, n):
    """Four standard deviations of the measured mean, in nats.

    One training set's excess is chi-squared(k) / 2n, of variance k / 2n^2. Its test set adds the
    variance of the difference of two log losses over N_TEST: where the log odds are off by a small
    d, that of (P - y) d, which is E P(1 - P) d^2 = twice the excess, k / n on average.
    """
    variance = FREE / (2 * n**2) + FREE / (n * N_TEST)
    return 4 * math.sqrt(variance / TRAINING_SETS)


STUDY = Study(
    name="cross_entropy_gap",
    claim="minimising cross entropy learns the conditional entropy: the test cross entropy of a "
    "trained linear classifier exceeds H(Y|X) by k / 2n on the binary Gaussian",
    over={"snr": [0.25, 1.0, 4.0], "n": [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]},
    quick={"n": [250, 1_000, 4_000]},
    measured=measured,
    predicted=lambda snr, n: FREE / (2 * n),
    tolerance=tolerance,
    regime=lambda snr, n: n >= 1_000,
    needs=("torch",),
    cite="wilks1938",
    unit="nat",
    note="The number is the test cross entropy less that of the true posterior on the same "
    f"{N_TEST} samples, averaged over {TRAINING_SETS} training sets; k = {FREE}. The tolerance, "
    "four standard deviations of that mean, is below k / 2n: no excess at all would fail. The "
    "expansion is asymptotic: n below 1000 is shown and not judged.",
)

if __name__ == "__main__":
    main(STUDY)
