"""The values of one column as text, by what they are."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.tables.number_format import NumberFormat, automatic, formatted
from sphinx_mmbook.core.results.values.cell_values import item
from sphinx_mmbook.core.results.values.fault import unfit
from sphinx_mmbook.core.results.values.literals import number_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import Series

TEXTUAL = (str, bool, dt.date, dt.time, dt.timedelta, complex)
# Format characters that words of some languages need; all others may turn the text around.
JOINERS = frozenset("\u200b\u200c\u200d\u00ad")


@dataclass(frozen=True)
class ColumnFormat:
    """How the numbers of a column are written: ``whole`` if all are integers, else ``broken``.

    ``None`` is what suits the column. Two digits for a table are no reason to make a count of 150
    150.00; they are if the author asks for them in this column.
    """

    broken: NumberFormat | None = None
    whole: NumberFormat | None = None
    thousands: bool = False


def plain(text: str) -> str:
    """Return text that every writer can set: on one line, without control characters."""
    if text.isprintable():
        return text.strip()
    return "".join(_printable(letter) for letter in text).strip()


def _printable(letter: str) -> str:
    if letter.isspace():
        return " "
    # Not printable are controls, marks that reverse what follows, and half characters, which JSON
    # can hold and UTF-8 cannot.
    return letter if letter.isprintable() or letter in JOINERS else "\ufffd"


def column_texts(name: str, series: Series[Any], form: ColumnFormat, missing: str) -> list[str]:
    """Return the cells of column ``name`` as text, ``missing`` where there is no value.

    :raises ResultFault: if a cell holds a list, bytes or another object.
    """
    values = [_value(name, value) for value in series.tolist()]
    there = [value for value in values if value is not None]
    texts = iter(_texts(there, form))
    return [missing if value is None else next(texts) for value in values]


def is_numeric(series: Series[Any]) -> bool:
    """Tell whether a column holds numbers, so that it is set flush right."""
    values = [value for value in map(item, series.tolist()) if value is not None]
    return bool(values) and all(_is_number(value) for value in values)


def may_be_number(value: Any) -> bool:
    """Tell whether a value is a number, or a text that is one."""
    return _is_number(value) or _number_in(value) is not None


def _texts(values: list[Any], form: ColumnFormat) -> list[str]:
    if not values or not all(_is_number(value) for value in values):
        # One "out of memory" makes a column of a CSV file one of words; the author knows better.
        numbers = [_number_in(value) if form.whole else None for value in values]
        return [
            word if number is None else formatted(number, form.whole or NumberFormat())
            for word, number in zip(_words(values), numbers, strict=True)
        ]
    whole = all(_is_whole(value) for value in values)
    wished = form.whole if whole else form.broken
    if wished:
        wished = replace(wished, thousands=wished.thousands or form.thousands)
        return [formatted(value, wished) for value in values]
    if all(isinstance(value, int) for value in values):
        return [f"{value:,}" if form.thousands else str(value) for value in values]
    return automatic(values, thousands=form.thousands)


def _number_in(value: Any) -> int | float | Decimal | None:
    return number_in(value) if isinstance(value, str) else None


def _words(values: list[Any]) -> list[str]:
    if values and all(isinstance(value, dt.datetime) for value in values):
        return _times(values)
    return [plain(str(value)) for value in values]


def _times(values: Sequence[dt.datetime]) -> list[str]:
    """Return days where all times are midnight, else times, to the minute if that is exact."""
    if all(value.time() == dt.time() and value.tzinfo is None for value in values):
        return [value.date().isoformat() for value in values]
    minutes = all(value.second == 0 and value.microsecond == 0 for value in values)
    exact = all(value.microsecond == 0 for value in values)
    detail = "minutes" if minutes else "seconds" if exact else "milliseconds"
    return [value.isoformat(" ", detail) for value in values]


def _value(name: str, value: Any) -> Any:
    """Return a plain Python value, ``None`` if it is missing."""
    found = item(value)
    if found is None or isinstance(found, TEXTUAL) or _is_number(found):
        return found
    raise unfit(f"has a {type(value).__name__} in column '{plain(name)}'; store numbers or text")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_whole(value: float | Decimal) -> bool:
    return math.isfinite(value) and value == int(value)
