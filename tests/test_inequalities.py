"""The axioms of classical inequalities refuse what is no instance of them."""

import pytest

from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import DerivationError, Reader
from mitheory.bounds.expressions import Quantity

READER = Reader(
    {
        "v": Quantity("a number"),
        "w": Quantity("a number", 0),
        "x": Quantity("a number above 0", 0, positive=True),
        "y": Quantity("a number", 0),
        "mean_v": Quantity("mean of v"),
        "mean_w": Quantity("mean of w", 0),
        "N": Quantity("a mean of norms", 0, positive=True),
        "R": Quantity("a norm", 0, positive=True),
        "m": Quantity("a count", 1, integer=True),
        "n": Quantity("a count", 1, integer=True),
        "Hn": Quantity("an amount", 0),
        "Bn": Quantity("an amount", 0),
    }
)


def check(rule, claim, *used, **given):
    RULES[rule].check(
        READER.claim(claim),
        [READER.claim(text) for text in used],
        {name: READER.expression(text) for name, text in given.items()},
        READER.quantities,
    )


def refused(reason):
    return pytest.raises(DerivationError, match=reason)


def test_sign():
    check("sign", "0 <= w*y + b*(1 - F)")
    with refused("must make it non-negative"):
        check("sign", "0 <= v*w")
    with refused("must make it non-negative"):
        check("sign", "0 <= w - y")
    with refused("0 <= product"):
        check("sign", "y <= w + y")
    with refused("0 <= product"):
        check("sign", "0 = w")


def test_inclusion():
    check("inclusion", "F <= p")
    with refused("2\\*F must be a probability"):
        check("inclusion", "2*F <= p")
    with refused("H must be a probability"):  # an entropy is none
        check("inclusion", "p <= H")
    with refused("w must be a probability"):
        check("inclusion", "w <= p")
    with refused("probability <= probability"):
        check("inclusion", "F = p")


def test_sum_of_terms():
    means = {"v": "mean_v", "w": "mean_w"}
    check("sum of terms", "mean_v <= 2*mean_w", "v <= 2*w", **means)
    check("sum of terms", "mean_v <= y*mean_w", "v <= y*w", **means)
    with refused("no constant term"):
        check("sum of terms", "mean_v <= mean_w + 1", "v <= w + 1", **means)
    with refused("must be linear"):
        check("sum of terms", "mean_v <= mean_w**2", "v <= w**2", **means)
    with refused("must be linear"):
        check("sum of terms", "0 <= mean_v*mean_w", "0 <= v*w", **means)
    with refused("of one kind"):
        check("sum of terms", "mean_v = mean_w", "v <= w", **means)
    with refused("the sum of the one used"):
        check("sum of terms", "mean_v <= 2*mean_w", "v <= w", **means)
    with refused("no quantity of one term"):
        check("sum of terms", "w <= mean_w", "v <= w", v="w", w="mean_w")


def test_induction():
    fewer = {"Hn": "H", "Bn": "B"}
    step = "H - y*Hn <= 2*(B - y*Bn)"
    check("induction", "H <= 2*B", step, factor="y", **fewer)
    with refused("the claim used must be it"):
        check("induction", "H <= 3*B", step, factor="y", **fewer)
    with refused("the claim used must be it"):
        check("induction", "H <= 2*B", step, factor="2*y", **fewer)
    with refused("the factor must be given"):
        check("induction", "H <= 2*B", step, **fewer)
    with refused("the factor must be non-negative"):
        check("induction", "H <= 2*B", "H + y*Hn <= 2*(B + y*Bn)", factor="-y", **fewer)
    with refused("begin with 0"):
        check("induction", "H <= 2*B + 1", "H - y*Hn <= 2*(B - y*Bn) + 1 - y", factor="y", **fewer)
    with refused("what each quantity is"):
        check("induction", "H <= 2*B", step, factor="y", Hn="H")
    with refused("both claims are inequalities"):
        check("induction", "H = 2*B", step, factor="y", **fewer)


def test_cauchy_schwarz():
    given = {"product": "v", "first": "p", "second": "1 - p"}
    check("cauchy-schwarz inequality", "v**2 <= p*(1 - p)", **given)
    with refused("product\\^2 <= first times second"):
        check("cauchy-schwarz inequality", "v**2 <= p*(1 - p)/2", **given)
    with refused("product\\^2 <= first times second"):
        check("cauchy-schwarz inequality", "v <= p*(1 - p)", **given)
    with refused("means must be non-negative"):
        check("cauchy-schwarz inequality", "v**2 <= p*(p - 1)", **{**given, "second": "p - 1"})
    with refused("must be a symbol"):
        check("cauchy-schwarz inequality", "v**4 <= p*(1 - p)", **{**given, "product": "v**2"})


