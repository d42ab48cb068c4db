"""Notebook chapters are run before any page is read; MyST-NB then finds all outputs in its cache.

So the pages can be read in parallel (two readers that both create the cache's database crash), one
process alone writes the cache, and a chapter that fails, in whatever way, stops nobody.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from math import isfinite
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path
from sphinx.util import logging

from sphinx_mmbook.core.files.git import top_of
from sphinx_mmbook.core.files.paths import real
from sphinx_mmbook.core.finding import BookError, Finding
from sphinx_mmbook.core.pages.run_limits import depends_in, limits_in, own_field, resources_in
from sphinx_mmbook.core.pages.source import read_source
from sphinx_mmbook.core.pages.stub import page_text, with_fields
from sphinx_mmbook.ext.adapters.myst_nb import PageNotebook, cache_folder, read_notebook
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_page
from sphinx_mmbook.ext.pages.frozen import FrozenPages, setup_frozen
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.notebooks.cache import RunCache, exists
from sphinx_mmbook.notebooks.early import EarlyParent
from sphinx_mmbook.notebooks.executed import PAGE
from sphinx_mmbook.notebooks.job import Failure, Job, Limits
from sphinx_mmbook.notebooks.key import code_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set
    from concurrent.futures import Executor

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.notebooks.warm import WarmParent

logger = logging.getLogger(__name__)

#: The checker is before us on the same event: a book with bad labels executes nothing.
AFTER_CHECKS = 700
#: MyST-NB's modes in which we run a page; it then finds the outputs in its cache. Left to itself it
#: would run pages of the last two while it reads them, and a dead kernel would end the build.
MODES = ("cache", "force", "auto")

#: SQLite's limit, less what is put after the folder's name.
LONGEST_DATABASE_PATH = 400


@dataclass(frozen=True)
class Chapter:
    """A notebook chapter that MyST-NB will look for in the cache."""

    docname: str
    file: Path
    page: PageNotebook
    limits: Limits
    root: Path
    depends: tuple[str, ...] = ()
    resources: Mapping[str, float] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        """How the page, or the book, wants it to be run."""
        return str(self.page.config.execution_mode)

    @property
    def is_complete(self) -> bool:
        """Whether the page brings outputs of all its cells along; MyST-NB's ``auto`` keeps them."""
        code = [cell for cell in self.page.notebook.cells if cell.cell_type == "code"]
        return all(cell.outputs for cell in code)

    @property
    def mark(self) -> dict[str, str]:
        """What is added to the page's kernel, so that the page has its own place in the cache."""
        kernel = self.page.notebook.metadata.get("kernelspec")
        return {PAGE: self.page.path} if isinstance(kernel, dict) else {}

    def job(self, times: Mapping[str, float] = MappingProxyType({})) -> Job:
        """Return what to run; ``times`` are those of the last runs, by the page's path."""
        notebook = self.page.notebook
        own = notebook.metadata.get("execution", {})
        own = own if isinstance(own, dict) else {}
        notebook.metadata.get("kernelspec", {}).update(self.mark)
        return Job(
            self.docname,
            self.file,
            notebook,
            self.limits,
            allow_errors=bool(own.get("allow_errors", self.page.config.execution_allow_errors)),
            estimate=times.get(self.file.relative_to(self.root).as_posix()),
            repository=self.root,
            resources=self.resources,
            depends=self.depends,
        )


