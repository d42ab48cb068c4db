"""The lists of works: the book's, where ``{bibliography}`` stands, and one at each page's end.

Pages hold a placeholder, because what is listed is only known when all pages are read. On one long
page of HTML, whose anchors must be unique, the book's list is the only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.references.citations import is_of_page
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.adapters.bibtex import BIBLIOGRAPHY_OPTIONS
from sphinx_mmbook.ext.citations.citation_domain import (
    CitationDomain,
    anchor,
    citation_domain,
    list_placeholder,
)
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.positions import location_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.bib.latex_text import Span

#: Builders that make one document of all pages.
ONE_DOCUMENT = ("latex", "texinfo", "man", "singlehtml")
LIST_CLASS = "mmbook-references"
_STYLES = {
    "emph": nodes.emphasis,
    "strong": nodes.strong,
    "code": nodes.literal,
    "sup": nodes.superscript,
    "sub": nodes.subscript,
}

#: A hanging indent, as on the website. Sphinx opens this environment for the class of the list.
LATEX = r"""
\newenvironment{sphinxclassmmbook-references}{%
  \par\setlength{\parindent}{0pt}\setlength{\parskip}{0.5\baselineskip}%
  \everypar{\hangindent=1.5em\hangafter=1\relax}\sloppy}{\par}
"""


class BookBibliography(SphinxDirective):
    """Lists all works that the book cites, with ``:filter: docname in docnames`` the page's."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    described: ClassVar = {
        name: (read, "no meaning here; books that have it still build")
        for name, read in BIBLIOGRAPHY_OPTIONS.items()
    }
    option_spec = BIBLIOGRAPHY_OPTIONS

    def run(self) -> list[nodes.Node]:
        """Return the location of the list."""
        domain, docname = book_domain(self.env), self.env.current_document.docname
        if is_of_page(self.options.get("filter", "")):
            return [list_placeholder(docname, "here")]
        at = location_of(self.env, *self.get_source_info())
        domain.note_bibliography(docname, at)
        is_first = len(domain.data["bibliographies"][docname]) == 1
        return [list_placeholder(docname, "book")] if is_first else []


class FillLists(SphinxPostTransform):
    """Fills the placeholders, before references are resolved to what they list."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Replace each placeholder by its list, or by nothing."""
        domain = citation_domain(self.env)
        found = [node for node in self.document.findall(nodes.container) if "mmbook_scope" in node]
        page = domain.bibliography_page()
        books = [node for node in found if node["mmbook_scope"] == "book"]
        has_all = any(node["mmbook_page"] == page for node in books)
        # LaTeX's anchors have the page's name in them: each chapter can have its own list.
        shared = has_all and domain.one_document and not domain.in_latex
        domain.list_page = page if shared else ""
        for node in found:
            of_book, of_page = node["mmbook_scope"] == "book", node["mmbook_page"]
            # Where a second page asks for all works, it has those that it cites.
            is_all = of_book and of_page == page
            keys = domain.works("" if is_all else of_page) if is_all or not domain.list_page else []
            heading = node["mmbook_scope"] == "page"
            node.replace_self(self.filled(domain, keys, heading) if keys else [])

    def filled(self, domain: CitationDomain, keys: list[str], heading: bool) -> list[nodes.Node]:
        """Return a list with its heading, which no table of contents shows."""
        title = nodes.rubric("", word("references", self.config.language))
        # Sphinx writes a real heading for this, so that screen readers find the list.
        title["heading-level"] = 2
        works = self.works(domain, keys)
        return [title, works] if heading else [works]

    def works(self, domain: CitationDomain, keys: list[str]) -> nodes.Element:
        """Return the works: a list in HTML and text, paragraphs with anchors in LaTeX."""
        if domain.in_latex:
            block = nodes.container(classes=[LIST_CLASS])
            for key in keys:
                target = nodes.target(ids=[anchor(key)])
                block += nodes.paragraph("", "", target, *span_nodes(domain.listed(key)))
            return block
        works = nodes.bullet_list(classes=[LIST_CLASS])
        for key in keys:
            text = nodes.paragraph("", "", *span_nodes(domain.listed(key)))
            works += nodes.list_item("", text, ids=[anchor(key)])
        return works


def span_nodes(spans: Iterable[Span]) -> list[nodes.Node]:
    """Return runs of text as nodes."""
    return [_span_node(span) for span in spans]


def _span_node(span: Span) -> nodes.Node:
    if span.style == "link":
        return nodes.reference("", span.text, refuri=span.url)
    make = _STYLES.get(span.style)
    return make("", span.text) if make else nodes.Text(span.text)
