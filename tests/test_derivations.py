"""The machine checker of derivations: proofs pass, mutants do not."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
import sympy
from oracles import latex as latex_oracle
from oracles.bounds import mutants

from mitheory.bounds import BOUNDS, interval, shannon
from mitheory.bounds.axioms import RULES
from mitheory.bounds.claim import DerivationError, Reader, is_nonnegative, vanishes
from mitheory.bounds.derivation import Derivation
from mitheory.bounds.expressions import QUANTITIES, Quantity, symbol
from mitheory.bounds.proof import Axiom, Identity, Inequality, Proof, Shannon, Use

x, y = sympy.symbols("x y", real=True)


@pytest.mark.parametrize("name", BOUNDS)
def test_every_bound_is_derived(name):
    derivation = BOUNDS[name].derivation()
    assert len(derivation.check()) == len(derivation.proof.steps)


@pytest.mark.parametrize("name", BOUNDS)
def test_every_mutant_is_refused(name):
    derivation = BOUNDS[name].derivation()
    accepted, tried = [], 0
    for what, mutant in mutants(derivation.proof):
        tried += 1
        try:
            replace(derivation, proof=mutant).check()
        except DerivationError:
            continue
        accepted.append(what)
    assert accepted == []
    assert tried >= 8


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("change", [lambda e: -e, lambda e: e + 1, lambda e: 2 * e])
def test_another_goal_is_refused(name, change):
    derivation = BOUNDS[name].derivation()
    with pytest.raises(DerivationError, match="does not claim the bound"):
        replace(derivation, goal=change(derivation.goal)).check()


def test_a_false_theorem_with_a_matching_false_proof_is_refuted_by_its_cases():
    bound = BOUNDS["fano"]

    def weaken(text):
        return text.replace("M - 1", "M - 2")

    steps = []
    for step in bound.proof.steps:
        step = replace(step, claim=weaken(step.claim))
        if isinstance(step, Axiom):
            step = replace(step, given={k: weaken(v) for k, v in step.given.items()})
        steps.append(step)
    M = symbol("M")
    false = Derivation(
        "false", bound.slack.subs(M, M - 1), replace(bound.proof, steps=tuple(steps))
    )
    with pytest.raises(DerivationError, match="fails by"):
        false.check()
    # the same in harmless cases only: no whole number of values is left for two classes
    harmless = tuple({**case, "M": 9} for case in bound.proof.witnesses())
    with pytest.raises(DerivationError, match="at least one value"):
        replace(false, proof=replace(false.proof, witnesses=lambda: harmless)).check()


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        # a poor classifier errs more often than H says in nats
        ("H - p", Axiom(name="x", claim="p <= H", rule="inclusion")),
        ("H - p", Axiom(name="x", claim="p <= H", rule="geometric mean", given={"weight": "p"})),
        # M classes, but any number of observations
        (
            "log(M) - H(X)",
            Axiom(name="x", claim="H(X) <= log(M)", rule="maximum entropy", given={"values": "M"}),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.rule,
)
def test_a_false_theorem_is_no_instance_of_an_axiom(goal, step):
    """Whatever the rule, in the cases of Fano's inequality themselves."""
    honest = BOUNDS["fano"].proof
    reader = Reader(honest.symbols)
    with pytest.raises(DerivationError, match="fails by"):
        Derivation("false", reader.expression(goal), replace(honest, steps=(step,))).check()


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_prints_every_step(name, form):
    derivation = BOUNDS[name].derivation()
    text = getattr(derivation, f"to_{form}")()
    for step in derivation.proof.steps:
        assert step.because.split("_")[0] in text or form == "latex"
        if isinstance(step, Axiom):
            assert f"[{RULES[step.rule].cite}]" in text  # the source of the step
    assert not re.search(r"\blog\b(?!-)", text)  # a log-likelihood may be spoken of
    if form != "latex":  # where some characters are escaped
        assert all(QUANTITIES[n].meaning in text for n in BOUNDS[name].symbols)
    for quantity in derivation.proof.symbols.values():
        assert quantity.meaning in text
    assert derivation.title in text
    assert text.count(r"\item") == (len(derivation.proof.steps) if form == "latex" else 0)


