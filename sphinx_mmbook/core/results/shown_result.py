"""Which page shows which result, as the build remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sphinx_mmbook.core.finding import Location


@dataclass(frozen=True, order=True)
class ShownResult:
    """A file that a page shows. ``path`` is relative to the book, with forward slashes.

    ``label`` is the anchor of the table or figure on the page; empty if it has none.
    """

    path: str
    kind: Literal["table", "figure", "number"]
    at: Location
    label: str = ""
