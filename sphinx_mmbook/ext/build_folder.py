"""The folder that a build writes to: one build at a time, each to its end or all anew.

If it cannot be written, one line says so.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.core.files.file_lock import BUILD_LOCK, BUSY, wait_for
from sphinx_mmbook.ext.guard import cannot_write

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

#: Before anything is read or written there.
FIRST, LAST = 1, 1000
#: No space left, a read-only file system, a quota, a limit on the size of files; SQLite's words.
_DISK = re.compile(
    r"\[Errno (?:28|30|122|27)\] ([\w -]*\w)"
    r"|(database or disk is full|attempt to write a readonly database|disk I/O error)"
)


class OneBuild:
    """The lock of one build; a second one waits, since both would write the same files."""

    def __init__(self) -> None:
        self.handle = -1

    def wait(self, app: Sphinx, _config: object) -> None:
        """Take the lock, and say so if it takes time."""
        file = Path(app.doctreedir) / BUILD_LOCK
        self.handle = wait_for(file, lambda: logger.info(BUSY))

    def begin_writing(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Mark that pages are being written; return all if the last build did not come to its end.

        Sphinx saves that pages are read before it writes them. If it is killed in between, it would
        not write them again, unless their own files have changed since.
        """
        mark = unfinished(app)
        pages = sorted(env.found_docs) if mark.exists() else []
        mark.touch()
        return pages

    def release(self, app: Sphinx, error: Exception | None) -> None:
        """Let the next build go on; say in one line if the disk or a page removed has ended this.

        :raises SystemExit: with that line, and status 1.
        """
        if not error:
            unfinished(app).unlink(missing_ok=True)
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
        # A worker's exception arrives as text.
        said = f"{error}\n{getattr(error, 'traceback', '')}" if error else ""
        if fault := _DISK.search(said):
            raise SystemExit(cannot_write(app.outdir, fault[1] or fault[2]))
        if "[Errno 2]" in said and (gone := first_gone(app)):
            raise SystemExit(f"mmbook: '{gone}' was removed while the book was built; build again")


def first_gone(app: Sphinx) -> str:
    """Return the first page of the book that is no longer there, if any is not."""
    env = getattr(app, "env", None)
    pages = [env.doc2path(p, base=False).as_posix() for p in sorted(env.found_docs)] if env else []
    return next((visible(page) for page in pages if not Path(app.srcdir, page).is_file()), "")


def unfinished(app: Sphinx) -> Path:
    """Return the file that is there while a build writes."""
    return Path(app.doctreedir) / f"{app.builder.name}.unfinished"


def refuse_read_only(app: Sphinx) -> None:
    """Stop before anything is begun if the output cannot be written.

    :raises SystemExit: with status 1 and the folder.
    """
    for folder in (Path(app.outdir), Path(app.doctreedir)):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(there, os.W_OK):
            raise SystemExit(cannot_write(there, "it is read-only"))


def setup_build_folder(app: Sphinx) -> None:
    """Look whether the output can be written; register the lock."""
    refuse_read_only(app)
    one = OneBuild()
    app.connect("config-inited", one.wait, priority=FIRST)
    app.connect("env-updated", one.begin_writing, priority=LAST)
    app.connect("build-finished", one.release, priority=LAST)
