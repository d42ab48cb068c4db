"""The results that a program makes, kept aside while it runs, and put back if it fails.

While ``mmbook results run`` runs a program, its old results lie in ``_build/results/before/``. They
are put back if the program fails, and also, by the next command or build, if the run itself was
killed: a lock that the system drops when its holders end tells whether a run is still going on.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.staging import replace_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    #: Folder relative to the book and name of each result -> names of its files.
    Wholes = Mapping[tuple[str, str], Sequence[str]]

_MANIFEST = "manifest.json"


def work_folder(book: Path) -> Path:
    """Return the folder for logs, the lock and old results; git ignores it."""
    return book / "_build" / "results"


class Busy(Exception):
    """Another run is going on."""


@contextmanager
def locked(book: Path) -> Iterator[int]:
    """Hold the lock of all runs. Yields its handle: a process that inherits it holds it as well.

    :raises Busy: if another process holds it.
    """
    folder = work_folder(book)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        try:
            _lock(handle)
        except OSError:
            raise Busy("another 'mmbook results run' is going on; wait until it ends") from None
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 -- of this system only

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl  # noqa: PLC0415 -- of these systems only

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def back_up(book: Path, wholes: Wholes) -> Path:
    """Copy the files of some results aside; return the folder of the copies.

    :raises OSError: if that cannot be done.
    """
    root = work_folder(book) / "before"
    root.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(suffix=".new", dir=root))
    manifest = []
    number = 0
    for (folder, name), files in wholes.items():
        copies: dict[str, str] = {}
        for file in files:
            copies[file] = ""  # was not there
            if (book / folder / file).is_file():
                number += 1
                copies[file] = str(number)
                shutil.copyfile(book / folder / file, new / str(number))
        manifest.append({"folder": folder, "name": name, "copies": copies})
    (new / _MANIFEST).write_text(json.dumps(manifest), "utf-8")
    return new.rename(new.with_suffix(".kept"))


def discard(kept: Path) -> None:
    """Remove copies that are needed no more."""
    done = kept.with_suffix(".done")  # in one step: half of the copies must never be put back
    kept.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def put_back(book: Path, kept: Path) -> None:
    """Put results back from their copies, each as a whole, where they changed.

    :raises OSError: if that cannot be done.
    """
    for entry in json.loads((kept / _MANIFEST).read_text("utf-8")):
        folder = book / entry["folder"]
        old = {file: (kept / copy).read_bytes() for file, copy in entry["copies"].items() if copy}
        gone = [file for file, copy in entry["copies"].items() if not copy]
        changed = {file: data for file, data in old.items() if _content(folder / file) != data}
        if changed or any((folder / file).exists() for file in gone):
            replace_files(folder, entry["name"], changed, gone)
    discard(kept)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def put_back_interrupted(book: Path) -> bool:
    """Put back the results of a run that was killed; return whether there were any.

    Call it under the lock.

    :raises OSError: if that cannot be done.
    """
    root = work_folder(book) / "before"
    kept = sorted(root.glob("*.kept"))
    for folder in kept:
        put_back(book, folder)
    for rest in (*root.glob("*.new"), *root.glob("*.done")):
        shutil.rmtree(rest, ignore_errors=True)
    return bool(kept)


def tidy(book: Path) -> None:
    """Put back what a killed run left, unless one is going on, or the book cannot be written."""
    if (work_folder(book) / "before").is_dir():
        with suppress(Busy, OSError, ValueError, KeyError), locked(book):
            put_back_interrupted(book)
