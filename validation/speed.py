"""Speed, as ratios to peers measured in one run: `make speed`.

Every contender of a workload runs in a process of its own, warm, on one thread (all pairs: on all
cores), one after the other; the number is the median of up to seven runs. The results are for the
machine they were measured on; the ratios travel better than the times.
"""

import os
import subprocess
import sys
import time

import numpy as np

from mitheory.study import Study, main

RUNS = 7
MOST_SECONDS = 4.0  # per contender, after the first run
SLOWEST = "the slowest of ours"


def samples(n, alphabet, seed=0):
    return np.random.default_rng(seed).integers(0, alphabet, n)


def zipf_counts(alphabet, n):
    law = 1.0 / np.arange(1, alphabet + 1)
    return np.random.default_rng(0).multinomial(n, law / law.sum())


def linear():
    """The names of the linear estimators."""
    import mitheory as mt

    return [name for name, estimator in mt.ENTROPIES.items() if estimator.linear]


def one_million_counts():
    """(a) plug-in and Miller-Madow from a million counts of 10^4 Zipf samples, and of more."""
    import mitheory as mt

    counts = {
        words: zipf_counts(10**6, n)
        for words, n in (("", 10**4), (", n = 10^7", 10**7), (", n = 10^12", 10**12))
    }

    def scipy_entropy(words):
        def ready():
            from scipy.stats import entropy

            return lambda: entropy(counts[words])

        return ready

    def ours(words, method):
        return lambda: lambda: mt.entropy(counts[words], method)

    contenders = {}
    for words in counts:
        contenders[f"mitheory plugin{words}"] = ours(words, "plugin")
        contenders[f"mitheory miller_madow{words}"] = ours(words, "miller_madow")
        contenders[f"scipy{words}"] = scipy_entropy(words)
    return contenders


def nsb_of_a_profile():
    """(a) NSB from the profile of 10^4 samples, S = 10^6; SciPy's plug-in reads 10^6 counts."""
    import mitheory as mt

    counts = zipf_counts(10**6, 10**4)
    profile = mt.Profile.from_counts(counts)

    def scipy_entropy():
        from scipy.stats import entropy

        return lambda: entropy(counts)

    return {
        "mitheory nsb": lambda: lambda: mt.entropy(profile, "nsb", alphabet=10**6),
        "scipy plugin": scipy_entropy,
    }


def zhang_and_bonachela():
    """(a) Zhang and Bonachela from 10^4 samples of 10^3 symbols."""
    import mitheory as mt

    x = samples(10**4, 10**3)
    counts = np.bincount(x)

    def infomeasure(approach):
        def ready():
            import infomeasure as im

            return lambda: im.entropy(x, approach=approach)

        return ready

    return {
        "mitheory zhang": lambda: lambda: mt.entropy(counts, "zhang"),
        "mitheory bonachela": lambda: lambda: mt.entropy(counts, "bonachela"),
        "infomeasure zhang": infomeasure("zhang"),
        "infomeasure bonachela": infomeasure("bonachela"),
    }


def ten_million_samples():
    """(b) counting 10^7 integers of an alphabet of 1000."""
    import mitheory as mt

    x = samples(10**7, 1000)

    def pandas():
        import pandas as pd

        column = pd.Series(x)
        return lambda: column.value_counts(sort=False)

    return {
        "mitheory": lambda: lambda: mt.count(x),
        "np.bincount": lambda: lambda: np.bincount(x),
        "np.unique": lambda: lambda: np.unique(x, return_counts=True),
        "pandas": pandas,
    }


def one_million_pairs():
    """(c) information of 10^6 pairs, 100 x 100."""
    import mitheory as mt

    x, y = samples(10**6, 100), samples(10**6, 100, seed=1)

    def pyinform():
        from pyinform import mutual_info

        return lambda: mutual_info(x, y)

    def sklearn():
        from sklearn.metrics import mutual_info_score

        return lambda: mutual_info_score(x, y)

    def infomeasure():
        import infomeasure as im

        return lambda: im.mutual_information(x, y, approach="discrete")

    return {
        "mitheory plugin": lambda: lambda: mt.mutual_information(x, y),
        "pyinform": pyinform,
        "scikit-learn": sklearn,
        "infomeasure": infomeasure,
    }