@pytest.mark.parametrize("name", BOUNDS)
def test_latex_would_compile(name):
    latex_oracle.check_formula(BOUNDS[name].latex())
    derivation = BOUNDS[name].derivation()
    assert latex_oracle.check_fragment(derivation.to_latex()) >= len(derivation.proof.steps)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
def test_latex_compiles(tmp_path):
    fragments = [
        text
        for bound in BOUNDS.values()
        for text in (rf"\[{bound.latex()}\]", bound.derivation().to_latex())
    ]
    preamble = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    document = "\n".join([preamble, *fragments, r"\end{document}"])
    (tmp_path / "bounds.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "bounds.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2_000:]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"\(x^2^3\)", "Double superscript"),
        (r"\(\lnn x\)", "Unknown symbol"),
        (r"\(\frac{1}{2\)", "Expected"),
        ("100 % of it", "% is not escaped"),
        ("a_b", "_ is not escaped"),
        (r"\textbf{x}", r"unknown command \\textbf"),
        (r"\begin{enumerate} \item x", "left open"),
        (r"\item x", "outside a list"),
        (r"\end{enumerate}", "not begun"),
        (r"\emph{x}}", "not opened"),
        (r"x \\ [cover2006]", "as its argument"),
        ("x \u2264 y", "needs a package"),
    ],
)
def test_latex_that_would_not_compile_is_found(text, reason):
    with pytest.raises(ValueError, match=reason):
        latex_oracle.check_fragment(text)


class TestShannon:
    @staticmethod
    def prove(claim, *given):
        reader = Reader({})
        premises = {f"g{i}": reader.claim(text) for i, text in enumerate(given)}
        return shannon.prove(reader.claim(claim), premises)

    @pytest.mark.parametrize(
        "claim",
        [
            "H(X|Y) <= H(X)",
            "H(A,B,C) <= H(A) + H(B) + H(C)",
            "H(A,B,C) + H(B) <= H(A,B) + H(B,C)",
            "2*H(A,B,C) <= H(A,B) + H(B,C) + H(A,C)",  # Han's inequality
            "H(A,B) = H(A) + H(B|A)",
            "H(X|Z) <= H(X|Y) + H(Y|Z)",
        ],
    )
    def test_proves_what_is_true(self, claim):
        assert self.prove(claim).startswith("right - left =")

    @pytest.mark.parametrize(
        "claim",
        [
            "H(X|Y) <= H(X|Y,Z)",
            "H(X) <= H(X|Y)",
            "H(A,B) = H(A) + H(B)",
            "H(A,B) <= H(A)",
            "3*H(A,B,C) <= H(A,B) + H(B,C) + H(A,C)",
            # Ingleton's inequality: false in general
            "H(A) + H(B) + H(A,B,C) + H(A,B,D) + H(C,D) <= "
            "H(A,B) + H(A,C) + H(A,D) + H(B,C) + H(B,D)",
        ],
    )
    def test_refuses_what_is_false(self, claim):
        with pytest.raises(DerivationError, match="no combination"):
            self.prove(claim)

    def test_dependencies_count(self):
        assert self.prove("H(Y|X) <= H(Y|Z)", "H(Z|X) = 0")
        with pytest.raises(DerivationError):
            self.prove("H(Y|X) <= H(Y|Z)", "H(X|Z) = 0")
        with pytest.raises(DerivationError):
            self.prove("H(Y|X) <= H(Y|Z)")

    def test_given_inequalities_count_in_their_direction_only(self):
        assert self.prove("H(A) <= H(B,C)", "H(A) <= H(B)")
        with pytest.raises(DerivationError):
            self.prove("H(B) <= H(A)", "H(A) <= H(B)")

    def test_refuses_what_is_not_needed(self):
        with pytest.raises(DerivationError, match="follows without 'g0'"):
            self.prove("H(X|Y) <= H(X)", "H(Z|X) = 0")

    def test_refuses_what_is_not_about_entropies(self):
        with pytest.raises(DerivationError, match="not a rational combination"):
            self.prove("H(X|Y) <= H(X) + p")
        with pytest.raises(DerivationError, match="not a rational combination"):
            self.prove("H(X|Y) <= p*H(X)")


