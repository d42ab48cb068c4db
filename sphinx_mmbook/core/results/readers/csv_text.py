"""CSV and TSV in the dialects that R, pandas and spreadsheets write."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, TextIO

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.values.cell_values import (
    FLOATS,
    INTEGER,
    NO_NUMBER,
    NO_WORD,
    Mark,
    number,
)
from sphinx_mmbook.core.results.values.fault import too_large, unfit, unreadable, wrong_option
from sphinx_mmbook.core.results.values.frames import MAX_CELLS, check_size, column, dtype_of, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pandas import DataFrame, Series


SNIFFED_RECORDS = 50
REMARK = re.compile(r"#|sep=.\s*$", re.IGNORECASE)
#: A line that is not an integer; one that is not a number, by the decimal mark.
NO_INTEGER = re.compile(rf"^(?!(?:{INTEGER.pattern})$)", re.ASCII | re.MULTILINE)
NO_FLOAT = {
    mark: re.compile(rf"^(?!(?:{one.pattern})$)", re.ASCII | re.MULTILINE)
    for mark, one in FLOATS.items()
}
#: Integers of up to this many digits are the same as floats.
SURELY_EXACT = 15
#: What may stand between fields, by the file's suffix.
SEPARATORS = {".csv": ",;\t|", ".tsv": "\t"}


def read_text(data: bytes, separators: str = ",;\t|", header_rows: int = 1) -> DataFrame:
    """Return the table in ``data``: UTF-8, perhaps a byte-order mark, names in the first row(s).

    :raises ResultFault: if it is not such a table.
    """
    text = decode(data)
    if not text.strip():
        raise unfit("is empty; store the result again")
    table = TextTable(text, separators, header_rows)
    check_size(text.count("\n") + text.count("\r"), len(table.names))
    cells = next(table.chunks(StringIO(text, newline="")))
    table.note(cells)
    return table.typed(cells)


class TextTable:
    """A table in a text file, of which ``sample`` is the beginning; names are in the first rows.

    Its records may come in parts. What a column holds is known after all parts were noted.
    """

    def __init__(self, sample: str, separators: str, header_rows: int) -> None:
        body = sample
        for _ in range(comment_lines(sample, separators)):
            body = body.partition("\n")[2]
        self.separator = separator_of(body, separators)
        buffer = StringIO(body, newline="")
        self.names = read_names(buffer, self.separator, header_rows)
        self.start = len(sample) - len(body) + buffer.tell()
        self.columns = [_Cells() for _ in self.names]
        self.rows = 0

    def chunks(self, file: TextIO, rows: int = MAX_CELLS) -> Iterator[DataFrame]:
        """Yield the records of a file in chunks, as cells of text; nothing for no rows."""
        import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

        file.read(self.start)
        try:
            with pd.read_csv(
                file, sep=self.separator, header=None, names=range(len(self.names)),
                index_col=False, dtype=object, keep_default_na=False, na_filter=False,
                on_bad_lines="error", low_memory=False, chunksize=rows,
            ) as reader:  # fmt: skip
                yield from reader
        except pd.errors.EmptyDataError:
            yield pd.DataFrame(columns=range(len(self.names)))
        except pd.errors.ParserError as error:
            reason = str(error).rpartition("C error: ")[2].strip()
            raise unreadable(f"is not a CSV: {reason}; save it again") from None

    def note(self, cells: DataFrame) -> None:
        """Take notice of what some records hold."""
        self.rows += len(cells)
        self.note_columns([_strings(cells[place]) for place in range(len(self.columns))])

    def note_columns(self, columns: Iterable[Sequence[str]]) -> None:
        """Take notice of what the columns hold in some records."""
        for noted, cells in zip(self.columns, columns, strict=False):
            noted.note(cells)

    def is_text(self, place: int) -> bool:
        """Whether a column has cells that are not numbers."""
        return self.mark not in self.columns[place].marks

    def typed(self, cells: DataFrame) -> DataFrame:
        """Return some records with numbers where all records have one, else words."""
        return frame(self.names, [self.column(cells, place) for place in range(len(self.names))])

    def column(self, cells: DataFrame, place: int) -> Series[Any]:
        """Return one column of some records."""
        return self.columns[place].typed(cells[place], self.mark)

    @property
    def mark(self) -> Mark:
        """The decimal comma if fields are not separated by commas and no point is in sight."""
        signs = {sign for column in self.columns for sign in column.signs & column.marks}
        return "," if self.separator != "," and signs == {","} else "."


class _Cells:
    """What the cells of a column can be, as far as they were noted."""

    def __init__(self) -> None:
        #: Decimal marks by which all of them are numbers, and those that they have.
        self.marks: set[Mark] = {".", ","}
        self.signs: set[Mark] = set()
        self.kinds: set[type] = set()
        self.largest = 0
        self.is_blank = self.is_missing = True

    def note(self, values: Sequence[str]) -> None:
        if not self.marks:  # it is one of words, whatever else it holds
            return
        cells = set(map(str.strip, values))
        self.is_blank = self.is_blank and not any(cells)
        cells -= NO_NUMBER
        if not cells:
            return
        self.is_missing = False
        # One search of a long text takes a fifth of the time of many matches.
        text = "\n".join(cells)
        if text.count("\n") >= len(cells):
            self.marks = set()
        elif not NO_INTEGER.search(text):  # which are numbers by either mark
            self.kinds.add(int)
        else:
            self.marks = {mark for mark in self.marks if not NO_FLOAT[mark].search(text)}
            self.signs |= {mark for mark in self.marks if mark in text}
            self.kinds |= {float} if self.marks else set()
        if self.marks and max(map(len, cells)) > SURELY_EXACT:
            mark = next(iter(self.marks))
            for found in (number(cell, mark) for cell in cells if len(cell) > SURELY_EXACT):
                self.kinds.add(type(found))
                self.largest = max(self.largest, abs(found) if type(found) is int else 0)

    def typed(self, series: Series[Any], mark: Mark) -> Series[Any]:
        """Return cells as numbers where every cell noted is one, else as words."""
        values = _strings(series)
        if self.is_blank:
            return column([None] * len(values), "object")
        if self.is_missing or mark not in self.marks:
            return column([None if cell in NO_WORD else cell for cell in values], "object")
        dtype = dtype_of(self.kinds, self.largest)
        read: Callable[[str], Any] = lambda cell: number(cell, mark)  # noqa: E731
        if dtype == "float64":
            read = float if mark == "." else lambda cell: float(cell.replace(mark, "."))
        elif dtype == "Int64":
            read = int
        cells = map(str.strip, values)
        return column([None if cell in NO_NUMBER else read(cell) for cell in cells], dtype)


def decode(data: bytes) -> str:
    """Return the text of a file.

    :raises ResultFault: if it is not text.
    """
    try:
        text = data.decode(encoding_of(data))
    except UnicodeDecodeError:
        raise unreadable("is not UTF-8; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise unreadable("is not text; save the result as CSV")
    return text


def encoding_of(data: bytes) -> str:
    """Return the encoding of text that begins so; Excel calls UTF-16 "Unicode text"."""
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def read_records(buffer: TextIO, separator: str) -> Iterator[list[str]]:
    """Yield records that are not blank; what is not yet read stays in ``buffer``."""
    try:
        reader = csv.reader(iter(buffer.readline, ""), delimiter=separator, strict=True)
        yield from (record for record in reader if record)
    except csv.Error as error:
        if "field limit" in str(error):
            most = f"{csv.field_size_limit():,}"
            raise too_large(
                f"has a cell of more than {most} characters; store a summary instead"
            ) from None
        raise unreadable(f"is not a CSV: {error}; save it again") from None


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


def comment_lines(text: str, separators: str) -> int:
    """Return how many lines at the beginning are not a header: ``# made by …``, Excel's ``sep=;``.

    A header may begin with the same character; it has as many fields as the rows below.
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
    header = list(islice(records, header_rows))
    check_size(1, max(map(len, header), default=0))
    rows = [[name.strip() for name in row] for row in header]
    if len(rows) < header_rows:
        raise wrong_option(f"has fewer rows ({len(rows)}) than ':header-rows: {header_rows}'")
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


def _strings(cells: Series[Any]) -> list[str]:
    """Return text cells; a record that ends early has no text there."""
    found: list[str] = (cells.fillna("") if cells.hasnans else cells).tolist()
    return found
