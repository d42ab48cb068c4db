"""Parquet and Feather, by pyarrow.

Arrow allocates what a compressed buffer claims before it looks at it, so that a small Feather file
could fill the memory; pyarrow does not tell the claim. It is read from the header of each batch.
Source: Apache Arrow, "Columnar Format", and its ``Message.fbs``; FlatBuffers' "Internals". So it is
with the pages of a Parquet file, whose headers are read in ``pages.py``. What is said once and
meant often (a text of a megabyte in each of 1,500 rows) is counted as often as it is meant.
"""

from __future__ import annotations

import struct
from ast import literal_eval
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.readers.pages import unpacked_pages
from sphinx_mmbook.core.results.values.fault import (
    missing_extra,
    too_large,
    unfit,
    unpacks_to_more,
    unreadable,
)
from sphinx_mmbook.core.results.values.frames import check_size, column, frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame, Series

BATCH_ROWS, BATCH_BYTES = 10_000, 100_000_000
#: What pandas calls an index that has no name.
NO_NAME = re.compile(r"__index_level_\d+__")
FEATHER = b"ARROW1"
#: Fields by their number in ``Message.fbs``.
HEADER_TYPE, HEADER = 1, 2
DICTIONARY_BATCH, RECORD_BATCH = 2, 3
DICTIONARY_DATA, BUFFERS, COMPRESSION = 1, 2, 3
BUFFER = struct.Struct("<qq")


def read_parquet(data: bytes, max_bytes: int) -> DataFrame:
    """Return the table in ``data``, of at most ``max_bytes`` when unpacked.

    The footer may lie about the size, so that pages and batches are counted. No value is longer
    than the page that it is in, so that a batch of few enough rows fits the memory.

    :raises ResultFault: if it is too large, has nested columns, or pyarrow is not there.
    """
    try:
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("pyarrow", "parquet") from None
    file = ParquetFile(BytesIO(data))
    check_size(file.metadata.num_rows, file.metadata.num_columns)
    total, longest = unpacked_pages(data, file.metadata)
    if total > max_bytes:
        raise unpacks_to_more(max_bytes)
    rows = min(BATCH_ROWS, BATCH_BYTES // max(longest, 1) + 1)
    return _table(file.iter_batches(batch_size=rows), file.schema_arrow, max_bytes)


def parquet_names(file: BinaryIO) -> list[str | tuple[str, ...]]:
    """Return the names of the columns that :func:`read_parquet` gives, by the footer alone."""
    from pyarrow.parquet import read_schema  # noqa: PLC0415 -- an extra

    schema = read_schema(file)
    titles = _titles(schema.names, schema.pandas_metadata or {})
    return [titles[position] for position in _order(schema)]


def read_feather(data: bytes, max_bytes: int) -> DataFrame:
    """Return the table in a Feather file (version 2), of at most ``max_bytes`` when unpacked.

    Such a file is a stream of batches between two marks. It is read as that stream, so that what
    each batch claims to unpack to is known before it is unpacked.

    :raises ResultFault: as :func:`read_parquet`.
    """
    try:
        from pyarrow import BufferReader, ipc, py_buffer  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("pyarrow", "parquet") from None
    if not data.startswith(FEATHER):
        raise unreadable("is not a Feather file of version 2; store the result again")
    stream = py_buffer(data).slice(len(FEATHER) + 2)
    claimed = 0
    for message in ipc.MessageReader.open_stream(BufferReader(stream)):
        if message.type != "schema":
            claimed += unpacked_size(message.metadata.to_pybytes(), message.body.to_pybytes())
        if claimed > max_bytes:
            raise unpacks_to_more(max_bytes)
    reader = ipc.open_stream(BufferReader(stream))
    return _table(reader, reader.schema, max_bytes)


def _table(batches: Iterable[Any], schema: Any, max_bytes: int) -> DataFrame:
    from pyarrow import Table  # noqa: PLC0415 -- an extra

    kept, size = [], 0
    for batch in batches:
        batch.validate(full=True)  # damaged offsets would lead out of the memory
        size += sum(map(meant_bytes, batch.columns))
        if size > max_bytes:
            raise too_large(f"has more than {max_bytes:,} bytes of data; store a summary instead")
        kept.append(batch)
    table = Table.from_batches(kept, schema=schema)
    check_size(table.num_rows, table.num_columns)
    names = [table.column_names[position] for position in range(table.num_columns)]
    titles = _titles(names, table.schema.pandas_metadata or {})
    return frame(
        [titles[position] for position in _order(table.schema)],
        [_column(names[position], table[position]) for position in _order(table.schema)],
    )


def meant_bytes(values: Any) -> int:
    """Return the bytes of a column if each of its texts is written out."""
    import numpy as np  # noqa: PLC0415 -- as pyarrow
    from pyarrow import compute, types  # noqa: PLC0415 -- an extra

    kind = values.type
    if types.is_dictionary(kind):
        texts = values.dictionary
        if not (types.is_string(texts.type) or types.is_large_string(texts.type)):
            return int(values.nbytes)
        lengths = compute.binary_length(texts).take(values.indices)
        return int(values.indices.nbytes) + int(compute.sum(lengths).as_py() or 0)
    if str(kind) in ("string_view", "binary_view"):
        views = np.frombuffer(values.buffers()[1], "<i4")[values.offset * 4 :]
        return int(views[: len(values) * 4 : 4].sum(dtype="i8"))
    return int(values.nbytes)


def _titles(names: list[str], stored: dict[str, Any]) -> list[str | tuple[str, ...]]:
    """Return the columns' names; pandas writes those of several levels as tuples of Python."""
    several = len(stored.get("column_indexes") or []) > 1
    index = {name for name in stored.get("index_columns", []) if isinstance(name, str)}
    titles: list[str | tuple[str, ...]] = []
    for name in names:
        value: Any = name
        if NO_NAME.fullmatch(name):
            value = ""
        elif several and name not in index:
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
                value = literal_eval(name[:1_000])
        titles.append(tuple(map(str, value)) if isinstance(value, tuple) else str(value))
    return titles


def _order(schema: Any) -> list[int]:
    """Return the columns' places, with those first that are the row names of a data frame."""
    stored = (schema.pandas_metadata or {}).get("index_columns", [])
    index = [name for name in stored if isinstance(name, str)]
    names = schema.names  # made anew each time
    return sorted(range(len(names)), key=lambda place: names[place] not in index)


def _column(name: str, chunks: Any) -> Series[Any]:
    from pyarrow import types  # noqa: PLC0415 -- an extra

    kind = chunks.type
    if types.is_nested(kind) or str(kind).startswith("run_end_encoded"):
        raise unfit(f"has lists or runs in column '{name}'; store one value in a cell")
    if types.is_integer(kind) or types.is_string(kind) or types.is_large_string(kind):
        return column(chunks.to_pylist())
    values: Series[Any] = chunks.to_pandas()
    return values.reset_index(drop=True)


def unpacked_size(header: bytes, body: bytes) -> int:
    """Return how many bytes the buffers of a batch have when unpacked.

    :raises ResultFault: if the header is damaged.
    """
    try:
        return _unpacked_size(header, body)
    except (struct.error, IndexError):
        raise unreadable("has a damaged header; store the result again") from None


def _unpacked_size(header: bytes, body: bytes) -> int:
    message = _uint(header, 0)
    kind = _field(header, message, HEADER_TYPE)
    batch = _target(header, _field(header, message, HEADER))
    if not kind or not batch:
        return 0
    if header[kind] == DICTIONARY_BATCH:
        batch = _target(header, _field(header, batch, DICTIONARY_DATA))
    elif header[kind] != RECORD_BATCH:
        return 0
    buffers = _target(header, _field(header, batch, BUFFERS))
    packed = _field(header, batch, COMPRESSION)
    if not buffers:
        return 0
    total = 0
    for number in range(_uint(header, buffers)):
        offset, length = BUFFER.unpack_from(header, buffers + 4 + number * BUFFER.size)
        if offset < 0 or length < 0:
            raise IndexError
        # A compressed buffer begins with the length of what it holds; -1 says that it is not.
        claimed = struct.unpack_from("<q", body, offset)[0] if packed and length >= 8 else -1
        total += claimed if claimed >= 0 else length
    return total


def _field(data: bytes, table: int, number: int) -> int:
    """Return where a field of a table is, 0 if it has none."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    position = 4 + 2 * number
    if vtable < 0 or table <= 0 or position >= struct.unpack_from("<H", data, vtable)[0]:
        return 0
    offset: int = struct.unpack_from("<H", data, vtable + position)[0]
    return table + offset if offset else 0


def _target(data: bytes, position: int) -> int:
    return position + _uint(data, position) if position else 0


def _uint(data: bytes, position: int) -> int:
    value: int = struct.unpack_from("<I", data, position)[0]
    return value
