"""Rules on what directives and roles name: files that are read, terms of a glossary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.lookup import is_url, path_from
from sphinx_mmbook.core.files.of_repository import elsewhere, is_beside, outside_fault
from sphinx_mmbook.core.pages.limits import settings_of_cells
from sphinx_mmbook.core.rules.links import not_there
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.source import Source

#: Directives that read the file that they name.
_READERS = frozenset({"include", "literalinclude"})


def _named(element: Element) -> tuple[str, Location] | None:
    """Return the file that a directive reads, and where it is named."""
    if element.name in _READERS and element.text:
        return element.text.strip(), element.argument_at
    option = element.option("file") if element.name in ("csv-table", "raw") else None
    return (option.text, option.at) if option and option.text else None


def _files_named(book: Book) -> Iterator[tuple[Page, str, Location, Element]]:
    """Iterate over the files that directives of all pages in MyST read."""
    pages = [page for page in book.pages.values() if not page.source.restructured]
    for page in (*pages, *book.parts.values()):
        for element in page.of("directive"):
            target, at = _named(element) or ("", element.at)
            if target and target[0] != "<":
                yield page, target, at, element


def _fault(book: Book, page: Page, target: str, element: Element) -> str:
    """Return why a build refuses to read a file, if it does."""
    base = (book.folder / page.path).parent
    # docutils alone reads this one, and knows nothing of the book's folder.
    absolute = target.startswith("/") and element.name != "raw"
    place = book.folder / target.lstrip("/") if absolute else base / target
    return outside_fault(book.folder, place, target)


@rule("error", of_file=True)
def include_missing(book: Book) -> Iterator[Finding]:
    """A file that a directive reads is not there.

    Bad: ```` ```{literalinclude} code/trian.py ````; ``:file: ../../data.csv`` of a ``{csv-table}``

    Good: ```` ```{literalinclude} code/train.py ````

    Why: the page shows an error in its place. Only files of the book are there for everybody.
    """
    for page, target, at, element in _files_named(book):
        path = path_from(page.path, target)
        there = is_url(target) or book.lookup.exact(path) or is_beside(book.folder, path)
        if not there and not _fault(book, page, target, element):
            yield not_there(book, page, target, path, at)


def files_outside(book: Book) -> Iterator[Finding]:
    """Yield the files that directives read which no build reads: not of the book's repository."""
    for page, target, at, element in _files_named(book):
        if message := _fault(book, page, target, element):
            yield found(at, message)
    for page in book.pages.values():
        yield from code_outside(book.folder, page.source)
    for image in book.images:
        place = book.folder / image.path
        is_there = book.lookup.exact(image.path)
        if is_there and (message := outside_fault(book.folder, place, image.target)):
            yield found(image.at, message)
    for page in book.pages.values():
        for element in page.of("directive"):
            address = element.option("url") if element.name in ("csv-table", "raw") else None
            if address and address.text:
                yield found(address.at, elsewhere(address.text))


def code_outside(folder: Path, source: Source) -> Iterator[Finding]:
    """Yield the files out of the repository from which cells of a page take their code."""
    for options in settings_of_cells(source):
        name = str(options.fields.get("load") or "")
        place = folder / source.path
        if name and (message := outside_fault(folder, place.parent / name, name)):
            yield found(options.at("load"), message)


#: Of a term in a glossary: its text counts, be it a link, code or emphasised.
_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)|[*`]")
_TARGET = re.compile(r"<([^<>]+)>\s*$", re.DOTALL)


@rule("error")
def term_unknown(book: Book) -> Iterator[Finding]:
    """A term that no glossary explains.

    Bad: `` {term}`atention` `` where the glossary has ``attention``

    Good: `` {term}`attention` ``

    Why: the word leads nowhere.
    """
    used = [
        (page, item)
        for page in book.pages.values()
        for item in page.of("role")
        if item.name in ("term", "std:term")
    ]
    terms = _terms(book) if used else {}
    if terms is None:
        return
    for _, item in used:
        match = _TARGET.search(item.text)
        term = " ".join((match[1] if match else item.text).split()).lstrip("!~")
        if term and term.casefold() not in terms:
            at = item.at.right(len(item.name) + 3 + (match.start(1) if match else 0))
            hint = did_you_mean(term, terms.values()) or "; add it to a {glossary}"
            yield found(at, f"no glossary has the term '{term}'{hint}")


def _terms(book: Book) -> dict[str, str] | None:
    """Return the terms of all glossaries; ``None`` if nobody can say."""
    found: dict[str, str] = {}
    for page in (*book.every.values(), *book.parts.values()):
        if ".glossary}" in page.source.text:  # a definition list that is marked as one
            return None
        for element in page.of("directive"):
            if element.name == "glossary":
                lines = (line for line in element.body.split("\n") if line[:1].strip())
                terms = (line.split(" : ")[0].strip() for line in lines if line[:2] != "..")
                plain = (" ".join(_MARKUP.sub(r"\1", term).split()) for term in terms)
                found |= {term.casefold(): term for term in plain}
    return found if not book.settings.labels_elsewhere else None
