"""Stored results on the page: tables, models side by side, figures and single values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.cache import ResultCache
from sphinx_mmbook.ext.stored_figure import setup_stored_figure
from sphinx_mmbook.ext.stored_table import setup_stored_table
from sphinx_mmbook.ext.stored_value import setup_stored_value

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_stored(app: Sphinx) -> None:
    """Register directives and role, which share what this process has read."""
    results = ResultCache()
    for setup_one in (setup_stored_table, setup_stored_figure, setup_stored_value):
        setup_one(app, results)
