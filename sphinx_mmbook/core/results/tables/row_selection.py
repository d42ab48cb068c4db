"""Which rows of a table are shown, and in which order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.conditions import Condition, parse_condition
from sphinx_mmbook.core.results.tables.option_syntax import signed_names
from sphinx_mmbook.core.results.values.cell_values import is_missing, item, sort_key
from sphinx_mmbook.core.results.values.fault import wrong_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pandas import DataFrame

RANGE = re.compile(r"\s*([1-9]\d{0,8})\s*(?:(-)\s*([1-9]\d{0,8})?)?\s*")
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
    if selection.where:
        order = _matching(frame, columns, selection.where)
    for name, largest in reversed(selection.sort):
        order = sort_rows(order, _keys(frame, columns.position(name)), largest=largest)
    if selection.rows:
        order = [row for first, last in selection.rows for row in order[first - 1 : last]]
    if not order and len(frame):
        option = f":where: {selection.where.text}" if selection.where else ":rows:"
        raise wrong_option(f"has no row for '{option}' among its {len(frame):,}")
    return frame if isinstance(order, range) else frame.iloc[list(order)].reset_index(drop=True)


def sort_rows(order: Sequence[int], key: Callable[[int], Any], *, largest: bool) -> list[int]:
    """Return rows sorted by ``key``; those for which it is ``None`` come last, either way."""
    keys = {row: key(row) for row in order}
    there = [row for row in order if keys[row] is not None]
    there.sort(key=keys.__getitem__, reverse=largest)
    return [*there, *(row for row in order if keys[row] is None)]


def _matching(frame: DataFrame, columns: Columns, where: Condition) -> list[int]:
    positions = columns.of_condition(where).values()
    cells = [map(item, frame.iloc[:, position].tolist()) for position in positions]
    if not cells:
        return list(range(len(frame))) if where.holds({}) else []
    rows = zip(*cells, strict=True)
    return [
        number
        for number, row in enumerate(rows)
        if where.holds(dict(zip(where.columns, row, strict=True)))
    ]


def _keys(frame: DataFrame, position: int) -> Callable[[int], Any]:
    """Return the sort key of each row; categories have an order of their own."""
    series = frame.iloc[:, position]
    if str(series.dtype) == "category":
        codes = series.cat.codes.tolist()
        return lambda row: None if codes[row] < 0 else codes[row]
    keys = [None if is_missing(value) else sort_key(value) for value in map(item, series.tolist())]
    return keys.__getitem__