def one_million_pairs_by_any():
    """(c) the same by every linear or coverage estimator, against the plug-in."""
    import mitheory as mt

    x, y = samples(10**6, 100), samples(10**6, 100, seed=1)

    def ours(method):
        return lambda: lambda: mt.mutual_information(x, y, method=method, alphabet=(100, 100))

    others = [name for name in (*linear(), "chao_shen", "chao_wang_jost") if name != "plugin"]
    return {
        **{f"mitheory {method}": ours(method) for method in others},
        "plugin": ours("plugin"),
    }


def normal_pairs(n, d, rho):
    """d + d normal columns, of which each of X has correlation `rho` with one of Y."""
    x, noise = np.random.default_rng(0).normal(size=(2, n, d))
    return x, rho * x + np.sqrt(1 - rho**2) * noise


def neighbors_of(n, d, rho):
    """KSG, k = 3, of normal samples; NPEET is no package, and so written here as it works."""
    import mitheory as mt

    x, y = normal_pairs(n, d, rho)

    def sklearn():
        from sklearn.feature_selection import mutual_info_regression

        return lambda: mutual_info_regression(x, y[:, 0], random_state=0)

    def npeet():
        from scipy.special import digamma
        from sklearn.neighbors import KDTree

        noise = np.random.default_rng(0)

        def information():
            # noise that parts ties, trees for the maximum norm, counts just below the distance
            first, second = (v + 1e-10 * noise.random(v.shape) for v in (x, y))
            both = np.hstack([first, second])
            radii = KDTree(both, metric="chebyshev").query(both, k=4)[0][:, 3] - 1e-15
            counts = (
                KDTree(v, metric="chebyshev").query_radius(v, radii, count_only=True)
                for v in (first, second)
            )
            return digamma(3) + digamma(n) - sum(digamma(c).mean() for c in counts)

        return information

    contenders = {
        "mitheory ksg": lambda: lambda: mt.mutual_information(x, y, method="ksg"),
        "as NPEET": npeet,
    }
    return contenders | ({"scikit-learn": sklearn} if d == 1 else {})


def ten_thousand_points():
    """(d) KSG of 10^4 pairs of numbers, correlation 0.6."""
    return neighbors_of(10**4, 1, 0.6)


def one_hundred_thousand_points():
    """(d) KSG of 10^5 pairs of numbers, correlation 0.6."""
    return neighbors_of(10**5, 1, 0.6)


def nearly_on_a_line():
    """(d) KSG of 10^5 pairs of numbers, correlation 0.9999."""
    return neighbors_of(10**5, 1, 0.9999)


def one_million_points():
    """(d) KSG of 10^6 pairs of numbers, correlation 0.6."""
    return neighbors_of(10**6, 1, 0.6)


def three_and_three_columns():
    """(d) KSG of 10^4 samples of three columns and three."""
    return neighbors_of(10**4, 3, 0.6)


def many_features():
    """(d) Ross, k = 3, of 784 columns of 10^4 rows with one label of 10 symbols."""
    import mitheory as mt

    rng = np.random.default_rng(0)
    label = rng.integers(0, 10, 10**4)
    x = rng.normal(size=(10**4, 784)) + rng.normal(size=(10, 784))[label]

    def sklearn():
        from sklearn.feature_selection import mutual_info_classif

        return lambda: mutual_info_classif(x, label, random_state=0)

    return {
        "mitheory ross": lambda: lambda: mt.neighbors.mutual_info_classif(x, label),
        "scikit-learn": sklearn,
    }


