"""How far the runs of chapters are: one line that changes in a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sphinx_mmbook.notebooks.job import Job
    from sphinx_mmbook.notebooks.pool import Progress

_CLEAR = "\r\x1b[K"


class Display:
    """Tells of the runs of some chapters, each with the reasons why it runs.

    ``say`` prints a line; what changes in place is written past it, to a terminal alone.
    """

    def __init__(
        self, jobs: Sequence[Job], why: Mapping[str, list[str]], workers: int,
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.jobs, self.why, self.workers, self.say = jobs, why, workers, say
        self.is_live = sys.stdout.isatty()
        self.cells: dict[str, tuple[int, Job]] = {}
        self.begun: dict[str, float] = {}
        self.done: set[str] = set()
        self.lock = Lock()

    def __call__(self, progress: Progress) -> None:
        """Take notice of a cell that begins, or a chapter that ends; from any thread."""
        name = progress.job.name
        with self.lock:
            if progress.outcome:
                self.done.add(name)
                self.cells.pop(name, None)
                ended = "failed after" if progress.outcome.failure else "ran in"
                self.line(f"{name} {ended} {progress.outcome.seconds:.1f} s")
            else:
                if name not in self.begun:
                    self.begun[name] = monotonic()
                    count = f"{len(self.begun)} of {len(self.jobs)}"
                    self.line(f"running {name} ({count}) ... {reasons(self.why.get(name, []))}")
                self.cells[name] = (progress.cell, progress.job)
            if self.is_live:
                self.show()

    def line(self, text: str) -> None:
        """Print a line that stays."""
        if self.is_live:
            sys.stdout.write(_CLEAR)
            sys.stdout.flush()
        self.say(text.rstrip())

    def show(self) -> None:
        """Write the line that changes; nothing once all have ended."""
        now = monotonic()
        parts = []
        for name, (cell, job) in self.cells.items():
            at = f"cell {cell} of {job.cells}, " if cell else ""
            parts.append(f"{name}: {at}{now - self.begun[name]:.0f} s")
        if len(self.done) < len(self.jobs):
            left = [job for job in self.jobs if job.name not in self.done]
            parts.append(f"{len(self.done)} of {len(self.jobs)} done{estimate(left, self.workers)}")
            width = shutil.get_terminal_size().columns - 1
            sys.stdout.write(_CLEAR + "; ".join(parts)[:width])
            sys.stdout.flush()


def reasons(why: Sequence[str]) -> str:
    """Return the reasons why a chapter runs, the first few of them."""
    more = f"; and {len(why) - 3} more" if len(why) > 3 else ""
    return "; ".join(why[:3]) + more


def estimate(jobs: Sequence[Job], workers: int) -> str:
    """Return how long some chapters will take, by their last runs, as the end of a sentence."""
    known = [job.estimate for job in jobs if job.estimate is not None]
    if not known:
        return ""
    seconds = max(sum(known) / workers, *known, 1)
    least = "at least " if len(known) < len(jobs) else "about "
    return f", {least}" + (f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min")
