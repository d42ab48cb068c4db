"""Writing a stored result with its sidecar, and only what has changed of the two."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.paths import exists, is_file, plain_bytes
from sphinx_mmbook.core.files.staging import recover, replace_files
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.provenance.hashing import digest
from sphinx_mmbook.core.provenance.sidecar import (
    MAX_BYTES,
    SUFFIX,
    Provenance,
    read_provenance,
    sidecar_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path


def record(
    target: Path,
    files: Mapping[str, bytes],
    origin: Provenance,
    circumstances: Callable[[], dict[str, Any]],
) -> bool:
    """Write the files of a result that changed, and its sidecar; return whether anything did.

    ``target`` is the main file. The sidecar stays, with its time and commit, if the same program
    made the same of the same, but where it names a commit "with changes" that are committed
    by now. Else ``circumstances`` gives its other fields.

    :raises OSError: if the folder cannot be written.
    """
    folder = target.parent
    recover(folder)
    sidecar = folder / sidecar_name(target.name)
    old = _old(sidecar)
    changed = {name: data for name, data in files.items() if not _is(folder / name, origin, name)}
    same = old is not None and old.same_origin(origin)
    was_dirty = old is not None and bool(old.dirty)
    if not same or was_dirty:
        fields = circumstances()
        if not same or fields["dirty"] is False:
            changed[sidecar.name] = replace(origin, **fields).text().encode()
    if not changed:
        return False
    gone = sorted(set(old.files) - set(origin.files)) if old else []
    # Some may have become results of their own.
    gone = [name for name in gone if not exists(folder / sidecar_name(name))]
    replace_files(folder, target.name, changed, gone)
    return True


def owner_of(target: Path, names: Iterable[str]) -> tuple[str, str] | None:
    """Return which of some files in the folder of ``target`` is one of another result, and its."""
    for sidecar in sorted(target.parent.glob(f"*{SUFFIX}")):
        main = sidecar.name.removesuffix(SUFFIX)
        if main != target.name and (old := _old(sidecar)):
            for name in names:
                if name in old.files:
                    return name, main
    return None


def _is(file: Path, origin: Provenance, name: str) -> bool:
    """Whether a file has the content that it shall have."""
    return is_file(file) and digest(file) == origin.files[name]


def _old(sidecar: Path) -> Provenance | None:
    try:
        return read_provenance(sidecar, sidecar.name)
    except BookError:
        return None


def now() -> str:
    """Return the time, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def commit_of(book: Path, script: Path | None) -> tuple[str, bool | None]:
    """Return the commit and whether anything differs from it but stored results; see git.

    An untracked script counts as a difference. Empty and None where git knows nothing.
    """
    from sphinx_mmbook.core.files.git import GitError, head_and_changes  # noqa: PLC0415 -- seldom

    try:
        commit, changed = head_and_changes(book, script)
    except (GitError, OSError):
        return "", None
    return commit, not all(map(_is_result, changed))


def _is_result(path: Path) -> bool:
    """Whether a path is a sidecar or a file that one lists."""
    if path.name.endswith(SUFFIX):
        return True
    return any(f'"{path.name}"' in text for text in _sidecar_texts(path.parent))


def _sidecar_texts(folder: Path) -> Iterator[str]:
    for sidecar in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            yield plain_bytes(sidecar, MAX_BYTES).decode("utf-8", "replace")
