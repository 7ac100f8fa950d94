"""Speed against peers, and cost against the number of samples, in one run."""

from style import BLACK, BLUE, GREEN, GREY, ORANGE, RED, conclusion, panels

TITLE = "Times of mitheory and its peers, measured in one run"
STUDIES = ("speed",)
SCALING = {
    "count": ("counting", BLUE, "o"),
    "plugin": ("plug-in, after counting", ORANGE, "s"),
    "grassberger": ("Grassberger, after counting", GREEN, "^"),
    "nsb": ("NSB, after counting", RED, "D"),
}


WORDS = {
    "one_million_counts": "a million counts, entropy",
    "nsb_of_a_profile": "NSB, S = 10⁶, from a profile",
    "zhang_and_bonachela": "10⁴ samples, S = 1000",
    "ten_million_samples": "counting 10⁷ integers",
    "one_million_pairs": "information of 10⁶ pairs",
    "one_million_pairs_by_any": "the same, other estimators",
    "ten_thousand_points": "KSG of 10⁴ pairs",
    "one_hundred_thousand_points": "KSG of 10⁵ pairs",
    "nearly_on_a_line": "the same, correlation 0.9999",
    "one_million_points": "KSG of 10⁶ pairs",
    "three_and_three_columns": "KSG, 10⁴ of 3 + 3 columns",
    "many_features": "784 features and a label",
    "ten_thousand_replicates": "10⁴ samples, two estimators",
    "nsb_in_a_batch": "NSB of 1000 samples",
    "all_pairs": "all pairs of 200 columns",
    "importing": "import in a new process",
    "first_call": "first call of a process",
}


MOST_NAMED = 6


def draw(speed):
    cells = [cell for cell in speed.cells if cell["workload"] != "scaling"]
    figure, axes = panels(2, rows=-(-(len(cells) + 2) // 2), height=2.1, squeeze=False)
    for axis, cell in zip(axes.flat, cells, strict=False):
        bars(axis, cell)
    rest = list(axes.flat[len(cells) :])
    scale(rest[0], speed.select(workload="scaling").cells[0]["seconds"])
    handles = rest[0].get_legend_handles_labels()
    rest[1].legend(*handles, loc="center", title="cost against n, 1000 symbols")
    for axis in rest[1:]:
        axis.set_axis_off()
    caption = (
        "Median times of warm calls, each contender in a process of its own on one thread (all "
        "pairs: on all cores). Blue: mitheory. Last panel: counting costs in proportion to the "
        "samples; after it, an estimate costs what the distinct counts cost. Measured with "
        f"validation/speed.py, not in this run. {conclusion(speed)}"
    )
    return figure, caption


def bars(axis, cell):
    """One workload: a bar a contender, with its time."""
    seconds = dict(sorted(few(cell["seconds"]).items(), key=lambda item: -item[1]))
    milliseconds = [1e3 * value for value in seconds.values()]
    colours = [BLUE if name.startswith("mitheory") else GREY for name in seconds]
    drawn = axis.barh(list(seconds), milliseconds, color=colours)
    words = [f"{v / 1e3:.3g} s" if v >= 1000 else f"{v:.3g} ms" for v in milliseconds]
    axis.bar_label(drawn, words, padding=3, fontsize=8.5)
    axis.set_xlim(0, 1.25 * max(milliseconds))
    axis.set_xticks([])
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="y", labelsize=8.5, length=0)
    axis.grid(visible=False)
    axis.set_title(WORDS[cell["workload"]], fontsize=10.5)


def few(seconds):
    """The contenders; of more of our own than a panel can name, the fastest and the slowest."""
    own = sorted((time, name) for name, time in seconds.items() if name.startswith("mitheory"))
    if len(own) <= MOST_NAMED:
        return seconds
    kept = {name: time for name, time in seconds.items() if not name.startswith("mitheory")}
    for word, (time, name) in (("fastest", own[0]), ("slowest", own[-1])):
        kept[f"mitheory {word} of {len(own)}:\n{name.removeprefix('mitheory ')}"] = time
    return kept


def scale(axis, seconds):
    """Times against the number of samples."""
    for name, (words, colour, mark) in SCALING.items():
        times = {
            int(key.split()[1]): 1e3 * value
            for key, value in seconds.items()
            if key.split()[0] == name
        }
        axis.plot(list(times), list(times.values()), color=colour, marker=mark, ms=4, label=words)
    n = sorted({int(key.split()[1]) for key in seconds})
    last = 1e3 * seconds[f"count {n[-1]}"]
    axis.plot(n, [last * k / n[-1] for k in n], color=BLACK, lw=0.8, ls=":", label="proportional")
    axis.set(xscale="log", yscale="log", xlabel="samples n", ylabel="milliseconds")
