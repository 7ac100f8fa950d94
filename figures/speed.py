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


def draw(speed):
    cells = [cell for cell in speed.cells if cell["workload"] != "scaling"]
    figure, axes = panels(2, rows=-(-(len(cells) + 1) // 2), height=2.5, squeeze=False)
    for axis, cell in zip(axes.flat, cells, strict=False):
        seconds = dict(sorted(cell["seconds"].items(), key=lambda item: -item[1]))
        milliseconds = [1e3 * value for value in seconds.values()]
        colours = [BLUE if name.startswith("mitheory") else GREY for name in seconds]
        axis.barh(list(seconds), milliseconds, color=colours)
        axis.set_xscale("log")
        axis.set_xlabel(
            f"milliseconds; {cell['value']:.3g} times as fast as {cell['peer']}", fontsize=9.5
        )
        axis.set_title(cell["workload"].replace("_", " "), fontsize=10.5)
        axis.tick_params(axis="y", labelsize=8.5)
        axis.grid(axis="y", visible=False)
    scaling = speed.select(workload="scaling").cells[0]["seconds"]
    axis = axes.flat[len(cells)]
    for name, (words, colour, mark) in SCALING.items():
        times = {
            int(key.split()[1]): 1e3 * value
            for key, value in scaling.items()
            if key.split()[0] == name
        }
        axis.plot(list(times), list(times.values()), color=colour, marker=mark, ms=4, label=words)
    n = sorted({int(key.split()[1]) for key in scaling})
    last = 1e3 * scaling[f"count {n[-1]}"]
    axis.plot(n, [last * k / n[-1] for k in n], color=BLACK, lw=0.8, ls=":", label="proportional")
    axis.set(xscale="log", yscale="log", xlabel="samples n (1000 symbols)", ylabel="milliseconds")
    axis.set_title("cost against n", fontsize=10.5)
    axis.legend(fontsize=8)
    for axis in axes.flat[len(cells) + 1 :]:
        axis.set_visible(False)
    caption = (
        "Median times of warm calls, each contender in a process of its own on one thread (all "
        "pairs: on all cores). Blue: mitheory. Last: counting costs in proportion to the samples; "
        "after it, an estimate costs what the distinct counts cost. Measured with validation/"
        f"speed.py, not in this run. {conclusion(speed)}"
    )
    return figure, caption
