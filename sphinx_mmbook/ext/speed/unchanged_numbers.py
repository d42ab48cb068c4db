"""A build that reads no page leaves the numbers of the last one as they are: 0.02 s at 100 pages.

Sphinx numbers all sections and figures at the end of every build, whatever changed. We make ours of
its numbers, and look at what each page shows of others. All of it depends on what stands on pages
alone, and on settings with which all pages are read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.ext.adapters.sphinx import number_only_if
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: After the counting of figures has found its place.
LAST = 900


def spare_numbers(app: Sphinx) -> None:
    """Have the book numbered only if a page was read or is gone."""
    if app.config.mmbook_speedups:
        number_only_if(app, lambda: book_domain(app.env).is_changed)


def setup_unchanged_numbers(app: Sphinx) -> None:
    """Register it."""
    app.connect("builder-inited", spare_numbers, priority=LAST)
