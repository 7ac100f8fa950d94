"""Known truths: laws whose entropy, information and Bayes error are exact, and that can sample."""

from __future__ import annotations

from mitheory.laws.continuous import AdditiveUniform, MultivariateNormal, MultivariateStudent
from mitheory.laws.finite import Channel, Finite, dirichlet, geometric, two_level, uniform, zipf
from mitheory.laws.gaussian import BinaryGaussian
from mitheory.laws.inference import ExactInterval, GaussianInference, binary_gaussian_inference
from mitheory.laws.laplace import BinaryLaplace
from mitheory.laws.mixture import GaussianMixture, MixtureEstimate, MonteCarlo

__all__ = [
    "AdditiveUniform",
    "BinaryGaussian",
    "BinaryLaplace",
    "Channel",
    "ExactInterval",
    "Finite",
    "GaussianInference",
    "GaussianMixture",
    "MixtureEstimate",
    "MonteCarlo",
    "MultivariateNormal",
    "MultivariateStudent",
    "binary_gaussian_inference",
    "dirichlet",
    "geometric",
    "two_level",
    "uniform",
    "zipf",
]
