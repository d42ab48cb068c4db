"""How large a batch of Arrow claims to be when unpacked, from its header alone.

Arrow allocates what a compressed buffer claims before it looks at it, so that a small file could
fill the memory. Source: Apache Arrow, "Columnar Format", and its ``Message.fbs``; FlatBuffers'
"Internals".
"""

from __future__ import annotations

import struct

from sphinx_mmbook.core.results.values.fault import unreadable

#: Fields by their number in ``Message.fbs``.
HEADER_TYPE, HEADER = 1, 2
DICTIONARY_BATCH, RECORD_BATCH = 2, 3
DICTIONARY_DATA, BUFFERS, COMPRESSION = 1, 2, 3
BUFFER = struct.Struct("<qq")


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
