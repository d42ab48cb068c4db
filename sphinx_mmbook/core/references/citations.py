"""What a page cites, and where exactly: the roles of ``{cite:p}`` and its relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core.bib.cite import key_spans
from sphinx_mmbook.core.finding import Location

if TYPE_CHECKING:
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions

#: The domains of sphinxcontrib-bibtex: in the text, and in footnotes.
DOMAINS = ("cite", "footcite")


class Citation(NamedTuple):
    """One citation. ``role`` is its name (``cite:p``), ``text`` what stands between the backticks.

    ``text`` has the line ends of the source; ``at`` is the role's brace, ``start`` how many columns
    to its right the text begins. ``spans`` are begin and end of each key in the text, none if it is
    no list of keys.
    """

    role: str
    text: str
    at: Location
    start: int
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def style(self) -> str:
        """What the role shows: ``p``, ``t``, …; a bare ``{cite}`` is ``p``."""
        return self.role.partition(":")[2] or "p"

    @property
    def keys(self) -> list[str]:
        """The keys in their order; none if the text is not a list of keys."""
        return [self.text[start:end] for start, end in self.spans]

    def locations_of(self, key: str) -> list[Location]:
        """Return where a key stands."""
        return [self.location(start) for start, end in self.spans if self.text[start:end] == key]

    def location(self, offset: int) -> Location:
        """Return the location of a position in the text."""
        lines = self.text.count("\n", 0, offset)
        if not lines:
            return self.at.right(self.start + offset)
        column = offset - self.text.rfind("\n", 0, offset)
        return Location(self.at.path, self.at.line + lines, column, self.at.cell)


class WorksList(NamedTuple):
    """A ``{bibliography}`` directive; ``given`` are its options, argument and first line."""

    at: Location
    given: tuple[str, ...] = ()


def citations_of(page: Page) -> tuple[Citation, ...]:
    """Return all citations of a page, in its order."""
    roles = (item for item in page.of("role") if item.name.partition(":")[0] in DOMAINS)
    return tuple(_citation(item, page.positions_at(item.at)) for item in roles)


def _citation(element: Element, positions: Positions) -> Citation:
    role, text = element.name, element.text
    begin = positions.offset(element.at) + len(role) + 2
    rest = positions.text[begin : begin + 20]
    ticks = len(rest) - len(rest.lstrip("`"))
    raw = positions.text[begin + ticks : begin + ticks + len(text)]
    # The parser makes spaces of line ends.
    text = raw if raw.replace("\n", " ") == text else text
    return Citation(role, text, element.at, len(role) + 2 + ticks, key_spans(text))


def is_of_page(filtered: str) -> bool:
    """Whether a filter of ``{bibliography}`` wants the works of its page, as Jupyter Books do."""
    return filtered.split() == ["docname", "in", "docnames"]


def lists_of(page: Page) -> tuple[WorksList, ...]:
    """Return the ``{bibliography}`` directives of a page, but for those of its own works."""
    return tuple(
        WorksList(
            element.at,
            (
                *(f":{option.name}:" for option in element.options),
                *filter(None, (element.text, element.body.strip().partition("\n")[0])),
            ),
        )
        for element in page.of("directive")
        if element.name == "bibliography"
        and not any(is_of_page(o.text) for o in element.options if o.name == "filter")
    )
