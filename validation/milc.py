"""Does training by mutual information give better classifiers than cross entropy?

Both losses start from the same network, see the same batches and are given the same budget: four
trainings each, of the same number of epochs, from which the validation cross entropy chooses one
and its epoch. Cross entropy is tried at four learning rates; mutual information at four weights of
its second term and the default rate. Weight 0 is cross entropy itself, so that mutual information
may decline to differ. An open question: the verdict is printed whichever way it falls.
"""

import math

import numpy as np
from scipy import special

from mitheory import laws
from mitheory.study import Study, Verdict, main

DEFAULT_RATE = 1e-3
RATES = (3e-4, DEFAULT_RATE, 3e-3, 1e-2)
WEIGHTS = (0.0, 0.1, 1.0, 10.0)
SETTINGS = {
    "binary Gaussian, n = 50": {"epochs": 60, "batch_size": 16},
    "digits": {"epochs": 25, "batch_size": 32},
    "digits, 20 % of labels wrong": {"epochs": 25, "batch_size": 32},
}


def dataset(data, rng):
    from mitheory import train

    if data.startswith("binary Gaussian"):
        law = laws.BinaryGaussian(np.full(10, math.sqrt(0.1)), np.eye(10))
        return train.gaussian(law, 50, 500, 10_000, rng)
    digits = train.digits(rng)
    return train.with_label_noise(digits, 0.2, rng) if "wrong" in data else digits


def measured(data, seed, rng):
    from mitheory import train

    sample = dataset(data, rng)
    options = {**SETTINGS[data], "seed": seed, "select": "cross_entropy"}
    by_rate = {rate: train.fit(sample, learning_rate=rate, **options) for rate in RATES}
    by_weight = {
        weight: train.fit(
            sample,
            loss="mutual_information",
            weight=weight,
            learning_rate=DEFAULT_RATE,
            **options,
        )
        if weight
        else by_rate[DEFAULT_RATE]
        for weight in WEIGHTS
    }
    rate, plain = chosen(by_rate)
    weight, informed = chosen(by_weight)
    return {
        "value": 100 * (informed.best.test.error - plain.best.test.error),
        "cross_entropy": {"learning_rate": rate} | summary(plain),
        "mutual_information": {"weight": weight} | summary(informed),
    }


def chosen(trainings):
    """The option and the training of least validation cross entropy."""
    return min(trainings.items(), key=lambda item: item[1].best.val.cross_entropy)


def summary(result):
    """The test scores epoch by epoch, and the epoch that validation chooses."""
    return {
        "best_epoch": result.best_epoch,
        "error": [round(epoch.test.error, 6) for epoch in result.history],
        "test_cross_entropy": [round(epoch.test.cross_entropy, 6) for epoch in result.history],
    }


def interval(differences):
    """Mean and half-width of the 95 % t-interval of paired differences."""
    values = np.asarray(differences)
    half = special.stdtrit(values.size - 1, 0.975) * values.std(ddof=1) / math.sqrt(values.size)
    return float(values.mean()), float(half)


def judge(cells):
    """The claim holds where the whole interval of the difference in error lies below 0."""
    words, gains = [], []
    for data in SETTINGS:
        mean, half = interval([cell["value"] for cell in cells if cell["data"] == data])
        gains.append(mean + half < 0)
        outcome = "lower" if gains[-1] else "higher" if mean - half > 0 else "no difference shown"
        words.append(f"{data}: {mean:+.2f} ± {half:.2f} ({outcome})")
    seeds = len({cell["seed"] for cell in cells})
    return Verdict(
        "holds" if all(gains) else "does not hold",
        f"error less that of cross entropy, in percentage points with 95 % t-intervals over "
        f"{seeds} paired seeds: {'; '.join(words)}",
    )


STUDY = Study(
    name="milc",
    claim="training by mutual information lowers the test error below that of cross entropy",
    over={"data": list(SETTINGS), "seed": list(range(20))},
    quick={"seed": list(range(6))},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "sklearn"),
    cite="yi2022milc",
    unit="percentage point",
    note="An open question of the field. Equal budgets: cross entropy chooses among "
    f"{len(RATES)} learning rates, mutual information among the weights 0, 0.1, 1 and 10 at the "
    "default rate, both by validation cross entropy. Small data, small networks: this neither "
    "reproduces nor refutes the published table.",
)

if __name__ == "__main__":
    main(STUDY)
