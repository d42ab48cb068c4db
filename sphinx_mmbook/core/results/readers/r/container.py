"""R's ``.Rda``, ``.RData`` and ``.rds``: unpacking within limits, and finding the object meant.

Nothing in such a file is run: functions and environments in it are skipped as they are.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.readers.r.serialization import read_serial
from sphinx_mmbook.core.results.values.fault import unfit, unpacks_to_more, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sphinx_mmbook.core.results.readers.r.objects import RValue

UNPACKERS: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
}
WORKSPACE = (b"RDX", b"RDA", b"RDB")  # saved by save(), several objects with names
OBJECT = (b"X\n", b"A\n", b"B\n", b"A\r\n")  # saved by saveRDS()


def read_objects(data: bytes, max_bytes: int) -> dict[str, RValue]:
    """Return the objects in ``data`` by their names; one that ``saveRDS`` wrote is called ``""``.

    :raises ResultFault: if it is not such a file, or is larger than ``max_bytes`` when unpacked.
    """
    plain = unpack(data, max_bytes)
    if plain.startswith(WORKSPACE):
        return read_serial(plain, plain.find(b"\n") + 1).pairs()
    if not plain.startswith(OBJECT):
        raise unreadable("is not a file of R; store the result again, with saveRDS()")
    return {"": read_serial(plain)}


def choose(objects: Mapping[str, RValue], element: str) -> RValue:
    """Return the object called ``element``, or the only one; ``fits$first`` is a list's element.

    :raises ResultFault: if there is no such object, or none is named and there are several.
    """
    if "" in objects:
        found, path = objects[""], element
    elif element.partition("$")[0] in objects or (element and len(objects) != 1):
        name, _, path = element.partition("$")
        found = _named(objects, name)
    elif not objects:
        raise unfit("holds no object; store the result again")
    elif len(objects) != 1:
        names = _listed(objects)
        raise unfit(f"has {len(objects)} objects ({names}); choose one with ':element:'")
    else:
        found, path = next(iter(objects.values())), element
    for name in path.split("$") if path else ():
        if found.kind != "VEC":
            raise unfit(f"has no element '{name}'; leave ':element:' out")
        found = _named(found.members(), name)
    return found


def _named(objects: Mapping[str, RValue], name: str) -> RValue:
    if name not in objects:
        raise unfit(f"has no object '{name}'; it has {_listed(objects)}")
    return objects[name]


def _listed(names: Iterable[str], most: int = 12) -> str:
    first = list(islice(names, most + 1))
    return ", ".join(f"'{name}'" for name in first[:most]) + ", …" * (len(first) > most)


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
            raise unpacks_to_more(max_bytes)
        if not unpacker.eof:
            raise unreadable("is cut off; store the result again")
        parts.append(part)
        data = unpacker.unused_data
    return b"".join(parts) if parts else data
