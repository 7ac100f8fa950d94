"""The remembered form: a closed bound that exceeds the error of laws that exist."""

from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, conclusion, legend_below, panels

TITLE = "A plausible closed form claims more error than some laws have"
STUDIES = ("remembered_form",)
SHOWN = {
    "bits": ((2, BLUE), (3, GREEN), (4, ORANGE), (10, RED), (1_000_000, PURPLE)),
    "nats": ((2, BLUE), (11, GREEN), (12, ORANGE), (100, RED), (1_000_000, PURPLE)),
}


def draw(remembered_form):
    figure, axes = panels(2, height=5.1, sharey=True)
    for axis, (entropies, classes) in zip(axes, SHOWN.items(), strict=True):
        axis.plot([0, 1], [0, 1], color=BLACK, lw=1.2)
        axis.fill_between([0, 1], [0, 1], [1, 1], color=RED, alpha=0.07, lw=0)
        for number, colour in classes:
            (cell,) = remembered_form.select(classes=number, entropies=entropies).cells
            holds = cell["value"] >= 0
            axis.plot(
                cell["curve"]["error"],
                cell["curve"]["claimed"],
                color=colour,
                ls="--" if holds else "-",
                label=f"{number:,} classes: {'holds' if holds else 'refuted'}",
            )
            if not holds:
                axis.plot(cell["error"], cell["claimed"], "o", color=colour, ms=4)
        axis.set(
            xlabel="error of a law that attains Fano's inequality",
            xlim=(0, 1),
            ylim=(0, 1),
            title=f"Entropies in {entropies}",
        )
        legend_below(axis, *axis.get_legend_handles_labels())
    axes[0].set_ylabel("least error that the form claims")
    axes[0].text(0.21, 0.76, "claims more error than there is", fontsize=9.5)
    caption = (
        "The form p ≥ (2 + H - √((H - 2)² + 4)) / 4 replaces the entropy that is left after an "
        "error, in Fano's inequality, by H itself. For the laws that attain Fano's inequality the "
        "error it claims is drawn against the error they have: above the diagonal (shaded) it is "
        "wrong. The dot marks where it is refuted by the most entropy. "
        f"{conclusion(remembered_form)}"
    )
    return figure, caption
