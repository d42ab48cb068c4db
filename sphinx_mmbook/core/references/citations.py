"""What a page cites, and where exactly: the roles of ``{cite:p}`` and its relatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.cite import key_spans
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.elements import Value
from sphinx_mmbook.core.pages.markdown import is_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions

#: The domains of sphinxcontrib-bibtex: in the text, and in footnotes.
DOMAINS = ("cite", "footcite")

#: A role where no parser looks: in the title of a table or note, in the caption of a cell.
_ROLE = re.compile(r"\{([a-zA-Z_\-+:]{1,36})\}`([^`\n]+)`")


@dataclass(frozen=True, order=True)
class Citation:
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


@dataclass(frozen=True, order=True)
class WorksList:
    """A ``{bibliography}`` directive; ``given`` are its options, argument and first line."""

    at: Location
    given: tuple[str, ...] = ()


def citations_of(page: Page) -> tuple[Citation, ...]:
    """Return all citations of a page, in its order."""
    found: list[Citation] = []
    for element in page.of("role", "directive", "code-cell"):
        if element.kind == "role":
            if element.name.partition(":")[0] in DOMAINS:
                found.append(_citation(element, page.positions_at(element.at)))
            continue
        for role, text, at in roles_in_captions(element, page):
            if role.partition(":")[0] in DOMAINS:
                found.append(Citation(role, text, at, len(role) + 3, key_spans(text)))
    return tuple(found)


def _citation(element: Element, positions: Positions) -> Citation:
    role, text = element.name, element.text
    begin = positions.offset(element.at) + len(role) + 2
    rest = positions.text[begin : begin + 20]
    ticks = len(rest) - len(rest.lstrip("`"))
    raw = positions.text[begin + ticks : begin + ticks + len(text)]
    # The parser makes blanks of line ends.
    text = raw if raw.replace("\n", " ") == text else text
    return Citation(role, text, element.at, len(role) + 2 + ticks, key_spans(text))


def _captions(element: Element) -> Iterator[str]:
    """Yield the texts of a directive or cell that are shown and that the parser does not read."""
    name = element.name if element.kind != "code-cell" else "code-cell"
    for option in (Value("", element.text, element.at), *element.options):
        if option.name != "alt" and not is_shown(name, option.name):
            yield option.text
    if element.kind == "code-cell":
        for line in element.body.lstrip("\n").split("\n"):
            if not line.startswith("#|"):
                break
            yield line


def roles_in_captions(element: Element, page: Page) -> Iterator[tuple[str, str, Location]]:
    """Iterate over the roles in the title and options of a directive or cell: name, text, place."""
    captions = [text for text in _captions(element) if "`" in text]
    if not captions:
        return
    positions = page.positions_at(element.at)
    position = positions.offset(element.at)
    for caption in captions:
        for match in _ROLE.finditer(caption):
            position = positions.text.find(match[0], position)
            if position < 0:  # in quotes that change it, or not in the cell but beside it
                of_json = element.option("caption") if element.at.cell else None
                if of_json and of_json.text == caption:
                    yield match[1], match[2], element.at
                return
            yield match[1], match[2], positions.location(position)
            position += len(match[0])


def lists_of(page: Page) -> tuple[WorksList, ...]:
    """Return the ``{bibliography}`` directives of a page."""
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
    )
