"""Programs of this machine, found where no pull request can have put them.

A search of ``PATH`` also finds what a book brings along: on Windows the current folder comes first,
and a committed ``git.exe`` would run; elsewhere an entry may be empty, or ``.``, or a folder of the
book. Here a program has an absolute path outside of every book.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sphinx_mmbook.core.files.paths import book_above


def find_program(name: str) -> str | None:
    """Return the absolute path of a program; None if it is not installed."""
    suffixes = os.environ.get("PATHEXT", ".EXE").split(os.pathsep) if os.name == "nt" else [""]
    for folder in search_path():
        for suffix in suffixes:
            file = os.path.join(folder, name + suffix)  # noqa: PTH118 -- called for each check
            if os.access(file, os.X_OK) and os.path.isfile(file):  # noqa: PTH113
                return file
    return None


def search_path() -> list[str]:
    """Return the entries of ``PATH`` that are absolute and not inside of a book.

    A book is a folder with a ``conf.py``. The environment that Python itself runs in may lie in
    one: who can write there need not wait for a program to be called.
    """
    entries = [entry for entry in os.get_exec_path() if os.path.isabs(entry)]  # noqa: PTH117
    return [
        entry
        for entry in entries
        if Path(entry).is_relative_to(sys.prefix) or not book_above(Path(os.path.realpath(entry)))
    ]


def environment(**more: str) -> dict[str, str]:
    """Return the environment for programs that start others by name."""
    path = os.pathsep.join(search_path())
    return {**os.environ, "PATH": path, "NoDefaultCurrentDirectoryInExePath": "1", **more}
