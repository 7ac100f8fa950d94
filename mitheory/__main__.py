"""`mitheory` and `python -m mitheory`: the command line, or what to install for it."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line; without the libraries that it needs, one line and exit code 2."""
    if not (find_spec("typer") and find_spec("rich")):
        print(
            "mitheory: the command line needs typer and rich: pip install 'mitheory[cli]'",
            file=sys.stderr,
        )
        sys.exit(2)
    from mitheory import cli

    cli.main()


if __name__ == "__main__":
    main()
