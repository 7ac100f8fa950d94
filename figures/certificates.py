"""Certificates: how wide the certified intervals are, and how often they miss."""

from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY, panels

TITLE = "Certified intervals narrow with the sample and miss no more often than promised"
STUDIES = ("certificate_coverage",)
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY)
MARKS = "os^Dvx"
NAMES = {
    "label_entropy": "H(Y)",
    "conditional_entropy": "H(Y|X)",
    "information": "I(X;Y)",
    "bayes_error": "error",
    "error_from_entropies": "error, entropies",
}


def draw(certificate_coverage):
    figure, (left, middle, right) = panels(3, height=4.3)
    laws = list(dict.fromkeys(certificate_coverage.column("law")))
    for law, colour, mark in zip(laws, COLOURS, MARKS, strict=False):
        cells = certificate_coverage.select(law=law).cells
        n = [cell["n"] for cell in cells]
        style = {"color": colour, "marker": mark, "ms": 5, "label": law}
        left.plot(n, [cell["width"]["conditional_entropy"] for cell in cells], **style)
        middle.plot(n, [cell["width"]["bayes_error"] for cell in cells], **style)
        for position, name in enumerate(NAMES):
            missed = [100 * cell["missed"][name] for cell in cells]
            right.plot([position] * len(missed), missed, mark, color=colour, mfc="none")
    promised = 100 * certificate_coverage.cells[0]["predicted"]
    right.axhline(promised, color=BLACK, lw=1.2, ls=":")
    right.set_xticks(range(len(NAMES)), NAMES.values(), rotation=35, ha="right", fontsize=9.5)
    right.set_ylim(bottom=0)
    left.set(ylabel="mean width [nat]", title="H(Y|X)")
    middle.set(ylabel="mean width", title="Bayes error")
    right.set(ylabel="intervals that miss [%]", title="Promised: at most 5 %")
    for axis in (left, middle):
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("samples n")
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    caption = (
        "Left and middle: mean width of the 95 % intervals for the conditional entropy and for the "
        "Bayes error. Right: how often an interval misses the truth, one mark a law and sample "
        "size. The exact binomial intervals use up most of the risk they are allowed; those "
        "for the entropies hold for every law at once and hardly miss at all. "
        f"Claim: {certificate_coverage.verdict.status} "
        f"({certificate_coverage.verdict.figure})."
    )
    return figure, caption
