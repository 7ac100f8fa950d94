"""Whether a fragment of LaTeX would compile, where there is no LaTeX: a strict reader of our own.

Formulas go to matplotlib's parser of TeX mathematics, which refuses unknown commands, unbalanced
braces and double indices. Outside formulas only known commands and escaped characters may stand.
"""

import re

from matplotlib.mathtext import MathTextParser

COMMANDS = {"begin", "end", "item", "paragraph", "emph", "^"} | {
    f"text{word}" for word in ("bar", "less", "greater", "asciitilde", "backslash")
}
TOKEN = re.compile(r"\\([a-zA-Z]+|.)|([{}])|([#$%&_^~])|([^\x20-\x7e\n\u00a1-\u017f])", re.DOTALL)


def check_formula(text):
    """Raise a ValueError that names what is wrong with a formula."""
    if not text.strip():
        raise ValueError("an empty formula")
    rows = re.split(r"\\\\", text)
    if len(rows) > 1:  # a table of cases: each entry is a formula
        text = re.sub(r"\\(begin|end)\{cases\}", lambda m: "{" if m[1] == "begin" else "}", text)
        text = re.sub(r"\\\\|&|\\:", " ", text)
    text = re.sub(r"\\(le|ge)(?![a-zA-Z])", r"\\\1q", text)  # the same by their long names
    MathTextParser("path").parse(f"${text}$")


def check_fragment(text):
    """Raise a ValueError that names what is wrong with a fragment with formulas in it."""
    formulas = re.findall(r"\\\((.*?)\\\)", text, re.DOTALL)
    for formula in formulas:
        check_formula(formula)
    plain = re.sub(r"\\\(.*?\\\)", "", text, flags=re.DOTALL)
    depth, environments = 0, []
    for match in TOKEN.finditer(plain):
        command, brace, special, strange = match.groups()
        if command is not None:
            if command.isalpha() and command not in COMMANDS:
                raise ValueError(f"unknown command {match[0]}")
            if not command.isalpha() and command not in r"\_%&#${}^":
                raise ValueError(f"stray {match[0]!r}")
            if command in ("begin", "end"):
                name = re.match(r"\{(\w+)\}", plain[match.end() :])
                if name is None:
                    raise ValueError(f"{match[0]} without an environment")
                if command == "begin":
                    environments.append(name[1])
                elif not environments or environments.pop() != name[1]:
                    raise ValueError(f"{match[0]}{name[0]} ends what was not begun")
            if command == "item" and not environments:
                raise ValueError("an item outside a list")
            if command == "\\" and re.match(r"\s*[\[*]", plain[match.end() :]):
                raise ValueError("a line break would take what follows as its argument")
        elif brace:
            depth += 1 if brace == "{" else -1
            if depth < 0:
                raise ValueError("a brace is closed that was not opened")
        elif special:
            raise ValueError(f"{special} is not escaped")
        else:
            raise ValueError(f"the character {strange!r} needs a package")
    if depth or environments:
        raise ValueError("a brace or an environment is left open")
    return len(formulas)
