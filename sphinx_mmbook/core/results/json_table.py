"""JSON: records, split, columns, or the values of one result by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.fault import unfit, unreadable
from sphinx_mmbook.core.results.frames import check_size, column, frame

if TYPE_CHECKING:
    from pandas import DataFrame

SHAPES = 'store a list of records, [{"model": "clip", "top1": 0.76}, …]'


def read_json(data: bytes) -> DataFrame:
    """Return the table in ``data``.

    Read are records ``[{name: value}]``, split ``{"columns": [], "data": [[]], "index": []}`` (the
    index is optional), columns ``{name: [values]}``, and ``{name: value}`` as two columns.

    :raises ResultFault: if it is no such table.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise unreadable(f"is nested too deeply for a table; {SHAPES}") from None
    except ValueError as error:
        raise unreadable(f"is no JSON: {error}; store it again") from None
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        return _records(content)
    if isinstance(content, dict) and {"columns", "data"} <= content.keys():
        return _split(content)
    if isinstance(content, dict) and content:
        return _named(content)
    raise unfit(f"is no table; {SHAPES}")


def _records(rows: list[dict[str, Any]]) -> DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_size(len(rows), len(names))
    return frame(names, [column([_plain(row.get(name)) for row in rows]) for name in names])


def _split(content: dict[str, Any]) -> DataFrame:
    names, rows, index = content["columns"], content["data"], content.get("index")
    if not isinstance(names, list) or not isinstance(rows, list):
        raise unfit("has 'columns' and 'data' that are no lists; store it with orient='split'")
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        raise unfit("has rows in 'data' that do not fit 'columns'; store it again")
    check_size(len(rows), len(names))
    columns = [column([_plain(row[place]) for row in rows]) for place in range(len(names))]
    titles = [_title(name) for name in names]
    # pandas writes the numbers of the rows, which say nothing.
    if isinstance(index, list) and len(index) == len(rows) and index != list(range(len(rows))):
        return frame(["", *titles], [column([_plain(name) for name in index]), *columns])
    return frame(titles, columns)


def _named(content: dict[str, Any]) -> DataFrame:
    values = list(content.values())
    if all(isinstance(value, list) for value in values):
        if len({len(value) for value in values}) != 1:
            raise unfit("has columns of different lengths; store it again")
        return frame(list(content), [column([_plain(cell) for cell in value]) for value in values])
    return frame(["", "value"], [column(list(content)), column([_plain(cell) for cell in values])])


def _plain(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        raise unfit(f"has a list or mapping inside a cell; {SHAPES}")
    return value


def _title(name: Any) -> str:
    return "" if name is None else str(_plain(name))
