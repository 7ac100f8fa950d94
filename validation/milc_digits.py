"""The protocol of milc.py on handwritten digits, clean and with labels changed at random."""

from milc import compared, judge

from mitheory.study import Study, main

OPTIONS = {"epochs": 30, "batch_size": 50, "device": "cpu"}
NOISE = {f"{rate} % of labels wrong": rate / 100 for rate in (0, 20, 40)}


def measured(data, seed, rng):
    from mitheory import train

    sample = train.with_label_noise(train.digits(rng), NOISE[data], rng)
    return compared(sample, seed, OPTIONS)


STUDY = Study(
    name="milc_digits",
    claim="training by mutual information lowers the test error below that of cross entropy, "
    "both tuned and stopped early: handwritten digits",
    over={"data": list(NOISE), "seed": list(range(10))},
    quick={"data": list(NOISE)[-1:], "seed": list(range(4))},
    measured=measured,
    judge=judge,
    must_hold=False,
    needs=("torch", "sklearn"),
    cite="yi2022milc",
    unit="percentage point",
    note="An open question of the field. 1 000 images for training, 297 for validation, 500 for "
    "the test. Every loss has six trainings; validation error chooses weight, rate and epoch.",
)

if __name__ == "__main__":
    main(STUDY)
