"""The axioms of analysis refuse what is no instance of them."""

import pytest

from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import DerivationError, Reader
from mitheory.bounds.expressions import Quantity

READER = Reader(
    {
        "mmse": Quantity("mean squared error", 0, 1),
        "v": Quantity("a number"),
        "w": Quantity("a number", 0),
        "mean_v": Quantity("mean of v"),
        "mean_w": Quantity("mean of w"),
        "y": Quantity("a number", 0, 1, positive=True),
        "f": Quantity("a density", 0),
        "small": Quantity("a function of y", 0),
        "large": Quantity("a function of y", 0),
        "r": Quantity("their ratio", 0),
        "g": Quantity("where something begins", 0),
    }
)


def check(rule, claim, *used, **given):
    texts = {name.strip("_"): text for name, text in given.items()}
    RULES[rule].check(
        READER.claim(claim),
        [READER.claim(text) for text in used],
        {name: READER.expression(text) for name, text in texts.items()},
    )


def refused(reason):
    return pytest.raises(DerivationError, match=reason)


def test_substitution():
    check("substitution", "w <= exp(-1)", "w <= exp(v)", "v = -1")
    with refused("must occur"):
        check("substitution", "w <= mean_v", "w <= mean_v", "v = -1")
    with refused("equals replaced"):
        check("substitution", "w <= exp(1)", "w <= exp(v)", "v = -1")
    with refused("of one kind"):
        check("substitution", "w = exp(-1)", "w <= exp(v)", "v = -1")
    with refused("symbol = meaning"):
        check("substitution", "w <= exp(-1)", "w <= exp(v)", "v <= -1")


def test_jensen():
    check("jensen's inequality", "mean_v**2 <= mean_w", "w = v**2", v="mean_v", w="mean_w")
    check("jensen's inequality", "exp(mean_v) <= mean_w", "w = exp(v)", v="mean_v", w="mean_w")
    with refused("must be convex"):
        check("jensen's inequality", "mean_v**3 <= mean_w", "w = v**3", v="mean_v", w="mean_w")
    with refused("function of the mean"):
        check("jensen's inequality", "mean_w <= mean_v**2", "w = v**2", v="mean_v", w="mean_w")
    with refused("of one variable"):
        check("jensen's inequality", "mean_v**2 <= mean_w", "w = v**2 + y", v="mean_v", w="mean_w")
    with refused("means are symbols"):
        check("jensen's inequality", "4 <= mean_w", "w = v**2", v="2", w="mean_w")
    with refused("must be given"):
        check("jensen's inequality", "mean_v**2 <= mean_w", "w = v**2", v="mean_v")


def test_integral():
    given = {"variable": "y", "from": "0", "to": "1", "integrand": "f*small"}
    check("integral", "w = 1/4", "f = 2*y", "small = y**2/2", **given, antiderivative="y**4/4")
    with refused("must have this derivative"):
        check("integral", "w = 1/4", "f = 2*y", "small = y**2/2", **given, antiderivative="y**4/3")
    with refused("difference at the ends"):
        check("integral", "w = 1/3", "f = 2*y", "small = y**2/2", **given, antiderivative="y**4/4")
    with refused("difference at the ends"):
        other = {**given, "to": "2"}
        check("integral", "w = 1/4", "f = 2*y", "small = y**2/2", **other, antiderivative="y**4/4")
    with refused("must all occur"):
        other = {**given, "integrand": "2*y*small"}
        check("integral", "w = 1/4", "f = 2*y", "small = y**2/2", **other, antiderivative="y**4/4")
    with refused("symbol = integral"):
        check("integral", "w <= 1/4", "f = 2*y", "small = y**2/2", **given, antiderivative="y**4/4")


