"""The cache of executed notebooks: jupyter-cache, which MyST-NB reads.

Failed runs are stored too, marked, so that MyST-NB shows them instead of running them again. Beside
each run stands what it depends on; its outputs are stored anew for a page whose captions changed.
One process alone writes: jupyter-cache's SQLite file does not survive being created by two.
"""

from __future__ import annotations

import shutil
import signal
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from sphinx_mmbook.notebooks.job import Job, Outcome, Used
from sphinx_mmbook.notebooks.key import changes, code_key, page_of, with_outputs
from sphinx_mmbook.notebooks.upstream import file_of, remove_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAILED = "mmbook_failure"
#: The key of what a run depends on.
USED = "mmbook_used"
_FIELDS = {field.name for field in fields(Used)}


class RunCache:
    """The executed notebooks in one folder, by their code, cell metadata and kernel."""

    def __init__(self, folder: Path) -> None:
        """Open the cache, which need not exist; a broken one is emptied."""
        self._cache: Any = get_cache(folder)
        try:
            self._cache.list_cache_records()
        except Exception as error:
            if "locked" in f"{error.__cause__}":
                raise
            # A build was killed while it made the database, or another version made it.
            shutil.rmtree(folder, ignore_errors=True)
            self._cache = get_cache(folder)
            self._cache.list_cache_records()

    def has(self, notebook: NotebookNode) -> bool:
        """Return whether the outputs of this very notebook are stored, whole."""
        try:
            record = self._cache.match_cache_notebook(notebook)
        except KeyError:
            return False
        if _is_whole(file_of(self._cache, record)):
            return True
        remove_record(self._cache, record)
        return False

    def reuse(self, job: Job) -> list[str]:
        """Give a chapter the outputs of a run that would be the same; if there is none, say why.

        A run of another chapter counts as well, if it has the same code, and found the same files.
        """
        key, page = code_key(job), page_of(job)
        why: list[str] = []
        runs = sorted(self._runs(), key=lambda run: (run[1].page == page, run[0].accessed))
        for record, used in reversed(runs):
            if used.code == key and not (found := self._changes(record, used, job)):
                self._take(record, used, job)
                return []
            if used.page == page and not why:
                why = found if used.code == key else ["its code has changed"]
        return why or ["it has never run"]

    def _runs(self) -> Iterator[tuple[Any, Used]]:
        """Yield the records of runs, with what these depended on."""
        for record in self._cache.list_cache_records():
            used = (record.data or {}).get(USED, {})
            if used.keys() == _FIELDS:
                yield record, Used(**used)

    def _changes(self, record: Any, used: Used, job: Job) -> list[str]:
        if FAILED in record.data:
            return ["its last run failed"]
        if not _is_whole(file_of(self._cache, record)):
            remove_record(self._cache, record)
            return ["its outputs were lost"]
        return changes(used, job)

    def _take(self, record: Any, used: Used, job: Job) -> None:
        """Store the outputs of a record as those of a notebook that has the same code."""
        if self.has(job.notebook):
            return
        done = with_outputs(job.notebook, nbformat.read(file_of(self._cache, record), 4))
        used = replace(used, page=page_of(job))
        self.store(job.file, Outcome(done, record.data["execution_seconds"], None, used))

    def stale(self, root: Path) -> dict[str, list[str]]:
        """Return the pages, by their paths from the root, of whose last runs something changed."""
        last = {}
        for record, used in sorted(self._runs(), key=lambda run: run[0].accessed):
            last[used.page] = (record, used)
        found = {}
        for page, (_, used) in last.items():
            if used.files or used.declared or used.packages:
                job = Job(page, root / page, new_notebook(), repository=root)
                found[page] = changes(used, replace(job, depends=tuple(used.declared)))
        return {page: why for page, why in found.items() if why}

    def stored(self) -> dict[str, float]:
        """Return when the last run of each page was stored, by its path from the root."""
        runs = sorted(self._runs(), key=lambda run: run[0].created)
        return {used.page: record.created.replace(tzinfo=UTC).timestamp() for record, used in runs}

    def outputs(self, job: Job) -> NotebookNode | None:
        """Return a chapter's notebook with its outputs; None if it has to run for them."""
        if self.reuse(job):
            return None
        return self._cache.merge_match_into_notebook(job.notebook)[1]

    def store(self, path: Path, outcome: Outcome) -> None:
        """Store what a run of the notebook at ``path`` gave."""
        data: dict[str, object] = {"execution_seconds": outcome.seconds}
        if outcome.failure:
            data[FAILED] = outcome.failure.rule
        if outcome.used:
            data[USED] = asdict(outcome.used)
        with uninterrupted():
            bundle = CacheBundleIn(outcome.notebook, str(path), data=data)
            self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def times(self) -> dict[str, float]:
        """Return how many seconds the last run of each page took, by its path from the root."""
        runs = sorted(self._runs(), key=lambda run: run[0].created)
        return {used.page: record.data["execution_seconds"] for record, used in runs}


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C until the end of a block, and pass it on then.

    Of 1,800 that came while SQLAlchemy 2.0 wrote, 42 were lost: Python raises them wherever it is,
    and what is raised while an object is taken down is printed and dropped.
    """
    came: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if before is None or current_thread() is not main_thread():
        yield
        return
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def exists(folder: Path) -> bool:
    """Return whether there is a cache in ``folder``."""
    return (folder / "global.db").is_file()


def _is_whole(file: Path) -> bool:
    """Return whether a file was written to its end; jupyter-cache notes it before it writes it."""
    try:
        return file.read_bytes().rstrip().endswith(b"}")
    except OSError:
        return False
