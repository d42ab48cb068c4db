"""CSV and TSV in the dialects that R, pandas and spreadsheets write."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from sphinx_mmbook.core.results.fault import unfit, unreadable
from sphinx_mmbook.core.results.frames import check_size, column, frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame, Series

Mark = Literal[".", ","]

#: What stands for a missing value in a column of numbers, and in one of words: there an empty cell
#: is an empty cell, and "None" or "null" may well be a word.
NO_NUMBER = frozenset(
    {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None"}
)
NO_WORD = frozenset({"NA", "<NA>", "NaN", "#N/A"})
# A leading zero or plus makes an identifier: 01013500 is a gauge, +49 89 a telephone.
INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
FLOATS = {
    mark: re.compile(rf"-?(?:(?:0|[1-9]\d*)(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+)"
                     r"(?:[eE][+-]?\d+)?|-?[Ii]nf")
    for mark in (".", ",")
}  # fmt: skip
SNIFFED_RECORDS = 50


def read_text(data: bytes, separators: str = ",;\t|") -> DataFrame:
    """Return the table in ``data``: UTF-8, perhaps a byte-order mark, names in the first row.

    :raises ResultFault: if it is no such table.
    """
    text = _decode(data)
    if not text.strip():
        raise unfit("is empty; store the result again")
    separator = _separator(text, separators)
    buffer = StringIO(text, newline="")
    names = _names(buffer, separator)
    check_size(text.count("\n") + text.count("\r"), len(names))
    columns = _columns(buffer, separator, len(names))
    mark = _decimal_mark(columns, separator)
    return frame(names, [_typed(values, mark) for values in columns])


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("is not UTF-8; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise unreadable("is no text; save the result as CSV")
    return text


def _records(buffer: StringIO, separator: str) -> Iterator[list[str]]:
    """Yield records that are not blank; what is not yet read stays in ``buffer``."""
    try:
        reader = csv.reader(iter(buffer.readline, ""), delimiter=separator, strict=True)
        yield from (record for record in reader if record)
    except csv.Error as error:
        raise unreadable(f"is no CSV: {error}; save it again") from None


def _separator(text: str, candidates: str) -> str:
    """Return the separator by which the first records have the same, greatest number of fields."""

    def merit(separator: str) -> tuple[bool, int]:
        try:
            records = _records(StringIO(text, newline=""), separator)
            widths = [len(record) for record in islice(records, SNIFFED_RECORDS)]
        except Exception:
            return (False, 0)
        # R's write.table gives the header one name less than the rows have fields.
        return (len(set(widths[1:])) <= 1 and widths[-1] > 1, min(widths))

    return max(candidates, key=merit)


def _names(buffer: StringIO, separator: str) -> list[str]:
    """Read the header. Row names without a name of their own get the empty one."""
    records = _records(buffer, separator)
    names = [name.strip() for name in next(records, [])]
    start = buffer.tell()
    first = next(records, names)
    buffer.seek(start)
    if len(first) == len(names) + 1:
        return ["", *names]
    if len(first) > len(names):
        raise unreadable(f"has {len(names)} names above {len(first)} columns; save it again")
    return names


def _columns(buffer: StringIO, separator: str, width: int) -> list[list[str]]:
    """Return the cells of each column, as they are in the file."""
    import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

    try:
        cells = pd.read_csv(
            buffer, sep=separator, header=None, names=range(width), index_col=False, dtype=str,
            keep_default_na=False, na_filter=False, on_bad_lines="error", low_memory=False,
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        return [[] for _ in range(width)]
    except pd.errors.ParserError as error:
        reason = str(error).rpartition("C error: ")[2].strip()
        raise unreadable(f"is no CSV: {reason}; save it again") from None
    return [_strings(cells[number]) for number in range(width)]


def _strings(cells: Series[Any]) -> list[str]:
    """Return text cells; a record that ends early has no text there."""
    return [cell if isinstance(cell, str) else "" for cell in cells.tolist()]


def _decimal_mark(columns: list[list[str]], separator: str) -> Mark:
    """Return the decimal comma if fields are not separated by commas and no point is in sight."""
    if separator == ",":
        return "."
    comma = any(
        _is_number(values, ",") and any("," in cell for cell in values) for values in columns
    )
    point = any(
        _is_number(values, ".") and any("." in cell for cell in values) for values in columns
    )
    return "," if comma and not point else "."


def _is_number(values: list[str], mark: Mark) -> bool:
    pattern = FLOATS[mark]
    return all(cell in NO_NUMBER or pattern.fullmatch(cell) for cell in map(str.strip, values))


def _typed(values: list[str], mark: Mark) -> Series[Any]:
    """Return a column of numbers where every cell is one, else of words."""
    cells = [cell.strip() for cell in values]
    if all(cell in NO_NUMBER for cell in cells) or not _is_number(values, mark):
        return column([None if cell in NO_WORD else cell for cell in values])
    return column([None if cell in NO_NUMBER else _number(cell, mark) for cell in cells])


def _number(cell: str, mark: Mark) -> int | float:
    # Python refuses to read integers of thousands of digits; nobody shows those.
    if INTEGER.fullmatch(cell) and len(cell) < 100:
        return int(cell)
    return float(cell.replace(mark, "."))
