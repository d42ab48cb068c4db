"""Citations in footnotes, which sphinxcontrib-bibtex sets itself: in our style, and noted by us.

pybtex's own styles stop at an entry without a booktitle; ours leaves no gap for what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle

from sphinx_mmbook.core.bib.cite import author_years
from sphinx_mmbook.core.bib.entry import BibEntry
from sphinx_mmbook.core.bib.reference_style import reference
from sphinx_mmbook.ext.adapters.bibtex import FootnoteDomain, FootnoteRole
from sphinx_mmbook.ext.citations.citation_domain import keys_of
from sphinx_mmbook.ext.domain import CitationUse, book_domain
from sphinx_mmbook.ext.guard import GuardedRole
from sphinx_mmbook.ext.positions import location_of_role

if TYPE_CHECKING:
    from docutils import nodes
    from pybtex.database import Entry

    from sphinx_mmbook.core.bib.latex_text import Span

NAME = "mmbook"
_TAGS = {"emph": "em", "strong": "strong", "code": "tt", "sup": "sup", "sub": "sub"}


class BookStyle(BaseStyle):  # type: ignore[misc]
    """The lists' style as a style of pybtex, in the language of the book."""

    language = "en"

    default_name_style = "plain"
    default_label_style = "number"
    default_sorting_style = "none"

    def format_entry(
        self, label: str, entry: Entry, bib_data: object | None = None
    ) -> FormattedEntry:
        """Return an entry as lists of works show it."""
        people = {role: " and ".join(map(str, some)) for role, some in entry.persons.items()}
        work = BibEntry(entry.key, entry.type, dict(entry.fields) | people)
        spans = reference(work, author_years([work], self.language)[entry.key], self.language)
        return FormattedEntry(entry.key, Text(*map(_rich, spans)), label)


def _rich(span: Span) -> Text:
    if span.style == "link":
        return HRef(span.url, span.text)
    tag = _TAGS.get(span.style)
    return Tag(tag, span.text) if tag else Text(span.text)


def register_style(language: str) -> str:
    """Make the style known to pybtex, which makes it without arguments; return its name."""
    name = f"{NAME}-{language}"
    style = type("BookStyle", (BookStyle,), {"language": language})
    register_plugin("pybtex.style.formatting", name, style)
    return name


class FootnoteCitation(FootnoteRole):  # type: ignore[misc]
    """``{footcite}``: the work is in the book's bibliography, too."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Note the citation, and return the references to footnotes."""
        at = location_of_role(self)
        use = CitationUse(self.text, keys_of(self.text), at, in_footnote=True)
        book_domain(self.env).note_citation(self.env.current_document.docname, use)
        made: tuple[list[nodes.Node], list[nodes.system_message]] = super().run()
        return made


class FootnotesDomain(FootnoteDomain):  # type: ignore[misc]
    """The roles ``footcite:p`` and its relatives."""

    roles: ClassVar = {name: GuardedRole(FootnoteCitation()) for name in FootnoteDomain.roles}