def ten_thousand_replicates():
    """(e) 10^4 samples of n = 200, S = 100: plug-in and Miller-Madow."""
    import mitheory as mt

    n, size = 200, 100
    counts = np.random.default_rng(0).multinomial(n, np.full(size, 1 / size), 10**4)

    def ours():
        return mt.entropy(counts), mt.entropy(counts, "miller_madow")

    def by_hand():
        j = np.arange(1, n + 1)
        table = np.concatenate([[0.0], -j / n * np.log(j / n)])

        def both():
            plugin = table[counts].sum(axis=1)
            return plugin, plugin + ((counts > 0).sum(axis=1) - 1) / (2 * n)

        return both

    def scipy_both():
        from scipy.stats import entropy

        def both():
            plugin = entropy(counts, axis=1)
            return plugin, plugin + ((counts > 0).sum(axis=1) - 1) / (2 * n)

        return both

    return {
        "mitheory": lambda: ours,
        "x ln x table by hand": by_hand,
        "scipy": scipy_both,
    }


def nsb_in_a_batch():
    """(e) NSB of 10^3 samples of n = 200, S = 100: a batch against one call at a time."""
    import mitheory as mt

    counts = np.random.default_rng(0).multinomial(200, np.full(100, 0.01), 1000)

    def one_by_one():
        return [mt.entropy(row, "nsb", alphabet=100) for row in counts]

    return {
        "mitheory batch": lambda: lambda: mt.entropy(counts, "nsb", alphabet=100),
        "mitheory one by one": lambda: one_by_one,
    }


def all_pairs():
    """(f) all pairs of 200 columns, 10^4 rows, alphabet 10, on all cores."""
    import mitheory as mt

    x = np.random.default_rng(0).integers(0, 10, (10**4, 200))

    def one_hot():
        hot = np.zeros((10**4, 2000), dtype=np.float32)
        np.put_along_axis(hot, x + 10 * np.arange(200), 1.0, axis=1)
        log = np.concatenate([[0.0], np.log(np.arange(1, 10**4 + 1))]) * np.arange(10**4 + 1)

        def pairs():
            joint = (hot.T @ hot).astype(np.int64).reshape(200, 10, 200, 10)
            single = log[np.diagonal(joint, axis1=0, axis2=2)].sum(axis=(0, 1))
            return (log[joint].sum(axis=(1, 3)) - single[:, None] - single) / 10**4

        return pairs

    def product():
        hot = np.zeros((10**4, 2000), dtype=np.float32)
        np.put_along_axis(hot, x + 10 * np.arange(200), 1.0, axis=1)
        return lambda: hot.T @ hot

    def ours(method):
        return lambda: lambda: mt.pairwise_information(x, method, alphabet=10)

    return {
        **{f"mitheory {method}": ours(method) for method in linear()},
        "one-hot matrix product alone": product,
        "one-hot product and logarithms": one_hot,
    }


def importing():
    """(g) importing in a fresh process, less starting Python."""

    def fresh(code):
        command = [sys.executable, "-c", code]
        return lambda: lambda: subprocess.run(command, check=True)

    return {
        "mitheory": fresh("import mitheory"),
        "numpy": fresh("import numpy"),
        "numba": fresh("import numba"),
        "scipy.stats": fresh("import scipy.stats"),
        "infomeasure": fresh("import infomeasure"),
        "scikit-learn": fresh("import sklearn.metrics"),
    }


def first_call():
    """A process's first estimate from samples, with kernels compiled before."""
    code = "import mitheory as mt; mt.mutual_information([0, 1, 1, 0] * 50, [0, 1, 0, 1] * 50)"
    peer = "import numpy as np; np.bincount(np.array([0, 1, 1, 0] * 50))"

    def fresh(code):
        command = [sys.executable, "-c", code]
        return lambda: lambda: subprocess.run(command, check=True)

    return {"mitheory": fresh(code), "numpy.bincount": fresh(peer)}


def scaling():
    """Counting and estimating against n: the cost a sample at 10^7 and at 10^8."""
    import mitheory as mt

    def count(n):
        def ready():
            x = np.random.default_rng(0).integers(0, 1000, n, dtype=np.int64)
            return lambda: mt.count(x)

        return ready

    def estimate(n, method):
        def ready():
            counts = mt.Profile.from_counts(zipf_counts(1000, n))
            return lambda: mt.entropy(counts, method, alphabet=1000)

        return ready

    sizes = [10**k for k in range(3, 9)]
    return {
        **{f"count {n}": count(n) for n in sizes},
        **{f"{m} {n}": estimate(n, m) for m in ("plugin", "grassberger", "nsb") for n in sizes},
    }


