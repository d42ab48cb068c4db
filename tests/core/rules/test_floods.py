"""Pages of signs again and again, as a hostile or broken program writes them, keep no rule busy.

What takes as long as the text takes a second or two here; what grows with its square took minutes.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds of the processor for a page; the slowest needs a tenth of them on a laptop.
LIMIT = 30


class TooSlowError(BaseException):
    """No guard of a rule catches it."""


def stop(*_: object) -> None:
    raise TooSlowError


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Text " + "$" * 99_999, id="dollar signs"),
        pytest.param("|" + " $ |" * 60_001 + "\n|" + "---|" * 60_001, id="dollar signs in cells"),
        pytest.param("- $$ b\n" * 40_000, id="displayed formulas that never end"),
        pytest.param("$$ b.\n\n" * 20_000, id="paragraphs of such"),
        pytest.param("$" + "1" * 100_000 + "$", id="digits in a formula"),
        pytest.param("$$\n" + "#" * 90_000 + "\n$$", id="faults of one formula"),
        pytest.param("$" + "\\cite{a} " * 40_000 + "$", id="unknown commands"),
        pytest.param("$" + "a... " * 80_000 + "$", id="typed dots in a formula"),
        pytest.param("# words here\n" * 9_000, id="headings"),
        pytest.param("{numref}`fig-%d` " * 15_000 % tuple(range(15_000)), id="unknown labels"),
    ],
)
def test_a_flood_of_signs_is_judged_in_the_time_that_it_is_long(tmp_path: Path, text: str) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['sphinx_mmbook']\n")
    (tmp_path / "index.md").write_text(f"# A\n\n{text}\n")
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        judge(load_book(tmp_path))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
