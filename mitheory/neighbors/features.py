"""The information of each of many features about a label, with tests of independence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any, Literal

import numpy as np

from mitheory import check
from mitheory.entropies import Estimator, RegimeWarning
from mitheory.neighbors.multiple import CORRECTIONS
from mitheory.neighbors.ranking import FeatureInformation, rounding
from mitheory.neighbors.scoring import Relabelled, Scored, Scorer
from mitheory.neighbors.variables import Kind, as_variable
from mitheory.symbols import as_columns

_BLOCK = 2**23
"""So many labels of permuted samples are held at a time."""


def feature_information(
    X: Any,
    y: Any,
    *,
    method: str | Estimator | None = None,
    k: int = 3,
    kinds: tuple[Kind | Sequence[Kind | None] | None, Kind | None] = (None, None),
    names: Sequence[str] | None = None,
    pvalues: Literal["permutation"] | None = None,
    permutations: int = 999,
    correction: Literal["benjamini-hochberg", "holm"] | None = "benjamini-hochberg",
    rng: np.random.Generator | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> FeatureInformation:
    """I(X_j;Y) in nats of every feature X_j, by itself, and a label Y.

    Parameters
    ----------
    X : array_like or data frame, shape (n, d)
        One sample a row, one feature a column.
    y : array_like, shape (n,) or (n, e)
        The label, or a target that is a number or several.
    method : str or Estimator, optional
        A name in METHODS, for every pair that has a number in it; or an entropy estimator, for
        every pair of two discrete variables. Pairs not named keep their own: "ross" for a number
        and a discrete variable, "ksg" for two numbers without repeats and "mixed" for others,
        "miller_madow" for two discrete variables, since the plug-in favours features of many
        symbols.
    k : int
        Neighbours.
    kinds : pair
        Of the features, one kind for all or a list of d of them; and of the label. "continuous",
        "discrete", "mixed", or by default None: inferred as `as_variable` does.
    names : sequence of d str, optional
        Otherwise those of the data frame, or the columns' positions.
    pvalues : {"permutation"}, optional
        Also test each feature for independence of the label: (1 + g) / (1 + B), where g of B
        random permutations of the labels give no less information. It holds for every n, if the
        samples are independent and identically distributed.
    permutations : int
        Their number, B. All features see the same ones.
    correction : {"benjamini-hochberg", "holm"} or None
        For the number of features. Holm bounds the probability of one false rejection or more,
        Benjamini and Hochberg the expected share of false ones among the rejections, if the tests
        are independent or positively dependent. If one feature alone depends on the label, its
        corrected p-value is at least d / (1 + B): take B larger than d over the level.
    rng : numpy.random.Generator
        Draws the permutations.
    workers : int, optional
        Number of threads; by default the number Numba would use (NUMBA_NUM_THREADS). The result
        does not depend on it.
    progress : bool
        Show a progress bar, on a terminal.

    Returns
    -------
    FeatureInformation
        Printed, a table of the best features.

    Raises
    ------
    ValueError, TypeError
        For missing or infinite numbers, different lengths, an unknown or unfit method, names or
        kinds of another number than the features, k >= n (but for "ross", which takes all that
        there are); for permutations without a Generator.

    Warns
    -----
    RegimeWarning
        If a value is above the entropy of the label, a pair of discrete variables is outside the
        regime of its estimator, or the neighbours of a pair give reason for doubt.

    Notes
    -----
    The information of one feature says nothing on what features tell together: two that tell
    nothing alone may determine the label, and two that tell the same may both be at the top.

    Sources of the corrections: benjamini1995, holm1979.

    Examples
    --------
    >>> import numpy as np
    >>> import mitheory as mt
    >>> rng = np.random.default_rng(0)
    >>> label = rng.integers(0, 2, 1000)
    >>> X = np.column_stack([rng.normal(size=1000), rng.normal(3.0 * label), np.ones(1000)])
    >>> found = mt.feature_information(X, label, pvalues="permutation", rng=rng)
    >>> found.order[0], found.values[2], found.corrected[1] < 0.01
    (np.int64(1), np.float64(0.0), np.True_)
    """
    draws = 0
    if pvalues is not None:
        check.one_of(pvalues, ("permutation",), "pvalues")
        draws = check.whole_number(permutations, "permutations", least=1)
        rng = check.generator(rng)
        if correction is not None:
            check.one_of(correction, CORRECTIONS, "correction")
    threads = check.threads(workers)
    if kinds is None or isinstance(kinds, str) or len(kinds) != 2:
        raise ValueError(
            f"kinds must be two, of the features and of y; got {kinds!r} (None: inferred)"
        )
    columns, found = as_columns([X], "X")
    labels = tuple(found) if names is None else _named(names, len(columns))
    each = _kinds(kinds[0], len(columns))
    target = as_variable(y, kinds[1], name="y")
    if len(columns[0]) != target.n:
        raise ValueError(
            f"X and y must have the same number of rows; got {len(columns[0])} and {target.n}"
        )
    scorer = Scorer.of(target, method, check.whole_number(k, "k", least=1))
    slack = rounding(target.n)
    greater = np.zeros(len(columns), dtype=np.int64)
    scored: list[Scored] = []
    blocks = -(-max(draws, 1) // _per_block(target.n))
    with _progress(progress, blocks * len(columns)) as tell:
        for block, perms in enumerate(_permutations(target.n, draws, rng)):
            relabelled = scorer.relabelled(perms)

            def score(j: int, perms: Relabelled = perms, relabelled: Any = relabelled) -> Scored:
                return scorer.score(columns[j], each[j], labels[j], perms, relabelled)

            scored = []
            for result in _mapped(score, len(columns), threads):
                values = result.values
                greater[len(scored)] += np.count_nonzero(values[1:] >= values[0] - slack)
                scored.append(result)
                tell(block * len(columns) + len(scored))
    p = (1 + greater) / (1 + draws) if draws else None
    beyond = [
        name
        for name, one in zip(labels, scored, strict=True)
        if any(many for many, _ in one.outside.values())
    ]
    information = FeatureInformation(
        names=labels,
        values=np.array([result.values[0] for result in scored]),
        kinds=tuple(result.kind for result in scored),
        methods=tuple(result.method for result in scored),
        label_kind=target.kind,
        n=target.n,
        k=k,
        label_entropy=scorer.label_entropy,
        pvalues=p,
        corrected=None if p is None or correction is None else CORRECTIONS[correction](p),
        correction=None if p is None else correction,
        notes=(*scorer.notes, *_beyond(beyond, scorer.estimator.name)),
    )
    scorer.warn(scored)
    doubted = [
        f"{name}: {one.doubts[0]}" for name, one in zip(labels, scored, strict=True) if one.doubts
    ]
    if doubted:
        more = f" (and of {len(doubted) - 1} more features)" if len(doubted) > 1 else ""
        warnings.warn(f"doubtful information of {doubted[0]}{more}", RegimeWarning, stacklevel=2)
    if information.above_label_entropy.any():
        warnings.warn(
            f"{information.excess} above the entropy of the label, "
            f"{information.label_entropy:.6g} nats: no feature can tell more than the label holds "
            "(an estimate by 'ross' or 'miller_madow' never exceeds it)",
            RegimeWarning,
            stacklevel=2,
        )
    return information


def _named(names: Sequence[str], d: int) -> tuple[str, ...]:
    labels = tuple(str(name) for name in names)
    if len(labels) != d:
        raise ValueError(f"names must be one for each of {d} features; got {len(labels)}")
    return labels


def _kinds(kinds: Any, d: int) -> list[Kind | None]:
    each: list[Any] = [kinds] * d if kinds is None or isinstance(kinds, str) else list(kinds)
    if len(each) != d:
        raise ValueError(f"kinds must be one, or one for each of {d} features; got {len(each)}")
    return each


def _beyond(names: list[str], estimator: str) -> tuple[str, ...]:
    """A sentence on the pairs of discrete variables outside the regime of the estimator, if any."""
    if not names:
        return ()
    listed = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return (
        f"outside the regime of {estimator}, so likely far off: {listed} (numbers? set kinds).",
    )


def _per_block(n: int) -> int:
    return max(1, _BLOCK // n)


def _permutations(n: int, draws: int, rng: np.random.Generator | None) -> Iterator[Relabelled]:
    """Orders of the samples in blocks; the first of each block leaves them as they are."""
    plain = np.arange(n, dtype=np.int32)
    done = 0
    while done < max(draws, 1):
        size = min(_per_block(n), draws - done)
        perms = np.tile(plain, (1 + size, 1))
        if rng is not None:
            rng.permuted(perms[1:], axis=1, out=perms[1:])
        yield perms
        done += max(size, 1)


def _mapped(function: Any, d: int, threads: int) -> Iterator[Scored]:
    if threads == 1:
        yield from map(function, range(d))
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(function, range(d))


def _progress(shown: bool, steps: int) -> Any:
    if not check.flag(shown, "progress"):
        return nullcontext(lambda done: None)
    from mitheory.terminal import progress_bar

    return progress_bar("features", steps)
