"""The least error that an amount of information allows: with the prior, and with less of it."""

from style import BLUE, GREEN, ORANGE, RED, conclusion, panels

TITLE = "Knowing the prior helps where little information meets classes of unequal probability"
STUDIES = ("known_prior",)
SHOWN = (
    "10 classes alike",
    "10 classes, Zipf",
    "10 classes, two of 0.45",
    "10 classes, one of 0.8",
    "1000 classes, Zipf",
    "1000 classes, two of 0.45",
)
LINES = {
    "known_prior": (BLUE, "-", "the whole prior (Ho and Verdú)"),
    "fano": (ORANGE, "--", "H(Y) and the number of classes (Fano)"),
    "data_processing": (GREEN, ":", "the largest probability (data processing)"),
}


def draw(known_prior):
    figure, axes = panels(3, rows=2, height=3.4)
    for axis, prior in zip(axes.flat, SHOWN, strict=True):
        curves(axis, known_prior.select(prior=prior).cells[0])
    for axis in axes[:, 0]:
        axis.set_ylabel("least error probability")
    for axis in axes[1]:
        axis.set_xlabel("information I(X;Y) [nat]")
    handles, labels = axes[0, 1].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=3, fontsize=9, columnspacing=1.2
    )
    gains = {cell["prior"]: gain(cell) for cell in known_prior.cells}
    best = max(gains, key=lambda prior: gains[prior][0])
    most, at = gains[best]
    caption = (
        "The least error probability of any classifier, given the information in nats, from the "
        "whole prior, from its entropy and the number of classes alone, and from its largest "
        "probability alone. Shaded is what the whole prior adds to the better of the other two, "
        f"at most {most:.3f} ({best}, at I = {at:.2f} nat). To the right of the vertical line, "
        "where the error is at most M - 1 times the smallest probability, it is Fano's "
        f"inequality. {conclusion(known_prior)}"
    )
    return figure, caption


def gain(cell):
    """The most that the whole prior adds, and the information at which it does."""
    errors = cell["errors"]
    added = [
        known - max(fano, processed)
        for known, fano, processed in zip(
            errors["known_prior"], errors["fano"], errors["data_processing"], strict=True
        )
    ]
    most = max(added)
    return most, cell["information"][added.index(most)]


def curves(axis, cell):
    errors, x = cell["errors"], cell["information"]
    others = [max(pair) for pair in zip(errors["fano"], errors["data_processing"], strict=True)]
    axis.fill_between(
        x,
        others,
        errors["known_prior"],
        color=RED,
        alpha=0.3,
        lw=0,
        label="what the whole prior adds",
    )
    for name, (colour, line, words) in LINES.items():
        axis.plot(x, errors[name], color=colour, ls=line, label=words)
    if cell["helps_below"] > 1e-9:
        axis.axvline(cell["helps_below"], color=RED, lw=1, label="from here on Fano's is exact")
    most, _ = gain(cell)
    words = f"adds up to {most:.3f}" if most > 5e-4 else "adds nothing"
    axis.text(
        0.97,
        0.95,
        words,
        transform=axis.transAxes,
        ha="right",
        va="top",
        fontsize=9.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )
    axis.set(xlim=(0, cell["entropy"]), ylim=(0, 1.05 * cell["guessing"]), title=cell["prior"])
