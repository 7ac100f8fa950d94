"""Studies: claims that are run.

A `Study` says what it claims, over which grid, what is measured, what theory predicts, and how far
the two may be apart. `run` computes its cells in parallel, keeps each one as soon as it is
finished, and gives `Results`: the cells, which figures read, and the `Verdict`.

>>> from mitheory.study import Study
>>> def measured(n, rng):
...     return rng.random(n).mean()
>>> study = Study(
...     name="mean_of_uniforms",
...     claim="the mean of n uniform numbers is 1/2 within five standard errors",
...     over={"n": [100, 10_000]},
...     measured=measured,
...     predicted=lambda n: 0.5,
...     tolerance=lambda n: 5 / (12 * n) ** 0.5,
... )
>>> [study.compute(cell)["holds"] for cell in study.cells("full")]
[True, True]
"""

from mitheory.study.alone import load, main
from mitheory.study.claim import Study, Verdict
from mitheory.study.results import Results, collect, read
from mitheory.study.runner import run, run_all

__all__ = ["Results", "Study", "Verdict", "collect", "load", "main", "read", "run", "run_all"]
