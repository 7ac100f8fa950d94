"""Does training by mutual information give better classifiers than cross entropy?

The protocol of this study and of the studies `milc_*` beside it, fixed before the grid was run, and
after trials of a seed outside it:

- A training is given by a loss, its weight and a learning rate. Cross entropy has six rates. Every
  other loss has three weights at two of these rates, and weight 0, cross entropy itself, is one of
  the three: a loss may decline to differ. So every loss has the same budget, six trainings.
- Validation error chooses the training and, where stopping early is allowed, its epoch; equal
  errors are told apart by validation cross entropy, and then the first counts. Labels changed for
  training are changed in the validation set as well, never in the test set, which is used whole.
- Rules side by side show where a difference comes from. `fixed`: one rate, the last epoch. `last`:
  the rate is chosen, the last epoch. `early`: rate and epoch are chosen; the claim is about this.
  `likelihood`: as `early`, but chosen by validation cross entropy alone; cross entropy and
  calibration are compared under this one. Cross entropy at one low rate is shown as well.
- All losses of a seed have the same data, first network and batches. Differences are paired over
  seeds, with 95 % t-intervals; "shown" means significant at 5 % after Holm's correction over the
  losses compared with cross entropy in that setting.

An open question: the verdict is printed whichever way it falls. This file tests it on the binary
Gaussian model, where the truth is exact; a classifier better than the truth allows is an error, and
fails its cell.
"""

import math

import numpy as np

from mitheory import laws
from mitheory.bounds.fano import fano_error_lower
from mitheory.study import Study, Verdict, main
from mitheory.study.paired import difference, holm

PLAIN, INFORMED, LOW = "cross_entropy", "mutual_information", "cross_entropy, low rate"
RATES = (1e-3, 3e-3)
PLAIN_RATES = (1e-4, 3e-4, *RATES, 1e-2, 3e-2)
FIXED_RATE, LOW_RATE = 1e-3, 3e-4
WEIGHTS = {
    INFORMED: (1.0, 10.0),
    "information_regularised": (0.3, 1.0),
    "label_smoothing": (0.1, 0.3),
    "confidence_penalty": (0.1, 0.5),
    "entropy_regularised": (0.1, 0.5),
}
RULES = ("fixed", "last", "early", "likelihood")
SCORES = ("error", "cross_entropy", "calibration_error")

DIMENSION = 10
N_VAL, N_TEST = 500, 2_500
EPOCHS = 30
DEVIATIONS = 6  # of the test set's noise, allowed beyond the truth: thousands of trainings
SECOND_MOMENT = 0.563  # the most that p ln^2 p + (1 - p) ln^2 (1 - p) can be

SETTINGS = {
    f"snr {snr:g}, n = {n}": {"snr": snr, "n": n, "batch_size": batch_size}
    for snr in (0.5, 2.0)
    for n, batch_size in ((20, 4), (60, 10), (200, 20))
}


def measured(data, seed, rng):
    from mitheory import train

    setting = SETTINGS[data]
    mean = np.full(DIMENSION, math.sqrt(setting["snr"] / DIMENSION))
    law = laws.BinaryGaussian(mean, np.eye(DIMENSION))
    sample = train.gaussian(law, setting["n"], N_VAL, N_TEST, rng)
    truth = {
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "fano": float(fano_error_lower(law.conditional_entropy(), 2)),
    }
    options = {"epochs": EPOCHS, "batch_size": setting["batch_size"], "device": "cpu"}
    return truth | compared(
        sample, seed, options, on_training=lambda result: between(result, law, truth)
    )


def between(result, law, truth):
    """Refuse a classifier that is better than the truth allows, beyond the test set's noise."""
    for epoch in result.history:
        excess = (epoch.test.error - truth["bayes_error"]) / math.sqrt(
            truth["bayes_error"] / N_TEST
        )
        learned = law.label_entropy() - epoch.test.cross_entropy
        gap = (truth["information"] - learned) / math.sqrt(SECOND_MOMENT / N_TEST)
        if min(excess, gap) < -DEVIATIONS or epoch.test.error < truth["fano"]:
            raise ArithmeticError(f"{result.loss} is better than the truth allows at {epoch}")


