"""Which files of the book a program reads, from the import of ``store`` on."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.provenance.opened import AuditHook, is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.storing.caller import Caller

#: Of a folder from which more files were read, the folder is noted.
MOST_FILES = 50
#: Files that say how Python or this package works, and no data.
_NO_DATA = (".prov.json", ".pyc", ".pyd", ".so")


class DataFiles(AuditHook):
    """The files that this process has opened, in their order, and which are data of the book."""

    def __init__(self) -> None:
        self.read: dict[str, None] = {}
        self.written: set[str] = set()

    def note(self, kind: str, path: str) -> None:
        """Take notice of a file; those that the program wrote are not data."""
        if kind == "written":
            self.written.add(path)
        elif kind == "read" and path not in self.written:
            self.read[path] = None

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


OPENED = DataFiles()
sys.addaudithook(OPENED)
