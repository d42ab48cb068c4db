"""Single values: a number or text, what is missing, what can be compared, what comes first."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any, Literal

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.values.fault import wrong_option

Mark = Literal[".", ","]

TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# Format characters that words of some languages need; all others may turn the text around.
JOINERS = frozenset("\u200b\u200c\u200d\u00ad")
#: What stands for a missing value in a column of numbers, and in one of words: there an empty cell
#: is an empty cell, and "None" or "null" may well be a word.
NO_NUMBER = frozenset(
    {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None"}
)
NO_WORD = frozenset({"NA", "<NA>", "NaN", "#N/A"})
# A leading zero or plus makes an identifier: 01013500 is a gauge, +49 89 a telephone.
LONG = 100
INTEGER = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
FLOATS = {
    mark: re.compile(rf"-?(?:(?:0|[1-9]\d*)(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+)"
                     r"(?:[eE][+-]?\d+)?|-?[Ii]nf(?:inity)?", re.ASCII)
    for mark in (".", ",")
}  # fmt: skip


def is_missing(value: Any) -> bool:
    """Whether there is no value."""
    return (
        value is None or value == "" or (isinstance(value, (float, Decimal)) and math.isnan(value))
    )


def item(value: Any) -> Any:
    """Return NumPy's scalars as Python's, and what pandas takes for missing as ``None``."""
    if type(value).__module__ == "numpy" and value.ndim == 0:
        value = value.item()
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(value, (float, Decimal)) and math.isnan(value) else value


def comparable(one: Any, other: Any) -> tuple[Any, Any]:
    """Return two values as such that Python can compare.

    Text in the place of a time is read as one, ``"2024-02-29"``.

    :raises ResultFault: by ``result-option`` if they are of different kinds.
    """
    if is_number(one) and is_number(other):
        if isinstance(one, Decimal) != isinstance(other, Decimal):
            # A decimal 0.1 is what the author means by 0.1, not the float next to it.
            return _exact(one), _exact(other)
        return one, other
    if isinstance(one, bool) or isinstance(other, bool):
        return str(one).lower(), str(other).lower()
    if isinstance(one, str) and isinstance(other, str) and time_in(one) and time_in(other):
        one, other = time_in(one), time_in(other)
    if isinstance(one, dt.date) != isinstance(other, dt.date):
        one, other = _time(one, other), _time(other, one)
    if type(one) is type(other) or (isinstance(one, dt.date) and isinstance(other, dt.date)):
        return _times(one, other) if isinstance(one, dt.date) else (one, other)
    raise wrong_option(
        f"has a ':where:' that compares {_kind(one)} with {_kind(other)}: text needs quotes, "
        "and numbers have none"
    )


def sort_key(value: Any) -> tuple[int, Any, str]:
    """Return what orders values of one column: truth values, numbers, times, text.

    Text that is a number or a time is ordered as one, other text without regard to case.
    """
    if isinstance(value, bool):
        return 0, value, ""
    if isinstance(value, str):
        number, time = number_in(value), time_in(value)
        value = number if number is not None else time or str(value)
    if is_number(value):
        return 1, value, ""
    if isinstance(value, dt.datetime):
        return 2, (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).timestamp(), ""
    if isinstance(value, dt.timedelta):
        return 2, value.total_seconds(), ""
    return 3, str(value).casefold(), str(value)


def time_in(text: str) -> dt.datetime | None:
    """Return the time that a text is: a date of ISO 8601, perhaps with the time of day."""
    if not TIME.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false are not."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _exact(value: float | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _time(value: Any, beside: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        raise wrong_option(
            f"has a ':where:' with '{value}', which is not a date; write it as '2024-02-29'"
        ) from None


def _times(one: Any, other: Any) -> tuple[Any, Any]:
    """Return times that both have a zone, or neither; a time without one is in the other's."""
    times = [
        value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        for value in (one, other)
    ]
    zone = times[0].tzinfo or times[1].tzinfo
    one, other = (time if time.tzinfo else time.replace(tzinfo=zone) for time in times)
    return one, other


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    return f"the number {value}" if is_number(value) else f"a {type(value).__name__}"


def number_in(cell: str, mark: Mark = ".") -> int | float | Decimal | None:
    """Return the number that ``cell`` is, if it is one."""
    return number(cell, mark) if FLOATS[mark].fullmatch(cell) else None


def number(cell: str, mark: Mark) -> int | float | Decimal:
    """Return ``cell``, which is known to be a number, as one."""
    if INTEGER.fullmatch(cell):
        # Python refuses to read integers of thousands of digits.
        return int(cell) if len(cell) < LONG else Decimal(cell)
    return float(cell.replace(mark, "."))


def one_line(text: str) -> str:
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
