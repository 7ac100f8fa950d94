"""Laws on finitely many symbols: single laws, families of them, and joint laws of X and a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import FloatArray, IntArray

Shape = int | tuple[int, ...] | None


def divergence_term(p: FloatArray, q: FloatArray | float, gap: FloatArray) -> FloatArray:
    """p ln(p/q) - p + q >= 0 for q > 0, to full relative accuracy from gap = p - q.

    Near p = q, with u = gap / q and v = u / (2 + u), it is q (2 + u) times the series of
    v^2 + (1 + v) (v^3/3 + v^5/5 + ...): ln(1 + u) = 2 (v + v^3/3 + ...), its first term cancelled
    by hand.
    """
    near = np.abs(gap) < 0.3 * q
    u = np.where(near, gap, 0.0) / np.where(near, q, 1.0)
    v = u / (2.0 + u)
    square = v * v
    tail = np.zeros_like(v)
    for k in range(23, 1, -2):
        tail = 1.0 / k + square * tail
    series = q * (2.0 + u) * square * (1.0 + (1.0 + v) * v * tail)
    return np.where(near, series, p * (np.log(np.where(p > 0, p, 1.0)) - np.log(q)) - gap)


def _row_entropies(p: FloatArray, row: FloatArray) -> FloatArray:
    """-sum_y p(x,y) ln(p(x,y) / row(x)) for each x, all terms to full relative accuracy.

    The logarithm of a share above 1/2 is taken from the sum of the other entries of the row.
    """
    others = p.copy()
    largest = np.argmax(p, axis=1)[:, None]
    np.put_along_axis(others, largest, 0.0, axis=1)
    top = np.take_along_axis(p, largest, axis=1)[:, 0]
    rest = others.sum(axis=1)
    total = np.where(row > 0.0, row, 1.0)
    share = rest / total
    surprise = np.where(
        share < 0.5,
        -np.log1p(-np.minimum(share, 0.5)),
        -np.log(np.where(top > 0.0, top, total) / total),
    )
    spread = others * np.log(np.where(others > 0.0, others / total[:, None], 1.0))
    return np.asarray(top * surprise - spread.sum(axis=1))


def _entropy(p: FloatArray) -> float:
    """Shannon entropy of a probability vector, in nats."""
    return float(_row_entropies(p[None, :], np.ones(1))[0])


def _settle(law: Finite | Channel, p: FloatArray, name: str | None) -> None:
    """Set the fields of a frozen law."""
    p.flags.writeable = False
    object.__setattr__(law, "p", p)
    object.__setattr__(law, "name", name)


@dataclass(frozen=True, eq=False, init=False)
class Finite:
    """A law on the symbols 0..S-1.

    Parameters
    ----------
    p : array_like, shape (S,)
        Probabilities; zeros are allowed.
    name : str, optional
        What ``str(law)`` shows.

    Raises
    ------
    ValueError, TypeError
        If `p` is not a probability vector.

    Examples
    --------
    >>> Finite([0.5, 0.25, 0.25]).entropy()
    1.0397207708399179
    """

    p: FloatArray
    name: str | None

    def __init__(self, p: npt.ArrayLike, name: str | None = None) -> None:
        _settle(self, check.probabilities(p), name)

    def __str__(self) -> str:
        if self.name is not None:
            return self.name
        if self.p.size <= 4:
            return f"finite({', '.join(f'{x:.6g}' for x in self.p)})"
        return f"finite({self.p.size} symbols, {self.entropy():.6g} nats)"

    def entropy(self) -> float:
        """Shannon entropy in nats. Source: shannon1948."""
        return _entropy(self.p)

    def sample(self, n: int, rng: np.random.Generator) -> IntArray:
        """`n` independent symbols, int64 of shape (n,)."""
        n = check.whole_number(n, "n")
        return check.generator(rng).choice(self.p.size, size=n, p=self.p)

    def sample_counts(self, n: int, rng: np.random.Generator, size: Shape = None) -> IntArray:
        """Counts of the symbols in `n` samples, int64 of shape (*size, S); cost free of `n`."""
        n = check.whole_number(n, "n")
        return check.generator(rng).multinomial(n, self.p, size)


def uniform(K: int) -> Finite:
    """The uniform law on K symbols."""
    K = check.whole_number(K, "K", least=1)
    return Finite(np.full(K, 1.0 / K), f"uniform({K})")


def zipf(K: int, s: float) -> Finite:
    """K symbols, the k-th of probability proportional to k^-s, s >= 0."""
    K = check.whole_number(K, "K", least=1)
    s = check.real(s, "s", least=0.0)
    weight = np.arange(1, K + 1, dtype=np.float64) ** -s
    return Finite(weight / weight.sum(), f"zipf({K}, {s})")


def geometric(K: int, r: float) -> Finite:
    """K symbols, each r times as probable as the one before, 0 < r <= 1."""
    K = check.whole_number(K, "K", least=1)
    r = check.real(r, "r", above=0.0, most=1.0)
    weight = r ** np.arange(K, dtype=np.float64)
    return Finite(weight / weight.sum(), f"geometric({K}, {r})")


def two_level(K: int, q: float) -> Finite:
    """One symbol of probability q; the other K - 1 share the rest equally."""
    K = check.whole_number(K, "K", least=2)
    q = check.real(q, "q", least=0.0, most=1.0)
    return Finite(np.append(q, np.full(K - 1, (1.0 - q) / (K - 1))), f"two_level({K}, {q})")


def dirichlet(K: int, concentration: float, rng: np.random.Generator) -> Finite:
    """A random law on K symbols, of the symmetric Dirichlet law with this parameter.

    A small concentration gives laws of few symbols, a large one laws that are nearly uniform, and
    1 all probability vectors alike.
    """
    K = check.whole_number(K, "K", least=1)
    return Finite(_dirichlet(K, concentration, rng))


def _dirichlet(size: int, concentration: float, rng: np.random.Generator) -> FloatArray:
    concentration = check.real(concentration, "concentration", above=0.0, most=1e100)
    return check.generator(rng).dirichlet(np.full(size, concentration))


@dataclass(frozen=True, eq=False, init=False)
class Channel:
    """A joint law of an observation X and a label Y, both finite.

    The named constructors send the label Y through a channel; X is what comes out. `prior` is
    P(Y = 1).

    Parameters
    ----------
    p_xy : array_like, shape (Kx, Ky), kept as `p`
        Joint probabilities: rows X, columns Y.
    name : str, optional
        What ``str(law)`` shows.

    Raises
    ------
    ValueError, TypeError
        If `p` is not a joint probability table.

    Examples
    --------
    >>> Channel.binary_symmetric(0.1).bayes_error()
    0.1
    """

    p: FloatArray
    name: str | None

    def __init__(self, p_xy: npt.ArrayLike, name: str | None = None) -> None:
        _settle(self, check.probabilities(p_xy, "p_xy", ndim=2), name)

    def __str__(self) -> str:
        if self.name is not None:
            return self.name
        rows, columns = self.p.shape
        return f"channel({rows} x {columns}, {self.information():.6g} nats)"

    @classmethod
    def binary_symmetric(cls, eps: float, prior: float = 0.5) -> Self:
        """X is the label, flipped with probability `eps`."""
        eps, prior = _channel_numbers(eps, prior)
        given_0, given_1 = [1 - eps, eps], [eps, 1 - eps]
        return cls._binary(given_0, given_1, prior, f"binary_symmetric({eps}, {prior})")

    @classmethod
    def binary_erasure(cls, eps: float, prior: float = 0.5) -> Self:
        """X is the label, or 2 (erased) with probability `eps`."""
        eps, prior = _channel_numbers(eps, prior)
        given_0, given_1 = [1 - eps, 0.0, eps], [0.0, 1 - eps, eps]
        return cls._binary(given_0, given_1, prior, f"binary_erasure({eps}, {prior})")

    @classmethod
    def z(cls, eps: float, prior: float = 0.5) -> Self:
        """X is the label, but a 1 becomes a 0 with probability `eps`."""
        eps, prior = _channel_numbers(eps, prior)
        return cls._binary([1.0, 0.0], [eps, 1 - eps], prior, f"z({eps}, {prior})")

    @classmethod
    def symmetric(cls, M: int, eps: float) -> Self:
        """A uniform label on M classes; X is another class, each equally likely, with `eps`."""
        M = check.whole_number(M, "M", least=2)
        eps = check.real(eps, "eps", least=0.0, most=1.0)
        given = np.full((M, M), eps / (M - 1))
        np.fill_diagonal(given, 1 - eps)
        return cls(given / M, f"symmetric({M}, {eps})")

    @classmethod
    def dirichlet(cls, Kx: int, Ky: int, concentration: float, rng: np.random.Generator) -> Self:
        """A random joint law: Kx times Ky cells of the symmetric Dirichlet law; see `dirichlet`."""
        Kx = check.whole_number(Kx, "Kx", least=1)
        Ky = check.whole_number(Ky, "Ky", least=1)
        return cls(_dirichlet(Kx * Ky, concentration, rng).reshape(Kx, Ky))

    @classmethod
    def _binary(cls, given_0: list[float], given_1: list[float], prior: float, name: str) -> Self:
        joint = [np.multiply(1 - prior, given_0), np.multiply(prior, given_1)]
        return cls(np.column_stack(joint), name)

    def label_entropy(self) -> float:
        """H(Y) in nats."""
        return _entropy(self.p.sum(axis=0))

    def conditional_entropy(self) -> float:
        """H(Y|X) in nats."""
        return float(_row_entropies(self.p, self.p.sum(axis=1)).sum())

    def information(self) -> float:
        """I(X;Y) in nats.

        The sum of p(x,y) ln(p(x,y) / p(x)p(y)) - p(x,y) + p(x)p(y): every term is non-negative,
        so that nearly independent laws lose nothing to cancellation. p(x,y) - p(x)p(y) is formed
        in extended precision where the platform has it.
        """
        p = self.p.astype(np.longdouble)
        product = p.sum(axis=1, keepdims=True) * (p.sum(axis=0) / p.sum())
        possible = product > 0
        p, product = p[possible], product[possible]
        return float(divergence_term(p, product, p - product).sum())

    def bayes_error(self) -> float:
        """The least error probability of any classifier of Y from X."""
        others = self.p.copy()
        np.put_along_axis(others, np.argmax(others, axis=1)[:, None], 0.0, axis=1)
        return float(others.sum())

    def sample(self, n: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """`n` independent pairs: x and y, int64 of shape (n,) each."""
        n = check.whole_number(n, "n")
        cell = check.generator(rng).choice(self.p.size, size=n, p=self.p.ravel())
        x, y = np.divmod(cell, self.p.shape[1])
        return x, y

    def sample_counts(self, n: int, rng: np.random.Generator, size: Shape = None) -> IntArray:
        """Tables of counts of `n` pairs, int64 of shape (*size, Kx, Ky); cost free of `n`."""
        n = check.whole_number(n, "n")
        counts = check.generator(rng).multinomial(n, self.p.ravel(), size)
        return counts.reshape(*counts.shape[:-1], *self.p.shape)


def _channel_numbers(eps: float, prior: float) -> tuple[float, float]:
    return (
        check.real(eps, "eps", least=0.0, most=1.0),
        check.real(prior, "prior", least=0.0, most=1.0),
    )
