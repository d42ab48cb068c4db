"""The rule on texts that references by number are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.references.numbering import title_fault
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding


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