class TestInterval:
    @pytest.mark.parametrize(
        ("expression", "on"),
        [
            (x - sympy.log(1 + x), {x: (0, 1)}),
            (sympy.exp(x) - 1 - x, {x: (-1, 0, 2)}),
            (-x * sympy.log(x), {x: (0, 1)}),
            # h(p) >= 4 ln 2 p(1 - p), zero at 0, 1/2 and 1
            (
                -x * sympy.log(x) - (1 - x) * sympy.log(1 - x) - 4 * sympy.log(2) * x * (1 - x),
                {x: (0, sympy.Rational(1, 2), 1)},
            ),
            ((x - sympy.Rational(1, 3)) ** 2 + sympy.Rational(1, 10**6), {x: (0, 1)}),
            (1 + x * y - x - y, {x: (0, 1), y: (0, 1)}),
            (sympy.sqrt(1 + x) - 1 - x / 2 + x**2 / 8, {x: (0, 3)}),
            (sympy.pi - 3 - x / 10, {x: (0, 1)}),
        ],
        ids=str,
    )
    def test_proves_what_is_true(self, expression, on):
        points = {v: tuple(map(sympy.sympify, ends)) for v, ends in on.items()}
        assert "settled on" in interval.prove(expression, points)

    @pytest.mark.parametrize(
        ("expression", "on"),
        [
            (sympy.Rational(99, 100) * x - sympy.log(1 + x), {x: (0, 1)}),
            (sympy.log(1 + x) - x, {x: (0, 1)}),
            # negative on a width of 2e-10 only: no sample would meet it
            ((x - sympy.Rational(1, 3)) ** 2 - sympy.Rational(1, 10**20), {x: (0, 1)}),
            (-x * sympy.log(x) - (1 - x) * sympy.log(1 - x) - sympy.Rational(28, 10) * x * (1 - x),
             {x: (0, sympy.Rational(1, 2), 1)}),
            (x + y - 2 * x * y - sympy.Rational(1, 1000), {x: (0, 1), y: (0, 1)}),
            # rising, or concave, on both sides of a pole
            (4 - 1 / (x - sympy.Rational(1, 3)), {x: (0, 1)}),
            (10 - 1 / (x - sympy.Rational(1, 3)) ** 2, {x: (0, 1)}),
            (10 + sympy.log((x - sympy.Rational(1, 3)) ** 2), {x: (0, 1)}),
            (1 - sympy.exp(1 / (x - sympy.Rational(1, 2))), {x: (0, 1)}),
            (5 - 1 / (x - y), {x: (0, 1), y: (0, 1)}),
        ],
        ids=str,
    )  # fmt: skip
    def test_refuses_what_is_false(self, expression, on):
        points = {v: tuple(map(sympy.sympify, ends)) for v, ends in on.items()}
        with pytest.raises(DerivationError, match=r"is negative at|is not settled"):
            interval.prove(expression, points)

    def test_refuses_what_it_cannot_enclose(self):
        with pytest.raises(DerivationError, match="no interval rule"):
            interval.prove(sympy.gamma(x), {x: (sympy.Integer(1), sympy.Integer(2))})
        with pytest.raises(DerivationError, match="no range is given"):
            interval.prove(x + y, {x: (sympy.Integer(0), sympy.Integer(1))})
        with pytest.raises(DerivationError, match="no range is given"):
            interval.prove(x, {})

    @pytest.mark.parametrize("points", [(0,), (1, 0), (0, 0), (0, 1, sympy.Rational(1, 2))])
    def test_refuses_points_that_do_not_increase(self, points):
        with pytest.raises(DerivationError, match="must be two or more that increase"):
            interval.prove(1 - x, {x: tuple(map(sympy.sympify, points))})

    def test_encloses_outward(self):
        third = sympy.Rational(1, 3)
        value = interval.enclosure(3 * (x * third), {x: (third, third)})
        assert value.a <= sympy.Float(third, 40)
        assert value.delta > 0  # 1/3 has no binary value


