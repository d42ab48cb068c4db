"""Rules on what stored results hold, and on the data that programs read."""

from __future__ import annotations

import csv
import re
from codecs import getincrementaldecoder
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.lookup import path_from
from sphinx_mmbook.core.paths import inside_book
from sphinx_mmbook.core.results.figure import FORMATS
from sphinx_mmbook.core.rules.files import CODE_SUFFIXES, read
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.page import Element, Page

_HEAD = 64 * 1024


def _targets(element: Element) -> list[str]:
    """Return the files that a directive or role shows."""
    if element.name == "stored-models":
        lines = [line.partition("=")[0].strip() for line in element.body.split("\n")]
        return [line for line in lines if line]
    if element.name in ("stored-table", "stored-figure", "stored"):
        return [element.text.partition("#")[0].strip()]
    return []


def _has_twin(book: Book, page: Page, element: Element, target: str) -> bool:
    """Whether a figure is there in any of its formats."""
    path = path_from(page.path, target)
    stem = PurePosixPath(path)
    stem = stem.with_suffix("") if stem.suffix.lower() in FORMATS else stem
    return element.name == "stored-figure" and any(f"{stem}{end}" in book.files for end in FORMATS)


@rule("error")
def result_missing(book: Book) -> Iterator[Finding]:
    """A stored result that a page shows is not there.

    Bad: `` {stored}`results/acuracy.csv#clip,top1` `` where the file is ``accuracy.csv``

    Good: the file's name; or its program run, and the file committed

    Why: readers see an error in place of the table, figure or number. The build reports it, too.
    """
    yield from _lost(book, "result-missing")


@rule("error")
def path_outside_book(book: Book) -> Iterator[Finding]:
    """A page shows a result from outside of the book.

    Bad: `` {stored}`../../../thesis/accuracy.csv#clip,top1` ``

    Good: the file in the chapter's folder ``results/``

    Why: nobody else has the file. The build reports it, too.
    """
    yield from _lost(book, "path-outside-book")


def _lost(book: Book, slug: str) -> Iterator[Finding]:
    for page in book.pages.values():
        for element in page.of("directive", "role"):
            for target in _targets(element):
                if not target or _has_twin(book, page, element, target):
                    continue
                try:
                    inside_book(book.folder, page.path, target, element.at, "result-missing")
                except BookError as error:
                    if error.finding.rule == slug:
                        yield error.finding


#: How files of a format begin.
_BEGINS = {
    ".parquet": (b"PAR1",),
    ".feather": (b"ARROW1", b"FEA1"),
    ".xlsx": (b"PK",),
    ".npz": (b"PK",),
    ".npy": (b"\x93NUMPY",),
    ".rds": (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"X\n", b"A\n"),
    ".rda": (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"RDX", b"RDA"),
    ".png": (b"\x89PNG",),
    ".pdf": (b"%PDF",),
    ".jpg": (b"\xff\xd8",),
}


@rule("error")
def result_unreadable(book: Book) -> Iterator[Finding]:
    """A stored result is not what its name says.

    Bad: a pointer of Git LFS, an empty file, a CSV file that was renamed to ``.rds``

    Good: the file as its program wrote it

    Why: nothing of it can be shown. The checker looks at how the file begins, the build reads it.
    """
    for stored in book.stored:
        for path in stored.files:
            if fault := _fault(path, _head(book, path)):
                name = PurePosixPath(path).name
                yield found(Location(path), f"'{name}' {fault}; store it again")


def _head(book: Book, path: str) -> bytes | None:
    try:
        with (book.folder / path).open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return None


def _fault(path: str, head: bytes | None) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    if head is None:
        return ""  # missing; another rule says so
    if head.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, without the file itself"
    if not head.strip():
        return "is empty"
    if suffix in (".csv", ".tsv") and not _is_text(head):
        return "is not UTF-8"
    begins = _BEGINS.get(suffix)
    return f"is no {suffix} file" if begins and not head.startswith(begins) else ""


