"""Terms that glossaries explain."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.page import Page

#: Of a term in a glossary: its text counts, be it a link, code or emphasised.
_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)|(\*\*?|`)([^*`]++)\2")


def terms_of(page: Page) -> Iterator[str]:
    """Yield the terms of all glossaries of a page."""
    for element in page.of("directive"):
        if element.name == "glossary":
            body = element.body if not element.restructured else dedent(element.body)
            lines = (line for line in body.split("\n") if line[:1].strip())
            terms = (line.split(" : ")[0] for line in lines if line[:2] != "..")
            yield from (_plain(term, element.restructured) for term in terms)


def _plain(term: str, restructured: bool) -> str:
    """Return a term without its marks; spaces after it are a part of it for MyST-Parser alone."""
    text = " ".join(_MARKUP.sub(r"\1\3", term).split())
    return text if restructured else text + term[len(term.rstrip()) :]
