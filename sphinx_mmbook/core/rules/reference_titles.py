"""Rules on the texts of references by number, and on the verbs behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.references.numbering import title_fault
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.pages.page import Page


@rule("error")
def reference_title(book: Book) -> Iterator[Finding]:
    """The text of a ``{numref}`` has no place for the number, or more than a place.

    Bad: `` {numref}`the losses <tbl-loss>` ``, `` {numref}`Table %s, 50% off <tbl-loss>` ``

    Good: `` {numref}`Table %s, 50%% off <tbl-loss>` ``, `` {ref}`the losses <tbl-loss>` ``

    Why: Sphinx sets the number where ``%s`` stands; of another ``%`` it can make nothing.
    """
    kinds = {label.name.lower(): label.kind for label in book.facts.labels()}
    kinds |= {name.lower(): obj.kind for obj in book.numbered_objects for name in obj.labels}
    for facts in book.facts.pages.values():
        for item in facts.references:
            kind = kinds.get(item.target.lower(), "equation")
            judged = item.role == "numref" and item.text and kind != "equation"
            if judged and (fault := title_fault(item.text)):
                yield found(item.at, f"the text '{item.text}' of this {{numref}} {fault}")


_NUMBERED = ("numref", "eq")
_SHOW = (
    "show|illustrate|display|represent|depict|present|compare|contain|give|indicate|list|provide"
)
_ONE = re.compile(rf"\s+(?:(?:{_SHOW}|describe|demonstrate|summari[sz]e|visuali[sz]e)s|is|has)\b")
_MANY = re.compile(rf"\s+(?:{_SHOW}|describe|demonstrate|summari[sz]e|visuali[sz]e|are|have)\b")
_BEGIN = re.compile(r"(?:\A|[.!?]\s)\s*\Z")
_SEVERAL = re.compile(r"(?:\A|[.!?]\s)\s*(?:(?:Both|Figures?|Tables?|Sections?|Equations?)\s+)?\Z")


@rule("warning")
def reference_verb(book: Book) -> Iterator[Finding]:
    """The verb behind a reference is that of several, behind several that of one.

    Bad: `` {numref}`fig-a` show the loss ``, `` {numref}`fig-a` and {numref}`fig-b` shows it ``

    Good: `` {numref}`fig-a` shows the loss ``, `` {numref}`fig-a` and {numref}`fig-b` show it ``

    Why: one figure shows, two figures show.
    """
    for page in book.pages.values():
        for position, element in page.numbered("role"):
            if element.name not in _NUMBERED or not 0 < position < len(page.elements) - 1:
                continue
            before, after = page.elements[position - 1], page.elements[position + 1]
            if after.kind != "text" or after.block != element.block:
                continue
            start = before.text if before.kind == "text" and before.block == element.block else ""
            if start.strip() in ("and", "und", "&") and position > 2:
                wrong = _ONE.match(after.text) if _pair(page, position - 2) else None
                advice = "these are several"
            else:
                begins = before.block != element.block or (
                    before.kind == "text" and _BEGIN.search(start)
                )
                wrong = _MANY.match(after.text) if begins else None
                advice = "this is one"
            if wrong:
                message = f"'{wrong[0].strip()}' behind this reference: {advice}"
                yield found(element.at, f"{message}; write the other form of the verb")


def _pair(page: Page, position: int) -> bool:
    """Whether an element is a reference at the begin of a sentence."""
    first, before = page.elements[position], page.elements[position - 1]
    if first.kind != "role" or first.name not in _NUMBERED:
        return False
    return before.block != first.block or bool(
        before.kind == "text" and _SEVERAL.search(before.text)
    )
