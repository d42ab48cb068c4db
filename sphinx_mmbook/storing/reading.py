"""Which files of the book a program reads: Python says of each file that it opens it.

An audit hook (PEP 578) sees ``open()`` and all that is built on it, in this process and from the
import of ``store`` on. Not seen are files that a library opens in C by itself (polars, DuckDB,
HDF5) and those that other processes open: they are named in ``inputs``.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.storing.caller import is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.storing.caller import Caller

#: Of a folder from which more files were read, the folder is noted.
MOST_FILES = 50
_WRITES = os.O_WRONLY | os.O_RDWR
#: Files that say how Python or this package works, and no data.
_NO_DATA = (".prov.json", ".pyc", ".pyd", ".so")


class OpenedFiles:
    """The files that this process has opened, in their order; those that it wrote are not data."""

    def __init__(self) -> None:
        self.is_paused = False
        self.read: dict[str, None] = {}
        self.written: set[str] = set()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take notice of an event; whatever is wrong with it, the program goes on."""
        if event != "open" or self.is_paused:
            return
        try:
            name, _, flags = arguments
            if isinstance(name, int):
                return
            path = os.path.abspath(os.fsdecode(name))  # noqa: PTH100 -- called for each file
            if flags & _WRITES:
                self.written.add(path)
            elif path not in self.written:
                self.read[path] = None
        except Exception:
            return

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take no notice of what this package opens itself."""
        self.is_paused = True
        try:
            yield
        finally:
            self.is_paused = False

    def inside(self, caller: Caller) -> list[Path]:
        """Return the files of the book that were read as data, or folders where they are many."""
        found = sorted(set(self._data(caller)))
        many = {folder for folder, count in Counter(f.parent for f in found).items()
                if count > MOST_FILES and folder not in (caller.book, caller.chapter)}  # fmt: skip
        return [*sorted(many), *(file for file in found if file.parent not in many)]

    def _data(self, caller: Caller) -> Iterator[Path]:
        # While this goes on, files may be opened.
        for path in map(Path, tuple(self.read)):
            if path.name.endswith(_NO_DATA) or str(path) in self.written:
                continue
            # Not resolve(): in Python up to 3.12 it fails for links that lead to themselves.
            file = Path(os.path.realpath(path))
            if file not in (caller.script, caller.book / "conf.py") and is_own(caller.book, file):
                yield file


OPENED = OpenedFiles()
sys.addaudithook(OPENED)
