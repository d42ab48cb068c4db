"""A data frame and a layout become the strings of a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.column_texts import (
    ESTIMATE,
    PROBABILITY,
    column_forms,
    find,
    is_numeric,
    may_be_number,
    shown_texts,
)
from sphinx_mmbook.core.results.tables.columns import ColumnHeading, Columns
from sphinx_mmbook.core.results.tables.layout import ALIGNMENTS, Layout
from sphinx_mmbook.core.results.values.cell_values import item, one_line
from sphinx_mmbook.core.results.values.fault import too_large, unfit, wrong_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

    from sphinx_mmbook.core.results.tables.number_format import NumberSigns

#: More than this nobody reads on a page; it is a data set, not a table.
MOST_ROWS, MOST_COLUMNS = 1_000, 100


@dataclass(frozen=True)
class TableCell:
    """A cell of ``width`` columns. If ``authored`` the text is the author's Markdown, else plain.

    ``unit`` follows the text in parentheses and is Markdown. ``pad`` is what the text lacks on the
    right to stand under the others: spaces of its length align it at the decimal point. A
    ``heading`` stands over the rows below it.
    """

    text: str
    authored: bool = False
    bold: bool = False
    width: int = 1
    unit: str = ""
    pad: str = ""
    heading: bool = False


@dataclass(frozen=True)
class FormattedTable:
    """Rows of the head and of the body; ``align`` has a side for each column.

    Sides are "left", "center" and "right". A row of the body may be the heading of the rows
    below. ``notes`` stand under the table; they explain marks in it.
    """

    head: tuple[tuple[TableCell, ...], ...]
    body: tuple[tuple[TableCell, ...], ...]
    align: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' headings as text."""
        return tuple(cell.text for cell in self.head[-1])

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The body as text."""
        return tuple(tuple(cell.text for cell in row) for row in self.body)


def format_table(frame: DataFrame, layout: Layout) -> FormattedTable:
    """Return the columns that ``layout`` chooses, as text.

    :raises ResultFault: if the table is too large to show, a chosen column is not there, or a cell
        holds something other than a number, text, truth value or time.
    """
    columns = Columns(frame, layout.columns)
    positions = columns.chosen(layout)
    headings = columns.headings(positions, layout)
    group = None if layout.group_by is None else columns.position(layout.group_by)
    kept = [number for number, position in enumerate(positions) if position != group]
    positions = [positions[number] for number in kept]
    headings = [headings[number] for number in kept]
    check_shape(len(frame), len(positions), layout)
    _check_numbers(frame, columns, layout)
    forms = column_forms(columns, layout)

    texts = partial(shown_texts, frame, columns, forms, layout.missing)
    shown = [texts(position) for position in positions]
    best = {columns.position(name): smallest for name, smallest in layout.best}
    bold = [
        _best(columns, frame, position, column, best)
        for position, column in zip(positions, shown, strict=True)
    ]
    notes = _add_stars(frame, columns, positions, shown, layout)
    sides = _sides(frame, positions, layout, starred=bool(notes))
    if layout.transpose:
        cells = [_cells("", *column, "left") for column in zip(shown, bold, strict=True)]
        return _transposed(headings, cells, sides, layout, notes)
    cells = [
        _cells(layout.signs.decimal, *column) for column in zip(shown, bold, sides, strict=True)
    ]
    body = list(zip(*cells, strict=True))
    if group is not None:
        body = group_rows(body, texts(group))
    align = tuple("right" if side == "decimal" else side for side in sides)
    return FormattedTable(heads(headings, columns, positions, layout), tuple(body), align, notes)


def _cells(decimal: str, texts: list[str], bold: set[int], side: str) -> list[TableCell]:
    """Return the cells of one column."""
    pads = padded(texts, decimal) if side == "decimal" else [""] * len(texts)
    return [
        TableCell(text, bold=row in bold, pad=pad)
        for row, (text, pad) in enumerate(zip(texts, pads, strict=True))
    ]


def check_shape(rows: int, columns: int, layout: Layout) -> None:
    """Check how large a table would be.

    :raises ResultFault: if a page shows none of that size, or options are for another.
    """
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
                f"has a format of numbers for '{one_line(name)}', a column that holds none"
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


def stars_note(levels: Sequence[float], signs: NumberSigns) -> str:
    """Return the note that explains stars."""
    texts = [signs.write(f"{level:g}") for level in levels]
    marks = [f"{'*' * (number + 1)} p < {text}" for number, text in enumerate(texts)]
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
    return (stars_note(layout.stars, layout.signs),)


def padded(texts: list[str], decimal: str = ".") -> list[str]:
    """Return what each of a column's texts lacks after its last whole digit, beside the longest."""
    tails = [_tail(text, decimal) for text in texts]
    longest = max(tails, key=len, default="")
    return [longest[len(tail) :] if text else "" for text, tail in zip(texts, tails, strict=True)]


