"""Paths that a chapter names, kept inside the book.

Files of a book come from strangers' pull requests, so a path never leads out of the book: not
absolutely, not by ``..``, not through a symbolic link.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING
from unicodedata import normalize

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The rule by which every path out of the book is refused.
OUTSIDE = "path-outside-book"
#: Names that Windows gives no file and no folder, with whatever suffix.
DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?")


def is_special(path: str | Path) -> bool:
    """Whether a path leads to a pipe or a device, which may be read without end."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 -- called for each file of a book
    except OSError:  # a link that leads nowhere
        return False
    return not S_ISREG(mode) and not S_ISDIR(mode)


def book_above(path: Path) -> Path | None:
    """Return the book that a path is in: the nearest folder with a ``conf.py``, itself or above."""
    return next((top for top in (path, *path.parents) if (top / "conf.py").is_file()), None)


def folders_of(book: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield what begins the paths in each folder of a book ("", "figures/"), its folders and files.

    Folders that are hidden or built are left out; a caller may take others out of the list. Links
    to folders are in it, and not followed. Every build walks several times, so no ``Path`` is made.
    """
    root = os.path.join(book, "")  # noqa: PTH118 -- see above
    for here, folders, names in os.walk(book):
        folders[:] = [name for name in folders if name != "_build" and not name.startswith(".")]
        inner = here[len(root) :].replace(os.sep, "/")
        yield f"{inner}/" if inner else "", folders, names


def is_file(path: str | Path) -> bool:
    """Whether a file is there; a name that ``Path`` fails on is not."""
    return os.path.isfile(path)  # noqa: PTH113 -- see above


def plain_bytes(file: Path, most: int) -> bytes:
    """Return what a file holds, up to a number of bytes.

    :raises OSError: if it cannot be read, or is a link, a pipe or a device.
    """
    if not S_ISREG(file.lstat().st_mode):
        raise FileNotFoundError(file)
    with file.open("rb") as stream:
        return stream.read(most)


def is_folder(path: str | Path) -> bool:
    """Whether a folder is there; a name that ``Path`` fails on is not."""
    return os.path.isdir(path)  # noqa: PTH112 -- see above


def exists(path: str | Path) -> bool:
    """Whether a file or folder is there; a name that ``Path`` fails on is not."""
    return os.path.exists(path)  # noqa: PTH110 -- see above


def locate(book: Path, page: str, target: str, at: Location) -> Path:
    """Return the path inside ``book`` that ``target``, written on ``page``, names.

    ``page`` is the page's path relative to ``book``. As in Sphinx, a target that begins with a
    slash counts from the book's folder, any other from the page's folder. The path is absolute,
    free of symbolic links, and may name nothing that exists.

    :raises BookError: by the rule ``path-outside-book``.
    """
    windows = PureWindowsPath(target)
    if windows.drive or "\\" in target or not target.isprintable():
        text = f"{target!r} is not a path of the book; write it relative to the chapter, with '/'"
        raise BookError(Finding(at, OUTSIDE, text))
    try:
        root = book.resolve()
        base = root if target.startswith("/") else root / PurePosixPath(page).parent
        path = (base / target.lstrip("/")).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name that is too long
        text = f"'{target}' names no file: {_reason(error)}; copy the file into the chapter"
        raise BookError(Finding(at, OUTSIDE, text)) from None
    if not path.is_relative_to(root):
        text = f"'{target}' leads out of the book; copy the file into the chapter's folder"
        raise BookError(Finding(at, OUTSIDE, text))
    return path


def real(path: Path) -> Path:
    """Return a path free of symbolic links, as far as they lead anywhere: not in a circle."""
    return Path(os.path.realpath(path))


def is_within(root: Path, path: str) -> bool:
    """Whether a path stays below ``root``, also through links; a circle of links does not."""
    return real(root / path).is_relative_to(root)


def leads_out(root: Path, path: str) -> bool:
    """Whether a file that :func:`folders_of` has found is a link out of the book.

    The folders above it are none, so of all others one look is enough.
    """
    return os.path.islink(f"{root}/{path}") and not is_within(root, path)  # noqa: PTH114


def inside_book(book: Path, page: str, target: str, at: Location, rule: str) -> Path:
    """Return the file that ``target``, written on ``page``, names; see :func:`locate`.

    Upper and lower case must be as on disk: what one system forgives breaks the build on another.

    :raises BookError: by ``path-outside-book`` if the path leaves the book, by ``rule`` if no file
        is there.
    """
    path = locate(book, page, target, at)
    try:
        exists, folder = path.is_file(), path.is_dir()
    except OSError as error:
        text = f"'{target}' cannot be opened: {_reason(error)}; give the file a shorter, plain name"
        raise BookError(Finding(at, rule, text)) from None
    if folder:
        raise BookError(Finding(at, rule, f"'{target}' is a folder; name a file in it"))
    names = _names(path.parent)
    if normalize("NFC", path.name) in names:
        if exists:
            return path
        text = f"'{target}' is not a file, but a pipe or a device; store the result in a file"
        raise BookError(Finding(at, rule, text))
    raise BookError(Finding(at, rule, f"'{target}' does not exist; {_advice(path.name, names)}"))


def _names(folder: Path) -> list[str]:
    """Return the names in ``folder`` in the one of Unicode's spellings that people type."""
    try:
        return [normalize("NFC", name) for name in os.listdir(folder)]  # noqa: PTH208 -- names only
    except OSError:
        return []


def _advice(name: str, names: list[str]) -> str:
    """Say what a missing file could be called."""
    same = [other for other in names if other.casefold() == name.casefold()]
    if same:
        return f"upper and lower case count: write '{same[0]}'"
    if near := nearest(name, names, 0.8):
        return f"did you mean '{near}'?"
    return "check the spelling, and that the file is committed"


def _reason(error: Exception) -> str:
    """Return what the system says, without the path, which is absolute."""
    return (getattr(error, "strerror", None) or "symbolic links in a circle").lower()


def work_folder(book: Path) -> Path:
    """Return the folder for logs, the lock and old results; git ignores it."""
    return book / "_build" / "results"
