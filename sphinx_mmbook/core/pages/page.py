"""A page as the checker sees it: its elements and its text, by kind, by line and as prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.pages.positions import Positions
from sphinx_mmbook.core.pages.prose import Prose, prose_of
from sphinx_mmbook.core.pages.source import Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.source import Source

#: A dollar sign that does not begin an amount of money.
_STRAY = re.compile(r"\$(?! ?\d)")
#: Two words of a sentence, which a formula has not without a command around them; or one between
#: two amounts: "5$ and 6$".
_TWO_WORDS = re.compile(r"[^\W\d_]{2}\s+\(?[^\W\d_]{2}|^\s+[^\W\d_]{2,}\s+\d[\d.,]*\s*$")
_TEX_SIGN = re.compile(r"[\\^_={}]")


@dataclass(frozen=True, repr=False)  # Sphinx writes out what goes with an event, seen or not
class Page:
    """A page: where it came from and what is on it."""

    docname: str
    source: Source
    elements: tuple[Element, ...] = field(default=())
    #: What it includes, by path: the text of the file, whose other lines are empty.
    parts: Mapping[str, str] = field(default_factory=dict)
    #: Why some of it could not be read.
    faults: tuple[Finding, ...] = ()

    @property
    def path(self) -> str:
        """The page's path relative to the book."""
        return self.source.path

    @cached_property
    def _kinds(self) -> dict[str, list[int]]:
        kinds: dict[str, list[int]] = {}
        for number, element in enumerate(self.elements):
            kinds.setdefault(element.kind, []).append(number)
        return kinds

    @cached_property
    def prose(self) -> Prose:
        """The running text of the page."""
        return prose_of(self.elements, self.line)

    @cached_property
    def positions(self) -> dict[tuple[str, int], Positions]:
        """The positions in the text of each block, by file and cell."""
        blocks = [(self.path, block) for block in self.source.blocks]
        blocks += [(path, Block(text)) for path, text in self.parts.items()]
        return {(path, block.cell): Positions(path, block) for path, block in blocks}

    def positions_at(self, at: Location) -> Positions:
        """Return the positions in the block of a location."""
        return self.positions[at.path, at.cell]

    @cached_property
    def _lines(self) -> dict[tuple[str, int], tuple[int, list[str]]]:
        own: dict[tuple[str, int], tuple[int, list[str]]] = {
            key: (one.block.first_line, one.text.split("\n")) for key, one in self.positions.items()
        }
        if not self.path.endswith(".ipynb"):
            own[self.path, 0] = 1, self.source.text.split("\n")  # with the front matter
        return own

    @cached_property
    def broken(self) -> set[int]:
        """The blocks with a "$" too many, of which other rules speak.

        They are dollar-unbalanced, and dollar-currency where dollar signs stand after amounts.
        """
        prices = {item.block for item in self.of("math") if self.is_after_number(item)}
        return prices | self.unbalanced

    @cached_property
    def unbalanced(self) -> set[int]:
        """The blocks with a "$" in the text that does not begin an amount of money."""
        texts = self.of("text") if "$" in self.prose.text else ()
        return {item.block for item in texts if _STRAY.search(item.text)}

    def is_after_number(self, element: Element) -> bool:
        """Whether a formula is the text between the dollar signs of two amounts: "5 $ or 8 $"."""
        body = element.body
        if element.level or body[:1] not in " \n,.;:)" or _TEX_SIGN.search(body):
            return False
        before = self.line(element.at)[: element.at.column - 2]
        return bool(_TWO_WORDS.search(body)) and before.rstrip()[-1:].isdigit()

    def of(self, *kinds: str) -> Iterator[Element]:
        """Iterate over the elements of some kinds, in the order of the page."""
        return map(self.elements.__getitem__, self._numbers(kinds))

    def numbered(self, *kinds: str) -> Iterator[tuple[int, Element]]:
        """Iterate over the elements of some kinds with their positions in ``elements``."""
        return ((number, self.elements[number]) for number in self._numbers(kinds))

    def _numbers(self, kinds: tuple[str, ...]) -> list[int]:
        some = [self._kinds[kind] for kind in kinds if kind in self._kinds]
        return some[0] if len(some) == 1 else sorted(chain(*some))

    def line(self, at: Location) -> str:
        """Return the line of the page at a place, as it is written."""
        first, lines = self._lines.get((at.path, at.cell), (1, []))
        index = at.line - first
        return lines[index] if 0 <= index < len(lines) else ""

    def has_text(self, at: Location, text: str) -> bool:
        """Whether ``text`` stands at that location, so that an edit can replace it."""
        return bool(text) and self.line(at).startswith(text, max(at.column - 1, 0))

    def edits(self, at: Location, old: str, new: str) -> tuple[Edit, ...]:
        """Return the edit that writes a text for another, if that is at a location."""
        return (Edit(at, old, new),) if self.has_text(at, old) else ()
