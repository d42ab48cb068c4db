"""Stored results on the page: tables, models side by side, figures and single values."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.results.cache import ResultCache
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.ext.pages.check import PAGE_CHECKED, PAGES_CHECKED
from sphinx_mmbook.ext.results.stored_directive import request_on
from sphinx_mmbook.ext.results.stored_figure import setup_stored_figure
from sphinx_mmbook.ext.results.stored_table import setup_stored_table
from sphinx_mmbook.ext.results.stored_value import setup_stored_value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.application import Sphinx

    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.results.request import Request


def requests_of(app: Sphinx, page: Page) -> Iterator[Request]:
    """Yield what a page will ask for; what is at fault is left for the page to tell."""
    for element in page.of("directive", "role"):
        options = {option.name: option.text for option in element.options}
        target = element.text.partition("#")[0].strip()
        if element.name not in ("stored-table", "stored") or not target:
            continue
        with suppress(BookError, ValueError):
            yield request_on(app.env, page.path, target, element.at, options)


class ReadAhead:
    """Reads what several pages show before Sphinx forks; else each of its readers would read it."""

    def __init__(self, results: ResultCache) -> None:
        self.results = results
        self.asked: dict[tuple[Path, str, int], dict[str, Request]] = defaultdict(dict)

    def note(self, app: Sphinx, page: Page) -> None:
        """Note what a page will show."""
        for request in requests_of(app, page) if app.parallel > 1 else ():
            self.asked[request.path, request.element, request.header_rows][page.docname] = request

    def read(self, app: Sphinx) -> None:
        """Read the results that more than one page shows."""
        for requests in self.asked.values():
            if len(requests) > 1:
                with suppress(ResultFault):
                    self.results.table(next(iter(requests.values())))
        self.asked.clear()


def setup_stored(app: Sphinx) -> None:
    """Register directives and role, which share what this process has read."""
    results = ResultCache()
    for setup_one in (setup_stored_table, setup_stored_figure, setup_stored_value):
        setup_one(app, results)
    ahead = ReadAhead(results)
    app.connect(PAGE_CHECKED, ahead.note)
    app.connect(PAGES_CHECKED, ahead.read)
