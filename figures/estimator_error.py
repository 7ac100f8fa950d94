"""Root mean squared error of the estimators of entropy against n / S."""

from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, panels

TITLE = "How wrong each estimator of entropy is, against the number of samples a symbol"
STUDIES = ("estimator_error",)
SHOWN = {
    "plugin": ("plug-in", BLACK, "o"),
    "miller_madow": ("Miller-Madow", ORANGE, "s"),
    "grassberger": ("Grassberger 2003", PURPLE, "D"),
    "chao_shen": ("Chao-Shen", GREEN, "^"),
    "nsb": ("NSB (needs S)", BLUE, "v"),
    "jvhw": ("JVHW", RED, "P"),
    "unseen": ("unseen", SKY, "X"),
}


def draw(estimator_error):
    figure, axes = panels(2, rows=2, height=3.3)
    laws = list(dict.fromkeys(estimator_error.column("law")))
    for axis, law in zip(axes.flat, laws, strict=False):
        cells = estimator_error.select(law=law).cells
        ratio = [cell["n"] / 100 for cell in cells]
        names = cells[0]["error"]
        for name in names:
            if name not in SHOWN:
                axis.plot(ratio, [c["error"][name] for c in cells], color=GREY, lw=0.6, alpha=0.6)
        for name, (words, colour, mark) in SHOWN.items():
            errors = [cell["error"][name] for cell in cells]
            axis.plot(ratio, errors, color=colour, marker=mark, ms=5, label=words)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(f"{law}: H = {cells[0]['entropy']:.2f} nat")
        axis.set(xlabel="samples a symbol, n / S", ylabel="rms error [nat]")
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    caption = (
        "Root mean squared error against the number of samples a symbol, S = 100; exact for linear "
        "estimators, simulated for the others. Thin grey: the remaining estimators. "
        f"At n = S, {estimator_error.verdict.figure}."
    )
    return figure, caption
