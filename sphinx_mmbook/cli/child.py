"""Programs that a command starts: none outlives the command, however that is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.programs import find_program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Seconds that a program has to end by itself when it is stopped.
PATIENCE = 5


def run_to_end(
    command: Sequence[str], *, terminal: bool = False, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a program; if this process is stopped meanwhile, so is all that the program started.

    ``terminal``: the program asks the user something. ``options`` are those of ``Popen``.
    """
    own_group = os.name != "nt" and not terminal
    with (
        stopped_by_signals(),
        subprocess.Popen(command, start_new_session=own_group, **options) as process,  # noqa: S603
    ):
        try:
            out, err = process.communicate()
        except BaseException:
            end_process(process, signal.SIGINT, own_group)
            raise
    return subprocess.CompletedProcess(list(command), process.returncode, out, err)


#: Without the folder in which it is called: a student's ``random.py`` there would be imported.
SPHINX = (sys.executable, "-P", str(Path(__file__).with_name("sphinx_build.py")))


def read_pages(book: Path, order: Mapping[str, str], *options: str) -> int:
    """Let Sphinx read a book and write nothing, with an order for our extension; return the status.

    The order are variables of the environment.
    """
    build = book / "_build"
    command = [*SPHINX, "-q", "-b", "dummy", "-d", str(build / "doctrees")]
    command += [*options, str(book), str(build / "dummy")]
    return run_to_end(command, env={**os.environ, **order}).returncode


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let signals that would end this process at once end it as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for number in signal.Signals if number.name in ("SIGTERM", "SIGHUP")]
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def end_process(
    process: subprocess.Popen[Any], first: int = signal.SIGTERM, own_group: bool = True
) -> None:
    """End a program that still runs, and all that it started: by ``first``, then by force."""
    if process.poll() is not None:
        return
    if os.name == "nt":
        tree = [find_program("taskkill") or "taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603
    else:
        send = os.killpg if own_group else os.kill
        send(process.pid, first)
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        if process.poll() is None:
            send(process.pid, signal.SIGKILL)
    process.wait()
