"""Which intervals keep their level: how often each kind holds the entropy, against the level."""

import math
import warnings

import numpy as np

import mitheory as mt
from mitheory import laws
from mitheory.entropies import RegimeWarning
from mitheory.study import Study, main

LEVEL = 0.95
SYMBOLS = 30
SLOW = ("pym",)  # gets a tenth of the samples, and is left out where these are few
ROUNDING = 1e-12  # of the truth, where an interval ends at exactly ln S
INTERVALS = {
    "jackknife": ("plugin", "miller_madow", "grassberger", "chao_shen", "nsb"),
    "bootstrap": ("plugin", "miller_madow", "chao_shen"),
    "bca": ("plugin", "miller_madow", "chao_shen"),
    "posterior": ("dirichlet_jeffreys", "nsb", "pym"),
    "certified": ("plugin",),
}


def measured(law, n, samples, resamples, rng):
    counts = law.sample_counts(n, rng, samples)
    missed, width, refused = {}, {}, {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)  # to be outside the regime is the point
        for kind, methods in INTERVALS.items():
            for method in methods:
                name = f"{kind} {method}"
                rows = counts[: samples // 10] if method in SLOW else counts
                if len(rows) < 100:
                    continue
                ends = np.array([limits(row, method, kind, resamples, rng) for row in rows])
                given = ends[~np.isnan(ends[:, 0])]
                inside = (given[:, 0] - ROUNDING <= law.entropy()) & (
                    law.entropy() <= given[:, 1] + ROUNDING
                )
                missed[name] = 1 - inside.sum() / len(rows)
                refused[name] = 1 - len(given) / len(rows)
                width[name] = np.mean(given[:, 1] - given[:, 0]) if len(given) else None
    return {
        "value": missed["certified plugin"],
        "missed": missed,
        "refused": refused,
        "width": width,
        "symbols": SYMBOLS,
        "entropy": law.entropy(),
    }


def limits(counts, method, kind, resamples, rng):
    """Both ends, or NaN where the interval is refused."""
    options = {"rng": rng, "replicates": resamples} if kind in ("bootstrap", "bca") else {}
    try:
        interval = mt.interval(counts, method, level=LEVEL, kind=kind, alphabet=SYMBOLS, **options)
    except ValueError:
        return math.nan, math.nan
    return interval.lower, interval.upper


STUDY = Study(
    name="interval_coverage",
    claim=f"certified intervals hold the entropy at least {100 * LEVEL:g} % of the time",
    over={
        "law": [
            laws.uniform(SYMBOLS),
            laws.zipf(SYMBOLS, 1.0),
            laws.geometric(SYMBOLS, 0.7),
            laws.two_level(SYMBOLS, 0.5),
        ],
        "n": [10, 30, 100, 300, 1_000, 3_000],
        "samples": [2_000],
        "resamples": [1_000],
    },
    quick={"n": [10, 100, 1_000], "samples": [200], "resamples": [200]},
    measured=measured,
    predicted=lambda **cell: 1 - LEVEL,
    relation="at most",
    tolerance=lambda samples, **cell: 4 * math.sqrt(LEVEL * (1 - LEVEL) / samples),
    unit="share of intervals",
    note="The number is the share of certified intervals that miss the entropy; the other kinds "
    "are measured beside it. An interval that is refused counts as a miss. The tolerance is four "
    "binomial standard deviations.",
)

if __name__ == "__main__":
    main(STUDY)
