"""A watch over a run: ends it when it takes more memory, or more time, than it may.

The memory is what a kernel and all that it starts really hold, asked of the system a few times a
second. A limit that the system enforces (``setrlimit``) was not taken: it counts memory that is
reserved and never used, of which CUDA asks for terabytes, counts each process by itself, and
Windows has none.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]

from sphinx_mmbook.notebooks.job import Failure, Limits

if TYPE_CHECKING:
    from collections.abc import Coroutine

#: Seconds between two looks: memory is filled at up to 5 GB in a second.
PAUSE = 0.1
#: Processes of a kernel are looked for at each so many looks: that means reading all of the system.
LOOKS_PER_SEARCH = 10
#: The share of the machine's memory that a kernel may have where nothing is said.
SHARE = 0.8


async def watched(
    work: Coroutine[Any, Any, Failure | None], pid: int | None, limits: Limits
) -> Failure | None:
    """Return what ``work`` returns, or why it was ended: it took more than the limits allow."""
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_watch(pid, limits))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else watch.result()
    finally:
        for one in (task, watch):
            one.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


async def _watch(pid: int | None, limits: Limits) -> Failure:
    """Return once a limit is passed."""
    end = monotonic() + limits.chapter_seconds if limits.chapter_seconds else None
    memory = _Memory(pid) if pid else None
    most = limits.memory_bytes or int(psutil.virtual_memory().total * SHARE)
    while True:
        await asyncio.sleep(PAUSE)
        if end is not None and monotonic() > end:
            return _too_long(limits.chapter_seconds)
        if memory and memory.held() > most:
            return _too_much(most)


def _too_long(seconds: float) -> Failure:
    message = (
        f"the chapter ran longer than {seconds:g} s and was stopped in this cell; make it faster, "
        "store its results in files, or set 'mmbook: {limits: {chapter_seconds: …}}' in the front "
        "matter"
    )
    return Failure("chapter-timeout", message)


def _too_much(most: int) -> Failure:
    message = (
        f"this cell took more than {most / 1e9:.1f} GB of memory, so the kernel was stopped; work "
        "with less at a time, or set 'mmbook: {limits: {memory_gb: …}}' in the front matter"
    )
    return Failure("cell-memory", message)


class _Memory:
    """The memory that a process and its children hold."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.looks = 0
        self.processes: list[Any] = []

    def held(self) -> int:
        """Return it in bytes; what ends meanwhile holds nothing."""
        try:
            if self.looks % LOOKS_PER_SEARCH == 0:
                kernel = psutil.Process(self.pid)
                self.processes = [kernel, *kernel.children(recursive=True)]
        except psutil.Error:
            self.processes = []
        self.looks += 1
        return sum(map(_held, self.processes))


def _held(process: Any) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
