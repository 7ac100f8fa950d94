"""The binary Gaussian model: its exact information and error lie between their bounds.

Where the information nears ln 2 it says nothing in floating point; what it lacks, H(Y|X), still
does. Each comparison is therefore relative to the smaller of the two, and the closed forms are
evaluated at 40 digits.
"""

import math

import numpy as np

from mitheory import laws
from mitheory.bounds import gaussian
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.expressions import read, symbol
from mitheory.bounds.fano import fano_error_lower
from mitheory.study import Study, main


def closed_form(bound, snr):
    """A closed form (nats) and what it lacks to ln 2, both to full relative accuracy."""
    import sympy

    exact = read(bound.formula).subs(symbol("gamma"), sympy.Rational(snr))
    return float(exact.evalf(40)), float((sympy.log(2) - exact).evalf(40))


def measured(snr, rng):
    law = laws.BinaryGaussian.from_snr(snr)
    information, equivocation, error = (
        law.information(),
        law.conditional_entropy(),
        law.bayes_error(),
    )
    values, slack = {}, []
    for bound in (*gaussian.LOWER, *gaussian.UPPER):
        value, lack = closed_form(bound, snr)
        values[bound.name] = value
        sign = 1 if bound.side == "lower" else -1
        if information < equivocation:
            slack.append(sign * (information - value) / information)
        else:
            slack.append(sign * (lack - equivocation) / equivocation)
    fano = float(fano_error_lower(equivocation, 2))
    envelope = float(envelope_error_upper(equivocation))
    slack += [
        (error - fano) / error,
        (envelope - error) / error,
        (error - equivocation / np.pi) / error,
        (equivocation / (2 * math.log(2)) - error) / error,
    ]
    return {
        "value": min(slack),
        "information": information,
        "conditional_entropy": equivocation,
        "error": error,
        "lower": {b.name: values[b.name] for b in gaussian.LOWER},
        "upper": {b.name: values[b.name] for b in gaussian.UPPER},
        "fano": fano,
        "envelope": envelope,
    }


STUDY = Study(
    name="gaussian_information",
    claim="the exact information and Bayes error of the binary Gaussian model lie between all "
    "their closed-form bounds",
    over={"snr": [float(f"{x:.4g}") for x in np.geomspace(1e-3, 100, 61)]},
    measured=measured,
    predicted=lambda snr: 0.0,
    relation="at least",
    # the relative error to which the exact values are computed
    tolerance=2e-13,
    note="The number is the smallest slack of any bound, relative to the Bayes error, or to the "
    "information or what it lacks to ln 2, whichever is smaller.",
)

if __name__ == "__main__":
    main(STUDY)
