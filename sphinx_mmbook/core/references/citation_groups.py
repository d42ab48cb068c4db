"""Citations that stand side by side, and what stands around them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions
    from sphinx_mmbook.core.references.citations import Citation

#: No more text than this is a part of a citation's parentheses.
REACH = 80
_NAME = r"[^\W\d_][\w’'-]*"
#: Names before a citation, as authors type them: "Lin", "Lin et al.", "Lin and Chen (2014)", "Lin's
#: study".
TYPED_NAMES = re.compile(
    rf"(?<![\w.-])({_NAME}?)(\s+et\.?\s+al\.?,?|\s+(?:and|und|&)\s+{_NAME})?"
    r"([’']s\s+(?:[a-z-]+\s+)?(?:stud(?:y|ies)|papers?|articles?|work|books?|thesis|report|survey))?"
    r"(\s*\(\d{4}[a-z]?\)|,?\s\d{4}[a-z]?)?(?:\s|&nbsp;)*$"
)
_BEFORE = re.compile(r"\(([^()\[\]{}`$*\\<>|]*)$")
_AFTER = re.compile(r"([^()\[\]{}`$*\\<>|]*)\)")


class CitationGroup(NamedTuple):
    """Citations with nothing but glue between them; ``start`` and ``end`` in the block's text."""

    citations: tuple[Citation, ...]
    positions: Positions
    start: int
    end: int

    @property
    def text(self) -> str:
        """All of the citations as they are written."""
        return self.positions.text[self.start : self.end]

    @property
    def footnotes(self) -> bool:
        """Whether one of the citations makes a footnote."""
        return any(citation.role.startswith("foot") for citation in self.citations)

    def at(self, offset: int) -> Location:
        """Return the location that many characters after the start."""
        return self.positions.location(self.start + offset)

    def before(self, offset: int) -> str:
        """Return the end of the text up to that many characters before the start."""
        end = self.start - offset
        return self.positions.text[max(0, end - REACH) : max(0, end)]

    def around(self) -> tuple[str, str] | None:
        """Return the text between the parentheses and the citations, if there are any."""
        text = self.positions.text
        before = _BEFORE.search(text[max(0, self.start - REACH) : self.start])
        after = _AFTER.match(text[self.end : self.end + REACH])
        if not before or not after or "\n\n" in before[1] + after[1]:
            return None
        return before[1], after[1]


def citation_groups(
    page: Page, citations: Iterable[Citation], glue: str
) -> Iterator[CitationGroup]:
    """Iterate over the citations of a page, those together that only ``glue`` keeps apart."""
    pattern = re.compile(glue)
    for here, some in groupby(citations, key=lambda citation: page.positions_at(citation.at)):
        spans = [(item, *_span(item, here)) for item in some]
        first = 0
        while first < len(spans):
            last = first + 1
            while last < len(spans) and _glued(here.text, spans[last - 1][2], spans[last], pattern):
                last += 1
            group = tuple(span[0] for span in spans[first:last])
            yield CitationGroup(group, here, spans[first][1], spans[last - 1][2])
            first = last


def _span(citation: Citation, positions: Positions) -> tuple[int, int]:
    start = positions.offset(citation.at)
    ticks = citation.start - len(citation.role) - 2
    return start, start + citation.start + len(citation.text) + ticks


def _glued(
    text: str, end: int, following: tuple[Citation, int, int], glue: re.Pattern[str]
) -> bool:
    between = text[end : following[1]] if following[1] - end < REACH else "|"
    return bool(glue.fullmatch(between)) and between.count("\n") < 2 and following[1] >= end
