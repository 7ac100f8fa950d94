"""The binary Gaussian model: its exact information and error lie between their bounds."""

import numpy as np

from mitheory import laws
from mitheory.bounds import gaussian
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.fano import fano_error_lower
from mitheory.study import Study, main


def measured(snr, rng):
    law = laws.BinaryGaussian.from_snr(snr)
    information, equivocation, error = (
        law.information(),
        law.conditional_entropy(),
        law.bayes_error(),
    )
    lower = {b.name: float(b.value(snr)) for b in gaussian.LOWER}
    upper = {b.name: float(b.value(snr)) for b in gaussian.UPPER}
    fano = float(fano_error_lower(equivocation, 2))
    envelope = float(envelope_error_upper(equivocation))
    slack = [
        *((information - value) / information for value in lower.values()),
        *((value - information) / information for value in upper.values()),
        (error - fano) / error,
        (envelope - error) / error,
        (error - equivocation / np.pi) / error,
        (equivocation / (2 * np.log(2)) - error) / error,
    ]
    return {
        "value": min(slack),
        "information": information,
        "conditional_entropy": equivocation,
        "error": error,
        "lower": lower,
        "upper": upper,
        "fano": fano,
        "envelope": envelope,
    }


STUDY = Study(
    name="gaussian_information",
    claim="the exact information and Bayes error of the binary Gaussian model lie between all "
    "their closed-form bounds",
    over={"snr": [float(f"{x:.4g}") for x in np.geomspace(1e-3, 100, 41)]},
    measured=measured,
    predicted=lambda snr: 0.0,
    relation="at least",
    # the relative error to which the exact values are computed
    tolerance=2e-13,
    note="The number is the smallest slack of any bound, relative to the quantity bounded.",
)

if __name__ == "__main__":
    main(STUDY)
