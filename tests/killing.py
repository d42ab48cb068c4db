"""Programs that store results, killed at random moments, and what is found afterwards.

Each is forked from this process, which has loaded everything: a kill takes a fraction of a second.
By hand: ``python tests/killing.py store|run|record KILLS [SEED]``.
"""

from __future__ import annotations

import io
import json
import os
import random
import runpy
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from patience import has_ended, wait_for
from sphinx_mmbook import storing
from sphinx_mmbook.cli import check, main, results
from sphinx_mmbook.core.files import git
from sphinx_mmbook.core.provenance.hashing import digest

#: Loaded before the first process is forked.
WARM = (check, git, results, storing)
RESULTS = Path("ch/a/results")
#: Three files that belong to one result, each with the number of the run in each cell.
FIT = """\
import numpy
from sphinx_mmbook import store
N = {number}
class Fit:
    use_t, nobs, model = True, 3, None
    def __init__(self, n):
        self.params = self.bse = self.tvalues = self.pvalues = [float(n)] * 4000
        self.nobs, self.model = n, self
        self.exog_names = [f"x{{i}}" for i in range(4000)]
    def conf_int(self):
        return numpy.full((4000, 2), float(self.nobs))
store(Fit(N), "results/fit.csv", seed=N)
"""
#: A result of store() and one that the program writes itself.
OWN = FIT + """\
# mmbook-results: results/own.csv
with open("results/own.csv", "w") as file:
    file.write("value\\n" + f"{{N}}\\n" * 50000)
"""  # fmt: skip


class Killed:
    """A book whose one program is run and killed; ``numbers`` of all runs that were begun."""

    def __init__(self, folder: Path, kind: str, chance: random.Random) -> None:
        self.book, self.kind, self.chance = folder, kind, chance
        self.seen: Counter[str] = Counter()
        self.number = 0
        for name, text in (("conf.py", ""), ("index.md", "# Book\n"), ("ch/a/index.md", "# A\n")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        (folder / RESULTS).mkdir()
        (folder / "ch/a/code").mkdir()
        begun = time.monotonic()
        for _ in range(3):
            self.prepare()
            assert os.waitpid(self.forked(self.command()), 0)[1] == 0
        assert set(self.state()) == {3}
        #: How long it takes when nobody ends it.
        self.whole = (time.monotonic() - begun) / 3

    def prepare(self) -> None:
        """Change the program, so that the result is stale."""
        self.number += 1
        program = self.book / "ch/a/code/x.py"
        program.write_text((FIT if self.kind == "store" else OWN).format(number=self.number))
        os.utime(program, (0, 0))
        if self.kind == "record":  # what somebody ran by hand
            os.waitpid(self.forked(self.program), 0)

    def command(self) -> Callable[[], object]:
        if self.kind == "store":
            return self.program
        words = ["run"] if self.kind == "run" else ["record", str(self.book / "ch/a/code/x.py")]
        return lambda: main(["results", *words])

    def program(self) -> None:
        os.chdir("ch/a")
        runpy.run_path("code/x.py", run_name="__main__")

    def forked(self, function: Callable[[], object]) -> int:
        """Call a function in the book, in a process of its own; return its number."""
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            os.chdir(self.book)
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                function()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def kill_once(self) -> None:
        """Begin, kill, and look: each result is the old one or the new one, and whole."""
        self.prepare()
        before = self.state()
        marks = self.marks()
        pid = self.forked(self.command())
        if self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, 1.1 * self.whole))
        else:  # most of the time nothing is written: wait until something is
            while self.marks() == marks and runs(pid):
                time.sleep(0.0005)
            time.sleep(self.chance.uniform(0, 0.02))
        pids = [pid, *children(pid)]
        # Also the other way round: the program first, or the command alone.
        for one in pids if self.chance.random() < 0.7 else pids[:1]:
            for kill in (os.killpg, os.kill):
                with suppress(ProcessLookupError):
                    kill(one, signal.SIGKILL)
        os.waitpid(pid, 0)
        for one in pids[1:]:
            wait_for(lambda one=one: has_ended(one))
        self.read()
        after = self.state()
        assert after == before or set(after) == {self.number}, (before, after)
        self.seen["old" if after == before else "new"] += 1

    def marks(self) -> tuple[int, ...]:
        """Return what changes when a file is written in a folder of results or of a run."""
        folders = (self.book / RESULTS, self.book / "_build/results/before")
        return tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders)

    def read(self) -> None:
        """Read as the next command does, whichever that is."""
        words = self.chance.choice((["check"], ["results", "status"]))
        said = io.StringIO()
        here = Path.cwd()
        os.chdir(self.book)
        try:
            with redirect_stdout(said), redirect_stderr(said):
                main(words)
        finally:
            os.chdir(here)
        self.seen["put right"] += "put in place" in said.getvalue() or "put back" in said.getvalue()
        assert "Traceback" not in said.getvalue(), said.getvalue()
        assert "cannot be read" not in said.getvalue(), said.getvalue()

    def state(self) -> tuple[int, ...]:
        """Return of which run each result is, after a look at every letter of it."""
        folder = self.book / RESULTS
        found = []
        for sidecar in sorted(folder.glob("*.prov.json")):
            said = json.loads(sidecar.read_text())
            numbers = {number_of(folder / name) for name in said["files"]}
            assert len(numbers) == 1, (sidecar, numbers)
            fits = {name: digest(folder / name) for name in said["files"]} == said["files"]
            # While nothing has recorded it, a file that was made by hand is newer than its sidecar.
            assert fits or (self.kind == "record" and sidecar.name.startswith("own")), sidecar
            found.append(numbers.pop() if fits else -1)
        known = {"fit.csv", "fit-confint.csv", "fit-fit.csv", "own.csv"}
        # What was not ready is hidden, read by nobody, and removed after an hour.
        left = {path.name for path in folder.iterdir() if path.suffix != ".new"}
        assert left - known <= {"fit.csv.prov.json", "own.csv.prov.json"}, left
        return tuple(found)


def number_of(file: Path) -> int:
    """Return the number that every cell of a file has."""
    rows = [line.rsplit(",", 1)[-1] for line in file.read_text().splitlines()[1:]]
    assert len(rows) == {"own.csv": 50000, "fit-fit.csv": 1}.get(file.name, 4000), file
    assert len(set(rows)) == 1, file
    return int(float(rows[0]))


def runs(pid: int) -> bool:
    """Whether a child has not ended; its status can still be asked for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def kill(folder: Path, kind: str, times: int, seed: int) -> Counter[str]:
    """Kill so many times; return how often the old result was found, and how often the new one.

    :raises AssertionError: if any result was not whole.
    """
    killed = Killed(folder, kind, random.Random(seed))
    for _ in range(times):
        killed.kill_once()
    return killed.seen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        words = [*sys.argv[1:], "1"]
        begun = time.monotonic()
        seen = kill(Path(folder), words[0], int(words[1]), int(words[2]))
        print(f"{words[0]}: {words[1]} kills in {time.monotonic() - begun:.0f} s: {dict(seen)}")
