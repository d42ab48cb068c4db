"""Our style of listing works for what sphinxcontrib-bibtex formats itself: ``{footcite}``.

pybtex's own styles stop at an entry without a booktitle; ours leaves no gap for what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle

from sphinx_mmbook.core.bib.cite import author_years
from sphinx_mmbook.core.bib.entry import BibEntry
from sphinx_mmbook.core.bib.reference_style import reference

if TYPE_CHECKING:
    from pybtex.database import Entry

    from sphinx_mmbook.core.bib.latex_text import Span

NAME = "mmbook"
_TAGS = {"emph": "em", "strong": "strong", "code": "tt", "sup": "sup", "sub": "sub"}


class BookStyle(BaseStyle):  # type: ignore[misc]
    """The lists' style as a style of pybtex, in English."""

    default_name_style = "plain"
    default_label_style = "number"
    default_sorting_style = "none"

    def format_entry(
        self, label: str, entry: Entry, bib_data: object | None = None
    ) -> FormattedEntry:
        """Return an entry as lists of works show it."""
        people = {role: " and ".join(map(str, some)) for role, some in entry.persons.items()}
        work = BibEntry(entry.key, entry.type, dict(entry.fields) | people)
        spans = reference(work, author_years([work], "en")[entry.key], "en")
        return FormattedEntry(entry.key, Text(*map(_rich, spans)), label)


def _rich(span: Span) -> Text:
    if span.style == "link":
        return HRef(span.url, span.text)
    tag = _TAGS.get(span.style)
    return Tag(tag, span.text) if tag else Text(span.text)


def register_style() -> None:
    """Make the style known to pybtex."""
    register_plugin("pybtex.style.formatting", NAME, BookStyle)
