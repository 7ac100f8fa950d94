"""Does training by mutual information give better classifiers than cross entropy?

Both losses start from the same network, see the same batches and run the same number of epochs.
The validation cross entropy chooses the learning rate among four with cross entropy alone, then,
at that rate, the weight of the second term among four, and for each training its epoch. Weight 0
is the chosen training by cross entropy itself, so that mutual information may decline to differ.
The rate is the same for both, so that a difference is the loss's own. An open question: the
verdict is printed whichever way it falls.
"""

import math

import numpy as np
from scipy import special

from mitheory import laws
from mitheory.study import Study, Verdict, main

RATES = (3e-4, 1e-3, 3e-3, 1e-2)
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
    rate, plain = chosen(by_rate)
    options["learning_rate"] = rate
    by_weight = {
        weight: train.fit(sample, loss="mutual_information", weight=weight, **options)
        if weight
        else plain
        for weight in WEIGHTS
    }
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
    note="An open question of the field. Validation cross entropy chooses the learning rate among "
    f"{len(RATES)} with cross entropy alone and then, at that rate, the weight among 0, 0.1, 1 and "
    "10: the three trainings more favour mutual information, if anything. Small data, small "
    "networks: this neither reproduces nor refutes the published table.",
)

if __name__ == "__main__":
    main(STUDY)
