"""JSON: records, split, columns, pandas' table schema, or the values of one result by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.escapes import json_value
from sphinx_mmbook.core.results.values.fault import unfit, unreadable
from sphinx_mmbook.core.results.values.frames import check_size, column, frame

if TYPE_CHECKING:
    from pandas import DataFrame

    Title = str | tuple[str, ...]

SHAPES = 'store a list of records, [{"model": "clip", "top1": 0.76}, …]'


def read_json(data: bytes) -> DataFrame:
    """Return the table in ``data``.

    Read are records ``[{name: value}]``, what pandas writes with ``orient="split"`` (the index is
    optional), ``"table"`` and ``"columns"`` (``{name: {row: value}}``), columns
    ``{name: [values]}``, and ``{name: value}`` as two columns.

    :raises ResultFault: if it is not such a table.
    """
    try:
        content = json_value(data.decode("utf-8-sig"))
    except RecursionError:
        raise unreadable(f"is nested too deeply for a table; {SHAPES}") from None
    except ValueError as error:
        raise unreadable(f"is not JSON: {error}; store it again") from None
    if isinstance(content, dict) and isinstance(content.get("schema"), dict):
        content = content.get("data")
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        return _records(content)
    if isinstance(content, dict) and {"columns", "data"} <= content.keys():
        return _split(content)
    if isinstance(content, dict) and content:
        return _named(content)
    raise unfit(f"is not a table; {SHAPES}")


def _records(rows: list[dict[str, Any]]) -> DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_size(len(rows), len(names))
    return frame(names, [column([_plain(row.get(name)) for row in rows]) for name in names])


def _split(content: dict[str, Any]) -> DataFrame:
    names, rows, index = content["columns"], content["data"], content.get("index")
    if not isinstance(names, list) or not isinstance(rows, list):
        raise unfit("has 'columns' and 'data' that are not lists; store it with orient='split'")
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        raise unfit("has rows in 'data' that do not fit 'columns'; store it again")
    check_size(len(rows), len(names))
    columns = [column([_plain(row[position]) for row in rows]) for position in range(len(names))]
    titles = [_title(name) for name in names]
    # pandas writes the numbers of the rows, which say nothing.
    if isinstance(index, list) and len(index) == len(rows) and index != list(range(len(rows))):
        levels = _levels(index)
        return frame([*[""] * len(levels), *titles], [*map(column, levels), *columns])
    return frame(titles, columns)


def _levels(index: list[Any]) -> list[list[Any]]:
    """Return the row names as columns; those of a MultiIndex are lists."""
    depth = {len(name) if isinstance(name, list) else 0 for name in index}
    if len(depth) == 1 and depth != {0}:
        return [[_plain(name[level]) for name in index] for level in range(depth.pop())]
    return [[_plain(name) for name in index]]


def _named(content: dict[str, Any]) -> DataFrame:
    values = list(content.values())
    if all(isinstance(value, list) for value in values):
        if len({len(value) for value in values}) != 1:
            raise unfit("has columns of different lengths; store it again")
        return frame(list(content), [column([_plain(cell) for cell in value]) for value in values])
    if all(isinstance(value, dict) for value in values):
        return _by_column(content)
    pairs = dict(_flat(content))
    return frame(["", "value"], [column(list(pairs)), column(list(pairs.values()))])


def _by_column(content: dict[str, dict[str, Any]]) -> DataFrame:
    rows = list(dict.fromkeys(row for cells in content.values() for row in cells))
    check_size(len(rows), len(content))
    columns = [column([_plain(cells.get(row)) for row in rows]) for cells in content.values()]
    if rows == [str(number) for number in range(len(rows))]:
        return frame(list(content), columns)
    return frame(["", *content], [column(rows), *columns])


def _flat(content: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return names and values; those of a mapping inside are called ``outer.inner``."""
    found: list[tuple[str, Any]] = []
    for name, value in content.items():
        if isinstance(value, dict):
            found += [(f"{name}.{inner}", _plain(cell)) for inner, cell in value.items()]
        else:
            found.append((name, _plain(value)))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        raise unfit(f"has a list or mapping inside a cell; {SHAPES}")
    return value


def _title(name: Any) -> Title:
    if isinstance(name, list):
        return tuple(str(_plain(level)) for level in name)
    return "" if name is None else str(_plain(name))
