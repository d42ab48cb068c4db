"""How long a test waits for what must not take for ever.

These limits time nothing: they are ten times and more what the work takes, and far below what it
would take if it grew with the square of its input. Speed itself is measured in benchmarks/.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def patience(seconds: float = 20) -> Iterator[None]:
    """Fail if what is done takes more processor time; other programs' load does not count."""
    start = time.process_time()
    yield
    used = time.process_time() - start
    assert used < seconds, f"took {used:.1f} s, as what grows with the square would"