SYMBOLS = {
    "v": Quantity("a number", 0),
    "w": Quantity("a number", 0),
    "n": Quantity("a count", 1, integer=True),
    "s": Quantity("a ratio", 0, 1),
}


class TestChecker:
    """Each way in which a step can fail to follow."""

    def check(self, *steps, goal="w - v", cases=({"v": 1, "w": 1},)):
        reader = Reader(SYMBOLS)
        proof = Proof(steps=steps, symbols=SYMBOLS, witnesses=lambda: cases)
        return Derivation("a test", reader.expression(goal), proof).check()

    base = Axiom(name="base", claim="v <= w", rule="maximum entropy", given={"values": "n"})
    ratio = Inequality(name="ratio", claim="log(1 + s) <= s", on={"s": ("0", "1")})

    @pytest.mark.parametrize("cases", [(), ({"v": 1},)])
    def test_refuses_an_axiom_that_no_case_tests(self, cases):
        meaning = Axiom(name="meaning", claim="v = w", rule="definition")
        end = Identity(name="end", claim="v <= w", uses=(Use(step="meaning"),))
        self.check(meaning, end)
        with pytest.raises(DerivationError, match="no concrete case speaks of all symbols"):
            self.check(meaning, end, cases=cases)

    @pytest.mark.parametrize("case", [{"s": 1.5}, {"v": -0.1}, {"n": 2.5}, {"P": (1.2, -0.2)}])
    def test_refuses_a_case_out_of_the_ranges(self, case):
        """A range is an assumption that no step states: a case against it refutes the proof."""
        (name,) = case
        with pytest.raises(DerivationError, match=f"{name} is .* out of its range"):
            self.check(self.base, cases=({"v": 1, "w": 1, **case},))

    def test_refuses_a_proof_without_steps(self):
        with pytest.raises(DerivationError, match="there are no steps"):
            self.check()

    def test_refuses_to_widen_the_range_of_a_quantity(self):
        with pytest.raises(DerivationError, match="b is a quantity of the bounds"):
            Reader({"b": Quantity("a number", 0)})

    @pytest.mark.parametrize("name", ["log", "pi", "h", "total"])
    def test_refuses_a_quantity_named_like_a_function(self, name):
        with pytest.raises(DerivationError, match="are functions"):
            Reader({name: Quantity("a number", 0)})

    def test_accepts_a_use_in_range(self):
        self.check(
            self.ratio,
            Identity(
                name="end", claim="log(1 + 1/n) <= 1/n", uses=(Use(step="ratio", at={"s": "1/n"}),)
            ),
            goal="1/n - log((n + 1)/n)",
        )

    @pytest.mark.parametrize(
        ("uses", "reason"),
        [
            ((Use(step="ratio", at={"s": "n"}),), "may be no value"),
            ((Use(step="ratio", at={"s": "2/n"}),), "may be no value"),
            ((Use(step="ratio", times="v - 1", at={"s": "1/n"}),), "may be negative"),
            ((Use(step="ratio"),), "say which s"),
            ((Use(step="ratio", at={"s": "1/(n + 1)"}),), "differ by something else"),
            ((), "differ by something else"),
            ((Use(step="missing"),), "no earlier step"),
            ((Use(step="ratio", at={"H(X)": "1"}),), "no quantity that a value can replace"),
            ((Use(step="ratio", at={"s**2": "1"}),), "no quantity that a value can replace"),
        ],
    )
    def test_refuses_a_wrong_use(self, uses, reason):
        with pytest.raises(DerivationError, match=reason):
            self.check(self.ratio, Identity(name="end", claim="log(1 + 1/n) <= 1/n", uses=uses))

    @pytest.mark.parametrize(
        ("steps", "reason"),
        [
            ((replace(ratio, claim="log(1 + s) = s"),), "inequalities only"),
            ((ratio, replace(ratio)), "the name is taken"),
            ((ratio, Shannon(name="x", claim="H(X|Y) <= H(X)")), "nothing uses"),
            ((ratio, Shannon(name="x", claim="H(X|Y) <= H(X)", uses=("ratio",))), "hold on a box"),
            ((Axiom(name="x", claim="v = w", rule="magic"),), "no axiom is named"),
            ((Axiom(name="x", claim="v <= w", rule="definition"),), "a definition is an equality"),
            ((Axiom(name="x", claim="v", rule="definition"),), "a claim is two sides"),
            ((Axiom(name="x", claim="v = w", rule="definition"),), "does not claim the bound"),
            ((base,), "the right side must be the log"),
            (
                (
                    Shannon(name="le", claim="H(X|Y) <= H(X)"),
                    Identity(name="eq", claim="H(X|Y) = H(X)", uses=(Use(step="le"),)),
                ),
                "cannot rest on an inequality",
            ),
        ],
    )
    def test_refuses_a_wrong_step(self, steps, reason):
        with pytest.raises(DerivationError, match=reason):
            self.check(*steps)


