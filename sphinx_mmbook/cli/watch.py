"""Doing something again whenever a file of the book is saved."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def watch(book: Path, work: Callable[[], int]) -> int:
    """Do ``work``, and again after each change of a file, until Ctrl-C; return the last status."""
    if not find_spec("watchfiles"):
        print('mmbook: --watch needs: pip install "sphinx-mmbook[live]"', file=sys.stderr)
        return 2
    import watchfiles  # noqa: PLC0415 -- other commands do not pay for it

    class Sources(watchfiles.DefaultFilter):
        """All files but those that builds and editors make."""

        ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, "_build")

    status = work()
    print("waiting for the next change; Ctrl-C ends it", flush=True)
    with suppress(KeyboardInterrupt):
        for _ in watchfiles.watch(book, watch_filter=Sources()):
            clear = "\x1b[2J\x1b[H" if sys.stdout.isatty() else "\n"
            print(clear, end="")
            with suppress(SystemExit):  # conf.py is away, as while Git changes to another branch
                status = work()
            print("waiting for the next change; Ctrl-C ends it", flush=True)
    return status