def candidates(loss):
    """The (weight, rate) pairs of a loss's budget; cross entropy itself comes first."""
    if loss in (PLAIN, LOW):
        return [(0.0, rate) for rate in (PLAIN_RATES if loss == PLAIN else (LOW_RATE,))]
    return [(weight, rate) for weight in (0.0, *WEIGHTS[loss]) for rate in RATES]


def compared(
    sample, seed, options, losses=tuple(WEIGHTS), on_training=lambda result: None, checkpoints=None
):
    """What each rule chooses for each loss, and how that does on the test set.

    A dict with, for each rule, columns over "losses": weight, rate, epoch, and the test scores.
    With a folder for checkpoints, an interruption costs an epoch and not the cell.
    """
    from mitheory import train

    done = {}

    def training(loss, weight, rate):
        key = (loss if weight else PLAIN, weight, rate)
        if key not in done:
            result = train.fit(
                sample,
                loss=key[0],
                weight=weight,
                learning_rate=rate,
                seed=seed,
                checkpoint=checkpoints and checkpoints / f"{key[0]}-{weight:g}-{rate:g}.pt",
                **options,
            )
            on_training(result)
            done[key] = result
        return done[key]

    names = (PLAIN, LOW, *losses)
    record = {"losses": names}
    for rule in RULES:
        rows = [choice(name, rule, training) for name in names]
        record[rule] = {column: [row[column] for row in rows] for column in rows[0]}
    early = record["early"]["error"]
    return {"value": 100 * (early[names.index(INFORMED)] - early[0])} | record


def choice(loss, rule, training):
    """The training of a loss's budget, and its epoch, that validation chooses under a rule."""
    best = None
    for weight, rate in candidates(loss):
        if rule == "fixed" and loss != LOW and rate != FIXED_RATE:
            continue
        history = training(loss, weight, rate).history
        for epoch in history if rule in ("early", "likelihood") else history[-1:]:
            rank = (0.0 if rule == "likelihood" else epoch.val.error, epoch.val.cross_entropy)
            if best is None or rank < best[0]:
                best = (rank, weight, rate, epoch)
    _, weight, rate, epoch = best
    scores = {score: round(getattr(epoch.test, score), 5) for score in SCORES}
    return {"weight": weight, "rate": rate, "epoch": epoch.epoch} | scores


def gain(cells, loss, rule="early", score="error"):
    """The paired difference of a score from that of cross entropy, over the cells' seeds."""
    scale = 100 if score == "error" else 1
    pairs = np.array(
        [
            [cell[rule][score][cell["losses"].index(name)] for name in (loss, PLAIN)]
            for cell in cells
        ]
    )
    return difference(scale * pairs[:, 0], scale * pairs[:, 1])


def judge(cells):
    """The claim holds where the test error is shown to be lower in every setting."""
    words, lower = [], []
    for data in dict.fromkeys(cell["data"] for cell in cells):
        here = [cell for cell in cells if cell["data"] == data]
        losses = [name for name in here[0]["losses"] if name in WEIGHTS]
        gains = [gain(here, loss) for loss in losses]
        index = losses.index(INFORMED)
        shown = holm([g.p for g in gains])[index] < 0.05
        mean, half = gains[index].mean, gains[index].half_width
        lower.append(shown and mean < 0)
        outcome = ("lower" if mean < 0 else "higher") if shown else "no difference shown"
        words.append(f"{data}: {mean:+.2f} ± {half:.2f} ({outcome})")
    seeds = len({cell["seed"] for cell in cells})
    return Verdict(
        "holds" if all(lower) else "does not hold",
        f"test error less that of cross entropy, both tuned and stopped early, in percentage "
        f"points with 95 % t-intervals over {seeds} paired seeds: {'; '.join(words)}",
    )


STUDY = Study(
    name="milc",
    claim="training by mutual information lowers the test error below that of cross entropy, "
    "both tuned and stopped early: binary Gaussian model",
    over={"data": list(SETTINGS), "seed": list(range(20))},
    quick={"data": list(SETTINGS)[:3], "seed": list(range(4))},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch",),
    cite="yi2022milc",
    unit="percentage point",
    note=f"An open question of the field. {DIMENSION} coordinates, {N_VAL} samples for validation, "
    f"{N_TEST} for the test. Every loss has six trainings; validation error chooses weight, "
    "learning rate and epoch. This neither reproduces nor refutes the published table.",
)

if __name__ == "__main__":
    main(STUDY)