def test_chebyshev():
    rule = "chebyshev's integral inequality"
    given = {"variable": "y", "first": "w", "second": "v", "mean": "g"}
    check(rule, "v <= w*g", "f = 2*y", "small = y", "large = 1", "r = 1/y", **given)
    with refused("ratio must be b / a"):
        check(rule, "v <= w*g", "f = 2*y", "small = y", "large = 1", "r = 2/y", **given)
    with refused("density times a must rise"):
        check(rule, "v <= w*g", "f = 1", "small = 1/y", "large = 1/y**2", "r = 1/y", **given)
    with refused("must fall"):
        check(rule, "v <= w*g", "f = 2*y", "small = y", "large = y**2", "r = y", **given)
    with refused("the claim must be"):
        check(rule, "v >= w*g", "f = 2*y", "small = y", "large = 1", "r = 1/y", **given)


def test_linear_estimation():
    rule = "linear estimation"
    check(rule, "mmse <= 1/(1 + gamma)", variance="1", slope="sqrt(gamma)/(1 + gamma)")
    check(rule, "mmse <= 1/4", variance="1/4", slope="0")
    with refused("error of that estimate"):
        check(rule, "mmse <= 1/(2 + gamma)", variance="1", slope="sqrt(gamma)/(1 + gamma)")
    with refused("mmse <= its error"):
        check(rule, "mmse >= 1/4", variance="1/4", slope="0")


START = {
    "mmse": "mmse",
    "origin": "g",
    "start": "t*gamma",
    "excess": "g/4 + (gamma - g)/6 - I",
    "weight": "1/2",
}


class TestGrowth:
    rule = "growth with the snr"
    used = ("mmse <= 1/3", "I <= gamma/4")
    claim = "I <= t*gamma/4 + (1 - t)*gamma/6"

    def test_from_0(self):
        check(self.rule, "I <= gamma/2", "mmse <= 1", mmse="mmse", weight="1/2")
        check(self.rule, "gamma/2 <= I", "1 <= mmse", mmse="mmse", weight="1/2")

    def test_from_a_start(self):
        check(self.rule, self.claim, *self.used, **START)

    @pytest.mark.parametrize(
        ("claim", "used", "given", "reason"),
        [
            ("I <= gamma", ["mmse <= 1"], {}, "must grow at the rate"),
            ("I >= gamma/2", ["mmse <= 1"], {}, "must grow at the rate"),
            ("I >= gamma/2", ["mmse <= 1"], {"weight": "-1/2"}, "weight must be non-negative"),
            ("I <= gamma/2", ["mmse <= 1"], {"factor": "-1"}, "factor must be positive"),
            ("I <= gamma/2", ["mmse <= 1"], {"factor": "2"}, None),
            ("I <= gamma/2 + 1", ["mmse <= 1"], {}, "must begin with 0"),
            ("I <= gamma/2", ["mmse <= 1", "mmse <= 1"], {}, "rests on one claim"),
            ("I <= gamma/2", [], {}, "rests on the rate"),
            ("I = gamma/2", ["mmse <= 1"], {}, "all are inequalities"),
            ("I <= gamma/2", ["mmse = 1"], {}, "all are inequalities"),
            ("I <= gamma/2", ["mmse <= 1"], {"mmse": "1"}, "a symbol"),
            ("I <= gamma/2", ["mmse <= 1"], {"other": "1"}, "nothing but what it knows"),
        ],
    )
    def test_refuses(self, claim, used, given, reason):
        given = {"mmse": "mmse", "weight": "1/2", **given}
        if reason is None:
            check(self.rule, claim, *used, **given)
            return
        with refused(reason):
            check(self.rule, claim, *used, **given)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"start": "2*gamma"}, "0 <= start <= gamma"),
            ({"start": "(1 + t)*gamma"}, "0 <= start <= gamma"),
            ({"origin": "gamma"}, "symbol of its own"),
            ({"excess": "g/4 + (gamma - 2*g)/6 - I"}, "the claim must be the excess"),
            ({"start": "(1 - t)*gamma"}, "the claim must be the excess"),
        ],
    )
    def test_refuses_another_start(self, change, reason):
        with refused(reason):
            check(self.rule, self.claim, *self.used, **{**START, **change})

    def test_refuses_a_start_that_is_not_established(self):
        with refused("must be the start"):
            check(self.rule, self.claim, "mmse <= 1/3", "I <= gamma/3", **START)
        with refused("rests on two claims"):
            check(self.rule, self.claim, "mmse <= 1/3", **START)
