import sys
from pathlib import Path

import mitheory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generate  # noqa: E402

generate.write(HERE / "generated")

project = "mitheory"
author = "The mitheory developers"
release = mitheory.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "pydata_sphinx_theme"
html_title = "mitheory"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": True}


def escape(app, what, name, obj, options, lines):
    """Docstrings are plain text: their bars and asterisks are mathematics, not markup."""
    lines[:] = [
        line if ">>>" in line or "``" in line else line.replace("|", r"\|").replace("*", r"\*")
        for line in lines
    ]


def setup(app):
    # before napoleon (500), which adds markup of its own
    app.connect("autodoc-process-docstring", escape, priority=400)
