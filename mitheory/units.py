"""Nats inside, bits at the edges.

Every public numeric function of mitheory takes and returns nats (natural logarithms). Only
`Estimate` and the command line speak bits, and they convert here.
"""

from __future__ import annotations

import math
from typing import Final, Literal

Unit = Literal["nat", "bit"]

NATS_PER_BIT: Final = math.log(2.0)


def nats_to(unit: Unit, nats: float) -> float:
    """Express an amount given in nats in `unit` ("nat" or "bit")."""
    return nats if unit == "nat" else nats / NATS_PER_BIT


def nats_from(unit: Unit, amount: float) -> float:
    """Express an amount given in `unit` ("nat" or "bit") in nats."""
    return amount if unit == "nat" else amount * NATS_PER_BIT
