"""How the figures of sample complexity show the routes."""

from style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY

LOOK = {
    "exact_binomial": (BLACK, "o", "exact tail (2 labels)"),
    "chernoff_varentropy": (BLUE, "s", "Chernoff, varentropy"),
    "centred_chernoff": (SKY, "p", "the same, centred"),
    "optimal_linear": (BLACK, "P", "optimal linear estimator"),
    "worst_bias": (GREEN, "h", "bounded differences, exact bias"),
    "bounded_differences": (GREEN, "^", "bounded differences"),
    "antos_kontoyiannis": (ORANGE, "D", "Antos, Kontoyiannis"),
    "l1_continuity": (RED, "v", "total variation"),
    "mean_l1_continuity": (PURPLE, "<", "mean total variation"),
    "divergence_continuity": (SKY, ">", "divergence, Pinsker"),
    "asymptotic": (GREY, "x", "asymptotic: no promise"),
    "minimax_order": (GREY, "+", "minimax order: no promise"),
}


def against(axis, cells, name, look=LOOK):
    """The sample size of every route against a parameter of the study."""
    for route, (colour, mark, _) in look.items():
        points = sorted((c[name], c["routes"][route]["n"]) for c in cells if route in c["routes"])
        if points:
            line = "none" if len(points) == 1 else ":" if colour == GREY else "-"
            style = {"marker": mark, "mfc": "none", "mew": 1.3, "lw": 1.2, "ms": 6}
            axis.plot(*zip(*points, strict=True), color=colour, ls=line, **style)
    axis.set_xscale("log")
    axis.set_yscale("log")
