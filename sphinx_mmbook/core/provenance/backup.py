"""The results that a program makes, kept aside while it runs, and put back if it fails.

While ``mmbook results run`` runs a program, its old results lie in ``_build/results/before/``. They
are put back if the program fails, and also, by the next command or build, if the run itself was
killed: a lock that the system drops when its holders end tells whether a run is still going on.
What a killed run left is kept in ``_build/results/interrupted/``: somebody may have gone on there.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sphinx_mmbook.core.files.file_lock import take
from sphinx_mmbook.core.files.paths import exists, is_file, locate, plain_bytes, work_folder
from sphinx_mmbook.core.files.staging import force, replace_files, write_through
from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.provenance.sidecar import is_name

#: Folder relative to the book and name of each result -> names of its files.
Wholes = Mapping[tuple[str, str], Sequence[str]]

_MANIFEST = "manifest.json"
#: In bytes; no book has so many results.
MOST = 10_000_000


@dataclass(frozen=True)
class ResultCopy:
    """A result that was copied aside. ``folder`` is relative to the book, ``name`` its main file.

    ``copies`` has for each of its files the name of the copy, empty if there was no such file.
    """

    folder: str
    name: str
    copies: Mapping[str, str]

    @property
    def path(self) -> str:
        """The main file, relative to the book."""
        return (Path(self.folder) / self.name).as_posix()


class RunInProgress(Exception):
    """Another run is going on."""


@contextmanager
def locked(book: Path) -> Iterator[int]:
    """Hold the lock of all runs. Yields its handle: a process that inherits it holds it as well.

    :raises RunInProgress: if another process holds it.
    """
    folder = work_folder(book)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        if not take(handle):
            raise RunInProgress("another 'mmbook results run' is going on; wait until it ends")
        yield handle
    finally:
        os.close(handle)


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
            copies[file] = ""
            if is_file(book / folder / file):
                number += 1
                copies[file] = str(number)
                write_through(new / str(number), (book / folder / file).read_bytes())
        manifest.append(asdict(ResultCopy(folder, name, copies)))
    write_through(new / _MANIFEST, json.dumps(manifest).encode())
    force(new)
    return new.rename(new.with_suffix(".kept"))


def discard(kept: Path) -> None:
    """Remove copies that are needed no more."""
    done = kept.with_suffix(".done")  # in one step: half of the copies must never be put back
    kept.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def copied(book: Path, kept: Path) -> list[ResultCopy]:
    """Return which results the copies in ``kept`` are of.

    :raises ValueError: if that is not to be read, or leads out of the book: somebody may have
        committed such a folder.
    """
    try:
        read = [ResultCopy(**entry) for entry in json.loads(plain_bytes(kept / _MANIFEST, MOST))]
        for one in read:
            locate(book, "", one.folder, Location(_MANIFEST))
            copies = [copy for copy in one.copies.values() if copy]
            if not all(map(is_name, [one.name, *one.copies, *copies])):
                raise TypeError("it has names that no file can have")
            if any((kept / copy).is_symlink() for copy in copies) or kept.is_symlink():
                raise TypeError("it is a link")
    except (BookError, OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{kept} cannot be used ({error}); delete it") from None
    return read


def put_back(book: Path, kept: Path, displaced: Path | None = None) -> list[str]:
    """Put results back from their copies, each as a whole; return the paths of those that changed.

    What lies there is copied to ``displaced`` before, if that is named.

    :raises OSError: if that cannot be done.
    :raises ValueError: if the copies are not to be trusted.
    """
    changed = []
    for one in copied(book, kept):
        folder = book / one.folder
        old = {file: (kept / copy).read_bytes() for file, copy in one.copies.items() if copy}
        differ = {file: data for file, data in old.items() if _content(folder / file) != data}
        gone = [name for name, copy in one.copies.items() if not copy and exists(folder / name)]
        if differ or gone:
            if displaced:
                _copy(folder, [*differ, *gone], displaced / one.folder)
            replace_files(folder, one.name, differ, gone)
            changed.append(one.path)
    discard(kept)
    return changed


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _copy(folder: Path, names: Sequence[str], target: Path) -> None:
    """Copy those of a folder's files that are there."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        if is_file(folder / name):
            shutil.copyfile(folder / name, target / name)


def interrupted_folder(book: Path) -> Path:
    """Return the folder for what killed runs left."""
    return work_folder(book) / "interrupted"


def put_back_interrupted(book: Path) -> list[str]:
    """Put back the results of a run that was killed; return the paths of those that changed.

    Call it under the lock.

    :raises OSError: if that cannot be done.
    :raises ValueError: if the copies are not to be trusted.
    """
    root = work_folder(book) / "before"
    changed = [
        path
        for kept in sorted(root.glob("*.kept"))
        for path in put_back(book, kept, interrupted_folder(book))
    ]
    for rest in (*root.glob("*.new"), *root.glob("*.done")):
        shutil.rmtree(rest, ignore_errors=True)
    return changed


def accept(book: Path, paths: Collection[str]) -> None:
    """Take results as they lie there, though the run that was making them was killed.

    Call it under the lock.

    :raises OSError: if that cannot be done.
    :raises ValueError: if the copies are not to be trusted.
    """
    for kept in (work_folder(book) / "before").glob("*.kept"):
        if any(one.path in paths for one in copied(book, kept)):
            discard(kept)
