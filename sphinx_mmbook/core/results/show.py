"""From a directive's options to a table ready to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.fault import ResultFault
from sphinx_mmbook.core.results.layout import parse_layout
from sphinx_mmbook.core.results.read import Request, read_table
from sphinx_mmbook.core.results.table import FormattedTable, format_table

if TYPE_CHECKING:
    from collections.abc import Mapping


def show_table(request: Request, options: Mapping[str, str]) -> FormattedTable:
    """Read the file that a page asks for and lay it out as ``options`` say.

    :raises BookError: whatever is wrong with the file or the options.
    """
    try:
        layout = parse_layout(options)
        return format_table(read_table(request), layout)
    except ResultFault as fault:
        raise request.error(fault) from None
