"""When a nearest-neighbour estimate is to be doubted: crowded samples, and intervals that miss."""

from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY, conclusion, panels

TITLE = "How far the neighbours are tells whether information is missed"
STUDIES = ("neighbor_doubts", "neighbor_intervals")
LIMIT = 0.4
WORDS = {
    "bivariate_normal(0.0)": ("normal, ρ = 0", BLUE, "o"),
    "bivariate_normal(0.6)": ("normal, ρ = 0.6", BLUE, "s"),
    "bivariate_normal(0.99)": ("normal, ρ = 0.99", BLUE, "^"),
    "gaussian(snr=1, prior=0.5)": ("label, Gaussian", PURPLE, "D"),
    "additive_uniform(0.1)": ("uniform + uniform", ORANGE, "v"),
    "bivariate_cauchy(0.0)": ("Cauchy", RED, "X"),
    "normal(3 + 3, 0.6)": ("normal, 3 + 3 columns", GREEN, "P"),
    "normal(10 + 10, 0.5)": ("normal, 10 + 10 columns", SKY, "*"),
}


def draw(neighbor_doubts, neighbor_intervals):
    figure, (left, right) = panels(2, height=4.4)
    for law, colour, mark in (("normal", BLUE, "o"), ("student", ORANGE, "s")):
        cells = [cell for cell in neighbor_doubts.cells if cell["law"].startswith(law)]
        left.scatter(
            [cell["crowding"] for cell in cells],
            [100 * cell["value"] for cell in cells],
            s=[12 + 2 * cell["columns"] for cell in cells],
            color=colour,
            marker=mark,
            alpha=0.75,
            label=law.capitalize(),
        )
    left.axvline(LIMIT, color=BLACK, lw=0.8, ls="--", label="warned beyond")
    left.set(xlabel="distance of the 3rd neighbour / median distance", title="Share missed by KSG")
    left.set_ylabel("information missed [%]")
    left.legend(loc="upper left")
    for law, (words, colour, mark) in WORDS.items():
        cells = neighbor_intervals.select(law=law).cells
        held = [100 * (1 - cell["value"]) for cell in cells]
        right.plot([c["n"] for c in cells], held, color=colour, marker=mark, lw=1.2, label=words)
    right.axhline(95, color=BLACK, lw=0.8, ls="--")
    right.set(xscale="log", ylim=(-3, 103), xlabel="samples n", title="Intervals from halves")
    right.set_ylabel("intervals that hold the truth [%]")
    right.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2, fontsize=8.5)
    return figure, caption(neighbor_doubts, neighbor_intervals)


def caption(doubts, intervals):
    missed = [cell for cell in intervals.cells if cell["holds"] is False]
    where = sorted({WORDS[cell["law"]][0] for cell in missed})
    quiet = ""
    if where:
        least = min(abs(cell["bias"]) / cell["deviation"] for cell in missed)
        quiet = (
            f"They miss too often on {' and '.join(where)}, where the bias is at least "
            f"{least:.1f} times the spread, and mostly without a warning. "
        )
    return (
        "Left: samples of 1 + 1 to 20 + 20 columns (larger marks: more columns), n from 100 up. "
        "Where the 3rd neighbour is not near, measured by the median distance, KSG misses much of "
        "the information; beyond 0.4 mitheory warns. "
        f"{conclusion(doubts)} Right: how often 95 % intervals from random halves of the sample "
        f"hold the true information. {quiet}With many columns they miss nearly always; there a "
        f"warning is given. {conclusion(intervals)}"
    )
