"""The binary Gaussian model: information, closed-form bounds and error against snr."""

import math

from style import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY, panels

TITLE = "Closed forms enclose the information of the Gaussian model closely"
STUDIES = ("gaussian_information",)


def excess(cells, ends, name):
    """Summed distance of a bound from the exact information."""
    return sum(abs(cell[ends][name] - cell["information"]) for cell in cells)


def draw(gaussian_information):
    figure, (left, middle, right) = panels(3, height=3.9)
    cells = gaussian_information.cells
    snr = [cell["snr"] for cell in cells]
    exact = [cell["information"] for cell in cells]
    best_lower = [max(cell["lower"].values()) for cell in cells]
    best_upper = [min(cell["upper"].values()) for cell in cells]
    left.plot(snr, exact, color=BLACK)
    left.fill_between(snr, best_lower, best_upper, color=ORANGE, alpha=0.5, lw=0)
    left.set(ylabel="information [nat]", title="Exact I(X;Y), best bounds")

    for ends, colours, sign in (("lower", (BLUE, SKY), "≥"), ("upper", (RED, PURPLE), "≤")):
        sharpest = sorted(
            cells[0][ends],
            key=lambda name: sum(abs(c[ends][name] - c["information"]) for c in cells),
        )
        for name, colour in zip(sharpest, colours, strict=False):
            gap = [c[ends][name] - c["information"] for c in cells]
            middle.plot(snr, gap, color=colour, label=f"{sign} {name.replace('_', ' ')}")
    middle.axhline(0, color=BLACK, lw=1.2)
    middle.set(ylabel="bound - exact [nat]", ylim=(-0.16, 0.05), title="The sharpest of them")
    middle.legend(fontsize=8, loc="lower left")

    ratio = {
        "envelope, H / (2 ln 2)": ([c["envelope"] / c["error"] for c in cells], GREEN, "-"),
        "this model, H / π": (
            [c["conditional_entropy"] / math.pi / c["error"] for c in cells],
            PURPLE,
            "--",
        ),
        "Fano": ([c["fano"] / c["error"] for c in cells], BLUE, "-."),
    }
    for name, (values, colour, line) in ratio.items():
        right.plot(snr, values, color=colour, ls=line, label=name)
    right.axhline(1, color=BLACK, lw=1.2)
    right.set_yscale("log")
    right.set(ylabel="bound / exact Bayes error", title="Error bounds, relative")
    right.legend(fontsize=8.5, loc="lower left")
    for axis in (left, middle, right):
        axis.set_xscale("log")
        axis.set_xlabel(r"snr  $\mu^{\mathsf{T}} \Sigma^{-1} \mu$")
    gap = max(high - low for low, high in zip(best_lower, best_upper, strict=True))
    caption = (
        "Equal priors. Left: the exact information, with the gap between the best closed-form "
        f"bounds shaded; it is {gap:.3f} nat at its widest. Middle: the sharpest bounds less the "
        "exact value. Right: what the exact "
        "conditional entropy H says about the Bayes error, relative to the exact error: Fano's "
        "bound falls ever further below it, while the two that know the model stay within a "
        f"factor π / (2 ln 2) = 2.27 of each other. Claim: {gaussian_information.verdict.status} "
        f"({gaussian_information.verdict.figure})."
    )
    return figure, caption
