"""Rules on the files of stored results, and of images: there, sound, fit for others."""

from __future__ import annotations

from collections import defaultdict
from io import StringIO
from itertools import islice, zip_longest
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import other_name, relative
from sphinx_mmbook.core.files.paths import is_within
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.results.figure_formats import FORMATS
from sphinx_mmbook.core.results.readers.csv_text import (
    SEPARATORS,
    TextTable,
    decode,
    read_records,
    separator_of,
)
from sphinx_mmbook.core.results.readers.signature import (
    BEGINNINGS,
    ENDS,
    TAIL,
    TEXT,
    fault_of,
    is_cut_off,
)
from sphinx_mmbook.core.results.values.cell_values import NO_NUMBER
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.rules.book.files import read
from sphinx_mmbook.core.rules.directives.named_files import files_outside
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.references.shown_files import ResultUse

#: So many bytes and rows of a file tell what it is.
_HEAD, _ROWS = 64 * 1024, 500
_LOCAL = re.compile(
    r"(?<![\w/.:])(?:[A-Za-z]:[\\/]{1,2}|/(?:home|Users)/|file://)[^\"',;|<>\s]{2,}"
)
_ZERO = re.compile(r"0[0-9]+")
#: A number as people write it: 1.234,5 or 1,234.5 or 1 234,5; and what such a one has.
_WRITTEN = re.compile(
    r"[-\u2212]?(?:[1-9]\d{0,2}(?:[.,'\u2019\u202f\xa0 ]\d{3})+|0|[1-9]\d*)(?:[.,]\d+)?", re.ASCII
)
_SIGNS = re.compile(r"\d[,'\u2019\u202f\xa0 ]\d|\d\.\d+\.\d", re.ASCII)
#: Thousands with a point, surely, and perhaps.
_THOUSANDS = re.compile(r"[-\u2212]?[1-9]\d{0,2}(?:\.\d{3})+,\d+", re.ASCII)
_GROUPED = re.compile(r"^[-\u2212]?[1-9]\d{0,2}\.\d{3}$", re.ASCII)
#: What a file has that has such numbers, and few others.
_PERHAPS_WRITTEN = re.compile(
    r"[\";\t|][-\u2212]?\d[\d.]*,\d|\d['\u2019\u202f\xa0 ]\d{3}(?!\d)|\d\.\d{3}\.\d", re.ASCII
)


@rule("error", of_file=True)
def result_missing(book: Book) -> Iterator[Finding]:
    """A page shows a stored result that is not there.

    Bad: ``{stored-table} results/acuracy.csv`` where the file is ``accuracy.csv``

    Good: ``{stored-table} results/accuracy.csv``

    Why: the page shows a box in place of the table. Upper and lower case count: what one system
    forgives is missing on the web server. The build reports it as well.
    """
    for use in book.results_shown:
        paths = [use.path]
        if use.by == "stored-figure":  # any of its formats will do
            paths += [f"{_stem(use.path)}{suffix}" for suffix in FORMATS]
        is_there = any(book.lookup.exact(path) for path in paths)
        if not is_there and not use.path.startswith(".."):
            yield _missing(book, use, paths)


@rule("error", of_file=True)
def path_outside_book(book: Book) -> Iterator[Finding]:
    """A page shows or includes a file from outside of the book.

    Bad: ``{stored-table} ../../thesis/accuracy.csv``; ``{include} ../../../notes.md``, which is no
    file of the book's repository; a link to such a file

    Good: the file copied into the chapter's folder

    Why: nobody else has the file, and a book must not read what is not its own. The build reports
    it as well, whatever names such a path.
    """
    for use in book.results_shown:
        file = book.files.get(use.path)
        is_link = file is not None and file.is_link and not is_within(book.folder, use.path)
        if is_link or use.path.startswith(".."):
            text = f"'{use.target}' leads out of the book; copy the file into the chapter's folder"
            yield found(use.at, text)
    yield from files_outside(book)


def _stem(path: str) -> str:
    return path[: -len(PurePosixPath(path).suffix)] if path.lower().endswith(FORMATS) else path


