"""Why a chapter runs again: what its last run depended on, beside what is there now.

Hashes decide, not times: nothing runs after ``touch``, or after ``git clone`` with a cache from
elsewhere. Paths are noted from the chapter's folder, so that a chapter of the same code in another
folder can tell whether its run would be the same.
"""

from __future__ import annotations

import json
import os
import platform
from copy import deepcopy
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.provenance.hashing import code_digest, digest, source_digest
from sphinx_mmbook.core.provenance.opened import is_foreign
from sphinx_mmbook.core.provenance.packages import imported, versions_of
from sphinx_mmbook.notebooks.job import Job, Used

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbformat import NotebookNode

#: The tags of a cell that change how it is run.
_TAGS = frozenset({"raises-exception", "skip-execution"})
#: A file of more bytes is not read again if size and times are those of the run.
LARGE = 10_000_000
#: Stands for the hash of a file that changed while the chapter ran: what it read is not known.
CHANGED = "changed while it ran"


def code_key(job: Job) -> str:
    """Return the hash of what is run: no comments, captions, labels, other tags or prose."""
    cells = [
        [code_digest(cell.source), sorted(_TAGS & {*cell.metadata.get("tags", ())})]
        for cell in job.notebook.cells
        if cell.cell_type == "code"
    ]
    text = json.dumps([job.kernel, job.allow_errors, cells], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def page_of(job: Job) -> str:
    """Return the path of a chapter's page from the root."""
    return _name(str(job.file), job.root)


def declared(job: Job) -> dict[str, str]:
    """Return the hash of the files that each pattern under ``depends`` matches."""
    return {pattern: _matched(job.folder, job.root, pattern) for pattern in job.depends}


def _matched(folder: Path, root: Path, pattern: str) -> str:
    total = sha256()
    try:
        found = sorted(folder.glob(pattern))
    except (NotImplementedError, ValueError, OSError):  # an absolute path, or nothing
        found = []
    for path in found:
        # A pattern comes from a stranger: it leads nowhere out of the repository.
        if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            name = Path(os.path.relpath(path, folder)).as_posix()
            total.update(f"{name}\n{_hash(path)}\n".encode())
    return total.hexdigest()


def planned(job: Job) -> Used:
    """Return what is known of a run before it begins."""
    return Used(code_key(job), page_of(job), declared=declared(job))


def used_by(job: Job, log: Path, plan: Used) -> Used:
    """Return what a run has used, of which its kernel has written ``log``."""
    lines = _lines(log)
    paths = (path for kind, path, *_ in lines if kind == "written")
    # What Python compiles of a module is not what the code makes.
    written = {path for path in paths if not is_foreign(job.root, Path(path))}
    files, stats = {}, {}
    for kind, path, changed, size in lines:
        file, name = Path(path), _name(path, job.folder)
        if path in written or is_foreign(job.root, file) or not _inside(job.root, file):
            continue
        if kind == "listed":
            files[f"{name}/"] = _listing(file, written)
        elif not file.is_dir():
            stat = _stat(file)
            files[name] = _hash(file) if stat[:2] == (changed, size) else CHANGED
            stats[name] = [*stat]
    return replace(
        plan,
        python=platform.python_version() if job.is_python else "",
        packages=versions_of(_modules(job, files)) if job.is_python else {},
        files=files,
        written=tuple(sorted(_name(path, job.folder) for path in written)),
        stats={name: stat for name, stat in stats.items() if stat[1] > LARGE},
    )


def _lines(log: Path) -> list[tuple[str, str, int, int]]:
    try:
        text = log.read_text("utf-8", "replace")
    except OSError:  # another kernel, or nothing was read
        return []
    found = []
    for line in text.splitlines():
        try:
            kind, path, changed, size = json.loads(line)
        except ValueError:
            continue
        found.append((str(kind), str(path), int(changed), int(size)))
    return found


def _modules(job: Job, files: Iterable[str]) -> Iterator[str]:
    """Yield the modules that the code imports, or a module of the book that it has imported."""
    for cell in job.notebook.cells:
        if cell.cell_type == "code":
            yield from imported(cell.source)
    for name in files:
        if name.endswith(".py"):
            try:
                yield from imported((job.folder / name).read_text("utf-8-sig", "replace"))
            except OSError:
                continue


def _name(path: str, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _inside(root: Path, file: Path) -> bool:
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root))


def _stat(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ctime_ns


def _hash(file: Path) -> str:
    """Return the hash of a file or folder; empty if it is not there."""
    try:
        return digest(file) if file.is_dir() else source_digest(file)
    except (OSError, ValueError):
        return ""


def _listing(folder: Path, written: Iterable[str]) -> str:
    """Return the hash of the names in a folder, without those that the chapter writes there."""
    made = {Path(path) for path in written}
    try:
        found = {file for file in folder.iterdir() if not is_foreign(folder, file)} - made
    except OSError:
        return ""
    return sha256("\n".join(sorted(file.name for file in found)).encode()).hexdigest()


def changes(then: Used, job: Job) -> list[str]:
    """Return what is no longer as a run found it, in words: ``data/returns.csv has changed``."""
    found = [*_changed_files(then, job), *_changed_packages(then)]
    if then.python and then.python != platform.python_version():
        found.append(f"Python was {then.python}, and is {platform.python_version()}")
    now = declared(job)
    for pattern in sorted({*now, *then.declared}):
        if now.get(pattern) != then.declared.get(pattern):
            found.append(f"the files '{pattern}', under 'depends', have changed")
    return found


def _changed_files(then: Used, job: Job) -> Iterator[str]:
    written = [os.path.normpath(job.folder / name) for name in then.written]
    for name, noted in sorted(then.files.items()):
        file = Path(os.path.normpath(job.folder / name))
        if name.endswith("/"):
            if _listing(file, written) != noted:
                yield f"there are other files in {name}"
            continue
        if name in then.stats and [*_stat(file)] == then.stats[name]:
            continue
        now = _hash(file)
        if now != noted:
            yield f"{name} " + ("has changed" if now and noted else "is new" if now else "is gone")


def _changed_packages(then: Used) -> Iterator[str]:
    for name, version in sorted(then.packages.items()):
        now = _version(name)
        if now != version:
            yield f"{name} was {version}, and is " + (now or "not installed")


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def with_outputs(notebook: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """Return a notebook with the outputs of another that has the same code."""
    merged = deepcopy(notebook)
    ran = [cell for cell in executed.cells if cell.cell_type == "code"]
    cells = [cell for cell in merged.cells if cell.cell_type == "code"]
    for cell, old in zip(cells, ran, strict=True):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    for name in ("language_info", "widgets"):
        if name in executed.metadata:
            merged.metadata[name] = executed.metadata[name]
    return merged
