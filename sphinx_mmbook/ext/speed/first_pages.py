"""The first pages are written before Sphinx forks: all processes know what was learnt there.

Sphinx 9.0 writes one page itself, then forks a process for some dozens of the others. What that
page did not need, each process makes anew. It is above all the side bar, which is the theme's own
on three pages: 0.3 s each at 300 chapters. Source:
https://www.sphinx-doc.org/en/master/extdev/builderapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from collections.abc import Set

#: So few pages are not worth it.
FEW = 3


class FirstPagesBuilder(StandaloneHTMLBuilder):
    """Sphinx's builder of a site, which writes several pages before it forks."""

    def write_documents(self, docnames: Set[str]) -> None:
        """Write all pages."""
        # Sphinx's own first page is a chapter; another one and the root page, which no list has.
        chapters = sorted(docnames - {self.config.root_doc})
        first = [*chapters[:1], *docnames & {self.config.root_doc}]
        if self.parallel_ok and self.config.mmbook_speedups and len(docnames) > FEW:
            for docname in first:
                super().write_documents({docname})
            docnames = docnames - {*first}
        super().write_documents(docnames)
