"""Coverage of every kind of interval: a table in colours, one panel a law."""

from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from style import BLACK, ORANGE, SKY, conclusion, panels

TITLE = "Certified intervals keep their level; of the others, those without bias come closest"
STUDIES = ("interval_coverage",)
NAMES = {
    "plugin": "plug-in",
    "miller_madow": "Miller-Madow",
    "grassberger": "Grassberger",
    "chao_shen": "Chao-Shen",
    "nsb": "NSB",
    "dirichlet_jeffreys": "Jeffreys",
    "pym": "PYM",
}
KINDS = {"bca": "BCa"}
COLOURS = LinearSegmentedColormap.from_list("coverage", [ORANGE, "#FFFFFF", SKY])


def words(interval):
    kind, method = interval.split()
    return f"{KINDS.get(kind, kind)}, {NAMES[method]}"


def phrase(interval):
    kind, method = interval.split()
    article = "the " if method == "plugin" else ""
    return f"the {KINDS.get(kind, kind)} interval of {article}{NAMES[method]}"


def draw(interval_coverage):
    cells = interval_coverage.cells
    level = 100 * (1 - cells[0]["predicted"])
    rows = [name for name in cells[0]["missed"] if all(name in cell["missed"] for cell in cells)]
    laws = list(dict.fromkeys(interval_coverage.column("law")))
    figure, axes = panels(len(laws), height=0.6 + 0.31 * len(rows), sharey=True)
    norm = TwoSlopeNorm(vmin=0, vcenter=level, vmax=100)
    size = 9 if len(cells) <= 4 * len(laws) else 7.5
    for axis, law in zip(axes, laws, strict=True):
        columns = interval_coverage.select(law=law).cells
        held = [[100 * (1 - cell["missed"][name]) for cell in columns] for name in rows]
        image = axis.imshow(held, aspect="auto", cmap=COLOURS, norm=norm)
        for y, line in enumerate(held):
            for x, share in enumerate(line):
                axis.text(x, y, f"{share:.0f}", ha="center", va="center", fontsize=size)
        kinds = [name.split()[0] for name in rows]
        for y in range(1, len(rows)):
            if kinds[y] != kinds[y - 1]:
                axis.axhline(y - 0.5, color=BLACK, lw=0.8)
        share = [cell["n"] / cell["symbols"] for cell in columns]
        ticks = [f"{x:.0f}" if x >= 10 else f"{x:.2g}" for x in share]
        axis.set_xticks(range(len(columns)), ticks, fontsize=size)
        axis.set_yticks(range(len(rows)), [words(name) for name in rows])
        axis.tick_params(length=0)
        axis.grid(False)
        axis.spines[:].set_visible(False)
        axis.set(title=law.replace("(", "\n("), xlabel="n / S")
    bar = figure.colorbar(image, ax=axes, location="right", pad=0.01, fraction=0.03, aspect=40)
    bar.set_ticks([0, 25, 50, 75, level, 100])
    bar.set_label("intervals that hold the entropy [%]")
    return figure, caption(interval_coverage, rows, level)


def caption(results, rows, level):
    cells = results.cells
    others = [name for name in rows if not name.startswith("certified")]
    scarce = [cell for cell in cells if cell["n"] < cell["symbols"]]
    ample = [c for c in cells if c["n"] >= 3 * c["symbols"] and not c["law"].startswith("uniform")]

    def lowest(name, among):
        return 100 * (1 - max(cell["missed"][name] for cell in among))

    first = max(others, key=lambda name: lowest(name, scarce))
    best = max(others, key=lambda name: lowest(name, ample))
    worst = min(others, key=lambda name: lowest(name, ample))
    share = [cell["width"][best] / cell["width"]["certified plugin"] for cell in ample]
    return (
        f"How often an interval holds the entropy, in per cent of {cells[0]['samples']} samples; "
        f"{level:g} % are asked for (white), orange is fewer, blue more. S = {cells[0]['symbols']} "
        f"is the number of symbols. The certified interval never holds in fewer than "
        f"{lowest('certified plugin', cells):.0f} %, and promises that for every n and every law. "
        f"The others are not safe while n < S: the best, {phrase(first)}, falls to "
        f"{lowest(first, scarce):.0f} %. From n = 3 S on, the uniform law apart, {phrase(best)} "
        f"comes closest: it holds in {lowest(best, ample):.0f} % or more at {min(share):.2f} to "
        f"{max(share):.2f} of the certified width; {phrase(worst)} falls to "
        f"{lowest(worst, ample):.0f} %. The uniform law has the largest entropy there is, so that "
        "quantiles of entropies, of a posterior or of resamples, lie below it. "
        f"{conclusion(results)}"
    )
