"""How many times faster a run is on several workers, measured and simulated."""

from style import BLACK, BLUE, GREEN, ORANGE, conclusion, panels

TITLE = "A run is as fast as its workers until its longest cell decides"
STUDIES = ("scaling",)


def draw(scaling):
    figure, (left, right) = panels(2)
    here = scaling.select(place="this machine").cells[0]
    measured(left, here["runs"])
    there = scaling.select(place="a cluster, simulated").cells[0]
    simulated(right, there)
    last = here["runs"][-1]
    alike = there["work"] / there["cells"] / there["serial"]
    caption = (
        "Left: a study of short cells on the cores of this machine, after its workers have begun: "
        f"on {last['workers']} the work of {last['work']:.1f} s ends in "
        f"{last['taken'] - min(last['begun']):.1f} s. Right: "
        f"{there['cells']} cells of {there['work'] / 3600:.3g} hours together, timed by a sample, "
        f"on a cluster, where each cell takes {1e3 * there['serial']:.1f} ms of the runner and "
        f"{there['moved'] / there['cells'] / 1e3:.0f} kB of the network. The longest cell, of "
        f"{there['longest']:.3g} s, bounds the speed-up at {there['work'] / there['longest']:.3g}; "
        f"cells of equal length would go up to {alike:,.0f}. "
        f"{conclusion(scaling)}"
    )
    return figure, caption


def measured(axis, runs):
    workers = [run["workers"] for run in runs]
    for key, words, style in (("simulated", "simulated", "s--"), ("taken", "measured", "o-")):
        speed = [run["work"] / (run[key] - min(run["begun"])) for run in runs]
        axis.plot(workers, speed, style, color=BLUE if key == "taken" else ORANGE, label=words)
    axis.plot(workers, workers, color=BLACK, lw=0.8, ls=":", label="number of workers")
    axis.set(title="measured", xlabel="workers", ylabel="work done per second [s]")
    axis.set_xticks(workers)
    axis.set_ylim(bottom=0)
    axis.legend(loc="lower right")


def simulated(axis, cell):
    workers, work = cell["workers"], cell["work"]
    for key, words, colour, mark in (
        ("longest_first", "longest cells first", GREEN, "^"),
        ("taken", "in any order", BLUE, "o"),
    ):
        speed = [work / taken for taken in cell[key]]
        axis.plot(workers, speed, color=colour, marker=mark, ms=4, lw=1.3, label=words)
    axis.plot(workers, workers, color=BLACK, lw=0.8, ls=":", label="number of workers")
    axis.axhline(work / cell["longest"], color=BLACK, lw=0.8, ls="--", label="the longest cell")
    axis.set(xscale="log", yscale="log", xlabel="workers", ylabel="times as fast as one worker")
    axis.set(title="simulated, all studies", ylim=(0.8, 3 * work / cell["longest"]))
    axis.legend(loc="lower right")
