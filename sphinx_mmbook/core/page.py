"""A page as the checker sees it: its MyST elements, each with its exact place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.source import Source


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its place: an option of a directive or a label."""

    name: str
    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that the parser saw.

    ``kind`` is one of

    * ``heading``: ``text`` and ``level``; ``options`` may have ``id``
    * ``target``: ``(name)=``
    * ``directive``: ``name``, its argument in ``text``, ``options``; ``body`` if that is no MyST
    * ``code-cell``: source in ``body``, ``options`` of the directive
    * ``role``: ``name`` and ``text``; ``link``: target in ``name``
    * ``image``: file in ``name``, alternative text in ``text``
    * ``math``: source in ``body``, label in ``options``
    * ``text``, ``code`` (inline or fenced), ``html``, ``comment``, ``break``: ``text``
    * ``anchor``: an id on a span, image or block, in ``options``

    ``inside`` names the directives around it, outermost first.
    """

    kind: str
    at: Location
    name: str = ""
    text: str = ""
    body: str = ""
    level: int = 0
    options: tuple[Value, ...] = ()
    inside: tuple[str, ...] = ()

    def option(self, *names: str) -> Value | None:
        """Return the first of the named options that is there."""
        for name in names:
            for option in self.options:
                if option.name == name:
                    return option
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it came from and what is on it."""

    docname: str
    source: Source
    elements: tuple[Element, ...] = field(default=())

    @property
    def path(self) -> str:
        """The page's path relative to the book."""
        return self.source.path

    def of(self, *kinds: str) -> Iterator[Element]:
        """Iterate over the elements of some kinds."""
        return (element for element in self.elements if element.kind in kinds)
