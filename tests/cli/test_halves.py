"""A second process reads half of the pages and runs half of the rules; one finds the same."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, sys
from pathlib import Path
from sphinx_mmbook.cli import halves
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

forks, fork = [], os.fork
halves.can_fork = lambda: True
halves.os.fork = lambda: forks.append(1) or fork()
def no_fork():
    forks.append(1)
    raise OSError

if sys.argv[2] == "lacks":
    halves.os.fork = no_fork
if sys.argv[2] == "memory":
    del os.memfd_create
if sys.argv[2] == "dies":
    halves.pickle.dump = lambda *_: os._exit(1)
book, alone = load_book(Path(sys.argv[1]), halves.by_two), load_book(Path(sys.argv[1]))
assert (book.pages, book.findings, book.library) == (alone.pages, alone.findings, alone.library)
assert [*book.pages] == [*alone.pages] and len(book.findings) == 1
assert judge(book, halves.findings_by_halves) == judge(book)
print(len(forks), len(judge(book)) > 2 * len(book.pages))
"""


def judged(book: Path, pages: int, how: str = "lives") -> str:
    (book / "conf.py").write_text("")
    for number in range(pages):
        text = f"# Loss {number}\n\nIt is the the loss , which these method has.\n\n{{ref}}`x`\n"
        (book / f"page-{number}.md").write_text(text)
    (book / "page-0a.md").write_bytes(b"\xff")
    (book / "works.bib").write_text("@misc{lin2014, title = {Loss}}")
    command = [sys.executable, "-c", PROGRAM, str(book), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("how", ["lives", "dies", "lacks"])
def test_two_processes_find_what_one_finds_and_one_may_be_missing(tmp_path: Path, how: str) -> None:
    assert judged(tmp_path, 8, how) == "2 True"


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no files in memory on this system")
def test_a_python_without_files_in_memory_as_conda_has_it_finds_the_same(tmp_path: Path) -> None:
    assert judged(tmp_path, 8, "memory") == "2 True"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_few_pages_are_judged_by_one_process(tmp_path: Path) -> None:
    assert judged(tmp_path, 6) == "0 True"
