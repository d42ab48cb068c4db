"""Notebook chapters are run before any page is read; MyST-NB then finds all outputs in its cache.

So the pages can be read in parallel (two readers that both create the cache's database crash), one
process alone writes the cache, and a chapter that fails, in whatever way, stops nobody.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path
from sphinx.util import logging

from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.pages.run_limits import chapter_limits, limits_in
from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.pages.stub import in_mode, page_text
from sphinx_mmbook.ext.adapters.myst_nb import PageNotebook, cache_folder, read_notebook
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_page
from sphinx_mmbook.ext.pages.frozen import setup_frozen
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.notebooks.cache import RunCache, exists
from sphinx_mmbook.notebooks.job import Failure, Job, Limits
from sphinx_mmbook.notebooks.pool import LocalExecutor, Progress, default_workers, run_chapters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.ext.pages.frozen import FrozenPages

logger = logging.getLogger(__name__)

#: The checker is before us on the same event: a book with bad labels executes nothing.
AFTER_CHECKS = 700
#: MyST-NB's modes in which we run a page; it then finds the outputs in its cache. Left to itself it
#: would run pages of the last two while it reads them, and a dead kernel would end the build.
MODES = ("cache", "force", "auto")

#: SQLite's limit, less what is put behind the folder's name.
LONGEST_DATABASE_PATH = 400


@dataclass(frozen=True)
class Chapter:
    """A notebook chapter that MyST-NB will look for in the cache."""

    docname: str
    file: Path
    page: PageNotebook
    limits: Limits

    @property
    def mode(self) -> str:
        """How the page, or the book, wants it to be run."""
        return str(self.page.config.execution_mode)

    @property
    def is_complete(self) -> bool:
        """Whether the page brings outputs of all its cells along; MyST-NB's ``auto`` keeps them."""
        code = [cell for cell in self.page.notebook.cells if cell.cell_type == "code"]
        return all(cell.outputs for cell in code)

    def job(self, estimate: float | None = None) -> Job:
        """Return what to run."""
        own = self.page.notebook.metadata.get("execution", {})
        own = own if isinstance(own, dict) else {}
        allow_errors = bool(own.get("allow_errors", self.page.config.execution_allow_errors))
        return Job(self.docname, self.file, self.page.notebook, self.limits, allow_errors, estimate)


def limits_of(config: Config, page: PageNotebook, front: Mapping[str, Any]) -> Limits:
    """Return what the run of a page may take: what it says itself goes before what conf.py says."""
    said = limits_in(config.mmbook_limits) | limits_in(chapter_limits(front))
    own = page.notebook.metadata.get("execution", {})
    timeout = own.get("timeout") if isinstance(own, dict) else None
    output = said.get("output_mb", config.mmbook_cell_output_max_bytes / 1e6)
    return Limits(
        cell_seconds=int(
            said.get("cell_seconds", _seconds(timeout, page.config.execution_timeout))
        ),
        output_bytes=int(output * 1e6),
        chapter_seconds=said.get("chapter_seconds", 0),
        memory_bytes=int(said.get("memory_gb", 0) * 1e9),
    )


def _seconds(value: object, default: object) -> int:
    """Return a time limit; -1, nothing, and what is not a number mean none."""
    for limit in (value, default):
        # JSON's 1e999 is infinite.
        if isinstance(limit, int | float) and isfinite(limit):
            return max(int(limit), 0)
    return 0


