"""From a save to the finished page: ``mmbook live`` beside ``sphinx-autobuild`` on the plain stack.

Both watch the same book of their own, and one after the other gets a sentence more; the time ends
when the page has it. sphinx-autobuild, which is no part of this project: pip install sphinx-autobuild.

    python benchmarks/live.py                      a book of one chapter, and one of 100
    python benchmarks/live.py --chapters 20 --saves 9
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from build import ENVIRONMENT, STACKS, write_books

PAGE, SOURCE = "_build/html/chapters/chapter-001/index.html", "chapters/chapter-001/index.md"
#: Between two looks at the page, and after a build, which goes on once the page is there.
LOOK, REST = 0.01, 3.0
#: Seconds after which a build is given up.
PATIENCE = 300


def free_port() -> str:
    """Return a port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def command(stack: str, book: Path) -> list[str]:
    """Return the command that watches the book of a stack."""
    if stack == "ours":
        return ["sphinx_mmbook.cli", "live", "--no-open", "--port", free_port(), str(book)]
    return ["sphinx_autobuild", "--port", free_port(), str(book), str(book / "_build/html")]


def start(stack: str, book: Path) -> subprocess.Popen[bytes]:
    """Begin to watch, and return once the site is there."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command(stack, book)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=ENVIRONMENT,
    )  # fmt: skip
    wait(book / "_build/html/objects.inv", b"")
    return process


def wait(file: Path, text: bytes) -> float:
    """Wait until a file has a text; return when that was."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if file.is_file() and text in file.read_bytes():
            return time.monotonic()
        time.sleep(LOOK)
    raise TimeoutError(f"{file} has no {text!r} after {PATIENCE} s")


def save(book: Path, number: int) -> float:
    """Add a sentence to a chapter; return the seconds until its page has it."""
    source, sentence = book / SOURCE, f"This is sentence {number} of many."
    text = source.read_text("utf-8") + f"\n{sentence}\n"
    begin = time.monotonic()
    source.write_text(text, "utf-8")
    return wait(book / PAGE, sentence.encode()) - begin


def compare(books: Path, saves: int) -> None:
    """Print the medians of both, in turn in one run, and how many times faster ours is."""
    seconds: dict[str, list[float]] = {stack: [] for stack in STACKS}
    watching = []
    try:
        for stack in STACKS:
            watching.append(start(stack, books / stack))
            time.sleep(REST)
        for number in range(saves):
            for stack in STACKS:
                seconds[stack].append(save(books / stack, number))
                time.sleep(REST)
    finally:
        for process in watching:
            os.killpg(process.pid, signal.SIGINT)
            process.wait()
    for stack, found in seconds.items():
        each = " ".join(f"{some:.2f}" for some in found)
        print(f"  {stack:5} {statistics.median(found):5.2f} s  ({each})")
    plain, ours = (statistics.median(seconds[stack]) for stack in ("plain", "ours"))
    print(f"  {plain / ours:.2f} times faster than sphinx-autobuild", flush=True)


def main() -> None:
    """Compare at the sizes asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chapters", type=int, nargs="+", default=[1, 100])
    parser.add_argument("--saves", type=int, default=5)
    arguments = parser.parse_args()
    for chapters in arguments.chapters:
        with tempfile.TemporaryDirectory() as folder:
            write_books(Path(folder), chapters, 0, 10_000)
            print(f"{chapters} chapters:", flush=True)
            compare(Path(folder), arguments.saves)


if __name__ == "__main__":
    main()
