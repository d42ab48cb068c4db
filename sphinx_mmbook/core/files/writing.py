"""Files of text, written whole: after a crash each is there as it was, or as it shall be."""

from __future__ import annotations

import os
from errno import EACCES
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_whole(texts: Mapping[Path, str]) -> None:
    """Write the texts of files: of all or, if one cannot be written, of none.

    A file that has its text already is left alone, and its time with it.

    :raises OSError: if one cannot be written.
    """
    new: dict[Path, Path] = {}
    old: dict[Path, Path | None] = {}
    try:
        for file, text in texts.items():
            data = text.encode("utf-8", "replace")
            before = file.read_bytes() if file.is_file() else None
            if before != data:
                new[file] = _beside(file, data)
                old[file] = None if before is None else _beside(file, before)
        for file in list(new):
            new[file].replace(file)
            del new[file]
    except BaseException:
        for file in old.keys() - new.keys():
            if copy := old.pop(file):
                copy.replace(file)
            else:
                file.unlink()
        raise
    finally:
        for copy in (*new.values(), *filter(None, old.values())):
            copy.unlink()


def _beside(file: Path, data: bytes) -> Path:
    """Write a temporary file beside another, with its mode if there is one."""
    exists = file.exists()
    if exists and not os.access(file, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(file))
    copy = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        copy.write_bytes(data)
        if exists:
            copy.chmod(file.stat().st_mode)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy
