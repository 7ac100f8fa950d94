"""Every trained classifier is a point between the bounds: on laws whose information is exact.

No classifier errs less than the Bayes classifier, nor less than Fano's inequality allows at the
exact information; and none has learned more information than there is.
"""

import math

from mitheory import laws
from mitheory.bounds.fano import fano_error_lower
from mitheory.study import Study, main

N_TRAIN = 2_000
N_TEST = 100_000
SECOND_MOMENT = 0.563  # the most that p ln^2 p + (1 - p) ln^2 (1 - p) can be


def measured(snr, loss, rng):
    from mitheory import train

    law = laws.BinaryGaussian.from_snr(snr)
    data = train.gaussian(law, N_TRAIN, 500, N_TEST, rng)
    weight = 1.0 if loss == "mutual_information" else 0.0
    result = train.fit(
        data, loss=loss, weight=weight, epochs=15, batch_size=64, learning_rate=3e-3, seed=0
    )
    scores = result.last.test
    learned = law.label_entropy() - scores.cross_entropy
    # both differences in units of their standard deviation over the test set
    error_excess = (scores.error - law.bayes_error()) / math.sqrt(law.bayes_error() / N_TEST)
    information_gap = (law.information() - learned) / math.sqrt(SECOND_MOMENT / N_TEST)
    return {
        "value": min(error_excess, information_gap),
        "learned_information": learned,
        "error": scores.error,
        "information": law.information(),
        "bayes_error": law.bayes_error(),
        "fano": float(fano_error_lower(law.conditional_entropy(), 2)),
    }


STUDY = Study(
    name="trained_classifiers",
    claim="no trained classifier errs less than the Bayes classifier or learns more information "
    "than there is",
    over={
        "snr": [0.1, 0.25, 0.5, 1.0, 2.0, 4.0],
        "loss": ["cross_entropy", "mutual_information"],
    },
    quick={"snr": [0.1, 0.5, 1.0, 2.0, 4.0]},
    measured=measured,
    predicted=lambda snr, loss: 0.0,
    relation="at least",
    tolerance=4.0,
    needs=("torch",),
    unit="standard deviations",
    note=f"Test sets of {N_TEST} samples; the tolerance is four of their standard deviations.",
)

if __name__ == "__main__":
    main(STUDY)
