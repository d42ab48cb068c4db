"""Findings and repairs on the terminal, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking import report_formats as formats
from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.core.files.paths import is_special, is_within
from sphinx_mmbook.core.finding import LEVELS, Finding, Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx_mmbook.core.book.book import Book


#: How many places of one rule are printed where it has more.
FOLDED = 5


def print_diff(changed: dict[str, tuple[str, str]]) -> None:
    """Print the repairs as a unified diff."""
    # What few checks need is imported where it is: a check is over in the time that imports take.
    from difflib import unified_diff  # noqa: PLC0415

    for path, (old, new) in changed.items():
        lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
        for line in unified_diff(*lines, f"a/{path}", f"b/{path}"):
            print(
                line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", end=""
            )


def print_findings(
    book: Book, findings: list[Finding], kind: str, level: str | None, folded: bool = True
) -> None:
    """Print findings in the format asked for, from ``level`` on; ``folded``: not each one."""
    least = LEVELS.index(level or ("warning" if kind == "text" else "info"))
    printed = [finding for finding in findings if LEVELS.index(finding.level) <= least]
    if kind in ("text", "unix", "github"):
        printed = [in_signs(finding) for finding in printed]
    if kind == "text":
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        where = relative_to(book, Path.cwd())
        most = FOLDED if folded else len(printed)
        print(formats.as_text(printed, shown_lines(book), where, colour, most), end="")
        if hidden := len(findings) - len(printed):
            what = "notes" if least else "findings of a lower level"
            print(f"{hidden} more {what}; --level info prints them")
    elif kind == "unix":
        print(formats.as_unix(printed, relative_to(book, Path.cwd())), end="")
    elif kind == "json":
        print(formats.as_json(printed), end="")
    else:
        write = formats.as_github if kind == "github" else formats.as_sarif
        print(write(printed, relative_to(book, repository(book.folder))), end="")


def in_signs(finding: Finding) -> Finding:
    """Return a finding as it may be printed: a file's name, too, is what a stranger wrote."""
    at = finding.location
    path, message = visible(at.path), visible(finding.message)
    if (path, message) == (at.path, finding.message):
        return finding
    return replace(finding, location=at._replace(path=path), message=message)


def shown_lines(book: Book) -> Callable[[Location], str]:
    """Return ``source_lines``, each as it may be printed."""
    lines = source_lines(book)
    return lambda location: visible(lines(location))


def source_lines(book: Book) -> Callable[[Location], str]:
    """Return a function from a location to its line of text; empty where there is none."""
    blocks = {
        (page.path, block.cell): block
        for page in book.pages.values()
        for block in page.source.blocks
    }

    @cache
    def lines_of(path: str, cell: int) -> tuple[int, list[str]]:
        if cell:
            block = blocks.get((path, cell))
            return (block.first_line, block.text.split("\n")) if block else (1, [])
        if is_special(book.folder / path) or not is_within(book.folder, path):
            return 1, []
        try:
            return 1, (book.folder / path).read_text("utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError):
            return 1, []

    def line(at: Location) -> str:
        first, lines = lines_of(at.path, at.cell)
        return lines[at.line - first] if 0 <= at.line - first < len(lines) else ""

    return line


def relative_to(book: Book, base: Path) -> Callable[[str], str]:
    """Return what makes a book's path relative to ``base``, if the book is below it."""
    try:
        prefix = book.folder.relative_to(base.resolve()).as_posix()
    except ValueError:
        prefix = book.folder.as_posix()
    return lambda path: path if prefix == "." else normpath(f"{prefix}/{path}")


def repository(folder: Path) -> Path:
    """Return the top of the repository, to which annotations are relative; else this folder."""
    from sphinx_mmbook.core.files.git import top_of  # noqa: PLC0415

    return top_of(folder) or Path.cwd()
