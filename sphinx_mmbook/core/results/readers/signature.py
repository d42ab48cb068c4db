"""Whether a file can be what its name says, from its first bytes: quick, and without any reader.

The beginnings are those of the formats' specifications, as libmagic (``file``) has them too.
"""

from __future__ import annotations

import json

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.readers.csv_text import decode
from sphinx_mmbook.core.results.values.fault import ResultFault

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_R = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"RDX", b"RDA", b"X\n", b"A\n", b"B\n")
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".parquet": (b"PAR1",),
    ".feather": (b"ARROW1", b"FEA1"),
    ".xlsx": _ZIP,
    ".npz": _ZIP,
    ".npy": (b"\x93NUMPY",),
    ".nc": (b"CDF", b"\x89HDF"),
    ".rds": _R,
    ".rda": _R,
    ".rdata": _R,
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF8",),
    ".webp": (b"RIFF",),
    ".pdf": (b"%PDF",),
}
#: How files end, but for what programs may add.
ENDS = {
    ".parquet": re.compile(rb"PAR1\Z"),
    ".svg": re.compile(rb"</(?:\w+:)?svg\s*>|/>\s*\Z"),
    ".pdf": re.compile(rb"%%EOF"),
    **dict.fromkeys((".xlsx", ".npz"), re.compile(rb"PK\x05\x06")),
}
#: So many bytes at the end tell.
TAIL = 2048
TEXT = (".csv", ".tsv", ".json")
#: A file that Git LFS has not fetched: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = b"version https://git-lfs"
_CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)


def fault_of(suffix: str, data: bytes, *, whole: bool) -> str:
    """Return what is wrong with a file's content, and what to do; empty if nothing is seen.

    ``suffix`` is in lower case. ``data`` is the file, or its beginning if it is not ``whole``.
    """
    if not data:
        return "is empty; make it again"
    if data.startswith(_POINTER):
        return (
            "is a pointer of Git LFS in place of the file; run 'git lfs pull', or commit the file"
        )
    if suffix in TEXT:
        return _fault_of_text(suffix, data, whole=whole)
    beginnings = BEGINNINGS.get(suffix, ())
    if beginnings and not data.startswith(beginnings):
        return f"is not a {suffix[1:]} file, whatever its name says; save it again, or rename it"
    return ""


def is_cut_off(suffix: str, tail: bytes) -> bool:
    """Return whether a file, of which ``tail`` are the last bytes, lacks its end."""
    end = ENDS.get(suffix)
    return end is not None and not end.search(tail)


def _fault_of_text(suffix: str, data: bytes, *, whole: bool) -> str:
    try:
        # The beginning may end within a character.
        text = decode(data if whole else data[: data.rfind(b"\n") + 1])
    except ResultFault as fault:
        return fault.text
    if match := _CONFLICT.search(text):
        line = text.count("\n", 0, match.start()) + 1
        return f"has marks of a merge conflict from line {line} on; make it again, or choose one"
    if suffix == ".json" and whole:
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            return f"is broken JSON in line {error.lineno} ({error.msg}); make it again"
        except (RecursionError, ValueError):
            return "is JSON that is nested too deeply, or has endless numbers; make it again"
    return ""
