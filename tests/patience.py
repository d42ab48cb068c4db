"""How long a test waits for what must not take for ever.

Limits of processor time judge no machine: they are ten times and more what the work takes, and far below what it
would take if it grew with the square of its input. Speed itself is measured in benchmarks/.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def patience(seconds: float = 20) -> Iterator[None]:
    """Fail if what is done takes more processor time; other programs' load does not count."""
    start = time.process_time()
    yield
    used = time.process_time() - start
    assert used < seconds, f"took {used:.1f} s, as what grows with the square would"


def wait_for(condition: Callable[[], object], process: subprocess.Popen[Any] | None = None) -> None:
    """Wait until a condition holds, on a slow machine as long as it takes.

    Fails if ``process``, which is to bring it about, ends before; the limit only ends a test that
    would wait for ever.
    """
    end = time.monotonic() + 600
    while not condition():
        assert process is None or process.poll() is None, "it ended, and nothing came of it"
        assert time.monotonic() < end, "nothing came of it in ten minutes"
        time.sleep(0.02)


def has_ended(pid: int) -> bool:
    """Return whether a process has ended, also if nobody has asked for its status yet."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return state[:1] in ("", "Z")
