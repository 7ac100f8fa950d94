"""How wrong the estimates of information from nearest neighbours are, where the truth is exact.

Two scalars, two vectors, numbers with a label, numbers of which some repeat. Monotone maps of X
and of Y keep the truth. Beside them: the same estimate with neighbours as near as the k-th counted
too, as some packages do, and scikit-learn's, where it is installed.
"""

import importlib.util
import itertools
import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import psi

import mitheory as mt
from mitheory import laws
from mitheory.neighbors.search import count_within, kth_distance
from mitheory.neighbors.variables import as_variable
from mitheory.study import Study, Verdict, main

K = 3
NEIGHBORS = ("ksg", "ksg2", "ksg of ranks", "ross", "mixed")
NUMBERS = ("ksg", "ksg2", "gaussian", "gaussian_copula")  # mixed is ksg where nothing repeats
LABELLED = ("ross", "mixed")


@dataclass(frozen=True)
class Mapped:
    """Y and X of another law after the maps x -> x^3 and y -> exp(y)."""

    law: Any

    def __str__(self):
        return f"mapped {self.law}"

    def information(self):
        """That of the other law."""
        return self.law.information()

    def sample(self, n, rng):
        """Samples (n,) of X and of Y."""
        x, y = self.law.sample(n, rng)
        return x**3, np.exp(y)


@dataclass(frozen=True)
class Steps:
    """X uniform on 0, 1, ..., m - 1 and Y uniform on (X, X + 2); X is a number that repeats.

    Source: gao2017.
    """

    m: int

    def __str__(self):
        return f"steps({self.m})"

    def information(self):
        """In nats: on all but the two ends of its range, Y leaves two X alike."""
        return math.log(self.m) - (self.m - 1) * math.log(2) / self.m

    def sample(self, n, rng):
        """Samples (n,) of X and of Y."""
        x = rng.integers(0, self.m, n).astype(np.float64)
        return x, x + rng.uniform(0, 2, n)


@dataclass(frozen=True)
class Zeros:
    """X = Y = 0 with probability `share`, else X and Y of another law, which are never 0."""

    share: float
    law: Any

    def __str__(self):
        return f"zeros({self.share}) of {self.law}"

    def information(self):
        """In nats. X tells, and so does Y, whether it is a zero."""
        chance = -sum(p * math.log(p) for p in (self.share, 1 - self.share))
        return chance + (1 - self.share) * self.law.information()

    def sample(self, n, rng):
        """Samples (n,) of X and of Y."""
        kept = rng.random((n, 1)) >= self.share
        x, y = self.law.sample(n, rng)
        return kept * x, kept * y


def equal_correlations(d, rho):
    """d + d normal columns, of which each of X has correlation `rho` with one of Y."""
    cov = np.kron([[1.0, rho], [rho, 1.0]], np.eye(d))
    return laws.MultivariateNormal(cov, d, f"normal({d} + {d}, {rho})")


def of_ranks(x, y):
    """KSG of the normal scores of the ranks."""
    return mt.neighbors.information(x, y, method="ksg", k=K, scale="rank").value


def not_strict(x, y):
    """KSG with the samples as near as the k-th neighbour counted too."""
    x, y = as_variable(x).values, as_variable(y).values
    radii = kth_distance((x, y), K)
    means = [psi(count_within(v, radii, strict=False) + 1).mean() for v in (x, y)]
    return float(psi(K) + psi(len(x)) - sum(means))


def scikit_learn(x, y):
    from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

    verb = mutual_info_classif if y.dtype.kind == "i" else mutual_info_regression
    return float(verb(x.reshape(len(x), -1), y.ravel(), n_neighbors=K, random_state=0)[0])


def contenders(x, y):
    """Name to function of two samples."""
    first, second = as_variable(x).kind, as_variable(y).kind

    def ours(method):
        symbols = first == "mixed" and method == "ross"  # the numbers that repeat are its label
        kinds = ("discrete" if symbols else None, None)
        return lambda x, y: mt.neighbors.information(x, y, method=method, k=K, kinds=kinds).value

    names = NUMBERS if first == second == "continuous" else LABELLED
    if first == second == "mixed":
        names = ("mixed",)
    chosen = {name: ours(name) for name in names}
    if "ksg" in chosen:
        chosen["ksg of ranks"] = of_ranks
        chosen["not strict"] = not_strict
    if importlib.util.find_spec("sklearn") and x[0].size == y[0].size == 1:
        chosen["scikit-learn"] = scikit_learn
    return chosen


def measured(law, n, rng):
    replicates = max(20, min(100, 200_000 // n))
    samples = [law.sample(n, rng) for _ in range(replicates)]
    bias, error = {}, {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mt.RegimeWarning)  # the grid goes where no method is right
        for name, estimate in contenders(*samples[0]).items():
            off = np.array([estimate(x, y) for x, y in samples]) - law.information()
            bias[name], error[name] = off.mean(), math.sqrt((off**2).mean())
    ours = {name: error[name] for name in NEIGHBORS if name in error}
    return {
        "value": max(ours.values()),
        "bias": bias,
        "error": error,
        "information": law.information(),
        "replicates": replicates,
    }


def judge(cells):
    """Whether each error falls from n to n, and how far the peers are off beside ours."""
    falls = {}
    for before, after in itertools.pairwise(cells):
        if before["law"] == after["law"]:
            for name in set(before["error"]) & set(NEIGHBORS):
                where = f"{name} of {after['law']} at n = {after['n']}"
                falls[where] = after["error"][name] / before["error"][name]
    worst = max(falls, key=falls.get)
    most = max(cell["n"] for cell in cells)
    shifts = [
        cell["bias"]["not strict"] - cell["bias"]["ksg"]
        for cell in cells
        if cell["n"] == most and "ksg" in cell["bias"]
    ]
    status = "holds" if falls[worst] < 1 else "does not hold"
    return Verdict(
        status,
        f"from one n to the next the error is multiplied by {falls[worst]:.2f} at most ({worst}); "
        f"at n = {most}, counts that are not strict lower the estimate by "
        f"{-max(shifts):.4f} to {-min(shifts):.4f} nats",
    )


STUDY = Study(
    name="neighbors",
    claim="with more samples, every nearest-neighbour estimate is closer to the truth, on each law",
    over={
        "law": [
            laws.MultivariateNormal.bivariate(0.6),
            laws.MultivariateNormal.bivariate(0.9999),
            Mapped(laws.MultivariateNormal.bivariate(0.9)),
            laws.MultivariateStudent.bivariate_cauchy(),
            laws.AdditiveUniform(0.1),
            equal_correlations(3, 0.6),
            laws.MultivariateStudent(np.eye(4), 3, 2, "student(2 + 2, 3 degrees)"),
            laws.BinaryGaussian.from_snr(1.0),
            laws.BinaryLaplace(1.0, 1.0),
            Steps(5),
            Zeros(0.3, laws.MultivariateNormal.bivariate(0.9)),
        ],
        "n": [100, 1_000, 10_000, 100_000],
    },
    quick={"n": [100, 1_000]},
    measured=measured,
    judge=judge,
    must_hold=False,
    cite="kraskov2004, ross2014, gao2017, kotz2004",
    unit="nat",
    note="The number is the root mean squared error of the worst of the nearest-neighbour "
    f"estimates, k = {K}, over 100 samples (20 from n = 10 000 on).",
)

if __name__ == "__main__":
    main(STUDY)
