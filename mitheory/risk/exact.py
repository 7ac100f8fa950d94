"""Exact mean, bias, variance and mean squared error of linear estimators under a known law."""

from __future__ import annotations

from mitheory import check
from mitheory.entropies import Estimator
from mitheory.laws import Channel, Finite
from mitheory.risk import joint, moments

_OF_CHANNEL = (*joint.SIGNS, "label_entropy")


def mean(
    estimator: Estimator | str, law: Finite | Channel, n: int, *, quantity: str | None = None
) -> float:
    """Expected estimate from `n` samples of `law`, in nats.

    Parameters
    ----------
    estimator : Estimator or str
        A linear estimator of entropy, or its name in ENTROPIES.
    law : Finite or Channel
        The law that is sampled. Its size, with the symbols of probability zero, is the alphabet
        of an estimator that needs one; for pairs that of X times that of Y.
    n : int
        Number of samples, from 1 to 10**12. The cost grows as its square root.
    quantity : str, optional
        What is estimated. Of a Finite law its "entropy". Of a Channel the "information" I(X;Y), by
        default, the "conditional_entropy" H(Y|X) or the "label_entropy" H(Y), from estimates of
        the entropies of X, Y and (X, Y) as in `mitheory.mutual_information`.

    Raises
    ------
    TypeError
        If the estimator is not linear, or `law` is neither.
    ValueError
        If the name or the quantity is unknown, or `n` out of range.

    Examples
    --------
    >>> import mitheory as mt
    >>> law = mt.laws.Channel([[0.3, 0.1], [0.15, 0.25], [0.05, 0.15]])
    >>> round(law.information(), 6), round(mt.risk.mean("plugin", law, n=8), 6)
    (0.091121, 0.236776)
    """
    estimator, n = moments._linear(estimator), moments._sample_size(n)
    law, quantity = _target(law, quantity)
    if isinstance(law, Finite):
        return moments.mean(estimator, law, n)
    truth = law.information() if quantity == "information" else law.conditional_entropy()
    return truth + joint.bias(estimator, law, n, quantity)


def bias(
    estimator: Estimator | str, law: Finite | Channel, n: int, *, quantity: str | None = None
) -> float:
    """Expected estimate less the truth, in nats; arguments as for `mean`.

    Computed as such, not as a difference, so that a bias far below the truth keeps its digits.
    """
    estimator, n = moments._linear(estimator), moments._sample_size(n)
    law, quantity = _target(law, quantity)
    if isinstance(law, Finite):
        return moments.bias(estimator, law, n)
    return joint.bias(estimator, law, n, quantity)


def variance(
    estimator: Estimator | str, law: Finite | Channel, n: int, *, quantity: str | None = None
) -> float:
    """Variance of the estimate, in nats squared; arguments as for `mean`.

    Derived in docs/theory. For a Channel, weights that jump from one count to the next take longer
    at large `n`, and are refused with a ValueError where the time would be excessive.

    Examples
    --------
    >>> import mitheory as mt
    >>> law = mt.laws.Channel.binary_symmetric(0.1)
    >>> [f"{mt.risk.variance('plugin', law, n):.6e}" for n in (10, 1000)]
    ['3.818465e-02', '4.356623e-04']
    """
    estimator, n = moments._linear(estimator), moments._sample_size(n)
    law, quantity = _target(law, quantity)
    if isinstance(law, Finite):
        return moments.variance(estimator, law, n)
    return joint.variance(estimator, law, n, quantity)


def mse(
    estimator: Estimator | str, law: Finite | Channel, n: int, *, quantity: str | None = None
) -> float:
    """Mean squared error, bias squared plus variance; arguments as for `mean`."""
    squared = bias(estimator, law, n, quantity=quantity) ** 2
    return squared + variance(estimator, law, n, quantity=quantity)


def _target(law: Finite | Channel, quantity: str | None) -> tuple[Finite | Channel, str]:
    """The law and the quantity that are meant; the label of a Channel has a law of its own."""
    if isinstance(law, Finite):
        if quantity not in (None, "entropy"):
            raise ValueError(
                f"quantity of a Finite law must be 'entropy'; got {quantity!r} (a joint law is a "
                "mitheory.laws.Channel)"
            )
        return law, "entropy"
    if not isinstance(law, Channel):
        raise TypeError(
            f"law must be a Finite law or a Channel; got {type(law).__name__} "
            "(mitheory.laws.Finite(p) makes one of probabilities, Channel(p_xy) of joint ones)"
        )
    quantity = check.one_of(quantity or "information", _OF_CHANNEL, "quantity")
    if quantity == "label_entropy":
        return Finite(law.p.sum(axis=0)), "entropy"
    return law, quantity
