"""What a bibliography holds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.names import PersonName, parse_persons
from sphinx_mmbook.core.finding import Location

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class BibEntry:
    """One entry. ``type`` and names of fields are lower case; values are LaTeX, spaces collapsed.

    ``path`` is relative to the book's source folder. ``line`` is where the entry begins, ``lines``
    and ``columns`` have the place of each field, by the name that it has in the file. ``broken``
    says that a part of the entry could not be read: there is a finding about it, and no other rule
    should speak about this entry. ``typed`` has what stands in the file where ``fields`` has only a
    part of it: a DOI given as an address.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    path: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    broken: bool = False
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def at(self) -> Location:
        """Where the entry begins."""
        return Location(self.path, self.line)

    def location_of(self, *names: str) -> Location:
        """Return where the first of the fields stands that is in the file; else the entry."""
        for name in (*names, *(f"{name}title" for name in names)):  # biblatex's "journaltitle"
            if name in self.lines:
                return Location(self.path, self.lines[name], self.columns.get(name, 0))
        return self.at

    def get(self, *names: str) -> str:
        """Return the first field of ``names`` that is not empty, or the empty string."""
        for name in names:
            if value := self.fields.get(name):
                return value
        return ""

    @cached_property
    def authors(self) -> tuple[PersonName, ...]:
        """The authors, in order."""
        return parse_persons(self.fields.get("author", ""))

    @cached_property
    def editors(self) -> tuple[PersonName, ...]:
        """The editors, in order."""
        return parse_persons(self.fields.get("editor", ""))
