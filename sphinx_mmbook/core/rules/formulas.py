"""Rules on formulas in running text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.references.equations import UNMATCHED, unmatched
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.page import Page

_PRICE = re.compile(
    r"\s(?:and|or|to|und|bis|vs\.?)\s|"
    r"\d[\d.,]*\s?[–/-]|\d[\d.,]*[^\\^_={}\n]*?[^\W\d_]{2}[^\\^_={}\n]*[\s(–-]"
)


def broken_blocks(page: Page) -> set[int]:
    """Return the blocks with a "$" too many: dollar-unbalanced speaks of all that follows of it."""
    if "$" not in page.prose.text:
        return set()
    texts = [item for item in page.of("text") if "$" in item.text]
    return {item.block for item in texts if _STRAY.search(item.text)}


#: A dollar sign that does not begin an amount of money.
_STRAY = re.compile(r"\$(?!\d)")


@rule("warning")
def dollar_currency(book: Book) -> Iterator[Finding]:
    """Two amounts of money are read as a formula.

    Bad: ``It costs $5 and $10.``

    Good: ``It costs \\$5 and \\$10.``

    Why: what stands between two dollar signs is set as a formula: *5and*10.
    """
    for page in book.pages.values():
        broken = broken_blocks(page)
        for element in page.of("math"):
            if element.level or element.block in broken or not _PRICE.fullmatch(element.body):
                continue
            at = element.at.right(-1)
            old = f"${element.body}$"
            edits = (Edit(at, old, f"\\${element.body}\\$"),) if page.has_text(at, old) else ()
            message = f"'{old}' is read as a formula"
            yield found(at, f"{message}; write '\\$' for a dollar", *edits)


@rule("warning")
def dollar_unbalanced(book: Book) -> Iterator[Finding]:
    r"""A dollar sign opens or closes a formula that has no other end.

    Bad: ``the loss $\ell falls``

    Good: ``the loss $\ell$ falls``; ``\$`` for a dollar

    Why: the formula is printed as it was typed.
    """
    for page in book.pages.values():
        prose = page.prose
        start, last = prose.text.find("$"), 0
        while start >= 0:
            after = prose.text[start : start + 2].strip("$")
            element, at = prose.element(start), prose.at(start)
            currency = after.isdigit() or re.search(
                r"[A-Z]$", prose.text[max(0, start - 1) : start]
            )
            if element.block != last and not currency and page.has_text(at, "$"):
                last = element.block
                if page.has_text(at, "$$"):
                    message = (
                        "'$$' begins no formula within a paragraph; set it on lines of its own"
                    )
                    yield found(at, f"{message}, with an empty line before", *_set_off(page, at))
                else:
                    message = "this '$' belongs to no formula; add the other one, or write '\\$'"
                    yield found(at, message)
            start = prose.text.find("$", start + 1)


@rule("error")
def formula_unmatched(book: Book) -> Iterator[Finding]:
    r"""A formula has a brace or an environment that is not closed.

    Bad: ``$\frac{1}{2$``

    Good: ``$\frac{1}{2}$``; a brace that is printed is ``\{``

    Why: the website shows an error in its place; in the PDF, its TeX stands there.
    """
    for page in book.pages.values():
        for element in page.of("math"):
            if text := unmatched(element.body):
                yield found(element.at, UNMATCHED.format(text))


#: A formula between "$$" that begins and ends with a line.
_DISPLAY = re.compile(r"\$\$(?!\$)[^$]+\$\$[ \t]*(?:\n|\Z)")
#: What begins a list, a quote, a table, a directive, a definition or a footnote.
_MARKED = re.compile(r"\s*(?:(?:[-*+>|:%#]|```|\d+[.)])(?:\s|`|:|\{|$)|\[\^)")


def _set_off(page: Page, at: Location) -> tuple[Edit, ...]:
    """Return the edit that sets a displayed formula off from the text before it.

    None for a formula within a line, and in lists, quotes and tables, which it would cut in two.
    """
    positions = page.positions[at.cell]
    start = positions.offset(at)
    begin = positions.text.rfind("\n\n", 0, start) + 2
    if at.column > 1 or _MARKED.match(positions.text, max(begin, 0)):
        return ()
    return (Edit(at, "$$", "\n$$"),) if _DISPLAY.match(positions.text, start) else ()
