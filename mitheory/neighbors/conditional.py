"""Information of X and Y given Z, from nearest neighbours or covariances."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mitheory import check
from mitheory.check import FloatArray
from mitheory.entropies import RegimeWarning
from mitheory.neighbors.diagnostics import crowded
from mitheory.neighbors.gaussian import gaussian, gaussian_copula
from mitheory.neighbors.search import COINCIDE, NORMS, Norm, count_within, kth_distance
from mitheory.neighbors.variables import Kind, Scale, Variable, as_points, as_variable

if TYPE_CHECKING:
    from mitheory.neighbors import Information


def frenzel_pompe(
    x: Variable, y: Variable, z: Variable, *, k: int, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y|Z) in nats of variables of any kinds.

    Parameters
    ----------
    x, y, z : Variable
    k : int
        Neighbours in the space of all three; fewer than the samples.
    norm, workers
        As in `count_within`.

    Returns
    -------
    float
        Never clipped.

    Notes
    -----
    The mean over the samples of psi(K) - psi(M_xz) - psi(M_yz) + psi(M_z), where K, M_xz, M_yz and
    M_z are the numbers of samples, itself included, strictly nearer than the k-th neighbour, in
    the space of all three and in those named. Without ties K = k, and this is the estimator as
    published (frenzel2007); of independent Z it is nearly, of constant Z exactly the first one of
    kraskov2004.

    Ties: where the k-th neighbour is at distance 0, the samples at distance 0 are counted. Two
    symbols of a discrete variable are farther apart than any two numbers; where the k-th neighbour
    differs in a symbol, all samples of the same symbols are counted. So all four numbers always
    count one ball. If all variables are discrete and each cell is seen more than k times, this is
    H(X,Z) + H(Y,Z) - H(X,Y,Z) - H(Z), each estimated by ln n less the mean of psi(count).

    Source: frenzel2007, mesner2021.
    """
    from scipy.special import psi

    blocks, apart = as_points(x, y, z)
    first, second, given = blocks
    radii = kth_distance(blocks, k, norm=norm, workers=workers)
    radii = np.clip(radii, COINCIDE, apart)

    def within(*points: FloatArray) -> FloatArray:
        counted = count_within(points, radii, norm=norm, workers=workers)
        return np.asarray(psi(counted + 1.0))

    gain = within(*blocks) - within(first, given)
    return float((gain + (within(given) - within(second, given))).mean())


def _by_chain_rule(estimate: Callable[..., float]) -> Callable[..., float]:
    """I(X;Y|Z) = I(X;Y,Z) - I(X;Z), without bias if both parts are."""

    def conditional(
        x: Variable,
        y: Variable,
        z: Variable,
        *,
        k: int = 0,
        norm: Norm = "max",
        workers: int | None = None,
    ) -> float:
        for variable in (y, z):
            if variable.kind == "discrete":
                raise ValueError(
                    f"the Gaussian estimates need numbers; {variable.name} is discrete "
                    "(method='ksg' takes variables of any kinds)"
                )
        columns = np.hstack([y.values, z.values]).astype(np.float64, copy=False)
        kind: Kind = "mixed" if "mixed" in (y.kind, z.kind) else "continuous"
        both = Variable(columns, kind, f"({y.name}, {z.name})")
        return estimate(x, both) - estimate(x, z)

    return conditional


CONDITIONAL: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "ksg": frenzel_pompe,
        "gaussian": _by_chain_rule(gaussian),
        "gaussian_copula": _by_chain_rule(gaussian_copula),
    }
)
"""Name to function of three prepared variables, `(x, y, z, *, k, norm, workers)`, in nats."""


def conditional_information(
    x: Any,
    y: Any,
    z: Any,
    *,
    method: str = "ksg",
    k: int = 3,
    kinds: tuple[Kind | None, Kind | None, Kind | None] = (None, None, None),
    scale: Scale = "standardise",
    norm: Norm = "max",
    workers: int | None = None,
) -> Information:
    """I(X;Y|Z) in nats, of numbers, symbols or both.

    Parameters
    ----------
    x, y, z : array_like, shape (n,) or (n, d)
        Samples, one a row; Z may have many columns.
    method : {"ksg", "gaussian", "gaussian_copula"}
        "ksg" counts neighbours and takes any kinds; "gaussian" is without bias if X, Y and Z are
        jointly normal, "gaussian_copula" nearly so if their normal scores are.
    k, kinds, scale, norm, workers
        As in `information`, with a kind for each of the three.

    Returns
    -------
    Information
        Its kinds are those of x, y and z. The value is never clipped.

    Raises
    ------
    ValueError, TypeError
        For samples of different lengths or no more than k of them, and as `information`.

    Warns
    -----
    RegimeWarning
        If the neighbours of a sample are not near.

    Notes
    -----
    With Z of many columns the neighbours of a sample are far away, and the estimate is close to 0
    however much X and Y tell of each other.

    Source: frenzel2007, mesner2021.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> z = rng.normal(size=2000)
    >>> x, y = z + rng.normal(size=2000), z + rng.normal(size=2000)  # independent given Z
    >>> abs(conditional_information(x, y, z).value) < 0.05
    True
    """
    from mitheory.neighbors import Information

    method = check.one_of(method, CONDITIONAL, "method")
    check.one_of(norm, NORMS, "norm")
    if kinds is None or isinstance(kinds, str) or len(kinds) != 3:
        raise ValueError(f"kinds must be three, of x, y and z; got {kinds!r} (None: inferred)")
    triple = [
        as_variable(samples, kind, scale=scale, name=name)
        for samples, kind, name in zip((x, y, z), kinds, "xyz", strict=True)
    ]
    sizes = [variable.n for variable in triple]
    if len(set(sizes)) > 1:
        raise ValueError(
            f"x, y and z must have a row for each sample; got {sizes[0]}, {sizes[1]} and "
            f"{sizes[2]} rows"
        )
    k = check.neighbors(k, sizes[0])
    threads = check.threads(workers)
    value = CONDITIONAL[method](*triple, k=k, norm=norm, workers=threads)
    doubted = crowded(*triple, k=k, norm=norm) if method == "ksg" else ()
    for sentence in doubted:
        warnings.warn(f"{method}: {sentence}", RegimeWarning, stacklevel=2)
    return Information(
        value=value,
        method=method,
        k=k,
        n=sizes[0],
        kinds=tuple(variable.kind for variable in triple),
        scale=scale,
        norm=norm,
        notes=(*(variable.note for variable in triple if variable.note), *doubted),
    )