# workload: which of ours, the peer it is held against, and the ratio that is asked for
TARGETS = {
    "one_million_counts": ("mitheory miller_madow", "scipy", 3.0),
    "nsb_of_a_profile": ("mitheory nsb", "scipy plugin", 5.0),
    "zhang_and_bonachela": ("mitheory zhang", "infomeasure zhang", 20.0),
    "ten_million_samples": ("mitheory", "np.bincount", 1.5),
    "one_million_pairs": ("mitheory plugin", "pyinform", 2.0),
    "one_million_pairs_by_any": (SLOWEST, "plugin", 0.5),
    "ten_thousand_points": ("mitheory ksg", "scikit-learn", 5.0),
    "one_hundred_thousand_points": ("mitheory ksg", "scikit-learn", 5.0),
    "nearly_on_a_line": ("mitheory ksg", "scikit-learn", 5.0),
    "one_million_points": ("mitheory ksg", "scikit-learn", 5.0),
    "three_and_three_columns": ("mitheory ksg", "as NPEET", 2.0),
    "many_features": ("mitheory ross", "scikit-learn", 5.0),
    "ten_thousand_replicates": ("mitheory", "x ln x table by hand", 0.5),
    "nsb_in_a_batch": ("mitheory batch", "mitheory one by one", 10.0),
    "all_pairs": (SLOWEST, "one-hot matrix product alone", 3.0),
    "importing": ("mitheory", "numpy", 1 / 1.5),
    # under a second, and so at most twenty times the start of NumPy
    "first_call": ("mitheory", "numpy.bincount", 1 / 20),
    # beyond the caches, which hold a million samples, ten times as many take at most 12 times
    "scaling": ("count 100000000", "count 10000000", 1 / 12),
}


WORKLOADS = {
    setup.__name__: setup
    for setup in (
        one_million_counts,
        nsb_of_a_profile,
        zhang_and_bonachela,
        ten_million_samples,
        one_million_pairs,
        one_million_pairs_by_any,
        ten_thousand_points,
        one_hundred_thousand_points,
        nearly_on_a_line,
        one_million_points,
        three_and_three_columns,
        many_features,
        ten_thousand_replicates,
        nsb_in_a_batch,
        all_pairs,
        importing,
        first_call,
        scaling,
    )
}


def measured(workload, rng):
    setup = WORKLOADS[workload]
    seconds = {}
    threads = str(os.cpu_count()) if workload == "all_pairs" else "1"
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONWARNINGS": "ignore"}
    for contender in setup():
        command = [sys.executable, __file__, "--time", workload, contender]
        out = subprocess.check_output(command, text=True, env=environment)
        seconds[contender] = float(out)
    ours, peer, _ = TARGETS[workload]
    if ours == SLOWEST:
        ours = max((name for name in seconds if name.startswith("mitheory")), key=seconds.get)
    return {"value": seconds[peer] / seconds[ours], "seconds": seconds, "peer": peer, "ours": ours}


def time_one(workload, contender):
    """Median seconds of a warm call."""
    call = WORKLOADS[workload]()[contender]()
    call()
    seconds = []
    while len(seconds) < RUNS and sum(seconds) < MOST_SECONDS:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


STUDY = Study(
    name="speed",
    claim="mitheory is faster than the peers by the factors asked for",
    over={"workload": list(TARGETS)},
    measured=measured,
    predicted=lambda workload: TARGETS[workload][2],
    relation="at least",
    must_hold=False,
    needs=("infomeasure", "pyinform", "sklearn", "pandas"),
    unit="times as fast",
    note="Ratios of median times in one run on one machine. Of a million counts of 10^12 samples "
    "400 000 differ: their profile is a sort, and an estimate from it slower than SciPy's. NPEET is"
    " not on the package index: what it does is done here, with the trees of scikit-learn.",
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--time"]:
        print(time_one(*sys.argv[2:4]))
    else:
        main(STUDY, ["--workers", "1", "--folder", "validation/results", *sys.argv[1:]])
