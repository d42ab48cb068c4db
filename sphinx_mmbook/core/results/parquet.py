"""Parquet, by pyarrow."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.fault import missing_extra, too_large, unfit
from sphinx_mmbook.core.results.frames import check_size, column, frame

if TYPE_CHECKING:
    from pandas import DataFrame, Series

BATCH_ROWS = 10_000
#: What pandas calls an index that has no name.
NO_NAME = "__index_level_0__"


def read_parquet(data: bytes, max_bytes: int) -> DataFrame:
    """Return the table in ``data``, of at most ``max_bytes`` when unpacked.

    The footer may lie about the size, so that batches are counted as they come.

    :raises ResultFault: if it is too large, has nested columns, or pyarrow is not there.
    """
    try:
        from pyarrow import Table  # noqa: PLC0415 -- an extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError:
        raise missing_extra("pyarrow", "parquet") from None
    file = ParquetFile(BytesIO(data))
    check_size(file.metadata.num_rows, file.metadata.num_columns)
    batches, size = [], 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        size += batch.nbytes
        if size > max_bytes:
            raise too_large(f"has more than {max_bytes:,} bytes of data; store a summary instead")
        batches.append(batch)
    table = Table.from_batches(batches, schema=file.schema_arrow)
    order = _order(table)
    names = [table.column_names[place] for place in order]
    titles = ["" if name == NO_NAME else name for name in names]
    return frame(titles, [_column(table.column_names[place], table[place]) for place in order])


def _order(table: Any) -> list[int]:
    """Return the columns' places, with those first that are the row names of a data frame."""
    stored = (table.schema.pandas_metadata or {}).get("index_columns", [])
    index = [name for name in stored if isinstance(name, str)]
    return sorted(
        range(table.num_columns), key=lambda place: table.column_names[place] not in index
    )


def _column(name: str, chunks: Any) -> Series[Any]:
    from pyarrow import types  # noqa: PLC0415 -- an extra

    kind = chunks.type
    if types.is_nested(kind):
        raise unfit(f"has lists in column '{name}'; store one value in a cell")
    if types.is_integer(kind) or types.is_string(kind) or types.is_large_string(kind):
        return column(chunks.to_pylist())
    values: Series[Any] = chunks.to_pandas()
    return values.reset_index(drop=True)
