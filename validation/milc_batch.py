"""What the weight of the label-entropy term and the batch size do, at equal numbers of steps.

On digits with and without wrong labels, one learning rate, the same number of steps for every
batch size. The hypothesis: the term slows the memorisation of wrong labels, so that it lowers the
error of the last step and not that of the epoch which validation chooses. A batch of one makes the
loss a rescaled cross entropy, to which Adam is indifferent: there the weight can do nothing.
"""

import numpy as np
from milc import INFORMED, PLAIN

from mitheory.study import Study, Verdict, main
from mitheory.study.paired import difference, holm

N_TRAIN, STEPS, RATE = 1_000, 600, 3e-3
NOISE = {"clean": 0.0, "40 % of labels wrong": 0.4}
JUDGED = 10.0  # the weight that the claim is about; the others are shown
POINTS = 15  # of the learning curve kept


def measured(data, batch_size, weight, seed, rng):
    from mitheory import train

    # not the cell's own: the weights and batch sizes of a seed have the same data
    rng = np.random.default_rng([seed])
    sample = train.with_label_noise(train.digits(rng), NOISE[data], rng)
    result = train.fit(
        sample,
        loss=INFORMED if weight else PLAIN,
        weight=weight,
        epochs=STEPS * batch_size // N_TRAIN,
        batch_size=batch_size,
        learning_rate=RATE,
        seed=seed,
        device="cpu",
    )
    every = max(1, len(result.history) // POINTS)
    curve = result.history[every - 1 :: every]
    return {
        "value": 100 * result.last.test.error,
        "early": 100 * result.best.test.error,
        "best_epoch": result.best_epoch,
        "cross_entropy": [result.last.test.cross_entropy, result.best.test.cross_entropy],
        "train_error": 100 * result.last.train.error,
        "steps": [epoch.epoch * N_TRAIN // batch_size for epoch in curve],
        "error": [round(100 * epoch.test.error, 3) for epoch in curve],
    }


def judge(cells):
    """The claim holds where the error of the last step is shown to be lower at every batch size."""
    words, lower = [], []
    for data in dict.fromkeys(cell["data"] for cell in cells):
        for size in dict.fromkeys(cell["batch_size"] for cell in cells):
            here = [c for c in cells if c["data"] == data and c["batch_size"] == size]
            last, early = gains(here, "value"), gains(here, "early")
            weights = list(last)
            adjusted = holm([last[weight].p for weight in weights])
            shown = adjusted[weights.index(JUDGED)] < 0.05
            if NOISE[data]:
                lower.append(shown and last[JUDGED].mean < 0)
            words.append(
                f"{data}, batches of {size}: {last[JUDGED].mean:+.2f} ± "
                f"{last[JUDGED].half_width:.2f} at the last step, {early[JUDGED].mean:+.2f} ± "
                f"{early[JUDGED].half_width:.2f} at the chosen epoch"
            )
    seeds = len({cell["seed"] for cell in cells})
    return Verdict(
        "holds" if all(lower) else "does not hold",
        f"error with weight {JUDGED:g} less that of cross entropy, in percentage points with 95 % "
        f"t-intervals over {seeds} paired seeds: {'; '.join(words)}",
    )


def gains(cells, score):
    """Weight → the paired difference of a score from that of weight 0."""
    by_weight = {}
    for cell in sorted(cells, key=lambda cell: cell["seed"]):
        by_weight.setdefault(cell["weight"], []).append(cell[score])
    plain = by_weight.pop(0.0)
    return {weight: difference(scores, plain) for weight, scores in by_weight.items()}


STUDY = Study(
    name="milc_batch",
    claim="under label noise and at equal numbers of steps the label-entropy term, of weight 10, "
    "lowers the test error of the last step at every batch size",
    over={
        "data": list(NOISE),
        "batch_size": [10, 50, 250],
        "weight": [0.0, 1.0, JUDGED, 100.0],
        "seed": list(range(10)),
    },
    quick={
        "data": list(NOISE)[-1:],
        "batch_size": [10, 50, 250],
        "weight": [0.0, JUDGED],
        "seed": list(range(3)),
    },
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "sklearn"),
    cite="yi2022milc",
    unit="percentage point",
    note=f"Handwritten digits, {N_TRAIN} for training; {STEPS} steps, learning rate {RATE:g}; "
    "Holm's correction over the weights.",
)

if __name__ == "__main__":
    main(STUDY)
