"""The rule on the grammar of reStructuredText."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

#: Words in what docutils says -> what to do.
_ADVICE = {
    " alone": "put each part into its block, and nothing else",
    "option block": "write ':name: value' on each line, and an empty line after the last",
    "maximum": "write an empty line below the first line of the directive",
    "start-string without end-string": "write the mark a second time, or a backslash before it",
    "without a blank line": "write an empty line before this one, or indent it",
    "Unexpected indentation": "write an empty line before it, or indent it as what is above",
    "Unexpected section title": "begin it at the margin, or make the line below it no underline",
    "line too short": "make the line as long as the title",
    "Title": "write one line of the same character below the title, as long as it is",
    "Unknown target name": "write '.. _name: address', or a backslash before the '_'",
    "ootnote": "give each '[#name]_' one '.. [#name] text', and refer to each",
    "too deep": "divide the page",
    "substitution": "write '.. |name| replace:: text', or a backslash before the '|'",
    "0 supplied": "write it on the first line",
    "Citation": "refer to it with '[name]_', or delete it",
    "no content": "write no text below its options",
    "Content block": "write the text of the directive, or delete it",
    "requires content": "write the cells of the table, or delete it",
    "widths": "write a number for each column",
    "able": "give all rows of the table the same columns",
    "arget": "give one of the two another name",
    "transition": "delete the line of punctuation, or write text around it",
}
#: Settings that put text before and after each page; of these its links may be.
_AROUND = ("rst_prolog", "rst_epilog")
_DEFINED = ("substitution", "Unknown target name", "ootnote")


@rule("error")
def restructured_grammar(book: Book) -> Iterator[Finding]:
    """Marks, indentation or underlines of reStructuredText are not as its grammar has them.

    Bad: ``a *word without its second star``; a line that is indented for no reason

    Good: ``a *word*``; an empty line before what is indented

    Why: the page shows the marks, or an error in their place; ``sphinx-build`` warns of it.
    """
    for page, at, text, whole in _texts(book):
        # docutils takes a tenth of a second to start, and most books have no such text.
        from sphinx_mmbook.docutils_syntax.restructured_faults import faults_of  # noqa: PLC0415

        faults = faults_of(text, partial(_takes, book), partial(_included, page), whole=whole)
        for path, line, said in faults:
            if any(word in said for word in _DEFINED) and _may_be_elsewhere(book, page, said):
                continue
            if said[:8] == "Citation" and any(
                f"{said.split()[1]}_" in page.source.text for page in book.every.values()
            ):
                continue
            advice = next((told for word, told in _ADVICE.items() if word in said), "correct it")
            where = Location(path, line) if path else at._replace(line=at.line + line - 1)
            yield found(where, f"{said.rstrip('.')}; {advice}")


def _texts(book: Book) -> Iterator[tuple[Page, Location, str, bool]]:
    """Yield page and begin of each text in reStructuredText; last if it is whole."""
    for page in book.pages.values():
        if page.source.restructured:
            yield page, Location(page.path, 1), page.source.text, True
        blocks = [item for item in page.of("directive") if item.name == "eval-rst"]
        for item in blocks:
            if not item.restructured:
                at = item.at._replace(line=item.level, column=0)
                yield page, at, item.body, len(blocks) == 1


def _included(page: Page, target: str) -> tuple[str, str]:
    """Return path and text of what a page includes."""
    path = path_from(page.path, target)
    return path, page.parts.get(path, "")


def _takes(book: Book, name: str) -> tuple[int, int, bool]:
    """Return what a directive takes; of one that nobody knows, anything."""
    one = book.vocabulary.directive(name)
    return (one.least, one.most, one.content) if one else (0, -1, True)


def _may_be_elsewhere(book: Book, page: Page, said: str) -> bool:
    """Whether the rest of the page, or what ``conf.py`` puts around each, may define a name."""
    name = said.partition('"')[2].rpartition('"')[0].lower()
    if not page.source.restructured and page.source.text.lower().count(name) != 1:
        return True
    try:
        conf = (book.folder / "conf.py").read_text("utf-8", "replace")
    except OSError:
        return False
    return any(setting in conf for setting in _AROUND)
