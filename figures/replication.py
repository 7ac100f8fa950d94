"""What each loss gains over cross entropy, when little and when everything is tuned."""

from style import BLACK, GREEN, GREY, ORANGE, PURPLE, RED, SKY, panels

from mitheory.study.paired import difference, holm

TITLE = "Losses against cross entropy: what is left of a gain once cross entropy is tuned as well"
STUDIES = ("milc", "milc_digits")
PLAIN, INFORMED, LOW = "cross_entropy", "mutual_information", "cross_entropy, low rate"
COLOURS = {
    INFORMED: RED,
    "information_regularised": ORANGE,
    "label_smoothing": GREEN,
    "confidence_penalty": SKY,
    "entropy_regularised": PURPLE,
    LOW: GREY,
}
PANELS = (  # rule, score, factor, words
    ("fixed", "error", 100, "test error [points]\none rate, last epoch"),
    ("last", "error", 100, "test error [points]\nrate chosen, last epoch"),
    ("early", "error", 100, "test error [points]\nrate and epoch chosen"),
    ("likelihood", "cross_entropy", 1, "test cross entropy [nat]\nchosen by it on validation"),
)


def draw(milc, milc_digits):
    return forest({"Gaussian, ": milc, "digits, ": milc_digits}), caption(milc, milc_digits)


def forest(studies):
    """One row a setting, one mark a loss: the paired difference from cross entropy."""
    rows = [
        (prefix + data, results.select(data=data).cells)
        for prefix, results in studies.items()
        for data in dict.fromkeys(results.column("data"))
    ]
    figure, axes = panels(len(PANELS), height=1.6 + 0.95 * len(rows), sharey=True)
    for axis, (rule, score, factor, words) in zip(axes, PANELS, strict=True):
        axis.axvline(0, color=BLACK, lw=0.8)
        for row, (_, cells) in enumerate(rows):
            marks(axis, row, cells, rule, score, factor)
        axis.set_xlabel(words, fontsize=9.5)
    axes[0].set_yticks(range(len(rows)), [name.replace(", ", ",\n") for name, _ in rows])
    axes[0].set_ylim(len(rows) - 0.5, -0.5)
    handles = {
        line.get_label(): line for axis in axes for line in axis.lines if line.get_label()[0] != "_"
    }
    figure.legend(handles.values(), handles, loc="outside upper center", ncols=3)
    return figure


def marks(axis, row, cells, rule, score, factor):
    gains = compared(cells, rule, score, factor)
    if score != "error":
        gains.pop(LOW)  # far off, and no loss of its own
    for place, (loss, (gain, shown)) in enumerate(gains.items(), 1):
        axis.errorbar(
            gain.mean,
            row + 0.8 * place / (len(gains) + 1) - 0.4,
            xerr=gain.half_width,
            fmt="o",
            ms=5,
            color=COLOURS[loss],
            mfc=COLOURS[loss] if shown else "white",
            lw=1.4,
        )
        if row == 0:
            axis.plot([], [], "o", color=COLOURS[loss], label=loss.replace("_", " "))


def compared(cells, rule, score, factor):
    """Loss → its difference from cross entropy in one setting, and whether Holm's test shows it."""
    sides = {
        loss: [factor * values(cell, rule, score)[loss] for cell in cells]
        for loss in cells[0]["losses"]
    }
    plain = sides.pop(PLAIN)
    gains = {loss: difference(side, plain) for loss, side in sides.items()}
    tested = [loss for loss in gains if loss != LOW]
    adjusted = dict(zip(tested, holm([gains[loss].p for loss in tested]), strict=True))
    return {loss: (gain, adjusted.get(loss, 1.0) < 0.05) for loss, gain in gains.items()}


def values(cell, rule, score):
    """Loss → score of a cell."""
    return dict(zip(cell["losses"], cell[rule][score], strict=True))


def caption(*studies):
    words = " ".join(f"{results.verdict.figure}." for results in studies)
    return (
        "Each mark is a loss less cross entropy, so that to the left of 0 it is better, with 95 % "
        "t-intervals over paired seeds; full marks are significant at 5 % after Holm's correction "
        "over the losses of the setting (the low rate is shown and not tested). Every loss has the "
        f"same number of trainings. {words}"
    )
