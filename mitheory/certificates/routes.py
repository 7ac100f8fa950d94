"""The table of arguments: which route bounds which quantity, what it assumes and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mitheory.certificates.centred import even_chernoff_radii
from mitheory.certificates.continuity import (
    divergence_continuity_radii,
    divergence_information_radii,
    l1_information_radii,
    l1_radii,
    mean_l1_information_radii,
    mean_l1_radii,
    three_entropies_radii,
)
from mitheory.certificates.joint import (
    antos_kontoyiannis_conditional_radii,
    antos_kontoyiannis_information_radii,
    linear_conditional_radii,
    linear_information_radii,
    worst_bias_conditional_radii,
    worst_bias_information_radii,
)
from mitheory.certificates.majority import (
    divergence_majority_radii,
    l1_majority_radii,
    majority_difference_radii,
    mean_l1_majority_radii,
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
from mitheory.certificates.unpromised import (
    asymptotic_conditional_radii,
    asymptotic_error_radii,
    asymptotic_information_radii,
    minimax_bayes_radii,
    minimax_joint_radii,
    minimax_proportion_radii,
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
    least_symbols : int
        The least number of labels, or of pairs of a value of X and a label, for which it is tried.
    promise : bool
        Whether the radius holds at every n for every law; if not, it is there for comparison.
    most_samples : int
        Beyond this n there is no radius.
    costly : bool
        A radius takes a tenth of a second and more: the least n is sought to two in a thousand.
    centred : bool
        The estimate is the middle of the interval: the plug-in and half the difference of the
        radii, so that the error is half of their sum.
    in_range : bool
        The plug-in, or what takes its place, never leaves the range of the quantity.
    """

    radii: Callable[[int, int, float, int], Radii]
    assumes: str
    cite: tuple[str, ...]
    needs_rows: bool = False
    only_classes: int | None = None
    least_symbols: int = 2
    promise: bool = True
    most_samples: int = MAX_COUNT
    costly: bool = False
    centred: bool = False
    in_range: bool = True


_LABELS = "labels from an alphabet of known size"
_PAIRS = "known sizes of the alphabets of X and Y"
_FIXED = "one classifier, fixed before the samples"
_INTERVAL = ", and asks that the certified interval too be within the error"
_LINEAR = ", and estimates by the best linear estimator of each entropy instead of the plug-in"
_CENTRED = ", and adds the shift to the plug-in, so that it is the middle of its interval"
_NORMAL = "n so large that the estimate is normal and unbiased: no promise at any n"
_ORDER = "the order of the best possible estimator, constants unknown: no promise"
_REACHED = "the order that minimax estimates of each entropy reach, constants unknown: no promise"
_LEAST = "the least root mean squared error of any estimate of a probability: no promise"


def _of_label(
    radii: Callable[[int, int, float], Radii], *cite: str, assumes: str = _LABELS
) -> Route:
    return Route(lambda n, M, alpha, rows: radii(n, M, alpha), assumes, cite)


def _of_two(radii: Callable[[int, float], Radii], assumes: str, *cite: str) -> Route:
    return Route(lambda n, M, alpha, rows: radii(n, alpha), assumes, cite)


def _of_pairs(
    radii: Callable[[int, int, float, int], Radii], *cite: str, assumes: str = _PAIRS
) -> Route:
    return Route(radii, assumes, cite, needs_rows=True)


def _linear(route: Route) -> Route:
    """Limits of the certified linear estimators."""
    return replace(route, least_symbols=10, most_samples=MOST_LINEAR, costly=True)


def _own_estimate(route: Route) -> Route:
    """Of an estimate that takes the place of the plug-in, and is not cut to a range."""
    return replace(_linear(route), in_range=False)


def _centred(route: Route) -> Route:
    return replace(route, assumes=route.assumes + _CENTRED, centred=True)


def _unpromised(route: Route) -> Route:
    return replace(route, promise=False)


