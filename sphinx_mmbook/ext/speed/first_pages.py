"""The first pages are written before Sphinx forks: all processes know what was learnt there.

Sphinx 9.0 writes one page itself, then forks a process for some dozens of the others. What that
page did not need, each process makes anew. It is above all the side bar, which is the theme's own
on the first pages: 0.3 s each at 300 chapters. Source:
https://www.sphinx-doc.org/en/master/extdev/builderapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_mmbook.ext.speed.sidebar import COMPARED

if TYPE_CHECKING:
    from collections.abc import Set


class FirstPagesBuilder(StandaloneHTMLBuilder):
    """Sphinx's builder of a site, which writes several pages before it forks."""

    def write_documents(self, docnames: Set[str]) -> None:
        """Write all pages."""
        first = sorted(docnames)[: COMPARED - 1]
        if self.parallel_ok and self.config.mmbook_speedups and len(docnames) > COMPARED:
            for docname in first:
                super().write_documents({docname})
            docnames = docnames - {*first}
        super().write_documents(docnames)
