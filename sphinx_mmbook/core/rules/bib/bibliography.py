"""Rules on bibliographies: whether they can be read, and the lists that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.finding import Finding

#: Options of ``{bibliography}`` in other books; the parser reports all others.
_OPTIONS = frozenset(
    {":all:", ":cited:", ":enumtype:", ":filter:", ":keyprefix:", ":labelprefix:", ":list:",
     ":notcited:", ":start:", ":style:"}
)  # fmt: skip


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

    Bad: ``:style: unsrt``, ``references.bib``

    Good: ``{bibliography}`` alone; ``:filter: docname in docnames``, the works of the page

    Why: the book finds its bibliographies by itself, and lists what it cites.
    """
    for name in sorted(book.pages):
        for item in book.pages[name].lists:
            given = [text for text in item.given if text[0] != ":" or text in _OPTIONS]
            if given:
                message = f"'{given[0]}' means nothing to {{bibliography}} in a book; remove it"
                yield found(item.at, message)