def limits_of(config: Config, page: PageNotebook, front: Mapping[str, Any]) -> Limits:
    """Return what the run of a page may take: what it says itself goes before what conf.py says."""
    said = limits_in(config.mmbook_limits) | limits_in(own_field(front, "limits"))
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

    def __init__(
        self,
        frozen: FrozenPages,
        say: Callable[[str], None] = logger.info,
        early: EarlyParent | None = None,
    ) -> None:
        self.frozen, self.say, self.early = frozen, say, early or EarlyParent()
        self.ran: set[str] = set()
        self.failures: dict[str, Failure] = {}
        self.failed: dict[str, Finding] = {}
        #: The pages whose outputs MyST-NB finds in the cache.
        self.chapters: dict[str, Chapter] = {}

    def outdated(self, app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        """Let pages be read again that failed, or of whose run a file or package has changed.

        And those that were run since they were read: by a build that was interrupted, or by
        ``mmbook run``.
        """
        self.failed.clear()
        self.failures.clear()
        found = {*book_domain(env).failures}
        folder = cache_folder(env)
        if exists(folder):
            root, book = root_of(env), real(Path(env.srcdir))
            cache = RunCache(folder)
            stale, stored = cache.stale(root), cache.stored()
            for page, time in stored.items():
                file = root / page
                if file.is_relative_to(book):
                    docname = str(env.path2doc(file.relative_to(book)))
                    if page in stale or time > env.all_docs.get(docname, 0) / 1e6:
                        found.add(docname)
        return sorted(found & env.found_docs)

    def run_all(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Run the notebooks among the pages to be read that have not been run as they are."""
        chapters = list(chapters_of(env, [name for name in docnames if name not in self.frozen]))
        self.chapters = {chapter.docname: chapter for chapter in chapters}
        if chapters:
            self.run(env, chapters)
        self.early.close()
        if self.failed and env.config.mmbook_on_error == "fail":
            app.statuscode = 1

    def run(self, env: BuildEnvironment, chapters: list[Chapter], *, again: bool = False) -> None:
        """Run chapters if they have to, or ``again``; of those with the same code, first one."""
        cache = RunCache(cache_folder(env))
        times = cache.times()
        jobs = {chapter.docname: chapter.job(times) for chapter in chapters}
        forced = {chapter.docname for chapter in chapters if again or chapter.mode == "force"}
        reasons = {
            name: ["it is run in any case"] if name in forced else cache.reuse(job)
            for name, job in jobs.items()
        }
        todo = [job for name, job in jobs.items() if reasons[name]]
        first = first_of_each(todo, forced)
        self.run_pool(env, cache, first, reasons)
        rest = [job for job in todo if job not in first and cache.reuse(job)]
        self.run_pool(env, cache, rest, reasons)
        for docname, failure in sorted(self.failures.items()):
            page = next(c.page for c in chapters if c.docname == docname)
            self.failed[docname] = finding_of(page, failure)
            report(env, judged(self.failed[docname], env.config.mmbook_on_error))

    def run_pool(
        self, env: BuildEnvironment, cache: RunCache, jobs: list[Job], why: dict[str, list[str]]
    ) -> None:
        """Run chapters in the pool; this process alone writes the cache."""
        if not jobs:
            return
        # Most builds run nothing; what runs chapters takes 1.3 MB.
        from sphinx_mmbook.notebooks.pool import default_workers, run_chapters  # noqa: PLC0415
        from sphinx_mmbook.notebooks.progress import Display, estimate  # noqa: PLC0415

        workers = env.config.mmbook_execution_jobs or default_workers()
        if len(jobs) > 1 and (rest := estimate(jobs, workers)):
            self.say(f"running {len(jobs)} chapters{rest}")
        tell = Display(jobs, why, workers, self.say)
        with executor_for(env, workers, jobs, self.early.warm) as executor:
            for job, outcome in run_chapters(jobs, executor, tell):
                with on_page(env, job.name, "the run of this notebook"):
                    cache.store(job.file, outcome)
                    self.ran.add(job.name)
                    if outcome.failure:
                        self.failures[job.name] = outcome.failure

    def source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Let MyST-NB look for the page's outputs where we put them."""
        if chapter := self.chapters.get(docname):
            fields = {chapter.page.config.metadata_key: {"execution_mode": "cache"}}
            fields |= {"kernelspec": chapter.mark} if chapter.mark else {}
            content[0] = with_fields(chapter.page.path, content[0], **fields)

    def note_failures(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Remember the failures, now that no reader can forget them."""
        for docname, finding in self.failed.items():
            book_domain(env).note_failure(docname, finding)


def judged(failure: Finding, on_error: str) -> Finding:
    """Return a failure at the level that the book gives it."""
    return replace(failure, level="info") if on_error == "ignore" else failure


@contextmanager
def executor_for(
    env: BuildEnvironment, workers: int, jobs: Sequence[Job], warm: WarmParent | None
) -> Iterator[Executor]:
    """Yield what runs the chapters: the cluster that the book names, or this machine.

    :raises SystemExit: with status 1 if the cluster cannot be used.
    """
    from sphinx_mmbook.notebooks.cluster import (  # noqa: PLC0415 -- as above
        Cluster,
        ClusterError,
        ClusterExecutor,
    )
    from sphinx_mmbook.notebooks.pool import LocalExecutor  # noqa: PLC0415

    address = env.config.mmbook_scheduler
    if not address:
        with LocalExecutor(workers, jobs, warm) as executor:
            yield executor
        return
    try:
        cluster = Cluster(address, real(Path(env.srcdir)))
    except ClusterError as error:
        raise SystemExit(f"mmbook: {error}") from None
    with cluster:
        yield ClusterExecutor(cluster)


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
        front = source.front.fields
        limits = limits_of(env.config, page, front)
        chapter = Chapter(
            docname, file_of(env, path), page, limits, root_of(env), depends_in(front),
            resources_in(front),
        )  # fmt: skip
        if chapter.mode != "auto" or not chapter.is_complete:
            yield chapter


def root_of(env: BuildEnvironment) -> Path:
    """Return the folder whose files count for the runs: that of the repository, or the book's."""
    return top_of(Path(env.srcdir)) or real(Path(env.srcdir))


def file_of(env: BuildEnvironment, path: str) -> Path:
    """Return a page's file without symbolic links, as its kernel will see its folder."""
    return real(Path(env.srcdir)) / path


def first_of_each(jobs: list[Job], forced: Set[str]) -> list[Job]:
    """Return one job of those with the same code, and all that are forced."""
    found: dict[str, Job] = {}
    for job in jobs:
        found.setdefault(job.name if job.name in forced else code_key(job), job)
    return list(found.values())


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
        repair = "mend it, or tag it 'raises-exception' if the error is meant"
        if message.startswith("ModuleNotFoundError:"):
            repair = "add its package to the book's pyproject.toml and install it, or mend the name"
        message = f"code cell {number} fails with {message}; {repair}"
    index = max(failure.cell, 0)
    if index >= len(cells):
        return Finding(page.location(0), failure.rule, message)
    return Finding(page.location(index, max(failure.line, 1)), failure.rule, message)


def setup_execution(app: Sphinx, early: EarlyParent) -> None:
    """Run before reading; remember after."""
    runs = ChapterRuns(setup_frozen(app), early=early)
    app.connect("config-inited", move_cache)
    app.connect("env-get-outdated", runs.outdated)
    app.connect("env-before-read-docs", runs.run_all, priority=AFTER_CHECKS)
    app.connect("source-read", runs.source_read, priority=AFTER_CHECKS)
    app.connect("env-updated", runs.note_failures)
