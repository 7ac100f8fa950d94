"""Two-sided radii of H(Y|X) and I(X;Y) where the alphabet of X is known, by linear estimators.

H(Y|X) = H(X,Y) - H(X) and I(X;Y) = H(X) + H(Y) - H(X,Y) carry over to estimates: their biases add,
and so does what one replaced sample changes, so that McDiarmid's inequality is used once for the
whole and no risk is split. Only the planner compares these. Nats throughout.
"""

from __future__ import annotations

from functools import lru_cache

from mitheory.certificates import radii
from mitheory.certificates.twosided import Radii, bounded_difference_radii, optimal_linear


def linear_conditional_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of H(Y|X) about the optimal linear estimate of H(X,Y) less that of H(X).

    Sources: paninski2003, mcdiarmid1989.
    """
    return _linear_radii(n, (classes * rows,), (rows,), alpha)


def linear_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y) about the optimal linear estimates of H(X) and H(Y) less that of H(X,Y).

    Sources: paninski2003, mcdiarmid1989.
    """
    return _linear_radii(n, (rows, classes), (classes * rows,), alpha)


def _linear_radii(n: int, added: tuple[int, ...], taken: tuple[int, ...], alpha: float) -> Radii:
    """Radii of a sum of entropies over alphabets of these sizes, less others."""
    plus = [optimal_linear(n, size, alpha) for size in added]
    minus = [optimal_linear(n, size, alpha) for size in taken]
    lower = sum(one.bias.lower for one in plus) - sum(one.bias.upper for one in minus)
    upper = sum(one.bias.upper for one in plus) - sum(one.bias.lower for one in minus)
    deviation = sum(one.deviation for one in plus + minus)
    return Radii(
        deviation + upper, deviation - lower, "optimal_linear", f"{alpha / 2.0:.3g} each end"
    )


def worst_bias_conditional_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of H(Y|X) from the largest change by a sample and the largest bias of the plug-in.

    Source: mcdiarmid1989; the bias is derived in docs/theory.
    """
    spread = radii.bounded_difference_radius(n, radii.largest_change(n), alpha / 2.0)
    above = spread + _conditional_bias(n, classes, rows)
    return Radii(spread, above, "worst_bias", f"{alpha / 2.0:.3g} each end")


def worst_bias_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """As `worst_bias_conditional_radii`, of I(X;Y)."""
    change = radii.largest_information_change(n)
    spread = radii.bounded_difference_radius(n, change, alpha / 2.0)
    return Radii(
        spread + _conditional_bias(n, classes, rows),
        spread + _bias(n, classes),
        "worst_bias",
        f"{alpha / 2.0:.3g} each end",
    )


@lru_cache(maxsize=256)
def _bias(n: int, symbols: int) -> float:
    """Most by which the mean of a plug-in entropy is below the truth."""
    from mitheory.risk import worst_bias

    return min(-worst_bias("plugin", n, symbols).lower, radii.plugin_bias(n, symbols))


def _conditional_bias(n: int, classes: int, rows: int) -> float:
    """Most by which the mean of the plug-in H(Y|X) is below the truth.

    The bias of H(X,Y) less that of H(X), which is not positive; or the bound of the mean over x.
    """
    return min(_bias(n, classes * rows), radii.plugin_bias(n, classes, rows))


def antos_kontoyiannis_conditional_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of H(Y|X), H(X,Y) and H(X) each moved by 2 ln(n) / n at most by one sample.

    Sources: antos2001, paninski2003.
    """
    change = 2.0 * radii.antos_kontoyiannis_change(n)
    return bounded_difference_radii(n, classes, alpha, rows, change)


def antos_kontoyiannis_information_radii(n: int, classes: int, alpha: float, rows: int) -> Radii:
    """Radii of I(X;Y), the three entropies each moved by 2 ln(n) / n at most by one sample.

    Sources: antos2001, paninski2003.
    """
    change = 3.0 * radii.antos_kontoyiannis_change(n)
    spread = radii.bounded_difference_radius(n, change, alpha / 2.0)
    return Radii(
        spread + radii.plugin_bias(n, classes, rows),
        spread + radii.plugin_bias(n, classes),
        "antos_kontoyiannis",
        f"{alpha / 2.0:.3g} each end",
    )
