"""The table of arguments: which route bounds which quantity, what it assumes and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mitheory.certificates.continuity import (
    divergence_continuity_radii,
    l1_information_radii,
    l1_radii,
    mean_l1_information_radii,
    mean_l1_radii,
    three_entropies_radii,
)
from mitheory.certificates.twosided import (
    MOST_LINEAR,
    Radii,
    antos_kontoyiannis_radii,
    asymptotic_radii,
    binary_entropy_radii,
    binary_interval_radii,
    bounded_difference_information_radii,
    bounded_difference_radii,
    chernoff_entropy_radii,
    conditional_radii,
    hoeffding_radii,
    information_radii,
    majority_rule_radii,
    minimax_order_radii,
    optimal_linear_radii,
    proportion_interval_radii,
    proportion_radii,
    worst_bias_radii,
)
from mitheory.check import MAX_COUNT


@dataclass(frozen=True)
class Route:
    """One argument for one quantity.

    Attributes
    ----------
    radii : function of (n, classes, alpha, rows)
        `rows` is the number of values X can take; routes that do not need it ignore it.
    assumes : str
        What must hold beyond independent samples of one law.
    cite : tuple of str
        Keys of references.bib; empty where the argument is derived in docs/theory alone.
    needs_rows : bool
        Without an alphabet of X there is no radius.
    only_classes : int or None
        The number of labels that the route is for, if for one number only.
    least_classes : int
        The least number of labels for which the route is tried.
    promise : bool
        Whether the radius holds at every n for every law; if not, it is there for comparison.
    most_samples : int
        Beyond this n there is no radius.
    costly : bool
        A radius takes a tenth of a second and more: the least n is sought to one in a thousand.
    """

    radii: Callable[[int, int, float, int], Radii]
    assumes: str
    cite: tuple[str, ...]
    needs_rows: bool = False
    only_classes: int | None = None
    least_classes: int = 2
    promise: bool = True
    most_samples: int = MAX_COUNT
    costly: bool = False


_LABELS = "labels from an alphabet of known size"
_PAIRS = "known sizes of the alphabets of X and Y"
_FIXED = "one classifier, fixed before the samples"
_INTERVAL = ", and asks that the certified interval too be within the error"

ROUTES: Mapping[str, Mapping[str, Route]] = MappingProxyType(
    {
        "entropy": {
            "exact_binomial": Route(
                lambda n, M, alpha, rows: binary_entropy_radii(n, alpha),
                "two labels",
                (),
                only_classes=2,
            ),
            "exact_interval": Route(
                lambda n, M, alpha, rows: binary_interval_radii(n, alpha),
                "two labels" + _INTERVAL,
                ("clopper1934",),
                only_classes=2,
            ),
            "chernoff_varentropy": Route(
                lambda n, M, alpha, rows: chernoff_entropy_radii(n, M, alpha),
                _LABELS,
                ("chernoff1952", "agrawal2020"),
            ),
            "bounded_differences": Route(
                lambda n, M, alpha, rows: bounded_difference_radii(n, M, alpha),
                _LABELS,
                ("mcdiarmid1989", "paninski2003"),
            ),
            "optimal_linear": Route(
                lambda n, M, alpha, rows: optimal_linear_radii(n, M, alpha),
                _LABELS + ", and estimates by the best linear estimator instead of the plug-in",
                ("paninski2003", "mcdiarmid1989"),
                least_classes=10,
                most_samples=MOST_LINEAR,
                costly=True,
            ),
            "worst_bias": Route(
                lambda n, M, alpha, rows: worst_bias_radii(n, M, alpha),
                _LABELS,
                ("mcdiarmid1989",),
                least_classes=10,
                most_samples=MOST_LINEAR,
                costly=True,
            ),
            "antos_kontoyiannis": Route(
                lambda n, M, alpha, rows: antos_kontoyiannis_radii(n, M, alpha),
                _LABELS,
                ("antos2001", "paninski2003"),
            ),
            "l1_continuity": Route(
                lambda n, M, alpha, rows: l1_radii(n, M, alpha),
                _LABELS,
                ("weissman2003", "zhang2007"),
            ),
            "mean_l1_continuity": Route(
                lambda n, M, alpha, rows: mean_l1_radii(n, M, alpha),
                _LABELS,
                ("mcdiarmid1989", "zhang2007"),
            ),
            "divergence_continuity": Route(
                lambda n, M, alpha, rows: divergence_continuity_radii(n, M, alpha),
                _LABELS,
                ("agrawal2020", "zhang2007"),
            ),
            "asymptotic": Route(
                lambda n, M, alpha, rows: asymptotic_radii(n, M, alpha),
                "n so large that the plug-in is normal and unbiased: no promise at any n",
                ("cover2006",),
                promise=False,
            ),
            "minimax_order": Route(
                lambda n, M, alpha, rows: minimax_order_radii(n, M),
                "the order of the best possible estimator, constants unknown: no promise",
                ("jiao2015", "wu2016"),
                promise=False,
            ),
        },
        "conditional_entropy": {
            "chernoff_varentropy": Route(
                conditional_radii, _PAIRS, ("chernoff1952", "agrawal2020"), needs_rows=True
            ),
            "bounded_differences": Route(
                bounded_difference_radii, _PAIRS, ("mcdiarmid1989", "paninski2003"), needs_rows=True
            ),
            "l1_continuity": Route(
                l1_radii, _PAIRS, ("weissman2003", "alhejji2020"), needs_rows=True
            ),
            "mean_l1_continuity": Route(
                mean_l1_radii, _PAIRS, ("mcdiarmid1989", "alhejji2020"), needs_rows=True
            ),
        },
        "information": {
            "chernoff_varentropy": Route(
                information_radii, _PAIRS, ("chernoff1952", "agrawal2020"), needs_rows=True
            ),
            "bounded_differences": Route(
                bounded_difference_information_radii,
                _PAIRS,
                ("mcdiarmid1989", "paninski2003"),
                needs_rows=True,
            ),
            "l1_continuity": Route(
                l1_information_radii, _PAIRS, ("weissman2003", "alhejji2020"), needs_rows=True
            ),
            "mean_l1_continuity": Route(
                mean_l1_information_radii, _PAIRS, ("mcdiarmid1989", "alhejji2020"), needs_rows=True
            ),
            "three_entropies": Route(
                three_entropies_radii, _PAIRS, ("weissman2003", "zhang2007"), needs_rows=True
            ),
        },
        "classifier_error": {
            "exact_binomial": Route(
                lambda n, M, alpha, rows: proportion_radii(n, alpha), _FIXED, ()
            ),
            "exact_interval": Route(
                lambda n, M, alpha, rows: proportion_interval_radii(n, alpha),
                _FIXED + _INTERVAL,
                ("clopper1934",),
            ),
            "hoeffding": Route(
                lambda n, M, alpha, rows: hoeffding_radii(n, alpha), _FIXED, ("hoeffding1963",)
            ),
        },
        "bayes_error": {
            "uniform_hoeffding": Route(
                majority_rule_radii, _PAIRS, ("hoeffding1963",), needs_rows=True
            ),
        },
    }
)
"""quantity -> name -> route."""
