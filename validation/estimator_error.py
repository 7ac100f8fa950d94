"""How wrong each estimator of entropy is, against the sample size and the law.

The error of a linear estimator is computed exactly; that of any other is simulated.
"""

import math
import warnings

import numpy as np

import mitheory as mt
from mitheory import laws, risk
from mitheory.study import Study, Verdict, main

S = 100
REPLICATES = 200
FEW = 50  # samples for PYM, which takes a hundred times as long as the others
NEED_COINCIDENCES = ("ansb", "pym")
FOR_RARE_SYMBOLS = ("grassberger", "chao_shen", "chao_wang_jost", "zhang", "nsb", "jvhw", "unseen")


def measured(law, n, rng):
    truth = law.entropy()
    error, bias = {}, {}
    counts = law.sample_counts(n, rng, REPLICATES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)  # the grid leaves every regime
        for name, estimator in mt.ENTROPIES.items():
            if estimator.linear:
                bias[name] = risk.bias(estimator, law, n)
                error[name] = math.sqrt(risk.mse(estimator, law, n))
            else:
                rows = counts[:FEW] if name == "pym" else counts
                if name in NEED_COINCIDENCES:  # the samples that they do not refuse
                    rows = rows[(rows > 1).any(axis=1)]
                values = mt.entropy(rows, name, alphabet=S) - truth
                bias[name] = float(values.mean())
                error[name] = float(np.sqrt((values**2).mean()))
    return {
        "value": error["plugin"] / min(error.values()),
        "error": error,
        "bias": bias,
        "entropy": truth,
    }


def judge(cells):
    """At n = S: which of the estimators meant for rare symbols err less than the plug-in."""
    at = [cell for cell in cells if cell["n"] == S]
    worst = {
        name: max(cell["error"][name] / cell["error"]["plugin"] for cell in at)
        for name in FOR_RARE_SYMBOLS
    }
    status = "holds" if max(worst.values()) < 1 else "does not hold"
    words = ", ".join(f"{name} {ratio:.2f}" for name, ratio in worst.items())
    return Verdict(status, f"error relative to the plug-in's, on the worst law: {words}")


STUDY = Study(
    name="estimator_error",
    claim="at n = S samples, every estimator meant for rare symbols errs less than the plug-in",
    over={
        "law": [
            laws.uniform(S),
            laws.zipf(S, 1.0),
            laws.geometric(S, 0.9),
            laws.two_level(S, 0.5),
        ],
        "n": [10, 30, 100, 300, 1_000, 3_000],
    },
    measured=measured,
    judge=judge,
    must_hold=False,
    cite="grassberger2003, chao2003, nemenman2002, jiao2015, valiant2017",
    unit="times the error of the best",
    note=f"Root mean squared errors; those of nonlinear estimators from {REPLICATES} samples "
    f"(PYM: {FEW}). ANSB and PYM are measured on the samples with a coincidence; the others they "
    "refuse.",
)

if __name__ == "__main__":
    main(STUDY)
