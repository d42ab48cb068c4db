"""Which rows of a table are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.conditions import Condition, parse_condition
from sphinx_mmbook.core.results.tables.layout import signed_names
from sphinx_mmbook.core.results.values.cell_values import is_missing, item, sort_key
from sphinx_mmbook.core.results.values.fault import wrong_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame, Series

RANGE = re.compile(r"\s*+([1-9]\d{0,8})\s*+(?:(-)\s*+([1-9]\d{0,8})?\s*+)?")
NO_END = 10**9


@dataclass(frozen=True)
class Selection:
    """A choice of rows: those for which ``where`` holds, sorted, and of these some by number.

    ``sort`` are columns, the most important first, and whether the largest comes first; ``rows``
    are first and last numbers, from 1.
    """

    where: Condition | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()

    @property
    def last(self) -> int | None:
        """The number of the last row that is shown, if the selection says it."""
        last = max((end for _, end in self.rows), default=NO_END)
        return None if last == NO_END else last

    @property
    def limits(self) -> bool:
        """Whether fewer than all rows may be shown."""
        return self.where is not None or bool(self.rows)


def parse_selection(options: Mapping[str, str]) -> Selection:
    """Return the selection that a directive's ``where``, ``sort`` and ``rows`` say.

    :raises ResultFault: by ``result-option`` if one of them cannot be understood.
    """
    where = options.get("where")
    return Selection(
        where=None if where is None else parse_condition(where),
        sort=signed_names(options.get("sort", "")),
        rows=_ranges(options["rows"]) if "rows" in options else (),
    )


def _ranges(value: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in value.split(","):
        match = RANGE.fullmatch(part)
        first = int(match[1]) if match else 1
        last = (int(match[3]) if match[3] else NO_END) if match and match[2] else first
        if match is None or last < first:
            raise wrong_option(
                f"has ':rows: {value}'; write numbers of rows, from 1: '1-20', '1-5, 8, 90-'"
            )
        found.append((first, last))
    return tuple(found)


def select(frame: DataFrame, selection: Selection) -> DataFrame:
    """Return the rows of ``frame`` that are chosen, in their order.

    :raises ResultFault: if a column is not there, values cannot be compared, or no row is left.
    """
    order: Sequence[int] = range(len(frame))
    columns = Columns(frame)
    if where := selection.where:
        cells = [frame.iloc[:, position] for position in columns.of_condition(where).values()]
        order = matching(where, cells) if cells or where.holds(()) else []
    by = [(frame.iloc[:, columns.position(name)], largest) for name, largest in selection.sort]
    order = sorted_rows(order, by)
    order = numbered(order, selection, len(frame))
    return frame if isinstance(order, range) else frame.iloc[list(order)].reset_index(drop=True)


def numbered(order: Sequence[int], selection: Selection, count: int) -> Sequence[int]:
    """Return those rows, of so many, whose numbers are chosen.

    :raises ResultFault: if none is.
    """
    if selection.rows:
        order = [row for first, last in selection.rows for row in order[first - 1 : last]]
    if not order and count:
        option = f":where: {selection.where.text}" if selection.where else ":rows:"
        raise wrong_option(f"has no row for '{option}' among its {count:,}")
    return order


def matching(where: Condition, columns: Sequence[Series[Any]]) -> list[int]:
    """Return the rows for which a condition holds, given the columns that it names."""
    rows = zip(*map(_plain, columns), strict=True)
    return [number for number, row in enumerate(rows) if where.holds(row)]


def _plain(column: Series[Any]) -> list[Any]:
    """Return the values of a column as Python's; None is missing."""
    values: list[Any] = column.tolist()
    is_plain = not column.hasnans and set(map(type, values)) <= {int, float, str, bool}
    return values if is_plain else [item(value) for value in values]


def sorted_rows(rows: Sequence[int], by: Sequence[tuple[Series[Any], bool]]) -> Sequence[int]:
    """Return rows sorted by columns, the most important first, each perhaps the largest first.

    Those without a value come last, either way.
    """
    for column, largest in reversed(by):
        keys = _keys(column)
        there = [row for row in rows if keys[row] is not None]
        there.sort(key=keys.__getitem__, reverse=largest)
        rows = [*there, *(row for row in rows if keys[row] is None)]
    return rows


def _keys(column: Series[Any]) -> list[Any]:
    """Return the sort key of each row; categories have an order of their own."""
    if str(column.dtype) == "category":
        return [None if code < 0 else code for code in column.cat.codes.tolist()]
    return [None if is_missing(value) else sort_key(value) for value in map(item, column.tolist())]
