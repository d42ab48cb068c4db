"""Pages that neither command nor build may read: links out of the book, devices, odd file names.

Sphinx follows links, also to folders: it would publish what lies outside of the book, read
``/dev/zero`` until no memory is left, and find the pages of a folder that holds a link to itself
again and again.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unicodedata import normalize

from sphinx_mmbook.core.files.paths import folders_of, is_special, leads_out
from sphinx_mmbook.core.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

#: How many entries of a linked folder are looked at for a page.
MOST_ENTRIES = 1000


def unfit_pages(
    book: Path, suffixes: Iterable[str], excluded: Callable[[str], object]
) -> dict[str, Finding | None]:
    """Return the paths, relative to the book, of pages that must not be read, each with its fault.

    A folder that is a link stands for all pages in it; it has no fault if there are none.
    """
    root, ends = book.resolve(), tuple(suffixes)
    found: dict[str, Finding | None] = {}
    for prefix, folders, names in folders_of(root):
        folders[:] = [name for name in folders if not excluded(prefix + name)]
        for path in (prefix + name for name in folders):
            if os.path.islink(f"{root}/{path}"):  # noqa: PTH114 -- asked of each folder
                found[path] = _folder_fault(root / path, path, ends)
        for name in names:
            path, other = prefix + name, f"{name[:-3]}.ipynb"
            if not name.endswith(ends) or excluded(path):
                continue
            fault = _fault(root, path)
            if name.endswith(".md") and other in names and not excluded(prefix + other):
                fault = f"'{other}' beside it is the same page, and is built; delete one of the two"
            if fault:
                found[path] = Finding(Location(_printable(path), 1), "page-unreadable", fault)
    return found


def _fault(root: Path, path: str) -> str:
    """Return why a page must not be read; empty if it may be."""
    if not _is_text(path):
        return "the name of this page is not UTF-8; rename the file with letters a-z and digits"
    if (usual := normalize("NFC", path)) != path and not os.path.exists(f"{root}/{usual}"):  # noqa: PTH110
        return "the name of this page has letters and accents apart, as from a Mac; type it anew"
    if is_special(f"{root}/{path}"):
        return "this page is not a file, but a pipe or a device; put a text file in its place"
    if leads_out(root, path):
        return "this page is a link that leads out of the book; copy the file into the book"
    return ""


def _folder_fault(folder: Path, path: str, ends: tuple[str, ...]) -> Finding | None:
    if not any(name.endswith(ends) for name in _names(folder)):
        return None
    message = (
        "this folder is a link, so its pages are not part of the book; copy them into a folder of "
        "the book, or name the link in exclude_patterns"
    )
    return Finding(Location(_printable(path)), "page-unreadable", message)


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of files in a folder, up to a number of entries."""
    seen = 0
    for _, folders, names in os.walk(folder):
        yield from names
        seen += len(folders) + len(names)
        if seen > MOST_ENTRIES:
            return


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(path: str) -> str:
    """Return a path whose odd bytes are written out: "caf\\xe9.md"."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
