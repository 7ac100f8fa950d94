"""A plausible closed form that is no theorem: the self-bounding quadratic relaxation of Fano.

Fano's inequality says H(Y|X) <= h(p) + p H(Y | X, an error), and h(p) <= 1/2 + 2p(1 - p) in bits.
Bounding what is left after an error by H(Y|X) itself gives H <= 1/2 + 2p(1 - p) + p H, that is

    p >= (2 + H - sqrt((H - 2)^2 + 4)) / 4.

But conditioning on the event of an error can raise the entropy. As Fano's inequality is attained,
the form holds for M classes if and only if Fano's function stays below 2p + 1/(2(1 - p)), a
difference that is convex in p: one minimum decides. Where it is negative, the posterior
(1 - p, p/(M - 1), ...) at that p is a law whose error is smaller than the form allows. With
ln(M - 1) in place of H in the last term it is a theorem, `fano_quadratic`.
"""

import math

import numpy as np
from scipy import optimize, special

import mitheory as mt
from mitheory.study import Study, Verdict, main

UNITS = {"bits": math.log(2.0), "nats": 1.0}  # in nats
LARGEST = {"bits": 3, "nats": 11}  # number of classes for which the form holds


def remembered(entropy):
    """The least error that the form allows at an entropy, whatever its unit."""
    root = math.sqrt((entropy - 2.0) ** 2 + 4.0)
    return max((2.0 + entropy - root) / 4.0, 0.0)


def slope(p, classes, unit):
    """Derivative in p of 2p + 1/(2(1 - p)) less Fano's function in the unit."""
    fano = math.log((1.0 - p) * (classes - 1) / p) / unit
    return 2.0 + 0.5 / (1.0 - p) ** 2 - fano


def measured(classes, entropies, rng):
    unit, top = UNITS[entropies], 1.0 - 1.0 / classes
    p = optimize.brentq(slope, 1e-300, top, args=(classes, unit), xtol=1e-15)
    law = np.append(1.0 - p, np.full(classes - 1, p / (classes - 1)))
    entropy = float(special.entr(law).sum()) / unit
    grid = np.linspace(0.0, top, 201)
    fano = mt.BOUNDS["fano"].value(p=grid, M=classes) / unit
    return {
        "value": 2.0 * p + 0.5 / (1.0 - p) - entropy,
        "error": 1.0 - float(law.max()),
        "entropy": entropy,
        "claimed": remembered(entropy),
        "curve": {"error": grid, "claimed": [remembered(h) for h in fano]},
    }


def judge(cells):
    """The domain is the one stated if the form fails exactly beyond it, by its own examples."""
    right, words = True, []
    for unit, largest in LARGEST.items():
        own = [cell for cell in cells if cell["entropies"] == unit]
        refuted = [cell for cell in own if cell["value"] < 0]
        examples = [cell for cell in own if cell["claimed"] > cell["error"]]
        beyond = [cell for cell in own if cell["classes"] > largest]
        right &= refuted == examples == beyond and len(beyond) < len(own)
        if refuted:
            first = min(refuted, key=lambda cell: cell["classes"])
            others = first["classes"] - 1
            words.append(
                f"in {unit} it is refuted at {first['classes']} classes by the law "
                f"({1 - first['error']:.5f}, {first['error'] / others:.5f} x {others}), whose "
                f"error is {first['error']:.5f} where the form claims at least "
                f"{first['claimed']:.5f}"
            )
    return Verdict("holds" if right else "does not hold", "; ".join(words) or "never refuted")


STUDY = Study(
    name="remembered_form",
    claim="the self-bounding quadratic relaxation of Fano's inequality is no bound: it fails for "
    "more than 3 classes with entropies in bits, for more than 11 in nats",
    over={
        "classes": [*range(2, 16), 20, 50, 100, 1_000, 1_000_000],
        "entropies": list(UNITS),
    },
    measured=measured,
    judge=judge,
    note="The number is the least slack, over all errors, of the entropy that the form allows "
    "above Fano's function, in the unit of the entropies: negative where the form fails. A "
    "form of this shape is easily remembered; no source of it is known.",
)

if __name__ == "__main__":
    main(STUDY)