def test_geometric_mean():
    check("geometric mean", "p <= c", weight="s")
    with refused("2\\*p must be a probability"):
        check("geometric mean", "2*p <= c", weight="s")
    with refused("H must be a probability"):
        check("geometric mean", "p <= H", weight="s")
    with refused("weights lie in"):
        check("geometric mean", "p <= c", weight="s + 1")
    with refused("weights lie in"):
        check("geometric mean", "p <= c", weight="-s")
    with refused("smaller <= mean"):
        check("geometric mean", "p = c", weight="s")


def test_middle_of_a_chord():
    points = {"variable": "x", "middle": "y + 1", "half": "1"}
    check("middle of a chord", "2*(y + 1)**2 <= y**2 + (y + 2)**2", function="x**2", **points)
    with refused("must be convex"):
        check(
            "middle of a chord", "-2*(y + 1)**2 <= -y**2 - (y + 2)**2", function="-x**2", **points
        )
    with refused("must be convex"):  # sqrt, and 1/a for orders above 1
        check(
            "middle of a chord",
            "2*(y + 1)**(1/a) <= y**(1/a) + (y + 2)**(1/a)",
            function="x**(1/a)",
            **points,
        )
    with refused("twice the value"):
        check("middle of a chord", "2*(y + 1)**2 <= y**2 + (y + 3)**2", function="x**2", **points)
    with refused("points must be too"):
        check(
            "middle of a chord",
            "2*y**2 <= (y - 1)**2 + (y + 1)**2",
            function="x**2",
            **{**points, "middle": "y"},
        )
    with refused("variable must be positive"):
        check(
            "middle of a chord",
            "2*(y + 1)**2 <= y**2 + (y + 2)**2",
            function="v**2",
            **{**points, "variable": "v"},
        )


def test_minkowski():
    norm = "log(R) = log((1 - p)**a + (M - 1)**(1 - a)*p**a)/a"
    given = {"order": "a", "mean": "N", "norm": "R", "share": "p", "others": "M - 1"}
    rule, claim = "minkowski's inequality", "a/(1 - a)*N <= a/(1 - a)*R"
    check(rule, claim, norm, **given)
    with refused("mean of norms <="):
        check(rule, "N <= R", norm, **given)  # false for orders above 1
    with refused("mean of norms <="):
        check(rule, "a/(1 - a)*R <= a/(1 - a)*N", norm, **given)
    with refused("the claim used defines it"):
        check(rule, claim, norm.replace("(M - 1)**", "M**"), **given)
    with refused("the claim used defines it"):
        check(rule, claim, norm.replace("R) =", "R) <="), **given)
    with refused("a share lies in"):
        check(rule, claim, norm, **{**given, "share": "p + 1"})
    with refused("there must be others"):
        check(rule, claim, norm, **{**given, "others": "M - 2"})
    with refused("positive symbol"):
        check(rule, claim, norm, **{**given, "order": "2*a"})
    with refused("are symbols"):
        check(rule, claim, norm, **{**given, "mean": "2*N"})


def test_vertices_of_the_norm():
    rule, given = "vertices of the norm", {"order": "a", "norm": "N", "error": "p", "labels": "m"}
    vertex = "a/(1 - a)*(w + y*(1 - 1/m)) <= a/(1 - a)*m**(1/a)/m"
    claim = "a/(1 - a)*(w + y*p) <= a/(1 - a)*N"
    check(rule, claim, vertex, **given)
    with refused("one at the vertices"):
        check(rule, claim, vertex.replace("1/m)", "2/m)"), **given)
    with refused("norm plus a line"):
        check(rule, "w + y*p <= N", vertex, **given)
    with refused("affine in the error"):
        check(rule, "a/(1 - a)*(w + y*p**2) <= a/(1 - a)*N", vertex, **given)
    with refused("may not depend"):
        check(rule, "a/(1 - a)*(w + y*p/m) <= a/(1 - a)*N", vertex, **given)
    with refused("numbered from 1"):
        check(rule, claim, vertex, **{**given, "labels": "w"})
    with refused("inequalities"):
        check(rule, claim.replace("<=", "="), vertex, **given)


def test_logarithm():
    given = {"factor": "v", "less": "mean_v", "greater": "w"}
    claim, used = "v*log(maximum(0, mean_v)) <= v*log(w)", "v*mean_v <= v*w"
    check("logarithm", claim, used, **given)
    with refused("c x <= c y"):
        check("logarithm", claim, "mean_v <= w", **given)
    with refused("that of the logarithms"):
        check("logarithm", "log(maximum(0, mean_v)) <= log(w)", used, **given)
    with refused("that of the logarithms"):
        check("logarithm", "v*log(maximum(0, w)) <= v*log(w)", used, **given)
    with refused("greater must be non-negative"):
        check("logarithm", claim, used, **{**given, "less": "w", "greater": "mean_v"})
    with refused("both claims are inequalities"):
        check("logarithm", claim, "v*mean_v = v*w", **given)