def _missing(book: Book, use: ResultUse, paths: list[str]) -> Finding:
    target = use.target
    others = [other for path in paths if (other := book.lookup.other_case(path))]
    if others:
        new = relative(use.page.path, others[0], target)
        fixable = use.page.has_text(use.at, target)
        edits = (Edit(use.at, target, new),) if fixable else ()
        text = f"result '{target}' differs from its file in upper and lower case; write '{new}'"
        return found(use.at, text, *edits)
    near = book.lookup.near(use.path)
    advice = "correct the path, or run the program that stores it and commit the file"
    if use.by == "stored-models" and " " in target:
        advice = "write each file in a line of its own, below the options"
    elif near:
        advice = other_name(use.page.path, near, target)
    return found(use.at, f"result '{target}' is not there: {advice}")


@rule("error", of_file=True)
def result_unreadable(book: Book) -> Iterator[Finding]:
    """A stored result is not what its name says.

    Bad: ``results/accuracy.csv`` with the marks of a merge conflict, or a ``.parquet`` file that
    Git LFS has not fetched

    Good: the program run again, and its file committed as it is

    Why: the page shows a box in place of the table. What only the reader of a format sees (a broken
    archive, a column that is not there) the build reports as well.
    """
    on_pages = {use.path for use in book.results_shown}
    hidden = (path for stored in book.stored for path in stored.files if path not in on_pages)
    found_at = [(use.path, use.at) for use in book.results_shown]
    found_at += [(path, Location(path)) for path in hidden]
    for path, at in found_at:
        if fault := _fault(book, path, (*TEXT, *BEGINNINGS, *ENDS)):
            yield found(at, f"result '{PurePosixPath(path).name}' {fault}")


@rule("error", of_file=True)
def image_broken(book: Book) -> Iterator[Finding]:
    """An image is not what its name says.

    Bad: a web page saved as ``figures/loss.png``; a JPEG renamed to ``.png``; a file that Git LFS
    has not fetched

    Good: the image saved again in the format of its name

    Why: browsers show an empty frame, and LaTeX stops. The build reports pictures that break later
    on as well.
    """
    results = {path for stored in book.stored for path in stored.files}
    for image in book.images:
        if image.path not in results and (fault := _fault(book, image.path, (*BEGINNINGS, *ENDS))):
            yield found(image.at, f"image '{image.target}' {fault}")


def _fault(book: Book, path: str, suffixes: tuple[str, ...]) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    file = book.files.get(path)
    if file is None or file.is_link or suffix not in suffixes:
        return ""
    try:
        with (book.folder / path).open("rb") as stream:
            data = stream.read(_HEAD)
            data += stream.read() if suffix in TEXT and file.size <= _WHOLE else b""
            stream.seek(max(0, file.size - TAIL))
            tail = stream.read(TAIL)
    except OSError as error:
        return f"cannot be opened: {(error.strerror or '').lower()}; check its permissions"
    fault = fault_of(suffix, data, whole=len(data) >= file.size)
    is_short = not fault and is_cut_off(suffix, tail)
    return "is cut off: its end is missing; make it again, or fetch it anew" if is_short else fault


#: Larger text is judged by its beginning.
_WHOLE = 1_000_000


@rule("warning")
def result_path_local(book: Book) -> Iterator[Finding]:
    """A stored result contains a path of somebody's own computer.

    Bad: a column ``file`` with ``C:/Users/ann/thesis/cat.png``

    Good: ``cat.png``, or the path from the chapter's folder

    Why: nobody else has the file, and the book shows where its author lives on the disk.
    """
    for path, text in _texts(book):
        matches = list(_LOCAL.finditer(text))
        if matches:
            line = text.count("\n", 0, matches[0].start()) + 1
            column = matches[0].start() - text.rfind("\n", 0, matches[0].start())
            more = f" (and {len(matches) - 1} more)" if len(matches) > 1 else ""
            message = f"'{matches[0][0]}'{more} is a path of one computer; store only what is below"
            yield found(Location(path, line, column), f"{message} the chapter's folder")


@rule("info")
def result_zeros(book: Book) -> Iterator[Finding]:
    """A stored result has identifiers that begin with zero.

    Bad: a column ``gauge`` with ``01013500``

    Good: ``USGS-01013500``; or the same, and each program that reads it does so with
    ``dtype={"gauge": str}``

    Why: the book shows them as they are, but pandas and spreadsheets read numbers, without zero.
    """
    for path, _, column, values in _identifiers(book):
        example = next((value for value in values if _ZERO.fullmatch(value)), "")
        if example:
            message = (
                f"column '{column}' has identifiers that begin with 0, such as {example}, which "
                f"pandas and spreadsheets drop; read them with dtype={{'{column}': str}}"
            )
            yield found(Location(path, 1), message)


