"""How the numbers of each column are written: as wished, as usual for its kind, or as suits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.coefficients import USUAL_DIGITS, is_coefficient_table
from sphinx_mmbook.core.results.tables.column_texts import ColumnFormat
from sphinx_mmbook.core.results.tables.number_format import NumberFormat

if TYPE_CHECKING:
    from sphinx_mmbook.core.results.tables.columns import Columns
    from sphinx_mmbook.core.results.tables.layout import Layout


def column_forms(columns: Columns, layout: Layout) -> list[ColumnFormat]:
    """Return the format of each column of the file.

    :raises ResultFault: if the layout has a format for a column that is not there.
    """
    wished = {columns.position(name): form for name, form in layout.formats}
    if layout.thousands is None:
        thousands = set()
    else:
        thousands = {columns.position(name) for name in layout.thousands}
    everywhere = layout.thousands == ()
    usual = [_usual(name, columns, layout) for name in columns.names]
    return [
        ColumnFormat(
            wished.get(position, usual[position].broken),
            wished.get(position, usual[position].whole),
            everywhere or position in thousands,
        )
        for position in range(len(columns.names))
    ]


def _usual(name: str, columns: Columns, layout: Layout) -> ColumnFormat:
    """Return the format of a column for which the author has none in particular."""
    if layout.significant is not None:
        return ColumnFormat(NumberFormat("significant", layout.significant))
    if layout.digits is not None:
        return ColumnFormat(NumberFormat("fixed", layout.digits))
    if is_coefficient_table(columns.names) and name in USUAL_DIGITS:
        form = NumberFormat("fixed", USUAL_DIGITS[name])
        return ColumnFormat(form, form)
    return ColumnFormat()
