"""Locks that the system drops when their holder ends, however it ends."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Held by the build that writes to a folder of doctrees, and while LaTeX sets what it wrote.
BUILD_LOCK = "mmbook.lock"
BUSY = "another build of this book is running; waiting until it ends ..."
#: Seconds between two looks whether the holder has ended.
PAUSE = 0.2


def take(handle: int) -> bool:
    """Lock the open file ``handle``; return whether nobody else holds it.

    Processes that inherit the handle hold the lock as well.
    """
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 -- of this system only

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl  # noqa: PLC0415 -- of these systems only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def take_for_process(handle: int) -> bool:
    """Lock the open file ``handle`` for this process alone; return whether no other holds it.

    What is forked does not hold it, and the process itself may take it again.
    """
    if os.name == "nt":
        return take(handle)
    import fcntl  # noqa: PLC0415 -- of these systems only

    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def wait_for(file: Path, busy: Callable[[], None]) -> int:
    """Lock a file for this process, and wait for that if need be; return its handle, to be closed.

    ``busy`` is called if another process holds the lock.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT)
    if not take_for_process(handle):
        busy()
        while not take_for_process(handle):
            time.sleep(PAUSE)
    return handle
