"""What is not a file of the book's repository, and so is neither read nor shown."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.paths import is_file, is_special, real

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def _root(book: Path) -> Path:
    """Return the top of the book's repository; the book's folder if it is in none."""
    from sphinx_mmbook.core.files.git import top_of  # noqa: PLC0415 -- 3 ms at each start

    return top_of(book) or real(book)


def outside_fault(book: Path, place: Path, target: str) -> str:
    """Return why the file at ``place``, written as ``target``, may not be read; else nothing."""
    root = _root(book)
    if not real(place).is_relative_to(root):
        what = "repository" if (root / ".git").exists() else "book, around which there is no '.git'"
        return f"'{target}' leads out of the {what}; copy the file into the chapter's folder"
    if is_special(place):
        return f"'{target}' is not a file but a device or a pipe; take it out"
    return ""


def left_out(book: Path, static: Path) -> Iterator[tuple[Path, str]]:
    """Yield the links in a folder of static files that no site gets, each with the reason.

    They lead out of the repository, or to a folder: Sphinx follows one to its own forty times.
    """
    for folder, folders, names in os.walk(static):
        for path in (Path(folder, name) for name in (*folders, *names)):
            if path.is_symlink() and path.exists():
                fault = outside_fault(book, path, path.name)
                if fault or path.is_dir():
                    yield path, fault or f"'{path.name}' links to a folder; copy the folder"


def is_beside(book: Path, path: str) -> bool:
    """Whether a path out of the book, or into a hidden folder, names a file that may be shown."""
    place = book / path
    is_there = any(part.startswith(".") for part in path.split("/")) and is_file(place)
    return is_there and not outside_fault(book, place, path)


def elsewhere(address: str) -> str:
    """Return what is said of a file that is to be fetched from another host."""
    return f"'{address}' is on another host; save the file in the chapter's folder"
