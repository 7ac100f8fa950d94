"""A sign in the data that the columns are too many: neighbours that are not near.

How far the neighbours of a sample are, as a share of the median distance, against the share of the
information that the estimate misses.
"""

import numpy as np

from mitheory import laws
from mitheory.neighbors.diagnostics import MOST_CROWDING, crowding
from mitheory.neighbors.ksg import ksg
from mitheory.neighbors.variables import as_variable
from mitheory.study import Study, Verdict, main

K = 3
LEAST_MISSED = 0.2
FREE = 0.3  # the crowding below which little is missed
MOST_MISSED = 0.25


def of_columns(d, rho, dof=None):
    """d + d columns, each of X tied to one of Y; normal, or Student's."""
    matrix = np.kron([[1.0, rho], [rho, 1.0]], np.eye(d))
    if dof is None:
        return laws.MultivariateNormal(matrix, d, f"normal({d} + {d}, {rho})")
    return laws.MultivariateStudent(matrix, dof, d, f"student({d} + {d}, {rho}, {dof} degrees)")


def measured(law, n, rng):
    values, shares = [], []
    for _ in range(max(4, min(50, 10_000 // n))):
        x, y = (as_variable(part) for part in law.sample(n, rng))
        values.append(ksg(x, y, k=K, norm="max", workers=None))
        shares.append(crowding(x, y, k=K, norm="max"))
    return {
        "value": 1 - np.mean(values) / law.information(),
        "crowding": np.mean(shares),
        "information": law.information(),
        "columns": 2 * law.split,
    }


def judge(cells):
    crowded = [cell["value"] for cell in cells if cell["crowding"] > MOST_CROWDING]
    free = [cell["value"] for cell in cells if cell["crowding"] < FREE]
    if not (crowded and free):
        return Verdict("not tested", "no cell is crowded, or none is free")
    holds = min(crowded) >= LEAST_MISSED and max(free) <= MOST_MISSED
    return Verdict(
        "holds" if holds else "does not hold",
        f"above {MOST_CROWDING} from {min(crowded):.0%} to {max(crowded):.0%} were missed in "
        f"{len(crowded)} cells, below {FREE} at most {max(free):.0%} in {len(free)}",
    )


STUDY = Study(
    name="neighbor_doubts",
    claim=f"where the neighbours are above {MOST_CROWDING:.0%} of the median distance away, KSG "
    f"misses {LEAST_MISSED:.0%} of the information or more; below {FREE:.0%}, at most "
    f"{MOST_MISSED:.0%}",
    over={
        "law": [
            *(of_columns(d, rho) for d, rho in ((1, 0.6), (2, 0.6), (2, 0.9), (3, 0.6), (3, 0.9))),
            *(of_columns(d, rho) for d, rho in ((5, 0.5), (5, 0.9), (10, 0.5), (20, 0.3))),
            *(of_columns(d, rho, nu) for d, rho, nu in ((2, 0.5, 3), (3, 0.5, 3), (5, 0.3, 5))),
        ],
        "n": [100, 400, 1_600, 6_400],
    },
    quick={"n": [100, 400, 1_600]},
    measured=measured,
    judge=judge,
    must_hold=False,
    cite="kraskov2004",
    unit="share of the information",
    note=f"The number is the share of the information that KSG (k = {K}) misses on average.",
)

if __name__ == "__main__":
    main(STUDY)
