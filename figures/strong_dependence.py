"""Variables that nearly determine each other: what KSG finds, and the correction for thin boxes."""

from style import BLACK, GREEN, ORANGE, conclusion, panels

TITLE = "Above its ceiling KSG does not see information; a correction does"
STUDIES = ("strong_dependence",)
SHOWN = {"ksg2": ("KSG 2", GREEN, "s"), "lnc": ("corrected (LNC)", ORANGE, "v")}
FAMILIES = {
    "normal(1": "Two scalars, normal",
    "additive_uniform": "Two scalars, uniform noise",
    "normal(3": "3 + 3 columns, normal",
}
FEW, MANY = 300, 10_000


def draw(strong_dependence):
    figure, axes = panels(len(FAMILIES), height=3.6)
    sizes = [n for n in (FEW, MANY) if n in strong_dependence.column("n")]
    for axis, (family, words) in zip(axes, FAMILIES.items(), strict=True):
        for n in sizes:
            cells = [
                cell
                for cell in strong_dependence.select(n=n).cells
                if cell["law"].startswith(family)
            ]
            cells.sort(key=lambda cell: cell["information"])
            truth = [cell["information"] for cell in cells]
            for method, (name, colour, mark) in SHOWN.items():
                found = [cell["information"] + cell["bias"][method] for cell in cells]
                fill = colour if n == FEW else "white"
                label = f"{name}, n = " + f"{n:,}".replace(",", " ")
                axis.plot(truth, found, color=colour, marker=mark, mfc=fill, lw=1.2, label=label)
        axis.plot([0, max(truth)], [0, max(truth)], color=BLACK, lw=0.8, ls="--")
        axis.set(xlabel="information [nat]", title=words)
    axes[0].set_ylabel("mean estimate [nat]")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure, caption(strong_dependence)


def caption(results):
    cells = [cell for cell in results.cells if abs(cell["information"]) < 1e-9]
    most = max(cell["bias"]["lnc"] - cell["bias"]["ksg2"] for cell in cells)
    return (
        "Mean estimate against the exact information; broken: equal. KSG gives "
        "psi(n) - psi(k) at most, however strong the dependence. The correction takes the "
        "volume of the neighbours' box along its principal axes. Where there is no information it "
        f"adds at most {most:.3f} nat. {conclusion(results)}"
    )
