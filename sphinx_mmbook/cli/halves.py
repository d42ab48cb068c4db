"""A check by two processes: a forked one reads some of the pages, and another runs some rules."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sphinx_mmbook.core.checking.judge import findings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding

    Result = TypeVar("Result")

#: Fewer pages are read and judged in the time that a second process costs.
FEW = 8
#: A pipe takes the numbers of so many tasks at once, of four bytes each.
MOST = 10_000
#: These groups take longest: begun last, the other process would wait for one of them.
LONG = ("grammar", "entries", "typography", "cited_names")


def can_fork() -> bool:
    """Whether a second process is of use. On macOS system libraries do not survive a fork."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def by_two(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what tasks return, in their order.

    Each of two processes takes the next task when it has done one, from a pipe of their numbers.
    What a process that ends early has not sent, or all if there can be none, is done here.
    """
    done: dict[int, Result] = {}
    if FEW < len(tasks) <= MOST and can_fork():
        _share(tasks, done)
    for number, task in enumerate(tasks):
        if number not in done:
            done[number] = task()
    return [done[number] for number in range(len(tasks))]


def _share(tasks: Sequence[Callable[[], Result]], done: dict[int, Result]) -> None:
    todo, write = os.pipe()
    os.write(write, b"".join(number.to_bytes(4) for number in range(len(tasks))))
    os.close(write)
    read, write = os.pipe()
    child = -1
    with suppress(OSError):  # the system has no room for another process
        child = os.fork()
    if child:
        os.close(write)
    try:
        while number := os.read(todo, 4):
            done[int.from_bytes(number)] = tasks[int.from_bytes(number)]()
        if not child:
            with open(write, "wb") as stream:  # noqa: PTH123 -- a pipe
                pickle.dump(done, stream)
    finally:
        if not child:
            os._exit(0)
    os.close(todo)
    with open(read, "rb") as stream, suppress(EOFError, pickle.UnpicklingError):  # noqa: PTH123
        done.update(pickle.load(stream))  # noqa: S301 -- of our own process
    if child > 0:
        os.waitpid(child, 0)


def findings_by_halves(groups: Sequence[str], book: Book) -> list[Finding]:
    """Return what groups of rules find; a process imports the modules of those that it takes."""
    if len(book.pages) < FEW:
        return findings_of(groups, book)
    with suppress(Exception):  # the rules meet it again, behind their guard
        for page in book.pages.values():
            page.prose.words  # noqa: B018 -- found out once, not by both
    ordered = sorted(groups, key=LONG.__contains__, reverse=True)
    found = by_two([partial(findings_of, (group,), book) for group in ordered])
    return [finding for some in found for finding in some]
