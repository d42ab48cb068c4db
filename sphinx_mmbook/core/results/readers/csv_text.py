"""CSV and TSV in the dialects that R, pandas and spreadsheets write."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, TextIO

from sphinx_mmbook.core.results.values.fault import unfit, unreadable, wrong_option
from sphinx_mmbook.core.results.values.frames import check_size, column, frame
from sphinx_mmbook.core.results.values.literals import FLOATS, NO_NUMBER, NO_WORD, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pandas import DataFrame, Series

    from sphinx_mmbook.core.results.values.literals import Mark

SNIFFED_RECORDS = 50
REMARK = re.compile(r"#|sep=.\s*$", re.IGNORECASE)
#: What may stand between fields, by the file's suffix.
SEPARATORS = {".csv": ",;\t|", ".tsv": "\t"}


def read_text(data: bytes, separators: str = ",;\t|", header_rows: int = 1) -> DataFrame:
    """Return the table in ``data``: UTF-8, perhaps a byte-order mark, names in the first row(s).

    :raises ResultFault: if it is no such table.
    """
    text = decode(data)
    if not text.strip():
        raise unfit("is empty; store the result again")
    for _ in range(remarks(text, separators)):
        text = text.partition("\n")[2]
    separator = separator_of(text, separators)
    buffer = StringIO(text, newline="")
    names = read_names(buffer, separator, header_rows)
    check_size(text.count("\n") + text.count("\r"), len(names))
    columns = _columns(buffer, separator, len(names))
    mark = decimal_mark(columns, separator)
    return frame(names, [typed(values, mark) for values in columns])


def decode(data: bytes) -> str:
    """Return the text of a file.

    :raises ResultFault: if it is none.
    """
    # Excel calls UTF-16 "Unicode text".
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable("is not UTF-8; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise unreadable("is no text; save the result as CSV")
    return text


def read_records(buffer: TextIO, separator: str) -> Iterator[list[str]]:
    """Yield records that are not blank; what is not yet read stays in ``buffer``."""
    try:
        reader = csv.reader(iter(buffer.readline, ""), delimiter=separator, strict=True)
        yield from (record for record in reader if record)
    except csv.Error as error:
        raise unreadable(f"is no CSV: {error}; save it again") from None


def separator_of(text: str, candidates: str) -> str:
    """Return the separator by which the first records have the same, greatest number of fields."""

    def merit(separator: str) -> tuple[bool, int]:
        try:
            records = read_records(StringIO(text, newline=""), separator)
            widths = [len(record) for record in islice(records, SNIFFED_RECORDS)]
        except Exception:
            return (False, 0)
        # R's write.table gives the header one name less than the rows have fields.
        return (len(set(widths[1:])) <= 1 and widths[-1] > 1, min(widths))

    return max(candidates, key=merit)


def remarks(text: str, separators: str) -> int:
    """Return how many lines at the beginning are no header: ``# made by …``, Excel's ``sep=;``.

    A header may begin with the same sign; it has as many fields as the rows below.
    """
    lines = list(takewhile(REMARK.match, StringIO(text)))
    below = text[sum(map(len, lines)) :]
    if not lines or not below.strip():
        return 0
    separator = separator_of(below, separators)
    if not lines[-1].startswith("#"):
        return len(lines)
    first = (next(read_records(StringIO(part), separator), []) for part in (lines[-1], below))
    return len(lines) - (len(next(first)) == len(next(first)))


def read_names(buffer: StringIO, separator: str, header_rows: int) -> list[str | tuple[str, ...]]:
    """Read the header. Row names without a name of their own get the empty one.

    With several rows each name is a tuple; as spreadsheets write merged cells, an empty name above
    another is that to its left.
    """
    records = read_records(buffer, separator)
    rows = [[name.strip() for name in row] for row in islice(records, header_rows)]
    if len(rows) < header_rows:
        raise wrong_option(f"has only {len(rows)} rows, fewer than ':header-rows: {header_rows}'")
    start = buffer.tell()
    first = next(records, rows[-1])
    buffer.seek(start)
    width = max(len(first), *map(len, rows))
    if width > max(map(len, rows)) + 1:
        raise unreadable(f"has {len(rows[0])} names above {len(first)} columns; save it again")
    rows = [[""] * (width - len(row)) + row for row in rows]
    rows = with_index_names(rows)
    if len(rows) == 1:
        return list(rows[0])
    for row in rows[:-1]:
        for position in range(1, width):
            row[position] = row[position] or row[position - 1]
    return list(zip(*rows, strict=True))


def with_index_names(rows: list[list[str]]) -> list[list[str]]:
    """Put the names of row names, to which pandas gives a row of their own, into the one above.

    Below columns with several rows of names, it writes ``model,,,`` where these have nothing.
    """
    above, last = rows[:-1], rows[-1]
    has_room = all(
        not name or not any(row[position] for row in above) for position, name in enumerate(last)
    )
    if len(rows) < 3 or not has_room or not any(last):
        return rows
    joined = [name or upper for name, upper in zip(last, above[-1], strict=True)]
    return [*above[:-1], joined]


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


def decimal_mark(columns: Sequence[Sequence[str]], separator: str) -> Mark:
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


def _is_number(values: Sequence[str], mark: Mark) -> bool:
    pattern = FLOATS[mark]
    return all(cell in NO_NUMBER or pattern.fullmatch(cell) for cell in map(str.strip, values))


def typed(values: Sequence[str], mark: Mark) -> Series[Any]:
    """Return a column of numbers where every cell is one, else of words."""
    cells = [cell.strip() for cell in values]
    if not any(cells):
        return column([None] * len(cells))
    if all(cell in NO_NUMBER for cell in cells) or not _is_number(values, mark):
        return column([None if cell in NO_WORD else cell for cell in values])
    return column([None if cell in NO_NUMBER else number(cell, mark) for cell in cells])
