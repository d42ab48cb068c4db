"""Tables, arrays and numbers as text, the same bytes for the same values.

Nothing is rounded: a number is written with the digits that give it back exactly.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.storing.caller import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Times of a search or a cross-validation are another at each run, and no result.
TIMES = ("fit_time", "score_time")


@dataclass(frozen=True)
class Table:
    """Names of the columns, and rows of plain values: numbers, texts, truth values, None."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def encode(table: Table | Mapping[str, Any] | Any, suffix: str) -> bytes:
    """Return a table, plain values by name, or a pandas data frame as the content of a file.

    :raises StoreError: if the format needs a package that is not there.
    """
    if is_a(table, "pandas", "DataFrame"):
        return _frame_bytes(table, suffix)
    if suffix == ".json" and isinstance(table, Mapping):
        lines = [f"  {_json(name)}: {_json(value)}" for name, value in table.items()]
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    if isinstance(table, Mapping):
        table = Table(["", "value"], [list(item) for item in table.items()])
    if suffix == ".json":
        return _records(table.names, table.rows)
    if suffix == ".parquet":
        return _frame_bytes(_pandas().DataFrame(list(table.rows), columns=table.names), suffix)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if suffix == ".tsv" else ",", lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _frame_bytes(frame: Any, suffix: str) -> bytes:
    """Return a data frame's content; its index goes first, unless it only counts the rows."""
    frame = frame.copy(deep=False)
    frame.columns = [_title(name) for name in frame.columns]
    if not is_a(frame.index, "pandas", "RangeIndex"):
        levels = [
            "" if name is None else str(name)
            for name in (frame.index.names if frame.index.nlevels > 1 else [frame.index.name])
        ]
        for place, name in reversed(list(enumerate(levels))):
            frame.insert(0, name, frame.index.get_level_values(place), allow_duplicates=True)
        frame = frame.reset_index(drop=True)
    if suffix == ".parquet":
        return _parquet(frame)
    if suffix == ".json":
        columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
        return _records(list(frame.columns), list(zip(*columns, strict=True)))
    sign = "\t" if suffix == ".tsv" else ","
    text: str = frame.to_csv(sep=sign, index=False, lineterminator="\n")
    return text.encode()


def _parquet(frame: Any) -> bytes:
    target = io.BytesIO()
    try:
        frame.to_parquet(target, index=False)
    except ImportError:
        text = 'Parquet needs pyarrow: pip install "sphinx-mmbook[parquet]"; or write .csv'
        raise StoreError(text) from None
    return target.getvalue()


def _title(name: Any) -> str:
    """Return a column's name as text; the levels of a header in several rows with blanks."""
    if isinstance(name, tuple):
        return " ".join(str(part) for part in name if str(part))
    return str(name)


