"""A data frame and a layout become the strings of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.coefficients import ESTIMATE, PROBABILITY, find
from sphinx_mmbook.core.results.tables.column_formats import column_forms
from sphinx_mmbook.core.results.tables.column_texts import (
    column_texts,
    is_numeric,
    may_be_number,
    plain,
)
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.formatted_table import FormattedTable, TableCell, padded
from sphinx_mmbook.core.results.tables.header_groups import group_rows, heads
from sphinx_mmbook.core.results.tables.layout import ALIGNMENTS
from sphinx_mmbook.core.results.values.cell_values import item
from sphinx_mmbook.core.results.values.fault import too_large, unfit, wrong_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

    from sphinx_mmbook.core.results.tables.columns import ColumnHeading
    from sphinx_mmbook.core.results.tables.layout import Layout

#: More than this nobody reads on a page; it is a data set, not a table.
MOST_ROWS, MOST_COLUMNS = 1_000, 100


def format_table(frame: DataFrame, layout: Layout) -> FormattedTable:
    """Return the columns that ``layout`` chooses, as text.

    :raises ResultFault: if the table is too large to show, a chosen column is not there, or a cell
        holds something that is no number, text, truth value or time.
    """
    columns = Columns(frame, layout.columns)
    positions = columns.chosen(layout)
    headings = columns.headings(positions, layout)
    group = None if layout.group_by is None else columns.position(layout.group_by)
    kept = [number for number, position in enumerate(positions) if position != group]
    positions = [positions[number] for number in kept]
    headings = [headings[number] for number in kept]
    _check(len(frame), len(positions), layout)
    _check_numbers(frame, columns, layout)
    forms = column_forms(columns, layout)

    def texts(position: int) -> list[str]:
        return column_texts(
            columns.names[position], frame.iloc[:, position], forms[position], layout.missing
        )

    shown = [texts(position) for position in positions]
    best = {columns.position(name): smallest for name, smallest in layout.best}
    bold = [
        _best(columns, frame, position, column, best)
        for position, column in zip(positions, shown, strict=True)
    ]
    notes = _add_stars(frame, columns, positions, shown, layout)
    sides = _sides(frame, positions, layout, starred=bool(notes))
    if layout.transpose:
        cells = [_cells(*column, "left") for column in zip(shown, bold, strict=True)]
        return _transposed(headings, cells, sides, layout, notes)
    cells = [_cells(*column) for column in zip(shown, bold, sides, strict=True)]
    body = list(zip(*cells, strict=True))
    if group is not None:
        body = group_rows(body, texts(group))
    align = tuple("right" if side == "decimal" else side for side in sides)
    return FormattedTable(heads(headings, columns, positions, layout), tuple(body), align, notes)


def _cells(texts: list[str], bold: set[int], side: str) -> list[TableCell]:
    """Return the cells of one column."""
    pads = padded(texts) if side == "decimal" else [""] * len(texts)
    return [
        TableCell(text, bold=row in bold, pad=pad)
        for row, (text, pad) in enumerate(zip(texts, pads, strict=True))
    ]


def _check(rows: int, columns: int, layout: Layout) -> None:
    if columns == 0:
        raise unfit("has no columns; store the result again")
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise too_large(
            f"would be a table of {rows:,} rows and {columns:,} columns; a page shows at most "
            f"{MOST_ROWS:,} and {MOST_COLUMNS:,}: store a summary, or choose with "
            "':rows: 1-20', ':where:' or ':columns:'"
        )
    if layout.transpose and (layout.group_by is not None or layout.header_groups):
        raise wrong_option("has ':transpose:' together with groups; leave one of them out")
    wide = rows + 1 if layout.transpose else columns
    if layout.transpose and rows >= MOST_COLUMNS:
        raise too_large(f"would be a table of {rows:,} columns; choose rows with ':rows: 1-20'")
    if layout.align and len(layout.align) != wide:
        raise wrong_option(
            f"shows {wide} columns, but ':align: {layout.align}' has {len(layout.align)} letters"
        )


def _check_numbers(frame: DataFrame, columns: Columns, layout: Layout) -> None:
    """Refuse a format of numbers for a column that has none."""
    for name in (*(name for name, _ in layout.formats), *(layout.thousands or ())):
        values = [item(value) for value in frame.iloc[:, columns.position(name)].tolist()]
        there = [value for value in values if value is not None]
        if there and not any(map(may_be_number, there)):
            raise wrong_option(
                f"has a format of numbers for '{plain(name)}', a column that holds none"
            )


def _sides(
    frame: DataFrame, positions: Sequence[int], layout: Layout, *, starred: bool
) -> tuple[str, ...]:
    """Return the alignment of each column; "decimal" is at the decimal point."""
    if layout.align:
        return tuple(ALIGNMENTS[letter] for letter in layout.align)
    numeric = "decimal" if starred else "right"
    return tuple(
        numeric if is_numeric(frame.iloc[:, position]) else "left" for position in positions
    )


def _transposed(
    headings: Sequence[ColumnHeading],
    cells: Sequence[Sequence[TableCell]],
    sides: Sequence[str],
    layout: Layout,
    notes: tuple[str, ...],
) -> FormattedTable:
    """Return the table on its side: the first column becomes the head, the others rows."""
    titles = [TableCell(item.text, item.authored, unit=item.unit) for item in headings]
    body = tuple((title, *row) for title, row in zip(titles[1:], cells[1:], strict=True))
    side = "left" if "left" in sides[1:] else "right"
    align = tuple(sides) if layout.align else ("left", *[side] * len(cells[0]))
    align = tuple("right" if side == "decimal" else side for side in align)
    return FormattedTable(((titles[0], *cells[0]),), body, align, notes)


def _best(
    columns: Columns,
    frame: DataFrame,
    position: int,
    texts: Sequence[str],
    wished: Mapping[int, bool],
) -> set[int]:
    """Return the rows whose cell is the best of its column, as far as a reader can see."""
    if position not in wished:
        return set()
    series = frame.iloc[:, position]
    if not is_numeric(series):
        raise wrong_option(
            f"has ':best: {columns.names[position]}', a column that holds no numbers"
        )
    values = {
        row: value for row, value in enumerate(map(item, series.tolist())) if value is not None
    }
    best = (min if wished[position] else max)(values, key=values.__getitem__)
    return {row for row, text in enumerate(texts) if text == texts[best]}


def stars_of(value: float, levels: Sequence[float]) -> str:
    """Return the stars of a probability: one for each level that it is below."""
    return "*" * sum(value < level for level in levels)


def stars_note(levels: Sequence[float]) -> str:
    """Return the note that explains stars."""
    marks = [f"{'*' * (number + 1)} p < {level:g}" for number, level in enumerate(levels)]
    return ", ".join(marks)


def _add_stars(
    frame: DataFrame,
    columns: Columns,
    positions: Sequence[int],
    shown: list[list[str]],
    layout: Layout,
) -> tuple[str, ...]:
    """Add stars to the estimates; return the note on them."""
    if not layout.stars:
        return ()
    estimate, chance = find(columns.names, ESTIMATE), find(columns.names, PROBABILITY)
    if estimate is None or chance is None or estimate not in positions:
        raise wrong_option("has ':stars:', but no columns of estimates and probabilities")
    column = shown[positions.index(estimate)]
    for row, value in enumerate(frame.iloc[:, chance].tolist()):
        known = isinstance(value, (int, float))
        column[row] += stars_of(value, layout.stars) if known else ""
    return (stars_note(layout.stars),)
