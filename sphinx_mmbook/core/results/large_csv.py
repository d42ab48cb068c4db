"""A few rows of a CSV file that is too large to be read whole.

It is gone through twice, in parts: to see what the columns hold, then to choose rows. So each cell
is what it would be in a small file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.readers.csv_text import TextTable, encoding_of
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.row_selection import Selection, matching, sorted_rows
from sphinx_mmbook.core.results.tables.table_text import MOST_ROWS
from sphinx_mmbook.core.results.values.fault import too_large, unreadable, wrong_option
from sphinx_mmbook.core.results.values.frames import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pandas import DataFrame


#: Larger files are not even looked through: it would take more than a minute.
MAX_SCAN = 500_000_000
#: Cells that are in memory at once, and what is read to find out the dialect.
CHUNK_CELLS, SAMPLE_CHARACTERS = 100_000, 200_000


def scan_text(path: Path, selection: Selection, separators: str, header_rows: int) -> DataFrame:
    """Return the rows of a CSV file that ``selection`` chooses, all columns, and maybe more rows.

    Returned are at least the rows that
    :func:`~sphinx_mmbook.core.results.tables.row_selection.select` needs to choose the same from
    them as from all.

    :raises ResultFault: if the file is not a table, or more rows are chosen than a page shows.
    """
    if path.stat().st_size > MAX_SCAN:
        raise too_large(f"is larger than {MAX_SCAN:,} bytes; store a summary instead")
    if selection.last and selection.last > MOST_ROWS:
        raise too_large(f"has ':rows:' up to {selection.last:,}; a page shows {MOST_ROWS:,}")
    with path.open("rb") as file:
        encoding = encoding_of(file.read(3))
    try:
        with path.open(encoding=encoding, newline="") as text:
            sample = text.read(SAMPLE_CHARACTERS)
        if len(sample) == SAMPLE_CHARACTERS:
            sample = sample.rpartition("\n")[0] + "\n"
        table = TextTable(sample, separators, header_rows)
        check_size(MOST_ROWS, len(table.names))
        for cells in _chunks(path, encoding, table):
            table.note(cells)
        return table.typed(_chosen(table, selection, _chunks(path, encoding, table)))
    except UnicodeDecodeError:
        raise unreadable("is not UTF-8; save it as CSV in UTF-8") from None


def _chunks(path: Path, encoding: str, table: TextTable) -> Iterator[DataFrame]:
    with path.open(encoding=encoding, newline="") as text:
        yield from table.chunks(text, max(CHUNK_CELLS // len(table.names), 1))


def _chosen(table: TextTable, selection: Selection, chunks: Iterator[DataFrame]) -> DataFrame:
    """Return the records that are chosen, with the first in their order if some are sorted out."""
    import pandas as pd  # noqa: PLC0415 -- half a second that the command line does not need

    kept: DataFrame = pd.DataFrame(columns=range(len(table.names)), dtype="object")
    columns, where = Columns(table.typed(kept)), selection.where
    positions = columns.of_condition(where).values() if where else ()
    sort = [(columns.position(name), largest) for name, largest in selection.sort]
    most = selection.last or MOST_ROWS + 1
    for cells in chunks:
        found = cells
        if where:
            found = cells.iloc[
                matching(where, [table.column(cells, position) for position in positions])
            ]
        kept = pd.concat([kept, found], ignore_index=True)
        keys = [(table.column(kept, position), largest) for position, largest in sort]
        kept = kept.iloc[list(sorted_rows(range(len(kept)), keys))[:most]]
        if not sort and len(kept) >= most:
            break
    if len(kept) > MOST_ROWS:
        raise too_large(
            f"has more than {MOST_ROWS:,} rows that are chosen; choose fewer with ':where:', "
            "or some of them with ':rows: 1-20'"
        )
    if not len(kept):
        text = f"has no row for ':where: {where.text}' among its {table.rows:,}" if where else ""
        raise wrong_option(text or "has no rows")
    return kept
