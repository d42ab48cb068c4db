"""From a directive's options to a table ready to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.layout import parse_layout
from sphinx_mmbook.core.results.tables.row_selection import parse_selection, select
from sphinx_mmbook.core.results.tables.table_text import format_table
from sphinx_mmbook.core.results.values.fault import ResultFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_mmbook.core.results.cache import ResultCache
    from sphinx_mmbook.core.results.request import Request
    from sphinx_mmbook.core.results.tables.formatted_table import FormattedTable


def show_table(
    request: Request, options: Mapping[str, str], results: ResultCache
) -> FormattedTable:
    """Read the file that a page asks for and lay it out as ``options`` say.

    :raises BookError: whatever is wrong with the file or the options.
    """
    try:
        layout, selection = parse_layout(options), parse_selection(options)
        return format_table(select(results.table(request, selection), selection), layout)
    except ResultFault as fault:
        raise request.error(fault) from None
