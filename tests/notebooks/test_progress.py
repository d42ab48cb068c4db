"""What a build tells of running chapters: lines that stay, and in a terminal one that changes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from sphinx_mmbook.notebooks.job import Failure, Job, Outcome
from sphinx_mmbook.notebooks.pool import Progress
from sphinx_mmbook.notebooks.progress import Display

ENDED = [
    "running slow (1 of 2) ... data.csv has changed",
    "running quick (2 of 2) ... it has never run",
    "quick failed after 0.2 s",
    "slow ran in 3.0 s",
]


def tell(say) -> None:
    """Tell of two chapters, one of which fails as the other is at its second cell."""
    given = new_notebook(cells=[new_code_cell("1"), new_code_cell("2")])
    slow, quick = (
        Job(name, Path("index.md"), given, estimate=seconds)
        for name, seconds in (("slow", 400), ("quick", None))
    )
    why = {"slow": ["data.csv has changed"], "quick": ["it has never run"]}
    display = Display([slow, quick], why, 2, say)
    for job, cell in ((slow, 0), (quick, 0), (slow, 2), (quick, 1)):
        display(Progress(job, cell))
    display(Progress(quick, 0, Outcome(given, 0.2, Failure("cell-error", "it fails"))))
    display(Progress(slow, 0, Outcome(given, 3, None)))


def test_elsewhere_than_in_a_terminal_there_are_lines_alone(capsys):
    said: list[str] = []
    tell(said.append)
    assert said == ENDED
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(os.name == "nt", reason="a terminal that a test can make")
@pytest.mark.parametrize("width", [100, 30])
def test_in_a_terminal_a_line_shows_where_each_chapter_is(width, monkeypatch):
    inner, outer = os.openpty()
    monkeypatch.setenv("COLUMNS", str(width))
    with open(outer, "w", encoding="utf-8") as terminal:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", terminal)
        tell(lambda line: print(line, flush=True))
    said = b""
    with suppress(OSError):  # nothing more: the terminal is closed
        while more := os.read(inner, 10_000):
            said += more
    os.close(inner)
    shown = said.decode().replace("\r\n", "\n").split("\r\x1b[K")
    # Every line that stays takes the place of the one that changes, and that is whole again below.
    assert [line.rstrip("\n") for line in shown if line.endswith("\n")] == ENDED
    changing = [line for line in shown if line and not line.endswith("\n")]
    assert max(map(len, changing)) < width
    assert "\n" not in "".join(changing)
    if width == 100:
        assert changing[0] == "slow: 0 s; 0 of 2 done, at least 7 min"
        assert changing[3].startswith("slow: cell 2 of 2, 0 s; quick: cell 1 of 2, 0 s; 0 of 2")
        assert changing[-1] == "slow: cell 2 of 2, 0 s; 1 of 2 done, about 7 min"
    assert shown[-1] == ENDED[-1] + "\n"
