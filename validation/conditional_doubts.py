"""A sign in the data that Z has too many columns for I(X;Y|Z): neighbours that are not near."""

from dataclasses import dataclass

import numpy as np

from mitheory.neighbors.conditional import frenzel_pompe
from mitheory.neighbors.diagnostics import MOST_CROWDING, crowding
from mitheory.neighbors.variables import as_variable
from mitheory.study import Study, Verdict, main

K = 3
FREE = MOST_CROWDING / 2


@dataclass(frozen=True)
class GivenNormal:
    """X and Y normal, correlated given Z, of which each has a share in common with Z's columns."""

    columns: int
    rho: float
    share: float

    def __str__(self):
        return f"{self.columns} columns, {self.rho} given Z, share {self.share}"

    def information(self):
        """I(X;Y|Z) in nats."""
        return -0.5 * np.log1p(-(self.rho**2))

    def sample(self, n, rng):
        """Samples of X, Y and Z."""
        z = rng.normal(size=(n, self.columns))
        x, own = rng.normal(size=(2, n))
        y = self.rho * x + np.sqrt(1 - self.rho**2) * own
        common = np.sqrt(self.share / self.columns) * z.sum(axis=1)
        return *(common + np.sqrt(1 - self.share) * part for part in (x, y)), z


def measured(law, n, rng):
    values, shares = [], []
    for _ in range(max(4, min(100, 20_000 // n))):
        triple = [as_variable(part) for part in law.sample(n, rng)]
        values.append(frenzel_pompe(*triple, k=K, workers=None))
        shares.append(crowding(*triple, k=K, norm="max"))
    return {
        "value": 1 - np.mean(values) / law.information(),
        "crowding": np.mean(shares),
        "information": law.information(),
    }


def judge(cells):
    crowded = [cell["value"] for cell in cells if cell["crowding"] > MOST_CROWDING]
    near = [cell["value"] for cell in cells if cell["crowding"] < FREE]
    if not (crowded and near):
        return Verdict("not tested", "no cell is crowded, or none is free")
    return Verdict(
        "holds" if min(crowded) > max(near) else "does not hold",
        f"above {MOST_CROWDING} from {min(crowded):.0%} to {max(crowded):.0%} were missed in "
        f"{len(crowded)} cells, below {FREE} at most {max(near):.0%} in {len(near)}",
    )


STUDY = Study(
    name="conditional_doubts",
    claim=f"where the neighbours are above {MOST_CROWDING:.0%} of the median distance away, the "
    f"estimate misses more of I(X;Y|Z) than it does anywhere that they are below {FREE:.0%}",
    over={
        "law": [
            GivenNormal(columns, rho, share)
            for columns in (1, 2, 3, 5, 10, 20)
            for rho in (0.6, 0.9)
            for share in (0.0, 0.5)
        ],
        "n": [100, 400, 1_600, 6_400],
    },
    quick={"n": [100, 400]},
    measured=measured,
    judge=judge,
    must_hold=False,
    cite="frenzel2007",
    unit="share of the information",
    note=f"The number is the share of I(X;Y|Z) that is missed on average, k = {K}.",
)

if __name__ == "__main__":
    main(STUDY)
