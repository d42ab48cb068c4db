"""Replace several files of a folder at once: after a crash the old ones are there or the new ones.

A file system replaces one file in one step, not several. So the new files are written, and forced
to the disk, into a hidden folder beside the old ones, ``.accuracy.csv.x1y2z3.new``. Renaming that
folder to ``.accuracy.csv.ready`` is the one step that counts: before it the old result stands,
after it the new one, and whoever finds such a folder moves its files into place
(:func:`recover`). To begin that again does no harm.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import plain_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Names of files that the new ones leave without use; stands in the folder that is ready.
GONE = ".gone"
MOST_BYTES = 64 * 1024
#: A folder that was being filled an hour ago will never be ready.
ABANDONED_SECONDS = 3600
MAX_TRIES = 20

_READY = re.compile(r"\.(.+)\.ready")
_NEW = re.compile(r"\..+\.\w{8}\.new")


def replace_files(
    folder: Path, name: str, files: Mapping[str, bytes], gone: Iterable[str] = ()
) -> None:
    """Write ``files`` (name to content) into ``folder`` and remove those that are ``gone``.

    ``name`` names the whole; of several processes that replace the same whole, the last one wins.

    :raises OSError: if the folder cannot be written; then nothing has changed. Where a program
        holds a file open (Windows), the new files follow at the next :func:`recover`.
    """
    from tempfile import mkdtemp  # noqa: PLC0415 -- a check only asks what is pending

    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if (folder / file).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / file))
    new = Path(mkdtemp(prefix=f".{name}.", suffix=".new", dir=folder))
    try:
        for file, data in {**files, GONE: "\n".join(gone).encode()}.items():
            write_through(new / file, data)
        force(new)
        with _alone(folder):
            ready = _publish(new, folder / f".{name}.ready")
            force(folder)
            _move(ready)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from moving files in a folder, where the system can lock folders."""
    try:
        import fcntl  # noqa: PLC0415 -- not on Windows
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # network drives without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # drops the lock; so does the end of the process, in whatever way


def _publish(new: Path, ready: Path) -> Path:
    """Rename the filled folder; that of an interrupted process goes first."""
    for last in range(MAX_TRIES):
        try:
            new.rename(ready)
        except OSError as error:
            taken = ready.is_dir() or error.errno in (errno.EEXIST, errno.ENOTEMPTY)
            if not taken or last == MAX_TRIES - 1:
                raise
            _move(ready)
        else:
            break
    return ready


def write_through(file: Path, data: bytes) -> None:
    """Write a file, and force it to the disk.

    :raises OSError: if that cannot be done.
    """
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def force(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system can."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move(ready: Path) -> None:
    """Move all files of a folder that is ready to their places, and remove it.

    Another process may do the same at the same time, so nothing needs to be there still.
    """
    with suppress(FileNotFoundError):
        for name in _gone(ready):
            if Path(name).name == name and (ready.parent / name).is_file():
                (ready.parent / name).unlink(missing_ok=True)
        # Provenance goes last, and is what a reader looks at first.
        names = sorted(os.listdir(ready), key=lambda name: (name.endswith(".json"), name))  # noqa: PTH208
        for name in names:
            is_free = not (ready.parent / name).is_dir()
            if name != GONE and (ready / name).is_file() and is_free:
                with suppress(FileNotFoundError):
                    (ready / name).replace(ready.parent / name)
        force(ready.parent)
        (ready / GONE).unlink()
    with suppress(OSError):
        ready.rmdir()


def _gone(ready: Path) -> list[str]:
    """Return the names of files that are without use.

    :raises FileNotFoundError: if there is no list of them.
    """
    return plain_bytes(ready / GONE, MOST_BYTES).decode("utf-8", "replace").split("\n")


def _is_ours(ready: Path) -> bool:
    """Whether its list, if it is still there, is a file: somebody may commit a link to a device."""
    return not os.path.lexists(ready / GONE) or S_ISREG((ready / GONE).lstat().st_mode)


def pending(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what was interrupted when its files were being moved: its name, and where they are."""
    with suppress(OSError):
        for entry in sorted(os.listdir(folder)):  # noqa: PTH208
            match = _READY.fullmatch(entry)
            ready = folder / entry
            if match and ready.is_dir() and not ready.is_symlink() and _is_ours(ready):
                yield match[1], ready


def recover(folder: Path) -> list[str]:
    """Finish in ``folder`` what was interrupted; return the names of the wholes.

    :raises OSError: if the folder cannot be written.
    """
    found = list(pending(folder))
    if found:
        with _alone(folder):
            for _, ready in found:
                _move(ready)
    _remove_abandoned(folder)
    return [name for name, _ in found]


def recover_all(root: Path) -> list[Path]:
    """Finish what was interrupted anywhere below ``root``; return the wholes, as paths.

    :raises OSError: if a folder cannot be written.
    """
    found: list[Path] = []
    for here, folders, _ in os.walk(root):
        if any(name.endswith((".ready", ".new")) for name in folders):
            found += [Path(here, name) for name in recover(Path(here))]
        folders[:] = [name for name in folders if name != "_build" and not name.startswith(".")]
    return found


def _remove_abandoned(folder: Path) -> None:
    """Remove the folders of processes that ended before theirs were ready."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            old = entry.stat(follow_symlinks=False).st_mtime < time.time() - ABANDONED_SECONDS
            if old and _NEW.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
