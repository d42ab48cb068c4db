"""One value of a stored result: ``results/accuracy.csv#clip,top1|.1f``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.cells import ColumnFormat, column_texts, plain
from sphinx_mmbook.core.results.fault import ResultFault, unfit, wrong_option
from sphinx_mmbook.core.results.headings import Columns, did_you_mean
from sphinx_mmbook.core.results.numbers import formatted, parse_format
from sphinx_mmbook.core.results.parts import names
from sphinx_mmbook.core.results.values import item

if TYPE_CHECKING:
    from pandas import DataFrame

EXAMPLE = "write the file, '#', row and column, as in 'results/accuracy.csv#clip,top1|.1f'"


@dataclass(frozen=True)
class ValueReference:
    """A value that a page asks for: ``keys`` are its row (perhaps of several levels) and column.

    With one key, the table has two columns, names and values, or a single row. ``form`` is how a
    number is written, empty for what suits it.
    """

    target: str
    keys: tuple[str, ...]
    form: str = ""


def parse_reference(text: str) -> ValueReference:
    """Return what the content of the role ``stored`` refers to.

    :raises ResultFault: by ``result-option`` if it is nothing.
    """
    target, mark, rest = text.partition("#")
    place, bar, form = rest.rpartition("|") if "|" in rest else (rest, "", "")
    keys = names(place)
    if not mark or not target.strip() or not keys or (bar and not form.strip()):
        raise wrong_option(f"names no value; {EXAMPLE}")
    return ValueReference(target.strip(), keys, form.strip())


def value_text(frame: DataFrame, reference: ValueReference) -> str:
    """Return the value as text.

    :raises ResultFault: if there is no such row or column, no value in it, or no number where the
        reference has a format.
    """
    place, row = find_value(frame, reference.keys)
    series = frame.iloc[row : row + 1, place]
    value = item(series.tolist()[0])
    where = ", ".join(reference.keys)
    if value is None:
        raise ResultFault("result-value", f"has no value at '{where}'; do not show it")
    if not reference.form:
        return column_texts(where, series, ColumnFormat(), "")[0]
    form = parse_format(reference.form)
    if isinstance(value, (bool, str)) or not _is_number(value):
        raise wrong_option(
            f"has '{plain(str(value))[:40]}' at '{where}', which is no number to be written as "
            f"'{reference.form}'; leave the format out"
        )
    return formatted(value, form)


def find_value(frame: DataFrame, keys: tuple[str, ...]) -> tuple[int, int]:
    """Return column and row of a value.

    Rows are found by what stands in the first column (with more keys, in the first columns), else
    by number: 1 is the first row, -1 the last.

    :raises ResultFault: by ``result-value`` if they are not there.
    """
    columns = Columns(frame)
    if len(keys) > 1:
        return _column(columns, keys[-1]), _row(frame, keys[:-1])
    if frame.shape[1] == 2 and frame.shape[0] > 0:
        return 1, _row(frame, keys)
    if frame.shape[0] == 1:
        return _column(columns, keys[0]), 0
    raise wrong_option(f"has more than one column of values: say which, as in '#{keys[0]},column'")


def _column(columns: Columns, name: str) -> int:
    try:
        return columns.place(name)
    except ResultFault as fault:
        raise ResultFault("result-value", fault.text) from None


def _row(frame: DataFrame, keys: tuple[str, ...]) -> int:
    """Return the one row whose first cells are ``keys``."""
    if len(keys) > frame.shape[1]:
        raise unfit(f"has {frame.shape[1]} columns, fewer than '{', '.join(keys)}' names")
    heads = [[_text(value) for value in frame.iloc[:, place]] for place in range(len(keys))]
    found = [row for row, cells in enumerate(zip(*heads, strict=True)) if cells == keys]
    name = ", ".join(keys)
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(row + 1) for row in found[:5])
        raise ResultFault(
            "result-value", f"has '{name}' in several rows ({numbers}); give the row's number"
        )
    number = int(name) if name.lstrip("-").isdecimal() and len(name) < 10 else 0
    if 1 <= number <= len(frame):
        return number - 1
    if -len(frame) <= number <= -1:
        return len(frame) + number
    raise ResultFault("result-value", f"has no row '{name}'; {did_you_mean(name, heads[0])}")


def _text(value: Any) -> str:
    value = item(value)
    return "" if value is None else plain(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) or type(value).__name__ == "Decimal"
