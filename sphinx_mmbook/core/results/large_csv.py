"""A few rows of a CSV file that is too large to be read whole.

The file is read record by record; of rows that are not chosen nothing is kept.
"""

from __future__ import annotations

import csv
import operator
from functools import lru_cache
from io import StringIO, TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.readers.csv_text import (
    decimal_mark,
    read_names,
    remarks,
    separator_of,
    typed,
)
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.prefilter import EXACT, number_sieve, passing
from sphinx_mmbook.core.results.tables.row_selection import sort_rows
from sphinx_mmbook.core.results.tables.table_text import MOST_ROWS
from sphinx_mmbook.core.results.values.cell_values import (
    NUMBERS,
    TEXT,
    RawCell,
    is_missing,
    sort_key,
)
from sphinx_mmbook.core.results.values.fault import too_large, unreadable, wrong_option
from sphinx_mmbook.core.results.values.frames import check_size, frame
from sphinx_mmbook.core.results.values.literals import NO_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pandas import DataFrame

    from sphinx_mmbook.core.results.tables.row_selection import Selection

    Record = list[str]
    Test = Callable[[Any], bool]

#: Larger files are not even looked through: at 100 MB a second that would take too long.
MAX_SCAN = 2_000_000_000
#: Records that are kept, beside those that are needed, before they are sorted.
KEPT_BESIDE = 1_000
#: Records that are looked at together.
CHUNK = 500
#: Words that begin with a letter and are none.
SPECIAL = NO_WORD | {"inf", "Inf", "infinity", "Infinity"}
#: What is read to find out the dialect.
SAMPLE_CHARACTERS = 200_000


def scan_text(path: Path, selection: Selection, separators: str, header_rows: int) -> DataFrame:
    """Return the rows of a CSV file that ``selection`` chooses, all columns, and maybe more rows.

    Returned are at least the rows that
    :func:`~sphinx_mmbook.core.results.tables.row_selection.select` needs to choose the same from
    them as from all.

    :raises ResultFault: if the file is no table, or more rows are chosen than a page shows.
    """
    if path.stat().st_size > MAX_SCAN:
        raise too_large(f"is larger than {MAX_SCAN:,} bytes; store a summary instead")
    with TextIOWrapper(path.open("rb"), "utf-8-sig", newline="") as file:
        try:
            sample = file.read(SAMPLE_CHARACTERS)
            skipped = remarks(sample, separators)
            sample = "".join(islice(StringIO(sample, newline=""), skipped, None))
            separator = separator_of(sample.rpartition("\n")[0], separators)
            names = read_names(StringIO(sample, newline=""), separator, header_rows)
            file.seek(0)
            for _ in range(skipped):
                file.readline()
            reader = csv.reader(file, delimiter=separator, strict=True)
            kept = _Keeper(names, selection).keep(islice(filter(None, reader), header_rows, None))
        except UnicodeDecodeError:
            raise unreadable("is not UTF-8; save it as CSV in UTF-8") from None
        except csv.Error as error:
            raise unreadable(f"is no CSV: {error}; save it again") from None
    columns = list(zip(*kept, strict=True)) or [()] * len(names)
    mark = decimal_mark(columns, separator)
    return frame(names, [typed(values, mark) for values in columns])


class _Keeper:
    """Keeps of the records that pass by those that are chosen."""

    def __init__(self, names: list[str | tuple[str, ...]], selection: Selection) -> None:
        self.selection, self.width = selection, len(names)
        columns = Columns(frame(names, [typed([], ".") for _ in names]))
        self.holds: Test | None = None
        self.limit: tuple[int, Any, str] | None = None  # the sort key of the last that is kept
        if where := selection.where:
            self.holds = where.on_records(columns.of_condition(where))
        self.sort = [(columns.position(name), largest) for name, largest in selection.sort]
        self.most = min(selection.last or MOST_ROWS + 1, MOST_ROWS + 1)
        if selection.last and selection.last > MOST_ROWS:
            raise too_large(f"has ':rows:' up to {selection.last:,}; a page shows {MOST_ROWS:,}")
        check_size(self.most, self.width)

    def keep(self, records: Iterator[Record]) -> list[Record]:
        """Return the records that are chosen."""
        kept: list[Record] = []
        while chunk := list(islice(records, CHUNK)):
            found = self.promising(self.complete(chunk))
            kept += passing(self.holds, found) if self.holds else found
            if self.sort and len(kept) >= 2 * self.most + KEPT_BESIDE:
                kept = self.first(kept)
                self.limit = _key(kept[-1][self.sort[0][0]])
            elif not self.sort and len(kept) >= self.most:
                break
        kept = self.first(kept)
        if not self.selection.last and len(kept) > MOST_ROWS:
            raise too_large(
                f"has more than {MOST_ROWS:,} rows that are chosen; choose fewer with ':where:', "
                "or some of them with ':rows: 1-20'"
            )
        if not kept:
            where = self.selection.where
            raise wrong_option(f"has no row for ':where: {where.text}'" if where else "has no rows")
        return kept

    def complete(self, records: list[Record]) -> list[Record]:
        """Return the records, with empty cells where one ends early."""
        width = self.width
        if set(map(len, records)) != {width}:
            for record in records:
                if len(record) > width:
                    many = len(record)
                    raise unreadable(f"has {many} values in {width} columns; save it again")
                record.extend([""] * (width - len(record)))
        return records

    def promising(self, records: list[Record]) -> list[Record]:
        """Return the records that do not come after all those that were kept."""
        if self.limit is None:
            return records
        position, largest = self.sort[0]
        compare = operator.ge if largest else operator.le
        if self.limit[0] != NUMBERS:
            keys = [_key(record[position]) for record in records]
            return [
                record
                for record, key in zip(records, keys, strict=True)
                if key is not None and compare(key, self.limit)
            ]
        value = self.limit[1]
        return number_sieve(records, position, compare, value) if abs(value) < EXACT else records

    def first(self, records: list[Record]) -> list[Record]:
        """Return those that come first in the order of the selection."""
        order = list(range(len(records)))
        for position, largest in reversed(self.sort):
            keys = [_key(record[position]) for record in records]
            order = sort_rows(order, keys.__getitem__, largest=largest)
        return [records[number] for number in order[: self.most]]


@lru_cache(maxsize=10_000)  # a column of text often has few different ones
def _key(text: str) -> tuple[int, Any, str] | None:
    text = text.strip()
    if text[:1].isalpha() and text not in SPECIAL:
        return TEXT, text.casefold(), text
    cell = RawCell(text)
    return None if is_missing(cell) else sort_key(cell)
