"""Paths that a chapter names, kept inside the book.

Files of a book come from strangers' pull requests, so a path never leads out of the book: not
absolutely, not by ``..``, not through a symbolic link.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from sphinx_mmbook.core.finding import BookError, Finding, Location


def inside_book(book: Path, page: str, target: str, at: Location, rule: str) -> Path:
    """Return the file that ``target``, written on ``page``, names.

    ``page`` is the page's path relative to ``book``. As in Sphinx, a target that begins with a slash
    counts from the book's folder, any other from the page's folder.

    :raises BookError: if the path leaves the book or no file is there; the finding is by ``rule``.
    """

    def fault(text: str) -> BookError:
        return BookError(Finding(at, rule, text))

    windows = PureWindowsPath(target)
    if windows.drive or "\\" in target or "\0" in target:
        raise fault(f"'{target}' is no path of the book; write it relative to the chapter, with '/'")
    root = book.resolve()
    base = root if target.startswith("/") else root / PurePosixPath(page).parent
    path = base / target.lstrip("/")
    resolved = path.resolve()
    if not resolved.is_relative_to(root):
        raise fault(f"'{target}' leads out of the book; copy the file into the chapter's folder")
    if not resolved.is_file():
        raise fault(f"'{target}' does not exist; check the spelling, also upper and lower case")
    return resolved
