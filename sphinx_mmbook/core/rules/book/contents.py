"""Rules on what is inside of files: local paths, byte-order marks, line ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location, also_in
from sphinx_mmbook.core.pages.elements import titled
from sphinx_mmbook.core.rules.book.files import CODE_SUFFIXES, read
from sphinx_mmbook.core.rules.english.spelling import places
from sphinx_mmbook.core.rules.references.links import FILE_ROLES, LOCAL
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book

#: A file of Git's attributes has a few lines.
MAX_ATTRIBUTES = 100_000
_TEXT_SUFFIXES = (".md", ".ipynb", ".bib", ".yml", ".yaml", *CODE_SUFFIXES)


def _texts(book: Book, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Iterate over the text files that are part of the book."""
    for path, file in book.files.items():
        if path.endswith(suffixes) and not file.excluded:
            yield path, read(book, path)


_CODE_PATH = re.compile(
    r"""["']((?:[A-Za-z]:(?:\\\\?|/)|/(?:home|Users|content|kaggle)/|file://)[^"'\n]{2,})["']"""
)


@rule("error")
def path_local(book: Book) -> Iterator[Finding]:
    """An image, link or download names a file on somebody's own computer.

    Bad: ``![Loss](C:/Users/ann/loss.png)``, ``file:///home/ann/loss.png``; as a note, the copies of
    works that Zotero names in a bibliography: ``file = {/home/ann/Zotero/lin.pdf}``

    Good: ``![Loss](figures/loss.png)``

    Why: nobody else has the file.
    """
    targets = [(item.target, item.at) for item in book.images]
    for page in book.pages.values():
        targets += [(item.name, item.at) for item in page.of("link")]
        for start in places(page.prose.text, "](file:"):  # MyST-Parser takes none for a link
            address = page.prose.text[start + 2 :].partition(")")[0].partition("\n")[0]
            targets += [(address, page.prose.at(start + 2))]
        roles = (item for item in page.of("role") if item.name in FILE_ROLES)
        targets += [(titled(item.text)[1].strip(), item.at) for item in roles]
    for target, at in targets:
        if LOCAL.match(target) and not book.lookup.exact(target.lstrip("/")):
            message = f"'{target}' is on your computer only"
            yield found(at, f"{message}; copy the file into the chapter's folder and name it there")
    for path, data in _texts(book, (".bib",)):
        some = list(_FIELD.finditer(data)) if b"file" in data else []
        spots = [Location(path, data.count(b"\n", 0, one.start(1)) + 1, 1) for one in some]
        if spots:
            message = f"'{some[0][1].decode()}' is a folder of one computer{also_in(spots)}"
            message = f"{message}; delete these fields, or let your program export no files"
            yield Finding(spots[0], "path-local", message, "info")


#: Where a program that collects works has its copy of one.
_FIELD = re.compile(
    rb"^[ \t]*file\s?=\s?[{\"][^\n]{0,60}?([A-Z]\\*:[\\/]+Users[\\/]+\w+|/(?:home|Users)/\w+)",
    re.MULTILINE | re.IGNORECASE,
)


@rule("warning")
def code_path_local(book: Book) -> Iterator[Finding]:
    """Code reads or writes a file by a path of somebody's own computer.

    Bad: ``pd.read_csv("C:/Users/ann/thesis/iris.csv")``

    Good: ``pd.read_csv("data/iris.csv")``

    Why: the code runs on one computer only; a chapter's code runs from the chapter's folder.
    """
    for page, cell in book.elements("code-cell"):
        first = page.positions_at(cell.at).block.first_line + cell.level
        yield from _local_in(cell.body, cell.at.path, first, cell.at.cell)
    for path, data in _texts(book, CODE_SUFFIXES):
        yield from _local_in(data.decode("utf-8", "replace"), path, 1, 0)


def _local_in(code: str, path: str, first: int, cell: int) -> Iterator[Finding]:
    for match in _CODE_PATH.finditer(code):
        line = first + code.count("\n", 0, match.start())
        column = match.start(1) - code.rfind("\n", 0, match.start(1))
        message = f"'{match[1]}' is a path of one computer"
        at = Location(path, line, column, cell)
        yield found(at, f"{message}; put the file into the chapter's folder and name it from there")


@rule("warning")
def byte_order_mark(book: Book) -> Iterator[Finding]:
    """A text file begins with a byte-order mark.

    Bad: "UTF-8 with BOM" in the editor

    Good: "UTF-8"

    Why: programs take the three invisible bytes for a part of the first word: front matter is not
    seen, the first bibliography entry is lost.
    """
    for path, data in _texts(book, _TEXT_SUFFIXES):
        if data.startswith(b"\xef\xbb\xbf"):
            message = "this file begins with a byte-order mark; save it as UTF-8 without BOM"
            at = Location(path, 1, 1)
            yield found(at, message, Edit(at, "\ufeff", ""))


@rule("warning")
def line_ends(book: Book) -> Iterator[Finding]:
    """A text file has line ends of Windows.

    Bad: CRLF in the editor's status line

    Good: LF, and a line ``* text=auto`` in ``.gitattributes``

    Why: who edits one line changes all of them, and two such branches conflict everywhere.
    """
    if _normalised(book):
        return  # Git writes them as each system has them, and stores LF
    for path, data in _texts(book, _TEXT_SUFFIXES):
        first = data.find(b"\r\n")
        # On Windows, Git itself may write the files so; then only a mixture is a fault.
        mixed = data.count(b"\r\n") < data.count(b"\n")
        if first >= 0 and (mixed or os.linesep == "\n"):
            line = data.count(b"\n", 0, first) + 1
            message = "this file has line ends of Windows (CRLF)"
            advice = "save it with LF, or write '* text=auto' into .gitattributes, which does so"
            # To rewrite each line of somebody's program is not a repair of a page.
            page = path.endswith((".md", ".bib", ".yml", ".yaml"))
            edits = (Edit(Location(path), "\r\n", "\n"),) if page else ()
            yield found(Location(path, line), f"{message}; {advice}", *edits)


def _normalised(book: Book) -> bool:
    """Whether Git cares for line ends, as a file of the book, or of the repository, tells it."""
    for folder in (book.folder, *book.folder.parents):
        file = folder / ".gitattributes"
        if file.is_file() and not file.is_symlink() and file.stat().st_size < MAX_ATTRIBUTES:
            text = file.read_text("utf-8", "replace")
            if re.search(r"^\*[ \t][^\n]*(?:\btext=auto|\beol=)", text, re.MULTILINE):
                return True
        if (folder / ".git").exists():
            break
    return False
