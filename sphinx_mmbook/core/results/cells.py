"""The values of one column as text, by what they are."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.fault import unfit
from sphinx_mmbook.core.results.numbers import automatic, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import Series

TEXTUAL = (str, bool, dt.date, dt.time, dt.timedelta, complex)
# Format characters that words of some languages need; all others may turn the text around.
JOINERS = frozenset("\u200b\u200c\u200d\u00ad")


@dataclass(frozen=True)
class Digits:
    """Digits after the point; ``None`` is what suits the column.

    ``always`` holds for a column of whole numbers too: a count of 150 is not 150.0000 unless the
    author says so of this column.
    """

    number: int | None = None
    always: bool = False


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


def column_texts(name: str, series: Series[Any], digits: Digits, missing: str) -> list[str]:
    """Return the cells of column ``name`` as text, ``missing`` where there is no value.

    :raises ResultFault: if a cell holds a list, bytes or another object.
    """
    values = [_value(name, value) for value in series.tolist()]
    there = [value for value in values if value is not None]
    texts = iter(_texts(there, digits))
    return [missing if value is None else next(texts) for value in values]


def is_numeric(series: Series[Any]) -> bool:
    """Tell whether a column holds numbers, so that it is set flush right."""
    values = [value for value in series.tolist() if not _is_missing(value)]
    return bool(values) and all(_is_number(_item(value)) for value in values)


def _texts(values: list[Any], digits: Digits) -> list[str]:
    if not all(_is_number(value) for value in values):
        return _words(values)
    whole = all(_is_whole(value) for value in values)
    if digits.number is not None and (digits.always or not whole):
        return [fixed(value, digits.number) for value in values]
    if all(isinstance(value, int) for value in values):
        return [str(value) for value in values]
    return automatic(values)


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
    if _is_missing(value):
        return None
    item = _item(value)
    if isinstance(item, TEXTUAL) or _is_number(item):
        return item
    raise unfit(f"has a {type(value).__name__} in column '{plain(name)}'; store numbers or text")


def _is_missing(value: Any) -> bool:
    import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _item(value: Any) -> Any:
    """Return NumPy's scalars as Python's."""
    return value.item() if type(value).__module__ == "numpy" and value.ndim == 0 else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_whole(value: float | Decimal) -> bool:
    return math.isfinite(value) and value == int(value)
