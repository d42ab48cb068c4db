"""Programs of stored results run side by side, but for those that need what another makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from sphinx_mmbook.cli import main
from sphinx_mmbook.cli.results.rerun import jobs_of
from sphinx_mmbook.cli.results.side_by_side import ProgramRuns
from sphinx_mmbook.core.provenance.state import Fault, Stored

STORE = "from sphinx_mmbook import store\nstore({'a': %s}, 'results/x.json')\n"
#: Ends well only if the other chapter's program runs at the same time.
MEETS = """\
import time
from pathlib import Path
from sphinx_mmbook import store
Path("../here-{0}").touch()
end = time.monotonic() + 120
while not Path("../here-{1}").exists():
    assert time.monotonic() < end, "the other one never came"
    time.sleep(0.05)
store({{"a": 3}}, "results/x.json")
"""
SUM = """\
import json
from sphinx_mmbook import store
values = [json.load(open(f"../{name}/results/x.json"))["a"] for name in "ab"]
store({"a": sum(values)}, "results/x.json")
"""


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    os.utime(folder / path, (time.time() - 5,) * 2)


@pytest.mark.long
def test_programs_run_at_the_same_time_and_who_needs_them_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book"
    write(book, "conf.py", "")
    write(book, "index.md", "# Book")
    for name in "abc":
        write(book, f"ch/{name}/index.md", "# Chapter")
        write(book, f"ch/{name}/code/x.py", SUM if name == "c" else STORE % 1)
        subprocess.run([sys.executable, "code/x.py"], cwd=book / "ch" / name, check=True)
    write(book, "ch/a/code/x.py", MEETS.format("a", "b"))
    write(book, "ch/b/code/x.py", MEETS.format("b", "a"))
    assert main(["results", "run", "-j", "2", "--book", str(book)]) == 0
    out = capsys.readouterr().out
    assert json.loads((book / "ch/c/results/x.json").read_text()) == {"a": 6}
    assert out.count("ch/c/code/x.py ...") == 1
    assert "ch/a/code/x.py: done in" in out
    assert main(["results", "status", "--book", str(book)]) == 0
    # The same program with other arguments has a log of its own, and so has each chapter.
    assert (
        sorted(file.name for file in (book / "_build/results/log").rglob("*.log"))
        == ["x.py.log"] * 3
    )


def stored(name: str, *sources: str, stale: bool = True) -> Stored:
    fault = Fault("stale", "has changed")
    return Stored(
        (f"{name}.json",), name, f"{name}.py", faults=(fault,) * stale,
        sources=tuple(f"{source}.json" for source in sources),
    )  # fmt: skip


def order(*results: Stored, every: bool = False, done: str = "", running: str = "") -> str:
    """The programs that can run now."""
    runs = ProgramRuns(lambda: list(results), every, Event())
    jobs = {job.script[0]: job for job in jobs_of(results)}
    runs.done = {jobs[name].key for name in done + running}
    return "".join(job.script[0] for job in runs.ready([jobs[name] for name in running]))


def test_what_can_run_now() -> None:
    a, b, c = stored("a"), stored("b"), stored("c", "a", "b")
    assert order(a, b, c) == "ab"
    assert order(a, b, c, running="a") == "b"
    assert order(a, b, c, done="a", running="b") == ""
    assert order(a, b, c, done="ab") == "c"
    assert order(a, stored("b", stale=False), c, done="a") == "c"
    assert order(a, stored("b", stale=False), every=True) == "ab"


def test_who_needs_another_by_way_of_a_third_waits() -> None:
    a, b, c = stored("a"), stored("b", "a", stale=False), stored("c", "b")
    assert order(a, b, c) == "a"
    assert order(a, b, c, running="a") == ""
    assert order(a, b, c, done="a") == "c"


def test_programs_that_need_each_other_run_one_by_one() -> None:
    a, b = stored("a", "b"), stored("b", "a")
    assert order(a, b) == "a"
    assert order(a, b, running="a") == ""
    assert order(a, b, done="a") == "b"
