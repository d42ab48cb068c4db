"""The baseline's file is never read from what is not a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from limits import limited
from sphinx_mmbook.core.checking.baseline import NAME

if TYPE_CHECKING:
    from conftest import Book


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/stdin", "fifo", "folder"])
def test_a_baseline_is_never_read_from_a_device(book: Book, device: str) -> None:
    baseline = book.write({"index.md": "# A\n"}).folder / NAME
    if device == "fifo":
        os.mkfifo(baseline)
    elif device == "folder":
        baseline.mkdir()
    else:
        baseline.symlink_to(device)
    run = limited("-m", "sphinx_mmbook.cli", "check", ".", cwd=book.folder)
    assert run.returncode == 2
    assert f"{NAME} is not a file" in run.stderr
