"""Intervals from the sample itself: delete-one jackknife, percentile bootstrap, BCa."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy import special

from mitheory import check
from mitheory.check import FloatArray
from mitheory.entropies import Estimator
from mitheory.intervals.sample import Ends, Part, Quantity, Sample
from mitheory.profile import Profile

Interval = tuple[float, float, float]
"""Lower end, upper end, standard error."""

_CELLS = 2**20
"""Resamples are drawn, and samples left out, in pieces of about this many cells."""

_TIE = 1e-11
"""Resampled estimates that differ from the estimate by less are ties parted by rounding."""

MOST_DELETED = 10**10
"""Largest n for the jackknife: leaving one sample out changes an estimate by about 1/n, of which
rounding leaves about n * 1e-15.
"""


def resampled_ends(
    kind: Literal["jackknife", "bootstrap", "bca"],
    estimator: Estimator,
    quantity: Quantity,
    level: float,
    sizes: tuple[int, ...] | None,
    replicates: int,
    rng: np.random.Generator | None,
) -> Ends:
    """The interval of a sample as a function of it, from the sizes of the alphabets if given."""
    if kind != "jackknife":
        if rng is None:
            raise TypeError(
                f"kind={kind!r} draws resamples: pass rng=, a numpy.random.Generator "
                "(numpy.random.default_rng(seed) makes one)"
            )
        generator = check.generator(rng)
        draws = check.whole_number(replicates, "replicates", least=1)
        if draws * (1.0 - level) < 2.0:
            raise ValueError(
                f"replicates must be at least 2 / (1 - level) = {2.0 / (1.0 - level):.0f}, so that "
                f"one falls outside each end; got {draws}"
            )

    def ends(part: Part, value: float) -> Interval:
        sample = Sample.of(part, quantity, sizes)
        if sample.n < 2:
            raise ValueError(
                f"kind={kind!r} needs two samples or more, since one shows no spread; got n = 1"
            )
        if kind == "jackknife":
            return jackknife(estimator, sample, value, level)
        resampled = resample(estimator, sample, draws, generator)
        if kind == "bootstrap":
            return bootstrap(resampled, level)
        return bca(resampled, estimator, sample, value, level)

    return ends


def jackknife(estimator: Estimator, sample: Sample, value: float, level: float) -> Interval:
    """Student's interval with n - 1 degrees of freedom about the estimate.

    The standard error is sqrt((n-1)/n sum_i (T_i - mean T)^2), T_i the estimate without sample i.
    Sources: tukey1958, efron1981.
    """
    n = sample.n
    if n > MOST_DELETED:
        raise ValueError(
            f"kind='jackknife' takes at most {MOST_DELETED} samples, beyond which rounding hides "
            f"what one sample does; got {n} (kind='bootstrap' takes them)"
        )
    weight, change = deleted(estimator, sample)
    error = math.sqrt((n - 1) / n * float(weight @ change**2))
    radius = float(special.stdtrit(n - 1.0, 0.5 + 0.5 * level)) * error
    return value - radius, value + radius, error


def bootstrap(resampled: FloatArray, level: float) -> Interval:
    """Quantiles of the resampled estimates. Source: efron1979."""
    lower, upper = np.quantile(resampled, [0.5 - 0.5 * level, 0.5 + 0.5 * level])
    return float(lower), float(upper), float(resampled.std(ddof=1))


def bca(
    resampled: FloatArray, estimator: Estimator, sample: Sample, value: float, level: float
) -> Interval:
    """Quantiles of the resampled estimates at levels moved by median bias z0 and acceleration a.

    z0 = Phi^-1 of the share of resampled estimates below the estimate, ties counted half;
    a = sum_i d_i^3 / (6 (sum_i d_i^2)^(3/2)) with d_i = mean T - T_i over the delete-one
    estimates; the end at z = Phi^-1(q) is the quantile at Phi(z0 + (z0 + z) / (1 - a (z0 + z))).
    Source: efron1987.
    """
    tie = _TIE * (1.0 + abs(value))
    under, over = float(np.mean(resampled < value - tie)), float(np.mean(resampled > value + tie))
    if (under > 0.0) != (over > 0.0):
        side = "above" if under > 0.0 else "below"
        raise ValueError(
            f"the BCa interval does not exist: none of {resampled.size} resampled estimates is "
            f"{side} the estimate of {estimator.name}, so its bias outweighs its spread (take a "
            "method with less bias, kind='jackknife', or more samples)"
        )
    below = 0.5 * (1.0 + under - over)
    weight, change = deleted(estimator, sample)
    square = float(weight @ change**2)
    a = -float(weight @ change**3) / (6.0 * square**1.5) if square > 0.0 else 0.0
    z = special.ndtri(np.array([0.5 - 0.5 * level, 0.5 + 0.5 * level])) + special.ndtri(below)
    if not np.all(a * z < 1.0):
        raise ValueError(
            f"the BCa interval does not exist: with {100 * below:.3g} % of the resampled estimates "
            f"below the estimate of {estimator.name}, the acceleration {a:.3g} moves an end beyond "
            "all levels (take kind='jackknife', or more samples)"
        )
    moved = special.ndtr(special.ndtri(below) + z / (1.0 - a * z))
    lower, upper = np.quantile(resampled, moved)
    return float(lower), float(upper), float(resampled.std(ddof=1))


def resample(
    estimator: Estimator, sample: Sample, replicates: int, rng: np.random.Generator
) -> FloatArray:
    """The quantity in multinomial resamples of the sample, shape (replicates,)."""
    counts = np.repeat(sample.counts, sample.times)
    p = counts / sample.n
    step = max(1, _CELLS // counts.size)
    sizes = [min(step, replicates - start) for start in range(0, replicates, step)]
    return np.concatenate(
        [sample.estimate(estimator, rng.multinomial(sample.n, p, size)) for size in sizes]
    )


def deleted(estimator: Estimator, sample: Sample) -> tuple[FloatArray, FloatArray]:
    """The delete-one estimates less their mean, and how many samples each stands for.

    One number a cell: the entropy of a term changes with the count of the cell's symbol alone.
    """
    change = np.zeros(sample.counts.size)
    for term in sample.terms:
        profile = sample.profile(term)
        left = left_out(estimator, profile, term.alphabet)
        counts = sample.counts
        if term.group is not None:
            counts = term.of(counts)[term.group]
        change += term.sign * left[np.searchsorted(profile.j, counts)]
    weight = (sample.counts * sample.times).astype(np.float64)
    change -= change[0]  # so that equal estimates stay equal
    return weight, change - float(weight @ change) / sample.n


def left_out(estimator: Estimator, profile: Profile, alphabet: int | None) -> FloatArray:
    """The estimate without one of the samples of a symbol seen j times, for each j of the profile,
    up to a constant that they share.
    """
    j, n = profile.j, int(profile.n)
    if estimator.linear:
        # of all terms only that of the symbol changes; a symbol with all samples is alone
        kept = np.minimum(j, n - 1)
        after = estimator.weight(kept - 1, n - 1, alphabet)
        return after - estimator.weight(kept, n - 1, alphabet)
    seen = np.union1d(j, j[j > 1] - 1)
    here = np.searchsorted(seen, j)
    values = []
    step = max(1, _CELLS // seen.size)
    for start in range(0, j.size, step):
        taken = here[start : start + step]
        phi = np.zeros((taken.size, seen.size), dtype=np.int64)
        phi[:, here] = profile.phi
        rows = np.arange(taken.size)
        phi[rows, taken] -= 1
        again = seen[taken] > 1
        phi[rows[again], np.searchsorted(seen, seen[taken[again]] - 1)] += 1
        used = phi.any(axis=0)
        piece = Profile(seen[used], np.ascontiguousarray(phi[:, used]))
        try:
            values.append(estimator.of_profile(piece, alphabet))
        except ValueError as error:
            raise ValueError(f"without one of its samples: {error}") from error
    return np.concatenate(values)
