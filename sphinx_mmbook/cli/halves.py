"""The rules of a check, half of them run by a forked process: 0.14 s of 0.75 in 20 chapters."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking.judge import findings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.rules.registry import Rule

#: Fewer pages are judged in the time that a second process costs.
FEW = 8


def can_fork() -> bool:
    """Whether a second process is of use. On macOS system libraries do not survive a fork."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def findings_by_halves(rules: Sequence[Rule], book: Book) -> list[Finding]:
    """Return what the rules find in a book. If there is no other process, or it ends early, all is
    done here."""
    if len(book.pages) < FEW or not can_fork():
        return findings_of(rules, book)
    with suppress(Exception):  # the rules meet it again, behind their guard
        for page in book.pages.values():
            page.prose.words  # noqa: B018 -- found out once, not by both
    read, write = os.pipe()
    try:
        child = os.fork()
    except OSError:  # the system has no room for another process
        os.close(read)
        os.close(write)
        return findings_of(rules, book)
    if not child:
        try:
            with open(write, "wb") as stream:  # noqa: PTH123 -- a pipe
                pickle.dump(findings_of(rules[1::2], book), stream)
        finally:
            os._exit(0)
    os.close(write)
    findings = findings_of(rules[::2], book)
    with open(read, "rb") as stream:  # noqa: PTH123
        sent = stream.read()
    os.waitpid(child, 0)
    try:
        others: list[Finding] = pickle.loads(sent)  # noqa: S301 -- of our own process
    except (EOFError, pickle.UnpicklingError):
        others = findings_of(rules[1::2], book)
    return findings + others
