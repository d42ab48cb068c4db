"""Rules on the files of a book, shown or not."""

from __future__ import annotations

import os
import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.git import tracked_files
from sphinx_mmbook.core.files.paths import DEVICE
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.references.shown_files import IMAGE_SUFFIXES
from sphinx_mmbook.core.results.figure_formats import DARK
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book

CODE_SUFFIXES = (".py", ".R", ".r", ".jl", ".sh", ".Rmd", ".qmd")
_DATA_SUFFIXES = (".csv", ".json", ".parquet", ".rda", ".rds", ".xlsx", ".npz", ".pkl", ".mp4")
#: Smaller files may be equal by chance: markers, empty tables.
_MIN_DUPLICATE = 256
MAX_TEXT = 2_000_000


def read(book: Book, path: str) -> bytes:
    """Return the bytes of a file of the book, none if it is too large or cannot be read."""
    file = book.files[path]
    if file.is_link or file.size > MAX_TEXT:
        return b""
    try:
        return (book.folder / path).read_bytes()
    except OSError:
        return b""


@rule("warning")
def file_name(book: Book) -> Iterator[Finding]:
    """The name of a file has spaces or letters beyond a to z.

    Bad: ``figures/Loss größer 2.png``

    Good: ``figures/loss-greater-2.png``

    Why: such names break links, LaTeX and shell commands, each on another system.
    """
    for path, file in book.files.items():
        name = posixpath.basename(path)
        if file.excluded or JUNK.search(path):
            continue
        for part in filter(DEVICE.fullmatch, path.split("/")):
            message = f"'{part}' is a device on Windows, where nobody can get this file"
            yield found(Location(path), f"{message}; choose another name")
        if name.isascii() and not _BAD_NAME.search(name):
            continue
        bad = "a space" if re.search(r"\s", name) else "a character that is not safe"
        message = f"the file name '{name}' has {bad}"
        yield found(Location(path), f"{message}; use a-z, digits, '-', '_' and '.'")


_BAD_NAME = re.compile(r"[\s%#?&:\"*<>|\\'$;`]")


@rule("warning")
def file_case(book: Book) -> Iterator[Finding]:
    """Two files have names that differ only in upper and lower case.

    Bad: ``figures/Loss.png`` beside ``figures/loss.png``

    Good: ``figures/loss.png`` and ``figures/loss-test.png``

    Why: on Windows and macOS one of them overwrites the other.
    """
    first: dict[str, str] = {}
    for path in book.files:
        other = first.setdefault(path.casefold(), path)
        if other != path:
            message = f"'{path}' and '{other}' differ only in upper and lower case"
            yield found(Location(path), f"{message}; rename one of them")


#: What programs leave behind; all of it can be made again or is of no use to others.
JUNK = re.compile(
    r"(?:^|/)(?:(?P<folder>__pycache__|\.ipynb_checkpoints|\.Rproj\.user|_build)/.*"
    r"|\.DS_Store|Thumbs\.db|desktop\.ini|\.Rhistory|\.RData|.*-checkpoint\.ipynb|~\$.*|\._.*"
    r"|[^/]*(?:~|\.bak|\.orig|\.rej|\.swp|\.swo|\.pyc|\.aux|\.bbl|\.blg|\.fls|\.fdb_latexmk"
    r"|\.synctex(?:\.gz)?|\.lof|\.lot|\.toc|\.out|\.tmp))$"
)


@rule("warning")
def file_junk(book: Book) -> Iterator[Finding]:
    """A file that a program left behind is under version control.

    Bad: ``.DS_Store``, ``Thumbs.db``, ``index.md.bak``, ``.ipynb_checkpoints/``, ``chapter.aux``

    Good: ``git rm --cached .DS_Store``, and a line ``.DS_Store`` in ``.gitignore``

    Why: it changes with every computer, and makes conflicts out of nothing.
    """
    tracked = tracked_files(book.folder)
    folders: set[str] = set()
    for path in sorted({*book.files, *(tracked or ())}):
        junk = JUNK.search(path)
        if not junk or (tracked is not None and path not in tracked):
            continue
        # One finding for all that a program left in its folder.
        if folder := path[: junk.end("folder")] if junk["folder"] else "":
            if folder in folders:
                continue
            folders.add(folder)
        name = posixpath.basename(folder or path)
        message = f"'{name}' was left behind by a program"
        yield found(Location(path), f"{message}; remove it from Git and add it to .gitignore")


