"""What is not a file of the book's repository, and so is neither read nor shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.git import top_of
from sphinx_mmbook.core.files.paths import is_file, is_special, real

if TYPE_CHECKING:
    from pathlib import Path


@cache
def _root(book: Path) -> Path:
    """Return the top of the book's repository; the book's folder if it is in none."""
    return top_of(book) or real(book)


def outside_fault(book: Path, place: Path, target: str) -> str:
    """Return why the file at ``place``, written as ``target``, may not be read; else nothing."""
    if not real(place).is_relative_to(_root(book)):
        return f"'{target}' leads out of the repository; copy the file into the chapter's folder"
    if is_special(place):
        return f"'{target}' is not a file but a device or a pipe; take it out"
    return ""


def is_beside(book: Path, path: str) -> bool:
    """Whether a path out of the book, or into a hidden folder, names a file that may be shown."""
    place = book / path
    is_there = any(part.startswith(".") for part in path.split("/")) and is_file(place)
    return is_there and not outside_fault(book, place, path)


def elsewhere(address: str) -> str:
    """Return what is said of a file that is to be fetched from another host."""
    return f"'{address}' is on another host; save the file in the chapter's folder"
