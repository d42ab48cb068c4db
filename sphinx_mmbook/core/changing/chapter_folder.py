"""The folder of a chapter, as somebody names it, and the texts that may speak of it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_mmbook.core.changing.template_update import ANSWERS, BASE
from sphinx_mmbook.core.files.git import top_of
from sphinx_mmbook.core.suggestions import did_you_mean, quoted_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_mmbook.core.book.book import Book

#: Files that may name other files, and that people write.
SUFFIXES = (
    ".md", ".ipynb", ".rst", ".py", ".R", ".r", ".jl", ".sh", ".bib", ".yml", ".yaml", ".json",
    ".toml", ".txt", ".html", ".css", ".cfg", ".tex",
)  # fmt: skip
#: Files around the book that may name its chapters.
AROUND = ("*", ".github/*", ".github/*/*", ".gitlab/*", "docs/*")
MOST_BYTES = 2_000_000
#: Files that say what was, and not what is.
RECORDS = (ANSWERS, BASE)


class ChangeRefused(Exception):
    """What is asked for cannot be done; the message says why, and what to do instead."""


@dataclass(frozen=True)
class ChapterFolder:
    """A chapter's folder, by its path in the book."""

    book: Book
    path: str

    @cached_property
    def top(self) -> Path:
        """The folder that holds the project: the repository's, or that of ``pyproject.toml``."""
        above = self.book.folder.parent
        return top_of(self.book.folder) or (
            above if (above / "pyproject.toml").is_file() else self.book.folder
        )

    @property
    def inner(self) -> str:
        """The path of the book below ``top``."""
        return self.book.folder.relative_to(self.top).as_posix()

    @property
    def full(self) -> str:
        """The path of the chapter's folder below ``top``."""
        return self.path_below_top(self.path)

    def path_below_top(self, path: str) -> str:
        """Return a path of the book as it is below ``top``."""
        return posixpath.normpath(posixpath.join(self.inner, path))

    @cached_property
    def pages(self) -> list[str]:
        """The names of the chapter's pages."""
        return [name for name in self.book.pages if name.startswith(f"{self.path}/")]

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The texts of all files that may speak of the chapter, by path below ``top``."""
        files = {
            self.path_below_top(path): self.book.folder / path
            for path, file in self.book.files.items()
            if path.endswith(SUFFIXES) and not file.is_link and not path.startswith("_build/")
        }
        if self.top != self.book.folder:
            around = (file for pattern in AROUND for file in self.top.glob(pattern))
            files |= {
                file.relative_to(self.top).as_posix(): file
                for file in around
                if file.is_file() and not file.is_symlink() and file.name not in RECORDS
            }
        read = ((path, _text(file)) for path, file in files.items())
        return {path: text for path, text in read if text}


def _text(file: Path) -> str:
    """Return a file's text with its line ends; empty for what is large, or no text."""
    try:
        return "" if file.stat().st_size > MOST_BYTES else file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def folder_of(book: Book, named: str) -> ChapterFolder:
    """Return the folder of the chapter that is named: by its folder's name, or by a path.

    :raises ChangeRefused: if there is none, or several.
    """
    folders = [name.removesuffix("/index") for name in book.pages if name.endswith("/index")]
    wanted = named.replace("\\", "/").removesuffix("/").removesuffix("/index")
    inside = wanted.removeprefix(f"{book.folder.name}/")
    found = [path for path in folders if path in (wanted, inside)]
    found = found or [path for path in folders if posixpath.basename(path) == wanted]
    if not found:
        near = did_you_mean(wanted, [posixpath.basename(path) for path in folders])
        raise ChangeRefused(f"there is no chapter '{named}' with a folder of its own{near}")
    if len(found) > 1:
        raise ChangeRefused(f"'{named}' may be {quoted_list(found)}; name one by its path")
    return ChapterFolder(book, found[0])
