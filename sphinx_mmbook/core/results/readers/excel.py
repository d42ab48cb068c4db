"""Workbooks of Excel, by openpyxl: the values of one sheet as they were last computed."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.readers.csv_text import with_index_names
from sphinx_mmbook.core.results.values.fault import (
    missing_extra,
    too_large,
    unfit,
    unpacks_to_more,
    unreadable,
    wrong_option,
)
from sphinx_mmbook.core.results.values.frames import MAX_CELLS, MAX_COLUMNS, column, frame
from sphinx_mmbook.core.suggestions import quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pandas import DataFrame

    Row = tuple[Any, ...]

#: A workbook is zipped XML, several times as large as what it says.
UNPACKED = 5
#: XML that begins with its root: before that, a document type could define entities without end.
PLAIN_XML = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?[^>]*\?>\s*)*<[A-Za-z]")
#: What Excel writes where a formula failed.
ERRORS = frozenset({
    "#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#GETTING_DATA",
})  # fmt: skip


def read_excel(data: bytes, sheet: str, header_rows: int, max_bytes: int) -> DataFrame:
    """Return the table in a sheet, the first if none is named.

    Formulas are not computed. The names are in the first row(s) that are not empty.

    :raises ResultFault: if the workbook is too large, or has no such sheet.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("openpyxl", "excel") from None
    _check(data, max_bytes)
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if sheet and sheet not in book.sheetnames:
        raise unfit(f"has no sheet '{sheet}'; it has {quoted_list(book.sheetnames)}")
    chosen = book[sheet] if sheet else book.worksheets[0]
    # The size that the sheet states may be a lie, and for empty rows costs time.
    chosen.reset_dimensions()
    rows = list(_rows(chosen.iter_rows(values_only=True)))
    if not rows:
        raise unfit("has nothing in its sheet; store the result again")
    if len(rows) < header_rows:
        raise wrong_option(f"has fewer rows ({len(rows)}) than ':header-rows: {header_rows}'")
    width = max(map(len, rows))
    rows = [(*row, *[None] * (width - len(row))) for row in rows]
    names, cells = _names(rows[:header_rows]), rows[header_rows:]
    return frame(names, [column([row[position] for row in cells]) for position in range(width)])


def _check(data: bytes, max_bytes: int) -> None:
    """Refuse what unpacks to too much, and XML that defines entities, which may grow without end.

    Python's zipfile never unpacks more of a member than it claims.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile:
        raise unreadable("is not a workbook; save it as .xlsx, or store a CSV file") from None
    members = archive.infolist()
    if sum(member.file_size for member in members) > UNPACKED * max_bytes:
        raise unpacks_to_more(UNPACKED * max_bytes)
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as file:
                head = file.read(4_096)
            if not PLAIN_XML.match(head):
                raise unreadable("is not a workbook that Excel wrote; store a CSV file")


def _rows(found: Iterable[Row]) -> Iterator[Row]:
    """Yield rows that are not empty, without the empty cells at their end."""
    total = 0
    for row in found:
        filled = next(
            (position for position in range(len(row), 0, -1) if row[position - 1] is not None), 0
        )
        total += max(filled, 1)
        if total > MAX_CELLS or filled > MAX_COLUMNS:
            raise too_large("has more cells than a book can read; store a summary instead")
        if filled:
            yield tuple(None if cell in ERRORS else cell for cell in row[:filled])


def _names(rows: list[Row]) -> list[str | tuple[str, ...]]:
    """Return the columns' names; a merged cell above others has its name in the first only."""
    texts = with_index_names([["" if cell is None else str(cell) for cell in row] for row in rows])
    for row in texts[:-1]:
        for position in range(1, len(row)):
            row[position] = row[position] or row[position - 1]
    names = list(zip(*texts, strict=True))
    return [name if len(name) > 1 else name[0] for name in names]
