"""Tables and numbers as the content of a file, the same bytes for the same values.

Nothing is rounded: a number is written with the digits that give it back exactly.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sphinx_mmbook.storing.caller import StoreError
from sphinx_mmbook.storing.tables import Table, is_a, title
from sphinx_mmbook.storing.values import as_cell, cell_value, items

_QUOTED = re.compile(r'[",;|\t\r\n]')


def encode(table: Table | Mapping[str, Any] | Any, suffix: str) -> bytes:
    """Return a table, plain values by name, or a pandas data frame as the content of a file.

    :raises StoreError: if the format cannot hold it, or needs a package that is not there.
    """
    if suffix == ".json" and isinstance(table, Mapping):
        lines = [f"  {_json(name)}: {_json(value)}" for name, value in table.items()]
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    if isinstance(table, Mapping):
        table = Table(["", "value"], [list(item) for item in table.items()])
    if is_a(table, "pandas", "DataFrame"):
        frame = with_index(table)
        _check(list(frame.columns), suffix)
        if suffix == ".parquet":
            return _parquet(_plain_objects(frame))
        table = from_frame(frame)
    _check(table.names, suffix)
    if suffix == ".json":
        return _records(table)
    if suffix == ".parquet":
        return _parquet(_as_frame(table))
    return _separated(table, "\t" if suffix == ".tsv" else ",")


def _check(names: Sequence[str], suffix: str) -> None:
    if not names:
        raise StoreError("a table without columns holds no result")
    if suffix in (".json", ".parquet") and len(set(names)) < len(names):
        kind = "JSON" if suffix == ".json" else "Parquet"
        raise StoreError(f"two columns have the same name, which {kind} cannot hold; write .csv")


def _separated(table: Table, sign: str) -> bytes:
    rows = ([_cell(value) for value in row] for row in (table.names, *table.rows))
    # A line without anything would not be a row.
    return "".join((sign.join(row) or '""') + "\n" for row in rows).encode()


def _cell(value: Any) -> str:
    """Return a value as CSV; text in quotes wherever a reader could take it for several cells."""
    value = cell_value(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _records(table: Table) -> bytes:
    """Return JSON records, one a line."""
    if not table.rows:
        raise StoreError("a table without rows has no columns in JSON; write .csv")
    names = [_json(name) for name in table.names]
    lines = [
        "  {"
        + ", ".join(f"{name}: {_json(cell)}" for name, cell in zip(names, row, strict=True))
        + "}"
        for row in table.rows
    ]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _json(value: Any) -> str:
    """Return a plain value as JSON: what is missing as null, infinity as a number too large."""
    value = cell_value(value)
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "null" if math.isnan(value) else "1e999" if value > 0 else "-1e999"
    return json.dumps(value, ensure_ascii=False)


def with_index(frame: Any) -> Any:
    """Return a data frame with its index as first columns, unless it only counts the rows.

    The corner of a cross table says what its rows and its columns are: ``model / pet``.
    """
    index, across = frame.index, frame.columns.name
    frame = frame.copy(deep=False)
    frame.columns = [title(name) for name in frame.columns]
    if across is not None and index.nlevels == 1 and index.name is not None:
        index = index.rename(f"{title(index.name)} / {title(across)}")
    if not _counts_rows(index):
        for position, name in reversed(list(enumerate(index.names))):
            values = index.get_level_values(position)
            frame.insert(0, title(name), values, allow_duplicates=True)
    return frame.reset_index(drop=True)


def _counts_rows(index: Any) -> bool:
    """Whether an index holds only the numbers of the rows, perhaps in another order."""
    if is_a(index, "pandas", "RangeIndex"):
        return True
    if index.nlevels > 1 or index.name is not None or index.dtype.kind not in "iu":
        return False
    return bool(len(index)) and sorted(index.tolist()) == list(range(len(index)))


def from_frame(frame: Any) -> Table:
    """Return a data frame as plain values.

    :raises StoreError: if a column holds something else.
    """
    columns = [
        _column(name, frame.iloc[:, position]) for position, name in enumerate(frame.columns)
    ]
    return Table(list(frame.columns), list(zip(*columns, strict=True)))


def _column(name: str, series: Any) -> list[Any]:
    try:
        return [as_cell(value) for value in items(series)]
    except StoreError as error:
        raise StoreError(f"in column '{name}', {error}") from None


def _plain_objects(frame: Any) -> Any:
    """Return a data frame without Python's objects; other columns keep their types."""
    kept = [
        _column(name, frame.iloc[:, position])
        if frame.iloc[:, position].dtype == object
        else frame.iloc[:, position]
        for position, name in enumerate(frame.columns)
    ]
    return _pandas().DataFrame(dict(zip(frame.columns, kept, strict=True)), columns=frame.columns)


def _as_frame(table: Table) -> Any:
    """Return a table as a data frame; integers beside missing values stay integers."""
    from sphinx_mmbook.core.results.values.frames import column  # noqa: PLC0415 -- only for this format

    cells = [
        column([cell_value(value) for value in values]) for values in zip(*table.rows, strict=True)
    ]
    return _pandas().DataFrame(dict(zip(table.names, cells, strict=False)), columns=table.names)


def _parquet(frame: Any) -> bytes:
    target = io.BytesIO()
    try:
        frame.to_parquet(target, index=False)
    except ImportError:
        text = 'Parquet needs pyarrow: pip install "sphinx-mmbook[parquet]"; or write .csv'
        raise StoreError(text) from None
    except Exception as error:  # pyarrow's own kinds, and Python's
        reason = str(error.args[0] if error.args else error).partition("\n")[0]
        raise StoreError(f"Parquet cannot hold this table ({reason}); write .csv") from None
    return target.getvalue()


def _pandas() -> Any:
    import pandas  # noqa: PLC0415 -- only where the object or the format needs it

    return pandas
