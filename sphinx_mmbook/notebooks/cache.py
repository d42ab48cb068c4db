"""The cache of executed notebooks: jupyter-cache, which MyST-NB reads.

Failed runs are stored too, marked, so that MyST-NB shows them instead of running them again; the
next build removes them first. One process alone writes: jupyter-cache's SQLite file does not
survive being created by two.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from sphinx_mmbook.notebooks.upstream import file_of, remove_record

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from sphinx_mmbook.notebooks.job import Outcome

FAILED = "mmbook_failure"


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

    def outputs(self, notebook: NotebookNode) -> NotebookNode | None:
        """Return a notebook with its outputs; None if it has not been run as it is, or failed."""
        if not self.has(notebook):
            return None
        record = self._cache.match_cache_notebook(notebook)
        if FAILED in (record.data or {}):
            return None
        return self._cache.merge_match_into_notebook(notebook)[1]

    def store(self, path: Path, outcome: Outcome) -> None:
        """Store what a run of the notebook at ``path`` gave."""
        data: dict[str, object] = {"execution_seconds": outcome.seconds}
        if outcome.failure:
            data[FAILED] = outcome.failure.rule
        bundle = CacheBundleIn(outcome.notebook, str(path), data=data)
        self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def times(self) -> dict[str, float]:
        """Return how many seconds the last run of each file took."""
        records = sorted(self._cache.list_cache_records(), key=lambda record: record.created)
        known = {record.uri: (record.data or {}).get("execution_seconds") for record in records}
        return {uri: seconds for uri, seconds in known.items() if seconds is not None}

    def forget_failures(self) -> None:
        """Remove the failed runs, so that they are tried again."""
        for record in self._cache.list_cache_records():
            if FAILED in (record.data or {}):
                remove_record(self._cache, record)


def exists(folder: Path) -> bool:
    """Return whether there is a cache in ``folder``."""
    return (folder / "global.db").is_file()


def _is_whole(file: Path) -> bool:
    """Return whether a file was written to its end; jupyter-cache notes it before it writes it."""
    try:
        return file.read_bytes().rstrip().endswith(b"}")
    except OSError:
        return False
