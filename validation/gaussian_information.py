"""The binary Gaussian model: its exact information and error lie between their bounds.

Where the information nears ln 2 it says nothing in floating point; what it lacks, H(Y|X), still
does. Each comparison is therefore relative to the smaller of the two, and the closed forms are
evaluated exactly before they are rounded.
"""

import math

import numpy as np

from mitheory import laws
from mitheory.bounds.envelope import envelope_error_upper
from mitheory.bounds.expressions import read, symbol
from mitheory.bounds.fano import fano_error_lower
from mitheory.bounds.gaussian import FORMS
from mitheory.study import Study, main

DIGITS = 600  # exp(-500) beside 1 keeps its digits


def closed_form(name, snr):
    """A closed form (nats) and what it lacks to ln 2, both to full relative accuracy."""
    import sympy

    bound = FORMS[name]
    at = {"gamma": sympy.Rational(snr), "prior0": sympy.Rational(1, 2), "I": sympy.Integer(0)}
    slack = bound.slack
    for auxiliary, sharpest in bound.best.get("I", {}).items():
        slack = slack.subs(symbol(auxiliary), read(sharpest))
    slack = slack.subs({symbol(n): value for n, value in at.items()})
    value = slack if "greatest I" in bound.numeric else -slack
    return tuple(float(x.evalf(40, maxn=DIGITS)) for x in (value, sympy.log(2) - value))


def measured(snr, rng):
    law = laws.BinaryGaussian.from_snr(snr)
    information, equivocation, error = (
        law.information(),
        law.conditional_entropy(),
        law.bayes_error(),
    )
    near = information < equivocation  # there the value decides, beyond what it lacks to ln 2
    sides, lacks = {"lower": {}, "upper": {}}, {"lower": {}, "upper": {}}
    slack, best = [], {"lower": (math.inf, ""), "upper": (math.inf, "")}
    for form in law.information_bounds().forms:
        value, lack = closed_form(form.name, snr)
        sides[form.side][form.name] = value
        lacks[form.side][form.name] = lack
        sign = 1 if form.side == "lower" else -1
        by = (information - value) / information if near else (lack / equivocation - 1)
        slack.append(sign * by)
        if form.dominated_by is None:
            best[form.side] = min(best[form.side], (sign * by, form.name))
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
        **sides,
        "lower_by": best["lower"][1],
        "upper_by": best["upper"][1],
        "information_ratio": {
            name: value / information for side in sides.values() for name, value in side.items()
        },
        "entropy_ratio": {
            name: lack / equivocation for side in lacks.values() for name, lack in side.items()
        },
        "fano": fano,
        "envelope": envelope,
    }


STUDY = Study(
    name="gaussian_information",
    claim="the exact information and Bayes error of the binary Gaussian model lie between all "
    "their closed-form bounds",
    over={"snr": [float(f"{x:.4g}") for x in np.geomspace(1e-4, 1e3, 106)]},
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
