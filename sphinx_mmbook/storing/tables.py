"""Arrays, dictionaries and lists as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sphinx_mmbook.storing.caller import StoreError
from sphinx_mmbook.storing.values import as_cell, cell_value, clean, items

#: Times of a search or a cross-validation are another at each run, and no result.
TIMES = ("fit_time", "score_time")


@dataclass(frozen=True)
class Table:
    """Names of the columns, and rows of plain values: numbers, texts, truth values, None."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def from_array(array: Any) -> Table:
    """Return an array with one or two dimensions; columns are counted from 1.

    :raises StoreError: if it has more dimensions, or holds objects.
    """
    names = getattr(array.dtype, "names", None)
    if names and array.ndim == 1:
        return _table(names, [_field(array, name) for name in names])
    if array.dtype.kind not in "biufSUmM":
        raise StoreError(
            f"an array of {array.dtype} holds more than numbers and text; make it a data frame"
        )
    if array.ndim > 2:
        raise StoreError(
            f"an array with {array.ndim} dimensions is not a table; store one slice, or a summary"
        )
    if array.ndim == 1:
        return _table(["value"], [items(array)])
    return Table([str(position + 1) for position in range(array.shape[1])], items(array))


def _field(array: Any, name: str) -> list[Any]:
    if array[name].ndim > 1:
        raise StoreError(f"the field '{name}' holds arrays; store a table of each")
    return items(array[name])


def _table(names: Sequence[str], columns: Sequence[Sequence[Any]]) -> Table:
    return Table(list(names), list(zip(*columns, strict=True)))


def from_mapping(values: Mapping[Any, Any]) -> Table | dict[str, Any]:
    """Return the table, or the plain values by name, that a dictionary holds.

    :raises StoreError: if its values are of several kinds.
    """
    if not values:
        raise StoreError("an empty dictionary holds no result")
    names = [title(name) for name in values]
    if len(set(names)) < len(names):
        raise StoreError("two names in the dictionary are the same as text; make them differ")
    kinds = {_kind(value) for value in values.values()}
    if kinds == {"list"}:
        return _columns(dict(zip(names, map(items, values.values()), strict=True)))
    if kinds == {"value"}:
        return dict(zip(names, map(cell_value, values.values()), strict=True))
    if kinds <= {"mapping", "value"}:
        return _nested(values)
    raise StoreError("a dictionary with values of several kinds is not a table; store its parts")


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "mapping"
    if isinstance(value, list | tuple) or getattr(value, "ndim", 0) == 1:
        return "list"
    return "value"


def _columns(values: dict[str, list[Any]]) -> Table:
    """Return columns side by side, without the times that a search took and its settings' sum."""
    is_search = any(name.startswith(("mean_test_", "test_")) for name in values)
    if is_search:
        values = {
            name: [as_cell(cell) for cell in cells]
            for name, cells in values.items()
            if not name.endswith(TIMES) and name not in ("params", "estimator", "indices")
        }
    if len({len(cells) for cells in values.values()}) > 1:
        raise StoreError("the columns have different lengths; make them equal")
    return _table(list(values), list(values.values()))


def _nested(values: Mapping[Any, Any]) -> Table:
    """Return one row for each inner dictionary, as of scikit-learn's ``classification_report``."""
    inner = [value for value in values.values() if isinstance(value, Mapping)]
    names = list(dict.fromkeys(title(name) for value in inner for name in value))
    last = "f1-score" if "f1-score" in names else "value"
    if len(inner) < len(values) and last not in names:
        names.append(last)
    rows = []
    for name, value in values.items():
        # The report's accuracy stands in the column where the printed report has it.
        cells = (
            {title(k): v for k, v in value.items()} if isinstance(value, Mapping) else {last: value}
        )
        rows.append([title(name), *(cell_value(cells.get(column)) for column in names)])
    return Table(["", *names], rows)


def from_sequence(values: Sequence[Any]) -> Table:
    """Return a list of dictionaries as records, of lists as rows, of numbers as one column.

    :raises StoreError: if it is empty, or the rows differ in length.
    """
    if not values:
        raise StoreError("an empty list holds no result")
    if all(isinstance(value, Mapping) for value in values):
        names = list(dict.fromkeys(title(name) for row in values for name in row))
        rows = [{title(name): cell_value(value) for name, value in row.items()} for row in values]
        return Table(names, [[row.get(name) for name in names] for row in rows])
    if all(isinstance(value, list | tuple) for value in values):
        if len({len(value) for value in values}) > 1:
            raise StoreError("the rows have different lengths; make them equal")
        counted = [str(position + 1) for position in range(len(values[0]))]
        # Tuples with names, as of ``namedtuple``, tell what their parts are.
        return Table(list(getattr(values[0], "_fields", counted)), values)
    if any(getattr(value, "ndim", 0) > 0 for value in values):
        raise StoreError(
            "a list of arrays or tables does not say what they are; give each a name, "
            "{'x': x, 'y': y}, or store one after the other"
        )
    return Table(["value"], [[cell_value(value)] for value in values])


def title(name: Any) -> str:
    """Return a name as text; the levels of a header in several rows with spaces between."""
    if isinstance(name, tuple):
        return " ".join(filter(None, map(title, name)))
    return "" if name is None else clean(str(name))


def is_a(obj: Any, package: str, *names: str) -> bool:
    """Whether an object is of a class of a package, which is not imported to find out."""
    return any(
        kind.__name__ in names and kind.__module__.partition(".")[0] == package
        for kind in type(obj).__mro__
    )
