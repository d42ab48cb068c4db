"""The names that pandoc makes of headings, by which books in R Markdown refer to sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Location
from sphinx_mmbook.core.references.labels import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.pages.page import Page

_BRACES = re.compile(r"(?<!\s)\s*+\{[^{}]*+\}\s*+$")


def heading_name(text: str) -> str:
    """Return the identifier that pandoc gives a heading (its manual: auto_identifiers)."""
    kept = re.sub(r"[^\w\s.-]", "", _BRACES.sub("", text)).lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"\s+", "-", kept.strip()))


class NamedHeading(NamedTuple):
    """A heading; ``label`` is what names it already, or what ``edits`` give it."""

    label: str
    edits: tuple[Edit, ...] = ()


def named_headings(pages: Iterable[Page]) -> dict[str, NamedHeading]:
    """Return the headings that are the only ones of their name, by the anchor of that name."""
    found: dict[str, NamedHeading | None] = {}
    for page in pages:
        for position, element in page.numbered("heading"):
            name = anchor(heading_name(element.text))
            before = page.elements[position - 1] if position else None
            at = Location(element.at.path, element.at.line, 1, element.at.cell)
            line = page.line(at)
            if before and before.kind == "target":
                one = NamedHeading(before.name)
            elif element.options:
                one = NamedHeading(element.options[0].text)
            elif line.startswith("#") and not element.inside:
                one = NamedHeading(name, (Edit(at, line, f"({name})=\n{line}"),))
            else:
                continue
            found[name] = None if name in found else one
    return {name: one for name, one in found.items() if name and one}
