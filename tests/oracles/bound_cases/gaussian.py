"""The closed forms of the binary Gaussian model, tried."""

import math
from functools import cache, partial
from itertools import product

import mpmath as mp
import numpy as np

from mitheory.bounds import BOUNDS
from oracles import bounds as oracle

from . import Case

SNR = (1e-200, 1e-12, 1e-4, 0.03, 0.5, 0.9999, 1.0, 1.9, 4.0, 9.0, 30.0, 300.0)
INFORMATION = (1e-300, 1e-10, 0.01, 0.3, 0.5, 0.69)
PRIORS = (1e-100, 1e-9, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 1 - 1e-9)


@cache
def nodes():
    """Gauss-Legendre on panels of [-12, 12], with the normal density."""
    z, weight = np.polynomial.legendre.leggauss(20)
    ends = np.linspace(-12, 12, 121)
    half = np.diff(ends)[:, None] / 2
    z = (ends[:-1, None] + half + half * z).ravel()
    return z, (half * weight).ravel() * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def measured(snr, prior0):
    """All quantities by quadrature over the observation of each class."""
    z, weight = nodes()
    surprises = [
        weight @ np.logaddexp(0, math.log(other / own) - 2 * snr - 2 * math.sqrt(snr) * z)
        for own, other in ((prior0, 1 - prior0), (1 - prior0, prior0))
    ]
    H = prior0 * surprises[0] + (1 - prior0) * surprises[1]
    label = oracle.entropy([prior0, 1 - prior0])
    error = math.erfc(math.sqrt(snr / 2)) / 2  # for equal priors, where it is asked for
    # I and H to within rounding of ln 2, which may fall below 0
    return {"gamma": snr, "prior0": prior0, "I": max(label - H, 0.0), "H": H, "p": error}


def instances(symbols, rng, cases=300):
    for _ in range(cases):
        prior0 = float(rng.beta(0.5, 0.5)) if "prior0" in symbols else 0.5
        values = measured(float(10 ** rng.uniform(-5, 2)), min(max(prior0, 1e-9), 1 - 1e-9))
        yield {n: values[n] for n in symbols}


def at_no_snr(symbols, joint):
    values = {"gamma": 0.0, "prior0": joint[0, 0]} | oracle.of_bayes(("I", "H", "p"), joint)
    return {n: values[n] for n in symbols}


def joined(values):
    """The capacity up to snr 1, the decay from there."""
    gamma, information = values["gamma"], values["I"]
    if gamma <= 1:
        return mp.log1p(gamma) / 2 - information
    return mp.log(2) - mp.log(2) / 2 * mp.exp((1 - gamma) / (2 * mp.log(2))) - information


def _case(name):
    bound = BOUNDS[name]
    grid = {
        "gamma": SNR,
        "I": INFORMATION,
        "prior0": PRIORS,
        "p": (1e-300, 1e-100, 1e-12, 0.003, 0.1, 0.2206356, 0.3, 0.4, 0.5),
        "H": (1e-300, 1e-100, 1e-12, 0.003, 0.1, 0.3, 0.5, 0.69, math.log(2)),
    }
    samples = product(*(grid[n] for n in bound.symbols))
    some = "prior0" in bound.symbols and name != "gaussian_bhattacharyya"
    return Case(
        samples=[dict(zip(bound.symbols, s, strict=True)) for s in samples],
        instances=partial(instances, bound.symbols),
        attained=() if bound.tight is None else [{"prior0": w} for w in ((0.2, 0.5)[not some :])],
        measure=partial(at_no_snr, bound.symbols),
        auxiliary={"t": np.linspace(0, 1, 11)} if bound.auxiliary else {},
        exact=joined if name == "gaussian_joined" else None,
    )


CASES = {name: _case(name) for name in BOUNDS if name.startswith("gaussian_")}
