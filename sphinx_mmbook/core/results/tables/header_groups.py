"""Headings over several columns, and headings over groups of rows."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.tables.formatted_table import TableCell
from sphinx_mmbook.core.results.values.fault import wrong_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_mmbook.core.results.tables.columns import ColumnHeading, Columns
    from sphinx_mmbook.core.results.tables.layout import Layout

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
