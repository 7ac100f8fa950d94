"""Does training by mutual information give better classifiers than cross entropy?

Both losses start from the same network and see the same batches. The weight of the
mutual-information loss and the epoch are chosen on the validation set, with the same number of
epochs for each. An open question: the verdict is printed whichever way it falls.
"""

import math

import numpy as np
from scipy.special import stdtrit

from mitheory import laws
from mitheory.study import Study, Verdict, main

WEIGHTS = (0.1, 1.0, 10.0)
SETTINGS = {
    "binary Gaussian, n = 50": {"epochs": 60, "batch_size": 16},
    "digits": {"epochs": 25, "batch_size": 32},
    "digits, 20 % of labels wrong": {"epochs": 25, "batch_size": 32},
}


def dataset(data, rng):
    from mitheory import train

    if data.startswith("binary Gaussian"):
        law = laws.BinaryGaussian(np.full(10, math.sqrt(0.1)), np.eye(10))
        return train.gaussian(law, 50, 500, 20_000, rng)
    digits = train.digits(rng)
    return train.with_label_noise(digits, 0.2, rng) if "wrong" in data else digits


def measured(data, seed, rng):
    from mitheory import train

    sample = dataset(data, rng)
    options = {**SETTINGS[data], "seed": seed, "select": "cross_entropy"}
    plain = train.fit(sample, loss="cross_entropy", **options)
    by_weight = {
        weight: train.fit(sample, loss="mutual_information", weight=weight, **options)
        for weight in WEIGHTS
    }
    weight = min(WEIGHTS, key=lambda w: by_weight[w].best.val.cross_entropy)
    chosen = by_weight[weight]
    return {
        "value": 100 * (chosen.best.test.error - plain.best.test.error),
        "weight": weight,
        "cross_entropy": summary(plain),
        "mutual_information": summary(chosen),
    }


def summary(result):
    """What the figures and the verdict need of one training."""
    test = [epoch.test for epoch in result.history]
    return {
        "best_epoch": result.best_epoch,
        "label_entropy": result.label_entropy,
        "error": [round(s.error, 6) for s in test],
        "test_cross_entropy": [round(s.cross_entropy, 6) for s in test],
        "train_cross_entropy": [round(e.train.cross_entropy, 6) for e in result.history],
        "calibration_error": [round(s.calibration_error, 6) for s in test],
    }


def interval(differences):
    """Mean and half-width of the 95 % t-interval of paired differences."""
    values = np.asarray(differences)
    half = stdtrit(values.size - 1, 0.975) * values.std(ddof=1) / math.sqrt(values.size)
    return float(values.mean()), float(half)


def judge(cells):
    """The claim holds where the whole interval of the difference in error lies below 0."""
    words, gains = [], []
    for data in SETTINGS:
        early = [cell["value"] for cell in cells if cell["data"] == data]
        mean, half = interval(early)
        gains.append(mean + half < 0)
        words.append(f"{data}: {mean:+.2f} ± {half:.2f}")
    status = "holds" if all(gains) else "does not hold"
    seeds = len({cell["seed"] for cell in cells})
    return Verdict(
        status,
        f"error minus that of cross entropy, points: {'; '.join(words)} "
        f"(95 % t-intervals, {seeds} paired seeds, stopped early)",
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
    note="An open question of the field. Small data, small networks: this neither reproduces nor "
    "refutes the published table.",
)

if __name__ == "__main__":
    main(STUDY)