class ChapterRuns:
    """The runs of one build."""

    def __init__(self, frozen: FrozenPages) -> None:
        self.frozen = frozen
        self.failed: dict[str, Finding] = {}
        #: The pages that MyST-NB would not look for in the cache by itself.
        self.other: dict[str, Chapter] = {}

    def outdated(self, app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        """Forget the failed runs, and let their pages be read again."""
        self.failed.clear()
        folder = cache_folder(env)
        if exists(folder):
            RunCache(folder).forget_failures()
        return sorted(book_domain(env).failures)

    def run_all(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Run the notebooks among the pages to be read that have not been run as they are."""
        chapters = list(chapters_of(env, [name for name in docnames if name not in self.frozen]))
        if not chapters:
            return
        self.other = {chapter.docname: chapter for chapter in chapters if chapter.mode != "cache"}
        cache = RunCache(cache_folder(env))
        chapters = [
            chapter
            for chapter in chapters
            if chapter.mode == "force" or not cache.has(chapter.page.notebook)
        ]
        if chapters:
            self.run_outdated(env, chapters, cache)
        if self.failed and env.config.mmbook_on_error == "fail":
            app.statuscode = 1

    def run_outdated(self, env: BuildEnvironment, chapters: list[Chapter], cache: RunCache) -> None:
        """Run chapters in the pool; this process alone writes the cache."""
        times = cache.times()
        jobs = [chapter.job(times.get(str(chapter.file))) for chapter in chapters]
        pages = {chapter.docname: chapter.page for chapter in chapters}
        begun: set[str] = set()

        def tell(progress: Progress) -> None:
            name = progress.job.name
            if name not in begun:
                begun.add(name)
                logger.info("running %s (%d of %d) ...", name, len(begun), len(jobs))

        with LocalExecutor(default_workers(), jobs) as executor:
            for job, outcome in run_chapters(jobs, executor, tell):
                with on_page(env, job.name, "the run of this notebook"):
                    cache.store(job.file, outcome)
                    if outcome.failure:
                        self.failed[job.name] = finding_of(pages[job.name], outcome.failure)
        for _, finding in sorted(self.failed.items()):
            report(env, judged(finding, env.config.mmbook_on_error))

    def source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Let MyST-NB look for the page's outputs where we put them."""
        if chapter := self.other.get(docname):
            key = chapter.page.config.metadata_key
            content[0] = in_mode(chapter.page.path, content[0], "cache", key)

    def note_failures(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Remember the failures, now that no reader can forget them."""
        for docname, finding in self.failed.items():
            book_domain(env).note_failure(docname, finding)


def judged(failure: Finding, on_error: str) -> Finding:
    """Return a failure at the level that the book gives it."""
    return replace(failure, level="info") if on_error == "ignore" else failure


def move_cache(app: Sphinx, config: Config) -> None:
    """Keep the cache among the user's where a database cannot lie beside the output.

    jupyter-cache makes an address of the path: "%41" in it is read as "A", what follows "?" as
    options, and SQLite opens no path of more than 512 bytes. It wrote beside the book, or nothing.
    """
    beside = Path(app.outdir).parent / ".jupyter_cache"
    name = os.fsencode(beside)
    if config.nb_execution_cache_path or not (
        {*b"%?#"} & {*name} or len(name) > LONGEST_DATABASE_PATH
    ):
        return
    digest = blake2b(name, digest_size=8).hexdigest()
    config.nb_execution_cache_path = str(user_cache_path("mmbook") / digest)


def chapters_of(env: BuildEnvironment, docnames: list[str]) -> Iterator[Chapter]:
    """Yield the pages that are notebooks and that MyST-NB would run through its cache."""
    for docname in docnames:
        path = env.doc2path(docname, base=False).as_posix()
        try:
            source = read_source(Path(env.srcdir), path)
            if not may_run(env, path, source.text):
                continue
            page = read_notebook(env, docname, page_text(source, source.text))
        except BookError:
            continue  # the checker has reported it
        except Exception:  # noqa: S112 -- the parser reports what MyST-NB cannot read
            continue
        if not page or page.config.execution_mode not in MODES or excluded(page, env):
            continue
        limits = limits_of(env.config, page, source.front.fields)
        chapter = Chapter(docname, Path(env.doc2path(docname)), page, limits)
        if chapter.mode != "auto" or not chapter.is_complete:
            yield chapter


def may_run(env: BuildEnvironment, path: str, text: str) -> bool:
    """Return whether a page can be a notebook to run; reading one to find out takes time."""
    if env.config.nb_execution_mode not in MODES and "execution_mode" not in text:
        return False
    return path.endswith(".ipynb") or "mystnb" in text or "jupytext" in text


def excluded(page: PageNotebook, env: BuildEnvironment) -> bool:
    """Return whether the book's ``nb_execution_excludepatterns`` leave the page out."""
    file = PurePosixPath(Path(env.srcdir, page.path).as_posix())
    patterns: Any = page.config.execution_excludepatterns
    return any(file.match(pattern) for pattern in patterns)


def finding_of(page: PageNotebook, failure: Failure) -> Finding:
    """Return the failure with its place in the chapter's file."""
    message = failure.message
    cells = page.notebook.cells
    if failure.rule == "cell-error":
        number = sum(cell.cell_type == "code" for cell in cells[: failure.cell + 1])
        message = (
            f"code cell {number} fails with {message}; mend it, or tag it 'raises-exception' if "
            "the error is meant"
        )
    index = max(failure.cell, 0)
    if index >= len(cells):
        return Finding(page.location(0), failure.rule, message)
    return Finding(page.location(index, max(failure.line, 1)), failure.rule, message)


def setup_execution(app: Sphinx) -> None:
    """Run before reading; remember after."""
    runs = ChapterRuns(setup_frozen(app))
    app.connect("config-inited", move_cache)
    app.connect("env-get-outdated", runs.outdated)
    app.connect("env-before-read-docs", runs.run_all, priority=AFTER_CHECKS)
    app.connect("source-read", runs.source_read, priority=AFTER_CHECKS)
    app.connect("env-updated", runs.note_failures)
