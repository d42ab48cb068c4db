"""Sphinx as commands run it, by this file's path: a program that imports nothing of ours.

Sphinx says nothing of Ctrl-C but a traceback until its modules are imported, nor of a reader that
has gone (``| head``) but one for each line, and for each process that it starts.
"""

from __future__ import annotations

import logging
import os
import signal
import sys


def outlive_reader() -> None:
    """Let what is printed go nowhere once the reader of a pipe has gone."""
    written = sys.stdout.flush

    def flush() -> None:
        try:
            written()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    logging.raiseExceptions = False
    sys.stdout.flush = flush  # type: ignore[method-assign]


def build() -> int:
    """Run sphinx-build with the arguments of this process; return its status."""
    catch = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sphinx.cmd.build import main  # noqa: PLC0415

    signal.signal(signal.SIGINT, catch)
    sys.argv[0] = "sphinx-build"
    return main(sys.argv[1:])


if __name__ == "__main__":
    if sys.stdout is not None and not sys.stdout.isatty():
        outlive_reader()
    sys.exit(build())
