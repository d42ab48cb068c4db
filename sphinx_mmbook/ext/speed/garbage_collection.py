"""Python's garbage collector, asked less often while pages are read and written.

A build holds millions of nodes that live until its end. The collector's first generation is full
after 700 new objects, and each collection walks what is young; what the imports made is walked
again and again, too. So what is there when a build begins is set aside (``gc.freeze``), and the
collector waits for more. Source: https://docs.python.org/3/library/gc.html

After an edit of one page of 100 it would find next to nothing, and take 0.02 s: it is not asked.

Processes that Sphinx forks inherit all of it. They set it aside again, and while they read, the one
that waits for them collects only what they have sent. With ``-j 2`` a third of a build at 300
chapters was garbage collection: 20 s of 60.
"""

from __future__ import annotations

import atexit
import gc
import os
from multiprocessing import active_children
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

#: Tried at 100 chapters: (700, 10, 10), Python's own, takes 20.4 s and 194 MB; this 16.0 s and
#: 192 MB; (50,000, 10, 10) 17.2 s and 223 MB: trees of pages, which hold themselves, live longer.
THRESHOLD = (2_000, 10, 5)
#: While pages are written, what is old is collected only once it has grown by a quarter. Asked
#: after each fifth of the pages, 100 chapters take 193 MB instead of 202, and 0.5 s longer.
PARTS = 5
#: The same for a process whose pages others write: what is old are trees that wait for them.
WAITING = (2_000, 10, 1_000_000)
#: Before so many pages are read, or resolved, it does not pay to look for what can be freed.
SEVERAL = 3
#: Before others look at the settings: by then Python would look through all that imports made.
FIRST, LAST = 1, 999


class Collector:
    """The collector's settings from before the build, and what has become of it since.

    ``resolved`` pages are to be written, or were; ``process`` is that of this collector, and
    ``writers`` are those that write for it.
    """

    threshold: tuple[int, int, int] | None = None
    resolved = process = 0
    writers: Set[int | None] = frozenset()
    reads_few = True

    def ask_less(self, app: Sphinx, config: Config) -> None:
        """Set the collector for this build, and have it wait until the last one is loaded.

        What Sphinx remembers of a book of 100 chapters is loaded in a third of the time.
        """
        if config.mmbook_speedups:
            self.threshold = gc.get_threshold()
            gc.freeze()
            gc.set_threshold(0)
            # A process that ends need not look for what can be freed: half a second of each build.
            atexit.unregister(gc.freeze)
            atexit.register(gc.freeze)

    def begin(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Have the collector pass over what there is, and begin if several pages are to be read."""
        self.reads_few = len(docnames) < SEVERAL
        if self.reads_few and self.threshold:
            self.process = os.getpid()
            gc.freeze()
        else:
            self.begin_here()

    def begin_here(self) -> None:
        """Have the collector begin in this process."""
        if self.threshold:
            self.process = os.getpid()
            gc.freeze()
            gc.set_threshold(*THRESHOLD)

    def wait_for_readers(self, app: Sphinx, *_: object) -> None:
        """Have it wait while other processes read: what they send back is loaded here.

        The pages that were judged before are freed first; set aside, they would stay: 13 to 17 MB
        at 100 chapters.
        """
        if self.threshold and app.parallel > 1:
            if not self.reads_few:
                gc.collect()
            gc.freeze()
            gc.set_threshold(0)

    def begin_in_worker(self, app: Sphinx, *_: object) -> None:
        """Have it begin in a process that was forked, or in this one if it reads itself."""
        if os.getpid() != self.process or not (self.reads_few or gc.get_threshold()[0]):
            self.begin_here()

    def merged(self, app: Sphinx, *_: object) -> None:
        """Free what the reader before has sent."""
        if self.threshold:
            gc.collect()

    def go_on(self, app: Sphinx, *_: object) -> None:
        """Have it begin again once all pages are read."""
        if self.threshold and not self.reads_few:
            gc.set_threshold(*THRESHOLD)

    def collect(self, app: Sphinx, *_: object) -> None:
        """Free the trees of pages that have been written."""
        if not self.threshold:
            return
        self.resolved += 1
        if self.resolved == SEVERAL:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*(WAITING if app.builder.parallel_ok else THRESHOLD))
        elif self.resolved > SEVERAL and self.pages_were_written(app):
            gc.collect()

    def pages_were_written(self, app: Sphinx) -> bool:
        """Return whether there are trees that nobody needs any more.

        Those that a process has written Sphinx forgets when it starts the next one. Asked after
        each tenth of the pages, the parent of 100 chapters collects for 1.3 s instead of 0.6.
        """
        if app.builder.parallel_ok:
            before, self.writers = self.writers, {process.pid for process in active_children()}
            return not self.writers <= before
        return self.resolved % (len(app.env.all_docs) // PARTS + 1) == 0

    def ask_as_before(self, app: Sphinx, error: Exception | None) -> None:
        """Undo it: the process may go on, as that of a preview does."""
        if self.threshold:
            gc.freeze()  # else what this build has made would be looked through at once
            gc.set_threshold(*self.threshold)
            gc.unfreeze()
            self.threshold = None


def setup_garbage_collection(app: Sphinx) -> None:
    """Register the setting of the collector."""
    collector = Collector()
    app.connect("config-inited", collector.ask_less, priority=FIRST)
    app.connect("env-before-read-docs", collector.begin, priority=FIRST)
    app.connect("env-before-read-docs", collector.wait_for_readers, priority=LAST)
    app.connect("source-read", collector.begin_in_worker)
    app.connect("env-merge-info", collector.merged, priority=LAST)
    app.connect("env-updated", collector.go_on)
    app.connect("doctree-resolved", collector.collect)
    app.connect("html-page-context", collector.begin_in_worker)
    app.connect("build-finished", collector.ask_as_before)
