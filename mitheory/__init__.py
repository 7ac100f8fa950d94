"""mitheory: how much do observations tell about a label, and so how well can any classifier do?

The public names, loaded on first use so that `import mitheory` costs next to nothing:

>>> import mitheory as mt
>>> table = [[30, 10], [5, 55]]                      # rows X, columns the label Y
>>> round(float(mt.mutual_information(table)), 6)    # nats
0.250411
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# public name -> the module that defines it; a name that maps to itself is a subpackage
_HOME = {
    "Counts": "counts",
    "count": "counts",
    "Profile": "profile",
    "Estimator": "entropies",
    "RegimeWarning": "entropies",
    "ENTROPIES": "entropies",
    "entropy": "information",
    "conditional_entropy": "information",
    "mutual_information": "information",
    "conditional_mutual_information": "information",
    "jensen_shannon": "information",
    "normalized_information": "information",
    "pairwise_information": "pairwise",
    "feature_information": "neighbors",
    "Bound": "bounds",
    "BOUNDS": "bounds",
    "error_bounds": "bounds",
    "certify": "certificates",
    "Audit": "auditing",
    "audit": "auditing",
    "interval": "intervals",
    "Estimate": "intervals",
    "error_at": "complexity",
    "samples_needed": "complexity",
    "samples_under": "complexity",
    "count_table": "tables",
    "Study": "study",
    "laws": "laws",
    "neighbors": "neighbors",
    "risk": "risk",
    "bounds": "bounds",
    "train": "train",
}

__all__ = [
    "BOUNDS",
    "ENTROPIES",
    "Audit",
    "Bound",
    "Counts",
    "Estimate",
    "Estimator",
    "Profile",
    "RegimeWarning",
    "Study",
    "audit",
    "bounds",
    "certify",
    "conditional_entropy",
    "conditional_mutual_information",
    "count",
    "count_table",
    "entropy",
    "error_at",
    "error_bounds",
    "feature_information",
    "interval",
    "jensen_shannon",
    "laws",
    "mutual_information",
    "neighbors",
    "normalized_information",
    "pairwise_information",
    "risk",
    "samples_needed",
    "samples_under",
    "train",
]

if TYPE_CHECKING:
    from mitheory import bounds, laws, neighbors, risk, train
    from mitheory.auditing import Audit, audit
    from mitheory.bounds import BOUNDS, Bound, error_bounds
    from mitheory.certificates import certify
    from mitheory.complexity import error_at, samples_needed, samples_under
    from mitheory.counts import Counts, count
    from mitheory.entropies import ENTROPIES, Estimator, RegimeWarning
    from mitheory.information import (
        conditional_entropy,
        conditional_mutual_information,
        entropy,
        jensen_shannon,
        mutual_information,
        normalized_information,
    )
    from mitheory.intervals import Estimate, interval
    from mitheory.neighbors import feature_information
    from mitheory.pairwise import pairwise_information
    from mitheory.profile import Profile
    from mitheory.study import Study
    from mitheory.tables import count_table


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'mitheory' has no attribute {name!r}")
    home = _HOME[name]
    module = import_module(f"mitheory.{home}")
    value = module if name == home else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
