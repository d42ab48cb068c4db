"""The programs of stored results, side by side where none needs what another makes."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.results.rerun import (
    PAUSE,
    TOO_LONG,
    Job,
    ProgramFailed,
    jobs_of,
    judge_status,
    log_of,
)
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.pages.run_limits import resources_in
from sphinx_mmbook.core.pages.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from threading import Event

    from sphinx_mmbook.core.provenance.state import Stored
    from sphinx_mmbook.notebooks.cluster import Cluster

#: States that running the program mends; an edited file is overwritten only when asked for.
RUN = ("stale", "missing", "broken")


@dataclass
class ProgramRuns:
    """Runs what is stale among the ``results``, or every program, until nothing is left."""

    results: Callable[[], list[Stored]]
    every: bool
    stop: Event
    done: set[tuple[object, ...]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def run_all(self, run: Callable[[Job], bool], workers: int) -> None:
        """Run programs by ``run``, which returns whether one did well.

        A program may make what others read: what is to be run is asked anew after each.
        """
        running: dict[Future[bool], Job] = {}
        with ThreadPoolExecutor(workers, "program") as threads:
            try:
                while True:
                    ready = self.ready(running.values()) if len(running) < workers else []
                    for job in ready[: workers - len(running)]:
                        self.done.add(job.key)
                        running[threads.submit(run, job)] = job
                    if not running:
                        return
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        job = running.pop(future)
                        self.failed += [] if future.result() else [job.title]
            except BaseException:
                self.stop.set()  # each thread ends its program and puts the results back
                raise

    def ready(self, running: Collection[Job]) -> list[Job]:
        """Return the programs that can run now, while some others do."""
        jobs = jobs_of(self.results())
        todo = [job for job in jobs if job.key not in self.done and self.is_wanted(job)]
        awaited = {job.key for job in (*running, *todo)}
        ready = [job for job in todo if not _waits(job, jobs, awaited)]
        # Where each waits for another, any is as good.
        return ready or ([] if running else todo[:1])

    def is_wanted(self, job: Job) -> bool:
        """Return whether a program is to run."""
        faults = [fault for stored in job.results for fault in stored.faults]
        # What waits for another program is stale by itself only if that makes something else.
        states = {fault.state for fault in faults if not fault.is_upstream}
        return self.every or not states.isdisjoint(RUN)


def resources_of(book: Path, chapter: str) -> dict[str, float]:
    """Return what a chapter's front matter asks of a worker: ``mmbook: {resources: {gpu: 1}}``."""
    for name in ("index.md", "index.ipynb"):
        if (book / chapter / name).is_file():
            try:
                return resources_in(read_source(book, f"{chapter}/{name}").front.fields)
            except BookError:  # the check reports it
                return {}
    return {}


def _waits(job: Job, jobs: list[Job], awaited: Collection[tuple[object, ...]]) -> bool:
    """Return whether a program needs what one of the awaited makes, in however many steps."""
    todo, seen = [job], {job.key}
    while todo:
        one = todo.pop()
        for other in jobs:
            if other.key not in seen and one.needs(other):
                if other.key in awaited:
                    return True
                seen.add(other.key)
                todo.append(other)
    return False


@dataclass(frozen=True)
class RemoteRunner:
    """Runs programs on the workers of a cluster; what they make is fetched when they end well."""

    cluster: Cluster
    timeout: float
    stop: Event

    def __call__(self, book: Path, job: Job, command: list[str]) -> None:
        """Run a command in the chapter's folder, or in that of a copy of the book.

        :raises ProgramFailed: if it fails or takes too long, or no worker can do it.
        :raises KeyboardInterrupt: if all is stopped.
        """
        log = log_of(book, job)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        future = self.cluster.run_command(
            command, job.chapter, self.timeout, resources_of(book, job.chapter)
        )
        while not future.done():
            if self.stop.is_set():
                future.cancel()
                raise KeyboardInterrupt
            time.sleep(PAUSE)
        try:
            ended = future.result()
        except Exception as error:
            raise ProgramFailed(f"no worker could run it: {error}") from None
        log.write_bytes(ended.output)
        if ended.status is None:
            raise ProgramFailed(TOO_LONG.format(self.timeout))
        judge_status(ended.status, log, job.chapter)
        ended.bring_back(book)