def _tail(text: str, decimal: str) -> str:
    """Return the part of a number from the decimal point on, stars and per cent signs with it."""
    point = text.find(decimal)
    if point >= 0:
        return text[point:]
    return text[len(text.rstrip("*%\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")) :]


Row = tuple[TableCell, ...]


def group_rows(rows: Sequence[Row], groups: Sequence[str]) -> list[Row]:
    """Return the rows of each group below its name, groups and rows in their order."""
    found: dict[str, list[Row]] = {}
    for row, group in zip(rows, groups, strict=True):
        found.setdefault(group, []).append(row)
    return [
        row
        for group, members in found.items()
        for row in [(TableCell(group, width=len(members[0]), heading=True),), *members]
    ]


def heads(
    headings: Sequence[ColumnHeading], columns: Columns, positions: Sequence[int], layout: Layout
) -> tuple[Row, ...]:
    """Return the rows of the head: those of groups, then the columns' own headings."""
    own = tuple(TableCell(item.text, item.authored, unit=item.unit) for item in headings)
    if layout.header_groups:
        return _spanned(_labels(columns, positions, layout), authored=True), own
    depth = max((len(item.levels) for item in headings), default=0)
    above = [_spanned([_label(item.levels, level) for item in headings]) for level in range(depth)]
    return (*above, own)


def _label(levels: tuple[str, ...], level: int) -> tuple[str, object]:
    """Return a heading, and what must be equal too: a group ends where the one above it does."""
    return (levels[level], levels[: level + 1]) if len(levels) > level else ("", ())


def _spanned(labels: Sequence[tuple[str, object]], *, authored: bool = False) -> Row:
    """Return a row in which equal labels beside each other share a cell; empty ones do not."""
    cells: list[TableCell] = []
    for (text, _), same in groupby(labels):
        width = len(list(same))
        if text:
            cells.append(TableCell(text, authored, width=width))
        else:
            cells += [TableCell("")] * width
    return tuple(cells)


def _labels(columns: Columns, positions: Sequence[int], layout: Layout) -> list[tuple[str, object]]:
    """Return for each column the group that ``header_groups`` gives it."""
    labels: list[tuple[str, object]] = [("", None)] * len(positions)
    for number, (title, members) in enumerate(layout.header_groups):
        for position in _members(members, columns, positions):
            labels[position] = (title, number)
        found = [position for position, label in enumerate(labels) if label == (title, number)]
        if found and found[-1] - found[0] + 1 != len(found):
            raise wrong_option(
                f"has a header group '{title}' of columns that are not side by side; order them "
                "with ':columns:'"
            )
    return labels


def _members(text: str, columns: Columns, positions: Sequence[int]) -> list[int]:
    """Return the shown columns that a group names: ``"top1; top5"`` or ``"top1..time"``."""
    found: list[int] = []
    for part in text.split(";"):
        first, dots, last = (side.strip() for side in part.partition(".."))
        ends = [
            _position_shown(name, columns, positions)
            for name in ((first, last) if dots else (first,))
        ]
        found += range(ends[0], ends[-1] + 1)
    return found


def _position_shown(name: str, columns: Columns, positions: Sequence[int]) -> int:
    position = columns.position(name)
    if position not in positions:
        raise wrong_option(f"has a header group over '{name}', which ':columns:' leaves out")
    return positions.index(position)