def test_vanishes_is_exact():
    n = sympy.Symbol("n", integer=True, positive=True)
    assert vanishes(sympy.log((n + 1) / n) - sympy.log(n + 1) + sympy.log(n))
    assert not vanishes(sympy.log((n + 1) / n) - sympy.log(n + 1) + sympy.log(n + 2))
    assert not vanishes(x * sympy.Rational(1, 10**40))


def test_nonnegativity_knows_the_ranges():
    M = symbol("M")
    assert is_nonnegative(M - 2)
    assert not is_nonnegative(M - 3)


def test_every_rule_names_a_statement_and_a_source():
    for rule in RULES.values():
        assert rule.statement.endswith(".")
        assert rule.cite


def test_a_bound_without_a_proof_says_so():
    with pytest.raises(ValueError, match="no derivation of Fano"):
        replace(BOUNDS["fano"], proof=None).derivation()


def test_nonnegativity_knows_upper_limits():
    p, theta = symbol("p"), symbol("theta")
    assert is_nonnegative(1 - p)
    assert is_nonnegative(p * (1 - p))
    assert not is_nonnegative(1 - 2 * p)
    assert not is_nonnegative(p - 1)
    assert is_nonnegative(1 / theta - 1)
    share = {"w": Quantity("a share", sympy.Rational(1, 2), 2)}
    w = symbol("w", share["w"])
    assert is_nonnegative(2 * w - 1, share)
    assert is_nonnegative(2 - w, share)
    assert not is_nonnegative(1 - w, share)


@pytest.mark.parametrize(
    ("event", "reference"), [("gamma", "1/2"), ("1/2", "gamma"), ("-p", "1/2"), ("1/2", "1 + p")]
)
def test_data_processing_speaks_of_probabilities(event, reference):
    read = Reader({"r": Quantity("a ratio", 0)})
    given = {"generator": "(r - 1)**2", "ratio": "r", "event": event, "reference": reference}
    claim = read.claim(f"(({event}) - ({reference}))**2/(({reference})*(1 - ({reference}))) <= F")
    with pytest.raises(DerivationError, match="must be probabilities"):
        RULES["data processing"].check(claim, [], {n: read.expression(t) for n, t in given.items()})


def test_growth_knows_what_changes_with_the_snr():
    """H falls as the snr grows: H >= f(snr) everywhere does not give snr H >= integral of f."""
    read = Reader({})
    rate = read.claim("exp(-gamma) <= H")
    for claim, weight in (("1 - exp(-gamma) <= H*gamma", "1"), ("0 <= p*gamma", "p")):
        with pytest.raises(DerivationError, match="may change with the snr"):
            RULES["growth with the snr"].check(
                read.claim(claim), [rate], {"weight": read.expression(weight)}
            )