def _is_text(head: bytes) -> bool:
    """Whether a file is text in an encoding that says what it is; its head may end in a letter."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


_LOCAL = re.compile(
    rb"(?<![\w.:/-])(?:[A-Za-z]:[\\/]{1,2}Users[\\/]|/(?:home|Users)/)[^\s\"',;<>|]+"
)
_TEXTS = (".csv", ".tsv", ".json", ".txt", ".md", ".tex", ".html", ".svg")


@rule("warning")
def result_path_local(book: Book) -> Iterator[Finding]:
    """A stored result holds paths of somebody's own computer.

    Bad: a column ``file`` with ``C:/Users/ann/images/1.png``

    Good: ``images/1.png``

    Why: nobody else has these files, and everybody learns the name of the account.
    """
    for stored in book.stored:
        for path in (item for item in stored.files if item.endswith(_TEXTS)):
            data = read(book, path) if path in book.files else b""
            if match := _LOCAL.search(data):
                line = data.count(b"\n", 0, match.start()) + 1
                column = match.start() - data.rfind(b"\n", 0, match.start())
                text = match[0].decode("utf-8", "replace")
                message = f"'{text}' is a path of one computer; store it relative to the chapter"
                yield found(Location(path, line, column), message)


#: pandas and polars, R; what has an option for types knows what it does. readr keeps zeros.
_READING = re.compile(
    r"(?:\.read_(?:csv|table)|\bread\.(?:csv2?|table|delim))\(\s*[\"']([^\"'\n]+)[\"']"
    r"((?:[^()]|\([^()]*\)){0,2000})\)"
)
_TYPED = re.compile(r"dtype|converters|schema|colClasses")
_ZERO = re.compile(r"0\d+")


@rule("warning")
def identifier_zeros(book: Book) -> Iterator[Finding]:
    """A program reads identifiers as numbers, and so they lose their zeros.

    Bad: ``pd.read_csv("data/gauges.csv")`` where a column has ``01013500``

    Good: ``pd.read_csv("data/gauges.csv", dtype={"gauge": str})``

    Why: ``1013500`` is no identifier; nothing with it can be found or joined any more.
    """
    columns: dict[str, tuple[str, str]] = {}
    for code, at in _programs(book):
        for match in _READING.finditer(code):
            paths = [path_from(f"{top}/x", match[1]) for top in _folders(at.path)]
            path = next((path for path in paths if path in book.files), "")
            if not path or _TYPED.search(match[2]):
                continue
            if path not in columns:
                columns[path] = _zeros(_head(book, path) or b"")
            name, value = columns[path]
            if value:
                line = at.line + code.count("\n", 0, match.start(1))
                column = match.start(1) - code.rfind("\n", 0, match.start(1))
                repair = f"dtype={{'{name}': str}}, in R colClasses = c({name} = 'character')"
                message = f"'{value}' in column '{name}' of '{match[1]}' loses its zero"
                place = Location(at.path, line, column, at.cell)
                yield found(place, f"{message}; read it as text: {repair}")


def _programs(book: Book) -> Iterator[tuple[str, Location]]:
    """Iterate over the code of cells and programs, with the place of its first line."""
    for page in book.pages.values():
        first = {block.cell: block.first_line for block in page.source.blocks}
        for cell in page.of("code-cell"):
            line = first.get(cell.at.cell, 1) + cell.level
            yield cell.body, Location(page.path, line, 1, cell.at.cell)
    for path, file in book.files.items():
        if path.endswith(CODE_SUFFIXES) and not file.excluded:
            yield read(book, path).decode("utf-8", "replace"), Location(path, 1, 1)


def _folders(path: str) -> list[PurePosixPath]:
    """Return where a program may run: a chapter's folder, as a rule, is above that of its code."""
    return list(PurePosixPath(path).parents)[:2]


def _zeros(head: bytes) -> tuple[str, str]:
    """Return a column of digits with a value that begins with a zero, and that value."""
    lines = head.decode("utf-8-sig", "replace").split("\n")[: -1 if len(head) == _HEAD else None]
    delimiter = max(",;\t", key=lines[0].count)
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return "", ""
    for number, name in enumerate(rows[0] if rows else ()):
        values = [row[number].strip() for row in rows[1:] if number < len(row)]
        value = next((value for value in values if _ZERO.fullmatch(value)), "")
        if value and all(not item or item.isdecimal() for item in values):
            return name, value
    return "", ""
