"""The noun Estimator, and the two ways to write one down.

An estimator is a weight function (`linear`) or a function of a profile (`of_profile`), written
once. Batches, information, exact risk and the docs table all follow from it.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitheory.check import BoolArray, FloatArray, IntArray
from mitheory.profile import Occupancy, Profile, profiles, symbols_last

Weight = Callable[..., FloatArray]
OfProfile = Callable[..., FloatArray]
Doubt = Callable[[Occupancy, int | None], tuple[BoolArray, str]]
"""Which samples are outside the regime, and the reason in words."""
Outside = tuple[int, str]
"""How many samples are outside the regime, and words on the first of them."""

LARGEST_ALPHABET = 10**36
"""That of three variables of 10^12 symbols each; the estimates hold their digits up to here."""


class RegimeWarning(UserWarning):
    """An estimator was used on a sample for which it is not meant."""


@dataclass(frozen=True)
class Estimator:
    """An estimator of Shannon entropy in nats from a profile.

    Attributes
    ----------
    name, cite, formula, regime : str
        The key in ENTROPIES; the source, a key of references.bib; the definition, in LaTeX; when
        it is meant to be used.
    function : callable
        ``weight(j, n)`` of a linear estimator, else a function of a profile; the size S of the
        alphabet is a further argument where it is needed.
    linear : bool
        Whether the estimate is sum_j phi_j weight(j, n), the sum starting at j = 0 (with phi_0
        symbols not seen) where the alphabet is needed, else at j = 1.
    needs_alphabet : bool
        Whether the size S of the alphabet must be given.
    deviation : callable, optional
        Of the Bayesian ones, the posterior standard deviation of the entropy: a function with the
        arguments of `of_profile`.
    doubt : callable, optional
        Which samples are outside the regime, and why: a function of their occupancy and of the
        size of the alphabet, if it is given.
    """

    name: str
    cite: str
    formula: str
    regime: str
    function: Callable[..., FloatArray]
    linear: bool
    needs_alphabet: bool = False
    deviation: Callable[..., FloatArray] | None = None
    doubt: Doubt | None = None

    @property
    def summary(self) -> str:
        """The first sentence of the estimator's description."""
        return (inspect.getdoc(self.function) or "").split("\n\n")[0].replace("\n", " ")

    def weight(self, j: Any, n: Any, alphabet: int | None = None) -> FloatArray:
        """What one symbol with count j out of n contributes; shapes broadcast.

        Raises
        ------
        TypeError
            If the estimator is not linear.
        ValueError
            If the estimator needs the alphabet size and none is given.
        """
        if not self.linear:
            raise TypeError(f"{self.name} is not linear in the profile: it has no weights")
        return self.function(np.asarray(j), np.asarray(n), *self._size(alphabet))

    def of_profile(self, profile: Profile, alphabet: int | None = None) -> FloatArray:
        """The estimate in nats, of batch shape.

        Raises
        ------
        ValueError
            If the estimator needs the alphabet size and none is given, or the alphabet is smaller
            than the number of symbols observed, or the estimate does not exist.

        Warns
        -----
        RegimeWarning
            If a sample is outside the estimator's regime.
        """
        value = self._estimate(profile, alphabet)
        self.warn(value.size, {"": self._outside(profile.occupancy, alphabet)})
        return value

    def of_counts(self, counts: Any, alphabet: int | None = None) -> FloatArray:
        """The estimate in nats from counts, shape (..., K); errors and warning as `of_profile`.

        Samples of one size share a table of weights if the estimator is linear. Any other large
        batch is worked through in pieces.
        """
        array = symbols_last(counts)
        batch = array.shape[:-1]
        value, outside = self.assess(array.reshape(-1, array.shape[-1]), alphabet, batch)
        self.warn(value.size, {"": outside})
        return value.reshape(batch)

    def assess(
        self, rows: IntArray, alphabet: int | None, batch: tuple[int, ...] | None = None
    ) -> tuple[FloatArray, Outside]:
        """The estimates from valid counts, shape (samples, K), with what `warn` takes. An error
        names a sample by its place in the batch, where its shape is given.
        """
        values, outside, words = [], 0, ""
        for value, occupancy in self._pieces(rows, alphabet, batch):
            values.append(value)
            more, reason = self._outside(occupancy, alphabet)
            outside, words = outside + more, words or reason
        return np.concatenate(values), (outside, words)

    def warn(self, samples: int, outside: Mapping[str, Outside], advice: str = "") -> None:
        """Warn once, at the line that called mitheory, if a sample is outside the regime for one
        of the named entropies; "" names the only one. The last words are the advice.
        """
        found = []
        for of, (many, words) in outside.items():
            where = f" in {many} of {samples} samples; in the first of them"
            if many:
                found.append(f"{of and f' for {of}'}{where if samples > 1 else ''}: {words}")
        if not found:
            return
        level, frame = 1, sys._getframe()
        while frame.f_back and frame.f_globals.get("__name__", "").startswith("mitheory."):
            level, frame = level + 1, frame.f_back
        reasons = ";".join(found)
        message = f"{self.name} is outside its regime{reasons}; it is meant for {self.regime}"
        warnings.warn(f"{message}{advice and f'; {advice}'}", RegimeWarning, stacklevel=level)

    def _pieces(
        self, rows: IntArray, alphabet: int | None, batch: tuple[int, ...] | None
    ) -> Iterator[tuple[FloatArray, Occupancy]]:
        if self.linear and len(rows) > 1:
            occupancy, most = Occupancy.of_rows(rows), int(rows.max())
            n = occupancy.n[:1]
            if n[0] > 0 and np.all(occupancy.n == n) and 4 * most < rows.size:
                yield self._by_table(rows, most, occupancy, alphabet), occupancy
                return
        for piece in profiles(rows, batch):
            yield self._estimate(piece, alphabet), piece.occupancy

    def _by_table(
        self, rows: IntArray, most: int, occupancy: Occupancy, alphabet: int | None
    ) -> FloatArray:
        """A linear estimate for samples of one size, from the weights of all counts to `most`."""
        from mitheory.kernels.weighing import weigh_rows

        self._check(occupancy, alphabet)
        size = self._size(alphabet)
        weights = np.array(self.function(np.arange(most + 1), occupancy.n[:1], *size))
        unseen, weights[0] = weights[0], 0.0
        value = np.empty(len(rows))
        weigh_rows(rows, weights, value)
        return value + (float(size[0]) - occupancy.observed) * unseen if size else value

    def deviation_of_profile(self, profile: Profile, alphabet: int | None = None) -> FloatArray:
        """The posterior standard deviation of the entropy in nats, of batch shape.

        Raises
        ------
        TypeError
            If the estimator is not the mean of a posterior.
        ValueError
            As `of_profile`.
        """
        if self.deviation is None:
            raise TypeError(f"{self.name} is not Bayesian: it has no posterior deviation")
        self._check(profile, alphabet)
        return self.deviation(profile, *self._size(alphabet))

    def _estimate(self, profile: Profile, alphabet: int | None) -> FloatArray:
        self._check(profile, alphabet)
        size = self._size(alphabet)
        if not self.linear:
            return self.function(profile, *size)
        n = profile.n[..., None]
        if np.all(n == n.flat[0]):
            n = n.flat[:1]  # one row of weights serves the whole batch
        value = profile.total(lambda j: self.function(j, n, *size))
        if size:
            unseen = self.function(np.zeros(1, dtype=np.int64), n, *size)[..., 0]
            value = value + (float(size[0]) - profile.observed) * unseen
        return value

    def _check(self, sample: Profile | Occupancy, alphabet: int | None) -> None:
        if alphabet is not None and alphabet < sample.observed.max():
            raise ValueError(
                f"alphabet must be at least the number of symbols observed, "
                f"{int(sample.observed.max())}; got {alphabet}"
            )

    def _size(self, alphabet: int | None) -> tuple[int, ...]:
        """The further arguments of `function`: the alphabet size where it is needed."""
        if alphabet is not None and alphabet > LARGEST_ALPHABET:
            raise ValueError(
                f"alphabet must be at most 10**36; got about 2**{int(alphabet).bit_length() - 1} "
                "(ansb, jvhw, pym and unseen need none)"
            )
        if not self.needs_alphabet:
            return ()
        if alphabet is None:
            raise ValueError(f"{self.name} needs the alphabet size: pass alphabet=")
        return (alphabet,)

    def _outside(self, sample: Occupancy, alphabet: int | None) -> Outside:
        """How many samples are outside the regime, and words on the first of them."""
        if self.doubt is None:
            return 0, ""
        outside, reason = self.doubt(sample, alphabet)
        if not outside.any():
            return 0, ""
        first = int(np.argmax(outside))
        n, singletons, observed = (
            int(value.flat[first]) for value in (sample.n, sample.singletons, sample.observed)
        )
        size = "" if alphabet is None else f", alphabet {alphabet}"
        return int(outside.sum()), (
            f"{reason} (coverage {1 - singletons / n:.3g}: {singletons} singletons in n = {n}, "
            f"{observed} symbols seen{size})"
        )


def linear(
    *,
    cite: str,
    formula: str,
    regime: str,
    needs_alphabet: bool = False,
    deviation: Callable[..., FloatArray] | None = None,
    doubt: Doubt | None = None,
) -> Callable[[Weight], Estimator]:
    """Make a linear estimator of a weight function ``weight(j, n)`` or ``weight(j, n, alphabet)``:
    one symbol's contribution.
    """

    def wrap(weight: Weight) -> Estimator:
        return Estimator(
            weight.__name__, cite, formula, regime, weight, True, needs_alphabet, deviation, doubt
        )

    return wrap


def of_profile(
    *,
    cite: str,
    formula: str,
    regime: str,
    needs_alphabet: bool = False,
    deviation: Callable[..., FloatArray] | None = None,
    doubt: Doubt | None = None,
) -> Callable[[OfProfile], Estimator]:
    """Make an estimator of a function ``estimate(profile)`` or ``estimate(profile, alphabet)``."""

    def wrap(estimate: OfProfile) -> Estimator:
        return Estimator(
            estimate.__name__, cite, formula, regime, estimate, False, needs_alphabet, deviation,
            doubt,
        )  # fmt: skip

    return wrap
