"""Run many chapters at the same time, as many as the machine bears, the longest first.

Whatever runs them is a ``concurrent.futures.Executor``: threads of this process, as each chapter
has its kernel's process anyway, or another machine's workers. What goes to it and comes back is
plain data, and it writes nothing: the caller alone has the cache.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME

from sphinx_mmbook.notebooks.kernel import warm_parent
from sphinx_mmbook.notebooks.run import Running, run
from sphinx_mmbook.notebooks.warm import WarmParent, can_fork, modules_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx_mmbook.notebooks.job import Job, Outcome

#: Memory that a kernel with numpy, pandas and matplotlib needs, with room for a chapter's data.
MEMORY_PER_KERNEL = 500_000_000


@dataclass(frozen=True)
class Progress:
    """A chapter has begun (``cell`` is 0), or its code cell of that number, or has ended."""

    job: Job
    cell: int
    outcome: Outcome | None = None


def run_chapters(
    jobs: Iterable[Job], executor: Executor, on_progress: Callable[[Progress], None]
) -> Iterator[tuple[Job, Outcome]]:
    """Run chapters, the longest first, and yield each with its outcome as it ends.

    Only an executor of this process tells of single cells.
    """
    local = executor if isinstance(executor, LocalExecutor) else None
    futures = {}
    try:
        for job in longest_first(jobs):
            task = partial(local.run, on_progress=on_progress) if local else run
            futures[executor.submit(task, job)] = job
        for future in as_completed(futures):
            outcome = future.result()
            on_progress(Progress(futures[future], 0, outcome))
            yield futures[future], outcome
    finally:
        for future in futures:
            future.cancel()


class LocalExecutor(ThreadPoolExecutor):
    """Threads of this process, each with one kernel at a time, for some chapters.

    Where several use Python, their kernels are forked from one that has imported what they import:
    from ``warm``, if that has. All kernels end with the ``with`` block, however that ends.
    """

    def __init__(
        self, workers: int, jobs: Sequence[Job] = (), warm: WarmParent | None = None
    ) -> None:
        super().__init__(workers, "chapter")
        self.running = Running()
        self.stack = ExitStack()
        in_python = [job.notebook for job in jobs if job.kernel == NATIVE_KERNEL_NAME]
        if len(in_python) > 1 and can_fork():
            modules = modules_for(in_python)
            is_fit = warm and warm.has(modules)
            self.running.warm = warm if is_fit else self.stack.enter_context(warm_parent(modules))

    def __exit__(self, *error: object) -> None:
        """End what still runs: the caller was interrupted."""
        self.shutdown(wait=False, cancel_futures=True)
        self.running.stop()
        if any(error) and self.running.warm:
            self.running.warm.close()
        self.stack.close()
        self.shutdown()

    def run(self, job: Job, on_progress: Callable[[Progress], None]) -> Outcome:
        """Run a chapter and tell of each cell that begins, from the thread it runs on."""
        numbers: dict[int, int] = {}
        for index, cell in enumerate(job.notebook.cells):
            if cell.cell_type == "code":
                numbers[index] = len(numbers) + 1
        on_progress(Progress(job, 0))
        return run(
            job,
            on_cell=lambda index: on_progress(Progress(job, numbers[index])),
            running=self.running,
        )


def longest_first(jobs: Iterable[Job]) -> list[Job]:
    """Return jobs in the order of their last runs' times; what never ran may be the longest."""
    return sorted(jobs, key=lambda job: inf if job.estimate is None else job.estimate, reverse=True)


def default_workers() -> int:
    """Return how many kernels the machine bears: one for each processor, if there is memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    kernels = int(psutil.virtual_memory().available // MEMORY_PER_KERNEL)
    return max(1, min(cores or 1, kernels))
