"""Which files a program reads: Python says of each file that it opens it.

An audit hook (PEP 578) sees ``open()`` and all that is built on it, in its own process and from its
adding on. Not seen are files that a library opens in C by itself (polars, DuckDB, HDF5) and those
that other processes open: they have to be named.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from importlib.util import source_from_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR
#: Folders in a book whose files are not the book's: environments, builds, what tools leave.
_FOREIGN = frozenset({"site-packages", "_build", "__pycache__", "node_modules"})
#: The events that tell of the names in a folder.
_LISTS = frozenset({"os.listdir", "os.scandir"})


class AuditHook:
    """Takes notice of each file that this process opens, and of each folder whose names it lists.

    :meth:`note` gets "read", "written" or "listed", and the absolute path.
    """

    is_paused = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take notice of an event; whatever is wrong with it, the program goes on."""
        if self.is_paused or (event != "open" and event not in _LISTS):
            return
        try:
            kind = "listed" if event in _LISTS else "read"
            if event == "open" and arguments[2] & _WRITES:
                kind = "written"
            name = arguments[0]
            if isinstance(name, int) or (kind == "listed" and _is_import()):
                return
            self.note(kind, os.path.abspath(os.fsdecode(name or ".")))  # noqa: PTH100 -- for speed
        except Exception:
            return

    def note(self, kind: str, path: str) -> None:
        """Take notice of a file or folder."""
        raise NotImplementedError

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take no notice of what is opened as long as this lasts."""
        self.is_paused = True
        try:
            yield
        finally:
            self.is_paused = False


class ReadLog(AuditHook):
    """Adds to a file, as JSON, each file and folder of a book that a kernel uses, once.

    A line is ``["read" | "written" | "listed", path, time of change, size]``, the last two of
    before it was read, both 0 if it was not there. The log is opened for each line: a descriptor
    that stays open could be closed by the code that runs, and be another file's then.
    """

    def __init__(self, root: str, log: str) -> None:
        self.root, self.log = os.path.join(root, ""), log  # noqa: PTH118 -- called for each file
        self.noted: set[tuple[str, str]] = set()

    def note(self, kind: str, path: str) -> None:
        """Add a line if it is new."""
        if path.endswith(".pyc"):
            path = source_from_cache(path)
        if not f"{path}/".startswith(self.root) or (kind, path) in self.noted:
            return
        self.noted.add((kind, path))
        with self.paused():
            changed, size = _state(path)
            line = json.dumps([kind, path, changed, size]) + "\n"
            log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(log, line.encode())
            finally:
                os.close(log)


def _state(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _is_import() -> bool:
    """Return whether it is Python's own search for a module that lists a folder."""
    frame: Any = sys._getframe(2)
    return str(frame.f_code.co_filename).startswith("<frozen importlib")


def is_own(book: Path, file: Path) -> bool:
    """Whether a file is one of the book's, not of an environment or a build that lies in it."""
    return file.is_relative_to(book) and file.is_file() and not is_foreign(book, file)


def is_foreign(book: Path, file: Path) -> bool:
    """Whether a path below a book belongs to an environment, a build or a tool, not to the book."""
    parts = file.relative_to(book).parts
    return not _FOREIGN.isdisjoint(parts) or any(part.startswith(".") for part in parts)
