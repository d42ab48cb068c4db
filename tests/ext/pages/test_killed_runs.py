"""Builds that run chapters are killed at any moment, or race; the next one is right.

``MMBOOK_ROUNDS=50`` repeats each test so often.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from conftest import Book
from patience import has_ended, wait_for

pytestmark = [pytest.mark.long, pytest.mark.skipif(os.name == "nt", reason="signals")]
ROUNDS = int(os.environ.get("MMBOOK_ROUNDS", "4"))
PAGE = """---
title: Chapter {0}
file_format: mystnb
kernelspec:
  name: python3
---

```{{code-cell}}
import os, pathlib
with open('../kernels.txt', 'a') as file:
    file.write(f'{{os.getpid()}} {0}\\n')
print('value', {0}, pathlib.Path('data.txt').read_text())
```
"""
NAMES = [f"c{number}" for number in range(4)]


def command(book: Book, *words: str) -> list[str]:
    out = str(book.folder / "_build/html")
    return [sys.executable, "-m", "sphinx", *words, "-b", "html", str(book.folder), out]


@pytest.fixture
def chapters(book: Book) -> Book:
    toctree = "\n".join(f"{name}/index" for name in NAMES)
    book.write({"index.md": f"# Book\n\n```{{toctree}}\n{toctree}\n```\n"})
    for name in NAMES:
        book.write({f"{name}/index.md": PAGE.format(name[1:]), f"{name}/data.txt": "data 0"})
    return book


def runs(book: Book) -> list[tuple[int, str]]:
    """Return process and chapter of each run since the last time."""
    file = book.folder / "kernels.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [(int(pid), chapter) for pid, chapter in map(str.split, lines)]


def test_a_build_that_was_killed_at_any_moment_leaves_nothing_behind(chapters: Book) -> None:
    choose = random.Random(ROUNDS)
    begun = time.monotonic()
    subprocess.run(command(chapters, "-q", "-j", "2"), check=True)
    whole = time.monotonic() - begun
    for number in range(1, ROUNDS + 1):
        if number % 3 == 0:
            shutil.rmtree(chapters.folder / "_build")
        for name in NAMES:
            chapters.write({f"{name}/data.txt": f"data {number}"})
        process = subprocess.Popen(
            command(chapters, "-j", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(choose.uniform(0.1, 1) * whole)
        process.send_signal(signal.SIGINT if number % 2 else signal.SIGKILL)
        process.wait()
        pids = [pid for pid, _ in runs(chapters)]
        wait_for(lambda pids=pids: all(has_ended(pid) for pid in pids))
        built = chapters.build("-j", "2")
        assert (built.status, built.warnings) == (0, []), number
        for name in NAMES:
            text = built.soup(f"{name}/index").get_text()
            assert f"value {name[1:]} data {number}" in text, number
        runs(chapters)


def test_parallel_builds_of_a_fresh_checkout_run_each_chapter_once(chapters: Book) -> None:
    for _ in range(ROUNDS):
        shutil.rmtree(chapters.folder / "_build", ignore_errors=True)
        built = chapters.build("-j", "4")
        assert (built.status, built.warnings) == (0, [])
        assert sorted(chapter for _, chapter in runs(chapters)) == ["0", "1", "2", "3"]


def test_two_builds_at_the_same_time_both_succeed(chapters: Book) -> None:
    for _ in range(max(ROUNDS // 4, 1)):
        shutil.rmtree(chapters.folder / "_build", ignore_errors=True)
        two = [
            subprocess.Popen(
                command(chapters, "-q"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for _ in range(2)
        ]
        said = [process.communicate()[0] for process in two]
        assert [process.returncode for process in two] == [0, 0], said
        assert [text.replace("\n", "") for text in said] == ["", ""]
        assert sorted(chapter for _, chapter in runs(chapters)) == ["0", "1", "2", "3"]
