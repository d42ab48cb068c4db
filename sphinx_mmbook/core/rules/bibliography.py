"""Rules on bibliographies: whether they can be read, and the lists that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.finding import Finding

#: Options of ``{bibliography}`` in other books; what is none of these, the parser reports.
_OPTIONS = frozenset(
    {":all:", ":cited:", ":enumtype:", ":filter:", ":keyprefix:", ":labelprefix:", ":list:",
     ":notcited:", ":start:", ":style:"}
)  # fmt: skip


@rule("error", build=True)
def bib_syntax(book: BookFacts) -> Iterable[Finding]:
    """A part of a bibliography cannot be read.

    Bad: ``@misc{lin2014, title={COCO}, year=2014``, without the last brace

    Good: ``@misc{lin2014, title={COCO}, year=2014}``

    Why: programs that read BibTeX drop the entry, or all entries after it.
    """
    return book.reading("bib-syntax")


@rule("error", build=True)
def bib_key_twice(book: BookFacts) -> Iterable[Finding]:
    """A bibliography has two entries with the same key.

    Bad: ``@misc{lin2014, …}`` twice in one file

    Good: one of them, or two keys

    Why: only the first one counts, and LaTeX stops at the second.
    """
    return book.reading("bib-key-twice")


@rule("error", build=True)
def bib_key_conflict(book: BookFacts) -> Iterable[Finding]:
    """The same key stands for different works in two bibliographies.

    Bad: ``lin2014`` is COCO in one chapter and another paper of Lin's in the next

    Good: ``lin2014coco`` and ``lin2014network``

    Why: one chapter would cite the other's work. The same work in several chapters is fine.
    """
    return book.reading("bib-key-conflict")


@rule("error", build=True)
def bib_key_case(book: BookFacts) -> Iterable[Finding]:
    """Two keys differ only in capitals.

    Bad: ``IPCC2021`` in one chapter, ``ipcc2021`` in another

    Good: ``ipcc2021`` in both

    Why: BibTeX takes them for one and stops; the work would be listed twice.
    """
    return book.reading("bib-key-case")


@rule("error", build=True)
def bib_field_twice(book: BookFacts) -> Iterable[Finding]:
    """An entry has a field twice.

    Bad: ``year = 2014, title = {COCO}, year = 2015``

    Good: ``year = 2014, title = {COCO}``

    Why: some programs take the first, some the last, some stop.
    """
    return book.reading("bib-field-twice")


@rule("error", build=True)
def bib_encoding(book: BookFacts) -> Iterable[Finding]:
    """A bibliography is not UTF-8.

    Bad: a file saved as "Western (Latin-1)"

    Good: the same file saved as UTF-8

    Why: nobody can tell which letters are meant; none of its entries can be cited.
    """
    return book.reading("bib-encoding")


@rule("error", build=True)
def bib_size(book: BookFacts) -> Iterable[Finding]:
    """A bibliography is larger than 10 MB.

    Bad: the export of a whole reference manager

    Good: what the chapter cites

    Why: every build reads all of it.
    """
    return book.reading("bib-size")


@rule("error", build=True)
def bib_unreadable(book: BookFacts) -> Iterable[Finding]:
    """A bibliography cannot be read from the disk.

    Bad: a file without read permission, a broken link

    Good: a regular file

    Why: none of its entries can be cited.
    """
    return book.reading("bib-unreadable")


@rule("info", build=True)
def bib_empty(book: BookFacts) -> Iterable[Finding]:
    """A bibliography has no entries.

    Bad: an empty ``references.bib``

    Good: no such file, or what the chapter cites

    Why: an empty file is mostly one that somebody forgot to save.
    """
    return book.reading("bib-empty")


@rule("error", build=True)
def bibliography_twice(book: BookFacts) -> Iterator[Finding]:
    """Two pages, or two places of a page, list all works.

    Bad: ``{bibliography}`` at the end of each chapter

    Good: ``{bibliography}`` on the page "Bibliography"; each chapter lists its works by itself

    Why: a work is listed once, and a citation in the PDF can lead to one place only.
    """
    pages = [name for name in sorted(book.pages) if book.pages[name].lists]
    for number, name in enumerate(pages):
        for item in book.pages[name].lists[number == 0 :]:
            message = f"'{pages[0]}' lists all works already; remove this list"
            hint = "each page ends with the works that it cites by itself"
            yield found(item.at, f"{message}, {hint}")


@rule("error", build=True)
def bibliography_option(book: BookFacts) -> Iterator[Finding]:
    """A ``{bibliography}`` has an option, a file name or a body.

    Bad: ``:filter: docname in docnames``, ``references.bib``

    Good: ``{bibliography}`` alone

    Why: the book finds its bibliographies by itself, and lists what it cites.
    """
    for name in sorted(book.pages):
        for item in book.pages[name].lists:
            given = [text for text in item.given if text[0] != ":" or text in _OPTIONS]
            if given:
                message = f"'{given[0]}' means nothing to {{bibliography}} in a book; remove it"
                yield found(item.at, message)