@rule("info")
def file_unused(book: Book) -> Iterator[Finding]:
    """No page shows an image.

    Bad: ``figures/loss-old.png``, of which no page speaks

    Good: delete it; Git keeps its history

    Why: nobody dares to delete it later, and everybody downloads it.
    """
    used = {item.path for item in book.images} | book.frozen_files
    patterns = tuple(path.removesuffix("*") for path in used if path.endswith(".*"))
    named = book.settings.texts
    pictures = {posixpath.dirname(path) for path in book.files if _is_picture(path)}
    pictures |= {posixpath.dirname(path) for path in used}
    # 'image-case' tells of the file that a page means with other capitals.
    meant = {path.lower() for path in used}
    for path, file in book.files.items():
        if not path.lower().endswith(IMAGE_SUFFIXES) or file.excluded or path.lower() in meant:
            continue
        if not _is_picture(path) and posixpath.dirname(path) not in pictures:
            continue
        if "/" not in path or path.startswith("_") or (patterns and path.startswith(patterns)):
            continue
        twin_of = path.replace(f"{DARK}.", ".")  # dark pages show it where others show that
        if twin_of != path and (twin_of in used or _mentioned(book, twin_of)):
            continue
        if not (named & {path, posixpath.basename(path)}) and not _mentioned(book, path):
            message = f"no page shows '{path}'"
            yield found(Location(path), f"{message}; show it or delete it")


def _is_picture(path: str) -> bool:
    """Whether a file is an image for certain; a PDF is one only in the company of such."""
    return path.lower().endswith(IMAGE_SUFFIXES) and not path.lower().endswith(".pdf")


def _mentioned(book: Book, path: str) -> bool:
    """Whether any page or script names a file in whatever way: in code, HTML or a comment."""
    folder, name = posixpath.split(path)
    tail = f"{posixpath.basename(folder)}/{name}"
    for page in book.pages.values():
        own = path.startswith(f"{posixpath.dirname(page.path)}/")
        if (name if own else tail) in page.source.text:
            return True
    chapter = posixpath.dirname(folder)
    scripts = (p for p in book.files if p.endswith(CODE_SUFFIXES) and p.startswith(chapter))
    stem = os.fsencode(posixpath.splitext(name)[0])
    return any(stem in read(book, script) for script in scripts)


@rule("info")
def file_duplicate(book: Book) -> Iterator[Finding]:
    """Two files are the same, byte by byte.

    Bad: ``figures/loss.png`` and ``figures/loss 2.png``

    Good: one file, shown in both places

    Why: when one is corrected the other is forgotten.
    """
    sizes: dict[int, list[str]] = {}
    for path, file in book.files.items():
        kind = path.lower().endswith(IMAGE_SUFFIXES + _DATA_SUFFIXES)
        own = not file.is_link and not file.excluded and not path.startswith("_")
        own = own and path not in book.frozen_files
        if kind and file.size >= _MIN_DUPLICATE and own:
            sizes.setdefault(file.size, []).append(path)
    for paths in (paths for paths in sizes.values() if len(paths) > 1):
        first: dict[bytes, str] = {}
        for path in paths:
            other = first.setdefault(_digest(book, path), path)
            if other != path:
                message = f"'{path}' is the same file as '{other}'"
                yield found(Location(path), f"{message}; keep one of them")


def _digest(book: Book, path: str) -> bytes:
    """Return what tells files apart: a hash, in pieces of a megabyte."""
    from hashlib import blake2b  # noqa: PLC0415 -- few books have files of one size

    digest = blake2b(digest_size=16)
    try:
        with (book.folder / path).open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError:
        return os.fsencode(path)
    return digest.digest()


_OUTPUTS = re.compile(r'"outputs":\s*\[\s*[^\]\s]')


@rule("warning")
def notebook_outputs(book: Book) -> Iterator[Finding]:
    """A notebook is stored with its outputs, though the build runs it.

    Bad: a notebook saved after running it

    Good: "Clear all outputs" before saving; frozen outputs are in files of their own

    Why: every run changes the file, so nobody can see what was edited, and branches conflict.
    """
    settings = book.settings
    if not settings.runs_notebooks or settings.keeps_outputs:
        return
    for page in book.pages.values():
        is_left = any(PurePosixPath("/", page.path).match(name) for name in settings.not_run)
        if page.path.endswith(".ipynb") and not is_left and _OUTPUTS.search(page.source.text):
            message = "this notebook is stored with its outputs, which the build makes itself"
            yield found(Location(page.path, 1), f"{message}; clear all outputs and save it")
