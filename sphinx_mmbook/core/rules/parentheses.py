"""The rule on parentheses without a counterpart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.formulas import broken_blocks
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.spelling import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page

#: What has a parenthesis at its end alone: "a)", "(1)" within a list, a face.
_LISTED = re.compile(
    r"(?:(?<=^)|(?<=[\s(}\ufffc\u00a0]))(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\)|[:;]-?[)(]", re.MULTILINE
)
#: A half-open interval: "[300, 400)".
_ENDPOINTS = r"[^][()\n,]{1,12},[^][()\n,]{1,12}"
_INTERVAL = re.compile(rf"\[{_ENDPOINTS}\)|\({_ENDPOINTS}\]")
#: Rows of tables, and signs of full width, of which stop-blank speaks.
_OTHER = re.compile(r"[|（）]")
_PARENTHESIS = re.compile(r"[()]")


@rule("warning")
def bracket_open(book: Book) -> Iterator[Finding]:
    """A parenthesis is opened and not closed in its paragraph, or closed and not opened.

    Bad: ``the loss (see below falls.``, ``the loss, see below) falls.``

    Good: ``the loss (see below) falls.``

    Why: the reader looks for the other one.
    """
    for page in book.pages.values():
        for begin, block in page.prose.blocks:
            paragraph = _INTERVAL.sub(_blanked, block) if "[" in block or "]" in block else block
            if paragraph.count("(") == paragraph.count(")") or _OTHER.search(paragraph):
                continue
            if "@ref{" in paragraph:
                continue  # reference-syntax says so
            lone = _lone(paragraph)
            # With and without what may be the number of a list.
            other = _lone(_LISTED.sub(_blanked, paragraph))
            if (
                lone is None
                or lone != other
                or not is_plain(page, begin + lone, paragraph[lone], broken_blocks(page))
            ):
                continue
            at, sign = page.prose.at(begin + lone), paragraph[lone]
            what, missing = ("closed", ")") if sign == "(" else ("opened", "(")
            message = f"this '{sign}' is never {what} in its paragraph"
            advice = f"add '{missing}', or delete it"
            if sign == "(" and (shown := _with_its_end(page, begin, paragraph, lone)):
                message = f"the ')' of this '(' stands in the formula {shown}"
                advice = "write it behind the formula"
            yield found(at, f"{message}; {advice}")


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _with_its_end(page: Page, begin: int, paragraph: str, lone: int) -> str:
    """Return the formula behind a parenthesis that ends it, ``$x )$``; empty if none does."""
    for match in re.compile(NOT_TEXT).finditer(paragraph, lone):
        element = page.prose.element(begin + match.start())
        if element.kind == "math" and element.body.count(")") == element.body.count("(") + 1:
            return f"'${element.body}$'"
    return ""


def _lone(text: str) -> int | None:
    """Return where the one parenthesis of a text stands that has no counterpart."""
    opened: list[int] = []
    closed: list[int] = []
    for match in _PARENTHESIS.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            closed.append(match.start())
    lone = [*opened, *closed]
    return lone[0] if len(lone) == 1 and NOT_TEXT not in text[lone[0] + 1 : lone[0] + 2] else None
