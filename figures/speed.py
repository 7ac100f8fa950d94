"""Speed against peers, one run."""

from style import BLACK, BLUE, GREY, conclusion, panels

TITLE = "Times of mitheory and its peers, measured in one run"
STUDIES = ("speed",)


def draw(speed):
    cells = speed.cells
    figure, axes = panels(3, rows=-(-len(cells) // 3), height=2.3, squeeze=False)
    for axis, cell in zip(axes.flat, cells, strict=False):
        seconds = dict(sorted(cell["seconds"].items(), key=lambda item: -item[1]))
        milliseconds = [1e3 * value for value in seconds.values()]
        colours = [BLUE if name.startswith("mitheory") else GREY for name in seconds]
        axis.barh(list(seconds), milliseconds, color=colours)
        axis.set_xscale("log")
        axis.set_xlabel("milliseconds")
        axis.set_title(cell["workload"].replace("_", " "), fontsize=10.5)
        axis.tick_params(axis="y", labelsize=8)
        asked = (
            f"{cell['value']:.3g} times as fast as {cell['peer']}, asked {cell['predicted']:.3g}"
        )
        axis.annotate(
            asked, (1, -0.42), xycoords="axes fraction", ha="right", fontsize=8, color=BLACK
        )
    for axis in axes.flat[len(cells) :]:
        axis.set_visible(False)
    caption = (
        "Median times of warm calls, each contender in a process of its own on one thread (all "
        "pairs: on all cores). Blue: mitheory. Under each panel, how many times as fast as the "
        f"peer it is held against. {conclusion(speed)}"
    )
    return figure, caption
