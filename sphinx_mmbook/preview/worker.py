"""One build of a preview, in a process of its own: it ends with a report, or is cancelled."""

from __future__ import annotations

import io
import re
import signal
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking.baseline import read_baseline, without
from sphinx_mmbook.core.checking.judge import findings_of, judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_WARNING = re.compile(r"(?:(?P<location>\S.*?): )?(?:WARNING|ERROR|CRITICAL): (?P<text>.*)")
#: Exit status of a build that was cancelled, as a shell gives it for SIGTERM.
CANCELLED = 143
#: The group of rules that find faults in bibliographies alone.
ENTRIES = "entries"
#: What the extension emits with the pages that will be read, as ``mmbook check`` sees them.
BOOK_JUDGED = "mmbook-book-judged"


@dataclass(frozen=True)
class Order:
    """What to build: the book's folder and its output, both absolute."""

    book: str
    build: str
    jobs: int = 1


@dataclass(frozen=True)
class Message:
    """A warning of build or check: the page it is about (empty if none), and where it stands."""

    page: str
    location: str
    text: str


@dataclass(frozen=True)
class Report:
    """What became of a build.

    ``read`` are the pages that were read, ``pages`` all pages of the book; ``stopped`` says why
    there is no new output, and is empty if there is.
    """

    read: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    stopped: str = ""


class _Progress:
    """Notes of a running build what the report will say; ``warnings`` is what Sphinx prints."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.warnings = io.StringIO()
        self.advice: list[Message] = []
        self.is_writing = False

    def reading(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Note the pages that are read."""
        self.read |= {*docnames}

    def judged(self, app: Sphinx, book: Book) -> None:
        """Note what ``mmbook check`` warns of in the pages that are read; a build tells errors."""
        pages = {path: name for name, page in book.pages.items() for path in page.parts}
        pages |= {page.path: name for name, page in book.pages.items()}
        self.advice = [
            Message(pages[at.path], str(at), f"{found.message} [mmbook.{found.rule}]")
            for found in without(judge(book, _of_pages), read_baseline(book.folder))
            if found.level == "warning" and (at := found.location).path in pages
        ]

    def writing(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Note that from here on the build must go to its end.

        Sphinx saves next what it knows, and would not write again what it then knows as read.
        """
        self.is_writing = True
        return []

    def cancel(self, number: int, frame: object) -> None:
        """End the build if nothing has been written yet."""
        if not self.is_writing:
            sys.exit(CANCELLED)


def _of_pages(groups: Sequence[str], book: Book) -> list[Finding]:
    """Return what rules find in pages. Those on entries of bibliographies, which have no panel, are
    left out: 0.1 s of each save at 100 chapters with 2,000 entries."""
    return findings_of([group for group in groups if group != ENTRIES], book)


def build(order: Order, sender: Connection) -> None:
    """Build the book as HTML and send a :class:`Report`."""
    progress = _Progress()
    signal.signal(signal.SIGTERM, progress.cancel)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the preview, which cancels
    sender.send(run(order, progress))
    sender.close()


def run(order: Order, progress: _Progress) -> Report:
    """Build the book; whatever stops the build is said in the report."""
    from sphinx.application import Sphinx  # noqa: PLC0415 -- here it is warm
    from sphinx.util.docutils import docutils_namespace  # noqa: PLC0415

    app: Sphinx | None = None
    stopped = ""
    try:
        with docutils_namespace():
            app = Sphinx(
                order.book, order.book, f"{order.build}/html", f"{order.build}/doctrees", "html",
                status=None, warning=progress.warnings, parallel=order.jobs,
            )  # fmt: skip
            app.connect("env-before-read-docs", progress.reading, priority=900)
            if BOOK_JUDGED in app.events.events:
                app.connect(BOOK_JUDGED, progress.judged)
            app.connect("env-updated", progress.writing, priority=0)
            app.build()
    except SystemExit as error:
        if error.code == CANCELLED:
            raise
        stopped = str(error.code)
    except Exception as error:
        stopped = reason(error)
    return report(order, app, progress, stopped)


def reason(error: Exception) -> str:
    """Say what ended a build: a message of Sphinx's, or the last lines of anything else."""
    from sphinx.errors import SphinxError  # noqa: PLC0415

    if isinstance(error, SphinxError):
        return f"{error.category}: {error}"
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"


def report(order: Order, app: Sphinx | None, progress: _Progress, stopped: str) -> Report:
    """Return the report of a build that has ended."""
    env = getattr(app, "env", None)
    pages = (
        {env.doc2path(page, base=False).as_posix(): page for page in env.found_docs} if env else {}
    )
    messages = []
    for location, text in split_warnings(progress.warnings.getvalue()):
        place = location.removeprefix(f"{order.book}/")
        # Pages are called by their paths, with line and column after them.
        paths = (place.rsplit(":", colons)[0] for colons in (0, 1, 2))
        page = next((pages[path] for path in paths if path in pages), "")
        messages.append(Message(page, place, text))
    messages += progress.advice
    names = tuple(sorted(pages.values()))
    return Report(tuple(sorted(progress.read)), names, tuple(dict.fromkeys(messages)), stopped)


def split_warnings(printed: str) -> list[tuple[str, str]]:
    """Return location and text of each warning that Sphinx printed; a text can have many lines."""
    found: list[tuple[str, str]] = []
    for line in _COLOUR.sub("", printed).splitlines():
        if match := _WARNING.match(line):
            found.append((match["location"] or "", match["text"]))
        elif found and line.strip():
            location, text = found[-1]
            found[-1] = (location, f"{text}\n{line}")
    return found


def absolute(book: Path) -> Order:
    """Return the order for a book's folder."""
    folder = book.resolve()
    return Order(folder.as_posix(), (folder / "_build").as_posix())
