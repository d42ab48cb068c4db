"""The rules of a check, some of them run by a forked process: 0.2 s of 0.75 in 20 chapters."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking.judge import findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding

#: Fewer pages are judged in the time that a second process costs.
FEW = 8
#: These groups take longest: begun last, the other process would wait for one of them.
LONG = ("grammar", "entries", "typography", "cited_names")


def can_fork() -> bool:
    """Whether a second process is of use. On macOS system libraries do not survive a fork."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def findings_by_halves(groups: Sequence[str], book: Book) -> list[Finding]:
    """Return what groups of rules find in a book.

    Each process takes the next group, and imports its module, when it has done one. If there is
    no other process, or it ends early, all is done here.
    """
    if len(book.pages) < FEW or not can_fork():
        return findings_of(groups, book)
    with suppress(Exception):  # the rules meet it again, behind their guard
        for page in book.pages.values():
            page.prose.words  # noqa: B018 -- found out once, not by both
    ordered = sorted(groups, key=LONG.__contains__, reverse=True)
    todo, write = os.pipe()
    os.write(write, bytes(range(len(ordered))))
    os.close(write)
    read, write = os.pipe()
    done: list[str] = []
    try:
        child = os.fork()
    except OSError:  # the system has no room for another process
        child = -1
    if not child:
        try:
            with open(write, "wb") as stream:  # noqa: PTH123 -- a pipe
                pickle.dump(findings_of(_taken(todo, ordered, done), book), stream)
        finally:
            os._exit(0)
    os.close(write)
    findings = findings_of(_taken(todo, ordered, done), book)
    os.close(todo)
    with open(read, "rb") as stream:  # noqa: PTH123
        sent = stream.read()
    if child > 0:
        os.waitpid(child, 0)
    try:
        others: list[Finding] = pickle.loads(sent)  # noqa: S301 -- of our own process
    except (EOFError, pickle.UnpicklingError):
        others = findings_of([group for group in groups if group not in done], book)
    return findings + others


def _taken(todo: int, groups: list[str], done: list[str]) -> Iterator[str]:
    """Iterate over the groups that this process gets from a pipe of their numbers."""
    while number := os.read(todo, 1):
        done.append(groups[number[0]])
        yield done[-1]