ROUTES: Mapping[str, Mapping[str, Route]] = MappingProxyType(
    {
        "entropy": {
            "exact_binomial": replace(_of_two(binary_entropy_radii, "two labels"), only_classes=2),
            "exact_interval": replace(
                _of_two(binary_interval_radii, "two labels" + _INTERVAL, "clopper1934"),
                only_classes=2,
            ),
            "chernoff_varentropy": _of_label(chernoff_entropy_radii, "chernoff1952", "agrawal2020"),
            "centred_chernoff": _centred(
                _of_label(even_chernoff_radii, "chernoff1952", "agrawal2020")
            ),
            "bounded_differences": _of_label(
                bounded_difference_radii, "mcdiarmid1989", "paninski2003"
            ),
            "optimal_linear": _own_estimate(
                _of_label(
                    optimal_linear_radii,
                    "paninski2003",
                    "mcdiarmid1989",
                    assumes=_LABELS + _LINEAR,
                )
            ),
            "worst_bias": _linear(_of_label(worst_bias_radii, "mcdiarmid1989")),
            "antos_kontoyiannis": _of_label(antos_kontoyiannis_radii, "antos2001", "paninski2003"),
            "l1_continuity": _of_label(l1_radii, "weissman2003", "zhang2007"),
            "mean_l1_continuity": _of_label(mean_l1_radii, "mcdiarmid1989", "zhang2007"),
            "divergence_continuity": _of_label(
                divergence_continuity_radii, "agrawal2020", "zhang2007"
            ),
            "asymptotic": _unpromised(_of_label(asymptotic_radii, "cover2006", assumes=_NORMAL)),
            "minimax_order": _unpromised(
                _of_label(
                    lambda n, M, alpha: minimax_order_radii(n, M),
                    "jiao2015",
                    "wu2016",
                    assumes=_ORDER,
                )
            ),
        },
        "conditional_entropy": {
            "chernoff_varentropy": _of_pairs(conditional_radii, "chernoff1952", "agrawal2020"),
            "centred_chernoff": _centred(
                _of_pairs(conditional_radii, "chernoff1952", "agrawal2020")
            ),
            "bounded_differences": _of_pairs(
                bounded_difference_radii, "mcdiarmid1989", "paninski2003"
            ),
            "optimal_linear": _own_estimate(
                _of_pairs(
                    linear_conditional_radii,
                    "paninski2003",
                    "mcdiarmid1989",
                    assumes=_PAIRS + _LINEAR,
                )
            ),
            "worst_bias": _linear(_of_pairs(worst_bias_conditional_radii, "mcdiarmid1989")),
            "antos_kontoyiannis": _of_pairs(
                antos_kontoyiannis_conditional_radii, "antos2001", "paninski2003"
            ),
            "l1_continuity": _of_pairs(l1_radii, "weissman2003", "alhejji2020"),
            "mean_l1_continuity": _of_pairs(mean_l1_radii, "mcdiarmid1989", "alhejji2020"),
            "divergence_continuity": _of_pairs(
                divergence_continuity_radii, "agrawal2020", "alhejji2020"
            ),
            "asymptotic": _unpromised(
                _of_pairs(asymptotic_conditional_radii, "cover2006", assumes=_NORMAL)
            ),
            "minimax_order": _unpromised(
                _of_pairs(minimax_joint_radii, "jiao2015", "wu2016", assumes=_REACHED)
            ),
        },
        "information": {
            "chernoff_varentropy": _of_pairs(information_radii, "chernoff1952", "agrawal2020"),
            "centred_chernoff": _centred(
                _of_pairs(information_radii, "chernoff1952", "agrawal2020")
            ),
            "bounded_differences": _of_pairs(
                bounded_difference_information_radii, "mcdiarmid1989", "paninski2003"
            ),
            "optimal_linear": _own_estimate(
                _of_pairs(
                    linear_information_radii,
                    "paninski2003",
                    "mcdiarmid1989",
                    assumes=_PAIRS + _LINEAR,
                )
            ),
            "worst_bias": _linear(_of_pairs(worst_bias_information_radii, "mcdiarmid1989")),
            "antos_kontoyiannis": _of_pairs(
                antos_kontoyiannis_information_radii, "antos2001", "paninski2003"
            ),
            "l1_continuity": _of_pairs(l1_information_radii, "weissman2003", "alhejji2020"),
            "mean_l1_continuity": _of_pairs(
                mean_l1_information_radii, "mcdiarmid1989", "alhejji2020"
            ),
            "divergence_continuity": _of_pairs(
                divergence_information_radii, "agrawal2020", "alhejji2020"
            ),
            "three_entropies": _of_pairs(three_entropies_radii, "weissman2003", "zhang2007"),
            "asymptotic": _unpromised(
                _of_pairs(asymptotic_information_radii, "cover2006", assumes=_NORMAL)
            ),
            "minimax_order": _unpromised(
                _of_pairs(minimax_joint_radii, "jiao2015", "wu2016", assumes=_REACHED)
            ),
        },
        "classifier_error": {
            "exact_binomial": _of_two(proportion_radii, _FIXED),
            "exact_interval": _of_two(proportion_interval_radii, _FIXED + _INTERVAL, "clopper1934"),
            "hoeffding": _of_two(hoeffding_radii, _FIXED, "hoeffding1963"),
            "asymptotic": _unpromised(_of_two(asymptotic_error_radii, _NORMAL)),
            "minimax_order": _unpromised(
                _of_two(lambda n, alpha: minimax_proportion_radii(n), _LEAST, "hodges1950")
            ),
        },
        "bayes_error": {
            "bounded_differences": _of_pairs(majority_difference_radii, "mcdiarmid1989"),
            "centred_majority": _centred(_of_pairs(majority_difference_radii, "mcdiarmid1989")),
            "uniform_hoeffding": _of_pairs(majority_rule_radii, "hoeffding1963"),
            "l1_continuity": _of_pairs(l1_majority_radii, "weissman2003"),
            "mean_l1_continuity": _of_pairs(mean_l1_majority_radii, "mcdiarmid1989"),
            "divergence_continuity": _of_pairs(divergence_majority_radii, "agrawal2020"),
            "asymptotic": _unpromised(
                _of_pairs(
                    lambda n, M, alpha, rows: asymptotic_error_radii(n, alpha), assumes=_NORMAL
                )
            ),
            "minimax_order": replace(
                _unpromised(
                    _of_pairs(
                        lambda n, M, alpha, rows: minimax_bayes_radii(n, rows),
                        "jiao2018",
                        assumes=_ORDER,
                    )
                ),
                only_classes=2,
            ),
        },
    }
)
"""quantity -> name -> route."""
