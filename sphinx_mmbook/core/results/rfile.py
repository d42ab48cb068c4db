"""R's ``.Rda``, ``.RData`` and ``.rds``: unpacking within limits, and finding the object meant.

Nothing in such a file is run: functions and environments in it are skipped as they are.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING, Any, Protocol

from sphinx_mmbook.core.results.fault import (
    missing_extra,
    too_large,
    unfit,
    unreadable,
)
from sphinx_mmbook.core.results.frames import MAX_CELLS
from sphinx_mmbook.core.results.robject import RValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Unpacker(Protocol):
    """What the decompressors of zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the member was reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What comes after it."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most ``max_length`` bytes."""
        ...


UNPACKERS: dict[bytes, Callable[[], Unpacker]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
}
WORKSPACE = (b"RDX", b"RDA", b"RDB")  # saved by save(), several objects with names
OBJECT = (b"X\n", b"A\n", b"B\n", b"A\r\n")  # saved by saveRDS()


def read_objects(data: bytes, max_bytes: int) -> dict[str, RValue]:
    """Return the objects in ``data`` by their names; one that ``saveRDS`` wrote is called ``""``.

    :raises ResultFault: if it is no such file, is larger than ``max_bytes`` when unpacked, or rdata
        is not there.
    """
    try:
        from rdata.parser import parse_data  # noqa: PLC0415 -- an extra
    except ImportError:
        raise missing_extra("rdata", "r") from None
    plain = unpack(data, max_bytes)
    if not plain.startswith((*WORKSPACE, *OBJECT)):
        raise unreadable("is no file of R; store the result again, with saveRDS()")
    parsed = parse_data(plain, altrep_constructor_dict=_bounded_altreps(), extension=".rds")
    value = RValue(parsed.object, parsed.extra.encoding)
    return value.pairs() if plain.startswith(WORKSPACE) else {"": value}


def choose(objects: Mapping[str, RValue], element: str) -> RValue:
    """Return the object called ``element``, or the only one.

    :raises ResultFault: if there is no such object, or none is named and there are several.
    """
    names = ", ".join(f"'{name}'" for name in objects)
    if element in objects:
        return objects[element]
    if element and "" not in objects:
        raise unfit(f"has no object '{element}'; it has {names}")
    if len(objects) != 1:
        raise unfit(f"has {len(objects)} objects ({names}); choose one with ':element:'")
    return next(iter(objects.values()))


def unpack(data: bytes, max_bytes: int) -> bytes:
    """Return ``data`` as R wrote it before compressing, which may have several members.

    :raises ResultFault: if there are more than ``max_bytes``.
    """
    parts: list[bytes] = []
    room = max_bytes
    while make := next((make for magic, make in UNPACKERS.items() if data.startswith(magic)), None):
        unpacker = make()
        part = unpacker.decompress(data, room + 1)
        room -= len(part)
        if room < 0:
            raise too_large(f"unpacks to more than {max_bytes:,} bytes; store a summary instead")
        if not unpacker.eof:
            raise unreadable("is cut off; store the result again")
        parts.append(part)
        data = unpacker.unused_data
    return b"".join(parts) if parts else data


def _bounded_altreps() -> dict[bytes, Any]:
    """Return how rdata expands R's compact vectors, which in 30 bytes can claim a billion cells."""
    from rdata.parser import DEFAULT_ALTREP_MAP  # noqa: PLC0415 -- an extra

    def bounded(constructor: Any) -> Any:
        def construct(state: Any) -> Any:
            if not 0 <= state.value[0] <= MAX_CELLS:
                raise too_large(f"has a vector of {state.value[0]:.0f} values; store a summary")
            return constructor(state)

        return construct

    compact = (b"compact_intseq", b"compact_realseq")
    return {
        name: bounded(constructor) if name in compact else constructor
        for name, constructor in DEFAULT_ALTREP_MAP.items()
    }
