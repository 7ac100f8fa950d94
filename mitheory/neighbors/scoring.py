"""One feature's information about a label, and about the label permuted many times."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mitheory import check
from mitheory.check import FloatArray
from mitheory.entropies import ENTROPIES, Estimator, named
from mitheory.entropies.estimator import Outside
from mitheory.neighbors.diagnostics import doubts
from mitheory.neighbors.ross import LabelSizes
from mitheory.neighbors.variables import Kind, Variable, as_numbers, as_variable

Relabelled = npt.NDArray[np.int32]
"""Orders of the samples, or their labels in these orders, shape (B, n)."""

_NUMBERS = ("continuous", "mixed")


@dataclass(frozen=True, eq=False)
class Scored:
    """A feature's kind, the estimator it got, and its values: with the labels as they are, then
    with each permutation of them.
    """

    kind: Kind
    method: str
    values: FloatArray
    outside: dict[str, Outside] = dataclasses.field(default_factory=dict)
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scorer:
    """All that the features share.

    Attributes
    ----------
    target : Variable
        The label.
    method : str or None
        Of pairs with a number in them; None: by their kinds.
    estimator : Estimator
        Of pairs of discrete variables.
    k : int
    sizes : LabelSizes or None
        Of a discrete label.
    sorted : tuple of arrays, or None
        Of a target that is one number: its values in order, and the samples they belong to.
    """

    target: Variable
    method: str | None
    estimator: Estimator
    k: int
    sizes: LabelSizes | None
    sorted: tuple[FloatArray, npt.NDArray[np.intp]] | None

    @classmethod
    def of(cls, target: Variable, method: str | Estimator | None, k: int) -> Scorer:
        """For a label; the method is of METHODS, or an entropy estimator, or None."""
        from mitheory.neighbors import METHODS  # the package imports this module

        chosen, estimator = None, ENTROPIES["miller_madow"]
        if isinstance(method, Estimator) or (method is not None and method in ENTROPIES):
            estimator = named(method)
            if estimator.needs_alphabet:
                raise ValueError(
                    f"{estimator.name} needs the alphabet of each feature, which the samples do "
                    "not tell; choose an estimator that does without (miller_madow, grassberger)"
                )
        elif method is not None:
            chosen = check.one_of(method, [*METHODS, *ENTROPIES], "method")
        if target.kind == "discrete":
            return cls(target, chosen, estimator, k, LabelSizes.of(target.values), None)
        ordered = _ordered(target.values[:, 0]) if target.values.shape[1] == 1 else None
        return cls(target, chosen, estimator, k, None, ordered)

    @property
    def label_entropy(self) -> float | None:
        """Of a discrete label, in nats."""
        return None if self.sizes is None else self.sizes.entropy

    @property
    def notes(self) -> tuple[str, ...]:
        """What was inferred on the label, and what its rare values do."""
        notes = [self.target.note] if self.target.note else []
        if self.sizes is not None:
            sizes = np.diff(self.sizes.first)
            once = int((sizes == 1).sum())
            if once:
                notes.append(f"labels seen once, which contribute 0 by ross: {once}")
            few = int(((sizes > 1) & (sizes <= self.k)).sum())
            if few:
                notes.append(
                    f"labels of {self.k} samples or fewer, so with fewer neighbours: {few}"
                )
        return tuple(note.rstrip(".") + "." for note in notes)

    def relabelled(self, perms: Relabelled) -> Relabelled | None:
        """The labels after each permutation, shape (B, n), if they are discrete."""
        return None if self.sizes is None else self.target.values.astype(np.int32)[perms]

    def score(
        self,
        samples: Any,
        kind: Kind | None,
        name: str,
        perms: Relabelled,
        labels: Relabelled | None,
    ) -> Scored:
        """One feature. `perms`: orders of the samples, shape (B, n), the first as they are;
        `labels`: the labels in these orders, as from `relabelled`.
        """
        dtype = samples.dtype
        if (
            labels is not None
            and self.sizes is not None
            and self.method in (None, "ross")
            and (kind in _NUMBERS or (kind is None and dtype.kind == "f"))
        ):
            return self._ross(samples, kind, name, labels)
        feature = as_variable(samples, kind, name=name)
        if (feature.values == feature.values[0]).all():
            method = self._method(feature)
            return Scored(feature.kind, method, np.zeros(len(perms)))
        if feature.kind == "discrete" and labels is not None:
            values, outside = self._counted(feature, labels)
            return Scored(feature.kind, self.estimator.name, values, outside)
        method = self._method(feature)
        if method == "ross" and feature.kind == "discrete" and self.sorted is not None:
            sizes = LabelSizes.of(feature.values)
            codes = feature.values.astype(np.int32)[perms]
            return Scored(feature.kind, method, sizes.information(*self.sorted, codes, self.k))
        values = self._searched(feature, method, perms)
        signs = doubts(feature, self.target, values[0], method=method, k=self.k, norm="max")
        return Scored(feature.kind, method, values, doubts=signs)

    def warn(self, scored: list[Scored]) -> None:
        """Warn once of the pairs of discrete variables that are outside the estimator's regime."""
        found: dict[str, Outside] = {}
        for one in scored:
            for of, (many, words) in one.outside.items():
                before, first = found.get(of, (0, ""))
                found[of] = before + many, first or words
        self.estimator.warn(sum(bool(one.outside) for one in scored), found)

    def _method(self, feature: Variable) -> str:
        kinds = {feature.kind, self.target.kind}
        if kinds == {"discrete"}:
            return self.estimator.name
        if self.method is not None:
            return self.method
        if "discrete" in kinds:
            return "ross"
        return "ksg" if kinds == {"continuous"} else "mixed"

    def _ross(self, samples: Any, kind: Kind | None, name: str, labels: Relabelled) -> Scored:
        """A number and a discrete label. Its one sort also tells the kind; no scale matters."""
        assert self.sizes is not None
        numbers = as_numbers(samples, name)
        x, order = _ordered(numbers.astype(np.float64))
        if not (np.isfinite(x[0]) and np.isfinite(x[-1])):  # NaN comes last
            check.real_array(numbers, name)
        if kind is None:
            kind = "mixed" if (x[1:] == x[:-1]).any() else "continuous"
        return Scored(kind, "ross", self.sizes.information(x, order, labels, self.k))

    def _counted(
        self, feature: Variable, labels: Relabelled
    ) -> tuple[FloatArray, dict[str, Outside]]:
        """Two discrete variables."""
        from mitheory.kernels.relabelled import relabelled_counts

        assert self.sizes is not None
        classes = self.sizes.first.size - 1
        own = np.bincount(feature.values)
        first = np.concatenate([[0], np.cumsum(own)])
        joint = np.zeros((len(labels), min(feature.n, own.size * classes)), dtype=np.int64)
        order = np.argsort(feature.values.astype(np.min_scalar_type(own.size)), kind="stable")
        relabelled_counts(order, first, labels, classes, joint)
        hx, outside_x = self.estimator.assess(own[None], None)
        hy, outside_y = self.estimator.assess(np.diff(self.sizes.first)[None], None)
        both, outside = self.estimator.assess(joint[:1], None)
        if len(joint) > 1:
            both = np.concatenate([both, self.estimator.assess(joint[1:], None)[0]])
        return hx + hy - both, {"H(X)": outside_x, "H(Y)": outside_y, "H(X,Y)": outside}

    def _searched(self, feature: Variable, method: str, perms: Relabelled) -> FloatArray:
        """Any other pair: as many estimates as permutations."""
        from mitheory.neighbors import METHODS

        if method in ("ksg", "ksg2", "lnc", "mixed"):
            check.neighbors(self.k, feature.n)
        values = np.empty(len(perms))
        for b, perm in enumerate(perms):
            target = dataclasses.replace(self.target, values=self.target.values[perm])
            values[b] = METHODS[method](feature, target, k=self.k, norm="max", workers=1)
        return values


def _ordered(values: npt.NDArray[Any]) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    order = np.argsort(values)
    return values[order], order
