"""A check by two processes: a forked one reads some of the pages, and another runs some rules."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import IO, TYPE_CHECKING, TypeVar

from sphinx_mmbook.core.checking.judge import findings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding

    Result = TypeVar("Result")

#: Fewer pages are read and judged in the time that a second process costs.
FEW = 8
#: A pipe takes a byte for each of so many tasks at once.
MOST = 60_000


def can_fork() -> bool:
    """Whether a second process is of use. On macOS system libraries do not survive a fork."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def by_two(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what tasks return, in their order.

    One of two processes does the first task, the other the last, and so on until they meet: for
    each that it begins, it takes a byte from a pipe. What a process that ends early has not sent,
    or all if there can be none, is done here.
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
    os.write(write, bytes(len(tasks)))
    os.close(write)
    ended, goes_on = os.pipe()
    with _shared_file() as sent:
        child = -1
        with suppress(OSError):  # the system has no room for another process
            child = os.fork()
        try:
            numbers = iter(range(len(tasks)) if child else reversed(range(len(tasks))))
            while os.read(todo, 1):
                result = tasks[number := next(numbers)]()
                if child:
                    done[number] = result
                else:  # each as it is made: this is work, too, of which either takes its part
                    pickle.dump((number, result), sent)
                    sent.flush()
        finally:
            os.close(goes_on)
            if not child:
                os._exit(0)
        os.read(ended, 1)  # what the child has sent is read while the system takes it apart
        os.close(ended)
        os.close(todo)
        sent.seek(0)
        with suppress(EOFError, pickle.UnpicklingError):
            while True:
                done.update([pickle.load(sent)])  # noqa: S301 -- of our own process
        if child > 0:
            os.waitpid(child, 0)


def _shared_file() -> IO[bytes]:
    """Return a file without a name, in memory where Python can make one: conda's cannot."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("done"), "r+b")  # noqa: PTH123
    from tempfile import TemporaryFile  # noqa: PLC0415

    return TemporaryFile()


def findings_by_halves(groups: Sequence[str], book: Book) -> list[Finding]:
    """Return what groups of rules find; a process imports the modules of those that it takes."""
    if len(book.pages) < FEW:
        return findings_of(groups, book)
    found = by_two([partial(findings_of, (group,), book) for group in groups])
    return [finding for some in found for finding in some]
