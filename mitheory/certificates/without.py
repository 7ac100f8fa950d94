"""The arguments that have no number for a quantity, and why: rows of the table like the others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ONE_COUNT = "a share of errors is one binomial count without bias, whose exact tail is at hand"
_NO_SUM = "no linear estimator: the error is not a sum of functions of one count each"

WITHOUT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "entropy": {},
        "conditional_entropy": {
            "exact_binomial": "the plug-in depends on more than one binomial count",
        },
        "information": {
            "exact_binomial": "the plug-in depends on more than one binomial count",
            "yi2022milc": "the paper announces the sample complexity of learning the information "
            "from samples; its statement could not be read for this project",
        },
        "classifier_error": {
            "chernoff_varentropy": _ONE_COUNT,
            "worst_bias": _ONE_COUNT,
            "optimal_linear": _ONE_COUNT,
            "antos_kontoyiannis": _ONE_COUNT,
            "l1_continuity": _ONE_COUNT,
        },
        "bayes_error": {
            "exact_binomial": "errors of a rule on the samples that it was fitted to are not "
            "binomial; for a rule fixed before them ask for classifier_error",
            "chernoff_varentropy": "bounds H(Y|X), to which Fano's inequality and the envelope "
            "leave a range of errors however many the samples",
            "worst_bias": "bounds linear estimators; bounded_differences has the bias here",
            "optimal_linear": _NO_SUM,
            "antos_kontoyiannis": "its constant is that of an entropy; one sample changes the "
            "share of errors by 1 / n",
        },
    }
)
"""quantity -> name of an argument or a paper -> why there is no route."""
