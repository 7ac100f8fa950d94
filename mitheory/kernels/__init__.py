"""The Numba kernels: few, plain, top-level; arrays in, arrays out, no validation.

They are compiled at their first use on a machine and then loaded from disk. Whoever waits at a
terminal for the compiler is told so, once a process.
"""

from __future__ import annotations

import sys

from numba.core import event


class _Notice(event.Listener):
    """Says on a terminal that kernels of this package are being compiled."""

    said = False

    def on_start(self, event: event.Event) -> None:
        module = event.data["dispatcher"].py_func.__module__
        if module.startswith("mitheory.") and not self.said and sys.stderr.isatty():
            self.said = True
            print(
                "mitheory: compiling its kernels for this machine, once (some seconds) ...",
                file=sys.stderr,
            )

    def on_end(self, event: event.Event) -> None:
        pass


event.register("numba:compile", _Notice())
