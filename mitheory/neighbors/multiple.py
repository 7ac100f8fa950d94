"""P-values of many tests, corrected for their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mitheory.check import FloatArray


def _holm(p: FloatArray) -> FloatArray:
    """Those below a level hold a false rejection with at most that probability.

    Source: holm1979.
    """
    order = np.argsort(p, kind="stable")
    corrected = np.empty(p.size)
    corrected[order] = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    return np.minimum(corrected, 1.0)


def _benjamini_hochberg(p: FloatArray) -> FloatArray:
    """Those below a level hold at most that share of false rejections, in expectation, if the
    tests are independent or positively dependent.

    Source: benjamini1995.
    """
    order = np.argsort(p, kind="stable")[::-1]
    corrected = np.empty(p.size)
    corrected[order] = np.minimum.accumulate(p[order] * p.size / np.arange(p.size, 0, -1))
    return np.minimum(corrected, 1.0)


CORRECTIONS: Mapping[str, Callable[[FloatArray], FloatArray]] = MappingProxyType(
    {"benjamini-hochberg": _benjamini_hochberg, "holm": _holm}
)
"""Name to function of the p-values of all tests, in the order of the tests."""
