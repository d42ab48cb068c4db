"""Which files Git tracks, read from its index: no process is started, nothing is written.

Format: https://git-scm.com/docs/index-format (versions 2 and 3; 4 is read as "unknown").
"""

from __future__ import annotations

import struct
from pathlib import Path, PurePosixPath

#: An index of 100,000 files; what is larger is no book.
MAX_BYTES = 16 * 1024 * 1024


def tracked_files(folder: Path) -> frozenset[str] | None:
    """Return the paths below ``folder``, relative to it, that Git tracks; None if unknown."""
    found = _index(folder)
    if found is None:
        return None
    data, root = found
    try:
        names = _names(data)
    except (struct.error, ValueError, IndexError):
        return None
    prefix = folder.relative_to(root).parts
    paths = (PurePosixPath(name.decode("utf-8", "replace")) for name in names)
    return frozenset(
        "/".join(path.parts[len(prefix) :]) for path in paths if path.parts[: len(prefix)] == prefix
    )


def _index(folder: Path) -> tuple[bytes, Path] | None:
    """Return Git's index and the folder that it is about."""
    for root in (folder, *folder.parents):
        git = root / ".git"
        try:
            if git.is_file():  # a worktree or submodule: "gitdir: <path>"
                git = root / git.read_text("utf-8").removeprefix("gitdir:").strip()
            index = git / "index"
            if index.is_file() and index.stat().st_size <= MAX_BYTES:
                return index.read_bytes(), root
            if git.is_dir():
                return None
        except (OSError, ValueError):
            return None
    return None


def _names(data: bytes) -> list[bytes]:
    """Return the paths in an index.

    :raises ValueError: if it is of another version.
    """
    signature, version, count = struct.unpack_from(">4sLL", data)
    if signature != b"DIRC" or version not in (2, 3):
        raise ValueError("another version")
    names: list[bytes] = []
    start = 12
    for _ in range(count):
        (flags,) = struct.unpack_from(">H", data, start + 60)
        name = start + (64 if flags & 0x4000 else 62)
        end = data.index(b"\0", name)
        names.append(data[name:end])
        # Entries are filled up with 1 to 8 zeros to a multiple of eight bytes.
        start += (end - start + 8) // 8 * 8
    return names
