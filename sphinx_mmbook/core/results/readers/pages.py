"""What the pages of a Parquet file unpack to, by their own headers: the footer may lie.

pyarrow unpacks a page at once and tells its size only afterwards. The headers are structs of
Thrift's compact protocol. Source: Apache Parquet, ``parquet.thrift``; Apache Thrift, "Compact
protocol encoding".
"""

from __future__ import annotations

from typing import Any

from sphinx_mmbook.core.results.values.fault import unreadable

#: Fields of ``PageHeader``.
UNPACKED, PACKED = 2, 3
#: Kinds of fields; a field of kind TRUE or FALSE is its value.
TRUE, FALSE, BYTE, INTEGERS, DOUBLE, BINARY, LISTS, STRUCT = 1, 2, 3, (4, 5, 6), 7, 8, (9, 10), 12


def unpacked_pages(data: bytes, metadata: Any) -> tuple[int, int]:
    """Return how many bytes all pages have when unpacked, and the longest page of each column.

    ``metadata`` is pyarrow's ``FileMetaData``. The second number is the sum over the columns.

    :raises ResultFault: if a header is damaged.
    """
    total, longest = 0, [0] * metadata.num_columns
    try:
        for group in range(metadata.num_row_groups):
            for number in range(metadata.num_columns):
                sizes = _pages(data, metadata.row_group(group).column(number))
                total += sum(sizes)
                longest[number] = max([longest[number], *sizes])
    except (IndexError, KeyError, ValueError):
        raise unreadable("has a damaged header; store the result again") from None
    return total, sum(longest)


def _pages(data: bytes, column: Any) -> list[int]:
    starts = [column.data_page_offset]
    if column.has_dictionary_page and column.dictionary_page_offset:
        starts.append(column.dictionary_page_offset)
    position = min(starts)
    end = position + column.total_compressed_size
    sizes = []
    while position < end:
        reader = _Reader(data, position)
        fields = reader.struct()
        unpacked, packed = fields[UNPACKED], fields[PACKED]
        if unpacked < 0 or packed < 0:
            raise ValueError
        sizes.append(unpacked)
        position = reader.position + packed
    return sizes


class _Reader:
    """Reads a struct; only its own numbers are kept."""

    def __init__(self, data: bytes, position: int) -> None:
        if position < 0:
            raise ValueError
        self.data = data
        self.position = position

    def struct(self, depth: int = 0) -> dict[int, int]:
        """Return the whole numbers of a struct by the numbers of their fields."""
        if depth > 8:
            raise ValueError
        fields: dict[int, int] = {}
        number = 0
        while head := self.byte():
            number = number + (head >> 4) if head >> 4 else _signed(self.varint())
            fields[number] = self.value(head & 15, depth)
        return fields

    def value(self, kind: int, depth: int) -> int:
        if kind in (TRUE, FALSE):
            return 0
        if kind in INTEGERS:
            return _signed(self.varint())
        if kind == STRUCT:
            self.struct(depth + 1)
        elif kind in LISTS:
            head = self.byte()
            length = head >> 4 if head >> 4 < 15 else self.varint()
            for _ in range(length):
                self.value(head & 15 if head & 15 > FALSE else BYTE, depth + 1)
        elif kind in (BYTE, DOUBLE, BINARY):
            length = {BYTE: 1, DOUBLE: 8}.get(kind) or self.varint()
            self.position += length
        else:
            raise ValueError
        return 0

    def byte(self) -> int:
        self.position += 1
        return self.data[self.position - 1]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError


def _signed(value: int) -> int:
    """Undo the zigzag in which small negative numbers are short."""
    return (value >> 1) ^ -(value & 1)
