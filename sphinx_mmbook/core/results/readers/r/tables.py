"""Objects of R as data frames: data frames, matrices, named vectors, fitted models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.readers.r.models import (
    MODELS,
    analysis_of_variance,
    coefficients,
    titles,
)
from sphinx_mmbook.core.results.readers.r.objects import VECTORS, RValue
from sphinx_mmbook.core.results.values.fault import unfit, unreadable
from sphinx_mmbook.core.results.values.frames import check_size, column, frame

if TYPE_CHECKING:
    from pandas import DataFrame, Series


#: Of R's option "ts.eps": what starts further from a quarter or month is none, 1965.1.
TIME_STEP = 1e-5
#: What people call that of which no table is made.
KINDS = {
    "NIL": "NULL", "VEC": "a list without names", "CLO": "a function", "ENV": "an environment",
    "LANG": "a call", "SYM": "a name", "CPLX": "complex numbers", "RAW": "bytes",
}  # fmt: skip
INSTEAD = 'store a table, e.g. with write.csv(x, "results/x.csv")'


def to_frame(value: RValue) -> DataFrame:
    """Return ``value`` as a table; row names, if any, are a first column without a name.

    :raises ResultFault: if it is nothing that makes a table.
    """
    classes = value.classes
    if "data.frame" in classes:
        return _data_frame(value)
    if classes == ["aov", "lm"]:
        return analysis_of_variance(value)
    if "lm" in classes:
        return coefficients(value)
    if value.kind in VECTORS and "dim" in value.attributes:
        return _matrix(value)
    if value.kind in VECTORS and "tsp" in value.attributes:
        return frame(["time", "value"], [column(_times(value)), _vector(value)])
    if value.kind in VECTORS:
        return _with_names(value.strings("names"), "", _vector(value), _titled("value", value))
    raise _no_table(value)


def _no_table(value: RValue) -> Exception:
    if value.kind == "VEC" and value.members():
        names = ", ".join(f"'{name}'" for name in list(value.members())[:12])
        return unfit(f"holds a list of {names}; choose one with ':element:'")
    classes = value.classes
    kind = KINDS.get(value.kind, f"an object of type {value.kind}")
    what = f"an object of class '{classes[0]}'" if classes else kind
    return unfit(f"holds {what}, which makes no table; {INSTEAD}")


def names_of(value: RValue) -> tuple[list[str | tuple[str, ...]], list[str] | None] | None:
    """Return the columns' names of what ``to_frame`` makes, and the cells of its first column.

    Both without pandas; None is what only ``to_frame`` can tell.

    :raises ResultFault: if it is a list, of which one is to be chosen.
    """
    classes = value.classes
    if "data.frame" in classes:
        pairs = zip(value.strings("names"), value.children(), strict=False)
        names: list[str | tuple[str, ...]] = [_titled(name, member) for name, member in pairs]
        if rows := value.strings("row.names"):
            return ["", *names], rows
        return names, _words(value.children()[0]) if names else []
    if classes in MODELS and classes != ["aov", "lm"]:
        return list(titles(value)), value.members()["coefficients"].strings("names")
    is_series = "tsp" in value.attributes
    if value.kind in VECTORS and "dim" in value.attributes and not is_series:
        sizes = value.attributes["dim"].values()
        return _names_of_matrix(value, *sizes) if len(sizes) == 2 else None
    if value.kind == "VEC" and "lm" not in classes:
        raise _no_table(value)
    return None


def _words(member: RValue) -> list[str] | None:
    """Return the cells of a column of words; None if it holds others."""
    if "factor" in member.classes:
        levels = member.strings("levels")
        return ["" if code is None else levels[code - 1] for code in member.values()]
    if member.kind != "STR":
        return None
    return ["" if text is None else text for text in member.data]


def _names_of_matrix(
    value: RValue, rows: int, width: int
) -> tuple[list[str | tuple[str, ...]], list[str] | None]:
    """Return the names of a matrix' columns, that of its rows' names first, and these."""
    row_names, names = _dimnames(value)
    names = names or [f"V{position + 1}" for position in range(width)]
    variables = [*value.attributes.get("dimnames", value).strings("names"), "", ""]
    both = [(variables[1], name) if variables[1] else name for name in names]
    return ([variables[0], *both], row_names) if row_names else (list(both), None)


def _data_frame(value: RValue) -> DataFrame:
    members = value.children()
    names = value.strings("names")
    for name, member in zip(names, members, strict=True):
        if member.kind not in VECTORS or "dim" in member.attributes:
            raise unfit(
                f"has column '{name}' that is not a plain vector; store one value in a cell"
            )
    columns = [_vector(member) for member in members]
    names = [_titled(name, member) for name, member in zip(names, members, strict=True)]
    if len({len(values) for values in columns}) > 1:
        raise unreadable("has columns of different lengths; store the result again")
    # Automatic row names are numbers, which say nothing.
    if rows := value.strings("row.names"):
        return frame(["", *names], [column(rows), *columns])
    return frame(names, columns)


def _matrix(value: RValue) -> DataFrame:
    dim = value.attributes["dim"].values()
    if len(dim) == 1:
        (names, _), title = _dimnames(value), value.attributes.get("dimnames", value)
        return _with_names(names, next(iter(title.strings("names")), ""), column(value.values()))
    if len(dim) != 2:
        raise unfit(f"holds an array of {len(dim)} dimensions; store a matrix or a data frame")
    rows, width = dim
    cells = value.values()
    if len(cells) != rows * width:
        raise unreadable("has a matrix with the wrong number of values; store the result again")
    check_size(rows, width)
    columns = [column(cells[rows * position : rows * (position + 1)]) for position in range(width)]
    if "tsp" in value.attributes:
        own = _dimnames(value)[1] or [f"V{position + 1}" for position in range(width)]
        return frame(["time", *own], [column(_times(value)), *columns])
    titled, row_names = _names_of_matrix(value, rows, width)
    return frame(titled, [column(row_names), *columns] if row_names else columns)


def _with_names(names: list[str], title: str, values: Series[Any], own: str = "value") -> DataFrame:
    """Return a vector as a table: the names, if it has any, and the values."""
    if names:
        return frame([title, own], [column(names), values])
    return frame([own], [values])


def _titled(name: str, value: RValue) -> str:
    """Return the name of a column, with the unit of what are differences in time."""
    units = value.strings("units") if "difftime" in value.classes else []
    return f"{name} ({units[0]})" if units else name


def _times(value: RValue) -> list[Any]:
    """Return the times of a series: years, months and quarters, else numbers as R counts them.

    R keeps of them only the first, the last, and how many are in a year.
    """
    start, _, frequency = value.attributes["tsp"].values()
    count = value.attributes["dim"].values()[0] if "dim" in value.attributes else len(value.data)
    is_calendar = abs(start * frequency - round(start * frequency)) < TIME_STEP
    found: list[Any] = []
    for step in range(count):
        year, part = divmod(round(start * frequency) + step, round(frequency) or 1)
        if frequency == 1:
            found.append(int(year) if start == int(start) else start + step)
        elif frequency in (4, 12) and is_calendar:
            found.append(f"{year} Q{part + 1}" if frequency == 4 else f"{year}-{part + 1:02d}")
        else:
            found.append(start + step / frequency)
    return found


def _dimnames(value: RValue) -> tuple[list[str], list[str]]:
    if "dimnames" not in value.attributes:
        return [], []
    names = value.attributes["dimnames"]
    rows, *columns = names.children()
    return _names(rows), _names(columns[0]) if columns else []


def _names(side: RValue) -> list[str]:
    return [str(name) for name in side.values()] if side.kind == "STR" else []


def _vector(value: RValue) -> Series[Any]:
    """Return a vector as a column: factors, dates and 64-bit integers as what they mean."""
    import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

    classes = value.classes
    if "factor" in classes:
        codes: list[int] = [-1 if code is None else code - 1 for code in value.values()]
        factor = pd.Categorical.from_codes(
            codes, pd.Index(value.strings("levels")), "ordered" in classes
        )
        return pd.Series(factor)
    if "Date" in classes:
        return pd.Series(pd.to_datetime(value.values(), unit="D"))
    if "POSIXct" in classes:
        zone = next(iter(value.strings("tzone")), "") or "UTC"
        return pd.Series(pd.to_datetime(value.values(), unit="s", utc=True).tz_convert(zone))
    if "integer64" in classes:
        numbers = value.data.view("int64").tolist()
        return column([None if number == -(2**63) else number for number in numbers])
    return column(value.values())
