"""What a cell of a text file can be: a number, a missing value, or text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]

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


def number_in(cell: str, mark: Mark = ".") -> int | float | Decimal | None:
    """Return the number that ``cell`` is, if it is one."""
    return number(cell, mark) if FLOATS[mark].fullmatch(cell) else None


def number(cell: str, mark: Mark) -> int | float | Decimal:
    """Return ``cell``, which is known to be a number, as one."""
    if INTEGER.fullmatch(cell):
        # Python refuses to read integers of thousands of digits.
        return int(cell) if len(cell) < LONG else Decimal(cell)
    return float(cell.replace(mark, "."))
