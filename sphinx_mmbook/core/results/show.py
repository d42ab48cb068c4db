"""From a directive's options to a table ready to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.fault import ResultFault
from sphinx_mmbook.core.results.layout import parse_layout
from sphinx_mmbook.core.results.select import parse_selection, select
from sphinx_mmbook.core.results.table import format_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_mmbook.core.results.cache import ResultCache
    from sphinx_mmbook.core.results.formatted import FormattedTable
    from sphinx_mmbook.core.results.read import Request


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