def _records(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return JSON records, one a line."""
    if len(set(names)) < len(names):
        raise StoreError("two columns have the same name, which JSON cannot hold; write .csv")
    lines = [
        "  {"
        + ", ".join(f"{_json(name)}: {_json(cell)}" for name, cell in zip(names, row, strict=True))
        + "}"
        for row in rows
    ]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _json(value: Any) -> str:
    """Return a plain value as JSON: what is missing as null, infinity as a number too large."""
    value = plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "null" if math.isnan(value) else "1e999" if value > 0 else "-1e999"
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> Any:
    value = plain(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else value


def plain(value: Any) -> Any:
    """Return a number, text, truth value or None for what stands in a cell.

    :raises StoreError: if it is something else.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return float(value) if isinstance(value, float) else value
    if type(value).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        return None
    if hasattr(value, "detach"):  # a tensor
        value = value.detach().cpu()
    if hasattr(value, "item"):  # a scalar of NumPy, or an array of one
        with suppress(ValueError, TypeError, RuntimeError):
            return plain(_exact(value).item())
    if hasattr(value, "isoformat"):  # a date or time
        return value.isoformat()
    if type(value).__name__ in ("Decimal", "Fraction"):
        return float(value)
    if type(value).__name__ in ("Interval", "Period"):
        return str(value)
    raise StoreError(
        f"a value of type {type(value).__name__} is no number, text or date; "
        "convert it before you store it"
    )


def _exact(array: Any) -> Any:
    """Return floats of less than 64 bits as those of 64 bits that are written the same."""
    dtype = getattr(array, "dtype", None)
    if getattr(dtype, "kind", "") == "f" and getattr(dtype, "itemsize", 8) < 8:
        return array.astype(str).astype("float64")
    return array


def from_array(array: Any) -> Table:
    """Return an array with one or two dimensions; columns are counted from 1.

    :raises StoreError: if it has more dimensions, or holds objects.
    """
    if getattr(array.dtype, "names", None):
        return Table(list(array.dtype.names), [list(row) for row in array.tolist()])
    if array.dtype.kind not in "biufSUmM":
        raise StoreError(
            f"an array of {array.dtype} holds more than numbers and text; make it a data frame"
        )
    if array.ndim > 2:
        raise StoreError(
            f"an array with {array.ndim} dimensions is no table; store one slice, or a summary"
        )
    if array.dtype.kind in "mM":
        array = array.astype(str)
    array = _exact(array)
    if array.ndim == 1:
        return Table(["value"], [[value] for value in array.tolist()])
    return Table([str(place + 1) for place in range(array.shape[1])], array.tolist())


def from_mapping(values: Mapping[Any, Any]) -> Table | dict[str, Any]:
    """Return the table, or the plain values by name, that a dictionary holds.

    :raises StoreError: if its values are of several kinds.
    """
    if not values:
        raise StoreError("an empty dictionary holds no result")
    kinds = {_kind(value) for value in values.values()}
    if kinds == {"list"}:
        return _columns({str(name): _items(value) for name, value in values.items()})
    if kinds == {"value"}:
        return {str(name): plain(value) for name, value in values.items()}
    if kinds <= {"mapping", "value"}:
        return _nested(values)
    raise StoreError("a dictionary with values of several kinds is no table; store its parts")


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "mapping"
    if isinstance(value, list | tuple) or getattr(value, "ndim", 0) == 1:
        return "list"
    return "value"


def _items(value: Any) -> list[Any]:
    items: list[Any] = value.tolist() if hasattr(value, "tolist") else list(value)
    return items


def _columns(values: dict[str, list[Any]]) -> Table:
    """Return columns side by side, without the times that a search took and its settings' sum."""
    is_search = any(name.startswith(("mean_test_", "test_")) for name in values)
    if is_search:
        values = {
            name: [item if _is_plain(item) else str(item) for item in items]
            for name, items in values.items()
            if not name.endswith(TIMES) and name not in ("params", "estimator", "indices")
        }
    if len({len(items) for items in values.values()}) > 1:
        raise StoreError("the columns have different lengths; make them equal")
    return Table(list(values), list(zip(*values.values(), strict=True)))


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int | float) or hasattr(value, "item")


def _nested(values: Mapping[Any, Any]) -> Table:
    """Return one row for each inner dictionary, as of scikit-learn's ``classification_report``."""
    inner = [value for value in values.values() if isinstance(value, Mapping)]
    names = list(dict.fromkeys(str(name) for value in inner for name in value))
    last = "f1-score" if "f1-score" in names else "value"
    if len(inner) < len(values) and last not in names:
        names.append(last)
    rows = []
    for name, value in values.items():
        # The report's accuracy stands in the column where the printed report has it.
        cells = (
            {str(k): v for k, v in value.items()} if isinstance(value, Mapping) else {last: value}
        )
        rows.append([str(name), *(plain(cells.get(column)) for column in names)])
    return Table(["", *names], rows)


def from_sequence(values: Sequence[Any]) -> Table:
    """Return a list of dictionaries as records, of lists as rows, of numbers as one column.

    :raises StoreError: if it is empty, or the rows differ in length.
    """
    if not values:
        raise StoreError("an empty list holds no result")
    if all(isinstance(value, Mapping) for value in values):
        names = list(dict.fromkeys(str(name) for row in values for name in row))
        return Table(names, [[plain(row.get(name)) for name in names] for row in values])
    if all(isinstance(value, list | tuple) for value in values):
        if len({len(value) for value in values}) > 1:
            raise StoreError("the rows have different lengths; make them equal")
        return Table([str(place + 1) for place in range(len(values[0]))], values)
    return Table(["value"], [[plain(value)] for value in values])


def is_a(obj: Any, package: str, *names: str) -> bool:
    """Whether an object is of a class of a package, which is not imported to find out."""
    return any(
        kind.__name__ in names and kind.__module__.partition(".")[0] == package
        for kind in type(obj).__mro__
    )


def _pandas() -> Any:
    import pandas  # noqa: PLC0415 -- only where the object or the format needs it

    return pandas
