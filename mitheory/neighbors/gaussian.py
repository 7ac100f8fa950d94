"""Information of variables that are jointly normal, or whose copula is."""

from __future__ import annotations

import numpy as np

from mitheory.check import FloatArray
from mitheory.neighbors.search import Norm
from mitheory.neighbors.variables import Variable, as_variable


def gaussian(
    x: Variable, y: Variable, *, k: int = 0, norm: Norm = "max", workers: int | None = None
) -> float:
    """I(X;Y) in nats from covariances, without bias if X and Y are jointly normal.

    Parameters
    ----------
    x, y : Variable
        Numbers, one column or more.
    k, norm, workers
        Not used: the estimate does not depend on neighbours.

    Returns
    -------
    float
        Never clipped. Any linear map of X, or of Y, with an inverse leaves it as it is.

    Raises
    ------
    ValueError
        For a discrete variable, a constant column, columns that determine each other, an X and a
        Y that do (their information is infinite), or no more samples than columns.

    Notes
    -----
    -(1/2) sum ln(1 - r^2) over the canonical correlations r of the samples, which is half the
    logarithm of det S_x det S_y / det S_xy, less its expected excess over I(X;Y). For d columns
    and nu = n - 1, nu S has a Wishart law, so that E ln det S = ln det Sigma + d ln(2 / nu) +
    sum psi((nu + 1 - i) / 2) over i = 1 .. d: in the ratio d ln(2 / nu) cancels, and the excess
    depends on n and the numbers of columns alone (ahmed1989, misra2005).

    If X and Y are not normal, this estimates the information of the normal law with their
    covariances, which may be above or below theirs.

    Source: ahmed1989, misra2005, ince2017.
    """
    from scipy.special import digamma

    columns = []
    for variable in (x, y):
        if variable.kind == "discrete":
            raise ValueError(
                f"the Gaussian estimates need numbers; {variable.name} is discrete "
                "(a discrete variable and numbers: method='ross')"
            )
        columns.append(variable.values.shape[1])
    n = x.n
    if n <= sum(columns):
        raise ValueError(
            f"the covariance of {sum(columns)} columns needs more samples than columns; got {n}"
        )
    (long, offset), (short, other) = (
        _orthonormal(v) for v in ((x, y) if columns[0] >= columns[1] else (y, x))
    )
    shared = long.T @ short
    cosines = np.linalg.svd(shared, compute_uv=False)
    # the sines on their own, since 1 - r^2 loses the digits of a strong dependence
    sines = np.linalg.svd(short - long @ shared, compute_uv=False)[::-1]
    if sines[0] < 8 * np.finfo(float).eps * max(offset, other):
        raise ValueError(
            f"{x.name} and {y.name} determine each other linearly: the unexplained share of the "
            f"standard deviation is {sines[0]:.3g}, and their Gaussian information is infinite"
        )
    weak = cosines**2 < 0.5
    found = -0.5 * np.log1p(-(cosines[weak] ** 2)).sum() - np.log(sines[~weak]).sum()
    logs = np.cumsum(digamma((n - np.arange(1, sum(columns) + 1)) / 2))
    excess = 0.5 * (logs[columns[0] - 1] + logs[columns[1] - 1] - logs[-1])
    return float(found - excess)


def gaussian_copula(
    x: Variable, y: Variable, *, k: int = 0, norm: Norm = "max", workers: int | None = None
) -> float:
    """`gaussian` of the normal scores: each value's average rank r becomes Phi^-1(r / (n + 1)).

    Monotone maps of the columns leave it as it is. Of two scalars with densities, it estimates a
    lower bound on the information, which is attained if their copula is normal: with normal
    marginals, I = H(X) + H(Y) - H(X,Y), and no law of the same covariance has a greater H(X,Y)
    than the normal one. Errors are as of `gaussian`, whose correction is exact for normal samples
    and approximate for scores. Ties share their average rank.

    Source: ince2017.
    """
    return gaussian(*(v if v.kind == "discrete" else _scored(v) for v in (x, y)))


def _scored(variable: Variable) -> Variable:
    return as_variable(variable.values, variable.kind, scale="rank", name=variable.name)


def _orthonormal(variable: Variable) -> tuple[FloatArray, float]:
    """An orthonormal basis of the centred columns, shape (n, d); and the greatest magnitude in
    units of its column's standard deviation: so much the rounding of the numbers weighs.
    """
    values, name = variable.values, variable.name
    constant = (values == values[0]).all(axis=0)
    if constant.any():
        raise ValueError(
            f"{name} must vary; column {int(np.argmax(constant))} is the same in every sample "
            "(leave it out: a constant holds no information)"
        )
    scaled = values / np.abs(values).max(axis=0)
    centred = scaled - scaled.mean(axis=0)
    centred -= centred.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    basis, triangle = np.linalg.qr(centred / lengths)
    # the share of a column's variance that the columns before it leave unexplained
    unexplained = np.diag(triangle) ** 2
    if unexplained.min() < 4 * len(unexplained) * np.finfo(float).eps:
        raise ValueError(
            f"the covariance of {name} is singular: the columns before it determine column "
            f"{int(np.argmin(unexplained))} (drop or merge columns that determine each other)"
        )
    return np.asarray(basis), float(np.sqrt(len(values)) / lengths.min())