@rule("warning")
def result_zeros_lost(book: Book) -> Iterator[Finding]:
    """A stored result has identifiers that have lost the zero with which they begin elsewhere.

    Bad: a column ``gauge`` with ``1013500`` where another result has ``01013500``

    Good: ``pd.read_csv("data/gauges.csv", dtype={"gauge": str})`` in the program that makes it

    Why: the two tables speak of different things, for readers and for programs that join them.
    """
    tables = list(_identifiers(book))
    whole: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    for path, chapter, column, values in tables:
        for value in values:
            if _ZERO.fullmatch(value):
                whole[chapter, column].setdefault(value.lstrip("0") or "0", (value, path))
    for path, chapter, column, values in tables:
        known = whole[chapter, column]
        lost = next((v for v in values if v in known and known[v][1] != path), "")
        if lost:
            value, other = known[lost]
            message = (
                f"column '{column}' has lost zeros: {lost} is {value} in "
                f"{PurePosixPath(other).name}; read it with dtype={{'{column}': str}}"
            )
            yield found(Location(path, 1), message)


@rule("warning")
def result_number_written(book: Book) -> Iterator[Finding]:
    """A stored result has numbers as people write them, which are not read as such.

    Bad: a column ``loss`` with ``1.234,5``, or with ``"1,234.5"`` between quotation marks

    Good: ``1234.5``

    Why: such cells are text: they get no digits, no order by size, and not the separators of the
    book's language, with which it writes each number (in a German book 1.234,5). Beside them 1.200
    is read as 1.2. A file with semicolons may have a decimal comma, then in all its columns.
    """
    for path, text in _texts(book):
        separators = SEPARATORS.get(PurePosixPath(path).suffix.lower())
        head = text if len(text) <= _HEAD else text[:_HEAD].rpartition("\n")[0]
        for column, example in _written(head, separators) if separators else ():
            message = (
                f"column '{column}' has numbers as people write them, such as {example}, which are "
                "not read as such; store them plainly, as 1234.5: in R without format(), in pandas "
                "without decimal= and f-strings; the book shows them as its language does"
            )
            yield found(Location(path, 1), message)


def _written(text: str, separators: str) -> Iterator[tuple[str, str]]:
    """Iterate over the columns of numbers that only people read right, with an example of each."""
    if not _PERHAPS_WRITTEN.search(text):
        return
    try:
        table = TextTable(text, separators, 1)
        records = read_records(StringIO(text[table.start :], newline=""), table.separator)
        columns = list(zip_longest(*islice(records, _ROWS), fillvalue=""))
    except (ResultFault, ValueError):
        return
    table.note_columns(columns)
    thousands = any(_THOUSANDS.fullmatch(cell.strip()) for cells in columns for cell in cells)
    for place, (name, cells) in enumerate(zip(table.names, columns, strict=False)):
        values = set(map(str.strip, cells)) - NO_NUMBER
        signs = _SIGNS if table.is_text(place) else _GROUPED if thousands else None
        example = next((cell for cell in map(str.strip, cells) if signs and signs.search(cell)), "")
        if example and all(map(_WRITTEN.fullmatch, values)):
            yield str(name), example


def _texts(book: Book) -> Iterator[tuple[str, str]]:
    """Iterate over the stored results that are text, and not large."""
    for stored in book.stored:
        for path in stored.files:
            if path.lower().endswith(TEXT) and path in book.files:
                try:
                    yield path, decode(read(book, path))
                except ResultFault:
                    continue  # another rule speaks of it


def _identifiers(book: Book) -> Iterator[tuple[str, str, str, list[str]]]:
    """Iterate over columns that have only digits: path, chapter, name and values of each."""
    chapters = {path: stored.chapter for stored in book.stored for path in stored.files}
    for path, text in _texts(book):
        separators = SEPARATORS.get(PurePosixPath(path).suffix.lower())
        if separators is None or "0" not in text:
            continue
        head = text[:_HEAD]
        try:
            records = read_records(StringIO(head, newline=""), separator_of(head, separators))
            names, *rows = islice(records, _ROWS)
        except (ResultFault, ValueError):
            continue
        for name, *cells in zip(names, *rows, strict=False):
            values = [cell.strip() for cell in cells if cell.strip()]
            if values and all(value.isdecimal() for value in values):
                yield path, chapters[path], name.strip(), values
